//! `duration.minutes`.

use crate::arguments::{one, parameter};
use crate::results::integer;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::SignedDuration;

pub(crate) static FUNCTION: Function = Function {
    name: "duration.minutes",
    summary: "How many whole minutes the length of time has, the rest dropped.",
    details: "",
    params: &[parameter("d", Shape::Duration)],
    result: Shape::Int,
    examples: &[Example { call: "duration.minutes(90s)", gives: "1" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let d = one::<SignedDuration>(arguments)?;
    integer(d.as_secs().checked_div(60).ok_or(Fault::Overflow)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_towards_zero() {
        assert_eq!(apply(&[Value::Duration(SignedDuration::from_millis(150000))]), Ok(Value::Int(2)));
        assert_eq!(apply(&[Value::Duration(SignedDuration::from_millis(-150000))]), Ok(Value::Int(-2)));
    }
}
