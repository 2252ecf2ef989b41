//! Writes whose outcome nobody knows: while one is not settled, no host makes another of the same verb and key.

use super::cells::{Cells, job_cell, verb_name};
use crate::bind::{Audience, write_key};
use crate::cell::{CellKey, CellKind, CellValue};
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{JobPlan, VerbId};
use crate::run::Changes;

/// What a write marks while it is unclear, and by which marks it is itself held back.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    /// The cells that it marks.
    pub(crate) leaves: Vec<CellKey>,
    /// The cells that must not be marked.
    pub(crate) blocked_by: Vec<CellKey>,
}

/// The marks of a call: for each record that it changes one for that key and one that says that some key is marked; one for the verb
/// where it changes nothing. A change of all records meets every key, and every key meets it.
pub(crate) fn marks(policy: &Policy, job: &JobPlan, verb: VerbId, changes: &[Changes]) -> Marks {
    let Some(shape) = policy.program().verbs.get(verb.index()).filter(|shape| shape.is_write) else { return Marks::default() };
    if changes.is_empty() {
        let mark = job_cell(policy, job, CellKind::Unclear, &verb_name(shape), String::new());
        return Marks { leaves: vec![mark.clone()], blocked_by: vec![mark] };
    }
    let mut marks = Marks::default();
    for change in changes {
        let record = policy.program().records.get(change.record.0 as usize).map_or("", |record| record.name.as_str());
        let mark = |key: &[Json]| {
            let place = Json::List([Json::text(record)].into_iter().chain(key.iter().cloned()).collect());
            job_cell(policy, job, CellKind::Unclear, "", place.canonical())
        };
        let (some, all) = (mark(&[]), mark(&[Json::Null]));
        if let Some(key) = &change.key {
            let own = mark(&[write_key(policy, change.record, key, Audience::Host)]);
            marks.leaves.extend([own.clone(), some]);
            marks.blocked_by.extend([own, all]);
        } else {
            marks.leaves.extend([all, some.clone()]);
            marks.blocked_by.push(some);
        }
    }
    for cells in [&mut marks.leaves, &mut marks.blocked_by] {
        cells.sort();
        cells.dedup();
    }
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
