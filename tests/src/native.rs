//! A host of the runtime: one policy, cells in memory, any number of runs.

use agentc_runtime::answer::Answer;
use agentc_runtime::cell::{CellKey, Snapshot, Versioned, Write};
use agentc_runtime::decide::{Opening, Step, decide, open};
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use agentc_runtime::run::Run;
use std::collections::BTreeMap;

/// A host of the runtime.
#[derive(Debug)]
pub struct Native<'a> {
    policy: &'a Policy,
    cells: BTreeMap<CellKey, Versioned>,
    runs: Vec<Run>,
}

impl<'a> Native<'a> {
    /// No run yet, nothing counted.
    pub fn new(policy: &'a Policy) -> Self {
        Self { policy, cells: BTreeMap::new(), runs: Vec::new() }
    }

    /// Opens a run; its index where it could be opened.
    pub fn open(&mut self, event: &Event) -> (Option<usize>, Answer) {
        let mut snapshot = Snapshot::new();
        loop {
            match open(self.policy, &snapshot, event) {
                Opening::Load(cells) => self.load(&mut snapshot, cells),
                Opening::Refused(answer) => return (None, *answer),
                Opening::Opened(decision) => {
                    self.runs.push(decision.run);
                    return (Some(self.runs.len() - 1), decision.answer);
                }
            }
        }
    }

    /// Answers an event of a run, and commits what the decision asks of the ledger.
    pub fn send(&mut self, run: usize, event: &Event) -> Answer {
        let mut snapshot = Snapshot::new();
        loop {
            match decide(self.policy, &self.runs[run], &snapshot, event) {
                Step::Load(cells) => self.load(&mut snapshot, cells),
                Step::Done(decision) => {
                    for change in decision.commit.cells {
                        let cell = self.cells.entry(change.key).or_default();
                        assert_eq!(cell.version, change.expected, "nobody else writes here");
                        match change.write {
                            Write::Keep => {}
                            Write::Set { value, .. } => *cell = Versioned { version: cell.version + 1, value: Some(value) },
                            Write::Clear => *cell = Versioned { version: cell.version + 1, value: None },
                        }
                    }
                    self.runs[run] = decision.run;
                    return decision.answer;
                }
            }
        }
    }

    /// What the answer to an event would be; nothing changes.
    pub fn peek(&self, run: usize, event: &Event) -> Answer {
        let mut snapshot = Snapshot::new();
        loop {
            match decide(self.policy, &self.runs[run], &snapshot, event) {
                Step::Load(cells) => self.load(&mut snapshot, cells),
                Step::Done(decision) => return decision.answer,
            }
        }
    }

    fn load(&self, snapshot: &mut Snapshot, cells: Vec<CellKey>) {
        for key in cells {
            let cell = self.cells.get(&key).cloned().unwrap_or_default();
            snapshot.insert(key, cell);
        }
    }
}
