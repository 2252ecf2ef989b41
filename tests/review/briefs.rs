//! Job descriptions: how they read, and that the model's holds no number that it could work towards.

use crate::{examples, jobs, typed};
use agentc_compiler::brief::{For, brief};
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_compiler::typed::{Expr, ExprKind, RuleKind, Typed};
use agentc_runtime::value::Value;
use std::collections::BTreeSet;

#[test]
fn job_descriptions_read_like_this() {
    for (_, compiled) in examples() {
        let typed = typed(compiled);
        for (job, name) in jobs(typed) {
            insta::assert_snapshot!(format!("brief_{name}_for_the_model"), brief(typed, job, For::Model));
            insta::assert_snapshot!(format!("brief_{name}_for_a_person"), brief(typed, job, For::Person));
        }
    }
}

/// The numbers that the bounds of limits and the ordered comparisons of rules hold, and the tries of `on failure`.
fn thresholds(typed: &Typed) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rule in typed.jobs.iter().flat_map(|job| &job.rules) {
        rule.condition.iter().for_each(|condition| ordered(condition, &mut found));
        match &rule.kind {
            RuleKind::Limit(limit) => numbers(&limit.bound, &mut found),
            RuleKind::OnFailure { tries } => found.extend([tries.to_string()]),
            _ => {}
        }
    }
    found
}

fn ordered(expr: &Expr, found: &mut BTreeSet<String>) {
    use agentc_compiler::typed::CompareOp::{Equal, NotEqual};
    match &expr.kind {
        ExprKind::Compare(op, left, right) if !matches!(op, Equal | NotEqual) => {
            numbers(left, found);
            numbers(right, found);
        }
        ExprKind::InRange(_, low, high) => {
            numbers(low, found);
            numbers(high, found);
        }
        _ => {}
    }
    expr.kind.operands().into_iter().for_each(|operand| ordered(operand, found));
}

fn numbers(expr: &Expr, found: &mut BTreeSet<String>) {
    if let ExprKind::Const(value) = &expr.kind {
        found.extend(match value {
            Value::Int(number) => Some(number.to_string()),
            Value::Decimal(number) | Value::Money(number, _) => Some(number.to_string()),
            Value::Duration(length) => Some(format!("{} days", length.as_hours() / 24)),
            Value::Date(date) => Some(format!(" {date}")),
            Value::TimeOfDay(time) => Some(format!(" {}", time.strftime("%H:%M"))),
            _ => None,
        });
    }
    // What is reckoned with is a bound as well: `now + 90d`, `order.total * 2`.
    expr.kind.operands().into_iter().for_each(|operand| numbers(operand, found));
}

/// Bounds of every kind: an amount, a count, a length of time within a date, a date, hours, a share, a number chosen by a condition.
const BOUNDED: &str = r#"policy acme.bounded { version "1" }
source s { record Lease by id { id: Text, rent: Money(EUR), good: Bool }; fetch Lease by host; fresh for 10m }
tool desk {
  write defer(lease: Key<Lease>, amount: Money(EUR), until: Date, parts: Int) { irreversible }
}
let berlin = now in zone "Europe/Berlin"
let latest = ((now + 91d) in zone "Europe/Berlin").date
job defers {
  purpose "Defer rent."
  input { lease: Key<Lease> }
  allow write desk.defer when lease == input.lease and until <= ((now + 92d) in zone "Europe/Berlin").date and until <= latest
    and until >= 2031-02-03 and berlin.time in 07:17..19:43 and parts <= 17 and amount <= lease.rent + 371 EUR
    and (if lease.good then 977 EUR else 533 EUR) >= amount and parts == list.length([lease.id]) + 613
    and 0 EUR < (if lease.good then 811 EUR else 0 EUR)
  limit often on desk.defer: count() <= 23 per last 41d by lease capacity 100 else deny
}
"#;

#[test]
fn numbers_that_bound_are_for_people_only() {
    let root = SourceFile { name: "bounded.agentpolicy".into(), text: BOUNDED.into() };
    let compiled = agentc_compiler::compile(root, &NoFiles, &agentc_stdlib::library());
    let typed = compiled.typed.as_ref().unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    let job = jobs(typed).next().expect("it has a job").0;
    let (model, person) = (brief(typed, job, For::Model), brief(typed, job, For::Person));
    for bound in ["91", "92", "2031-02-03", "07:17", "19:43", "17", "371", "977", "533", "811", "23", "41"] {
        assert!(!model.contains(bound), "the model learns {bound}:\n{model}");
        assert!(person.contains(bound), "the person does not learn {bound}:\n{person}");
    }
    assert!(model.contains("613"), "what must be sent is told: {model}");
    let said = "The argument “until” is no later than the date in Europe/Berlin 92 days from now";
    assert!(person.contains(said), "{person}");
    assert!(model.contains("The argument “until” is no later than a set limit"), "{model}");
}

#[test]
fn the_model_learns_no_threshold() {
    for (name, compiled) in examples() {
        let typed = typed(compiled);
        let thresholds = thresholds(typed);
        assert!(!thresholds.is_empty(), "{name} has no limit");
        for (job, _) in jobs(typed) {
            let page = without_patterns(&brief(typed, job, For::Model));
            let words: BTreeSet<&str> = page.split(|character: char| !character.is_alphanumeric() && character != '.').collect();
            let words: BTreeSet<&str> = words.into_iter().map(|word| word.trim_matches('.')).collect();
            for threshold in &thresholds {
                // Nothing at all is no threshold.
                if threshold.trim_matches('0').is_empty() || threshold == "0 days" {
                    continue;
                }
                let told =
                    if threshold.contains(' ') { page.contains(threshold.as_str()) } else { words.contains(threshold.as_str()) };
                let allowed = ALLOWED.iter().any(|(example, number)| example == name && number == threshold);
                assert!(!told || allowed, "{name}: the model learns {threshold}");
            }
        }
    }
}

/// Numbers that are a threshold in one rule and something that the model must know in another: a bag costs 50 USD, a name is that of 1 contact.
const ALLOWED: [(&str, &str); 2] = [("airline", "50"), ("workspace", "1")];

/// The page without the patterns that it names: how often a letter stands in an account number bounds nothing.
fn without_patterns(page: &str) -> String {
    let mut pieces = page.split("has the form `");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |said, piece| said + piece.split_once('`').map_or("", |(_, after)| after))
}

#[test]
fn a_person_is_told_every_rule_and_its_line() {
    for (name, compiled) in examples() {
        let typed = typed(compiled);
        for (job, _) in jobs(typed) {
            let page = brief(typed, job, For::Person);
            for rule in &typed.jobs[job.index()].rules {
                assert!(page.contains(&format!("`{}`", rule.name)), "{name}: the page leaves out `{}`", rule.name);
            }
        }
    }
}

#[test]
fn the_model_calls_verbs_as_they_are_on_the_wire() {
    let (_, refunds) = &examples()[0];
    let page = brief(typed(refunds), jobs(typed(refunds)).next().expect("it has a job").0, For::Model);
    assert!(page.contains("`refund`") && !page.contains("shop.refund"), "{page}");
}
