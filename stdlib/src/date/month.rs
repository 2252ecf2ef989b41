//! `date.month`.

use crate::arguments::{one, parameter};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::civil::Date;

pub(crate) static FUNCTION: Function = Function {
    name: "date.month",
    summary: "The month of the day, 1 to 12.",
    details: "",
    params: &[parameter("d", Shape::Date)],
    result: Shape::Int,
    examples: &[Example { call: "date.month(2026-05-04)", gives: "5" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let day = one::<Date>(arguments)?;
    Ok(Value::Int(i64::from(day.month())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_calendar() {
        assert_eq!(apply(&[Value::Date("2026-05-04".parse().unwrap())]), Ok(Value::Int(5)));
    }
}
