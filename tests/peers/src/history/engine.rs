//! agentc on rules about history: one run that has seen it all.

use super::AT;
use crate::engines::agentc::{after, foreseen, opened};
use agentc_peers_worker::{Decision, Engine};
use agentc_runtime::cell::Snapshot;
use agentc_runtime::policy::Policy;
use agentc_runtime::preview::{Prepared, Scratch, preview};
use agentc_runtime::run::Run;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// The run, and the requests.
pub struct Agentc {
    policy: Policy,
    run: Run,
    cells: Snapshot,
    lines: Vec<Vec<u8>>,
    prepared: Vec<Prepared>,
    scratch: Scratch,
}

impl Engine for Agentc {
    type Source = Vec<u8>;
    type Policy = Policy;

    fn read(folder: &Path) -> Result<Vec<u8>, String> {
        fs::read(folder.join("agents.agentc")).map_err(|error| error.to_string())
    }

    fn size(source: &Vec<u8>) -> usize {
        source.len()
    }

    fn load(source: &Vec<u8>) -> Result<Policy, String> {
        Policy::load(source, &agentc_stdlib::library()).map_err(|error| error.to_string())
    }

    fn ready(policy: Policy, folder: &Path) -> Result<Self, String> {
        let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"));
        let cells = Snapshot::whole();
        let opening = json!({
            "event": "open", "run": "r", "job": "door", "agent": { "id": "bot", "roles": [] }, "input": { "house": "h" }, "at": AT,
        });
        let mut run = opened(&policy, &cells, &opening.to_string())?;
        for (at, line) in read("history.txt")?.lines().enumerate() {
            let call: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
            let event = json!({ "event": "call", "id": format!("c{at}"), "verb": call["verb"], "args": call["args"], "at": AT });
            run = after(&policy, &run, &cells, &event.to_string())?;
            let result = json!({ "event": "result", "id": format!("c{at}"), "value": { "result": true }, "at": AT });
            run = after(&policy, &run, &cells, &result.to_string())?;
        }
        let requests = read("requests.txt")?;
        let lines: Vec<Vec<u8>> =
            requests.lines().filter_map(|line| line.split_once(' ')).map(|(_, line)| line.as_bytes().to_vec()).collect();
        let prepared = lines
            .iter()
            .map(|line| Prepared::read(&policy, line))
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())?;
        Ok(Self { policy, run, cells, lines, prepared, scratch: Scratch::new() })
    }

    fn requests(&self) -> usize {
        self.lines.len()
    }

    fn from_bytes(&mut self, at: usize) -> Decision {
        foreseen(preview(&self.policy, &self.run, &self.cells, &self.lines[at], &mut self.scratch))
    }

    fn prepared(&mut self, at: usize) -> Decision {
        foreseen(self.prepared[at].preview(&self.policy, &self.run, &self.cells, &mut self.scratch))
    }
}
