//! `list.distinct`.

use crate::arguments::{Items, one, parameter};
use crate::results::list;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use std::collections::BTreeSet;

pub(crate) static FUNCTION: Function = Function {
    name: "list.distinct",
    summary: "The list without the members that stood in it before.",
    details: "The order stays.",
    params: &[parameter("xs", Shape::List(&Shape::Comparable))],
    result: Shape::List(&Shape::Comparable),
    examples: &[Example { call: "list.distinct([\"b\", \"a\", \"b\"])", gives: "[\"b\", \"a\"]" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Items(xs) = one(arguments)?;
    let mut seen = BTreeSet::new();
    list(xs.iter().filter(|x| seen.insert(*x)).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_first_of_each() {
        assert_eq!(
            apply(&[Value::List([Value::Int(2), Value::Int(1), Value::Int(2), Value::Int(1), Value::Int(3)].into())]),
            Ok(Value::List([Value::Int(2), Value::Int(1), Value::Int(3)].into()))
        );
        assert_eq!(apply(&[Value::List([].into())]), Ok(Value::List([].into())));
    }
}
