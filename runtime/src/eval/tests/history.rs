//! Earlier calls.

use crate::eval::{Cause, Causes, Ended, Evaluator, Memo, PastCall};
use crate::program::{ArgId, Comparison, Constant, ExprId, Op, PastPart, TypeShape, VerbId};
use crate::testing::{Build, Scene};
use crate::value::Value;

const REFUND: VerbId = VerbId(0);

fn call(order: &str, ended: Ended, result: Option<i64>, minute: i64) -> PastCall {
    PastCall {
        verb: REFUND,
        args: vec![(ArgId(0), Value::text(order))],
        sent: jiff::Timestamp::from_second(minute * 60).unwrap(),
        ended,
        result: result.map(Value::Int),
    }
}

/// A verb `refund(order: Text) -> Int` and another one, and a filter on the order.
fn build() -> (Build, ExprId) {
    let mut build = Build::default();
    let order = build.field("order", TypeShape::Text);
    build.verb("refund", vec![order], Some(TypeShape::Int));
    build.verb("note", vec![], None);
    let past = build.scoped(Op::PastArg(ArgId(0)), TypeShape::Text);
    let wanted = build.text("A-1");
    let filter = build.scoped(Op::Compare(Comparison::Equal, past, wanted), TypeShape::Bool);
    (build, filter)
}

#[test]
fn happened_and_failed_look_at_how_calls_ended() {
    let (mut build, filter) = build();
    let happened = build.bool(Op::Happened(vec![REFUND], Some(filter)));
    let failed = build.bool(Op::Failed(vec![REFUND], Some(filter)));
    let any = build.bool(Op::Happened(vec![REFUND], None));
    let other = build.bool(Op::Happened(vec![VerbId(1)], None));
    let policy = build.policy();
    let scene = |past| Scene { past, ..Scene::default() };
    let judge = |scene: &Scene| [happened, failed, any, other].map(|id| scene.value(&policy, id) == Ok(Value::Bool(true)));
    assert_eq!(judge(&scene(vec![])), [false; 4]);
    assert_eq!(judge(&scene(vec![call("A-1", Ended::Open, None, 0)])), [false; 4]);
    assert_eq!(judge(&scene(vec![call("A-1", Ended::Well, Some(1), 0)])), [true, false, true, false]);
    assert_eq!(judge(&scene(vec![call("A-2", Ended::Well, Some(1), 0)])), [false, false, true, false]);
    assert_eq!(judge(&scene(vec![call("A-1", Ended::Failed, None, 0)])), [false, true, false, false]);
}

#[test]
fn last_is_the_latest_that_finished_well() {
    let (mut build, filter) = build();
    let maybe_int = build.optional(TypeShape::Int);
    let maybe_time = build.optional(TypeShape::Time);
    let maybe_bool = build.optional(TypeShape::Bool);
    let maybe_text = build.optional(TypeShape::Text);
    let last = |part| Op::Last(vec![REFUND], Some(filter), part);
    let result = build.expr(last(PastPart::Result), maybe_int);
    let at = build.expr(last(PastPart::At), maybe_time);
    let exists = build.expr(last(PastPart::Exists), maybe_bool);
    let arg = build.expr(last(PastPart::Arg(ArgId(0))), maybe_text);
    let policy = build.policy();
    let past = vec![
        call("A-1", Ended::Well, Some(1), 1),
        call("A-1", Ended::Well, Some(2), 2),
        call("A-2", Ended::Well, Some(3), 3),
        call("A-1", Ended::Failed, None, 4),
        call("A-1", Ended::Open, None, 5),
    ];
    let scene = Scene { past, ..Scene::default() };
    assert_eq!(scene.value(&policy, result), Ok(Value::Int(2)));
    assert_eq!(scene.value(&policy, at), Ok(Value::Time(jiff::Timestamp::from_second(120).unwrap())));
    assert_eq!(scene.value(&policy, exists), Ok(Value::Bool(true)));
    assert_eq!(scene.value(&policy, arg), Ok(Value::text("A-1")));
    for id in [result, at, exists, arg] {
        assert_eq!(Scene::default().value(&policy, id), Ok(Value::None));
    }
    let without_value = Scene { past: vec![call("A-1", Ended::Well, None, 1)], ..Scene::default() };
    let cause = Cause::Malformed("an earlier call has no result that fits its type".into());
    assert_eq!(without_value.value(&policy, result), Err(Causes::one(cause)));
}

#[test]
fn an_unknown_filter_keeps_history_unknown_unless_another_call_decides() {
    let (mut build, filter) = build();
    let low = build.constant(Constant::Decimal("0.7".parse().unwrap()), TypeShape::Decimal);
    let stated = build.expr(Op::Run(crate::program::RunFact::Confidence), TypeShape::Decimal);
    let unknown = build.bool(Op::Compare(Comparison::Less, stated, low));
    // True for A-1, unknown for every other order.
    let either = build.scoped(Op::Or(vec![filter, unknown]), TypeShape::Bool);
    let happened = build.bool(Op::Happened(vec![REFUND], Some(either)));
    let maybe_bool = build.optional(TypeShape::Bool);
    let last = build.expr(Op::Last(vec![REFUND], Some(either), PastPart::Exists), maybe_bool);
    let policy = build.policy();
    let silent = Err(Causes::one(Cause::NoConfidence));
    let ended = |orders: &[&str]| Scene {
        past: orders.iter().map(|order| call(order, Ended::Well, None, 0)).collect(),
        ..Scene::default()
    };
    assert_eq!(ended(&["A-2"]).value(&policy, happened), silent);
    assert_eq!(ended(&["A-2", "A-1"]).value(&policy, happened), Ok(Value::Bool(true)));
    assert_eq!(ended(&["A-2", "A-1"]).value(&policy, last), Ok(Value::Bool(true)));
    // The later one may be the last: that is unknown.
    assert_eq!(ended(&["A-1", "A-2"]).value(&policy, last), silent);
}

#[test]
fn failures_and_requirements_are_the_runs_own() {
    let (mut build, _) = build();
    let failures = build.expr(Op::Failures(vec![REFUND]), TypeShape::Int);
    let order = build.text("A-1");
    let required =
        build.bool(Op::Required { verb: REFUND, args: vec![(0, order)], within: Some(1), since_last: Some(VerbId(1)) });
    let policy = build.policy();
    let scene = Scene { failures: 2, required: true, ..Scene::default() };
    assert_eq!(scene.value(&policy, failures), Ok(Value::Int(2)));
    assert_eq!(scene.value(&policy, required), Ok(Value::Bool(true)));
    assert_eq!(Scene::default().value(&policy, required), Ok(Value::Bool(false)));
}

#[test]
fn an_undo_reads_its_own_call_and_what_was_frozen() {
    let (mut build, _) = build();
    let note = build.expr(Op::Input(0), TypeShape::Text);
    let result = build.scoped(Op::PastResult, TypeShape::Int);
    let policy = build.policy();
    let scene = Scene { input: vec![Value::text("now")], ..Scene::default() };
    let call = call("A-1", Ended::Well, Some(9), 0);
    let mut memo = Memo::default();
    let mut evaluator = Evaluator::new(&policy, &scene, &mut memo);
    evaluator.recall(note, Ok(Value::text("then")));
    assert_eq!(evaluator.of_past(&call, result), Ok(Value::Int(9)));
    assert_eq!(evaluator.of_past(&call, note), Ok(Value::text("then")));
    assert_eq!(Evaluator::new(&policy, &scene, &mut memo).value(note), Ok(Value::text("now")));
}
