//! The beginning of a run.

use super::cells::Cells;
use super::{Deciding, Decision, Detail, Reply, Step};
use crate::answer::{Answer, Outcome, Retry};
use crate::bind;
use crate::cell::{CellKey, Snapshot};
use crate::decimal::Decimal;
use crate::event::{Event, EventKind, MAX_ID_BYTES, Open};
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{FieldShape, JobId, JobPlan};
use crate::run::{Fixed, PastIndex, Phase, Readings, Run, shows_untrusted};
use rpds::{RedBlackTreeMapSync, RedBlackTreeSetSync, VectorSync};
use std::sync::Arc;

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
    let mut deciding = Deciding {
        policy,
        job,
        detail: Detail::Full,
        run,
        cells: Cells::new(snapshot),
        settled: Vec::new(),
        also_fired: Vec::new(),
        escalated: None,
        steps: 0,
    };
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
    let agent_id = id_of(open.agent.get("id")).ok_or("the agent of the run has no `id` of 1 to 256 bytes")?;
    let user_id = match &open.user {
        Some(user) => Some(id_of(user.get("id")).ok_or("the user of the run has no `id` of 1 to 256 bytes")?),
        None => None,
    };
    let stands_in_input = |field: &FieldShape| {
        let held = field.path.iter().try_fold(&open.input, |json, name| json.get(name)).filter(|held| **held != Json::Null);
        held.is_some_and(|held| field.untrusted || shows_untrusted(policy, field.ty, held))
    };
    let saw_untrusted = job.input.iter().any(stands_in_input);
    let fixed = Fixed {
        id: Arc::from(open.run.as_str()),
        job: JobId(at),
        digest: policy.shared_digest(),
        interned_input: input.iter().map(|value| policy.index().texts.of_value(program, value)).collect(),
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
        past_index: PastIndex::default(),
        of_verb: RedBlackTreeMapSync::new_sync(),
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
        largest: [&open.input, &open.agent, &open.environment].into_iter().chain(&open.user).map(length).max().unwrap_or(0),
    };
    Ok((run, job))
}

fn length(json: &Json) -> usize {
    json.to_string().len()
}

fn id_of(json: Option<&Json>) -> Option<String> {
    json.and_then(Json::as_text).filter(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES).map(str::to_owned)
}
