//! Every cause of unknown through every operator.

use crate::eval::{Cause, Causes, Reading, Unasked};
use crate::program::{
    ArgId, Arithmetic, Arm, Comparison, Constant, ExprId, FnShape, Loop, Op, Pattern, RunFact, TypeShape, VerbId, ZonePart,
};
use crate::testing::{Build, Scene};
use crate::value::{Cell, Value};
use std::sync::Arc;

/// A program in which a condition of each cause can be had, and the scene that makes it so.
struct Unknowns {
    build: Build,
    scene: Scene,
    conditions: Vec<(ExprId, Cause)>,
}

fn unknowns() -> Unknowns {
    let mut build = Build::default();
    let mut scene = Scene::default();
    let (key, flag) = (build.field("id", TypeShape::Text), build.field("flag", TypeShape::Bool));
    let order = build.record("Order", 1, vec![key, flag]);
    let param = build.field("approved", TypeShape::Bool);
    build.verb("refund", vec![param], None);
    let mut conditions = Vec::new();
    let readings = [
        ("never", Reading::Unasked(Unasked::Never)),
        ("stale", Reading::Unasked(Unasked::Stale)),
        ("changed", Reading::Unasked(Unasked::Changed)),
        ("absent", Reading::Absent),
        ("unavailable", Reading::Unavailable),
        ("conflicting", Reading::Conflicting),
        ("malformed", Reading::Malformed("it is no order".into())),
        ("misshapen", Reading::Held(Value::Record(Arc::from([Cell::Unread, Cell::Malformed("must be true or false".into())])))),
    ];
    for (name, reading) in readings {
        let id = build.text(name);
        let record = build.expr(Op::Lookup(order, vec![id]), TypeShape::Record(order));
        let condition = build.bool(Op::Field(record, 1));
        let key: Arc<[Value]> = Arc::from([Value::text(name)]);
        scene.readings.insert((order, key.to_vec()), reading.clone());
        let cause = match reading {
            Reading::Unasked(why) => Cause::Unasked { record: order, key, why },
            Reading::Absent => Cause::Absent { record: order, key, chosen: false },
            Reading::Unavailable => Cause::Unavailable { record: order, key },
            Reading::Conflicting => Cause::Conflicting { record: order, key },
            Reading::Malformed(why) => Cause::Malformed(why),
            Reading::Held(_) => Cause::Malformed("`Order.flag` must be true or false".into()),
        };
        conditions.push((condition, cause));
    }
    let (most, one, zero) = (build.int(i64::MAX), build.int(1), build.int(0));
    let sum = build.expr(Op::Arithmetic(Arithmetic::Add, most, one), TypeShape::Int);
    conditions.push((build.bool(Op::Compare(Comparison::Equal, sum, zero)), Cause::Overflow));
    let stated = build.expr(Op::Run(RunFact::Confidence), TypeShape::Decimal);
    let low = build.constant(Constant::Decimal("0.7".parse().unwrap()), TypeShape::Decimal);
    conditions.push((build.bool(Op::Compare(Comparison::Less, stated, low)), Cause::NoConfidence));
    conditions.push((build.bool(Op::Signal(0)), Cause::NoSignal(0)));
    conditions.push((build.bool(Op::Arg(ArgId(0))), Cause::NoCall));
    Unknowns { build, scene, conditions }
}

/// An expression of that type that is unknown as the condition is.
fn of(build: &mut Build, condition: ExprId, constant: Constant, shape: TypeShape) -> ExprId {
    let value = build.constant(constant, shape.clone());
    build.expr(Op::If(condition, value, value), shape)
}

