//! Reads JSON text, strictly as RFC 8259 says, and refuses what two readers could take for two different things.

use super::{Json, Number};
use std::collections::BTreeSet;
use std::fmt;

/// The most bytes a JSON text may have.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The most levels that arrays and objects may be nested.
pub const MAX_DEPTH: usize = 96;

/// What a text may be at most. A host may want less than this build allows, never more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes, at most [`MAX_BYTES`].
    pub bytes: usize,
    /// Levels of arrays and objects, at most [`MAX_DEPTH`].
    pub depth: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { bytes: MAX_BYTES, depth: MAX_DEPTH }
    }
}

impl Bounds {
    /// The lesser of these and what this build allows.
    pub(super) fn allowed(self) -> Self {
        Self { bytes: self.bytes.min(MAX_BYTES), depth: self.depth.min(MAX_DEPTH) }
    }
}

/// An object with more members than this is searched for doubles with a set.
const FEW: usize = 16;

/// What is wrong with a JSON text, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// Where, in bytes from 0.
    pub offset: usize,
}

/// What is wrong with a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonErrorKind {
    /// More than so many bytes.
    TooLong(usize),
    /// More than so many levels.
    TooDeep(usize),
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// Something else stands where this was expected.
    Expected(Expected),
    /// The text ends where this was expected.
    Ends(Expected),
    /// Two members of one name in one object.
    Duplicate(String),
    /// A control character stands in a string.
    Control,
    /// A `\` is followed by nothing that may follow it.
    Escape,
    /// Half of a surrogate pair.
    Surrogate,
    /// Something stands after the value.
    Trailing,
    /// In the binary form: the bytes end too early.
    CutShort,
    /// In the binary form: something that is no JSON, what it is.
    NoJson(&'static str),
    /// In the binary form: a member's name by a number that no name has.
    NoName(u64),
}

/// What was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Value,
    ValueAfterColon,
    ValueAfterComma,
    MemberName,
    MemberNameAfterComma,
    Colon,
    CommaOrBrace,
    CommaOrBracket,
    Digit,
    Quote,
}

impl Expected {
    fn words(self) -> &'static str {
        match self {
            Self::Value => "a value",
            Self::ValueAfterColon => "a value after `:`",
            Self::ValueAfterComma => "a value after `,`",
            Self::MemberName => "a member name in double quotes or `}`",
            Self::MemberNameAfterComma => "a member name in double quotes after `,`",
            Self::Colon => "`:` after the member name",
            Self::CommaOrBrace => "`,` or `}` after the member",
            Self::CommaOrBracket => "`,` or `]` after the value",
            Self::Digit => "a digit of the number",
            Self::Quote => "the closing double quote of the string",
        }
    }
}

impl fmt::Display for JsonErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(most) => write!(f, "the text is longer than {most} bytes"),
            Self::TooDeep(most) => write!(f, "nested more than {most} levels deep"),
            Self::NotUtf8 => f.write_str("it is no UTF-8"),
            Self::Expected(what) => write!(f, "expected {}", what.words()),
            Self::Ends(what) => write!(f, "the text ends where {} was expected", what.words()),
            Self::Duplicate(name) => write!(f, "the member `{name}` stands twice in one object, the second time"),
            Self::Control => f.write_str("a control character stands in a string; write it as `\\u` and four digits"),
            Self::Escape => f.write_str("a `\\` in a string is followed by nothing that may follow it"),
            Self::Surrogate => f.write_str("half of a surrogate pair stands in a string"),
            Self::Trailing => f.write_str("something stands after the value"),
            Self::CutShort => f.write_str("the bytes end in the middle of a value"),
            Self::NoJson(what) => f.write_str(what),
            Self::NoName(number) => write!(f, "no member has the number {number}"),
        }
    }
}

