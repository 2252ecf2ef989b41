//! Sends a run through the runtime and looks whether it shows what it was built to show.

use super::Counterexample;
use super::as_test::Did;
use super::obligation::{self, Obligation, Shows};
use super::people;
use super::rehearse::{self, Ending};
use super::told::{self, Tree};
use super::witness::{Made, Scene};
use crate::lower;
use crate::typed::{Property, RecordId, Rule, RuleKind, Typed, VerbId};
use agentc_runtime::answer::{Answer, Outcome};
use agentc_runtime::cell::{CellKey, Snapshot, Versioned, Write};
use agentc_runtime::decide::{Opening, Step, decide, open};
use agentc_runtime::event::{
    Approval, Call, CallResult, Event, EventKind, Found, Open, Record, ResultOutcome, Signal, Usage, Vote,
};
use agentc_runtime::json::Json;
use agentc_runtime::library::Library;
use agentc_runtime::policy::Policy;
use agentc_runtime::run::Run;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The name of the shadow rule that says whether a statement's condition holds.
pub const WATCH: &str = "the condition of the proof";

/// The code of every tool that refuses.
pub(super) const REFUSED: &str = "refused";

/// The most events that one call may take: needs that are answered, people who are asked.
const MOST_ROUNDS: usize = 80;

/// The policy with one more rule in shadow, which decides nothing and fires where the statement's condition holds.
#[must_use]
pub fn watched(typed: &Typed, property: &Property, verb: VerbId) -> Typed {
    let mut watched = typed.clone();
    if let (Some(condition), Some(job)) = (obligation::condition(property), watched.jobs.get_mut(property.job.index())) {
        job.rules.push(Rule {
            name: WATCH.to_owned(),
            named: true,
            kind: RuleKind::Never,
            verbs: vec![verb],
            condition: Some(condition.clone()),
            because: None,
            shadow: true,
            loc: condition.loc,
        });
    }
    watched
}

/// The run that a scene says, where the runtime confirms that it shows what it must.
pub(super) fn confirm(
    typed: &Typed,
    library: &Library,
    (proof, property): (&str, &Property),
    obligation: &Obligation,
    scene: &Scene,
) -> Option<Counterexample> {
    let last = scene.calls.last()?;
    let watched = watched(typed, property, last.verb);
    let policy = Policy::new(lower::lower(&watched, lower::Indexing::On), library).ok()?;
    let job = typed.jobs.get(property.job.index())?;
    let mut host = Host::open(&policy, typed, scene, &job.name)?;
    let mut told = told::lines(typed, scene, &job.name);
    let (earlier, decided) = scene.calls.split_at(scene.calls.len().saturating_sub(1));
    for (at, made) in earlier.iter().enumerate() {
        let id = format!("call-{}", at.saturating_add(1));
        let end = host.call(&id, made, true)?;
        if !matches!(end.answer.outcome, Outcome::Allow(_)) {
            return None;
        }
        told.push(format!("{} gives allow{}", told::call_line(typed, made), end.approved_text()));
        let (outcome, text) = match &made.result {
            Some(result) => (ResultOutcome::Ok(result.json()), format!("it returns {}", result.text(false))),
            None => (ResultOutcome::Refused(REFUSED.to_owned()), "it is refused".to_owned()),
        };
        if made.result != Some(Tree::Null) {
            told.push(text);
        }
        host.send(made.at, EventKind::Result(CallResult { id, outcome }))?;
    }
    let made = decided.first()?;
    let approves = !matches!(obligation.shows, Shows::Allowed { approved: false } | Shows::NotAllowed);
    host.strict = obligation.shows == Shows::NotAllowed;
    let end = host.call("call", made, approves)?;
    let shadows = |answer: &Answer| answer.shadow.iter().any(|fired| fired.rule == WATCH);
    if obligation::condition(property).is_some() && !shadows(&end.answer) {
        return None;
    }
    let is_allowed = matches!(end.answer.outcome, Outcome::Allow(_));
    let shown = match obligation.shows {
        Shows::Allowed { approved } => is_allowed && (approved || end.approved_by.is_empty()),
        Shows::NotAllowed => {
            // Calls that must have been made were made: their lack shows nothing.
            let by = end.answer.by.as_ref().map(|by| by.rule.as_str()).unwrap_or_default();
            let lacks_a_call = job.rules.iter().any(|rule| rule.name == by && matches!(rule.kind, RuleKind::Require { .. }));
            !is_allowed && !lacks_a_call
        }
        Shows::Beyond(rule) => {
            let limit = job.rules.get(rule as usize)?;
            let fired = end.fired.contains(&limit.name);
            is_allowed && fired
        }
    };
    if !shown || !host.is_faithful(&end.answer) {
        return None;
    }
    told.push(format!("{} gives {}{}", told::call_line(typed, made), end.answer.outcome.name(), end.approved_text()));
    let by = end.answer.by.as_ref().map(|by| by.rule.clone()).unwrap_or_default();
    let ending = Ending { outcome: end.answer.outcome.name(), by: &by, approves, strict: host.strict };
    let test = rehearse::as_test(&policy, typed, (job, proof), scene, &ending);
    Some(Counterexample {
        verb: made.verb,
        outcome: end.answer.outcome.name(),
        by,
        test,
        events: host.events,
        answers: host.answers,
        told,
    })
}

