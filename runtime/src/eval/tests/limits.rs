//! Counters.

use crate::eval::{Cause, Causes, Contribution, Counter, Counting, Evaluator, Memo, Verdict};
use crate::program::{
    ArgId, Comparison, Constant, Effect, Limit, LimitId, Measure, Op, Place, Rule, RuleId, RuleKind, RunFact, TypeShape, Window,
};
use crate::testing::{Build, Scene, usd};
use crate::value::Value;

fn dollars(amount: &str) -> Value {
    Value::Money(amount.parse().unwrap(), usd())
}

/// `limit on refund: sum(amount) <= 500 USD per day by order` with `when run.confidence < 0.7`.
fn build(strict: bool) -> (Build, crate::program::ExprId) {
    let mut build = Build::default();
    let (order, amount) = (build.field("order", TypeShape::Text), build.field("amount", TypeShape::Money(usd())));
    build.verb("refund", vec![order, amount], None);
    let by = build.expr(Op::Arg(ArgId(0)), TypeShape::Text);
    let amount = build.expr(Op::Arg(ArgId(1)), TypeShape::Money(usd()));
    let bound = build.dollars("500");
    let stated = build.expr(Op::Run(RunFact::Confidence), TypeShape::Decimal);
    let low = build.constant(Constant::Decimal("0.7".parse().unwrap()), TypeShape::Decimal);
    let when = build.bool(Op::Compare(Comparison::Less, stated, low));
    build.program.limits.push(Limit {
        rule: RuleId(0),
        measure: Measure::Sum(amount),
        strict,
        bound,
        window: Window::Day("UTC".into()),
        by: vec![by],
        when: Some(when),
        capacity: None,
    });
    let exceeds = build.bool(Op::WouldExceed(LimitId(0)));
    build.program.rules.push(Rule {
        name: "daily".into(),
        effect: Effect::Stop,
        kind: RuleKind::Limit(LimitId(0), None),
        verbs: vec![],
        condition: Some(exceeds),
        because: None,
        shadow: false,
        place: Place::default(),
        operands: vec![],
        shows: None,
    });
    (build, exceeds)
}

fn scene(amount: &str, total: Counter) -> Scene {
    Scene {
        args: [(ArgId(0), Value::text("A-1")), (ArgId(1), dollars(amount))].into(),
        run: [(RunFact::Confidence, Value::Decimal("0.5".parse().unwrap()))].into(),
        counter: Some(total),
        ..Scene::default()
    }
}

#[test]
fn a_limit_says_what_the_call_adds_and_whether_it_fits() {
    for (strict, amount, total, verdict) in [
        (false, "40", Counter::Total(dollars("500")), Verdict::Within),
        (false, "40", Counter::Total(dollars("500.01")), Verdict::Beyond),
        (true, "40", Counter::Total(dollars("500")), Verdict::Beyond),
        (true, "40", Counter::Total(dollars("499.99")), Verdict::Within),
        (false, "-1", Counter::Total(dollars("0")), Verdict::Negative),
        (false, "40", Counter::Full, Verdict::Full),
    ] {
        let (build, exceeds) = build(strict);
        let policy = build.policy();
        let scene = scene(amount, total.clone());
        let counting = Evaluator::new(&policy, &scene, &mut Memo::default()).limit(LimitId(0));
        let expected = Counting {
            key: vec![Value::text("A-1")],
            adds: Contribution::Amount(dollars(amount)),
            bound: dollars("500"),
            verdict,
        };
        assert_eq!(counting, Ok(Some(expected)), "{amount} and {total:?}");
        assert_eq!(scene.value(&policy, exceeds), Ok(Value::Bool(verdict != Verdict::Within)));
    }
}

#[test]
fn a_call_that_the_limit_leaves_out_never_exceeds_it() {
    let (build, exceeds) = build(false);
    let policy = build.policy();
    let mut scene = scene("40", Counter::Total(dollars("900")));
    scene.run.insert(RunFact::Confidence, Value::Decimal("0.9".parse().unwrap()));
    assert_eq!(Evaluator::new(&policy, &scene, &mut Memo::default()).limit(LimitId(0)), Ok(None));
    assert_eq!(scene.value(&policy, exceeds), Ok(Value::Bool(false)));
}

#[test]
fn an_unknown_part_keeps_a_limit_unknown() {
    let (build, exceeds) = build(false);
    let policy = build.policy();
    let overflow = scene("40", Counter::Overflow);
    assert_eq!(overflow.value(&policy, exceeds), Err(Causes::one(Cause::Overflow)));
    let mut silent = scene("40", Counter::Total(dollars("0")));
    silent.run.clear();
    assert_eq!(silent.value(&policy, exceeds), Err(Causes::one(Cause::NoConfidence)));
    let mut no_call = scene("40", Counter::Total(dollars("0")));
    no_call.args.clear();
    assert_eq!(no_call.value(&policy, exceeds), Err(Causes::one(Cause::NoCall)));
}
