//! Random events of runs, each chosen after the answers before it, as a host and its people would.

use crate::both::Both;
use crate::chance::Chance;
use crate::pool::Pool;
use agentc_compiler::typed::{Access, ApproverKind, Typed, Verb};
use agentc_runtime::answer::{Answer, Outcome, Who};
use agentc_runtime::event::Event;
use agentc_runtime::json::Json;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What a generated story did.
#[derive(Debug, Default)]
pub struct Told {
    /// The events in order, each with the id of its run.
    pub events: Vec<(String, Event)>,
    /// How often each outcome was answered to each event.
    pub outcomes: BTreeMap<String, usize>,
    /// The names of the rules that fired.
    pub fired: BTreeSet<String>,
}

/// Random events over one policy.
pub struct Story<'a> {
    typed: &'a Typed,
    pool: &'a Pool,
    chance: Chance,
    now: Timestamp,
    calls: usize,
    /// Runs that were opened.
    runs: Vec<String>,
    /// Those of them that ended or escalated.
    over: Vec<String>,
    /// How many arguments are tried before each call, so that all outcomes are met.
    tries: usize,
    /// Calls that were allowed and not reported: run, id, verb.
    open: Vec<(String, String, String)>,
    /// Every call that was made: run, id.
    made: Vec<(String, String)>,
    /// Requests for approval: run, id, who could answer.
    requests: Vec<(String, String, Vec<Json>)>,
    told: Told,
}

impl<'a> Story<'a> {
    /// A story over a policy.
    pub fn new(typed: &'a Typed, pool: &'a Pool, seed: u64) -> Self {
        Self {
            typed,
            pool,
            chance: Chance::new(seed),
            now: Timestamp::UNIX_EPOCH,
            calls: 0,
            runs: Vec::new(),
            over: Vec::new(),
            tries: 1,
            open: Vec::new(),
            made: Vec::new(),
            requests: Vec::new(),
            told: Told::default(),
        }
    }

    /// Before each call an outcome is chosen, and up to so many arguments are tried for one that the call would be answered with. Where a
    /// run is over, another one begins.
    #[must_use]
    pub fn aiming(self, tries: usize) -> Self {
        Self { tries, ..self }
    }

    /// Tells a story of about so many events to both evaluators.
    pub fn tell(mut self, both: &mut Both<'_>, length: usize) -> Told {
        self.begin(both);
        while self.told.events.len() < length && !self.runs.is_empty() && both.disagreements.is_empty() {
            let goes_on = self.tries > 1 && self.over.len() == self.runs.len() && self.chance.percent(85);
            if self.runs.len() < 2 && self.chance.percent(4) || goes_on {
                self.begin(both);
            }
            self.next(both);
        }
        self.told
    }

    fn begin(&mut self, both: &mut Both<'_>) {
        let opening = self.chance.one(&self.pool.openings).clone();
        let run = format!("r{}", self.runs.len() + 1);
        let mut opening = with(opening, "run", Json::text(&*run));
        if let Some(at) = opening.get("at").and_then(Json::as_text).and_then(|at| at.parse::<Timestamp>().ok())
            && self.told.events.is_empty()
        {
            self.now = at;
        }
        opening = with(opening, "at", Json::text(self.now.to_string()));
        if self.chance.percent(5)
            && let Some(input) = opening.get("input").cloned()
        {
            opening = with(opening, "input", self.pool.near(&mut self.chance, &input));
        }
        // What cannot be read as an event reaches no evaluator.
        let Ok(event) = Event::from_json(opening) else { return };
        let answer = both.send(&event);
        self.count(&event, &answer);
        if !matches!(answer.outcome, Outcome::Refused) {
            self.runs.push(run.clone());
        }
        self.told.events.push((run, event));
    }

