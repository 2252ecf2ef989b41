//! `text.split`.

use crate::arguments::{parameter, two};
use crate::results::list;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "text.split",
    summary: "The parts of the text between the separators.",
    details: "Empty parts are kept; a text without the separator is its own only part. An empty separator is malformed.",
    params: &[parameter("x", Shape::Text), parameter("separator", Shape::Text)],
    result: Shape::List(&Shape::Text),
    examples: &[
        Example { call: "text.split(\"a,b,,c\", \",\")", gives: "[\"a\", \"b\", \"\", \"c\"]" },
        Example { call: "text.split(\"abc\", \",\")", gives: "[\"abc\"]" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, separator) = two::<&str, &str>(arguments)?;
    if separator.is_empty() {
        return Err(Fault::Malformed(Arc::from("a separator is not empty")));
    }
    list(x.split(separator).map(Value::text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_empty_parts() {
        assert_eq!(
            apply(&[Value::text("a,,b"), Value::text(",")]),
            Ok(Value::List([Value::text("a"), Value::text(""), Value::text("b")].into()))
        );
        assert_eq!(apply(&[Value::text(""), Value::text(",")]), Ok(Value::List([Value::text("")].into())));
    }

    #[test]
    fn an_empty_separator_is_malformed_and_too_many_parts_overflow() {
        assert!(matches!(apply(&[Value::text("ab"), Value::text("")]), Err(Fault::Malformed(_))));
        let many = ",".repeat(crate::MAX_ITEMS);
        assert_eq!(apply(&[Value::text(&many), Value::text(",")]), Err(Fault::Overflow));
    }
}
