//! `set.contains_all`.

use crate::arguments::{Items, parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use std::collections::BTreeSet;

pub(crate) static FUNCTION: Function = Function {
    name: "set.contains_all",
    summary: "Whether every member of the second set is in the first.",
    details: "Nothing is in everything: where the second set is empty, the answer is true.",
    params: &[parameter("xs", Shape::Set(&Shape::Any)), parameter("ys", Shape::Set(&Shape::Any))],
    result: Shape::Bool,
    examples: &[
        Example { call: "set.contains_all([\"a\", \"b\", \"a\"], [\"b\"])", gives: "true" },
        Example { call: "set.contains_all([\"a\", \"b\", \"a\"], [\"b\", \"c\"])", gives: "false" },
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
            apply(&[Value::Set([Value::Int(1), Value::Int(2)].into()), Value::Set([Value::Int(1), Value::Int(2)].into())]),
            Ok(Value::Bool(true))
        );
        assert_eq!(
            apply(&[Value::Set([Value::Int(1)].into()), Value::Set([Value::Int(1), Value::Int(2)].into())]),
            Ok(Value::Bool(false))
        );
        assert_eq!(apply(&[Value::Set([Value::Int(1)].into()), Value::Set([].into())]), Ok(Value::Bool(true)));
    }
}
