//! `time.earlier`.

use crate::arguments::{parameter, two};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::Timestamp;

pub(crate) static FUNCTION: Function = Function {
    name: "time.earlier",
    summary: "The earlier of two points in time.",
    details: "",
    params: &[parameter("a", Shape::Time), parameter("b", Shape::Time)],
    result: Shape::Time,
    examples: &[Example { call: "time.earlier(2026-05-04T10:00:00Z, 2026-05-05T10:00:00Z)", gives: "2026-05-04T10:00:00Z" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (a, b) = two::<Timestamp, Timestamp>(arguments)?;
    Ok(Value::Time(a.min(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_arguments_does_not_matter() {
        assert_eq!(
            apply(&[Value::Time("2026-05-05T10:00:00Z".parse().unwrap()), Value::Time("2026-05-04T10:00:00Z".parse().unwrap())]),
            Ok(Value::Time("2026-05-04T10:00:00Z".parse().unwrap()))
        );
        assert_eq!(
            apply(&[Value::Time("2026-05-04T10:00:00Z".parse().unwrap()), Value::Time("2026-05-05T10:00:00Z".parse().unwrap())]),
            Ok(Value::Time("2026-05-04T10:00:00Z".parse().unwrap()))
        );
    }
}
