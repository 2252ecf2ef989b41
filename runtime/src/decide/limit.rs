//! Counters: where one lives, what it says with a call, and what the call reserves.

use super::cells::{Cells, job_cell};
use super::view::View;
use crate::answer::Retry;
use crate::bind::{Audience, write};
use crate::cell::{CellKind, CellValue, Counter as Stored, Kept, Share};
use crate::decimal::{Decimal, Overflow};
use crate::eval::{Contribution, Counter, Counting, Verdict};
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{Limit, LimitId, Measure, TypeShape, Window};
use crate::run::{Home, Reserved, Run};
use crate::types::Encoding;
use crate::value::Value;
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

/// Entries of a sliding window or a distinct count whose capacity the policy does not state.
const DEFAULT_CAPACITY: usize = 10_000;

/// One of a limit's counters at one time.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) home: Home,
    /// The window in words.
    pub(crate) window: String,
    /// When the window ends; `None` for those that do not end or that slide.
    pub(crate) ends: Option<Timestamp>,
    /// What was counted before that time no longer counts.
    start: Option<Timestamp>,
    kept: Kept,
}

/// Where the counter of a limit lives for this key now.
pub(crate) fn place(policy: &Policy, run: &Run, now: Timestamp, id: LimitId, key: &[Value]) -> Option<Place> {
    let program = policy.program();
    let limit = program.limits.get(id.index())?;
    let job = program.jobs.get(run.fixed.job.index())?;
    let text = key_json(policy, limit, key).canonical();
    let (window, start, ends) = window(policy, &limit.window, now)?;
    let slides = matches!(limit.window, Window::Last(_));
    let kept = match (&limit.measure, slides) {
        (_, true) => Kept::ByItself,
        (Measure::Distinct(_), false) => Kept::OncePerValue,
        (Measure::Count | Measure::Sum(_), false) => Kept::InTotal,
    };
    let home = if limit.window == Window::Run {
        Home::Run(id, text)
    } else {
        let rule = program.rules.get(limit.rule.index()).map_or("", |rule| rule.name.as_str());
        let mut cell = job_cell(policy, job, CellKind::Counter, rule, text);
        cell.window = format!("{window}, {}", unit(policy, limit));
        let keep_until = match limit.window {
            Window::Last(length) => now.checked_add(SignedDuration::from_nanos(length)).ok(),
            _ => ends,
        };
        Home::Cell(Box::new(cell), keep_until)
    };
    Some(Place { home, window, ends, start, kept })
}

/// The key's values as JSON.
pub(crate) fn key_json(policy: &Policy, limit: &Limit, key: &[Value]) -> Json {
    let parts = limit.by.iter().zip(key).map(|(expr, value)| {
        policy
            .program()
            .exprs
            .get(expr.index())
            .map_or(Json::Null, |expr| write(policy, expr.ty, &Encoding::Plain, value, Audience::Host))
    });
    Json::List(parts.collect())
}

/// A window's name, its start where it slides, and its end where it has one.
fn window(policy: &Policy, window: &Window, now: Timestamp) -> Option<(String, Option<Timestamp>, Option<Timestamp>)> {
    Some(match window {
        Window::Run => ("run".to_owned(), None, None),
        Window::Hour => {
            let start = Timestamp::from_second(now.as_second().div_euclid(3600).checked_mul(3600)?).ok()?;
            let ends = start.checked_add(SignedDuration::from_hours(1)).ok();
            (format!("hour {start}"), None, ends)
        }
        Window::Day(zone) => {
            let at = |civil: jiff::civil::Date| {
                let midnight = civil.to_datetime(Time::midnight());
                match policy.zones().instant(midnight, zone) {
                    Some(instant) => instant,
                    None => jiff::tz::TimeZone::UTC.to_timestamp(midnight).ok(),
                }
            };
            let civil = policy.zones().civil(now, zone);
            let date = civil.unwrap_or_else(|| jiff::tz::TimeZone::UTC.to_datetime(now)).date();
            let ends = date.tomorrow().ok().and_then(at);
            (format!("day {date} {zone}"), None, ends)
        }
        Window::Last(length) => {
            let start = now.checked_sub(SignedDuration::from_nanos(*length)).unwrap_or(Timestamp::MIN);
            let length = SignedDuration::from_nanos(*length);
            (format!("last {length:#}"), Some(start), None)
        }
    })
}

