//! The rows of the decision table.

use crate::host::{Host, SHOP, fired, json, policy, said, shop, shop_job};
use agentc_runtime::answer::Outcome;
use std::sync::Arc;

const PLAIN: &str = "allow write shop.refund when order.customer == input.customer and amount <= order.total
  allow read shop.get_order";
const A1: &str = r#"{"order_id":"A-1","amount":40,"reason":"broken"}"#;

#[test]
fn row_1_a_run_that_is_over_decides_nothing() {
    let mut host = Host::new(&shop(PLAIN));
    host.end();
    let answer = host.call("c1", "refund", A1);
    assert_eq!(said(&answer), ("deny", "closed"));
    assert_eq!(answer.model, "this run is over; make no more calls");
    assert_eq!(answer.person, "the run has ended, and no call is decided any more");
    assert_eq!(said(&host.end()), ("refused", ""));
}

#[test]
fn row_3_what_does_not_fit_is_denied_with_words_that_help() {
    let mut host = Host::new(&shop(PLAIN));
    for (id, verb, args, by, words) in [
        ("c1", "refunds", "{}", "undeclared_verb", "there is no verb `refunds`"),
        ("c2", "refund", r#"{"order_id":"A-1"}"#, "arguments", "`amount`"),
        ("c3", "refund", r#"{"order_id":"A-1","amount":40,"to":"x"}"#, "arguments", "`to`"),
        ("c4", "refund", r#"{"order_id":"A-1","amount":"forty"}"#, "arguments", "`amount`"),
        ("c5", "refund", r#"{"order_id":1,"amount":40}"#, "arguments", "`order_id`"),
        (
            "c6",
            "refund",
            r#"{"order_id":"A-1","amount":40,"amount":1,"reason":"r"}"#,
            "arguments",
            "`amount` stands there more than once",
        ),
        ("c1", "refund", A1, "call_id", "the call id `c1` was used before"),
    ] {
        let answer = host.call(id, verb, args);
        assert_eq!(said(&answer), ("deny", by), "{args}");
        assert!(answer.person.contains(words), "{} should contain {words}", answer.person);
        assert_eq!(answer.retry.to_string(), "with other arguments");
    }
    assert_eq!(said(&host.call("c7", "shop.get_order", r#"{"order_id":"A-1"}"#)).0, "allow");
}

#[test]
fn row_4_stops_of_the_whole_job_come_first() {
    let rules = format!("{PLAIN}\n escalate unsure when (run.confidence ?? 1) < 0.7\n never no_refund on shop.refund");
    let mut host = Host::new(&shop(&rules));
    assert_eq!(said(&host.call("c1", "refund", A1)), ("deny", "no_refund"));
    let answer = host.send(r#""event":"signal","confidence":0.6"#);
    assert_eq!(answer.outcome.name(), "taken");
    let handoff = answer.escalated.as_ref().unwrap();
    assert_eq!((handoff.to.as_str(), handoff.by.rule.as_str()), ("leads", "unsure"));
    assert_eq!(handoff.expect.as_deref(), Some("Decide by hand."));
    let after = host.call("c2", "refund", A1);
    assert_eq!(said(&after), ("deny", "closed"));
    let why = "the run was stopped by `unsure` (demo.agentpolicy:LINE); people take over, and no call is decided any more";
    let line = handoff.by.place.as_ref().unwrap().1.to_string();
    assert_eq!(after.person, why.replace("LINE", &line));
    assert_eq!(after.model, "this run is over; make no more calls");
    host.end();
    assert_eq!(host.call("c3", "refund", A1).person, after.person, "also after the end");
}

#[test]
fn row_4_is_judged_when_the_run_opens() {
    let policy = shop_job("input { customer: Text }", "allow write shop.erase\n escalate barred when input.customer == \"c-9\"");
    let mut host = Host::new(&policy);
    assert_eq!(host.opened.escalated.as_ref().unwrap().by.rule, "barred");
    assert_eq!(said(&host.call("c1", "erase", r#"{"customer":"c"}"#)), ("deny", "closed"));
}

#[test]
fn row_4_decides_a_call_too() {
    let rules = format!("{PLAIN}\n never no_refund on shop.refund\n limit calls: count() <= 1 per run else escalate");
    let mut host = Host::new(&shop(&rules));
    assert_eq!(said(&host.call("c1", "refund", A1)), ("deny", "no_refund"));
    let answer = host.call("c2", "refund", A1);
    assert_eq!(said(&answer), ("escalate", "calls"));
    assert_eq!(fired(&answer), ["no_refund", "calls"]);
    assert!(answer.escalated.is_some());
}

#[test]
fn row_5_denies_and_the_default() {
    let rules = format!(
        "{PLAIN}\n never big on shop.refund when amount > 500 USD because \"Too much.\"
  never big_too on shop.refund when amount > 400 USD"
    );
    let mut host = Host::new(&shop(&rules));
    let answer = host.call("c1", "refund", r#"{"order_id":"A-1","amount":501}"#);
    assert_eq!(said(&answer), ("deny", "big"));
    assert_eq!(fired(&answer), ["big", "big_too"]);
    assert_eq!(answer.by.as_ref().unwrap().because.as_deref(), Some("Too much."));
    assert_eq!(answer.by.as_ref().unwrap().place.as_ref().unwrap().0, "demo.agentpolicy");
    assert_eq!(answer.retry.to_string(), "with other arguments");
    assert!(!answer.model.contains("500"), "{}", answer.model);
    assert_eq!(said(&host.call("c2", "erase", r#"{"customer":"c-9"}"#)), ("deny", "no_allow"));
    host.good_order("A-1", 30);
    let answer = host.call("c3", "refund", A1);
    assert_eq!(said(&answer), ("deny", "no_allow"));
    let total = answer.values.iter().find(|value| value.label == "order.total").unwrap();
    assert_eq!(total.value, Ok(json(r#"{"amount":30,"currency":"USD"}"#)));
    assert_eq!(total.age_seconds, Some(0));
}

#[test]
fn row_5_a_true_deny_needs_no_record() {
    // Nothing is asked for when a deny is true already.
    let mut host = Host::new(&shop(&format!("{PLAIN}\n never big on shop.refund when amount > 500 USD")));
    assert_eq!(said(&host.call("c1", "refund", r#"{"order_id":"A-1","amount":501}"#)), ("deny", "big"));
}

#[test]
fn row_6_stops_of_the_verb_come_after_its_denies() {
    let rules = format!("{PLAIN}\n escalate open_order on shop.refund when order.status == open");
    let mut host = Host::new(&shop(&rules));
    host.order("A-1", r#"{"total":90,"status":"open","customer":"c-9"}"#);
    let answer = host.call("c1", "refund", A1);
    assert_eq!(said(&answer), ("escalate", "open_order"));
    assert_eq!(answer.model, "people take over from here; make no more calls");
    let mut host = Host::new(&shop(&rules));
    host.order("A-1", r#"{"total":90,"status":"open","customer":"c-1"}"#);
    assert_eq!(said(&host.call("c1", "refund", A1)), ("deny", "no_allow"));
}

#[test]
fn row_7_asks_for_all_records_at_once_and_goes_on() {
    let mut host = Host::new(&shop(PLAIN));
    let answer = host.call("c1", "refund", A1);
    assert_eq!(answer.outcome.name(), "need");
    assert_eq!(answer.retry.to_string(), "after data");
    let Outcome::Need(needs) = &answer.outcome else { panic!("{answer:?}") };
    let need = &needs[0];
    assert_eq!((need.source.as_str(), need.record.as_str(), need.verb.as_deref()), ("shop_records", "Order", Some("get_order")));
    assert_eq!((&need.key.open, &need.args.open), (&json("\"A-1\""), &json(r#"{"order_id":"A-1"}"#)));
    // Another call under the same id is a reuse; the identical one goes on, whatever the order of its members.
    assert_eq!(said(&host.call("c1", "refund", r#"{"order_id":"A-1","amount":41}"#)), ("deny", "call_id"));
    host.good_order("A-1", 40);
    assert_eq!(said(&host.call("c1", "refund", r#"{"reason":"broken","amount":40,"order_id":"A-1"}"#)).0, "allow");
    assert_eq!(said(&host.call("c1", "refund", A1)), ("deny", "call_id"));
}

#[test]
fn row_7_has_a_bound() {
    let verb = "write move(orders: List<Key<Order>>) { irreversible; changes nothing }";
    let text = crate::host::SHOP.replace("write erase", &format!("{verb}\n  write erase"));
    let policy = crate::host::policy(&format!(
        r#"{text}
job work {{
  purpose "Move orders."
  input {{ customer: Text }}
  done when happened(shop.move)
  allow write shop.move when all o in orders: o.customer == input.customer
  handoff to "leads" {{ show trace }}
}}"#
    ));
    let mut host = Host::new(&policy);
    let orders = |count: usize| {
        let keys: Vec<String> = (0..count).map(|i| format!("\"A-{i}\"")).collect();
        format!("{{\"orders\":[{}]}}", keys.join(","))
    };
    let answer = host.call("c1", "move", &orders(32));
    let Outcome::Need(needs) = &answer.outcome else { panic!("{answer:?}") };
    assert_eq!(needs.len(), 32);
    assert!(needs.windows(2).all(|pair| pair[0].key.open.to_string() < pair[1].key.open.to_string()));
    assert_eq!(said(&host.call("c2", "move", &orders(33))), ("deny", "too_many_needs"));
}

#[test]
fn row_8_an_absent_record_that_the_agent_chose_is_a_denial() {
    let mut host = Host::new(&shop(PLAIN));
    host.record("Order", "A-1", "\"absent\":true");
    let answer = host.call("c1", "refund", A1);
    assert_eq!(said(&answer), ("deny", "allow_refund"));
    assert_eq!(answer.retry.to_string(), "with other arguments");
}

#[test]
fn row_9_what_stays_unknown_escalates() {
    for found in ["\"unavailable\":true", r#""value":{"total":"x","customer":"c-9"}"#, r#""value":7"#, r#""value":{"id":"A-2"}"#]
    {
        let mut host = Host::new(&shop(PLAIN));
        host.record("Order", "A-1", found);
        let answer = host.call("c1", "refund", A1);
        assert_eq!(said(&answer), ("escalate", "allow_refund"), "{found}");
    }
    // An absent record that the agent did not choose.
    let policy = shop_job("input { customer: Text, order: Key<Order> }", "allow write shop.erase when input.order.total > 1 USD");
    let ledger = std::sync::Arc::default();
    let mut host = Host::opening(&policy, &ledger, "r1", r#"{"customer":"c-9","order":"A-1"}"#);
    host.record("Order", "A-1", "\"absent\":true");
    assert_eq!(said(&host.call("c1", "erase", r#"{"customer":"c-9"}"#)).0, "escalate");
}

#[test]
fn row_11_an_allow_carries_what_the_host_needs() {
    let rules = format!("{PLAIN}\n limit daily on shop.refund: sum(amount) <= 500 USD per day else escalate");
    let mut host = Host::new(&shop(&rules));
    host.good_order("A-1", 90);
    host.after(60);
    let answer = host.call("c1", "refund", r#"{ "reason" : "é\u000a", "order_id":"A-1","amount":40.00 }"#);
    assert_eq!(said(&answer), ("allow", "allow_refund"));
    let Outcome::Allow(allow) = &answer.outcome else { panic!("{answer:?}") };
    assert_eq!(allow.args.open.to_string(), "{\"amount\":40.00,\"order_id\":\"A-1\",\"reason\":\"é\\n\"}");
    // The record was read a minute ago and is fresh for a quarter of an hour.
    assert_eq!(allow.valid_until.unwrap().to_string(), "2026-05-04T10:15:00Z");
    let undo = allow.compensation.as_ref().unwrap();
    assert_eq!((undo.verb.as_str(), undo.from_result.as_slice()), ("void_refund", &["refund".to_owned()][..]));
    assert_eq!(undo.until.unwrap().to_string(), "2026-05-05T10:01:00Z");
    let reserve = &allow.reserve[0];
    assert_eq!((reserve.rule.as_str(), reserve.window.as_str()), ("daily", "day 2026-05-04 UTC"));
    assert_eq!(answer.retry.to_string(), "no");
}

#[test]
fn what_only_a_rule_in_shadow_looks_at_does_not_shorten_an_allow() {
    let until = |rule: &str| {
        let mut host = Host::new(&shop(&format!("allow write shop.refund\n{rule}")));
        host.good_order("A-1", 90);
        host.after(60);
        let answer = host.call("c1", "refund", A1);
        let Outcome::Allow(allow) = &answer.outcome else { panic!("{answer:?}") };
        (allow.valid_until.map(|until| until.to_string()), allow.reserve.len())
    };
    let fresh = Some("2026-05-04T10:15:00Z".to_owned());
    let midnight = Some("2026-05-05T00:00:00Z".to_owned());
    assert_eq!(until("never dear on shop.refund when order.total > 100 USD"), (fresh, 0));
    assert_eq!(until("shadow never dear on shop.refund when order.total > 100 USD"), (None, 0));
    let limit = "limit daily on shop.refund: sum(amount) <= 500 USD per day else deny";
    assert_eq!(until(limit), (midnight, 1));
    assert_eq!(until(&format!("shadow {limit}")), (None, 1));
    // What a limit in shadow could not take it does not count.
    assert_eq!(until("shadow limit odd on shop.refund: sum(0 USD - amount) <= 500 USD per day else deny"), (None, 0));
}

#[test]
fn a_handover_needs_no_allow() {
    let mut host = Host::new(&shop(&format!("{PLAIN}\n escalate people on shop.hand_over")));
    assert_eq!(said(&host.call("c1", "hand_over", r#"{"summary":"please"}"#)), ("escalate", "people"));
}

#[test]
fn shadow_rules_are_reported_and_decide_nothing() {
    let mut host = Host::new(&shop("allow write shop.erase\n shadow never quiet on shop.erase"));
    let answer = host.call("c1", "erase", r#"{"customer":"c-9"}"#);
    assert_eq!(said(&answer), ("allow", "allow_erase"));
    assert_eq!(answer.shadow.iter().map(|fired| fired.rule.as_str()).collect::<Vec<_>>(), ["quiet"]);
    assert_eq!(fired(&answer), ["allow_erase"]);
}

#[test]
fn repeated_denials_are_judged_after_the_event_that_made_them() {
    let mut host = Host::new(&shop(&format!("{PLAIN}\n escalate stubborn when run.denials >= 2")));
    assert!(host.call("c1", "refunds", "{}").escalated.is_none());
    let answer = host.call("c2", "refunds", "{}");
    assert_eq!(said(&answer), ("deny", "undeclared_verb"));
    assert_eq!(answer.escalated.as_ref().unwrap().by.rule, "stubborn");
}

#[test]
fn time_never_runs_backwards() {
    let mut host = Host::new(&shop(PLAIN));
    host.after(600).tick();
    assert_eq!(host.after(-300).tick().at.to_string(), "2026-05-04T10:10:00Z");
}

#[test]
fn answers_are_json_with_stable_members() {
    let mut host = Host::new(&shop(PLAIN));
    let answer = host.call("c1", "erase", r#"{"customer":"c-9"}"#).to_json().to_string();
    assert_eq!(
        answer,
        r#"{"answer":"call","run":"r1","at":"2026-05-04T10:00:00Z","call":"c1","outcome":"deny","by":{"rule":"no_allow","effect":"deny"},"model":"`erase` is not permitted; do not call it again like this","person":"`erase {\"customer\":\"c-9\"}` is denied by `no_allow`","retry":"no"}"#
    );
}

#[test]
fn a_decision_that_takes_too_many_steps_escalates_and_says_so() {
    // Three loops over two hundred numbers, inside one another: eight million turns.
    let job = r#"job work {
      purpose "Work on the orders of one customer."
      input { numbers: List<Int> }
      allow vast on write shop.erase when all a in input.numbers: all b in input.numbers: all c in input.numbers: a + b + c >= 0
      handoff to "leads" { show trace; expect "Decide by hand." }
    }"#;
    let numbers = vec!["0"; 200].join(",");
    let host = |numbers: &str| {
        let input = format!("{{\"numbers\":[{numbers}]}}");
        Host::opening(&policy(&format!("{SHOP}\n{job}")), &Arc::default(), "r1", &input)
    };
    assert_eq!(said(&host("0,1,2").call("c1", "erase", r#"{"customer":"c-9"}"#)), ("allow", "vast"));
    let answer = host(&numbers).call("c1", "erase", r#"{"customer":"c-9"}"#);
    assert_eq!(said(&answer), ("escalate", "vast"));
    assert!(answer.person.ends_with("; a number is too large, or the decision takes too many steps"), "{}", answer.person);
}
