//! One run in the module.

use super::pool::{Shared, lock};
use crate::engine::{Decider, Preview, SharedLedger};
use crate::error::HostError;
use agentc_ledger::{Committed, Tracing};
use agentc_runtime::cell::{CellKey, Commit, Snapshot};
use agentc_runtime::decide::Detail;
use agentc_runtime::event::Event;
use agentc_runtime::json::Json;
use agentc_runtime::preview::Foreseen;
use std::fmt;

/// The flags of a run.
const KEEP_TRACE: i32 = 1;
const HOST_LEDGER: i32 = 2;

/// The form of events: JSON text; and what is added to it for brief answers.
const TEXT: i32 = 0;
const BRIEF: i32 = 2;

/// What a preview gives where other cells must be loaded first.
const LOAD: i32 = 0;

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
    fn settle(&mut self, ledger: &SharedLedger, event: &[u8], form: i32) -> Result<Vec<u8>, HostError> {
        let failed = |error: agentc_ledger::LedgerError| HostError::Ledger(error.to_string());
        let mut keys: Vec<CellKey> = Vec::new();
        for _ in 0..MAX_TRIES {
            let mut cells = ledger.load(&keys).map_err(failed)?;
            let mut loads: usize = 0;
            let (answer, commit) = loop {
                let output = self.step(event, &cells, form)?;
                let Some(load) = output.get("load").and_then(Json::as_list) else {
                    let answer = output.get("answer").ok_or_else(|| misused("it has no answer"))?.to_string().into_bytes();
                    break (answer, output.get("commit").cloned());
                };
                if loads >= MAX_LOADS {
                    return Err(HostError::Ledger("the decision asked for more cells than it may".to_owned()));
                }
                loads = loads.saturating_add(1);
                more(&mut keys, load)?;
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

    fn step(&self, event: &[u8], cells: &Snapshot, form: i32) -> Result<Json, HostError> {
        let output = lock(&self.instance).step(self.handle, form, &envelope(event, cells))?;
        Json::read(&output).map_err(misused)
    }

    /// Previews over the host's ledger.
    fn foresee(&self, ledger: &SharedLedger, event: &[u8]) -> Result<(i32, Vec<u8>), HostError> {
        let mut keys: Vec<CellKey> = Vec::new();
        for _ in 0..MAX_LOADS {
            let cells = ledger.load(&keys).map_err(|error| HostError::Ledger(error.to_string()))?;
            let (outcome, output) = lock(&self.instance).preview(self.handle, &envelope(event, &cells))?;
            if outcome != LOAD {
                return Ok((outcome, output));
            }
            let output = Json::read(&output).map_err(misused)?;
            more(&mut keys, output.get("load").and_then(Json::as_list).unwrap_or_default())?;
        }
        Err(HostError::Ledger("the preview asked for more cells than it may".to_owned()))
    }
}

/// Whether the bytes are an event. Inside an envelope, what is wrong with it would stand at another place.
fn readable(event: &[u8]) -> Result<(), HostError> {
    Event::read(event).map_err(|error| HostError::Input(error.to_string()))?;
    Ok(())
}

fn envelope(event: &[u8], cells: &Snapshot) -> Vec<u8> {
    let cells = cells.to_json().to_string();
    [b"{\"event\":", event, b",\"cells\":", cells.as_bytes(), b"}"].concat()
}

/// Adds the cells that the module asks for.
fn more(keys: &mut Vec<CellKey>, load: &[Json]) -> Result<(), HostError> {
    for key in load.iter().filter_map(Json::as_text) {
        keys.push(CellKey::from_text(key).map_err(misused)?);
    }
    Ok(())
}

/// The outcome of that number; `runtime/wasm/ABI.md` lists them.
fn outcome_of(number: i32) -> Result<Foreseen, HostError> {
    Ok(match number {
        1 => Foreseen::Allow,
        2 => Foreseen::Need,
        3 => Foreseen::Approval,
        4 => Foreseen::Deny,
        5 => Foreseen::Escalate,
        6 => Foreseen::Paused,
        other => return Err(misused(format_args!("it knows an outcome {other}"))),
    })
}

impl Decider for WasmRun {
    fn send_in(&mut self, event: &[u8], detail: Detail) -> Result<Vec<u8>, HostError> {
        let form = match detail {
            Detail::Full => TEXT,
            Detail::Brief => TEXT | BRIEF,
        };
        match self.ledger.clone() {
            None => lock(&self.instance).send(self.handle, form, event),
            Some(ledger) => {
                readable(event)?;
                self.settle(&ledger, event, form)
            }
        }
    }

    fn preview(&mut self, event: &[u8]) -> Result<Preview, HostError> {
        let (outcome, rule) = match self.ledger.clone() {
            None => lock(&self.instance).preview(self.handle, event)?,
            Some(ledger) => {
                readable(event)?;
                self.foresee(&ledger, event)?
            }
        };
        Ok(Preview { outcome: outcome_of(outcome)?, rule: String::from_utf8(rule).map_err(misused)? })
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
