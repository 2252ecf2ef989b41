//! `url.is_internal`.

use crate::arguments::{one, parameter};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::{host, url};
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "url.is_internal",
    summary: "Whether the host of the URL is one that only its own machine or network can reach.",
    details: "True for `localhost`, names of one label, names below `local`, `internal`, `lan` and `home.arpa`, and every \
              address that is kept from the public network (loopback, private, link-local and so on). A public name that \
              resolves to such an address is not seen here; the host must hold that where it connects.",
    params: &[parameter("u", Shape::Url)],
    result: Shape::Bool,
    examples: &[
        Example { call: "url.is_internal(\"http://localhost:8080\")", gives: "true" },
        Example { call: "url.is_internal(\"http://169.254.169.254/latest\")", gives: "true" },
        Example { call: "url.is_internal(\"https://example.com\")", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    match url::parts(one(arguments)?) {
        Some(url) => boolean(host::is_internal(url.host)),
        None => Err(Fault::Malformed(Arc::from("it is no URL"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_addresses_and_names() {
        assert_eq!(apply(&[Value::text("http://127.0.0.1/")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("http://[::1]/")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("http://db/")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("http://x.internal/")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("https://example.com/")]), Ok(Value::Bool(false)));
        assert_eq!(apply(&[Value::text("http://8.8.8.8/")]), Ok(Value::Bool(false)));
    }
}
