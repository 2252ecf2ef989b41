//! `set.is_empty`.

use crate::arguments::{Items, one, parameter};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "set.is_empty",
    summary: "Whether the set has no members.",
    details: "",
    params: &[parameter("xs", Shape::Set(&Shape::Any))],
    result: Shape::Bool,
    examples: &[Example { call: "set.is_empty([\"a\", \"b\", \"a\"])", gives: "false" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Items(xs) = one(arguments)?;
    boolean(xs.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nothing_is_empty() {
        assert_eq!(apply(&[Value::Set([].into())]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::Set([Value::Int(1)].into())]), Ok(Value::Bool(false)));
    }
}
