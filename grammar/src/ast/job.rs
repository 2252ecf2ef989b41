//! Jobs, rule sets and rules, as written.

use super::*;
use crate::span::{Span, Spanned};

/// `let name = expr`
#[derive(Debug, Clone, PartialEq)]
pub struct Let {
    /// Its name.
    pub name: Name,
    /// What it stands for.
    pub value: Expr,
}

/// `fn name(a: T) -> U = expr`
#[derive(Debug, Clone, PartialEq)]
pub struct Fn {
    /// Its name.
    pub name: Name,
    /// Parameters: name and type.
    pub params: Vec<(Name, TypeExpr)>,
    /// Result type.
    pub result: TypeExpr,
    /// Its body.
    pub body: Expr,
}

/// `rules NAME { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct RuleSet {
    /// Its name.
    pub name: Name,
    /// Its members.
    pub members: Vec<Member>,
}

/// `job NAME { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its name.
    pub name: Name,
    /// Its members.
    pub members: Vec<Member>,
}

/// A member of a job or a rule set (only the rule-like ones and `let`, `include`, `when` may stand in a rule set).
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Documentation comment.
    pub docs: Option<String>,
    /// `shadow` before a rule: evaluated and reported, decides nothing.
    pub shadow: Option<Span>,
    /// What it is.
    pub kind: MemberKind,
    /// The whole member.
    pub span: Span,
}

/// The kinds of member.
#[derive(Debug, Clone, PartialEq)]
pub enum MemberKind {
    /// `purpose "…"`
    Purpose(Spanned<String>),
    /// `input { … }`
    Input(Vec<Field>),
    /// `environment { … }`
    Environment(Vec<Field>),
    /// `signal reason: Reason claim`
    Signal(Field),
    /// `done when expr`
    Done(Expr),
    /// `let name = expr`
    Let(Let),
    /// `include NAME`
    Include(Name),
    /// `allow [NAME on] read|write targets …`
    Allow(Allow),
    /// `never [NAME on] targets …`
    Never(Never),
    /// `gate NAME on targets … { … }`
    Gate(Gate),
    /// `escalate [NAME] [on targets] …`
    Escalate(Escalate),
    /// `on failure of targets after 2 tries escalate`
    OnFailure(OnFailure),
    /// `require NAME on targets: verb(args) within 15m since last verb`
    Require(Require),
    /// `limit NAME [on targets]: …`
    Limit(Limit),
    /// `handoff to "…" { … }`
    Handoff(Handoff),
    /// `pause by role a, role b`
    PauseBy(Vec<Approver>),
    /// `resume by role a`
    ResumeBy(Vec<Approver>),
    /// `undo by role a`
    UndoBy(Vec<Approver>),
    /// `when C { … }`: one more condition on each rule inside.
    When {
        /// The condition.
        condition: Expr,
        /// `unless` instead of `when`.
        negated: bool,
        /// The rules inside.
        members: Vec<Member>,
    },
}

/// `shop.refund`, `shop.*`, `refund` (where only one tool has such a verb), `*`
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The tool and verb, or one part; the last part may be `*`.
    pub path: Path,
}

/// The condition of a rule: `when C`, `unless C` or both, in source order; all must hold.
pub type Guards = Vec<Guard>;

/// One `when` or `unless`.
#[derive(Debug, Clone, PartialEq)]
pub struct Guard {
    /// `unless` instead of `when`.
    pub negated: bool,
    /// The condition.
    pub condition: Expr,
    /// The whole of it.
    pub span: Span,
}

/// `allow [NAME on] read|write targets [when C] [showing rows where C hiding f, g] [because "…"]`
#[derive(Debug, Clone, PartialEq)]
pub struct Allow {
    /// The rule's name, if it has one.
    pub name: Option<Name>,
    /// Read or write: the author says which, and the compiler holds it against the verbs.
    pub access: Spanned<Access>,
    /// The verbs.
    pub targets: Vec<Target>,
    /// When.
    pub guards: Guards,
    /// `showing rows where C`: over the fields of the row.
    pub rows: Option<Expr>,
    /// `hiding phone, email`; dots go into records.
    pub hiding: Vec<Path>,
    /// The reason in the author's words.
    pub because: Option<Spanned<String>>,
}

/// `never [NAME on] targets [when C] [because "…"]`
#[derive(Debug, Clone, PartialEq)]
pub struct Never {
    /// The rule's name, if it has one.
    pub name: Option<Name>,
    /// The verbs.
    pub targets: Vec<Target>,
    /// When.
    pub guards: Guards,
    /// The reason.
    pub because: Option<Spanned<String>>,
}

/// `gate NAME on targets [when C] { approvers …; expires …; show …; because … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// Its name.
    pub name: Name,
    /// The verbs.
    pub targets: Vec<Target>,
    /// When.
    pub guards: Guards,
    /// Who, in one or more groups that must all be satisfied.
    pub approvers: Vec<Approver>,
    /// `may be requester`
    pub may_be_requester: Option<Span>,
    /// `expires 4h else …`
    pub expires: Option<Expires>,
    /// What the approver sees.
    pub show: Vec<Show>,
    /// The reason.
    pub because: Option<Spanned<String>>,
}

