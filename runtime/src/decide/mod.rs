//! Decides events: a pure function of the policy, the run, a snapshot of the cells and the event.
//!
//! [`decide`] gives the answer, the run as it is from then on, and what the ledger must commit before the answer holds; or it
//! says which cells must be loaded first. A host that does all this by itself loops:
//!
//! 1. decide with the cells loaded so far; where the [`Step`] is [`Step::Load`], load those and decide again;
//! 2. give the [`Decision`]'s commit to the ledger; where it is refused, forget the snapshot and decide again from the same run;
//! 3. keep the decision's run, and do what the answer says.
//!
//! `agentc-ledger` has this loop ready made, with the fetching of records, as its `Session`.
//!
//! [`decide_in`] leaves out of the answer what only people read, where a host wants the outcome and the deciding rule alone
//! ([`Detail::Brief`]): the outcome, the run and the commit are the same.
//!
//! The rows of the table that *Meaning* in the language's reference gives: 1 to 3 in `call`, 4 to 11 in `judge`. An error
//! anywhere between a call and its decision is an answer that does not allow.

mod approval;
mod call;
mod carry;
pub(crate) mod cells;
mod end;
mod escalate;
pub(crate) mod judge;
mod limit;
mod open;
pub(crate) mod pause;
mod record;
mod result;
mod signal;
pub(crate) mod table;
pub(crate) mod unclear;
mod undo;
mod values;
pub(crate) mod view;
mod vote;
mod words;

pub(crate) use call::verb_named;
pub use open::{Opening, open};

use crate::answer::{Answer, Decided, Fired, Handoff, Outcome, Retry, Settled};
use crate::cell::{CellKey, Commit, Snapshot};
use crate::eval::{Evaluator, Memo};
use crate::event::{Event, EventKind};
use crate::policy::Policy;
use crate::program::{Effect, JobPlan};
use crate::run::{Mark, Phase, Run};
use cells::Cells;
use judge::{By, Ground};
use view::View;

/// How much an answer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// The outcome with all that it needs, and of the deciding rule its name and effect. The sentences are empty, `fired`, `shadow` and
    /// `values` are too, and the rule's place and reason are left out.
    Brief,
    /// Everything.
    #[default]
    Full,
}

/// What deciding an event gives.
#[derive(Debug)]
pub enum Step {
    /// These cells must be loaded first; then the same event is decided again from the same run.
    Load(Vec<CellKey>),
    /// The decision.
    Done(Box<Decision>),
}

/// A decision.
#[derive(Debug)]
pub struct Decision {
    /// The answer. It holds once the commit is made.
    pub answer: Answer,
    /// The run from then on.
    pub run: Run,
    /// What the ledger must do, all at once. An answer that is no allow and writes nothing needs no ledger.
    pub commit: Commit,
    /// The steps that judging a call took, at most [`MAX_STEPS`](crate::eval::MAX_STEPS); 0 where no call was judged.
    pub steps: u32,
}

impl Decision {
    /// Whether the answer holds only when the ledger has committed.
    #[must_use]
    pub fn needs_commit(&self) -> bool {
        let may_act = match &self.answer.outcome {
            Outcome::Allow(_) => true,
            Outcome::Undo(calls) => calls.iter().any(|call| call.allowed),
            _ => false,
        };
        may_act || !self.commit.writes_nothing()
    }
}

/// Decides an event.
///
/// A run is decided by the policy that opened it; with another one, every event is refused.
#[must_use]
pub fn decide(policy: &Policy, run: &Run, snapshot: &Snapshot, event: &Event) -> Step {
    decide_in(policy, run, snapshot, event, Detail::Full)
}

/// Decides an event, as [`decide`] does, and tells that much of it. The outcome, the deciding rule, the run and the commit do not depend
/// on the detail.
#[must_use]
pub fn decide_in(policy: &Policy, run: &Run, snapshot: &Snapshot, event: &Event, detail: Detail) -> Step {
    let job = policy.program().jobs.get(run.fixed.job.index()).filter(|_| policy.has_digest(&run.fixed.digest));
    let Some(job) = job else { return foreign(run, event, detail) };
    let mut next = run.clone();
    next.now = run.now.max(event.at);
    next.order = run.order.saturating_add(1);
    let mut deciding = Deciding {
        policy,
        job,
        detail,
        run: next,
        cells: Cells::new(snapshot),
        settled: Vec::new(),
        also_fired: Vec::new(),
        escalated: None,
        steps: 0,
    };
    deciding.settle();
    let reply = match &event.kind {
        EventKind::Open(_) => Reply::refused("this run is open already"),
        EventKind::Call(call) => deciding.call(call),
        EventKind::Result(result) => deciding.result(result),
        EventKind::Record(record) => deciding.record(record),
        EventKind::Approval(approval) => deciding.vote(approval),
        EventKind::Usage(usage) => deciding.usage(usage),
        EventKind::Signal(signal) => deciding.signal(signal),
        EventKind::Tick => Reply::taken("time has passed"),
        EventKind::Pause(stopper) => deciding.pause(stopper),
        EventKind::Resume(stopper) => deciding.resume(stopper),
        EventKind::Undo(undo) => deciding.undo(undo),
        EventKind::End => deciding.end(),
    };
    deciding.judge_job();
    deciding.finish(event.kind.name(), reply)
}

