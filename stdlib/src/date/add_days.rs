//! `date.add_days`.

use crate::arguments::{parameter, two};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::Span;
use jiff::civil::Date;

pub(crate) static FUNCTION: Function = Function {
    name: "date.add_days",
    summary: "The day that many days later, or earlier where the number is negative.",
    details: "",
    params: &[parameter("d", Shape::Date), parameter("days", Shape::Int)],
    result: Shape::Date,
    examples: &[
        Example { call: "date.add_days(2026-02-27, 2)", gives: "2026-03-01" },
        Example { call: "date.add_days(2026-03-01, -1)", gives: "2026-02-28" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (day, days) = two::<Date, i64>(arguments)?;
    let span = Span::new().try_days(days).map_err(|_| Fault::Overflow)?;
    day.checked_add(span).map(Value::Date).map_err(|_| Fault::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_calendar_days() {
        assert_eq!(
            apply(&[Value::Date("2024-02-28".parse().unwrap()), Value::Int(1)]),
            Ok(Value::Date("2024-02-29".parse().unwrap()))
        );
        assert_eq!(
            apply(&[Value::Date("2026-01-01".parse().unwrap()), Value::Int(-1)]),
            Ok(Value::Date("2025-12-31".parse().unwrap()))
        );
        assert_eq!(apply(&[Value::Date("9999-12-31".parse().unwrap()), Value::Int(1)]), Err(Fault::Overflow));
        assert_eq!(apply(&[Value::Date("2026-01-01".parse().unwrap()), Value::Int(i64::MAX)]), Err(Fault::Overflow));
    }
}
