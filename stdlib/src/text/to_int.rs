//! `text.to_int`.

use crate::arguments::{one, parameter};
use crate::results::optional;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.to_int",
    summary: "The integer that the text writes in decimal digits, or none where it writes none that fits.",
    details: "An optional minus sign and the digits 0 to 9, nothing else: no blanks, plus sign, grouping or exponent.",
    params: &[parameter("x", Shape::Text)],
    result: Shape::Optional(&Shape::Int),
    examples: &[
        Example { call: "text.to_int(\"-40\")", gives: "-40" },
        Example { call: "text.to_int(\"40.0\")", gives: "none" },
        Example { call: "text.to_int(\"forty\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let x = one::<&str>(arguments)?;
    let digits = x.strip_prefix('-').unwrap_or(x);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    optional(x.parse().ok().filter(|_| plain).map(Value::Int))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_digits_only() {
        assert_eq!(apply(&[Value::text("007")]), Ok(Value::Int(7)));
        assert_eq!(apply(&[Value::text("-9223372036854775808")]), Ok(Value::Int(i64::MIN)));
        assert_eq!(apply(&[Value::text("")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("-")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("+1")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text(" 1")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("1e3")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("٣")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("9223372036854775808")]), Ok(Value::None));
    }
}
