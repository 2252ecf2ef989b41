//! Types, units and provenance: expressions as written become typed expressions.
//!
//! The one entrance is [`Checker`]. Checking an expression gives the typed expression, or [`Reported`]: the proof that at least one
//! error was reported about it, so that whoever builds on the expression stays silent. An expression with an error never reaches
//! [`Typed`](crate::typed::Typed).

mod arithmetic;
mod branch;
mod call;
mod cases;
mod compare;
mod constant;
mod convert;
mod field;
mod history;
mod lets;
mod library;
mod literal;
mod logic;
mod lookup;
mod matching;
mod member;
mod membership;
mod name;
mod optional;
mod provenance;
mod quantifier;
mod rows;
mod scope;
#[cfg(test)]
mod tests;
mod trust;
mod zone;

pub(crate) use field::module as module_of;
pub(crate) use scope::Scope;
pub(crate) use trust::{Effect, Firm};

use crate::diagnostic::codes::NestedTooDeep;
use crate::diagnostic::{Coded, Problem, Sink};
use crate::hir::{Hir, UNRESOLVED};
use crate::typed::{self, ExprKind, LetUse, Loc, LocalId, Provenance, Type};
use agentc_grammar::ast;
use agentc_grammar::span::Span;
use agentc_runtime::value::Value;
use scope::Surroundings;

/// How many levels one expression may have, its `let`s and functions counted in: the evaluators' stacks hold as many.
const MAX_LEVELS: u32 = 256;

/// An error was reported about this; nothing more need be said. Only reporting one makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reported(());

/// What checking gives.
pub(crate) type Checked<T> = Result<T, Reported>;

/// Checks expressions against the declarations of a policy.
///
/// `'a` is the life of the syntax and the library, `'h` that of the resolved declarations and of the problems found.
#[derive(Debug)]
pub(crate) struct Checker<'a, 'h> {
    hir: &'h Hir<'a>,
    problems: &'h mut Sink,
    here: Surroundings,
    lets: lets::Lets<'a>,
    fns: Vec<call::Body>,
    next_local: u32,
    /// How deep the expression being checked is nested, and the deepest yet seen inside the `let` or function being checked.
    level: u32,
    deepest: u32,
    too_deep_said: bool,
}

/// What the expressions brought about.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// The bodies of the functions, by [`FnId`](typed::FnId); `None` where one has an error.
    pub(crate) bodies: Vec<Option<typed::Expr>>,
    /// The uses of `let`s.
    pub(crate) lets: Vec<LetUse>,
}

impl<'a, 'h> Checker<'a, 'h> {
    /// A checker over the declarations; problems go to the sink. `let`s of jobs and rule sets are found in the syntax here, and two of
    /// one name in one job or rule set are reported here.
    pub(crate) fn new(hir: &'h Hir<'a>, problems: &'h mut Sink) -> Self {
        let params = hir.typed.fns.iter().flat_map(|function| &function.params);
        let next_local = params.map(|(local, ..)| local.0.saturating_add(1)).max().unwrap_or(0);
        let lets = lets::Lets::collect(hir, problems);
        let fns = hir.syntax.fns.iter().map(|_| call::Body::Unchecked).collect();
        let here = Surroundings::default();
        Self { hir, problems, here, lets, fns, next_local, level: 0, deepest: 0, too_deep_said: false }
    }

    /// Where problems go.
    pub(crate) fn problems(&mut self) -> &mut Sink {
        self.problems
    }

