//! `int.remainder`.

use crate::arguments::{constant, parameter, two};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

pub(crate) static FUNCTION: Function = Function {
    name: "int.remainder",
    summary: "What is left of the integer after taking a constant away as often as it fits, never negative.",
    details: "",
    params: &[parameter("x", Shape::Int), constant("divisor", Shape::Int)],
    result: Shape::Int,
    examples: &[Example { call: "int.remainder(7, 3)", gives: "1" }, Example { call: "int.remainder(-1, 3)", gives: "2" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, divisor) = two::<i64, i64>(arguments)?;
    if divisor == 0 {
        return Err(Fault::Malformed(Arc::from("nothing can be divided by zero")));
    }
    // Only the least integer and -1 overflow, and there nothing is left.
    Ok(Value::Int(x.checked_rem_euclid(divisor).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_negative() {
        assert_eq!(apply(&[Value::Int(7), Value::Int(3)]), Ok(Value::Int(1)));
        assert_eq!(apply(&[Value::Int(-7), Value::Int(3)]), Ok(Value::Int(2)));
        assert_eq!(apply(&[Value::Int(-7), Value::Int(-3)]), Ok(Value::Int(2)));
        assert_eq!(apply(&[Value::Int(i64::MIN), Value::Int(-1)]), Ok(Value::Int(0)));
        assert!(matches!(apply(&[Value::Int(1), Value::Int(0)]), Err(Fault::Malformed(_))));
    }
}
