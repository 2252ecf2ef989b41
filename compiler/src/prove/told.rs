//! Values as JSON for the runtime and as text for people, in the policy's own words.

use super::witness::{Concrete, Made, Read, Scene};
use crate::diagnostic::text::verb_name;
use crate::logic::number_value;
use crate::typed::{Encoding, Type, Typed};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::json::Json;
use agentc_runtime::value::Value;
use jiff::SignedDuration;

/// A value with both of its forms.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    /// `none`
    Null,
    /// A scalar.
    Scalar {
        /// For the runtime.
        json: Json,
        /// For people.
        text: String,
        /// The model says something of it: any other value might not do.
        said: bool,
    },
    /// A list or set.
    List(Vec<Tree>),
    /// Members: name, place in JSON, value.
    Object(Vec<(String, Vec<String>, Tree)>),
}

impl Tree {
    /// As JSON.
    pub(crate) fn json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Scalar { json, .. } => json.clone(),
            Self::List(members) => Json::List(members.iter().map(Self::json).collect()),
            Self::Object(members) => {
                let mut object = Vec::new();
                for (_, path, value) in members.iter().filter(|(_, _, value)| *value != Self::Null) {
                    put(&mut object, path, value.json());
                }
                Json::Object(object)
            }
        }
    }

    /// As the language writes it. Of an object, only the members that matter where `only_said`.
    pub(super) fn text(&self, only_said: bool) -> String {
        match self {
            Self::Null => "none".to_owned(),
            Self::Scalar { text, .. } => text.clone(),
            Self::List(members) => {
                let members: Vec<String> = members.iter().map(|member| member.text(false)).collect();
                format!("[{}]", members.join(", "))
            }
            Self::Object(members) => {
                let shown = members.iter().filter(|(_, _, value)| !only_said || value.is_said());
                let members: Vec<String> = shown.map(|(name, _, value)| format!("{name}: {}", value.text(only_said))).collect();
                if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) }
            }
        }
    }

    /// As a literal that means it anywhere in a test: nothing is left out but what is `none`.
    pub(super) fn literal(&self) -> String {
        match self {
            Self::Null => "none".to_owned(),
            Self::Scalar { text, .. } => text.clone(),
            Self::List(members) => format!("[{}]", members.iter().map(Self::literal).collect::<Vec<_>>().join(", ")),
            Self::Object(members) => {
                let given = members.iter().filter(|(_, _, value)| *value != Self::Null);
                let entry = |(name, _, value): &(String, Vec<String>, Self)| {
                    let plain = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                        && name.chars().all(|next| next.is_ascii_alphanumeric() || next == '_');
                    let name = if plain { name.clone() } else { quoted(name) };
                    format!("{name}: {}", value.literal())
                };
                let entries: Vec<String> = given.map(entry).collect();
                if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
            }
        }
    }

    /// Whether it has no members.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Object(members) if members.iter().all(|(_, _, value)| *value == Self::Null))
    }

    /// Whether the model speaks of it, or it has members beside these.
    pub(super) fn says_more_than(&self, usual: &[&str]) -> bool {
        let Self::Object(members) = self else { return false };
        self.is_said() || members.iter().any(|(name, _, value)| *value != Self::Null && !usual.contains(&name.as_str()))
    }

    fn is_said(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Scalar { said, .. } => *said,
            Self::List(members) => !members.is_empty(),
            Self::Object(members) => members.iter().any(|(_, _, value)| value.is_said()),
        }
    }
}

fn put(object: &mut Vec<(String, Json)>, path: &[String], value: Json) {
    match path {
        [] => {}
        [last] => object.push((last.clone(), value)),
        [first, rest @ ..] => match object.iter_mut().find(|(name, _)| name == first) {
            Some((_, Json::Object(inner))) => put(inner, rest, value),
            _ => {
                let mut inner = Vec::new();
                put(&mut inner, rest, value);
                object.push((first.clone(), Json::Object(inner)));
            }
        },
    }
}

