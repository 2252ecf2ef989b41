//! Completes the resolved declarations: what verbs change and how they are undone, every rule of every job, tests and proofs.

mod approvers;
mod gates;
mod jobs;
mod limits;
mod naming;
mod proofs;
mod rules;
mod scenarios;
mod targets;
mod unfold;
mod verbs;

#[cfg(test)]
mod tests;

use crate::check::Checker;
use crate::diagnostic::codes::{NameKind, NotPositive, UnknownName};
use crate::diagnostic::{Coded, Problem, Sink, suggest};
use crate::hir::Hir;
use crate::resolve::loc;
use crate::typed::{FileId, JobId, RecordId, Rule, Typed, VerbId};
use agentc_grammar::ast::{self, Name};
use agentc_grammar::span::Spanned;
use std::collections::BTreeSet;

/// Checks every expression of the policy and puts the typed policy together. Where an error was reported, the result is good for the
/// words of diagnostics only.
pub(crate) fn complete(hir: Hir<'_>, sink: &mut Sink) -> Typed {
    let mut completer = Completer { hir: &hir, checker: Checker::new(&hir, sink), included: BTreeSet::new() };
    let verbs = completer.verbs();
    let jobs: Vec<jobs::Completed> = completer.jobs();
    let tests = completer.tests(&jobs);
    let proofs = completer.proofs(&jobs);
    let uses = completer.checker.finish();

    let mut typed = hir.typed;
    for (decl, completed) in typed.verbs.iter_mut().zip(verbs) {
        decl.changes = completed.changes;
        decl.undo = completed.undo;
    }
    for (decl, body) in typed.fns.iter_mut().zip(uses.bodies) {
        if let Some(body) = body {
            decl.body = body;
        }
    }
    for (decl, completed) in typed.jobs.iter_mut().zip(jobs) {
        completed.into_job(decl);
    }
    typed.lets = uses.lets;
    typed.tests = tests;
    typed.proofs = proofs;
    typed
}

/// The declarations, and the checker of their expressions.
struct Completer<'a, 'h> {
    hir: &'h Hir<'a>,
    checker: Checker<'a, 'h>,
    /// The rule sets that some job includes.
    included: BTreeSet<&'a str>,
}

impl<'a, 'h> Completer<'a, 'h> {
    fn report<P: Problem + Coded + 'static>(&mut self, problem: P) {
        self.checker.report(problem);
    }

    /// The thing of that name, or an error with the nearest name there is.
    fn named<T>(
        &mut self,
        kind: NameKind,
        file: FileId,
        name: &Name,
        find: impl FnOnce(&'h Hir<'a>) -> Option<T>,
        known: impl FnOnce(&'h Hir<'a>) -> Vec<&'h str>,
    ) -> Option<T> {
        let found = find(self.hir);
        if found.is_none() {
            let module = crate::resolve::declaring(self.hir.library, kind, &name.node);
            let nearest = suggest::nearest(&name.node, known(self.hir)).map(str::to_owned);
            self.report(UnknownName { kind, name: name.node.clone(), loc: loc(file, name.span), nearest, module });
        }
        found
    }

    fn record(&mut self, file: FileId, name: &Name) -> Option<RecordId> {
        self.named(
            NameKind::Record,
            file,
            name,
            |hir| hir.names.records.get(&name.node).copied(),
            |hir| hir.names.records.keys().map(String::as_str).collect(),
        )
    }

    fn role(&mut self, file: FileId, name: &Name) -> Option<crate::typed::RoleId> {
        self.named(
            NameKind::Role,
            file,
            name,
            |hir| hir.names.roles.get(&name.node).copied(),
            |hir| hir.names.roles.keys().map(String::as_str).collect(),
        )
    }

    fn roles(&mut self, file: FileId, names: &[Name]) -> Vec<crate::typed::RoleId> {
        names.iter().filter_map(|name| self.role(file, name)).collect()
    }

    fn job(&mut self, file: FileId, name: &Name) -> Option<JobId> {
        self.named(
            NameKind::Job,
            file,
            name,
            |hir| hir.names.jobs.get(&name.node).copied(),
            |hir| hir.names.jobs.keys().map(String::as_str).collect(),
        )
    }

    fn verb(&mut self, file: FileId, path: &ast::Path) -> Option<VerbId> {
        crate::resolve::verb(self.hir, path, file, None, self.checker.problems())
    }

    /// The index of the rule of that name.
    fn rule(&mut self, kind: NameKind, file: FileId, name: &Name, rules: &[Rule]) -> Option<u32> {
        let found = (0_u32..).zip(rules).find(|(_, rule)| rule.name == name.node);
        if let Some((index, _)) = found {
            return Some(index);
        }
        let nearest = suggest::nearest(&name.node, rules.iter().map(|rule| rule.name.as_str())).map(str::to_owned);
        self.report(UnknownName { kind, name: name.node.clone(), loc: loc(file, name.span), nearest, module: None });
        None
    }

    /// A length of time in nanoseconds, which must be more than nothing.
    fn positive(&mut self, what: &'static str, file: FileId, duration: &Spanned<ast::Duration>) -> i64 {
        if duration.node.nanoseconds <= 0 {
            self.report(NotPositive { what, least: "1s", loc: loc(file, duration.span) });
        }
        duration.node.nanoseconds
    }
}
