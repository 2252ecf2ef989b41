//! Declarations of the root file that nothing uses. A module may declare what only other policies use.

use super::Subject;
use super::walk::{Walk, everything};
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{Unused, UnusedKind};
use crate::typed::{
    Approver, ApproverKind, EnumId, Expr, ExprKind, FetchHow, Field, FileId, FnId, Job, Loc, PropertyKind, RecordId, RoleId,
    RuleKind, SourceId, ToolId, Type, Typed, VerbId, Who,
};
use agentc_grammar::ast::{self, ItemKind, MemberKind};
use agentc_runtime::value::Value;
use std::collections::BTreeSet;

/// Reports each declaration that nothing uses.
pub(super) fn check(subject: Subject<'_>, sink: &mut Sink) {
    let typed = subject.typed;
    let used = Used::of(typed);
    let mut report = |kind: UnusedKind, name: &str, loc: Loc| {
        if loc.file == FileId(0) {
            sink.report(Unused { kind, name: name.to_owned(), loc });
        }
    };
    for (id, role) in (0_u32..).map(RoleId).zip(&typed.roles) {
        if !used.roles.contains(&id) && !used.texts.contains(role.name.as_str()) {
            report(UnusedKind::Role, &role.name, role.loc);
        }
    }
    for (index, risk) in (0_u32..).zip(&typed.risks) {
        if !typed.verbs.iter().any(|verb| verb.risks.contains(&index)) {
            report(UnusedKind::Risk, &risk.name, risk.loc);
        }
    }
    for (id, decl) in (0_u32..).map(EnumId).zip(&typed.enums) {
        if !used.enums.contains(&id) {
            report(UnusedKind::Enum, &decl.name, decl.loc);
        }
    }
    for (id, decl) in (0_u32..).map(FnId).zip(&typed.fns) {
        if !used.fns.contains(&id) {
            report(UnusedKind::Fn, &decl.name, decl.loc);
        }
    }
    let sources: BTreeSet<SourceId> =
        used.records.iter().filter_map(|record| typed.records.get(record.0 as usize)?.source).collect();
    for (id, source) in (0_u32..).map(SourceId).zip(&typed.sources) {
        if !sources.contains(&id) {
            report(UnusedKind::Source, &source.name, source.loc);
        }
    }
    for (id, record) in (0_u32..).map(RecordId).zip(&typed.records) {
        // Where no record of a source is used, the source was reported.
        if !used.records.contains(&id) && record.source.is_none_or(|source| sources.contains(&source)) {
            report(UnusedKind::Record, &record.name, record.loc);
        }
    }
    let tools: BTreeSet<ToolId> =
        used.verbs.iter().filter_map(|verb| typed.verbs.get(verb.index())).map(|verb| verb.tool).collect();
    for (id, tool) in (0_u32..).map(ToolId).zip(&typed.tools) {
        // A policy without a job has only declared so far, as `agentc import` leaves it.
        if !tools.contains(&id) && !typed.jobs.is_empty() {
            report(UnusedKind::Tool, &tool.name, tool.loc);
        }
    }
    for (who, attributes) in [(Who::Agent, &typed.agent), (Who::User, &typed.user)] {
        for (index, field) in (0_u32..).zip(attributes).skip(2) {
            if !used.attributes.contains(&(who, index)) {
                report(UnusedKind::Attribute, &field.name, field.loc);
            }
        }
    }
    for job in &typed.jobs {
        let (signals, environment) = of_job(typed, job);
        for (index, field) in (0_u32..).zip(&job.signals) {
            if !signals.contains(&index) {
                report(UnusedKind::Signal, &field.name, field.loc);
            }
        }
        for (index, field) in (0_u32..).zip(&job.environment) {
            if !environment.contains(&index) {
                report(UnusedKind::Environment, &field.name, field.loc);
            }
        }
    }
    written_only(subject, &mut report);
}

