//! From JSON to values, by the declared types.

use super::json::{Json, Member};
use super::number::Number;
use super::value::{FieldValue, Val};
use super::zone;
use agentc_compiler::typed::{Encoding, EnumId, Field, RecordId, Type, Typed};
use agentc_runtime::text::{email, path, url};
use agentc_runtime::types::Currency;
use jiff::civil;
use regex::Regex;
use std::sync::LazyLock;

/// How strictly records inside are read.
///
/// > Arguments are validated wholly; records in the fields that rules read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Arguments: every field, no member that is not declared.
    Whole,
    /// Records and results: a misshapen field harms only who reads it.
    FieldByField,
}

/// Reads a value of that type.
pub fn value(typed: &Typed, ty: &Type, encoding: &Encoding, json: &Json, strict: Strictness) -> Result<Val, String> {
    let wrong = |wanted: &str| Err(format!("{wanted} is wanted, not {}", json.canonical()));
    let text = || match json {
        Json::Text(text) => Ok(text.as_str()),
        _ => Err(format!("a text is wanted, not {}", json.canonical())),
    };
    match ty {
        Type::Optional(inner) => match json {
            Json::Null => Ok(Val::None),
            _ => value(typed, inner, encoding, json, strict),
        },
        Type::Bool => match json {
            Json::Bool(truth) => Ok(Val::Bool(*truth)),
            _ => wrong("true or false"),
        },
        Type::Int => whole_number(json).map(Val::Int),
        Type::Decimal => number(json).map(Val::Decimal),
        Type::Text => Ok(Val::Text(text()?.to_owned())),
        Type::Money(currency) => money(*currency, encoding, json).map(|amount| Val::Money(amount, *currency)),
        Type::Time => time(encoding, json).map(Val::Time),
        Type::Date => date(text()?).map(Val::Date),
        Type::TimeOfDay => time_of_day(text()?).map(Val::TimeOfDay),
        Type::Duration => duration(text()?).map(Val::Duration),
        Type::Weekday => weekday(text()?).map(Val::Weekday),
        Type::Zone => {
            let name = text()?;
            zone::named(name).map(|_| Val::Text(name.to_owned())).ok_or_else(|| format!("`{name}` is no time zone"))
        }
        Type::Zoned => panic!("no declaration has a time in a zone"),
        Type::Email => email::normalise(text()?).map(Val::Text).map_err(|error| error.to_string()),
        Type::Url => url::normalise(text()?).map(Val::Text).map_err(|error| error.to_string()),
        Type::Path => path::normalise(text()?).map(Val::Text).map_err(|error| error.to_string()),
        Type::Enum(id) => variant(typed, *id, text()?),
        Type::Key(record) => key(typed, *record, json),
        Type::Record(id) => record(typed, *id, json, strict),
        Type::List(member) => match json {
            Json::List(members) => {
                members.iter().map(|json| value(typed, member, encoding, json, strict)).collect::<Result<_, _>>().map(Val::List)
            }
            _ => wrong("a list"),
        },
        Type::Set(member) => match json {
            Json::List(members) => {
                members.iter().map(|json| value(typed, member, encoding, json, strict)).collect::<Result<_, _>>().map(Val::set)
            }
            _ => wrong("a list"),
        },
        Type::Map(keys, members) => {
            let Json::Object(entries) = json else { return wrong("an object") };
            let mut map = Vec::new();
            for (name, json) in entries {
                let key = value(typed, keys, &Encoding::Plain, &Json::Text(name.clone()), strict)?;
                map.push((key, value(typed, members, encoding, json, strict)?));
            }
            map.sort();
            if map.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                return Err("a member stands there twice".to_owned());
            }
            Ok(Val::Map(map))
        }
    }
}

/// Reads a field where it stands in an object.
///
/// > `T?` null or absent is the value `none`
pub fn field(typed: &Typed, field: &Field, object: &Json, strict: Strictness) -> FieldValue {
    match object.at(&field.path) {
        Member::One(Json::Null) | Member::Missing if matches!(field.ty, Type::Optional(_)) => Ok(Val::None),
        Member::One(json) => value(typed, &field.ty, &field.encoding, json, strict),
        Member::Missing => Err(format!("`{}` is missing", field.name)),
        Member::Doubled => Err(format!("`{}` stands there twice", field.name)),
        Member::NoObject => Err(format!("`{}` does not stand in an object", field.name)),
    }
}

/// Reads all of these fields of an object that may have no other members: arguments, input, environment, identities.
pub fn fields(typed: &Typed, fields: &[&Field], object: &Json) -> Result<Vec<Val>, String> {
    if !matches!(object, Json::Object(_)) {
        return Err("an object is wanted".to_owned());
    }
    if object.has_doubles() {
        return Err("a member stands there twice".to_owned());
    }
    let paths: Vec<&[String]> = fields.iter().map(|field| field.path.as_slice()).collect();
    if let Some(name) = undeclared(object, &paths) {
        return Err(format!("`{name}` is not declared"));
    }
    fields.iter().map(|declared| field(typed, declared, object, Strictness::Whole)).collect()
}

