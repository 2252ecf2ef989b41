//! `set.is_disjoint`.

use crate::arguments::{Items, parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use std::collections::BTreeSet;

pub(crate) static FUNCTION: Function = Function {
    name: "set.is_disjoint",
    summary: "Whether the sets have no member in common.",
    details: "",
    params: &[parameter("xs", Shape::Set(&Shape::Any)), parameter("ys", Shape::Set(&Shape::Any))],
    result: Shape::Bool,
    examples: &[
        Example { call: "set.is_disjoint([\"a\"], [\"b\"])", gives: "true" },
        Example { call: "set.is_disjoint([\"a\"], [\"a\", \"b\"])", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (Items(xs), Items(ys)) = two(arguments)?;
    let others: BTreeSet<&Value> = ys.iter().collect();
    boolean(!xs.iter().any(|x| others.contains(x)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_common() {
        assert_eq!(apply(&[Value::Set([Value::Int(1)].into()), Value::Set([Value::Int(2)].into())]), Ok(Value::Bool(true)));
        assert_eq!(
            apply(&[Value::Set([Value::Int(1), Value::Int(2)].into()), Value::Set([Value::Int(2)].into())]),
            Ok(Value::Bool(false))
        );
        assert_eq!(apply(&[Value::Set([].into()), Value::Set([].into())]), Ok(Value::Bool(true)));
    }
}
