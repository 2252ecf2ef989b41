//! Sends a run through the runtime under both policies.

use super::{Differ, Said, Side, Witness};
use crate::prove::confirm::Host;
use crate::prove::told;
use crate::prove::witness::Scene;
use crate::typed::{JobId, VerbId};
use agentc_runtime::answer::{Group, Outcome, Who};
use agentc_runtime::event::{CallResult, EventKind, ResultOutcome};

/// The run that a model says, where the runtime confirms that the policy of `better` answers its last call better for the agent.
pub(super) fn confirm(
    differ: &Differ<'_>,
    [old, new]: [Option<(JobId, VerbId)>; 2],
    [of_old, of_new]: &[Option<Scene>; 2],
    better: Side,
) -> Option<Witness> {
    let answer = |side: Side, place: Option<(JobId, VerbId)>, scene: &Option<Scene>| match (place, scene) {
        (Some((job, _)), Some(scene)) => said(differ, side, job, scene),
        // What a policy does not declare it denies.
        _ => Some(Said { outcome: Outcome::Deny.name(), by: String::new(), asked: Vec::new() }),
    };
    let (said_old, said_new) = (answer(Side::Old, old, of_old)?, answer(Side::New, new, of_new)?);
    let (more, less) = if better == Side::New { (&said_new, &said_old) } else { (&said_old, &said_new) };
    let differs = rank(more) > rank(less) || (rank(more) == 1 && rank(less) == 1 && more.asked != less.asked);
    let (side, (job, _), scene) = match (new.zip(of_new.as_ref()), old.zip(of_old.as_ref())) {
        (Some((place, scene)), _) => (Side::New, place, scene),
        (None, Some((place, scene))) => (Side::Old, place, scene),
        (None, None) => return None,
    };
    let typed = differ.typed(side);
    let name = typed.jobs.get(job.index()).map_or("", |job| job.name.as_str());
    let mut lines = told::lines(typed, scene, name);
    lines.extend(scene.calls.iter().map(|call| told::call_line(typed, call)));
    differs.then_some(Witness { told: lines, old: said_old, new: said_new })
}

/// How good an answer is for the agent.
fn rank(said: &Said) -> u8 {
    match said.outcome {
        "allow" => 2,
        "approval" => 1,
        _ => 0,
    }
}

/// What a policy answers to the last call; nothing where the run does not come that far, or the call does not fit.
fn said(differ: &Differ<'_>, side: Side, job: JobId, scene: &Scene) -> Option<Said> {
    let typed = differ.typed(side);
    let name = &typed.jobs.get(job.index())?.name;
    let mut host = Host::open(differ.policy(side)?, typed, scene, name)?;
    let (last, earlier) = scene.calls.split_last()?;
    for (at, made) in earlier.iter().enumerate() {
        let id = format!("call-{}", at.saturating_add(1));
        let end = host.call(&id, made, true)?;
        if !matches!(end.answer.outcome, Outcome::Allow(_)) {
            return None;
        }
        let outcome = match &made.result {
            Some(result) => ResultOutcome::Ok(result.json()),
            None => ResultOutcome::Refused("refused".to_owned()),
        };
        host.send(made.at, EventKind::Result(CallResult { id, outcome }))?;
    }
    let end = host.call("call", last, false)?;
    if !host.is_faithful(&end.answer) {
        return None;
    }
    let asked = match &end.answer.outcome {
        Outcome::Approval(requests) => requests.iter().flat_map(|request| &request.approvers).map(people).collect(),
        _ => Vec::new(),
    };
    let by = end.answer.by.as_ref().map(|by| by.rule.clone()).unwrap_or_default();
    Some(Said { outcome: end.answer.outcome.name(), by, asked })
}

fn people(group: &Group) -> String {
    let who = match &group.who {
        Who::Role(role) => format!("role {role}"),
        Who::User(id) => format!("the person served, `{id}`"),
        Who::Identity(id) => format!("`{id}`"),
    };
    if group.quorum > 1 { format!("{} of {who}", group.quorum) } else { who }
}
