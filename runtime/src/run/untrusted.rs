//! What was written by outsiders in JSON that is shown.

use crate::json::Json;
use crate::policy::Policy;
use crate::program::{TypeId, TypeShape};

/// Whether JSON of that type holds a value in an untrusted field. A field that is not there, because there is none or because it
/// was hidden, shows nothing; nor does `null`.
pub(crate) fn shows_untrusted(policy: &Policy, ty: TypeId, json: &Json) -> bool {
    match (policy.shape(ty), json) {
        (_, Json::Null) => false,
        (Some(TypeShape::Record(record)), json) => {
            let shape = policy.program().records.get(record.0 as usize);
            shape.is_some_and(|shape| {
                shape.fields.iter().any(|field| {
                    let held = field.path.iter().try_fold(json, |json, name| json.get(name)).filter(|held| **held != Json::Null);
                    held.is_some_and(|held| field.untrusted || shows_untrusted(policy, field.ty, held))
                })
            })
        }
        (Some(TypeShape::Optional(inner)), json) => shows_untrusted(policy, *inner, json),
        (Some(TypeShape::List(inner) | TypeShape::Set(inner)), Json::List(members)) => {
            members.iter().any(|member| shows_untrusted(policy, *inner, member))
        }
        (Some(TypeShape::Map(_, inner)), Json::Object(members)) => {
            members.iter().any(|(_, member)| shows_untrusted(policy, *inner, member))
        }
        _ => false,
    }
}
