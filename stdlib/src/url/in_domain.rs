//! `url.in_domain`.

use crate::arguments::{parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::{host, url};
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "url.in_domain",
    summary: "Whether the host of the URL is that domain or a name below it.",
    details: "Compared label by label, never as a raw ending; an address is below no domain.",
    params: &[parameter("u", Shape::Url), parameter("domain", Shape::Text)],
    result: Shape::Bool,
    examples: &[
        Example { call: "url.in_domain(\"https://docs.acme.com/a\", \"acme.com\")", gives: "true" },
        Example { call: "url.in_domain(\"https://acme.com.evil.com/\", \"acme.com\")", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (u, domain) = two::<&str, &str>(arguments)?;
    let domain = host::name(domain).map_err(|_| Fault::Malformed(Arc::from("the domain is no host name")))?;
    match url::parts(u) {
        Some(url) => boolean(host::is_within(url.host, &domain)),
        None => Err(Fault::Malformed(Arc::from("it is no URL"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_label_by_label() {
        assert_eq!(apply(&[Value::text("https://acme.com/"), Value::text("acme.com")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("https://a.acme.com/"), Value::text("Acme.Com")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("https://evilacme.com/"), Value::text("acme.com")]), Ok(Value::Bool(false)));
        assert!(matches!(apply(&[Value::text("https://acme.com/"), Value::text("1.2.3.4")]), Err(Fault::Malformed(_))));
    }
}