/// Where doubled members are kept: at the end of a path of members that begins here, and below it; nowhere for `None`.
#[derive(Clone, Copy)]
pub(super) struct Kept<'p>(pub(super) Option<&'p [&'p str]>);

impl<'p> Kept<'p> {
    /// Whether they are kept right here.
    pub(super) fn here(self) -> bool {
        self.0.is_some_and(<[_]>::is_empty)
    }

    /// Where they are kept inside a member of that name.
    pub(super) fn in_member(self, name: &str) -> Self {
        Self(self.0.and_then(|path| match path.split_first() {
            None => Some(path),
            Some((first, rest)) => (*first == name).then_some(rest),
        }))
    }

    /// Where they are kept inside a list.
    pub(super) fn in_list(self) -> Self {
        Self(self.0.filter(|path| path.is_empty()))
    }
}

/// Reads a text; doubled members are kept at the end of that path of members, and refused everywhere else.
pub(super) fn read(bytes: &[u8], bounds: Bounds, kept: Option<&[&str]>) -> Result<Json, JsonError> {
    let bounds = bounds.allowed();
    if bytes.len() > bounds.bytes {
        return Err(JsonError { kind: JsonErrorKind::TooLong(bounds.bytes), offset: bounds.bytes });
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| JsonError { kind: JsonErrorKind::NotUtf8, offset: error.valid_up_to() })?;
    let mut reader = Reader { text, at: 0, deepest: bounds.depth };
    let json = reader.value(0, Kept(kept), Expected::Value)?;
    reader.blanks();
    match reader.peek() {
        None => Ok(json),
        Some(_) => Err(reader.error(JsonErrorKind::Trailing)),
    }
}

/// Reads one value of a longer text.
pub(super) fn read_at(text: &str, at: usize, depth: usize) -> Option<(Json, usize)> {
    let mut reader = Reader { text, at, deepest: MAX_DEPTH };
    let json = reader.value(depth, Kept(None), Expected::Value).ok()?;
    Some((json, reader.at))
}

/// Finds the member that stands twice in one object.
#[derive(Default)]
pub(super) struct Doubles(BTreeSet<String>);

impl Doubles {
    /// Whether the name is that of one of the members before it.
    pub(super) fn has(&mut self, members: &[(String, Json)], name: &str) -> bool {
        if members.len() < FEW {
            return members.iter().any(|(member, _)| member == name);
        }
        if self.0.is_empty() {
            self.0.extend(members.iter().map(|(member, _)| member.clone()));
        }
        !self.0.insert(name.to_owned())
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    deepest: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.step();
        }
        found
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.step();
        }
    }

    fn error(&self, kind: JsonErrorKind) -> JsonError {
        JsonError { kind, offset: self.at }
    }

    fn expected(&self, what: Expected) -> JsonError {
        self.error(if self.peek().is_some() { JsonErrorKind::Expected(what) } else { JsonErrorKind::Ends(what) })
    }

    fn value(&mut self, depth: usize, kept: Kept<'_>, what: Expected) -> Result<Json, JsonError> {
        self.blanks();
        match self.peek() {
            Some(b'{') => self.object(self.deeper(depth)?, kept),
            Some(b'[') => self.list(self.deeper(depth)?, kept.in_list()),
            Some(b'"') => {
                self.step();
                self.string().map(Json::Text)
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true), what),
            Some(b'f') => self.word("false", Json::Bool(false), what),
            Some(b'n') => self.word("null", Json::Null, what),
            _ => Err(self.expected(what)),
        }
    }

    fn deeper(&self, depth: usize) -> Result<usize, JsonError> {
        if depth >= self.deepest { Err(self.error(JsonErrorKind::TooDeep(self.deepest))) } else { Ok(depth.saturating_add(1)) }
    }

    fn word(&mut self, word: &str, json: Json, what: Expected) -> Result<Json, JsonError> {
        let rest = self.text.get(self.at..).unwrap_or("");
        if !rest.starts_with(word) {
            return Err(self.expected(what));
        }
        self.at = self.at.saturating_add(word.len());
        Ok(json)
    }

    fn list(&mut self, depth: usize, kept: Kept<'_>) -> Result<Json, JsonError> {
        self.step();
        let mut members = Vec::new();
        self.blanks();
        if self.eat(b']') {
            return Ok(Json::List(members));
        }
        let mut what = Expected::Value;
        loop {
            members.push(self.value(depth, kept, what)?);
            self.blanks();
            if self.eat(b']') {
                return Ok(Json::List(members));
            }
            if !self.eat(b',') {
                return Err(self.expected(Expected::CommaOrBracket));
            }
            what = Expected::ValueAfterComma;
        }
    }

    fn object(&mut self, depth: usize, kept: Kept<'_>) -> Result<Json, JsonError> {
        self.step();
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut doubles = Doubles::default();
        self.blanks();
        if self.eat(b'}') {
            return Ok(Json::Object(members));
        }
        let mut what = Expected::MemberName;
        loop {
            self.blanks();
            let start = self.at;
            if !self.eat(b'"') {
                return Err(self.expected(what));
            }
            let name = self.string()?;
            if !kept.here() && doubles.has(&members, &name) {
                return Err(JsonError { kind: JsonErrorKind::Duplicate(name), offset: start });
            }
            self.blanks();
            if !self.eat(b':') {
                return Err(self.expected(Expected::Colon));
            }
            let value = self.value(depth, kept.in_member(&name), Expected::ValueAfterColon)?;
            members.push((name, value));
            self.blanks();
            if self.eat(b'}') {
                return Ok(Json::Object(members));
            }
            if !self.eat(b',') {
                return Err(self.expected(Expected::CommaOrBrace));
            }
            what = Expected::MemberNameAfterComma;
        }
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.expected(Expected::Digit));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.step();
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.step();
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or("0");
        Ok(Json::Number(Number(text.into())))
    }

    /// The rest of a string whose opening quote is read.
    fn string(&mut self) -> Result<String, JsonError> {
        let mut out = String::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= 0x20) {
                self.step();
            }
            out.push_str(self.text.get(start..self.at).unwrap_or(""));
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => return Err(self.error(JsonErrorKind::Control)),
                None => return Err(self.expected(Expected::Quote)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let start = self.at;
        self.step();
        let plain = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.step();
                return self.unicode(start);
            }
            _ => return Err(JsonError { kind: JsonErrorKind::Escape, offset: start }),
        };
        self.step();
        Ok(plain)
    }

    /// What follows `\u`: four digits, and where they are the first half of a pair, the second half.
    fn unicode(&mut self, start: usize) -> Result<char, JsonError> {
        let lone = JsonError { kind: JsonErrorKind::Surrogate, offset: start };
        let first = self.four_digits(start)?;
        let mut units = vec![first];
        if (0xD800..0xDC00).contains(&first) {
            if !(self.eat(b'\\') && self.eat(b'u')) {
                return Err(lone);
            }
            units.push(self.four_digits(start)?);
        }
        let mut chars = char::decode_utf16(units);
        match (chars.next(), chars.next()) {
            (Some(Ok(char)), None) => Ok(char),
            _ => Err(lone),
        }
    }

    fn four_digits(&mut self, start: usize) -> Result<u16, JsonError> {
        let end = self.at.saturating_add(4);
        let digits = self.text.get(self.at..end).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        self.at = end;
        unit.ok_or(JsonError { kind: JsonErrorKind::Escape, offset: start })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Json, JsonError> {
        Json::read(bytes)
    }

    fn refused(text: &str) -> String {
        read(text.as_bytes()).unwrap_err().to_string()
    }

    fn number(text: &str) -> Json {
        Json::Number(Number(text.into()))
    }

    #[test]
    fn reads_values_in_their_order_with_their_exact_numbers() {
        let json = read(br#" {"b": [1.10, -0, 1E+2], "a": {"x": null, "y": true}, "": "" } "#).unwrap();
        assert_eq!(
            json,
            Json::object([
                ("b", Json::List(vec![number("1.10"), number("-0"), number("1E+2")])),
                ("a", Json::object([("x", Json::Null), ("y", Json::Bool(true))])),
                ("", Json::text("")),
            ])
        );
    }

    #[test]
    fn reads_escapes() {
        assert_eq!(read(br#""\"\\\/\b\f\n\r\t\u20ac\ud83d\ude00""#), Ok(Json::text("\"\\/\u{8}\u{c}\n\r\t\u{20ac}\u{1f600}")));
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (text, message) in [
            ("", "the text ends where a value was expected at byte 0"),
            (r#"{"a":}"#, "expected a value after `:` at byte 5"),
            (r#"{"a" 1}"#, "expected `:` after the member name at byte 5"),
            (r#"{"a":1 "b":2}"#, "expected `,` or `}` after the member at byte 7"),
            (r#"{"a":1,}"#, "expected a member name in double quotes after `,` at byte 7"),
            ("{a:1}", "expected a member name in double quotes or `}` at byte 1"),
            ("[1 2]", "expected `,` or `]` after the value at byte 3"),
            ("[1,]", "expected a value after `,` at byte 3"),
            ("[1", "the text ends where `,` or `]` after the value was expected at byte 2"),
            ("01", "something stands after the value at byte 1"),
            ("1.", "the text ends where a digit of the number was expected at byte 2"),
            ("+1", "expected a value at byte 0"),
            (".5", "expected a value at byte 0"),
            ("1e", "the text ends where a digit of the number was expected at byte 2"),
            ("NaN", "expected a value at byte 0"),
            ("nul", "expected a value at byte 0"),
            (r#"{"a":1,"b":2,"a":3}"#, "the member `a` stands twice in one object, the second time at byte 13"),
            (r#"{"a":1,"\u0061":3}"#, "the member `a` stands twice in one object, the second time at byte 7"),
            ("\"a\nb\"", "a control character stands in a string; write it as `\\u` and four digits at byte 2"),
            (r#""\x""#, "a `\\` in a string is followed by nothing that may follow it at byte 1"),
            (r#""\u12""#, "a `\\` in a string is followed by nothing that may follow it at byte 1"),
            (r#""\ud800""#, "half of a surrogate pair stands in a string at byte 1"),
            (r#""\ude00\ud83d""#, "half of a surrogate pair stands in a string at byte 1"),
            (r#""\ud83d\u0041""#, "half of a surrogate pair stands in a string at byte 1"),
            ("\"abc", "the text ends where the closing double quote of the string was expected at byte 4"),
            ("{} {}", "something stands after the value at byte 3"),
            ("\u{feff}{}", "expected a value at byte 0"),
        ] {
            assert_eq!(refused(text), message, "{text}");
        }
        assert_eq!(read(b"\"\xff\"").unwrap_err().to_string(), "it is no UTF-8 at byte 1");
    }

    #[test]
    fn many_members_are_searched_for_doubles_too() {
        let members: Vec<String> = (0..40).map(|i| format!("\"m{i}\":{i}")).collect();
        assert!(read(format!("{{{}}}", members.join(",")).as_bytes()).is_ok());
        let double = format!("{{{},\"m3\":0}}", members.join(","));
        assert!(refused(&double).starts_with("the member `m3` stands twice in one object"), "{}", refused(&double));
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(refused(&nested(MAX_DEPTH + 1)), "nested more than 96 levels deep at byte 96");
        assert_eq!(refused(&"[".repeat(20_000)), "nested more than 96 levels deep at byte 96");
        assert_eq!(
            read(&vec![b' '; MAX_BYTES + 1]).unwrap_err().to_string(),
            "the text is longer than 16777216 bytes at byte 16777216"
        );
    }

    #[test]
    fn doubled_members_are_kept_at_the_end_of_a_path_and_below_it() {
        let kept =
            |text: &str| super::read(text.as_bytes(), Bounds::default(), Some(&["event", "args"])).map(|json| json.to_string());
        for text in [
            r#"{"event":{"args":{"a":1,"a":2}}}"#,
            r#"{"event":{"args":{"a":[{"b":1,"b":1}],"c":{"d":1,"d":2}}},"args":1}"#,
            r#"{"event":{"args":[{"b":1,"b":1}]}}"#,
        ] {
            assert_eq!(kept(text), Ok(text.to_owned()));
        }
        for text in [
            r#"{"event":{"args":{},"args":{}}}"#,
            r#"{"event":{"id":{"a":1,"a":2}}}"#,
            r#"{"args":{"a":1,"a":2}}"#,
            r#"{"event":[{"args":{"a":1,"a":2}}]}"#,
            r#"{"event":{},"event":{"args":{}}}"#,
        ] {
            assert!(matches!(kept(text), Err(JsonError { kind: JsonErrorKind::Duplicate(_), .. })), "{text}");
        }
    }
}
