//! The beginning of a run.

use super::cells::Cells;
use super::{Deciding, Decision, Reply, Step};
use crate::answer::{Answer, Outcome, Retry};
use crate::bind;
use crate::cell::{CellKey, Snapshot};
use crate::decimal::Decimal;
use crate::event::{Event, EventKind, Open};
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{FieldShape, JobId, JobPlan, TypeId, TypeShape};
use crate::run::{Fixed, Phase, Readings, Run};
use crate::value::Value;
use rpds::{RedBlackTreeMapSync, RedBlackTreeSetSync, VectorSync};
use std::sync::Arc;

/// How deep untrusted fields are searched for in what the input's types hold.
const DEPTH: u8 = 8;

/// What opening a run gives.
#[derive(Debug)]
pub enum Opening {
    /// These cells must be loaded first; then the same event opens the run again.
    Load(Vec<CellKey>),
    /// The run is open.
    Opened(Box<Decision>),
    /// It cannot be opened: why.
    Refused(Box<Answer>),
}

/// Opens a run.
#[must_use]
pub fn open(policy: &Policy, snapshot: &Snapshot, event: &Event) -> Opening {
    let EventKind::Open(open) = &event.kind else {
        return Opening::Refused(Box::new(refusal("", event, "no run is open: the first event must be `open`")));
    };
    let (run, job) = match begin(policy, event, open) {
        Ok(begun) => begun,
        Err(why) => return Opening::Refused(Box::new(refusal(&open.run, event, &why))),
    };
    let mut deciding =
        Deciding { policy, job, run, cells: Cells::new(snapshot), settled: Vec::new(), also_fired: Vec::new(), escalated: None };
    deciding.judge_job();
    let words = format!("the run `{}` of the job `{}` is open", open.run, job.name);
    match deciding.finish(event.kind.name(), Reply::taken(words)) {
        Step::Load(cells) => Opening::Load(cells),
        Step::Done(decision) => Opening::Opened(decision),
    }
}

fn refusal(run: &str, event: &Event, why: &str) -> Answer {
    Answer {
        event: event.kind.name(),
        run: run.to_owned(),
        at: event.at,
        call: None,
        outcome: Outcome::Refused,
        by: None,
        fired: Vec::new(),
        shadow: Vec::new(),
        values: Vec::new(),
        model: "nothing has changed".to_owned(),
        person: why.to_owned(),
        retry: Retry::No,
        settled: Vec::new(),
        escalated: None,
    }
}

fn begin<'p>(policy: &'p Policy, event: &Event, open: &Open) -> Result<(Run, &'p JobPlan), String> {
    let program = policy.program();
    let found = (0u32..).zip(&program.jobs).find(|(_, job)| job.name == open.job);
    let Some((at, job)) = found else { return Err(format!("the policy has no job `{}`", open.job)) };
    let read = |what: &str, fields: &[FieldShape], json: &Json| {
        bind::fields(policy, fields, json).map_err(|misfits| format!("the {what} of the run does not fit: {misfits}"))
    };
    let input = read("input", &job.input, &open.input)?;
    let environment = read("environment", &job.environment, &open.environment)?;
    let agent = read("agent", &program.agent, &open.agent)?;
    let user = open.user.as_ref().map(|user| read("user", &program.user, user)).transpose()?;
    let agent_id = id_of(open.agent.get("id")).ok_or("the agent of the run has no `id`")?;
    let user_id = match &open.user {
        Some(user) => Some(id_of(user.get("id")).ok_or("the user of the run has no `id`")?),
        None => None,
    };
    let shown = |(field, value): (&FieldShape, &Value)| {
        *value != Value::None && (field.untrusted || holds_untrusted(policy, field.ty, DEPTH))
    };
    let saw_untrusted = job.input.iter().zip(&input).any(shown);
    let fixed = Fixed {
        id: Arc::from(open.run.as_str()),
        job: JobId(at),
        digest: policy.digest().to_owned(),
        input,
        environment,
        agent,
        user: user.unwrap_or_default(),
        agent_id,
        user_id,
    };
    let run = Run {
        fixed: Arc::new(fixed),
        now: event.at,
        order: 1,
        phase: Phase::Open,
        calls: RedBlackTreeMapSync::new_sync(),
        sequence: VectorSync::new_sync(),
        past: VectorSync::new_sync(),
        readings: Readings::default(),
        counters: RedBlackTreeMapSync::new_sync(),
        requests: RedBlackTreeMapSync::new_sync(),
        asked: 0,
        refused: RedBlackTreeSetSync::new_sync(),
        cost: Decimal::ZERO,
        tokens: 0,
        confidence: None,
        signals: RedBlackTreeMapSync::new_sync(),
        saw_untrusted,
        finals: 0,
        denials: 0,
        unsettled: 0,
        held: open.input.to_string().len(),
    };
    Ok((run, job))
}

fn id_of(json: Option<&Json>) -> Option<String> {
    json.and_then(Json::as_text).filter(|id| !id.is_empty()).map(str::to_owned)
}

fn holds_untrusted(policy: &Policy, ty: TypeId, depth: u8) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    match policy.shape(ty) {
        Some(TypeShape::Record(record)) => policy
            .program()
            .records
            .get(record.0 as usize)
            .is_some_and(|shape| shape.fields.iter().any(|field| field.untrusted || holds_untrusted(policy, field.ty, depth))),
        Some(TypeShape::List(inner) | TypeShape::Set(inner) | TypeShape::Optional(inner) | TypeShape::Map(_, inner)) => {
            holds_untrusted(policy, *inner, depth)
        }
        _ => false,
    }
}
