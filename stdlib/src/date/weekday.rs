//! `date.weekday`.

use crate::arguments::{one, parameter};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::civil::Date;

pub(crate) static FUNCTION: Function = Function {
    name: "date.weekday",
    summary: "The day of the week.",
    details: "",
    params: &[parameter("d", Shape::Date)],
    result: Shape::Weekday,
    examples: &[Example { call: "date.weekday(2026-05-04)", gives: "monday" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let day = one::<Date>(arguments)?;
    u8::try_from(day.weekday().to_monday_one_offset()).map(Value::Weekday).map_err(|_| Fault::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monday_is_the_first() {
        assert_eq!(apply(&[Value::Date("2026-05-04".parse().unwrap())]), Ok(Value::Weekday(1)));
        assert_eq!(apply(&[Value::Date("2026-05-10".parse().unwrap())]), Ok(Value::Weekday(7)));
    }
}
