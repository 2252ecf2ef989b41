//! `email.domain`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::email;
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "email.domain",
    summary: "What stands after the `@` of the address, in lower-case ASCII.",
    details: "Names in other scripts are in their `xn--` form, so that a look-alike differs.",
    params: &[parameter("e", Shape::Email)],
    result: Shape::Text,
    examples: &[Example { call: "email.domain(\"Ann.Lee@Example.com\")", gives: "\"example.com\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    match email::parts(one(arguments)?) {
        Some((_, domain)) => text(domain),
        None => Err(Fault::Malformed(Arc::from("it is no e-mail address"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_part_after_the_sign() {
        assert_eq!(apply(&[Value::text("Ann.Lee@example.com")]), Ok(Value::text("example.com")));
        assert!(matches!(apply(&[Value::text("ann")]), Err(Fault::Malformed(_))));
    }
}
