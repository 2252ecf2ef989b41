//! Job descriptions: how they read, and that the model's holds no number that it could work towards.

use crate::{examples, jobs, typed};
use agentc_compiler::brief::{For, brief};
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
            _ => None,
        });
    }
}

#[test]
fn the_model_learns_no_threshold() {
    for (name, compiled) in examples() {
        let typed = typed(compiled);
        let thresholds = thresholds(typed);
        assert!(!thresholds.is_empty(), "{name} has no limit");
        for (job, _) in jobs(typed) {
            let page = brief(typed, job, For::Model);
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

/// Numbers that are a threshold in one rule and something that the model must know in another: a bag costs 50 USD; an account number begins with 2 letters.
const ALLOWED: [(&str, &str); 2] = [("airline", "50"), ("banking", "2")];

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