/// What a counter counts, so that a limit that counts something else from now on does not go on with old numbers.
fn unit(policy: &Policy, limit: &Limit) -> String {
    let of = |expr: &crate::program::ExprId| {
        let ty = policy.program().exprs.get(expr.index())?.ty;
        Some(match policy.shape(ty)? {
            TypeShape::Money(currency) => currency.to_string(),
            TypeShape::Duration => "nanoseconds".to_owned(),
            _ => "numbers".to_owned(),
        })
    };
    match &limit.measure {
        Measure::Count => "calls".to_owned(),
        Measure::Distinct(_) => "values".to_owned(),
        Measure::Sum(expr) => of(expr).unwrap_or_default(),
    }
}

/// What a counter holds now.
pub(crate) fn stored(run: &Run, cells: &Cells<'_>, place: &Place) -> Stored {
    let mut stored = match &place.home {
        Home::Run(limit, key) => run.counters.get(&(*limit, key.clone())).cloned().unwrap_or_default(),
        Home::Cell(cell, _) => match cells.get(cell) {
            Some(CellValue::Counter(counter)) => counter,
            _ => Stored::default(),
        },
    };
    if let Some(start) = place.start {
        stored.forget_before(start);
    }
    stored
}

/// What a counter says with the call being decided, where one is.
pub(crate) fn total(view: &View<'_>, id: LimitId, key: &[Value], adds: &Contribution) -> Counter {
    let limit = view.policy.program().limits.get(id.index());
    let Some((limit, place)) = limit.zip(place(view.policy, view.run, view.now, id, key)) else { return Counter::Overflow };
    let stored = stored(view.run, view.cells, &place);
    let counts = view.call.is_some();
    let capacity = limit.capacity.map_or(DEFAULT_CAPACITY, |capacity| capacity as usize);
    let value = distinct_text(view.policy, limit, adds);
    let is_new = value.as_deref().is_none_or(|value| !stored.holds(value));
    let full = match place.kept {
        Kept::InTotal => false,
        Kept::ByItself => stored.entries.len() >= capacity,
        Kept::OncePerValue => is_new && stored.entries.len() >= capacity,
    };
    if counts && full {
        return Counter::Full;
    }
    let whole = |number: i64, more: bool| number.checked_add(i64::from(counts && more)).map(Value::Int);
    let total = match adds {
        Contribution::Call => stored.sum().ok().and_then(Decimal::to_i64).and_then(|calls| whole(calls, true)),
        Contribution::Distinct(_) => whole(stored.distinct(), is_new),
        Contribution::Amount(amount) => sum(&stored, amount, counts).ok().flatten(),
    };
    total.map_or(Counter::Overflow, Counter::Total)
}

fn sum(stored: &Stored, amount: &Value, counts: bool) -> Result<Option<Value>, Overflow> {
    let Some(number) = number(amount) else { return Ok(None) };
    let before = stored.sum()?;
    let total = if counts { before.checked_add(number)? } else { before };
    Ok(match amount {
        Value::Int(_) => total.to_i64().map(Value::Int),
        Value::Money(_, currency) => Some(Value::Money(total, *currency)),
        Value::Duration(_) => total.to_i64().map(SignedDuration::from_nanos).map(Value::Duration),
        _ => Some(Value::Decimal(total)),
    })
}

/// An amount as a plain number.
fn number(amount: &Value) -> Option<Decimal> {
    match amount {
        Value::Int(number) => Some(Decimal::from(*number)),
        Value::Decimal(number) | Value::Money(number, _) => Some(*number),
        Value::Duration(duration) => Decimal::new(duration.as_nanos(), 0).ok(),
        _ => None,
    }
}

fn distinct_text(policy: &Policy, limit: &Limit, adds: &Contribution) -> Option<String> {
    let (Contribution::Distinct(value), Measure::Distinct(expr)) = (adds, &limit.measure) else { return None };
    let expr = policy.program().exprs.get(expr.index())?;
    Some(write(policy, expr.ty, &Encoding::Plain, value, Audience::Host).canonical())
}

