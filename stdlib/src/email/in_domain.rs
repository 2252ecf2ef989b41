//! `email.in_domain`.

use crate::arguments::{parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::{email, host};
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "email.in_domain",
    summary: "Whether the domain of the address is that domain or a name below it.",
    details: "Compared label by label, never as a raw ending.",
    params: &[parameter("e", Shape::Email), parameter("domain", Shape::Text)],
    result: Shape::Bool,
    examples: &[
        Example { call: "email.in_domain(\"ann@mail.acme.com\", \"acme.com\")", gives: "true" },
        Example { call: "email.in_domain(\"ann@evilacme.com\", \"acme.com\")", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (e, domain) = two::<&str, &str>(arguments)?;
    let domain = host::name(domain).map_err(|_| Fault::Malformed(Arc::from("the domain is no host name")))?;
    match email::parts(e) {
        Some((_, host)) => boolean(host::is_within(host, &domain)),
        None => Err(Fault::Malformed(Arc::from("it is no e-mail address"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_label_by_label() {
        assert_eq!(apply(&[Value::text("a@acme.com"), Value::text("ACME.com")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("a@x.acme.com"), Value::text("acme.com")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("a@evilacme.com"), Value::text("acme.com")]), Ok(Value::Bool(false)));
        assert_eq!(apply(&[Value::text("a@acme.com.evil.com"), Value::text("acme.com")]), Ok(Value::Bool(false)));
        assert!(matches!(apply(&[Value::text("a@acme.com"), Value::text(".com")]), Err(Fault::Malformed(_))));
    }
}
