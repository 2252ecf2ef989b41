//! Types as the author of random policies thinks of them, and the constants that all policies compare with: few, so that events meet them.

use crate::chance::Chance;
use agentc_runtime::library::Shape;

/// A type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// `Bool`
    Bool,
    /// `Int`
    Int,
    /// `Decimal`
    Decimal,
    /// `Text`
    Text,
    /// `Money(USD)` or another currency.
    Money(&'static str),
    /// `Time`
    Time,
    /// `Date`
    Date,
    /// `TimeOfDay`
    TimeOfDay,
    /// `Duration`
    Duration,
    /// `Weekday`
    Weekday,
    /// `Email`
    Email,
    /// `Url`
    Url,
    /// `Path`
    Path,
    /// An enum, by index.
    Enum(usize),
    /// The key of a record, by index.
    Key(usize),
    /// A record, by index.
    Record(usize),
    /// A list.
    List(Box<Kind>),
    /// A set.
    Set(Box<Kind>),
    /// A map from text.
    Map(Box<Kind>),
    /// A value or none.
    Optional(Box<Kind>),
}

/// Scalars that need no declaration.
pub(super) const SCALARS: [Kind; 14] = [
    Kind::Bool,
    Kind::Int,
    Kind::Int,
    Kind::Decimal,
    Kind::Text,
    Kind::Text,
    Kind::Money("USD"),
    Kind::Money("USD"),
    Kind::Money("JPY"),
    Kind::Time,
    Kind::Date,
    Kind::Duration,
    Kind::Email,
    Kind::Path,
];

/// Scalars that are seldom met.
pub(super) const SELDOM: [Kind; 3] = [Kind::TimeOfDay, Kind::Weekday, Kind::Url];

impl Kind {
    /// That, or none.
    pub(super) fn optional(self) -> Self {
        if matches!(self, Self::Optional(_)) { self } else { Self::Optional(Box::new(self)) }
    }

    /// What is there where it is not none.
    pub(super) fn settled(&self) -> &Self {
        if let Self::Optional(inner) = self { inner } else { self }
    }

    /// Whether values of it have an order.
    pub(super) fn is_ordered(&self) -> bool {
        matches!(
            self,
            Self::Int
                | Self::Decimal
                | Self::Money(_)
                | Self::Time
                | Self::Date
                | Self::TimeOfDay
                | Self::Duration
                | Self::Weekday
        )
    }

    /// Whether a limit can add values of it.
    pub(super) fn is_summed(&self) -> bool {
        matches!(self, Self::Int | Self::Decimal | Self::Money(_) | Self::Duration)
    }

    /// Whether values of it can be compared for equality and written in a policy.
    pub(super) fn is_plain(&self) -> bool {
        !matches!(self, Self::Record(_) | Self::List(_) | Self::Set(_) | Self::Map(_) | Self::Optional(_))
    }

    /// Its literals; empty where it has none of its own.
    pub(super) fn literals(&self) -> &'static [&'static str] {
        match self {
            Self::Bool => &["true", "false"],
            Self::Int => &["0", "1", "2", "3", "5", "10", "-1"],
            Self::Decimal => &["0.0", "0.5", "1.0", "1.5", "2.25", "20%"],
            Self::Text => &["\"a\"", "\"b\"", "\"A-1\"", "\"\"", "\"Straße\""],
            Self::Money("JPY") => &["0 JPY", "100 JPY", "101 JPY", "5000 JPY"],
            Self::Money(_) => &["0 USD", "10 USD", "49.99 USD", "50 USD", "100 USD"],
            Self::Time => &["2026-05-04T10:00:00Z", "2026-05-01T00:00:00Z", "2026-05-04T12:00:00+02:00"],
            Self::Date => &["2026-05-04", "2026-05-01", "2026-02-28"],
            Self::TimeOfDay => &["08:00", "12:30", "18:00"],
            Self::Duration => &["0s", "15m", "1h", "1d", "30d"],
            Self::Weekday => &["monday", "friday", "sunday"],
            Self::Email => &["\"ann@acme.example\"", "\"bob@other.example\""],
            Self::Url => &["\"https://acme.example/x\"", "\"http://127.0.0.1:8080/\""],
            Self::Path => &["\"/srv/data\"", "\"/srv/data/x.txt\"", "\"/etc\""],
            _ => &[],
        }
    }

    /// The shape of a library's parameter or result with its variable bound; `None` where policies have no such type.
    pub(super) fn of_shape(shape: &Shape, variable: &Self, currency: &'static str) -> Self {
        let inner = |shape: &Shape| Box::new(Self::of_shape(shape, variable, currency));
        match shape {
            Shape::Bool => Self::Bool,
            Shape::Int => Self::Int,
            Shape::Decimal => Self::Decimal,
            Shape::Text => Self::Text,
            Shape::Money => Self::Money(currency),
            Shape::Time => Self::Time,
            Shape::Date => Self::Date,
            Shape::TimeOfDay => Self::TimeOfDay,
            Shape::Duration => Self::Duration,
            Shape::Weekday => Self::Weekday,
            Shape::Email => Self::Email,
            Shape::Url => Self::Url,
            Shape::Path => Self::Path,
            Shape::Any | Shape::Comparable => variable.clone(),
            Shape::List(member) => Self::List(inner(member)),
            Shape::Set(member) => Self::Set(inner(member)),
            Shape::Map(member) => Self::Map(inner(member)),
            Shape::Optional(member) => Self::Optional(inner(member)),
        }
    }
}

/// A scalar, mostly a common one.
pub(super) fn scalar(chance: &mut Chance) -> Kind {
    if chance.percent(12) { chance.one(&SELDOM).clone() } else { chance.one(&SCALARS).clone() }
}
