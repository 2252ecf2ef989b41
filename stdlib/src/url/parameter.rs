//! `url.parameter`.

use crate::arguments::{parameter, two};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::url;
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "url.parameter",
    summary: "The value of that name in the query of the URL, decoded, or none where it is not there.",
    details: "Decoded as a form is: `+` is a blank. A parameter given twice is malformed, because servers differ on which one \
              counts.",
    params: &[parameter("u", Shape::Url), parameter("name", Shape::Text)],
    result: Shape::Optional(&Shape::Text),
    examples: &[
        Example { call: "url.parameter(\"https://shop.example/a?id=A%201&x=2\", \"id\")", gives: "\"A 1\"" },
        Example { call: "url.parameter(\"https://shop.example/a\", \"id\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (u, name) = two::<&str, &str>(arguments)?;
    let Some(url) = url::parts(u) else { return Err(Fault::Malformed(Arc::from("it is no URL"))) };
    let mut found = url::parameters(&url).filter(|(key, _)| key == name);
    match (found.next(), found.next()) {
        (Some((_, value)), None) => text(value.as_ref()),
        (None, _) => Ok(Value::None),
        (Some(_), Some(_)) => Err(Fault::Malformed(Arc::from("the query of the URL has the parameter more than once"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_names_and_values() {
        assert_eq!(apply(&[Value::text("https://a.com/?a%62=x%2Fy+z"), Value::text("ab")]), Ok(Value::text("x/y z")));
        assert_eq!(apply(&[Value::text("https://a.com/?ab"), Value::text("ab")]), Ok(Value::text("")));
        assert_eq!(apply(&[Value::text("https://a.com/"), Value::text("ab")]), Ok(Value::None));
    }

    #[test]
    fn a_parameter_given_twice_is_malformed() {
        assert!(matches!(apply(&[Value::text("https://a.com/?a=1&a=2"), Value::text("a")]), Err(Fault::Malformed(_))));
    }
}