/// A member that no path passes through.
fn undeclared(json: &Json, paths: &[&[String]]) -> Option<String> {
    let Json::Object(members) = json else { return None };
    for (name, value) in members {
        let below: Vec<&[String]> = paths.iter().filter(|path| path.first() == Some(name)).map(|path| &path[1..]).collect();
        if below.is_empty() {
            return Some(name.clone());
        }
        // Where a whole value is declared to stand, its own type says what may be in it.
        if below.iter().all(|path| !path.is_empty())
            && let Some(inner) = undeclared(value, &below)
        {
            return Some(inner);
        }
    }
    None
}

fn record(typed: &Typed, id: RecordId, json: &Json, strict: Strictness) -> Result<Val, String> {
    let declared = &typed.records[id.0 as usize].fields;
    if !matches!(json, Json::Object(_)) {
        return Err(format!("an object is wanted, not {}", json.canonical()));
    }
    match strict {
        Strictness::Whole => {
            let values = fields(typed, &declared.iter().collect::<Vec<_>>(), json)?;
            Ok(Val::Record(values.into_iter().map(Ok).collect()))
        }
        Strictness::FieldByField => Ok(Val::Record(declared.iter().map(|f| field(typed, f, json, strict)).collect())),
    }
}

/// > `Key<R>` | the key's JSON
pub fn key(typed: &Typed, id: RecordId, json: &Json) -> Result<Val, String> {
    let record = &typed.records[id.0 as usize];
    let parts: Vec<&Field> = record.key.iter().map(|index| &record.fields[*index as usize]).collect();
    let part = |field: &Field, json: &Json| value(typed, &field.ty, &field.encoding, json, Strictness::Whole);
    match (parts.as_slice(), json) {
        ([one], json) => part(one, json),
        (several, Json::List(values)) if several.len() == values.len() => {
            several.iter().zip(values).map(|(field, json)| part(field, json)).collect::<Result<_, _>>().map(Val::List)
        }
        _ => Err(format!("a key of `{}` is wanted, not {}", record.name, json.canonical())),
    }
}

fn variant(typed: &Typed, id: EnumId, text: &str) -> Result<Val, String> {
    let variants = &typed.enums[id.0 as usize].variants;
    let index = variants.iter().position(|variant| variant.texts.iter().any(|known| known == text));
    index.map(|index| Val::Enum(index as u32)).ok_or_else(|| format!("`{text}` is not listed"))
}

fn read_number(text: &str) -> Result<Number, String> {
    match Number::read(text) {
        Ok(Some(number)) => Ok(number),
        Ok(None) => Err(format!("`{text}` is no number")),
        Err(_) => Err(format!("`{text}` is too large or has too many digits")),
    }
}

/// > decimals: the same; a decimal also as a string
fn number(json: &Json) -> Result<Number, String> {
    match json {
        Json::Number(text) | Json::Text(text) => read_number(text),
        _ => Err(format!("a number is wanted, not {}", json.canonical())),
    }
}

fn whole_number(json: &Json) -> Result<i64, String> {
    match json {
        Json::Number(text) => read_number(text)?.to_i64().ok_or_else(|| format!("{text} is no 64-bit integer")),
        _ => Err(format!("an integer is wanted, not {}", json.canonical())),
    }
}

/// > number, decimal string, `{"amount":…,"currency":…}`, or minor units (`cents`); another currency at run time is malformed
fn money(currency: Currency, encoding: &Encoding, json: &Json) -> Result<Number, String> {
    if *encoding == Encoding::MinorUnits {
        let Json::Number(text) = json else { return Err(format!("minor units are wanted, not {}", json.canonical())) };
        let units = read_number(text)?.to_i128().ok_or_else(|| format!("{text} is no whole number"))?;
        return Number::minor_units(units, currency.minor_digits()).map_err(|_| "it does not fit".to_owned());
    }
    let Json::Object(members) = json else { return number(json) };
    match (json.member("amount"), json.member("currency")) {
        (Member::One(amount), Member::One(Json::Text(code))) if members.len() == 2 => {
            if code != currency.code() {
                return Err(format!("{currency} is wanted, not {code}"));
            }
            number(amount)
        }
        _ => Err("`amount` and `currency` are wanted".to_owned()),
    }
}

/// > RFC 3339, epoch with a declared unit; text without a zone needs one
fn time(encoding: &Encoding, json: &Json) -> Result<i128, String> {
    match encoding {
        Encoding::EpochSeconds => instant(epoch(json, 1_000_000_000)?),
        Encoding::EpochMilliseconds => instant(epoch(json, 1_000_000)?),
        Encoding::InZone(name) => {
            let Json::Text(text) = json else { return Err("a time is wanted".to_owned()) };
            match local_time(text) {
                Some(local) => {
                    let rules = zone::named(name).ok_or_else(|| format!("`{name}` is no time zone"))?;
                    zone::instant(local, &rules).ok_or_else(|| "it is out of range".to_owned())
                }
                None => rfc3339(text),
            }
        }
        Encoding::Plain | Encoding::MinorUnits => match json {
            Json::Text(text) => rfc3339(text),
            _ => Err(format!("a time is wanted, not {}", json.canonical())),
        },
    }
}

