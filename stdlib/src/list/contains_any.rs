//! `list.contains_any`.

use crate::arguments::{Items, parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use std::collections::BTreeSet;

pub(crate) static FUNCTION: Function = Function {
    name: "list.contains_any",
    summary: "Whether some member of the second list is in the first.",
    details: "",
    params: &[parameter("xs", Shape::List(&Shape::Comparable)), parameter("ys", Shape::List(&Shape::Comparable))],
    result: Shape::Bool,
    examples: &[
        Example { call: "list.contains_any([\"a\", \"b\"], [\"b\", \"c\"])", gives: "true" },
        Example { call: "list.contains_any([\"a\"], [])", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (Items(xs), Items(ys)) = two(arguments)?;
    let members: BTreeSet<&Value> = xs.iter().collect();
    boolean(ys.iter().any(|y| members.contains(y)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_common_member_is_enough() {
        assert_eq!(
            apply(&[Value::List([Value::Int(1), Value::Int(2)].into()), Value::List([Value::Int(2), Value::Int(3)].into())]),
            Ok(Value::Bool(true))
        );
        assert_eq!(
            apply(&[Value::List([Value::Int(1), Value::Int(2)].into()), Value::List([Value::Int(3)].into())]),
            Ok(Value::Bool(false))
        );
        assert_eq!(apply(&[Value::List([].into()), Value::List([].into())]), Ok(Value::Bool(false)));
    }
}