/// A scalar of a type.
pub(super) fn scalar(typed: &Typed, value: &Concrete, ty: &Type, encoding: &Encoding) -> Option<Tree> {
    let said = true;
    let of = |json: Json, text: String| Some(Tree::Scalar { json, text, said });
    match (value, ty) {
        (Concrete::None, _) => Some(Tree::Null),
        (value, Type::Optional(inner)) => scalar(typed, value, inner, encoding),
        (Concrete::Flag(flag), _) => of(Json::Bool(*flag), flag.to_string()),
        (Concrete::Text(name), Type::Enum(id)) => {
            let variants = typed.enums.get(id.0 as usize).map_or(&[][..], |shape| shape.variants.as_slice());
            let variant = variants.iter().find(|variant| variant.name == *name)?;
            of(Json::text(variant.texts.first()?.as_str()), name.clone())
        }
        (Concrete::Text(text), _) => of(Json::text(text.as_str()), quoted(text)),
        (Concrete::Items(items), Type::Key(record)) => {
            let record = typed.records.get(record.0 as usize)?;
            let types = record.key.iter().filter_map(|at| record.fields.get(*at as usize)).map(|field| &field.ty);
            let parts: Option<Vec<Tree>> =
                items.iter().zip(types).map(|(item, ty)| scalar(typed, item, ty, &Encoding::Plain)).collect();
            Some(Tree::List(parts?))
        }
        (value, Type::Key(record)) => {
            let record = typed.records.get(record.0 as usize)?;
            let field = record.fields.get(*record.key.first()? as usize)?;
            scalar(typed, value, &field.ty, &Encoding::Plain)
        }
        (Concrete::Items(items), Type::List(inner) | Type::Set(inner)) => {
            let items: Option<Vec<Tree>> = items.iter().map(|item| scalar(typed, item, inner, encoding)).collect();
            Some(Tree::List(items?))
        }
        (Concrete::Items(_), _) => None,
        (Concrete::Number(number), ty) => {
            let value = number_value(number, ty)?;
            let (json, text) = number_forms(&value, encoding)?;
            of(json, text)
        }
    }
}

fn number_forms(value: &Value, encoding: &Encoding) -> Option<(Json, String)> {
    let text = |text: String| (Json::text(text.as_str()), text);
    let epoch = |nanoseconds: i128| -> Option<Json> {
        Some(Json::Number(Decimal::new(nanoseconds, if *encoding == Encoding::EpochSeconds { 9 } else { 6 }).ok()?.into()))
    };
    let is_epoch = matches!(encoding, Encoding::EpochSeconds | Encoding::EpochMilliseconds);
    Some(match value {
        Value::Int(number) => (Json::int(*number), number.to_string()),
        Value::Decimal(number) => (Json::Number((*number).into()), number.to_string()),
        Value::Money(amount, currency) => {
            let json = if *encoding == Encoding::MinorUnits {
                let factor = 10_i128.checked_pow(u32::from(currency.minor_digits()))?;
                amount.checked_mul(Decimal::new(factor, 0).ok()?).ok()?
            } else {
                *amount
            };
            (Json::Number(json.into()), format!("{amount} {currency}"))
        }
        Value::Time(time) if is_epoch => (epoch(time.as_nanosecond())?, time.to_string()),
        Value::Time(time) => text(time.to_string()),
        Value::Date(date) => text(date.to_string()),
        Value::TimeOfDay(time) => text(time.to_string()),
        Value::Duration(duration) if is_epoch => (epoch(duration.as_nanos())?, duration_text(*duration)),
        Value::Duration(duration) => {
            let nanoseconds = Decimal::new(duration.as_nanos(), 9).ok()?;
            let sign = if nanoseconds.is_negative() { "-" } else { "" };
            let digits = nanoseconds.to_string();
            (Json::text(format!("{sign}PT{}S", digits.trim_start_matches('-'))), duration_text(*duration))
        }
        Value::Weekday(day) => {
            const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
            text((*DAYS.get(usize::from(*day).checked_sub(1)?)?).to_owned())
        }
        _ => return None,
    })
}

