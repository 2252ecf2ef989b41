//! One policy by other ways: loaded from an artifact, lowered without indexing, compiled from its formatted text. Whole answers are compared, bytes and sentences
//! included; only what must differ is left out.

use crate::native::Native;
use crate::random::compile_text;
use agentc_compiler::lower::{Indexing, lower};
use agentc_compiler::typed::Typed;
use agentc_grammar::format::format;
use agentc_runtime::answer::{Answer, Expired, Fired, Outcome, Request};
use agentc_runtime::artifact;
use agentc_runtime::event::{Event, EventKind};
use agentc_runtime::library::Library;
use agentc_runtime::policy::Policy;
use agentc_runtime::program::Program;
use agentc_runtime::trace::Trace;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How a policy came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Its artifact was written and loaded.
    Artifact,
    /// It was lowered without indexing: every rule is tested by itself.
    Unindexed,
    /// Its text was formatted and compiled again: rules stand on other lines, so the digest is another one.
    Formatted,
}

/// One policy by other ways.
#[derive(Debug)]
pub struct Modes(Vec<(Way, Policy)>);

impl Modes {
    /// All ways. Panics where one of them does not give a policy: that is a fault in itself.
    #[must_use]
    pub fn of(text: &str, typed: &Typed, program: &Program, library: &Library) -> Self {
        let unindexed = lower(typed, Indexing::Off);
        let unindexed = Policy::new(unindexed, library).unwrap_or_else(|error| panic!("without indexing: {error}\n{text}"));
        let bytes = artifact::encode(program).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let loaded =
            Policy::load(&bytes, library).unwrap_or_else(|error| panic!("an artifact of its own is refused: {error}\n{text}"));
        let formatted = format(text).unwrap_or_else(|why| panic!("it is not formatted: {why:?}\n{text}"));
        let compiled = compile_text(&formatted, library);
        let program = compiled.program.unwrap_or_else(|| panic!("its formatted text does not compile:\n{formatted}"));
        let formatted = Policy::new(program, library).unwrap_or_else(|error| panic!("{error}\n{formatted}"));
        Self(vec![(Way::Artifact, loaded), (Way::Unindexed, unindexed), (Way::Formatted, formatted)])
    }

    /// Each way and its policy.
    pub fn each(&self) -> impl Iterator<Item = (Way, &Policy)> {
        self.0.iter().map(|(way, policy)| (*way, policy))
    }

    /// How the answers by the other ways differ from these.
    #[must_use]
    pub fn differences(&self, events: &[(String, Event)], answers: &[Answer]) -> Vec<String> {
        let mut lines = Vec::new();
        for (way, policy) in &self.0 {
            let Some(told) = replay(policy, events) else {
                lines.push(format!("{way:?}: a run cannot be opened"));
                continue;
            };
            for ((answer, other), (_, event)) in answers.iter().zip(&told).zip(events) {
                let (one, other) = (comparable(answer, *way), comparable(other, *way));
                if one != other {
                    lines.push(format!("{way:?}: at {}\n      {one}\n      {other}", event.to_json()));
                    break;
                }
            }
        }
        lines
    }
}

/// The answers of a policy to events; `None` where an event comes before its run is open.
#[must_use]
pub fn replay(policy: &Policy, events: &[(String, Event)]) -> Option<Vec<Answer>> {
    let mut native = Native::in_full(policy);
    let mut runs: BTreeMap<&str, usize> = BTreeMap::new();
    let mut answers = Vec::new();
    for (run, event) in events {
        answers.push(if matches!(event.kind, EventKind::Open(_)) {
            let (index, answer) = native.open(event);
            index.map(|index| runs.insert(run, index));
            answer
        } else {
            native.send(*runs.get(run.as_str())?, event)
        });
    }
    Some(answers)
}

fn comparable(answer: &Answer, way: Way) -> String {
    if way == Way::Artifact { answer.to_json().to_string() } else { placeless(answer) }
}

/// The answer without lines of the policy and without digests: what every way has in common.
#[must_use]
pub fn placeless(answer: &Answer) -> String {
    static LINE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\.agentpolicy:[0-9]+").expect("it is a pattern"));
    let mut answer = answer.clone();
    let fired = answer.by.iter_mut().chain(&mut answer.fired).chain(&mut answer.shadow);
    fired.for_each(lift);
    if let Outcome::Approval(requests) = &mut answer.outcome {
        requests.iter_mut().for_each(unbound);
    }
    if let Outcome::Undo(calls) = &mut answer.outcome {
        calls.iter_mut().filter_map(|call| call.by.as_mut()).for_each(lift);
    }
    for settled in &mut answer.settled {
        if let Expired::NextStage(request) = &mut settled.then {
            unbound(request);
        }
    }
    if let Some(handoff) = &mut answer.escalated {
        lift(&mut handoff.by);
    }
    LINE.replace_all(&answer.to_json().to_string(), ".agentpolicy").into_owned()
}

fn lift(fired: &mut Fired) {
    fired.place = None;
}

fn unbound(request: &mut Request) {
    request.binds.clear();
    lift(&mut request.gate);
}

/// The trace of a story's first run, as a host writes it.
#[must_use]
pub fn traced(policy: &Policy, events: &[(String, Event)]) -> String {
    let mut native = Native::in_full(policy);
    let mut trace = Trace::new();
    let mut text = String::new();
    let first = events.first().map(|(run, _)| run.as_str()).unwrap_or_default();
    let mut index = None;
    for (_, event) in events.iter().filter(|(run, _)| run == first) {
        let answer = match index {
            Some(run) => native.send(run, event),
            None => {
                let (opened, answer) = native.open(event);
                index = opened;
                answer
            }
        };
        let Some(run) = index else { return text };
        text.push_str(&trace.line(policy, native.run(run), event, &answer));
        text.push('\n');
    }
    text
}
