//! `list.to_set`.

use crate::arguments::{Items, one, parameter};
use crate::results::set;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "list.to_set",
    summary: "The set of the members of the list.",
    details: "Order is lost, and equal members become one.",
    params: &[parameter("xs", Shape::List(&Shape::Comparable))],
    result: Shape::Set(&Shape::Comparable),
    examples: &[Example { call: "list.to_set([\"b\", \"a\", \"b\"])", gives: "[\"a\", \"b\"]" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Items(xs) = one(arguments)?;
    set(xs.iter().cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_order_and_doubles() {
        assert_eq!(
            apply(&[Value::List([Value::Int(2), Value::Int(1), Value::Int(2)].into())]),
            Ok(Value::Set([Value::Int(1), Value::Int(2)].into()))
        );
    }
}
