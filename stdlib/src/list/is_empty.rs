//! `list.is_empty`.

use crate::arguments::{Items, one, parameter};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "list.is_empty",
    summary: "Whether the list has no members.",
    details: "",
    params: &[parameter("xs", Shape::List(&Shape::Any))],
    result: Shape::Bool,
    examples: &[Example { call: "list.is_empty([\"a\", \"b\"])", gives: "false" }],
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
        assert_eq!(apply(&[Value::List([].into())]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::List([Value::Int(1)].into())]), Ok(Value::Bool(false)));
    }
}
