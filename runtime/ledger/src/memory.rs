//! A ledger in memory, for the threads of one process.

use crate::{Committed, Ledger, LedgerError};
use agentc_runtime::cell::{CellKey, Commit, Snapshot, Versioned, Write};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A ledger in memory. It lasts as long as the process; cells stay until they are cleared or [swept](MemoryLedger::sweep).
#[derive(Debug, Default)]
pub struct MemoryLedger {
    state: RwLock<State>,
}

#[derive(Debug)]
struct State {
    /// The last version given to any cell.
    last: u64,
    /// Every cell that holds something.
    cells: Snapshot,
    /// After when nobody asks for a cell.
    keep_until: BTreeMap<CellKey, Timestamp>,
}

impl Default for State {
    fn default() -> Self {
        Self { last: 0, cells: Snapshot::whole(), keep_until: BTreeMap::new() }
    }
}

impl MemoryLedger {
    /// A ledger that holds nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Drops the cells of windows that ended before that time. A host calls it now and then, with a time that none of its clocks
    /// is behind; without it the ledger grows by one cell for each window and key.
    pub fn sweep(&self, before: Timestamp) {
        let State { cells, keep_until, .. } = &mut *self.lock();
        keep_until.retain(|key, until| {
            let stays = *until >= before;
            if !stays {
                cells.remove(key);
            }
            stays
        });
    }

    /// Reads all cells as they are, without copying them. Nobody commits meanwhile; others may read.
    pub fn read<T>(&self, read: impl FnOnce(&Snapshot) -> T) -> T {
        read(&self.seen().cells)
    }

    /// How many cells hold something.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seen().cells.len()
    }

    /// Whether no cell holds anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A commit changes the cells in one go after all its checks, so that a thread that panicked cannot have left half of one.
    fn lock(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// As it is now, for readers.
    fn seen(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for MemoryLedger {
    fn load(&self, keys: &[CellKey]) -> Result<Snapshot, LedgerError> {
        let state = self.seen();
        let mut snapshot = Snapshot::new();
        for key in keys {
            snapshot.insert(key.clone(), state.cells.get(key).cloned().unwrap_or_default());
        }
        Ok(snapshot)
    }

    fn commit(&self, commit: &Commit) -> Result<Committed, LedgerError> {
        let mut state = self.lock();
        let is_as_read = |change: &agentc_runtime::cell::CellChange| {
            state.cells.get(&change.key).map_or(0, |cell| cell.version) == change.expected
        };
        if !commit.cells.iter().all(is_as_read) {
            return Ok(Committed::Refused);
        }
        let writes = u64::try_from(commit.cells.len()).unwrap_or(u64::MAX);
        if state.last.checked_add(writes).is_none() {
            return Err(LedgerError("it has no versions left".to_owned()));
        }
        for change in &commit.cells {
            match &change.write {
                Write::Keep => {}
                Write::Clear => {
                    state.cells.remove(&change.key);
                    state.keep_until.remove(&change.key);
                }
                Write::Set { value, keep_until } => {
                    state.last = state.last.saturating_add(1);
                    let cell = Versioned { version: state.last, value: Some(value.clone()) };
                    state.cells.insert(change.key.clone(), cell);
                    match keep_until {
                        Some(until) => state.keep_until.insert(change.key.clone(), *until),
                        None => state.keep_until.remove(&change.key),
                    };
                }
            }
        }
        Ok(Committed::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentc_runtime::cell::{CellChange, CellKind, CellValue, Pause};

    fn key(rule: &str) -> CellKey {
        CellKey {
            policy: "p".into(),
            job: "j".into(),
            kind: CellKind::Pause,
            rule: rule.into(),
            key: String::new(),
            window: String::new(),
        }
    }

    fn set(rule: &str, expected: u64, keep_until: Option<&str>) -> CellChange {
        let value = CellValue::Pause(Pause { by: "ann".into(), at: "2026-05-04T10:00:00Z".parse().unwrap() });
        let keep_until = keep_until.map(|until| until.parse().unwrap());
        CellChange { key: key(rule), expected, write: Write::Set { value, keep_until } }
    }

    #[test]
    fn a_commit_is_made_wholly_or_not_at_all() {
        let ledger = MemoryLedger::new();
        assert_eq!(ledger.commit(&Commit { cells: vec![set("a", 0, None)] }), Ok(Committed::Done));
        let stale = Commit { cells: vec![set("b", 0, None), set("a", 0, None)] };
        assert_eq!(ledger.commit(&stale), Ok(Committed::Refused));
        assert_eq!(ledger.len(), 1);
        let kept = CellChange { key: key("a"), expected: 7, write: Write::Keep };
        assert_eq!(ledger.commit(&Commit { cells: vec![set("b", 0, None), kept] }), Ok(Committed::Refused));
    }

    #[test]
    fn a_version_never_comes_back() {
        let ledger = MemoryLedger::new();
        assert_eq!(ledger.commit(&Commit { cells: vec![set("a", 0, None)] }), Ok(Committed::Done));
        let before = ledger.load(&[key("a")]).unwrap().get(&key("a")).unwrap().version;
        let clear = CellChange { key: key("a"), expected: before, write: Write::Clear };
        assert_eq!(ledger.commit(&Commit { cells: vec![clear] }), Ok(Committed::Done));
        assert_eq!(ledger.commit(&Commit { cells: vec![set("a", 0, None)] }), Ok(Committed::Done));
        let after = ledger.load(&[key("a")]).unwrap().get(&key("a")).unwrap().version;
        assert_ne!(before, after);
    }

    #[test]
    fn cells_of_windows_that_ended_are_swept() {
        let ledger = MemoryLedger::new();
        let cells = vec![set("a", 0, Some("2026-05-05T00:00:00Z")), set("b", 0, None)];
        assert_eq!(ledger.commit(&Commit { cells }), Ok(Committed::Done));
        ledger.sweep("2026-05-05T00:00:00Z".parse().unwrap());
        assert_eq!(ledger.len(), 2);
        ledger.sweep("2026-05-05T00:00:01Z".parse().unwrap());
        assert_eq!(ledger.len(), 1);
        assert_eq!(ledger.read(|cells| cells.iter().map(|(key, _)| key.rule.clone()).collect::<Vec<_>>()), ["b"]);
    }
}
