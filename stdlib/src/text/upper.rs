//! `text.upper`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.upper",
    summary: "The text in upper case.",
    details: "Unicode's full upper-case mapping, the same for every language; one character may become up to three.",
    params: &[parameter("x", Shape::Text)],
    result: Shape::Text,
    examples: &[
        Example { call: "text.upper(\"abc\")", gives: "\"ABC\"" },
        Example { call: "text.upper(\"ß\")", gives: "\"SS\"" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    text(one::<&str>(arguments)?.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_each_character() {
        assert_eq!(apply(&[Value::text("abc")]), Ok(Value::text("ABC")));
        assert_eq!(apply(&[Value::text("straße")]), Ok(Value::text("STRASSE")));
    }

    #[test]
    fn growth_is_bounded() {
        let long = "ΐ".repeat(crate::MAX_TEXT_BYTES / 2);
        assert_eq!(apply(&[Value::text(&long)]), Err(Fault::Overflow));
    }
}
