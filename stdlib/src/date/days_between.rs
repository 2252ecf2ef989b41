//! `date.days_between`.

use crate::arguments::{parameter, two};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::civil::Date;

pub(crate) static FUNCTION: Function = Function {
    name: "date.days_between",
    summary: "How many days later the second day is than the first, negative where it is earlier.",
    details: "",
    params: &[parameter("from", Shape::Date), parameter("to", Shape::Date)],
    result: Shape::Int,
    examples: &[
        Example { call: "date.days_between(2026-05-01, 2026-05-04)", gives: "3" },
        Example { call: "date.days_between(2026-05-04, 2026-05-01)", gives: "-3" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (from, to) = two::<Date, Date>(arguments)?;
    let span = from.until(to).map_err(|_| Fault::Overflow)?;
    Ok(Value::Int(i64::from(span.get_days())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_across_years() {
        assert_eq!(
            apply(&[Value::Date("2023-12-31".parse().unwrap()), Value::Date("2025-01-01".parse().unwrap())]),
            Ok(Value::Int(367))
        );
        assert_eq!(
            apply(&[Value::Date("2026-05-04".parse().unwrap()), Value::Date("2026-05-04".parse().unwrap())]),
            Ok(Value::Int(0))
        );
        assert_eq!(
            apply(&[Value::Date("-009999-01-01".parse().unwrap()), Value::Date("9999-12-31".parse().unwrap())]),
            Ok(Value::Int(7304483))
        );
    }
}
