//! Walks of the decision graph and what they need.

use crate::eval::{Cause, Evaluator, Judged, Memo, Need, Reading, Unasked};
use crate::program::{
    ArgId, Comparison, Constant, Edge, Effect, ExprId, LeafState, Node, NodeId, Op, Place, Rule, RuleId, RuleKind, Step,
    TypeShape,
};
use crate::testing::{Build, Scene};
use crate::types::RecordId;
use crate::value::{Cell, Value};
use std::sync::Arc;

fn rule(name: &str, condition: Option<ExprId>) -> Rule {
    Rule {
        name: name.into(),
        effect: Effect::Deny,
        kind: RuleKind::Never,
        verbs: vec![],
        condition,
        because: None,
        shadow: false,
        place: Place::default(),
        operands: vec![],
        shows: None,
    }
}

/// A record `Order` with a status and a flag, its two fields looked up under "A-1", and one of another record under "B".
fn build() -> (Build, RecordId, ExprId, ExprId, ExprId) {
    let mut build = Build::default();
    let fields = ["id", "status"].map(|name| build.field(name, TypeShape::Text));
    let flag = build.field("flag", TypeShape::Bool);
    let order = build.record("Order", 1, fields.into_iter().chain([flag]).collect());
    let (a, b) = (build.text("A-1"), build.text("B"));
    let at_a = build.expr(Op::Lookup(order, vec![a]), TypeShape::Record(order));
    let at_b = build.expr(Op::Lookup(order, vec![b]), TypeShape::Record(order));
    let status = build.expr(Op::Field(at_a, 1), TypeShape::Text);
    let flag = build.expr(Op::Field(at_a, 2), TypeShape::Bool);
    let other = build.expr(Op::Field(at_b, 2), TypeShape::Bool);
    (build, order, status, flag, other)
}

fn order(status: &str, flag: bool) -> Reading {
    let cells = [Value::text("A-1"), Value::text(status), Value::Bool(flag)].map(Cell::Value);
    Reading::Held(Value::Record(Arc::from(cells)))
}

fn need(record: RecordId, key: &str, why: Unasked) -> Need {
    Need { record, key: Arc::from([Value::text(key)]), why }
}

#[test]
fn a_test_has_three_exits() {
    let (mut build, record, _, flag, _) = build();
    build.program.rules = vec![rule("always", None), rule("flagged", Some(flag))];
    let leaf = |rule, state, next| Node::Leaf { rule: RuleId(rule), state, next: NodeId(next) };
    build.program.nodes = vec![
        leaf(0, LeafState::Fires, 1),
        Node::Test { condition: flag, yes: NodeId(2), no: NodeId(4), unknown: NodeId(3) },
        leaf(1, LeafState::Fires, 4),
        leaf(1, LeafState::Unknown, 4),
        Node::End,
    ];
    let policy = build.policy();
    let walk = |scene: &Scene| Evaluator::new(&policy, scene, &mut Memo::default()).walk(NodeId(0));
    let always = Judged { rule: RuleId(0), state: Ok(()) };
    let with = |reading| Scene { readings: [((record, vec![Value::text("A-1")]), reading)].into(), ..Scene::default() };
    assert_eq!(walk(&with(order("open", true))), [always.clone(), Judged { rule: RuleId(1), state: Ok(()) }]);
    assert_eq!(walk(&with(order("open", false))), std::slice::from_ref(&always));
    let cause = Cause::Unavailable { record, key: Arc::from([Value::text("A-1")]) };
    assert_eq!(walk(&with(Reading::Unavailable)), [always, Judged { rule: RuleId(1), state: Err(cause.into()) }]);
}

#[test]
fn a_switch_takes_the_arm_of_its_value() {
    let (mut build, record, status, _, _) = build();
    let names = ["delivered", "open", "shipped"];
    let constants = names.map(|name| build.const_id(Constant::Text(name.into())));
    let conditions = names.map(|name| {
        let name = build.text(name);
        build.bool(Op::Compare(Comparison::Equal, status, name))
    });
    build.program.rules = names.iter().zip(conditions).map(|(name, condition)| rule(name, Some(condition))).collect();
    let leaf = |rule, state, next| Node::Leaf { rule: RuleId(rule), state, next: NodeId(next) };
    let arms = constants.into_iter().zip([1, 2, 3]).map(|(constant, node)| (constant, NodeId(node))).collect();
    build.program.nodes = vec![
        Node::Switch { subject: status, arms, otherwise: NodeId(7), unknown: NodeId(4) },
        leaf(0, LeafState::Fires, 7),
        leaf(1, LeafState::Fires, 7),
        leaf(2, LeafState::Fires, 7),
        leaf(0, LeafState::Unknown, 5),
        leaf(1, LeafState::Unknown, 6),
        leaf(2, LeafState::Unknown, 7),
        Node::End,
    ];
    let policy = build.policy();
    let fired = |reading| {
        let scene = Scene { readings: [((record, vec![Value::text("A-1")]), reading)].into(), ..Scene::default() };
        let judged = Evaluator::new(&policy, &scene, &mut Memo::default()).walk(NodeId(0));
        judged.into_iter().map(|judged| (judged.rule.0, judged.state.is_ok())).collect::<Vec<_>>()
    };
    assert_eq!(fired(order("delivered", true)), [(0, true)]);
    assert_eq!(fired(order("shipped", true)), [(2, true)]);
    assert_eq!(fired(order("lost", true)), []);
    assert_eq!(fired(Reading::Unavailable), [(0, false), (1, false), (2, false)]);
}

