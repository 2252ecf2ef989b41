//! Results: what is taken, and what the agent may see of it.
//!
//! > `result` (of an allowed call: `ok` with value, `refused` with code, or `unclear`) | what the agent may see of it (hidden rows
//! > and fields removed)

use super::arguments::at_path;
use super::json::{Json, Member};
use super::needs::sealed;
use super::scene::Scene;
use super::value::Val;
use super::world::{Allowed, Ended};
use super::{arguments, decode, expression::Names};
use agentc_compiler::typed::{Encoding, Expr, LocalId, Rule, RuleKind, Type, Typed};
use agentc_runtime::answer::Sealed;

/// What the agent may see of a result; nothing where it does not fit its type.
pub fn shown(scene: &Scene<'_>, call: &Allowed<'_>, ended: &Ended) -> Option<Sealed> {
    let Ended::Well(json, _) = ended else { return None };
    let typed = scene.typed();
    let verb = &typed.verbs[call.verb.index()];
    let Some(ty) = &verb.result else { return Some(sealed(json, json)) };
    let open = narrowed(scene, call, ty, &verb.result_encoding, json);
    let masked = arguments::mask(typed, ty, &open);
    Some(sealed(&open, &masked))
}

/// What the allows of the verb that were true leave of a value.
///
/// > `allow read crm.list_leads showing rows where approved hiding phone, email` narrows what a read may show
fn narrowed(scene: &Scene<'_>, call: &Allowed<'_>, ty: &Type, encoding: &Encoding, json: &Json) -> Json {
    let rules = &scene.world.job(call.run).rules;
    let allows: Vec<&Rule> = call.grant.allows.iter().map(|index| &rules[*index]).collect();
    // Whether a row is shown is asked of the row as the source answered it, whatever another allow hides of it.
    let kept = allows.iter().fold(json.clone(), |json, rule| match narrowing(rule).0 {
        Some((row, condition)) => keep_rows(scene, ty, encoding, &json, (*row, condition)),
        None => json,
    });
    allows.iter().flat_map(|rule| narrowing(rule).1).fold(kept, |json, path| hide(scene.typed(), ty, path, &json))
}

/// The rows that an allow shows, where it says so, and the fields that it hides.
fn narrowing(rule: &Rule) -> (Option<&(LocalId, Expr)>, &[Vec<u32>]) {
    let RuleKind::Allow { rows, hiding, .. } = &rule.kind else { panic!("only allows show results") };
    (rows.as_ref(), hiding)
}

/// The rows whose condition is true; not those for which it is false or unknown.
fn keep_rows(scene: &Scene<'_>, ty: &Type, encoding: &Encoding, json: &Json, row: (LocalId, &Expr)) -> Json {
    let is_shown = |ty: &Type, json: &Json| {
        let Ok(value) = decode::value(scene.typed(), ty, encoding, json, decode::Strictness::FieldByField) else { return false };
        let names = Names::default().with(row.0, value, super::unknown::Chosen::Otherwise);
        matches!(scene.value(row.1, &names), Ok(Val::Bool(true)))
    };
    match (ty, json) {
        (Type::Optional(inner), json) if *json != Json::Null => keep_rows(scene, inner, encoding, json, row),
        (Type::List(inner) | Type::Set(inner), Json::List(members)) => {
            Json::List(members.iter().filter(|member| is_shown(inner, member)).cloned().collect())
        }
        (Type::Map(_, inner), Json::Object(members)) => {
            Json::Object(members.iter().filter(|(_, member)| is_shown(inner, member)).cloned().collect())
        }
        (Type::Record(_), json) if !is_shown(ty, json) => Json::Null,
        (_, json) => json.clone(),
    }
}

/// A value without one field: the path goes from the value's record inwards, through lists and maps.
fn hide(typed: &Typed, ty: &Type, path: &[u32], json: &Json) -> Json {
    match (ty, json) {
        (Type::Optional(inner), json) => hide(typed, inner, path, json),
        (Type::List(inner) | Type::Set(inner), Json::List(members)) => {
            Json::List(members.iter().map(|member| hide(typed, inner, path, member)).collect())
        }
        (Type::Map(_, inner), Json::Object(members)) => {
            Json::Object(members.iter().map(|(name, member)| (name.clone(), hide(typed, inner, path, member))).collect())
        }
        (Type::Record(record), json) => {
            let Some((first, rest)) = path.split_first() else { return json.clone() };
            let field = &typed.records[record.0 as usize].fields[*first as usize];
            if rest.is_empty() {
                let (last, before) = field.path.split_last().expect("a path is never empty");
                at_path(json, before, &|object| match object {
                    Json::Object(members) => Json::Object(members.iter().filter(|(name, _)| name != last).cloned().collect()),
                    other => other.clone(),
                })
            } else {
                at_path(json, &field.path, &|inner| hide(typed, &field.ty, rest, inner))
            }
        }
        (_, json) => json.clone(),
    }
}

/// Whether what is shown of a result was written, wholly or in part, by outsiders. What was hidden, and `null`, shows nothing.
///
/// > `run saw untrusted` is set when such a value is shown to the agent
pub fn is_untrusted(typed: &Typed, call: &Allowed<'_>, shown: &Sealed) -> bool {
    let verb = &typed.verbs[call.verb.index()];
    let shown = Json::of(&shown.open);
    shown != Json::Null && (verb.result_untrusted || verb.result.as_ref().is_some_and(|ty| holds_untrusted(typed, ty, &shown)))
}

fn holds_untrusted(typed: &Typed, ty: &Type, json: &Json) -> bool {
    match (ty, json) {
        (_, Json::Null) => false,
        (Type::Record(record), _) => typed.records[record.0 as usize].fields.iter().any(|field| match json.at(&field.path) {
            Member::One(Json::Null) | Member::Missing | Member::NoObject => false,
            Member::One(held) => field.untrusted || holds_untrusted(typed, &field.ty, held),
            Member::Doubled => true,
        }),
        (Type::Optional(inner), _) => holds_untrusted(typed, inner, json),
        (Type::List(inner) | Type::Set(inner), Json::List(members)) => {
            members.iter().any(|one| holds_untrusted(typed, inner, one))
        }
        (Type::Map(_, inner), Json::Object(members)) => members.iter().any(|(_, one)| holds_untrusted(typed, inner, one)),
        _ => false,
    }
}

/// The same of a value that was read.
pub fn holds_untrusted_value(typed: &Typed, ty: &Type, value: &Val) -> bool {
    match (ty, value) {
        (Type::Optional(inner), value) if *value != Val::None => holds_untrusted_value(typed, inner, value),
        (Type::List(inner) | Type::Set(inner), Val::List(members) | Val::Set(members)) => {
            members.iter().any(|member| holds_untrusted_value(typed, inner, member))
        }
        (Type::Map(_, inner), Val::Map(entries)) => entries.iter().any(|(_, member)| holds_untrusted_value(typed, inner, member)),
        (Type::Record(record), Val::Record(fields)) => {
            typed.records[record.0 as usize].fields.iter().zip(fields).any(|(field, value)| {
                let held = value.as_ref().is_ok_and(|value| *value != Val::None);
                held && (field.untrusted || value.as_ref().is_ok_and(|value| holds_untrusted_value(typed, &field.ty, value)))
            })
        }
        _ => false,
    }
}
