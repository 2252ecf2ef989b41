//! Drives one test: sends its steps as events, answers needs from what it gives, reports results as it says.

use super::Evaluator;
use super::encode::{constant, fields};
use super::expect::{Mismatch, check, check_result};
use super::world::{Answer, World};
use agentc_compiler::typed::{
    CallOutcome, Encoding, Expect, Expected, Expr, RoleId, Step, StepKind, Test, Type, Typed, Verb, VerbId, Who,
};
use agentc_runtime::json::Json;
use agentc_runtime::value::Value;
use jiff::{SignedDuration, Timestamp};

/// When a test without `at` starts.
const START: &str = "2026-01-01T00:00:00Z";

/// How a test ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// Every event and its answer, in order.
    pub log: Vec<(Json, Json)>,
    /// What was not as expected; the test passed where there is nothing.
    pub mismatch: Option<Mismatch>,
}

/// Runs one test on a fresh evaluator.
pub fn run_test(typed: &Typed, test: &Test, evaluator: &mut dyn Evaluator) -> Ran {
    let mut runner =
        Runner { typed, test, evaluator, world: World::default(), now: start(test), calls: Vec::new(), log: Vec::new() };
    let mismatch = runner.run().err();
    Ran { log: runner.log, mismatch }
}

fn start(test: &Test) -> Timestamp {
    match test.at.as_ref().map(|at| &at.kind) {
        Some(agentc_compiler::typed::ExprKind::Const(Value::Time(time))) => *time,
        _ => START.parse().unwrap_or(Timestamp::UNIX_EPOCH),
    }
}

/// A call that was made, so that an approval can go on with it and an undo can find it.
struct Made {
    id: String,
    verb: VerbId,
    event: Json,
    record: Option<Json>,
    outcome: Option<CallOutcome>,
    /// What is expected of the answer to its result, until there is one.
    of_result: Option<Expect>,
    requests: Vec<(String, String)>,
}

struct Runner<'a> {
    typed: &'a Typed,
    test: &'a Test,
    evaluator: &'a mut dyn Evaluator,
    world: World,
    now: Timestamp,
    calls: Vec<Made>,
    log: Vec<(Json, Json)>,
}

