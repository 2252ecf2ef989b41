//! Typed expressions.

use super::{ArgId, FnId, LetId, Loc, LocalId, RecordId, Type, VerbId};
use agentc_runtime::library::Function;
use agentc_runtime::value::Value;

/// A typed expression. Depth is bounded by the grammar's limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
    /// Where its value comes from.
    pub provenance: Provenance,
    /// Where it was written.
    pub loc: Loc,
}

bitflags::bitflags! {
    /// Where a value comes from: joined by every operator, condition, `let`, `fn`, quantifier and lookup key it passes through.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
    pub struct Provenance: u16 {
        /// Written in the policy.
        const CONST = 1;
        /// A record of a source.
        const RECORD = 1 << 1;
        /// The agent's or user's identity.
        const IDENTITY = 1 << 2;
        /// The job's input.
        const INPUT = 1 << 3;
        /// The host's environment.
        const ENVIRONMENT = 1 << 4;
        /// An argument of the call being decided.
        const CALL = 1 << 5;
        /// What happened earlier in the run, or a counter of it, or the time.
        const HISTORY = 1 << 6;
        /// The model says so.
        const CLAIM = 1 << 7;
        /// An outsider wrote it.
        const UNTRUSTED = 1 << 8;
        /// Masked wherever it would be shown.
        const SECRET = 1 << 9;
        /// Inside `trusting claim …`: used in the open although it is a claim.
        const TRUSTED_CLAIM = 1 << 10;
    }
}

/// The forms of a typed expression. "Unknown" operands make every form unknown but where it says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A constant of the expression's type.
    Const(Value),
    /// An argument of the call being decided; `none` where an optional one is missing.
    Arg(ArgId),
    /// A bound name.
    Local(LocalId),
    /// A field of the job's input, by index.
    Input(u32),
    /// A value of the job's environment, by index.
    Environment(u32),
    /// An attribute of the agent or user, by index into [`super::Typed::agent`] or `user`.
    Identity(Who, u32),
    /// A declared signal of the job, by index; optional: absent until signalled.
    Signal(u32),
    /// `run.…`
    Run(RunFact),
    /// The time of the event.
    Now,
    /// `Order[key]`, also `order` where a field of it is read: one expression for each part of the key, or one of the record's `Key` type
    /// for the whole of it (a list value where the key is composite). Of an optional key it is optional (`none` passes on).
    Lookup(RecordId, Vec<Expr>),
    /// A field of a record, by index. Of an optional record it is optional (`none` passes on).
    Field(Box<Expr>, u32),
    /// A use of a `let`.
    Let(LetId),
    /// A call of a function of the file.
    CallFn(FnId, Vec<Expr>),
    /// A call of a library function.
    Call(LibraryFunction, Vec<Expr>),
    /// Kleene's not.
    Not(Box<Expr>),
    /// Kleene's and, of at least two.
    And(Vec<Expr>),
    /// Kleene's or, of at least two.
    Or(Vec<Expr>),
    /// A comparison of two values of one type. Ordered ones on numbers, money, times, dates, durations, weekdays; a missing optional
    /// is equal only to `none`, and ordered comparisons never see optionals.
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// Membership in a list, a set, or a map's keys.
    In(Box<Expr>, Box<Expr>),
    /// `x in low..high`, ends included; times of day and weekdays may wrap (`22:00..06:00`).
    InRange(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Arithmetic. The types of the operands say what it does (see [`ArithmeticOp`]).
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// The negated number, money or duration.
    Negate(Box<Expr>),
    /// An integer as a decimal.
    ToDecimal(Box<Expr>),
    /// A value where an optional is wanted; no change at run time.
    ToOptional(Box<Expr>),
    /// A key as its own type, or a value as a key; composite keys as the list of their parts. No change at run time.
    ToKey(Box<Expr>),
    /// Several values as a composite key.
    CompositeKey(Vec<Expr>),
    /// `x ?? default`: settles `none` and *absent*, no other cause.
    Coalesce(Box<Expr>, Box<Expr>),
    /// `x is absent`: settles `none` and *absent*, no other cause.
    IsAbsent(Box<Expr>),
    /// Whole-text match of a pattern.
    Matches(Box<Expr>, String),
    /// A list, or a set, of values.
    List(Vec<Expr>),
    /// `if c then a else b`: unknown where the condition is; the branch not taken is never evaluated.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `match`: exhaustive, checked.
    Match(Vec<Expr>, Vec<Arm>),
    /// An entry of a map; `none` where it is missing. The map may be optional (`none` passes on).
    MapGet(Box<Expr>, Box<Expr>),
    /// A bounded loop over a list, set, or a map's entries' values.
    Quantified(Quantifier, LocalId, Box<Expr>, Box<Expr>),
    /// `all (a, b) in zip(xs, ys): c`; false where the lengths differ.
    AllZip {
        /// The names bound.
        binders: (LocalId, LocalId),
        /// The two lists.
        over: (Box<Expr>, Box<Expr>),
        /// The condition.
        body: Box<Expr>,
    },
    /// `happened(verbs where filter)`, `failed(…)`: over earlier calls of this run.
    History(HistoryKind, Vec<VerbId>, Option<Box<Expr>>),
    /// `last(verb where filter).result` and so on; optional: absent where there is none.
    Last(Vec<VerbId>, Option<Box<Expr>>, PastPart),
    /// Inside a history filter: an argument of the earlier call.
    PastArg(ArgId),
    /// Inside a history filter or an `undo`: the result of the earlier call, with the verb's result type.
    PastResult,
    /// `t in zone z`
    InZone(Box<Expr>, Box<Expr>),
    /// A part of that.
    ZonePart(ZonePart, Box<Expr>),
    /// `at(date, time, zone)`: the earlier of two such instants, the one after a gap.
    At(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A record written in a test: one value for each field that is given.
    RecordLiteral(Vec<(u32, Expr)>),
    /// A map written in a test, `{ "2026-05-20": … }` or `{ economy: 4 }`: constant keys of the map's key type.
    MapLiteral(Vec<(Value, Expr)>),
}

/// A function of the library.
#[derive(Debug, Clone, Copy)]
pub struct LibraryFunction(pub &'static Function);

impl PartialEq for LibraryFunction {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

/// `agent` or `user`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// The agent itself.
    Agent,
    /// The person served.
    User,
}

/// Facts of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunFact {
    /// `run.calls: Int`: calls with a final answer so far, the one being decided not among them.
    Calls,
    /// `run.denials: Int`: calls finally denied so far.
    Denials,
    /// `run.cost: Money(USD)`
    Cost,
    /// `run.tokens: Int`
    Tokens,
    /// `run.confidence: Decimal?`: absent until signalled; a claim.
    Confidence,
    /// `run.unsettled: Int`: calls allowed and not yet reported.
    Unsettled,
    /// `run saw untrusted: Bool`
    SawUntrusted,
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompareOp {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

/// Arithmetic by the types of its operands: Int∘Int, Decimal∘Decimal, Money±Money, Duration±Duration, Money×Decimal, Money×Int,
/// Duration×Int (either order), Time±Duration, Time−Time → Duration, Date−Date → Duration of whole days, Date±Duration of whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
}

/// The loops. `min`, `max` and `first` are optional: `none` over nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantifier {
    /// Kleene's or over the members.
    Any,
    /// Kleene's and over the members.
    All,
    /// How many members satisfy the body; unknown where it is for any.
    Count,
    /// The sum of the body.
    Sum,
    /// The least value of the body.
    Min,
    /// The greatest value of the body.
    Max,
    /// The first member that satisfies the body; unknown where an earlier one is unknown.
    First,
}

pub use agentc_grammar::ast::HistoryKind;

/// What is taken of the last call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PastPart {
    /// `.result`
    Result,
    /// `.args.NAME`
    Arg(ArgId),
    /// `.at`: when it was sent.
    At,
    /// Only whether there is one (`last(v) is absent`).
    Exists,
}

