//! Rules that another rule of the same effect makes superfluous.

use super::super::everywhere::Everywhere;
use super::Reasoner;
use super::meets::{Effect, Meets, sort};
use crate::diagnostic::codes::Implied;
use crate::typed::{Approver, ApproverKind, ExpiredThen, Gate, Rule, RuleKind, Show};
use std::collections::BTreeSet;

/// Notes them, and gives them.
pub(super) fn check(
    reasoner: &mut Reasoner<'_>,
    meets: &Meets,
    alive: &[usize],
    implied: &mut Everywhere<Implied>,
) -> BTreeSet<usize> {
    let mut superfluous = BTreeSet::new();
    let job = reasoner.job;
    let rules = alive.iter().filter_map(|at| Some((*at, job.rules.get(*at)?)));
    for (at, rule) in rules.filter(|(_, rule)| !rule.shadow) {
        let effect = match rule.kind {
            RuleKind::Allow { .. } => Effect::Allow,
            RuleKind::Never => Effect::Deny,
            RuleKind::Escalate => Effect::Stop,
            RuleKind::Gate(_) => Effect::Ask,
            _ => continue,
        };
        let own = reasoner.truth(at).is_true;
        let mut others = match rule.verbs.first() {
            Some(verb) => meets.some_with(at, *verb, effect),
            None => Vec::new(),
        };
        if effect == Effect::Stop {
            others.extend(meets.stops.iter().copied().filter(|stop| *stop != at));
        }
        let hider = others.into_iter().find(|other| {
            let outer = reasoner.truth(*other).is_true;
            job.rules.get(*other).is_some_and(|by| may_hide((*other, by), (at, rule)))
                && (outer == own || reasoner.covers(own, outer))
                && !tie_is_said_of_the_later(reasoner, *other, at)
        });
        if let Some(by) = hider.and_then(|hider| job.rules.get(hider)) {
            superfluous.insert(at);
            let (name, other) = (rule.name.clone(), by.name.clone());
            implied.note(rule.loc, Implied { rule: name, sort: sort(rule), loc: rule.loc, other, other_loc: by.loc });
        }
    }
    superfluous
}

/// Whether one rule could make the other superfluous, as far as that is seen without their conditions.
fn may_hide(by: (usize, &Rule), hidden: (usize, &Rule)) -> bool {
    let ((by_at, by), (at, hidden)) = (by, hidden);
    let of_the_same_calls =
        by.verbs.is_empty() || (!hidden.verbs.is_empty() && hidden.verbs.iter().all(|verb| by.verbs.contains(verb)));
    // The first rule in the file decides, with its own reason.
    let has_its_own_say = at < by_at && hidden.because.is_some();
    of_the_same_calls
        && match (&by.kind, &hidden.kind) {
            (RuleKind::Allow { rows, hiding, .. }, RuleKind::Allow { rows: own_rows, hiding: own_hiding, .. }) => {
                rows.is_none() && own_rows.is_none() && hiding.is_empty() && own_hiding.is_empty()
            }
            (RuleKind::Never, RuleKind::Never) | (RuleKind::Escalate, RuleKind::Escalate) => !has_its_own_say,
            (RuleKind::Gate(by), RuleKind::Gate(own)) => hidden.because.is_none() && asks_the_same(by, own),
            _ => false,
        }
}

/// Whether two gates put the same question to the same people.
fn asks_the_same(one: &Gate, other: &Gate) -> bool {
    one.approvers.len() == other.approvers.len()
        && one.approvers.iter().zip(&other.approvers).all(|(one, other)| is_the_same(one, other))
        && one.may_be_requester == other.may_be_requester
        && one.expires == other.expires
        && one.then.is_empty()
        && other.then.is_empty()
        && (one.otherwise == ExpiredThen::Escalate) == (other.otherwise == ExpiredThen::Escalate)
        && other.show.iter().all(|show| shows(one, show))
}

/// Whether a gate shows something that another one shows.
fn shows(gate: &Gate, wanted: &Show) -> bool {
    gate.show.iter().any(|shown| match (shown, wanted) {
        (Show::Value(one, _), Show::Value(other, _)) => one == other,
        (one, other) => matches!((one, other), (Show::Trace, Show::Trace) | (Show::Arguments, Show::Arguments)),
    })
}

fn is_the_same(one: &Approver, other: &Approver) -> bool {
    one.quorum == other.quorum
        && match (&one.who, &other.who) {
            (ApproverKind::Role(one), ApproverKind::Role(other)) => one == other,
            (ApproverKind::User, ApproverKind::User) => true,
            _ => false,
        }
}

/// Whether both hide each other and the other one is the later: it is said once, of the later.
fn tie_is_said_of_the_later(reasoner: &mut Reasoner<'_>, other: usize, at: usize) -> bool {
    if other < at {
        return false;
    }
    let (Some(by), Some(hidden)) = (reasoner.job.rules.get(at), reasoner.job.rules.get(other)) else { return false };
    let (outer, inner) = (reasoner.truth(at).is_true, reasoner.truth(other).is_true);
    may_hide((at, by), (other, hidden)) && reasoner.covers(inner, outer)
}
