//! Counters.
//!
//! > `limit … else escalate | deny | gate G | pause`: that effect, when the counter with this call and all calls in flight would
//! > pass the bound.

use super::encode::time;
use super::expression::Names;
use super::number::Number;
use super::operators::{arithmetic, order};
use super::scene::Scene;
use super::unknown::{Cause, Causes, Known, because, together};
use super::value::Val;
use super::world::{Allowed, Ended};
use super::zone;
use agentc_compiler::typed::{ArithmeticOp, Limit, Measure, Rule, RuleKind, Type, Window};
use agentc_runtime::answer::Retry;
use std::cmp::Ordering;

/// What one call adds to one counter.
///
/// > Contributions are frozen at the decision
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Index of the limit in the job's rules.
    pub rule: usize,
    /// The counter's key: one value for each `by`.
    pub key: Vec<Val>,
    /// One for a count, the value for a distinct count or a sum.
    pub adds: Val,
}

/// What a limit says of the call being decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// The bound holds.
    Within,
    /// It would be passed.
    Beyond,
    /// > a negative one is denied
    Negative,
    /// > Sliding windows and distinct counts declare a capacity; a full one denies.
    Full,
}

/// What a call adds to a limit; `None` where it does not count.
pub fn share(scene: &Scene<'_>, index: usize, rule: &Rule, limit: &Limit) -> Result<Option<Share>, Causes> {
    if !scene.condition(rule.condition.as_ref())?.truth() {
        return Ok(None);
    }
    let value = |expr| scene.value(expr, &Names::default());
    let adds = match &limit.measure {
        Measure::Count => Ok(Val::Int(1)),
        Measure::CountDistinct(expr) | Measure::Sum(expr) => value(expr),
        Measure::Value(_) => panic!("it is no counter"),
    };
    let mut parts = together(std::iter::once(adds).chain(limit.by.iter().map(value)))?;
    let key = parts.split_off(1);
    Ok(Some(Share { rule: index, key, adds: parts.remove(0) }))
}

/// Whether the counter would pass its bound.
pub fn reached(scene: &Scene<'_>, index: usize, rule: &Rule, limit: &Limit) -> Result<Reached, Causes> {
    if let Measure::Value(measured) = &limit.measure {
        let counts = scene.condition(rule.condition.as_ref());
        let pair = together([scene.value(measured, &Names::default()), scene.value(&limit.bound, &Names::default())]);
        let beyond = pair.map(|pair| Val::Bool(beyond(limit, &pair[0], &pair[1])));
        let both: Known = super::unknown::all_of([counts, beyond]);
        return both.map(|both| if both.truth() { Reached::Beyond } else { Reached::Within });
    }
    let bound = scene.value(&limit.bound, &Names::default());
    if !scene.condition(rule.condition.as_ref())?.truth() {
        return Ok(Reached::Within);
    }
    let (share, bound) = match (share(scene, index, rule, limit), bound) {
        (Ok(Some(share)), Ok(bound)) => (share, bound),
        (Ok(None), _) => return Ok(Reached::Within),
        (Err(causes), Ok(_)) | (Ok(_), Err(causes)) => return Err(causes),
        (Err(causes), Err(more)) => return Err(causes.into_iter().chain(more).collect()),
    };
    if matches!(limit.measure, Measure::Sum(_)) && is_negative(&share.adds) {
        return Ok(Reached::Negative);
    }
    let mut shares = held(scene, rule, limit, &share);
    // After an event that is no call there is nothing to add.
    let with_this_call = scene.call.is_some();
    if with_this_call && limit.capacity.is_some_and(|capacity| entries(limit, &shares, &share.adds) > capacity as usize) {
        return Ok(Reached::Full);
    }
    if with_this_call {
        shares.push(share.adds);
    }
    let total = total(limit, shares)?;
    Ok(if beyond(limit, &total, &bound) { Reached::Beyond } else { Reached::Within })
}

