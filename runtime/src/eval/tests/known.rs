//! Every operator over known operands.

use crate::eval::{Cause, Causes};
use crate::program::{Arithmetic, Arm, Comparison, Constant, ExprId, FnShape, Loop, Op, Pattern, RunFact, TypeShape, ZonePart};
use crate::testing::{Build, Scene, usd};
use crate::value::{Cell, Value};
use std::sync::Arc;

const DAY: i64 = 86_400_000_000_000;

fn money(amount: &str) -> Value {
    Value::Money(amount.parse().unwrap(), usd())
}

fn duration(nanoseconds: i64) -> Constant {
    Constant::Duration(nanoseconds)
}

fn check(build: &Build, scene: &Scene, cases: Vec<(ExprId, Result<Value, Cause>)>) {
    let policy = build.policy();
    for (id, expected) in cases {
        assert_eq!(scene.value(&policy, id), expected.map_err(Causes::one), "{:?}", policy.program().exprs[id.index()].op);
    }
}

fn time(text: &str) -> Constant {
    Constant::Time(text.parse().unwrap())
}

fn date(text: &str) -> Constant {
    Constant::Date(text.parse().unwrap())
}

#[test]
fn arithmetic_goes_by_the_kinds_of_its_operands() {
    use Arithmetic::{Add, Multiply, Subtract};
    use TypeShape::{Date, Decimal, Duration, Int, Time};
    let mut build = Build::default();
    let decimal = |text: &str| Constant::Decimal(text.parse().unwrap());
    let dollars = |text: &str| Constant::Money(text.parse().unwrap(), usd());
    let usd_type = TypeShape::Money(usd());
    let whole = |days: i64| Value::Duration(jiff::SignedDuration::from_nanos(days * DAY));
    type Case = (Arithmetic, (Constant, TypeShape), (Constant, TypeShape), TypeShape, Result<Value, Cause>);
    let cases: Vec<Case> = vec![
        (Add, (Constant::Int(2), Int), (Constant::Int(3), Int), Int, Ok(Value::Int(5))),
        (Add, (Constant::Int(i64::MAX), Int), (Constant::Int(1), Int), Int, Err(Cause::Overflow)),
        (Subtract, (Constant::Int(i64::MIN), Int), (Constant::Int(1), Int), Int, Err(Cause::Overflow)),
        (Multiply, (Constant::Int(i64::MAX), Int), (Constant::Int(2), Int), Int, Err(Cause::Overflow)),
        (Add, (decimal("0.1"), Decimal), (decimal("0.2"), Decimal), Decimal, Ok(Value::Decimal("0.3".parse().unwrap()))),
        (Multiply, (decimal("1e38"), Decimal), (decimal("10"), Decimal), Decimal, Err(Cause::Overflow)),
        (Add, (dollars("19.99"), usd_type.clone()), (dollars("0.01"), usd_type.clone()), usd_type.clone(), Ok(money("20"))),
        (Subtract, (dollars("1"), usd_type.clone()), (dollars("2"), usd_type.clone()), usd_type.clone(), Ok(money("-1"))),
        (Multiply, (dollars("50"), usd_type.clone()), (Constant::Int(3), Int), usd_type.clone(), Ok(money("150"))),
        (Multiply, (Constant::Int(3), Int), (dollars("50"), usd_type.clone()), usd_type.clone(), Ok(money("150"))),
        (Multiply, (decimal("0.2"), Decimal), (dollars("50"), usd_type.clone()), usd_type.clone(), Ok(money("10"))),
        (Add, (duration(DAY), Duration), (duration(DAY), Duration), Duration, Ok(whole(2))),
        (Subtract, (duration(DAY), Duration), (duration(3 * DAY), Duration), Duration, Ok(whole(-2))),
        (Multiply, (duration(DAY), Duration), (Constant::Int(30), Int), Duration, Ok(whole(30))),
        (Multiply, (Constant::Int(-1), Int), (duration(DAY), Duration), Duration, Ok(whole(-1))),
        (Multiply, (duration(i64::MAX), Duration), (Constant::Int(i64::MAX), Int), Duration, Err(Cause::Overflow)),
        (
            Add,
            (time("2026-02-28T12:00:00Z"), Time),
            (duration(DAY), Duration),
            Time,
            Ok(Value::Time("2026-03-01T12:00:00Z".parse().unwrap())),
        ),
        (Add, (time("9999-12-30T00:00:00Z"), Time), (duration(30 * DAY), Duration), Time, Err(Cause::Overflow)),
        (Subtract, (time("2026-03-02T00:00:00Z"), Time), (time("2026-03-01T00:00:00Z"), Time), Duration, Ok(whole(1))),
        (Add, (date("2028-02-28"), Date), (duration(DAY), Duration), Date, Ok(Value::Date("2028-02-29".parse().unwrap()))),
        (Subtract, (date("2026-03-01"), Date), (duration(DAY), Duration), Date, Ok(Value::Date("2026-02-28".parse().unwrap()))),
        (Subtract, (date("2026-03-01"), Date), (date("2026-02-01"), Date), Duration, Ok(whole(28))),
        (
            Add,
            (date("2026-03-01"), Date),
            (duration(DAY / 2), Duration),
            Date,
            Err(Cause::Malformed("a date moves by whole days only".into())),
        ),
        (Add, (date("9999-12-31"), Date), (duration(DAY), Duration), Date, Err(Cause::Overflow)),
    ];
    let cases = cases
        .into_iter()
        .map(|(op, left, right, shape, expected)| {
            let (left, right) = (build.constant(left.0, left.1), build.constant(right.0, right.1));
            (build.expr(Op::Arithmetic(op, left, right), shape), expected)
        })
        .collect();
    check(&build, &Scene::default(), cases);
}

