//! `text.after`.

use crate::arguments::{parameter, two};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.after",
    summary: "What stands after the first place where the separator occurs, or none where it does not.",
    details: "",
    params: &[parameter("x", Shape::Text), parameter("separator", Shape::Text)],
    result: Shape::Optional(&Shape::Text),
    examples: &[
        Example { call: "text.after(\"owner/name/more\", \"/\")", gives: "\"name/more\"" },
        Example { call: "text.after(\"name\", \"/\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, separator) = two::<&str, &str>(arguments)?;
    match x.split_once(separator) {
        Some((_, after)) => text(after),
        None => Ok(Value::None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_the_first_place() {
        assert_eq!(apply(&[Value::text("a/b/c"), Value::text("/")]), Ok(Value::text("b/c")));
        assert_eq!(apply(&[Value::text("abc"), Value::text("/")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("/"), Value::text("/")]), Ok(Value::text("")));
    }
}
