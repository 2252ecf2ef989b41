//! Declarations: policies, types, sources, tools.

use super::super::syntax::Rule;
use super::{Builder, Found, Parts};
use crate::ast::{
    Access, Change, Enum, Fetch, FetchHow, Fixture, Fn, Fresh, IdentityAttributes, Item, ItemKind, Job, Let, Name, Policy, Prove,
    Record, Risk, RuleSet, Source, Test, Tool, Undo, Variant, Verb, VerbClause, VerbClauseKind,
};
use crate::span::Spanned;

impl Builder<'_, '_> {
    pub(super) fn item(&self, pair: Found<'_>) -> Option<Item> {
        let span = self.span(&pair);
        let found = Parts::of(pair).next()?;
        let kind = match found.as_rule() {
            Rule::policy => ItemKind::Policy(self.policy(found)?),
            Rule::use_item => ItemKind::Use(self.path(Parts::of(found).next()?)),
            Rule::enumeration => ItemKind::Enum(self.enumeration(found)?),
            Rule::role_item => ItemKind::Role(self.names(Parts::of(found).next()?)),
            Rule::risk_item => {
                let mut parts = Parts::of(found);
                let name = self.name(&parts.next()?);
                ItemKind::Risk(Risk { name, bounded_by: parts.next().map(|names| self.names(names)).unwrap_or_default() })
            }
            Rule::identity => ItemKind::Identity(Parts::of(found).map(|who| self.identity_who(who)).collect::<Option<_>>()?),
            Rule::source => ItemKind::Source(self.source(found)?),
            Rule::record_item => ItemKind::Record(self.record(Parts::of(found).next()?)?),
            Rule::tool => ItemKind::Tool(self.tool(found)?),
            Rule::let_item => ItemKind::Let(self.let_def(Parts::of(found).next()?)?),
            Rule::fn_item => ItemKind::Fn(self.fn_item(found)?),
            Rule::rules => {
                let mut parts = Parts::of(found);
                ItemKind::Rules(RuleSet { name: self.name(&parts.next()?), members: self.members(parts.next()?)? })
            }
            Rule::job => {
                let mut parts = Parts::of(found);
                ItemKind::Job(Job { name: self.name(&parts.next()?), members: self.members(parts.next()?)? })
            }
            Rule::fixture => {
                self.values.set(true);
                let mut parts = Parts::of(found);
                let name = self.name(&parts.next()?);
                ItemKind::Fixture(Fixture { name, setup: parts.map(|setup| self.setup(setup)).collect::<Option<_>>()? })
            }
            Rule::test => {
                self.values.set(true);
                let mut parts = Parts::of(found);
                let name = self.text(&parts.next()?);
                let with = parts.accept(Rule::name).map(|name| self.name(&name));
                ItemKind::Test(Test { name, with, steps: parts.map(|step| self.step(step)).collect::<Option<_>>()? })
            }
            Rule::prove => ItemKind::Prove(self.prove(found)?),
            _ => return None,
        };
        Some(Item { docs: self.docs(span), kind, span })
    }

    fn policy(&self, pair: Found<'_>) -> Option<Policy> {
        let mut parts = Parts::of(pair);
        let name = self.path(parts.next()?);
        let (mut version, mut owner) = (None, None);
        for member in parts {
            let span = self.span(&member);
            let mut inner = Parts::all(member);
            let (word, text) = (inner.next()?, inner.next()?);
            if word.as_rule() == Rule::kw_version {
                self.once(&mut version, self.text(&text), "version", span);
            } else {
                self.once(&mut owner, self.text(&text), "owner", span);
            }
        }
        Some(Policy { name, version, owner })
    }

