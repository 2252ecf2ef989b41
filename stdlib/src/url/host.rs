//! `url.host`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::url;
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "url.host",
    summary: "The host of the URL in lower-case ASCII.",
    details: "Names in other scripts are in their `xn--` form; an IPv6 address keeps its brackets.",
    params: &[parameter("u", Shape::Url)],
    result: Shape::Text,
    examples: &[Example { call: "url.host(\"https://Shop.Example/a\")", gives: "\"shop.example\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    match url::parts(one(arguments)?) {
        Some(url) => text(url.host),
        None => Err(Fault::Malformed(Arc::from("it is no URL"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_that_part_of_the_url() {
        assert_eq!(apply(&[Value::text("https://shop.example:8443/a/b/?x=1&y=a%20b#top")]), Ok(Value::text("shop.example")));
        assert!(matches!(apply(&[Value::text("shop.example")]), Err(Fault::Malformed(_))));
    }
}
