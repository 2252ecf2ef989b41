//! Answers: what a run says to an event. Every answer is one JSON object with the same member names on every host.
//!
//! | member | what it is |
//! |---|---|
//! | `answer` | the event it answers, by name |
//! | `run`, `at` | the run's id; the time that counted for the event |
//! | `call` | the id of the call it is about, where there is one |
//! | `outcome` | one of [`Outcome`]'s names |
//! | `by` | the deciding rule: `rule`, `effect`, `because`, `file`, `line`; where no rule of the policy decides, `rule` is a name of [`Builtin`] and there is no file and line |
//! | `fired` | all rules that fired, in source order, each as `by` |
//! | `shadow` | shadow rules that fired: they decide nothing |
//! | `values` | what decided: `label`, `value` or `unknown` (why), `provenance`, and for records `read_at` and `age_seconds` |
//! | `model`, `person` | one sentence for the model (what it may do next; no thresholds, no secrets) and one for a person |
//! | `retry` | `no`, `after approval`, `after resume`, `after TIME`, `after data`, `with other arguments` |
//! | `allow` | what [`Allow`] holds |
//! | `needs` | a list of [`Need`]s |
//! | `approvals` | a list of [`Request`]s |
//! | `shows` | what the agent may see of a result; left out where it may see nothing |
//! | `undo` | a list of [`Compensating`] calls, in the order in which they are to be made |
//! | `verdict` | what [`Verdict`] holds |
//! | `settled` | requests that expired at this event: a list of [`Settled`] |
//! | `escalated` | what [`Handoff`] holds: the run has escalated at this event |
//!
//! Secret values stand as `[secret]`, but in what the host itself must pass on (`allow.args`, `needs[].args`, `undo[].args`, `shows`);
//! the trace masks them there too.

mod write;

use crate::json::Json;
use crate::program::{Effect, Provenance};
use jiff::Timestamp;

/// What a run says to an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The event it answers, by name.
    pub event: &'static str,
    /// The run's id.
    pub run: String,
    /// The time that counted for the event.
    pub at: Timestamp,
    /// The call it is about.
    pub call: Option<String>,
    /// What was decided.
    pub outcome: Outcome,
    /// The deciding rule.
    pub by: Option<Fired>,
    /// All rules that fired, in source order.
    pub fired: Vec<Fired>,
    /// Shadow rules that fired.
    pub shadow: Vec<Fired>,
    /// The values that decided.
    pub values: Vec<Decided>,
    /// One sentence for the model.
    pub model: String,
    /// One sentence for a person.
    pub person: String,
    /// Whether and when trying again can help.
    pub retry: Retry,
    /// What expired at this event.
    pub settled: Vec<Settled>,
    /// The run has escalated at this event.
    pub escalated: Option<Box<Handoff>>,
}

impl Answer {
    /// The answer without what only people read, as [`Detail::Brief`](crate::decide::Detail) gives it.
    #[must_use]
    pub fn into_brief(self) -> Self {
        Self {
            by: self.by.map(|by| Fired { because: None, place: None, ..by }),
            fired: Vec::new(),
            shadow: Vec::new(),
            values: Vec::new(),
            model: String::new(),
            person: String::new(),
            ..self
        }
    }
}

/// What was decided, with what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The host executes the call.
    Allow(Box<Allow>),
    /// The host fetches records, then sends the call again.
    Need(Vec<Need>),
    /// People are asked.
    Approval(Vec<Request>),
    /// The call is not made.
    Deny,
    /// The run is over: people take over.
    Escalate,
    /// Nothing is done while the pause lasts.
    Paused,
    /// An event was taken.
    Taken,
    /// A result was taken: what the agent may see of it, `None` for nothing.
    Shown(Option<Sealed>),
    /// An event was not taken, and changed nothing.
    Refused,
    /// The compensating calls, each allowed or not; `taken` where one is allowed, else `refused`.
    Undo(Vec<Compensating>),
    /// The run has ended: `done` or `not_done`.
    Verdict(Box<Verdict>),
}

impl Outcome {
    /// Its name in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Allow(_) => "allow",
            Self::Need(_) => "need",
            Self::Approval(_) => "approval",
            Self::Deny => "deny",
            Self::Escalate => "escalate",
            Self::Paused => "paused",
            Self::Taken | Self::Shown(_) => "taken",
            Self::Refused => "refused",
            Self::Undo(calls) if calls.iter().any(|call| call.allowed) => "taken",
            Self::Undo(_) => "refused",
            Self::Verdict(verdict) if verdict.done => "done",
            Self::Verdict(_) => "not_done",
        }
    }
}

