//! Drives one recorded run through a policy: its calls are decided, its needs answered from the records, its results applied.
//!
//! A recorded run goes on as it did. Where the policy stops a call, the run is not told the call's result, but the records change as they
//! did, and what the run had read of them is read again: so each later call is decided in the world it was made in. Where the policy asks
//! people, they say yes once the answer is counted: the recorded run went on.

use super::recorded::{End, Event as Step, Recorded};
use super::tally::{Clock, Decided, Place, Rule};
use crate::records::{Opened, Records, key_name};
use agentc_runtime::answer::{Answer, Fired, Need, Outcome, Request, Who};
use agentc_runtime::event::{Approval, Call, CallResult, Event, EventKind, Open, Person, Record, ResultOutcome, Vote};
use agentc_runtime::json::Json;
use agentc_runtime::program::Program;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// How often one call may be sent again after its needs were answered; the runtime asks for at most 32 records a call.
const ROUNDS: usize = 64;

/// What decides the events of one run, the first of them `open`.
pub trait Decider {
    /// The answer to an event.
    ///
    /// # Errors
    /// Why the event is none that can be answered, in one sentence.
    fn send(&mut self, event: Event) -> Result<Answer, String>;
}

/// Which verbs of a policy only read, by their names on the wire.
#[must_use]
pub fn reads(program: &Program) -> BTreeSet<String> {
    program.verbs.iter().filter(|verb| !verb.is_write).map(|verb| verb.wire.clone()).collect()
}

/// By which verbs some job hands over to people, by their names on the wire.
#[must_use]
pub fn handovers(program: &Program) -> BTreeSet<String> {
    let plans = program.jobs.iter().flat_map(|job| program.verbs.iter().zip(&job.verbs));
    plans.filter(|(_, plan)| plan.is_handover).map(|(verb, _)| verb.wire.clone()).collect()
}

/// What all runs of a replay share.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'s> {
    /// The job, where the mapping names none.
    pub job: &'s str,
    /// The verbs that only read.
    pub reads: &'s BTreeSet<String>,
    /// The verbs by which the agent hands over to people: their escalation is what was asked for.
    pub handovers: &'s BTreeSet<String>,
    /// The member of a run's line that groups it.
    pub group: Option<&'s str>,
}

/// Replays one run: every recorded call with what the policy answers to it.
///
/// # Errors
/// Why the recording cannot be replayed, in one sentence.
pub fn replay(
    scene: Scene<'_>,
    recorded: &Recorded,
    world: Records,
    decider: &mut dyn Decider,
    clock: &mut Clock,
) -> Result<Vec<Decided>, String> {
    let opened = world.opening(&recorded.line);
    let group = scene.group.and_then(|member| key_name(recorded.line.get(member)?));
    let mut run = Run { world, decider, clock, read: BTreeMap::new(), at: Timestamp::UNIX_EPOCH, calls: BTreeMap::new() };
    run.at = first_time(recorded, opened.at.as_deref())?;
    run.open(scene, recorded, opened)?;
    let mut decided = Vec::new();
    for step in &recorded.events {
        match step {
            Step::Call { id, at, verb, args } => {
                run.pass(at.as_deref())?;
                let (counted, allowed) = run.call(id, verb, args)?;
                let call = Made { verb: verb.clone(), args: args.clone(), allowed, decided: decided.len() };
                run.calls.insert(id.clone(), call);
                decided.push(count(scene, recorded, group.clone(), (id, verb), &counted));
            }
            Step::Result { id, at, end } => {
                run.pass(at.as_deref())?;
                let call =
                    run.calls.get(id).cloned().ok_or_else(|| format!("a result names the call `{id}`, which was not made"))?;
                if let (End::Refused(_), Some(decided)) = (end, decided.get_mut(call.decided)) {
                    decided.refused_by_tool = true;
                }
                run.result(id, &call, end)?;
            }
            Step::Other => {}
        }
    }
    Ok(decided)
}

