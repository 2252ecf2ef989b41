//! `time_of_day.minute`.

use crate::arguments::{one, parameter};
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};
use jiff::civil::Time;

pub(crate) static FUNCTION: Function = Function {
    name: "time_of_day.minute",
    summary: "The minute of the time of day, 0 to 59.",
    details: "",
    params: &[parameter("t", Shape::TimeOfDay)],
    result: Shape::Int,
    examples: &[Example { call: "time_of_day.minute(08:30)", gives: "30" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let t = one::<Time>(arguments)?;
    Ok(Value::Int(i64::from(t.minute())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_clock() {
        assert_eq!(apply(&[Value::TimeOfDay("08:30:59".parse().unwrap())]), Ok(Value::Int(30)));
    }
}
