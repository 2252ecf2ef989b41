//! `date.end_of_month`.

use crate::arguments::{one, parameter};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::civil::Date;

pub(crate) static FUNCTION: Function = Function {
    name: "date.end_of_month",
    summary: "The last day of the month of that day.",
    details: "",
    params: &[parameter("d", Shape::Date)],
    result: Shape::Date,
    examples: &[Example { call: "date.end_of_month(2026-02-10)", gives: "2026-02-28" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    Ok(Value::Date(one::<Date>(arguments)?.last_of_month()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leap_years_count() {
        assert_eq!(apply(&[Value::Date("2024-02-01".parse().unwrap())]), Ok(Value::Date("2024-02-29".parse().unwrap())));
        assert_eq!(apply(&[Value::Date("2026-12-31".parse().unwrap())]), Ok(Value::Date("2026-12-31".parse().unwrap())));
    }
}
