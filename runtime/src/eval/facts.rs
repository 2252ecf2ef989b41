//! What an evaluation needs from outside: the event, the run so far and the cells.

use super::cause::Unasked;
use crate::index::Interned;
use crate::program::{ArgId, LimitId, RunFact, VerbId};
use crate::types::RecordId;
use crate::value::Value;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// What an evaluation needs from outside. All answers must stay the same as long as one evaluator asks: it keeps values.
pub trait Facts {
    /// The time of the event.
    fn now(&self) -> Timestamp;
    /// An argument of the call being decided, [`Value::None`] where an optional one is missing; `None` where no call is being
    /// decided or its verb has no such parameter.
    fn arg(&self, arg: ArgId) -> Option<&Value>;
    /// Which of the policy's own texts an argument is, where that was looked up.
    fn interned(&self, _arg: ArgId) -> Interned {
        Interned::Unknown
    }
    /// The same of a field of the job's input.
    fn interned_input(&self, _index: u32) -> Interned {
        Interned::Unknown
    }
    /// A field of the job's input.
    fn input(&self, index: u32) -> Option<&Value>;
    /// A value of the job's environment.
    fn environment(&self, index: u32) -> Option<&Value>;
    /// An attribute of the agent.
    fn agent(&self, index: u32) -> Option<&Value>;
    /// An attribute of the user.
    fn user(&self, index: u32) -> Option<&Value>;
    /// A signal of the job; `None` until it is given.
    fn signal(&self, index: u32) -> Option<&Value>;
    /// A fact of the run, of the type that [`RunFact`] says; `None` for the confidence until it is stated.
    fn run(&self, fact: RunFact) -> Option<Value>;
    /// What is known of a record.
    fn lookup(&self, record: RecordId, key: &[Value]) -> Reading;
    /// The earlier calls of the run that were allowed, in the order they were sent; the one being decided is not among them.
    fn past(&self) -> impl DoubleEndedIterator<Item = &PastCall>;
    /// Those of one verb with that argument, where they can be told without looking at the others.
    fn past_with<'s>(
        &'s self,
        _verb: VerbId,
        _arg: ArgId,
        _value: &'s Value,
    ) -> Option<impl DoubleEndedIterator<Item = &'s PastCall>> {
        None::<std::iter::Empty<&'s PastCall>>
    }
    /// How many results of these verbs were refused or unclear since the last that was ok.
    fn failures(&self, verbs: &[VerbId]) -> i64;
    /// Whether the prerequisite is met.
    fn required(&self, requirement: &Requirement<'_>) -> bool;
    /// A counter with this call (where one is being decided and it counts) and all calls in flight.
    fn counter(&self, limit: LimitId, key: &[Value], adds: &Contribution) -> Counter;
}

/// What is known of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A reading that counts: a [`Value::Record`] of that record's shape.
    Held(Value),
    /// There is none that counts.
    Unasked(Unasked),
    /// The source answered that there is none.
    Absent,
    /// The source could not answer.
    Unavailable,
    /// Two readings of one time differ.
    Conflicting,
    /// It is no such record, or was read in the future: why, in words that stand alone.
    Malformed(Arc<str>),
}

/// An earlier call that was allowed, as `happened`, `failed` and `last` see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastCall {
    /// Its verb.
    pub verb: VerbId,
    /// Its arguments, sorted by slot; a missing optional one is [`Value::None`].
    pub args: Vec<(ArgId, Value)>,
    /// When it was sent.
    pub sent: Timestamp,
    /// How it ended.
    pub ended: Ended,
    /// Its value, where it ended well, its verb answers something and the value fits.
    pub result: Option<Value>,
}

impl PastCall {
    /// An argument.
    #[must_use]
    pub fn arg(&self, arg: ArgId) -> Option<&Value> {
        self.args.iter().find(|(slot, _)| *slot == arg).map(|(_, value)| value)
    }
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nothing was reported yet.
    Open,
    /// It finished well.
    Well,
    /// It was refused or its outcome is unclear.
    Failed,
}

/// A call that must have been made: an ok result of that verb with equal arguments; a host's own fetch counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement<'a> {
    /// The verb.
    pub verb: VerbId,
    /// Index into its parameters, and the value wanted.
    pub args: &'a [(u32, Value)],
    /// Sent at most so long ago.
    pub within: Option<SignedDuration>,
    /// No call of this verb since.
    pub since_last: Option<VerbId>,
}

/// What a call adds to a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contribution {
    /// One call.
    Call,
    /// A value to be counted once.
    Distinct(Value),
    /// An amount: a whole number, decimal, money or duration.
    Amount(Value),
}

/// What a counter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counter {
    /// Its value: a whole number for calls and distinct values, else of the amount's type.
    Total(Value),
    /// It holds as many entries as it may.
    Full,
    /// The total does not fit.
    Overflow,
}