/// A number of units of so many nanoseconds, to the nanosecond.
fn epoch(json: &Json, unit: i64) -> Result<i128, String> {
    let Json::Number(text) = json else { return Err(format!("a number is wanted, not {}", json.canonical())) };
    let nanoseconds = read_number(text)?.times(&Number::whole(unit)).map_err(|_| "it does not fit".to_owned())?;
    nanoseconds.to_i128().ok_or_else(|| "it is finer than a nanosecond".to_owned())
}

/// A point in time that exists.
pub fn instant(nanoseconds: i128) -> Result<i128, String> {
    match jiff::Timestamp::from_nanosecond(nanoseconds) {
        Ok(_) => Ok(nanoseconds),
        Err(_) => Err("it is out of range".to_owned()),
    }
}

fn local_time(text: &str) -> Option<civil::DateTime> {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)$").expect("a pattern")
    });
    let parts = SHAPE.captures(text)?;
    Some(date(&parts[1]).ok()?.to_datetime(time_of_day(&parts[2]).ok()?))
}

/// A time with its zone's offset.
pub fn rfc3339(text: &str) -> Result<i128, String> {
    let wrong = || format!("`{text}` is no time of RFC 3339");
    static SHAPE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(.*)(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))$").expect("a pattern"));
    let parts = SHAPE.captures(text).ok_or_else(wrong)?;
    let local = local_time(&parts[1]).ok_or_else(wrong)?;
    let utc = zone::utc(local);
    if parts.get(2).is_some() {
        return instant(utc);
    }
    let (hours, minutes): (i128, i128) = (parts[4].parse().map_err(|_| wrong())?, parts[5].parse().map_err(|_| wrong())?);
    if hours > 23 || minutes > 59 {
        return Err(wrong());
    }
    let offset = (hours * 60 + minutes) * 60 * 1_000_000_000;
    instant(if &parts[3] == "-" { utc + offset } else { utc - offset })
}

/// `2026-05-04`
pub fn date(text: &str) -> Result<civil::Date, String> {
    let wrong = || format!("`{text}` is no date");
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^([0-9]{4})-([0-9]{2})-([0-9]{2})$").expect("a pattern"));
    let parts = SHAPE.captures(text).ok_or_else(wrong)?;
    let number = |index: usize| parts[index].parse::<i16>().expect("four digits");
    civil::Date::new(number(1), number(2) as i8, number(3) as i8).map_err(|_| wrong())
}

/// `08:30`, `08:30:15.5`
pub fn time_of_day(text: &str) -> Result<civil::Time, String> {
    let wrong = || format!("`{text}` is no time of day");
    static SHAPE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?$").expect("a pattern"));
    let parts = SHAPE.captures(text).ok_or_else(wrong)?;
    let number = |index: usize| parts.get(index).map_or(0, |part| part.as_str().parse::<i8>().expect("two digits"));
    let fraction = parts.get(4).map_or(0, |part| format!("{:0<9}", part.as_str()).parse().expect("nine digits"));
    civil::Time::new(number(1), number(2), number(3), fraction).map_err(|_| wrong())
}

/// ISO 8601: `PT15M`, `P30D`, `P1DT12H`, `PT0.5S`; weeks, days and smaller parts, in this order.
pub fn duration(text: &str) -> Result<i128, String> {
    let wrong = || format!("`{text}` is no length of time");
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(-)?P(?:([0-9]+)W)?(?:([0-9]+)D)?(T)?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:[.,]([0-9]{1,9}))?S)?$")
            .expect("a pattern")
    });
    let parts = SHAPE.captures(text).ok_or_else(wrong)?;
    let has_clock_parts = (5..=7).any(|index| parts.get(index).is_some());
    let has_parts = has_clock_parts || parts.get(2).is_some() || parts.get(3).is_some();
    if !has_parts || parts.get(4).is_some() != has_clock_parts {
        return Err(wrong());
    }
    const SECOND: i128 = 1_000_000_000;
    let mut sum = parts.get(8).map_or(0, |part| format!("{:0<9}", part.as_str()).parse().expect("nine digits"));
    for (index, unit) in [(2, 604_800), (3, 86_400), (5, 3600), (6, 60), (7, 1)] {
        let Some(part) = parts.get(index) else { continue };
        let count: i128 = part.as_str().parse().map_err(|_| wrong())?;
        sum = count.checked_mul(unit * SECOND).and_then(|part| part.checked_add(sum)).ok_or_else(wrong)?;
    }
    let sum = if parts.get(1).is_some() { -sum } else { sum };
    if i64::try_from(sum / SECOND).is_err() { Err(wrong()) } else { Ok(sum) }
}

fn weekday(text: &str) -> Result<u8, String> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    DAYS.iter()
        .position(|day| day.eq_ignore_ascii_case(text))
        .map(|index| index as u8 + 1)
        .ok_or_else(|| format!("`{text}` is no day of the week"))
}