/// `role a`, `2 of role a`, `user`, `identity order.manager`
#[derive(Debug, Clone, PartialEq)]
pub struct Approver {
    /// How many distinct identities; 1 where not said.
    pub quorum: Option<Spanned<i64>>,
    /// Which.
    pub who: ApproverKind,
    /// Where.
    pub span: Span,
}

/// Who may approve, pause, resume or undo.
#[derive(Debug, Clone, PartialEq)]
pub enum ApproverKind {
    /// `role support_lead`
    Role(Name),
    /// `user`: the person served.
    User,
    /// `identity order.manager`: the identity that the expression names.
    Identity(Expr),
}

/// What happens when nobody answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Expires {
    /// After this long.
    pub after: Spanned<Duration>,
    /// And then; `deny` where nothing is said.
    pub otherwise: ExpiresElse,
}

/// `else deny | escalate | then role b 2h else …`
#[derive(Debug, Clone, PartialEq)]
pub enum ExpiresElse {
    /// Nothing was written: deny.
    Unsaid,
    /// `else deny`
    Deny(Span),
    /// `else escalate`
    Escalate(Span),
    /// `then role b 2h else …`
    Then {
        /// Who is asked next.
        approvers: Vec<Approver>,
        /// For how long, and what then.
        expires: Box<Expires>,
    },
}

/// One entry of `show`.
#[derive(Debug, Clone, PartialEq)]
pub enum Show {
    /// `trace`
    Trace(Span),
    /// `arguments`: all of them.
    Arguments(Span),
    /// An expression, shown under its own text.
    Expr(Expr),
}

/// `escalate [NAME] [on targets] [when C] [because "…"]`
#[derive(Debug, Clone, PartialEq)]
pub struct Escalate {
    /// The rule's name, if it has one.
    pub name: Option<Name>,
    /// The verbs; empty: a stop rule of the whole job.
    pub targets: Vec<Target>,
    /// When.
    pub guards: Guards,
    /// The reason.
    pub because: Option<Spanned<String>>,
}

/// `on failure of targets after N tries escalate`
#[derive(Debug, Clone, PartialEq)]
pub struct OnFailure {
    /// `on failure NAME of …`, if it has a name.
    pub name: Option<Name>,
    /// The verbs.
    pub targets: Vec<Target>,
    /// How many failures since the last success; 1 where `after … tries` is left out.
    pub tries: Option<Spanned<i64>>,
    /// The reason.
    pub because: Option<Spanned<String>>,
}

/// `require NAME on targets: verb(args) [within D] [since last verb] [when C] [because "…"]`
#[derive(Debug, Clone, PartialEq)]
pub struct Require {
    /// Its name.
    pub name: Name,
    /// The verbs that need it.
    pub targets: Vec<Target>,
    /// The verb that must have been called.
    pub verb: Path,
    /// With these arguments.
    pub args: Vec<(Name, Expr)>,
    /// Sent at most this long ago.
    pub within: Option<Spanned<Duration>>,
    /// No such call may have come between.
    pub since_last: Option<Path>,
    /// When.
    pub guards: Guards,
    /// The reason.
    pub because: Option<Spanned<String>>,
}

/// `limit NAME [on targets]: measure <= bound [per window] [by key] [when C] [capacity N] else effect [because "…"]`
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// Its name.
    pub name: Name,
    /// The verbs whose calls count; empty: every call of the run.
    pub targets: Vec<Target>,
    /// What is measured.
    pub measure: Measure,
    /// `<` instead of `<=`.
    pub strict: bool,
    /// The bound.
    pub bound: Expr,
    /// Over which window.
    pub window: Option<Spanned<Window>>,
    /// `by order.customer, day`: one counter for each value; empty: one for all.
    pub by: Vec<Expr>,
    /// Which calls count.
    pub guards: Guards,
    /// `capacity 1000`: for sliding windows and distinct counts.
    pub capacity: Option<Spanned<i64>>,
    /// What happens to the call that would pass the bound.
    pub otherwise: LimitElse,
    /// The reason.
    pub because: Option<Spanned<String>>,
}

/// What a limit measures.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// `count()`
    Count(Span),
    /// `count(distinct x)`
    CountDistinct(Expr),
    /// `sum(x)`
    Sum(Expr),
    /// Any other expression, over `run.*`: `run.cost`
    Value(Expr),
}

/// `per run`, `per hour`, `per day [in zone "…"]`, `per last 7d`
#[derive(Debug, Clone, PartialEq)]
pub enum Window {
    /// `per run`
    Run,
    /// `per hour`
    Hour,
    /// `per day`, in UTC unless a zone is given.
    Day(Option<Spanned<String>>),
    /// `per last 7d`
    Last(Duration),
}

/// `else escalate | deny | gate G | pause`
#[derive(Debug, Clone, PartialEq)]
pub enum LimitElse {
    /// `else escalate`
    Escalate(Span),
    /// `else deny`
    Deny(Span),
    /// `else gate G`
    Gate(Name),
    /// `else pause`
    Pause(Span),
}

/// `handoff to "support-leads" { show …; expect "…" }`
#[derive(Debug, Clone, PartialEq)]
pub struct Handoff {
    /// The team or queue.
    pub to: Spanned<String>,
    /// What they see.
    pub show: Vec<Show>,
    /// What they are expected to decide.
    pub expect: Option<Spanned<String>>,
}
