//! `text.before`.

use crate::arguments::{parameter, two};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.before",
    summary: "What stands before the first place where the separator occurs, or none where it does not.",
    details: "",
    params: &[parameter("x", Shape::Text), parameter("separator", Shape::Text)],
    result: Shape::Optional(&Shape::Text),
    examples: &[
        Example { call: "text.before(\"owner/name\", \"/\")", gives: "\"owner\"" },
        Example { call: "text.before(\"name\", \"/\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, separator) = two::<&str, &str>(arguments)?;
    match x.split_once(separator) {
        Some((before, _)) => text(before),
        None => Ok(Value::None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_the_first_place() {
        assert_eq!(apply(&[Value::text("a/b/c"), Value::text("/")]), Ok(Value::text("a")));
        assert_eq!(apply(&[Value::text("abc"), Value::text("/")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("/"), Value::text("/")]), Ok(Value::text("")));
    }
}
