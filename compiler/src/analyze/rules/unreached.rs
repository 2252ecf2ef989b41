//! Rules behind other rows of the decision: an `allow` that `never` swallows, a stop or a gate that no call reaches.

use super::super::everywhere::Everywhere;
use super::Reasoner;
use super::meets::{Effect, Meets, sort};
use crate::diagnostic::codes::{Swallowed, Unreached};
use crate::logic::Formula;
use crate::typed::{Loc, Rule, RuleKind, VerbId};

/// So many rules that hide another one together are named.
const MOST_NAMED: usize = 3;

/// Notes them.
pub(super) fn check(
    reasoner: &mut Reasoner<'_>,
    meets: &Meets,
    alive: &[usize],
    swallowed: &mut Everywhere<Swallowed>,
    unreached: &mut Everywhere<Unreached>,
) {
    let job = reasoner.job;
    let rules = alive.iter().filter_map(|at| Some((*at, job.rules.get(*at)?)));
    // Of verbs that nothing allows, that alone is said.
    let callable = |rule: &Rule| rule.verbs.iter().any(|verb| meets.allows(*verb));
    for (at, rule) in rules.filter(|(_, rule)| !rule.shadow && callable(rule)) {
        match rule.kind {
            RuleKind::Allow { .. } => {
                if let Some(by) = everywhere(rule, |verb| denied(reasoner, meets, at, verb)) {
                    swallowed.note(rule.loc, Swallowed { rule: rule.name.clone(), loc: rule.loc, by });
                }
            }
            RuleKind::Escalate if rule.condition.is_some() => {
                if let Some(by) = everywhere(rule, |verb| stopped_before(reasoner, meets, at, verb)) {
                    unreached.note(rule.loc, Unreached { rule: rule.name.clone(), sort: sort(rule), loc: rule.loc, by });
                }
            }
            RuleKind::Gate(_) => {
                if let Some(by) = everywhere(rule, |verb| never_asked(reasoner, meets, at, verb)) {
                    unreached.note(rule.loc, Unreached { rule: rule.name.clone(), sort: sort(rule), loc: rule.loc, by });
                }
            }
            _ => {}
        }
    }
}

/// What hides a rule, if something does for each of its verbs; the hiding rules of all of them.
fn everywhere(rule: &Rule, mut hides: impl FnMut(VerbId) -> Option<Vec<(String, Loc)>>) -> Option<Vec<(String, Loc)>> {
    let mut all: Vec<(String, Loc)> = Vec::new();
    for verb in &rule.verbs {
        for by in hides(*verb)? {
            if !all.contains(&by) {
                all.push(by);
            }
        }
    }
    Some(all)
}

/// The rules that deny every call for which this rule holds.
fn denied(reasoner: &mut Reasoner<'_>, meets: &Meets, rule: usize, verb: VerbId) -> Option<Vec<(String, Loc)>> {
    let denies = meets.with(rule, verb, Effect::Deny)?;
    covered(reasoner, rule, Formula::TRUE, &denies)
}

/// The rules that decide every call of the verb before this stop does; none of them where no `allow` lets such a call come so far.
fn stopped_before(reasoner: &mut Reasoner<'_>, meets: &Meets, rule: usize, verb: VerbId) -> Option<Vec<(String, Loc)>> {
    let mut before = meets.with(rule, verb, Effect::Deny)?;
    before.extend(&meets.stops);
    if let Some(by) = covered(reasoner, rule, Formula::TRUE, &before) {
        return Some(by);
    }
    if meets.handovers.contains(&verb) {
        return None;
    }
    let allows = meets.with(rule, verb, Effect::Allow)?;
    let falses: Vec<Formula> = allows.iter().map(|allow| reasoner.truth(*allow).is_false).collect();
    let none = reasoner.space.all(falses);
    let own = reasoner.truth(rule).is_true;
    reasoner.covers(own, none).then(Vec::new)
}

/// The rules that decide every call of the verb before this gate is asked; none of them where no `allow` permits such a call.
fn never_asked(reasoner: &mut Reasoner<'_>, meets: &Meets, rule: usize, verb: VerbId) -> Option<Vec<(String, Loc)>> {
    let mut before = meets.with(rule, verb, Effect::Deny)?;
    before.extend(meets.with(rule, verb, Effect::Stop)?);
    before.extend(&meets.stops);
    if let Some(by) = covered(reasoner, rule, Formula::TRUE, &before) {
        return Some(by);
    }
    let allows = meets.with(rule, verb, Effect::Allow)?;
    let trues: Vec<Formula> = allows.iter().map(|allow| reasoner.truth(*allow).is_true).collect();
    let some = reasoner.space.any(trues);
    let own = reasoner.truth(rule).is_true;
    let permitted = reasoner.space.both(own, some);
    if reasoner.never(permitted) {
        return Some(Vec::new());
    }
    covered(reasoner, rule, some, &before)
}

/// The first of the rules that holds wherever this one and the context do, or as few as do together.
fn covered(reasoner: &mut Reasoner<'_>, rule: usize, context: Formula, by: &[usize]) -> Option<Vec<(String, Loc)>> {
    if by.is_empty() {
        return None;
    }
    let truth = reasoner.truth(rule).is_true;
    let own = reasoner.space.both(truth, context);
    let union = |reasoner: &mut Reasoner<'_>, rules: &[usize]| {
        let truths: Vec<Formula> = rules.iter().map(|at| reasoner.truth(*at).is_true).collect();
        reasoner.space.any(truths)
    };
    let all = union(reasoner, by);
    if !reasoner.covers(own, all) {
        return None;
    }
    // Rules are left out one after the other while the rest still covers.
    let mut needed: Vec<usize> = by.to_vec();
    for at in by.iter().rev() {
        let rest: Vec<usize> = needed.iter().copied().filter(|kept| kept != at).collect();
        let outer = union(reasoner, &rest);
        if !rest.is_empty() && reasoner.covers(own, outer) {
            needed = rest;
        }
    }
    let named = needed.iter().filter_map(|at| reasoner.job.rules.get(*at));
    Some(named.take(MOST_NAMED).map(|rule| (rule.name.clone(), rule.loc)).collect())
}
