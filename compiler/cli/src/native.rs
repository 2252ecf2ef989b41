//! Decides one run with the runtime, its cells in memory: each run has a world of its own, its counters included.

use crate::replay::Decider;
use crate::testing::Evaluator;
use agentc_runtime::answer::Answer;
use agentc_runtime::cell::{CellKey, Commit, Snapshot, Versioned, Write};
use agentc_runtime::decide::{Decision, Opening, Step, decide, open};
use agentc_runtime::event::Event;
use agentc_runtime::json::Json;
use agentc_runtime::policy::Policy;
use agentc_runtime::run::Run;
use std::collections::BTreeMap;

/// How often a decision may ask for more cells: each time it asks for at least one it has not read, and it reads few.
const LOADS: usize = 64;

/// One run decided by the runtime.
#[derive(Debug)]
pub struct Native<'p> {
    policy: &'p Policy,
    run: Option<Run>,
    cells: BTreeMap<CellKey, Versioned>,
}

impl<'p> Native<'p> {
    /// A run of this policy, not yet open.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        Self { policy, run: None, cells: BTreeMap::new() }
    }

    fn load(&self, snapshot: &mut Snapshot, keys: Vec<CellKey>) {
        for key in keys {
            let cell = self.cells.get(&key).cloned().unwrap_or_default();
            snapshot.insert(key, cell);
        }
    }

    fn keep(&mut self, decision: Decision) -> Answer {
        self.commit(decision.commit);
        self.run = Some(decision.run);
        decision.answer
    }

    /// Nobody else writes these cells, so every commit holds.
    fn commit(&mut self, commit: Commit) {
        for change in commit.cells {
            let value = match change.write {
                Write::Keep => continue,
                Write::Set { value, .. } => Some(value),
                Write::Clear => None,
            };
            self.cells.insert(change.key, Versioned { version: change.expected.saturating_add(1), value });
        }
    }
}

impl Decider for Native<'_> {
    fn send(&mut self, event: Event) -> Result<Answer, String> {
        let mut snapshot = Snapshot::new();
        for _ in 0..LOADS {
            let keys = match &self.run {
                Some(run) => match decide(self.policy, run, &snapshot, &event) {
                    Step::Load(keys) => keys,
                    Step::Done(decision) => return Ok(self.keep(*decision)),
                },
                None => match open(self.policy, &snapshot, &event) {
                    Opening::Load(keys) => keys,
                    Opening::Opened(decision) => return Ok(self.keep(*decision)),
                    Opening::Refused(answer) => return Ok(*answer),
                },
            };
            self.load(&mut snapshot, keys);
        }
        Err("a decision asks for more and more cells".to_owned())
    }
}

impl Evaluator for Native<'_> {
    fn answer(&mut self, event: &Json) -> Result<Json, String> {
        let event = Event::from_json(event.clone()).map_err(|error| error.to_string())?;
        Ok(self.send(event)?.to_json())
    }
}
