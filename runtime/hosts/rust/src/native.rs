//! The runtime compiled into the host.

use crate::engine::{Decider, Engine, Preview, SharedLedger};
use crate::error::HostError;
use agentc_ledger::{ForeseeError, Ledger as _, MemoryLedger, OrderError, Steps, StepsError, Tracing};
use agentc_runtime::cell::CellKey;
use agentc_runtime::decide::Detail;
use agentc_runtime::event::Event;
use agentc_runtime::json::Json;
use agentc_runtime::policy::Policy;
use agentc_runtime::preview::PreviewError;
use std::fmt;
use std::sync::Arc;

/// How often one preview may ask for more cells.
const MAX_LOADS: usize = 64;

/// How many of the cells that one preview read are loaded at once for the next one, which most often reads the same.
const MAX_KNOWN: usize = 32;

/// A policy decided by the runtime itself: the fastest, in the host's own memory.
pub struct Native {
    policy: Arc<Policy>,
    ledger: Where,
    info: Json,
}

/// Where the cells are.
#[derive(Clone)]
enum Where {
    /// In the engine's own memory: decisions look at them there.
    Here(Arc<MemoryLedger>),
    /// With the host: they are loaded and committed.
    There(SharedLedger),
}

impl Native {
    /// Loads an artifact, with a ledger in memory that all its runs share.
    ///
    /// # Errors
    /// [`HostError::Load`] where it is none.
    pub fn load(artifact: &[u8]) -> Result<Self, HostError> {
        Self::over(artifact, Where::Here(Arc::new(MemoryLedger::new())))
    }

    /// Loads an artifact, with a ledger of the host.
    ///
    /// # Errors
    /// [`HostError::Load`] where it is none.
    pub fn with_ledger(artifact: &[u8], ledger: SharedLedger) -> Result<Self, HostError> {
        Self::over(artifact, Where::There(ledger))
    }

    fn over(artifact: &[u8], ledger: Where) -> Result<Self, HostError> {
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
        Ok(Box::new(NativeRun { steps, ledger: self.ledger.clone(), known: Vec::new() }))
    }
}

struct NativeRun {
    steps: Steps,
    ledger: Where,
    /// Cells that the preview before read.
    known: Vec<CellKey>,
}

fn misused(error: OrderError) -> HostError {
    HostError::Misused(error.to_string())
}

fn owned(preview: agentc_runtime::preview::Preview<'_>) -> Preview {
    Preview { outcome: preview.outcome, rule: preview.rule.to_owned() }
}

fn failed(error: ForeseeError) -> HostError {
    match error {
        ForeseeError::Order(error) => misused(error),
        ForeseeError::Preview(error @ (PreviewError::Foreign | PreviewError::Load(_))) => HostError::Misused(error.to_string()),
        ForeseeError::Preview(error) => HostError::Input(error.to_string()),
    }
}

impl fmt::Debug for NativeRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NativeRun").field("run", &self.steps.run().map(agentc_runtime::run::Run::id)).finish_non_exhaustive()
    }
}

impl Decider for NativeRun {
    fn send_in(&mut self, event: &[u8], detail: Detail) -> Result<Vec<u8>, HostError> {
        let event = Event::read(event).map_err(|error| HostError::Input(error.to_string()))?;
        let answer = match &self.ledger {
            Where::Here(ledger) => self.steps.send_in_memory(ledger, &event, detail),
            Where::There(ledger) => self.steps.send(ledger, &event, detail),
        };
        let answer = answer.map_err(|error| match error {
            StepsError::Order(error) => misused(error),
            StepsError::Session(error) => HostError::Ledger(error.to_string()),
        })?;
        Ok(answer.to_json().to_text().into_bytes())
    }

    fn preview(&mut self, event: &[u8]) -> Result<Preview, HostError> {
        let ledger = match &self.ledger {
            Where::Here(ledger) => return ledger.read(|cells| self.steps.preview(cells, event)).map(owned).map_err(failed),
            Where::There(ledger) => ledger,
        };
        let mut keys = std::mem::take(&mut self.known);
        for _ in 0..MAX_LOADS {
            let cells = ledger.load(&keys).map_err(|error| HostError::Ledger(error.to_string()))?;
            match self.steps.preview(&cells, event) {
                Ok(preview) => {
                    let preview = owned(preview);
                    if keys.len() <= MAX_KNOWN {
                        self.known = keys;
                    }
                    return Ok(preview);
                }
                Err(ForeseeError::Preview(PreviewError::Load(more))) => keys.extend(more),
                Err(error) => return Err(failed(error)),
            }
        }
        Err(HostError::Ledger("the preview asked for more cells than it may".to_owned()))
    }

    fn take_trace(&mut self) -> Result<Vec<String>, HostError> {
        Ok(self.steps.take_trace().unwrap_or_default())
    }
}