/// A run and what its last call was answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Played {
    /// The answer to the last call.
    pub(crate) answer: Answer,
    /// The rule that stopped the run, then or before.
    pub(crate) stopped_by: Option<String>,
    /// The events, the first of which opens the run.
    pub(crate) events: Vec<Event>,
    /// The run in the policy's own words, a line each.
    pub(crate) told: Vec<String>,
}

/// The run that a scene says, up to the answer to its last call, for which nobody approves; `None` where an earlier call is not allowed.
pub(super) fn played(typed: &Typed, policy: &Policy, job: &str, scene: &Scene) -> Option<Played> {
    let mut host = Host::open(policy, typed, scene, job)?;
    let mut told = told::lines(typed, scene, job);
    let (made, earlier) = scene.calls.split_last()?;
    for (at, made) in earlier.iter().enumerate() {
        let id = format!("call-{}", at.saturating_add(1));
        let end = host.call(&id, made, true)?;
        if !matches!(end.answer.outcome, Outcome::Allow(_)) {
            return None;
        }
        told.push(format!("{} gives allow{}", told::call_line(typed, made), end.approved_text()));
        let outcome = match &made.result {
            Some(result) => ResultOutcome::Ok(result.json()),
            None => ResultOutcome::Refused(REFUSED.to_owned()),
        };
        host.send(made.at, EventKind::Result(CallResult { id, outcome }))?;
    }
    let end = host.call("call", made, false)?;
    told.push(told::call_line(typed, made));
    Some(Played { answer: end.answer, stopped_by: host.stopped_by, events: host.events, told })
}

/// How a call ended.
pub(crate) struct End {
    pub(crate) answer: Answer,
    /// Every rule that fired on the way, in shadow or not.
    fired: Vec<String>,
    approved_by: Vec<String>,
    /// What was done until it was decided, each with its outcome.
    pub(super) did: Vec<(Did, &'static str)>,
}

impl End {
    fn approved_text(&self) -> String {
        if self.approved_by.is_empty() { String::new() } else { format!(", approved by {}", self.approved_by.join(" and ")) }
    }
}

/// A host with one run and cells in memory.
pub(crate) struct Host<'p> {
    policy: &'p Policy,
    typed: &'p Typed,
    scene: &'p Scene,
    run: Run,
    cells: BTreeMap<CellKey, Versioned>,
    events: Vec<Event>,
    answers: Vec<String>,
    /// Records that were needed and that the scene does not have.
    pub(super) absent: Vec<(RecordId, Json)>,
    /// The rule that stopped the run.
    stopped_by: Option<String>,
    /// Records are answered when they are needed, not before each call.
    pub(super) as_needed: bool,
    /// Every record was answered: one that the scene does not have would be answered by nobody.
    pub(super) strict: bool,
}

