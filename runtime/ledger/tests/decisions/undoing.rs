//! Undoing: who may, with which arguments, and what stands against it.

use crate::host::{Host, json, said, shop};
use agentc_runtime::answer::{Answer, Compensating, Outcome};

const RULES: &str = "allow write shop.refund\n allow write shop.add_note\n allow write shop.set_status\n allow write shop.erase
  undo by role boss
  escalate unsure when (run.confidence ?? 1) < 0.5";
const ZOE: &str = r#""by":{"id":"zoe","roles":["boss"]}"#;
const SAM: &str = r#""by":{"id":"sam","roles":["sre"]}"#;

fn undone(answer: &Answer) -> &[Compensating] {
    match &answer.outcome {
        Outcome::Undo(calls) => calls,
        other => panic!("{other:?}: {}", answer.person),
    }
}

fn undo(host: &mut Host, call: &str) -> Answer {
    host.send(&format!(r#""event":"undo","call":"{call}",{ZOE}"#))
}

fn refunded(rules: &str) -> Host {
    let mut host = Host::new(&shop(rules));
    host.call("c1", "refund", r#"{"order_id":"A-1","amount":1}"#);
    host.ok("c1", r#"{"id":"R-1"}"#);
    host
}

#[test]
fn arguments_come_from_the_result() {
    let mut host = refunded(RULES);
    let answer = undo(&mut host, "c1");
    assert_eq!(answer.outcome.name(), "taken");
    let call = &undone(&answer)[0];
    assert_eq!((call.id.as_str(), call.verb.as_str(), &call.args.open), ("undo/c1", "void_refund", &json(r#"{"refund":"R-1"}"#)));
    assert_eq!(said(&host.ok("undo/c1", "null")).0, "taken");
    let answer = undo(&mut host, "c1");
    assert_eq!(answer.outcome.name(), "refused");
    assert_eq!(answer.person, "`refund` is undone already, or its undoing is on the way");
}

#[test]
fn record_values_are_those_of_the_allow() {
    let mut host = Host::new(&shop(RULES));
    host.good_order("A-1", 90);
    host.call("c1", "set_status", r#"{"order_id":"A-1","status":"open"}"#);
    host.ok("c1", "null");
    host.after(1).order("A-1", r#"{"id":"A-1","total":90,"status":"open","customer":"c-9"}"#);
    let answer = undo(&mut host, "c1");
    assert_eq!(undone(&answer)[0].args.open, json(r#"{"order_id":"A-1","status":"delivered"}"#));
}

#[test]
fn only_those_named_may_ask_for_it_and_only_for_what_was_made() {
    let mut host = refunded(RULES);
    let answer = host.send(&format!(r#""event":"undo","call":"c1",{SAM}"#));
    assert_eq!((answer.outcome.name(), answer.person.as_str()), ("refused", "`sam` may not undo `refund`"));
    assert_eq!(undo(&mut host, "c9").person, "there is no call `c9`");
    host.call("c2", "erase", r#"{"customer":"c"}"#);
    host.ok("c2", "null");
    assert_eq!(undo(&mut host, "c2").person, "`erase` cannot be undone: it has no `undo`");
    host.call("c3", "refund", r#"{"order_id":"A-3","amount":1}"#);
    assert_eq!(undo(&mut host, "c3").person, "`refund` is not reported yet");
    host.fails("c3", "declined");
    assert_eq!(undo(&mut host, "c3").person, "`refund` was refused: there is nothing to undo");
    host.call("c4", "refund", r#"{"order_id":"A-4","amount":1}"#);
    host.unclear("c4");
    assert!(
        undo(&mut host, "c4").person.starts_with("`refund` of `void_refund` cannot be known"),
        "{}",
        host.trace.last().unwrap()
    );
}

#[test]
fn it_is_possible_for_as_long_as_the_verb_says_ends_included() {
    let mut host = refunded(RULES);
    host.after(24 * 3600 + 1);
    assert_eq!(undo(&mut host, "c1").person, "`refund` could be undone until 2026-05-05T10:00:00Z");
    let mut host = refunded(RULES);
    host.after(24 * 3600);
    assert_eq!(undo(&mut host, "c1").outcome.name(), "taken");
}

#[test]
fn it_obeys_never_and_pauses_but_no_limit_and_needs_no_allow() {
    let mut host = refunded(&format!("{RULES}\n limit few on shop.void_refund: count() <= 0 per run else deny"));
    assert_eq!(undo(&mut host, "c1").outcome.name(), "taken");
    let mut host = refunded(&format!("{RULES}\n never kept on shop.void_refund because \"Refunds stay.\""));
    let answer = undo(&mut host, "c1");
    assert_eq!(answer.outcome.name(), "refused");
    assert_eq!(undone(&answer)[0].by.as_ref().unwrap().rule, "kept");
    let mut host = refunded(RULES);
    host.send(&format!(r#""event":"pause","scope":"job",{SAM}"#));
    assert_eq!(undone(&undo(&mut host, "c1"))[0].by.as_ref().unwrap().rule, "paused");
}

#[test]
fn after_an_escalation_it_obeys_never_only() {
    let mut host = refunded(RULES);
    host.send(&format!(r#""event":"pause","scope":"job",{SAM}"#));
    host.send(r#""event":"signal","confidence":0.1"#);
    assert_eq!(undo(&mut host, "c1").outcome.name(), "taken");
    let mut host = refunded(&format!("{RULES}\n never kept on shop.void_refund"));
    host.send(r#""event":"signal","confidence":0.1"#);
    assert_eq!(undo(&mut host, "c1").outcome.name(), "refused");
}

#[test]
fn a_never_that_is_unknown_names_the_records_it_needs() {
    let mut host = refunded(&format!("{RULES}\n never kept on shop.drop_note when order.total > 100 USD"));
    host.call("c2", "add_note", r#"{"order_id":"A-1","text":"x"}"#);
    host.ok("c2", "null");
    let answer = undo(&mut host, "c2");
    assert_eq!(answer.outcome.name(), "refused");
    assert_eq!(undone(&answer)[0].needs[0].key.open, json("\"A-1\""));
    host.good_order("A-1", 90);
    assert_eq!(undo(&mut host, "c2").outcome.name(), "taken");
}

#[test]
fn a_whole_run_is_undone_backwards() {
    let mut host = refunded(RULES);
    host.call("c2", "add_note", r#"{"order_id":"A-1","text":"x"}"#);
    host.ok("c2", "null");
    host.call("c3", "erase", r#"{"customer":"c"}"#);
    host.ok("c3", "null");
    let answer = host.send(&format!(r#""event":"undo",{ZOE}"#));
    let told: Vec<(&str, bool)> = undone(&answer).iter().map(|call| (call.call.as_str(), call.allowed)).collect();
    assert_eq!(told, [("c3", false), ("c2", true), ("c1", true)]);
    assert_eq!(answer.person, "2 of 3 writes can be undone, in this order");
}

#[test]
fn a_failure_escalates() {
    let mut host = refunded(RULES);
    undo(&mut host, "c1");
    let answer = host.fails("undo/c1", "gone");
    assert_eq!(answer.escalated.as_ref().unwrap().by.rule, "undo_failed");
    // What was refused was not undone: people may try again.
    let answer = undo(&mut host, "c1");
    assert_eq!(undone(&answer)[0].id, "undo/c1/2");
}
