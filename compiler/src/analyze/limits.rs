//! Limits that do nothing or let nothing through: by their bound, by their capacity, by another limit that bites first.

use super::Subject;
use super::everywhere::Everywhere;
use super::numbers::{Number, Numbers};
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{BoundOfNothing, CapacityBelowBound, LimitHidden};
use crate::typed::{Expr, ExprKind, Job, Limit, LimitElse, Measure, Rule, RuleKind, RunFact, VerbId, Window};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::value::Value;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// An hour in nanoseconds.
const HOUR: i64 = 3_600_000_000_000;

/// So many limits that measure the same thing are compared each with each; beyond, the analysis is silent.
const MOST_ALIKE: usize = 64;

/// Reports them.
pub(crate) fn check(subject: Subject<'_>, sink: &mut Sink) {
    let typed = subject.typed;
    let (mut nothing, mut capacities, mut hidden) = (Everywhere::new(typed), Everywhere::new(typed), Everywhere::new(typed));
    for job in &typed.jobs {
        for (rule, limit) in limits(job) {
            if lets_nothing_through(limit) {
                nothing.note(
                    rule.loc,
                    BoundOfNothing { limit: rule.name.clone(), bound: limit.bound.loc, verbs: rule.verbs.clone() },
                );
            }
            if let Some((capacity, bound)) = full_too_early(limit) {
                let limit_name = rule.name.clone();
                capacities.note(rule.loc, CapacityBelowBound { limit: limit_name, capacity, bound, loc: limit.bound.loc });
            }
        }
        for (rule, by) in hidden_limits(job, &mut Numbers::new(typed)) {
            let (limit, other) = (rule.name.clone(), by.name.clone());
            hidden.note(rule.loc, LimitHidden { limit, loc: rule.loc, other, other_loc: by.loc });
        }
    }
    nothing.report(sink);
    capacities.report(sink);
    hidden.report(sink);
}

fn limits(job: &Job) -> impl Iterator<Item = (&Rule, &Limit)> {
    job.rules.iter().filter_map(|rule| match &rule.kind {
        RuleKind::Limit(limit) => Some((rule, limit)),
        _ => None,
    })
}

/// Whether the first call, or the beginning of the run, is already beyond the bound.
fn lets_nothing_through(limit: &Limit) -> bool {
    let Some(sign) = sign(&limit.bound) else { return false };
    match &limit.measure {
        // The first call makes it one.
        Measure::Count | Measure::CountDistinct(_) => {
            sign != Ordering::Greater || (limit.strict && integer(&limit.bound).is_some_and(|bound| bound <= 1))
        }
        // A negative share is denied, so no sum is below zero.
        Measure::Sum(_) => sign == Ordering::Less || (limit.strict && sign == Ordering::Equal),
        Measure::Value(value) => never_negative(value) && (sign == Ordering::Less || (limit.strict && sign == Ordering::Equal)),
    }
}

/// Whether no value of the expression is below zero.
pub(super) fn never_negative(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Run(RunFact::Calls | RunFact::Denials | RunFact::Cost | RunFact::Tokens | RunFact::Unsettled)
        | ExprKind::Quantified(crate::typed::Quantifier::Count, ..) => true,
        ExprKind::Call(function, _) => function.0.name.ends_with(".length") || function.0.name.ends_with(".abs"),
        ExprKind::ToDecimal(inner) | ExprKind::ToOptional(inner) => never_negative(inner),
        _ => false,
    }
}

/// How a constant stands to zero.
pub(super) fn sign(expr: &Expr) -> Option<Ordering> {
    match &expr.kind {
        ExprKind::Const(Value::Int(number)) => Some(number.cmp(&0)),
        ExprKind::Const(Value::Decimal(number) | Value::Money(number, _)) => Some(number.cmp(&Decimal::ZERO)),
        ExprKind::Const(Value::Duration(length)) => Some(length.as_nanos().cmp(&0)),
        ExprKind::ToDecimal(inner) => sign(inner),
        _ => None,
    }
}

fn integer(expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Const(Value::Int(number)) => Some(*number),
        _ => None,
    }
}

/// The capacity and the bound, where the capacity is full before the bound is reached.
fn full_too_early(limit: &Limit) -> Option<(u32, i64)> {
    let counts = matches!(limit.measure, Measure::Count | Measure::CountDistinct(_));
    let (capacity, bound) = (limit.capacity?, integer(&limit.bound)?);
    let most = if limit.strict { bound.saturating_sub(1) } else { bound };
    (counts && i64::from(capacity) < most).then_some((capacity, bound))
}

