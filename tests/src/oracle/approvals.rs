//! Gates and who opens them.
//!
//! > **approval** requests bind run, call id, requester, verb, canonical arguments, policy and tool digests, gate, and the values
//! > shown and read by the gate. An approval is single-use, consumed only by `allow`, and the call is decided anew when it is
//! > given; if a bound value has changed it is asked again, with the difference.

use super::decide::decisions_on;
use super::expression::Names;
use super::operands;
use super::rules::{Effect, Judged};
use super::said::{Asked, Bound};
use super::scene::{Scene, Wanted};
use super::unknown::Causes;
use super::value::Val;
use super::world::World;
use super::{arguments, encode, handoff, needs};
use agentc_compiler::typed::{Approver, ApproverKind, Gate, RuleKind, Show};
use agentc_runtime::answer::{Group, Request, Who};
use agentc_runtime::event::Person;
use agentc_runtime::json::Json;

/// The gate at this index of the job's rules.
pub fn gate_at<'a>(world: &World<'a>, run: usize, index: usize) -> &'a Gate {
    match &world.typed.jobs[world.runs[run].job.index()].rules[index].kind {
        RuleKind::Gate(gate) => gate,
        other => panic!("{other:?} is no gate"),
    }
}

/// The requests that are open for a call: those of its last decision, as they are since.
pub fn open_of(world: &World<'_>, run: usize, call: &str) -> Vec<Asked> {
    let Some((place, last)) = world
        .of_run(run)
        .flat_map(|(place, entry)| entry.said.decisions().map(move |decided| (place, decided)))
        .filter(|(_, decided)| decided.call == call && !decided.reuse)
        .last()
    else {
        return Vec::new();
    };
    let is_down = |(_, entry): (usize, &super::world::Entry)| entry.said.turned_down.iter().any(|down| down.call == call);
    if last.is_final() || world.is_closed(run) || world.of_run(run).any(is_down) {
        return Vec::new();
    }
    let moved: Vec<&Asked> = world.of_run(run).filter(|(at, _)| *at >= place).flat_map(|(_, entry)| &entry.said.moved).collect();
    let latest =
        |asked: &Asked| moved.iter().rev().find(|moved| moved.id == asked.id).map_or(asked.clone(), |moved| (*moved).clone());
    last.requests.iter().map(latest).collect()
}

/// Every open request of a run, oldest first.
pub fn all_open(world: &World<'_>, run: usize) -> Vec<Asked> {
    let mut calls: Vec<&str> = Vec::new();
    for (_, entry) in world.of_run(run) {
        for decided in entry.said.decisions() {
            if !calls.contains(&decided.call.as_str()) {
                calls.push(&decided.call);
            }
        }
    }
    let mut open: Vec<Asked> = calls.into_iter().flat_map(|call| open_of(world, run, call)).collect();
    open.sort_by_key(|asked| asked.number);
    open
}

/// The gates that were refused, or expired, for a call like this.
pub fn turned_down_gates(scene: &Scene<'_>, call: Wanted<'_>) -> Vec<usize> {
    let all = scene.world.of_run(scene.run).flat_map(|(_, entry)| &entry.said.turned_down);
    all.filter(|down| down.verb == call.verb && down.canonical == call.canonical).map(|down| down.gate).collect()
}

/// Run, call, gate and number, so that requests of two runs never share an id; a `/` inside an id is written as in a URL.
fn request_id(scene: &Scene<'_>, call: &str, gate: usize, number: usize) -> String {
    let plain = |id: &str| id.replace('%', "%25").replace('/', "%2F");
    let run = plain(&scene.world.runs[scene.run].id);
    format!("{run}/{}/{}/{number}", plain(call), scene.world.job(scene.run).rules[gate].name)
}

/// A gate that asks, with its request.
#[derive(Debug)]
pub struct Asking {
    /// Index of the rule that asks: the gate, or the limit that names it.
    pub rule: usize,
    /// The request.
    pub asked: Asked,
    /// What changed since it was asked before.
    pub difference: Vec<(String, Json, Json)>,
    /// Why it is not known who may approve.
    pub unknown: Option<Causes>,
}

