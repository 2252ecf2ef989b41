//! Compiled expressions.

use super::{ArgId, ConstId, ExprId, FnId, LimitId, LocalId, TypeId, VerbId};
use crate::types::RecordId;
use serde::{Deserialize, Serialize};

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Expr {
    /// What it does.
    pub op: Op,
    /// Its type. A value stands where an optional of its type is wanted, and a key and its own type stand for each other, without
    /// conversion: operands' types agree after `Optional` is taken off and `Key` is replaced by its record's key type.
    pub ty: TypeId,
    /// It depends on a bound name or an earlier call's values: its value must not be kept from one binding to the next.
    pub scoped: bool,
    /// Its value is masked wherever it would be shown.
    pub secret: bool,
}

/// What an expression does. Operands' ids are less than its own. Every operator with an unknown operand is unknown, with all the
/// causes of its unknown operands, but where it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Op {
    /// A constant.
    Constant(ConstId),
    /// An argument of the call being decided; unknown outside calls; `none` where an optional one is missing.
    Arg(ArgId),
    /// A bound name.
    Local(LocalId),
    /// A field of the input.
    Input(u32),
    /// A value of the environment.
    Environment(u32),
    /// An attribute of the agent.
    Agent(u32),
    /// An attribute of the user.
    User(u32),
    /// A signal: unknown (absent) until signalled.
    Signal(u32),
    /// A fact of the run.
    Run(RunFact),
    /// The time of the event.
    Now,
    /// A record by its key's parts.
    Lookup(RecordId, Vec<ExprId>),
    /// A field of a record or optional record, by index.
    Field(ExprId, u32),
    /// A call of a function of the file.
    CallFn(FnId, Vec<ExprId>),
    /// A call of a library function: index into the program's functions.
    Call(u32, Vec<ExprId>),
    /// Kleene's not.
    Not(ExprId),
    /// Kleene's and: false where one is false; else unknown with the causes of all that are.
    And(Vec<ExprId>),
    /// Kleene's or: true where one is true; else unknown with the causes of all that are.
    Or(Vec<ExprId>),
    /// A comparison at one type.
    Compare(Comparison, ExprId, ExprId),
    /// Membership in a list, a set or a map's keys.
    In(ExprId, ExprId),
    /// Between low and high, ends included; times of day and weekdays wrap where low is beyond high.
    InRange(ExprId, ExprId, ExprId),
    /// Arithmetic by the operands' types; overflow is unknown.
    Arithmetic(Arithmetic, ExprId, ExprId),
    /// Negation of a number, money or duration.
    Negate(ExprId),
    /// An integer as a decimal.
    ToDecimal(ExprId),
    /// Several values as a composite key (a list value).
    CompositeKey(Vec<ExprId>),
    /// The first, unless it is `none` or unknown only because of *absent*: then the second.
    Coalesce(ExprId, ExprId),
    /// True where `none` or unknown only because of *absent*, false where known.
    IsAbsent(ExprId),
    /// Whole-text match: index into the program's patterns.
    Matches(ExprId, u32),
    /// A list of these (a set where the type is one).
    List(Vec<ExprId>),
    /// If, then, else: unknown where the condition is; only the branch taken is evaluated.
    If(ExprId, ExprId, ExprId),
    /// Subjects and arms.
    Match(Vec<ExprId>, Vec<Arm>),
    /// An entry of a map; `none` where it is missing.
    MapGet(ExprId, ExprId),
    /// A bounded loop: which, the name bound, what is walked (a list, a set, or a map's values), the body.
    Loop(Loop, LocalId, ExprId, ExprId),
    /// `all (a, b) in zip(xs, ys): body`; false where the lengths differ.
    AllZip(LocalId, LocalId, ExprId, ExprId, ExprId),
    /// Some earlier call of these verbs finished well and satisfies the filter.
    Happened(Vec<VerbId>, Option<ExprId>),
    /// Some earlier call of these verbs was refused or unclear and satisfies the filter.
    Failed(Vec<VerbId>, Option<ExprId>),
    /// Of the latest earlier call of these verbs that finished well and satisfies the filter; `none` where there is none.
    Last(Vec<VerbId>, Option<ExprId>, PastPart),
    /// An argument of the earlier call being looked at.
    PastArg(ArgId),
    /// Its result.
    PastResult,
    /// How many results of these verbs were refused or unclear since the last that was ok.
    Failures(Vec<VerbId>),
    /// An ok result of that verb with these arguments, sent at most so many nanoseconds ago, none of the second verb since; a host's own
    /// fetch with equal key counts.
    Required {
        /// The verb.
        verb: VerbId,
        /// Index into its parameters, and what is wanted.
        args: Vec<(u32, ExprId)>,
        /// At most so long ago.
        within: Option<i64>,
        /// No such call since.
        since_last: Option<VerbId>,
    },
    /// The counter with this call and all calls in flight would pass its bound. Calls that the limit's `when` leaves out never do.
    WouldExceed(LimitId),
    /// A time seen in a zone.
    InZone(ExprId, ExprId),
    /// A part of that.
    ZonePart(ZonePart, ExprId),
    /// Date, time of day and zone as a point in time: the earlier of two, the one after a gap.
    At(ExprId, ExprId, ExprId),
}

/// Facts of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RunFact {
    /// Calls with a final answer so far, this one not among them.
    Calls,
    /// Calls finally denied so far.
    Denials,
    /// Cost so far, in US dollars.
    Cost,
    /// Tokens so far.
    Tokens,
    /// The model's confidence: unknown (absent) until signalled.
    Confidence,
    /// Calls allowed and not yet reported.
    Unsettled,
    /// An untrusted value was shown to the agent or stands in the input.
    SawUntrusted,
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Comparison {
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

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
}

/// Loops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Loop {
    /// Kleene's or over the members; false over none.
    Any,
    /// Kleene's and over the members; true over none.
    All,
    /// How many satisfy the body.
    Count,
    /// The sum of the body; zero over none.
    Sum,
    /// The least value of the body, or `none`.
    Min,
    /// The greatest value of the body, or `none`.
    Max,
    /// The first member that satisfies the body, or `none`; unknown where an earlier one is.
    First,
}

/// What is taken of the last call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PastPart {
    /// Its result.
    Result,
    /// An argument.
    Arg(ArgId),
    /// When it was sent.
    At,
    /// `true`; so that `is absent` can be asked.
    Exists,
}

/// Parts of a time in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ZonePart {
    /// The day.
    Date,
    /// The time of day.
    Time,
    /// The day of the week.
    Weekday,
}

/// An arm: taken where every pattern fits; the first that fits gives the value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Arm {
    /// One for each subject.
    pub patterns: Vec<Pattern>,
    /// The value.
    pub value: ExprId,
}

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Pattern {
    /// Anything.
    Any,
    /// Anything but `none`, bound to the name.
    Bind(LocalId),
    /// One of these.
    OneOf(Vec<ConstId>),
}