    fn send(&mut self, both: &mut Both<'_>, run: &str, name: &str, members: Vec<(&str, Json)>) -> Option<Answer> {
        let own = [("event", Json::text(name)), ("at", Json::text(self.now.to_string()))];
        let json = Json::object(own.into_iter().chain(members));
        // What cannot be read as an event reaches no evaluator.
        let event = Event::from_json(json).ok()?;
        both.turn_to(run);
        let answer = both.send(&event);
        self.count(&event, &answer);
        self.told.events.push((run.to_owned(), event));
        for request in match &answer.outcome {
            Outcome::Approval(requests) => requests.as_slice(),
            _ => &[],
        } {
            let people = request.approvers.iter().flat_map(|group| self.people_for(&group.who)).collect();
            self.requests.push((run.to_owned(), request.request.clone(), people));
        }
        if let Outcome::Undo(calls) = &answer.outcome {
            let allowed = calls.iter().filter(|call| call.allowed);
            self.open.extend(allowed.map(|call| (run.to_owned(), call.id.clone(), call.verb.clone())));
        }
        Some(answer)
    }

    fn people_for(&self, who: &Who) -> Vec<Json> {
        match who {
            Who::Role(role) => vec![person("ann", &[role]), person("bob", &[role])],
            Who::User(id) | Who::Identity(id) => vec![person(id, &[])],
        }
    }

    fn count(&mut self, event: &Event, answer: &Answer) {
        self.told.fired.extend(answer.fired.iter().map(|fired| fired.rule.clone()));
        let name = format!("{} {}", event.kind.name(), answer.outcome.name());
        *self.told.outcomes.entry(name).or_default() += 1;
        if answer.escalated.is_some() || matches!(answer.outcome, Outcome::Verdict(_)) {
            self.over.push(answer.run.clone());
        }
        if answer.escalated.is_some() {
            *self.told.outcomes.entry("(escalated)".to_owned()).or_default() += 1;
        }
        if !answer.settled.is_empty() {
            *self.told.outcomes.entry("(expired)".to_owned()).or_default() += 1;
        }
    }

    fn next(&mut self, both: &mut Both<'_>) {
        let open: Vec<&String> = self.runs.iter().filter(|run| !self.over.contains(run)).collect();
        let known = if self.tries > 1 && !open.is_empty() { open } else { self.runs.iter().collect() };
        let run = (*self.chance.one(&known)).clone();
        if self.chance.percent(35) {
            self.pass_time();
        }
        match self.chance.below(100) {
            0..60 => self.call(both, &run),
            60..72 => self.report(both),
            72..84 => self.vote(both),
            84..86 => self.usage(both, &run),
            86..90 => self.signal(both, &run),
            90..94 => self.pause(both, &run),
            94..97 => self.undo(both, &run),
            97 => self.stray_record(both, &run),
            98 => drop(self.send(both, &run, "tick", Vec::new())),
            _ if self.chance.percent(40) => drop(self.send(both, &run, "end", Vec::new())),
            _ => drop(self.send(both, &run, "tick", Vec::new())),
        }
    }

    fn pass_time(&mut self) {
        const STEPS: [i64; 12] = [0, 1, 30, 60, 300, 600, 899, 900, 3600, 14_400, 86_400, -600];
        let step = SignedDuration::from_secs(*self.chance.one(&STEPS));
        self.now = self.now.checked_add(step).unwrap_or(self.now);
    }

    fn call(&mut self, both: &mut Both<'_>, run: &str) {
        let id = if self.chance.percent(4) && !self.made.is_empty() {
            self.chance.one(&self.made).1.clone()
        } else {
            self.calls += 1;
            format!("c{}", self.calls)
        };
        self.made.push((run.to_owned(), id.clone()));
        let (verb, args) = self.aimed(both, run, &id);
        let args = if self.chance.percent(3) { self.doubled(args) } else { args };
        let mut members = vec![("id", Json::text(&*id)), ("verb", Json::text(&*verb)), ("args", args)];
        for _ in 0..4 {
            let Some(answer) = self.send(both, run, "call", members.clone()) else { return };
            match answer.outcome {
                Outcome::Need(needs) => {
                    for need in needs {
                        self.supply(both, run, &need);
                    }
                    if self.chance.percent(6) {
                        members[2].1 = self.pool.near(&mut self.chance, &members[2].1.clone());
                    }
                    if self.chance.percent(6) {
                        return;
                    }
                    if self.chance.percent(10) {
                        self.pass_time();
                    }
                }
                Outcome::Allow(_) => {
                    self.open.push((run.to_owned(), id, verb));
                    if self.chance.percent(60) {
                        self.report(both);
                    }
                    return;
                }
                Outcome::Approval(_) => {
                    for _ in 0..self.chance.below(4) {
                        self.vote(both);
                    }
                    return;
                }
                _ => return,
            }
        }
    }

