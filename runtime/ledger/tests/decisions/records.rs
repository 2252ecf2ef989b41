//! Records: freshness, conflicts, changes, and what results become.

use crate::host::{Host, said, shop, shop_job};

const RULES: &str = "allow write shop.refund when order.total >= amount
  allow write shop.set_status
  allow read shop.get_order, shop.list_orders";
const A1: &str = r#"{"order_id":"A-1","amount":40}"#;
const ORDER: &str = r#"{"id":"A-1","total":90,"status":"delivered","customer":"c-9"}"#;

#[test]
fn a_reading_is_fresh_while_its_age_is_less() {
    let mut host = Host::new(&shop(RULES));
    host.good_order("A-1", 90);
    host.after(899);
    assert_eq!(said(&host.call("c1", "refund", A1)).0, "allow");
    host.good_order("A-1", 90);
    host.after(900);
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "need");
}

#[test]
fn a_write_makes_what_it_changes_unasked_at_its_allow_and_at_its_result() {
    let mut host = Host::new(&shop(RULES));
    host.good_order("A-1", 90);
    host.good_order("A-2", 90);
    host.call("c1", "set_status", r#"{"order_id":"A-1","status":"open"}"#);
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "need");
    assert_eq!(said(&host.call("c3", "refund", r#"{"order_id":"A-2","amount":1}"#)).0, "allow");
    // What is read while the write is on its way says nothing once its result is there.
    host.good_order("A-1", 90);
    host.ok("c1", "null");
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "need");
    host.good_order("A-1", 90);
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "allow");
}

#[test]
fn two_readings_of_one_time_conflict_and_a_newer_one_settles_it() {
    let mut host = Host::new(&shop(RULES));
    host.good_order("A-1", 90);
    host.good_order("A-1", 91);
    assert_eq!(said(&host.call("c1", "refund", A1)), ("escalate", "allow_refund"));
    let mut host = Host::new(&shop(RULES));
    host.good_order("A-1", 90);
    host.good_order("A-1", 91);
    host.after(1).good_order("A-1", 92);
    assert_eq!(said(&host.call("c1", "refund", A1)).0, "allow");
}

#[test]
fn a_reading_of_the_future_is_malformed() {
    let mut host = Host::new(&shop(RULES));
    let answer = host.record("Order", "A-1", &format!(r#""value":{ORDER},"read_at":"2026-05-04T10:00:01Z""#));
    assert!(answer.person.contains("was read in the future"), "{}", answer.person);
    assert_eq!(said(&host.call("c1", "refund", A1)).0, "escalate");
}

#[test]
fn records_that_the_policy_does_not_know_are_refused() {
    let mut host = Host::new(&shop(RULES));
    for (text, words) in [
        (r#""event":"record","source":"x","record":"Order","key":"A","value":{}"#, "no record `Order` of a source `x`"),
        (r#""event":"record","source":"shop_records","record":"Refund","key":"A","value":{}"#, "no record `Refund`"),
        (r#""event":"record","source":"shop_records","record":"Order","key":7,"value":{}"#, "the key of `Order` does not fit"),
    ] {
        let answer = host.send(text);
        assert_eq!(answer.outcome.name(), "refused");
        assert!(answer.person.contains(words), "{}", answer.person);
    }
}

#[test]
fn results_become_records_when_the_key_is_the_one_asked_for() {
    let mut host = Host::new(&shop(RULES));
    host.call("c1", "get_order", r#"{"order_id":"A-1"}"#);
    host.ok("c1", ORDER);
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "allow");
    // Another order than the one asked for is no record of either.
    let mut host = Host::new(&shop(RULES));
    host.call("c1", "get_order", r#"{"order_id":"A-2"}"#);
    host.ok("c1", ORDER);
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "need");
    assert_eq!(said(&host.call("c3", "refund", r#"{"order_id":"A-2","amount":1}"#)).0, "need");
    // A value without its key stands under the key asked for.
    let mut host = Host::new(&shop(RULES));
    host.call("c1", "get_order", r#"{"order_id":"A-1"}"#);
    host.ok("c1", r#"{"total":90,"status":"delivered","customer":"c-9"}"#);
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "allow");
}

#[test]
fn rows_of_a_list_stand_under_their_own_keys() {
    let mut host = Host::new(&shop(RULES));
    host.call("c1", "list_orders", r#"{"customer":"c-9"}"#);
    host.ok("c1", &format!("[{ORDER}]"));
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "allow");
}

#[test]
fn the_read_time_of_a_result_is_when_the_call_was_sent() {
    let mut host = Host::new(&shop(RULES));
    host.call("c1", "get_order", r#"{"order_id":"A-1"}"#);
    host.after(600).ok("c1", ORDER);
    host.after(299);
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "allow");
    let mut host = Host::new(&shop(RULES));
    host.call("c1", "get_order", r#"{"order_id":"A-1"}"#);
    host.after(600).ok("c1", ORDER);
    host.after(300);
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "need");
}

#[test]
fn an_absent_value_is_settled_and_an_unasked_one_is_not() {
    let rules = "allow write shop.refund when (order.card ?? \"\") == \"\"\n allow write shop.erase when input.extra is absent";
    let policy = shop_job("input { customer: Text, extra: Text? }", rules);
    let mut host = Host::new(&policy);
    assert_eq!(said(&host.call("c1", "erase", r#"{"customer":"c"}"#)).0, "allow");
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "need");
    host.record("Order", "A-1", "\"absent\":true");
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "allow");
}

#[test]
fn a_prerequisite_is_a_call_or_the_hosts_own_fetch() {
    let rules = "allow write shop.refund
  allow read shop.get_order
  require looked on shop.refund: shop.get_order(order: order) within 15m";
    let mut host = Host::new(&shop(rules));
    let answer = host.call("c1", "refund", A1);
    assert_eq!(said(&answer), ("deny", "looked"));
    assert_eq!(answer.retry.to_string(), "after data");
    assert_eq!(answer.model, "`refund` is not permitted yet; call `get_order` first");
    host.call("c2", "get_order", r#"{"order_id":"A-1"}"#);
    assert_eq!(said(&host.call("c3", "refund", A1)), ("deny", "looked"));
    host.ok("c2", ORDER);
    host.after(900);
    assert_eq!(said(&host.call("c4", "refund", A1)).0, "allow");
    host.after(1);
    assert_eq!(said(&host.call("c5", "refund", A1)), ("deny", "looked"));
    host.good_order("A-2", 90);
    assert_eq!(said(&host.call("c6", "refund", A1)), ("deny", "looked"));
    assert_eq!(said(&host.call("c7", "refund", r#"{"order_id":"A-2","amount":1}"#)).0, "allow");
}

#[test]
fn a_prerequisite_may_be_spent_by_another_call() {
    let rules = "allow write shop.refund\n allow write shop.set_status\n allow read shop.get_order
  require looked on shop.refund: shop.get_order(order: order) since last shop.set_status";
    let mut host = Host::new(&shop(rules));
    host.call("c1", "get_order", r#"{"order_id":"A-1"}"#);
    host.ok("c1", ORDER);
    assert_eq!(said(&host.call("c2", "refund", A1)).0, "allow");
    // The undoing of a status needs the status that is there now.
    assert_eq!(said(&host.call("c3", "set_status", r#"{"order_id":"A-1","status":"open"}"#)).0, "need");
    host.good_order("A-1", 90);
    assert_eq!(said(&host.call("c3", "set_status", r#"{"order_id":"A-1","status":"open"}"#)).0, "allow");
    assert_eq!(said(&host.call("c4", "refund", A1)), ("deny", "looked"));
    host.good_order("A-1", 90);
    assert_eq!(said(&host.call("c5", "refund", A1)).0, "allow");
}
