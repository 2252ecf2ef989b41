//! Tests: their fixtures laid under them, every value a constant.

use super::Completer;
use super::jobs::Completed;
use super::naming::BUILT_IN;
use crate::check::Scope;
use crate::diagnostic::codes::{
    GateElsewhere, GivenUnfetched, MissingValues, NameKind, NothingToReturn, SetupTooLate, ShowingOfNoCall, TestWithoutJob,
    UnknownName, UnknownWord, WrongOutcome,
};
use crate::diagnostic::suggest;
use crate::resolve::{Once, ROLES, loc};
use crate::typed::{
    CallOutcome, Expect, Expected, Expr, Field, FileId, Given, JobId, Rule, Step, StepKind, Test, Type, VerbId, Who,
};
use agentc_grammar::ast::{self, ExprKind, GivenState, Name, SetupKind};
use agentc_grammar::span::{Span, Spanned};
use agentc_runtime::types::Currency;

/// A line of setup and the file it is written in.
struct Line<'a> {
    file: FileId,
    setup: &'a ast::Setup,
}

/// What a test starts from, put together.
#[derive(Default)]
struct World {
    input: Vec<(u32, Expr)>,
    environment: Vec<(u32, Expr)>,
    identity: Vec<(Who, u32, Expr)>,
    at: Option<Expr>,
    /// Some values have errors: what is missing cannot be told.
    broken: bool,
}

