//! `text.ends_with`.

use crate::arguments::{parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.ends_with",
    summary: "Whether the text ends with the other.",
    details: "Upper and lower case differ. For e-mail addresses, URLs and paths use `email.in_domain`, `url.in_domain` and \
              `under`, which compare part by part.",
    params: &[parameter("x", Shape::Text), parameter("end", Shape::Text)],
    result: Shape::Bool,
    examples: &[
        Example { call: "text.ends_with(\"report.pdf\", \".pdf\")", gives: "true" },
        Example { call: "text.ends_with(\"report.pdf.exe\", \".pdf\")", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, end) = two::<&str, &str>(arguments)?;
    boolean(x.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_the_exact_characters() {
        assert_eq!(apply(&[Value::text("abc"), Value::text("bc")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("abc"), Value::text("ab")]), Ok(Value::Bool(false)));
        assert_eq!(apply(&[Value::text("a"), Value::text("ba")]), Ok(Value::Bool(false)));
    }
}
