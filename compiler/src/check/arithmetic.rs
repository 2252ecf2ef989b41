//! `+`, `-` and `*`, with their units.

use super::convert::to_decimal;
use super::{Checked, Checker};
use crate::diagnostic::codes::{BadArithmetic, MixedCurrencies, Operator, OptionalUsed, Thing};
use crate::typed::{self, ArithmeticOp, ExprKind, Type};
use agentc_grammar::ast::{self, BinaryOp};
use agentc_grammar::span::{Span, Spanned};
use agentc_runtime::value::Value;
use jiff::SignedDuration;

/// What an operator of these operands does.
enum Plan {
    /// The operands as they are.
    Plain(Type),
    /// Both as decimals.
    Decimals,
    /// The operands exchanged: a sum begins with the time.
    Exchanged(Type),
    /// There is no such operation.
    None,
}

impl Checker<'_, '_> {
    /// `a + b`, `a - b`, `a * b`
    pub(super) fn arithmetic(
        &mut self,
        op: Spanned<BinaryOp>,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        hint: Option<&Type>,
    ) -> Checked<typed::Expr> {
        let hint = hint.filter(|hint| matches!(super::literal::plain(hint), Type::Decimal));
        let left = self.infer(left, hint);
        let right = self.infer(right, hint);
        let (left, right) = (left?, right?);
        for side in [&left, &right] {
            if matches!(side.ty, Type::Optional(_)) {
                let (found, loc) = (side.ty.clone(), side.loc);
                return Err(self.report(OptionalUsed { found, loc }));
            }
        }
        let arithmetic = match op.node {
            BinaryOp::Add => ArithmeticOp::Add,
            BinaryOp::Subtract => ArithmeticOp::Subtract,
            _ => ArithmeticOp::Multiply,
        };
        if let (Type::Money(one), Type::Money(other)) = (&left.ty, &right.ty)
            && one != other
            && arithmetic != ArithmeticOp::Multiply
        {
            let (loc, beside) = (right.loc, Some(left.loc));
            return Err(self.report(MixedCurrencies { left: *one, right: *other, loc, other: beside }));
        }
        let provenance = left.provenance | right.provenance;
        let (ty, left, right) = match plan(arithmetic, &left, &right) {
            Plan::Plain(ty) => (ty, left, right),
            Plan::Decimals => (Type::Decimal, as_decimal(left), as_decimal(right)),
            Plan::Exchanged(ty) => (ty, right, left),
            Plan::None => {
                return Err(self.report(BadArithmetic {
                    op: Operator(op.node),
                    left: (left.ty, left.loc),
                    right: (right.ty, right.loc),
                }));
            }
        };
        Ok(self.node(ExprKind::Arithmetic(arithmetic, Box::new(left), Box::new(right)), ty, provenance, span))
    }

    /// `-x`
    pub(super) fn negate(&mut self, inner: &ast::Expr, span: Span, hint: Option<&Type>) -> Checked<typed::Expr> {
        use ast::Literal::{Decimal, Duration, Int, Money, Percent};
        if let ast::ExprKind::Literal(literal @ (Decimal(_) | Duration(_) | Int(_) | Money(..) | Percent(_))) = &inner.kind {
            return self.literal(literal, true, span, hint);
        }
        if self.here.scope.place == super::scope::Place::Constant {
            return Err(self.not_here(Thing::Operator, span));
        }
        let inner = self.infer(inner, hint)?;
        let inner = self.needs_value(inner)?;
        if !matches!(inner.ty, Type::Int | Type::Decimal | Type::Money(_) | Type::Duration) {
            let none = (inner.ty.clone(), inner.loc);
            return Err(self.report(BadArithmetic {
                op: Operator(BinaryOp::Subtract),
                left: none,
                right: (inner.ty, inner.loc),
            }));
        }
        let (provenance, ty) = (inner.provenance, inner.ty.clone());
        Ok(self.node(ExprKind::Negate(Box::new(inner)), ty, provenance, span))
    }
}

fn plan(op: ArithmeticOp, left: &typed::Expr, right: &typed::Expr) -> Plan {
    use ArithmeticOp::{Add, Multiply, Subtract};
    match (op, &left.ty, &right.ty) {
        (_, Type::Int, Type::Int) => Plan::Plain(Type::Int),
        (_, Type::Int | Type::Decimal, Type::Int | Type::Decimal) => Plan::Decimals,
        (Add | Subtract, Type::Money(one), Type::Money(_)) => Plan::Plain(Type::Money(*one)),
        (Add | Subtract, Type::Duration, Type::Duration) => Plan::Plain(Type::Duration),
        (Multiply, Type::Money(one), Type::Int | Type::Decimal) | (Multiply, Type::Int | Type::Decimal, Type::Money(one)) => {
            Plan::Plain(Type::Money(*one))
        }
        (Multiply, Type::Duration, Type::Int) | (Multiply, Type::Int, Type::Duration) => Plan::Plain(Type::Duration),
        (Add | Subtract, Type::Time, Type::Duration) => Plan::Plain(Type::Time),
        (Add, Type::Duration, Type::Time) => Plan::Exchanged(Type::Time),
        (Subtract, Type::Time, Type::Time) | (Subtract, Type::Date, Type::Date) => Plan::Plain(Type::Duration),
        (Add | Subtract, Type::Date, Type::Duration) if may_be_days(right) => Plan::Plain(Type::Date),
        (Add, Type::Duration, Type::Date) if may_be_days(left) => Plan::Exchanged(Type::Date),
        _ => Plan::None,
    }
}

/// Whether a duration may be a whole number of days: one that is written can be seen not to be.
fn may_be_days(duration: &typed::Expr) -> bool {
    match &duration.kind {
        ExprKind::Const(Value::Duration(length)) => {
            let day = SignedDuration::from_hours(24).as_nanos();
            length.as_nanos().checked_rem(day) == Some(0)
        }
        _ => true,
    }
}

fn as_decimal(found: typed::Expr) -> typed::Expr {
    if found.ty == Type::Int { to_decimal(found) } else { found }
}
