//! Programs that are wrong in one place each, and what is said of them.

use crate::policy::Policy;
use crate::program::{
    ArgId, Arithmetic, Arm, Comparison, ConstId, Constant, Edge, ExprId, FieldShape, FnId, FnShape, Limit, LimitId, LocalId,
    Loop, Measure, Node, NodeId, Op, PastPart, Pattern, Program, RuleId, RunFact, Step, TypeId, TypeShape, VerbId, Window,
    ZonePart, ZoneRules,
};
use crate::testing::{Build, library};
use crate::types::{Currency, EnumId, RecordId};

/// What is said of a program.
fn flaw(program: Program) -> String {
    match Policy::new(program, &library()) {
        Ok(_) => "nothing".into(),
        Err(error) => error.to_string().trim_start_matches("the policy is not well-formed: ").to_owned(),
    }
}

/// A record `Order` of an id and a total, a verb `refund(order: Text) -> Int`, and some constants to take operands from.
struct Base {
    build: Build,
    order: RecordId,
    int: ExprId,
    text: ExprId,
    truth: ExprId,
    list: ExprId,
    found: ExprId,
    local: LocalId,
    bound: ExprId,
}

fn base() -> Base {
    let mut build = Build::default();
    let (id, total) = (build.field("id", TypeShape::Text), build.field("total", TypeShape::Int));
    let order = build.record("Order", 1, vec![id, total]);
    let param = build.field("order", TypeShape::Text);
    build.verb("refund", vec![param], Some(TypeShape::Int));
    let (int, text, truth) = (build.int(1), build.text("x"), build.truth(true));
    let list = build.ints(&[1]);
    let found = build.expr(Op::Lookup(order, vec![text]), TypeShape::Record(order));
    let local = build.local();
    let bound = build.scoped(Op::Local(local), TypeShape::Int);
    build.program.functions.push("text.double".into());
    build.program.patterns.push("x".into());
    Base { build, order, int, text, truth, list, found, local, bound }
}

/// What is said of the base with one more expression, without the number of that expression.
fn of_expr(op: impl FnOnce(&mut Base) -> (Op, TypeShape)) -> String {
    let mut base = base();
    let (op, shape) = op(&mut base);
    let id = base.build.expr(op, shape);
    flaw(base.build.program).trim_start_matches(&format!("expression {}: ", id.0)).to_owned()
}

#[test]
fn a_base_without_flaws_is_taken() {
    assert_eq!(flaw(base().build.program), "nothing");
    assert_eq!(flaw(Program::default()), "nothing");
}

