//! Writes values as JSON: the forms that reading takes.

use super::date_time::WEEKDAYS;
use super::read::key_encoding;
use crate::decimal::Decimal;
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{FieldShape, TypeId, TypeShape};
use crate::types::{Currency, Encoding, RecordId};
use crate::value::{Cell, Value};
use jiff::Timestamp;

/// What is written for a secret.
pub const MASK: &str = "[secret]";

/// What is written for a field whose value is none of its type.
const MALFORMED: &str = "[malformed]";

/// For whom a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The host that executes the call: everything, in the forms that the tool takes.
    Host,
    /// The trace: the same with secrets as `"[secret]"`.
    Trace,
    /// People who judge: secrets as `"[secret]"`, and every amount of money with its currency.
    Person,
}

/// A value as JSON, by its type.
#[must_use]
pub fn write(policy: &Policy, ty: TypeId, encoding: &Encoding, value: &Value, audience: Audience) -> Json {
    let shape = policy.shape(ty);
    match (shape, value) {
        (Some(TypeShape::Optional(inner)), value) if *value != Value::None => write(policy, *inner, encoding, value, audience),
        (_, Value::None) => Json::Null,
        (_, Value::Bool(truth)) => Json::Bool(*truth),
        (_, Value::Int(number)) => Json::int(*number),
        (_, Value::Decimal(number)) => Json::Number((*number).into()),
        (_, Value::Money(amount, currency)) if audience == Audience::Person => {
            Json::object([("amount", Json::Number((*amount).into())), ("currency", Json::text(currency.code()))])
        }
        (_, Value::Money(amount, currency)) => Json::Number(money(*amount, *currency, encoding).into()),
        (_, Value::Text(text)) => Json::text(text.as_ref()),
        (_, Value::Time(time)) => write_time(*time, encoding),
        (_, Value::Date(date)) => Json::text(date.to_string()),
        (_, Value::TimeOfDay(time)) => Json::text(time.to_string()),
        (_, Value::Duration(duration)) => match epoch(duration.as_nanos(), encoding) {
            Some(number) => Json::Number(number.into()),
            None => Json::text(duration.to_string()),
        },
        (_, Value::Weekday(day)) => Json::text(weekday(*day)),
        (Some(TypeShape::Enum(id)), Value::Enum(variant)) => {
            let shape = policy.program().enums.get(id.0 as usize).and_then(|shape| shape.variants.get(*variant as usize));
            shape.and_then(|variant| variant.texts.first()).map_or(Json::Null, Json::text)
        }
        (Some(TypeShape::Key(record)), Value::List(parts)) => write_key(policy, *record, parts, audience),
        (Some(TypeShape::Key(record)), value) => write_key(policy, *record, std::slice::from_ref(value), audience),
        (Some(TypeShape::Zoned), Value::List(pair)) => match pair.as_ref() {
            [Value::Time(time), Value::Text(zone)] => Json::text(format!("{time}[{zone}]")),
            _ => Json::Null,
        },
        (Some(TypeShape::List(inner) | TypeShape::Set(inner)), Value::List(members) | Value::Set(members)) => {
            Json::List(members.iter().map(|member| write(policy, *inner, encoding, member, audience)).collect())
        }
        (Some(TypeShape::Map(key, inner)), Value::Map(entries)) => Json::Object(
            entries
                .iter()
                .map(|(name, value)| {
                    let name = match write(policy, *key, &Encoding::Plain, name, audience) {
                        Json::Text(text) => text,
                        other => other.to_string(),
                    };
                    (name, write(policy, *inner, encoding, value, audience))
                })
                .collect(),
        ),
        (Some(TypeShape::Record(record)), Value::Record(cells)) => {
            let shape = policy.program().records.get(record.0 as usize);
            let fields = shape.map_or(&[][..], |shape| &shape.fields);
            let mut out = Json::Object(Vec::new());
            for (field, cell) in fields.iter().zip(cells.iter()) {
                match cell {
                    Cell::Value(value) => put(&mut out, &field.path, write_field(policy, field, value, audience)),
                    Cell::Malformed(_) if field.secret && audience != Audience::Host => {
                        put(&mut out, &field.path, Json::text(MASK));
                    }
                    // `null` would be a value like another to whom it is shown.
                    Cell::Malformed(_) => put(&mut out, &field.path, Json::text(MALFORMED)),
                    Cell::Unread => {}
                }
            }
            out
        }
        _ => Json::Null,
    }
}

/// An object of fields; what is `none` is left out.
#[must_use]
pub fn write_fields(policy: &Policy, fields: &[&FieldShape], values: &[Value], audience: Audience) -> Json {
    let mut out = Json::Object(Vec::new());
    for (field, value) in fields.iter().zip(values).filter(|(_, value)| **value != Value::None) {
        put(&mut out, &field.path, write_field(policy, field, value, audience));
    }
    out
}

/// The key of a record: its part, or an array of its parts. A key whose field is secret is masked as a whole.
#[must_use]
pub fn write_key(policy: &Policy, record: RecordId, parts: &[Value], audience: Audience) -> Json {
    let Some(shape) = policy.program().records.get(record.0 as usize) else { return Json::Null };
    let mut fields = shape.key.iter().filter_map(|at| shape.fields.get(*at as usize));
    if audience != Audience::Host && fields.any(|field| field.secret) {
        return Json::text(MASK);
    }
    let parts = shape.key_types.iter().zip(parts).enumerate();
    let mut written = parts.map(|(i, (ty, part))| write(policy, *ty, &key_encoding(shape, i), part, audience));
    if shape.key_types.len() == 1 { written.next().unwrap_or(Json::Null) } else { Json::List(written.collect()) }
}

fn write_field(policy: &Policy, field: &FieldShape, value: &Value, audience: Audience) -> Json {
    if field.secret && audience != Audience::Host {
        return Json::text(MASK);
    }
    write(policy, field.ty, &field.encoding, value, audience)
}

fn put(out: &mut Json, path: &[String], value: Json) {
    let (Json::Object(members), Some((name, rest))) = (out, path.split_first()) else { return };
    if rest.is_empty() {
        members.push((name.clone(), value));
        return;
    }
    if !members.iter().any(|(member, _)| member == name) {
        members.push((name.clone(), Json::Object(Vec::new())));
    }
    if let Some((_, inner)) = members.iter_mut().find(|(member, _)| member == name) {
        put(inner, rest, value);
    }
}

fn money(amount: Decimal, currency: Currency, encoding: &Encoding) -> Decimal {
    if *encoding != Encoding::MinorUnits {
        return amount;
    }
    let factor = 10i64.checked_pow(u32::from(currency.minor_digits())).unwrap_or(1);
    amount.checked_mul(Decimal::from(factor)).unwrap_or(amount)
}

fn write_time(time: Timestamp, encoding: &Encoding) -> Json {
    match epoch(time.as_nanosecond(), encoding) {
        Some(number) => Json::Number(number.into()),
        None => Json::text(time.to_string()),
    }
}

fn epoch(nanoseconds: i128, encoding: &Encoding) -> Option<Decimal> {
    match encoding {
        Encoding::EpochSeconds => Decimal::new(nanoseconds, 9).ok(),
        Encoding::EpochMilliseconds => Decimal::new(nanoseconds, 6).ok(),
        _ => None,
    }
}

pub(super) fn weekday(day: u8) -> &'static str {
    WEEKDAYS.get(usize::from(day).wrapping_sub(1)).copied().unwrap_or("")
}
