//! `set.difference`.

use crate::arguments::{Items, parameter, two};
use crate::results::set;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use std::collections::BTreeSet;

pub(crate) static FUNCTION: Function = Function {
    name: "set.difference",
    summary: "The members of the first set that are not in the second.",
    details: "",
    params: &[parameter("xs", Shape::Set(&Shape::Any)), parameter("ys", Shape::Set(&Shape::Any))],
    result: Shape::Set(&Shape::Any),
    examples: &[Example { call: "set.difference([\"a\", \"b\"], [\"b\"])", gives: "[\"a\"]" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (Items(xs), Items(ys)) = two(arguments)?;
    let others: BTreeSet<&Value> = ys.iter().collect();
    set(xs.iter().filter(|x| !others.contains(x)).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_second_from_the_first() {
        assert_eq!(
            apply(&[Value::Set([Value::Int(1), Value::Int(2)].into()), Value::Set([Value::Int(2), Value::Int(3)].into())]),
            Ok(Value::Set([Value::Int(1)].into()))
        );
    }
}