#[test]
fn ill_typed_expressions_are_refused_with_what_is_wrong() {
    use TypeShape::{Bool, Decimal, Int, Text, Time};
    let usd = Currency::new("USD").unwrap();
    type Case = (Box<dyn FnOnce(&mut Base) -> (Op, TypeShape)>, &'static str);
    let case = |op: fn(&mut Base) -> (Op, TypeShape), why: &'static str| -> Case { (Box::new(op), why) };
    let cases: Vec<Case> = vec![
        case(|b| (Op::Constant(ConstId(b.build.program.constants.len() as u32)), Int), "it names constant 4 of 4"),
        case(|_| (Op::Constant(ConstId(0)), Text), "constant 0 is no Text"),
        case(|_| (Op::Arg(ArgId(7)), Text), "it names argument 7 of 1"),
        case(|_| (Op::Arg(ArgId(0)), Int), "it gives Text and says Int"),
        case(|_| (Op::Local(LocalId(9)), Int), "it names name 9 of 1"),
        case(|b| (Op::Local(b.local), Int), "it depends on a bound name and is not marked so"),
        case(|_| (Op::Agent(0), Text), "it names attribute 0 of 0"),
        case(|_| (Op::Run(RunFact::Calls), Text), "it gives Int and says Text"),
        case(|_| (Op::Run(RunFact::Cost), Decimal), "the cost of a run is in US dollars"),
        case(|_| (Op::Run(RunFact::Confidence), Int), "it says another type than it gives"),
        case(|_| (Op::Now, Int), "it gives Time and says Int"),
        case(|b| (Op::Lookup(RecordId(3), vec![b.text]), Int), "it names record 3 of 1"),
        case(|b| (Op::Lookup(b.order, vec![b.int]), TypeShape::Record(b.order)), "its key is not of the record's type"),
        case(|b| (Op::Lookup(b.order, vec![]), TypeShape::Record(b.order)), "its key is not of the record's type"),
        case(|b| (Op::Lookup(b.order, vec![b.text]), Int), "it says another type than it gives"),
        case(|b| (Op::Field(b.int, 0), Int), "it takes a field of what is no record"),
        case(|b| (Op::Field(b.found, 2), Int), "it names field 2 of 2"),
        case(|b| (Op::Field(b.found, 1), Text), "it gives Int and says Text"),
        case(|b| (Op::CallFn(FnId(0), vec![b.int]), Int), "it names function 0 of 0"),
        case(|b| (Op::Call(4, vec![b.text]), Text), "it calls library function 4 of 1"),
        case(|b| (Op::Call(0, vec![b.int]), Text), "its arguments or its type do not fit `text.double`"),
        case(|b| (Op::Call(0, vec![b.text]), Int), "its arguments or its type do not fit `text.double`"),
        case(|b| (Op::Not(b.int), Bool), "its operand, expression 0, is Int and must be Bool"),
        case(|b| (Op::And(vec![b.truth, b.int]), Bool), "its operand, expression 0, is Int and must be Bool"),
        case(|b| (Op::Or(vec![b.truth]), Int), "it gives Bool and says Int"),
        case(|b| (Op::Compare(Comparison::Equal, b.int, b.text), Bool), "it compares two types"),
        case(|b| (Op::Compare(Comparison::Less, b.text, b.text), Bool), "its operands have no order"),
        case(|b| (Op::In(b.text, b.list), Bool), "it looks for a value of another type"),
        case(|b| (Op::In(b.int, b.int), Bool), "it looks into what is no list, set or map"),
        case(|b| (Op::InRange(b.int, b.int, b.text), Bool), "its operands are not of one type that has an order"),
        case(|b| (Op::Arithmetic(Arithmetic::Add, b.int, b.text), Int), "its operands do not go together"),
        case(|b| (Op::Negate(b.text), Text), "it negates what is no number"),
        case(|b| (Op::ToDecimal(b.text), Decimal), "its operand, expression 1, is Text and must be Int"),
        case(|b| (Op::CompositeKey(vec![b.int]), Int), "it gives a key and says otherwise"),
        case(|b| (Op::Coalesce(b.int, b.text), Int), "its operand, expression 1, is Text and must be Int"),
        case(|b| (Op::IsAbsent(b.int), Int), "it gives Bool and says Int"),
        case(|b| (Op::Matches(b.int, 0), Bool), "it matches what is no text"),
        case(|b| (Op::Matches(b.text, 1), Bool), "it names pattern 1 of 1"),
        case(|b| (Op::List(vec![b.int]), Int), "it gives a list and says otherwise"),
        case(|b| (Op::If(b.int, b.int, b.int), Int), "its operand, expression 0, is Int and must be Bool"),
        case(|b| (Op::If(b.truth, b.int, b.text), Int), "its operand, expression 1, is Text and must be Int"),
        case(
            |b| (Op::Match(vec![b.int], vec![Arm { patterns: vec![], value: b.int }]), Int),
            "an arm has more patterns than there are subjects, or fewer",
        ),
        case(
            |b| (Op::Match(vec![b.int], vec![Arm { patterns: vec![Pattern::OneOf(vec![ConstId(1)])], value: b.int }]), Int),
            "constant 1 is no Int",
        ),
        case(
            |b| (Op::Match(vec![b.text], vec![Arm { patterns: vec![Pattern::Bind(b.local)], value: b.bound }]), Int),
            "name 0 is bound to Text and used as Int",
        ),
        case(|b| (Op::MapGet(b.int, b.int), Int), "it looks into what is no map"),
        case(|b| (Op::Loop(Loop::Any, b.local, b.int, b.truth), Bool), "it walks what is no list, set or map"),
        case(|b| (Op::Loop(Loop::Any, b.local, b.list, b.int), Bool), "its operand, expression 0, is Int and must be Bool"),
        case(|b| (Op::Loop(Loop::Sum, b.local, b.list, b.text), Int), "it sums what are no numbers"),
        case(|b| (Op::Loop(Loop::Min, b.local, b.list, b.bound), Int), "it may give `none` and says otherwise"),
        case(|_| (Op::Happened(vec![VerbId(4)], None), Bool), "it names verb 4 of 1"),
        case(|b| (Op::Happened(vec![VerbId(0)], Some(b.int)), Bool), "its operand, expression 0, is Int and must be Bool"),
        case(|_| (Op::Last(vec![VerbId(0)], None, PastPart::Result), Int), "it may give `none` and says otherwise"),
        case(
            |b| {
                let maybe = b.build.optional(Text);
                (Op::Last(vec![VerbId(0)], None, PastPart::Result), maybe)
            },
            "it gives Int and says Text?",
        ),
        case(|_| (Op::PastArg(ArgId(3)), Text), "it names argument 3 of 1"),
        case(|_| (Op::PastResult, Int), "it depends on a bound name and is not marked so"),
        case(|_| (Op::Failures(vec![VerbId(1)]), Int), "it names verb 1 of 1"),
        case(
            |b| (Op::Required { verb: VerbId(0), args: vec![(0, b.int)], within: None, since_last: None }, Bool),
            "an argument of the required call is not of its parameter's type",
        ),
        case(
            |b| (Op::Required { verb: VerbId(0), args: vec![(1, b.text)], within: None, since_last: None }, Bool),
            "it names parameter 1 of 1",
        ),
        case(|_| (Op::WouldExceed(LimitId(0)), Bool), "it names limit 0 of 0"),
        case(|b| (Op::InZone(b.int, b.text), TypeShape::Zoned), "its operand, expression 0, is Int and must be Time"),
        case(|b| (Op::ZonePart(ZonePart::Date, b.int), TypeShape::Date), "its operand, expression 0, is Int and must be Zoned"),
        case(|b| (Op::At(b.int, b.int, b.text), Time), "its operand, expression 0, is Int and must be Date"),
        case(|_| (Op::Not(ExprId(900)), Bool), "its operand, expression 900, does not stand before it"),
    ];
    for (i, (op, why)) in cases.into_iter().enumerate() {
        assert_eq!(of_expr(op), why, "case {i}");
    }
    let of_euros = of_expr(|b| {
        let euros = Currency::new("EUR").unwrap();
        let (left, right) = (b.build.dollars("1"), b.build.constant(Constant::Money(1.into(), euros), TypeShape::Money(euros)));
        (Op::Arithmetic(Arithmetic::Add, left, right), TypeShape::Money(usd))
    });
    assert_eq!(of_euros, "its operands do not go together");
}

#[test]
fn functions_and_limits_stand_before_what_uses_them() {
    let mut base = base();
    let next = u32::try_from(base.build.program.exprs.len()).unwrap();
    // A function that calls itself.
    base.build.program.fns.push(FnShape { name: "f".into(), params: vec![base.local], body: ExprId(next) });
    base.build.expr(Op::CallFn(FnId(0), vec![base.int]), TypeShape::Int);
    assert_eq!(flaw(base.build.program), format!("expression {next}: its operand, expression {next}, does not stand before it"));

    let mut base = self::base();
    let limit = Limit {
        rule: RuleId(0),
        measure: Measure::Sum(base.text),
        strict: false,
        bound: base.int,
        window: Window::Run,
        by: vec![],
        when: None,
        capacity: None,
    };
    base.build.program.limits.push(limit);
    let id = base.build.bool(Op::WouldExceed(LimitId(0)));
    assert_eq!(flaw(base.build.program), format!("expression {}: the bound of a sum is of another type than the sum", id.0));
}

#[test]
fn types_records_and_fields_are_in_bounds_and_end() {
    let with = |change: &dyn Fn(&mut Program)| {
        let mut program = base().build.program;
        change(&mut program);
        flaw(program)
    };
    for (change, why) in [
        (
            &(|p: &mut Program| p.types.push(TypeShape::List(TypeId(90)))) as &dyn Fn(&mut Program),
            "type 5: its part, type 90, does not stand before it",
        ),
        (&|p| p.types.push(TypeShape::Enum(EnumId(0))), "type 5: it names enum 0 of 0"),
        (&|p| p.types.push(TypeShape::Record(RecordId(1))), "type 5: it names record 1 of 1"),
        (
            &|p| {
                for at in 5..60 {
                    p.types.push(TypeShape::List(TypeId(at - 1)));
                }
            },
            "type 36: it is nested more than 32 levels deep",
        ),
        (&|p| p.records[0].key = vec![0, 1], "record `Order`: its key has more parts than types, or fewer"),
        (&|p| p.records[0].key = vec![4], "record `Order`: it names field 4 of 2"),
        (&|p| p.records[0].fields[0].path.clear(), "record `Order`, `id`: it has no place in JSON"),
        (&|p| p.records[0].source = Some(0), "record `Order`: it names source 0 of 0"),
        (
            // A record whose key is a key of that record.
            &|p| {
                p.types.push(TypeShape::Key(RecordId(0)));
                p.records[0].key_types = vec![TypeId(5)];
            },
            "the records' keys: they are made of one another, or more than 32 levels deep",
        ),
        (&|p| p.args[0].ty = TypeId(99), "argument 0: it names type 99 of 5"),
        (&|p| p.verbs[0].params[0].0 = ArgId(1), "verb `shop.refund`: it names argument 1 of 1"),
        (&|p| p.verbs[0].params[0].1.ty = TypeId(1), "verb `shop.refund`: its parameter `order` has another type than its slot"),
        (&|p| p.constants.push(Constant::Weekday(8)), "constant 4: it is no day of the week"),
        (
            &|p| p.zones.push(ZoneRules { name: "Mars/Olympus".into(), tzif: vec![1, 2, 3] }),
            "the rules of the time zone `Mars/Olympus` cannot be read",
        ),
        (
            &|p| p.agent.push(FieldShape { ty: TypeId(77), ..p.records[0].fields[0].clone() }),
            "the agent's attributes, `id`: it names type 77 of 5",
        ),
        (&|p| p.patterns.push("(".into()), "in the pattern `(`: unclosed group"),
    ] {
        assert_eq!(with(change), why);
    }
}

#[test]
fn nodes_go_forward_over_conditions_that_stand_alone() {
    let with = |nodes: &dyn Fn(&Base) -> Vec<Node>| {
        let base = base();
        let nodes = nodes(&base);
        let mut program = base.build.program;
        program.nodes = nodes;
        flaw(program)
    };
    let test = |condition, next| Node::Test { condition, yes: NodeId(next), no: NodeId(next), unknown: NodeId(next) };
    assert_eq!(with(&|b| vec![test(b.truth, 1), Node::End]), "nothing");
    assert_eq!(with(&|b| vec![test(b.truth, 0), Node::End]), "node 0: it goes back to node 0");
    assert_eq!(with(&|b| vec![test(b.truth, 2), Node::End]), "node 0: it names node 2 of 2");
    assert_eq!(with(&|b| vec![test(b.int, 1), Node::End]), "node 0: expression 0 is no condition");
    assert_eq!(with(&|b| vec![test(b.bound, 1), Node::End]), "node 0: expression 6 depends on names that are not bound here");
    let switch = |subject, arms: &[u32]| Node::Switch {
        subject,
        arms: arms.iter().map(|constant| (ConstId(*constant), NodeId(1))).collect(),
        otherwise: NodeId(1),
        unknown: NodeId(1),
    };
    assert_eq!(with(&|b| vec![switch(b.int, &[0]), Node::End]), "nothing");
    let unsorted = "node 0: its arms are not sorted constants of its operand's type";
    assert_eq!(with(&|b| vec![switch(b.int, &[0, 0]), Node::End]), unsorted);
    assert_eq!(with(&|b| vec![switch(b.int, &[1]), Node::End]), unsorted);
    let range = |subject, steps: &[(u32, Edge, u32)]| Node::Range {
        subject,
        below: NodeId(1),
        steps: steps
            .iter()
            .map(|(bound, edge, next)| Step { bound: ConstId(*bound), edge: *edge, next: NodeId(*next) })
            .collect(),
        unknown: NodeId(1),
    };
    let two = [(0, Edge::From, 1), (0, Edge::Beyond, 1)];
    assert_eq!(with(&|b| vec![range(b.int, &two), Node::End]), "nothing");
    let unsorted = "node 0: its steps are not sorted bounds of its operand's type";
    assert_eq!(with(&|b| vec![range(b.int, &[two[1], two[0]]), Node::End]), unsorted);
    assert_eq!(with(&|b| vec![range(b.int, &[two[0], two[0]]), Node::End]), unsorted);
    assert_eq!(with(&|b| vec![range(b.int, &[(1, Edge::From, 1)]), Node::End]), unsorted);
    assert_eq!(with(&|b| vec![range(b.int, &[(99, Edge::From, 1)]), Node::End]), unsorted);
    assert_eq!(with(&|b| vec![range(b.text, &[]), Node::End]), "node 0: its operand has no order");
    assert_eq!(with(&|b| vec![range(b.int, &[(0, Edge::From, 0)]), Node::End]), "node 0: it goes back to node 0");
    assert_eq!(with(&|b| vec![range(b.int, &[(0, Edge::From, 2)]), Node::End]), "node 0: it names node 2 of 2");
    assert_eq!(with(&|b| vec![range(b.bound, &[]), Node::End]), "node 0: expression 6 depends on names that are not bound here");
    let leaf = Node::Leaf { rule: RuleId(0), state: crate::program::LeafState::Fires, next: NodeId(1) };
    assert_eq!(with(&|_| vec![leaf.clone(), Node::End]), "node 0: it names rule 0 of 0");
}
