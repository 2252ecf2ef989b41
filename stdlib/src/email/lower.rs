//! `email.lower`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "email.lower",
    summary: "The address with the part before the `@` in lower case as well.",
    details: "The standard lets a host tell `Ann` and `ann` apart, but hardly any does; use it where both mean one person.",
    params: &[parameter("e", Shape::Email)],
    result: Shape::Email,
    examples: &[Example { call: "email.lower(\"Ann.Lee@Example.com\")", gives: "\"ann.lee@example.com\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    text(one::<&str>(arguments)?.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_address_is_lower_case() {
        assert_eq!(apply(&[Value::text("Ann.Lee@example.com")]), Ok(Value::text("ann.lee@example.com")));
    }
}
