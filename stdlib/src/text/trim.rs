//! `text.trim`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.trim",
    summary: "The text without white space at its start and end.",
    details: "White space is what has Unicode's property White_Space: blanks, tabs, line ends, the no-break space; not the \
              zero-width space.",
    params: &[parameter("x", Shape::Text)],
    result: Shape::Text,
    examples: &[Example { call: "text.trim(\"  a b \")", gives: "\"a b\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    text(one::<&str>(arguments)?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_off_white_space_of_any_script() {
        assert_eq!(apply(&[Value::text("\u{2003}a b\n")]), Ok(Value::text("a b")));
        assert_eq!(apply(&[Value::text("   ")]), Ok(Value::text("")));
        assert_eq!(apply(&[Value::text("\u{200b}a")]), Ok(Value::text("\u{200b}a")));
    }
}
