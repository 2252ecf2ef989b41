//! `text.join`.

use crate::MAX_TEXT_BYTES;
use crate::arguments::{Items, one, parameter, two};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.join",
    summary: "The texts of the list in a row, with the separator between them.",
    details: "",
    params: &[parameter("xs", Shape::List(&Shape::Text)), parameter("separator", Shape::Text)],
    result: Shape::Text,
    examples: &[Example { call: "text.join([\"a\", \"b\"], \", \")", gives: "\"a, b\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (Items(xs), separator) = two::<Items, &str>(arguments)?;
    let mut joined = String::new();
    for (index, x) in xs.iter().enumerate() {
        if index > 0 {
            joined.push_str(separator);
        }
        joined.push_str(one(std::slice::from_ref(x))?);
        if joined.len() > MAX_TEXT_BYTES {
            return Err(Fault::Overflow);
        }
    }
    text(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separates_but_does_not_end() {
        assert_eq!(apply(&[Value::List([Value::text("a"), Value::text("b")].into()), Value::text("-")]), Ok(Value::text("a-b")));
        assert_eq!(apply(&[Value::List([].into()), Value::text("-")]), Ok(Value::text("")));
    }

    #[test]
    fn growth_is_bounded() {
        let separator = "a".repeat(1 << 20);
        assert_eq!(apply(&[Value::List(vec![Value::text(""); 1000].into()), Value::text(&separator)]), Err(Fault::Overflow));
    }
}
