//! Pauses and resumptions.

use crate::host::{Host, requests, said, shop};
use agentc_ledger::MemoryLedger;
use std::sync::Arc;

const RULES: &str = "allow write shop.add_note\n allow write shop.erase\n resume by role boss";
const NOTE: &str = r#"{"order_id":"A-1","text":"x"}"#;
const SAM: &str = r#""by":{"id":"sam","roles":["sre"]}"#;
const ZOE: &str = r#""by":{"id":"zoe","roles":["boss"]}"#;

#[test]
fn only_those_named_may_pause_and_resume() {
    let mut host = Host::new(&shop(RULES));
    let pause = |who: &str| format!(r#""event":"pause","scope":"job",{who}"#);
    let resume = |who: &str| format!(r#""event":"resume","scope":"job",{who}"#);
    assert_eq!(said(&host.send(&pause(ZOE))).0, "refused");
    assert_eq!(said(&host.send(&pause(r#""by":{"id":"mia","roles":[]}"#))).0, "refused");
    assert_eq!(said(&host.send(&pause(SAM))).0, "taken");
    let answer = host.call("c1", "add_note", NOTE);
    assert_eq!(said(&answer), ("paused", "paused"));
    assert_eq!(answer.retry.to_string(), "after resume");
    assert_eq!(answer.person, "the job `work` is paused by `sam` since 2026-05-04T10:00:00Z");
    assert_eq!(said(&host.send(&resume(SAM))).0, "refused");
    assert_eq!(said(&host.send(&resume(ZOE))).0, "taken");
    // The paused call has its answer: a new one is made under a new id.
    assert_eq!(said(&host.call("c1", "add_note", NOTE)), ("deny", "call_id"));
    assert_eq!(said(&host.call("c2", "add_note", NOTE)).0, "allow");
}

#[test]
fn who_may_pause_may_resume_where_nothing_else_is_said() {
    let mut host = Host::new(&shop("allow write shop.add_note"));
    host.send(&format!(r#""event":"pause","scope":"job",{SAM}"#));
    assert_eq!(said(&host.send(&format!(r#""event":"resume","scope":"job",{SAM}"#))).0, "taken");
}

#[test]
fn a_pause_of_a_verb_leaves_the_others() {
    let mut host = Host::new(&shop(RULES));
    assert_eq!(said(&host.send(&format!(r#""event":"pause","scope":"verb","verb":"nothing",{SAM}"#))).0, "refused");
    assert_eq!(said(&host.send(&format!(r#""event":"pause","scope":"verb","verb":"add_note",{SAM}"#))).0, "taken");
    assert_eq!(said(&host.call("c1", "add_note", NOTE)).0, "paused");
    assert_eq!(said(&host.call("c2", "erase", r#"{"customer":"c"}"#)).0, "allow");
}

#[test]
fn a_pause_of_the_policy_holds_in_all_runs_of_the_ledger() {
    let policy = shop(RULES);
    let ledger = Arc::new(MemoryLedger::new());
    let mut first = Host::sharing(&policy, &ledger, "r1");
    let mut second = Host::sharing(&policy, &ledger, "r2");
    first.send(&format!(r#""event":"pause","scope":"policy",{SAM}"#));
    assert_eq!(said(&second.call("c1", "add_note", NOTE)).0, "paused");
    // An undeclared verb is paused like any other: row 2 comes before row 3.
    assert_eq!(said(&second.call("c2", "nothing", "{}")).0, "paused");
    second.send(&format!(r#""event":"resume","scope":"policy",{ZOE}"#));
    assert_eq!(said(&first.call("c1", "add_note", NOTE)).0, "allow");
}

#[test]
fn an_approval_under_a_pause_waits_for_the_end_of_the_pause() {
    let mut host =
        Host::new(&shop("allow write shop.add_note\n gate all on shop.add_note { approvers role lead; because \"a\" }"));
    let answer = host.call("c1", "add_note", NOTE);
    let request = requests(&answer)[0].request.clone();
    host.send(&format!(r#""event":"pause","scope":"job",{SAM}"#));
    assert_eq!(said(&host.answers(&request, "ann", "\"lead\"", true)).0, "paused");
    host.send(&format!(r#""event":"resume","scope":"job",{SAM}"#));
    assert_eq!(said(&host.answers(&request, "ann", "\"lead\"", true)).0, "allow");
}
