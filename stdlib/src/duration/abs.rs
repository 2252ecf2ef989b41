//! `duration.abs`.

use crate::arguments::{one, parameter};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::SignedDuration;

pub(crate) static FUNCTION: Function = Function {
    name: "duration.abs",
    summary: "The length of time without its sign.",
    details: "",
    params: &[parameter("d", Shape::Duration)],
    result: Shape::Duration,
    examples: &[Example { call: "duration.abs(-15m)", gives: "15m" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let d = one::<SignedDuration>(arguments)?;
    if d.is_negative() { d.checked_neg().map(Value::Duration).ok_or(Fault::Overflow) } else { Ok(Value::Duration(d)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_has_none() {
        assert_eq!(apply(&[Value::Duration(SignedDuration::from_secs(-5))]), Ok(Value::Duration(SignedDuration::from_secs(5))));
        assert_eq!(apply(&[Value::Duration(SignedDuration::from_secs(5))]), Ok(Value::Duration(SignedDuration::from_secs(5))));
        assert_eq!(apply(&[Value::Duration(SignedDuration::MIN)]), Err(Fault::Overflow));
    }
}
