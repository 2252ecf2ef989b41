//! Arithmetic without a meaning.

use super::Operator;
use crate::diagnostic::text::{snippet, type_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Type, Typed};
use agentc_grammar::ast::BinaryOp;

/// Operands that an operator does not join.
#[derive(Debug)]
pub(crate) struct BadArithmetic {
    /// The operator.
    pub(crate) op: Operator,
    /// Left type and place.
    pub(crate) left: (Type, Loc),
    /// Right type and place; the same place where the operator has one operand.
    pub(crate) right: (Type, Loc),
}

impl Problem for BadArithmetic {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (left, right) = (type_name(&self.left.0, typed), type_name(&self.right.0, typed));
        let symbol = self.op.symbol();
        if self.left.1 == self.right.1 {
            return Self::CODE
                .says(format!("`{symbol}` has no meaning before a value of type `{left}`"))
                .at(self.left.1, format!("of type `{left}`"))
                .help("negate numbers, amounts and durations only");
        }
        Self::CODE
            .says(format!("`{symbol}` has no meaning between `{left}` and `{right}`"))
            .at(self.right.1, format!("of type `{right}`"))
            .at(self.left.1, format!("of type `{left}`"))
            .help_if(self.help())
    }
}

impl BadArithmetic {
    fn help(&self) -> Option<String> {
        let help = match (self.op.0, &self.left.0, &self.right.0) {
            (BinaryOp::Add, Type::Text, _) | (BinaryOp::Add, _, Type::Text) => "join texts with `text.join([a, b], \"\")`",
            (BinaryOp::Multiply, Type::Money(_), Type::Money(_)) => "multiply an amount by a number",
            (BinaryOp::Add | BinaryOp::Subtract, Type::Money(currency), Type::Int | Type::Decimal)
            | (BinaryOp::Add | BinaryOp::Subtract, Type::Int | Type::Decimal, Type::Money(currency)) => {
                return Some(format!("write the number as an amount, `5 {currency}`"));
            }
            (BinaryOp::Add, Type::Time, Type::Time) => "subtract two times, or add a duration such as `15m`",
            (BinaryOp::Add | BinaryOp::Subtract, Type::Time | Type::Date, Type::Int) => "write a duration such as `30d`",
            (BinaryOp::Add | BinaryOp::Subtract, Type::Date, Type::Duration) => "a date moves by whole days, such as `30d`",
            (BinaryOp::Subtract, Type::Time, Type::Date) | (BinaryOp::Subtract, Type::Date, Type::Time) => {
                "take the day of the time in a zone, `(now in zone \"UTC\").date`"
            }
            (BinaryOp::Multiply, Type::Duration, Type::Decimal) | (BinaryOp::Multiply, Type::Decimal, Type::Duration) => {
                "multiply a duration by an integer"
            }
            _ => return None,
        };
        Some(help.to_owned())
    }
}

/// `/`, which does not say how to round.
#[derive(Debug)]
pub(crate) struct Division {
    /// The library's function that divides such values.
    pub(crate) function: Option<&'static str>,
    /// What is divided.
    pub(crate) left: Loc,
    /// The whole.
    pub(crate) loc: Loc,
}

impl Problem for Division {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let help = match self.function {
            Some(function) => format!("write `{function}({}, …)`, which says how to round", snippet(self.left, typed)),
            None => "write `decimal.divide`, `int.divide` or `money.divide`, which say how to round".to_owned(),
        };
        Self::CODE
            .says("`/` does not say how to round")
            .at(self.loc, "a quotient may have endless digits")
            .note("amounts are exact: a policy rounds only where its author says how")
            .help(help)
    }
}
