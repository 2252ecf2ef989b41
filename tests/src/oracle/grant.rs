//! What an allow carries.
//!
//! > **allow** carries the canonical arguments …, until when it holds (the earliest freshness or window end), the compensation
//! > (its record values frozen now), and the counters to reserve.

use super::decide::{Decision, by_rules};
use super::encode::{self, Secrets};
use super::expression::Names;
use super::json::Json;
use super::limits::{self, Share};
use super::needs::{sealed, wire};
use super::operands::is_free;
use super::read::parts;
use super::rules;
use super::said::{Grant, Ruling};
use super::scene::{Scene, Touched, Wanted};
use super::unknown::Causes;
use super::{arguments, zone};
use agentc_compiler::typed::{Expr, ExprKind, Limit, Measure, RuleKind, Typed, Undo, Window};
use agentc_runtime::answer::{Allow, Compensation, Reservation};
use jiff::SignedDuration;
use std::cell::RefCell;

/// The allow of a call, and what is kept of it.
pub fn grant(scene: &Scene<'_>, call: Wanted<'_>) -> (Allow, Grant) {
    let typed = scene.typed();
    let verb = &typed.verbs[call.verb.index()];
    let shares = limits::shares(scene);
    let retain_until = verb.retain.map(|length| scene.now + i128::from(length));
    let canonical = Json::read(call.canonical).expect("canonical JSON is JSON");
    // > `shadow` before any rule: … decides nothing
    let deciding = shares.iter().filter(|share| !scene.world.job(scene.run).rules[share.rule].shadow);
    let ends = deciding.filter_map(|share| window_end(scene, limit(scene, share)));
    let valid_until = ends.chain(fresh_until(scene, call)).min();
    let allow = Allow {
        verb: wire(scene.world, call.verb),
        args: sealed(&canonical, &arguments::masked(typed, call.verb, call.canonical)),
        valid_until: valid_until.map(encode::time),
        compensation: verb.undo.as_ref().map(|undo| compensation(scene, undo)),
        reserve: shares.iter().map(|share| reservation(scene, share)).collect(),
        retain_until: retain_until.map(encode::time),
    };
    let rules = scene.world.job(scene.run).rules.iter().enumerate();
    let is_true = |index, rule| rules::judge(scene, index, rule).is_true();
    let allows = rules
        .filter(|(index, rule)| {
            let allows = matches!(rule.kind, RuleKind::Allow { .. }) && !rule.shadow && rules::speaks_of(rule, call.verb);
            allows && is_true(*index, rule)
        })
        .map(|(index, _)| index)
        .collect();
    (allow, Grant { shares, allows, retain_until })
}

fn limit<'a>(scene: &Scene<'a>, share: &Share) -> &'a Limit {
    match &scene.world.typed.jobs[scene.run().job.index()].rules[share.rule].kind {
        RuleKind::Limit(limit) => limit,
        other => panic!("{other:?} is no limit"),
    }
}

/// The latest time before which the very same decision stands: readings grow old, `within` runs out.
fn fresh_until(scene: &Scene<'_>, call: Wanted<'_>) -> Option<i128> {
    let stands = |at: i128| {
        let later = Scene { fresh_at: at, ..*scene };
        let judged = rules::met(&later, call);
        let decision: Decision = by_rules(&later, call, &judged);
        matches!(decision.decided.ruling, Ruling::Allow(_))
    };
    candidates(scene, call).into_iter().find(|at| !stands(*at))
}

/// Every time at which something that was looked at would be too old.
fn candidates(scene: &Scene<'_>, call: Wanted<'_>) -> Vec<i128> {
    let touched: RefCell<Vec<Touched>> = RefCell::default();
    let looking = Scene { touched: Some(&touched), ..*scene };
    by_rules(&looking, call, &rules::met(&looking, call));
    if let Some(undo) = &scene.typed().verbs[call.verb.index()].undo {
        let _ = frozen(&looking, undo);
    }
    let mut times: Vec<i128> = touched.borrow().iter().filter_map(|touched| touched.until).collect();
    times.retain(|time| *time > scene.now);
    times.sort_unstable();
    times.dedup();
    times
}

/// The earliest of them: an allow need not hold for less long than that.
pub fn least_validity(scene: &Scene<'_>, call: Wanted<'_>, allow: &Allow) -> Option<jiff::Timestamp> {
    let first = candidates(scene, call).first().copied().map(encode::time);
    first.into_iter().chain(allow.valid_until).min()
}

