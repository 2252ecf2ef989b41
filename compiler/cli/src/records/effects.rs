//! What a write changes in the records, told by the mapping file and applied to one world.

use super::mapping::{Change, Effect};
use super::path::{Place, Step, key_text};
use super::{Records, RecordsError};
use agentc_runtime::decimal::Decimal;
use serde_json::{Map, Value};

/// What a finished write brings: its arguments, its result and, inside `each`, the item.
#[derive(Debug, Clone, Copy)]
struct Scope<'v> {
    args: &'v Value,
    result: &'v Value,
    each: Option<&'v Value>,
}

/// Applies one effect; the records it changed, by name and key text, are added to `changed`.
pub(super) fn apply(
    records: &mut Records,
    effect: &Effect,
    args: &Value,
    result: &Value,
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

fn items(records: &Records, place: &Place, scope: Scope<'_>) -> Result<Vec<Value>, RecordsError> {
    match read(records, place, scope) {
        Some(Value::Array(items)) => Ok(items),
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
    if !effect.only.iter().all(|(place, value)| read(records, place, scope).as_ref() == Some(value)) {
        return Ok(());
    }
    let (target, value) = match &effect.change {
        Change::Set(target, value) => (target, Some(needed(records, value, scope)?)),
        Change::Append(target, value) => {
            let mut items = items(records, target, scope)?;
            items.push(needed(records, value, scope)?);
            (target, Some(Value::Array(items)))
        }
        Change::Add { target, by, subtract } => {
            let old = number(records, target, scope)?;
            let by = number(records, by, scope)?;
            let new = if *subtract { old.checked_sub(by) } else { old.checked_add(by) };
            let new = new.map_err(|_| RecordsError::effect(target, "the number does not fit"))?;
            let new =
                serde_json::from_str(&new.to_string()).map_err(|_| RecordsError::effect(target, "the number does not fit"))?;
            (target, Some(new))
        }
        Change::Remove(target) => (target, None),
    };
    let (key, members) = resolve_target(records, target, scope)?;
    let row = match members.split_last() {
        None => value,
        Some((last, before)) => {
            let mut row =
                records.row(&target.root, &key)?.ok_or_else(|| RecordsError::effect(target, "there is no such record"))?;
            let inner = before.iter().try_fold(&mut row, |value, name| value.get_mut(name.as_str()));
            let Some(Value::Object(object)) = inner else {
                return Err(RecordsError::effect(target, "it does not lead into an object"));
            };
            put(object, last, value);
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

fn put(object: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => {
            object.insert(name.to_owned(), value);
        }
        None => {
            object.remove(name);
        }
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
        Step::Entry(places) => {
            let values = places.iter().map(|place| read(records, place, scope)).collect::<Option<Vec<Value>>>()?;
            key_text(&values)
        }
    }
}

fn read(records: &Records, place: &Place, scope: Scope<'_>) -> Option<Value> {
    let mut names = place.steps.iter().map(|step| step_name(records, step, scope));
    let root = match place.root.as_str() {
        "args" => scope.args.clone(),
        "result" => scope.result.clone(),
        "each" => scope.each?.clone(),
        record => records.row(record, &names.next()??).ok()??,
    };
    names.try_fold(root, |value, name| Some(value.get(name?)?.clone()))
}

fn needed(records: &Records, place: &Place, scope: Scope<'_>) -> Result<Value, RecordsError> {
    read(records, place, scope).ok_or_else(|| RecordsError::effect(place, "there is nothing"))
}

fn number(records: &Records, place: &Place, scope: Scope<'_>) -> Result<Decimal, RecordsError> {
    match needed(records, place, scope)? {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
    .ok_or_else(|| RecordsError::effect(place, "it is no number"))
}
