//! Gates, requests and the people who answer them.

use crate::host::{Host, json, requests, said, shop};
use agentc_runtime::answer::{Expired, Outcome};

const CALL: &str = r#"{"order_id":"A-1","amount":60,"reason":"broken"}"#;
const LEAD: &str = "\"lead\"";

fn gated(gate: &str) -> Host {
    let rules = format!(
        "allow write shop.refund when order.customer == input.customer and amount <= order.total
  gate large on shop.refund when amount > 50 USD {{ {gate}
    show order, arguments
    because \"Large refunds are a commitment.\" }}"
    );
    let mut host = Host::new(&shop(&rules));
    host.good_order("A-1", 90);
    host
}

fn ask(host: &mut Host, id: &str) -> String {
    let answer = host.call(id, "refund", CALL);
    assert_eq!(said(&answer), ("approval", "large"));
    assert_eq!(answer.retry.to_string(), "after approval");
    requests(&answer)[0].request.clone()
}

#[test]
fn a_request_binds_the_call_and_shows_what_the_author_wants_seen() {
    let mut host = gated("approvers role lead; expires 4h");
    let answer = host.call("c1", "refund", CALL);
    let request = &requests(&answer)[0];
    assert_eq!((request.run.as_str(), request.call.as_str(), request.requester.as_str()), ("r1", "c1", "bot"));
    assert_eq!(request.args, json(r#"{"amount":60,"order_id":"A-1","reason":"broken"}"#));
    assert_eq!(request.expires.unwrap().to_string(), "2026-05-04T14:00:00Z");
    assert_eq!(request.binds.len(), 64);
    let labels: Vec<&str> = request.show.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["order", "arguments"]);
    assert!(!answer.model.contains("50"), "{}", answer.model);
    assert!(answer.person.contains("Large refunds are a commitment"), "{}", answer.person);
    // The same call again is a reuse of its id while it waits.
    assert_eq!(said(&host.call("c1", "refund", CALL)), ("deny", "call_id"));
}

#[test]
fn an_approval_is_used_once() {
    let mut host = gated("approvers role lead");
    let request = ask(&mut host, "c1");
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "allow");
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "refused");
    host.ok("c1", r#"{"id":"R-1"}"#);
    host.good_order("A-1", 90);
    let again = ask(&mut host, "c2");
    assert_ne!(again, request);
}

#[test]
fn the_agent_the_requester_and_strangers_may_not_approve() {
    let mut host = gated("approvers role lead");
    let request = ask(&mut host, "c1");
    for (who, roles) in [("bot", LEAD), ("mia", LEAD), ("eve", ""), ("eve", "\"sre\"")] {
        let answer = host.answers(&request, who, roles, true);
        assert_eq!(said(&answer).0, "refused", "{who} {roles}");
        assert_eq!(said(&host.answers(&request, who, roles, false)).0, "refused", "{who} {roles}");
    }
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "allow");
    // The person served is not excluded where the gate says so; the agent always is.
    let mut host = gated("approvers role lead; may be requester");
    let request = ask(&mut host, "c1");
    assert_eq!(said(&host.answers(&request, "bot", LEAD, true)).0, "refused");
    assert_eq!(said(&host.answers(&request, "mia", LEAD, true)).0, "allow");
}

#[test]
fn the_person_served_confirms() {
    let mut host = gated("approvers user");
    let request = ask(&mut host, "c1");
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "refused");
    assert_eq!(said(&host.answers(&request, "mia", "", true)).0, "allow");
}

#[test]
fn an_identity_is_named_by_an_expression() {
    let mut host = gated("approvers identity order.customer");
    let request = ask(&mut host, "c1");
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "refused");
    assert_eq!(said(&host.answers(&request, "c-9", "", true)).0, "allow");
}

#[test]
fn a_quorum_takes_distinct_people_and_several_groups_each_their_own() {
    let mut host = gated("approvers 2 of role lead");
    let request = ask(&mut host, "c1");
    let answer = host.answers(&request, "ann", LEAD, true);
    assert_eq!(said(&answer), ("approval", "large"));
    assert_eq!(requests(&answer)[0].approved_by, ["ann"]);
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "approval");
    assert_eq!(said(&host.answers(&request, "bob", LEAD, true)).0, "allow");

    let mut host = gated("approvers 1 of role lead and 1 of role sre");
    let request = ask(&mut host, "c1");
    let both = "\"lead\",\"sre\"";
    assert_eq!(said(&host.answers(&request, "ann", both, true)).0, "approval");
    assert_eq!(said(&host.answers(&request, "bob", LEAD, true)).0, "allow");
}

