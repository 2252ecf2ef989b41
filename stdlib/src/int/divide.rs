//! `int.divide`.

use crate::arguments::{constant, one_of, parameter, three};
use crate::results::integer;
use crate::rounding::{Rounding, WORDS};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "int.divide",
    summary: "The integer quotient by a constant, rounded as the word says.",
    details: "Rounding is one of `half_even` (a half goes to the even neighbour), `half_up` (a half goes away from zero), \
              `down` (towards zero), `up` (away from zero), `floor` and `ceiling`.",
    params: &[parameter("x", Shape::Int), constant("divisor", Shape::Int), one_of("rounding", WORDS)],
    result: Shape::Int,
    examples: &[
        Example { call: "int.divide(7, 2, \"down\")", gives: "3" },
        Example { call: "int.divide(-7, 2, \"floor\")", gives: "-4" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, divisor, rounding) = three::<i64, i64, &str>(arguments)?;
    integer(Rounding::of(rounding)?.quotient(i128::from(x), i128::from(divisor))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_as_told() {
        assert_eq!(apply(&[Value::Int(7), Value::Int(2), Value::text("half_even")]), Ok(Value::Int(4)));
        assert_eq!(apply(&[Value::Int(5), Value::Int(2), Value::text("half_even")]), Ok(Value::Int(2)));
        assert_eq!(apply(&[Value::Int(-7), Value::Int(2), Value::text("down")]), Ok(Value::Int(-3)));
        assert_eq!(apply(&[Value::Int(i64::MIN), Value::Int(-1), Value::text("down")]), Err(Fault::Overflow));
        assert!(matches!(apply(&[Value::Int(1), Value::Int(0), Value::text("down")]), Err(Fault::Malformed(_))));
        assert!(matches!(apply(&[Value::Int(1), Value::Int(2), Value::text("sideways")]), Err(Fault::Malformed(_))));
    }
}
