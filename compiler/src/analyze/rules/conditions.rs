//! Conditions that are never true, and conditions or parts of them that are never false.

use super::super::everywhere::Everywhere;
use super::meets::sort;
use super::{Reasoner, Said};
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{AlwaysTrue, NeverTrue};
use crate::logic::Formula;
use crate::typed::Loc;
use std::collections::BTreeSet;

/// With more parts than so many, the two that contradict each other are not looked for.
const MOST_PARTS: usize = 12;

/// Reports them, and gives the rules whose condition is never true.
pub(super) fn check(
    reasoner: &mut Reasoner<'_>,
    said: &Said,
    never: &mut Everywhere<NeverTrue>,
    sink: &mut Sink,
) -> BTreeSet<usize> {
    let mut dead = BTreeSet::new();
    let job = reasoner.job;
    for (at, rule) in job.rules.iter().enumerate() {
        let Some(condition) = &rule.condition else { continue };
        let truth = reasoner.truth(at);
        if reasoner.never(truth.is_true) {
            dead.insert(at);
            let places = culprits(reasoner, at);
            if places.iter().any(|place| said.within(*place)) {
                continue;
            }
            never.note(rule.loc, NeverTrue { rule: rule.name.clone(), sort: sort(rule), condition: condition.loc, places });
            continue;
        }
        for (loc, truth) in reasoner.parts(at).into_iter().filter(|(loc, _)| !said.within(*loc)) {
            // Where it is also never true, it is always unknown, which is said elsewhere.
            if truth.is_false != Formula::TRUE && reasoner.never(truth.is_false) && !reasoner.never(truth.is_true) {
                sink.report(AlwaysTrue { loc });
            }
        }
    }
    dead
}

/// The part that is never true by itself, or two that are never true together.
fn culprits(reasoner: &mut Reasoner<'_>, rule: usize) -> Vec<Loc> {
    let truths: Vec<(Loc, Formula)> = reasoner.parts(rule).into_iter().map(|(loc, truth)| (loc, truth.is_true)).collect();
    if let Some((loc, _)) = truths.iter().find(|(_, truth)| reasoner.never(*truth)) {
        return vec![*loc];
    }
    if truths.len() > MOST_PARTS {
        return Vec::new();
    }
    for (at, (loc, truth)) in truths.iter().enumerate() {
        for (other_loc, other) in truths.get(at.saturating_add(1)..).unwrap_or_default() {
            let both = reasoner.space.both(*truth, *other);
            if reasoner.never(both) {
                return vec![*loc, *other_loc];
            }
        }
    }
    Vec::new()
}
