//! Errors as they cross the boundary: a number and one sentence.

use agentc_ledger::StepsError;
use std::fmt::Display;

/// What went wrong, by the number that a host gets, negated. `ABI.md` lists them; a number is never given another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The bytes are no event, envelope or time.
    Input = 1,
    /// The bytes are no artifact that can be loaded.
    Artifact = 2,
    /// There is no such policy or run.
    Handle = 3,
    /// The address is not that of a live buffer, or the length goes beyond it.
    Buffer = 4,
    /// A limit is in the way.
    Limit = 5,
    /// Not now.
    Order = 6,
    /// The ledger inside cannot commit.
    Ledger = 7,
    /// The module holds no policy of its own.
    Embedded = 8,
    /// An unknown form, flag or limit, or a value out of its range.
    Argument = 9,
    /// An earlier call trapped.
    Broken = 10,
}

/// An error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its number.
    pub code: Code,
    /// One sentence for a person.
    pub words: String,
}

impl Failure {
    pub(crate) fn new(code: Code, words: impl Display) -> Self {
        Self { code, words: words.to_string() }
    }
}

impl From<StepsError> for Failure {
    fn from(error: StepsError) -> Self {
        let code = match &error {
            StepsError::Order(_) => Code::Order,
            StepsError::Session(_) => Code::Ledger,
        };
        Self::new(code, error)
    }
}
