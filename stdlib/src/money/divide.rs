//! `money.divide`.

use crate::arguments::{Amount, constant, four, one_of, parameter};
use crate::results::amount;
use crate::rounding::{Rounding, WORDS};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "money.divide",
    summary: "The amount divided by a constant, with that many digits after the point, rounded as the word says.",
    details: "Rounding is one of `half_even` (a half goes to the even neighbour), `half_up` (a half goes away from zero), \
              `down` (towards zero), `up` (away from zero), `floor` and `ceiling`.",
    params: &[
        parameter("x", Shape::Money),
        constant("divisor", Shape::Decimal),
        constant("places", Shape::Int),
        one_of("rounding", WORDS),
    ],
    result: Shape::Money,
    examples: &[Example { call: "money.divide(10 USD, 3, 2, \"half_even\")", gives: "3.33 USD" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, divisor, places, rounding) = four::<Amount, Decimal, i64, &str>(arguments)?;
    amount(Rounding::of(rounding)?.divide(x.number, divisor, places)?, x.currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentc_runtime::types::Currency;

    #[test]
    fn rounds_as_told() {
        let usd = |text: &str| Value::Money(text.parse().unwrap(), Currency::new("USD").unwrap());
        assert_eq!(apply(&[usd("20"), Value::Int(3), Value::Int(2), Value::text("down")]), Ok(usd("6.66")));
        assert!(matches!(apply(&[usd("20"), Value::Int(0), Value::Int(2), Value::text("down")]), Err(Fault::Malformed(_))));
    }
}