/// Parts of a time in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ZonePart {
    /// `.date`
    Date,
    /// `.time`
    Time,
    /// `.weekday`
    Weekday,
}

/// An arm of a `match`: the first whose patterns all fit gives the value.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// One for each subject.
    pub patterns: Vec<Pattern>,
    /// The value.
    pub value: Expr,
}

/// A pattern.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// Anything.
    Any,
    /// Anything but `none`, bound to the name (of the optional's inner type where the subject is optional).
    Bind(LocalId),
    /// One of these constants; `Value::None` for `none`.
    OneOf(Vec<Value>),
}

impl ExprKind {
    /// The expressions directly inside, in source order; of a `let` or a function none.
    #[must_use]
    pub fn operands(&self) -> Vec<&Expr> {
        match self {
            Self::Const(_)
            | Self::Arg(_)
            | Self::Local(_)
            | Self::Input(_)
            | Self::Environment(_)
            | Self::Identity(..)
            | Self::Signal(_)
            | Self::Run(_)
            | Self::Now
            | Self::Let(_)
            | Self::PastArg(_)
            | Self::PastResult => Vec::new(),
            Self::Lookup(_, parts)
            | Self::CallFn(_, parts)
            | Self::Call(_, parts)
            | Self::And(parts)
            | Self::Or(parts)
            | Self::CompositeKey(parts)
            | Self::List(parts) => parts.iter().collect(),
            Self::Field(inner, _)
            | Self::Not(inner)
            | Self::Negate(inner)
            | Self::ToDecimal(inner)
            | Self::ToOptional(inner)
            | Self::ToKey(inner)
            | Self::IsAbsent(inner)
            | Self::Matches(inner, _)
            | Self::ZonePart(_, inner) => vec![inner],
            Self::Compare(_, left, right)
            | Self::In(left, right)
            | Self::Arithmetic(_, left, right)
            | Self::Coalesce(left, right)
            | Self::MapGet(left, right)
            | Self::Quantified(_, _, left, right)
            | Self::InZone(left, right) => vec![left, right],
            Self::InRange(one, two, three) | Self::If(one, two, three) | Self::At(one, two, three) => vec![one, two, three],
            Self::AllZip { over, body, .. } => vec![&over.0, &over.1, body],
            Self::Match(subjects, arms) => subjects.iter().chain(arms.iter().map(|arm| &arm.value)).collect(),
            Self::History(_, _, filter) | Self::Last(_, filter, _) => filter.iter().map(|filter| &**filter).collect(),
            Self::RecordLiteral(fields) => fields.iter().map(|(_, value)| value).collect(),
            Self::MapLiteral(entries) => entries.iter().map(|(_, value)| value).collect(),
        }
    }
}
