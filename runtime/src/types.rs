//! The types of values, shared by the compiler, the library and the evaluator.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Index of an enum in a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EnumId(pub u32);

/// Index of a record shape in a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordId(pub u32);

/// A currency: three capital letters of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads a code such as `USD`; `None` where it is not three capital ASCII letters.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// Digits of the minor unit, as ISO 4217 lists them (2 for most, 0 for JPY, 3 for KWD).
    #[must_use]
    pub fn minor_digits(&self) -> u8 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX" | b"UYI"
            | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = String;
    fn try_from(code: String) -> Result<Self, String> {
        Self::new(&code).ok_or_else(|| format!("`{code}` is no currency code"))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The type of a value. Ids index the enums and records of the program that the type belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A 64-bit integer.
    Int,
    /// An exact decimal number.
    Decimal,
    /// Text.
    Text,
    /// An amount of one currency.
    Money(Currency),
    /// A point in time.
    Time,
    /// A calendar day.
    Date,
    /// A time of day.
    TimeOfDay,
    /// A length of time.
    Duration,
    /// A day of the week, Monday first.
    Weekday,
    /// An IANA time zone name.
    Zone,
    /// A point in time seen in a zone: `.time`, `.weekday`, `.date`.
    Zoned,
    /// An e-mail address, normalised.
    Email,
    /// An absolute URL, normalised.
    Url,
    /// An absolute path, normalised.
    Path,
    /// One of an enum's variants.
    Enum(EnumId),
    /// The key of a record.
    Key(RecordId),
    /// A record.
    Record(RecordId),
    /// A list.
    List(Box<Type>),
    /// A set: equal members count once, order does not matter.
    Set(Box<Type>),
    /// A map, keyed by text or an enum (or anything written as a JSON member name: dates, keys).
    Map(Box<Type>, Box<Type>),
    /// A value or `none`.
    Optional(Box<Type>),
}

/// How a scalar stands in JSON.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Encoding {
    /// The usual way for its type.
    #[default]
    Plain,
    /// Money as an integer of minor units.
    MinorUnits,
    /// A time as seconds since 1970.
    EpochSeconds,
    /// A time as milliseconds since 1970.
    EpochMilliseconds,
    /// A time whose text has no zone, read in this one; a text that has a zone keeps it.
    InZone(String),
}
