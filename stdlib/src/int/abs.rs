//! `int.abs`.

use crate::arguments::{one, parameter};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "int.abs",
    summary: "The integer without its sign.",
    details: "",
    params: &[parameter("x", Shape::Int)],
    result: Shape::Int,
    examples: &[Example { call: "int.abs(-3)", gives: "3" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    one::<i64>(arguments)?.checked_abs().map(Value::Int).ok_or(Fault::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_has_none() {
        assert_eq!(apply(&[Value::Int(-3)]), Ok(Value::Int(3)));
        assert_eq!(apply(&[Value::Int(3)]), Ok(Value::Int(3)));
        assert_eq!(apply(&[Value::Int(i64::MIN)]), Err(Fault::Overflow));
    }
}
