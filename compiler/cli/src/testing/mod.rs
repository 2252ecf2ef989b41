//! Runs the `test` blocks of a policy: events go in as JSON, answers come out as JSON, and what is expected is held against them.
//!
//! The runner knows no evaluator: it drives whatever implements [`Evaluator`], so the reference evaluator of the test suites runs the very same
//! scenarios as the runtime.

mod encode;
mod expect;
mod runner;
mod world;

pub use encode::{constant, fields};
pub use expect::Mismatch;
pub use runner::{Ran, run_test};

use agentc_runtime::json::Json;

/// Something that takes the events of one run and answers each.
pub trait Evaluator {
    /// The answer to an event, or in one sentence why it cannot be taken.
    ///
    /// # Errors
    /// What is wrong with the event.
    fn answer(&mut self, event: &Json) -> Result<Json, String>;
}