/// Every operator that is unknown where an operand is, each operand in its turn.
fn strict(build: &mut Build, u: ExprId) -> Vec<(&'static str, ExprId)> {
    let int = of(build, u, Constant::Int(1), TypeShape::Int);
    let text = of(build, u, Constant::Text("x".into()), TypeShape::Text);
    let time = of(build, u, Constant::Time(jiff::Timestamp::UNIX_EPOCH), TypeShape::Time);
    let date = of(build, u, Constant::Date(jiff::civil::date(2026, 5, 4)), TypeShape::Date);
    let clock = of(build, u, Constant::TimeOfDay(jiff::civil::time(8, 0, 0, 0)), TypeShape::TimeOfDay);
    let zone = of(build, u, Constant::Text("Europe/Paris".into()), TypeShape::Zone);
    let (one, tru) = (build.int(1), build.truth(true));
    let known_time = build.expr(Op::Now, TypeShape::Time);
    let known_date = build.constant(Constant::Date(jiff::civil::date(2026, 5, 4)), TypeShape::Date);
    let known_clock = build.constant(Constant::TimeOfDay(jiff::civil::time(8, 0, 0, 0)), TypeShape::TimeOfDay);
    let known_zone = build.constant(Constant::Text("Europe/Paris".into()), TypeShape::Zone);
    let ints = build.ints(&[1, 2]);
    let list = build.list_of(TypeShape::Int);
    let unknown_list = build.expr(Op::If(u, ints, ints), list.clone());
    let zoned = build.expr(Op::InZone(time, known_zone), TypeShape::Zoned);
    let field = build.field("key", TypeShape::Text);
    let other = build.record("Other", 1, vec![field]);
    let maybe_int = build.optional(TypeShape::Int);
    let local = build.local();
    let bound = build.scoped(Op::Local(local), TypeShape::Int);
    let is_one = build.scoped(Op::Compare(Comparison::Equal, bound, one), TypeShape::Bool);
    let pair = (build.local(), build.local());
    let pattern = u32::try_from(build.program.patterns.len()).unwrap();
    build.program.patterns.push("x".into());
    let function = build.program.functions.len();
    build.program.functions.push("text.double".into());
    let param = build.local();
    let inner = build.scoped(Op::Local(param), TypeShape::Int);
    build.program.fns.push(FnShape { name: "id".into(), params: vec![param], body: inner });
    let fns = crate::program::FnId(u32::try_from(build.program.fns.len() - 1).unwrap());
    let one_id = build.const_id(Constant::Int(1));
    let compare = |a, b| Op::Compare(Comparison::Equal, a, b);
    let arm = |patterns| Arm { patterns, value: one };
    let bool = TypeShape::Bool;
    let ops: Vec<(&'static str, Op, TypeShape)> = vec![
        ("lookup", Op::Lookup(other, vec![text]), TypeShape::Record(other)),
        ("call of a function of the file", Op::CallFn(fns, vec![int]), TypeShape::Int),
        ("call", Op::Call(u32::try_from(function).unwrap(), vec![text]), TypeShape::Text),
        ("not", Op::Not(u), bool.clone()),
        ("and", Op::And(vec![tru, u]), bool.clone()),
        ("compare, left", compare(int, one), bool.clone()),
        ("compare, right", compare(one, int), bool.clone()),
        ("in, item", Op::In(int, ints), bool.clone()),
        ("in, list", Op::In(one, unknown_list), bool.clone()),
        ("in range, item", Op::InRange(int, one, one), bool.clone()),
        ("in range, low", Op::InRange(one, int, one), bool.clone()),
        ("in range, high", Op::InRange(one, one, int), bool.clone()),
        ("add", Op::Arithmetic(Arithmetic::Add, int, one), TypeShape::Int),
        ("subtract", Op::Arithmetic(Arithmetic::Subtract, one, int), TypeShape::Int),
        ("multiply", Op::Arithmetic(Arithmetic::Multiply, int, one), TypeShape::Int),
        ("negate", Op::Negate(int), TypeShape::Int),
        ("to decimal", Op::ToDecimal(int), TypeShape::Decimal),
        ("matches", Op::Matches(text, pattern), bool.clone()),
        ("list", Op::List(vec![one, int]), list),
        ("if, condition", Op::If(u, one, one), TypeShape::Int),
        ("if, branch taken", Op::If(tru, int, one), TypeShape::Int),
        ("match, subject", Op::Match(vec![int], vec![arm(vec![Pattern::Any])]), TypeShape::Int),
        (
            "match, second subject",
            Op::Match(vec![one, int], vec![arm(vec![Pattern::OneOf(vec![one_id]), Pattern::Any])]),
            TypeShape::Int,
        ),
        ("any over", Op::Loop(Loop::Any, local, unknown_list, is_one), bool.clone()),
        ("all over", Op::Loop(Loop::All, local, unknown_list, is_one), bool.clone()),
        ("count over", Op::Loop(Loop::Count, local, unknown_list, is_one), TypeShape::Int),
        ("count of", Op::Loop(Loop::Count, local, ints, u), TypeShape::Int),
        ("sum over", Op::Loop(Loop::Sum, local, unknown_list, bound), TypeShape::Int),
        ("sum of", Op::Loop(Loop::Sum, local, ints, int), TypeShape::Int),
        ("min over", Op::Loop(Loop::Min, local, unknown_list, bound), maybe_int.clone()),
        ("max of", Op::Loop(Loop::Max, local, ints, int), maybe_int.clone()),
        ("first over", Op::Loop(Loop::First, local, unknown_list, is_one), maybe_int.clone()),
        ("first where", Op::Loop(Loop::First, local, ints, u), maybe_int),
        ("zip, left", Op::AllZip(pair.0, pair.1, unknown_list, ints, tru), bool.clone()),
        ("zip, right", Op::AllZip(pair.0, pair.1, ints, unknown_list, tru), bool.clone()),
        ("required", Op::Required { verb: VerbId(0), args: vec![(0, u)], within: None, since_last: None }, bool.clone()),
        ("in zone, time", Op::InZone(time, known_zone), TypeShape::Zoned),
        ("in zone, zone", Op::InZone(known_time, zone), TypeShape::Zoned),
        ("zone part", Op::ZonePart(ZonePart::Date, zoned), TypeShape::Date),
        ("at, date", Op::At(date, known_clock, known_zone), TypeShape::Time),
        ("at, time", Op::At(known_date, clock, known_zone), TypeShape::Time),
        ("at, zone", Op::At(known_date, known_clock, zone), TypeShape::Time),
        ("coalesce of none", none_then(build, int), TypeShape::Int),
    ];
    let mut exprs: Vec<(&'static str, ExprId)> = ops.into_iter().map(|(name, op, shape)| (name, build.expr(op, shape))).collect();
    exprs.push(("or", {
        let no = build.truth(false);
        build.bool(Op::Or(vec![no, u]))
    }));
    exprs
}

fn none_then(build: &mut Build, second: ExprId) -> Op {
    let maybe = build.optional(TypeShape::Int);
    Op::Coalesce(build.constant(Constant::None, maybe), second)
}

#[test]
fn an_unknown_operand_makes_every_other_operator_unknown_for_its_own_reason() {
    let Unknowns { mut build, scene, conditions } = unknowns();
    build.zone("Europe/Paris");
    let mut cases = Vec::new();
    for (condition, cause) in conditions {
        cases.extend(strict(&mut build, condition).into_iter().map(|(name, id)| (name, id, cause.clone())));
    }
    let policy = build.policy();
    assert!(cases.len() > 500);
    for (name, id, cause) in cases {
        assert_eq!(scene.value(&policy, id), Err(Causes::one(cause.clone())), "{name} with {cause:?}");
    }
}

#[test]
fn coalesce_and_is_absent_settle_absence_and_nothing_else() {
    let Unknowns { mut build, scene, conditions } = unknowns();
    let cases: Vec<(ExprId, ExprId, Cause)> = conditions
        .into_iter()
        .map(|(condition, cause)| {
            let no = build.truth(false);
            (build.bool(Op::Coalesce(condition, no)), build.bool(Op::IsAbsent(condition)), cause)
        })
        .collect();
    let policy = build.policy();
    for (coalesced, is_absent, cause) in cases {
        let settled = matches!(cause, Cause::Absent { .. } | Cause::NoConfidence | Cause::NoSignal(_));
        let unknown = Err(Causes::one(cause.clone()));
        let (expected, absent) =
            if settled { (Ok(Value::Bool(false)), Ok(Value::Bool(true))) } else { (unknown.clone(), unknown) };
        assert_eq!(scene.value(&policy, coalesced), expected, "{cause:?}");
        assert_eq!(scene.value(&policy, is_absent), absent, "{cause:?}");
    }
}

#[test]
fn absence_beside_another_cause_is_not_settled() {
    let Unknowns { mut build, scene, conditions } = unknowns();
    let find = |wanted: fn(&Cause) -> bool| conditions.iter().find(|(_, cause)| wanted(cause)).cloned().unwrap();
    let absent = find(|cause| matches!(cause, Cause::Absent { .. }));
    let unasked = find(|cause| matches!(cause, Cause::Unasked { .. }));
    let silent = find(|cause| *cause == Cause::NoConfidence);
    let no = build.truth(false);
    let mixed = build.bool(Op::And(vec![absent.0, unasked.0]));
    let of_mixed = build.bool(Op::Coalesce(mixed, no));
    let both_absent = build.bool(Op::And(vec![absent.0, silent.0]));
    let of_absent = build.bool(Op::Coalesce(both_absent, no));
    let policy = build.policy();
    assert_eq!(scene.value(&policy, of_mixed), Err(Causes::one(absent.1).and(&Causes::one(unasked.1))));
    assert_eq!(scene.value(&policy, of_absent), Ok(Value::Bool(false)));
}

#[test]
fn connectives_are_kleenes() {
    let Unknowns { mut build, scene, conditions } = unknowns();
    let (u, cause) = conditions[0].clone();
    let (v, other) = conditions[4].clone();
    let (yes, no) = (build.truth(true), build.truth(false));
    let (one, both) = (Causes::one(cause.clone()), Causes::one(cause).and(&Causes::one(other)));
    let cases: Vec<(Op, Result<bool, Causes>)> = vec![
        (Op::And(vec![yes, yes]), Ok(true)),
        (Op::And(vec![yes, no]), Ok(false)),
        (Op::And(vec![no, u]), Ok(false)),
        (Op::And(vec![u, no]), Ok(false)),
        (Op::And(vec![u, yes]), Err(one.clone())),
        (Op::And(vec![u, v]), Err(both.clone())),
        (Op::And(vec![u, v, no]), Ok(false)),
        (Op::Or(vec![no, no]), Ok(false)),
        (Op::Or(vec![u, yes]), Ok(true)),
        (Op::Or(vec![yes, u]), Ok(true)),
        (Op::Or(vec![u, no]), Err(one.clone())),
        (Op::Or(vec![v, u]), Err(both)),
        (Op::Not(u), Err(one)),
        (Op::Not(no), Ok(true)),
    ];
    let cases: Vec<(ExprId, _)> = cases.into_iter().map(|(op, expected)| (build.bool(op), expected)).collect();
    let policy = build.policy();
    for (id, expected) in cases {
        assert_eq!(scene.value(&policy, id), expected.map(Value::Bool), "{:?}", policy.program().exprs[id.index()].op);
    }
}

#[test]
fn only_the_branch_taken_is_evaluated() {
    let Unknowns { mut build, scene, conditions } = unknowns();
    let (u, _) = conditions[0].clone();
    let (yes, no, one) = (build.truth(true), build.truth(false), build.int(1));
    let unknown = of(&mut build, u, Constant::Int(2), TypeShape::Int);
    let then = build.expr(Op::If(yes, one, unknown), TypeShape::Int);
    let otherwise = build.expr(Op::If(no, unknown, one), TypeShape::Int);
    let one_id = build.const_id(Constant::Int(1));
    let arms = vec![
        Arm { patterns: vec![Pattern::OneOf(vec![one_id])], value: one },
        Arm { patterns: vec![Pattern::Any], value: unknown },
    ];
    let matched = build.expr(Op::Match(vec![one], arms), TypeShape::Int);
    let settled = build.expr(Op::Coalesce(one, unknown), TypeShape::Int);
    let policy = build.policy();
    for id in [then, otherwise, matched, settled] {
        assert_eq!(scene.value(&policy, id), Ok(Value::Int(1)));
    }
}

#[test]
fn loops_decide_in_spite_of_unknown_members_only_as_kleene_says() {
    let Unknowns { mut build, scene, conditions } = unknowns();
    let (u, cause) = conditions[0].clone();
    let ints = build.ints(&[1, 2, 3]);
    let local = build.local();
    let bound = build.scoped(Op::Local(local), TypeShape::Int);
    let is = |build: &mut Build, number: i64| {
        let number = build.int(number);
        build.scoped(Op::Compare(Comparison::Equal, bound, number), TypeShape::Bool)
    };
    // Unknown of the second member, and true or false of the third.
    let (two, three, four) = (is(&mut build, 2), is(&mut build, 3), is(&mut build, 4));
    let at_two = build.scoped(Op::And(vec![two, u]), TypeShape::Bool);
    let then_true = build.scoped(Op::Or(vec![at_two, three]), TypeShape::Bool);
    let never_true = build.scoped(Op::Or(vec![at_two, four]), TypeShape::Bool);
    let not_three = build.scoped(Op::Not(three), TypeShape::Bool);
    let not_two = build.scoped(Op::Not(at_two), TypeShape::Bool);
    let all_but_three = build.scoped(Op::And(vec![not_two, not_three]), TypeShape::Bool);
    let maybe = build.optional(TypeShape::Int);
    let run = |build: &mut Build, which, body, shape: TypeShape| build.expr(Op::Loop(which, local, ints, body), shape);
    let unknown = Err(Causes::one(cause));
    let cases = vec![
        (run(&mut build, Loop::Any, then_true, TypeShape::Bool), Ok(Value::Bool(true))),
        (run(&mut build, Loop::Any, never_true, TypeShape::Bool), unknown.clone()),
        (run(&mut build, Loop::All, all_but_three, TypeShape::Bool), Ok(Value::Bool(false))),
        (run(&mut build, Loop::All, not_two, TypeShape::Bool), unknown.clone()),
        (run(&mut build, Loop::Count, then_true, TypeShape::Int), unknown.clone()),
        (run(&mut build, Loop::First, then_true, maybe.clone()), unknown),
        (run(&mut build, Loop::First, two, maybe.clone()), Ok(Value::Int(2))),
        (run(&mut build, Loop::First, four, maybe), Ok(Value::None)),
    ];
    let policy = build.policy();
    for (id, expected) in cases {
        assert_eq!(scene.value(&policy, id), expected, "{:?}", policy.program().exprs[id.index()].op);
    }
}

#[test]
fn zip_is_false_where_lengths_differ_even_with_an_unknown_body() {
    let Unknowns { mut build, scene, conditions } = unknowns();
    let (u, cause) = conditions[0].clone();
    let (short, long) = (build.ints(&[1]), build.ints(&[1, 2]));
    let (a, b) = (build.local(), build.local());
    let differ = build.bool(Op::AllZip(a, b, short, long, u));
    let equal = build.bool(Op::AllZip(a, b, long, long, u));
    let policy = build.policy();
    assert_eq!(scene.value(&policy, differ), Ok(Value::Bool(false)));
    assert_eq!(scene.value(&policy, equal), Err(Causes::one(cause)));
}

#[test]
fn a_key_is_chosen_where_all_of_it_is_read_straight_from_the_arguments() {
    let mut build = Build::default();
    let (repo, number) = (build.field("repo", TypeShape::Text), build.field("number", TypeShape::Int));
    let pull = build.record("Pull", 2, vec![repo, number]);
    let (repo, number) = (build.field("repo", TypeShape::Text), build.field("number", TypeShape::Int));
    let numbers = build.list_of(TypeShape::Int);
    let numbers = build.field("numbers", numbers);
    build.verb("merge", vec![repo, number, numbers], None);
    let of_repo = build.expr(Op::Arg(ArgId(0)), TypeShape::Text);
    let of_number = build.expr(Op::Arg(ArgId(1)), TypeShape::Int);
    let list = build.list_of(TypeShape::Int);
    let of_numbers = build.expr(Op::Arg(ArgId(2)), list);
    let (fixed, zero) = (build.text("agentc"), build.int(0));
    let sum = build.expr(Op::Arithmetic(Arithmetic::Add, of_number, zero), TypeShape::Int);
    let local = build.local();
    let member = build.scoped(Op::Local(local), TypeShape::Int);
    let record = TypeShape::Record(pull);
    let look = |build: &mut Build, key| {
        let found = build.expr(Op::Lookup(pull, key), record.clone());
        build.bool(Op::IsAbsent(found));
        found
    };
    let both = look(&mut build, vec![of_repo, of_number]);
    let half = look(&mut build, vec![fixed, of_number]);
    let computed = look(&mut build, vec![of_repo, sum]);
    let inside = build.scoped(Op::Lookup(pull, vec![of_repo, member]), record.clone());
    let part = build.scoped(Op::Field(inside, 1), TypeShape::Int);
    let same = build.scoped(Op::Compare(Comparison::Equal, part, member), TypeShape::Bool);
    let looped = build.bool(Op::Loop(Loop::All, local, of_numbers, same));
    let policy = build.policy();
    let mut scene = Scene::default();
    scene.args.insert(ArgId(0), Value::text("agentc"));
    scene.args.insert(ArgId(1), Value::Int(7));
    scene.args.insert(ArgId(2), Value::List(Arc::from([Value::Int(7)])));
    let key: Arc<[Value]> = Arc::from([Value::text("agentc"), Value::Int(7)]);
    scene.readings.insert((pull, key.to_vec()), Reading::Absent);
    for (id, chosen) in [(both, true), (half, false), (computed, false), (looped, true)] {
        let expected = Causes::one(Cause::Absent { record: pull, key: Arc::clone(&key), chosen });
        assert_eq!(scene.value(&policy, id), Err(expected));
    }
}