impl<'p> Host<'p> {
    pub(crate) fn open(policy: &'p Policy, typed: &'p Typed, scene: &'p Scene, job: &str) -> Option<Self> {
        let at = scene.calls.iter().map(|call| call.at).min()?;
        let open = Open {
            run: "run".to_owned(),
            job: job.to_owned(),
            input: scene.input.json(),
            agent: identity(&scene.agent, "agent"),
            user: Some(identity(&scene.user, "user")),
            environment: scene.environment.json(),
        };
        let event = Event { at, kind: EventKind::Open(Box::new(open)) };
        let (run, answer) = opened(policy, &event)?;
        let mut host = Self {
            policy,
            typed,
            scene,
            run,
            cells: BTreeMap::new(),
            events: vec![event],
            answers: vec![answer.outcome.name().to_owned()],
            absent: Vec::new(),
            stopped_by: None,
            as_needed: false,
            strict: false,
        };
        if scene.confidence.is_some() || !scene.signals.is_empty() {
            let signals = scene.signals.iter().map(|(name, value)| (name.clone(), value.json())).collect();
            host.send(at, EventKind::Signal(Signal { confidence: scene.confidence, signals }))?;
        }
        if scene.cost.is_some() || scene.tokens.is_some() {
            let cost = scene.cost.unwrap_or(agentc_runtime::decimal::Decimal::ZERO);
            host.send(at, EventKind::Usage(Usage { cost, tokens: scene.tokens.unwrap_or(0) }))?;
        }
        Some(host)
    }

    pub(crate) fn send(&mut self, at: Timestamp, kind: EventKind) -> Option<Answer> {
        let event = Event { at, kind };
        let mut snapshot = Snapshot::new();
        for _ in 0..MOST_ROUNDS {
            match decide(self.policy, &self.run, &snapshot, &event) {
                Step::Load(keys) => {
                    for key in keys {
                        let cell = self.cells.get(&key).cloned().unwrap_or_default();
                        snapshot.insert(key, cell);
                    }
                }
                Step::Done(decision) => {
                    for change in decision.commit.cells {
                        let cell = self.cells.entry(change.key).or_default();
                        let value = match change.write {
                            Write::Keep => continue,
                            Write::Set { value, .. } => Some(value),
                            Write::Clear => None,
                        };
                        *cell = Versioned { version: cell.version.saturating_add(1), value };
                    }
                    let stopped = decision.answer.escalated.as_ref().map(|handoff| handoff.by.rule.clone());
                    self.stopped_by = self.stopped_by.take().or(stopped);
                    self.run = decision.run;
                    self.events.push(event);
                    self.answers.push(decision.answer.outcome.name().to_owned());
                    return Some(decision.answer);
                }
            }
        }
        None
    }

    /// Answers every record of the scene anew.
    fn answer_records(&mut self, at: Timestamp) -> Option<()> {
        for read in &self.scene.records {
            let Some(record) = self.typed.records.get(read.record.0 as usize) else { continue };
            let Some(source) = record.source.and_then(|source| self.typed.sources.get(source.index())) else { continue };
            let found = match &read.value {
                Some(value) => Found::Value(value.json()),
                None => Found::Absent,
            };
            let event =
                Record { source: source.name.clone(), record: record.name.clone(), key: read.key.json(), found, read_at: at };
            self.send(at, EventKind::Record(event))?;
        }
        Some(())
    }