#[test]
fn signs_conversions_and_lists() {
    let mut build = Build::default();
    let (one, least, price) = (build.int(1), build.int(i64::MIN), build.dollars("2.50"));
    let ints = build.ints(&[2, 1, 2]);
    let set = TypeShape::Set(build.ty(TypeShape::Int));
    let (two, more) = (build.int(2), build.int(2));
    let numbers = Value::List(Arc::from([Value::Int(2), Value::Int(1), Value::Int(2)]));
    let cases = vec![
        (build.expr(Op::Negate(one), TypeShape::Int), Ok(Value::Int(-1))),
        (build.expr(Op::Negate(least), TypeShape::Int), Err(Cause::Overflow)),
        (build.expr(Op::Negate(price), TypeShape::Money(usd())), Ok(money("-2.5"))),
        (build.expr(Op::ToDecimal(one), TypeShape::Decimal), Ok(Value::Decimal(1.into()))),
        (ints, Ok(numbers)),
        (build.expr(Op::List(vec![two, one, more]), set), Ok(Value::Set(Arc::from([Value::Int(1), Value::Int(2)])))),
    ];
    check(&build, &Scene::default(), cases);
}

#[test]
fn comparisons_membership_and_ranges() {
    let mut build = Build::default();
    let (one, two) = (build.int(1), build.int(2));
    let list = build.ints(&[1, 3]);
    let clock =
        |build: &mut Build, hour: i8| build.constant(Constant::TimeOfDay(jiff::civil::time(hour, 0, 0, 0)), TypeShape::TimeOfDay);
    let (six, eight, eighteen, night) =
        (clock(&mut build, 6), clock(&mut build, 8), clock(&mut build, 18), clock(&mut build, 22));
    let day = |build: &mut Build, day| build.constant(Constant::Weekday(day), TypeShape::Weekday);
    let (monday, wednesday, friday) = (day(&mut build, 1), day(&mut build, 3), day(&mut build, 5));
    use Comparison::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    let ops = vec![
        (Op::Compare(Equal, one, two), false),
        (Op::Compare(NotEqual, one, two), true),
        (Op::Compare(Less, one, two), true),
        (Op::Compare(LessEqual, two, two), true),
        (Op::Compare(Greater, one, two), false),
        (Op::Compare(GreaterEqual, two, two), true),
        (Op::In(one, list), true),
        (Op::In(two, list), false),
        (Op::InRange(two, one, two), true),
        (Op::InRange(one, two, one), false),
        (Op::InRange(eight, eight, eighteen), true),
        (Op::InRange(eighteen, eight, eighteen), true),
        (Op::InRange(six, eight, eighteen), false),
        // Over midnight, and over the weekend.
        (Op::InRange(night, eighteen, six), true),
        (Op::InRange(six, eighteen, six), true),
        (Op::InRange(eight, eighteen, six), false),
        (Op::InRange(monday, friday, monday), true),
        (Op::InRange(wednesday, friday, monday), false),
    ];
    let cases = ops.into_iter().map(|(op, expected)| (build.bool(op), Ok(Value::Bool(expected)))).collect();
    check(&build, &Scene::default(), cases);
}