#[test]
fn one_refusal_denies_the_same_gate_and_call_for_the_run() {
    let mut host = gated("approvers 2 of role lead");
    let request = ask(&mut host, "c1");
    host.answers(&request, "ann", LEAD, true);
    let answer = host.answers(&request, "bob", LEAD, false);
    assert_eq!(said(&answer), ("deny", "large"));
    assert_eq!(said(&host.call("c2", "refund", CALL)), ("deny", "large"));
    // Another amount is another call.
    assert_eq!(said(&host.call("c3", "refund", r#"{"order_id":"A-1","amount":61}"#)).0, "approval");
}

#[test]
fn a_changed_value_is_asked_about_again_with_the_difference() {
    let mut host = gated("approvers role lead");
    let request = ask(&mut host, "c1");
    host.after(1).good_order("A-1", 95);
    let answer = host.answers(&request, "ann", LEAD, true);
    let again = &requests(&answer)[0];
    assert_ne!(again.request, request);
    let usd = |amount: u32| json(&format!(r#"{{"amount":{amount},"currency":"USD"}}"#));
    let changed = again.difference.iter().find(|(label, _, _)| label == "order").unwrap();
    assert_eq!((changed.1.get("total"), changed.2.get("total")), (Some(&usd(90)), Some(&usd(95))));
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "refused");
    assert_eq!(said(&host.answers(&again.request, "ann", LEAD, true)).0, "allow");
}

#[test]
fn an_approval_that_meets_a_need_waits_for_the_records() {
    let mut host = gated("approvers role lead");
    let request = ask(&mut host, "c1");
    host.after(15 * 60);
    let answer = host.answers(&request, "ann", LEAD, true);
    assert_eq!(answer.outcome.name(), "need");
    host.good_order("A-1", 90);
    assert_eq!(said(&host.call("c1", "refund", CALL)).0, "allow");
}

#[test]
fn a_call_that_no_longer_passes_is_denied_however_it_was_approved() {
    let mut host = gated("approvers role lead");
    let request = ask(&mut host, "c1");
    host.after(1).order("A-1", r#"{"id":"A-1","total":90,"status":"delivered","customer":"c-1"}"#);
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)), ("deny", "no_allow"));
}

#[test]
fn a_request_expires_at_its_time_and_denies() {
    let mut host = gated("approvers role lead; expires 10m else deny");
    let request = ask(&mut host, "c1");
    assert!(host.after(599).tick().settled.is_empty());
    let answer = host.after(1).tick();
    assert_eq!((answer.settled[0].gate.as_str(), &answer.settled[0].then), ("large", &Expired::Denied));
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "refused");
    assert_eq!(said(&host.call("c2", "refund", CALL)), ("deny", "large"));
}

#[test]
fn a_request_escalates_where_the_gate_says_so() {
    let mut host = gated("approvers role lead; expires 10m else escalate");
    ask(&mut host, "c1");
    let answer = host.after(600).call("c2", "refund", CALL);
    assert_eq!(answer.settled[0].then, Expired::Escalated);
    assert_eq!(answer.escalated.as_ref().unwrap().by.rule, "large");
    assert_eq!(said(&answer), ("deny", "closed"));
}

#[test]
fn then_others_are_asked() {
    let mut host = gated("approvers role lead; expires 10m then role boss 20m else deny");
    let request = ask(&mut host, "c1");
    let answer = host.after(600).tick();
    let Expired::NextStage(next) = &answer.settled[0].then else { panic!("{:?}", answer.settled) };
    assert_eq!((next.request.as_str(), next.expires.unwrap().to_string().as_str()), (request.as_str(), "2026-05-04T10:30:00Z"));
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "refused");
    host.after(1).good_order("A-1", 90);
    let answer = host.answers(&request, "zoe", "\"boss\"", true);
    assert_eq!(said(&answer).0, "allow", "{}", answer.person);
}

#[test]
fn all_gates_are_asked_at_once() {
    let mut host = Host::new(&shop(
        "allow write shop.refund
  gate first on shop.refund { approvers role lead; because \"a\" }
  gate second on shop.refund when amount > 50 USD { approvers role sre; because \"b\" }",
    ));
    let answer = host.call("c1", "refund", CALL);
    let asked = requests(&answer).to_vec();
    assert_eq!(asked.iter().map(|request| request.gate.rule.as_str()).collect::<Vec<_>>(), ["first", "second"]);
    let answer = host.answers(&asked[0].request, "ann", LEAD, true);
    assert_eq!(requests(&answer).iter().map(|request| request.request.clone()).collect::<Vec<_>>(), [asked[1].request.clone()]);
    assert_eq!(said(&host.answers(&asked[1].request, "sam", "\"sre\"", true)).0, "allow");
}

#[test]
fn another_host_cannot_use_an_approval_again() {
    let mut host = gated("approvers role lead");
    let request = ask(&mut host, "c1");
    // A second host that holds the run as it was before the allow.
    let before = host.run.clone();
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "allow");
    host.run = before;
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "refused");
}

#[test]
fn an_escalation_voids_requests() {
    let mut host = gated("approvers role lead");
    let request = ask(&mut host, "c1");
    host.run = {
        let mut host = Host::sharing(&host.policy, &host.ledger, "r2");
        host.good_order("A-1", 90);
        std::mem::replace(&mut host.run, Host::new(&host.policy).run)
    };
    assert_eq!(said(&host.answers(&request, "ann", LEAD, true)).0, "refused");
    let mut host = gated("approvers role lead\n");
    let request = ask(&mut host, "c1");
    let answer = host.end();
    let Outcome::Verdict(verdict) = &answer.outcome else { panic!("{answer:?}") };
    assert_eq!(verdict.void, [request]);
}
