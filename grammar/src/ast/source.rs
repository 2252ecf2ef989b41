//! Sources, records, fields and types, as written.

use super::*;
use crate::span::{Span, Spanned};

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