/// JSON that the host must have as it is, and as it stands in messages and traces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// As it is.
    pub open: Json,
    /// With secrets masked.
    pub masked: Json,
}

/// A rule that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    /// Its name; a [`Builtin`]'s where no rule of the policy decided.
    pub rule: String,
    /// Its effect.
    pub effect: Effect,
    /// The reason in the author's words.
    pub because: Option<String>,
    /// File and line; `None` where no rule of the policy decided.
    pub place: Option<(String, u32)>,
}

/// What decides where no rule of the policy does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builtin {
    /// The run has ended or escalated.
    Closed,
    /// A pause holds.
    Paused,
    /// The policy declares no such verb.
    UndeclaredVerb,
    /// The arguments do not fit.
    Arguments,
    /// The call's id was used before.
    CallId,
    /// No allow names the verb, or none holds.
    NoAllow,
    /// An earlier write of the same verb and key is unclear.
    Unclear,
    /// The call needs more records than one call may.
    TooManyNeeds,
    /// The run holds as much as it may.
    RunFull,
    /// The values that the compensation needs cannot be known.
    Compensation,
    /// A compensating call failed.
    UndoFailed,
}

impl Builtin {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Closed,
        Self::Paused,
        Self::UndeclaredVerb,
        Self::Arguments,
        Self::CallId,
        Self::NoAllow,
        Self::Unclear,
        Self::TooManyNeeds,
        Self::RunFull,
        Self::Compensation,
        Self::UndoFailed,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Paused => "paused",
            Self::UndeclaredVerb => "undeclared_verb",
            Self::Arguments => "arguments",
            Self::CallId => "call_id",
            Self::NoAllow => "no_allow",
            Self::Unclear => "unclear",
            Self::TooManyNeeds => "too_many_needs",
            Self::RunFull => "run_full",
            Self::Compensation => "compensation",
            Self::UndoFailed => "undo_failed",
        }
    }
}

/// A value that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// As the author wrote it.
    pub label: String,
    /// The value, masked where it is secret; or why it is unknown.
    pub value: Result<Json, String>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// For what was read from records: when the oldest of them was read.
    pub read_at: Option<Timestamp>,
    /// That reading's age at the decision, in whole seconds.
    pub age_seconds: Option<i64>,
}

/// Whether and when trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It cannot.
    No,
    /// Once it is approved.
    AfterApproval,
    /// Once it is resumed.
    AfterResume,
    /// After that time.
    After(Timestamp),
    /// Once more is known.
    AfterData,
    /// With other arguments.
    WithOtherArguments,
}

/// What an allowed call carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow {
    /// The verb's name on the wire.
    pub verb: String,
    /// The arguments, canonical: members ordered and strings escaped as in RFC 8785, numbers as they were decided. The host passes
    /// on these bytes.
    pub args: Sealed,
    /// The allow holds before this time: the earliest end of a reading's freshness or of a limit's window; `None`: while the run lasts.
    pub valid_until: Option<Timestamp>,
    /// How it is undone.
    pub compensation: Option<Compensation>,
    /// What it adds to counters.
    pub reserve: Vec<Reservation>,
    /// What it wrote must be forgotten then.
    pub retain_until: Option<Timestamp>,
}

/// How a call is undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compensation {
    /// The compensating verb's name on the wire.
    pub verb: String,
    /// The arguments known now, by their names in the policy, secrets masked.
    pub args: Vec<(String, Json)>,
    /// The arguments that come from the call's result.
    pub from_result: Vec<String>,
    /// It can be undone until then; `None`: at any time.
    pub until: Option<Timestamp>,
}

/// What a call adds to one counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// The limit's rule.
    pub rule: String,
    /// The counter's key, one value for each `by`; secrets masked.
    pub key: Vec<Json>,
    /// The window, `run`, `day 2026-05-04 UTC`.
    pub window: String,
    /// How much: 1 for calls; the value for distinct counts.
    pub adds: Json,
}

/// A record to fetch from its source, by the host itself, not through the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The source.
    pub source: String,
    /// The record.
    pub record: String,
    /// Its key (a list where it is composite), as `record` events give it.
    pub key: Sealed,
    /// The verb that fetches it, by its name on the wire; `None`: the host's own means.
    pub verb: Option<String>,
    /// That verb's arguments on the wire.
    pub args: Sealed,
    /// Why what is there does not count.
    pub why: &'static str,
}

