//! Reads values that are not made of others.

use super::date_time;
use super::misfit::{Misfit, cut};
use super::read::Reader;
use crate::decimal::Decimal;
use crate::json::Json;
use crate::program::TypeShape;
use crate::text::{email, path, url};
use crate::types::{Currency, Encoding};
use crate::value::Value;

pub(super) fn read(reader: &Reader<'_>, shape: &TypeShape, encoding: &Encoding, json: &Json) -> Result<Value, Misfit> {
    let misfit = || Misfit::new(format!("must be {}{}", wanted(reader, shape, encoding), instead(reader, json)));
    let text = || json.as_text().ok_or_else(misfit);
    match shape {
        TypeShape::Bool => json.as_bool().map(Value::Bool).ok_or_else(misfit),
        TypeShape::Int => {
            let number = json.as_number().and_then(|number| number.to_decimal());
            number.and_then(Decimal::to_i64).map(Value::Int).ok_or_else(misfit)
        }
        TypeShape::Decimal => number(json).map(Value::Decimal).ok_or_else(misfit),
        TypeShape::Text => Ok(Value::text(text()?)),
        TypeShape::Money(currency) => money(reader, *currency, encoding, json),
        TypeShape::Time => date_time::time(reader.policy, encoding, json).map(Value::Time).ok_or_else(|| {
            // "Never" is often written as the last second of the year 9999.
            let late = json.as_text().is_some_and(date_time::is_too_late);
            if late {
                Misfit::new(format!("must be a time up to `{}`{}", date_time::LATEST, instead(reader, json)))
            } else {
                misfit()
            }
        }),
        TypeShape::Date => date_time::date(text()?).map(Value::Date).ok_or_else(misfit),
        TypeShape::TimeOfDay => date_time::time_of_day(text()?).map(Value::TimeOfDay).ok_or_else(misfit),
        TypeShape::Duration => date_time::duration(encoding, json).map(Value::Duration).ok_or_else(misfit),
        TypeShape::Weekday => date_time::weekday(text()?).map(Value::Weekday).ok_or_else(misfit),
        TypeShape::Zone => {
            let name = text()?;
            if reader.policy.zones().has(name) { Ok(Value::text(name)) } else { Err(misfit()) }
        }
        TypeShape::Email => normal(email::normalise(text()?), reader, shape, json),
        TypeShape::Url => normal(url::normalise(text()?), reader, shape, json),
        TypeShape::Path => normal(path::normalise(text()?), reader, shape, json),
        TypeShape::Enum(id) => {
            let name = text()?;
            let variants = reader.policy.program().enums.get(id.0 as usize).map_or(&[][..], |shape| &shape.variants);
            let found = variants.iter().zip(0u32..).find(|(variant, _)| variant.texts.iter().any(|text| text == name));
            found.map(|(_, index)| Value::Enum(index)).ok_or_else(misfit)
        }
        TypeShape::Zoned
        | TypeShape::Key(_)
        | TypeShape::Record(_)
        | TypeShape::List(_)
        | TypeShape::Set(_)
        | TypeShape::Map(..)
        | TypeShape::Optional(_) => Err(Misfit::new("cannot come from outside")),
    }
}

