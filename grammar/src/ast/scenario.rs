//! Fixtures, tests and proofs, as written.

use super::*;
use crate::span::{Span, Spanned};

/// `fixture NAME { … }`
    Fixture(Fixture),
    /// `test "…" with fixture { … }`
    Test(Test),
    /// `prove "…" { … }`
    Prove(Prove),
}

/// `policy acme.refunds { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The policy's dotted name.
    pub name: Path,
    /// `version "3.1.0"`
    pub version: Option<Spanned<String>>,
    /// `owner "ops@acme.example"`
    pub owner: Option<Spanned<String>>,
}

/// An enum and its variants.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// Its name.
    pub name: Name,
    /// In source order.
    pub variants: Vec<Variant>,
}

/// `yes as "yes", "Y"`: a variant and the texts that stand for it in JSON (its own name where none is given).
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its name in the policy.
    pub name: Name,
    /// Its texts in JSON; empty means the name itself.
    pub aliases: Vec<Spanned<String>>,
}

/// A risk class and what must bound a write that bears it.
#[derive(Debug, Clone, PartialEq)]
pub struct Risk {
    /// Its name.
    pub name: Name,
    /// Any one of these bounds it: `gate`, `limit`, `escalate`, `never`, `undo`. Empty: nothing need bound it.
    pub bounded_by: Vec<Name>,
}

/// `user { tier: Tier }` inside `identity { … }`; also `agent`.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityAttributes {
    /// `agent` or `user`.
    pub who: Name,
    /// The attributes.
    pub fields: Vec<Field>,
}

/// A system of record.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its name.
    pub name: Name,
    /// The system's own name, for people.
    pub title: Option<Spanned<String>>,
    /// `source mails "Inbox" untrusted { … }`: everything in it is written by outsiders.
    pub untrusted: Option<Span>,
    /// Its records.
    pub records: Vec<Record>,
    /// How each is fetched.
    pub fetches: Vec<Fetch>,
    /// `fresh for 15m` (all its records) or `fresh Order for 15m`.
    pub fresh: Vec<Fresh>,
}

/// `record Order by id { … }`; `by (repo, number)` for composite keys; no key: a shape only.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Documentation comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Name,
    /// The fields that make the key; empty where it is a shape only.
    pub key: Vec<Name>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The whole declaration.
    pub span: Span,
}

/// A field of a record, an input, an environment, an identity, or a parameter of a verb.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Documentation comment.
    pub docs: Option<String>,
    /// Its name in the policy.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
    /// `from "amounts.total"`: its place in the JSON where that is not its name; dots go into objects.
    pub from: Option<Spanned<String>>,
    /// How a scalar stands in JSON where that is not the usual way.
    pub encoding: Option<Spanned<Encoding>>,
    /// `claim`, `untrusted`, `secret`, before the name or after the type, in source order.
    pub marks: Vec<Spanned<Mark>>,
    /// From the name (or the first mark) to the end.
    pub span: Span,
}

/// What is said about where a value comes from and who may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// The model says so.
    Claim,
    /// An outsider wrote it.
    Untrusted,
    /// Masked wherever it would be shown.
    Secret,
}

/// `cents`, `epoch seconds`, `epoch milliseconds`, `in zone "America/New_York"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Encoding {
    /// Money in minor units.
    Cents,
    /// A time as seconds since 1970.
    EpochSeconds,
    /// A time as milliseconds since 1970.
    EpochMilliseconds,
    /// A time written without a zone is read in this one. Written as part of the type (`Time in zone "…"`); kept here.
    Zone(String),
}

/// A type as written.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeExpr {
    /// What was written.
    pub kind: TypeExprKind,
    /// Where.
    pub span: Span,
}

/// The forms of a type.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeExprKind {
    /// `Text`, `OrderStatus`, `Line`
    Named(Name),
    /// `Money(USD)`
    Money(Name),
    /// `List<T>`, `Set<T>`, `Key<R>`, `Map<K, V>`: the name and its arguments.
    Generic(Name, Vec<TypeExpr>),
    /// `T?`
    Optional(Box<TypeExpr>),
    /// `Time in zone "EST5EDT"`
    TimeInZone(Spanned<String>),
}

