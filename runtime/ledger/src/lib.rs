//! The cells that runs of a policy share, and the session that ties run, ledger and records together.
//!
//! A [`Ledger`] holds counters, pauses, open requests for approval and the marks of unclear writes. [`MemoryLedger`] holds them
//! in one process, for many threads. A [`Session`] is what a host uses: it sends events, and gets answers that hold. Where only the host itself
//! can reach the ledger, it takes [`Steps`].

mod ledger;
mod memory;
mod session;
mod steps;

pub use ledger::{Committed, Ledger, LedgerError};
pub use memory::MemoryLedger;
pub use session::{ByEvents, Fetched, Records, Session, SessionError};
pub use steps::{ForeseeError, OrderError, Stepped, Steps, StepsError, Tracing};

/// The README's example of a host, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
