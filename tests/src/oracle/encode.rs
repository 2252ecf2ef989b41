//! From values to JSON, for answers, and the masking of secrets.

use super::json::Json;
use super::value::Val;
use agentc_compiler::typed::{Encoding, Expr, Field, Type, Typed};
use jiff::Timestamp;

/// What stands for a secret.
pub const MASK: &str = "***";

/// A value of that type as JSON; fields of records that are secret are masked.
pub fn value(typed: &Typed, ty: &Type, encoding: &Encoding, value: &Val, secrets: Secrets) -> Json {
    let again = |ty: &Type, one: &Val| self::value(typed, ty, encoding, one, secrets);
    match (ty, value) {
        (_, Val::None) => Json::Null,
        (Type::Optional(inner), known) => again(inner, known),
        (_, Val::Bool(truth)) => Json::Bool(*truth),
        (_, Val::Int(number)) => Json::Number(number.to_string()),
        (_, Val::Decimal(number)) => Json::Number(number.to_string()),
        (_, Val::Money(amount, currency)) => Json::Object(vec![
            ("amount".to_owned(), Json::Text(amount.to_string())),
            ("currency".to_owned(), Json::Text(currency.to_string())),
        ]),
        (_, Val::Text(text)) => Json::Text(text.clone()),
        (_, Val::Time(nanoseconds)) => Json::Text(time(*nanoseconds).to_string()),
        (_, Val::Date(date)) => Json::Text(date.to_string()),
        (_, Val::TimeOfDay(time)) => Json::Text(time.to_string()),
        (_, Val::Duration(nanoseconds)) => Json::Text(jiff::SignedDuration::from_nanos_i128(*nanoseconds).to_string()),
        (_, Val::Weekday(day)) => {
            const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
            Json::Text(DAYS[usize::from(*day) - 1].to_owned())
        }
        (Type::Enum(id), Val::Enum(variant)) => {
            Json::Text(typed.enums[id.0 as usize].variants[*variant as usize].texts[0].clone())
        }
        (Type::Key(record), Val::List(parts)) => {
            let shape = &typed.records[record.0 as usize];
            let part = |(index, part): (&u32, &Val)| field_value(typed, &shape.fields[*index as usize], part, secrets);
            Json::List(shape.key.iter().zip(parts).map(part).collect())
        }
        (Type::Key(record), one) => {
            let shape = &typed.records[record.0 as usize];
            field_value(typed, &shape.fields[shape.key[0] as usize], one, secrets)
        }
        (Type::List(inner) | Type::Set(inner), Val::List(members) | Val::Set(members)) => {
            Json::List(members.iter().map(|member| again(inner, member)).collect())
        }
        (Type::Map(keys, members), Val::Map(entries)) => {
            let name = |key: &Val| match again(keys, key) {
                Json::Text(text) => text,
                other => other.canonical(),
            };
            Json::Object(entries.iter().map(|(key, member)| (name(key), again(members, member))).collect())
        }
        (Type::Record(id), Val::Record(fields)) => {
            let declared = &typed.records[id.0 as usize].fields;
            let known = declared.iter().zip(fields).filter_map(|(field, value)| Some((field, value.as_ref().ok()?)));
            Json::Object(known.map(|(field, value)| (field.name.clone(), field_value(typed, field, value, secrets))).collect())
        }
        (ty, value) => panic!("{value:?} is no {ty:?}"),
    }
}

/// Whether secrets are masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// They stand as they are: for what the host passes on.
    Open,
    /// They stand as [`MASK`].
    Masked,
}

fn field_value(typed: &Typed, field: &Field, inner: &Val, secrets: Secrets) -> Json {
    if field.secret && secrets == Secrets::Masked && *inner != Val::None {
        return Json::Text(MASK.to_owned());
    }
    value(typed, &field.ty, &field.encoding, inner, secrets)
}

/// An expression's value for people: masked where it is secret.
pub fn shown(typed: &Typed, expr: &Expr, known: &Val) -> Json {
    if expr.provenance.contains(agentc_compiler::typed::Provenance::SECRET) {
        return Json::Text(MASK.to_owned());
    }
    value(typed, &expr.ty, &Encoding::Plain, known, Secrets::Masked)
}

/// A point in time as jiff has it.
pub fn time(nanoseconds: i128) -> Timestamp {
    Timestamp::from_nanosecond(nanoseconds).expect("in range")
}
