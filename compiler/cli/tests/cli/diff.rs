//! `agentc diff`: what became looser is shown with a call and both answers, and what cannot be told counts as looser.

use crate::support::{Ran, agentc_in, file, folder, repository};
use serde_json::Value;
use std::fs::read_to_string;

/// The difference between the refunds example and the same with some of its text replaced.
fn changed(name: &str, replaced: &[(&str, &str)], more: &[&str]) -> Ran {
    let folder = folder(name);
    let old = read_to_string(repository().join("examples/refunds/refunds.agentpolicy")).expect("the example is there");
    let new = replaced.iter().fold(old.clone(), |text, (from, to)| {
        assert!(text.contains(from), "the example does not say `{from}`");
        text.replace(from, to)
    });
    file(&folder, "old.agentpolicy", old);
    file(&folder, "new.agentpolicy", new);
    agentc_in(&folder, &[&["diff", "old.agentpolicy", "new.agentpolicy"], more].concat(), b"")
}

#[test]
fn nothing_changed() {
    // Layout and comments are no change.
    let ran = changed("diff_nothing", &[("  gate large_refund on", "  // why\n\n  gate   large_refund   on")], &[]);
    let said = "6 equivalent, 0 tighter, 0 looser, 0 both: nothing is looser than before\n";
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), said, ""));
}

#[test]
fn a_loosening_is_shown_with_a_call_and_both_answers() {
    let ran = changed("diff_looser", &[("amount > 50 USD {", "amount > 80 USD {")], &["--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    let found: Value = serde_json::from_str(&ran.out).expect("one JSON object");
    assert_eq!(found["loosens"], true);
    let verbs = found["verbs"].as_array().expect("a list");
    let refund = verbs.iter().find(|verb| verb["verb"] == "shop.refund").expect("it is there");
    assert_eq!((&refund["verdict"], &refund["job"]), (&Value::from("looser"), &Value::from("triage_refunds")));
    assert!(verbs.iter().filter(|verb| *verb != refund).all(|verb| verb["verdict"] == "equivalent"), "{verbs:?}");
    let shown = refund["looser"].as_array().expect("a list");
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0]["old"]["outcome"], "approval");
    assert_eq!(shown[0]["old"]["by"], "large_refund");
    assert_eq!(shown[0]["old"]["asked"][0], "role support_lead");
    assert_eq!(shown[0]["new"]["outcome"], "allow");
    let call = shown[0]["run"].as_array().and_then(|run| run.last()).and_then(Value::as_str).expect("a call");
    assert!(call.starts_with("call shop.refund(order: "), "{call}");
}

#[test]
fn a_tightening_loosens_nothing() {
    let ran = changed("diff_tighter", &[("placed_at <= 30d\n", "placed_at <= 20d\n")], &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.both());
    assert!(ran.out.starts_with("shop.refund in triage_refunds: tighter\n  tighter: was "), "{}", ran.out);
    assert!(ran.out.ends_with("5 equivalent, 1 tighter, 0 looser, 0 both: nothing is looser than before\n"), "{}", ran.out);
}

#[test]
fn other_approvers_are_looser_and_tighter() {
    let ran = changed("diff_approvers", &[("approvers role support_lead", "approvers role sre")], &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.starts_with("shop.refund in triage_refunds: both\n"), "{}", ran.out);
    let shown = "looser: was approval by `large_refund` of role support_lead, is approval by `large_refund` of role sre\n";
    assert!(ran.out.contains(shown), "{}", ran.out);
    let change = "  gate `large_refund` in triage_refunds: was role support_lead, expires 4h, is role sre, expires 4h\n";
    assert!(ran.out.contains(change), "{}", ran.out);
    // One more of whom all are asked is only tighter.
    let ran = changed("diff_more", &[("approvers role support_lead", "approvers role support_lead and role sre")], &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert!(ran.out.starts_with("shop.refund in triage_refunds: tighter\n"), "{}", ran.out);
}

#[test]
fn what_cannot_be_told_counts_as_looser_and_says_why() {
    let ran = changed("diff_window", &[("500 USD per day", "500 USD per hour")], &[]);
    assert_eq!(ran.code, Some(1));
    let said = "  looser, as far as can be told: the limit `daily` counts otherwise than before (new.agentpolicy:83:3)\n";
    assert!(ran.out.contains(said), "{}", ran.out);
    let ran = changed("diff_enum", &[("enum OrderStatus { open,", "enum OrderStatus { open, lost,")], &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("the enum `OrderStatus` has other variants than before (new.agentpolicy:8:6)"), "{}", ran.out);
}

#[test]
fn what_no_rule_says_is_in_the_summary() {
    let fresh = ("fresh for 15m\n}\n\nsource ledger", "fresh for 2h\n}\n\nsource ledger");
    let ran = changed("diff_fresh", &[fresh, ("on mcp \"billing\"", "on mcp \"billing2\"")], &[]);
    assert_eq!(ran.code, Some(1), "older data is looser: {}", ran.out);
    assert!(ran.out.contains("  how long `Order` is fresh: was for 15m, is for 2h (looser)\n"), "{}", ran.out);
    assert!(ran.out.contains("  what tool `billing` is on: was mcp \"billing\", is mcp \"billing2\" (looser)\n"), "{}", ran.out);
    let ran = changed("diff_younger", &[("fresh for 15m\n}\n\nsource ledger", "fresh for 5m\n}\n\nsource ledger")], &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
}

#[test]
fn a_verb_that_is_allowed_for_the_first_time_is_looser() {
    let rule = ("  never shop.delete_customer because", "  allow write shop.delete_customer\n  never shop.void_refund because");
    let ran = changed("diff_new", &[rule], &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("shop.delete_customer in triage_refunds: looser\n"), "{}", ran.out);
    assert!(
        ran.out.contains("looser: was deny by `never_delete_customer`, is allow by `allow_delete_customer`\n"),
        "{}",
        ran.out
    );
}

#[test]
fn only_policies_are_compared() {
    let ran = changed("diff_wrong", &[("role support_lead, sre", "role support_lad, sre")], &[]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("only policies without errors can be compared"), "{}", ran.err);
}
