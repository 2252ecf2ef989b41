//! `url.path`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::url;
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "url.path",
    summary: "The path of the URL, compared by part like any other path.",
    details: "Percent-encoding stays where the URL needs it, in upper case; a `/` at the end is dropped.",
    params: &[parameter("u", Shape::Url)],
    result: Shape::Path,
    examples: &[
        Example { call: "url.path(\"https://shop.example/a/b/?x=1\")", gives: "\"/a/b\"" },
        Example { call: "url.path(\"https://shop.example\")", gives: "\"/\"" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    match url::parts(one(arguments)?) {
        Some(url) => text(if url.path.len() > 1 { url.path.trim_end_matches('/') } else { url.path }),
        None => Err(Fault::Malformed(Arc::from("it is no URL"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_no_slash_at_its_end() {
        assert_eq!(apply(&[Value::text("https://shop.example:8443/a/b/?x=1&y=a%20b#top")]), Ok(Value::text("/a/b")));
        assert_eq!(apply(&[Value::text("https://shop.example/")]), Ok(Value::text("/")));
        assert!(matches!(apply(&[Value::text("/a")]), Err(Fault::Malformed(_))));
    }
}
