//! `url.parse`.

use crate::arguments::{one, parameter};
use crate::results::optional;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::url;
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "url.parse",
    summary: "The text as a URL in normal form, or none where it is no URL.",
    details: "What is doubtful is no URL.",
    params: &[parameter("x", Shape::Text)],
    result: Shape::Optional(&Shape::Url),
    examples: &[
        Example { call: "url.parse(\"HTTPS://Shop.Example\")", gives: "\"https://shop.example/\"" },
        Example { call: "url.parse(\"https://good.com@evil.com\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    optional(url::normalise(one(arguments)?).ok().map(|normal| Value::text(&normal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_strictly() {
        assert_eq!(apply(&[Value::text("HTTPS://Shop.Example")]), Ok(Value::text("https://shop.example/")));
        assert_eq!(apply(&[Value::text("https://good.com@evil.com")]), Ok(Value::None));
    }
}