impl<'a> Completer<'a, '_> {
    /// All tests, in order; those with an error are left out.
    pub(super) fn tests(&mut self, jobs: &[Completed]) -> Vec<Test> {
        let syntax: Vec<(FileId, &'a ast::Test)> = self.hir.syntax.tests.clone();
        self.unused_fixtures(&syntax);
        syntax.into_iter().filter_map(|(file, test)| self.test(file, test, jobs)).collect()
    }

    /// A fixture that no test begins with is checked for itself.
    fn unused_fixtures(&mut self, tests: &[(FileId, &'a ast::Test)]) {
        let used = |name: &str| tests.iter().any(|(_, test)| test.with.as_ref().is_some_and(|with| with.node == name));
        let fixtures: Vec<_> = self.hir.names.fixtures.values().copied().filter(|(_, decl)| !used(&decl.name.node)).collect();
        for (file, fixture) in fixtures {
            let lines: Vec<Line<'a>> = fixture.setup.iter().map(|setup| Line { file, setup }).collect();
            if let Some(job) = self.job_of(&lines) {
                self.world(job, &lines);
            }
            for line in &lines {
                self.given(line);
            }
        }
    }

    fn test(&mut self, file: FileId, test: &'a ast::Test, jobs: &[Completed]) -> Option<Test> {
        let fixture = match &test.with {
            None => None,
            Some(name) => Some(self.fixture(file, name)?),
        };
        let mut lines: Vec<Line<'a>> = Vec::new();
        if let Some((file, fixture)) = fixture {
            lines.extend(fixture.setup.iter().map(|setup| Line { file, setup }));
        }
        let begins = |step: &&ast::Step| !matches!(step.kind, ast::StepKind::Setup(_));
        let first_event = test.steps.iter().position(|step| begins(&step)).unwrap_or(test.steps.len());
        for (index, step) in test.steps.iter().enumerate() {
            let ast::StepKind::Setup(setup) = &step.kind else { continue };
            let (name, changes_world) = setup_name(&setup.kind);
            if index < first_event || changes_world {
                lines.push(Line { file, setup });
            } else {
                self.report(SetupTooLate { what: name, loc: loc(file, setup.span) });
            }
        }
        let Some(job) = self.job_of(&lines) else {
            let named = lines.iter().any(|line| matches!(line.setup.kind, SetupKind::Job(_)));
            if !named {
                self.report(TestWithoutJob { name: test.name.node.clone(), loc: loc(file, test.name.span) });
            }
            return None;
        };
        let world = self.world(job, &lines);
        self.missing(job, &world, file, test);

        let completed = jobs.get(job.index())?;
        let mut steps = Vec::new();
        if let Some((fixture_file, fixture)) = fixture {
            for setup in &fixture.setup {
                let line = Line { file: fixture_file, setup };
                if let Some(kind) = self.given(&line) {
                    steps.push(Step { kind, expect: None, of_result: None, loc: loc(fixture_file, setup.span) });
                }
            }
        }
        for step in &test.steps {
            if let Some(step) = self.step(file, step, job, completed) {
                steps.push(step);
            }
        }
        Some(Test {
            name: test.name.node.clone(),
            job,
            input: world.input,
            environment: world.environment,
            identity: world.identity,
            at: world.at,
            steps,
            loc: loc(file, test.name.span),
        })
    }

    fn fixture(&mut self, file: FileId, name: &Name) -> Option<(FileId, &'a ast::Fixture)> {
        self.named(
            NameKind::Fixture,
            file,
            name,
            |hir| hir.names.fixtures.get(&name.node).copied(),
            |hir| hir.names.fixtures.keys().map(String::as_str).collect(),
        )
    }

    /// The job that the setup names. A fixture and its test may not both name one.
    fn job_of(&mut self, lines: &[Line<'a>]) -> Option<JobId> {
        let mut once = Once::default();
        let mut job = None;
        for line in lines {
            let SetupKind::Job(name) = &line.setup.kind else { continue };
            if once.say("job", loc(line.file, line.setup.span), self.checker.problems()) {
                job = self.job(line.file, name);
            }
        }
        job
    }

    /// Input, environment, identities and the start, later lines laid over earlier ones.
    fn world(&mut self, job: JobId, lines: &[Line<'a>]) -> World {
        let mut world = World::default();
        let Some(decl) = self.hir.typed.jobs.get(job.index()) else { return world };
        let typed = &self.hir.typed;
        for line in lines {
            let (file, span) = (line.file, line.setup.span);
            match &line.setup.kind {
                SetupKind::Input(given) => {
                    let owner = format!("the input of `{}`", decl.name);
                    match self.values(&decl.input, &owner, file, given, span) {
                        Some(values) => lay(&mut world.input, values),
                        None => world.broken = true,
                    }
                }
                SetupKind::Environment(given) => {
                    let owner = format!("the environment of `{}`", decl.name);
                    match self.values(&decl.environment, &owner, file, given, span) {
                        Some(values) => lay(&mut world.environment, values),
                        None => world.broken = true,
                    }
                }
                SetupKind::Identity(who, given) => {
                    let (who, fields, owner) = match who.node.as_str() {
                        "agent" => (Who::Agent, &typed.agent, "the identity of the agent"),
                        _ => (Who::User, &typed.user, "the identity of the user"),
                    };
                    let given = self.with_roles(file, given);
                    for (index, value) in self.values(fields, owner, file, &given, span).unwrap_or_default() {
                        world.identity.retain(|(other, at, _)| !(*other == who && *at == index));
                        world.identity.push((who, index, value));
                    }
                }
                SetupKind::At(time) => {
                    world.at = self.checker.check(time, &Scope::constant(file), Some(&Type::Time)).ok();
                }
                SetupKind::Job(_) | SetupKind::Given { .. } => {}
            }
        }
        world
    }

    fn values(
        &mut self,
        fields: &[Field],
        owner: &str,
        file: FileId,
        given: &[(Name, ast::Expr)],
        span: Span,
    ) -> Option<Vec<(u32, Expr)>> {
        self.checker.members(fields, owner, given, span, &Scope::constant(file).partial()).ok()
    }

    /// `roles: [support_lead]` names roles of the policy; in the identity they are texts.
    fn with_roles(&mut self, file: FileId, given: &[(Name, ast::Expr)]) -> Vec<(Name, ast::Expr)> {
        let mut given = given.to_vec();
        for (name, value) in &mut given {
            let ExprKind::List(entries) = &mut value.kind else { continue };
            if name.node != ROLES {
                continue;
            }
            for entry in entries {
                if let ExprKind::Name(role) = &entry.kind {
                    let role = role.clone();
                    self.role(file, &Spanned::new(role.clone(), entry.span));
                    entry.kind = ExprKind::Literal(ast::Literal::Text(role));
                }
            }
        }
        given
    }

    /// Reports inputs and environment values without which a run of the job cannot begin.
    fn missing(&mut self, job: JobId, world: &World, file: FileId, test: &ast::Test) {
        if world.broken {
            return;
        }
        let Some(decl) = self.hir.typed.jobs.get(job.index()) else { return };
        let parts = [("input", &decl.input, &world.input), ("environment", &decl.environment, &world.environment)];
        for (what, fields, given) in parts {
            let names: Vec<String> = (0_u32..)
                .zip(fields)
                .filter(|(index, field)| !matches!(field.ty, Type::Optional(_)) && !given.iter().any(|(at, _)| at == index))
                .map(|(_, field)| field.name.clone())
                .collect();
            if !names.is_empty() {
                let test_name = test.name.node.clone();
                self.report(MissingValues { what, test: test_name, names, loc: loc(file, test.name.span) });
            }
        }
    }

    fn given(&mut self, line: &Line<'_>) -> Option<StepKind> {
        let SetupKind::Given { record, key, state } = &line.setup.kind else { return None };
        let file = line.file;
        let scope = Scope::constant(file);
        let id = self.record(file, record)?;
        let decl = self.hir.typed.records.get(id.0 as usize)?;
        if decl.fetch.is_none() {
            self.report(GivenUnfetched { record: record.node.clone(), loc: loc(file, record.span) });
            return None;
        }
        let owner = format!("the record `{}`", record.node);
        let key = self.checker.key(id, key, line.setup.span, &scope);
        let state = match state {
            GivenState::Absent => Ok(Given::Absent),
            GivenState::Unavailable => Ok(Given::Unavailable),
            GivenState::Fields(fields) => {
                let given = self.checker.members(&decl.fields, &owner, fields, line.setup.span, &scope.partial());
                given.map(Given::Fields)
            }
        };
        Some(StepKind::Given { record: id, key: key.ok()?, state: state.ok()? })
    }

    fn step(&mut self, file: FileId, step: &'a ast::Step, job: JobId, completed: &Completed) -> Option<Step> {
        let here = loc(file, step.span);
        let scope = Scope::constant(file);
        let mut called = None;
        let kind = match &step.kind {
            ast::StepKind::Setup(setup) => self.given(&Line { file, setup }),
            ast::StepKind::Call { verb, args, outcome } => self.verb(file, verb).and_then(|id| {
                called = Some(id);
                let args = self.checker.arguments(id, args, step.span, &scope);
                let outcome = outcome.as_ref().and_then(|outcome| self.outcome(file, id, outcome));
                args.ok().map(|args| StepKind::Call { verb: id, args, outcome })
            }),
            ast::StepKind::Approve { gate, by, roles, refuse } => {
                let roles = self.roles(file, roles);
                let gate = self.rule(NameKind::Gate, file, gate, &completed.rules).filter(|index| {
                    let is_gate = completed.is(*index, "gate");
                    if let Some(rule) = completed.rules.get(*index as usize).filter(|_| !is_gate) {
                        let (name, here) = (gate.node.clone(), loc(file, gate.span));
                        self.report(GateElsewhere { gate: name, missing: None, loc: here, rule: rule.loc });
                    }
                    is_gate
                });
                gate.map(|gate| StepKind::Approve { gate, by: by.node.clone(), roles, refuse: *refuse })
            }
            ast::StepKind::After(duration) => Some(StepKind::After(self.positive("after", file, duration))),
            ast::StepKind::Signal(name, value) => self.signal(file, job, name, value),
            ast::StepKind::Usage(given) => self.usage(file, given),
            ast::StepKind::Pause { resume, verb, by, roles } => {
                let roles = self.roles(file, roles);
                let target = match verb {
                    None => Some(None),
                    Some(path) => self.verb(file, path).map(Some),
                };
                target.map(|verb| StepKind::Pause { resume: *resume, verb, by: by.node.clone(), roles })
            }
            ast::StepKind::Undo { verb, by, roles } => {
                let roles = self.roles(file, roles);
                let target = match verb {
                    None => Some(None),
                    Some(path) => self.verb(file, path).map(Some),
                };
                target.map(|verb| StepKind::Undo { verb, by: by.node.clone(), roles })
            }
            ast::StepKind::End => Some(StepKind::End),
        };
        let answers = outcomes_of(&step.kind);
        let expect = step.expect.as_ref().and_then(|expect| self.expect(file, answers, expect, called, &completed.rules));
        let of_result = step.of_result.as_ref().and_then(|expect| self.expect(file, OF_RESULT, expect, called, &completed.rules));
        Some(Step { kind: kind?, expect, of_result, loc: here })
    }

    fn outcome(&mut self, file: FileId, verb: VerbId, outcome: &ast::CallOutcome) -> Option<CallOutcome> {
        match outcome {
            ast::CallOutcome::Fails(code) => Some(CallOutcome::Fails(code.node.clone())),
            ast::CallOutcome::Unclear(_) => Some(CallOutcome::Unclear),
            ast::CallOutcome::Returns(value) => self.result(file, verb, "returns", value).map(CallOutcome::Returns),
        }
    }

    /// A value of the verb's result type.
    fn result(&mut self, file: FileId, verb: VerbId, clause: &'static str, value: &ast::Expr) -> Option<Expr> {
        let Some(ty) = self.hir.typed.verbs.get(verb.index())?.result.as_ref() else {
            self.report(NothingToReturn { verb, clause, loc: loc(file, value.span) });
            return None;
        };
        self.checker.check(value, &Scope::constant(file).partial(), Some(ty)).ok()
    }

    fn signal(&mut self, file: FileId, job: JobId, name: &Name, value: &ast::Expr) -> Option<StepKind> {
        let scope = Scope::constant(file);
        if name.node == "confidence" {
            return self.checker.check(value, &scope, Some(&Type::Decimal)).ok().map(StepKind::Confidence);
        }
        let signals = &self.hir.typed.jobs.get(job.index())?.signals;
        let Some((index, field)) = (0_u32..).zip(signals).find(|(_, field)| field.name == name.node) else {
            let known = signals.iter().map(|field| field.name.as_str()).chain(["confidence"]);
            let nearest = suggest::nearest(&name.node, known).map(str::to_owned);
            let here = loc(file, name.span);
            self.report(UnknownName { kind: NameKind::Signal, name: name.node.clone(), loc: here, nearest, module: None });
            return None;
        };
        let ty = match &field.ty {
            Type::Optional(inner) => inner,
            ty => ty,
        };
        self.checker.check(value, &scope, Some(ty)).ok().map(|value| StepKind::Signal(index, value))
    }

    fn usage(&mut self, file: FileId, given: &[(Name, ast::Expr)]) -> Option<StepKind> {
        let scope = Scope::constant(file);
        let (mut cost, mut tokens) = (None, None);
        let mut once = Once::default();
        for (name, value) in given {
            let here = loc(file, name.span);
            match name.node.as_str() {
                "cost" if once.say("cost", here, self.checker.problems()) => {
                    let ty = Currency::new("USD").map(Type::Money);
                    cost = Some(self.checker.check(value, &scope, ty.as_ref()).ok()?);
                }
                "tokens" if once.say("tokens", here, self.checker.problems()) => {
                    tokens = Some(self.checker.check(value, &scope, Some(&Type::Int)).ok()?);
                }
                "cost" | "tokens" => {}
                _ => {
                    let (what, words) = ("something that is used up", &["cost", "tokens"]);
                    self.report(UnknownWord { what, word: name.node.clone(), words, loc: here });
                }
            }
        }
        Some(StepKind::Usage { cost, tokens })
    }

    fn expect(
        &mut self,
        file: FileId,
        (name, outcomes): (&'static str, &'static [&'static str]),
        expect: &ast::Expect,
        called: Option<VerbId>,
        rules: &[Rule],
    ) -> Option<Expect> {
        let written = expect.outcome.node.as_str();
        let outcome = EXPECTED.iter().find(|(word, _)| *word == written).map(|(_, outcome)| *outcome);
        if outcome.is_none() || !outcomes.contains(&written) {
            let here = loc(file, expect.outcome.span);
            self.report(WrongOutcome { outcome: written.to_owned(), step: name, outcomes, loc: here });
        }
        let mut by = Vec::new();
        for rule in &expect.by {
            let known = BUILT_IN.iter().any(|built_in| built_in.name() == rule.node);
            if known || self.rule(NameKind::Rule, file, rule, rules).is_some() {
                by.push(rule.node.clone());
            }
        }
        let showing = match (&expect.showing, called) {
            (None, _) => None,
            (Some(value), Some(verb)) => self.result(file, verb, "showing", value),
            (Some(value), None) => {
                // A call whose verb is not known has been reported.
                if name != CALL {
                    self.report(ShowingOfNoCall { step: name, loc: loc(file, value.span) });
                }
                None
            }
        };
        Some(Expect { outcome: outcome?, by, showing, loc: loc(file, expect.span) })
    }
}

/// Lays values over earlier ones of the same fields.
fn lay(under: &mut Vec<(u32, Expr)>, over: Vec<(u32, Expr)>) {
    under.retain(|(index, _)| !over.iter().any(|(other, _)| other == index));
    under.extend(over);
}

/// What a line of setup is called, and whether it may come between the events.
fn setup_name(kind: &SetupKind) -> (&'static str, bool) {
    match kind {
        SetupKind::Job(_) => ("job", false),
        SetupKind::Input(_) => ("input", false),
        SetupKind::Environment(_) => ("environment", false),
        SetupKind::Identity(..) => ("identity", false),
        SetupKind::At(_) => ("at", false),
        SetupKind::Given { .. } => ("given", true),
    }
}

const EXPECTED: &[(&str, Expected)] = &[
    ("allow", Expected::Allow),
    ("approval", Expected::Approval),
    ("deny", Expected::Deny),
    ("escalate", Expected::Escalate),
    ("need", Expected::Need),
    ("paused", Expected::Paused),
    ("taken", Expected::Taken),
    ("refused", Expected::Refused),
    ("done", Expected::Done),
    ("not_done", Expected::NotDone),
];

/// What the step of a call is called.
const CALL: &str = "call";

/// How the result of a call can be answered: it is taken, or it makes the run escalate.
const OF_RESULT: (&str, &[&str]) = ("result", &["taken", "escalate"]);

/// What a step is called, and how it can be answered.
fn outcomes_of(step: &ast::StepKind) -> (&'static str, &'static [&'static str]) {
    match step {
        ast::StepKind::Setup(_) => ("given", &[]),
        ast::StepKind::Call { .. } => (CALL, &["allow", "approval", "deny", "escalate", "need", "paused"]),
        ast::StepKind::Approve { refuse: false, .. } => {
            ("approve", &["allow", "approval", "deny", "escalate", "need", "paused", "refused", "taken"])
        }
        ast::StepKind::Approve { .. } => ("refuse", &["deny", "escalate", "refused", "taken"]),
        ast::StepKind::After(_) => ("after", &["taken", "escalate"]),
        ast::StepKind::Signal(..) => ("signal", &["taken", "escalate"]),
        ast::StepKind::Usage(_) => ("usage", &["taken", "escalate"]),
        ast::StepKind::Pause { resume: false, .. } => ("pause", &["taken", "refused"]),
        ast::StepKind::Pause { .. } => ("resume", &["taken", "refused"]),
        ast::StepKind::Undo { .. } => ("undo", &["taken", "refused"]),
        ast::StepKind::End => ("end", &["done", "not_done"]),
    }
}
