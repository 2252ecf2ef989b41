//! `list.contains_all`.

use crate::arguments::{Items, parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use std::collections::BTreeSet;

pub(crate) static FUNCTION: Function = Function {
    name: "list.contains_all",
    summary: "Whether every member of the second list is in the first.",
    details: "Nothing is in everything: where the second list is empty, the answer is true. How often a member occurs does \
              not matter.",
    params: &[parameter("xs", Shape::List(&Shape::Comparable)), parameter("ys", Shape::List(&Shape::Comparable))],
    result: Shape::Bool,
    examples: &[
        Example { call: "list.contains_all([\"a\", \"b\"], [\"b\"])", gives: "true" },
        Example { call: "list.contains_all([\"a\", \"b\"], [\"b\", \"c\"])", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (Items(xs), Items(ys)) = two(arguments)?;
    let members: BTreeSet<&Value> = xs.iter().collect();
    boolean(ys.iter().all(|y| members.contains(y)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_in_everything() {
        assert_eq!(
            apply(&[Value::List([Value::Int(1), Value::Int(2)].into()), Value::List([Value::Int(2), Value::Int(1)].into())]),
            Ok(Value::Bool(true))
        );
        assert_eq!(
            apply(&[Value::List([Value::Int(1)].into()), Value::List([Value::Int(1), Value::Int(2)].into())]),
            Ok(Value::Bool(false))
        );
        assert_eq!(apply(&[Value::List([Value::Int(1)].into()), Value::List([].into())]), Ok(Value::Bool(true)));
    }
}
