//! `decimal.abs`.

use crate::arguments::{one, parameter};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "decimal.abs",
    summary: "The number without its sign.",
    details: "",
    params: &[parameter("x", Shape::Decimal)],
    result: Shape::Decimal,
    examples: &[Example { call: "decimal.abs(-0.5)", gives: "0.5" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let x = one::<Decimal>(arguments)?;
    Ok(Value::Decimal(if x.is_negative() { x.checked_neg()? } else { x }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_the_sign() {
        let number = |text: &str| Value::Decimal(text.parse().unwrap());
        assert_eq!(apply(&[number("-0.5")]), Ok(number("0.5")));
        assert_eq!(apply(&[number("0.5")]), Ok(number("0.5")));
        assert_eq!(apply(&[Value::Decimal(Decimal::new(i128::MIN, 0).unwrap())]), Err(Fault::Overflow));
    }
}
