//! Values in words, for people: as a policy would write them.

use super::write::{Audience, MASK, weekday};
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{TypeId, TypeShape};
use crate::value::{Cell, Value};
use jiff::SignedDuration;

/// A value as a policy would write it: `40 USD`, `delivered`, `"broken"`, `none`.
#[must_use]
pub fn words(policy: &Policy, ty: TypeId, value: &Value, audience: Audience) -> String {
    let list = |inner: TypeId, members: &[Value]| {
        let members: Vec<String> = members.iter().map(|member| words(policy, inner, member, audience)).collect();
        format!("[{}]", members.join(", "))
    };
    match (policy.shape(ty), value) {
        (Some(TypeShape::Optional(inner)), value) if *value != Value::None => words(policy, *inner, value, audience),
        (_, Value::None) => "none".into(),
        (_, Value::Bool(truth)) => truth.to_string(),
        (_, Value::Int(number)) => number.to_string(),
        (_, Value::Decimal(number)) => number.to_string(),
        (_, Value::Money(amount, currency)) => format!("{amount} {currency}"),
        (_, Value::Text(text)) => Json::text(text.as_ref()).to_string(),
        (_, Value::Time(time)) => time.to_string(),
        (_, Value::Date(date)) => date.to_string(),
        (_, Value::TimeOfDay(time)) => time.to_string(),
        (_, Value::Duration(length)) => duration(*length),
        (_, Value::Weekday(day)) => weekday(*day).to_owned(),
        (Some(TypeShape::Enum(id)), Value::Enum(variant)) => {
            let shape = policy.program().enums.get(id.0 as usize).and_then(|shape| shape.variants.get(*variant as usize));
            shape.map_or_else(String::new, |variant| variant.name.clone())
        }
        (Some(TypeShape::Key(record)), value) => {
            let Some(shape) = policy.program().records.get(record.0 as usize) else { return String::new() };
            let mut key = shape.key.iter().filter_map(|at| shape.fields.get(*at as usize));
            if audience != Audience::Host && key.any(|field| field.secret) {
                return MASK.to_owned();
            }
            match (shape.key_types.as_slice(), value) {
                ([part], value) => words(policy, *part, value, audience),
                (types, Value::List(parts)) => {
                    let parts = types.iter().zip(parts.iter()).map(|(ty, part)| words(policy, *ty, part, audience));
                    format!("({})", parts.collect::<Vec<_>>().join(", "))
                }
                _ => String::new(),
            }
        }
        (Some(TypeShape::Zoned), Value::List(pair)) => match pair.as_ref() {
            [Value::Time(time), Value::Text(zone)] => format!("{time} in {zone}"),
            _ => String::new(),
        },
        (Some(TypeShape::List(inner) | TypeShape::Set(inner)), Value::List(members) | Value::Set(members)) => {
            list(*inner, members)
        }
        (Some(TypeShape::Map(key, inner)), Value::Map(entries)) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(name, value)| {
                    format!("{}: {}", words(policy, *key, name, audience), words(policy, *inner, value, audience))
                })
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        (Some(TypeShape::Record(record)), Value::Record(cells)) => {
            let fields = policy.program().records.get(record.0 as usize).map_or(&[][..], |shape| &shape.fields);
            let cells = fields.iter().zip(cells.iter()).filter_map(|(field, cell)| {
                let value = match cell {
                    Cell::Unread => return None,
                    _ if field.secret && audience != Audience::Host => MASK.to_owned(),
                    Cell::Malformed(_) => "malformed".to_owned(),
                    Cell::Value(value) => words(policy, field.ty, value, audience),
                };
                Some(format!("{}: {value}", field.name))
            });
            format!("{{ {} }}", cells.collect::<Vec<_>>().join(", "))
        }
        _ => String::new(),
    }
}

/// `30d`, `1h 30m`, `0.5s`, `-4h`
fn duration(length: SignedDuration) -> String {
    const UNITS: [(&str, u128); 4] =
        [("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000)];
    let mut rest = length.as_nanos().unsigned_abs();
    let mut parts = Vec::new();
    for (name, size) in UNITS {
        let count = rest.checked_div(size).unwrap_or(0);
        rest = rest.checked_rem(size).unwrap_or(0);
        if name == "s" && rest > 0 {
            let fraction = format!("{rest:09}");
            parts.push(format!("{count}.{}s", fraction.trim_end_matches('0')));
        } else if count > 0 {
            parts.push(format!("{count}{name}"));
        }
    }
    if parts.is_empty() {
        return "0s".into();
    }
    let sign = if length.is_negative() { "-" } else { "" };
    format!("{sign}{}", parts.join(" "))
}
