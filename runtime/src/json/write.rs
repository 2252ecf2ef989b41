//! Writes JSON text: plain, and canonical as RFC 8785 orders members and escapes strings.

use super::Json;
use std::fmt;

impl fmt::Display for Json {
    /// One line without blanks, members in their order.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl Json {
    /// One line without blanks, members in their order: what `to_string` gives, written once.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::with_capacity(FIRST_TEXT);
        write(self, &mut out, Order::Kept);
        out
    }

    /// Canonical text: members sorted by UTF-16 code units and strings escaped as RFC 8785 says; numbers keep their own text.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        write(self, &mut out, Order::Canonical);
        out
    }
}

/// Room for the text at first: most answers are no longer.
const FIRST_TEXT: usize = 512;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Kept,
    Canonical,
}

fn write(json: &Json, out: &mut String, order: Order) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(number) => out.push_str(number.as_str()),
        Json::Text(text) => string(text, out),
        Json::List(members) => {
            out.push('[');
            for (i, member) in members.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(member, out, order);
            }
            out.push(']');
        }
        Json::Object(members) if order == Order::Canonical => {
            let mut members: Vec<&(String, Json)> = members.iter().collect();
            members.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
            object(members.into_iter(), out, order);
        }
        Json::Object(members) => object(members.iter(), out, order),
    }
}

fn object<'j>(members: impl Iterator<Item = &'j (String, Json)>, out: &mut String, order: Order) {
    out.push('{');
    for (i, (name, value)) in members.enumerate() {
        if i > 0 {
            out.push(',');
        }
        string(name, out);
        out.push(':');
        write(value, out, order);
    }
    out.push('}');
}

/// Everything up to the next character that is escaped is written at once.
fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some((plain, escaped, after)) = up_to_escape(rest) {
        out.push_str(plain);
        match escaped {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            8 => out.push_str("\\b"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            12 => out.push_str("\\f"),
            b'\r' => out.push_str("\\r"),
            control => out.push_str(&format!("\\u{control:04x}")),
        }
        rest = after;
    }
    out.push_str(rest);
    out.push('"');
}

/// What comes before the first character that is escaped, that character, and what comes after it.
fn up_to_escape(text: &str) -> Option<(&str, u8, &str)> {
    let at = text.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
    let (plain, from) = text.split_at_checked(at)?;
    Some((plain, *from.as_bytes().first()?, from.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        Json::read(text.as_bytes()).unwrap().canonical()
    }

    /// RFC 8785, section 3.2.3: members sorted by UTF-16 code units, not by UTF-8 bytes or code points.
    #[test]
    fn sorts_members_as_rfc_8785_does() {
        let text = r#"{
            "\u20ac": "Euro Sign",
            "\r": "Carriage Return",
            "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One",
            "\ud83d\ude00": "Emoji: Grinning Face",
            "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis"
        }"#;
        assert_eq!(
            canonical(text),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\
             \"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        );
    }

    /// RFC 8785, section 3.2.2: the string and the literals of its example.
    #[test]
    fn escapes_strings_as_rfc_8785_does() {
        let text = r#"{
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
            "literals": [null, true, false]
        }"#;
        assert_eq!(canonical(text), "{\"literals\":[null,true,false],\"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    #[test]
    fn numbers_keep_their_text_and_nested_members_are_sorted() {
        assert_eq!(
            canonical(r#"{"b":{"y":1.50,"x":1e3},"a":[{"d":-0,"c":0}]}"#),
            r#"{"a":[{"c":0,"d":-0}],"b":{"x":1e3,"y":1.50}}"#
        );
    }

    #[test]
    fn plain_text_keeps_the_order_and_reads_back() {
        let text = "{\"b\":[1.10,\"\\u0001\\b\\f\\t\u{7f}\"],\"a\":{}}";
        assert_eq!(Json::read(text.as_bytes()).unwrap().to_string(), text);
    }
}
