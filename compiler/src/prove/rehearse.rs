//! Plays a run as `agentc test` would, where records are answered when they are needed and not before, so that what is printed as a test ends
//! as the run did.

use super::as_test::AsTest;
use super::confirm::{End, Host, REFUSED};
use super::told::Tree;
use super::witness::{Made, Read, Scene};
use crate::typed::{FetchHow, Job, RuleKind, Typed};
use agentc_runtime::answer::Outcome;
use agentc_runtime::event::{CallResult, EventKind, ResultOutcome};
use agentc_runtime::policy::Policy;

/// How a run ends.
pub(super) struct Ending<'e> {
    /// The outcome of its last call.
    pub(super) outcome: &'static str,
    /// The rule that decided it.
    pub(super) by: &'e str,
    /// Whether those who are asked about the last call approve.
    pub(super) approves: bool,
    /// Whether every record that is needed is one of the scene's.
    pub(super) strict: bool,
}

/// The run as a test, where one ends so: as it is, or after the looks that rules require and that the host's own reading spared it.
pub(super) fn as_test(
    policy: &Policy,
    typed: &Typed,
    (job, proof): (&Job, &str),
    scene: &Scene,
    ending: &Ending<'_>,
) -> Option<Vec<String>> {
    [false, true].into_iter().find_map(|looks| {
        let mut played = Vec::new();
        let mut host = Host::open(policy, typed, scene, &job.name)?;
        host.as_needed = true;
        host.strict = ending.strict;
        let last = scene.calls.len().checked_sub(1)?;
        for (at, made) in scene.calls.iter().enumerate() {
            let required = if looks { required(typed, job, scene, made) } else { Vec::new() };
            for look in required {
                played.push(allowed(&mut host, played.len(), look)?);
            }
            if at < last {
                played.push(allowed(&mut host, played.len(), made.clone())?);
            } else {
                let end = host.call(&id(played.len()), made, ending.approves)?;
                played.push((made.clone(), end));
            }
        }
        let (_, end) = played.last()?;
        let by = end.answer.by.as_ref().map(|by| by.rule.as_str()).unwrap_or_default();
        if end.answer.outcome.name() != ending.outcome || by != ending.by {
            return None;
        }
        // An approval is expected by the gates that ask, whichever rule made them ask.
        let by = match &end.answer.outcome {
            Outcome::Approval(requests) => requests.iter().map(|one| one.gate.rule.as_str()).collect::<Vec<_>>().join(", "),
            _ => ending.by.to_owned(),
        };
        let mut test = AsTest::new(typed, scene, &job.name, &host.absent)?;
        for (at, (made, end)) in played.iter().enumerate() {
            let is_last = at.saturating_add(1) == played.len();
            let answers = if is_last { None } else { answers(typed, made) };
            test.call(made, &end.did, is_last.then_some(by.as_str()), answers.as_deref());
        }
        test.finish(proof)
    })
}

/// A call that must be allowed, with its result.
fn allowed(host: &mut Host<'_>, number: usize, made: Made) -> Option<(Made, End)> {
    let id = id(number);
    let end = host.call(&id, &made, true)?;
    if !matches!(end.answer.outcome, Outcome::Allow(_)) {
        return None;
    }
    let outcome = match &made.result {
        Some(result) => ResultOutcome::Ok(result.json()),
        None => ResultOutcome::Refused(REFUSED.to_owned()),
    };
    host.send(made.at, EventKind::Result(CallResult { id, outcome }))?;
    Some((made, end))
}

fn id(number: usize) -> String {
    format!("c{}", number.saturating_add(1))
}

/// What the tool answers to a call, as a test says it; nothing where the verb answers nothing, or a record that the test gives.
fn answers(typed: &Typed, made: &Made) -> Option<String> {
    let shape = typed.verbs.get(made.verb.index())?;
    let fetches = typed.records.iter().any(|record| fetched_by(record, made).is_some());
    match &made.result {
        Some(_) if fetches => None,
        Some(result) => shape.result.as_ref().map(|_| format!("returns {}", result.literal())),
        None => Some(format!("fails \"{REFUSED}\"")),
    }
}

/// Each parameter of a record's fetching verb with the part of the key that is passed for it, where the call is one of that verb.
fn fetched_by<'r>(record: &'r crate::typed::Record, made: &Made) -> Option<&'r [(u32, u32)]> {
    match &record.fetch.as_ref()?.how {
        FetchHow::Verb { verb, args } if *verb == made.verb => Some(args),
        _ => None,
    }
}

/// The calls that rules require before this one, for the records of the scene.
fn required(typed: &Typed, job: &Job, scene: &Scene, made: &Made) -> Vec<Made> {
    let rules = job.rules.iter().filter(|rule| !rule.shadow && rule.verbs.contains(&made.verb));
    let verbs = rules.filter_map(|rule| if let RuleKind::Require { verb, .. } = &rule.kind { Some(*verb) } else { None });
    let mut looks = Vec::new();
    for verb in verbs {
        looks.extend(scene.records.iter().filter_map(|read| {
            let empty = Made { verb, args: Tree::Null, at: made.at, result: Some(read.value.clone()?) };
            Some(Made { args: arguments(typed, read, &empty)?, ..empty })
        }));
    }
    looks
}

/// The arguments by which a verb fetches a record.
fn arguments(typed: &Typed, read: &Read, made: &Made) -> Option<Tree> {
    let args = fetched_by(typed.records.get(read.record.0 as usize)?, made)?;
    let params = &typed.verbs.get(made.verb.index())?.params;
    let members = args.iter().map(|(param, part)| {
        let field = &params.get(*param as usize)?.field;
        let value = match &read.key {
            Tree::List(parts) => parts.get(*part as usize)?.clone(),
            only => only.clone(),
        };
        Some((field.name.clone(), field.path.clone(), value))
    });
    members.collect::<Option<Vec<_>>>().map(Tree::Object)
}
