//! Events: what a host tells a run. This is the contract for hosts; every event is one JSON object.
//!
//! | `event` | members beside `event` and `at` |
//! |---|---|
//! | `open` | `run` (id), `job`, `input` {}, `agent` {`id`, `roles`, …}, `user` {`id`, `roles`, …}, `environment` {} |
//! | `call` | `id`, `verb` (its name on the wire, or `tool.name`), `args` {} |
//! | `result` | `id`, and one of `value` (any JSON), `refused` (code), `unclear` (`true`) |
//! | `record` | `source`, `record`, `key` (a list where it is composite), one of `value`, `absent` (`true`), `unavailable` (`true`); `read_at` |
//! | `approval` | `request` (id), `by` {`id`, `roles`}, `approve` (`true` or `false`) |
//! | `usage` | `cost` (US dollars, a number or its text), `tokens`: both added to what was used before; at least one |
//! | `signal` | `confidence` (0 to 1), `signals` {name: value}; at least one |
//! | `tick` | |
//! | `pause`, `resume` | `scope` (`verb`, `job` or `policy`), `verb` where the scope is one, `by` {`id`, `roles`} |
//! | `undo` | `call` (id; the whole run where it is left out), `by` {`id`, `roles`} |
//! | `end` | |
//!
//! `at` is when it happened, RFC 3339; a time before the latest one seen counts as that one. `read_at` of a record is when its
//! source was read, `at` where it is left out. Of `open`, `input`, `user` and `environment` may be left out where the job declares nothing
//! that must be there. A member that is not listed is an error, and an error never allows anything.

mod read;

pub use read::{DOUBLES, EventError};

use crate::decimal::Decimal;
use crate::json::Json;
use jiff::Timestamp;

/// The most bytes that an id (of a run, call, request, identity or role) may have.
pub const MAX_ID_BYTES: usize = 256;

/// What happened, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// A run begins.
    Open(Box<Open>),
    /// The agent wants this.
    Call(Call),
    /// An allowed call came to an end.
    Result(CallResult),
    /// A source was read.
    Record(Record),
    /// A person answered.
    Approval(Approval),
    /// Something was used up.
    Usage(Usage),
    /// The model or the host states something.
    Signal(Signal),
    /// Time passed.
    Tick,
    /// A person pauses.
    Pause(Stopper),
    /// A person resumes.
    Resume(Stopper),
    /// A person wants writes undone.
    Undo(Undo),
    /// The run ends.
    End,
}

impl EventKind {
    /// Its name in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Call(_) => "call",
            Self::Result(_) => "result",
            Self::Record(_) => "record",
            Self::Approval(_) => "approval",
            Self::Usage(_) => "usage",
            Self::Signal(_) => "signal",
            Self::Tick => "tick",
            Self::Pause(_) => "pause",
            Self::Resume(_) => "resume",
            Self::Undo(_) => "undo",
            Self::End => "end",
        }
    }
}

/// A run begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The run's id, unique among all runs that share a ledger.
    pub run: String,
    /// The job.
    pub job: String,
    /// Its input, an object.
    pub input: Json,
    /// The agent's authenticated identity: `id`, `roles` and the declared attributes.
    pub agent: Json,
    /// The identity of the person served, where there is one.
    pub user: Option<Json>,
    /// What the host attests, an object.
    pub environment: Json,
}

/// The agent wants this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The call's id, unique in its run.
    pub id: String,
    /// The verb.
    pub verb: String,
    /// Its arguments, an object.
    pub args: Json,
}

/// An allowed call came to an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallResult {
    /// The call's id.
    pub id: String,
    /// How.
    pub outcome: ResultOutcome,
}

/// How a call came to an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResultOutcome {
    /// Well, with this value.
    Ok(Json),
    /// The tool refused with this code.
    Refused(String),
    /// Nobody knows whether it happened.
    Unclear,
}

/// A source was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The source.
    pub source: String,
    /// The record.
    pub record: String,
    /// Its key.
    pub key: Json,
    /// What was found.
    pub found: Found,
    /// When it was read.
    pub read_at: Timestamp,
}

/// What a source answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This.
    Value(Json),
    /// There is none.
    Absent,
    /// Nothing: it could not.
    Unavailable,
}

/// A person, as the host authenticated them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    /// Their id.
    pub id: String,
    /// Their roles.
    pub roles: Vec<String>,
}

/// A person answered a request for approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The request's id.
    pub request: String,
    /// Who.
    pub by: Person,
    /// What they said.
    pub answer: Vote,
}

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vote {
    /// Yes.
    Approve,
    /// No.
    Refuse,
}

/// Something was used up since the last such event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// In US dollars, not negative.
    pub cost: Decimal,
    /// Not negative.
    pub tokens: i64,
}

/// The model or the host states something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// The model's confidence, 0 to 1.
    pub confidence: Option<Decimal>,
    /// Declared signals, by name.
    pub signals: Vec<(String, Json)>,
}

/// Who pauses or resumes what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopper {
    /// What.
    pub scope: Scope,
    /// Who.
    pub by: Person,
}

/// What is paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One verb of the job, by its name on the wire.
    Verb(String),
    /// The job.
    Job,
    /// All jobs of the policy.
    Policy,
}

/// A person wants writes undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// The call; all writes of the run where it is `None`.
    pub call: Option<String>,
    /// Who.
    pub by: Person,
}
