//! The values that expressions give.

use crate::decimal::Decimal;
use crate::slots::{mixed, of_text};
use crate::types::Currency;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// A known value. Its type is known statically; two values are only ever compared at one type.
///
/// E-mail addresses, URLs, paths and zones are texts in normal form; the key of a record is its field's value, or the list of
/// its fields' values where the key is composite.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// An optional that is absent.
    None,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An exact decimal.
    Decimal(Decimal),
    /// An amount and its currency.
    Money(Decimal, Currency),
    /// Text, or one of the normalised kinds of text.
    Text(Arc<str>),
    /// A point in time.
    Time(Timestamp),
    /// A calendar day.
    Date(Date),
    /// A time of day.
    TimeOfDay(Time),
    /// A length of time.
    Duration(SignedDuration),
    /// A day of the week, 1 for Monday to 7 for Sunday.
    Weekday(u8),
    /// The index of an enum's variant.
    Enum(u32),
    /// A list; also a composite key.
    List(Arc<[Value]>),
    /// A set: sorted, without doubles.
    Set(Arc<[Value]>),
    /// A map: sorted by key, without doubles.
    Map(Arc<[(Value, Value)]>),
    /// A record: one cell for each field of its shape.
    Record(Arc<[Cell]>),
}

/// A field of a record as it arrived: only fields that rules read are decoded, and a misshapen one harms only who reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// A value of the field's type.
    Value(Value),
    /// It does not fit its type: why.
    Malformed(Arc<str>),
    /// No rule reads it.
    Unread,
}

/// Why a function or operator gives no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A result does not fit.
    Overflow,
    /// A value is not what it must be: why.
    Malformed(Arc<str>),
}

impl From<crate::decimal::Overflow> for Fault {
    fn from(_: crate::decimal::Overflow) -> Self {
        Self::Overflow
    }
}

/// A hash of values: of what keys are made of and calls are told apart by; what else they hold, comparing tells apart.
pub(crate) fn hash_of<'v>(values: impl IntoIterator<Item = &'v Value>) -> u64 {
    values.into_iter().fold(0, |hash, value| match value {
        Value::Text(text) => mixed(hash, of_text(text.as_bytes())),
        Value::Int(number) => mixed(hash, number.cast_unsigned()),
        Value::Enum(variant) => mixed(hash, u64::from(*variant)),
        _ => mixed(hash, 0),
    })
}

impl Value {
    /// A text value.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }

    /// Whether they say the same: equal, but for misshapen fields, which say nothing, whatever is wrong with them.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(ones), Self::List(others)) => {
                ones.len() == others.len() && ones.iter().zip(&**others).all(|(one, other)| one.says_the_same(other))
            }
            (Self::Map(ones), Self::Map(others)) => {
                ones.len() == others.len()
                    && ones.iter().zip(&**others).all(|(one, other)| one.0 == other.0 && one.1.says_the_same(&other.1))
            }
            (Self::Record(ones), Self::Record(others)) => {
                ones.len() == others.len()
                    && ones.iter().zip(&**others).all(|cells| match cells {
                        (Cell::Value(one), Cell::Value(other)) => one.says_the_same(other),
                        (Cell::Malformed(_), Cell::Malformed(_)) => true,
                        (one, other) => one == other,
                    })
            }
            (one, other) => one == other,
        }
    }

    /// A set of these members.
    #[must_use]
    pub fn set(mut members: Vec<Self>) -> Self {
        members.sort();
        members.dedup();
        Self::Set(members.into())
    }
}