    fn enumeration(&self, pair: Found<'_>) -> Option<Enum> {
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.next()?);
        let variants = parts
            .map(|variant| {
                let mut inner = Parts::of(variant);
                let name = self.name(&inner.next()?);
                Some(Variant { name, aliases: inner.map(|text| self.text(&text)).collect() })
            })
            .collect::<Option<_>>()?;
        Some(Enum { name, variants })
    }

    fn identity_who(&self, pair: Found<'_>) -> Option<IdentityAttributes> {
        let mut parts = Parts::all(pair);
        let who = self.name(&parts.next()?);
        Some(IdentityAttributes { who, fields: self.fields(parts.next()?)? })
    }

    fn source(&self, pair: Found<'_>) -> Option<Source> {
        let untrusted = Parts::all(pair.clone()).find(|part| part.as_rule() == Rule::kw_untrusted).map(|word| self.span(&word));
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.next()?);
        let title = parts.accept(Rule::text).map(|text| self.text(&text));
        let mut source = Source { name, title, untrusted, records: Vec::new(), fetches: Vec::new(), fresh: Vec::new() };
        for member in parts {
            let found = Parts::of(member).next()?;
            match found.as_rule() {
                Rule::record => source.records.push(self.record(found)?),
                Rule::fetch => source.fetches.push(self.fetch(found)?),
                Rule::fresh => {
                    let mut inner = Parts::of(found);
                    let record = inner.accept(Rule::name).map(|name| self.name(&name));
                    source.fresh.push(Fresh { record, duration: self.duration(&inner.next()?)? });
                }
                _ => return None,
            }
        }
        Some(source)
    }

    fn record(&self, pair: Found<'_>) -> Option<Record> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.next()?);
        let key = match parts.accept(Rule::names) {
            Some(names) => self.names(names),
            None => parts.accept(Rule::name).map(|name| self.name(&name)).into_iter().collect(),
        };
        Some(Record { docs: self.docs(span), name, key, fields: self.fields(parts.next()?)?, span })
    }

    fn fetch(&self, pair: Found<'_>) -> Option<Fetch> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let record = self.name(&parts.next()?);
        let found = parts.next()?;
        let how = if found.as_rule() == Rule::fetch_host {
            FetchHow::Host(self.span(&found))
        } else {
            let mut inner = Parts::of(found);
            let verb = self.path(inner.next()?);
            let args = inner
                .map(|arg| {
                    let mut names = Parts::of(arg);
                    let name = self.name(&names.next()?);
                    let value = names.next().map_or_else(|| name.clone(), |value| self.name(&value));
                    Some((name, value))
                })
                .collect::<Option<_>>()?;
            FetchHow::Verb { verb, args }
        };
        let also = parts.next().map(|also| Parts::of(also).map(|path| self.path(path)).collect()).unwrap_or_default();
        Some(Fetch { record, how, also, span })
    }

    fn tool(&self, pair: Found<'_>) -> Option<Tool> {
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.next()?);
        let on = match parts.accept(Rule::name) {
            Some(kind) => Some((self.name(&kind), self.text(&parts.accept(Rule::text)?))),
            None => None,
        };
        let mut tool = Tool { name, on, verbs: Vec::new(), records: Vec::new(), ignores: Vec::new() };
        for member in parts {
            let found = Parts::of(member).next()?;
            match found.as_rule() {
                Rule::verb => tool.verbs.push(self.verb(found)?),
                Rule::record => tool.records.push(self.record(found)?),
                Rule::ignore => tool.ignores.extend(Parts::of(found).map(|ignored| match ignored.as_rule() {
                    Rule::text => self.text(&ignored),
                    _ => self.name(&ignored),
                })),
                _ => return None,
            }
        }
        Some(tool)
    }

    fn verb(&self, pair: Found<'_>) -> Option<Verb> {
        let span = self.span(&pair);
        let access = self.access(&Parts::all(pair.clone()).next()?).node;
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.next()?);
        let mut verb = Verb {
            docs: self.docs(span),
            access,
            name,
            params: Vec::new(),
            result: None,
            result_marks: Vec::new(),
            wire: None,
            clauses: Vec::new(),
            span,
        };
        for part in parts {
            match part.as_rule() {
                Rule::field => verb.params.push(self.field(part)?),
                Rule::verb_result => {
                    let mut inner = Parts::of(part);
                    verb.result = Some(self.type_expr(inner.next()?)?);
                    verb.result_marks = inner.map(|mark| self.mark(mark)).collect::<Option<_>>()?;
                }
                Rule::text => verb.wire = Some(self.text(&part)),
                Rule::verb_body => {
                    verb.clauses = Parts::of(part).map(|clause| self.verb_clause(clause)).collect::<Option<_>>()?
                }
                _ => return None,
            }
        }
        Some(verb)
    }

    /// `read` or `write`.
    pub(super) fn access(&self, word: &Found<'_>) -> Spanned<Access> {
        let access = if word.as_rule() == Rule::kw_read { Access::Read } else { Access::Write };
        Spanned::new(access, self.span(word))
    }

    fn verb_clause(&self, pair: Found<'_>) -> Option<VerbClause> {
        let span = self.span(&pair);
        let found = Parts::all(pair).next()?;
        let rule = found.as_rule();
        let mut parts = Parts::of(found);
        let kind = match rule {
            Rule::verb_risk => VerbClauseKind::Risk(parts.map(|name| self.name(&name)).collect()),
            Rule::verb_changes => {
                let changes = parts.map(|change| self.change(change)).collect::<Option<Vec<_>>>()?;
                if changes.is_empty() { VerbClauseKind::ChangesNothing } else { VerbClauseKind::Changes(changes) }
            }
            Rule::verb_undo => {
                let (verb, args) = (self.path(parts.next()?), self.named_args(parts.next()?)?);
                let within = match parts.accept(Rule::within) {
                    Some(within) => Some(self.duration(&Parts::of(within).next()?)?),
                    None => None,
                };
                let by = match parts.next() {
                    Some(approvers) => self.approvers(approvers)?,
                    None => Vec::new(),
                };
                VerbClauseKind::Undo(Undo { verb, args, within, by })
            }
            Rule::kw_irreversible => VerbClauseKind::Irreversible,
            Rule::verb_compensates => VerbClauseKind::Compensates(self.path(parts.next()?)),
            Rule::verb_no_effect => VerbClauseKind::NoEffectOn(parts.map(|text| self.text(&text)).collect()),
            Rule::verb_retain => VerbClauseKind::Retain(self.duration(&parts.next()?)?),
            _ => return None,
        };
        Some(VerbClause { kind, span })
    }

    fn change(&self, pair: Found<'_>) -> Option<Change> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let record = self.name(&parts.next()?);
        let key = match parts.next() {
            Some(index) => self.expr_list(Parts::of(index))?,
            None => Vec::new(),
        };
        Some(Change { record, key, span })
    }

    pub(super) fn let_def(&self, pair: Found<'_>) -> Option<Let> {
        let mut parts = Parts::of(pair);
        Some(Let { name: self.name(&parts.next()?), value: self.expr(parts.next()?)? })
    }

    fn fn_item(&self, pair: Found<'_>) -> Option<Fn> {
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.next()?);
        let mut params = Vec::new();
        while let Some(param) = parts.accept(Rule::fn_param) {
            let mut inner = Parts::of(param);
            let name: Name = self.name(&inner.next()?);
            params.push((name, self.type_expr(inner.next()?)?));
        }
        Some(Fn { name, params, result: self.type_expr(parts.next()?)?, body: self.expr(parts.next()?)? })
    }

    fn prove(&self, pair: Found<'_>) -> Option<Prove> {
        let mut parts = Parts::of(pair);
        let name = self.text(&parts.next()?);
        let lists_up_to = match parts.accept(Rule::lists_up_to) {
            Some(bound) => Some(self.integer(&Parts::of(bound).next()?)),
            None => None,
        };
        let mut prove = Prove { name, lists_up_to, job: None, statements: Vec::new() };
        for member in parts {
            let span = self.span(&member);
            let found = Parts::of(member).next()?;
            if found.as_rule() == Rule::setup_job {
                let job = self.name(&Parts::of(found).next()?);
                self.once(&mut prove.job, job, "job", span);
            } else {
                prove.statements.push(self.property(found, span)?);
            }
        }
        Some(prove)
    }
}
