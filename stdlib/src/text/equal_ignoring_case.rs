//! `text.equal_ignoring_case`.

use crate::arguments::{parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.equal_ignoring_case",
    summary: "Whether both texts are the same but for upper and lower case.",
    details: "Both are mapped to upper case and then to lower case with Unicode's full mappings, the same for every language, \
              and compared.",
    params: &[parameter("x", Shape::Text), parameter("y", Shape::Text)],
    result: Shape::Bool,
    examples: &[
        Example { call: "text.equal_ignoring_case(\"VIP\", \"vip\")", gives: "true" },
        Example { call: "text.equal_ignoring_case(\"vip\", \"vip \")", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, y) = two::<&str, &str>(arguments)?;
    let lower = |text: &str| text.to_uppercase().to_lowercase();
    boolean(lower(x) == lower(y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_without_case() {
        assert_eq!(apply(&[Value::text("Straße"), Value::text("STRASSE")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("ΟΔΟΣ"), Value::text("οδος")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("a"), Value::text("b")]), Ok(Value::Bool(false)));
        assert_eq!(apply(&[Value::text("K"), Value::text("\u{212a}")]), Ok(Value::Bool(true)));
    }
}