    /// A call that would be answered with an outcome chosen by chance, where a few tries find one; else the first that was tried.
    fn aimed(&mut self, both: &Both<'_>, run: &str, id: &str) -> (String, Json) {
        // Most calls that are not aimed at all are denied.
        const OUTCOMES: [&str; 6] = ["allow", "need", "approval", "approval", "approval", "escalate"];
        let wanted = *self.chance.one(&OUTCOMES);
        let first = self.wanted();
        let mut tried = first.clone();
        for _ in 1..self.tries {
            let members =
                [("event", "call"), ("id", id), ("verb", tried.0.as_str())].map(|(name, value)| (name, Json::text(value)));
            let json =
                Json::object(members.into_iter().chain([("at", Json::text(self.now.to_string())), ("args", tried.1.clone())]));
            let foreseen = Event::from_json(json).ok().and_then(|event| both.peek(run, &event));
            if foreseen.is_some_and(|answer| answer.outcome.name() == wanted) {
                return tried;
            }
            tried = self.wanted();
        }
        first
    }

    /// Arguments in which a member stands twice, somewhere.
    fn doubled(&mut self, json: Json) -> Json {
        match json {
            Json::Object(mut members) if !members.is_empty() => {
                let at = self.chance.below(members.len());
                if self.chance.percent(50) {
                    members.push(members[at].clone());
                } else {
                    members[at].1 = self.doubled(members[at].1.clone());
                }
                Json::Object(members)
            }
            Json::List(mut members) if !members.is_empty() => {
                let at = self.chance.below(members.len());
                members[at] = self.doubled(members[at].clone());
                Json::List(members)
            }
            other => other,
        }
    }

    /// A verb and arguments: as a test has them, near to that, or any.
    fn wanted(&mut self) -> (String, Json) {
        if self.chance.percent(75) && !self.pool.calls.is_empty() {
            let (verb, args) = self.chance.one(&self.pool.calls).clone();
            let args = if self.chance.percent(30) { self.pool.near(&mut self.chance, &args) } else { args };
            return (verb, args);
        }
        if self.chance.percent(3) {
            return ("nothing.like_it".to_owned(), Json::Object(Vec::new()));
        }
        let verb = self.chance.one(&self.typed.verbs);
        let mut members = Vec::new();
        for param in &verb.params {
            let field = &param.field;
            let value = self.pool.value(&mut self.chance, self.typed, last(&field.path), &field.ty, &field.encoding, 0);
            crate::oracle::encode::put(&mut members, &field.path, crate::oracle::json::Json::of(&value));
        }
        let args = crate::oracle::json::Json::Object(members).to_answer();
        (self.wire(verb), args)
    }

    fn wire(&self, verb: &Verb) -> String {
        format!("{}.{}", self.typed.tools[verb.tool.index()].name, verb.wire)
    }

    fn supply(&mut self, both: &mut Both<'_>, run: &str, need: &agentc_runtime::answer::Need) {
        let found = match self.chance.below(100) {
            0..4 => ("absent", Json::Bool(true)),
            4..6 => ("unavailable", Json::Bool(true)),
            6..8 => return,
            _ => match self.pool.record(&mut self.chance, &need.record, &need.key.open) {
                Some(value) => ("value", value),
                None => ("absent", Json::Bool(true)),
            },
        };
        let mut members = vec![
            ("source", Json::text(&*need.source)),
            ("record", Json::text(&*need.record)),
            ("key", need.key.open.clone()),
            found,
        ];
        if self.chance.percent(20) {
            const AGES: [i64; 5] = [0, 60, 899, 900, -60];
            let age = SignedDuration::from_secs(*self.chance.one(&AGES));
            let read_at = self.now.checked_sub(age).unwrap_or(self.now);
            members.push(("read_at", Json::text(read_at.to_string())));
        }
        self.send(both, run, "record", members.clone());
        // A second answer of the same moment, perhaps another one.
        if self.chance.percent(3)
            && let Some(value) = self.pool.record(&mut self.chance, &need.record, &need.key.open)
        {
            members[3] = ("value", value);
            self.send(both, run, "record", members);
        }
    }

