//! `date.add_months`.

use crate::arguments::{parameter, two};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::Span;
use jiff::civil::Date;

pub(crate) static FUNCTION: Function = Function {
    name: "date.add_months",
    summary: "The same day that many months later, or the last day of that month where it has no such day.",
    details: "",
    params: &[parameter("d", Shape::Date), parameter("months", Shape::Int)],
    result: Shape::Date,
    examples: &[
        Example { call: "date.add_months(2026-01-31, 1)", gives: "2026-02-28" },
        Example { call: "date.add_months(2026-05-04, -12)", gives: "2025-05-04" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (day, months) = two::<Date, i64>(arguments)?;
    let span = Span::new().try_months(months).map_err(|_| Fault::Overflow)?;
    day.checked_add(span).map(Value::Date).map_err(|_| Fault::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_months_end_early() {
        assert_eq!(
            apply(&[Value::Date("2024-01-31".parse().unwrap()), Value::Int(1)]),
            Ok(Value::Date("2024-02-29".parse().unwrap()))
        );
        assert_eq!(
            apply(&[Value::Date("2026-03-31".parse().unwrap()), Value::Int(-1)]),
            Ok(Value::Date("2026-02-28".parse().unwrap()))
        );
        assert_eq!(apply(&[Value::Date("2026-01-01".parse().unwrap()), Value::Int(i64::MIN)]), Err(Fault::Overflow));
    }
}
