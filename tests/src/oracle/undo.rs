//! Undoing, and the end of a run.
//!
//! > **undo** is authorised by the original allow plus `undo by` roles; it obeys `never` and pauses; arguments come from the result
//! > and the values frozen at the allow; a failure escalates.

use super::decide::{decisions_on, is_paused};
use super::expression::Names;
use super::grant::needs_result;
use super::json::Json;
use super::needs::{need, sealed, wire};
use super::operands::is_free;
use super::rules::judge;
use super::said::{Decided, Grant, Ruling};
use super::scene::{Past, Scene, Wanted};
use super::unknown::{Cause, RecordKey};
use super::value::Val;
use super::world::{Allowed, Ended, World};
use super::{approvals, arguments, encode, handoff};
use agentc_compiler::typed::{Access, Expr, ExprKind, Undo, VerbId};
use agentc_runtime::answer::{Compensating, Fired, Forget, Need, Outcome, Sealed, Verdict};
use agentc_runtime::event::Person;
use std::collections::BTreeSet;

/// Answers an `undo` event.
pub fn undo(world: &mut World<'_>, call: Option<&str>, who: &Person) {
    let run = world.current();
    let ids: Vec<String> = match call {
        Some(id) => {
            if decisions_on(world, run, id).next().is_none() {
                world.said().answer.call = Some(id.to_owned());
                return world.refuse();
            }
            world.said().answer.call = Some(id.to_owned());
            if !world.allowed(run).iter().any(|call| call.id == id) {
                return world.refuse();
            }
            vec![id.to_owned()]
        }
        // > in reverse order for a whole run
        None => world.allowed(run).iter().rev().filter(|call| is_in_force(world, call)).map(|call| call.id.to_owned()).collect(),
    };
    let told: Vec<Compensating> = ids.iter().map(|id| undo_one(world, id, who)).collect();
    let said = world.said();
    said.taken = told.iter().any(|call| call.allowed);
    said.answer.outcome = Outcome::Undo(told);
}

/// What speaks against undoing a call.
#[derive(Default)]
struct Hindrance {
    by: Option<Fired>,
    needs: Vec<Need>,
}

fn undo_one(world: &mut World<'_>, id: &str, who: &Person) -> Compensating {
    let run = world.current();
    let mut told = Compensating {
        call: id.to_owned(),
        id: undo_id(world, run, id),
        verb: String::new(),
        args: Sealed { open: agentc_runtime::json::Json::Null, masked: agentc_runtime::json::Json::Null },
        allowed: false,
        by: None,
        why: String::new(),
        needs: Vec::new(),
    };
    match may_undo(world, run, id, who, &mut told) {
        Err(hindrance) => {
            told.by = hindrance.by;
            told.needs = hindrance.needs;
        }
        Ok((verb, canonical)) => {
            told.allowed = true;
            let json = Json::read(&canonical).expect("canonical JSON is JSON");
            let args = arguments::read(world.typed, verb, &json).expect("checked before");
            let name = wire(world, verb);
            world.said().decided.push(Decided {
                call: told.id.clone(),
                name,
                by: Some("undo".to_owned()),
                verb: Some(verb),
                args,
                canonical,
                ruling: Ruling::Allow(Box::<Grant>::default()),
                requests: Vec::new(),
                reuse: false,
                compensates: Some(id.to_owned()),
            });
        }
    }
    told
}

fn may_undo(
    world: &World<'_>,
    run: usize,
    id: &str,
    who: &Person,
    told: &mut Compensating,
) -> Result<(VerbId, String), Hindrance> {
    let typed = world.typed;
    let now = world.now();
    let calls = world.allowed(run);
    let call = calls.iter().find(|call| call.id == id).expect("it was allowed");
    let undo = typed.verbs[call.verb.index()].undo.as_ref().ok_or_else(Hindrance::default)?;
    told.verb = wire(world, undo.verb);
    // > authorised by the original allow plus `undo by` roles
    let people = if undo.by.is_empty() { &world.job(run).undo_by } else { &undo.by };
    if !world.is_one_of(people, who) || is_undone(world, call) {
        return Err(Hindrance::default());
    }
    if matches!(call.ended(), None | Some(Ended::Refused(_))) {
        return Err(Hindrance::default());
    }
    if undo.within.is_some_and(|within| now - call.at > i128::from(within)) {
        return Err(Hindrance::default());
    }
    let (args, canonical) = compensating(world, call, undo).ok_or_else(Hindrance::default)?;
    let masked = arguments::masked(typed, undo.verb, &canonical);
    told.args = sealed(&Json::read(&canonical).expect("canonical JSON is JSON"), &masked);
    // > After an escalation `undo` obeys row 3 and `never` only.
    if !has_escalated(world, run) && is_paused(world, run, Some(undo.verb)) {
        return Err(Hindrance { by: Some(handoff::builtin("paused")), needs: Vec::new() });
    }
    let wanted = Wanted { id: &told.id, verb: undo.verb, args: &args, canonical: &canonical };
    let scene = Scene { call: Some(wanted), ..Scene::of(world, run, now) };
    obeys_never(&scene, undo.verb)?;
    Ok((undo.verb, canonical))
}