/// A call that was made.
#[derive(Debug, Clone)]
struct Made {
    verb: String,
    args: Json,
    allowed: bool,
    decided: usize,
}

struct Run<'d> {
    world: Records,
    decider: &'d mut dyn Decider,
    clock: &'d mut Clock,
    /// What the run was told, by record and key name: the source and the key.
    read: BTreeMap<(String, String), (String, Json)>,
    at: Timestamp,
    calls: BTreeMap<String, Made>,
}

impl Run<'_> {
    /// Time goes on: to when the event was, or by a second where the recording does not say.
    fn pass(&mut self, at: Option<&str>) -> Result<(), String> {
        self.at = match at {
            Some(at) => time(at)?,
            None => self.at.checked_add(SignedDuration::from_secs(1)).map_err(|error| error.to_string())?,
        };
        Ok(())
    }

    fn send(&mut self, kind: EventKind) -> Result<Answer, String> {
        self.decider.send(Event { at: self.at, kind })
    }

    fn open(&mut self, scene: Scene<'_>, recorded: &Recorded, opened: Opened) -> Result<(), String> {
        let agent = identity(opened.agent, Some("recorded-agent"));
        let user = opened.user.get("id").is_some().then(|| identity(opened.user, None));
        let open = Open {
            run: recorded.name.clone(),
            job: opened.job.unwrap_or_else(|| scene.job.to_owned()),
            input: opened.input,
            agent,
            user,
            environment: opened.environment,
        };
        let answer = self.send(EventKind::Open(Box::new(open)))?;
        match answer.outcome {
            Outcome::Refused => Err(format!("the run cannot be opened: {}", answer.person)),
            _ => Ok(()),
        }
    }

    /// The first final answer to a call, and whether it was allowed in the end.
    fn call(&mut self, id: &str, verb: &str, args: &Json) -> Result<(Answer, bool), String> {
        let counted = self.decide(id, verb, args)?;
        let mut last = counted.clone();
        if let Outcome::Approval(requests) = &counted.outcome {
            for event in requests.iter().flat_map(assent) {
                last = self.send(EventKind::Approval(event))?;
            }
            if let Outcome::Need(needs) = &last.outcome {
                self.answer(needs)?;
                last = self.decide(id, verb, args)?;
            }
        }
        Ok((counted, matches!(last.outcome, Outcome::Allow(_))))
    }

    /// Sends a call until it is answered with anything but needs.
    fn decide(&mut self, id: &str, verb: &str, args: &Json) -> Result<Answer, String> {
        for _ in 0..ROUNDS {
            let call = Call { id: id.to_owned(), verb: verb.to_owned(), args: args.clone() };
            let event = Event { at: self.at, kind: EventKind::Call(call) };
            let start = Instant::now();
            let answer = self.decider.send(event)?;
            self.clock.add(start.elapsed());
            match &answer.outcome {
                Outcome::Need(needs) => self.answer(needs)?,
                _ => return Ok(answer),
            }
        }
        Err(format!("the call `{id}` needs more and more records"))
    }

    fn answer(&mut self, needs: &[Need]) -> Result<(), String> {
        for need in needs {
            if let Some(name) = key_name(&need.key.open) {
                self.read.insert((need.record.clone(), name), (need.source.clone(), need.key.open.clone()));
            }
            self.tell(&need.source, &need.record, &need.key.open)?;
        }
        Ok(())
    }

    /// Tells the run what a source says of a record now.
    fn tell(&mut self, source: &str, record: &str, key: &Json) -> Result<(), String> {
        let found = self.world.get(record, key);
        let (source, record) = (source.to_owned(), record.to_owned());
        let told = Record { source, record, key: key.clone(), found, read_at: self.at };
        let answer = self.send(EventKind::Record(told))?;
        match answer.outcome {
            Outcome::Refused => Err(format!("a record was not taken: {}", answer.person)),
            _ => Ok(()),
        }
    }

    fn result(&mut self, id: &str, call: &Made, end: &End) -> Result<(), String> {
        if call.allowed {
            let outcome = match end {
                End::Value(value) => ResultOutcome::Ok(value.clone()),
                End::Refused(words) => ResultOutcome::Refused(words.clone()),
                End::Unclear => ResultOutcome::Unclear,
            };
            self.send(EventKind::Result(CallResult { id: id.to_owned(), outcome }))?;
        }
        let End::Value(value) = end else { return Ok(()) };
        let changed = self.world.apply(&call.verb, &call.args, value).map_err(|error| format!("the call `{id}`: {error}"))?;
        if call.allowed {
            return Ok(());
        }
        for (record, name) in changed {
            if let Some((source, key)) = self.read.get(&(record.clone(), name)).cloned() {
                self.tell(&source, &record, &key)?;
            }
        }
        Ok(())
    }
}