/// What two limits must have in common for one to be compared with the other: measure and verbs.
type Alike = (u8, Option<Number>, Vec<VerbId>);

/// The limits of a job that can never be reached, each with one that is always reached before.
fn hidden_limits<'j>(job: &'j Job, numbers: &mut Numbers<'_>) -> Vec<(&'j Rule, &'j Rule)> {
    let mut alike: BTreeMap<Alike, Vec<(&Rule, &Limit)>> = BTreeMap::new();
    for (rule, limit) in limits(job).filter(|(rule, _)| !rule.shadow) {
        let (measure, of) = match &limit.measure {
            Measure::Count => (0, None),
            Measure::CountDistinct(value) => (1, Some(numbers.of(value))),
            Measure::Sum(value) => (2, Some(numbers.of(value))),
            Measure::Value(value) => (3, Some(numbers.of(value))),
        };
        let mut verbs = rule.verbs.clone();
        verbs.sort_unstable();
        alike.entry((measure, of, verbs)).or_default().push((rule, limit));
    }
    let mut found = Vec::new();
    for group in alike.values().filter(|group| group.len() <= MOST_ALIKE) {
        for (at, one) in group.iter().enumerate() {
            let other =
                group.iter().enumerate().find(|(place, other)| *place != at && hides(**other, *place < at, *one, numbers));
            found.extend(other.map(|(_, (rule, _))| (one.0, *rule)));
        }
    }
    found
}

/// Whether the first limit decides every call that would pass the bound of the second.
fn hides(by: (&Rule, &Limit), before: bool, hidden: (&Rule, &Limit), numbers: &mut Numbers<'_>) -> bool {
    let ((by_rule, by), (hidden_rule, hidden)) = (by, hidden);
    // What a gate lets pass goes on to count.
    if matches!(by.otherwise, LimitElse::Gate(_)) || !covers(&by.window, &hidden.window) {
        return false;
    }
    let counted = by_rule.condition.as_ref().map(|condition| numbers.of(condition));
    if counted.is_some() && counted != hidden_rule.condition.as_ref().map(|condition| numbers.of(condition)) {
        return false;
    }
    let keys = numbers.all(hidden.by.iter());
    if !numbers.all(by.by.iter()).iter().all(|key| keys.contains(key)) {
        return false;
    }
    let (Some(bound), Some(other)) = (constant(&by.bound), constant(&hidden.bound)) else { return false };
    let first = match compare(bound, other) {
        Some(Ordering::Less) => true,
        Some(Ordering::Equal) => by.strict && !hidden.strict,
        _ => false,
    };
    let together = first || (compare(bound, other) == Some(Ordering::Equal) && by.strict == hidden.strict);
    // A count of allowed calls stays at the smaller bound. A sum may pass both bounds with one call, a value moves by itself, and the
    // calls that a limit without verbs denies still count in it.
    let stays = matches!(by.measure, Measure::Count | Measure::CountDistinct(_)) && !by_rule.verbs.is_empty();
    let (row, other_row) = (row(by_rule, by), row(hidden_rule, hidden));
    (first && stays) || (together && (row < other_row || (row == other_row && before)))
}

/// The row of the decision in which the limit answers.
fn row(rule: &Rule, limit: &Limit) -> u8 {
    match limit.otherwise {
        LimitElse::Pause | LimitElse::Escalate if rule.verbs.is_empty() => 4,
        LimitElse::Deny => 5,
        LimitElse::Pause | LimitElse::Escalate => 6,
        LimitElse::Gate(_) => 10,
    }
}

/// Whether every call that counts in the second window counts in the first.
fn covers(window: &Window, other: &Window) -> bool {
    if window == other {
        return true;
    }
    let day = HOUR.saturating_mul(24);
    match (window, other) {
        (Window::Day(zone), Window::Hour) => zone == "UTC",
        (Window::Last(long), Window::Hour) => *long >= HOUR,
        // A day of a zone may have twenty-five hours.
        (Window::Last(long), Window::Day(zone)) => *long >= if zone == "UTC" { day } else { day.saturating_add(HOUR) },
        (Window::Last(long), Window::Last(short)) => long >= short,
        _ => false,
    }
}

fn constant(expr: &Expr) -> Option<&Value> {
    match &expr.kind {
        ExprKind::Const(value) => Some(value),
        _ => None,
    }
}

fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Decimal(left), Value::Decimal(right)) => Some(left.cmp(right)),
        (Value::Money(left, one), Value::Money(right, other)) => (one == other).then(|| left.cmp(right)),
        (Value::Duration(left), Value::Duration(right)) => Some(left.cmp(right)),
        _ => None,
    }
}
