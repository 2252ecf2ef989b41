//! Puts the e-mail addresses, URLs and paths of arguments into the normal form that is decided about.

use crate::json::Json;
use crate::policy::Policy;
use crate::program::{FieldShape, TypeId, TypeShape};
use crate::text::{email, path, url};

/// Every such text of an object whose fields fit.
pub(super) fn fields(policy: &Policy, fields: &[&FieldShape], json: &mut Json) {
    for field in fields {
        if let Some(json) = at(json, &field.path) {
            value(policy, field.ty, json);
        }
    }
}

fn at<'j>(json: &'j mut Json, path: &[String]) -> Option<&'j mut Json> {
    path.iter().try_fold(json, |json, name| match json {
        Json::Object(members) => members.iter_mut().find(|(member, _)| member == name).map(|(_, value)| value),
        _ => None,
    })
}

fn value(policy: &Policy, ty: TypeId, json: &mut Json) {
    match (policy.shape(ty), json) {
        (Some(TypeShape::Optional(inner)), json) => value(policy, *inner, json),
        (Some(TypeShape::List(inner) | TypeShape::Set(inner)), Json::List(members)) => {
            for member in members {
                value(policy, *inner, member);
            }
        }
        (Some(TypeShape::Map(key, inner)), Json::Object(members)) => {
            for (name, member) in members {
                if let Some(normal) = policy.shape(*key).and_then(|shape| normal(shape, name)) {
                    *name = normal;
                }
                value(policy, *inner, member);
            }
        }
        (Some(TypeShape::Record(record)), json) => {
            if let Some(shape) = policy.program().records.get(record.0 as usize) {
                fields(policy, &shape.fields.iter().collect::<Vec<_>>(), json);
            }
        }
        (Some(TypeShape::Key(record)), json) => {
            let types = policy.program().records.get(record.0 as usize).map(|shape| shape.key_types.as_slice());
            match (types, json) {
                (Some([ty]), json) => value(policy, *ty, json),
                (Some(types), Json::List(parts)) => {
                    for (ty, part) in types.iter().zip(parts) {
                        value(policy, *ty, part);
                    }
                }
                _ => {}
            }
        }
        (Some(shape), Json::Text(text)) => {
            if let Some(normal) = normal(shape, text) {
                *text = normal;
            }
        }
        _ => {}
    }
}

fn normal(shape: &TypeShape, text: &str) -> Option<String> {
    match shape {
        TypeShape::Email => email::normalise(text).ok(),
        TypeShape::Url => url::normalise(text).ok(),
        TypeShape::Path => path::normalise(text).ok(),
        _ => None,
    }
}
