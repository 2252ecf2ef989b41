//! `url.to_text`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "url.to_text",
    summary: "The URL as text, in normal form.",
    details: "",
    params: &[parameter("u", Shape::Url)],
    result: Shape::Text,
    examples: &[Example { call: "url.to_text(\"https://shop.example\")", gives: "\"https://shop.example/\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    text(one::<&str>(arguments)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_form_is_the_text() {
        assert_eq!(apply(&[Value::text("https://shop.example/")]), Ok(Value::text("https://shop.example/")));
    }
}