#[test]
fn optionals_are_settled_matched_and_passed_on() {
    let mut build = Build::default();
    let maybe = build.optional(TypeShape::Int);
    let none = build.constant(Constant::None, maybe.clone());
    let (one, two) = (build.int(1), build.int(2));
    let some = build.constant(Constant::Int(7), maybe.clone());
    let local = build.local();
    let bound = build.scoped(Op::Local(local), TypeShape::Int);
    let none_id = build.const_id(Constant::None);
    let arms = || {
        vec![
            Arm { patterns: vec![Pattern::OneOf(vec![none_id])], value: two },
            Arm { patterns: vec![Pattern::Bind(local)], value: bound },
        ]
    };
    let field = build.field("id", TypeShape::Int);
    let record = build.record("Order", 1, vec![field]);
    let maybe_order = build.optional(TypeShape::Record(record));
    let no_order = build.constant(Constant::None, maybe_order);
    let map = TypeShape::Map(build.ty(TypeShape::Text), build.ty(TypeShape::Int));
    let map_field = build.field("map", map.clone());
    let holder = build.record("Holder", 1, vec![map_field]);
    let input = build.expr(Op::Input(0), TypeShape::Record(holder));
    let map = build.expr(Op::Field(input, 0), map);
    let (a, z) = (build.text("a"), build.text("z"));
    let entries = Value::Map(Arc::from([(Value::text("a"), Value::Int(1)), (Value::text("b"), Value::Int(2))]));
    let scene = Scene { input: vec![Value::Record(Arc::from([Cell::Value(entries)]))], ..Scene::default() };
    let walked = build.local();
    let member = build.scoped(Op::Local(walked), TypeShape::Int);
    let cases = vec![
        (build.expr(Op::Coalesce(none, one), TypeShape::Int), Ok(Value::Int(1))),
        (build.expr(Op::Coalesce(some, one), TypeShape::Int), Ok(Value::Int(7))),
        (build.bool(Op::IsAbsent(none)), Ok(Value::Bool(true))),
        (build.bool(Op::IsAbsent(some)), Ok(Value::Bool(false))),
        (build.expr(Op::Match(vec![none], arms()), TypeShape::Int), Ok(Value::Int(2))),
        (build.expr(Op::Match(vec![some], arms()), TypeShape::Int), Ok(Value::Int(7))),
        (build.bool(Op::Compare(Comparison::Equal, none, one)), Ok(Value::Bool(false))),
        (build.expr(Op::Field(no_order, 0), maybe.clone()), Ok(Value::None)),
        (build.expr(Op::MapGet(map, a), maybe.clone()), Ok(Value::Int(1))),
        (build.expr(Op::MapGet(map, z), maybe), Ok(Value::None)),
        (build.bool(Op::In(a, map)), Ok(Value::Bool(true))),
        (build.bool(Op::In(z, map)), Ok(Value::Bool(false))),
        (build.expr(Op::Loop(Loop::Sum, walked, map, member), TypeShape::Int), Ok(Value::Int(3))),
    ];
    check(&build, &scene, cases);
}

#[test]
fn a_match_that_is_not_exhaustive_is_malformed() {
    let mut build = Build::default();
    let one = build.int(1);
    let two = build.const_id(Constant::Int(2));
    let arms = vec![Arm { patterns: vec![Pattern::OneOf(vec![two])], value: one }];
    let matched = build.expr(Op::Match(vec![one], arms), TypeShape::Int);
    check(&build, &Scene::default(), vec![(matched, Err(Cause::Malformed("no arm of a `match` fits".into())))]);
}

