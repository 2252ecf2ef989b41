//! `text.replace`.

use crate::MAX_TEXT_BYTES;
use crate::arguments::{parameter, three};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "text.replace",
    summary: "The text with each place where one text occurs filled by another.",
    details: "Places are found from left to right and do not overlap. Replacing an empty text is malformed.",
    params: &[parameter("x", Shape::Text), parameter("from", Shape::Text), parameter("to", Shape::Text)],
    result: Shape::Text,
    examples: &[Example { call: "text.replace(\"a-b-c\", \"-\", \"\")", gives: "\"abc\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, from, to) = three::<&str, &str, &str>(arguments)?;
    if from.is_empty() {
        return Err(Fault::Malformed(Arc::from("the text to replace is not empty")));
    }
    let mut replaced = String::new();
    for (index, part) in x.split(from).enumerate() {
        if index > 0 {
            replaced.push_str(to);
        }
        replaced.push_str(part);
        if replaced.len() > MAX_TEXT_BYTES {
            return Err(Fault::Overflow);
        }
    }
    text(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_from_left_to_right() {
        assert_eq!(apply(&[Value::text("aaa"), Value::text("aa"), Value::text("b")]), Ok(Value::text("ba")));
        assert_eq!(apply(&[Value::text("abc"), Value::text("x"), Value::text("y")]), Ok(Value::text("abc")));
        assert!(matches!(apply(&[Value::text("a"), Value::text(""), Value::text("b")]), Err(Fault::Malformed(_))));
    }

    #[test]
    fn growth_is_bounded() {
        let (x, to) = ("a".repeat(1 << 16), "b".repeat(1 << 16));
        assert_eq!(apply(&[Value::text(&x), Value::text("a"), Value::text(&to)]), Err(Fault::Overflow));
    }
}
