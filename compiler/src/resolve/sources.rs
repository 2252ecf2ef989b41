//! How the records of sources are fetched and for how long a reading counts.

use super::duplicates::Duplicates;
use super::{Resolver, loc};
use crate::diagnostic::codes::{FetchFault, FetchVerb, NameKind, NotFetchable, NotFetchableWhy, NotPositive, UnknownName};
use crate::diagnostic::suggest;
use crate::hir::UNRESOLVED;
use crate::typed::{Access, Fetch, FetchHow, FileId, Loc, RecordId, SourceId, Type, VerbId};
use agentc_grammar::ast::{self, Name};
use std::collections::BTreeMap;

impl<'a> Resolver<'a, '_> {
    /// `fetch` and `fresh` of every source.
    pub(super) fn fill_sources(&mut self) {
        for (id, file, source) in std::mem::take(&mut self.sources) {
            let mut fetched: BTreeMap<RecordId, Loc> = BTreeMap::new();
            for fetch in &source.fetches {
                self.fill_fetch(id, file, fetch, &mut fetched);
            }
            self.fill_fresh(id, file, source, &fetched);
        }
    }

    fn fill_fetch(&mut self, source: SourceId, file: FileId, fetch: &'a ast::Fetch, fetched: &mut BTreeMap<RecordId, Loc>) {
        let here = loc(file, fetch.record.span);
        let record = self.own_record(source, file, &fetch.record);
        if let Some((record, first)) = record.and_then(|id| Some((id, *fetched.get(&id)?))) {
            self.not_fetchable(record, NotFetchableWhy::Twice("fetch", first), here);
            return;
        }
        if let Some(id) = record {
            fetched.insert(id, here);
            if self.hir.typed.records.get(id.0 as usize).is_some_and(|decl| decl.key.is_empty())
                && self.records.get(id.0 as usize).is_some_and(|decl| decl.syntax.key.is_empty())
            {
                self.not_fetchable(id, NotFetchableWhy::NoKey, here);
                return;
            }
        }
        let how = match &fetch.how {
            ast::FetchHow::Host(_) => Some(FetchHow::Host),
            ast::FetchHow::Verb { verb: path, args } => super::verb(&self.hir, path, file, None, self.sink).and_then(|verb| {
                let record = record?;
                self.fetching_verb(record, verb, loc(file, path.span), false);
                let args = self.fetch_args(record, verb, file, loc(file, path.span), args);
                Some(FetchHow::Verb { verb, args })
            }),
        };
        let mut also = Vec::new();
        for path in &fetch.also {
            if let Some(verb) = super::verb(&self.hir, path, file, None, self.sink) {
                if let Some(record) = record {
                    self.fetching_verb(record, verb, loc(file, path.span), true);
                }
                if !also.contains(&verb) {
                    also.push(verb);
                }
            }
        }
        let decl = record.and_then(|id| self.hir.typed.records.get_mut(id.0 as usize));
        if let (Some(decl), Some(how)) = (decl, how) {
            decl.fetch = Some(Fetch { how, also, fresh: None, loc: loc(file, fetch.span) });
        }
    }

    /// The record of that name, which must be one of this source.
    fn own_record(&mut self, source: SourceId, file: FileId, name: &Name) -> Option<RecordId> {
        let here = loc(file, name.span);
        let Some(id) = self.hir.names.records.get(&name.node).copied() else {
            let known = self.hir.names.records.keys().map(String::as_str);
            let nearest = suggest::nearest(&name.node, known).map(str::to_owned);
            self.sink.report(UnknownName { kind: NameKind::Record, name: name.node.clone(), loc: here, nearest, module: None });
            return None;
        };
        let decl = self.hir.typed.records.get(id.0 as usize)?;
        if decl.source != Some(source) {
            let home = decl.loc;
            self.not_fetchable(id, NotFetchableWhy::NotOfThisSource(home), here);
            return None;
        }
        Some(id)
    }

    fn not_fetchable(&mut self, record: RecordId, why: NotFetchableWhy, loc: Loc) {
        let record = self.record_name(record);
        self.sink.report(NotFetchable { record, why, loc });
    }

    fn record_name(&self, record: RecordId) -> String {
        self.hir.typed.records.get(record.0 as usize).map_or_else(String::new, |decl| decl.name.clone())
    }

    /// Reports a verb that changes something, or whose answer does not hold the record. Only a verb after `also from` may answer a list:
    /// its rows say their own keys.
    fn fetching_verb(&mut self, record: RecordId, verb: VerbId, loc: Loc, lists: bool) {
        let Some(decl) = self.hir.typed.verbs.get(verb.index()) else { return };
        let holds = match &decl.result {
            Some(Type::Record(id)) => *id == record,
            Some(Type::Optional(inner)) => **inner == Type::Record(record),
            Some(Type::List(inner)) => lists && **inner == Type::Record(record),
            Some(ty) => *ty == UNRESOLVED,
            None => false,
        };
        let fault = match decl.access {
            Access::Write => Some(FetchFault::Write),
            Access::Read if !holds => Some(FetchFault::Result(decl.result.clone())),
            Access::Read => None,
        };
        if let Some(fault) = fault {
            let record = self.record_name(record);
            self.sink.report(FetchVerb { record, verb, fault, loc });
        }
    }

    /// Each parameter and the part of the key passed for it: all parts of the key, and every parameter that is not optional.
    fn fetch_args(&mut self, record: RecordId, verb: VerbId, file: FileId, at: Loc, args: &[(Name, Name)]) -> Vec<(u32, u32)> {
        let (Some(decl), Some(target)) = (self.hir.typed.records.get(record.0 as usize), self.hir.typed.verbs.get(verb.index()))
        else {
            return Vec::new();
        };
        let mut faults: Vec<(Loc, FetchFault)> = Vec::new();
        let mut passed: Vec<(u32, u32)> = Vec::new();
        for (param_name, field_name) in args {
            let param = (0_u32..).zip(&target.params).find(|(_, param)| param.field.name == param_name.node);
            let part = (0_u32..).zip(&decl.key).find_map(|(part, index)| {
                decl.fields.get(*index as usize).filter(|field| field.name == field_name.node).map(|field| (part, field))
            });
            match (param, part) {
                (None, _) => faults.push((loc(file, param_name.span), FetchFault::NoParameter(param_name.node.clone()))),
                (_, None) => faults.push((loc(file, field_name.span), FetchFault::NotKey(field_name.node.clone()))),
                (Some((param, wanted)), Some((part, field))) => {
                    let bare = match &wanted.field.ty {
                        Type::Optional(inner) => inner,
                        ty => ty,
                    };
                    let (wants, found) = (self.behind_keys(bare), self.behind_keys(&field.ty));
                    if passed.iter().any(|(other, _)| *other == param) {
                        faults.push((loc(file, param_name.span), FetchFault::Twice(param_name.node.clone())));
                    } else if wants != found && *wants != UNRESOLVED && *found != UNRESOLVED {
                        let (wants, found) = (wanted.field.ty.clone(), field.ty.clone());
                        let param = param_name.node.clone();
                        faults.push((loc(file, param_name.span), FetchFault::Mismatch { param, wants, found }));
                    }
                    passed.push((param, part));
                }
            }
        }
        if faults.is_empty() {
            let missing: Vec<String> = (0_u32..)
                .zip(&target.params)
                .filter(|(index, param)| {
                    !matches!(param.field.ty, Type::Optional(_)) && !passed.iter().any(|(given, _)| given == index)
                })
                .map(|(_, param)| param.field.name.clone())
                .collect();
            let unused: Vec<String> = (0_u32..)
                .zip(&decl.key)
                .filter(|(part, _)| !passed.iter().any(|(_, given)| given == part))
                .filter_map(|(_, index)| decl.fields.get(*index as usize).map(|field| field.name.clone()))
                .collect();
            if !missing.is_empty() {
                faults.push((at, FetchFault::Missing(missing)));
            } else if !unused.is_empty() {
                faults.push((at, FetchFault::KeyUnused(unused)));
            }
        }
        for (loc, fault) in faults {
            let record = self.record_name(record);
            self.sink.report(FetchVerb { record, verb, fault, loc });
        }
        passed
    }

    fn fill_fresh(&mut self, id: SourceId, file: FileId, source: &ast::Source, fetched: &BTreeMap<RecordId, Loc>) {
        let mut of_source = Duplicates::of("freshness of all records");
        let mut of_record: BTreeMap<RecordId, (Loc, i64)> = BTreeMap::new();
        let mut general = None;
        for fresh in &source.fresh {
            let here = loc(file, fresh.duration.span);
            if fresh.duration.node.nanoseconds <= 0 {
                self.sink.report(NotPositive { what: "fresh for", least: "1s", loc: here });
            }
            match &fresh.record {
                None => {
                    if of_source.declare(&source.name.node, here, self.sink) {
                        general = Some(fresh.duration.node.nanoseconds);
                    }
                }
                Some(name) => {
                    let here = loc(file, name.span);
                    let Some(record) = self.own_record(id, file, name) else { continue };
                    if let Some((first, _)) = of_record.get(&record) {
                        let first = *first;
                        self.not_fetchable(record, NotFetchableWhy::Twice("fresh", first), here);
                    } else if !fetched.contains_key(&record) {
                        self.not_fetchable(record, NotFetchableWhy::NoFetch, here);
                    } else {
                        of_record.insert(record, (here, fresh.duration.node.nanoseconds));
                    }
                }
            }
        }
        for record in fetched.keys() {
            let fresh = of_record.get(record).map(|(_, nanoseconds)| *nanoseconds).or(general);
            let decl = self.hir.typed.records.get_mut(record.0 as usize);
            if let Some(fetch) = decl.and_then(|decl| decl.fetch.as_mut()) {
                fetch.fresh = fresh;
            }
        }
    }
}
