//! `list.length`.

use crate::arguments::{Items, one, parameter};
use crate::results::length;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "list.length",
    summary: "How many members the list has.",
    details: "",
    params: &[parameter("xs", Shape::List(&Shape::Any))],
    result: Shape::Int,
    examples: &[Example { call: "list.length([\"a\", \"b\"])", gives: "2" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Items(xs) = one(arguments)?;
    length(xs.iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_members() {
        assert_eq!(apply(&[Value::List([Value::Int(1), Value::Int(2)].into())]), Ok(Value::Int(2)));
        assert_eq!(apply(&[Value::List([].into())]), Ok(Value::Int(0)));
    }
}
