//! `url.query`.

use crate::arguments::{one, parameter};
use crate::results::optional;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::url;
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "url.query",
    summary: "What follows the `?` of the URL, still percent-encoded, or none where there is no `?`.",
    details: "",
    params: &[parameter("u", Shape::Url)],
    result: Shape::Optional(&Shape::Text),
    examples: &[
        Example { call: "url.query(\"https://shop.example/a?x=1&y=2\")", gives: "\"x=1&y=2\"" },
        Example { call: "url.query(\"https://shop.example/a\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    match url::parts(one(arguments)?) {
        Some(url) => optional(url.query.map(Value::text)),
        None => Err(Fault::Malformed(Arc::from("it is no URL"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_before_the_fragment() {
        assert_eq!(apply(&[Value::text("https://shop.example:8443/a/b/?x=1&y=a%20b#top")]), Ok(Value::text("x=1&y=a%20b")));
        assert_eq!(apply(&[Value::text("https://shop.example/")]), Ok(Value::None));
    }
}
