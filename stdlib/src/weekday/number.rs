//! `weekday.number`.

use crate::arguments::{Weekday, one, parameter};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "weekday.number",
    summary: "The number of the day of the week, 1 for Monday to 7 for Sunday (ISO 8601).",
    details: "",
    params: &[parameter("d", Shape::Weekday)],
    result: Shape::Int,
    examples: &[Example { call: "weekday.number(monday)", gives: "1" }, Example { call: "weekday.number(sunday)", gives: "7" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Weekday(number) = one(arguments)?;
    Ok(Value::Int(i64::from(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_from_monday() {
        assert_eq!(apply(&[Value::Weekday(1)]), Ok(Value::Int(1)));
        assert_eq!(apply(&[Value::Weekday(7)]), Ok(Value::Int(7)));
        assert!(matches!(apply(&[Value::Weekday(0)]), Err(Fault::Malformed(_))));
        assert!(matches!(apply(&[Value::Weekday(8)]), Err(Fault::Malformed(_))));
    }
}
