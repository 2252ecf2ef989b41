//! `if … then … else`, and what branches have in common.

use super::literal::optional;
use super::provenance::joined;
use super::scope::{Binding, Place};
use super::{Checked, Checker};
use crate::diagnostic::codes::{BranchTypes, Thing};
use crate::typed::{self, ExprKind, Type};
use agentc_grammar::ast;
use agentc_grammar::span::Span;

/// A branch: the names bound in it and its value.
pub(super) type Branch<'e> = (Vec<Binding>, &'e ast::Expr);

impl Checker<'_, '_> {
    /// `if condition then a else b`
    pub(super) fn if_then(
        &mut self,
        condition: &ast::Expr,
        then: &ast::Expr,
        otherwise: &ast::Expr,
        span: Span,
        hint: Option<&Type>,
    ) -> Checked<typed::Expr> {
        if self.here.scope.place == Place::Constant {
            return Err(self.not_here(Thing::Operator, span));
        }
        let condition = self.expect(condition, &Type::Bool);
        let branches = self.branches(&[(Vec::new(), then), (Vec::new(), otherwise)], hint);
        let (condition, (branches, ty)) = (condition?, branches?);
        let provenance = condition.provenance | joined(&branches);
        let mut branches = branches.into_iter();
        let (Some(then), Some(otherwise)) = (branches.next(), branches.next()) else { return Err(super::Reported(())) };
        Ok(self.node(ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)), ty, provenance, span))
    }

    /// The values of branches, all of one type: those first whose type stands in themselves, then those that follow it.
    pub(super) fn branches(&mut self, branches: &[Branch<'_>], hint: Option<&Type>) -> Checked<(Vec<typed::Expr>, Type)> {
        let mut target = hint.cloned();
        let mut values: Vec<(usize, Checked<typed::Expr>)> = Vec::with_capacity(branches.len());
        for following in [false, true] {
            for (at, (bindings, value)) in branches.iter().enumerate() {
                let follows = self.binding(bindings.clone(), |checker| checker.follows(value));
                if follows == following {
                    let found = self.binding(bindings.clone(), |checker| checker.infer(value, target.as_ref()));
                    if target.is_none() {
                        target = found.as_ref().ok().map(|found| found.ty.clone());
                    }
                    values.push((at, found));
                }
            }
        }
        values.sort_by_key(|(at, _)| *at);
        let values: Vec<typed::Expr> = values.into_iter().map(|(_, value)| value).collect::<Checked<_>>()?;
        let mut common: Option<(Type, typed::Loc)> = None;
        for value in &values {
            common = Some(match common {
                None => (value.ty.clone(), value.loc),
                Some((ty, loc)) => match join(&ty, &value.ty) {
                    Some(ty) => (ty, loc),
                    None => {
                        let (first, other) = ((ty, loc), (value.ty.clone(), value.loc));
                        return Err(self.report(BranchTypes { first, other }));
                    }
                },
            });
        }
        let ty = common.map_or(Type::Bool, |(ty, _)| ty);
        let values = values.into_iter().map(|value| self.coerce(value, &ty)).collect::<Checked<Vec<_>>>()?;
        Ok((values, ty))
    }
}

/// The type that both can be, if there is one.
fn join(one: &Type, other: &Type) -> Option<Type> {
    match (one, other) {
        _ if one == other => Some(one.clone()),
        (Type::Int, Type::Decimal) | (Type::Decimal, Type::Int) => Some(Type::Decimal),
        (Type::Optional(inner), plain) | (plain, Type::Optional(inner)) if **inner == *plain => Some(optional(plain.clone())),
        _ => None,
    }
}
