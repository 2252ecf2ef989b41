//! JSON as it crosses the boundary: every member once, in its order, and every number as the exact text that was sent. Only in the
//! arguments of a call are doubled members kept: they are an argument that does not fit, and the call is denied for it.
//!
//! This is code of our own because `serde_json` keeps the last of two members of one name without a word and reads numbers
//! through floating point; a decision must be about exactly what the tool will be sent.

mod binary;
mod read;
mod write;

pub use binary::NAMES;
pub use read::{Bounds, JsonError, JsonErrorKind, MAX_BYTES, MAX_DEPTH};

use crate::decimal::Decimal;

/// A JSON text as a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it was written.
    Number(Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object: its members in order.
    Object(Vec<(String, Json)>),
}

/// How JSON stands in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As text in UTF-8.
    Text,
    /// As CBOR with exact numbers, as `runtime/wasm/ABI.md` describes it.
    Binary,
}

/// A number: the exact text.
// INVARIANT: the text follows the grammar of RFC 8259.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(Box<str>);

impl Number {
    /// The text as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its exact value; `None` where it does not fit a decimal.
    #[must_use]
    pub fn to_decimal(&self) -> Option<Decimal> {
        self.0.parse().ok()
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(number.to_string().into())
    }
}

impl From<Decimal> for Number {
    fn from(number: Decimal) -> Self {
        Self(number.to_string().into())
    }
}

impl Json {
    /// Reads one JSON text of at most [`MAX_BYTES`] bytes, nested at most [`MAX_DEPTH`] levels deep.
    ///
    /// # Errors
    /// [`JsonError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, JsonError> {
        Self::read_as(Form::Text, bytes, Bounds::default(), None)
    }

    /// Reads one JSON text as [`Json::read`] does, but keeps doubled members in what stands at the end of a path of members, so that
    /// whoever reads that can say what is wrong with it.
    ///
    /// # Errors
    /// [`JsonError`] says what is wrong and where.
    pub(crate) fn read_keeping_doubles(bytes: &[u8], path: &[&str]) -> Result<Self, JsonError> {
        Self::read_as(Form::Text, bytes, Bounds::default(), Some(path))
    }

    /// Reads the value that begins at this byte of a text and stands inside that many others; gives where it ends too. Doubled members
    /// are refused; `None` where anything is wrong.
    pub(crate) fn read_at(text: &str, at: usize, depth: usize) -> Option<(Self, usize)> {
        read::read_at(text, at, depth)
    }

    /// Reads either form within a host's own bounds. Doubled members are kept at the end of that path of members and refused
    /// everywhere else.
    ///
    /// # Errors
    /// [`JsonError`] says what is wrong and where.
    pub fn read_as(form: Form, bytes: &[u8], bounds: Bounds, doubles: Option<&[&str]>) -> Result<Self, JsonError> {
        match form {
            Form::Text => read::read(bytes, bounds, doubles),
            Form::Binary => binary::read(bytes, bounds, doubles),
        }
    }

    /// Writes either form.
    #[must_use]
    pub fn write_as(&self, form: Form) -> Vec<u8> {
        match form {
            Form::Text => self.to_text().into_bytes(),
            Form::Binary => binary::write(self),
        }
    }

    /// A string.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// An integer.
    #[must_use]
    pub fn int(number: i64) -> Self {
        Self::Number(number.into())
    }

    /// An object of these members.
    pub fn object<N: Into<String>>(members: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// The member of that name, where this is an object that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// The string, where this is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The truth value, where this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The number, where this is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    /// The members of the array, where this is one.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(members) = self { Some(members) } else { None }
    }

    /// The members of the object, where this is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&[(String, Self)]> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// What it is, for messages: `a text`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a truth value",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}
