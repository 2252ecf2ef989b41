//! `text.to_decimal`.

use crate::arguments::{one, parameter};
use crate::results::optional;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "text.to_decimal",
    summary: "The decimal number that the text writes, or none where it writes none that fits.",
    details: "An optional minus sign, the digits 0 to 9 and at most one point between them, nothing else.",
    params: &[parameter("x", Shape::Text)],
    result: Shape::Optional(&Shape::Decimal),
    examples: &[
        Example { call: "text.to_decimal(\"12.50\")", gives: "12.5" },
        Example { call: "text.to_decimal(\"1,000\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let x = one::<&str>(arguments)?;
    let plain = x.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    optional(x.parse().ok().filter(|_| plain).map(Value::Decimal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_digits_only() {
        let number = |text: &str| text.parse::<agentc_runtime::decimal::Decimal>().unwrap();
        assert_eq!(apply(&[Value::text("-0.50")]), Ok(Value::Decimal(number("-0.5"))));
        assert_eq!(apply(&[Value::text("3")]), Ok(Value::Decimal(number("3"))));
        assert_eq!(apply(&[Value::text("")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text(".5")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("5.")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("1e3")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("1,5")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("NaN")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text(" 1")]), Ok(Value::None));
    }
}
