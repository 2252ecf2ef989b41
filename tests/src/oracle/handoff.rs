//! What people get who take over.
//!
//! > the answer carries the handoff: why, what happened, what changed, what can be undone, whom it goes to, what it is expected
//! > to decide.

use super::decide::decisions_on;
use super::needs::wire;
use super::readings::changed_by;
use super::said::{Decided, Ruling};
use super::scene::Scene;
use super::world::{Allowed, Ended, World};
use super::{approvals, arguments, encode, undo};
use agentc_compiler::typed::{Access, LimitElse, RuleKind, Type};
use agentc_runtime::answer::{Changed, Fired, Handoff, Happened};
use agentc_runtime::program::Effect;

/// A rule of the job as answers name it.
pub fn fired(world: &World<'_>, run: usize, index: usize) -> Fired {
    let rule = &world.job(run).rules[index];
    let effect = match &rule.kind {
        RuleKind::Allow { .. } => Effect::Allow,
        RuleKind::Never | RuleKind::Require { .. } => Effect::Deny,
        RuleKind::Gate(_) => Effect::Ask,
        RuleKind::Escalate | RuleKind::OnFailure { .. } => Effect::Stop,
        RuleKind::Limit(limit) => match limit.otherwise {
            LimitElse::Escalate => Effect::Stop,
            LimitElse::Deny => Effect::Deny,
            LimitElse::Gate(_) => Effect::Ask,
            LimitElse::Pause => Effect::Pause,
        },
    };
    let file = &world.typed.files[rule.loc.file.index()];
    let before = &file.text.as_bytes()[..rule.loc.span.start as usize];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    // A file is named from the folder of the root, so that a policy answers the same wherever it is built.
    let root = &world.typed.files[0].name;
    let folder = &root[..root.rfind(['/', '\\']).map_or(0, |at| at + 1)];
    let name = file.name.strip_prefix(folder).unwrap_or(&file.name).to_owned();
    Fired { rule: rule.name.clone(), effect, because: rule.because.clone(), place: Some((name, line as u32)) }
}

/// Something that no rule of the policy says, as answers name it.
pub fn builtin(name: &str) -> Fired {
    let effect = match name {
        "paused" => Effect::Pause,
        "compensation" | "undo_failed" => Effect::Stop,
        _ => Effect::Deny,
    };
    Fired { rule: name.to_owned(), effect, because: None, place: None }
}

/// The handoff of a run that stops now.
pub fn handoff(scene: &Scene<'_>, by: Fired, call: Option<super::scene::Wanted<'_>>) -> Handoff {
    let world = scene.world;
    let job = world.job(scene.run);
    let declared = job.handoff.as_ref();
    Handoff {
        to: declared.map(|handoff| handoff.to.clone()).unwrap_or_default(),
        by,
        why: String::new(),
        happened: happened(world, scene.run),
        changed: in_order(world, scene.run).iter().flat_map(|allowed| changed(world, allowed)).collect(),
        undoable: undoable(scene),
        show: declared
            .iter()
            .flat_map(|handoff| &handoff.show)
            .filter_map(|show| approvals::show_one(scene, call, show))
            .collect(),
        expect: declared.and_then(|handoff| handoff.expect.clone()),
    }
}

/// Every call in the order of its first event, with what became of it.
pub fn happened(world: &World<'_>, run: usize) -> Vec<Happened> {
    let mut ids: Vec<&str> = Vec::new();
    for (_, entry) in world.of_run(run) {
        for decided in entry.said.decisions().filter(|decided| !decided.reuse) {
            if !ids.contains(&decided.call.as_str()) {
                ids.push(&decided.call);
            }
        }
    }
    ids.into_iter().map(|id| happened_to(world, run, id)).collect()
}

/// The allowed calls of a run in the order of their first event.
pub fn in_order<'w>(world: &'w World<'_>, run: usize) -> Vec<Allowed<'w>> {
    let ids: Vec<String> = happened(world, run).into_iter().map(|call| call.call).collect();
    let mut calls = world.allowed(run);
    calls.sort_by_key(|call| ids.iter().position(|id| id == call.id));
    calls
}

