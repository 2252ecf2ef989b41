//! `weekday.is_weekend`.

use crate::arguments::{Weekday, one, parameter};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "weekday.is_weekend",
    summary: "Whether the day is a Saturday or a Sunday.",
    details: "Where other days are free, compare the day itself: `d in [friday, saturday]`.",
    params: &[parameter("d", Shape::Weekday)],
    result: Shape::Bool,
    examples: &[
        Example { call: "weekday.is_weekend(saturday)", gives: "true" },
        Example { call: "weekday.is_weekend(friday)", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Weekday(number) = one(arguments)?;
    boolean(number >= 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn friday_is_none() {
        assert_eq!(apply(&[Value::Weekday(5)]), Ok(Value::Bool(false)));
        assert_eq!(apply(&[Value::Weekday(6)]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::Weekday(7)]), Ok(Value::Bool(true)));
    }
}
