//! What may not be seen of JSON: secrets masked, hidden fields taken out.

use crate::bind::MASK;
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{FieldShape, TypeId, TypeShape};

/// The text that stands for a secret.
pub(crate) fn masked() -> Json {
    Json::text(MASK)
}

/// Masks the secret fields of an object that holds these fields.
pub(crate) fn mask_fields(policy: &Policy, fields: &[FieldShape], json: &mut Json) {
    for field in fields {
        at_path(json, &field.path, &mut |place| {
            if field.secret {
                *place = masked();
            } else {
                mask_value(policy, field.ty, place);
            }
        });
    }
}

/// Masks the secret fields of records inside a value of that type.
pub(crate) fn mask_value(policy: &Policy, ty: TypeId, json: &mut Json) {
    match policy.shape(ty) {
        Some(TypeShape::Record(record)) => {
            if let Some(shape) = policy.program().records.get(record.0 as usize) {
                mask_fields(policy, &shape.fields, json);
            }
        }
        Some(TypeShape::Optional(inner)) => mask_value(policy, *inner, json),
        Some(TypeShape::List(inner) | TypeShape::Set(inner)) => {
            if let Json::List(members) = json {
                members.iter_mut().for_each(|member| mask_value(policy, *inner, member));
            }
        }
        Some(TypeShape::Map(_, inner)) => {
            if let Json::Object(members) = json {
                members.iter_mut().for_each(|(_, member)| mask_value(policy, *inner, member));
            }
        }
        _ => {}
    }
}

/// Takes a field out of a value: `path` holds field indices from the value's record inwards; lists and maps on the way are gone
/// through.
pub(crate) fn hide_fields(policy: &Policy, ty: TypeId, path: &[u32], json: &mut Json) {
    match policy.shape(ty) {
        Some(TypeShape::Optional(inner)) => hide_fields(policy, *inner, path, json),
        Some(TypeShape::List(inner) | TypeShape::Set(inner)) => {
            if let Json::List(members) = json {
                members.iter_mut().for_each(|member| hide_fields(policy, *inner, path, member));
            }
        }
        Some(TypeShape::Map(_, inner)) => {
            if let Json::Object(members) = json {
                members.iter_mut().for_each(|(_, member)| hide_fields(policy, *inner, path, member));
            }
        }
        Some(TypeShape::Record(record)) => {
            let Some((first, rest)) = path.split_first() else { return };
            let shape = policy.program().records.get(record.0 as usize);
            let Some(field) = shape.and_then(|shape| shape.fields.get(*first as usize)) else { return };
            if rest.is_empty() {
                take_out(json, &field.path);
            } else {
                at_path(json, &field.path, &mut |place| hide_fields(policy, field.ty, rest, place));
            }
        }
        _ => {}
    }
}

fn at_path(json: &mut Json, path: &[String], change: &mut dyn FnMut(&mut Json)) {
    let Some((first, rest)) = path.split_first() else { return change(json) };
    if let Json::Object(members) = json {
        // A member may stand there twice, in arguments that are denied for it; neither may be shown.
        members.iter_mut().filter(|(name, _)| name == first).for_each(|(_, member)| at_path(member, rest, change));
    }
}

fn take_out(json: &mut Json, path: &[String]) {
    let Some((last, before)) = path.split_last() else { return };
    at_path(json, before, &mut |place| {
        if let Json::Object(members) = place {
            members.retain(|(name, _)| name != last);
        }
    });
}
