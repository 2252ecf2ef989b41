//! A run whose ledger is somewhere else: the host loads and commits cells, this decides over what it is shown.

use crate::session::{MAX_TRIES, settle};
use crate::{Committed, Ledger, MemoryLedger, SessionError};
use agentc_runtime::answer::{Answer, Request};
use agentc_runtime::cell::{CellKey, Commit, Snapshot};
use agentc_runtime::decide::{Decision, Detail, Opening, Step, decide_in, open};
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use agentc_runtime::preview::{Preview, PreviewError, Scratch, preview};
use agentc_runtime::run::Run;
use agentc_runtime::trace::Trace;
use std::sync::Arc;

/// One run, decided step by step over a ledger that only the host can reach: one that answers later (`async`), or stands outside
/// a sandbox. [`Session`](crate::Session) does the same over a [`Ledger`](crate::Ledger).
///
/// For each event the host calls [`step`](Steps::step), loads what it is told, and steps again. An answer with a commit holds only
/// after the ledger has made it and [`settle`](Steps::settle) was told so.
#[derive(Debug)]
pub struct Steps {
    policy: Arc<Policy>,
    run: Option<Run>,
    pending: Option<(Event, Box<Decision>)>,
    trace: Option<(Trace, Vec<String>)>,
    /// Cells that the event before read, for [`Steps::send`].
    known: Vec<CellKey>,
    scratch: Scratch,
}

/// What a step gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stepped {
    /// Load these cells, and all that were loaded for this event before, at one moment; then step again.
    Load(Vec<CellKey>),
    /// The answer holds.
    Answer(Box<Answer>),
    /// The answer holds once the ledger has made the commit.
    Commit(Box<Answer>, Commit),
}

/// Why an event was not decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepsError {
    /// It was sent at the wrong time.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The ledger failed.
    #[error(transparent)]
    Session(#[from] SessionError),
}

/// A step was taken at the wrong time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// The step before waits for the ledger.
    #[error("the answer before waits for its commit: settle it first")]
    Unsettled,
    /// No step waits for the ledger.
    #[error("no answer waits for a commit")]
    Settled,
    /// A call was previewed before the run was opened.
    #[error("no run is open: a preview asks about a run that is")]
    Unopened,
}

/// Why there is no preview.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForeseeError {
    /// It was asked for at the wrong time.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// What was asked about has no preview, or other cells must be loaded first.
    #[error(transparent)]
    Preview(#[from] PreviewError),
}

/// Whether a run writes its trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracing {
    /// It does, and the host takes the lines.
    Kept,
    /// It does not.
    Dropped,
}

impl Steps {
    /// A run that waits for its `open` event.
    #[must_use]
    pub fn new(policy: Arc<Policy>, tracing: Tracing) -> Self {
        let trace = (tracing == Tracing::Kept).then(|| (Trace::new(), Vec::new()));
        Self { policy, run: None, pending: None, trace, known: Vec::new(), scratch: Scratch::new() }
    }

    /// Decides an event over these cells, and tells that much of it.
    ///
    /// # Errors
    /// [`OrderError::Unsettled`] while an answer waits for its commit.
    pub fn step(&mut self, event: &Event, cells: &Snapshot, detail: Detail) -> Result<Stepped, OrderError> {
        if self.pending.is_some() {
            return Err(OrderError::Unsettled);
        }
        let step = match self.decide(event, cells, detail) {
            Ok(step) => step,
            Err(refused) => return Ok(Stepped::Answer(Box::new(told(*refused, detail)))),
        };
        let decision = match step {
            Step::Load(keys) => return Ok(Stepped::Load(keys)),
            Step::Done(decision) => decision,
        };
        if decision.needs_commit() {
            let answer = Box::new(told(decision.answer.clone(), detail));
            let commit = decision.commit.clone();
            self.pending = Some((event.clone(), decision));
            return Ok(Stepped::Commit(answer, commit));
        }
        Ok(Stepped::Answer(Box::new(told(self.hold(event, *decision), detail))))
    }