impl Runner<'_> {
    fn run(&mut self) -> Result<(), Mismatch> {
        let open = self.open();
        let answer = self.send(open, None)?;
        if super::expect::outcome(&answer) != "taken" {
            return Err(Mismatch::at(self.test.loc, format!("the run could not be opened: {}", super::expect::reason(&answer))));
        }
        for step in &self.test.steps {
            self.step(step)?;
        }
        // An expectation that was never held against anything must not look like one that was met.
        match self.calls.iter().find_map(|made| made.of_result.as_ref()) {
            Some(expect) => Err(Mismatch::at(expect.loc, "this expects an answer to the call's result, and no result came")
                .help(
                    "a result comes of a call that was allowed: say which with `returns { … }`, `fails \"code\"` or `unclear`",
                )),
            None => Ok(()),
        }
    }

    fn step(&mut self, step: &Step) -> Result<(), Mismatch> {
        let Some(answer) = self.happen(step)? else { return Ok(()) };
        let decided = check(step, &answer);
        // What was decided otherwise than expected is said first; nothing that follows from it matters then.
        decided.map_err(|mismatch| self.closed_by(mismatch, &answer))?;
        let shown = self.settle(step, &answer)?;
        super::expect::check_shown(self.typed, self.test, step, shown.as_ref())
    }

    /// Where a call met a run that had escalated before, adds which rule it was.
    fn closed_by(&self, mut mismatch: Mismatch, answer: &Json) -> Mismatch {
        let by = |answer: &Json| answer.get("by").and_then(|by| by.get("rule")).and_then(Json::as_text).map(str::to_owned);
        let stopped = self.log.iter().find_map(|(_, earlier)| by(earlier.get("escalated")?));
        if let (Some("closed"), Some(rule)) = (by(answer).as_deref(), stopped) {
            mismatch.details.push(format!("the run was escalated before by `{rule}`"));
        }
        mismatch
    }

    /// Sends what happens in a step; `None` where nothing is sent.
    fn happen(&mut self, step: &Step) -> Result<Option<Json>, Mismatch> {
        let answer = match &step.kind {
            StepKind::Given { record, key, state } => {
                self.world.give(self.typed, *record, key, state);
                return Ok(None);
            }
            StepKind::Call { verb, args, outcome } => self.call(step, *verb, args, outcome.as_ref())?,
            StepKind::Approve { gate, by, roles, refuse } => self.approve(step, *gate, by, roles, *refuse)?,
            StepKind::After(nanoseconds) => {
                let later = self.now.checked_add(SignedDuration::from_nanos(*nanoseconds));
                self.now = later.map_err(|_| Mismatch::at(step.loc, "the time after this step is beyond the calendar"))?;
                self.send(self.event("tick", []), Some(step))?
            }
            StepKind::Confidence(value) => {
                let value = constant(self.typed, value, &Type::Decimal, &Encoding::Plain);
                self.send(self.event("signal", [("confidence", value)]), Some(step))?
            }
            StepKind::Signal(at, value) => {
                let signals = self.job().map_or(&[][..], |job| &job.signals);
                let signals = fields(self.typed, signals, &[(*at, value.clone())]);
                self.send(self.event("signal", [("signals", signals)]), Some(step))?
            }
            StepKind::Usage { cost, tokens } => {
                let cost = cost.iter().map(|cost| ("cost", constant(self.typed, cost, &cost.ty, &Encoding::Plain)));
                let tokens = tokens.iter().map(|tokens| ("tokens", constant(self.typed, tokens, &Type::Int, &Encoding::Plain)));
                self.send(self.event("usage", cost.chain(tokens)), Some(step))?
            }
            StepKind::Pause { resume, verb, by, roles } => {
                let mut members = vec![("scope", Json::text(if verb.is_some() { "verb" } else { "job" }))];
                members.extend(verb.and_then(|verb| self.typed.verbs.get(verb.index())).map(|verb| ("verb", self.wire(verb))));
                members.push(("by", self.person(by, roles)));
                self.send(self.event(if *resume { "resume" } else { "pause" }, members), Some(step))?
            }
            StepKind::Undo { verb, by, roles } => self.undo(step, *verb, by, roles)?,
            StepKind::End => self.send(self.event("end", []), Some(step))?,
        };
        Ok(Some(answer))
    }

    fn job(&self) -> Option<&agentc_compiler::typed::Job> {
        self.typed.jobs.get(self.test.job.index())
    }

    fn open(&self) -> Json {
        let job = self.job();
        let input = fields(self.typed, job.map_or(&[][..], |job| &job.input), &self.test.input);
        let environment = fields(self.typed, job.map_or(&[][..], |job| &job.environment), &self.test.environment);
        let name = job.map_or("", |job| job.name.as_str());
        self.event(
            "open",
            [
                ("run", Json::text("test")),
                ("job", Json::text(name)),
                ("input", input),
                ("agent", self.identity(Who::Agent, "agent")),
                ("user", self.identity(Who::User, "user")),
                ("environment", environment),
            ],
        )
    }

    /// An identity as the test says; its id is the word itself and it has no roles where the test says nothing.
    fn identity(&self, who: Who, word: &str) -> Json {
        let declared = if who == Who::Agent { &self.typed.agent } else { &self.typed.user };
        let given: Vec<(u32, Expr)> =
            self.test.identity.iter().filter(|(whose, _, _)| *whose == who).map(|(_, at, value)| (*at, value.clone())).collect();
        let mut members = match fields(self.typed, declared, &given) {
            Json::Object(members) => members,
            _ => Vec::new(),
        };
        for (name, usual) in [("id", Json::text(word)), ("roles", Json::List(Vec::new()))] {
            if !members.iter().any(|(known, _)| known == name) {
                members.push((name.to_owned(), usual));
            }
        }
        Json::Object(members)
    }

    fn person(&self, id: &str, roles: &[RoleId]) -> Json {
        let roles = roles.iter().filter_map(|role| self.typed.roles.get(role.index())).map(|role| Json::text(&*role.name));
        Json::object([("id", Json::text(id)), ("roles", Json::List(roles.collect()))])
    }

    fn wire(&self, verb: &Verb) -> Json {
        let tool = self.typed.tools.get(verb.tool.index()).map_or("", |tool| tool.name.as_str());
        Json::text(format!("{tool}.{}", verb.wire))
    }

    fn event<'m>(&self, name: &str, members: impl IntoIterator<Item = (&'m str, Json)>) -> Json {
        let own = [("event", Json::text(name)), ("at", Json::text(self.now.to_string()))];
        Json::object(own.into_iter().chain(members))
    }

    fn send(&mut self, event: Json, step: Option<&Step>) -> Result<Json, Mismatch> {
        let answer = self.evaluator.answer(&event).map_err(|why| {
            Mismatch::at(step.map_or(self.test.loc, |step| step.loc), format!("the event was not taken: {why}"))
        })?;
        self.log.push((event, answer.clone()));
        Ok(answer)
    }

    fn call(&mut self, step: &Step, verb: VerbId, args: &[(u32, Expr)], outcome: Option<&CallOutcome>) -> Result<Json, Mismatch> {
        let Some(declared) = self.typed.verbs.get(verb.index()) else {
            return Err(Mismatch::at(step.loc, "the verb is not declared"));
        };
        let params: Vec<_> = declared.params.iter().map(|param| param.field.clone()).collect();
        let id = format!("c{}", self.calls.len().saturating_add(1));
        let members = [("id", Json::text(&*id)), ("verb", self.wire(declared)), ("args", fields(self.typed, &params, args))];
        let event = self.event("call", members);
        let record = self.fetched(declared, args);
        self.calls.push(Made {
            id,
            verb,
            event: event.clone(),
            record,
            outcome: outcome.cloned(),
            of_result: step.of_result.clone(),
            requests: Vec::new(),
        });
        self.decide(event, step)
    }

    /// The key of the record that a fetching verb is asked for.
    fn fetched(&self, verb: &Verb, args: &[(u32, Expr)]) -> Option<Json> {
        let (record, fetch) = self.typed.records.iter().find_map(|record| {
            let fetch = record.fetch.as_ref()?;
            match &fetch.how {
                agentc_compiler::typed::FetchHow::Verb { verb: fetcher, args }
                    if self.typed.verbs.get(fetcher.index()) == Some(verb) =>
                {
                    Some((record, args))
                }
                _ => None,
            }
        })?;
        let mut parts: Vec<(u32, Json)> = fetch
            .iter()
            .filter_map(|(param, part)| {
                let (_, value) = args.iter().find(|(at, _)| at == param)?;
                let field = record.fields.get(*record.key.get(*part as usize)? as usize)?;
                Some((*part, constant(self.typed, value, &field.ty, &Encoding::Plain)))
            })
            .collect();
        parts.sort_by_key(|(part, _)| *part);
        let mut parts: Vec<Json> = parts.into_iter().map(|(_, part)| part).collect();
        let key = if parts.len() == 1 { parts.pop()? } else { Json::List(parts) };
        match self.world.get(&record.name, &key) {
            Some(Answer::Value(value)) => Some(value.clone()),
            _ => None,
        }
    }

    /// Sends a call until it is decided, giving the records that it needs.
    fn decide(&mut self, call: Json, step: &Step) -> Result<Json, Mismatch> {
        loop {
            let answer = self.send(call.clone(), Some(step))?;
            if !self.supply(&answer, step)? {
                self.remember_requests(&call, &answer);
                return Ok(answer);
            }
        }
    }

    /// Gives what an answer needs; whether there was something to give and all of it could be given.
    fn supply(&mut self, answer: &Json, step: &Step) -> Result<bool, Mismatch> {
        if super::expect::outcome(answer) != "need" {
            return Ok(false);
        }
        let needs: Vec<Json> = answer.get("needs").and_then(Json::as_list).unwrap_or_default().to_vec();
        let mut events = Vec::new();
        for need in &needs {
            let text = |name: &str| need.get(name).and_then(Json::as_text).unwrap_or_default().to_owned();
            let key = need.get("key").cloned().unwrap_or(Json::Null);
            let found = match self.world.get(&text("record"), &key) {
                Some(Answer::Value(value)) => ("value", value.clone()),
                Some(Answer::Absent) => ("absent", Json::Bool(true)),
                Some(Answer::Unavailable) => ("unavailable", Json::Bool(true)),
                None if step.expect.as_ref().is_some_and(|expect| expect.outcome == Expected::Need) => return Ok(false),
                None => {
                    let (record, key) = (text("record"), key);
                    return Err(Mismatch::at(
                        step.loc,
                        format!("the call needs {record}[{key}], and the test does not say what the source answers"),
                    )
                    .help(format!("write `given {record}[{key}] {{ … }}`, or `given {record}[{key}] absent`")));
                }
            };
            let members = [("source", Json::text(text("source"))), ("record", Json::text(text("record"))), ("key", key), found];
            events.push(self.event("record", members));
        }
        for event in events {
            self.send(event, Some(step))?;
        }
        Ok(true)
    }

    fn remember_requests(&mut self, call: &Json, answer: &Json) {
        let requests: Vec<(String, String)> = answer
            .get("approvals")
            .and_then(Json::as_list)
            .unwrap_or_default()
            .iter()
            .map(|request| {
                let gate = request.get("gate").and_then(|gate| gate.get("rule")).and_then(Json::as_text);
                let id = request.get("request").and_then(Json::as_text);
                (gate.unwrap_or_default().to_owned(), id.unwrap_or_default().to_owned())
            })
            .collect();
        if let Some(made) = self.calls.iter_mut().rev().find(|made| made.event.get("id") == call.get("id"))
            && !requests.is_empty()
        {
            made.requests = requests;
        }
    }

    fn approve(&mut self, step: &Step, gate: u32, by: &str, roles: &[RoleId], refuse: bool) -> Result<Json, Mismatch> {
        let name = self.job().and_then(|job| job.rules.get(gate as usize)).map_or(String::new(), |rule| rule.name.clone());
        let found = self.calls.iter().enumerate().rev().find_map(|(at, made)| {
            let (_, request) = made.requests.iter().find(|(gate, _)| *gate == name)?;
            Some((at, made.event.clone(), request.clone()))
        });
        let Some((_, call, request)) = found else {
            return Err(Mismatch::at(step.loc, format!("no call before this asks for an approval by `{name}`")));
        };
        let members = [("request", Json::text(request)), ("by", self.person(by, roles)), ("approve", Json::Bool(!refuse))];
        let answer = self.send(self.event("approval", members), Some(step))?;
        if self.supply(&answer, step)? {
            // What a granted approval still needs was given: the identical call goes on.
            let mut again = call.clone();
            if let Json::Object(members) = &mut again {
                members.retain(|(name, _)| name != "at");
                members.push(("at".to_owned(), Json::text(self.now.to_string())));
            }
            return self.decide(again, step);
        }
        self.remember_requests(&call, &answer);
        Ok(answer)
    }

    fn undo(&mut self, step: &Step, verb: Option<VerbId>, by: &str, roles: &[RoleId]) -> Result<Json, Mismatch> {
        let mut members = Vec::new();
        if let Some(verb) = verb {
            let Some(made) = self.calls.iter().rev().find(|made| made.verb == verb) else {
                return Err(Mismatch::at(step.loc, "no call before this can be undone"));
            };
            members.push(("call", Json::text(&*made.id)));
        }
        members.push(("by", self.person(by, roles)));
        self.send(self.event("undo", members), Some(step))
    }

    /// Reports the result of a call that was allowed, as the test says; what the agent sees of it.
    fn settle(&mut self, step: &Step, answer: &Json) -> Result<Option<Json>, Mismatch> {
        if super::expect::outcome(answer) != "allow" {
            return Ok(None);
        }
        let Some(made) = answer.get("call").and_then(Json::as_text).and_then(|id| self.calls.iter().find(|made| made.id == id))
        else {
            return Ok(None);
        };
        let Some(verb) = self.typed.verbs.get(made.verb.index()) else { return Ok(None) };
        let report = match &made.outcome {
            Some(CallOutcome::Returns(value)) => {
                let ty = verb.result.clone().unwrap_or_else(|| value.ty.clone());
                Some(("value", constant(self.typed, value, &ty, &verb.result_encoding)))
            }
            Some(CallOutcome::Fails(code)) => Some(("refused", Json::text(&**code))),
            Some(CallOutcome::Unclear) => Some(("unclear", Json::Bool(true))),
            // A verb that answers nothing is done; one that fetches a given record answers it; of any other nobody has heard yet.
            None if verb.result.is_none() => Some(("value", Json::Null)),
            None => made.record.clone().map(|record| ("value", record)),
        };
        let Some(report) = report else { return Ok(None) };
        let id = made.id.clone();
        let event = self.event("result", [("id", Json::text(&*id)), report]);
        let answer = self.send(event, Some(step))?;
        let expected = self.calls.iter_mut().find(|made| made.id == id).and_then(|made| made.of_result.take());
        if let Some(expect) = expected {
            check_result(self.typed, self.test, step, &expect, &answer)?;
        }
        Ok(Some(answer))
    }
}