/// `let`s and fixtures: nothing is left of them where nothing uses them, so they are looked for in what was written.
fn written_only(subject: Subject<'_>, report: &mut impl FnMut(UnusedKind, &str, Loc)) {
    let used: BTreeSet<Loc> = subject.typed.lets.iter().map(|used| used.loc).collect();
    let Some(root) = subject.asts.first() else { return };
    let loc = |name: &ast::Name| Loc { file: FileId(0), span: name.span };
    let fixtures: BTreeSet<&str> = root
        .items
        .iter()
        .filter_map(|item| match &item.kind {
            ItemKind::Test(test) => test.with.as_ref().map(|name| name.node.as_str()),
            _ => None,
        })
        .collect();
    for item in &root.items {
        match &item.kind {
            ItemKind::Let(decl) if !used.contains(&loc(&decl.name)) => report(UnusedKind::Let, &decl.name.node, loc(&decl.name)),
            ItemKind::Job(ast::Job { members, .. }) | ItemKind::Rules(ast::RuleSet { members, .. }) => {
                let mut lets = Vec::new();
                lets_of(members, &mut lets);
                for decl in lets.into_iter().filter(|decl| !used.contains(&loc(&decl.name))) {
                    report(UnusedKind::Let, &decl.name.node, loc(&decl.name));
                }
            }
            ItemKind::Fixture(fixture) if !fixtures.contains(fixture.name.node.as_str()) => {
                report(UnusedKind::Fixture, &fixture.name.node, loc(&fixture.name));
            }
            _ => {}
        }
    }
}

fn lets_of<'a>(members: &'a [ast::Member], lets: &mut Vec<&'a ast::Let>) {
    for member in members {
        match &member.kind {
            MemberKind::Let(decl) => lets.push(decl),
            MemberKind::When { members, .. } => lets_of(members, lets),
            _ => {}
        }
    }
}

/// The signals and the environment values that a job reads, by index.
fn of_job(typed: &Typed, job: &Job) -> (BTreeSet<u32>, BTreeSet<u32>) {
    let (mut signals, mut environment) = (BTreeSet::new(), BTreeSet::new());
    let mut walk = Walk::new(typed);
    for expr in everything(job) {
        walk.over(expr, &mut |part| match &part.kind {
            ExprKind::Signal(index) => {
                signals.insert(*index);
            }
            ExprKind::Environment(index) => {
                environment.insert(*index);
            }
            _ => {}
        });
    }
    (signals, environment)
}

/// What is used of a policy.
#[derive(Debug, Default)]
struct Used<'t> {
    roles: BTreeSet<RoleId>,
    enums: BTreeSet<EnumId>,
    fns: BTreeSet<FnId>,
    records: BTreeSet<RecordId>,
    verbs: BTreeSet<VerbId>,
    attributes: BTreeSet<(Who, u32)>,
    /// Constant texts: a role may be looked for among `user.roles` by its name.
    texts: BTreeSet<&'t str>,
}

impl<'t> Used<'t> {
    fn of(typed: &'t Typed) -> Self {
        let mut used = Self::default();
        let mut walk = Walk::new(typed);
        for job in &typed.jobs {
            for expr in everything(job) {
                walk.over(expr, &mut |part| used.expr(part));
            }
            for rule in &job.rules {
                // What stops after failures of any tool speaks of none.
                if !matches!(rule.kind, RuleKind::OnFailure { .. }) {
                    used.verbs.extend(&rule.verbs);
                }
                match &rule.kind {
                    RuleKind::Gate(gate) => {
                        used.people(&gate.approvers);
                        gate.then.iter().for_each(|(who, _)| used.people(who));
                    }
                    RuleKind::Require { verb, .. } => {
                        used.verbs.insert(*verb);
                    }
                    _ => {}
                }
            }
            [&job.pause_by, &job.resume_by, &job.undo_by].into_iter().for_each(|who| used.people(who));
            [&job.input, &job.environment, &job.signals].into_iter().flatten().for_each(|field| used.field(field, typed));
        }
        for proof in &typed.proofs {
            for statement in &proof.statements {
                let condition = match &statement.kind {
                    PropertyKind::NeverAllow { condition, .. } | PropertyKind::AlwaysAllow { condition, .. } => condition,
                    PropertyKind::NeedsApproval { condition, by, .. } => {
                        used.people(by);
                        condition
                    }
                    PropertyKind::EveryWrite { .. } | PropertyKind::LimitHolds(_) => &None,
                };
                if let Some(condition) = condition {
                    walk.over(condition, &mut |part| used.expr(part));
                }
            }
        }
        for verb in &typed.verbs {
            let parts = verb.changes.iter().flat_map(|change| &change.key);
            let parts = parts.chain(verb.undo.iter().flat_map(|undo| undo.args.iter().map(|(_, value)| value)));
            for expr in parts {
                walk.over(expr, &mut |part| used.expr(part));
            }
            if let Some(undo) = &verb.undo {
                used.people(&undo.by);
            }
        }
        [&typed.agent, &typed.user].into_iter().flatten().for_each(|field| used.field(field, typed));
        used.fetched_and_shaped(typed);
        used
    }

