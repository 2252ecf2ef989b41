//! `url.scheme`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::url;
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "url.scheme",
    summary: "The scheme of the URL in lower case.",
    details: "",
    params: &[parameter("u", Shape::Url)],
    result: Shape::Text,
    examples: &[Example { call: "url.scheme(\"https://shop.example/a\")", gives: "\"https\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    match url::parts(one(arguments)?) {
        Some(url) => text(url.scheme),
        None => Err(Fault::Malformed(Arc::from("it is no URL"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_that_part_of_the_url() {
        assert_eq!(apply(&[Value::text("https://shop.example:8443/a/b/?x=1&y=a%20b#top")]), Ok(Value::text("https")));
        assert!(matches!(apply(&[Value::text("shop.example")]), Err(Fault::Malformed(_))));
    }
}
