//! `email.local`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::email;
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "email.local",
    summary: "What stands before the `@` of the address, as written.",
    details: "",
    params: &[parameter("e", Shape::Email)],
    result: Shape::Text,
    examples: &[Example { call: "email.local(\"Ann.Lee@Example.com\")", gives: "\"Ann.Lee\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    match email::parts(one(arguments)?) {
        Some((local, _)) => text(local),
        None => Err(Fault::Malformed(Arc::from("it is no e-mail address"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_stays() {
        assert_eq!(apply(&[Value::text("Ann.Lee@example.com")]), Ok(Value::text("Ann.Lee")));
        assert!(matches!(apply(&[Value::text("ann")]), Err(Fault::Malformed(_))));
    }
}
