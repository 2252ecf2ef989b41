//! `map.length`.

use crate::arguments::{Entries, one, parameter};
use crate::results::length;
use agentc_runtime::library::{Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "map.length",
    summary: "How many entries the map has.",
    details: "",
    params: &[parameter("m", Shape::Map(&Shape::Any))],
    result: Shape::Int,
    examples: &[],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Entries(entries) = one(arguments)?;
    length(entries.iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_entries() {
        assert_eq!(
            apply(&[Value::Map([(Value::text("a"), Value::Int(1)), (Value::text("b"), Value::Int(2))].into())]),
            Ok(Value::Int(2))
        );
        assert_eq!(apply(&[Value::Map([].into())]), Ok(Value::Int(0)));
    }
}
