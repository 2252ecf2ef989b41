//! `text.length`.

use crate::arguments::{one, parameter};
use crate::results::length;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.length",
    summary: "How many characters the text has.",
    details: "A character is a Unicode scalar value: not a byte, and not what a reader sees as one sign (a flag is two, an \
              accent of its own is one).",
    params: &[parameter("x", Shape::Text)],
    result: Shape::Int,
    examples: &[
        Example { call: "text.length(\"abc\")", gives: "3" },
        Example { call: "text.length(\"né\")", gives: "2" },
        Example { call: "text.length(\"\")", gives: "0" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    length(one::<&str>(arguments)?.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_scalar_values() {
        assert_eq!(apply(&[Value::text("né")]), Ok(Value::Int(2)));
        assert_eq!(apply(&[Value::text("ne\u{0301}")]), Ok(Value::Int(3)));
        assert_eq!(apply(&[Value::text("🇪🇺")]), Ok(Value::Int(2)));
    }
}