/// A number, or a text that is one.
pub(super) fn number(json: &Json) -> Option<Decimal> {
    match json {
        Json::Number(number) => number.to_decimal(),
        Json::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn normal<E: std::fmt::Display>(
    normalised: Result<String, E>,
    reader: &Reader<'_>,
    shape: &TypeShape,
    json: &Json,
) -> Result<Value, Misfit> {
    normalised.map(|text| Value::text(&text)).map_err(|why| {
        let wanted = wanted(reader, shape, &Encoding::Plain);
        Misfit::new(format!("must be {wanted}{}: {why}", instead(reader, json)))
    })
}

fn money(reader: &Reader<'_>, currency: Currency, encoding: &Encoding, json: &Json) -> Result<Value, Misfit> {
    let wanted = wanted(reader, &TypeShape::Money(currency), encoding);
    let amount = match json {
        Json::Object(members) => {
            let stated = json.get("currency").and_then(Json::as_text);
            match stated {
                Some(stated) if stated.eq_ignore_ascii_case(currency.code()) => {}
                Some(stated) if !reader.secret => {
                    return Err(Misfit::new(format!("must be {wanted}, not of `{}`", cut(stated))));
                }
                _ => return Err(Misfit::new(format!("must be {wanted}, with its `currency`"))),
            }
            if reader.is_strict()
                && let Some((name, _)) = members.iter().find(|(name, _)| name != "amount" && name != "currency")
            {
                return Err(Misfit::new("is not expected here; expected `amount`, `currency`").in_member(name));
            }
            json.get("amount").unwrap_or(&Json::Null)
        }
        other => other,
    };
    let amount = number(amount).and_then(|amount| match encoding {
        Encoding::MinorUnits if amount.scale() > 0 => None,
        Encoding::MinorUnits => Decimal::new(amount.coefficient(), currency.minor_digits()).ok(),
        _ => Some(amount),
    });
    amount
        .map(|amount| Value::Money(amount, currency))
        .ok_or_else(|| Misfit::new(format!("must be {wanted}{}", instead(reader, json))))
}

/// What stands there instead, for messages.
fn instead(reader: &Reader<'_>, json: &Json) -> String {
    match json {
        _ if reader.secret => String::new(),
        Json::Number(number) => format!(", not `{}`", cut(number.as_str())),
        Json::Text(text) => format!(", not the text `{}`", cut(text)),
        other => format!(", not {}", other.kind()),
    }
}

/// What is wanted, for messages.
fn wanted(reader: &Reader<'_>, shape: &TypeShape, encoding: &Encoding) -> String {
    match (shape, encoding) {
        (TypeShape::Bool, _) => "true or false".into(),
        (TypeShape::Int, _) => "a whole number of 64 bits".into(),
        (TypeShape::Decimal, _) => "a number of at most 28 digits after the point".into(),
        (TypeShape::Text, _) => "a text".into(),
        (TypeShape::Money(currency), Encoding::MinorUnits) => format!("a whole number of minor units of {currency}"),
        (TypeShape::Money(currency), _) => format!("an amount of {currency}"),
        (TypeShape::Time | TypeShape::Duration, Encoding::EpochSeconds) => "a number of seconds".into(),
        (TypeShape::Time | TypeShape::Duration, Encoding::EpochMilliseconds) => "a number of milliseconds".into(),
        (TypeShape::Time, Encoding::InZone(zone)) => {
            format!("a time such as `2026-05-04T10:00:00`, in {zone} where it has no zone")
        }
        (TypeShape::Time, _) => "a time with a zone, such as `2026-05-04T10:00:00Z`".into(),
        (TypeShape::Date, _) => "a date such as `2026-05-04`".into(),
        (TypeShape::TimeOfDay, _) => "a time of day such as `18:30`".into(),
        (TypeShape::Duration, _) => "a duration such as `PT15M`".into(),
        (TypeShape::Weekday, _) => "a day of the week such as `monday`".into(),
        (TypeShape::Zone, _) => "a time zone that the policy knows".into(),
        (TypeShape::Email, _) => "an e-mail address".into(),
        (TypeShape::Url, _) => "a URL".into(),
        (TypeShape::Path, _) => "an absolute path".into(),
        (TypeShape::Enum(id), _) => match reader.policy.program().enums.get(id.0 as usize) {
            Some(shape) => {
                let texts = shape.variants.iter().flat_map(|variant| &variant.texts);
                let listed: Vec<String> = texts.take(12).map(|text| format!("`{}`", cut(text))).collect();
                format!("one of {}", listed.join(", "))
            }
            None => "a variant".into(),
        },
        _ => "a value".into(),
    }
}
