//! The runtime compiled into the host.

use crate::engine::{Decider, Engine, SharedLedger};
use crate::error::HostError;
use agentc_ledger::{MemoryLedger, Steps, StepsError, Tracing};
use agentc_runtime::event::Event;
use agentc_runtime::json::Json;
use agentc_runtime::policy::Policy;
use std::fmt;
use std::sync::Arc;

/// A policy decided by the runtime itself: the fastest, in the host's own memory.
pub struct Native {
    policy: Arc<Policy>,
    ledger: SharedLedger,
    info: Json,
}

impl Native {
    /// Loads an artifact, with a ledger in memory that all its runs share.
    ///
    /// # Errors
    /// [`HostError::Load`] where it is none.
    pub fn load(artifact: &[u8]) -> Result<Self, HostError> {
        Self::with_ledger(artifact, Arc::new(MemoryLedger::new()))
    }

    /// Loads an artifact, with a ledger of the host.
    ///
    /// # Errors
    /// [`HostError::Load`] where it is none.
    pub fn with_ledger(artifact: &[u8], ledger: SharedLedger) -> Result<Self, HostError> {
        let policy = Policy::load(artifact, &agentc_stdlib::functions()).map_err(|error| HostError::Load(error.to_string()))?;
        let info = policy.info();
        Ok(Self { policy: Arc::new(policy), ledger, info })
    }
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Native").field("policy", &self.policy.program().name).finish_non_exhaustive()
    }
}

impl Engine for Native {
    fn info(&self) -> &Json {
        &self.info
    }

    fn begin(&self, tracing: Tracing) -> Result<Box<dyn Decider>, HostError> {
        let steps = Steps::new(Arc::clone(&self.policy), tracing);
        Ok(Box::new(NativeRun { steps, ledger: Arc::clone(&self.ledger) }))
    }
}

struct NativeRun {
    steps: Steps,
    ledger: SharedLedger,
}

impl fmt::Debug for NativeRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NativeRun").field("run", &self.steps.run().map(agentc_runtime::run::Run::id)).finish_non_exhaustive()
    }
}

impl Decider for NativeRun {
    fn send(&mut self, event: &[u8]) -> Result<Vec<u8>, HostError> {
        let event = Event::read(event).map_err(|error| HostError::Input(error.to_string()))?;
        let answer = self.steps.send(&self.ledger, &event).map_err(|error| match error {
            StepsError::Order(error) => HostError::Misused(error.to_string()),
            StepsError::Session(error) => HostError::Ledger(error.to_string()),
        })?;
        Ok(answer.to_json().to_string().into_bytes())
    }

    fn take_trace(&mut self) -> Result<Vec<String>, HostError> {
        Ok(self.steps.take_trace().unwrap_or_default())
    }
}
