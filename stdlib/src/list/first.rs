//! `list.first`.

use crate::arguments::{Items, one, parameter};
use crate::results::optional;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "list.first",
    summary: "The first member of the list, or none where it is empty.",
    details: "",
    params: &[parameter("xs", Shape::List(&Shape::Any))],
    result: Shape::Optional(&Shape::Any),
    examples: &[Example { call: "list.first([\"a\", \"b\"])", gives: "\"a\"" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Items(xs) = one(arguments)?;
    optional(xs.first().cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_has_none() {
        assert_eq!(apply(&[Value::List([Value::Int(1), Value::Int(2)].into())]), Ok(Value::Int(1)));
        assert_eq!(apply(&[Value::List([].into())]), Ok(Value::None));
    }
}
