//! `decimal.max`.

use crate::arguments::{parameter, two};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "decimal.max",
    summary: "The greater of two numbers.",
    details: "",
    params: &[parameter("x", Shape::Decimal), parameter("y", Shape::Decimal)],
    result: Shape::Decimal,
    examples: &[Example { call: "decimal.max(0.5, 2)", gives: "2.0" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (x, y) = two::<Decimal, Decimal>(arguments)?;
    Ok(Value::Decimal(x.max(y)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_arguments_does_not_matter() {
        let number = |text: &str| Value::Decimal(text.parse().unwrap());
        assert_eq!(apply(&[number("0.5"), number("2")]), Ok(number("2")));
        assert_eq!(apply(&[number("2"), number("0.5")]), Ok(number("2")));
    }
}
