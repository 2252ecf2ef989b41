//! `text.is_empty`.

use crate::arguments::{one, parameter};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.is_empty",
    summary: "Whether the text has no characters.",
    details: "",
    params: &[parameter("x", Shape::Text)],
    result: Shape::Bool,
    examples: &[Example { call: "text.is_empty(\"\")", gives: "true" }, Example { call: "text.is_empty(\" \")", gives: "false" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    boolean(one::<&str>(arguments)?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_is_a_character() {
        assert_eq!(apply(&[Value::text("")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text(" ")]), Ok(Value::Bool(false)));
    }
}