    fn stray_record(&mut self, both: &mut Both<'_>, run: &str) {
        let sources: Vec<_> = self.typed.records.iter().filter(|record| record.fetch.is_some()).collect();
        if sources.is_empty() {
            return;
        }
        let record = *self.chance.one(&sources);
        let source = record.source.map(|source| self.typed.sources[source.index()].name.clone()).unwrap_or_default();
        let at = record.key.first().map_or(0, |at| *at as usize);
        let field = &record.fields[at];
        let key = self.pool.value(&mut self.chance, self.typed, &field.name, &field.ty, &field.encoding, 0);
        let value = self.pool.record(&mut self.chance, &record.name, &key).unwrap_or(Json::Null);
        let members = vec![("source", Json::text(source)), ("record", Json::text(&*record.name)), ("key", key), ("value", value)];
        self.send(both, run, "record", members);
    }

    fn report(&mut self, both: &mut Both<'_>) {
        if self.open.is_empty() {
            return;
        }
        let at = self.chance.below(self.open.len());
        let (run, id, name) = self.open[at].clone();
        let wire = name.rsplit('.').next().unwrap_or_default().to_owned();
        let verb = self.typed.verbs.iter().find(|verb| verb.wire == wire || verb.name == wire);
        let codes: Vec<String> = verb.map(|verb| verb.no_effect_on.clone()).unwrap_or_default();
        let result = match self.chance.below(100) {
            0..10 => ("unclear", Json::Bool(true)),
            10..16 => ("refused", Json::text("other")),
            16..24 if !codes.is_empty() => ("refused", Json::text(self.chance.one(&codes).as_str())),
            24..26 => ("value", Json::text("not what it should be")),
            _ => {
                let ty = verb.and_then(|verb| verb.result.as_ref());
                let plain = agentc_compiler::typed::Encoding::Plain;
                let encoding = verb.map_or(&plain, |verb| &verb.result_encoding);
                ("value", self.pool.result(&mut self.chance, &name, self.typed, ty, encoding))
            }
        };
        // What is unclear may be settled later; now and then a result comes twice.
        if result.0 != "unclear" && !self.chance.percent(8) {
            self.open.remove(at);
        }
        self.send(both, &run, "result", vec![("id", Json::text(id)), result]);
    }

    fn vote(&mut self, both: &mut Both<'_>) {
        if self.requests.is_empty() {
            return;
        }
        let at = self.requests.len() - 1 - self.chance.below(self.requests.len().min(2));
        let (run, request, people) = self.requests[at].clone();
        let by = if self.chance.percent(85) && !people.is_empty() { self.chance.one(&people).clone() } else { self.anybody() };
        let approve = Json::Bool(!self.chance.percent(12));
        let members = vec![("request", Json::text(request)), ("by", by), ("approve", approve)];
        let Some(answer) = self.send(both, &run, "approval", members) else { return };
        match (answer.outcome, answer.call) {
            (Outcome::Allow(allow), Some(id)) => self.open.push((run, id, allow.verb.clone())),
            (Outcome::Need(needs), Some(id)) => {
                for need in needs {
                    self.supply(both, &run, &need);
                }
                // The identical call goes on.
                let call = self.told.events.iter().rev().find_map(|(of, event)| match &event.kind {
                    agentc_runtime::event::EventKind::Call(call) if *of == run && call.id == id => Some(call.clone()),
                    _ => None,
                });
                if let Some(call) = call {
                    let members = vec![("id", Json::text(call.id)), ("verb", Json::text(call.verb)), ("args", call.args)];
                    self.send(both, &run, "call", members);
                }
            }
            _ => {}
        }
    }

