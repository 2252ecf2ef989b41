//! What typed expressions look like where more than their type matters.

use super::{World, scope, typed_form};
use crate::check::Checker;
use crate::hir::Hir;
use crate::typed::{ArithmeticOp, ExprKind, LetId, PastPart, Pattern, Type};
use agentc_runtime::value::Value;

#[test]
fn a_field_of_a_key_is_a_field_of_its_record() {
    let (found, typed) = typed_form("rule shop.refund", "order.customer.tier");
    let ExprKind::Field(customer, tier) = &found.kind else { panic!("{found:?}") };
    let ExprKind::Lookup(record, key) = &customer.kind else { panic!("{customer:?}") };
    assert_eq!(typed.records[record.0 as usize].name, "Customer");
    assert_eq!(typed.records[record.0 as usize].fields[*tier as usize].name, "tier");
    let [key] = key.as_slice() else { panic!("{key:?}") };
    let ExprKind::Field(order, _) = &key.kind else { panic!("{key:?}") };
    assert!(matches!(&order.kind, ExprKind::Lookup(_, parts) if matches!(parts[0].kind, ExprKind::Arg(_))));
}

#[test]
fn a_key_of_another_record_is_taken_as_its_own_type() {
    let (found, _) = typed_form("rule shop.refund", "Invoice[order].total");
    let ExprKind::Field(invoice, _) = &found.kind else { panic!("{found:?}") };
    let ExprKind::Lookup(_, parts) = &invoice.kind else { panic!("{invoice:?}") };
    assert!(matches!(parts[0].kind, ExprKind::ToKey(_)));
    assert_eq!(parts[0].ty, Type::Text);
}

#[test]
fn literals_are_converted_where_they_stand() {
    let (found, _) = typed_form("rule shop.refund", "order.discount < 1");
    let ExprKind::Compare(_, _, one) = &found.kind else { panic!("{found:?}") };
    assert_eq!((&one.kind, &one.ty), (&ExprKind::Const(Value::Decimal(1.into())), &Type::Decimal));
    let (found, _) = typed_form("rule shop.refund", "order.customer.email == \"Ann@ACME.example\"");
    let ExprKind::Compare(_, _, email) = &found.kind else { panic!("{found:?}") };
    assert_eq!((&email.kind, &email.ty), (&ExprKind::Const(Value::text("Ann@acme.example")), &Type::Email));
    let (found, _) = typed_form("rule shop.refund", "-9223372036854775808");
    assert_eq!(found.kind, ExprKind::Const(Value::Int(i64::MIN)));
    let (found, _) = typed_form("rule shop.refund", "20%");
    assert_eq!(found.kind, ExprKind::Const(Value::Decimal("0.2".parse().unwrap())));
}

#[test]
fn a_sum_of_a_duration_and_a_time_begins_with_the_time() {
    let (found, _) = typed_form("rule shop.refund", "15m + now");
    let ExprKind::Arithmetic(ArithmeticOp::Add, left, _) = &found.kind else { panic!("{found:?}") };
    assert_eq!(left.kind, ExprKind::Now);
}

#[test]
fn a_part_of_an_optional_value_passes_none_on() {
    let (found, _) = typed_form("rule shop.refund", "order.customer.spare.domain");
    let ExprKind::Match(_, arms) = &found.kind else { panic!("{found:?}") };
    assert_eq!(arms[0].patterns, [Pattern::OneOf(vec![Value::None])]);
    assert_eq!(arms[0].value.kind, ExprKind::Const(Value::None));
    let (Pattern::Bind(local), ExprKind::ToOptional(domain)) = (&arms[1].patterns[0], &arms[1].value.kind) else {
        panic!("{arms:?}")
    };
    assert!(matches!(&domain.kind, ExprKind::Call(function, args)
        if function.0.name == "email.domain" && args[0].kind == ExprKind::Local(*local)));
}

#[test]
fn a_name_in_a_pattern_is_a_variant_or_bound() {
    let (found, typed) = typed_form("rule shop.refund", "match signal.reason { none => 0, gold | silver => 1, other => 2 }");
    let ExprKind::Match(_, arms) = &found.kind else { panic!("{found:?}") };
    let tier = typed.enums.iter().find(|decl| decl.name == "Tier").unwrap();
    assert_eq!(tier.variants[2].name, "gold");
    assert_eq!(arms[1].patterns, [Pattern::OneOf(vec![Value::Enum(2), Value::Enum(1)])]);
    assert!(matches!(arms[2].patterns[0], Pattern::Bind(_)));
}

