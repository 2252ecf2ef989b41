//! `text.lower`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.lower",
    summary: "The text in lower case.",
    details: "Unicode's full lower-case mapping, the same for every language: the Turkish dotted and dotless i get no \
              treatment of their own.",
    params: &[parameter("x", Shape::Text)],
    result: Shape::Text,
    examples: &[
        Example { call: "text.lower(\"AbC\")", gives: "\"abc\"" },
        Example { call: "text.lower(\"ÄÖ\")", gives: "\"äö\"" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    text(one::<&str>(arguments)?.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_each_character_and_the_final_sigma() {
        assert_eq!(apply(&[Value::text("AbC")]), Ok(Value::text("abc")));
        assert_eq!(apply(&[Value::text("ΟΔΟΣ")]), Ok(Value::text("οδος")));
        assert_eq!(apply(&[Value::text("İ")]), Ok(Value::text("i\u{0307}")));
    }
}
