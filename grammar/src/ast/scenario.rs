//! Fixtures, tests and proofs, as written.

use super::*;
use crate::span::{Span, Spanned};

/// `fixture NAME { job …; input …; at …; given … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Fixture {
    /// Its name.
    pub name: Name,
    /// Its members, in source order.
    pub setup: Vec<Setup>,
}

/// `test "name" [with fixture] { … }`; setup and steps may be mixed (a `given` between two calls changes the world).
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Its name.
    pub name: Spanned<String>,
    /// The fixture it starts from.
    pub with: Option<Name>,
    /// Setup and steps in source order.
    pub steps: Vec<Step>,
}

/// One line of a fixture, or of a test before or between its events.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// What it says.
    pub kind: SetupKind,
    /// Where.
    pub span: Span,
}

/// What a test starts from.
#[derive(Debug, Clone, PartialEq)]
pub enum SetupKind {
    /// `job triage_refunds`
    Job(Name),
    /// `input { ticket: "T-1" }`
    Input(Vec<(Name, Expr)>),
    /// `environment { region: "eu" }`
    Environment(Vec<(Name, Expr)>),
    /// `agent { id: "a", roles: [x] }` or `user { id: "u", tier: gold }`
    Identity(Name, Vec<(Name, Expr)>),
    /// `at 2026-05-04T10:00:00Z`
    At(Expr),
    /// `given Order["A-1"] { … }`, `given Order["A-1"] absent`, `given Order["A-1"] unavailable`
    Given {
        /// The record.
        record: Name,
        /// Its key.
        key: Vec<Expr>,
        /// What the source answers.
        state: GivenState,
    },
}

/// What the source answers in a test.
#[derive(Debug, Clone, PartialEq)]
pub enum GivenState {
    /// These fields, laid over what an earlier `given` said.
    Fields(Vec<(Name, Expr)>),
    /// There is no such record.
    Absent,
    /// The source does not answer.
    Unavailable,
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What happens.
    pub kind: StepKind,
    /// `expect …`, if anything is expected of the answer.
    pub expect: Option<Expect>,
    /// Of a call, the second `expect …`: what is expected of the answer to its result.
    pub of_result: Option<Expect>,
    /// Where.
    pub span: Span,
}

/// What happens in a test.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// Setup between the events.
    Setup(Setup),
    /// `call shop.refund(order: "A-1") expect allow returns { id: "R-1" }`
    Call {
        /// The verb.
        verb: Path,
        /// Its arguments.
        args: Vec<(Name, Expr)>,
        /// What the tool then answers; where nothing is said, a read of a `given` record answers it, another verb answers nothing special.
        outcome: Option<CallOutcome>,
    },
    /// `approve large_refund by "ann" as support_lead`
    Approve {
        /// The gate.
        gate: Name,
        /// Whose identity.
        by: Spanned<String>,
        /// Their roles.
        roles: Vec<Name>,
        /// `refuse` instead of `approve`.
        refuse: bool,
    },
    /// `after 10m`
    After(Spanned<Duration>),
    /// `signal confidence 0.6` or `signal reason other`
    Signal(Name, Expr),
    /// `usage { cost: 1 USD, tokens: 100 }`
    Usage(Vec<(Name, Expr)>),
    /// `pause by "ann" as sre` or `pause shop.refund by …`; `resume` likewise
    Pause {
        /// `resume` instead of `pause`.
        resume: bool,
        /// The scope: a verb; the job where nothing is said.
        verb: Option<Path>,
        /// Whose identity.
        by: Spanned<String>,
        /// Their roles.
        roles: Vec<Name>,
    },
    /// `undo shop.refund by "ann" as support_lead`: the latest such call; without a verb, the whole run.
    Undo {
        /// The verb.
        verb: Option<Path>,
        /// Whose identity.
        by: Spanned<String>,
        /// Their roles.
        roles: Vec<Name>,
    },
    /// `end`
    End,
}

/// What the tool answers in a test.
#[derive(Debug, Clone, PartialEq)]
pub enum CallOutcome {
    /// `returns { id: "R-1" }`
    Returns(Expr),
    /// `fails "declined"`
    Fails(Spanned<String>),
    /// `unclear`
    Unclear(Span),
}

/// `expect deny by no_allow`
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// `allow`, `approval`, `deny`, `escalate`, `need`, `paused`; for `end` `done` or `not_done`; for the rest `taken` or `refused`.
    pub outcome: Name,
    /// The rules that must have decided.
    pub by: Vec<Name>,
    /// `showing [ … ]` or `showing { … }`: what the agent sees of the call's result.
    pub showing: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// `prove "…" [for lists up to 8] { job J; statements }`
#[derive(Debug, Clone, PartialEq)]
pub struct Prove {
    /// Its name.
    pub name: Spanned<String>,
    /// `for lists up to 8`
    pub lists_up_to: Option<Spanned<i64>>,
    /// `job J`; every job where none is named.
    pub job: Option<Name>,
    /// What is to be proved.
    pub statements: Vec<Property>,
}

/// One property.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// What it says.
    pub kind: PropertyKind,
    /// Where.
    pub span: Span,
}

/// The forms of a property.
#[derive(Debug, Clone, PartialEq)]
pub enum PropertyKind {
    /// `never allow V when C [without approval]`
    NeverAllow {
        /// The verbs.
        targets: Vec<Target>,
        /// When.
        guards: Guards,
        /// `without approval`
        without_approval: Option<Span>,
    },
    /// `always allow V when C`
    AlwaysAllow {
        /// The verbs.
        targets: Vec<Target>,
        /// When.
        guards: Guards,
    },
    /// `V when C needs approval by role R`
    NeedsApproval {
        /// The verbs.
        targets: Vec<Target>,
        /// When.
        guards: Guards,
        /// By whom.
        by: Vec<Approver>,
    },
    /// `every write where irreversible is gated or denied`
    EveryWrite {
        /// `irreversible`, `risk money`, …: any of them; empty: every write.
        selectors: Vec<WriteSelector>,
        /// `gated`, `denied`, `undoable`: any of them.
        is: Vec<Name>,
    },
    /// `limit daily holds`: no run of events passes its bound.
    LimitHolds(Name),
}

/// Which writes `every write where …` speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum WriteSelector {
    /// `irreversible`
    Irreversible(Span),
    /// `risk money`
    Risk(Name),
}