#[test]
fn what_is_asked_of_the_last_call_is_a_part_of_it() {
    for (source, part) in [("last(shop.refund) is absent", PastPart::Exists), ("last(shop.refund).at is absent", PastPart::At)] {
        let (found, _) = typed_form("rule shop.refund", source);
        let ExprKind::IsAbsent(last) = &found.kind else { panic!("{found:?}") };
        assert!(matches!(&last.kind, ExprKind::Last(_, None, found) if *found == part), "{last:?}");
    }
}

#[test]
fn under_is_the_function_of_the_library() {
    let (found, _) = typed_form("rule shop.refund", "order.file under \"/srv\"");
    assert!(matches!(&found.kind, ExprKind::Call(function, args) if function.0.name == "path.under" && args.len() == 2));
}

/// The `let` that a probe uses.
fn used(checker: &mut Checker<'_, '_>, hir: &Hir<'_>, world: &World, at: usize, words: &str) -> LetId {
    match checker.check(world.probe(at), &scope(hir, words), None).unwrap().kind {
        ExprKind::Let(id) => id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_let_has_one_use_for_each_meaning() {
    let more = "let texted = text == \"x\"\nlet wrapped = texted and limit == 3\nlet looped = any l in Order[\"A\"].lines: l.sku == text";
    let world = World::new(["texted", "wrapped", "limit", "looped", "mine"], more);
    let (uses, said) = world.run(|checker, hir| {
        let (refund, note) = ("rule shop.refund", "rule shop.add_note");
        for probe in 0..4 {
            let one = used(checker, hir, &world, probe, refund);
            // The parameter has one slot in both verbs, so it is one meaning.
            assert_eq!(one, used(checker, hir, &world, probe, note), "probe {probe}");
            assert_eq!(one, used(checker, hir, &world, probe, "rule shop.refund shop.add_note"), "probe {probe}");
        }
        // A claim in one verb is none in the other: two meanings.
        assert_eq!(used(checker, hir, &world, 4, refund), used(checker, hir, &world, 4, note));
        checker.lets.uses.iter().map(|used| used.name.clone()).collect::<Vec<_>>()
    });
    assert!(said.is_empty(), "{said:?}");
    assert_eq!(uses, ["texted", "limit", "wrapped", "looped", "mine"]);
}

#[test]
fn a_let_means_something_else_where_a_parameter_does() {
    let more = "let amount_known = amount == amount";
    let world = World::new(["amount_known"], more);
    let ((refund, note), said) = world.run(|checker, hir| {
        let refund = used(checker, hir, &world, 0, "rule shop.refund");
        (refund, used(checker, hir, &world, 0, "rule shop.add_note"))
    });
    assert!(said.is_empty(), "{said:?}");
    assert_ne!(refund, note);
}

#[test]
fn functions_and_lets_that_nothing_uses_are_checked() {
    let world = World::new([], "fn bad(x: Int) -> Bool = x\nlet worse = order.totl\nlet fine = amount <= 5 USD\n");
    let mut sink = crate::diagnostic::Sink::default();
    let hir = crate::resolve::resolve(&world.asts, world.files.clone(), &world.library, &mut sink);
    let uses = Checker::new(&hir, &mut sink).finish();
    let codes: Vec<&str> = sink.into_diagnostics(&hir.typed).iter().map(|diagnostic| diagnostic.code.id).collect();
    assert_eq!(codes, ["AP0301", "AP0318"]);
    assert_eq!(uses.lets, []);
    assert_eq!(uses.bodies.iter().filter(|body| body.is_none()).count(), 1);
}

#[test]
fn the_row_is_a_local_whose_fields_are_in_reach() {
    let world = World::new(["paid and total > 5 USD"], "");
    let (found, said) = world.run(|checker, hir| checker.rows(world.probe(0), &scope(hir, "rows shop.search_orders")));
    assert!(said.is_empty(), "{said:?}");
    let (row, filter) = found.unwrap();
    let ExprKind::And(parts) = &filter.kind else { panic!("{filter:?}") };
    assert!(matches!(&parts[0].kind, ExprKind::Field(base, _) if base.kind == ExprKind::Local(row)));
}