#[test]
fn loops_over_members_and_over_none() {
    let mut build = Build::default();
    let (full, empty) = (build.ints(&[3, 1, 2]), build.ints(&[]));
    let local = build.local();
    let bound = build.scoped(Op::Local(local), TypeShape::Int);
    let one = build.int(1);
    let beyond = build.scoped(Op::Compare(Comparison::Greater, bound, one), TypeShape::Bool);
    let maybe = build.optional(TypeShape::Int);
    let (bool, int) = (TypeShape::Bool, TypeShape::Int);
    let ops = vec![
        (Loop::Any, full, beyond, bool.clone(), Value::Bool(true)),
        (Loop::Any, empty, beyond, bool.clone(), Value::Bool(false)),
        (Loop::All, full, beyond, bool.clone(), Value::Bool(false)),
        (Loop::All, empty, beyond, bool, Value::Bool(true)),
        (Loop::Count, full, beyond, int.clone(), Value::Int(2)),
        (Loop::Count, empty, beyond, int.clone(), Value::Int(0)),
        (Loop::Sum, full, bound, int.clone(), Value::Int(6)),
        (Loop::Sum, empty, bound, int, Value::Int(0)),
        (Loop::Min, full, bound, maybe.clone(), Value::Int(1)),
        (Loop::Min, empty, bound, maybe.clone(), Value::None),
        (Loop::Max, full, bound, maybe.clone(), Value::Int(3)),
        (Loop::Max, empty, bound, maybe.clone(), Value::None),
        (Loop::First, full, beyond, maybe.clone(), Value::Int(3)),
        (Loop::First, empty, beyond, maybe, Value::None),
    ];
    let cases = ops
        .into_iter()
        .map(|(which, over, body, shape, expected)| (build.expr(Op::Loop(which, local, over, body), shape), Ok(expected)));
    let cases: Vec<_> = cases.collect();
    check(&build, &Scene::default(), cases);
}

#[test]
fn functions_of_the_file_and_of_the_library() {
    let mut build = Build::default();
    let param = build.local();
    let bound = build.scoped(Op::Local(param), TypeShape::Int);
    let doubled = build.scoped(Op::Arithmetic(Arithmetic::Add, bound, bound), TypeShape::Int);
    build.program.fns.push(FnShape { name: "double".into(), params: vec![param], body: doubled });
    let id = crate::program::FnId(0);
    build.program.functions = vec!["text.double".into(), "text.fault".into()];
    let (three, text) = (build.int(3), build.text("ab"));
    let six = build.expr(Op::CallFn(id, vec![three]), TypeShape::Int);
    build.program.patterns.push("[a-z]{4}".into());
    let twice = build.expr(Op::Call(0, vec![text]), TypeShape::Text);
    let mut large = text;
    for _ in 0..30 {
        large = build.expr(Op::Call(0, vec![large]), TypeShape::Text);
    }
    let cases = vec![
        (six, Ok(Value::Int(6))),
        // The same parameter is bound anew in each call.
        (build.expr(Op::CallFn(id, vec![six]), TypeShape::Int), Ok(Value::Int(12))),
        (twice, Ok(Value::text("abab"))),
        (build.bool(Op::Matches(twice, 0)), Ok(Value::Bool(true))),
        (build.bool(Op::Matches(text, 0)), Ok(Value::Bool(false))),
        (build.expr(Op::Call(1, vec![text]), TypeShape::Text), Err(Cause::Malformed("the text is at fault".into()))),
        // A value that doubles thirty times is refused, not built.
        (large, Err(Cause::Overflow)),
    ];
    check(&build, &Scene::default(), cases);
}

