//! `map.values`.

use crate::arguments::{Entries, one, parameter};
use crate::results::list;
use agentc_runtime::library::{Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "map.values",
    summary: "The values of the map, in the order of their keys.",
    details: "",
    params: &[parameter("m", Shape::Map(&Shape::Any))],
    result: Shape::List(&Shape::Any),
    examples: &[],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Entries(entries) = one(arguments)?;
    list(entries.iter().map(|(_, value)| value.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_follow_their_keys() {
        assert_eq!(
            apply(&[Value::Map([(Value::text("a"), Value::Int(1)), (Value::text("b"), Value::Int(2))].into())]),
            Ok(Value::List([Value::Int(1), Value::Int(2)].into()))
        );
    }
}
