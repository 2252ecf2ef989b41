//! What verbs change, and how writes are undone.

use super::Completer;
use crate::check::Scope;
use crate::diagnostic::codes::{NoReversal, ReversalFault};
use crate::resolve::loc;
use crate::typed::{Access, Change, FetchHow, FileId, RecordId, ToolId, Undo, VerbId};
use agentc_grammar::ast::{self, VerbClauseKind};

/// What is added to a verb.
#[derive(Debug, Default)]
pub(super) struct CompletedVerb {
    pub(super) changes: Vec<Change>,
    pub(super) undo: Option<Undo>,
}

impl<'a> Completer<'a, '_> {
    /// The changes and undos of all verbs, in order.
    pub(super) fn verbs(&mut self) -> Vec<CompletedVerb> {
        let syntax: Vec<(FileId, &'a ast::Verb)> = self.hir.syntax.verbs.clone();
        (0_u32..).zip(syntax).map(|(index, (file, verb))| self.complete_verb(VerbId(index), file, verb)).collect()
    }

    fn complete_verb(&mut self, id: VerbId, file: FileId, syntax: &ast::Verb) -> CompletedVerb {
        let mut completed = CompletedVerb::default();
        if syntax.access == Access::Read {
            return completed;
        }
        let mut said = false;
        for clause in &syntax.clauses {
            match &clause.kind {
                VerbClauseKind::ChangesNothing => said = true,
                VerbClauseKind::Changes(entries) => {
                    said = true;
                    completed.changes = entries.iter().filter_map(|entry| self.change(id, file, entry)).collect();
                }
                VerbClauseKind::Undo(undo) => completed.undo = self.undo(id, file, undo, clause.span),
                _ => {}
            }
        }
        if !said {
            completed.changes = self.default_changes(id);
        }
        completed
    }

    fn change(&mut self, verb: VerbId, file: FileId, entry: &ast::Change) -> Option<Change> {
        let record = self.record(file, &entry.record)?;
        let key = match entry.key.as_slice() {
            [] => Vec::new(),
            parts => self.checker.key(record, parts, entry.span, &Scope::verb(file, verb)).ok()?,
        };
        Some(Change { record, key })
    }

    /// A write that does not say what it changes may have changed every record that its tool fetches.
    fn default_changes(&self, id: VerbId) -> Vec<Change> {
        let tool_of = |verb: VerbId| self.hir.typed.verbs.get(verb.index()).map(|decl| decl.tool);
        let tool: Option<ToolId> = tool_of(id);
        let fetched = (0_u32..).zip(&self.hir.typed.records).filter(|(_, record)| {
            record.fetch.as_ref().is_some_and(|fetch| {
                let by = match &fetch.how {
                    FetchHow::Verb { verb, .. } => Some(*verb),
                    FetchHow::Host => None,
                };
                by.into_iter().chain(fetch.also.iter().copied()).any(|verb| tool_of(verb) == tool)
            })
        });
        fetched.map(|(index, _)| Change { record: RecordId(index), key: Vec::new() }).collect()
    }

    fn undo(&mut self, id: VerbId, file: FileId, undo: &ast::Undo, span: agentc_grammar::span::Span) -> Option<Undo> {
        let near = self.hir.typed.verbs.get(id.index()).map(|decl| decl.tool);
        let verb = crate::resolve::verb(self.hir, &undo.verb, file, near, self.checker.problems());
        let within = undo.within.as_ref().map(|within| self.positive("within", file, within));
        let by = self.people("undo", file, &undo.by, &Scope::verb(file, id));
        let verb = verb?;
        if self.hir.typed.verbs.get(verb.index()).is_some_and(|decl| decl.access == Access::Read) {
            let here = loc(file, undo.verb.span);
            self.report(NoReversal { verb, fault: ReversalFault::Read("undo"), loc: here });
            return None;
        }
        let args = self.checker.arguments(verb, &undo.args, span, &Scope::undo(file, id)).ok()?;
        Some(Undo { verb, args, within, by })
    }
}
