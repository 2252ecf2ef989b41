//! `decimal.to_int`.

use crate::arguments::{one_of, parameter, two};
use crate::results::integer;
use crate::rounding::{Rounding, WORDS};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "decimal.to_int",
    summary: "The number as an integer, rounded as the word says.",
    details: "Rounding is one of `half_even` (a half goes to the even neighbour), `half_up` (a half goes away from zero), \
              `down` (towards zero), `up` (away from zero), `floor` and `ceiling`.",
    params: &[parameter("x", Shape::Decimal), one_of("rounding", WORDS)],
    result: Shape::Int,
    examples: &[
        Example { call: "decimal.to_int(2.5, \"half_even\")", gives: "2" },
        Example { call: "decimal.to_int(-2.5, \"floor\")", gives: "-3" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, rounding) = two::<Decimal, &str>(arguments)?;
    integer(Rounding::of(rounding)?.round(x, 0)?.coefficient())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_as_told_or_overflows() {
        let number = |text: &str| Value::Decimal(text.parse().unwrap());
        assert_eq!(apply(&[number("2.5"), Value::text("up")]), Ok(Value::Int(3)));
        assert_eq!(apply(&[number("1e20"), Value::text("up")]), Err(Fault::Overflow));
    }
}
