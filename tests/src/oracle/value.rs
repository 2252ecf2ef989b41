//! The reference evaluator's own values.

use super::number::Number;
use agentc_runtime::types::Currency;
use agentc_runtime::value::{Cell, Value};
use jiff::civil;
use jiff::{SignedDuration, Timestamp};

/// A known value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Val {
    /// `none`.
    None,
    /// A truth value.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// An exact decimal.
    Decimal(Number),
    /// An amount.
    Money(Number, Currency),
    /// Text, and whatever is written as one in normal form: addresses, URLs, paths, zones.
    Text(String),
    /// A point in time, in nanoseconds since 1970.
    Time(i128),
    /// A day.
    Date(civil::Date),
    /// A time of day.
    TimeOfDay(civil::Time),
    /// A length of time in nanoseconds.
    Duration(i128),
    /// A day of the week, Monday is 1.
    Weekday(u8),
    /// A variant by index.
    Enum(u32),
    /// A list, or a composite key.
    List(Vec<Val>),
    /// A set, sorted and without doubles.
    Set(Vec<Val>),
    /// A map, sorted by key.
    Map(Vec<(Val, Val)>),
    /// A record, field by field.
    Record(Vec<FieldValue>),
    /// A time seen in a zone.
    Zoned(i128, String),
}

/// A field of a record: its value, or why it has none.
pub type FieldValue = Result<Val, String>;

impl Val {
    /// A set of these.
    pub fn set(mut members: Vec<Self>) -> Self {
        members.sort();
        members.dedup();
        Self::Set(members)
    }

    /// The truth value that a checked condition has.
    pub fn truth(&self) -> bool {
        match self {
            Self::Bool(truth) => *truth,
            other => panic!("a condition gave {other:?}"),
        }
    }

    /// A constant of the policy, or what a library function gave.
    pub fn from_shared(value: &Value) -> Self {
        match value {
            Value::None => Self::None,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Int(number) => Self::Int(*number),
            Value::Decimal(number) => Self::Decimal(number_from(*number)),
            Value::Money(amount, currency) => Self::Money(number_from(*amount), *currency),
            Value::Text(text) => Self::Text(text.to_string()),
            Value::Time(time) => Self::Time(time.as_nanosecond()),
            Value::Date(date) => Self::Date(*date),
            Value::TimeOfDay(time) => Self::TimeOfDay(*time),
            Value::Duration(duration) => Self::Duration(duration.as_nanos()),
            Value::Weekday(day) => Self::Weekday(*day),
            Value::Enum(variant) => Self::Enum(*variant),
            Value::List(members) => Self::List(members.iter().map(Self::from_shared).collect()),
            Value::Set(members) => Self::set(members.iter().map(Self::from_shared).collect()),
            Value::Map(entries) => {
                let mut entries: Vec<_> =
                    entries.iter().map(|(key, value)| (Self::from_shared(key), Self::from_shared(value))).collect();
                entries.sort();
                Self::Map(entries)
            }
            Value::Record(cells) => Self::Record(
                cells
                    .iter()
                    .map(|cell| match cell {
                        Cell::Value(value) => Ok(Self::from_shared(value)),
                        Cell::Malformed(why) => Err(why.to_string()),
                        Cell::Unread => Err("not read".to_owned()),
                    })
                    .collect(),
            ),
        }
    }

    /// The same value as library functions take it.
    pub fn to_shared(&self) -> Value {
        match self {
            Self::None => Value::None,
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Int(number) => Value::Int(*number),
            Self::Decimal(number) => Value::Decimal(number.to_string().parse().expect("it fits")),
            Self::Money(amount, currency) => Value::Money(amount.to_string().parse().expect("it fits"), *currency),
            Self::Text(text) => Value::text(text),
            Self::Time(nanoseconds) => Value::Time(Timestamp::from_nanosecond(*nanoseconds).expect("in range")),
            Self::Date(date) => Value::Date(*date),
            Self::TimeOfDay(time) => Value::TimeOfDay(*time),
            Self::Duration(nanoseconds) => Value::Duration(signed_duration(*nanoseconds)),
            Self::Weekday(day) => Value::Weekday(*day),
            Self::Enum(variant) => Value::Enum(*variant),
            Self::List(members) => Value::List(members.iter().map(Self::to_shared).collect()),
            Self::Set(members) => Value::set(members.iter().map(Self::to_shared).collect()),
            Self::Map(entries) => {
                let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key.to_shared(), value.to_shared())).collect();
                entries.sort();
                Value::Map(entries.into())
            }
            Self::Record(fields) => Value::Record(
                fields
                    .iter()
                    .map(|field| match field {
                        Ok(value) => Cell::Value(value.to_shared()),
                        Err(why) => Cell::Malformed(why.as_str().into()),
                    })
                    .collect(),
            ),
            Self::Zoned(..) => panic!("no library function takes a time in a zone"),
        }
    }
}

fn number_from(number: agentc_runtime::decimal::Decimal) -> Number {
    Number::new(number.coefficient().into(), u32::from(number.scale())).expect("it fits")
}

fn signed_duration(nanoseconds: i128) -> SignedDuration {
    const SECOND: i128 = 1_000_000_000;
    let seconds = i64::try_from(nanoseconds / SECOND).expect("in range");
    SignedDuration::new(seconds, i32::try_from(nanoseconds % SECOND).expect("a remainder"))
}