#[test]
fn a_range_takes_the_last_step_that_its_value_reaches() {
    let mut build = Build::default();
    let param = build.field("count", TypeShape::Int);
    build.verb("order", vec![param], None);
    let count = build.expr(Op::Arg(ArgId(0)), TypeShape::Int);
    let ten = build.const_id(Constant::Int(10));
    let twenty = build.const_id(Constant::Int(20));
    build.program.rules = ["below", "ten", "beyond", "twenty", "unknown"].map(|name| rule(name, None)).into();
    let leaf = |rule| Node::Leaf { rule: RuleId(rule), state: LeafState::Fires, next: NodeId(6) };
    let step = |bound, edge, next| Step { bound, edge, next: NodeId(next) };
    let steps = vec![step(ten, Edge::From, 2), step(ten, Edge::Beyond, 3), step(twenty, Edge::From, 4)];
    let range = Node::Range { subject: count, below: NodeId(1), steps, unknown: NodeId(5) };
    build.program.nodes = vec![range, leaf(0), leaf(1), leaf(2), leaf(3), leaf(4), Node::End];
    let policy = build.policy();
    let met = |args: &[(ArgId, Value)]| {
        let scene = Scene { args: args.iter().cloned().collect(), ..Scene::default() };
        let judged = Evaluator::new(&policy, &scene, &mut Memo::default()).walk(NodeId(0));
        judged.into_iter().map(|judged| judged.rule.0).collect::<Vec<_>>()
    };
    for (value, rule) in [(i64::MIN, 0), (9, 0), (10, 1), (11, 2), (19, 2), (20, 3), (i64::MAX, 3)] {
        assert_eq!(met(&[(ArgId(0), Value::Int(value))]), [rule], "{value}");
    }
    assert_eq!(met(&[]), [4]);
}

#[test]
fn needs_are_what_keeps_rules_open_and_no_more() {
    let (mut build, record, _, flag, other) = build();
    let (yes, no) = (build.truth(true), build.truth(false));
    let both = build.bool(Op::And(vec![flag, other]));
    let not_taken = build.bool(Op::If(yes, flag, other));
    let settled = build.bool(Op::And(vec![other, no]));
    build.program.rules = [both, not_taken, settled, flag]
        .into_iter()
        .map(|condition| rule("r", Some(condition)))
        .chain([rule("always", None)])
        .collect();
    let policy = build.policy();
    let needs = |scene: &Scene, rules: &[u32]| {
        let rules: Vec<RuleId> = rules.iter().map(|rule| RuleId(*rule)).collect();
        Evaluator::new(&policy, scene, &mut Memo::default()).needs(&rules)
    };
    let (a, b) = (need(record, "A-1", Unasked::Never), need(record, "B", Unasked::Never));
    let scene = Scene::default();
    assert_eq!(needs(&scene, &[0]), [a.clone(), b.clone()]);
    assert_eq!(needs(&scene, &[1]), std::slice::from_ref(&a));
    assert_eq!(needs(&scene, &[2, 4]), []);
    assert_eq!(needs(&scene, &[0, 1, 3]), [a, b.clone()]);
    let mut scene = Scene::default();
    scene.readings.insert((record, vec![Value::text("A-1")]), order("open", true));
    assert_eq!(needs(&scene, &[0, 1]), [b]);
    scene.readings.insert((record, vec![Value::text("A-1")]), order("open", false));
    assert_eq!(needs(&scene, &[0]), []);
    scene.readings.insert((record, vec![Value::text("A-1")]), Reading::Unasked(Unasked::Stale));
    assert_eq!(needs(&scene, &[3]), [need(record, "A-1", Unasked::Stale)]);
}

#[test]
fn a_row_is_judged_with_its_name_bound() {
    let (mut build, record, _, _, _) = build();
    let row = build.local();
    let bound = build.scoped(Op::Local(row), TypeShape::Record(record));
    let condition = build.scoped(Op::Field(bound, 2), TypeShape::Bool);
    let policy = build.policy();
    let scene = Scene::default();
    let mut memo = Memo::default();
    let mut evaluator = Evaluator::new(&policy, &scene, &mut memo);
    for flag in [true, false] {
        let Reading::Held(value) = order("open", flag) else { unreachable!() };
        assert_eq!(evaluator.with_row(row, &value, condition), Ok(flag));
    }
}