/// The requests of all gates that are true, each once.
pub fn ask(scene: &Scene<'_>, call: Wanted<'_>, asking: &[&Judged<'_>]) -> Vec<Asking> {
    let before = open_of(scene.world, scene.run, call.id);
    let mut number = scene.world.requests_so_far(scene.run);
    let mut all: Vec<Asking> = Vec::new();
    for one in asking {
        let Effect::Ask(gate) = one.effect else { continue };
        if all.iter().any(|known| known.asked.gate == gate) {
            continue;
        }
        let (approvers, unknown) = named(scene, gate_at(scene.world, scene.run, gate));
        let bound = bound(scene, gate, &approvers);
        let old = before.iter().find(|asked| asked.gate == gate);
        if let Some(same) = old.filter(|asked| asked.bound == bound) {
            all.push(Asking { rule: one.index, asked: same.clone(), difference: Vec::new(), unknown });
            continue;
        }
        number += 1;
        let asked = Asked {
            id: request_id(scene, call.id, gate, number),
            number,
            rule: gate,
            gate,
            call: call.id.to_owned(),
            stage: 0,
            since: scene.now,
            yes: Vec::new(),
            show: shown(scene, call, gate),
            difference: old.map_or_else(Vec::new, |old| difference(&old.bound, &bound)),
            bound,
            named: approvers,
        };
        all.push(Asking { rule: one.index, difference: asked.difference.clone(), asked, unknown });
    }
    all
}

/// Whom `identity …` names, for each group of each stage.
fn named(scene: &Scene<'_>, gate: &Gate) -> (Vec<Vec<Option<String>>>, Option<Causes>) {
    let mut unknown = Causes::new();
    let mut of = |approver: &Approver| match &approver.who {
        ApproverKind::Identity(expr) => match scene.value(expr, &Names::default()) {
            Ok(Val::Text(id)) => Some(id),
            Ok(_) => None,
            Err(causes) => {
                unknown.extend(causes);
                None
            }
        },
        ApproverKind::Role(_) | ApproverKind::User => None,
    };
    let stages = stages(gate).map(|stage| stage.iter().map(&mut of).collect()).collect();
    (stages, (!unknown.is_empty()).then_some(unknown))
}

/// Who is asked, one after the other.
pub fn stages(gate: &Gate) -> impl Iterator<Item = &[Approver]> {
    std::iter::once(gate.approvers.as_slice()).chain(gate.then.iter().map(|(approvers, _)| approvers.as_slice()))
}

/// How long a stage is asked.
pub fn stage_length(gate: &Gate, stage: usize) -> Option<i128> {
    let length = if stage == 0 { gate.expires } else { gate.then[stage - 1].1 };
    length.map(i128::from)
}

fn bound(scene: &Scene<'_>, gate: usize, named: &[Vec<Option<String>>]) -> Vec<Bound> {
    let typed = scene.typed();
    let rule = &scene.world.job(scene.run).rules[gate];
    let mut bound: Vec<Bound> = operands::bound_by(typed, rule, gate_at(scene.world, scene.run, gate))
        .into_iter()
        .map(|operand| {
            let known = scene.value(operand.expr, &Names::default());
            let shown = operands::shown(scene.world, operand.expr, &known);
            let known = known.map(|value| operands::read_of(scene.world, operand.expr, value));
            Bound { label: operand.label, known, shown }
        })
        .collect();
    for id in named.iter().flatten().flatten() {
        bound.push(Bound { label: "approver".to_owned(), known: Ok(Val::Text(id.clone())), shown: Ok(Json::text(id.as_str())) });
    }
    bound
}

fn shown(scene: &Scene<'_>, call: Wanted<'_>, gate: usize) -> Vec<(String, Result<Json, String>)> {
    gate_at(scene.world, scene.run, gate).show.iter().filter_map(|show| show_one(scene, Some(call), show)).collect()
}

/// One thing shown: label and value; no arguments where there is no call.
pub fn show_one(scene: &Scene<'_>, call: Option<Wanted<'_>>, show: &Show) -> Option<(String, Result<Json, String>)> {
    Some(match show {
        Show::Trace => ("trace".to_owned(), Ok(handoff::trace(scene))),
        Show::Arguments => {
            let call = call?;
            ("arguments".to_owned(), Ok(arguments::told(scene.typed(), call.verb, call.args).to_answer()))
        }
        Show::Value(label, expr) => {
            let known = scene.value(expr, &Names::default());
            (label.clone(), operands::shown(scene.world, expr, &known))
        }
    })
}

fn difference(before: &[Bound], now: &[Bound]) -> Vec<(String, Json, Json)> {
    let tell = |bound: Option<&Bound>| match bound.map(|bound| &bound.shown) {
        Some(Ok(json)) => json.clone(),
        Some(Err(why)) => Json::object([("unknown", Json::text(why.as_str()))]),
        None => Json::Null,
    };
    let mut told: Vec<(String, Json, Json)> = Vec::new();
    for bound in before.iter().chain(now) {
        let find = |all: &'_ [Bound]| all.iter().position(|known| known.label == bound.label);
        let (old, new) = (find(before).map(|at| &before[at]), find(now).map(|at| &now[at]));
        if old.map(|one| &one.known) != new.map(|one| &one.known) && told.iter().all(|(label, _, _)| *label != bound.label) {
            told.push((bound.label.clone(), tell(old), tell(new)));
        }
    }
    told
}

/// A request as the host gets it.
pub fn request(world: &World<'_>, run: usize, asked: &Asked) -> Request {
    let gate = gate_at(world, run, asked.gate);
    let opened = &world.runs[run];
    let decided = decisions_on(world, run, &asked.call).last();
    request_of(world, run, asked, gate, opened, decided.map(|decided| (decided.verb, decided.canonical.clone())))
}

/// A request of a call that is being decided.
pub fn request_now(world: &World<'_>, run: usize, asked: &Asked, call: Wanted<'_>) -> Request {
    let gate = gate_at(world, run, asked.gate);
    request_of(world, run, asked, gate, &world.runs[run], Some((Some(call.verb), call.canonical.to_owned())))
}

fn request_of(
    world: &World<'_>,
    run: usize,
    asked: &Asked,
    gate: &Gate,
    opened: &super::world::Run,
    call: Option<(Option<agentc_compiler::typed::VerbId>, String)>,
) -> Request {
    let (verb, canonical) = call.expect("the call was decided");
    let verb = verb.expect("only declared verbs are asked about");
    let groups = stages(gate).nth(asked.stage).expect("the stage exists").iter().enumerate().map(|(at, approver)| Group {
        quorum: approver.quorum,
        who: match &approver.who {
            ApproverKind::Role(role) => Who::Role(world.typed.roles[role.index()].name.clone()),
            ApproverKind::User => Who::User(opened.user_id().unwrap_or_default()),
            ApproverKind::Identity(_) => Who::Identity(asked.named[asked.stage][at].clone().unwrap_or_default()),
        },
    });
    Request {
        request: asked.id.clone(),
        gate: handoff::fired(world, run, asked.rule),
        run: opened.id.clone(),
        call: asked.call.clone(),
        requester: opened.agent_id(),
        verb: needs::wire(world, verb),
        args: arguments::masked(world.typed, verb, &canonical).to_answer(),
        binds: String::new(),
        show: asked.show.clone(),
        values: asked.bound.iter().map(|bound| (bound.label.clone(), bound.shown.clone())).collect(),
        approvers: groups.collect(),
        approved_by: asked.yes.iter().map(|person| person.id.clone()).collect(),
        expires: stage_length(gate, asked.stage).map(|length| encode::time(asked.since + length)),
        difference: asked.difference.clone(),
    }
}

/// Whether somebody belongs to a group of the stage that is asked.
///
/// > the agent and whoever asked are excluded unless `may be requester` (`approvers user` names the person served, who then is
/// > not excluded)
fn belongs(world: &World<'_>, run: usize, asked: &Asked, at: usize, person: &Person) -> bool {
    let gate = gate_at(world, run, asked.gate);
    let approver = &stages(gate).nth(asked.stage).expect("the stage exists")[at];
    if person.id == world.runs[run].agent_id() {
        return false;
    }
    let is_served = world.runs[run].user_id().as_deref() == Some(person.id.as_str());
    match &approver.who {
        ApproverKind::User => is_served,
        _ if is_served && !gate.may_be_requester => false,
        ApproverKind::Role(role) => person.roles.contains(&world.typed.roles[role.index()].name),
        ApproverKind::Identity(_) => asked.named[asked.stage][at].as_deref() == Some(person.id.as_str()),
    }
}

/// Whether somebody may answer this request at all.
pub fn may_answer(world: &World<'_>, run: usize, asked: &Asked, person: &Person) -> bool {
    let groups = stages(gate_at(world, run, asked.gate)).nth(asked.stage).expect("the stage exists").len();
    (0..groups).any(|at| belongs(world, run, asked, at, person))
}

/// Whether enough people said yes.
///
/// > `2 of role a`, `1 of role a and 1 of role b` … distinct identities
pub fn is_granted(world: &World<'_>, run: usize, asked: &Asked) -> bool {
    let groups = stages(gate_at(world, run, asked.gate)).nth(asked.stage).expect("the stage exists");
    let seats: Vec<usize> =
        groups.iter().enumerate().flat_map(|(at, group)| std::iter::repeat_n(at, group.quorum as usize)).collect();
    seated(world, run, asked, &seats, &mut Vec::new())
}

/// Tries every way to give each seat a person of its own.
fn seated(world: &World<'_>, run: usize, asked: &Asked, seats: &[usize], taken: &mut Vec<usize>) -> bool {
    let Some((seat, rest)) = seats.split_first() else { return true };
    for (index, person) in asked.yes.iter().enumerate() {
        if !taken.contains(&index) && belongs(world, run, asked, *seat, person) {
            taken.push(index);
            if seated(world, run, asked, rest, taken) {
                return true;
            }
            taken.pop();
        }
    }
    false
}