    /// Decides an event over a ledger at hand, until the answer holds, and tells that much of it.
    ///
    /// # Errors
    /// [`StepsError`] where there is no answer: nothing may be executed then, and the run is as it was.
    pub fn send<L: Ledger>(&mut self, ledger: &L, event: &Event, detail: Detail) -> Result<Answer, StepsError> {
        if self.pending.is_some() {
            return Err(OrderError::Unsettled.into());
        }
        let mut known = std::mem::take(&mut self.known);
        let settled = settle(ledger, &mut known, |cells| self.decide(event, cells, detail).map_err(SessionError::Refused));
        self.known = known;
        match settled {
            Ok(decision) => Ok(told(self.hold(event, *decision), detail)),
            Err(SessionError::Refused(answer)) => Ok(told(*answer, detail)),
            Err(error) => Err(error.into()),
        }
    }

    /// As [`Steps::send`] over a ledger in memory: no cell is copied. Where other threads write what was read meanwhile, it is decided anew.
    ///
    /// # Errors
    /// As [`Steps::send`].
    pub fn send_in_memory(&mut self, ledger: &MemoryLedger, event: &Event, detail: Detail) -> Result<Answer, StepsError> {
        if self.pending.is_some() {
            return Err(OrderError::Unsettled.into());
        }
        for _ in 0..MAX_TRIES {
            let decision = match ledger.read(|cells| self.decide(event, cells, detail)) {
                Ok(Step::Done(decision)) => decision,
                Ok(Step::Load(_)) => return Err(SessionError::Cells.into()),
                Err(refused) => return Ok(told(*refused, detail)),
            };
            if !decision.needs_commit() || ledger.commit(&decision.commit).map_err(SessionError::from)? == Committed::Done {
                return Ok(told(self.hold(event, *decision), detail));
            }
        }
        Err(SessionError::Contended.into())
    }

    /// What the call in the JSON text of this event would be answered now, over these cells. Nothing changes, and nothing is allowed by it.
    ///
    /// # Errors
    /// [`ForeseeError`] where there is no preview: where more cells are wanted, they and these are to be loaded at one moment.
    pub fn preview(&mut self, cells: &Snapshot, event: &[u8]) -> Result<Preview<'_>, ForeseeError> {
        if self.pending.is_some() {
            return Err(OrderError::Unsettled.into());
        }
        let run = self.run.as_ref().ok_or(OrderError::Unopened)?;
        Ok(preview(&self.policy, run, cells, event, &mut self.scratch)?)
    }

    /// The next step, or the refusal to open the run: it is still not open, and a trace has nothing to begin with. A trace is of whole
    /// answers.
    fn decide(&self, event: &Event, cells: &Snapshot, detail: Detail) -> Result<Step, Box<Answer>> {
        let Some(run) = &self.run else {
            return match open(&self.policy, cells, event) {
                Opening::Load(keys) => Ok(Step::Load(keys)),
                Opening::Opened(decision) => Ok(Step::Done(decision)),
                Opening::Refused(answer) => Err(answer),
            };
        };
        let detail = if self.trace.is_some() { Detail::Full } else { detail };
        Ok(decide_in(&self.policy, run, cells, event, detail))
    }

    /// Says whether the ledger made the commit of the last answer. Where it did not, the run is as it was before the event.
    ///
    /// # Errors
    /// [`OrderError::Settled`] where no answer waits for one.
    pub fn settle(&mut self, committed: Committed) -> Result<(), OrderError> {
        let (event, decision) = self.pending.take().ok_or(OrderError::Settled)?;
        if committed == Committed::Done {
            self.hold(&event, *decision);
        }
        Ok(())
    }

    /// The run as it is now; `None` before it is open.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    /// The requests for approval that are open.
    #[must_use]
    pub fn open_requests(&self) -> Vec<Request> {
        self.run.as_ref().map_or_else(Vec::new, |run| run.open_requests(&self.policy))
    }

    /// The lines of the trace since they were last taken, each without its newline; `None` where none is kept.
    pub fn take_trace(&mut self) -> Option<Vec<String>> {
        self.trace.as_mut().map(|(_, lines)| std::mem::take(lines))
    }

    fn hold(&mut self, event: &Event, decision: Decision) -> Answer {
        let Decision { answer, run, .. } = decision;
        if let Some((trace, lines)) = &mut self.trace {
            lines.push(trace.line(&self.policy, &run, event, &answer));
        }
        self.run = Some(run);
        answer
    }
}

/// As much of an answer as is wanted.
fn told(answer: Answer, detail: Detail) -> Answer {
    match detail {
        Detail::Brief => answer.into_brief(),
        Detail::Full => answer,
    }
}
