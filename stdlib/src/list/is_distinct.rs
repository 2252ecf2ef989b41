//! `list.is_distinct`.

use crate::arguments::{Items, one, parameter};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use std::collections::BTreeSet;

pub(crate) static FUNCTION: Function = Function {
    name: "list.is_distinct",
    summary: "Whether no member occurs twice in the list.",
    details: "",
    params: &[parameter("xs", Shape::List(&Shape::Comparable))],
    result: Shape::Bool,
    examples: &[
        Example { call: "list.is_distinct([\"a\", \"b\"])", gives: "true" },
        Example { call: "list.is_distinct([\"a\", \"a\"])", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Items(xs) = one(arguments)?;
    let mut seen = BTreeSet::new();
    boolean(xs.iter().all(|x| seen.insert(x)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_doubles_wherever_they_stand() {
        assert_eq!(apply(&[Value::List([Value::Int(1), Value::Int(2), Value::Int(3)].into())]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::List([Value::Int(1), Value::Int(2), Value::Int(1)].into())]), Ok(Value::Bool(false)));
        assert_eq!(apply(&[Value::List([].into())]), Ok(Value::Bool(true)));
    }
}
