//! `money.max`.

use crate::arguments::{Amount, parameter, two};
use crate::results::amount;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "money.max",
    summary: "The greater of two amounts of one currency.",
    details: "",
    params: &[parameter("x", Shape::Money), parameter("y", Shape::Money)],
    result: Shape::Money,
    examples: &[Example { call: "money.max(20 USD, 50 USD)", gives: "50 USD" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, y) = two::<Amount, Amount>(arguments)?;
    let (x, y, currency) = x.same_currency(&y)?;
    amount(x.max(y), currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentc_runtime::types::Currency;

    #[test]
    fn currencies_never_mix() {
        let money = |text: &str, code: &str| Value::Money(text.parse().unwrap(), Currency::new(code).unwrap());
        assert_eq!(apply(&[money("20", "USD"), money("50", "USD")]), Ok(money("50", "USD")));
        assert_eq!(apply(&[money("50", "USD"), money("20", "USD")]), Ok(money("50", "USD")));
        assert!(matches!(apply(&[money("20", "USD"), money("50", "EUR")]), Err(Fault::Malformed(_))));
    }
}
