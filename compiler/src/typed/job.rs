//! Typed jobs and their rules.

use super::{Access, Expr, Field, Loc, LocalId, RoleId, VerbId};
use std::collections::BTreeMap;

/// A job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// Documentation.
    pub docs: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// Where that is said.
    pub purpose_at: Option<Loc>,
    /// Its input.
    pub input: Vec<Field>,
    /// Its environment.
    pub environment: Vec<Field>,
    /// Its declared signals; each type is optional.
    pub signals: Vec<Field>,
    /// When it is done.
    pub done: Option<Expr>,
    /// Its rules in source order, included rule sets and `when` blocks unfolded.
    pub rules: Vec<Rule>,
    /// The rules that name each verb: indices into [`Job::rules`], ascending.
    pub naming: BTreeMap<VerbId, Vec<u32>>,
    /// Whom it hands over to.
    pub handoff: Option<Handoff>,
    /// Who may pause it.
    pub pause_by: Vec<Approver>,
    /// Who may resume it; `pause_by` where nothing is said.
    pub resume_by: Vec<Approver>,
    /// Who may undo its writes.
    pub undo_by: Vec<Approver>,
    /// Where it is declared.
    pub loc: Loc,
}

impl Job {
    /// The rules that decide something about a verb they name, with their indices; `shadow` ones decide nothing.
    pub fn naming(&self, verb: VerbId) -> impl Iterator<Item = (u32, &Rule)> {
        let named = self.naming.get(&verb).map_or(&[][..], Vec::as_slice);
        named.iter().filter_map(|at| Some((*at, self.rules.get(*at as usize)?))).filter(|(_, rule)| !rule.shadow)
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name; where the author gave none, a stable one, unique in the job: effect, verb and a number from the second on
    /// (`allow_refund`, `never_delete_customer`, `escalate_2`).
    pub name: String,
    /// The author named it.
    pub named: bool,
    /// What it is.
    pub kind: RuleKind,
    /// The verbs it speaks of, in source order without doubles; empty: the whole job.
    pub verbs: Vec<VerbId>,
    /// Its condition: its own `when`s and those around it; `None`: always. For a limit: which calls count.
    pub condition: Option<Expr>,
    /// The reason in the author's words.
    pub because: Option<String>,
    /// Evaluated and reported, decides nothing.
    pub shadow: bool,
    /// Where it is written.
    pub loc: Loc,
}

/// The kinds of rule.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleKind {
    /// It permits.
    Allow {
        /// Read or write, as written.
        access: Access,
        /// Which rows of the result may be seen: the row's name and the condition over it.
        rows: Option<(LocalId, Expr)>,
        /// Fields of the result that may not be seen: paths of field indices from the row's record inwards.
        hiding: Vec<Vec<u32>>,
    },
    /// It denies.
    Never,
    /// It asks.
    Gate(Gate),
    /// It stops.
    Escalate,
    /// It stops after failures of its verbs, counted together, since the last success of one of them.
    OnFailure {
        /// How many.
        tries: u32,
    },
    /// It denies unless a call was made.
    Require {
        /// The verb that must have been called.
        verb: VerbId,
        /// With these arguments (index into its `params`).
        args: Vec<(u32, Expr)>,
        /// Sent at most this long ago, in nanoseconds, ends included.
        within: Option<i64>,
        /// No such call may have come between.
        since_last: Option<VerbId>,
    },
    /// It bounds.
    Limit(Limit),
}

/// A gate.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// Who must approve: all groups, by distinct identities.
    pub approvers: Vec<Approver>,
    /// The one who asked may approve.
    pub may_be_requester: bool,
    /// After how long the first approvers are no longer asked, in nanoseconds; `None`: it does not expire in the run.
    pub expires: Option<i64>,
    /// Whom to ask then, one after the other: who, and for how long (nanoseconds).
    pub then: Vec<(Vec<Approver>, Option<i64>)>,
    /// What happens at the end.
    pub otherwise: ExpiredThen,
    /// What the approver sees.
    pub show: Vec<Show>,
}

/// What happens when nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiredThen {
    /// The same gate and call are denied.
    Deny,
    /// The run escalates.
    Escalate,
}

/// A group of people.
#[derive(Debug, Clone, PartialEq)]
pub struct Approver {
    /// How many distinct identities.
    pub quorum: u32,
    /// Which.
    pub who: ApproverKind,
    /// Where.
    pub loc: Loc,
}

/// Which people.
#[derive(Debug, Clone, PartialEq)]
pub enum ApproverKind {
    /// Who holds the role.
    Role(RoleId),
    /// The person served.
    User,
    /// The one whose id the expression gives.
    Identity(Expr),
}

/// One thing shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Show {
    /// The run's trace.
    Trace,
    /// All arguments.
    Arguments,
    /// A value under its own source text. (`show order` on a key shows the record: the expression is then the lookup.)
    Value(String, Expr),
}

/// A limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// What is measured.
    pub measure: Measure,
    /// `<` instead of `<=`.
    pub strict: bool,
    /// The bound.
    pub bound: Expr,
    /// Over which window; `Run` where there are no verbs.
    pub window: Window,
    /// One counter for each value of these; empty: one for all.
    pub by: Vec<Expr>,
    /// Entries that a sliding window or a distinct count may hold.
    pub capacity: Option<u32>,
    /// What happens to the call that would pass the bound.
    pub otherwise: LimitElse,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// Calls.
    Count,
    /// Different values.
    CountDistinct(Expr),
    /// A sum over calls; a negative contribution is denied.
    Sum(Expr),
    /// An expression compared as it is: `run.cost`.
    Value(Expr),
}

/// Windows.
#[derive(Debug, Clone, PartialEq)]
pub enum Window {
    /// The run.
    Run,
    /// The clock hour, UTC.
    Hour,
    /// The calendar day in an IANA zone; `UTC` where nothing is said.
    Day(String),
    /// The last so many nanoseconds, ends included.
    Last(i64),
}

/// What happens beyond the bound.
#[derive(Debug, Clone, PartialEq)]
pub enum LimitElse {
    /// It stops.
    Escalate,
    /// It denies.
    Deny,
    /// It asks: index of the gate in the job's rules.
    Gate(u32),
    /// It pauses the job, then answers `paused`.
    Pause,
}

/// The handoff.
#[derive(Debug, Clone, PartialEq)]
pub struct Handoff {
    /// To whom.
    pub to: String,
    /// What they see.
    pub show: Vec<Show>,
    /// What they are expected to decide.
    pub expect: Option<String>,
    /// Where.
    pub loc: Loc,
}
