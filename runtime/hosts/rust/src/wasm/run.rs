//! One run in the module.

use super::pool::{Shared, lock};
use crate::engine::{Decider, SharedLedger};
use crate::error::HostError;
use agentc_ledger::{Committed, Tracing};
use agentc_runtime::cell::{CellKey, Commit, Snapshot};
use agentc_runtime::event::Event;
use agentc_runtime::json::Json;
use std::fmt;

/// The flags of a run.
const KEEP_TRACE: i32 = 1;
const HOST_LEDGER: i32 = 2;

/// How often a ledger may refuse one commit before the host is told to come back later.
const MAX_TRIES: usize = 64;

/// How often one decision may ask for more cells.
const MAX_LOADS: usize = 64;

/// One run in the module.
pub(super) struct WasmRun {
    instance: Shared,
    handle: i32,
    ledger: Option<SharedLedger>,
    tracing: Tracing,
}

impl fmt::Debug for WasmRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WasmRun").field("handle", &self.handle).finish_non_exhaustive()
    }
}

fn misused(error: impl fmt::Display) -> HostError {
    HostError::Misused(format!("the module's output cannot be read: {error}"))
}

impl WasmRun {
    pub(super) fn begin(instance: Shared, ledger: Option<SharedLedger>, tracing: Tracing) -> Result<Self, HostError> {
        let trace = if tracing == Tracing::Kept { KEEP_TRACE } else { 0 };
        let flags = if ledger.is_some() { trace | HOST_LEDGER } else { trace };
        let mut inside = lock(&instance);
        let policy = inside.policy;
        let handle = inside.invoke("agentc_run_new", (policy, flags))?;
        drop(inside);
        Ok(Self { instance, handle, ledger, tracing })
    }

    /// Decides over the host's ledger until the answer holds.
    fn settle(&mut self, ledger: &SharedLedger, event: &[u8]) -> Result<Vec<u8>, HostError> {
        let failed = |error: agentc_ledger::LedgerError| HostError::Ledger(error.to_string());
        let mut keys: Vec<CellKey> = Vec::new();
        for _ in 0..MAX_TRIES {
            let mut cells = ledger.load(&keys).map_err(failed)?;
            let mut loads: usize = 0;
            let (answer, commit) = loop {
                let output = self.step(event, &cells)?;
                let Some(load) = output.get("load").and_then(Json::as_list) else {
                    let answer = output.get("answer").ok_or_else(|| misused("it has no answer"))?.to_string().into_bytes();
                    break (answer, output.get("commit").cloned());
                };
                if loads >= MAX_LOADS {
                    return Err(HostError::Ledger("the decision asked for more cells than it may".to_owned()));
                }
                loads = loads.saturating_add(1);
                for key in load.iter().filter_map(Json::as_text) {
                    keys.push(CellKey::from_text(key).map_err(misused)?);
                }
                // All cells are read again, so that they are of one moment.
                cells = ledger.load(&keys).map_err(failed)?;
            };
            let Some(commit) = commit else { return Ok(answer) };
            let committed = Commit::from_json(&commit).map_err(misused).and_then(|commit| ledger.commit(&commit).map_err(failed));
            let done = matches!(committed, Ok(Committed::Done));
            lock(&self.instance).invoke("agentc_run_settle", (self.handle, i32::from(done)))?;
            if committed? == Committed::Done {
                return Ok(answer);
            }
        }
        let why = format!("the ledger refused {MAX_TRIES} times, because others write the same counters; try again");
        Err(HostError::Ledger(why))
    }

    fn step(&self, event: &[u8], cells: &Snapshot) -> Result<Json, HostError> {
        let cells = cells.to_json().to_string();
        let envelope = [b"{\"event\":", event, b",\"cells\":", cells.as_bytes(), b"}"].concat();
        let output = lock(&self.instance).step(self.handle, &envelope)?;
        Json::read(&output).map_err(misused)
    }
}

impl Decider for WasmRun {
    fn send(&mut self, event: &[u8]) -> Result<Vec<u8>, HostError> {
        match self.ledger.clone() {
            None => lock(&self.instance).send(self.handle, event),
            Some(ledger) => {
                // Inside the envelope, what is wrong with an event would stand at another place.
                Event::read(event).map_err(|error| HostError::Input(error.to_string()))?;
                self.settle(&ledger, event)
            }
        }
    }

    fn take_trace(&mut self) -> Result<Vec<String>, HostError> {
        if self.tracing == Tracing::Dropped {
            return Ok(Vec::new());
        }
        let mut inside = lock(&self.instance);
        inside.invoke("agentc_run_trace", self.handle)?;
        let lines = String::from_utf8(inside.output()?).map_err(misused)?;
        Ok(lines.lines().map(str::to_owned).collect())
    }
}

impl Drop for WasmRun {
    fn drop(&mut self) {
        // Where the instance broke, its runs went with it.
        let _ = lock(&self.instance).invoke("agentc_run_close", self.handle);
    }
}
