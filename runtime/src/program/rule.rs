//! Compiled rules: names, effects, conditions, and what gates and limits need beside.

use super::{ExprId, GateId, LimitId, LocalId, Place, RuleId, VerbId};
use serde::{Deserialize, Serialize};

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its name, unique in its job.
    pub name: String,
    /// Its effect.
    pub effect: Effect,
    /// What it was written as.
    pub kind: RuleKind,
    /// The verbs it speaks of; empty: the whole job.
    pub verbs: Vec<VerbId>,
    /// Its condition; `None`: always.
    pub condition: Option<ExprId>,
    /// The reason in the author's words.
    pub because: Option<String>,
    /// Evaluated and reported, decides nothing.
    pub shadow: bool,
    /// Where it is written.
    pub place: Place,
    /// What its condition reads, for people: in source order, without doubles.
    pub operands: Vec<Operand>,
    /// For an allow of a read: what may be seen of the result.
    pub shows: Option<Shows>,
}

/// The four effects; a paused job is an outcome, not a rule's effect, but `limit … else pause` is written as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Effect {
    /// The run escalates.
    Stop,
    /// The call is denied.
    Deny,
    /// People are asked.
    Ask,
    /// The call is permitted.
    Allow,
    /// The job is paused: judged with the stops of row 6 (row 4 where it has no verbs); commits the pause and answers `paused`.
    Pause,
}

impl Effect {
    /// Its name in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Deny => "deny",
            Self::Ask => "ask",
            Self::Allow => "allow",
            Self::Pause => "pause",
        }
    }
}

/// What a rule was written as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleKind {
    /// `allow`
    Allow,
    /// `never`
    Never,
    /// `gate`
    Gate(GateId),
    /// `escalate`
    Escalate,
    /// `on failure of`
    OnFailure,
    /// `require`: its denial is retried after data.
    Require,
    /// `limit` with a counter; `gate`: the gate that is asked beyond the bound.
    Limit(LimitId, Option<GateId>),
    /// `limit` on a value that needs no counter.
    ValueLimit(Option<GateId>),
}

/// A value that a condition reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operand {
    /// As the author wrote it: `order.total`.
    pub label: String,
    /// The expression; never scoped.
    pub expr: ExprId,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// The policy.
    Const,
    /// A record of a source.
    Record,
    /// An identity.
    Identity,
    /// The job's input.
    Input,
    /// The host's environment.
    Environment,
    /// An argument of the call.
    Call,
    /// Earlier events, counters, the time.
    History,
    /// The model.
    Claim,
    /// An outsider.
    Untrusted,
}

impl Provenance {
    /// Its name in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Const => "const",
            Self::Record => "record",
            Self::Identity => "identity",
            Self::Input => "input",
            Self::Environment => "environment",
            Self::Call => "call",
            Self::History => "history",
            Self::Claim => "claim",
            Self::Untrusted => "untrusted",
        }
    }
}

/// What may be seen of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shows {
    /// The row's name and the condition over it.
    pub rows: Option<(LocalId, ExprId)>,
    /// Fields that may not be seen: paths of field indices from the row's record inwards.
    pub hiding: Vec<Vec<u32>>,
}

/// A gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Its rule.
    pub rule: RuleId,
    /// Who is asked, one stage after the other; at least one.
    pub stages: Vec<Stage>,
    /// At the end the run escalates (else the same gate and call are denied).
    pub escalates: bool,
    /// The one who asked may approve.
    pub may_be_requester: bool,
    /// What the approver sees.
    pub show: Vec<Show>,
    /// What an approval binds beside the call: operands of the gate's condition and what it shows, without `now`, `run.*` and counters.
    pub binds: Vec<Operand>,
}

/// Who is asked, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// All groups must be satisfied, by distinct identities.
    pub approvers: Vec<Approver>,
    /// In nanoseconds; `None`: while the run lasts.
    pub expires: Option<i64>,
}

/// A group of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approver {
    /// How many distinct identities.
    pub quorum: u32,
    /// Which.
    pub who: ApproverKind,
}

/// Which people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApproverKind {
    /// Who holds the role: index into the program's roles.
    Role(u32),
    /// The person served.
    User,
    /// The one whose id the expression gives.
    Identity(ExprId),
}

/// One thing shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Show {
    /// The run's trace.
    Trace,
    /// All arguments.
    Arguments,
    /// A value under the author's words for it.
    Value(String, ExprId),
}

/// The handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    /// To whom.
    pub to: String,
    /// What they see.
    pub show: Vec<Show>,
    /// What they are expected to decide.
    pub expect: Option<String>,
}

/// A counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Its rule.
    pub rule: RuleId,
    /// What it adds up.
    pub measure: Measure,
    /// The bound itself is already too much.
    pub strict: bool,
    /// The bound.
    pub bound: ExprId,
    /// Over which time.
    pub window: Window,
    /// One counter for each value of these.
    pub by: Vec<ExprId>,
    /// Which calls count; `None`: all of its verbs.
    pub when: Option<ExprId>,
    /// Entries that a sliding window or a distinct count may hold; a full one denies.
    pub capacity: Option<u32>,
}

/// What a counter adds up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Calls.
    Count,
    /// Different values.
    Distinct(ExprId),
    /// Values; a negative one is denied.
    Sum(ExprId),
}

/// Windows of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Window {
    /// The run.
    Run,
    /// The clock hour, UTC.
    Hour,
    /// The calendar day in a zone of the program, by name.
    Day(String),
    /// The last so many nanoseconds, ends included.
    Last(i64),
}