/// > windows `per run`, `per hour`, `per day` (UTC unless `in zone`), `per last D`
pub fn window_end(scene: &Scene<'_>, limit: &Limit) -> Option<i128> {
    const HOUR: i128 = 3600 * 1_000_000_000;
    match &limit.window {
        Window::Run | Window::Last(_) => None,
        Window::Hour => Some((scene.now.div_euclid(HOUR) + 1) * HOUR),
        Window::Day(name) => {
            let rules = zone::named(name).expect("the compiler knows the zone");
            let tomorrow = zone::seen(scene.now, &rules).0.tomorrow().expect("in range");
            zone::instant(tomorrow.to_datetime(jiff::civil::Time::midnight()), &rules)
        }
    }
}

fn reservation(scene: &Scene<'_>, share: &Share) -> Reservation {
    let typed = scene.typed();
    let limit = limit(scene, share);
    let key = limit.by.iter().zip(&share.key).map(|(expr, value)| encode::masked(typed, expr, value).to_answer());
    let adds = match &limit.measure {
        Measure::Sum(expr) | Measure::CountDistinct(expr) => encode::masked(typed, expr, &share.adds),
        Measure::Count | Measure::Value(_) => Json::Number("1".to_owned()),
    };
    Reservation {
        rule: scene.world.job(scene.run).rules[share.rule].name.clone(),
        key: key.collect(),
        window: window_words(scene, &limit.window),
        adds: adds.to_answer(),
    }
}

fn window_words(scene: &Scene<'_>, window: &Window) -> String {
    const HOUR: i128 = 3600 * 1_000_000_000;
    match window {
        Window::Run => "run".to_owned(),
        Window::Hour => format!("hour {}", encode::time(scene.now.div_euclid(HOUR) * HOUR)),
        Window::Day(name) => {
            let rules = zone::named(name).expect("the compiler knows the zone");
            format!("day {} {name}", zone::seen(scene.now, &rules).0)
        }
        Window::Last(length) => format!("last {:#}", SignedDuration::from_nanos(*length)),
    }
}

fn compensation(scene: &Scene<'_>, undo: &Undo) -> Compensation {
    let typed = scene.typed();
    let params = &typed.verbs[undo.verb.index()].params;
    let (later, now): (Vec<_>, Vec<_>) = undo.args.iter().partition(|(_, value)| needs_result(typed, value));
    let args = now.into_iter().map(|(index, value)| {
        let field = &params[*index as usize].field;
        let known = scene.value(value, &Names::default()).expect("checked before the allow");
        let secret = field.secret || value.provenance.contains(agentc_compiler::typed::Provenance::SECRET);
        let json = if secret {
            Json::Text(encode::MASK.to_owned())
        } else {
            encode::value(typed, &field.ty, &field.encoding, &known, Secrets::Masked)
        };
        (field.name.clone(), json.to_answer())
    });
    Compensation {
        verb: wire(scene.world, undo.verb),
        args: args.collect(),
        from_result: later.into_iter().map(|(index, _)| params[*index as usize].field.name.clone()).collect(),
        until: undo.within.map(|length| encode::time(scene.now + i128::from(length))),
    }
}

/// Whether an argument of the compensation can only be known from the call's result.
pub fn needs_result(typed: &Typed, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::PastResult => true,
        ExprKind::Let(id) => needs_result(typed, &typed.lets[id.index()].value),
        // A history filter's own result is that of another call.
        ExprKind::History(..) | ExprKind::Last(..) => false,
        _ => parts(expr).into_iter().any(|part| needs_result(typed, part)),
    }
}

/// The values that the compensation takes from now.
pub fn frozen(scene: &Scene<'_>, undo: &Undo) -> Result<(), Causes> {
    let mut causes = Causes::new();
    for (_, value) in &undo.args {
        freeze(scene, value, &mut causes);
    }
    if causes.is_empty() { Ok(()) } else { Err(causes) }
}

fn freeze(scene: &Scene<'_>, expr: &Expr, causes: &mut Causes) {
    if needs_result(scene.typed(), expr) {
        match &expr.kind {
            ExprKind::Let(id) => freeze(scene, &scene.typed().lets[id.index()].value, causes),
            // What a loop binds is not known before.
            ExprKind::Quantified(_, _, over, _) => freeze(scene, over, causes),
            _ => parts(expr).into_iter().for_each(|part| freeze(scene, part, causes)),
        }
    } else if is_free(expr)
        && let Err(more) = scene.value(expr, &Names::default())
    {
        causes.extend(more);
    }
}
