//! The binary form of JSON: CBOR (RFC 8949), with numbers in place of well-known member names and with exact numbers only.

use super::read::{Bounds, Doubles, JsonError, JsonErrorKind, Kept};
use super::{Json, Number};
use minicbor::data::{IanaTag, Tag, Type};
use minicbor::{Decoder, Encoder};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The member names that stand as numbers: a name's number is its place from 0. Part of the ABI, so that names are only ever
/// added at the end.
pub const NAMES: &[&str] = &[
    "event",
    "at",
    "id",
    "run",
    "verb",
    "args",
    "answer",
    "call",
    "outcome",
    "by",
    "rule",
    "effect",
    "because",
    "file",
    "line",
    "fired",
    "values",
    "label",
    "value",
    "provenance",
    "read_at",
    "age_seconds",
    "model",
    "person",
    "retry",
    "allow",
    "key",
    "record",
    "source",
    "needs",
    "why",
    "approvals",
    "request",
    "approve",
    "roles",
    "result",
    "shows",
    "undo",
    "valid_until",
    "compensation",
    "reserve",
    "adds",
    "window",
    "from_result",
    "until",
    "retain_until",
    "gate",
    "requester",
    "binds",
    "show",
    "approvers",
    "quorum",
    "role",
    "identity",
    "user",
    "approved_by",
    "expires",
    "difference",
    "before",
    "after",
    "job",
    "input",
    "agent",
    "environment",
    "refused",
    "unclear",
    "absent",
    "unavailable",
    "cost",
    "tokens",
    "confidence",
    "signals",
    "scope",
    "shadow",
    "settled",
    "then",
    "next_stage",
    "escalated",
    "to",
    "happened",
    "changed",
    "undoable",
    "expect",
    "unknown",
    "verdict",
    "done",
    "unsettled",
    "void",
    "forget",
    "with",
    "allowed",
    "load",
    "commit",
    "cells",
    "version",
    "expected",
    "write",
    "keep_until",
];

static NUMBERS: LazyLock<BTreeMap<&'static str, u64>> = LazyLock::new(|| NAMES.iter().copied().zip(0..).collect());

/// Embedded JSON: the text of a number that has no other form here.
const EMBEDDED_JSON: Tag = Tag::new(262);

/// The most digits of a number that is written as a decimal fraction: such a number fits 64 bits.
const MAX_DIGITS: usize = 18;

/// The smallest exponent of a decimal fraction: more digits than that no decimal of the language has.
const MIN_EXPONENT: i64 = -38;

pub(super) fn write(json: &Json) -> Vec<u8> {
    let mut out = Encoder::new(Vec::new());
    // Writing to a vector cannot fail.
    let _ = write_value(json, &mut out);
    out.into_writer()
}

type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

fn write_value(json: &Json, out: &mut Encoder<Vec<u8>>) -> Written {
    match json {
        Json::Null => out.null()?.ok(),
        Json::Bool(truth) => out.bool(*truth)?.ok(),
        Json::Number(number) => write_number(number.as_str(), out),
        Json::Text(text) => out.str(text)?.ok(),
        Json::List(members) => {
            out.array(members.len() as u64)?;
            members.iter().try_for_each(|member| write_value(member, out))
        }
        Json::Object(members) => {
            out.map(members.len() as u64)?;
            members.iter().try_for_each(|(name, value)| {
                match NUMBERS.get(&**name) {
                    Some(number) => out.u64(*number)?,
                    None => out.str(name)?,
                };
                write_value(value, out)
            })
        }
    }
}

fn write_number(text: &str, out: &mut Encoder<Vec<u8>>) -> Written {
    if let Ok(number) = text.parse::<i64>()
        && text != "-0"
    {
        return out.i64(number)?.ok();
    }
    if let Some((exponent, mantissa)) = fraction(text) {
        return out.tag(IanaTag::Decimal)?.array(2)?.i64(exponent)?.i64(mantissa)?.ok();
    }
    out.tag(EMBEDDED_JSON)?.bytes(text.as_bytes())?.ok()
}

/// Exponent and mantissa of `-?digits.digits`, where they say that text and no other.
fn fraction(text: &str) -> Option<(i64, i64)> {
    let (whole, part) = text.split_once('.')?;
    let digits = whole.trim_start_matches('-').len().saturating_add(part.len());
    if digits > MAX_DIGITS || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mantissa: i64 = format!("{whole}{part}").parse().ok()?;
    let is_negative_zero = mantissa == 0 && text.starts_with('-');
    let exponent = i64::try_from(part.len()).ok()?.checked_neg()?;
    (!is_negative_zero).then_some((exponent, mantissa))
}

