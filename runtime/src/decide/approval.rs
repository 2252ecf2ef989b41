//! Gates: what a request binds, who may answer it, and when it is approved.

use super::cells::{Cells, job_cell};
use super::judge::Ground;
use super::values;
use crate::answer::{Group, Request, Who};
use crate::bind::MASK;
use crate::cell::{CellKey, CellKind, CellValue};
use crate::digest::sha256;
use crate::eval::{Causes, Evaluator, Facts};
use crate::event::Person;
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{Approver, ApproverKind, Gate, GateId, JobPlan, RuleId, RuleKind, Show, Stage};
use crate::run::{Asked, Bound, BoundValue, CallEntry, Run, can_fill};
use crate::value::Value;
use std::sync::Arc;

/// A gate that is true of a call.
#[derive(Debug)]
pub(crate) struct Asking {
    /// The rule that asks: the gate's own, or the limit that names it.
    pub(crate) rule: RuleId,
    pub(crate) gate: GateId,
    pub(crate) values: Vec<BoundValue>,
    pub(crate) show: Vec<(String, Result<Json, String>)>,
    pub(crate) identities: Vec<Vec<Option<String>>>,
    /// Why it is not known who may approve.
    pub(crate) unknown: Option<Causes>,
    pub(crate) binds: String,
    /// It is approved for exactly this.
    pub(crate) is_approved: bool,
    /// The open request of this call and gate, where it binds exactly this.
    pub(crate) open: Option<Arc<str>>,
    /// What changed since the open request.
    pub(crate) difference: Vec<(String, Json, Json)>,
}

/// The gate that a rule asks by.
pub(crate) fn gate_of(policy: &Policy, rule: RuleId) -> Option<(GateId, &Gate)> {
    let program = policy.program();
    let id = match &program.rules.get(rule.index())?.kind {
        RuleKind::Gate(gate) => *gate,
        RuleKind::Limit(_, gate) | RuleKind::ValueLimit(gate) => (*gate)?,
        _ => return None,
    };
    Some((id, program.gates.get(id.index())?))
}

/// The gates of these rules, each once, with what a request would bind now.
pub(crate) fn askings<F: Facts>(
    evaluator: &mut Evaluator<'_, F>,
    ground: Ground<'_>,
    entry: &CallEntry,
    bound: &Bound,
    rules: &[RuleId],
) -> Vec<Asking> {
    let mut askings: Vec<Asking> = Vec::new();
    for rule in rules {
        let Some((id, gate)) = gate_of(ground.policy, *rule) else { continue };
        if askings.iter().all(|asking| asking.gate != id) {
            askings.push(asking(evaluator, ground, entry, bound, *rule, (id, gate)));
        }
    }
    askings
}

fn asking<F: Facts>(
    evaluator: &mut Evaluator<'_, F>,
    ground: Ground<'_>,
    entry: &CallEntry,
    bound: &Bound,
    rule: RuleId,
    (id, gate): (GateId, &Gate),
) -> Asking {
    let Ground { policy, job, run, cells } = ground;
    let (identities, unknown) = identities(evaluator, gate);
    let mut bound_values: Vec<BoundValue> = gate
        .binds
        .iter()
        .map(|operand| {
            let evaluated = evaluator.value(operand.expr);
            BoundValue {
                label: operand.label.clone(),
                value: values::bound(policy, operand.expr, &evaluated),
                shown: values::shown(policy, operand.expr, &evaluated),
            }
        })
        .collect();
    for id in identities.iter().flatten().flatten() {
        let value = Ok(Json::text(&**id));
        bound_values.push(BoundValue { label: "approver".to_owned(), value: value.clone(), shown: value });
    }
    let show = gate.show.iter().flat_map(|show| shown(evaluator, policy, run, Some(bound), show)).collect();
    let binds = digest(ground, entry, bound, gate, &bound_values);
    let before = run.requests.values().find(|asked| asked.call == entry.id && asked.gate == id);
    let same = before.filter(|asked| asked.binds == binds);
    let is_approved = same.is_some_and(|asked| is_open(policy, job, run, cells, asked) && is_granted(policy, run, asked));
    Asking {
        rule,
        gate: id,
        show,
        identities,
        unknown,
        is_approved,
        open: same.map(|asked| Arc::clone(&asked.id)),
        difference: before
            .filter(|asked| asked.binds != binds)
            .map_or(Vec::new(), |asked| difference(&asked.values, &bound_values)),
        values: bound_values,
        binds,
    }
}

/// Whom the expressions of a gate name, stage by stage.
fn identities<F: Facts>(evaluator: &mut Evaluator<'_, F>, gate: &Gate) -> (Vec<Vec<Option<String>>>, Option<Causes>) {
    let mut unknown: Option<Causes> = None;
    let mut of = |approver: &Approver| match &approver.who {
        ApproverKind::Identity(expr) => match evaluator.value(*expr) {
            Ok(Value::Text(id)) => Some(id.to_string()),
            Ok(_) => None,
            Err(causes) => {
                unknown = Some(unknown.take().map_or(causes.clone(), |before| before.and(&causes)));
                None
            }
        },
        ApproverKind::Role(_) | ApproverKind::User => None,
    };
    let named = gate.stages.iter().map(|stage| stage.approvers.iter().map(&mut of).collect()).collect();
    (named, unknown)
}

