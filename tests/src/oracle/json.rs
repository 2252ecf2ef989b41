//! JSON as it was written: numbers as their text, members in order, doubled members kept.

use regex::Regex;
use std::sync::LazyLock;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number's text.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, doubled members included.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a whole text; `None` where it is no JSON (RFC 8259).
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let value = reader.value()?;
        reader.blanks();
        reader.rest.is_empty().then_some(value)
    }

    /// The same value as it came with an event.
    pub fn of(json: &agentc_runtime::json::Json) -> Self {
        use agentc_runtime::json::Json as Sent;
        match json {
            Sent::Null => Self::Null,
            Sent::Bool(truth) => Self::Bool(*truth),
            Sent::Number(number) => Self::Number(number.as_str().to_owned()),
            Sent::Text(text) => Self::Text(text.clone()),
            Sent::List(members) => Self::List(members.iter().map(Self::of).collect()),
            Sent::Object(members) => Self::Object(members.iter().map(|(name, value)| (name.clone(), Self::of(value))).collect()),
        }
    }

    /// The same value for an answer.
    pub fn to_answer(&self) -> agentc_runtime::json::Json {
        agentc_runtime::json::Json::read(self.canonical().as_bytes()).expect("canonical JSON is JSON")
    }

    /// The member of that name; doubled members are their own case.
    pub fn member(&self, name: &str) -> Member<'_> {
        let Self::Object(members) = self else { return Member::NoObject };
        let mut found = members.iter().filter(|(member, _)| member == name);
        match (found.next(), found.next()) {
            (None, _) => Member::Missing,
            (Some((_, value)), None) => Member::One(value),
            (Some(_), Some(_)) => Member::Doubled,
        }
    }

    /// The value that stands at a path of members, where every member is there once.
    pub fn at<'a>(&'a self, path: &[String]) -> Member<'a> {
        let mut here = self;
        for name in path {
            if *here == Self::Null {
                return Member::Missing;
            }
            match here.member(name) {
                Member::One(value) => here = value,
                other => return other,
            }
        }
        Member::One(here)
    }

    /// Whether some object in it has a member twice.
    pub fn has_doubles(&self) -> bool {
        match self {
            Self::Object(members) => {
                let mut names: Vec<_> = members.iter().map(|(name, _)| name).collect();
                names.sort();
                names.windows(2).any(|pair| pair[0] == pair[1]) || members.iter().any(|(_, value)| value.has_doubles())
            }
            Self::List(members) => members.iter().any(Self::has_doubles),
            _ => false,
        }
    }

    /// Members ordered and strings escaped as in RFC 8785, numbers as their text.
    pub fn canonical(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(truth) => truth.to_string(),
            Self::Number(text) => text.clone(),
            Self::Text(text) => quoted(text),
            Self::List(members) => format!("[{}]", members.iter().map(Self::canonical).collect::<Vec<_>>().join(",")),
            Self::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                // "property name strings … sorted … as arrays of UTF-16 code units" (RFC 8785, 3.2.3)
                members.sort_by_key(|(name, _)| name.encode_utf16().collect::<Vec<_>>());
                let members = members.iter().map(|(name, value)| format!("{}:{}", quoted(name), value.canonical()));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
        }
    }
}

/// What an object has under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member<'a> {
    /// It is there.
    One(&'a Json),
    /// It is not there.
    Missing,
    /// It is there more than once.
    Doubled,
    /// This is no object.
    NoObject,
}

/// A string with the escapes of RFC 8785, 3.2.2.2.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            letter if letter < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, word: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    fn value(&mut self) -> Option<Json> {
        self.blanks();
        match self.rest.chars().next()? {
            'n' => self.take("null").map(|()| Json::Null),
            't' => self.take("true").map(|()| Json::Bool(true)),
            'f' => self.take("false").map(|()| Json::Bool(false)),
            '"' => self.string().map(Json::Text),
            '[' => self.list(),
            '{' => self.object(),
            _ => self.number(),
        }
    }

    fn list(&mut self) -> Option<Json> {
        self.take("[")?;
        let mut members = Vec::new();
        self.blanks();
        if self.take("]").is_some() {
            return Some(Json::List(members));
        }
        loop {
            members.push(self.value()?);
            self.blanks();
            if self.take("]").is_some() {
                return Some(Json::List(members));
            }
            self.take(",")?;
        }
    }

    fn object(&mut self) -> Option<Json> {
        self.take("{")?;
        let mut members = Vec::new();
        self.blanks();
        if self.take("}").is_some() {
            return Some(Json::Object(members));
        }
        loop {
            self.blanks();
            let name = self.string()?;
            self.blanks();
            self.take(":")?;
            members.push((name, self.value()?));
            self.blanks();
            if self.take("}").is_some() {
                return Some(Json::Object(members));
            }
            self.take(",")?;
        }
    }

    fn number(&mut self) -> Option<Json> {
        let end =
            self.rest.find(|letter: char| !matches!(letter, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        static GRAMMAR: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$").expect("a pattern"));
        if !GRAMMAR.is_match(text) {
            return None;
        }
        self.rest = rest;
        Some(Json::Number(text.to_owned()))
    }

    fn string(&mut self) -> Option<String> {
        self.take("\"")?;
        let mut out = String::new();
        loop {
            let letter = self.next()?;
            match letter {
                '"' => return Some(out),
                '\\' => out.push(self.escaped()?),
                letter if letter < ' ' => return None,
                letter => out.push(letter),
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = &self.rest[letter.len_utf8()..];
        Some(letter)
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.four_digits()?;
                if (0xD800..0xDC00).contains(&first) {
                    self.take("\\u")?;
                    let second = self.four_digits()?;
                    char::decode_utf16([first, second]).next()?.ok()?
                } else {
                    char::from_u32(u32::from(first))?
                }
            }
            _ => return None,
        })
    }

    fn four_digits(&mut self) -> Option<u16> {
        let digits = self.rest.get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.rest = &self.rest[4..];
        u16::from_str_radix(digits, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_doubles_and_the_text_of_numbers() {
        let json = Json::read(r#" {"a": 1.50, "a": [true, null, "\u00e9\ud83d\ude00\n"]} "#).unwrap();
        assert_eq!(json.member("a"), Member::Doubled);
        assert!(json.has_doubles());
        assert_eq!(json.canonical(), "{\"a\":1.50,\"a\":[true,null,\"é😀\\n\"]}");
    }

    #[test]
    fn refuses_what_is_no_json() {
        for text in ["", "{", "{\"a\" 1}", "01", "1.", "+1", "[1,]", "\"\u{1}\"", "\"\\ud800\"", "nul", "1 2", "\"\\x\""] {
            assert_eq!(Json::read(text), None, "{text}");
        }
    }

    #[test]
    fn orders_members_by_utf_16() {
        let json = Json::read("{\"\u{ff61}\":1,\"😀\":2,\"a\":3}").unwrap();
        assert_eq!(json.canonical(), "{\"a\":3,\"😀\":2,\"\u{ff61}\":1}");
    }
}
