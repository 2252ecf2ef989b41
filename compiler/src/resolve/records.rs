//! Enums, record shapes, keys, and the attributes of identities.

use super::duplicates::Duplicates;
use super::{ROLES, Resolver, loc};
use crate::diagnostic::codes::{BadKeyType, EndlessRecord, ReservedName, SamePlace, UnknownField, UnknownWord};
use crate::diagnostic::suggest;
use crate::hir::UNRESOLVED;
use crate::typed::{Encoding, Field, FileId, Loc, RecordId, Type, Variant};
use agentc_grammar::ast::{self, Name};
use agentc_grammar::span::Span;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::BTreeMap;

impl Resolver<'_, '_> {
    /// The variants of every enum and their texts.
    pub(super) fn fill_enums(&mut self) {
        for (id, file, decl) in std::mem::take(&mut self.enums) {
            let mut names = Duplicates::of("variant");
            let mut texts: BTreeMap<&str, Loc> = BTreeMap::new();
            let mut variants: Vec<Variant> = Vec::new();
            for variant in &decl.variants {
                if !names.declare(&variant.name.node, loc(file, variant.name.span), self.sink) {
                    continue;
                }
                let written: Vec<(&str, Span)> = match variant.aliases.as_slice() {
                    [] => vec![(variant.name.node.as_str(), variant.name.span)],
                    aliases => aliases.iter().map(|alias| (alias.node.as_str(), alias.span)).collect(),
                };
                for (text, span) in &written {
                    let here = loc(file, *span);
                    if let Some(first) = texts.get(text) {
                        let text = (*text).to_owned();
                        self.sink.report(SamePlace { what: "variants", text, loc: here, first: *first });
                    }
                    texts.entry(text).or_insert(here);
                }
                let index = super::next_index(&variants);
                let meanings = self.hir.names.variants.entry(variant.name.node.clone()).or_default();
                meanings.push((id, index));
                let texts = written.iter().map(|(text, _)| (*text).to_owned()).collect();
                variants.push(Variant { name: variant.name.node.clone(), texts });
            }
            if let Some(resolved) = self.hir.typed.enums.get_mut(id.0 as usize) {
                resolved.variants = variants;
            }
        }
    }

    /// The fields and keys of every record.
    pub(super) fn fill_records(&mut self) {
        for index in 0..self.records.len() {
            let Some(record) = self.records.get(index) else { continue };
            let (file, syntax, untrusted) = (record.file, record.syntax, record.untrusted);
            let fields = self.fields("field", file, &syntax.fields, untrusted);
            let key = self.key_fields(file, syntax, &fields);
            if let Some(resolved) = self.hir.typed.records.get_mut(index) {
                resolved.fields = fields;
                resolved.key = key;
            }
        }
        self.refuse_endless();
        self.check_key_types();
    }

    fn key_fields(&mut self, file: FileId, record: &ast::Record, fields: &[Field]) -> Vec<u32> {
        let mut names = Duplicates::of("key field");
        let mut key = Vec::new();
        for part in &record.key {
            let here = loc(file, part.span);
            let found = (0_u32..).zip(fields).find(|(_, field)| field.name == part.node);
            match found {
                Some((index, _)) => {
                    if names.declare(&part.node, here, self.sink) {
                        key.push(index);
                    }
                }
                None => {
                    let known: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
                    self.sink.report(UnknownField {
                        name: part.node.clone(),
                        of: format!("the record `{}`", record.name.node),
                        loc: here,
                        nearest: suggest::nearest(&part.node, known.iter().map(String::as_str)).map(str::to_owned),
                        fields: known,
                    });
                }
            }
        }
        key
    }

    /// Refuses records that hold themselves, and keys that are made of themselves. The field that closes the circle loses its type,
    /// so that whatever walks over types comes to an end.
    fn refuse_endless(&mut self) {
        self.refuse_circles(false, |_, field| held(&field.ty));
        let names: Vec<Vec<String>> = self
            .hir
            .typed
            .records
            .iter()
            .map(|record| {
                let field = |part: &u32| record.fields.get(*part as usize).map(|field| field.name.clone());
                record.key.iter().filter_map(field).collect()
            })
            .collect();
        self.refuse_circles(true, |index, field| {
            let part_of_key = names.get(index).is_some_and(|key| key.contains(&field.name));
            match &field.ty {
                Type::Key(other) if part_of_key => Some(*other),
                _ => None,
            }
        });
    }

