//! Typed tests and proofs.

use super::{Approver, Expr, JobId, Loc, RecordId, RoleId, VerbId, Who};

/// A test, its fixture laid under it.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// The job it runs; every test has one, its own or its fixture's.
    pub job: JobId,
    /// Input fields by index, constants.
    pub input: Vec<(u32, Expr)>,
    /// Environment values by index, constants.
    pub environment: Vec<(u32, Expr)>,
    /// Attributes of the identities by index, constants.
    pub identity: Vec<(Who, u32, Expr)>,
    /// When it starts (a constant of type Time); the Unix epoch's year 2026-01-01T00:00:00Z where nothing is said.
    pub at: Option<Expr>,
    /// Setup and steps in order, the fixture's `given`s first.
    pub steps: Vec<Step>,
    /// Where it is declared.
    pub loc: Loc,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What happens.
    pub kind: StepKind,
    /// What is expected of the answer.
    pub expect: Option<Expect>,
    /// Of a call: what is expected of the answer to its result.
    pub of_result: Option<Expect>,
    /// Where.
    pub loc: Loc,
}

/// What happens. Expressions are constants.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// From here on the source answers this.
    Given {
        /// The record.
        record: RecordId,
        /// Its key, one for each part.
        key: Vec<Expr>,
        /// What it answers.
        state: Given,
    },
    /// A call.
    Call {
        /// The verb.
        verb: VerbId,
        /// Its arguments (index into its `params`).
        args: Vec<(u32, Expr)>,
        /// What the tool then answers.
        outcome: Option<CallOutcome>,
    },
    /// An approval, or a refusal.
    Approve {
        /// Index of the gate in the job's rules.
        gate: u32,
        /// Whose identity.
        by: String,
        /// Their roles.
        roles: Vec<RoleId>,
        /// It refuses.
        refuse: bool,
    },
    /// Time passes, in nanoseconds.
    After(i64),
    /// `signal confidence 0.6`
    Confidence(Expr),
    /// A declared signal, by index.
    Signal(u32, Expr),
    /// What was used since: cost (Money) and tokens.
    Usage {
        /// Added to `run.cost`.
        cost: Option<Expr>,
        /// Added to `run.tokens`.
        tokens: Option<Expr>,
    },
    /// A pause or resumption.
    Pause {
        /// It resumes.
        resume: bool,
        /// Of one verb; of the job where `None`.
        verb: Option<VerbId>,
        /// Whose identity.
        by: String,
        /// Their roles.
        roles: Vec<RoleId>,
    },
    /// The latest such call is undone; the whole run where `None`.
    Undo {
        /// The verb.
        verb: Option<VerbId>,
        /// Whose identity.
        by: String,
        /// Their roles.
        roles: Vec<RoleId>,
    },
    /// The run ends.
    End,
}

/// What the source answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// These fields, laid over earlier ones.
    Fields(Vec<(u32, Expr)>),
    /// There is none.
    Absent,
    /// It does not answer.
    Unavailable,
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq)]
pub enum CallOutcome {
    /// A value of the result type (records may leave fields out).
    Returns(Expr),
    /// It refuses with that code.
    Fails(String),
    /// Nobody knows.
    Unclear,
}

/// What is expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// The outcome.
    pub outcome: Expected,
    /// The rules that decided, by name; `no_allow` names the default. Empty: any.
    pub by: Vec<String>,
    /// What the agent sees of the result.
    pub showing: Option<Expr>,
    /// Where.
    pub loc: Loc,
}

/// Outcomes that a test can expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expected {
    /// The call is allowed.
    Allow,
    /// It needs an approval.
    Approval,
    /// It is denied.
    Deny,
    /// The run escalates.
    Escalate,
    /// A record is needed that the test does not give.
    Need,
    /// It is paused.
    Paused,
    /// A pause, resumption, refusal or undo was taken.
    Taken,
    /// It was refused.
    Refused,
    /// The run is done.
    Done,
    /// The run ended and is not done.
    NotDone,
}

/// A proof that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// Its name.
    pub name: String,
    /// The jobs it speaks of.
    pub jobs: Vec<JobId>,
    /// Bounds every list to this length.
    pub lists_up_to: Option<u32>,
    /// What is to be proved.
    pub statements: Vec<Property>,
    /// Where.
    pub loc: Loc,
}

/// One property, for one job.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// The job.
    pub job: JobId,
    /// What it says.
    pub kind: PropertyKind,
    /// Where.
    pub loc: Loc,
}

/// The forms.
#[derive(Debug, Clone, PartialEq)]
pub enum PropertyKind {
    /// Never allowed when the condition holds; `unless_approved`: not without an approval.
    NeverAllow {
        /// The verbs.
        verbs: Vec<VerbId>,
        /// When.
        condition: Option<Expr>,
        /// An approval makes it fine.
        unless_approved: bool,
    },
    /// Always allowed when the condition holds.
    AlwaysAllow {
        /// The verbs.
        verbs: Vec<VerbId>,
        /// When.
        condition: Option<Expr>,
    },
    /// Never without these people.
    NeedsApproval {
        /// The verbs.
        verbs: Vec<VerbId>,
        /// When.
        condition: Option<Expr>,
        /// Who.
        by: Vec<Approver>,
    },
    /// Each of these writes (chosen when names were resolved) is one of these.
    EveryWrite {
        /// The writes.
        verbs: Vec<VerbId>,
        /// `gated`
        gated: bool,
        /// `denied`
        denied: bool,
        /// `undoable`
        undoable: bool,
    },
    /// The limit's bound is never passed: index of the rule.
    LimitHolds(u32),
}
