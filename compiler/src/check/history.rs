//! Earlier calls of the run: `happened`, `failed`, `last`, and `args` and `result` inside their filters.

use super::literal::optional;
use super::provenance::marks;
use super::scope::{Past, Place};
use super::{Checked, Checker, Reported, Scope};
use crate::diagnostic::codes::{NonValue, Owner, ResultFault, ResultUnclear, Thing, UnsharedParameter};
use crate::diagnostic::suggest;
use crate::resolve;
use crate::typed::{self, ArgId, ExprKind, PastPart, Provenance, Type, VerbId};
use agentc_grammar::ast::{self, HistoryKind, Name};
use agentc_grammar::span::{Span, Spanned};

/// The verbs of earlier calls and the filter over them.
type Calls = (Vec<VerbId>, Option<Box<typed::Expr>>);

impl Checker<'_, '_> {
    /// `happened(…)` or `failed(…)`; `last(…)` is only good with a part of it.
    pub(super) fn history(
        &mut self,
        what: Spanned<HistoryKind>,
        targets: &[ast::Target],
        filter: Option<&ast::Expr>,
        span: Span,
    ) -> Checked<typed::Expr> {
        if what.node == HistoryKind::Last {
            return Err(self.not_a_value(span, NonValue::Last));
        }
        let (verbs, filter) = self.earlier(targets, filter, what.node != HistoryKind::Failed, span)?;
        let provenance = Provenance::HISTORY | filter.as_ref().map_or(Provenance::empty(), |filter| filter.provenance);
        Ok(self.node(ExprKind::History(what.node, verbs, filter), Type::Bool, provenance, span))
    }

    /// The verbs and the filter of a question about earlier calls.
    fn earlier(&mut self, targets: &[ast::Target], filter: Option<&ast::Expr>, answered: bool, span: Span) -> Checked<Calls> {
        self.only_in_jobs(Thing::History, span)?;
        if self.here.past.is_some() {
            return Err(self.not_here(Thing::HistoryInFilter, span));
        }
        let file = self.here.scope.file;
        let verbs = resolve::targets(self.hir, targets, file, self.problems).ok_or(Reported(()))?;
        self.here.past = Some(Past { verbs: verbs.clone(), answered });
        let filter = filter.map(|filter| self.expect(filter, &Type::Bool)).transpose();
        self.here.past = None;
        Ok((verbs, filter?.map(Box::new)))
    }

    /// `last(…).result` or `last(…).at`
    pub(super) fn last_part(
        &mut self,
        targets: &[ast::Target],
        filter: Option<&ast::Expr>,
        part: &Name,
        span: Span,
    ) -> Checked<typed::Expr> {
        match part.node.as_str() {
            "at" => self.last(targets, filter, |_, _| Ok((PastPart::At, Type::Time, Provenance::empty())), span),
            "result" => self.last(
                targets,
                filter,
                |checker, verbs| {
                    let (ty, provenance) = checker.result_of(verbs, span)?;
                    Ok((PastPart::Result, ty, provenance))
                },
                span,
            ),
            "args" => Err(self.not_a_value(span, NonValue::Root("args".into()))),
            other => {
                let nearest = suggest::nearest(other, ["args", "at", "result"]).map(str::to_owned);
                Err(self.no_such_field(Owner::Last, part, nearest))
            }
        }
    }

    /// `last(…).args.name`
    pub(super) fn last_arg(
        &mut self,
        targets: &[ast::Target],
        filter: Option<&ast::Expr>,
        name: &Name,
        span: Span,
    ) -> Checked<typed::Expr> {
        self.last(
            targets,
            filter,
            |checker, verbs| {
                let (arg, ty, provenance) = checker.argument_of(verbs, name)?;
                Ok((PastPart::Arg(arg), ty, provenance))
            },
            span,
        )
    }

