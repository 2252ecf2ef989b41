//! Constants of a test as the JSON that a host would send.

use agentc_compiler::typed::{Encoding, Expr, ExprKind, Field, Type, Typed};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::json::{Json, Number};
use agentc_runtime::value::Value;
use jiff::tz::TimeZone;

/// An object of these fields, each at its place; fields that are not given are left out.
#[must_use]
pub fn fields(typed: &Typed, declared: &[Field], given: &[(u32, Expr)]) -> Json {
    let mut object = Vec::new();
    for (at, value) in given {
        if let Some(field) = declared.get(*at as usize) {
            place(&mut object, &field.path, constant(typed, value, &field.ty, &field.encoding));
        }
    }
    Json::Object(object)
}

/// Lays the members of an object over another's; objects inside are laid over each other only along the places of fields.
pub(super) fn place(object: &mut Vec<(String, Json)>, path: &[String], value: Json) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        object.retain(|(name, _)| name != first);
        object.push((first.clone(), value));
        return;
    }
    if let Some((_, Json::Object(inner))) = object.iter_mut().find(|(name, _)| name == first) {
        place(inner, rest, value);
        return;
    }
    let mut inner = Vec::new();
    place(&mut inner, rest, value);
    object.retain(|(name, _)| name != first);
    object.push((first.clone(), Json::Object(inner)));
}

/// A constant expression as JSON of a type, in an encoding.
#[must_use]
pub fn constant(typed: &Typed, expr: &Expr, ty: &Type, encoding: &Encoding) -> Json {
    match (&expr.kind, ty) {
        (ExprKind::ToOptional(inner) | ExprKind::ToKey(inner), _) => constant(typed, inner, ty, encoding),
        (_, Type::Optional(inner)) => match &expr.kind {
            ExprKind::Const(Value::None) => Json::Null,
            _ => constant(typed, expr, inner, encoding),
        },
        (ExprKind::ToDecimal(inner), _) => constant(typed, inner, ty, encoding),
        (ExprKind::Const(value), _) => scalar(typed, value, ty, encoding),
        (ExprKind::Negate(inner), _) => negated(constant(typed, inner, ty, encoding)),
        (ExprKind::List(members), Type::List(inner) | Type::Set(inner)) => {
            Json::List(members.iter().map(|member| constant(typed, member, inner, encoding)).collect())
        }
        (ExprKind::RecordLiteral(given), Type::Record(record)) => {
            let declared = typed.records.get(record.0 as usize).map_or(&[][..], |record| &record.fields);
            fields(typed, declared, given)
        }
        (ExprKind::MapLiteral(entries), Type::Map(key, inner)) => Json::Object(
            entries
                .iter()
                .map(|(name, value)| {
                    (member_name(&scalar(typed, name, key, &Encoding::Plain)), constant(typed, value, inner, encoding))
                })
                .collect(),
        ),
        (ExprKind::CompositeKey(parts), Type::Key(record)) => {
            let types = key_types(typed, *record);
            Json::List(parts.iter().zip(&types).map(|(part, ty)| constant(typed, part, ty, &Encoding::Plain)).collect())
        }
        // Only constants stand in a checked test.
        _ => Json::Null,
    }
}

fn negated(json: Json) -> Json {
    let flip = |text: &str| text.strip_prefix('-').map_or_else(|| format!("-{text}"), str::to_owned);
    match json {
        Json::Number(number) => number.to_decimal().and_then(|decimal| decimal.checked_neg().ok()).map_or(Json::Null, decimal),
        Json::Text(text) => Json::Text(flip(&text)),
        other => other,
    }
}

fn key_types(typed: &Typed, record: agentc_compiler::typed::RecordId) -> Vec<Type> {
    typed.records.get(record.0 as usize).map_or_else(Vec::new, |record| {
        record.key.iter().filter_map(|at| record.fields.get(*at as usize)).map(|field| field.ty.clone()).collect()
    })
}

fn decimal(number: Decimal) -> Json {
    Json::Number(Number::from(number))
}

fn member_name(json: &Json) -> String {
    match json {
        Json::Text(text) => text.clone(),
        other => other.to_string(),
    }
}

fn scalar(typed: &Typed, value: &Value, ty: &Type, encoding: &Encoding) -> Json {
    match value {
        Value::None | Value::Record(_) => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Int(number) => Json::int(*number),
        Value::Decimal(number) => decimal(*number),
        Value::Money(amount, currency) => match encoding {
            Encoding::MinorUnits => Decimal::new(10i128.saturating_pow(u32::from(currency.minor_digits())), 0)
                .and_then(|factor| amount.checked_mul(factor))
                .map_or(Json::Null, decimal),
            _ => decimal(*amount),
        },
        Value::Text(text) => Json::text(text.as_ref()),
        Value::Time(time) => match encoding {
            Encoding::EpochSeconds => Json::int(time.as_second()),
            Encoding::EpochMilliseconds => Json::int(time.as_millisecond()),
            Encoding::Plain | Encoding::MinorUnits | Encoding::InZone(_) => {
                Json::text(time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.fZ").to_string())
            }
        },
        Value::Date(date) => Json::text(date.to_string()),
        Value::TimeOfDay(time) => Json::text(time.to_string()),
        Value::Duration(duration) => Json::text(duration.to_string()),
        Value::Weekday(day) => Json::text(weekday(*day)),
        Value::Enum(variant) => match ty {
            Type::Enum(id) => typed
                .enums
                .get(id.0 as usize)
                .and_then(|shape| shape.variants.get(*variant as usize))
                .and_then(|variant| variant.texts.first())
                .map_or(Json::Null, Json::text),
            // A key is written as the type that it has.
            Type::Key(record) => match key_types(typed, *record).as_slice() {
                [own] => scalar(typed, value, own, &Encoding::Plain),
                _ => Json::Null,
            },
            _ => Json::Null,
        },
        Value::List(members) | Value::Set(members) => match ty {
            Type::List(inner) | Type::Set(inner) => {
                Json::List(members.iter().map(|member| scalar(typed, member, inner, encoding)).collect())
            }
            Type::Key(record) => {
                let types = key_types(typed, *record);
                Json::List(members.iter().zip(&types).map(|(part, ty)| scalar(typed, part, ty, &Encoding::Plain)).collect())
            }
            _ => Json::Null,
        },
        Value::Map(entries) => match ty {
            Type::Map(key, inner) => Json::Object(
                entries
                    .iter()
                    .map(|(name, value)| {
                        (member_name(&scalar(typed, name, key, &Encoding::Plain)), scalar(typed, value, inner, encoding))
                    })
                    .collect(),
            ),
            _ => Json::Null,
        },
    }
}

fn weekday(day: u8) -> &'static str {
    match day {
        1 => "monday",
        2 => "tuesday",
        3 => "wednesday",
        4 => "thursday",
        5 => "friday",
        6 => "saturday",
        _ => "sunday",
    }
}
