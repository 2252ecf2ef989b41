//! Replays recorded runs through a policy: what it would have answered to each call that was really made.

mod drive;
mod print;
mod recorded;
mod tally;

pub use drive::{Decider, Scene, handovers, reads, replay};

pub use recorded::{End, Event, Recorded, RecordedError, read};
pub use tally::{Clock, Counts, Decided, Place, Rule, RuleLine, Times, VerbLine, by_rule, by_verb};

use serde::Serialize;
use std::fmt;

/// A whole replay.
#[derive(Debug, Clone, Serialize)]
pub struct Replay {
    /// The member of their lines that runs are told apart by.
    pub by: Option<String>,
    /// The recorded runs.
    pub runs: Option<Runs>,
    /// The calls known to be right.
    pub right: Option<Right>,
    /// How long each decision took.
    pub times: Times,
}

/// What the policy answers to recorded runs.
#[derive(Debug, Clone, Serialize)]
pub struct Runs {
    /// How many runs.
    pub runs: usize,
    /// Calls by verb and outcome.
    pub by_verb: Vec<VerbLine>,
    /// What each rule stopped or held back.
    pub by_rule: Vec<RuleLine>,
    /// Every call.
    pub decided: Vec<Decided>,
}

impl Runs {
    /// Counts the calls of these many runs.
    #[must_use]
    pub fn count(runs: usize, decided: Vec<Decided>) -> Self {
        Self { runs, by_verb: by_verb(&decided), by_rule: by_rule(&decided), decided }
    }
}

/// What the policy answers to calls known to be right.
#[derive(Debug, Clone, Serialize)]
pub struct Right {
    /// Calls by verb and outcome.
    pub by_verb: Vec<VerbLine>,
    /// How many calls would have been allowed, approvals counted.
    pub passed: usize,
    /// Every call.
    pub decided: Vec<Decided>,
}

impl Right {
    /// Counts calls known to be right.
    #[must_use]
    pub fn count(decided: Vec<Decided>) -> Self {
        Self { by_verb: by_verb(&decided), passed: decided.iter().filter(|call| call.passes()).count(), decided }
    }
}

impl Replay {
    /// The report for a person.
    ///
    /// # Errors
    /// None of its own: writing to text cannot fail.
    pub fn report(&self) -> Result<String, fmt::Error> {
        print::report(self)
    }
}