    /// Reports a problem that is an error.
    pub(crate) fn report<P: Problem + Coded + 'static>(&mut self, problem: P) -> Reported {
        self.problems.report(problem);
        Reported(())
    }

    /// Reports a problem that is a warning.
    fn warn<P: Problem + Coded + 'static>(&mut self, problem: P) {
        self.problems.report(problem);
    }

    /// Checks an expression that must have this type, or any where none is given. Literals and enum variants take their type from it;
    /// integers become decimals, values optionals, keys and their own types each other where it asks for that.
    pub(crate) fn check(&mut self, expr: &ast::Expr, scope: &Scope, expected: Option<&Type>) -> Checked<typed::Expr> {
        self.within(scope, |checker| match expected {
            Some(ty) => checker.expect(expr, ty),
            None => checker.infer(expr, None),
        })
    }

    /// The condition of a rule: its own guards and those around it, in source order, joined by `and`; `None` where there are none.
    pub(crate) fn condition<'e>(
        &mut self,
        guards: impl IntoIterator<Item = &'e ast::Guard>,
        scope: &Scope,
    ) -> Checked<Option<typed::Expr>> {
        self.within(scope, |checker| {
            let conditions: Vec<Checked<typed::Expr>> =
                guards.into_iter().map(|guard| checker.guard(&guard.condition, guard.negated)).collect();
            checker.all_of(conditions.into_iter().collect::<Checked<_>>()?)
        })
    }

    /// Checks the functions and `let`s that nothing used, and gives what was brought about. To be called last, and only where the
    /// sink has no errors are the ids in the typed expressions good.
    pub(crate) fn finish(mut self) -> Uses {
        self.check_unused_lets();
        let bodies = self.bodies();
        Uses { bodies, lets: self.lets.uses }
    }

    /// Does something where other names are in reach.
    fn within<T>(&mut self, scope: &Scope, act: impl FnOnce(&mut Self) -> T) -> T {
        let there = Surroundings { scope: scope.clone(), past: history::reversed(scope), ..Surroundings::default() };
        let here = std::mem::replace(&mut self.here, there);
        let done = act(self);
        self.here = here;
        done
    }

    /// Checks against a type.
    fn expect(&mut self, expr: &ast::Expr, ty: &Type) -> Checked<typed::Expr> {
        let found = self.infer(expr, Some(ty))?;
        self.coerce(found, ty)
    }

    /// Finds the type of an expression. The hint is the type that the surroundings would like: literals and enum variants follow it,
    /// nothing is converted to it.
    fn infer(&mut self, expr: &ast::Expr, hint: Option<&Type>) -> Checked<typed::Expr> {
        if self.level >= MAX_LEVELS {
            return Err(self.too_deep(expr.span));
        }
        self.level = self.level.saturating_add(1);
        self.deepest = self.deepest.max(self.level);
        let found = self.infer_form(expr, hint);
        self.level = self.level.saturating_sub(1);
        // A declared type that could not be resolved was reported where it is declared.
        found.and_then(|found| if unresolved(&found.ty) { Err(Reported(())) } else { Ok(found) })
    }

    fn infer_form(&mut self, expr: &ast::Expr, hint: Option<&Type>) -> Checked<typed::Expr> {
        use ast::ExprKind as Form;
        let span = expr.span;
        match &expr.kind {
            Form::Literal(literal) => self.literal(literal, false, span, hint),
            Form::Name(name) => self.name(name, span, hint),
            Form::Field(base, field) => self.field(base, field, span, hint),
            Form::Index(base, keys) => self.index(base, keys, span),
            Form::Call(path, args) => self.call(path, args, span),
            Form::History { what, targets, filter } => self.history(*what, targets, filter.as_deref(), span),
            Form::SawUntrusted => self.saw_untrusted(span),
            Form::Trusting(inner) => self.trusting(inner, span, hint),
            Form::Not(inner) => self.guard(inner, true).map(|negated| typed::Expr { loc: self.loc(span), ..negated }),
            Form::Negate(inner) => self.negate(inner, span, hint),
            Form::And(operands) => self.connective(operands, ExprKind::And, span),
            Form::Or(operands) => self.connective(operands, ExprKind::Or, span),
            Form::Binary(op, left, right) => self.binary(*op, left, right, span, hint),
            Form::Range(..) => Err(self.not_a_value(span, crate::diagnostic::codes::NonValue::Range)),
            Form::IsAbsent(inner, negated) => self.is_absent(inner, *negated, span),
            Form::List(members) => self.list(members, span, hint),
            Form::Record(members) => self.record(members, span, hint),
            Form::Tuple(_) => Err(self.not_a_value(span, crate::diagnostic::codes::NonValue::Tuple)),
            Form::If(condition, then, otherwise) => self.if_then(condition, then, otherwise, span, hint),
            Form::Match(subject, arms) => self.matching(subject, arms, span, hint),
            Form::Quantified { op, binders, over, body } => self.quantified(*op, binders, over, body, span, hint),
            Form::InZone(time, zone) => self.in_zone(time, zone, span),
            // The parser has reported it.
            Form::Error => Err(Reported(())),
        }
    }

    fn too_deep(&mut self, span: Span) -> Reported {
        if self.too_deep_said {
            return Reported(());
        }
        self.too_deep_said = true;
        let loc = self.loc(span);
        self.report(NestedTooDeep { levels: MAX_LEVELS, loc })
    }

    /// A place in the file that is being checked.
    fn loc(&self, span: Span) -> Loc {
        Loc { file: self.here.scope.file, span }
    }

    fn node(&self, kind: ExprKind, ty: Type, provenance: Provenance, span: Span) -> typed::Expr {
        typed::Expr { kind, ty, provenance, loc: self.loc(span) }
    }

    fn constant(&self, value: Value, ty: Type, span: Span) -> typed::Expr {
        self.node(ExprKind::Const(value), ty, Provenance::CONST, span)
    }

    fn fresh_local(&mut self) -> LocalId {
        let local = LocalId(self.next_local);
        self.next_local = self.next_local.saturating_add(1);
        local
    }
}

/// Whether a type holds one that could not be resolved.
fn unresolved(ty: &Type) -> bool {
    match ty {
        Type::List(item) | Type::Set(item) | Type::Optional(item) => unresolved(item),
        Type::Map(key, value) => unresolved(key) || unresolved(value),
        other => *other == UNRESOLVED,
    }
}
