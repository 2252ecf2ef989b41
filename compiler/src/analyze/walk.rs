//! Walks expressions with everything they rest on: `let`s and functions of the file, each once.

use crate::typed::{Expr, ExprKind, FnId, LetId, Typed};
use std::collections::BTreeSet;

/// A walk over several expressions of one policy.
#[derive(Debug)]
pub(super) struct Walk<'t> {
    typed: &'t Typed,
    lets: BTreeSet<LetId>,
    fns: BTreeSet<FnId>,
}

impl<'t> Walk<'t> {
    pub(super) fn new(typed: &'t Typed) -> Self {
        Self { typed, lets: BTreeSet::new(), fns: BTreeSet::new() }
    }

    /// Shows every part of the expression, the whole first, and what it uses that no earlier expression of this walk did.
    pub(super) fn over(&mut self, expr: &'t Expr, visit: &mut impl FnMut(&'t Expr)) {
        visit(expr);
        let used = match &expr.kind {
            ExprKind::Let(id) if self.lets.insert(*id) => self.typed.lets.get(id.index()).map(|used| &used.value),
            ExprKind::CallFn(id, _) if self.fns.insert(*id) => self.typed.fns.get(id.index()).map(|decl| &decl.body),
            _ => None,
        };
        if let Some(used) = used {
            self.over(used, visit);
        }
        for operand in expr.kind.operands() {
            self.over(operand, visit);
        }
    }
}
