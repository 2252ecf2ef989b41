//! `money.amount`.

use crate::arguments::{Amount, one, parameter};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "money.amount",
    summary: "The number of the amount, its currency dropped.",
    details: "In major units: dollars, not cents.",
    params: &[parameter("x", Shape::Money)],
    result: Shape::Decimal,
    examples: &[Example { call: "money.amount(12.50 USD)", gives: "12.5" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let x: Amount = one(arguments)?;
    Ok(Value::Decimal(x.number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentc_runtime::types::Currency;

    #[test]
    fn is_in_major_units() {
        let usd = |text: &str| Value::Money(text.parse().unwrap(), Currency::new("USD").unwrap());
        assert_eq!(apply(&[usd("12.50")]), Ok(Value::Decimal("12.5".parse().unwrap())));
    }
}
