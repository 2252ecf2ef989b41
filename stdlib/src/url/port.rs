//! `url.port`.

use crate::arguments::{one, parameter};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::url;
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "url.port",
    summary: "The port of the URL, the scheme's own where none is written.",
    details: "",
    params: &[parameter("u", Shape::Url)],
    result: Shape::Int,
    examples: &[
        Example { call: "url.port(\"https://shop.example/a\")", gives: "443" },
        Example { call: "url.port(\"http://shop.example:8080\")", gives: "8080" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    match url::parts(one(arguments)?) {
        Some(url) => Ok(Value::Int(i64::from(url.port))),
        None => Err(Fault::Malformed(Arc::from("it is no URL"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_that_part_of_the_url() {
        assert_eq!(apply(&[Value::text("https://shop.example:8443/a/b/?x=1&y=a%20b#top")]), Ok(Value::Int(8443)));
        assert!(matches!(apply(&[Value::text("shop.example")]), Err(Fault::Malformed(_))));
    }
}
