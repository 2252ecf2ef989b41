//! Approvals by the wrong people, twice, too late, and of what has changed.

use crate::support::{outcomes, refunds, said};

const ASKED: &str = r#"{"event":"call","id":"c1","verb":"get_order","args":{"order_id":"A-2"},"at":"2026-05-04T10:00:05Z"}
{"event":"result","id":"c1","value":{"id":"A-2","total":90,"status":"delivered","placed_at":"2026-05-02T00:00:00Z","customer":"c-9","lines":[],"note":null},"at":"2026-05-04T10:00:06Z"}
{"event":"call","id":"c2","verb":"refund","args":{"order_id":"A-2","amount":90,"reason":"wrong lamp"},"at":"2026-05-04T10:00:10Z"}
"#;

fn vote(who: &str, roles: &str, approve: bool, at: &str) -> String {
    format!(
        r#"{{"event":"approval","request":"run/c2/large_refund/1","by":{{"id":"{who}","roles":[{roles}]}},"approve":{approve},"at":"2026-05-04T{at}Z"}}"#
    )
}

fn then(events: &[String]) -> Vec<String> {
    let ran = refunds(format!("{ASKED}{}", events.join("\n")).as_bytes());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let mut got = outcomes(&ran);
    assert_eq!(got[..3], ["allow by allow_shop", "taken", "approval by large_refund"]);
    got.split_off(3)
}

const LEAD: &str = r#""support_lead""#;

#[test]
fn only_those_who_may_approve_do() {
    let wrong = [("ann", ""), ("ann", r#""sre""#), ("ann", r#""Support_Lead""#), ("agent", LEAD)];
    for (who, roles) in wrong {
        assert_eq!(then(&[vote(who, roles, true, "10:01:00")]), ["refused"], "{who} {roles}");
    }
    assert_eq!(then(&[vote("ann", LEAD, true, "10:01:00")]), ["allow by allow_refund"]);
}

#[test]
fn an_approval_counts_once() {
    let twice = then(&[vote("ann", LEAD, true, "10:01:00"), vote("bob", LEAD, true, "10:01:01")]);
    assert_eq!(twice, ["allow by allow_refund", "refused"]);
}

#[test]
fn one_refusal_is_enough_and_lasts() {
    let again =
        ASKED.lines().last().map(|line| line.replace("\"c2\"", "\"c3\"").replace("10:00:10", "10:02:00")).unwrap_or_default();
    let got = then(&[vote("ann", LEAD, false, "10:01:00"), vote("bob", LEAD, true, "10:01:01"), again]);
    assert_eq!(got, ["deny by large_refund", "refused", "deny by large_refund"]);
}

#[test]
fn an_approval_after_the_time_is_over_comes_too_late() {
    let got = then(&[vote("ann", LEAD, true, "14:00:10")]);
    assert_eq!(got, ["refused"], "the request expires at exactly four hours, and the run escalates");
    let got = then(&[r#"{"event":"tick","at":"2026-05-04T14:00:10Z"}"#.to_owned(), vote("ann", LEAD, true, "14:00:11")]);
    assert_eq!(got, ["taken", "refused"]);
}

#[test]
fn what_has_changed_is_asked_again() {
    let record = r#"{"event":"record","source":"shop_records","record":"Order","key":"A-2","value":{"id":"A-2","total":95,"status":"delivered","placed_at":"2026-05-02T00:00:00Z","customer":"c-9","lines":[],"note":null},"at":"2026-05-04T10:00:30Z"}"#;
    let invoice = r#"{"event":"record","source":"ledger","record":"Invoice","key":"A-2","value":{"order":"A-2","amounts":{"total":9500}},"at":"2026-05-04T10:00:31Z"}"#;
    let ran = refunds(format!("{ASKED}{record}\n{invoice}\n{}", vote("ann", LEAD, true, "10:01:00")).as_bytes());
    let got = said(&ran).pop().expect("an answer");
    assert_eq!((got.0.as_str(), got.1.as_str()), ("approval", "large_refund"), "{}", got.2);
}