#[test]
fn the_run_the_input_and_zones() {
    let mut build = Build::default();
    build.zone("America/New_York");
    let now = build.expr(Op::Now, TypeShape::Time);
    let zone = build.text("America/New_York");
    let nowhere = build.text("Mars/Olympus");
    let zoned = build.expr(Op::InZone(now, zone), TypeShape::Zoned);
    let day = build.constant(date("2026-03-08"), TypeShape::Date);
    let clock = build.constant(Constant::TimeOfDay(jiff::civil::time(2, 30, 0, 0)), TypeShape::TimeOfDay);
    let scene = Scene {
        now: Some("2026-05-04T02:00:00Z".parse().unwrap()),
        input: vec![Value::text("T-1")],
        run: [(RunFact::Calls, Value::Int(3))].into(),
        ..Scene::default()
    };
    let unknown = Cause::Malformed("`Mars/Olympus` is no time zone that the policy knows".into());
    let cases = vec![
        (build.expr(Op::Input(0), TypeShape::Text), Ok(Value::text("T-1"))),
        (build.expr(Op::Run(RunFact::Calls), TypeShape::Int), Ok(Value::Int(3))),
        (build.expr(Op::ZonePart(ZonePart::Date, zoned), TypeShape::Date), Ok(Value::Date("2026-05-03".parse().unwrap()))),
        (build.expr(Op::ZonePart(ZonePart::Time, zoned), TypeShape::TimeOfDay), Ok(Value::TimeOfDay("22:00".parse().unwrap()))),
        (build.expr(Op::ZonePart(ZonePart::Weekday, zoned), TypeShape::Weekday), Ok(Value::Weekday(7))),
        (build.expr(Op::InZone(now, nowhere), TypeShape::Zoned), Err(unknown)),
        // Clocks skip that time: it is after the gap.
        (build.expr(Op::At(day, clock, zone), TypeShape::Time), Ok(Value::Time("2026-03-08T07:30:00Z".parse().unwrap()))),
    ];
    check(&build, &scene, cases);
}

#[test]
fn lists_that_share_their_members_are_measured_before_they_are_walked() {
    let mut build = Build::default();
    let mut shape = TypeShape::Int;
    let mut value = build.int(1);
    for _ in 0..30 {
        shape = build.list_of(shape);
        value = build.expr(Op::List(vec![value, value]), shape.clone());
    }
    check(&build, &Scene::default(), vec![(value, Err(Cause::Overflow))]);
}

#[test]
fn the_work_of_a_decision_is_bounded() {
    let mut build = Build::default();
    let numbers: Vec<i64> = (0..200).collect();
    let list = build.ints(&numbers);
    let mut body = build.truth(true);
    for _ in 0..6 {
        let local = build.local();
        let bound = build.scoped(Op::Local(local), TypeShape::Int);
        let same = build.scoped(Op::Compare(Comparison::Equal, bound, bound), TypeShape::Bool);
        let both = build.scoped(Op::And(vec![same, body]), TypeShape::Bool);
        body = build.bool(Op::Loop(Loop::All, local, list, both));
        // Kept values would make this cheap: say that it depends on something.
        build.program.exprs.last_mut().unwrap().scoped = true;
    }
    check(&build, &Scene::default(), vec![(body, Err(Cause::Overflow))]);
}

#[test]
fn the_deepest_expression_fits_a_small_stack() {
    let mut build = Build::default();
    let mut value = build.int(0);
    let one = build.int(1);
    for _ in 1..crate::verify::MAX_DEPTH {
        value = build.expr(Op::Arithmetic(Arithmetic::Add, value, one), TypeShape::Int);
    }
    // Loops take the most frames for each level.
    let list = build.ints(&[1]);
    let mut nested = build.truth(true);
    for _ in 2..crate::verify::MAX_DEPTH {
        let local = build.local();
        nested = build.bool(Op::Loop(Loop::All, local, list, nested));
    }
    let policy = build.policy();
    let small = std::thread::Builder::new().stack_size(768 * 1024);
    let thread = small.spawn(move || [value, nested].map(|id| Scene::default().value(&policy, id))).unwrap();
    assert_eq!(thread.join().unwrap(), [Ok(Value::Int(255)), Ok(Value::Bool(true))]);

    let deeper = build.expr(Op::Arithmetic(Arithmetic::Add, value, one), TypeShape::Int);
    let refused = crate::policy::Policy::new(build.program, &crate::testing::library()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!("the policy is not well-formed: expression {}: it is nested more than 256 levels deep", deeper.0)
    );
}
