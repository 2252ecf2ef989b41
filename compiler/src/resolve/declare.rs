//! The first pass: every declaration gets an id and a name, and a name declared twice is reported.

use super::duplicates::Duplicates;
use super::types::SCALARS;
use super::vocabulary::{LATER_TYPES, VALUES};
use super::{DeclaredRecord, Resolver, loc, next_index};
use crate::diagnostic::codes::{NoPolicy, ReservedName, SecondPolicy, TwoSources};
use crate::typed::{Enum, EnumId, FileId, Ignored, Loc, Record, RecordId, Risk, Role, RoleId, Source, SourceId, Tool, ToolId};
use agentc_grammar::ast::{self, ItemKind, MemberKind, Name};
use agentc_grammar::span::Span;
use std::collections::BTreeMap;

/// The spaces of top-level names.
struct Spaces {
    types: Duplicates,
    roles: Duplicates,
    risks: Duplicates,
    sources: Duplicates,
    tools: Duplicates,
    lets: Duplicates,
    fns: Duplicates,
    rule_sets: Duplicates,
    jobs: Duplicates,
    fixtures: Duplicates,
    tests: Duplicates,
    proofs: Duplicates,
    /// Records of sources by name: another source's record of that name is a matter of its own.
    in_sources: BTreeMap<String, Loc>,
    policy: Option<Loc>,
}

