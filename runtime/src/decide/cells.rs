//! The cells that one decision reads and writes.

use crate::cell::{CellChange, CellKey, CellKind, CellValue, Commit, Snapshot, Write};
use crate::policy::Policy;
use crate::program::{JobPlan, VerbShape};
use jiff::Timestamp;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What is to be written, by cell: the value and until when it must be kept; `None` clears the cell.
type Writes = BTreeMap<CellKey, Option<(CellValue, Option<Timestamp>)>>;

/// A snapshot, what was read of it, and what is to be written.
#[derive(Debug)]
pub(crate) struct Cells<'a> {
    snapshot: &'a Snapshot,
    /// Nothing of these is made before it is needed: most previews look at no cell.
    reads: RefCell<Option<BTreeSet<CellKey>>>,
    missing: RefCell<Option<BTreeSet<CellKey>>>,
    writes: Option<Writes>,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, reads: RefCell::default(), missing: RefCell::default(), writes: None }
    }

    /// What a cell holds, with what this decision has written. A cell that was not loaded is noted and taken as empty: the
    /// decision is made again once it is there.
    pub(crate) fn get(&self, key: &CellKey) -> Option<CellValue> {
        if let Some(written) = self.writes.as_ref().and_then(|writes| writes.get(key)) {
            return written.as_ref().map(|(value, _)| value.clone());
        }
        let Some(cell) = self.snapshot.get(key) else {
            self.missing.borrow_mut().get_or_insert_default().insert(key.clone());
            return None;
        };
        self.reads.borrow_mut().get_or_insert_default().insert(key.clone());
        cell.value.clone()
    }

    /// Whether every cell that was asked for was loaded.
    pub(crate) fn has_all(&self) -> bool {
        self.missing.borrow().is_none()
    }

    /// The cells that were asked for and not loaded.
    pub(crate) fn missing(&self) -> Vec<CellKey> {
        self.missing.borrow().iter().flatten().cloned().collect()
    }

    pub(crate) fn set(&mut self, key: CellKey, value: CellValue, keep_until: Option<Timestamp>) {
        self.get(&key);
        self.writes.get_or_insert_default().insert(key, Some((value, keep_until)));
    }

    pub(crate) fn clear(&mut self, key: CellKey) {
        if self.get(&key).is_some() {
            self.writes.get_or_insert_default().insert(key, None);
        }
    }

    /// What the ledger must do.
    ///
    /// # Errors
    /// The cells that must be loaded first.
    pub(crate) fn commit(self) -> Result<Commit, Vec<CellKey>> {
        if let Some(missing) = self.missing.into_inner() {
            return Err(missing.into_iter().collect());
        }
        let mut writes = self.writes.unwrap_or_default();
        let cells = self.reads.into_inner().into_iter().flatten().map(|key| {
            let expected = self.snapshot.get(&key).map_or(0, |cell| cell.version);
            let write = match writes.remove(&key) {
                None => Write::Keep,
                Some(None) => Write::Clear,
                Some(Some((value, keep_until))) => Write::Set { value, keep_until },
            };
            CellChange { key, expected, write }
        });
        Ok(Commit { cells: cells.collect() })
    }
}

/// A cell of a job.
pub(crate) fn job_cell(policy: &Policy, job: &JobPlan, kind: CellKind, rule: &str, key: String) -> CellKey {
    let policy = policy.program().name.clone();
    CellKey { policy, job: job.name.clone(), kind, rule: rule.to_owned(), key, window: String::new() }
}

/// The name of a verb in cells: `tool.name`.
pub(crate) fn verb_name(shape: &VerbShape) -> String {
    format!("{}.{}", shape.tool, shape.name)
}
