//! `x in xs` and `x in low..high`.

use super::compare::{is_equatable, is_ordered};
use super::name::Meaning;
use super::{Checked, Checker};
use crate::diagnostic::codes::{EmptyRange, NameKind, NotAList, Operator, UnknownName, Unordered};
use crate::diagnostic::suggest;
use crate::resolve::ROLES;
use crate::typed::{self, ExprKind, Type, Who};
use agentc_grammar::ast::{self, BinaryOp};
use agentc_grammar::span::Span;
use agentc_runtime::value::Value;

const IN: Operator = Operator(BinaryOp::In);

impl Checker<'_, '_> {
    /// `left in right`
    pub(super) fn membership(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Checked<typed::Expr> {
        match &right.kind {
            ast::ExprKind::Range(low, high) => self.in_range(left, low, high, span),
            ast::ExprKind::List(members) if !self.follows(left) => self.in_list(left, right, members, span),
            _ => self.in_value(left, right, span),
        }
    }

    /// `x in [a, b]`: the members follow the left side.
    fn in_list(&mut self, left: &ast::Expr, right: &ast::Expr, members: &[ast::Expr], span: Span) -> Checked<typed::Expr> {
        let left = self.infer(left, None).and_then(|left| self.needs_value(left));
        let Ok(left) = left else {
            // The members may have errors of their own, where they need no hint.
            for member in members.iter().filter(|member| !matches!(member.kind, ast::ExprKind::Name(_))) {
                let _ = self.infer(member, None);
            }
            return left;
        };
        let members: Vec<Checked<typed::Expr>> = members
            .iter()
            .map(|member| {
                let member = self.infer(member, Some(&left.ty))?;
                let (_, member) = self.one_type(IN, typed::Expr { ..left.clone() }, member)?;
                self.coerce(member, &left.ty)
            })
            .collect();
        let members = members.into_iter().collect::<Checked<Vec<_>>>()?;
        self.must_be_equatable(&left)?;
        let provenance = super::provenance::joined(&members);
        let list = self.node(ExprKind::List(members), Type::List(Box::new(left.ty.clone())), provenance, right.span);
        Ok(self.inside(left, list, span))
    }

    /// `x in xs`: a list, a set, or the keys of a map.
    fn in_value(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Checked<typed::Expr> {
        let right = self.infer(right, None).and_then(|right| self.needs_value(right));
        let item = match right.as_ref().map(|right| &right.ty) {
            Ok(Type::List(item) | Type::Set(item) | Type::Map(item, _)) => Ok((**item).clone()),
            Ok(found) => {
                let (found, loc) = (found.clone(), right.as_ref().map_or_else(|_| self.loc(span), |right| right.loc));
                Err(self.report(NotAList { found, loc }))
            }
            Err(reported) => Err(*reported),
        };
        let roles = right.as_ref().is_ok_and(|right| self.holds_roles(right));
        let left = if roles { self.role(left) } else { self.infer(left, item.as_ref().ok()) };
        let (left, right, item) = (left?, right?, item?);
        let stand_in = typed::Expr { ty: item, ..right.clone() };
        let (left, _) = self.one_type(IN, left, stand_in)?;
        self.must_be_equatable(&left)?;
        Ok(self.inside(left, right, span))
    }

    /// Whether a value is the roles of an identity.
    fn holds_roles(&self, value: &typed::Expr) -> bool {
        let ExprKind::Identity(who, at) = value.kind else { return false };
        let typed = &self.hir.typed;
        let fields = match who {
            Who::Agent => &typed.agent,
            Who::User => &typed.user,
        };
        fields.get(at as usize).is_some_and(|field| field.name == ROLES)
    }

    /// What is looked for among somebody's roles. A name or text written there is a declared role: a misspelt one would never be
    /// found, and a `never` that asks for it would silently never apply.
    fn role(&mut self, wanted: &ast::Expr) -> Checked<typed::Expr> {
        let name = match &wanted.kind {
            ast::ExprKind::Literal(ast::Literal::Text(name)) => name,
            ast::ExprKind::Name(name) if self.meaning(name) == Meaning::Other => name,
            _ => return self.infer(wanted, Some(&Type::Text)),
        };
        let roles = &self.hir.names.roles;
        if roles.contains_key(name) {
            return Ok(self.constant(Value::text(name), Type::Text, wanted.span));
        }
        let nearest = suggest::nearest(name, roles.keys().map(String::as_str)).map(str::to_owned);
        let loc = self.loc(wanted.span);
        let module = crate::resolve::declaring(self.hir.library, NameKind::Role, name);
        Err(self.report(UnknownName { kind: NameKind::Role, name: name.clone(), loc, nearest, module }))
    }

    fn inside(&self, left: typed::Expr, right: typed::Expr, span: Span) -> typed::Expr {
        let provenance = left.provenance | right.provenance;
        self.node(ExprKind::In(Box::new(left), Box::new(right)), Type::Bool, provenance, span)
    }

    fn must_be_equatable(&mut self, value: &typed::Expr) -> Checked<()> {
        if is_equatable(&value.ty) {
            return Ok(());
        }
        let (ty, loc) = (value.ty.clone(), value.loc);
        Err(self.report(Unordered { op: IN, ty, loc }))
    }

    /// `x in low..high`
    fn in_range(&mut self, value: &ast::Expr, low: &ast::Expr, high: &ast::Expr, span: Span) -> Checked<typed::Expr> {
        let follows = self.follows(value);
        let (value, low, high) = if follows {
            let (low, high) = self.pair(low, high)?;
            (self.infer(value, Some(&low.ty)), Ok(low), Ok(high))
        } else {
            let value = self.infer(value, None);
            let hint = value.as_ref().ok().map(|value| value.ty.clone());
            let low = self.infer(low, hint.as_ref());
            let high = self.infer(high, hint.as_ref());
            (value, low, high)
        };
        let (value, low, high) = (value?, low?, high?);
        let decimals = [&value, &low, &high].iter().any(|part| part.ty == Type::Decimal);
        let (value, low) = self.one_type(IN, value, low)?;
        let (value, high) = self.one_type(IN, value, high)?;
        let low = if decimals { self.coerce(low, &value.ty)? } else { low };
        if !is_ordered(&value.ty) {
            let (ty, loc) = (value.ty.clone(), value.loc);
            return Err(self.report(Unordered { op: IN, ty, loc }));
        }
        if let (ExprKind::Const(from), ExprKind::Const(to)) = (&low.kind, &high.kind)
            && from > to
            && !matches!(value.ty, Type::TimeOfDay | Type::Weekday)
        {
            let loc = typed::Loc { span: low.loc.span.to(high.loc.span), ..low.loc };
            return Err(self.report(EmptyRange { low: low.loc, high: high.loc, loc }));
        }
        let provenance = value.provenance | low.provenance | high.provenance;
        let range = ExprKind::InRange(Box::new(value), Box::new(low), Box::new(high));
        Ok(self.node(range, Type::Bool, provenance, span))
    }
}
