//! From values to JSON, for answers, and the masking of secrets.

use super::json::Json;
use super::number::Number;
use super::value::Val;
use agentc_compiler::typed::{Encoding, Expr, Field, Type, Typed};
use jiff::Timestamp;

/// What stands for a secret.
pub const MASK: &str = "[secret]";

/// A value of that type as JSON; fields of records that are secret are masked.
pub fn value(typed: &Typed, ty: &Type, encoding: &Encoding, value: &Val, secrets: Secrets) -> Json {
    let again = |ty: &Type, one: &Val| self::value(typed, ty, encoding, one, secrets);
    match (ty, value) {
        (_, Val::None) => Json::Null,
        (Type::Optional(inner), known) => again(inner, known),
        (_, Val::Bool(truth)) => Json::Bool(*truth),
        (_, Val::Int(number)) => Json::Number(number.to_string()),
        (_, Val::Decimal(number)) => Json::Number(number.to_string()),
        (_, Val::Money(amount, currency)) if secrets == Secrets::Told => Json::Object(vec![
            ("amount".to_owned(), Json::Number(amount.to_string())),
            ("currency".to_owned(), Json::Text(currency.code().to_owned())),
        ]),
        (_, Val::Money(amount, currency)) if *encoding == Encoding::MinorUnits => {
            let unit = Number::whole(10i64.pow(u32::from(currency.minor_digits())));
            Json::Number(amount.times(&unit).map_or(String::new(), |units| units.to_string()))
        }
        (_, Val::Money(amount, _)) => Json::Number(amount.to_string()),
        (_, Val::Text(text)) => Json::Text(text.clone()),
        (_, Val::Time(nanoseconds) | Val::Duration(nanoseconds)) if *encoding == Encoding::EpochSeconds => {
            Json::Number(Number::new((*nanoseconds).into(), 9).expect("in range").to_string())
        }
        (_, Val::Time(nanoseconds) | Val::Duration(nanoseconds)) if *encoding == Encoding::EpochMilliseconds => {
            Json::Number(Number::new((*nanoseconds).into(), 6).expect("in range").to_string())
        }
        (_, Val::Time(nanoseconds)) => Json::Text(time(*nanoseconds).to_string()),
        (Type::Zoned, Val::Zoned(nanoseconds, zone)) => Json::Text(format!("{}[{zone}]", time(*nanoseconds))),
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
            let mut object = Vec::new();
            let read = fields.iter().map(|known| known.as_ref().err().is_none_or(|why| why != super::read::UNREAD));
            for ((field, known), _) in declared.iter().zip(fields).zip(read).filter(|(_, read)| *read) {
                let written = match known {
                    // What is secret does not show that it is misshapen either.
                    _ if field.secret && secrets != Secrets::Open => Json::Text(MASK.to_owned()),
                    Ok(known) => field_value(typed, field, known, secrets),
                    Err(_) => Json::Text("[malformed]".to_owned()),
                };
                put(&mut object, &field.path, written);
            }
            Json::Object(object)
        }
        (_, Val::Zoned(nanoseconds, zone)) => Json::Text(format!("{}[{zone}]", time(*nanoseconds))),
        (ty, value) => panic!("{value:?} is no {ty:?}"),
    }
}

/// Puts a value where it stands in an object.
pub fn put(object: &mut Vec<(String, Json)>, path: &[String], value: Json) {
    let (name, rest) = path.split_first().expect("a path is never empty");
    if rest.is_empty() {
        object.push((name.clone(), value));
        return;
    }
    let at = object.iter().position(|(member, _)| member == name).unwrap_or_else(|| {
        object.push((name.clone(), Json::Object(Vec::new())));
        object.len() - 1
    });
    let Json::Object(inner) = &mut object[at].1 else { panic!("two fields stand at one place") };
    put(inner, rest, value);
}

/// Whether secrets are masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// They stand as they are: for what the host passes on.
    Open,
    /// They stand as [`MASK`].
    Masked,
    /// The same, and every amount stands with its currency: for people who judge.
    Told,
}

fn field_value(typed: &Typed, field: &Field, inner: &Val, secrets: Secrets) -> Json {
    if field.secret && secrets != Secrets::Open {
        return Json::Text(MASK.to_owned());
    }
    value(typed, &field.ty, &field.encoding, inner, secrets)
}

/// An expression's value for people: masked where it is secret.
pub fn shown(typed: &Typed, expr: &Expr, known: &Val) -> Json {
    of(typed, expr, known, Secrets::Told)
}

/// An expression's value as counters hold it, masked where it is secret.
pub fn masked(typed: &Typed, expr: &Expr, known: &Val) -> Json {
    of(typed, expr, known, Secrets::Masked)
}

fn of(typed: &Typed, expr: &Expr, known: &Val, secrets: Secrets) -> Json {
    if expr.provenance.contains(agentc_compiler::typed::Provenance::SECRET) {
        return Json::Text(MASK.to_owned());
    }
    value(typed, &expr.ty, &Encoding::Plain, known, secrets)
}

/// A point in time as jiff has it.
pub fn time(nanoseconds: i128) -> Timestamp {
    Timestamp::from_nanosecond(nanoseconds).expect("in range")
}
