//! Verbs: their parameters, results and what they say of themselves. Parameters of one name and type share a slot.

use super::duplicates::{Duplicates, Once};
use super::{Resolver, loc, next_index};
use crate::diagnostic::codes::{
    NameKind, NoReversal, NotPositive, ReversalConflict, ReversalFault, SamePlace, UnknownName, WriteClauseOnRead,
};
use crate::diagnostic::suggest;
use crate::hir::UNRESOLVED;
use crate::typed::{Access, ArgId, ArgSlot, Encoding, FileId, Loc, Param, ToolId, Type, Verb, VerbId};
use agentc_grammar::ast::{self, Mark, VerbClauseKind};
use std::collections::BTreeMap;

impl<'a> Resolver<'a, '_> {
    /// Gives the verbs of a tool their ids and names.
    pub(super) fn declare_verbs(&mut self, tool: ToolId, file: FileId, decl: &'a ast::Tool) {
        let mut names = Duplicates::of("verb");
        let mut wires: BTreeMap<String, Loc> = BTreeMap::new();
        for verb in &decl.verbs {
            let here = loc(file, verb.name.span);
            if !names.declare(&verb.name.node, here, self.sink) {
                continue;
            }
            let wire = verb.wire.as_ref().map_or_else(|| verb.name.node.clone(), |wire| wire.node.clone());
            match wires.get(&wire) {
                Some(first) => {
                    self.sink.report(SamePlace { what: "verbs", text: wire.clone(), loc: here, first: *first });
                }
                None => {
                    wires.insert(wire.clone(), here);
                }
            }
            let id = VerbId(next_index(&self.hir.typed.verbs));
            self.hir.names.verbs.insert((tool, verb.name.node.clone()), id);
            self.hir.syntax.verbs.push((file, verb));
            self.hir.typed.verbs.push(Verb {
                tool,
                name: verb.name.node.clone(),
                wire,
                docs: verb.docs.clone(),
                access: verb.access,
                params: Vec::new(),
                result: None,
                result_encoding: Encoding::Plain,
                result_claim: verb.result_marks.iter().any(|mark| mark.node == Mark::Claim),
                result_untrusted: verb.result_marks.iter().any(|mark| mark.node == Mark::Untrusted),
                risks: Vec::new(),
                changes: Vec::new(),
                undo: None,
                irreversible: false,
                compensates: None,
                no_effect_on: Vec::new(),
                retain: None,
                loc: here,
            });
        }
    }

    /// Parameters, results and clauses of every verb.
    pub(super) fn fill_verbs(&mut self) {
        let mut slots: BTreeMap<(String, Type), ArgId> = BTreeMap::new();
        for index in 0..self.hir.syntax.verbs.len() {
            let Some((file, syntax)) = self.hir.syntax.verbs.get(index).copied() else { continue };
            let fields = self.fields("parameter", file, &syntax.params, false);
            let mut params = Vec::new();
            for field in fields {
                let arg = *slots.entry((field.name.clone(), field.ty.clone())).or_insert_with(|| {
                    let id = ArgId(next_index(&self.hir.typed.args));
                    self.hir.typed.args.push(ArgSlot { name: field.name.clone(), ty: field.ty.clone() });
                    id
                });
                params.push(Param { arg, field });
            }
            let result = syntax.result.as_ref().map(|ty| self.type_and_zone(file, ty));
            if let Some(verb) = self.hir.typed.verbs.get_mut(index) {
                verb.params = params;
                if let Some((ty, zone)) = result {
                    verb.result = Some(ty);
                    verb.result_encoding = zone.map_or(Encoding::Plain, |zone| Encoding::InZone(zone.node.clone()));
                }
            }
            self.fill_clauses(VerbId(u32::try_from(index).unwrap_or(u32::MAX)), file, syntax);
        }
    }

    fn fill_clauses(&mut self, id: VerbId, file: FileId, syntax: &ast::Verb) {
        let mut once = Once::default();
        for clause in &syntax.clauses {
            let here = loc(file, clause.span);
            let (name, on_reads) = clause_name(&clause.kind);
            if syntax.access == Access::Read && !on_reads {
                self.sink.report(WriteClauseOnRead { verb: syntax.name.node.clone(), clause: name, loc: here });
                continue;
            }
            if once.say(name, here, self.sink) {
                self.fill_clause(id, file, &clause.kind);
            }
        }
        if let (Some(first), Some(second)) = (once.said("undo"), once.said("irreversible")) {
            let (clauses, first, loc) = if first.span.start < second.span.start {
                (("undo", "irreversible"), first, second)
            } else {
                (("irreversible", "undo"), second, first)
            };
            self.sink.report(ReversalConflict { verb: syntax.name.node.clone(), clauses, loc, first });
        }
    }

    fn fill_clause(&mut self, id: VerbId, file: FileId, clause: &VerbClauseKind) {
        match clause {
            // Expressions over the parameters: checking fills them.
            VerbClauseKind::Changes(_) | VerbClauseKind::ChangesNothing | VerbClauseKind::Undo(_) => {}
            VerbClauseKind::Risk(names) => {
                let risks = names.iter().filter_map(|name| self.risk(file, name)).collect::<Vec<_>>();
                self.set(id, |verb| verb.risks = risks);
            }
            VerbClauseKind::Irreversible => self.set(id, |verb| verb.irreversible = true),
            VerbClauseKind::NoEffectOn(codes) => {
                let codes = codes.iter().map(|code| code.node.clone()).collect();
                self.set(id, |verb| verb.no_effect_on = codes);
            }
            VerbClauseKind::Retain(duration) => {
                let nanoseconds = duration.node.nanoseconds;
                if nanoseconds <= 0 {
                    self.sink.report(NotPositive { what: "retain", least: "1s", loc: loc(file, duration.span) });
                }
                self.set(id, |verb| verb.retain = Some(nanoseconds));
            }
            VerbClauseKind::Compensates(path) => {
                let near = self.hir.typed.verbs.get(id.index()).map(|verb| verb.tool);
                let Some(reversed) = super::verb(&self.hir, path, file, near, self.sink) else { return };
                let access = self.hir.typed.verbs.get(reversed.index()).map(|verb| verb.access);
                let here = loc(file, path.span);
                if reversed == id {
                    self.sink.report(NoReversal { verb: reversed, fault: ReversalFault::Itself, loc: here });
                } else if access == Some(Access::Read) {
                    let fault = ReversalFault::Read("compensates");
                    self.sink.report(NoReversal { verb: reversed, fault, loc: here });
                } else {
                    self.set(id, |verb| verb.compensates = Some(reversed));
                }
            }
        }
    }

    fn risk(&mut self, file: FileId, name: &ast::Name) -> Option<u32> {
        let found = self.hir.names.risks.get(&name.node).copied();
        if found.is_none() {
            let known = self.hir.names.risks.keys().map(String::as_str);
            let nearest = suggest::nearest(&name.node, known).map(str::to_owned);
            let here = loc(file, name.span);
            let module = super::declaring(self.hir.library, NameKind::Risk, &name.node);
            self.sink.report(UnknownName { kind: NameKind::Risk, name: name.node.clone(), loc: here, nearest, module });
        }
        found
    }

    fn set(&mut self, id: VerbId, change: impl FnOnce(&mut Verb)) {
        if let Some(verb) = self.hir.typed.verbs.get_mut(id.index()) {
            change(verb);
        }
    }

    /// A type's value behind keys: `Key<Order>` is what the key field of `Order` is. Circles were refused before.
    pub(super) fn behind_keys<'t>(&'t self, mut ty: &'t Type) -> &'t Type {
        while let Type::Key(id) = ty {
            let record = self.hir.typed.records.get(id.0 as usize);
            let field = record.and_then(|record| match record.key.as_slice() {
                [only] => record.fields.get(*only as usize),
                _ => None,
            });
            match field {
                Some(field) if field.ty != UNRESOLVED => ty = &field.ty,
                _ => break,
            }
        }
        ty
    }
}

/// What a clause is called, and whether a read may have it.
fn clause_name(clause: &VerbClauseKind) -> (&'static str, bool) {
    match clause {
        VerbClauseKind::Risk(_) => ("risk", false),
        VerbClauseKind::Changes(_) | VerbClauseKind::ChangesNothing => ("changes", false),
        VerbClauseKind::Undo(_) => ("undo", false),
        VerbClauseKind::Irreversible => ("irreversible", false),
        VerbClauseKind::Compensates(_) => ("compensates", false),
        VerbClauseKind::NoEffectOn(_) => ("no effect on", true),
        VerbClauseKind::Retain(_) => ("retain", false),
    }
}
