//! What a write changes in the records, told by the mapping file and applied to one world.

use super::mapping::{Change, Effect};
use super::path::{Key, Place, Step, key_text};
use super::{Records, RecordsError};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::json::{Json, Number};

/// What a finished write brings: its arguments, its result and, inside `each`, the item.
#[derive(Debug, Clone, Copy)]
struct Scope<'v> {
    args: &'v Json,
    result: &'v Json,
    each: Option<&'v Json>,
}

/// Applies one effect; the records it changed, by name and key text, are added to `changed`.
pub(super) fn apply(
    records: &mut Records,
    effect: &Effect,
    args: &Json,
    result: &Json,
    changed: &mut Vec<(String, String)>,
) -> Result<(), RecordsError> {
    let scope = Scope { args, result, each: None };
    let Some((list, beyond)) = &effect.each else {
        return apply_once(records, effect, scope, changed);
    };
    let skipped = match beyond {
        Some(place) => items(records, place, scope)?.len(),
        None => 0,
    };
    for item in items(records, list, scope)?.iter().skip(skipped) {
        apply_once(records, effect, Scope { each: Some(item), ..scope }, changed)?;
    }
    Ok(())
}

fn items(records: &Records, place: &Place, scope: Scope<'_>) -> Result<Vec<Json>, RecordsError> {
    match read(records, place, scope) {
        Some(Json::List(items)) => Ok(items),
        Some(_) => Err(RecordsError::effect(place, "it is no list")),
        None => Err(RecordsError::effect(place, "there is nothing")),
    }
}

fn apply_once(
    records: &mut Records,
    effect: &Effect,
    scope: Scope<'_>,
    changed: &mut Vec<(String, String)>,
) -> Result<(), RecordsError> {
    if !effect.only.iter().all(|(place, value)| read(records, place, scope).is_some_and(|found| equal(&found, value))) {
        return Ok(());
    }
    let (target, value) = match &effect.change {
        Change::Set(target, value) => (target, Some(needed(records, value, scope)?)),
        Change::Append(target, value) => {
            let mut items = items(records, target, scope)?;
            items.push(needed(records, value, scope)?);
            (target, Some(Json::List(items)))
        }
        Change::Add { target, by, subtract } => {
            let old = number(records, target, scope)?;
            let by = number(records, by, scope)?;
            let new = if *subtract { old.checked_sub(by) } else { old.checked_add(by) };
            let new = new.map_err(|_| RecordsError::effect(target, "the number does not fit"))?;
            (target, Some(Json::Number(Number::from(new))))
        }
        Change::Remove(target) => (target, None),
    };
    let (key, members) = resolve_target(records, target, scope)?;
    let row = match members.split_last() {
        None => value,
        Some((last, before)) => {
            let mut row =
                records.row(&target.root, &key).ok_or_else(|| RecordsError::effect(target, "there is no such record"))?;
            let inner = before.iter().try_fold(&mut row, |value, name| get_mut(value, name));
            let Some(Json::Object(members)) = inner else {
                return Err(RecordsError::effect(target, "it does not lead into an object"));
            };
            put(members, last, value);
            Some(row)
        }
    };
    records.overlay(&target.root, &key, row);
    let entry = (target.root.clone(), key);
    if !changed.contains(&entry) {
        changed.push(entry);
    }
    Ok(())
}

fn get_mut<'v>(value: &'v mut Json, name: &str) -> Option<&'v mut Json> {
    let Json::Object(members) = value else { return None };
    members.iter_mut().find(|(member, _)| member == name).map(|(_, value)| value)
}

fn put(members: &mut Vec<(String, Json)>, name: &str, value: Option<Json>) {
    match (members.iter_mut().find(|(member, _)| member == name), value) {
        (Some((_, old)), Some(value)) => *old = value,
        (None, Some(value)) => members.push((name.to_owned(), value)),
        (_, None) => members.retain(|(member, _)| member != name),
    }
}

/// Numbers are equal where their values are, however they are written.
fn equal(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => {
            left == right || left.to_decimal().is_some_and(|left| Some(left) == right.to_decimal())
        }
        _ => left == right,
    }
}

/// The key of the record that a target names, and the members that lead to the place inside it.
fn resolve_target(records: &Records, target: &Place, scope: Scope<'_>) -> Result<(String, Vec<String>), RecordsError> {
    let mut names = target.steps.iter().map(|step| step_name(records, step, scope));
    let nothing = || RecordsError::effect(target, "its key is not there");
    let key = names.next().flatten().ok_or_else(nothing)?;
    let members = names.collect::<Option<Vec<String>>>().ok_or_else(nothing)?;
    Ok((key, members))
}

fn step_name(records: &Records, step: &Step, scope: Scope<'_>) -> Option<String> {
    match step {
        Step::Member(name) => Some(name.clone()),
        Step::Entry(keys) => {
            let value = |key: &Key| match key {
                Key::At(place) => read(records, place, scope),
                Key::Literal(value) => Some(value.clone()),
            };
            let values = keys.iter().map(value).collect::<Option<Vec<Json>>>()?;
            key_text(&values)
        }
    }
}

fn read(records: &Records, place: &Place, scope: Scope<'_>) -> Option<Json> {
    let mut names = place.steps.iter().map(|step| step_name(records, step, scope));
    let root = match place.root.as_str() {
        "args" => scope.args.clone(),
        "result" => scope.result.clone(),
        "each" => scope.each?.clone(),
        record => records.row(record, &names.next()??)?,
    };
    names.try_fold(root, |value, name| Some(value.get(&name?)?.clone()))
}

fn needed(records: &Records, place: &Place, scope: Scope<'_>) -> Result<Json, RecordsError> {
    read(records, place, scope).ok_or_else(|| RecordsError::effect(place, "there is nothing"))
}

fn number(records: &Records, place: &Place, scope: Scope<'_>) -> Result<Decimal, RecordsError> {
    match needed(records, place, scope)? {
        Json::Number(number) => number.to_decimal(),
        Json::Text(text) => text.parse().ok(),
        _ => None,
    }
    .ok_or_else(|| RecordsError::effect(place, "it is no number"))
}