fn foreign(run: &Run, event: &Event, detail: Detail) -> Step {
    let reply = Reply::refused("this run was opened by another policy");
    let answer = reply.answer(event.kind.name(), run, detail);
    Step::Done(Box::new(Decision { answer, run: run.clone(), commit: Commit::default(), steps: 0 }))
}

/// An event being decided: the run as it becomes, and the cells.
struct Deciding<'a> {
    policy: &'a Policy,
    job: &'a JobPlan,
    detail: Detail,
    run: Run,
    cells: Cells<'a>,
    settled: Vec<Settled>,
    /// Rules of the whole job that fired after the event.
    also_fired: Vec<Fired>,
    escalated: Option<Box<Handoff>>,
    steps: u32,
}

impl Deciding<'_> {
    fn ground(&self) -> Ground<'_> {
        Ground { policy: self.policy, job: self.job, run: &self.run, cells: &self.cells }
    }

    /// This moment.
    fn mark(&self) -> Mark {
        Mark { at: self.run.now, order: self.run.order }
    }

    /// After every event: the stop rules of the whole job, and those of `on failure`.
    fn judge_job(&mut self) {
        if self.run.phase != Phase::Open {
            return;
        }
        let view = View::new(self.policy, &self.run, &self.cells, None);
        let mut memo = Memo::default();
        let walk = Evaluator::new(self.policy, &view, &mut memo).walk(self.job.stops);
        let rules = judge::fired(&walk);
        if self.detail == Detail::Full {
            self.also_fired = rules.iter().map(|rule| words::fired(self.policy, *rule)).collect();
        }
        let Some(rule) = rules.first().copied() else { return };
        let effect = self.policy.program().rules.get(rule.index()).map(|rule| rule.effect);
        if effect == Some(Effect::Pause) {
            self.pause_job(By::Rule(rule));
        } else {
            self.escalate(By::Rule(rule), None);
        }
    }

    fn finish(self, event: &'static str, reply: Reply) -> Step {
        let mut answer = reply.answer(event, &self.run, self.detail);
        for fired in self.also_fired {
            if !answer.fired.contains(&fired) {
                answer.fired.push(fired);
            }
        }
        answer.settled = self.settled;
        answer.escalated = self.escalated;
        match self.cells.commit() {
            Ok(commit) => Step::Done(Box::new(Decision { answer, run: self.run, commit, steps: self.steps })),
            Err(missing) => Step::Load(missing),
        }
    }
}

/// An answer in the making.
struct Reply {
    call: Option<String>,
    outcome: Outcome,
    by: Option<Fired>,
    fired: Vec<Fired>,
    shadow: Vec<Fired>,
    values: Vec<Decided>,
    model: String,
    person: String,
    retry: Retry,
}

impl Reply {
    /// An event that was taken.
    fn taken(person: impl Into<String>) -> Self {
        let person = person.into();
        Self {
            call: None,
            outcome: Outcome::Taken,
            by: None,
            fired: Vec::new(),
            shadow: Vec::new(),
            values: Vec::new(),
            model: "go on".to_owned(),
            person,
            retry: Retry::No,
        }
    }

    /// An event that was not taken and changed nothing.
    fn refused(person: impl Into<String>) -> Self {
        Self { outcome: Outcome::Refused, model: "nothing has changed".to_owned(), ..Self::taken(person) }
    }

    fn about(self, call: &str) -> Self {
        Self { call: Some(call.to_owned()), ..self }
    }

    /// The answer, with no more than the detail wants.
    fn answer(mut self, event: &'static str, run: &Run, detail: Detail) -> Answer {
        if detail == Detail::Brief {
            let by = self.by.map(|by| Fired { because: None, place: None, ..by });
            self = Self {
                by,
                fired: Vec::new(),
                shadow: Vec::new(),
                values: Vec::new(),
                model: String::new(),
                person: String::new(),
                ..self
            };
        }
        Answer {
            event,
            run: run.fixed.id.to_string(),
            at: run.now,
            call: self.call,
            outcome: self.outcome,
            by: self.by,
            fired: self.fired,
            shadow: self.shadow,
            values: self.values,
            model: self.model,
            person: self.person,
            retry: self.retry,
            settled: Vec::new(),
            escalated: None,
        }
    }
}
