//! Types, units and provenance: expressions as written become typed expressions.
//!
//! The one entrance is [`Checker`]. Checking an expression gives the typed expression, or [`Reported`]: the proof that at least one
//! error was reported about it, so that whoever builds on the expression stays silent. An expression with an error never reaches
//! [`Typed`](crate::typed::Typed).

mod scope;

pub(crate) use scope::Scope;

use crate::diagnostic::{Coded, Problem, Sink};
use crate::hir::Hir;
use crate::typed::{self, Field, LetUse, LocalId, Type, VerbId};
use agentc_grammar::ast;
use agentc_grammar::span::Span;

/// An error was reported about this; nothing more need be said. Only reporting one makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reported(());

/// What checking gives.
pub(crate) type Checked<T> = Result<T, Reported>;

/// Whether a condition gives authority or takes it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// `allow`, and the rows it shows.
    Allow,
    /// `never`, `gate`, `escalate`, `require`, and the `when` of a `limit`.
    Restriction,
}

/// Where a claim may not stand at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Firm {
    /// What a limit counts by.
    LimitKey,
    /// What a limit adds up, or its bound.
    LimitAmount,
    /// Whose identity must approve.
    Approver,
}

/// Checks expressions against the declarations of a policy.
///
/// `'a` is the life of the syntax and the library, `'h` that of the resolved declarations and of the problems found.
#[derive(Debug)]
pub(crate) struct Checker<'a, 'h> {
    hir: &'h Hir<'a>,
    problems: &'h mut Sink,
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
        Self { hir, problems }
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

    /// Checks an expression that must have this type, or any where none is given. Literals and enum variants take their type from it;
    /// integers become decimals, values optionals, keys and their own types each other where it asks for that.
    pub(crate) fn check(&mut self, expr: &ast::Expr, scope: &Scope, expected: Option<&Type>) -> Checked<typed::Expr> {
        let _ = (expr, scope, expected, self.hir);
        Err(Reported(()))
    }

    /// The condition of a rule: its own guards and those around it, in source order, joined by `and`; `None` where there are none.
    pub(crate) fn condition<'e>(
        &mut self,
        guards: impl IntoIterator<Item = &'e ast::Guard>,
        scope: &Scope,
    ) -> Checked<Option<typed::Expr>> {
        let _ = (guards.into_iter().count(), scope);
        Err(Reported(()))
    }

    /// `showing rows where C`: the name of the row and the condition over it. All verbs of the scope must answer rows of one record.
    pub(crate) fn rows(&mut self, filter: &ast::Expr, scope: &Scope) -> Checked<(LocalId, typed::Expr)> {
        let _ = (filter, scope);
        Err(Reported(()))
    }

    /// `hiding phone, address.street`: paths of field indices from the row's record inwards.
    pub(crate) fn hiding(&mut self, fields: &[ast::Path], scope: &Scope) -> Checked<Vec<Vec<u32>>> {
        let _ = (fields, scope);
        Err(Reported(()))
    }

    /// An entry of `show`: a key that can be looked up shows the record.
    pub(crate) fn shown(&mut self, expr: &ast::Expr, scope: &Scope) -> Checked<typed::Expr> {
        let _ = (expr, scope);
        Err(Reported(()))
    }

    /// The key of a record, as in `changes Order[order]` and `given Order["A-1"]`: one expression for each part of the key, or one of
    /// the record's `Key` type. `at` is the place of the whole. The record need not be fetched by anything.
    pub(crate) fn key(
        &mut self,
        record: typed::RecordId,
        parts: &[ast::Expr],
        at: Span,
        scope: &Scope,
    ) -> Checked<Vec<typed::Expr>> {
        let _ = (record, parts, at, scope);
        Err(Reported(()))
    }

    /// The arguments of a verb, as in `require … : shop.get_order(order: order)`, an `undo` or a test's `call`: each index into its
    /// `params` and the value. Unknown, double and missing ones are errors; `at` is the place of the call.
    pub(crate) fn arguments(
        &mut self,
        verb: VerbId,
        given: &[(ast::Name, ast::Expr)],
        at: Span,
        scope: &Scope,
    ) -> Checked<Vec<(u32, typed::Expr)>> {
        let _ = (verb, given, at, scope);
        Err(Reported(()))
    }

    /// Named values against declared fields, as in a test's `input { … }` or `given Order["A-1"] { … }`: each index and the value.
    /// `owner` says whose fields they are, `the input of triage_refunds`; missing ones are an error unless the scope is partial.
    pub(crate) fn members(
        &mut self,
        declared: &[Field],
        owner: &str,
        given: &[(ast::Name, ast::Expr)],
        at: Span,
        scope: &Scope,
    ) -> Checked<Vec<(u32, typed::Expr)>> {
        let _ = (declared, owner, given, at, scope);
        Err(Reported(()))
    }

    /// Reports claims and values written by outsiders that give authority, or take a restriction away, in a rule's condition.
    pub(crate) fn judge(&mut self, condition: &typed::Expr, effect: Effect) {
        let _ = (condition, effect);
    }

    /// Reports claims and values written by outsiders where none may stand.
    pub(crate) fn forbid_claims(&mut self, value: &typed::Expr, place: Firm) {
        let _ = (value, place);
    }

    /// Checks the functions and `let`s that nothing used, and gives what was brought about. To be called last, and only where the
    /// sink has no errors are the ids in the typed expressions good.
    pub(crate) fn finish(self) -> Uses {
        Uses::default()
    }
}