/// `fetch Order with shop.get_order(order: id), also from shop.search_orders` or `fetch Order by host`
#[derive(Debug, Clone, PartialEq)]
pub struct Fetch {
    /// The record.
    pub record: Name,
    /// How.
    pub how: FetchHow,
    /// The verbs after `also from`.
    pub also: Vec<Path>,
    /// The whole line.
    pub span: Span,
}

/// By which means a record is fetched.
#[derive(Debug, Clone, PartialEq)]
pub enum FetchHow {
    /// `with shop.get_order(order: id)`: parameter and key field.
    Verb {
        /// The read verb.
        verb: Path,
        /// Each parameter and the key field passed for it.
        args: Vec<(Name, Name)>,
    },
    /// `by host`
    Host(Span),
}

/// `fresh for 15m` or `fresh Order for 15m`
#[derive(Debug, Clone, PartialEq)]
pub struct Fresh {
    /// The record, or all of the source.
    pub record: Option<Name>,
    /// A reading counts while its age is less than this.
    pub duration: Spanned<Duration>,
}

/// A length of time as written, `15m`: exact, in nanoseconds. Units: `ms s m h d w`; a day is 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    /// Nanoseconds.
    pub nanoseconds: i64,
}

/// A tool and its verbs.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Its name.
    pub name: Name,
    /// `on mcp "shopify"`: kind of connection and its name.
    pub on: Option<(Name, Spanned<String>)>,
    /// Its verbs.
    pub verbs: Vec<Verb>,
    /// Records that its results have.
    pub records: Vec<Record>,
    /// `ignore list_locations, count_orders`: real tools that this policy deliberately leaves out, by wire name.
    pub ignores: Vec<Name>,
}

/// `read` or `write`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// It changes nothing.
    Read,
    /// It changes something.
    Write,
}

/// `write refund(order: Key<Order> from "order_id", claim reason: Text) -> Refund as "create_refund" { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Verb {
    /// Documentation comment.
    pub docs: Option<String>,
    /// Read or write.
    pub access: Access,
    /// Its name in the policy.
    pub name: Name,
    /// Its parameters.
    pub params: Vec<Field>,
    /// What it answers.
    pub result: Option<TypeExpr>,
    /// `untrusted` or `claim` after the result type: results written by outsiders.
    pub result_marks: Vec<Spanned<Mark>>,
    /// Its name on the wire.
    pub wire: Option<Spanned<String>>,
    /// What stands in its braces.
    pub clauses: Vec<VerbClause>,
    /// The whole declaration.
    pub span: Span,
}

/// A clause in a verb's braces.
#[derive(Debug, Clone, PartialEq)]
pub struct VerbClause {
    /// What it says.
    pub kind: VerbClauseKind,
    /// Where.
    pub span: Span,
}

/// What a verb says of itself.
#[derive(Debug, Clone, PartialEq)]
pub enum VerbClauseKind {
    /// `risk money, permission`
    Risk(Vec<Name>),
    /// `changes Order[order], Invoice[order]`; an entry without a key changes every record of that name.
    Changes(Vec<Change>),
    /// `changes nothing`
    ChangesNothing,
    /// `undo void_refund(refund: result.id) within 24h by role lead`
    Undo(Undo),
    /// `irreversible`
    Irreversible,
    /// `compensates refund`
    Compensates(Path),
    /// `no effect on ["declined"]`
    NoEffectOn(Vec<Spanned<String>>),
    /// `retain 30d`
    Retain(Spanned<Duration>),
}

/// One entry of `changes`.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The record.
    pub record: Name,
    /// Its key, over the parameters; empty: all of them.
    pub key: Vec<Expr>,
    /// Where.
    pub span: Span,
}

/// How a write is reversed.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// The compensating verb; one part means the same tool.
    pub verb: Path,
    /// Its arguments over `result`, the parameters and records.
    pub args: Vec<(Name, Expr)>,
    /// Until when it can.
    pub within: Option<Spanned<Duration>>,
    /// Who may ask for it; the job's `undo by` where empty.
    pub by: Vec<Approver>,
}

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