/// > it obeys `never`
fn obeys_never(scene: &Scene<'_>, verb: VerbId) -> Result<(), Hindrance> {
    let rules = scene.world.job(scene.run).rules.iter().enumerate();
    let nevers = rules.filter(|(_, rule)| {
        let is_never = matches!(rule.kind, agentc_compiler::typed::RuleKind::Never);
        is_never && !rule.shadow && super::rules::speaks_of(rule, verb)
    });
    let judged: Vec<_> = nevers.map(|(index, rule)| judge(scene, index, rule)).collect();
    let fired = |index| Some(handoff::fired(scene.world, scene.run, index));
    if let Some(rule) = judged.iter().find(|one| one.is_true()) {
        return Err(Hindrance { by: fired(rule.index), needs: Vec::new() });
    }
    let unknown: Vec<_> = judged.iter().filter(|one| one.is_unknown()).collect();
    let Some(first) = unknown.first() else { return Ok(()) };
    let causes = unknown.iter().filter_map(|one| one.holds.as_ref().err()).flatten();
    let unasked: BTreeSet<RecordKey> =
        causes.filter_map(|cause| if let Cause::Unasked(key) = cause { Some(key.clone()) } else { None }).collect();
    Err(Hindrance { by: fired(first.index), needs: unasked.iter().take(32).map(|key| need(scene, key)).collect() })
}

fn has_escalated(world: &World<'_>, run: usize) -> bool {
    world.of_run(run).any(|(_, entry)| entry.said.answer.escalated.is_some())
}

/// The arguments of the compensating call: its values, and as canonical JSON. `None` where they cannot be known or do not fit.
fn compensating(
    world: &World<'_>,
    call: &Allowed<'_>,
    undo: &Undo,
) -> Option<(Vec<(agentc_compiler::typed::ArgId, Val)>, String)> {
    let wanted = Wanted { id: call.id, verb: call.verb, args: call.args, canonical: "" };
    // The world as it was when the call was decided.
    let before =
        World { typed: world.typed, read: world.read.clone(), runs: world.runs.clone(), log: world.log[..call.place].to_vec() };
    let then = Scene { call: Some(wanted), ..Scene::of(&before, call.run, call.at) };
    let now = Scene { call: Some(wanted), ..Scene::of(world, call.run, world.now()) };
    let result = match call.ended() {
        Some(Ended::Well(_, value)) => value.clone(),
        _ => None,
    };
    let past = Past {
        id: call.id.to_owned(),
        verb: call.verb,
        args: call.args.to_vec(),
        sent: call.at,
        place: call.place,
        finished_well: true,
        failed: false,
        result,
    };
    let names = Names::default().looking_at(past);
    let mut values: Vec<(u32, Val)> = Vec::new();
    for (index, expr) in &undo.args {
        let frozen = frozen(&then, expr)?;
        values.push((*index, now.value(&frozen, &names).ok()?));
    }
    let json = arguments::write(world.typed, undo.verb, &values, encode::Secrets::Open);
    let args = arguments::read(world.typed, undo.verb, &json).ok()?;
    Some((args, arguments::canonical(world.typed, undo.verb, &json).canonical()))
}

/// > the compensation (its record values frozen now)
///
/// An expression in which everything that needs no result is the value that it had then.
fn frozen(then: &Scene<'_>, expr: &Expr) -> Option<Expr> {
    let typed = then.typed();
    if let ExprKind::Let(id) = &expr.kind {
        return frozen(then, &typed.lets[id.index()].value);
    }
    if !needs_result(typed, expr) && is_free(expr) {
        let value = then.value(expr, &Names::default()).ok()?;
        return Some(Expr { kind: ExprKind::Const(value.to_shared()), ..expr.clone() });
    }
    let mut copy = expr.clone();
    for part in parts_mut(&mut copy) {
        *part = frozen(then, part)?;
    }
    Some(copy)
}

