//! `money.abs`.

use crate::arguments::{Amount, one, parameter};
use crate::results::amount;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "money.abs",
    summary: "The amount without its sign.",
    details: "",
    params: &[parameter("x", Shape::Money)],
    result: Shape::Money,
    examples: &[Example { call: "money.abs(-5 USD)", gives: "5 USD" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let x: Amount = one(arguments)?;
    amount(if x.number.is_negative() { x.number.checked_neg()? } else { x.number }, x.currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentc_runtime::types::Currency;

    #[test]
    fn drops_the_sign() {
        let usd = |text: &str| Value::Money(text.parse().unwrap(), Currency::new("USD").unwrap());
        assert_eq!(apply(&[usd("-5")]), Ok(usd("5")));
        assert_eq!(apply(&[usd("5")]), Ok(usd("5")));
    }
}
