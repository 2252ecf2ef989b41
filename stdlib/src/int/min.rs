//! `int.min`.

use crate::arguments::{parameter, two};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "int.min",
    summary: "The lesser of two integers.",
    details: "",
    params: &[parameter("x", Shape::Int), parameter("y", Shape::Int)],
    result: Shape::Int,
    examples: &[Example { call: "int.min(2, 5)", gives: "2" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, y) = two::<i64, i64>(arguments)?;
    Ok(Value::Int(x.min(y)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_arguments_does_not_matter() {
        assert_eq!(apply(&[Value::Int(2), Value::Int(5)]), Ok(Value::Int(2)));
        assert_eq!(apply(&[Value::Int(5), Value::Int(2)]), Ok(Value::Int(2)));
    }
}
