//! `time.epoch_seconds`.

use crate::arguments::{one, parameter};
use crate::results::integer;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::Timestamp;

pub(crate) static FUNCTION: Function = Function {
    name: "time.epoch_seconds",
    summary: "Whole seconds since 1970 began in UTC, leap seconds not counted.",
    details: "",
    params: &[parameter("t", Shape::Time)],
    result: Shape::Int,
    examples: &[Example { call: "time.epoch_seconds(1970-01-02T00:00:00Z)", gives: "86400" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let t = one::<Timestamp>(arguments)?;
    // `as_second` rounds towards zero; the second that a point before 1970 lies in began earlier.
    let whole = t.as_second();
    let before = t.subsec_nanosecond() < 0;
    integer(whole.saturating_sub(i64::from(before)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_belong_to_the_second_they_lie_in() {
        assert_eq!(apply(&[Value::Time("1970-01-01T00:00:01.9Z".parse().unwrap())]), Ok(Value::Int(1)));
        assert_eq!(apply(&[Value::Time("1969-12-31T23:59:59.5Z".parse().unwrap())]), Ok(Value::Int(-1)));
        assert_eq!(apply(&[Value::Time("1969-12-31T23:59:59Z".parse().unwrap())]), Ok(Value::Int(-1)));
    }
}
