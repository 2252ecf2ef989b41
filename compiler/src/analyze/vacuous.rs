//! Tests and proofs that constrain nothing: without an expectation, said twice, about nothing.

use super::Subject;
use super::numbers::{Number, Numbers};
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{NothingExpected, NothingProved, ProofFault, SameTest};
use crate::typed::{
    CallOutcome, Expected, Given, Job, JobId, Property, PropertyKind, RoleId, RuleKind, Step, StepKind, Test, Typed, VerbId, Who,
};
use std::collections::BTreeMap;

/// Reports them.
pub(crate) fn check(subject: Subject<'_>, sink: &mut Sink) {
    let typed = subject.typed;
    tests(typed, sink);
    for proof in &typed.proofs {
        let faults: Vec<Option<ProofFault>> = proof.statements.iter().map(|statement| fault(typed, statement)).collect();
        // A proof of several jobs says something where it says something of one of them.
        let says_something = faults.iter().any(Option::is_none);
        if let Some(fault) = faults.into_iter().flatten().next().filter(|_| !says_something) {
            let loc = proof.statements.first().map_or(proof.loc, |statement| statement.loc);
            sink.report(NothingProved { proof: proof.name.clone(), fault, loc });
        }
    }
}

fn tests(typed: &Typed, sink: &mut Sink) {
    let mut known: BTreeMap<Essence, &Test> = BTreeMap::new();
    let mut numbers = Numbers::new(typed);
    for test in &typed.tests {
        if test.steps.iter().all(|step| step.expect.is_none() && step.of_result.is_none()) {
            sink.report(NothingExpected { test: test.name.clone(), loc: test.loc, empty: test.steps.is_empty() });
            continue;
        }
        let first = *known.entry(essence(test, &mut numbers)).or_insert(test);
        if first.loc != test.loc {
            let (name, loc) = (test.name.clone(), test.loc);
            sink.report(SameTest { test: name, loc, other: first.name.clone(), other_loc: first.loc });
        }
    }
}

/// Why a statement holds whatever the rules are.
fn fault(typed: &Typed, statement: &Property) -> Option<ProofFault> {
    let job = typed.jobs.get(statement.job.index())?;
    match &statement.kind {
        PropertyKind::EveryWrite { verbs, .. } if verbs.is_empty() => Some(ProofFault::NoWrites),
        PropertyKind::NeedsApproval { verbs, .. } if verbs.iter().all(|verb| !allowed(job, *verb)) => {
            Some(ProofFault::NeverAllowed(verbs.clone()))
        }
        _ => None,
    }
}

/// Whether some rule of the job lets the verb be called.
pub(super) fn allowed(job: &Job, verb: VerbId) -> bool {
    job.naming(verb).any(|(_, rule)| matches!(rule.kind, RuleKind::Allow { .. }))
}

/// All of a test but its name and place: two tests with one essence show the same thing.
type Essence = (JobId, Vec<(u32, Number)>, Vec<(u32, Number)>, Vec<(Who, u32, Number)>, Option<Number>, Vec<StepEssence>);

/// A step: what happens, which numbers say how, and what is expected of it.
type StepEssence = (Happens, Vec<(u32, Number)>, [Option<(Expected, Vec<String>, Option<Number>)>; 2]);

/// What happens in a step beside its values.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happens {
    Given(u32, Vec<Number>, u8),
    Call(VerbId, Returned),
    Approve(u32, String, Vec<RoleId>, bool),
    After(i64),
    Confidence,
    Signal(u32),
    Usage,
    Pause(bool, Option<VerbId>, String, Vec<RoleId>),
    Undo(Option<VerbId>, String, Vec<RoleId>),
    End,
}

/// What a tool answers.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Returned {
    Nothing,
    Value(Number),
    Fails(String),
    Unclear,
}

fn essence(test: &Test, numbers: &mut Numbers<'_>) -> Essence {
    let input = test.input.iter().map(|(at, value)| (*at, numbers.of(value))).collect();
    let environment = test.environment.iter().map(|(at, value)| (*at, numbers.of(value))).collect();
    let identity = test.identity.iter().map(|(who, at, value)| (*who, *at, numbers.of(value))).collect();
    let at = test.at.as_ref().map(|at| numbers.of(at));
    let steps = test.steps.iter().map(|step| step_essence(step, numbers)).collect();
    (test.job, input, environment, identity, at, steps)
}

fn step_essence(step: &Step, numbers: &mut Numbers<'_>) -> StepEssence {
    let mut values: Vec<(u32, Number)> = Vec::new();
    let happens = match &step.kind {
        StepKind::Given { record, key, state } => {
            let key = numbers.all(key.iter());
            let state = match state {
                Given::Fields(fields) => {
                    values.extend(fields.iter().map(|(at, value)| (*at, numbers.of(value))));
                    0
                }
                Given::Absent => 1,
                Given::Unavailable => 2,
            };
            Happens::Given(record.0, key, state)
        }
        StepKind::Call { verb, args, outcome } => {
            values.extend(args.iter().map(|(at, value)| (*at, numbers.of(value))));
            let returned = match outcome {
                None => Returned::Nothing,
                Some(CallOutcome::Returns(value)) => Returned::Value(numbers.of(value)),
                Some(CallOutcome::Fails(code)) => Returned::Fails(code.clone()),
                Some(CallOutcome::Unclear) => Returned::Unclear,
            };
            Happens::Call(*verb, returned)
        }
        StepKind::Approve { gate, by, roles, refuse } => Happens::Approve(*gate, by.clone(), roles.clone(), *refuse),
        StepKind::After(length) => Happens::After(*length),
        StepKind::Confidence(value) => {
            values.push((0, numbers.of(value)));
            Happens::Confidence
        }
        StepKind::Signal(at, value) => {
            values.push((0, numbers.of(value)));
            Happens::Signal(*at)
        }
        StepKind::Usage { cost, tokens } => {
            values.extend(
                [cost, tokens].into_iter().zip(0_u32..).filter_map(|(value, at)| Some((at, numbers.of(value.as_ref()?)))),
            );
            Happens::Usage
        }
        StepKind::Pause { resume, verb, by, roles } => Happens::Pause(*resume, *verb, by.clone(), roles.clone()),
        StepKind::Undo { verb, by, roles } => Happens::Undo(*verb, by.clone(), roles.clone()),
        StepKind::End => Happens::End,
    };
    values.sort_unstable();
    let expected = [&step.expect, &step.of_result].map(|expect| {
        let expect = expect.as_ref()?;
        let showing = expect.showing.as_ref().map(|value| numbers.of(value));
        Some((expect.outcome, expect.by.clone(), showing))
    });
    (happens, values, expected)
}
