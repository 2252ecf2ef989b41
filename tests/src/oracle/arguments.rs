//! The arguments of a call.

use super::decode;
use super::json::Json;
use super::value::Val;
use agentc_compiler::typed::{ArgId, Field, Type, Typed, VerbId};
use agentc_runtime::text::{email, path, url};

/// The most bytes that the arguments of one call may have, in canonical form (runtime/events.md, *Limits*).
const MOST_BYTES: usize = 1024 * 1024;

/// The arguments by slot, or why they do not fit.
///
/// > arguments that do not fit (unknown, missing, duplicate or ill-typed members)
pub fn read(typed: &Typed, verb: VerbId, json: &Json) -> Result<Vec<(ArgId, Val)>, String> {
    let params = &typed.verbs[verb.index()].params;
    let fields: Vec<&Field> = params.iter().map(|param| &param.field).collect();
    let values = decode::fields(typed, &fields, json)?;
    let mut args: Vec<(ArgId, Val)> = params.iter().map(|param| param.arg).zip(values).collect();
    args.sort_by_key(|(slot, _)| *slot);
    if canonical(typed, verb, json).canonical().len() > MOST_BYTES {
        return Err("they are too large".to_owned());
    }
    Ok(args)
}

/// The arguments as they were sent, addresses and paths in their normal form: what was decided is what is passed on.
pub fn canonical(typed: &Typed, verb: VerbId, json: &Json) -> Json {
    let fields: Vec<&Field> = typed.verbs[verb.index()].params.iter().map(|param| &param.field).collect();
    normal_fields(typed, &fields, json)
}

/// > strings … normalised … numbers kept as the exact decimal text that was decided
fn normal_fields(typed: &Typed, fields: &[&Field], json: &Json) -> Json {
    fields.iter().fold(json.clone(), |json, field| at_path(&json, &field.path, &|inner| normal(typed, &field.ty, inner)))
}

/// The same JSON with one place in it changed.
pub fn at_path(json: &Json, path: &[String], change: &dyn Fn(&Json) -> Json) -> Json {
    let Some((first, rest)) = path.split_first() else { return change(json) };
    match json {
        Json::Object(members) => Json::Object(
            members
                .iter()
                .map(|(name, value)| (name.clone(), if name == first { at_path(value, rest, change) } else { value.clone() }))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn normal(typed: &Typed, ty: &Type, json: &Json) -> Json {
    let text = |normal: Result<String, ()>| normal.map_or_else(|()| json.clone(), Json::Text);
    match (ty, json) {
        (Type::Email, Json::Text(written)) => text(email::normalise(written).map_err(|_| ())),
        (Type::Url, Json::Text(written)) => text(url::normalise(written).map_err(|_| ())),
        (Type::Path, Json::Text(written)) => text(path::normalise(written).map_err(|_| ())),
        (Type::Optional(inner), json) => normal(typed, inner, json),
        (Type::List(inner) | Type::Set(inner), Json::List(members)) => {
            Json::List(members.iter().map(|member| normal(typed, inner, member)).collect())
        }
        (Type::Map(keys, inner), Json::Object(members)) => Json::Object(
            members
                .iter()
                .map(|(name, value)| {
                    let name = match normal(typed, keys, &Json::Text(name.clone())) {
                        Json::Text(name) => name,
                        _ => name.clone(),
                    };
                    (name, normal(typed, inner, value))
                })
                .collect(),
        ),
        (Type::Key(record), json) => {
            let shape = &typed.records[record.0 as usize];
            let part = |index: &u32, json: &Json| normal(typed, &shape.fields[*index as usize].ty, json);
            match (shape.key.as_slice(), json) {
                ([one], json) => part(one, json),
                (several, Json::List(parts)) => {
                    Json::List(several.iter().zip(parts).map(|(one, json)| part(one, json)).collect())
                }
                (_, other) => other.clone(),
            }
        }
        (Type::Record(record), json) => {
            let fields: Vec<&Field> = typed.records[record.0 as usize].fields.iter().collect();
            normal_fields(typed, &fields, json)
        }
        _ => json.clone(),
    }
}

/// Arguments for the wire from values by parameter.
pub fn write(typed: &Typed, verb: VerbId, values: &[(u32, Val)], secrets: super::encode::Secrets) -> Json {
    let mut object = Vec::new();
    for (index, value) in values.iter().filter(|(_, value)| *value != Val::None) {
        let field = &typed.verbs[verb.index()].params[*index as usize].field;
        let json = if field.secret && secrets != super::encode::Secrets::Open {
            Json::Text(super::encode::MASK.to_owned())
        } else {
            super::encode::value(typed, &field.ty, &field.encoding, value, secrets)
        };
        super::encode::put(&mut object, &field.path, json);
    }
    Json::Object(object)
}

/// The arguments of a call for the people who judge it.
pub fn told(typed: &Typed, verb: VerbId, args: &[(ArgId, Val)]) -> Json {
    let params = (0u32..).zip(&typed.verbs[verb.index()].params);
    let values: Vec<(u32, Val)> = params
        .map(|(index, param)| {
            let (_, value) = args.iter().find(|(slot, _)| *slot == param.arg).expect("every parameter is bound");
            (index, value.clone())
        })
        .collect();
    write(typed, verb, &values, super::encode::Secrets::Told)
}

/// Canonical arguments with the secret ones masked.
pub fn masked(typed: &Typed, verb: VerbId, canonical: &str) -> Json {
    let json = Json::read(canonical).expect("canonical JSON is JSON");
    let fields: Vec<&Field> = typed.verbs[verb.index()].params.iter().map(|param| &param.field).collect();
    mask_fields(typed, &fields, &json)
}

fn mask_fields(typed: &Typed, fields: &[&Field], json: &Json) -> Json {
    fields.iter().fold(json.clone(), |json, field| {
        at_path(&json, &field.path, &|inner| {
            if field.secret { Json::Text(super::encode::MASK.to_owned()) } else { mask(typed, &field.ty, inner) }
        })
    })
}

/// Secret fields of records inside a value, masked.
pub fn mask(typed: &Typed, ty: &Type, json: &Json) -> Json {
    match (ty, json) {
        (Type::Optional(inner), json) => mask(typed, inner, json),
        (Type::List(inner) | Type::Set(inner), Json::List(members)) => {
            Json::List(members.iter().map(|member| mask(typed, inner, member)).collect())
        }
        (Type::Map(_, inner), Json::Object(members)) => {
            Json::Object(members.iter().map(|(name, member)| (name.clone(), mask(typed, inner, member))).collect())
        }
        (Type::Record(record), json) => {
            mask_fields(typed, &typed.records[record.0 as usize].fields.iter().collect::<Vec<_>>(), json)
        }
        _ => json.clone(),
    }
}
