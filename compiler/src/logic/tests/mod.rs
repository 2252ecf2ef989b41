//! Pairs of conditions, and whether both can hold: one table for each kind of expression.

mod rational;

use super::{Answer, Budget, Formula, Recent, Setting, Space, Translator, Uses};
use crate::source::NoFiles;
use crate::typed::{JobId, SourceFile, Typed};

const HEAD: &str = r#"
policy p {
  version "1"
}
enum Status { open, shipped, delivered }
role lead
source shop_records "Shop" {
  record Order by id { id: Text, total: Money(USD), status: Status, placed_at: Time, customer: Text, lines: List<Line>, note: Text? }
  record Line { sku: Text, quantity: Int, price: Money(USD) }
  record Account by name { name: Text, limit: Money(USD), tags: Set<Text> }
  fetch Order by host
  fetch Account by host
  fresh for 15m
}
tool shop on mcp "shop" {
  write refund(order: Key<Order>, other: Key<Order>, amount: Money(USD), count: Int, size: Int, share: Decimal, reason: Text,
    mail: Email, when_due: Time, length: Duration, vip: Bool, tier: Status, extra: Int?) { irreversible }
}
job j {
  input { customer: Text, names: List<Text>, many: List<Int> }
"#;

fn typed(first: &str, second: &str) -> Typed {
    let text = format!("{HEAD}  never a on shop.refund when {first}\n  never b on shop.refund when {second}\n}}\n");
    let root = SourceFile { name: "p.agentpolicy".into(), text };
    let compiled = crate::compile(root, &NoFiles, &agentc_stdlib::library());
    let said: Vec<String> = compiled.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.message.clone()).collect();
    compiled.typed.unwrap_or_else(|| panic!("{first} / {second}: {said:?}"))
}

/// Both conditions can hold at once; `None` where that is not decided.
fn both(first: &str, second: &str) -> Option<bool> {
    let typed = typed(first, second);
    let (mut space, uses) = (Space::new(), Uses::of(&typed));
    let mut job = Translator::new(&mut space, &typed, JobId(0), &uses, Setting::default());
    let (one, other) = (job.rule(0).is_true, job.rule(1).is_true);
    let all = space.both(one, other);
    // What a model of a former question answers is what the search answers.
    let mut recent = Recent::default();
    for (left, right) in [(one, other), (one, !other), (!one, other), (!one, !other), (one, other)] {
        let asked = space.both(left, right);
        let searched = space.satisfiable(asked, &mut Budget::default()) == Answer::Never;
        assert_eq!(space.is_never(asked, &mut recent, &mut Budget::default()), searched, "{first} / {second}");
    }
    match space.satisfiable(all, &mut Budget::default()) {
        Answer::Never => Some(false),
        Answer::Model(model) => {
            assert!(model.loose(&space).is_some() || model.satisfies(&space, all), "{first} / {second}: the model is none");
            model.loose(&space).is_none().then_some(true)
        }
        Answer::TooHard => None,
    }
}

