//! `int.to_text`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "int.to_text",
    summary: "The integer in decimal digits.",
    details: "",
    params: &[parameter("x", Shape::Int)],
    result: Shape::Text,
    examples: &[Example { call: "int.to_text(-40)", gives: "\"-40\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    text(one::<i64>(arguments)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_plain_digits() {
        assert_eq!(apply(&[Value::Int(-40)]), Ok(Value::text("-40")));
        assert_eq!(apply(&[Value::Int(0)]), Ok(Value::text("0")));
    }
}