    /// Makes a call: answers what it needs, and lets those who are asked approve.
    pub(crate) fn call(&mut self, id: &str, made: &Made, approves: bool) -> Option<End> {
        if !self.as_needed {
            self.answer_records(made.at)?;
        }
        let shape = self.typed.verbs.get(made.verb.index())?;
        let tool = self.typed.tools.get(shape.tool.index())?;
        let name = format!("{}.{}", tool.name, shape.wire);
        let call = Call { id: id.to_owned(), verb: name, args: made.args.json() };
        let mut answer = self.send(made.at, EventKind::Call(call.clone()))?;
        let mut end = End { fired: Vec::new(), approved_by: Vec::new(), did: Vec::new(), answer: answer.clone() };
        let mut doing = Did::Called;
        for _ in 0..MOST_ROUNDS {
            end.fired.extend(answer.fired.iter().chain(&answer.shadow).map(|fired| fired.rule.clone()));
            match &answer.outcome {
                Outcome::Need(needs) => {
                    for need in needs.clone() {
                        let event = Record {
                            found: self.found(&need.record, &need.key.open, approves)?,
                            source: need.source,
                            record: need.record,
                            key: need.key.open,
                            read_at: made.at,
                        };
                        self.send(made.at, EventKind::Record(event))?;
                    }
                    answer = self.send(made.at, EventKind::Call(call.clone()))?;
                }
                Outcome::Approval(requests) if approves => {
                    end.did.push((doing, answer.outcome.name()));
                    let request = requests.first()?.clone();
                    let by = people::approvers(&request).into_iter().find(|person| !request.approved_by.contains(&person.id))?;
                    let role = by.roles.first().map(|role| format!(" as {role}")).unwrap_or_default();
                    end.approved_by.push(format!("`{}`{role}", by.id));
                    doing = Did::Approved { gate: request.gate.rule.clone(), by: by.clone() };
                    let approval = Approval { request: request.request, by, answer: Vote::Approve };
                    answer = self.send(made.at, EventKind::Approval(approval))?;
                    if answer.outcome == Outcome::Refused {
                        return None;
                    }
                }
                _ => break,
            }
        }
        end.did.push((doing, answer.outcome.name()));
        end.answer = answer;
        Some(end)
    }

    /// What the source answers to a need. What the model says nothing of decides nothing: a record that is needed all the same is not there.
    fn found(&mut self, name: &str, key: &Json, approves: bool) -> Option<Found> {
        let (record, _) = (0_u32..).map(RecordId).zip(&self.typed.records).find(|(_, record)| record.name == *name)?;
        let known = self.scene.records.iter().filter(|_| self.as_needed);
        if let Some(read) = known.into_iter().find(|read| read.record == record && read.key.json() == *key) {
            return Some(read.value.as_ref().map_or(Found::Absent, |value| Found::Value(value.json())));
        }
        if self.strict && !approves {
            return None;
        }
        self.absent.push((record, key.clone()));
        Some(Found::Absent)
    }

    /// A call that was denied only because its arguments did not fit shows nothing.
    pub(crate) fn is_faithful(&self, answer: &Answer) -> bool {
        let by = answer.by.as_ref().map(|by| by.rule.as_str()).unwrap_or_default();
        !matches!(by, "arguments" | "undeclared_verb" | "closed" | "run_full" | "too_many_needs")
    }
}

fn opened(policy: &Policy, event: &Event) -> Option<(Run, Answer)> {
    let mut snapshot = Snapshot::new();
    for _ in 0..MOST_ROUNDS {
        match open(policy, &snapshot, event) {
            Opening::Load(keys) => {
                for key in keys {
                    snapshot.insert(key, Versioned::default());
                }
            }
            Opening::Opened(decision) => return Some((decision.run, decision.answer)),
            Opening::Refused(_) => return None,
        }
    }
    None
}

/// An identity has an id in any case.
fn identity(tree: &Tree, name: &str) -> Json {
    let mut json = tree.json();
    if let Json::Object(members) = &mut json
        && !members.iter().any(|(member, _)| member == "id")
    {
        members.push(("id".to_owned(), Json::text(name)));
    }
    json
}