impl<'a> Resolver<'a, '_> {
    /// Gives every declaration of every file its id and name.
    pub(super) fn declare(&mut self) {
        let mut spaces = Spaces {
            types: Duplicates::of("type"),
            roles: Duplicates::of("role"),
            risks: Duplicates::of("risk class"),
            sources: Duplicates::of("source"),
            tools: Duplicates::of("tool"),
            lets: Duplicates::of("let"),
            fns: Duplicates::of("function"),
            rule_sets: Duplicates::of("rule set"),
            jobs: Duplicates::of("job"),
            fixtures: Duplicates::of("fixture"),
            tests: Duplicates::of("test"),
            proofs: Duplicates::of("proof"),
            in_sources: BTreeMap::new(),
            policy: None,
        };
        let files = self.hir.files;
        for (index, file) in (0_u32..).zip(files) {
            for item in &file.items {
                self.declare_item(FileId(index), item, &mut spaces);
            }
        }
        if spaces.policy.is_none() {
            let end = self.hir.typed.files.first().map_or(0, |file| file.text.find('\n').unwrap_or(file.text.len()));
            let span = Span::new(0, u32::try_from(end).unwrap_or(u32::MAX));
            self.sink.report(NoPolicy { loc: loc(FileId(0), span) });
        }
    }

    /// Keeps what is written above a `let` or a function, as one line.
    fn note(&mut self, docs: Option<&String>, at: Loc) {
        if let Some(docs) = docs {
            let words: Vec<&str> = docs.split_whitespace().collect();
            self.hir.typed.notes.insert(at, words.join(" "));
        }
    }

    /// What is written above the `let`s of a job or a rule set.
    fn notes(&mut self, file: FileId, members: &[ast::Member]) {
        for member in members {
            match &member.kind {
                MemberKind::Let(decl) => self.note(member.docs.as_ref(), loc(file, decl.name.span)),
                MemberKind::When { members, .. } => self.notes(file, members),
                _ => {}
            }
        }
    }

    fn declare_item(&mut self, file: FileId, item: &'a ast::Item, spaces: &mut Spaces) {
        let at = |name: &Name| loc(file, name.span);
        match &item.kind {
            ItemKind::Use(_) => {}
            ItemKind::Policy(policy) => self.declare_policy(file, item.span, policy, spaces),
            ItemKind::Enum(decl) => {
                if self.declare_type(file, &decl.name, spaces) {
                    let id = EnumId(next_index(&self.hir.typed.enums));
                    self.hir.names.enums.insert(decl.name.node.clone(), id);
                    let name = decl.name.node.clone();
                    self.hir.typed.enums.push(Enum { name, variants: Vec::new(), loc: at(&decl.name) });
                    self.enums.push((id, file, decl));
                }
            }
            ItemKind::Record(record) => self.declare_record(file, record, Home::Plain, spaces),
            ItemKind::Role(names) => {
                for name in names {
                    if spaces.roles.declare(&name.node, at(name), self.sink) {
                        let id = RoleId(next_index(&self.hir.typed.roles));
                        self.hir.names.roles.insert(name.node.clone(), id);
                        self.hir.typed.roles.push(Role { name: name.node.clone(), loc: at(name) });
                    }
                }
            }
            ItemKind::Risk(risk) => self.declare_risk(file, risk, spaces),
            ItemKind::Identity(blocks) => self.identities.extend(blocks.iter().map(|block| (file, block))),
            ItemKind::Source(source) => self.declare_source(file, item.docs.clone(), source, spaces),
            ItemKind::Tool(tool) => self.declare_tool(file, item.docs.clone(), tool, spaces),
            ItemKind::Let(decl) => {
                self.not_reserved("let", file, &decl.name, VALUES);
                self.note(item.docs.as_ref(), at(&decl.name));
                if spaces.lets.declare(&decl.name.node, at(&decl.name), self.sink) {
                    self.hir.names.lets.insert(decl.name.node.clone(), (file, decl));
                }
            }
            ItemKind::Fn(decl) => {
                self.note(item.docs.as_ref(), at(&decl.name));
                if spaces.fns.declare(&decl.name.node, at(&decl.name), self.sink) {
                    self.hir.syntax.fns.push((file, decl));
                }
            }
            ItemKind::Rules(set) => {
                self.notes(file, &set.members);
                if spaces.rule_sets.declare(&set.name.node, at(&set.name), self.sink) {
                    self.hir.names.rule_sets.insert(set.name.node.clone(), (file, set));
                }
            }
            ItemKind::Job(job) => {
                self.notes(file, &job.members);
                if spaces.jobs.declare(&job.name.node, at(&job.name), self.sink) {
                    self.hir.syntax.jobs.push((file, job));
                    self.declare_job(file, item.docs.clone(), job);
                }
            }
            ItemKind::Fixture(fixture) => {
                if spaces.fixtures.declare(&fixture.name.node, at(&fixture.name), self.sink) {
                    self.hir.names.fixtures.insert(fixture.name.node.clone(), (file, fixture));
                }
            }
            ItemKind::Test(test) => {
                if spaces.tests.declare(&test.name.node, loc(file, test.name.span), self.sink) {
                    self.hir.syntax.tests.push((file, test));
                }
            }
            ItemKind::Prove(prove) => {
                if spaces.proofs.declare(&prove.name.node, loc(file, prove.name.span), self.sink) {
                    self.hir.syntax.proofs.push((file, prove));
                }
            }
        }
    }

    fn declare_policy(&mut self, file: FileId, span: Span, policy: &ast::Policy, spaces: &mut Spaces) {
        let here = loc(file, policy.name.span);
        if file != FileId(0) || spaces.policy.is_some() {
            self.sink.report(SecondPolicy { loc: loc(file, span), first: spaces.policy });
            return;
        }
        spaces.policy = Some(here);
        let parts: Vec<&str> = policy.name.parts.iter().map(|part| part.node.as_str()).collect();
        let text = |said: &Option<agentc_grammar::span::Spanned<String>>| {
            said.as_ref().map_or_else(String::new, |text| text.node.clone())
        };
        self.hir.typed.name = parts.join(".");
        self.hir.typed.version = text(&policy.version);
        self.hir.typed.owner = text(&policy.owner);
    }

    fn declare_type(&mut self, file: FileId, name: &Name, spaces: &mut Spaces) -> bool {
        let builtin = SCALARS.iter().any(|(scalar, _)| *scalar == name.node)
            || ["List", "Set", "Map", "Key", "Money"].contains(&name.node.as_str())
            || LATER_TYPES.contains(&name.node.as_str());
        if builtin {
            self.sink.report(ReservedName { what: "type", name: name.node.clone(), loc: loc(file, name.span) });
            return false;
        }
        spaces.types.declare(&name.node, loc(file, name.span), self.sink)
    }

    /// Reports a name that the language keeps.
    pub(super) fn not_reserved(&mut self, what: &'static str, file: FileId, name: &Name, kept: &[&str]) {
        if kept.contains(&name.node.as_str()) {
            self.sink.report(ReservedName { what, name: name.node.clone(), loc: loc(file, name.span) });
        }
    }

    fn declare_record(&mut self, file: FileId, record: &'a ast::Record, home: Home, spaces: &mut Spaces) {
        let here = loc(file, record.name.span);
        if let Home::Source(..) = home {
            if let Some(first) = spaces.in_sources.get(&record.name.node) {
                self.sink.report(TwoSources { record: record.name.node.clone(), loc: here, first: *first });
                return;
            }
            spaces.in_sources.insert(record.name.node.clone(), here);
        }
        if !self.declare_type(file, &record.name, spaces) {
            return;
        }
        let id = RecordId(next_index(&self.hir.typed.records));
        self.hir.names.records.insert(record.name.node.clone(), id);
        let (source, tool, untrusted) = match home {
            Home::Plain => (None, None, false),
            Home::Source(source, untrusted) => (Some(source), None, untrusted),
            Home::Tool(tool) => (None, Some(tool), false),
        };
        self.hir.typed.records.push(Record {
            name: record.name.node.clone(),
            docs: record.docs.clone(),
            key: Vec::new(),
            fields: Vec::new(),
            source,
            tool,
            fetch: None,
            loc: here,
        });
        self.records.push(DeclaredRecord { file, syntax: record, untrusted });
    }

    fn declare_risk(&mut self, file: FileId, risk: &ast::Risk, spaces: &mut Spaces) {
        let here = loc(file, risk.name.span);
        if !spaces.risks.declare(&risk.name.node, here, self.sink) {
            return;
        }
        let mut bounded_by = Vec::new();
        for bound in &risk.bounded_by {
            if self.known_word("a bound of a risk class", file, bound, &["gate", "limit", "escalate", "never", "undo"])
                && !bounded_by.contains(&bound.node)
            {
                bounded_by.push(bound.node.clone());
            }
        }
        let index = next_index(&self.hir.typed.risks);
        self.hir.names.risks.insert(risk.name.node.clone(), index);
        self.hir.typed.risks.push(Risk { name: risk.name.node.clone(), bounded_by, loc: here });
    }

    fn declare_source(&mut self, file: FileId, docs: Option<String>, source: &'a ast::Source, spaces: &mut Spaces) {
        let here = loc(file, source.name.span);
        if !spaces.sources.declare(&source.name.node, here, self.sink) {
            return;
        }
        let id = SourceId(next_index(&self.hir.typed.sources));
        self.hir.names.sources.insert(source.name.node.clone(), id);
        self.hir.typed.sources.push(Source {
            name: source.name.node.clone(),
            title: source.title.as_ref().map(|title| title.node.clone()),
            docs,
            loc: here,
        });
        self.sources.push((id, file, source));
        for record in &source.records {
            self.declare_record(file, record, Home::Source(id, source.untrusted.is_some()), spaces);
        }
    }

    fn declare_tool(&mut self, file: FileId, docs: Option<String>, tool: &'a ast::Tool, spaces: &mut Spaces) {
        let here = loc(file, tool.name.span);
        if !spaces.tools.declare(&tool.name.node, here, self.sink) {
            return;
        }
        let id = ToolId(next_index(&self.hir.typed.tools));
        self.hir.names.tools.insert(tool.name.node.clone(), id);
        self.hir.typed.tools.push(Tool {
            name: tool.name.node.clone(),
            docs,
            on: tool.on.as_ref().map(|(kind, name)| (kind.node.clone(), name.node.clone())),
            ignores: tool.ignores.iter().map(|name| Ignored { wire: name.node.clone(), loc: loc(file, name.span) }).collect(),
            loc: here,
        });
        self.tools.push((id, file, tool));
        for record in &tool.records {
            self.declare_record(file, record, Home::Tool(id), spaces);
        }
        self.declare_verbs(id, file, tool);
    }
}

/// Where a record is declared.
#[derive(Clone, Copy)]
enum Home {
    Plain,
    Source(SourceId, bool),
    Tool(ToolId),
}
