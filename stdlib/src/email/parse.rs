//! `email.parse`.

use crate::arguments::{one, parameter};
use crate::results::optional;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::email;
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "email.parse",
    summary: "The text as an e-mail address in normal form, or none where it is no e-mail address.",
    details: "What is doubtful is no e-mail address.",
    params: &[parameter("x", Shape::Text)],
    result: Shape::Optional(&Shape::Email),
    examples: &[
        Example { call: "email.parse(\"Ann@Example.com\")", gives: "\"Ann@example.com\"" },
        Example { call: "email.parse(\"ann at example.com\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    optional(email::normalise(one(arguments)?).ok().map(|normal| Value::text(&normal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_strictly() {
        assert_eq!(apply(&[Value::text("Ann@Example.com")]), Ok(Value::text("Ann@example.com")));
        assert_eq!(apply(&[Value::text("ann")]), Ok(Value::None));
    }
}
