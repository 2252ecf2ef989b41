//! `url.origin`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "url.origin",
    summary: "Scheme, host and port of the URL, the port only where it is not the scheme's own.",
    details: "",
    params: &[parameter("u", Shape::Url)],
    result: Shape::Text,
    examples: &[
        Example { call: "url.origin(\"https://shop.example/a?x=1\")", gives: "\"https://shop.example\"" },
        Example { call: "url.origin(\"http://shop.example:8080/a\")", gives: "\"http://shop.example:8080\"" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let u = one::<&str>(arguments)?;
    // In normal form the path begins at the first slash after the host, and always does.
    let origin = u.match_indices('/').nth(2).and_then(|(at, _)| u.get(..at));
    match origin {
        Some(origin) => text(origin),
        None => Err(Fault::Malformed(Arc::from("it is no URL"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_before_the_path() {
        assert_eq!(
            apply(&[Value::text("https://shop.example:8443/a/b/?x=1&y=a%20b#top")]),
            Ok(Value::text("https://shop.example:8443"))
        );
        assert_eq!(apply(&[Value::text("https://shop.example/")]), Ok(Value::text("https://shop.example")));
        assert!(matches!(apply(&[Value::text("shop.example")]), Err(Fault::Malformed(_))));
    }
}
