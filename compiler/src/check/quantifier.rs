//! The bounded loops: `any`, `all`, `count`, `sum`, `min`, `max`, `first`, and `all … in zip(…)`.

use super::compare::is_ordered;
use super::literal::{optional, plain};
use super::scope::Binding;
use super::{Checked, Checker};
use crate::diagnostic::codes::{BadLoop, LoopFault, NotAList, Thing, Unordered};
use crate::typed::{self, ExprKind, Provenance, Quantifier, Type};
use agentc_grammar::ast::{self, Name};
use agentc_grammar::span::{Span, Spanned};

impl Checker<'_, '_> {
    /// A loop over one list, or two in step.
    pub(super) fn quantified(
        &mut self,
        op: Spanned<ast::Quantifier>,
        binders: &[Name],
        over: &[ast::Expr],
        body: &ast::Expr,
        span: Span,
        hint: Option<&Type>,
    ) -> Checked<typed::Expr> {
        if self.here.scope.place == super::scope::Place::Constant {
            return Err(self.not_here(Thing::Loop, span));
        }
        match (over, binders) {
            ([xs, ys], [x, y]) if op.node == ast::Quantifier::All => self.all_zip((x, y), (xs, ys), body, span),
            ([_, _], _) if op.node != ast::Quantifier::All => Err(self.bad_loop(LoopFault::ZipOutsideAll, op.span)),
            ([_, _], _) => Err(self.bad_loop(LoopFault::Binders { wanted: 2, found: binders.len() }, op.span)),
            ([xs], [x]) => self.over_one(op.node, x, xs, body, span, hint),
            _ => Err(self.bad_loop(LoopFault::Binders { wanted: 1, found: binders.len() }, op.span)),
        }
    }

    fn over_one(
        &mut self,
        op: ast::Quantifier,
        binder: &Name,
        over: &ast::Expr,
        body: &ast::Expr,
        span: Span,
        hint: Option<&Type>,
    ) -> Checked<typed::Expr> {
        let walked = self.walked(over);
        let (binding, item) = self.bind(binder, &walked);
        let local = binding.local;
        let wanted = match op {
            ast::Quantifier::Any | ast::Quantifier::All | ast::Quantifier::Count | ast::Quantifier::First => Some(Type::Bool),
            ast::Quantifier::Sum | ast::Quantifier::Min | ast::Quantifier::Max => None,
        };
        let body = self.binding(vec![binding], |checker| match &wanted {
            Some(wanted) => checker.expect(body, wanted),
            None => checker.infer(body, hint.map(plain)).and_then(|body| checker.needs_value(body)),
        });
        let (walked, body, item) = (walked?.0, body?, item?);
        let (op, ty) = match op {
            ast::Quantifier::Any => (Quantifier::Any, Type::Bool),
            ast::Quantifier::All => (Quantifier::All, Type::Bool),
            ast::Quantifier::Count => (Quantifier::Count, Type::Int),
            ast::Quantifier::First => (Quantifier::First, optional(item)),
            ast::Quantifier::Sum => {
                if !matches!(body.ty, Type::Int | Type::Decimal | Type::Money(_) | Type::Duration) {
                    return Err(self.bad_loop(LoopFault::NoSum(body.ty), body.loc.span));
                }
                (Quantifier::Sum, body.ty.clone())
            }
            ast::Quantifier::Min => (Quantifier::Min, self.extreme(&body)?),
            ast::Quantifier::Max => (Quantifier::Max, self.extreme(&body)?),
        };
        let provenance = walked.provenance | body.provenance;
        Ok(self.node(ExprKind::Quantified(op, local, Box::new(walked), Box::new(body)), ty, provenance, span))
    }

    /// The type of the least or greatest value.
    fn extreme(&mut self, body: &typed::Expr) -> Checked<Type> {
        if is_ordered(&body.ty) {
            return Ok(optional(body.ty.clone()));
        }
        let (ty, loc) = (body.ty.clone(), body.loc);
        let op = crate::diagnostic::codes::Operator(ast::BinaryOp::Less);
        Err(self.report(Unordered { op, ty, loc }))
    }

    fn all_zip(
        &mut self,
        binders: (&Name, &Name),
        over: (&ast::Expr, &ast::Expr),
        body: &ast::Expr,
        span: Span,
    ) -> Checked<typed::Expr> {
        let xs = self.zipped(over.0);
        let ys = self.zipped(over.1);
        let (x, _) = self.bind(binders.0, &xs);
        let (y, _) = self.bind(binders.1, &ys);
        let binders = (x.local, y.local);
        let body = self.binding(vec![x, y], |checker| checker.expect(body, &Type::Bool));
        let (xs, ys, body) = (xs?.0, ys?.0, body?);
        let provenance = xs.provenance | ys.provenance | body.provenance;
        let all = ExprKind::AllZip { binders, over: (Box::new(xs), Box::new(ys)), body: Box::new(body) };
        Ok(self.node(all, Type::Bool, provenance, span))
    }

    /// What a loop walks, and the type of its members.
    fn walked(&mut self, over: &ast::Expr) -> Checked<(typed::Expr, Type)> {
        let over = self.infer(over, None)?;
        let over = self.needs_value(over)?;
        let item = match &over.ty {
            Type::List(item) | Type::Set(item) | Type::Map(_, item) => (**item).clone(),
            _ => {
                let (found, loc) = (over.ty, over.loc);
                return Err(self.report(NotAList { found, loc }));
            }
        };
        Ok((over, item))
    }

    /// A list: only lists have an order in which they can be walked in step.
    fn zipped(&mut self, over: &ast::Expr) -> Checked<(typed::Expr, Type)> {
        let (over, item) = self.walked(over)?;
        if matches!(over.ty, Type::List(_)) {
            return Ok((over, item));
        }
        let loc = over.loc;
        Err(self.report(BadLoop { fault: LoopFault::ZipNeedsLists(over.ty), loc }))
    }

    fn bind(&mut self, binder: &Name, walked: &Checked<(typed::Expr, Type)>) -> (Binding, Checked<Type>) {
        let local = self.fresh_local();
        let (ty, provenance) = match walked {
            Ok((over, item)) => (Ok(item.clone()), over.provenance),
            Err(reported) => (Err(*reported), Provenance::empty()),
        };
        (Binding { name: binder.node.clone(), local, ty: ty.clone().ok(), provenance }, ty)
    }

    /// Does something with names bound.
    pub(super) fn binding<T>(&mut self, bindings: Vec<Binding>, act: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.here.locals.len();
        self.here.locals.extend(bindings);
        let done = act(self);
        self.here.locals.truncate(before);
        done
    }

    fn bad_loop(&mut self, fault: LoopFault, span: Span) -> super::Reported {
        let loc = self.loc(span);
        self.report(BadLoop { fault, loc })
    }
}
