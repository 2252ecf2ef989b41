//! `list.contains`.

use crate::arguments::{Items, parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "list.contains",
    summary: "Whether the value is a member of the list.",
    details: "The same as the operator `in`.",
    params: &[parameter("xs", Shape::List(&Shape::Comparable)), parameter("x", Shape::Comparable)],
    result: Shape::Bool,
    examples: &[
        Example { call: "list.contains([\"a\", \"b\"], \"a\")", gives: "true" },
        Example { call: "list.contains([\"a\", \"b\"], \"c\")", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (Items(xs), x) = two::<Items, &Value>(arguments)?;
    boolean(xs.contains(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_equal_members() {
        assert_eq!(apply(&[Value::List([Value::Int(1), Value::Int(2)].into()), Value::Int(2)]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::List([Value::Int(1), Value::Int(2)].into()), Value::Int(3)]), Ok(Value::Bool(false)));
    }
}
