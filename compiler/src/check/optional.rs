//! `x ?? default` and `x is absent`.

use super::convert::to_optional;
use super::literal::plain;
use super::{Checked, Checker};
use crate::diagnostic::codes::{NeverAbsent, Thing};
use crate::typed::{self, ExprKind, PastPart, Provenance, Type};
use agentc_grammar::ast::{self, HistoryKind};
use agentc_grammar::span::Span;

impl Checker<'_, '_> {
    /// `left ?? right`
    pub(super) fn coalesce(
        &mut self,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        hint: Option<&Type>,
    ) -> Checked<typed::Expr> {
        let left = self.infer(left, hint);
        let wanted = left.as_ref().ok().map(|left| plain(&left.ty).clone());
        let right = self.infer(right, wanted.as_ref().or(hint));
        let (left, right) = (left?, right?);
        self.may_be_absent(&left);
        let inner = plain(&left.ty).clone();
        let provenance = left.provenance | right.provenance;
        // A default that may itself be absent leaves the whole optional: `a ?? b ?? c`.
        let (left, right, ty) = match &right.ty {
            Type::Optional(_) => {
                let ty = Type::Optional(Box::new(inner));
                let right = self.coerce(right, &ty)?;
                (to_optional(left), right, ty)
            }
            _ => {
                let right = self.coerce(right, &inner)?;
                (left, right, inner)
            }
        };
        Ok(self.node(ExprKind::Coalesce(Box::new(left), Box::new(right)), ty, provenance, span))
    }

    /// `x is absent`, `x is not absent`
    pub(super) fn is_absent(&mut self, inner: &ast::Expr, negated: bool, span: Span) -> Checked<typed::Expr> {
        if self.here.scope.place == super::scope::Place::Constant {
            return Err(self.not_here(Thing::Operator, span));
        }
        let inner = match &inner.kind {
            ast::ExprKind::History { what, targets, filter } if what.node == HistoryKind::Last => {
                self.last(targets, filter.as_deref(), |_, _| Ok((PastPart::Exists, Type::Bool, Provenance::empty())), inner.span)?
            }
            _ => self.infer(inner, None)?,
        };
        self.may_be_absent(&inner);
        let provenance = inner.provenance;
        let absent = self.node(ExprKind::IsAbsent(Box::new(inner)), Type::Bool, provenance, span);
        if !negated {
            return Ok(absent);
        }
        Ok(self.node(ExprKind::Not(Box::new(absent)), Type::Bool, provenance, span))
    }

    /// Warns of a value that is always there: it is not optional, and no record has to be found for it.
    fn may_be_absent(&mut self, value: &typed::Expr) {
        let found = matches!(value.ty, Type::Optional(_)) || value.provenance.contains(Provenance::RECORD);
        if !found {
            let loc = value.loc;
            self.warn(NeverAbsent { loc });
        }
    }
}