/// An identity with the members that each must have.
fn identity(attributes: Json, id: Option<&str>) -> Json {
    let Json::Object(mut members) = attributes else { return attributes };
    let mut missing = |name: &str, value: Json| {
        if !members.iter().any(|(member, _)| member == name) {
            members.push((name.to_owned(), value));
        }
    };
    if let Some(id) = id {
        missing("id", Json::text(id));
    }
    missing("roles", Json::List(Vec::new()));
    Json::Object(members)
}

/// A yes from each person that a request asks for.
fn assent(request: &Request) -> Vec<Approval> {
    let yes = |by: Person| Approval { request: request.request.clone(), by, answer: Vote::Approve };
    let people = request.approvers.iter().flat_map(|group| {
        (1..=group.quorum).map(move |number| match &group.who {
            Who::Role(role) => Person { id: format!("{role}-{number}"), roles: vec![role.clone()] },
            Who::User(id) | Who::Identity(id) => Person { id: id.clone(), roles: Vec::new() },
        })
    });
    people.map(yes).collect()
}

fn count(scene: Scene<'_>, recorded: &Recorded, group: Option<String>, (id, verb): (&str, &str), answer: &Answer) -> Decided {
    let wire = verb.rsplit('.').next().unwrap_or(verb);
    // An approval is decided by the gate it asks for.
    let by = match &answer.outcome {
        Outcome::Approval(requests) => requests.first().map(|request| &request.gate).or(answer.by.as_ref()),
        _ => answer.by.as_ref(),
    };
    Decided {
        run: recorded.name.clone(),
        group,
        call: id.to_owned(),
        verb: verb.to_owned(),
        write: !scene.reads.contains(wire),
        handover: scene.handovers.contains(wire),
        outcome: answer.outcome.name().to_owned(),
        rule: by.map(rule),
        fired: answer.fired.iter().map(|fired| fired.rule.clone()).collect(),
        why: answer.person.clone(),
        refused_by_tool: false,
    }
}

fn rule(fired: &Fired) -> Rule {
    Rule {
        name: fired.rule.clone(),
        effect: fired.effect.name().to_owned(),
        place: fired.place.as_ref().map(|(file, line)| Place { file: file.clone(), line: u64::from(*line) }),
        because: fired.because.clone(),
    }
}

fn first_time(recorded: &Recorded, start: Option<&str>) -> Result<Timestamp, String> {
    let first = recorded.events.iter().find_map(|step| match step {
        Step::Call { at, .. } | Step::Result { at, .. } => Some(at),
        Step::Other => None,
    });
    match (first.map(Option::as_deref), start) {
        // A run without a call has nothing to decide: any time will do.
        (None, None) => Ok(Timestamp::UNIX_EPOCH),
        (Some(Some(at)), _) | (_, Some(at)) => time(at),
        (Some(None), None) => {
            Err("its first call has no `at`; say when such runs begin in the mapping, as `\"run\": { \"at\": … }`".to_owned())
        }
    }
}

fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("`{text}` is no time; write it like `2026-05-04T10:00:00Z`"))
}

#[cfg(test)]
#[path = "drive_tests.rs"]
mod tests;
