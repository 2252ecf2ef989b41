//! `decimal.divide`.

use crate::arguments::{constant, four, one_of, parameter};
use crate::rounding::{Rounding, WORDS};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "decimal.divide",
    summary: "The quotient by a constant with that many digits after the point, rounded as the word says.",
    details: "Rounding is one of `half_even` (a half goes to the even neighbour), `half_up` (a half goes away from zero), \
              `down` (towards zero), `up` (away from zero), `floor` and `ceiling`.",
    params: &[
        parameter("x", Shape::Decimal),
        constant("divisor", Shape::Decimal),
        constant("places", Shape::Int),
        one_of("rounding", WORDS),
    ],
    result: Shape::Decimal,
    examples: &[
        Example { call: "decimal.divide(10, 3, 2, \"half_even\")", gives: "3.33" },
        Example { call: "decimal.divide(2, 3, 2, \"down\")", gives: "0.66" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, divisor, places, rounding) = four::<Decimal, Decimal, i64, &str>(arguments)?;
    Ok(Value::Decimal(Rounding::of(rounding)?.divide(x, divisor, places)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_as_told() {
        let number = |text: &str| Value::Decimal(text.parse().unwrap());
        assert_eq!(apply(&[number("2"), number("3"), Value::Int(2), Value::text("half_even")]), Ok(number("0.67")));
        assert_eq!(apply(&[Value::Int(1), number("0.5"), Value::Int(0), Value::text("down")]), Ok(number("2")));
        assert!(matches!(apply(&[number("1"), number("0"), Value::Int(2), Value::text("down")]), Err(Fault::Malformed(_))));
        assert!(matches!(apply(&[number("1"), number("3"), Value::Int(29), Value::text("down")]), Err(Fault::Malformed(_))));
    }
}
