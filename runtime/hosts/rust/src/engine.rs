//! What decides, whatever it is built as.

use crate::error::HostError;
use agentc_ledger::{Ledger, Tracing};
use agentc_runtime::decide::Detail;
use agentc_runtime::json::Json;
use agentc_runtime::preview::Foreseen;
use std::fmt::Debug;
use std::sync::Arc;

/// A ledger for the threads of a process.
pub type SharedLedger = Arc<dyn Ledger + Send + Sync>;

/// A loaded policy that decides. All engines answer the same events with the same bytes.
pub trait Engine: Debug + Send + Sync {
    /// What the policy is: `policy`, `version`, `owner`, `digest`, `jobs`, `verbs`.
    fn info(&self) -> &Json;

    /// A run that waits for its `open` event.
    ///
    /// # Errors
    /// [`HostError`] where there is no room for one more.
    fn begin(&self, tracing: Tracing) -> Result<Box<dyn Decider>, HostError>;
}

/// One run on an engine.
pub trait Decider: Debug + Send {
    /// Decides one event, JSON in and JSON out. The answer holds: the ledger has committed.
    ///
    /// # Errors
    /// [`HostError`] where there is no answer: nothing was decided.
    fn send(&mut self, event: &[u8]) -> Result<Vec<u8>, HostError> {
        self.send_in(event, Detail::Full)
    }

    /// As [`Decider::send`], and tells that much of what was decided.
    ///
    /// # Errors
    /// As [`Decider::send`].
    fn send_in(&mut self, event: &[u8], detail: Detail) -> Result<Vec<u8>, HostError>;

    /// What the call of this event would be answered now. It changes nothing, and permits nothing.
    ///
    /// # Errors
    /// [`HostError`] where there is no answer: the bytes are no call, or no run is open.
    fn preview(&mut self, event: &[u8]) -> Result<Preview, HostError>;

    /// The lines of the trace since they were last taken, each without its newline; none where no trace is kept.
    ///
    /// # Errors
    /// [`HostError`] where the sandbox was stopped.
    fn take_trace(&mut self) -> Result<Vec<String>, HostError>;
}

/// What a call would be answered. It permits nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The outcome.
    pub outcome: Foreseen,
    /// The name of the deciding rule.
    pub rule: String,
}
