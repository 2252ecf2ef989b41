//! `text.contains`.

use crate::arguments::{parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.contains",
    summary: "Whether one text stands somewhere in the other.",
    details: "Upper and lower case differ. For e-mail addresses, URLs and paths use `email.in_domain`, `url.in_domain` and \
              `under`, which compare part by part.",
    params: &[parameter("x", Shape::Text), parameter("part", Shape::Text)],
    result: Shape::Bool,
    examples: &[
        Example { call: "text.contains(\"refund please\", \"refund\")", gives: "true" },
        Example { call: "text.contains(\"Refund\", \"refund\")", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, part) = two::<&str, &str>(arguments)?;
    boolean(x.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_exact_characters() {
        assert_eq!(apply(&[Value::text("abc"), Value::text("b")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("abc"), Value::text("B")]), Ok(Value::Bool(false)));
        assert_eq!(apply(&[Value::text("abc"), Value::text("ac")]), Ok(Value::Bool(false)));
        assert_eq!(apply(&[Value::text(""), Value::text("")]), Ok(Value::Bool(true)));
    }
}