fn parts_mut(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.kind {
        ExprKind::Field(one, _)
        | ExprKind::Not(one)
        | ExprKind::Negate(one)
        | ExprKind::ToDecimal(one)
        | ExprKind::ToOptional(one)
        | ExprKind::ToKey(one)
        | ExprKind::IsAbsent(one)
        | ExprKind::Matches(one, _)
        | ExprKind::ZonePart(_, one) => vec![one],
        ExprKind::Compare(_, one, two)
        | ExprKind::In(one, two)
        | ExprKind::Arithmetic(_, one, two)
        | ExprKind::Coalesce(one, two)
        | ExprKind::MapGet(one, two)
        | ExprKind::Quantified(_, _, one, two)
        | ExprKind::InZone(one, two) => vec![one, two],
        ExprKind::InRange(one, two, three) | ExprKind::If(one, two, three) | ExprKind::At(one, two, three) => {
            vec![one, two, three]
        }
        ExprKind::Lookup(_, all)
        | ExprKind::CallFn(_, all)
        | ExprKind::Call(_, all)
        | ExprKind::And(all)
        | ExprKind::Or(all)
        | ExprKind::CompositeKey(all)
        | ExprKind::List(all) => all.iter_mut().collect(),
        ExprKind::AllZip { over, body, .. } => vec![&mut over.0, &mut over.1, body],
        ExprKind::Match(subjects, arms) => subjects.iter_mut().chain(arms.iter_mut().map(|arm| &mut arm.value)).collect(),
        ExprKind::History(_, _, filter) | ExprKind::Last(_, filter, _) => filter.iter_mut().map(AsMut::as_mut).collect(),
        _ => Vec::new(),
    }
}

/// Whether an allowed write took effect, as far as is known, and was not undone.
fn is_in_force(world: &World<'_>, call: &Allowed<'_>) -> bool {
    let is_write = world.typed.verbs[call.verb.index()].access == Access::Write;
    let refused = matches!(call.ended(), Some(Ended::Refused(_)));
    let is_compensation = decisions_on(world, call.run, call.id).any(|decided| decided.compensates.is_some());
    is_write && !refused && !is_compensation && !is_undone(world, call)
}

/// A compensating call was allowed and not refused.
fn is_undone(world: &World<'_>, call: &Allowed<'_>) -> bool {
    let calls = world.allowed(call.run);
    let mut compensating = calls
        .iter()
        .filter(|other| decisions_on(world, call.run, other.id).any(|decided| decided.compensates.as_deref() == Some(call.id)));
    // The latest one counts: a refused undoing may be tried again.
    compensating.next_back().is_some_and(|last| !matches!(last.ended(), Some(Ended::Refused(_))))
}

/// Whether a call can be undone, as a handoff tells it.
pub fn can_be_undone(scene: &Scene<'_>, call: &Allowed<'_>) -> bool {
    let undo = scene.typed().verbs[call.verb.index()].undo.as_ref();
    let in_time = undo.is_some_and(|undo| undo.within.is_none_or(|within| scene.now - call.at <= i128::from(within)));
    is_in_force(scene.world, call) && in_time
}

/// An id for the compensating call that no call has.
fn undo_id(world: &World<'_>, run: usize, call: &str) -> String {
    let first = format!("undo/{call}");
    let is_free = |id: &String| decisions_on(world, run, id).next().is_none();
    let mut ids = std::iter::once(first.clone()).chain((2u64..).map(|number| format!("{first}/{number}")));
    ids.find(is_free).expect("some number is free")
}

/// > `end` | the verdict: done or not and why, calls unsettled, approvals void, what memory verbs must now forget
pub fn end(world: &mut World<'_>) {
    let run = world.current();
    let has_ended = world.of_run(run).any(|(_, entry)| matches!(entry.said.answer.outcome, Outcome::Verdict(_)));
    if has_ended {
        return world.refuse();
    }
    let scene = Scene::of(world, run, world.now());
    let is_done = match &world.job(run).done {
        Some(done) if !has_escalated(world, run) => matches!(scene.value(done, &Names::default()), Ok(Val::Bool(true))),
        _ => false,
    };
    let calls = handoff::in_order(world, run);
    let mut void: Vec<String> = approvals::all_open(world, run).into_iter().map(|asked| asked.id).collect();
    void.sort();
    let verdict = Verdict {
        done: is_done,
        why: String::new(),
        unsettled: calls
            .iter()
            .filter(|call| matches!(call.ended(), None | Some(Ended::Unclear)))
            .map(|call| call.id.to_owned())
            .collect(),
        void,
        forget: calls.iter().filter_map(|call| forget(world, call)).collect(),
    };
    let said = world.said();
    said.taken = true;
    said.closed = true;
    said.answer.outcome = Outcome::Verdict(Box::new(verdict));
}

/// > `retain 30d, undo forget(key)`: what a memory keeps is a verb like any other; its `allow` says until when, and `end` lists
/// > what must now be forgotten.
fn forget(world: &World<'_>, call: &Allowed<'_>) -> Option<Forget> {
    let until = call.grant.retain_until?;
    if matches!(call.ended(), Some(Ended::Refused(_))) || is_undone(world, call) {
        return None;
    }
    let undo = world.typed.verbs[call.verb.index()].undo.as_ref();
    let with = undo.and_then(|undo| {
        let (_, canonical) = compensating(world, call, undo)?;
        let masked = arguments::masked(world.typed, undo.verb, &canonical);
        Some((wire(world, undo.verb), sealed(&Json::read(&canonical).expect("canonical JSON is JSON"), &masked)))
    });
    Some(Forget { call: call.id.to_owned(), verb: wire(world, call.verb), until: encode::time(until), with })
}
