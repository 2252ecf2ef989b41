//! `money.round`.

use crate::arguments::{Amount, constant, one_of, parameter, three};
use crate::results::amount;
use crate::rounding::{Rounding, WORDS};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "money.round",
    summary: "The amount with at most that many digits after the point, rounded as the word says.",
    details: "Rounding is one of `half_even` (a half goes to the even neighbour), `half_up` (a half goes away from zero), \
              `down` (towards zero), `up` (away from zero), `floor` and `ceiling`.",
    params: &[parameter("x", Shape::Money), constant("places", Shape::Int), one_of("rounding", WORDS)],
    result: Shape::Money,
    examples: &[Example { call: "money.round(2.345 USD, 2, \"half_even\")", gives: "2.34 USD" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, places, rounding) = three::<Amount, i64, &str>(arguments)?;
    amount(Rounding::of(rounding)?.round(x.number, places)?, x.currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentc_runtime::types::Currency;

    #[test]
    fn rounds_as_told() {
        let usd = |text: &str| Value::Money(text.parse().unwrap(), Currency::new("USD").unwrap());
        assert_eq!(apply(&[usd("2.345"), Value::Int(2), Value::text("half_up")]), Ok(usd("2.35")));
        assert_eq!(apply(&[usd("2345"), Value::Int(0), Value::text("up")]), Ok(usd("2345")));
    }
}
