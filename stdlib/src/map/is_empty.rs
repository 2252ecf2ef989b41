//! `map.is_empty`.

use crate::arguments::{Entries, one, parameter};
use crate::results::boolean;
use agentc_runtime::library::{Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "map.is_empty",
    summary: "Whether the map has no entries.",
    details: "",
    params: &[parameter("m", Shape::Map(&Shape::Any))],
    result: Shape::Bool,
    examples: &[],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Entries(entries) = one(arguments)?;
    boolean(entries.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nothing_is_empty() {
        assert_eq!(apply(&[Value::Map([].into())]), Ok(Value::Bool(true)));
        assert_eq!(
            apply(&[Value::Map([(Value::text("a"), Value::Int(1)), (Value::text("b"), Value::Int(2))].into())]),
            Ok(Value::Bool(false))
        );
    }
}