    fn refuse_circles(&mut self, by_key: bool, leads_to: impl Fn(usize, &Field) -> Option<RecordId>) {
        let mut graph: DiGraph<usize, ()> = DiGraph::new();
        let nodes: Vec<NodeIndex> = (0..self.hir.typed.records.len()).map(|index| graph.add_node(index)).collect();
        for (index, record) in self.hir.typed.records.iter().enumerate() {
            for field in &record.fields {
                let to = leads_to(index, field).and_then(|id| nodes.get(id.0 as usize));
                if let (Some(from), Some(to)) = (nodes.get(index), to) {
                    graph.update_edge(*from, *to, ());
                }
            }
        }
        let mut circles: Vec<Vec<usize>> = kosaraju_scc(&graph)
            .into_iter()
            .map(|circle| {
                let mut records: Vec<usize> = circle.iter().filter_map(|node| graph.node_weight(*node).copied()).collect();
                records.sort_unstable();
                records
            })
            .collect();
        circles.sort();
        for circle in circles {
            let mut closing = None;
            for index in &circle {
                let Some(record) = self.hir.typed.records.get_mut(*index) else { continue };
                for field in &mut record.fields {
                    let inside = leads_to(*index, field).is_some_and(|id| circle.contains(&(id.0 as usize)));
                    if inside {
                        closing = closing.or(Some(field.loc));
                        field.ty = UNRESOLVED;
                    }
                }
            }
            if let Some(loc) = closing {
                let name = |index: &usize| self.hir.typed.records.get(*index).map(|record| record.name.clone());
                let records = circle.iter().filter_map(name).collect();
                self.sink.report(EndlessRecord { by_key, records, loc });
            }
        }
    }

    fn check_key_types(&mut self) {
        for record in &self.hir.typed.records {
            for part in &record.key {
                let Some(field) = record.fields.get(*part as usize) else { continue };
                let fits = matches!(
                    field.ty,
                    Type::Text | Type::Int | Type::Date | Type::Email | Type::Url | Type::Path | Type::Enum(_) | Type::Key(_)
                );
                if !fits {
                    self.sink.report(BadKeyType {
                        record: record.name.clone(),
                        field: field.name.clone(),
                        ty: field.ty.clone(),
                        loc: field.loc,
                    });
                }
            }
        }
    }

    /// The attributes of `agent` and `user`: their id and roles, then what `identity` declares.
    pub(super) fn fill_identities(&mut self) {
        let mut agent = vec![own_attribute("id", Type::Text), own_attribute(ROLES, Type::Set(Box::new(Type::Text)))];
        let mut user = agent.clone();
        let mut names = [Duplicates::of("attribute"), Duplicates::of("attribute")];
        for (file, block) in std::mem::take(&mut self.identities) {
            if !self.known_word("one whose identity is known", file, &block.who, &["agent", "user"]) {
                continue;
            }
            let of_agent = block.who.node == "agent";
            for field in self.fields("attribute", file, &block.fields, false) {
                if field.name == "id" || field.name == ROLES {
                    self.sink.report(ReservedName { what: "attribute", name: field.name, loc: field.loc });
                    continue;
                }
                let [of_agents, of_users] = &mut names;
                let (seen, into) = if of_agent { (of_agents, &mut agent) } else { (of_users, &mut user) };
                if seen.declare(&field.name, field.loc, self.sink) {
                    into.push(field);
                }
            }
        }
        self.hir.typed.agent = agent;
        self.hir.typed.user = user;
    }

    /// Whether a word is one of those that may stand there; an error where it is not.
    pub(super) fn known_word(&mut self, what: &'static str, file: FileId, word: &Name, words: &'static [&'static str]) -> bool {
        let known = words.contains(&word.node.as_str());
        if !known {
            self.sink.report(UnknownWord { what, word: word.node.clone(), words, loc: loc(file, word.span) });
        }
        known
    }
}

/// The record that a value of this type holds, if it holds one.
fn held(ty: &Type) -> Option<RecordId> {
    match ty {
        Type::Record(id) => Some(*id),
        Type::List(inner) | Type::Set(inner) | Type::Map(_, inner) | Type::Optional(inner) => held(inner),
        _ => None,
    }
}

fn own_attribute(name: &str, ty: Type) -> Field {
    Field {
        name: name.to_owned(),
        docs: None,
        ty,
        path: vec![name.to_owned()],
        encoding: Encoding::Plain,
        claim: false,
        untrusted: false,
        secret: false,
        loc: Loc { file: FileId(0), span: Span::default() },
    }
}