fn beyond(limit: &Limit, total: &Val, bound: &Val) -> bool {
    match order(total, bound) {
        Ordering::Greater => true,
        Ordering::Equal => limit.strict,
        Ordering::Less => false,
    }
}

fn is_negative(value: &Val) -> bool {
    match value {
        Val::Int(number) => *number < 0,
        Val::Decimal(number) | Val::Money(number, _) => number.is_negative(),
        Val::Duration(nanoseconds) => *nanoseconds < 0,
        other => panic!("a sum of {other:?}"),
    }
}

/// How many entries a counter with a capacity would hold with this call.
fn entries(limit: &Limit, held: &[Val], adds: &Val) -> usize {
    match (&limit.measure, &limit.window) {
        (Measure::CountDistinct(_), Window::Run | Window::Hour | Window::Day(_)) => {
            let mut values: Vec<&Val> = held.iter().chain([adds]).collect();
            values.sort();
            values.dedup();
            values.len()
        }
        _ => held.len() + 1,
    }
}

fn total(limit: &Limit, mut shares: Vec<Val>) -> Known {
    match &limit.measure {
        Measure::Count => Ok(Val::Int(shares.len() as i64)),
        Measure::CountDistinct(_) => {
            shares.sort();
            shares.dedup();
            Ok(Val::Int(shares.len() as i64))
        }
        Measure::Sum(expr) => {
            let zero = match &expr.ty {
                Type::Int => Val::Int(0),
                Type::Decimal => Val::Decimal(Number::zero()),
                Type::Money(currency) => Val::Money(Number::zero(), *currency),
                Type::Duration => Val::Duration(0),
                other => panic!("a sum of {other:?}"),
            };
            let sum = shares.iter().try_fold(zero, |sum, share| arithmetic(ArithmeticOp::Add, &sum, share));
            sum.map_err(|_| because(Cause::Overflow))
        }
        Measure::Value(_) => panic!("it is no counter"),
    }
}

/// The shares that stand in the counter's window under this key, of this run or of every run of the job: when each was counted,
/// oldest first.
fn held_with_times(scene: &Scene<'_>, rule: &Rule, limit: &Limit, share: &Share) -> Vec<(i128, Val)> {
    let is_of = |held: &&Share| held.rule == share.rule && held.key == share.key;
    if rule.verbs.is_empty() {
        // > a limit without verbs is `per run` and counts each new call id once, at its first final answer
        let entries = scene.world.of_run(scene.run);
        return entries
            .flat_map(|(_, entry)| entry.said.tallies.iter().filter(is_of).map(|held| (entry.at, held.adds.clone())))
            .collect();
    }
    let runs: Vec<usize> = match limit.window {
        // > `per run` counters live in the run
        Window::Run => vec![scene.run],
        // > cells, named by policy, job, rule and key, not by run or version
        _ => (0..scene.world.runs.len()).filter(|run| scene.world.runs[*run].job == scene.run().job).collect(),
    };
    let mut calls: Vec<Allowed<'_>> = runs.into_iter().flat_map(|run| scene.world.allowed(run)).collect();
    calls.sort_by_key(|call| (call.at, call.place));
    let calls = calls.into_iter().filter(|call| in_window(scene, &limit.window, call.at) && !gave_back(scene, call));
    calls
        .flat_map(|call| {
            let shares = call.grant.shares.iter().filter(is_of);
            shares.map(|held| (call.at, held.adds.clone())).collect::<Vec<_>>()
        })
        .collect()
}

fn held(scene: &Scene<'_>, rule: &Rule, limit: &Limit, share: &Share) -> Vec<Val> {
    held_with_times(scene, rule, limit, share).into_iter().map(|(_, adds)| adds).collect()
}

/// What a call with its final answer adds to the limits of the whole job.
pub fn tallies(scene: &Scene<'_>) -> Vec<Share> {
    let rules = scene.world.job(scene.run).rules.iter().enumerate();
    rules
        .filter(|(_, rule)| rule.verbs.is_empty())
        .filter_map(|(index, rule)| match &rule.kind {
            RuleKind::Limit(limit) if !matches!(limit.measure, Measure::Value(_)) => {
                share(scene, index, rule, limit).ok().flatten()
            }
            _ => None,
        })
        .collect()
}

