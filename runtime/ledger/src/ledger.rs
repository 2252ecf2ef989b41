//! What a ledger must do.

use agentc_runtime::cell::{CellKey, Commit, Snapshot};
use std::sync::Arc;

/// Whether a commit was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Committed {
    /// All of it.
    Done,
    /// None of it: a cell was written since it was read. The event is decided anew.
    Refused,
}

/// A ledger could not be reached, or could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the ledger failed: {0}")]
pub struct LedgerError(pub String);

/// Cells that many hosts and runs may share.
pub trait Ledger {
    /// Reads these cells as they are at one moment. A cell that holds nothing is in the snapshot too, with version 0.
    ///
    /// # Errors
    /// [`LedgerError`] where they cannot be read; nothing is then decided.
    fn load(&self, keys: &[CellKey]) -> Result<Snapshot, LedgerError>;

    /// Does all of a commit or nothing, with nothing else in between: checks that every cell it names still has the version it
    /// expects, then writes. Each write gives its cell a version that it never had; a cell that is cleared has version 0 again, so
    /// that ledgers take versions from one counter for all cells.
    ///
    /// # Errors
    /// [`LedgerError`] where it is not known to be done; the answer that waits for it then does not hold.
    fn commit(&self, commit: &Commit) -> Result<Committed, LedgerError>;
}

impl<L: Ledger + ?Sized> Ledger for &L {
    fn load(&self, keys: &[CellKey]) -> Result<Snapshot, LedgerError> {
        (**self).load(keys)
    }

    fn commit(&self, commit: &Commit) -> Result<Committed, LedgerError> {
        (**self).commit(commit)
    }
}

impl<L: Ledger + ?Sized> Ledger for Arc<L> {
    fn load(&self, keys: &[CellKey]) -> Result<Snapshot, LedgerError> {
        (**self).load(keys)
    }

    fn commit(&self, commit: &Commit) -> Result<Committed, LedgerError> {
        (**self).commit(commit)
    }
}
