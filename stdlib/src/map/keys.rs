//! `map.keys`.

use crate::arguments::{Entries, one, parameter};
use crate::results::list;
use agentc_runtime::library::{Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "map.keys",
    summary: "The keys of the map, in their order.",
    details: "Texts are ordered by their characters, `Z` before `a`.",
    params: &[parameter("m", Shape::Map(&Shape::Any))],
    result: Shape::List(&Shape::Text),
    examples: &[],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let Entries(entries) = one(arguments)?;
    list(entries.iter().map(|(key, _)| key.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted() {
        assert_eq!(
            apply(&[Value::Map([(Value::text("a"), Value::Int(1)), (Value::text("b"), Value::Int(2))].into())]),
            Ok(Value::List([Value::text("a"), Value::text("b")].into()))
        );
    }
}
