//! `duration.seconds`.

use crate::arguments::{one, parameter};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::SignedDuration;

pub(crate) static FUNCTION: Function = Function {
    name: "duration.seconds",
    summary: "How many whole seconds the length of time has, the rest dropped.",
    details: "",
    params: &[parameter("d", Shape::Duration)],
    result: Shape::Int,
    examples: &[Example { call: "duration.seconds(1500ms)", gives: "1" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let d = one::<SignedDuration>(arguments)?;
    Ok(Value::Int(d.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_towards_zero() {
        assert_eq!(apply(&[Value::Duration(SignedDuration::from_millis(2500))]), Ok(Value::Int(2)));
        assert_eq!(apply(&[Value::Duration(SignedDuration::from_millis(-2500))]), Ok(Value::Int(-2)));
    }
}
