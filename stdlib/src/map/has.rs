//! `map.has`.

use crate::arguments::{Entries, parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "map.has",
    summary: "Whether the map has an entry under that key.",
    details: "An entry whose value is none is an entry.",
    params: &[parameter("m", Shape::Map(&Shape::Any)), parameter("key", Shape::Text)],
    result: Shape::Bool,
    examples: &[],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (Entries(entries), key) = two::<Entries, &Value>(arguments)?;
    boolean(entries.iter().any(|(k, _)| k == key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_at_keys_only() {
        assert_eq!(
            apply(&[Value::Map([(Value::text("a"), Value::Int(1)), (Value::text("b"), Value::Int(2))].into()), Value::text("a")]),
            Ok(Value::Bool(true))
        );
        assert_eq!(
            apply(&[Value::Map([(Value::text("a"), Value::Int(1)), (Value::text("b"), Value::Int(2))].into()), Value::text("c")]),
            Ok(Value::Bool(false))
        );
    }
}
