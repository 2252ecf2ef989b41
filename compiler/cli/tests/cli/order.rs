//! Events in the wrong order: time that runs backwards, ids that are used again, results nobody waits for, pauses.

use crate::support::{outcomes, refunds, said};

const LOOK: &str = r#"{"event":"call","id":"c1","verb":"get_order","args":{"order_id":"A-1"},"at":"2026-05-04T10:00:05Z"}
{"event":"result","id":"c1","value":{"id":"A-1","total":40,"status":"delivered","placed_at":"2026-05-01T00:00:00Z","customer":"c-9","lines":[{"sku":"mug","quantity":2,"price":20}],"note":null},"at":"2026-05-04T10:00:06Z"}
"#;

fn after_a_look(events: &str) -> Vec<String> {
    let ran = refunds(format!("{LOOK}{events}").as_bytes());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    outcomes(&ran).split_off(2)
}

fn refund(id: &str, amount: u32, at: &str) -> String {
    format!(
        r#"{{"event":"call","id":"{id}","verb":"refund","args":{{"order_id":"A-1","amount":{amount},"reason":"r"}},"at":"2026-05-04T{at}Z"}}"#
    )
}

#[test]
fn an_id_is_used_once() {
    let events = [refund("c2", 40, "10:00:20"), refund("c2", 40, "10:00:21"), refund("c1", 40, "10:00:22")].join("\n");
    assert_eq!(after_a_look(&events), ["allow by allow_refund", "deny by call_id", "deny by call_id"]);
}

#[test]
fn time_does_not_run_backwards() {
    // The look is 15 minutes old at 10:15:06, and an event that claims an earlier time comes too late to make it younger.
    let late = r#"{"event":"tick","at":"2026-05-04T10:20:00Z"}"#;
    let events = format!("{late}\n{}", refund("c2", 40, "10:00:20"));
    assert_eq!(after_a_look(&events), ["taken", "deny by looked"]);
}

#[test]
fn a_result_counts_once_and_only_for_an_allowed_call() {
    let result = |id: &str, what: &str| format!(r#"{{"event":"result","id":"{id}",{what},"at":"2026-05-04T10:00:30Z"}}"#);
    let denied = refund("c3", 400, "10:00:25");
    let events = [
        refund("c2", 40, "10:00:20"),
        result("c2", r#""value":{"id":"R-1"}"#),
        result("c2", r#""refused":"declined""#),
        denied,
        result("c3", r#""value":{"id":"R-2"}"#),
    ]
    .join("\n");
    let got = after_a_look(&events);
    assert_eq!(got, ["allow by allow_refund", "taken", "refused", "deny by once", "refused"]);
}

#[test]
fn an_unclear_result_blocks_the_same_again_and_keeps_its_share() {
    let unclear = r#"{"event":"result","id":"c2","unclear":true,"at":"2026-05-04T10:00:21Z"}"#;
    let look = r#"{"event":"call","id":"c3","verb":"get_order","args":{"order_id":"A-1"},"at":"2026-05-04T10:00:22Z"}"#;
    let events =
        [&refund("c2", 10, "10:00:20"), unclear, look, &refund("c4", 10, "10:00:23")].map(ToString::to_string).join("\n");
    let got = after_a_look(&events);
    assert_eq!(got[..3], ["allow by allow_refund", "taken", "allow by allow_shop"]);
    assert!(got[3].starts_with("deny by "), "{got:?}");
}

#[test]
fn a_paused_job_answers_nothing_else_until_somebody_who_may_resumes_it() {
    let by = |event: &str, role: &str| {
        format!(r#"{{"event":"{event}","scope":"job","by":{{"id":"ann","roles":["{role}"]}},"at":"2026-05-04T10:00:10Z"}}"#)
    };
    let events = [
        by("pause", "guest"),
        by("pause", "sre"),
        refund("c2", 40, "10:00:20"),
        by("resume", "guest"),
        refund("c3", 40, "10:00:21"),
        by("resume", "support_lead"),
        refund("c4", 40, "10:00:22"),
    ]
    .join("\n");
    let got = after_a_look(&events);
    assert_eq!(got, ["refused", "taken", "paused by paused", "refused", "paused by paused", "taken", "allow by allow_refund"]);
}

#[test]
fn after_the_end_nothing_is_allowed() {
    let end = r#"{"event":"end","at":"2026-05-04T10:00:10Z"}"#;
    let got = after_a_look(&[end.to_owned(), refund("c2", 40, "10:00:20"), end.to_owned()].join("\n"));
    assert_eq!(got, ["not_done", "deny by closed", "refused"]);
}

#[test]
fn a_record_of_the_wrong_shape_never_allows() {
    // The host's own record is newer than the look, and unreadable: the order is malformed from then on.
    for value in [
        r#"{"id":"A-1"}"#,
        "5",
        "[]",
        r#"{"id":"A-2","total":40}"#,
        r#"{"id":"A-1","total":40,"status":"lost","placed_at":"2026-05-01T00:00:00Z","customer":"c-9","lines":[]}"#,
    ] {
        let record = format!(
            r#"{{"event":"record","source":"shop_records","record":"Order","key":"A-1","value":{value},"at":"2026-05-04T10:00:10Z"}}"#
        );
        let ran = refunds(format!("{LOOK}{record}\n{}", refund("c2", 40, "10:00:20")).as_bytes());
        let last = said(&ran).pop().expect("an answer");
        assert!(last.0 == "escalate" || last.0 == "deny", "{value}: {last:?}");
    }
}
