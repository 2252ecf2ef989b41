//! `money.scale`.

use crate::arguments::{Amount, parameter, two};
use crate::results::amount;
use agentc_runtime::decimal::Decimal;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "money.scale",
    summary: "The amount times a number, exactly.",
    details: "The result may have more digits than the currency has; `money.round` takes them off.",
    params: &[parameter("x", Shape::Money), parameter("factor", Shape::Decimal)],
    result: Shape::Money,
    examples: &[
        Example { call: "money.scale(50 USD, 20%)", gives: "10 USD" },
        Example { call: "money.scale(0.01 USD, 0.5)", gives: "0.005 USD" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, factor) = two::<Amount, Decimal>(arguments)?;
    amount(x.number.checked_mul(factor)?, x.currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentc_runtime::types::Currency;

    #[test]
    fn never_rounds() {
        let usd = |text: &str| Value::Money(text.parse().unwrap(), Currency::new("USD").unwrap());
        assert_eq!(apply(&[usd("50"), Value::Decimal("0.2".parse().unwrap())]), Ok(usd("10")));
        assert_eq!(apply(&[usd("1e38"), Value::Int(10)]), Err(Fault::Overflow));
    }
}
