//! The compiled policy: flat arrays that a decision walks.
//!
//! Every reference is an index into one of [`Program`]'s vectors. An expression's operands stand before it, a type's parts
//! before it, a graph node's successors after it: so nothing can be cyclic, and no recursion is deeper than the program says.
//! An artifact is verified to be so before anything walks it.

mod expr;
mod node;
mod operands;
mod pin;
mod rule;
mod shape;

pub use expr::*;
pub use node::*;
pub use pin::ToolPin;
pub use rule::*;
pub use shape::*;

use crate::decimal::Decimal;
use crate::types::Currency;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);
        impl $name {
            /// The index into its vector.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Index into [`Program::types`].
    TypeId,
    /// Index into [`Program::constants`].
    ConstId,
    /// Index into [`Program::exprs`].
    ExprId,
    /// Index into [`Program::verbs`].
    VerbId,
    /// Index into [`Program::args`].
    ArgId,
    /// Index into [`Program::rules`].
    RuleId,
    /// Index into [`Program::limits`].
    LimitId,
    /// Index into [`Program::gates`].
    GateId,
    /// Index into [`Program::nodes`].
    NodeId,
    /// Index into [`Program::jobs`].
    JobId,
    /// Index into [`Program::fns`].
    FnId,
    /// Index of a bound name; there are [`Program::locals`] of them, each bound in one place.
    LocalId,
}

/// A compiled policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Program {
    /// The policy's dotted name.
    pub name: String,
    /// Its version, empty where it has none.
    pub version: String,
    /// Its owner, empty where it has none.
    pub owner: String,
    /// Names of its files, for places.
    pub files: Vec<String>,
    /// The types in use, parts first.
    pub types: Vec<TypeShape>,
    /// The enums.
    pub enums: Vec<EnumShape>,
    /// The records.
    pub records: Vec<RecordShape>,
    /// Names of the sources.
    pub sources: Vec<String>,
    /// Names of the roles.
    pub roles: Vec<String>,
    /// Attributes of the agent: `id`, `roles`, then the declared ones.
    pub agent: Vec<FieldShape>,
    /// Attributes of the user: `id`, `roles`, then the declared ones.
    pub user: Vec<FieldShape>,
    /// Parameter names and types in use, by argument slot.
    pub args: Vec<ArgShape>,
    /// The verbs.
    pub verbs: Vec<VerbShape>,
    /// Constants.
    pub constants: Vec<Constant>,
    /// Regular expressions of `matches`: whole-text, ASCII classes, built when the program is loaded under a size limit.
    pub patterns: Vec<String>,
    /// Full names of the library functions in use.
    pub functions: Vec<String>,
    /// Rules of the time zones in use: IANA name and TZif data, sorted by name. Every zone where the policy takes zones from data.
    pub zones: Vec<ZoneRules>,
    /// How many names are bound.
    pub locals: u32,
    /// Functions of the files: each reads its parameters' locals.
    pub fns: Vec<FnShape>,
    /// Expressions, operands first. A condition that occurs twice is one expression.
    pub exprs: Vec<Expr>,
    /// The rules of all jobs, in source order within a job.
    pub rules: Vec<Rule>,
    /// The counters.
    pub limits: Vec<Limit>,
    /// The gates.
    pub gates: Vec<Gate>,
    /// The decision graph's nodes.
    pub nodes: Vec<Node>,
    /// The jobs.
    pub jobs: Vec<JobPlan>,
    /// The real tools as they were when the policy was built, by server and name; empty where it was built without them.
    pub tools: Vec<ToolPin>,
}

/// The rules of one time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneRules {
    /// Its IANA name.
    pub name: String,
    /// TZif data (RFC 9636).
    pub tzif: Vec<u8>,
}

/// A constant. Lists are [`Op::List`]s of constants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Constant {
    /// An absent optional.
    None,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An exact decimal.
    Decimal(Decimal),
    /// An amount and its currency.
    Money(Decimal, Currency),
    /// Text, or a normalised kind of text.
    Text(String),
    /// A point in time, RFC 3339 in UTC.
    Time(jiff::Timestamp),
    /// A calendar day.
    Date(jiff::civil::Date),
    /// A time of day.
    TimeOfDay(jiff::civil::Time),
    /// A length of time in nanoseconds.
    Duration(i64),
    /// A day of the week, 1 for Monday to 7 for Sunday.
    Weekday(u8),
    /// A variant's index.
    Enum(u32),
}

/// Where a rule is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
pub struct Place {
    /// Index into [`Program::files`].
    pub file: u32,
    /// Line, from 1.
    pub line: u32,
}

/// A function of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FnShape {
    /// Its name.
    pub name: String,
    /// The locals of its parameters.
    pub params: Vec<LocalId>,
    /// Its body; it calls only functions before it.
    pub body: ExprId,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobPlan {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Its input.
    pub input: Vec<FieldShape>,
    /// Its environment.
    pub environment: Vec<FieldShape>,
    /// Its signals.
    pub signals: Vec<FieldShape>,
    /// When it is done.
    pub done: Option<ExprId>,
    /// The stop rules of the whole job (row 4): those without verbs and those of `on failure`.
    pub stops: NodeId,
    /// What decides a call, for each verb of the program.
    pub verbs: Vec<VerbPlan>,
    /// All its rules, in source order: a range of [`Program::rules`], start and end.
    pub rules: (u32, u32),
    /// Its handoff.
    pub handoff: Option<Handoff>,
    /// Who may pause it.
    pub pause_by: Vec<Approver>,
    /// Who may resume it.
    pub resume_by: Vec<Approver>,
    /// Who may undo its writes.
    pub undo_by: Vec<Approver>,
}

/// What decides a call of one verb in one job: an entry into the graph for each of the four effects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerbPlan {
    /// Some allow names it.
    pub has_allow: bool,
    /// An escalation without condition names it: it needs no allow.
    pub is_handover: bool,
    /// Row 5: denies.
    pub denies: NodeId,
    /// Row 5: allows.
    pub allows: NodeId,
    /// Row 6: stops.
    pub stops: NodeId,
    /// Row 10: gates.
    pub asks: NodeId,
    /// Shadow rules of every effect: reported, decide nothing, fetch nothing.
    pub shadows: NodeId,
    /// The counters that an allowed call adds to.
    pub limits: Vec<LimitId>,
}