/// A request for approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id: `approval` events name it.
    pub request: String,
    /// The gate.
    pub gate: Fired,
    /// The run.
    pub run: String,
    /// The call.
    pub call: String,
    /// The agent that asked, by id.
    pub requester: String,
    /// The verb's name on the wire.
    pub verb: String,
    /// The canonical arguments, secrets masked.
    pub args: Json,
    /// What it binds, digested: policy (with the tools it pins), run, call, requester, verb, arguments, gate and `values`.
    pub binds: String,
    /// What the approver sees.
    pub show: Vec<(String, Result<Json, String>)>,
    /// What the approval binds beside the call, secrets masked.
    pub values: Vec<(String, Result<Json, String>)>,
    /// Who can approve: all groups, by distinct identities.
    pub approvers: Vec<Group>,
    /// Who has approved.
    pub approved_by: Vec<String>,
    /// It expires at that time; `None`: while the run lasts.
    pub expires: Option<Timestamp>,
    /// What changed since it was approved before: label, before and after.
    pub difference: Vec<(String, Json, Json)>,
}

/// People of whom some must approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// How many distinct identities.
    pub quorum: u32,
    /// Which.
    pub who: Who,
}

/// Which people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Who holds the role.
    Role(String),
    /// The person served, by id.
    User(String),
    /// The one with this id.
    Identity(String),
}

/// A compensating call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compensating {
    /// The call to undo.
    pub call: String,
    /// The compensating call's id: its `result` is reported under it.
    pub id: String,
    /// The verb's name on the wire; empty where there is none.
    pub verb: String,
    /// The arguments, canonical; `null` where they cannot be known.
    pub args: Sealed,
    /// The host executes it.
    pub allowed: bool,
    /// What decided against it.
    pub by: Option<Fired>,
    /// One sentence for a person.
    pub why: String,
    /// Records that must be known first; then the same `undo` is sent again.
    pub needs: Vec<Need>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The job is done.
    pub done: bool,
    /// Why it is, or is not.
    pub why: String,
    /// Calls allowed whose outcome is not known, by id.
    pub unsettled: Vec<String>,
    /// Requests for approval that are void now, by id.
    pub void: Vec<String>,
    /// What must be forgotten.
    pub forget: Vec<Forget>,
}

/// What a memory keeps and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forget {
    /// The call that wrote it.
    pub call: String,
    /// Its verb's name on the wire.
    pub verb: String,
    /// When it must be forgotten.
    pub until: Timestamp,
    /// How: the compensating verb and its canonical arguments, where they are known.
    pub with: Option<(String, Sealed)>,
}

/// A request that expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The request.
    pub request: String,
    /// Its call.
    pub call: String,
    /// Its gate.
    pub gate: String,
    /// What follows.
    pub then: Expired,
}

/// What follows when nobody answered in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expired {
    /// The same gate and call are denied.
    Denied,
    /// The run escalates.
    Escalated,
    /// Others are asked.
    NextStage(Box<Request>),
}

/// What people need who take over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handoff {
    /// Whom it goes to; empty where the job does not say.
    pub to: String,
    /// The rule that stopped the run.
    pub by: Fired,
    /// Why, in one sentence.
    pub why: String,
    /// What happened: every call in order.
    pub happened: Vec<Happened>,
    /// What changed: the records that allowed writes may have changed.
    pub changed: Vec<Changed>,
    /// What can be undone: call, compensating verb, and until when.
    pub undoable: Vec<(String, String, Option<Timestamp>)>,
    /// What the author wants shown.
    pub show: Vec<(String, Result<Json, String>)>,
    /// What they are expected to decide.
    pub expect: Option<String>,
}

/// A call as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// Its id.
    pub call: String,
    /// Its verb's name on the wire.
    pub verb: String,
    /// Its arguments, secrets masked; `null` where they did not fit.
    pub args: Json,
    /// When it was decided last.
    pub at: Timestamp,
    /// What was decided, and for allowed ones what was reported: `allow, ok`.
    pub outcome: String,
    /// The rule that decided.
    pub by: Option<String>,
}

/// A record that an allowed write may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The call.
    pub call: String,
    /// The record.
    pub record: String,
    /// Its key, secrets masked; `None`: any of them.
    pub key: Option<Json>,
}