    fn expr(&mut self, part: &'t Expr) {
        match &part.kind {
            ExprKind::CallFn(id, _) => {
                self.fns.insert(*id);
            }
            ExprKind::Lookup(record, _) => {
                self.records.insert(*record);
            }
            ExprKind::Identity(who, index) => {
                self.attributes.insert((*who, *index));
            }
            ExprKind::History(_, verbs, _) | ExprKind::Last(verbs, ..) => self.verbs.extend(verbs),
            ExprKind::Const(value) => self.constant(value),
            _ => {}
        }
        if let Type::Enum(id) = part.ty {
            self.enums.insert(id);
        }
    }

    fn constant(&mut self, value: &'t Value) {
        if let Value::Text(text) = value {
            self.texts.insert(text);
        }
    }

    fn people(&mut self, people: &[Approver]) {
        self.roles.extend(people.iter().filter_map(|person| match &person.who {
            ApproverKind::Role(role) => Some(*role),
            ApproverKind::User | ApproverKind::Identity(_) => None,
        }));
    }

    /// What verbs, records and functions are made of, and what is fetched by a verb that is used.
    fn fetched_and_shaped(&mut self, typed: &Typed) {
        for verb in &typed.verbs {
            verb.params.iter().for_each(|param| self.field(&param.field, typed));
            if let Some(result) = &verb.result {
                self.shape(result, typed);
            }
            // A write that does not say what it changes may have changed everything its tool fetches, which uses nothing.
            let named = verb.changes.iter().filter(|change| !change.key.is_empty());
            self.records.extend(named.map(|change| change.record));
        }
        for decl in &typed.fns {
            decl.params.iter().for_each(|(_, _, ty)| self.shape(ty, typed));
            self.shape(&decl.body.ty, typed);
        }
        for (id, record) in (0_u32..).map(RecordId).zip(&typed.records) {
            let Some(fetch) = &record.fetch else { continue };
            let with = match &fetch.how {
                FetchHow::Verb { verb, .. } => Some(*verb),
                FetchHow::Host => None,
            };
            let verbs: Vec<VerbId> = with.into_iter().chain(fetch.also.iter().copied()).collect();
            if verbs.iter().any(|verb| self.verbs.contains(verb)) {
                self.records.insert(id);
            }
            if self.records.contains(&id) {
                self.verbs.extend(verbs);
            }
        }
        let records: Vec<RecordId> = self.records.iter().copied().collect();
        records.into_iter().for_each(|record| self.fields_of(record, typed));
        // Fields of records that nothing uses still need their types.
        for (_, record) in (0_u32..).zip(&typed.records) {
            record.fields.iter().for_each(|field| self.enums_of(&field.ty));
        }
        self.reversals(typed);
    }

    /// The verbs that undo one that is used.
    fn reversals(&mut self, typed: &Typed) {
        let undoing: Vec<VerbId> =
            self.verbs.iter().filter_map(|verb| typed.verbs.get(verb.index())?.undo.as_ref()).map(|undo| undo.verb).collect();
        self.verbs.extend(undoing);
    }

    fn field(&mut self, field: &Field, typed: &Typed) {
        self.shape(&field.ty, typed);
    }

    /// The records and enums that a type is made of. A record of a source counts as used only where it is looked up or named by its key.
    fn shape(&mut self, ty: &Type, typed: &Typed) {
        self.enums_of(ty);
        match ty {
            Type::Key(record) => {
                self.records.insert(*record);
            }
            Type::Record(record) => {
                let plain = typed.records.get(record.0 as usize).is_some_and(|decl| decl.fetch.is_none());
                if plain && self.records.insert(*record) {
                    self.fields_of(*record, typed);
                }
            }
            Type::List(inner) | Type::Set(inner) | Type::Optional(inner) => self.shape(inner, typed),
            Type::Map(key, value) => {
                self.shape(key, typed);
                self.shape(value, typed);
            }
            _ => {}
        }
    }

    fn fields_of(&mut self, record: RecordId, typed: &Typed) {
        let fields = typed.records.get(record.0 as usize).map_or(&[][..], |decl| decl.fields.as_slice());
        fields.iter().for_each(|field| self.field(field, typed));
    }

    fn enums_of(&mut self, ty: &Type) {
        match ty {
            Type::Enum(id) => {
                self.enums.insert(*id);
            }
            Type::List(inner) | Type::Set(inner) | Type::Optional(inner) => self.enums_of(inner),
            Type::Map(key, value) => {
                self.enums_of(key);
                self.enums_of(value);
            }
            _ => {}
        }
    }
}
