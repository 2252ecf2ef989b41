//! `set.union`.

use crate::arguments::{Items, parameter, two};
use crate::results::set;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "set.union",
    summary: "The members of either set.",
    details: "",
    params: &[parameter("xs", Shape::Set(&Shape::Any)), parameter("ys", Shape::Set(&Shape::Any))],
    result: Shape::Set(&Shape::Any),
    examples: &[Example { call: "set.union([\"a\"], [\"b\"])", gives: "[\"a\", \"b\"]" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (Items(xs), Items(ys)) = two(arguments)?;
    set(xs.iter().chain(ys).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_both() {
        assert_eq!(
            apply(&[Value::Set([Value::Int(1), Value::Int(2)].into()), Value::Set([Value::Int(2), Value::Int(3)].into())]),
            Ok(Value::Set([Value::Int(1), Value::Int(2), Value::Int(3)].into()))
        );
    }
}
