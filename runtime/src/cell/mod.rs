//! Cells: what runs share. Counters, pauses, approvals and the marks of writes whose outcome is unclear.
//!
//! A cell is named by policy, job, rule and key, never by run or version, so that all hosts that share a ledger count, pause
//! and approve together. A decision reads a [`Snapshot`] and gives the [`Commit`] it needs as data: which cells must still be as
//! they were read, and what is to be written. A ledger applies a commit wholly or refuses it; a refused one is decided anew.

mod counter;
mod json;

pub use counter::{Counter, Entry, Kept, Share};
pub use json::CellError;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name of a cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CellKey {
    /// The policy's dotted name.
    pub policy: String,
    /// The job; empty for what holds in all jobs of the policy.
    pub job: String,
    /// What is kept.
    pub kind: CellKind,
    /// The rule or the verb that it is kept for; empty where there is none.
    pub rule: String,
    /// The key, canonical JSON; empty where there is none.
    pub key: String,
    /// For counters: the window and what is measured, `day 2026-05-04 UTC, USD`; else empty.
    pub window: String,
}

/// What a cell keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// What a limit counted.
    Counter,
    /// A pause.
    Pause,
    /// An approval that was asked for.
    Approval,
    /// Writes whose outcome is unclear.
    Unclear,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellValue {
    /// What a limit counted.
    Counter(Counter),
    /// It is paused.
    Pause(Pause),
    /// A request for approval is open; nothing once it is consumed, refused, expired or void.
    Approval(OpenRequest),
    /// The calls (`run/call`) whose outcome is unclear, sorted.
    Unclear(Vec<String>),
}

/// A pause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Who paused: an identity, or the limit that did.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
}

/// An open request for approval. Who has approved is in the run; that it is consumed once is what the cell is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRequest {
    /// What it binds, digested.
    pub binds: String,
    /// Since when.
    pub at: Timestamp,
}

/// A cell as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Versioned {
    /// Changes with every write, and never comes back to a value it had; 0 for a cell that holds nothing.
    pub version: u64,
    /// What it holds.
    pub value: Option<CellValue>,
}

/// Cells as they were read at one moment; those that were asked for and are not there are held as never written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    cells: BTreeMap<CellKey, Versioned>,
    /// It holds every cell of its ledger.
    is_whole: bool,
    /// How many cells of it hold something, by what they keep.
    held: Held,
}

/// How many cells hold something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Held {
    pauses: usize,
    unclear: usize,
}

impl Held {
    /// A cell of that kind held something before, or not, and does now, or not.
    fn changed(&mut self, kind: CellKind, before: bool, now: bool) {
        let count = match kind {
            CellKind::Pause => &mut self.pauses,
            CellKind::Unclear => &mut self.unclear,
            CellKind::Counter | CellKind::Approval => return,
        };
        *count = count.saturating_add(usize::from(now)).saturating_sub(usize::from(before));
    }
}

/// What a cell holds that was never written.
static NOTHING: Versioned = Versioned { version: 0, value: None };

impl Snapshot {
    /// Nothing read yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything that a ledger holds: a cell that is not inserted was never written, so that no decision asks for more.
    #[must_use]
    pub fn whole() -> Self {
        Self { is_whole: true, ..Self::default() }
    }

    /// Holds a cell as it was read.
    pub fn insert(&mut self, key: CellKey, cell: Versioned) {
        let kind = key.kind;
        let holds = cell.value.is_some();
        let before = self.cells.insert(key, cell);
        self.held.changed(kind, before.is_some_and(|before| before.value.is_some()), holds);
    }

    /// Holds a cell no longer.
    pub fn remove(&mut self, key: &CellKey) {
        let before = self.cells.remove(key);
        self.held.changed(key.kind, before.is_some_and(|before| before.value.is_some()), false);
    }

    /// The cell; `None` where it was not loaded.
    #[must_use]
    pub fn get(&self, key: &CellKey) -> Option<&Versioned> {
        self.cells.get(key).or_else(|| self.is_whole.then_some(&NOTHING))
    }

    /// Whether it is known that nothing at all is paused.
    pub(crate) fn has_no_pause(&self) -> bool {
        self.is_whole && self.held.pauses == 0
    }

    /// Whether it is known that the outcome of no write is unclear.
    pub(crate) fn has_nothing_unclear(&self) -> bool {
        self.is_whole && self.held.unclear == 0
    }

    /// How many cells it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// All cells read, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&CellKey, &Versioned)> {
        self.cells.iter()
    }
}

/// What a ledger must do all at once: check that no cell it names was written since it was read, then write.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Commit {
    /// One for each cell that the decision read, sorted by key.
    pub cells: Vec<CellChange>,
}

/// One cell of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellChange {
    /// The cell.
    pub key: CellKey,
    /// The version that was read: another one refuses the commit.
    pub expected: u64,
    /// What is to be written.
    pub write: Write,
}

/// What a commit does to one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Write {
    /// It is left as it is: only checked.
    Keep,
    /// It holds this from now on.
    Set {
        /// What.
        value: CellValue,
        /// Nobody asks for it after that time, so that the ledger may then drop it; `None`: it stays.
        keep_until: Option<Timestamp>,
    },
    /// It holds nothing from now on.
    Clear,
}

impl Commit {
    /// Whether nothing is written: such a commit needs no ledger unless the answer is an allow.
    #[must_use]
    pub fn writes_nothing(&self) -> bool {
        self.cells.iter().all(|change| change.write == Write::Keep)
    }
}
