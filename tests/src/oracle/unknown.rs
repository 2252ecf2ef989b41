//! What is not known, and why.
//!
//! > A condition is `true`, `false` or `unknown` … Unknown carries its causes: **unasked** (not yet supplied in this
//! > evaluation's terms: never, or stale, or changed by a write), **absent** (the source answered that there is none),
//! > **unavailable**, **conflicting**, **malformed**, **overflow**.

use super::value::Val;
use agentc_compiler::typed::RecordId;
use std::collections::BTreeSet;

/// A record of a source: which, and the parts of its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordKey {
    /// Which record.
    pub record: RecordId,
    /// The values of its key's parts.
    pub key: Vec<Val>,
}

/// One reason why something is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Nobody has supplied it.
    Unasked(RecordKey),
    /// The source says that there is none; whether the agent chose the key (row 8).
    Absent(RecordKey, Chosen),
    /// A signal that was not given.
    NotSignalled,
    /// The source did not answer.
    Unavailable(RecordKey),
    /// Two answers of one time differ.
    Conflicting(RecordKey),
    /// It is not what it must be.
    Malformed,
    /// A result does not fit.
    Overflow,
}

/// Who chose a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chosen {
    /// It was read straight from the call's arguments.
    ByTheAgent,
    /// Anything else.
    Otherwise,
}

impl Cause {
    /// `??` and `is absent` settle only this.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent(..) | Self::NotSignalled)
    }
}

/// Causes, at least one.
pub type Causes = BTreeSet<Cause>;

/// A value, or why there is none.
pub type Known = Result<Val, Causes>;

/// Unknown for one reason.
pub fn because(cause: Cause) -> Causes {
    Causes::from([cause])
}

/// > connectives are Kleene's
pub fn all_of(conditions: impl IntoIterator<Item = Known>) -> Known {
    let conditions: Vec<Known> = conditions.into_iter().collect();
    if conditions.iter().any(|condition| matches!(condition, Ok(value) if !value.truth())) {
        return Ok(Val::Bool(false));
    }
    together(conditions).map(|_| Val::Bool(true))
}

/// Kleene's or.
pub fn any_of(conditions: impl IntoIterator<Item = Known>) -> Known {
    let conditions: Vec<Known> = conditions.into_iter().collect();
    if conditions.iter().any(|condition| matches!(condition, Ok(value) if value.truth())) {
        return Ok(Val::Bool(true));
    }
    together(conditions).map(|_| Val::Bool(false))
}

/// > every other operator with an unknown operand is unknown
///
/// with the causes of all of them.
pub fn together(operands: impl IntoIterator<Item = Known>) -> Result<Vec<Val>, Causes> {
    let (mut values, mut causes) = (Vec::new(), Causes::new());
    for operand in operands {
        match operand {
            Ok(value) => values.push(value),
            Err(more) => causes.extend(more),
        }
    }
    if causes.is_empty() { Ok(values) } else { Err(causes) }
}