    fn anybody(&mut self) -> Json {
        let roles: Vec<&str> = self.typed.roles.iter().map(|role| role.name.as_str()).collect();
        let id = *self.chance.one(&["ann", "bob", "agent", "user", "mia"]);
        if roles.is_empty() { person(id, &[]) } else { person(id, &[*self.chance.one(&roles)]) }
    }

    fn usage(&mut self, both: &mut Both<'_>, run: &str) {
        let cost = Json::text(*self.chance.one(&["0.5", "0.01", "3"]));
        let tokens = Json::int(self.chance.below(5000) as i64);
        self.send(both, run, "usage", vec![("cost", cost), ("tokens", tokens)]);
    }

    fn signal(&mut self, both: &mut Both<'_>, run: &str) {
        let signals: Vec<_> = self.typed.jobs.iter().flat_map(|job| &job.signals).collect();
        if self.chance.percent(50) && !signals.is_empty() {
            let field = *self.chance.one(&signals);
            let value = self.pool.value(&mut self.chance, self.typed, &field.name, &field.ty, &field.encoding, 0);
            self.send(both, run, "signal", vec![("signals", Json::object([(field.name.clone(), value)]))]);
        } else {
            let confidence = Json::text(*self.chance.one(&["0.2", "0.69", "0.7", "0.95"]));
            self.send(both, run, "signal", vec![("confidence", confidence)]);
        }
    }

    fn pause(&mut self, both: &mut Both<'_>, run: &str) {
        let people: Vec<Json> = self
            .typed
            .jobs
            .iter()
            .flat_map(|job| &job.pause_by)
            .filter_map(|approver| match &approver.who {
                ApproverKind::Role(role) => Some(person("ann", &[&self.typed.roles[role.index()].name])),
                _ => None,
            })
            .collect();
        let by = if people.is_empty() || self.chance.percent(15) { self.anybody() } else { self.chance.one(&people).clone() };
        let scope = match self.chance.below(3) {
            0 => vec![("scope", Json::text("job"))],
            1 => vec![("scope", Json::text("policy"))],
            _ => {
                let verb = self.chance.one(&self.typed.verbs);
                vec![("scope", Json::text("verb")), ("verb", Json::text(self.wire(verb)))]
            }
        };
        let members: Vec<(&str, Json)> = scope.into_iter().chain([("by", by)]).collect();
        self.send(both, run, "pause", members.clone());
        // Most pauses end soon, so that the story goes on.
        if self.chance.percent(30) {
            self.call(both, run);
        }
        if self.chance.percent(90) {
            self.send(both, run, "resume", members);
        }
    }

    fn undo(&mut self, both: &mut Both<'_>, run: &str) {
        let verbs = self.typed.verbs.iter().filter(|verb| verb.access == Access::Write).filter_map(|verb| verb.undo.as_ref());
        let jobs = self.typed.jobs.iter().flat_map(|job| &job.undo_by);
        let people: Vec<Json> = verbs
            .flat_map(|undo| &undo.by)
            .chain(jobs)
            .filter_map(|approver| match &approver.who {
                ApproverKind::Role(role) => Some(person("ann", &[&self.typed.roles[role.index()].name])),
                _ => None,
            })
            .collect();
        let by = if people.is_empty() || self.chance.percent(15) { self.anybody() } else { self.chance.one(&people).clone() };
        let mut members = vec![("by", by)];
        let mine: Vec<String> = self.made.iter().filter(|(of, _)| of == run).map(|(_, id)| id.clone()).collect();
        if self.chance.percent(60) && !mine.is_empty() {
            members.push(("call", Json::text(self.chance.one(&mine).as_str())));
        }
        self.send(both, run, "undo", members);
    }
}

fn last(path: &[String]) -> &str {
    path.last().map_or("", String::as_str)
}

fn person(id: &str, roles: &[&str]) -> Json {
    let roles = roles.iter().map(|role| Json::text(*role)).collect();
    Json::object([("id", Json::text(id)), ("roles", Json::List(roles))])
}

fn with(json: Json, name: &str, value: Json) -> Json {
    match json {
        Json::Object(members) => {
            let mut members: Vec<_> = members.into_iter().filter(|(known, _)| known != name).collect();
            members.push((name.to_owned(), value));
            Json::Object(members)
        }
        other => other,
    }
}