/// What an allowed call reserves of a counter.
pub(crate) fn reserve(policy: &Policy, run: &Run, id: LimitId, counting: &Counting, call: &str) -> Option<(Place, Share)> {
    let limit = policy.program().limits.get(id.index())?;
    let place = place(policy, run, run.now, id, &counting.key)?;
    let amount = match &counting.adds {
        Contribution::Amount(amount) => number(amount)?,
        Contribution::Call | Contribution::Distinct(_) => Decimal::from(1),
    };
    let value = distinct_text(policy, limit, &counting.adds);
    let share = Share { call: run.shared_name(call), at: run.now, amount, value, kept: place.kept };
    Some((place, share))
}

/// Counts a share; false where the sum does not fit.
pub(crate) fn count(run: &mut Run, cells: &mut Cells<'_>, place: &Place, share: &Share) -> bool {
    let mut counter = stored(run, cells, place);
    if counter.add(share).is_err() {
        return false;
    }
    put(run, cells, &place.home, counter);
    true
}

/// Gives a share back.
pub(crate) fn give_back(run: &mut Run, cells: &mut Cells<'_>, reserved: &Reserved) {
    let place = Place { home: reserved.home.clone(), window: String::new(), ends: None, start: None, kept: reserved.share.kept };
    let mut counter = stored(run, cells, &place);
    // A cell that the ledger has dropped since has nothing to give back from.
    let held = counter.clone();
    if counter.give_back(&reserved.share).is_ok() && counter.total >= Decimal::ZERO && counter != held {
        put(run, cells, &reserved.home, counter);
    }
}

fn put(run: &mut Run, cells: &mut Cells<'_>, home: &Home, counter: Stored) {
    match home {
        Home::Run(limit, key) => {
            run.counters.insert_mut((*limit, key.clone()), counter);
        }
        Home::Cell(cell, _) if counter.is_empty() => cells.clear((**cell).clone()),
        Home::Cell(cell, keep_until) => cells.set((**cell).clone(), CellValue::Counter(counter), *keep_until),
    }
}

/// When a call that the limit stops could pass it.
pub(crate) fn retry(view: &View<'_>, id: LimitId, counting: &Counting) -> Retry {
    if counting.verdict == Verdict::Negative {
        return Retry::WithOtherArguments;
    }
    let program = view.policy.program();
    let found = program.limits.get(id.index()).zip(place(view.policy, view.run, view.now, id, &counting.key));
    let Some((limit, place)) = found else { return Retry::No };
    let only_this_call = Stored::default();
    let alone = Place { start: None, ..place };
    if beyond(&only_this_call, limit, counting, view.policy) {
        return if limit.measure == Measure::Count { Retry::No } else { Retry::WithOtherArguments };
    }
    match &limit.window {
        Window::Run if limit.by.is_empty() && limit.measure == Measure::Count => Retry::No,
        Window::Run => Retry::WithOtherArguments,
        Window::Hour | Window::Day(_) => alone.ends.map_or(Retry::No, Retry::After),
        Window::Last(length) => {
            let mut held = stored(view.run, view.cells, &alone);
            while let Some(first) = held.entries.first().cloned() {
                held.entries.remove(0);
                let capacity = limit.capacity.map_or(DEFAULT_CAPACITY, |capacity| capacity as usize);
                if held.entries.len() < capacity && !beyond(&held, limit, counting, view.policy) {
                    let leaves = first.at.checked_add(SignedDuration::from_nanos(*length));
                    return leaves.map_or(Retry::No, Retry::After);
                }
            }
            Retry::No
        }
    }
}

/// Whether a counter that holds this would pass its bound with the call.
fn beyond(held: &Stored, limit: &Limit, counting: &Counting, policy: &Policy) -> bool {
    let total = match &counting.adds {
        Contribution::Call => held.sum().ok().and_then(Decimal::to_i64).and_then(|calls| calls.checked_add(1)).map(Value::Int),
        Contribution::Distinct(_) => {
            let value = distinct_text(policy, limit, &counting.adds);
            let is_new = value.as_deref().is_none_or(|value| !held.holds(value));
            held.distinct().checked_add(i64::from(is_new)).map(Value::Int)
        }
        Contribution::Amount(amount) => sum(held, amount, true).ok().flatten(),
    };
    total.is_none_or(|total| if limit.strict { total >= counting.bound } else { total > counting.bound })
}