    /// Something of the last call.
    pub(super) fn last(
        &mut self,
        targets: &[ast::Target],
        filter: Option<&ast::Expr>,
        part: impl FnOnce(&mut Self, &[VerbId]) -> Checked<(PastPart, Type, Provenance)>,
        span: Span,
    ) -> Checked<typed::Expr> {
        let (verbs, filter) = self.earlier(targets, filter, true, span)?;
        let (part, ty, provenance) = part(self, &verbs)?;
        let filtered = filter.as_ref().map_or(Provenance::empty(), |filter| filter.provenance);
        let provenance = Provenance::HISTORY | provenance | filtered;
        Ok(self.node(ExprKind::Last(verbs, filter, part), optional(ty), provenance, span))
    }

    /// `args.name` inside a filter.
    pub(super) fn past_arg(&mut self, name: &Name, span: Span) -> Checked<typed::Expr> {
        let verbs = self.here.past.as_ref().map_or_else(Vec::new, |past| past.verbs.clone());
        let (arg, ty, provenance) = self.argument_of(&verbs, name)?;
        Ok(self.node(ExprKind::PastArg(arg), ty, provenance | Provenance::HISTORY, span))
    }

    /// `result` inside a filter or an `undo`.
    pub(super) fn past_result(&mut self, span: Span) -> Checked<typed::Expr> {
        let Some(past) = self.here.past.clone() else { return Err(Reported(())) };
        if !past.answered {
            return Err(self.not_here(Thing::ResultOfFailed, span));
        }
        let (ty, provenance) = self.result_of(&past.verbs, span)?;
        Ok(self.node(ExprKind::PastResult, ty, provenance | Provenance::HISTORY, span))
    }

    /// The argument that all of these verbs have, and where its value comes from.
    fn argument_of(&mut self, verbs: &[VerbId], name: &Name) -> Checked<(ArgId, Type, Provenance)> {
        let hir = self.hir;
        let found = |verb: &VerbId| {
            let decl = hir.typed.verbs.get(verb.index())?;
            decl.params.iter().find(|param| param.field.name == name.node)
        };
        let Some((first, param)) = verbs.iter().find_map(|verb| Some((*verb, found(verb)?))) else {
            let params = verbs.iter().filter_map(|verb| hir.typed.verbs.get(verb.index())).flat_map(|verb| &verb.params);
            let nearest = suggest::nearest(&name.node, params.map(|param| param.field.name.as_str())).map(str::to_owned);
            return Err(self.no_such_field(Owner::Args, name, nearest));
        };
        let mut provenance = Provenance::empty();
        for verb in verbs {
            match found(verb) {
                Some(same) if same.arg == param.arg => provenance |= marks(&same.field),
                _ => {
                    let loc = self.loc(name.span);
                    return Err(self.report(UnsharedParameter { name: name.node.clone(), has: first, lacks: *verb, loc }));
                }
            }
        }
        Ok((param.arg, param.field.ty.clone(), provenance))
    }

    /// The type of the results of these verbs, which must be one, and where they come from.
    fn result_of(&mut self, verbs: &[VerbId], span: Span) -> Checked<(Type, Provenance)> {
        let loc = self.loc(span);
        let mut common: Option<(VerbId, &Type)> = None;
        for verb in verbs {
            let result = self.hir.typed.verbs.get(verb.index()).and_then(|decl| decl.result.as_ref());
            let Some(result) = result else {
                return Err(self.report(ResultUnclear { fault: ResultFault::Nothing(*verb), loc }));
            };
            match common {
                Some((first, ty)) if ty != result => {
                    return Err(self.report(ResultUnclear { fault: ResultFault::Differ(first, *verb), loc }));
                }
                _ => common = Some((*verb, result)),
            }
        }
        let Some((_, ty)) = common else { return Err(Reported(())) };
        Ok((ty.clone(), self.of_results(verbs)))
    }
}

/// The call that an `undo` reverses: `result` speaks of it.
pub(super) fn reversed(scope: &Scope) -> Option<Past> {
    (scope.place == Place::Undo).then(|| Past { verbs: scope.verbs.clone(), answered: true })
}
