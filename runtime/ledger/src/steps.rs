//! A run whose ledger is somewhere else: the host loads and commits cells, this decides over what it is shown.

use crate::session::settle;
use crate::{Committed, Ledger, SessionError};
use agentc_runtime::answer::{Answer, Request};
use agentc_runtime::cell::{CellKey, Commit, Snapshot};
use agentc_runtime::decide::{Decision, Opening, Step, decide, open};
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
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
        Self { policy, run: None, pending: None, trace, known: Vec::new() }
    }

    /// Decides an event over these cells.
    ///
    /// # Errors
    /// [`OrderError::Unsettled`] while an answer waits for its commit.
    pub fn step(&mut self, event: &Event, cells: &Snapshot) -> Result<Stepped, OrderError> {
        if self.pending.is_some() {
            return Err(OrderError::Unsettled);
        }
        let step = match self.decide(event, cells) {
            Ok(step) => step,
            Err(refused) => return Ok(Stepped::Answer(refused)),
        };
        let decision = match step {
            Step::Load(keys) => return Ok(Stepped::Load(keys)),
            Step::Done(decision) => decision,
        };
        let answer = Box::new(decision.answer.clone());
        if decision.needs_commit() {
            let commit = decision.commit.clone();
            self.pending = Some((event.clone(), decision));
            return Ok(Stepped::Commit(answer, commit));
        }
        self.hold(event, *decision);
        Ok(Stepped::Answer(answer))
    }

    /// Decides an event over a ledger at hand, until the answer holds.
    ///
    /// # Errors
    /// [`StepsError`] where there is no answer: nothing may be executed then, and the run is as it was.
    pub fn send<L: Ledger>(&mut self, ledger: &L, event: &Event) -> Result<Answer, StepsError> {
        if self.pending.is_some() {
            return Err(OrderError::Unsettled.into());
        }
        let mut known = std::mem::take(&mut self.known);
        let settled = settle(ledger, &mut known, |cells| self.decide(event, cells).map_err(SessionError::Refused));
        self.known = known;
        let decision = match settled {
            Ok(decision) => decision,
            Err(SessionError::Refused(answer)) => return Ok(*answer),
            Err(error) => return Err(error.into()),
        };
        let answer = decision.answer.clone();
        self.hold(event, *decision);
        Ok(answer)
    }

    /// The next step, or the refusal to open the run: it is still not open, and a trace has nothing to begin with.
    fn decide(&self, event: &Event, cells: &Snapshot) -> Result<Step, Box<Answer>> {
        let Some(run) = &self.run else {
            return match open(&self.policy, cells, event) {
                Opening::Load(keys) => Ok(Step::Load(keys)),
                Opening::Opened(decision) => Ok(Step::Done(decision)),
                Opening::Refused(answer) => Err(answer),
            };
        };
        Ok(decide(&self.policy, run, cells, event))
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

    fn hold(&mut self, event: &Event, decision: Decision) {
        let Decision { answer, run, .. } = decision;
        if let Some((trace, lines)) = &mut self.trace {
            lines.push(trace.line(&self.policy, &run, event, &answer));
        }
        self.run = Some(run);
    }
}
