//! Expressions, as written.

use super::*;
use crate::span::{Span, Spanned};

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where, parentheses included.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A single name: a parameter, a `let`, a local, an enum variant, a record name as a singleton, `input`, `run`, `user`, `agent`, `now`, `amount`, …
    Name(String),
    /// `x.field`
    Field(Box<Expr>, Name),
    /// `Order[order]`, `Pull[repo, number]`, `prices[cabin]`: a record lookup or a map entry.
    Index(Box<Expr>, Vec<Expr>),
    /// `text.lower(x)`, `fits(order, amount)`: a library function or a `fn`.
    Call(Path, Vec<Expr>),
    /// `happened(shop.refund where args.order == order)`, `failed(…)`, `last(…)`
    History {
        /// `happened`, `failed` or `last`.
        what: Spanned<HistoryKind>,
        /// The verbs.
        targets: Vec<Target>,
        /// Over `args` and `result` of the earlier call.
        filter: Option<Box<Expr>>,
    },
    /// `run saw untrusted`
    SawUntrusted,
    /// `trusting claim x`
    Trusting(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `a and b and c`: at least two.
    And(Vec<Expr>),
    /// `a or b or c`: at least two.
    Or(Vec<Expr>),
    /// Any other operator of two operands.
    Binary(Spanned<BinaryOp>, Box<Expr>, Box<Expr>),
    /// `a..b`: only to the right of `in`.
    Range(Box<Expr>, Box<Expr>),
    /// `x is absent` (false) or `x is not absent` (true).
    IsAbsent(Box<Expr>, bool),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{ id: "R-1" }`: in tests only.
    Record(Vec<(Name, Expr)>),
    /// `(a, b)`: only as the subject of `match` (two or more).
    Tuple(Vec<Expr>),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `match x { pattern => value, … }`
    Match(Box<Expr>, Vec<Arm>),
    /// `any s in xs: c`, `all …`, `count(i in xs: c)`, `sum(i in xs: e)`, `min(…)`, `max(…)`, `first i in xs where c`
    Quantified {
        /// Which.
        op: Spanned<Quantifier>,
        /// The names bound: one, or two for `(old, new) in zip(xs, ys)`.
        binders: Vec<Name>,
        /// What is walked: one list, or two for `zip`.
        over: Vec<Expr>,
        /// The condition or the value.
        body: Box<Expr>,
    },
    /// `now in zone "Europe/Berlin"`, `order.placed_at in zone user.zone`
    InZone(Box<Expr>, Box<Expr>),
    /// An expression that could not be parsed; an error was reported. Checked as if it had any type.
    Error,
}

/// Literals. Numbers are kept as written (underscores removed) until a type says how exact they must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `true`
    Bool(bool),
    /// `40`
    Int(String),
    /// `0.7`
    Decimal(String),
    /// `20%`: the text before the sign.
    Percent(String),
    /// `"x"`, escapes already read.
    Text(String),
    /// `50 USD`, `0.5 EUR`: amount and currency.
    Money(String, String),
    /// `2026-05-04T10:00:00Z`
    Time(String),
    /// `2026-05-04`
    Date(String),
    /// `08:00` or `08:00:30`
    TimeOfDay(String),
    /// `15m`
    Duration(Duration),
    /// `none`
    None,
}

/// Operators of two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BinaryOp {
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
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `matches`
    Matches,
    /// `under`
    Under,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`: by constants only, inside a rounding function.
    Divide,
    /// `??`
    Coalesce,
}

/// The bounded loops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantifier {
    /// `any s in xs: c`
    Any,
    /// `all s in xs: c`
    All,
    /// `count(i in xs: c)`
    Count,
    /// `sum(i in xs: e)`
    Sum,
    /// `min(i in xs: e)`
    Min,
    /// `max(i in xs: e)`
    Max,
    /// `first i in xs where c`
    First,
}

/// What is asked of earlier calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HistoryKind {
    /// Some such call finished well.
    Happened,
    /// Some such call was refused or stayed unclear.
    Failed,
    /// The latest such call that finished well: `.args`, `.result`, `.at`.
    Last,
}

/// One arm of a `match`.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// One pattern for each subject.
    pub patterns: Vec<Pattern>,
    /// The value.
    pub value: Expr,
    /// Where.
    pub span: Span,
}

/// A pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// What it is.
    pub kind: PatternKind,
    /// Where.
    pub span: Span,
}

/// The forms of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub enum PatternKind {
    /// `_`
    Wildcard,
    /// An enum variant, or a name to bind: decided when names are resolved.
    Name(String),
    /// A literal; `none` for an absent optional.
    Literal(Literal),
    /// `gold | silver`
    Or(Vec<Pattern>),
}