fn table(text: &str) {
    let mut wrong = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (pair, expected) = line.rsplit_once(" => ").unwrap();
        let (first, second) = pair.split_once(" ; ").unwrap();
        let expected = match expected {
            "both" => Some(true),
            "never" => Some(false),
            _ => None,
        };
        let found = both(first, second);
        if found != expected {
            wrong.push(format!("{line}: found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn numbers() {
    table(
        "
        amount > 50 USD ; amount < 50 USD => never
        amount > 50 USD ; amount < 50.01 USD => both
        amount >= 50 USD ; amount <= 50 USD => both
        amount > 50 USD ; amount <= 50 USD => never
        count > 3 ; count < 4 => never
        count > 3 ; count < 5 => both
        count * 2 == size * 2 + 1 ; true => never
        count * 2 == size * 2 + 1 ; vip => never
        count * 2 == size + 1 ; size > 4 => both
        count + size > 10 ; count <= 5 and size <= 5 => never
        count + size >= 10 ; count <= 5 and size <= 5 => both
        count * 3 - size > 2 ; size >= count * 3 => never
        amount <= order.total ; order.total < 10 USD and amount > 10 USD => never
        amount * 0.1 > 5 USD ; amount <= 50 USD => never
        amount * 0.1 > 5 USD ; amount <= 50.01 USD => both
        share * 3 == 1 ; share * 3 > 0 => undecided
        share * 8 == 1 ; share * 3 > 0 => both
        count * size > 3 ; count > 1 => undecided
        count > 9223372036854775806 ; count + 1 > 0 => never
        count > 9223372036854775805 ; count + 1 > 0 => both
        -count > 3 ; count > -3 => never
        count != 3 ; count in [3] => never
        count in 1..3 ; count in [4, 5] => never
        amount in 1 USD..3 USD ; amount != 2 USD => both
        extra is absent ; (extra ?? 4) == 4 => both
        extra is absent ; (extra ?? 4) == 5 => never
        (extra ?? 0) == 3 ; (extra ?? 4) == 5 => never
        int.max(count, size) < 3 ; count == 3 => never
        int.min(count, size) < 3 ; count == 3 => both
        int.abs(count) < 3 ; count < -2 => never
        ",
    );
}

#[test]
fn times() {
    table(
        "
        now - order.placed_at <= 30d ; order.placed_at < now - 30d => never
        now - order.placed_at <= 30d ; order.placed_at < now - 29d => both
        when_due > now + 1h ; when_due < now => never
        length > 1h ; length < 59m => never
        length * 2 > 1h ; length <= 30m => never
        when_due >= 2026-05-04T10:00:00Z ; when_due < 2026-05-04T10:00:00Z => never
        ",
    );
}

#[test]
fn texts() {
    table(
        r#"
        reason == "a" ; reason == "b" => never
        reason in ["a", "b"] ; reason != "a" => both
        reason in ["a", "b"] ; reason not in ["a", "b"] => never
        reason == input.customer ; input.customer == "c" and reason == "d" => never
        reason == input.customer ; input.customer != reason => never
        reason matches "[A-Z]+" ; reason matches "[a-z]+" => never
        reason matches "[A-Z]+" ; reason matches "[AZ]{3}" => both
        reason matches "a|b" ; reason != "a" and reason != "b" => never
        reason matches "a|b" ; reason != "a" => both
        reason matches "OR-[0-9]+" ; reason == "OR-x" => never
        reason matches "OR-[0-9]+" ; not (reason matches "OR-.*") => never
        text.starts_with(reason, "ab") ; text.starts_with(reason, "b") => never
        text.starts_with(reason, "ab") ; text.ends_with(reason, "ba") => both
        text.lower(reason) == "a" ; text.lower(reason) == "b" => never
        text.lower(reason) == "a" ; text.lower(input.customer) == "b" and reason == input.customer => never
        text.lower(reason) == "a" ; text.lower(input.customer) == "b" => undecided
        reason in input.names ; not (reason in input.names) => never
        reason in input.names ; input.customer == reason and input.customer not in input.names => never
        tier == open ; tier == shipped => never
        tier != open ; tier != shipped => both
        tier != open and tier != shipped ; tier != delivered => never
        tier in [open, shipped] ; tier == delivered => never
        "#,
    );
}

#[test]
fn records_and_absence() {
    table(
        r#"
        Order[order].total > 5 USD ; Order[other].total < 5 USD and order == other => never
        Order[order].total > 5 USD ; Order[other].total < 5 USD => both
        Order[order].total > 5 USD ; order == "a" and Order["a"].total < 3 USD => never
        order.total > 5 USD ; Order[order] is absent => never
        Order[order] is absent ; (order.total ?? 5 USD) == 5 USD => both
        Order[order] is absent ; (order.total ?? 5 USD) == 6 USD => never
        Order[order] is absent ; Order[other] is absent and order == other => both
        order.note is absent ; (order.note ?? "y") == "x" => never
        (order.note ?? "y") == "x" ; order.note is absent => never
        order.id == "a" ; order == "b" => never
        match order.status { open => 1, shipped => 2, _ => 3 } == 2 ; order.status == delivered => never
        (if vip then 3 else 4) == count ; count == 5 => never
        (if vip then 3 else 4) == count ; count == 4 => both
        (if order.total > 3 USD then 3 else 4) == 3 ; order.total < 2 USD => never
        Account[order.customer].limit > 3 USD ; order.customer == reason and Account[reason].limit < 2 USD => never
        vip ; not vip => never
        (vip and count > 3) or tier == open ; tier == shipped and count < 2 => never
        "#,
    );
}

#[test]
fn lists() {
    table(
        r#"
        any n in input.names: n == "a" ; all n in input.names: n == "b" => never
        any n in input.names: n == "a" ; any n in input.names: n == "b" => both
        all n in input.names: n == "a" ; all n in input.names: n == "b" => both
        any l in order.lines: l.quantity > 3 ; all l in order.lines: l.quantity < 3 => never
        any l in order.lines: l.quantity > 3 ; all l in order.lines: l.price < 3 USD => both
        (max(l in order.lines: l.quantity) ?? 0) == 3 ; any l in order.lines: l.quantity > 3 => never
        (max(l in order.lines: l.quantity) ?? 0) == 3 ; all l in order.lines: l.quantity < 3 => never
        (min(l in order.lines: l.quantity) ?? 0) == 3 ; any l in order.lines: l.quantity > 3 => both
        any n in ["a", "b"]: n == reason ; reason == "c" => never
        sum(l in order.lines: l.quantity) > 3 ; all l in order.lines: l.quantity < 0 => undecided
        count(l in order.lines: l.quantity > 3) > 1 ; any l in order.lines: l.quantity < 3 => both
        count(l in order.lines: l.quantity > 3) > 12 ; any l in order.lines: l.quantity < 3 => undecided
        ((first n in input.many where n > 3) ?? 0) == 2 ; true => never
        ((first n in input.many where n > 3) ?? 0) == 4 ; all n in input.many: n > 4 => never
        list.length(input.many) == 0 ; any n in input.many: n == 2 => never
        "#,
    );
}

#[test]
fn history() {
    table(
        r#"
        happened(shop.refund) ; not happened(shop.refund) => never
        happened(shop.refund where args.count == 3) ; not happened(shop.refund) => never
        happened(shop.refund where args.count == 3) ; not happened(shop.refund where args.count == 3) => never
        happened(shop.refund where args.count == 3) ; not happened(shop.refund where args.count == 4) => both
        run.calls > 3 ; run.calls < 3 => never
        (run.confidence ?? 1) < 0.7 ; run.confidence is absent => never
        (run.confidence ?? 1) < 0.7 ; (run.confidence ?? 1) > 0.6 => both
        "#,
    );
}

/// What always holds of a space is not lost when it is asked twice.
#[test]
fn answers_do_not_depend_on_order() {
    let typed = typed("tier == open", "tier != open and tier != shipped and tier != delivered");
    let (mut space, uses) = (Space::new(), Uses::of(&typed));
    let mut job = Translator::new(&mut space, &typed, JobId(0), &uses, Setting::default());
    let (one, other) = (job.rule(0).is_true, job.rule(1).is_true);
    for _ in 0..2 {
        assert_eq!(space.satisfiable(other, &mut Budget::default()), Answer::Never);
        assert!(matches!(space.satisfiable(one, &mut Budget::default()), Answer::Model(_)));
    }
    assert_eq!(space.satisfiable(Formula::FALSE, &mut Budget::default()), Answer::Never);
}
