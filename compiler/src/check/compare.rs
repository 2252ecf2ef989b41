//! Comparisons: two values of one type.

use super::convert::{as_key, to_decimal};
use super::{Checked, Checker, Reported};
use crate::diagnostic::codes::{Incomparable, Mismatch, MixedCurrencies, Operator, OptionalUsed, Unordered};
use crate::typed::{self, CompareOp, ExprKind, Type};
use agentc_grammar::ast::{self, BinaryOp};
use agentc_grammar::span::{Span, Spanned};
use agentc_runtime::library::Library;
use agentc_runtime::value::Value;

impl Checker<'_, '_> {
    /// `a == b`, `a < b` and so on.
    pub(super) fn comparison(
        &mut self,
        op: Spanned<BinaryOp>,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Checked<typed::Expr> {
        let Some((compare, ordered)) = comparison(op.node) else { return Err(Reported(())) };
        let (left, right) = self.pair(left, right)?;
        let (left, right) = self.one_type(Operator(op.node), left, right)?;
        let fits = if ordered { is_ordered(&left.ty) } else { is_equatable(&left.ty) };
        if !fits {
            let loc = self.loc(span);
            return Err(self.report(Unordered { op: Operator(op.node), ty: left.ty, loc }));
        }
        let provenance = left.provenance | right.provenance;
        Ok(self.node(ExprKind::Compare(compare, Box::new(left), Box::new(right)), Type::Bool, provenance, span))
    }

    /// Two operands, each guided by the other: the one whose type stands in itself first.
    pub(super) fn pair(&mut self, left: &ast::Expr, right: &ast::Expr) -> Checked<(typed::Expr, typed::Expr)> {
        if self.follows(left) && !self.follows(right) {
            let right = self.infer(right, None);
            let left = self.infer(left, right.as_ref().ok().map(|right| &right.ty));
            return Ok((left?, right?));
        }
        let left = self.infer(left, None);
        let right = self.infer(right, left.as_ref().ok().map(|left| &left.ty));
        Ok((left?, right?))
    }

    /// Whether an expression takes its type from what it stands beside.
    pub(super) fn follows(&mut self, expr: &ast::Expr) -> bool {
        match &expr.kind {
            ast::ExprKind::Literal(_) | ast::ExprKind::List(_) | ast::ExprKind::Record(_) => true,
            ast::ExprKind::Name(name) => self.is_variant(name),
            ast::ExprKind::Negate(inner) | ast::ExprKind::Trusting(inner) => self.follows(inner),
            ast::ExprKind::If(_, then, otherwise) => self.follows(then) && self.follows(otherwise),
            _ => false,
        }
    }

    /// Both operands at one type. Neither may be absent; an integer beside a decimal becomes one, and a literal beside a key.
    pub(super) fn one_type(
        &mut self,
        op: Operator,
        left: typed::Expr,
        right: typed::Expr,
    ) -> Checked<(typed::Expr, typed::Expr)> {
        let optional = |side: &&typed::Expr| matches!(side.ty, Type::Optional(_));
        // Beside `none`, the other side is what may be absent.
        let is_none = |side: &typed::Expr| side.kind == ExprKind::Const(Value::None);
        let absent = [&left, &right].into_iter().filter(optional).min_by_key(|side| is_none(side));
        if let Some(side) = absent {
            let (found, loc) = (side.ty.clone(), side.loc);
            return Err(self.report(OptionalUsed { found, loc }));
        }
        match (&left.ty, &right.ty) {
            (one, other) if one == other => Ok((left, right)),
            (Type::Int, Type::Decimal) => Ok((to_decimal(left), right)),
            (Type::Decimal, Type::Int) => Ok((left, to_decimal(right))),
            (key @ Type::Key(_), other) if is_literal(&right) && self.keys_agree(key, other) => {
                let key = key.clone();
                Ok((left, as_key(right, &key)))
            }
            (other, key @ Type::Key(_)) if is_literal(&left) && self.keys_agree(key, other) => {
                let key = key.clone();
                Ok((as_key(left, &key), right))
            }
            (Type::Money(one), Type::Money(other)) => {
                let (loc, beside) = (right.loc, Some(left.loc));
                Err(self.report(MixedCurrencies { left: *one, right: *other, loc, other: beside }))
            }
            _ => Err(self.report(Incomparable { op, left: (left.ty, left.loc), right: (right.ty, right.loc) })),
        }
    }

    /// `text matches "pattern"`
    pub(super) fn matches(&mut self, text: &ast::Expr, pattern: &ast::Expr, span: Span) -> Checked<typed::Expr> {
        let text = self.expect(text, &Type::Text);
        let pattern = self.pattern(pattern);
        let (text, pattern) = (text?, pattern?);
        let provenance = text.provenance;
        Ok(self.node(ExprKind::Matches(Box::new(text), pattern), Type::Bool, provenance, span))
    }

    /// The pattern of `matches`: a text that is written there.
    fn pattern(&mut self, pattern: &ast::Expr) -> Checked<String> {
        let loc = self.loc(pattern.span);
        let ast::ExprKind::Literal(ast::Literal::Text(content)) = &pattern.kind else {
            let why = "it must be written here, in quotes".to_owned();
            return Err(self.report(crate::diagnostic::codes::MalformedPattern { why, loc }));
        };
        match agentc_runtime::pattern::Pattern::new(content) {
            Ok(_) => Ok(content.clone()),
            Err(error) => Err(self.report(crate::diagnostic::codes::MalformedPattern { why: error.to_string(), loc })),
        }
    }

    /// `path under "/srv/data"`
    pub(super) fn under(&mut self, path: &ast::Expr, base: &ast::Expr, span: Span) -> Checked<typed::Expr> {
        let path = self.expect(path, &Type::Path);
        let base = self.expect(base, &Type::Path);
        let (path, base) = (path?, base?);
        match function(self.hir.library, "path.under") {
            Some(function) => self.apply(function, vec![path, base], span),
            None => {
                let loc = self.loc(span);
                Err(self.report(Mismatch { expected: Type::Bool, found: path.ty, loc }))
            }
        }
    }
}

fn is_literal(expr: &typed::Expr) -> bool {
    matches!(expr.kind, ExprKind::Const(_))
}

fn function(library: &Library, name: &str) -> Option<typed::LibraryFunction> {
    library.function(name).map(typed::LibraryFunction)
}

/// The comparison that an operator makes, and whether it needs an order.
fn comparison(op: BinaryOp) -> Option<(CompareOp, bool)> {
    Some(match op {
        BinaryOp::Equal => (CompareOp::Equal, false),
        BinaryOp::NotEqual => (CompareOp::NotEqual, false),
        BinaryOp::Less => (CompareOp::Less, true),
        BinaryOp::LessEqual => (CompareOp::LessEqual, true),
        BinaryOp::Greater => (CompareOp::Greater, true),
        BinaryOp::GreaterEqual => (CompareOp::GreaterEqual, true),
        _ => return None,
    })
}

/// Whether values of a type have an order.
pub(super) fn is_ordered(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Int | Type::Decimal | Type::Money(_) | Type::Time | Type::Date | Type::TimeOfDay | Type::Duration | Type::Weekday
    )
}

/// Whether two values of a type can be said to be equal. Records cannot: of a record only the fields that rules read are known; nor can
/// maps, nor what may be absent: two absent values would be equal.
pub(super) fn is_equatable(ty: &Type) -> bool {
    match ty {
        Type::Record(_) | Type::Map(..) | Type::Zoned | Type::Optional(_) => false,
        Type::List(item) | Type::Set(item) => is_equatable(item),
        _ => true,
    }
}
