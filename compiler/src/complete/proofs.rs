//! Proofs: each statement for each job it speaks of.

use super::Completer;
use super::jobs::Completed;
use crate::check::Scope;
use crate::diagnostic::codes::{BadListBound, NameKind, NotALimit, UnknownName, UnknownWord};
use crate::diagnostic::suggest;
use crate::resolve::loc;
use crate::typed::{Access, Expr, FileId, JobId, Proof, Property, PropertyKind, VerbId};
use agentc_grammar::ast::{self, Guard, WriteSelector};

/// The longest lists that a proof may bound quantifiers to.
const LONGEST: u32 = 64;

/// What a write can be shown to be.
const SHOWN: &[&str] = &["gated", "denied", "undoable"];

impl<'a> Completer<'a, '_> {
    /// All proofs, in order.
    pub(super) fn proofs(&mut self, jobs: &[Completed]) -> Vec<Proof> {
        let syntax: Vec<(FileId, &'a ast::Prove)> = self.hir.syntax.proofs.clone();
        syntax.into_iter().filter_map(|(file, prove)| self.proof(file, prove, jobs)).collect()
    }

    fn proof(&mut self, file: FileId, prove: &ast::Prove, jobs: &[Completed]) -> Option<Proof> {
        let lists_up_to = prove.lists_up_to.as_ref().map(|bound| {
            let length = u32::try_from(bound.node).ok().filter(|length| (1..=LONGEST).contains(length));
            if length.is_none() {
                self.report(BadListBound { loc: loc(file, bound.span) });
            }
            length.unwrap_or(LONGEST)
        });
        let about: Vec<JobId> = match &prove.job {
            Some(name) => vec![self.job(file, name)?],
            None => (0_u32..).zip(jobs).map(|(index, _)| JobId(index)).collect(),
        };
        let mut statements = Vec::new();
        for statement in &prove.statements {
            if let ast::PropertyKind::LimitHolds(limit) = &statement.kind {
                self.limit_holds(file, statement, limit, &about, jobs, &mut statements);
                continue;
            }
            for job in &about {
                if let Some(kind) = self.property(file, *job, &statement.kind) {
                    statements.push(Property { job: *job, kind, loc: loc(file, statement.span) });
                }
            }
        }
        Some(Proof { name: prove.name.node.clone(), jobs: about, lists_up_to, statements, loc: loc(file, prove.name.span) })
    }

    fn property(&mut self, file: FileId, job: JobId, kind: &ast::PropertyKind) -> Option<PropertyKind> {
        match kind {
            ast::PropertyKind::NeverAllow { targets, guards, without_approval } => {
                let (verbs, condition) = self.calls(file, job, targets, guards);
                Some(PropertyKind::NeverAllow { verbs, condition, unless_approved: without_approval.is_some() })
            }
            ast::PropertyKind::AlwaysAllow { targets, guards } => {
                let (verbs, condition) = self.calls(file, job, targets, guards);
                Some(PropertyKind::AlwaysAllow { verbs, condition })
            }
            ast::PropertyKind::NeedsApproval { targets, guards, by } => {
                let (verbs, condition) = self.calls(file, job, targets, guards);
                let by = self.approvers(file, by, &Scope::rule(file, job, &verbs));
                Some(PropertyKind::NeedsApproval { verbs, condition, by })
            }
            ast::PropertyKind::EveryWrite { selectors, is } => {
                let verbs = self.selected(file, selectors);
                for word in is {
                    if !SHOWN.contains(&word.node.as_str()) {
                        let what = "something that a write can be shown to be";
                        let here = loc(file, word.span);
                        self.report(UnknownWord { what, word: word.node.clone(), words: SHOWN, loc: here });
                    }
                }
                let said = |word: &str| is.iter().any(|name| name.node == word);
                Some(PropertyKind::EveryWrite { verbs, gated: said("gated"), denied: said("denied"), undoable: said("undoable") })
            }
            ast::PropertyKind::LimitHolds(_) => None,
        }
    }

    fn calls(&mut self, file: FileId, job: JobId, targets: &[ast::Target], guards: &[Guard]) -> (Vec<VerbId>, Option<Expr>) {
        let named = self.targets(file, targets);
        if named.unknown() {
            return (named.verbs, None);
        }
        let scope = Scope::rule(file, job, &named.verbs);
        let condition = self.checker.condition(guards, &scope).ok().flatten();
        (named.verbs, condition)
    }

    /// The writes that the selectors choose; without any, every write.
    fn selected(&mut self, file: FileId, selectors: &[WriteSelector]) -> Vec<VerbId> {
        let mut risks = Vec::new();
        let mut irreversible = false;
        for selector in selectors {
            match selector {
                WriteSelector::Irreversible(_) => irreversible = true,
                WriteSelector::Risk(name) => risks.extend(self.named(
                    NameKind::Risk,
                    file,
                    name,
                    |hir| hir.names.risks.get(&name.node).copied(),
                    |hir| hir.names.risks.keys().map(String::as_str).collect(),
                )),
            }
        }
        (0_u32..)
            .zip(&self.hir.typed.verbs)
            .filter(|(_, verb)| verb.access == Access::Write)
            .filter(|(_, verb)| {
                selectors.is_empty() || (irreversible && verb.irreversible) || verb.risks.iter().any(|risk| risks.contains(risk))
            })
            .map(|(index, _)| VerbId(index))
            .collect()
    }

    /// A limit of each job that has it; at least one of them must.
    fn limit_holds(
        &mut self,
        file: FileId,
        statement: &ast::Property,
        limit: &ast::Name,
        about: &[JobId],
        jobs: &[Completed],
        statements: &mut Vec<Property>,
    ) {
        let here = loc(file, limit.span);
        let mut known: Vec<&str> = Vec::new();
        let mut found = false;
        for job in about {
            let rules = jobs.get(job.index()).map_or(&[][..], |completed| completed.rules.as_slice());
            known.extend(rules.iter().map(|rule| rule.name.as_str()));
            let Some((index, rule)) = (0_u32..).zip(rules).find(|(_, rule)| rule.name == limit.node) else { continue };
            found = true;
            if jobs.get(job.index()).is_some_and(|completed| completed.is(index, "limit")) {
                let kind = PropertyKind::LimitHolds(index);
                statements.push(Property { job: *job, kind, loc: loc(file, statement.span) });
            } else if rule.named {
                self.report(NotALimit { name: limit.node.clone(), loc: here, rule: rule.loc });
            }
        }
        if !found {
            let nearest = suggest::nearest(&limit.node, known).map(str::to_owned);
            self.report(UnknownName { kind: NameKind::Limit, name: limit.node.clone(), loc: here, nearest, module: None });
        }
    }
}