/// Bytes of JSON that a request would hold.
pub(crate) fn size(asking: &Asking) -> usize {
    let of = |value: &Result<Json, String>| value.as_ref().map_or(0, |json| json.to_string().len());
    let shown = asking.show.iter().map(|(_, value)| of(value));
    let bound = asking.values.iter().flat_map(|value| [of(&value.value), of(&value.shown)]);
    let differing = asking.difference.iter().flat_map(|(_, before, now)| [before.to_string().len(), now.to_string().len()]);
    shown.chain(bound).chain(differing).fold(0, usize::saturating_add)
}

/// What one `show` shows.
pub(crate) fn shown<F: Facts>(
    evaluator: &mut Evaluator<'_, F>,
    policy: &Policy,
    run: &Run,
    bound: Option<&Bound>,
    show: &Show,
) -> Option<(String, Result<Json, String>)> {
    Some(match show {
        Show::Trace => ("trace".to_owned(), Ok(Json::List(run.happened(policy).iter().map(|call| call.to_json()).collect()))),
        Show::Arguments => {
            let args = bound.map(|bound| bound.told(policy));
            ("arguments".to_owned(), args.ok_or_else(|| "no call is being decided".to_owned()))
        }
        Show::Value(label, expr) => {
            let evaluated = evaluator.value(*expr);
            (label.clone(), values::shown(policy, *expr, &evaluated))
        }
    })
}

/// The digest of everything that an approval binds. The tools that the policy pins are part of the policy's digest.
fn digest(ground: Ground<'_>, entry: &CallEntry, bound: &Bound, gate: &Gate, values: &[BoundValue]) -> String {
    let Ground { policy, run, .. } = ground;
    let program = policy.program();
    let rule = program.rules.get(gate.rule.index()).map_or("", |rule| rule.name.as_str());
    let verb = program.verbs.get(bound.verb.index()).map_or_else(String::new, super::cells::verb_name);
    let values = values.iter().map(|value| {
        let (kind, content) = match &value.value {
            Ok(json) => ("known", json.clone()),
            Err(why) => ("unknown", Json::text(&**why)),
        };
        Json::List(vec![Json::text(&*value.label), Json::text(kind), content])
    });
    let all = Json::List(vec![
        Json::text(policy.digest()),
        Json::text(&*run.fixed.id),
        Json::text(&*entry.id),
        Json::text(&*run.fixed.agent_id),
        Json::text(verb),
        Json::text(&*bound.canonical),
        Json::text(rule),
        Json::List(values.collect()),
    ]);
    sha256(all.canonical().as_bytes())
}

fn difference(before: &[BoundValue], now: &[BoundValue]) -> Vec<(String, Json, Json)> {
    let find = |values: &[BoundValue], label: &str| values.iter().find(|value| value.label == label).cloned();
    let tell = |value: Option<BoundValue>| match value.map(|value| value.shown) {
        Some(Ok(json)) => json,
        Some(Err(why)) => Json::object([("unknown", Json::text(why))]),
        None => Json::Null,
    };
    let mut labels: Vec<&str> = before.iter().chain(now).map(|value| value.label.as_str()).collect();
    labels.dedup();
    let mut told: Vec<(String, Json, Json)> = Vec::new();
    for label in labels {
        let (old, new) = (find(before, label), find(now, label));
        let differs = old.as_ref().map(|value| &value.value) != new.as_ref().map(|value| &value.value);
        if differs && told.iter().all(|(known, _, _)| known != label) {
            told.push((label.to_owned(), tell(old), tell(new)));
        }
    }
    told
}

/// The cell of a request.
pub(crate) fn cell(policy: &Policy, job: &JobPlan, run: &Run, asked: &Asked) -> CellKey {
    let rule = policy.program().rules.get(asked.rule.index()).map_or("", |rule| rule.name.as_str());
    job_cell(policy, job, CellKind::Approval, rule, run.shared_name(&asked.id))
}

fn is_open(policy: &Policy, job: &JobPlan, run: &Run, cells: &Cells<'_>, asked: &Asked) -> bool {
    let cell = cells.get(&cell(policy, job, run, asked));
    matches!(cell, Some(CellValue::Approval(open)) if open.binds == asked.binds)
}

/// The stage that a request is at.
pub(crate) fn stage<'p>(policy: &'p Policy, asked: &Asked) -> Option<(&'p Gate, &'p Stage)> {
    let gate = policy.program().gates.get(asked.gate.index())?;
    Some((gate, gate.stages.get(asked.stage)?))
}

