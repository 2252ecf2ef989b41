//! Why a value is not known.

use crate::types::RecordId;
use crate::value::{Fault, Value};
use std::sync::Arc;

/// A value, or every reason why there is none.
pub type Evaluated<T = Value> = Result<T, Causes>;

/// One reason why a value is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A record that is to be asked for.
    Unasked {
        /// The record.
        record: RecordId,
        /// The parts of its key.
        key: Arc<[Value]>,
        /// Why what is there does not count.
        why: Unasked,
    },
    /// The source answered that there is none.
    Absent {
        /// The record.
        record: RecordId,
        /// The parts of its key.
        key: Arc<[Value]>,
        /// The key was read straight from the arguments of the call, so other arguments may help.
        chosen: bool,
    },
    /// The model has stated no confidence.
    NoConfidence,
    /// A signal of the job, by index, was not given.
    NoSignal(u32),
    /// The source could not answer.
    Unavailable {
        /// The record.
        record: RecordId,
        /// The parts of its key.
        key: Arc<[Value]>,
    },
    /// Two readings of one time differ.
    Conflicting {
        /// The record.
        record: RecordId,
        /// The parts of its key.
        key: Arc<[Value]>,
    },
    /// A value is not what it must be: in words that stand alone.
    Malformed(Arc<str>),
    /// A result does not fit, or the work of one decision was used up.
    Overflow,
    /// An argument was asked for where no call is being decided.
    NoCall,
}

/// Why a record is to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unasked {
    /// It was never asked for in this run.
    Never,
    /// What was read is too old.
    Stale,
    /// A write may have changed it.
    Changed,
}

impl Cause {
    /// Whether `??` and `is absent` settle it.
    #[must_use]
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::Absent { .. } | Self::NoConfidence | Self::NoSignal(_))
    }
}

impl From<Fault> for Cause {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Overflow => Self::Overflow,
            Fault::Malformed(why) => Self::Malformed(why),
        }
    }
}

/// The reasons why a value is not known.
// INVARIANT: never empty, sorted, without doubles.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Causes(Arc<[Cause]>);

impl Causes {
    /// The one reason.
    #[must_use]
    pub fn one(cause: Cause) -> Self {
        Self(Arc::from([cause]))
    }

    /// The reasons, sorted.
    #[must_use]
    pub fn as_slice(&self) -> &[Cause] {
        &self.0
    }

    /// The reasons, sorted.
    pub fn iter(&self) -> std::slice::Iter<'_, Cause> {
        self.0.iter()
    }

    /// Whether `??` and `is absent` settle it: every reason is an absence.
    #[must_use]
    pub fn is_only_absence(&self) -> bool {
        self.iter().all(Cause::is_absence)
    }

    /// The reasons of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
        let mut all: Vec<Cause> = self.iter().chain(other.iter()).cloned().collect();
        all.sort();
        all.dedup();
        Self(all.into())
    }
}

impl<'a> IntoIterator for &'a Causes {
    type Item = &'a Cause;
    type IntoIter = std::slice::Iter<'a, Cause>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Cause> for Causes {
    fn from(cause: Cause) -> Self {
        Self::one(cause)
    }
}

impl From<Fault> for Causes {
    fn from(fault: Fault) -> Self {
        Self::one(fault.into())
    }
}

/// Collects the reasons of several operands.
#[derive(Debug, Default)]
pub(crate) struct Gathered(Option<Causes>);

impl Gathered {
    /// Adds the reasons of one operand.
    pub(crate) fn add(&mut self, causes: &Causes) {
        self.0 = Some(match self.0.take() {
            Some(before) => before.and(causes),
            None => causes.clone(),
        });
    }

    /// Keeps the value of an operand, or its reasons.
    pub(crate) fn take<T>(&mut self, evaluated: Evaluated<T>) -> Option<T> {
        evaluated.map_err(|causes| self.add(&causes)).ok()
    }

    /// That value, where no operand was unknown.
    pub(crate) fn finish<T>(self, value: T) -> Evaluated<T> {
        self.0.map_or(Ok(value), Err)
    }
}