fn happened_to(world: &World<'_>, run: usize, id: &str) -> Happened {
    let last = decisions_on(world, run, id).last().expect("it was decided");
    let mut at =
        world.of_run(run).filter(|(_, entry)| entry.said.decisions().any(|decided| decided.call == id && !decided.reuse));
    let decided_at = at.next_back().expect("it was decided").1.at;
    let down = world.of_run(run).find_map(|(_, entry)| {
        entry.said.turned_down.iter().find(|down| down.call == id && down.by_expiry).map(|down| (entry.at, down.gate))
    });
    let (at, outcome, by) = match down {
        Some((at, gate)) => (at, "deny".to_owned(), Some(world.job(run).rules[gate].name.clone())),
        None => (decided_at, outcome(world, run, last), last.by.clone()),
    };
    Happened {
        call: id.to_owned(),
        // A call that did not fit is told as it came.
        verb: last.verb.filter(|_| !last.canonical.is_empty()).map_or_else(|| last.name.clone(), |verb| wire(world, verb)),
        args: match last.verb {
            Some(verb) if !last.canonical.is_empty() => arguments::masked(world.typed, verb, &last.canonical).to_answer(),
            _ => agentc_runtime::json::Json::Null,
        },
        at: encode::time(at),
        outcome,
        by,
    }
}

fn outcome(world: &World<'_>, run: usize, decided: &Decided) -> String {
    match &decided.ruling {
        Ruling::Need(_) => "need".to_owned(),
        Ruling::Approval => "approval".to_owned(),
        Ruling::Deny => "deny".to_owned(),
        Ruling::Paused => "paused".to_owned(),
        Ruling::Escalate => "escalate".to_owned(),
        Ruling::Allow(_) => {
            let allowed = world.allowed(run);
            let call = allowed.iter().find(|call| call.id == decided.call).expect("it was allowed");
            match call.ended() {
                None => "allow, not reported".to_owned(),
                Some(Ended::Well(..)) => "allow, ok".to_owned(),
                Some(Ended::Misfit) => "allow, ok with a value that does not fit".to_owned(),
                Some(Ended::Refused(code)) => format!("allow, refused with `{code}`"),
                Some(Ended::Unclear) => "allow, unclear".to_owned(),
            }
        }
    }
}

/// What happened, as `show trace` shows it.
pub fn trace(scene: &Scene<'_>) -> agentc_runtime::json::Json {
    use agentc_runtime::json::Json;
    let calls = happened(scene.world, scene.run).into_iter().map(|call| {
        let mut members = vec![
            ("call".to_owned(), Json::text(call.call)),
            ("verb".to_owned(), Json::text(call.verb)),
            ("args".to_owned(), call.args),
            ("at".to_owned(), Json::text(call.at.to_string())),
            ("outcome".to_owned(), Json::text(call.outcome)),
        ];
        members.extend(call.by.map(|by| ("by".to_owned(), Json::text(by))));
        Json::Object(members)
    });
    Json::List(calls.collect())
}

/// What an allowed write may have changed; nothing where it was refused without effect.
fn changed(world: &World<'_>, call: &Allowed<'_>) -> Vec<Changed> {
    let verb = &world.typed.verbs[call.verb.index()];
    let without_effect = matches!(call.ended(), Some(Ended::Refused(code)) if verb.no_effect_on.contains(code));
    if verb.access != Access::Write || without_effect {
        return Vec::new();
    }
    changed_by(world, call.run, call.verb, call.args)
        .into_iter()
        .map(|changed| {
            let key = changed.key.map(|parts| {
                let key = if let [one] = parts.as_slice() { one.clone() } else { super::value::Val::List(parts) };
                let ty = Type::Key(changed.record);
                encode::value(world.typed, &ty, &agentc_compiler::typed::Encoding::Plain, &key, encode::Secrets::Masked)
                    .to_answer()
            });
            Changed { call: call.id.to_owned(), record: world.typed.records[changed.record.0 as usize].name.clone(), key }
        })
        .collect()
}

/// What can be undone: call, compensating verb, and until when.
fn undoable(scene: &Scene<'_>) -> Vec<(String, String, Option<jiff::Timestamp>)> {
    let calls = in_order(scene.world, scene.run);
    calls
        .iter()
        .filter(|call| undo::can_be_undone(scene, call))
        .filter_map(|call| {
            let undo = scene.typed().verbs[call.verb.index()].undo.as_ref()?;
            let until = undo.within.map(|length| encode::time(call.at + i128::from(length)));
            Some((call.id.to_owned(), wire(scene.world, undo.verb), until))
        })
        .collect()
}