/// `15m`, `90m`: in the largest unit of the language that measures it.
pub(super) fn duration_literal(nanoseconds: u128) -> Option<String> {
    let units: [(u128, &str); 5] =
        [(86_400_000_000_000, "d"), (3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms")];
    units.iter().find_map(|(length, unit)| {
        let measured = nanoseconds.checked_rem(*length)? == 0 && nanoseconds > 0;
        measured.then_some(format!("{}{unit}", nanoseconds.checked_div(*length)?))
    })
}

/// `15m`, `-90m`; where no unit of the language measures it, what it is made of: `1h 5ns`.
fn duration_text(duration: SignedDuration) -> String {
    if let Some(literal) = duration_literal(duration.as_nanos().unsigned_abs()) {
        return format!("{}{literal}", if duration.is_negative() { "-" } else { "" });
    }
    let mut rest = duration.as_nanos().unsigned_abs();
    let units: [(u128, &str); 5] =
        [(86_400_000_000_000, "d"), (3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1, "ns")];
    let mut parts = Vec::new();
    for (length, unit) in units {
        let count = rest.checked_div(length).unwrap_or(0);
        rest = rest.checked_rem(length).unwrap_or(0);
        if count > 0 {
            parts.push(format!("{count}{unit}"));
        }
    }
    let sign = if duration.is_negative() { "-" } else { "" };
    if parts.is_empty() { "0s".to_owned() } else { format!("{sign}{}", parts.join(" ")) }
}

/// A text as the language writes it.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|character| match character {
        '\'' => "'".to_owned(),
        '\0' => "\\u{0}".to_owned(),
        other => other.escape_debug().to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// The run, a line each, as a test would write it.
pub(crate) fn lines(typed: &Typed, scene: &Scene, job: &str) -> Vec<String> {
    let mut lines = vec![format!("job {job}")];
    if scene.input != Tree::Object(Vec::new()) {
        lines.push(format!("input {}", scene.input.text(false)));
    }
    for (name, tree) in [("environment", &scene.environment), ("agent", &scene.agent), ("user", &scene.user)] {
        let text = tree.text(true);
        if text != "{}" {
            lines.push(format!("{name} {text}"));
        }
    }
    lines.extend(scene.records.iter().map(|read| record_line(typed, read)));
    if let Some(confidence) = scene.confidence {
        lines.push(format!("signal confidence {confidence}"));
    }
    lines.extend(scene.signals.iter().map(|(name, value)| format!("signal {name} {}", value.text(false))));
    if let Some(cost) = scene.cost {
        lines.push(format!("usage cost {cost} USD"));
    }
    if let Some(tokens) = scene.tokens {
        lines.push(format!("usage tokens {tokens}"));
    }
    lines
}

fn record_line(typed: &Typed, read: &Read) -> String {
    let name = typed.records.get(read.record.0 as usize).map_or("", |record| record.name.as_str());
    let key = match &read.key {
        Tree::List(parts) => parts.iter().map(|part| part.text(false)).collect::<Vec<_>>().join(", "),
        other => other.text(false),
    };
    match &read.value {
        Some(value) => format!("given {name}[{key}] {}", value.text(true)),
        None => format!("given {name}[{key}] absent"),
    }
}

/// `call shop.refund(order: "A-1", amount: 60 USD) at 2026-01-05T12:00:00Z`
pub(crate) fn call_line(typed: &Typed, made: &Made) -> String {
    let args = match &made.args {
        Tree::Object(members) => {
            members.iter().map(|(name, _, value)| format!("{name}: {}", value.text(false))).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    format!("call {}({args}) at {}", verb_name(made.verb, typed), made.at)
}
