//! `text.is_blank`.

use crate::arguments::{one, parameter};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.is_blank",
    summary: "Whether the text has nothing but white space.",
    details: "White space is what has Unicode's property White_Space.",
    params: &[parameter("x", Shape::Text)],
    result: Shape::Bool,
    examples: &[
        Example { call: "text.is_blank(\" \")", gives: "true" },
        Example { call: "text.is_blank(\" a \")", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    boolean(one::<&str>(arguments)?.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_white_space_are_blank() {
        assert_eq!(apply(&[Value::text("")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("	 \u{00a0}\n")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("\u{200b}")]), Ok(Value::Bool(false)));
    }
}
