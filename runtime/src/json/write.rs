//! Writes JSON text: plain, and canonical as RFC 8785 orders members and escapes strings.

use super::Json;
use std::fmt::{self, Write};

impl fmt::Display for Json {
    /// One line without blanks, members in their order.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, f, Order::Kept)
    }
}

impl Json {
    /// Canonical text: members sorted by UTF-16 code units and strings escaped as RFC 8785 says; numbers keep their own text.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = write(self, &mut out, Order::Canonical);
        out
    }
}

#[derive(Clone, Copy)]
enum Order {
    Kept,
    Canonical,
}

fn write(json: &Json, out: &mut dyn Write, order: Order) -> fmt::Result {
    match json {
        Json::Null => out.write_str("null"),
        Json::Bool(true) => out.write_str("true"),
        Json::Bool(false) => out.write_str("false"),
        Json::Number(number) => out.write_str(number.as_str()),
        Json::Text(text) => string(text, out),
        Json::List(members) => {
            out.write_char('[')?;
            for (i, member) in members.iter().enumerate() {
                if i > 0 {
                    out.write_char(',')?;
                }
                write(member, out, order)?;
            }
            out.write_char(']')
        }
        Json::Object(members) => {
            let mut members: Vec<&(String, Json)> = members.iter().collect();
            if let Order::Canonical = order {
                members.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
            }
            out.write_char('{')?;
            for (i, (name, value)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.write_char(',')?;
                }
                string(name, out)?;
                out.write_char(':')?;
                write(value, out, order)?;
            }
            out.write_char('}')
        }
    }
}

fn string(text: &str, out: &mut dyn Write) -> fmt::Result {
    out.write_char('"')?;
    for char in text.chars() {
        match char {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\u{8}' => out.write_str("\\b")?,
            '\t' => out.write_str("\\t")?,
            '\n' => out.write_str("\\n")?,
            '\u{c}' => out.write_str("\\f")?,
            '\r' => out.write_str("\\r")?,
            control @ '\0'..='\u{1f}' => write!(out, "\\u{:04x}", u32::from(control))?,
            other => out.write_char(other)?,
        }
    }
    out.write_char('"')
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
