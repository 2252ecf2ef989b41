//! Writes whose outcome nobody knows: while one is not settled, no host makes another of the same verb and key.

use super::cells::{Cells, job_cell, verb_name};
use crate::bind::{Secrets, write_key};
use crate::cell::{CellKey, CellKind, CellValue};
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{JobPlan, VerbId};
use crate::run::Changes;

/// The cells that a write marks while it is unclear: one for each record it changes, or one for the verb where it changes none.
pub(crate) fn marks(policy: &Policy, job: &JobPlan, verb: VerbId, changes: &[Changes]) -> Vec<CellKey> {
    let Some(shape) = policy.program().verbs.get(verb.index()).filter(|shape| shape.is_write) else { return Vec::new() };
    let name = verb_name(shape);
    let mark = |key: String| job_cell(policy, job, CellKind::Unclear, &name, key);
    if changes.is_empty() {
        return vec![mark(String::new())];
    }
    let keys = changes.iter().map(|change| {
        let record = policy.program().records.get(change.record.0 as usize).map_or("", |record| record.name.as_str());
        let key = change.key.as_ref().map_or(Json::Null, |key| write_key(policy, change.record, key, Secrets::Shown));
        mark(Json::List(vec![Json::text(record), key]).canonical())
    });
    let mut marks: Vec<CellKey> = keys.collect();
    marks.sort();
    marks.dedup();
    marks
}

pub(crate) fn is_marked(cells: &Cells<'_>, mark: &CellKey) -> bool {
    matches!(cells.get(mark), Some(CellValue::Unclear(calls)) if !calls.is_empty())
}

/// Marks what a call may have changed.
pub(crate) fn mark(cells: &mut Cells<'_>, marks: &[CellKey], call: &str) {
    for key in marks {
        let mut calls = held(cells, key);
        if let Err(place) = calls.binary_search_by(|held| held.as_str().cmp(call)) {
            calls.insert(place, call.to_owned());
            cells.set(key.clone(), CellValue::Unclear(calls), None);
        }
    }
}

/// Takes the marks of a call away once it is settled.
pub(crate) fn unmark(cells: &mut Cells<'_>, marks: &[CellKey], call: &str) {
    for key in marks {
        let mut calls = held(cells, key);
        if let Ok(place) = calls.binary_search_by(|held| held.as_str().cmp(call)) {
            calls.remove(place);
            if calls.is_empty() {
                cells.clear(key.clone());
            } else {
                cells.set(key.clone(), CellValue::Unclear(calls), None);
            }
        }
    }
}

fn held(cells: &Cells<'_>, key: &CellKey) -> Vec<String> {
    match cells.get(key) {
        Some(CellValue::Unclear(calls)) => calls,
        _ => Vec::new(),
    }
}
