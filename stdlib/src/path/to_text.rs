//! `path.to_text`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "path.to_text",
    summary: "The path as text, in normal form.",
    details: "",
    params: &[parameter("p", Shape::Path)],
    result: Shape::Text,
    examples: &[Example { call: "path.to_text(\"/srv//data/\")", gives: "\"/srv/data\"" }],
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
        assert_eq!(apply(&[Value::text("/srv/x")]), Ok(Value::text("/srv/x")));
    }
}
