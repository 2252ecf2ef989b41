//! `not`, `and`, `or`, `trusting claim`, and the dispatch of operators of two operands.

use super::provenance::joined;
use super::scope::Place;
use super::{Checked, Checker};
use crate::diagnostic::codes::{Division, NothingToTrust, Thing, TrustingUntrusted};
use crate::typed::{self, ExprKind, Provenance, Type};
use agentc_grammar::ast::{self, BinaryOp};
use agentc_grammar::span::{Span, Spanned};

impl Checker<'_, '_> {
    /// A condition, negated for `unless` and `not`.
    pub(super) fn guard(&mut self, condition: &ast::Expr, negated: bool) -> Checked<typed::Expr> {
        let condition = self.expect(condition, &Type::Bool)?;
        if !negated {
            return Ok(condition);
        }
        let (provenance, loc) = (condition.provenance, condition.loc);
        Ok(typed::Expr { kind: ExprKind::Not(Box::new(condition)), ty: Type::Bool, provenance, loc })
    }

    /// All of these conditions; `None` where there are none.
    pub(super) fn all_of(&mut self, mut conditions: Vec<typed::Expr>) -> Checked<Option<typed::Expr>> {
        let Some(last) = conditions.pop() else { return Ok(None) };
        let Some(first) = conditions.first() else { return Ok(Some(last)) };
        // The conditions may stand in two files (a rule set's and a job's); the last one is the rule's own.
        let span = if first.loc.file == last.loc.file { first.loc.span.to(last.loc.span) } else { last.loc.span };
        let loc = typed::Loc { file: last.loc.file, span };
        conditions.push(last);
        let provenance = joined(&conditions);
        Ok(Some(typed::Expr { kind: ExprKind::And(conditions), ty: Type::Bool, provenance, loc }))
    }

    /// `a and b`, `a or b`
    pub(super) fn connective(
        &mut self,
        operands: &[ast::Expr],
        form: fn(Vec<typed::Expr>) -> ExprKind,
        span: Span,
    ) -> Checked<typed::Expr> {
        let operands: Vec<_> = operands.iter().map(|operand| self.expect(operand, &Type::Bool)).collect();
        let operands = operands.into_iter().collect::<Checked<Vec<_>>>()?;
        let provenance = joined(&operands);
        Ok(self.node(form(operands), Type::Bool, provenance, span))
    }

    /// `trusting claim x`
    pub(super) fn trusting(&mut self, inner: &ast::Expr, span: Span, hint: Option<&Type>) -> Checked<typed::Expr> {
        let inner = self.infer(inner, hint)?;
        let loc = self.loc(span);
        if inner.provenance.contains(Provenance::UNTRUSTED) {
            return Err(self.report(TrustingUntrusted { loc }));
        }
        if !inner.provenance.contains(Provenance::CLAIM) {
            self.warn(NothingToTrust { loc });
        }
        let provenance = inner.provenance.difference(Provenance::CLAIM) | Provenance::TRUSTED_CLAIM;
        Ok(typed::Expr { provenance, loc, ..inner })
    }

    /// An operator of two operands.
    pub(super) fn binary(
        &mut self,
        op: Spanned<BinaryOp>,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        hint: Option<&Type>,
    ) -> Checked<typed::Expr> {
        if self.here.scope.place == Place::Constant {
            return Err(self.not_here(Thing::Operator, span));
        }
        match op.node {
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual => self.comparison(op, left, right, span),
            BinaryOp::In => self.membership(left, right, span),
            BinaryOp::NotIn => {
                let inside = self.membership(left, right, span)?;
                let provenance = inside.provenance;
                Ok(self.node(ExprKind::Not(Box::new(inside)), Type::Bool, provenance, span))
            }
            BinaryOp::Matches => self.matches(left, right, span),
            BinaryOp::Under => self.under(left, right, span),
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply => self.arithmetic(op, left, right, span, hint),
            BinaryOp::Divide => {
                let left = self.infer(left, None);
                let right = self.infer(right, None);
                let (left, _) = (left?, right?);
                let name = super::field::module(&left.ty).map(|module| format!("{module}.divide"));
                let function = name.and_then(|name| self.hir.library.function(&name)).map(|function| function.name);
                let loc = self.loc(span);
                Err(self.report(Division { function, left: left.loc, loc }))
            }
            BinaryOp::Coalesce => self.coalesce(left, right, span, hint),
        }
    }
}