/// Whether everybody who must has said yes: all groups, by distinct identities.
pub(crate) fn is_granted(policy: &Policy, run: &Run, asked: &Asked) -> bool {
    let Some((gate, stage)) = stage(policy, asked) else { return false };
    let mut places: Vec<Vec<usize>> = Vec::new();
    for (at, group) in stage.approvers.iter().enumerate() {
        let people: Vec<usize> =
            (0usize..).zip(&asked.grants).filter(|(_, who)| fits(policy, run, gate, asked, at, who)).map(|(i, _)| i).collect();
        // A quorum beyond the people there are cannot be filled, however large it is written.
        if (group.quorum as usize) > people.len() {
            return false;
        }
        places.extend(std::iter::repeat_n(people, group.quorum as usize));
    }
    can_fill(&places)
}

/// Whether somebody may answer a request at all.
pub(crate) fn may_answer(policy: &Policy, run: &Run, asked: &Asked, who: &Person) -> bool {
    let Some((gate, stage)) = stage(policy, asked) else { return false };
    (0..stage.approvers.len()).any(|at| fits(policy, run, gate, asked, at, who))
}

/// Whether somebody belongs to a group. The agent never does; the person served only as the one that a group names, or where the gate
/// says that the requester may approve.
fn fits(policy: &Policy, run: &Run, gate: &Gate, asked: &Asked, at: usize, who: &Person) -> bool {
    let Some(group) = gate.stages.get(asked.stage).and_then(|stage| stage.approvers.get(at)) else { return false };
    if who.id == run.fixed.agent_id {
        return false;
    }
    let is_user = run.fixed.user_id.as_deref() == Some(who.id.as_str());
    match &group.who {
        ApproverKind::User => is_user,
        _ if is_user && !gate.may_be_requester => false,
        ApproverKind::Role(role) => holds(policy, who, *role),
        ApproverKind::Identity(_) => {
            let named = asked.identities.get(asked.stage).and_then(|stage| stage.get(at)).and_then(Option::as_deref);
            named == Some(who.id.as_str())
        }
    }
}

fn holds(policy: &Policy, who: &Person, role: u32) -> bool {
    policy.program().roles.get(role as usize).is_some_and(|role| who.roles.contains(role))
}

/// Whether somebody is one of these people; for pauses, resumptions and undoing, where one person is enough.
pub(crate) fn is_one_of(
    policy: &Policy,
    run: &Run,
    people: &[Approver],
    who: &Person,
    identity: &mut dyn FnMut(crate::program::ExprId) -> Option<String>,
) -> bool {
    people.iter().any(|group| match &group.who {
        ApproverKind::Role(role) => holds(policy, who, *role),
        ApproverKind::User => run.fixed.user_id.as_deref() == Some(who.id.as_str()),
        ApproverKind::Identity(expr) => identity(*expr).as_deref() == Some(who.id.as_str()),
    })
}

impl Run {
    /// The requests for approval that are open, sorted by id: what a host shows to the people who may answer them.
    #[must_use]
    pub fn open_requests(&self, policy: &Policy) -> Vec<Request> {
        self.requests.values().map(|asked| request(policy, self, asked)).collect()
    }
}

/// A request as it is told.
pub(crate) fn request(policy: &Policy, run: &Run, asked: &Asked) -> Request {
    let program = policy.program();
    let bound = run.call(&asked.call).and_then(|call| call.bound.clone());
    let approvers = stage(policy, asked).map_or(Vec::new(), |(_, stage)| {
        let group = |(at, approver): (usize, &Approver)| {
            let named = asked.identities.get(asked.stage).and_then(|stage| stage.get(at)).cloned().flatten();
            let who = match &approver.who {
                ApproverKind::Role(role) => Who::Role(program.roles.get(*role as usize).cloned().unwrap_or_default()),
                ApproverKind::User => Who::User(run.fixed.user_id.clone().unwrap_or_default()),
                ApproverKind::Identity(_) => Who::Identity(named.unwrap_or_default()),
            };
            Group { quorum: approver.quorum, who }
        };
        stage.approvers.iter().enumerate().map(group).collect()
    });
    Request {
        request: asked.id.to_string(),
        gate: super::words::fired(policy, asked.rule),
        run: run.fixed.id.to_string(),
        call: asked.call.to_string(),
        requester: run.fixed.agent_id.clone(),
        verb: program.verbs.get(asked.verb.index()).map(|verb| verb.wire.clone()).unwrap_or_default(),
        args: bound.map_or_else(|| Json::text(MASK), |bound| bound.masked(policy)),
        binds: asked.binds.clone(),
        show: asked.show.clone(),
        values: asked.values.iter().map(|value| (value.label.clone(), value.shown.clone())).collect(),
        approvers,
        approved_by: asked.grants.iter().map(|who| who.id.clone()).collect(),
        expires: asked.expires,
        difference: asked.difference.clone(),
    }
}
