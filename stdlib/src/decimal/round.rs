//! `decimal.round`.

use crate::arguments::{constant, one_of, parameter, three};
use crate::rounding::{Rounding, WORDS};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "decimal.round",
    summary: "The number with at most that many digits after the point, rounded as the word says.",
    details: "Rounding is one of `half_even` (a half goes to the even neighbour), `half_up` (a half goes away from zero), \
              `down` (towards zero), `up` (away from zero), `floor` and `ceiling`.",
    params: &[parameter("x", Shape::Decimal), constant("places", Shape::Int), one_of("rounding", WORDS)],
    result: Shape::Decimal,
    examples: &[
        Example { call: "decimal.round(2.345, 2, \"half_even\")", gives: "2.34" },
        Example { call: "decimal.round(2.345, 2, \"half_up\")", gives: "2.35" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, places, rounding) = three::<Decimal, i64, &str>(arguments)?;
    Ok(Value::Decimal(Rounding::of(rounding)?.round(x, places)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_as_told() {
        let number = |text: &str| Value::Decimal(text.parse().unwrap());
        assert_eq!(apply(&[number("2.345"), Value::Int(2), Value::text("up")]), Ok(number("2.35")));
        assert_eq!(apply(&[number("2.3"), Value::Int(2), Value::text("up")]), Ok(number("2.3")));
        assert!(matches!(apply(&[number("1"), Value::Int(-1), Value::text("down")]), Err(Fault::Malformed(_))));
    }
}
