//! Limits: counters, windows, keys, shares and what happens beyond the bound.

use crate::host::{Host, requests, said, shop};
use agentc_ledger::MemoryLedger;
use std::sync::Arc;

fn refund(host: &mut Host, id: &str, order: &str, amount: &str) -> agentc_runtime::answer::Answer {
    host.call(id, "refund", &format!(r#"{{"order_id":"{order}","amount":{amount}}}"#))
}

fn limited(limit: &str) -> Host {
    Host::new(&shop(&format!("allow write shop.refund\n {limit}")))
}

#[test]
fn calls_in_flight_count_from_their_allow() {
    let mut host = limited("limit daily on shop.refund: sum(amount) <= 100 USD per day else deny");
    assert_eq!(said(&refund(&mut host, "c1", "A-1", "60")).0, "allow");
    let answer = refund(&mut host, "c2", "A-1", "41");
    assert_eq!(said(&answer), ("deny", "daily"));
    assert_eq!(answer.retry.to_string(), "after 2026-05-05T00:00:00Z");
    assert!(!answer.model.contains("100"), "{}", answer.model);
    assert_eq!(said(&refund(&mut host, "c3", "A-1", "40")).0, "allow");
    // More than the bound by itself can never pass.
    assert_eq!(refund(&mut host, "c4", "A-1", "100.01").retry.to_string(), "with other arguments");
    host.after(14 * 3600);
    assert_eq!(said(&refund(&mut host, "c5", "A-1", "100")).0, "allow");
}

#[test]
fn a_refusal_without_effect_gives_its_share_back_and_another_does_not() {
    let mut host = limited("limit once on shop.refund: count() <= 1 per run by order else deny");
    refund(&mut host, "c1", "A-1", "10");
    assert_eq!(said(&refund(&mut host, "c2", "A-1", "10")), ("deny", "once"));
    assert_eq!(said(&refund(&mut host, "c3", "A-2", "10")).0, "allow");
    host.fails("c1", "declined");
    assert_eq!(said(&refund(&mut host, "c4", "A-1", "10")).0, "allow");
    host.fails("c4", "timeout");
    assert_eq!(said(&refund(&mut host, "c5", "A-1", "10")), ("deny", "once"));
}

#[test]
fn counters_are_shared_by_all_runs_of_a_ledger() {
    let policy = shop("allow write shop.refund\n limit daily on shop.refund: sum(amount) <= 100 USD per day else deny");
    let ledger = Arc::new(MemoryLedger::new());
    let mut first = Host::sharing(&policy, &ledger, "r1");
    let mut second = Host::sharing(&policy, &ledger, "r2");
    assert_eq!(said(&refund(&mut first, "c1", "A-1", "60")).0, "allow");
    assert_eq!(said(&refund(&mut second, "c1", "A-1", "60")), ("deny", "daily"));
    first.fails("c1", "declined");
    assert_eq!(said(&refund(&mut second, "c2", "A-1", "60")).0, "allow");
}

#[test]
fn a_negative_amount_is_denied_by_the_limit() {
    let mut host = limited("limit daily on shop.refund: sum(amount) <= 100 USD per day else escalate");
    let answer = refund(&mut host, "c1", "A-1", "-1");
    assert_eq!(said(&answer), ("deny", "daily"));
    assert_eq!(answer.retry.to_string(), "with other arguments");
}

#[test]
fn beyond_the_bound_the_run_escalates_or_people_are_asked() {
    let mut host = limited("limit daily on shop.refund: sum(amount) <= 100 USD per day else escalate");
    assert_eq!(said(&refund(&mut host, "c1", "A-1", "101")), ("escalate", "daily"));

    let mut host = limited(
        "gate large on shop.refund when amount > 1000 USD { approvers role lead; because \"a\" }
  limit daily on shop.refund: sum(amount) <= 100 USD per day else gate large",
    );
    assert_eq!(said(&refund(&mut host, "c1", "A-1", "100")).0, "allow");
    let answer = refund(&mut host, "c2", "A-1", "50");
    assert_eq!(said(&answer), ("approval", "daily"));
    let request = requests(&answer)[0].request.clone();
    // The approved call is counted above the bound.
    assert_eq!(said(&host.answers(&request, "ann", "\"lead\"", true)).0, "allow");
    assert_eq!(said(&refund(&mut host, "c3", "A-1", "1")).0, "approval");
}

#[test]
fn a_limit_that_pauses_pauses_every_run() {
    let policy = shop("allow write shop.refund\n limit daily on shop.refund: count() <= 1 per day else pause");
    let ledger = Arc::new(MemoryLedger::new());
    let mut host = Host::sharing(&policy, &ledger, "r1");
    refund(&mut host, "c1", "A-1", "1");
    let answer = refund(&mut host, "c2", "A-1", "1");
    assert_eq!(said(&answer), ("paused", "daily"));
    assert_eq!(answer.retry.to_string(), "after resume");
    let mut other = Host::sharing(&policy, &ledger, "r2");
    assert_eq!(said(&refund(&mut other, "c1", "A-1", "1")), ("paused", "paused"));
    let resumed = other.send(r#""event":"resume","scope":"job","by":{"id":"sam","roles":["sre"]}"#);
    assert_eq!(said(&resumed).0, "taken");
    other.after(24 * 3600);
    assert_eq!(said(&refund(&mut other, "c2", "A-1", "1")).0, "allow");
}

#[test]
fn sliding_windows_include_their_ends_and_say_when_to_try_again() {
    let mut host = limited("limit slow on shop.refund: count() <= 2 per last 10m capacity 10 else deny");
    refund(&mut host, "c1", "A-1", "1");
    host.after(60);
    refund(&mut host, "c2", "A-1", "1");
    let answer = refund(&mut host, "c3", "A-1", "1");
    assert_eq!(said(&answer), ("deny", "slow"));
    assert_eq!(answer.retry.to_string(), "after 2026-05-04T10:10:00Z");
    host.after(540);
    assert_eq!(said(&refund(&mut host, "c4", "A-1", "1")), ("deny", "slow"));
    host.after(1);
    assert_eq!(said(&refund(&mut host, "c5", "A-1", "1")).0, "allow");
}

#[test]
fn a_full_window_denies_whatever_the_limit_says_otherwise() {
    let mut host = limited("limit slow on shop.refund: sum(amount) <= 1000 USD per last 1h capacity 2 else escalate");
    refund(&mut host, "c1", "A-1", "1");
    refund(&mut host, "c2", "A-1", "1");
    let answer = refund(&mut host, "c3", "A-1", "1");
    assert_eq!(said(&answer), ("deny", "slow"));
    assert_eq!(answer.retry.to_string(), "after 2026-05-04T11:00:00Z");
}

#[test]
fn distinct_values_count_once() {
    let mut host = limited("limit few on shop.refund: count(distinct order) <= 2 per day capacity 100 else deny");
    for (id, order, outcome) in [("c1", "A-1", "allow"), ("c2", "A-2", "allow"), ("c3", "A-1", "allow"), ("c4", "A-3", "deny")] {
        assert_eq!(said(&refund(&mut host, id, order, "1")).0, outcome, "{id}");
    }
    // One of two calls for the order is given back: the order still counts.
    host.fails("c1", "declined");
    assert_eq!(said(&refund(&mut host, "c5", "A-3", "1")).0, "deny");
    host.fails("c3", "declined");
    assert_eq!(said(&refund(&mut host, "c6", "A-3", "1")).0, "allow");
}

#[test]
fn hours_and_days_begin_on_the_clock() {
    let mut host = limited("limit hourly on shop.refund: count() <= 1 per hour else deny");
    host.after(3599);
    refund(&mut host, "c1", "A-1", "1");
    host.after(1);
    assert_eq!(said(&refund(&mut host, "c2", "A-1", "1")).0, "allow");

    // Midnight in Tokyo is 15:00 UTC.
    let mut host = limited("limit daily on shop.refund: count() <= 1 per day in zone \"Asia/Tokyo\" else deny");
    refund(&mut host, "c1", "A-1", "1");
    let answer = refund(&mut host, "c2", "A-1", "1");
    assert_eq!(answer.retry.to_string(), "after 2026-05-04T15:00:00Z");
    host.after(5 * 3600);
    assert_eq!(said(&refund(&mut host, "c3", "A-1", "1")).0, "allow");
}

#[test]
fn a_strict_limit_does_not_reach_its_bound_and_when_leaves_calls_out() {
    let mut host = limited("limit few on shop.refund: count() < 2 per run when amount > 5 USD else deny");
    assert_eq!(said(&refund(&mut host, "c1", "A-1", "10")).0, "allow");
    assert_eq!(said(&refund(&mut host, "c2", "A-1", "10")), ("deny", "few"));
    assert_eq!(said(&refund(&mut host, "c3", "A-1", "5")).0, "allow");
}

#[test]
fn a_limit_without_verbs_counts_each_call_id_once() {
    let mut host = limited("limit calls: count() <= 2 per run else escalate");
    host.call("c1", "nothing", "{}");
    host.call("c1", "nothing", "{}");
    assert_eq!(said(&refund(&mut host, "c2", "A-1", "1")).0, "allow");
    assert_eq!(said(&refund(&mut host, "c3", "A-1", "1")), ("escalate", "calls"));
}

#[test]
fn a_value_is_bounded_after_every_event() {
    let mut host = limited("limit spend: run.cost <= 2 USD else escalate");
    assert!(host.send(r#""event":"usage","cost":2,"tokens":10"#).escalated.is_none());
    let answer = host.send(r#""event":"usage","cost":"0.01""#);
    assert_eq!(answer.escalated.as_ref().unwrap().by.rule, "spend");
}

#[test]
fn an_amount_of_a_record_is_needed_first() {
    let mut host = limited("limit daily on shop.refund: sum(order.total) <= 100 USD per day else deny");
    assert_eq!(said(&refund(&mut host, "c1", "A-1", "1")).0, "need");
    host.good_order("A-1", 60);
    assert_eq!(said(&refund(&mut host, "c1", "A-1", "1")).0, "allow");
    // The total is frozen: giving back gives back what was counted.
    host.after(1).good_order("A-1", 30);
    host.fails("c1", "declined");
    host.after(1).good_order("A-1", 100);
    assert_eq!(said(&refund(&mut host, "c2", "A-1", "1")).0, "allow");
}