pub(super) fn read(bytes: &[u8], bounds: Bounds, kept: Option<&[&str]>) -> Result<Json, JsonError> {
    let bounds = bounds.allowed();
    if bytes.len() > bounds.bytes {
        return Err(JsonError { kind: JsonErrorKind::TooLong(bounds.bytes), offset: bounds.bytes });
    }
    let mut reader = Reader { bytes: Decoder::new(bytes), deepest: bounds.depth };
    let json = reader.value(0, Kept(kept))?;
    if reader.bytes.position() < bytes.len() { Err(reader.error(JsonErrorKind::Trailing)) } else { Ok(json) }
}

struct Reader<'b> {
    bytes: Decoder<'b>,
    deepest: usize,
}

impl<'b> Reader<'b> {
    fn error(&self, kind: JsonErrorKind) -> JsonError {
        JsonError { kind, offset: self.bytes.position() }
    }

    fn no_json<T>(&self, what: &'static str) -> Result<T, JsonError> {
        Err(self.error(JsonErrorKind::NoJson(what)))
    }

    /// What the decoder gives; where it fails, the place is where it stood before.
    fn take<T>(&mut self, read: impl FnOnce(&mut Decoder<'b>) -> Result<T, minicbor::decode::Error>) -> Result<T, JsonError> {
        let offset = self.bytes.position();
        read(&mut self.bytes).map_err(|error| {
            let kind = if error.is_end_of_input() {
                JsonErrorKind::CutShort
            } else {
                JsonErrorKind::NoJson("it is no value of the binary form, or a text that is no UTF-8")
            };
            JsonError { kind, offset }
        })
    }

    fn value(&mut self, depth: usize, kept: Kept<'_>) -> Result<Json, JsonError> {
        let kind = self.take(|bytes| bytes.datatype())?;
        match kind {
            Type::Null => self.take(Decoder::null).map(|()| Json::Null),
            Type::Bool => self.take(Decoder::bool).map(Json::Bool),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int => {
                let number = self.take(Decoder::int)?;
                Ok(Json::Number(Number(i128::from(number).to_string().into())))
            }
            Type::String => self.take(Decoder::str).map(|text| Json::Text(text.to_owned())),
            Type::Array => self.list(depth, kept),
            Type::Map => self.object(depth, kept),
            Type::Tag => self.number(),
            Type::F16 | Type::F32 | Type::F64 => {
                self.no_json("a float is no exact number; write it with tag 4, or with tag 262 as JSON text; it stands")
            }
            Type::ArrayIndef | Type::MapIndef | Type::StringIndef | Type::BytesIndef => {
                self.no_json("something of indefinite length stands")
            }
            Type::Bytes | Type::Undefined | Type::Simple | Type::Break | Type::Unknown(_) => {
                self.no_json("something that JSON does not have stands")
            }
        }
    }

    fn deeper(&self, depth: usize) -> Result<usize, JsonError> {
        if depth >= self.deepest {
            return Err(self.error(JsonErrorKind::TooDeep(self.deepest)));
        }
        Ok(depth.saturating_add(1))
    }

    /// The length of what was begun. No room is made for it ahead: it is only what the bytes claim.
    fn length(
        &mut self,
        read: impl FnOnce(&mut Decoder<'b>) -> Result<Option<u64>, minicbor::decode::Error>,
    ) -> Result<u64, JsonError> {
        match self.take(read)? {
            Some(length) => Ok(length),
            None => self.no_json("something of indefinite length stands"),
        }
    }

    fn list(&mut self, depth: usize, kept: Kept<'_>) -> Result<Json, JsonError> {
        let depth = self.deeper(depth)?;
        let length = self.length(Decoder::array)?;
        let mut members = Vec::new();
        for _ in 0..length {
            members.push(self.value(depth, kept.in_list())?);
        }
        Ok(Json::List(members))
    }

    fn object(&mut self, depth: usize, kept: Kept<'_>) -> Result<Json, JsonError> {
        let depth = self.deeper(depth)?;
        let length = self.length(Decoder::map)?;
        let mut members = Vec::new();
        let mut doubles = Doubles::default();
        for _ in 0..length {
            let offset = self.bytes.position();
            let name = self.name()?;
            if !kept.here() && doubles.has(&members, &name) {
                return Err(JsonError { kind: JsonErrorKind::Duplicate(name), offset });
            }
            let value = self.value(depth, kept.in_member(&name))?;
            members.push((name, value));
        }
        Ok(Json::Object(members))
    }

    fn name(&mut self) -> Result<String, JsonError> {
        match self.take(|bytes| bytes.datatype())? {
            Type::String => self.take(Decoder::str).map(str::to_owned),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 => {
                let error = self.bytes.position();
                let number = self.take(Decoder::u64)?;
                let name = usize::try_from(number).ok().and_then(|number| NAMES.get(number));
                name.map(|name| (*name).to_owned()).ok_or(JsonError { kind: JsonErrorKind::NoName(number), offset: error })
            }
            _ => self.no_json("a member's name must be a text or a number of a name; something else stands"),
        }
    }

    /// A number behind a tag.
    fn number(&mut self) -> Result<Json, JsonError> {
        let offset = self.bytes.position();
        let wrong = |what| JsonError { kind: JsonErrorKind::NoJson(what), offset };
        let tag = self.take(Decoder::tag)?;
        if tag == EMBEDDED_JSON {
            let text = self.take(Decoder::bytes)?;
            return match Json::read(text) {
                Ok(Json::Number(number)) => Ok(Json::Number(number)),
                _ => Err(wrong("tag 262 must hold the text of a number; it stands")),
            };
        }
        if tag != Tag::from(IanaTag::Decimal) {
            return Err(wrong("a tag that is neither 4 nor 262 stands"));
        }
        let pair = self.length(Decoder::array)?;
        let exponent = self.take(Decoder::i64)?;
        let mantissa = self.take(Decoder::i64)?;
        if pair != 2 || !(MIN_EXPONENT..=0).contains(&exponent) {
            return Err(wrong("tag 4 must hold an exponent from -38 to 0 and a mantissa of 64 bits; it stands"));
        }
        let places = usize::try_from(exponent.unsigned_abs()).unwrap_or(0);
        Ok(Json::Number(Number(point(mantissa, places).into())))
    }
}

/// A number with so many of its digits after the point.
fn point(mantissa: i64, places: usize) -> String {
    let sign = if mantissa < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = places.saturating_add(1));
    match digits.split_at_checked(digits.len().saturating_sub(places)) {
        Some((whole, part)) if !part.is_empty() => format!("{sign}{whole}.{part}"),
        _ => format!("{sign}{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Form;
    use proptest::prelude::*;

    fn read(bytes: &[u8], bounds: Bounds) -> Result<Json, JsonError> {
        Json::read_as(Form::Binary, bytes, bounds, None)
    }

    fn json(text: &str) -> Json {
        Json::read(text.as_bytes()).unwrap()
    }

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<char> = text.chars().filter(|char| !char.is_whitespace()).collect();
        digits.chunks(2).map(|two| u8::from_str_radix(&two.iter().collect::<String>(), 16).unwrap()).collect()
    }

    fn refused(bytes: &[u8]) -> String {
        read(bytes, Bounds::default()).unwrap_err().to_string()
    }

    #[test]
    fn the_bytes_are_those_of_rfc_8949() {
        for (text, bytes) in [
            ("null", "f6"),
            ("true", "f5"),
            ("0", "00"),
            ("-1", "20"),
            ("1000000000000", "1b000000e8d4a51000"),
            ("-9223372036854775808", "3b7fffffffffffffff"),
            ("\"ü\"", "62c3bc"),
            ("[1,[2,3]]", "8201820203"),
            ("{\"event\":\"tick\",\"other\":1}", "a200647469636b656f7468657201"),
            ("273.15", "c48221196ab3"),
            ("0.50", "c482211832"),
            ("-0.0", "d90106442d302e30"),
            ("1e3", "d90106433165 33"),
            ("18446744073709551615", "d90106543138343436373434303733373039353531363135"),
        ] {
            assert_eq!(json(text).write_as(Form::Binary), hex(bytes), "{text}");
            assert_eq!(read(&hex(bytes), Bounds::default()), Ok(json(text)), "{text}");
        }
    }

    #[test]
    fn other_writers_may_say_the_same_in_other_words() {
        for (bytes, text) in [
            ("1800", "0"),
            ("a1656576656e7401", "{\"event\":1}"),
            ("c482000a", "10"),
            ("c4822029", "-1.0"),
            ("1bffffffffffffffff", "18446744073709551615"),
            ("3bffffffffffffffff", "-18446744073709551616"),
        ] {
            assert_eq!(read(&hex(bytes), Bounds::default()), Ok(json(text)), "{bytes}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        for (bytes, why) in [
            ("", "the bytes end in the middle of a value at byte 0"),
            ("8201", "the bytes end in the middle of a value at byte 2"),
            ("9b7fffffffffffffff", "the bytes end in the middle of a value at byte 9"),
            ("0000", "something stands after the value at byte 1"),
            (
                "81fb3ff0000000000000",
                "a float is no exact number; write it with tag 4, or with tag 262 as JSON text; it stands at byte 1",
            ),
            ("9f01ff", "something of indefinite length stands at byte 0"),
            ("f7", "something that JSON does not have stands at byte 0"),
            ("4100", "something that JSON does not have stands at byte 0"),
            ("61ff", "it is no value of the binary form, or a text that is no UTF-8 at byte 0"),
            ("a2000100 01", "the member `event` stands twice in one object, the second time at byte 3"),
            ("a20001656576656e7401", "the member `event` stands twice in one object, the second time at byte 3"),
            ("a11903e701", "no member has the number 999 at byte 1"),
            ("a1f600", "a member's name must be a text or a number of a name; something else stands at byte 1"),
            ("c100", "a tag that is neither 4 nor 262 stands at byte 0"),
            ("d90106426e6f", "tag 262 must hold the text of a number; it stands at byte 0"),
            ("c482010a", "tag 4 must hold an exponent from -38 to 0 and a mantissa of 64 bits; it stands at byte 0"),
            ("c48338640a01", "tag 4 must hold an exponent from -38 to 0 and a mantissa of 64 bits; it stands at byte 0"),
        ] {
            assert_eq!(refused(&hex(bytes)), why, "{bytes}");
        }
    }

    #[test]
    fn doubled_members_are_kept_where_the_text_form_keeps_them() {
        let text = "{\"event\":{\"args\":{\"x\":1,\"x\":[{\"y\":1,\"y\":2}]}}}";
        let path = Some(&["event", "args"][..]);
        let kept = Json::read_as(Form::Text, text.as_bytes(), Bounds::default(), path).unwrap();
        let bytes = kept.write_as(Form::Binary);
        assert_eq!(Json::read_as(Form::Binary, &bytes, Bounds::default(), path), Ok(kept));
        assert!(refused(&bytes).starts_with("the member `x` stands twice in one object"), "{}", refused(&bytes));
    }

    #[test]
    fn bounds_hold_here_too() {
        let nested = |levels: usize| [vec![0x81; levels], vec![0]].concat();
        assert!(read(&nested(96), Bounds::default()).is_ok());
        assert_eq!(refused(&nested(97)), "nested more than 96 levels deep at byte 96");
        let few = Bounds { bytes: 10, depth: 2 };
        assert_eq!(read(&nested(3), few).unwrap_err().to_string(), "nested more than 2 levels deep at byte 2");
        assert_eq!(read(&[0; 11], few).unwrap_err().to_string(), "the text is longer than 10 bytes at byte 10");
    }

    #[test]
    fn no_name_has_two_numbers() {
        assert_eq!(NUMBERS.len(), NAMES.len());
    }

    #[test]
    fn the_documented_names_are_these() {
        let page = include_str!("../../wasm/ABI.md");
        let list = page.split_once("### Names").unwrap().1.split_once("### An event").unwrap().0;
        let rows = list.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
        let documented: Vec<&str> = rows.flat_map(|row| row.split('`').skip(1).step_by(2)).collect();
        assert_eq!(documented, NAMES);
        let tick = json("{\"event\":\"tick\",\"at\":\"2026-05-04T10:00:00Z\"}").write_as(Form::Binary);
        assert_eq!(tick, hex("a200647469636b0174323032362d30352d30345431303a30303a30305a"));
        assert_eq!(tick.len(), 29);
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?";
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            number.prop_map(|text| json(&text)),
            ".{0,8}".prop_map(Json::Text),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            let name = prop_oneof![prop::sample::select(NAMES).prop_map(str::to_owned), ".{0,6}"];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
                prop::collection::btree_map(name, inner, 0..24).prop_map(|members| Json::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(json in any_json()) {
            prop_assert_eq!(read(&json.write_as(Form::Binary), Bounds::default()), Ok(json));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(json) = read(&bytes, Bounds::default()) {
                // What was taken in is JSON: its text reads back as itself.
                prop_assert_eq!(Json::read(json.to_string().as_bytes()), Ok(json));
            }
        }
    }
}