/// When a call that the limit denies could pass it.
pub fn retry(scene: &Scene<'_>, index: usize, rule: &Rule, limit: &Limit) -> Retry {
    if matches!(limit.measure, Measure::Value(_)) {
        return Retry::WithOtherArguments;
    }
    let Ok(Some(share)) = share(scene, index, rule, limit) else { return Retry::No };
    let Ok(bound) = scene.value(&limit.bound, &Names::default()) else { return Retry::No };
    if matches!(limit.measure, Measure::Sum(_)) && is_negative(&share.adds) {
        return Retry::WithOtherArguments;
    }
    let over = |held: &[Val]| {
        let shares = held.iter().cloned().chain([share.adds.clone()]).collect();
        total(limit, shares).map_or(true, |total| beyond(limit, &total, &bound))
    };
    // Where the call alone is too much, no waiting helps.
    if over(&[]) {
        return if limit.measure == Measure::Count { Retry::No } else { Retry::WithOtherArguments };
    }
    match &limit.window {
        Window::Run if limit.by.is_empty() && limit.measure == Measure::Count => Retry::No,
        Window::Run => Retry::WithOtherArguments,
        Window::Hour | Window::Day(_) => super::grant::window_end(scene, limit).map_or(Retry::No, |end| Retry::After(time(end))),
        Window::Last(length) => {
            let mut held = held_with_times(scene, rule, limit, &share);
            while !held.is_empty() {
                let (at, _) = held.remove(0);
                let left: Vec<Val> = held.iter().map(|(_, adds)| adds.clone()).collect();
                let fits = limit.capacity.is_none_or(|capacity| entries(limit, &left, &share.adds) <= capacity as usize);
                if fits && !over(&left) {
                    return Retry::After(time(at + i128::from(*length)));
                }
            }
            Retry::No
        }
    }
}

/// > A counted call counts from its `allow`. `refused` with a code under `no effect on` gives its share back
fn gave_back(scene: &Scene<'_>, call: &Allowed<'_>) -> bool {
    match call.ended() {
        Some(Ended::Refused(code)) => scene.typed().verbs[call.verb.index()].no_effect_on.contains(code),
        _ => false,
    }
}

/// > windows `per run`, `per hour`, `per day` (UTC unless `in zone`), `per last D` … `within D` and windows include their ends
fn in_window(scene: &Scene<'_>, window: &Window, at: i128) -> bool {
    const HOUR: i128 = 3600 * 1_000_000_000;
    match window {
        Window::Run => true,
        Window::Hour => at.div_euclid(HOUR) == scene.now.div_euclid(HOUR),
        Window::Day(name) => {
            let rules = zone::named(name).expect("the compiler knows the zone");
            zone::seen(at, &rules).0 == zone::seen(scene.now, &rules).0
        }
        Window::Last(length) => scene.now - at <= i128::from(*length),
    }
}

/// What an allow of this call adds to the counters of its verb, in source order.
pub fn shares(scene: &Scene<'_>) -> Vec<Share> {
    let call = scene.call.expect("a call is being decided");
    let rules = scene.world.job(scene.run).rules.iter().enumerate();
    rules
        .filter(|(_, rule)| rule.verbs.contains(&call.verb))
        .filter_map(|(index, rule)| match &rule.kind {
            RuleKind::Limit(limit) if !matches!(limit.measure, Measure::Value(_)) => {
                // A limit in shadow stops nothing; what it could not take it does not count.
                let takes = matches!(reached(scene, index, rule, limit), Ok(Reached::Within | Reached::Beyond));
                share(scene, index, rule, limit).ok().flatten().filter(|_| takes || !rule.shadow)
            }
            _ => None,
        })
        .collect()
}
