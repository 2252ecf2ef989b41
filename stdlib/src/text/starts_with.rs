//! `text.starts_with`.

use crate::arguments::{parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.starts_with",
    summary: "Whether the text begins with the other.",
    details: "Upper and lower case differ. For e-mail addresses, URLs and paths use `email.in_domain`, `url.in_domain` and \
              `under`, which compare part by part.",
    params: &[parameter("x", Shape::Text), parameter("start", Shape::Text)],
    result: Shape::Bool,
    examples: &[
        Example { call: "text.starts_with(\"INV-7\", \"INV-\")", gives: "true" },
        Example { call: "text.starts_with(\"inv-7\", \"INV-\")", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, start) = two::<&str, &str>(arguments)?;
    boolean(x.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_the_exact_characters() {
        assert_eq!(apply(&[Value::text("abc"), Value::text("ab")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("abc"), Value::text("bc")]), Ok(Value::Bool(false)));
        assert_eq!(apply(&[Value::text("a"), Value::text("ab")]), Ok(Value::Bool(false)));
    }
}
