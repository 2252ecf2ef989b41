//! `text.words`.

use crate::arguments::{one, parameter};
use crate::results::list;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.words",
    summary: "The parts of the text between white space.",
    details: "White space is what has Unicode's property White_Space; punctuation stays with its word.",
    params: &[parameter("x", Shape::Text)],
    result: Shape::List(&Shape::Text),
    examples: &[Example { call: "text.words(\"to whom  it may\")", gives: "[\"to\", \"whom\", \"it\", \"may\"]" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    list(one::<&str>(arguments)?.split_whitespace().map(Value::text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_all_white_space() {
        assert_eq!(
            apply(&[Value::text("  a\n b\u{00a0}c ")]),
            Ok(Value::List([Value::text("a"), Value::text("b"), Value::text("c")].into()))
        );
        assert_eq!(apply(&[Value::text(" ")]), Ok(Value::List([].into())));
    }
}
