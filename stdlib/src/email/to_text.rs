//! `email.to_text`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "email.to_text",
    summary: "The e-mail address as text, in normal form.",
    details: "",
    params: &[parameter("e", Shape::Email)],
    result: Shape::Text,
    examples: &[Example { call: "email.to_text(\"Ann@Example.com\")", gives: "\"Ann@example.com\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    text(one::<&str>(arguments)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_form_is_the_text() {
        assert_eq!(apply(&[Value::text("Ann@example.com")]), Ok(Value::text("Ann@example.com")));
    }
}
