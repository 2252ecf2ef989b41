//! Events that are none, and calls that do not fit.

use crate::support::{Ran, refunds, said};
use std::time::Instant;

/// One line that is no event: what standard error says about it. Nothing is answered, and the exit code says so.
fn no_event(line: &[u8]) -> String {
    let ran = refunds(line);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{}", ran.err);
    ran.err.lines().next().unwrap_or_default().to_owned()
}

/// One event: the outcome, the rule and the sentence for a person.
fn answer(event: &str) -> (String, String, String) {
    let ran = refunds(event.as_bytes());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{event}");
    let [one] = said(&ran).try_into().expect("one answer");
    one
}

fn call(arguments: &str) -> String {
    format!(r#"{{"event":"call","id":"c","verb":"refund","args":{arguments},"at":"2026-05-04T10:00:05Z"}}"#)
}

#[test]
fn lines_that_are_no_events_are_reported_and_decide_nothing() {
    let cases: [(&[u8], &str); 17] = [
        (b"not json", "line 1: expected a value at byte 0; nothing was decided"),
        (
            b"{\"event\":\"call\"",
            "line 1: the text ends where `,` or `}` after the member was expected at byte 15; nothing was decided",
        ),
        (b"[]", "line 1: an event cannot be read: `event` must stand in an object, not in a list; nothing was decided"),
        (b"null", "line 1: an event cannot be read: `event` must stand in an object, not in null; nothing was decided"),
        (b"{}", "line 1: an event cannot be read: `event` is missing; nothing was decided"),
        (b"{\"event\":\"cal\"}", "line 1: an event cannot be read: `event` is `cal`, which is no event; nothing was decided"),
        (
            b"{\"event\":\"tick\",\"at\":\"soon\"}",
            "line 1: an event cannot be read: `at` is `soon`, which is no RFC 3339 time such as `2026-05-04T10:00:00Z`; nothing was decided",
        ),
        (
            b"{\"event\":\"tick\",\"hurry\":1}",
            "line 1: an event cannot be read: `hurry` is no member of the event `tick`; nothing was decided",
        ),
        (
            b"{\"event\":\"tick\",\"event\":\"end\"}",
            "line 1: the member `event` stands twice in one object, the second time at byte 16; nothing was decided",
        ),
        (
            b"{\"event\":\"call\",\"id\":\"c\",\"verb\":\"refund\",\"args\":[]}",
            "line 1: an event cannot be read: `args` must be an object, not a list; nothing was decided",
        ),
        (
            b"{\"event\":\"call\",\"id\":\"\",\"verb\":\"refund\",\"args\":{}}",
            "line 1: an event cannot be read: `id` must have 1 to 256 bytes; nothing was decided",
        ),
        (
            b"{\"event\":\"call\",\"id\":\"c\",\"verb\":\"refund\",\"args\":{\"amount\":NaN}}",
            "line 1: expected a value after `:` at byte 58; nothing was decided",
        ),
        (b"{\"event\":\"tick\"}\0", "line 1: something stands after the value at byte 16; nothing was decided"),
        (b"{\"event\":\"ti\xffck\"}", "line 1: it is no UTF-8 at byte 12; nothing was decided"),
        (b"{\"event\":\"tick\\ud800\"}", "line 1: half of a surrogate pair stands in a string at byte 14; nothing was decided"),
        (b"{\"event\":\"usage\",\"cost\":-1}", "line 1: an event cannot be read: `cost` is negative; nothing was decided"),
        (
            b"{\"event\":\"usage\",\"cost\":1e400}",
            "line 1: an event cannot be read: `cost` cannot be read: a number is too large or has too many digits; nothing was decided",
        ),
    ];
    for (line, said) in cases {
        assert_eq!(no_event(line), said);
    }
}

#[test]
fn calls_that_do_not_fit_are_denied_with_what_is_wrong() {
    let cases = [
        (
            call("{}"),
            "arguments",
            "the arguments of `refund` do not fit: `order_id` is missing; `amount` is missing; `reason` is missing",
        ),
        (call(r#"{"order_id":"A-1","amount":40}"#), "arguments", "the arguments of `refund` do not fit: `reason` is missing"),
        (
            call(r#"{"order_id":"A-1","amount":40,"reason":"r","to":"me"}"#),
            "arguments",
            "the arguments of `refund` do not fit: `to` is not expected here; expected `order_id`, `amount`, `reason`",
        ),
        (
            call(r#"{"order_id":"A-1","amount":"much","reason":"r"}"#),
            "arguments",
            "the arguments of `refund` do not fit: `amount` must be an amount of USD, not the text `much`",
        ),
        (
            call(r#"{"order_id":"A-1","amount":1e400,"reason":"r"}"#),
            "arguments",
            "the arguments of `refund` do not fit: `amount` must be an amount of USD, not `1e400`",
        ),
        (
            call(r#"{"order_id":"A-1","amount":99999999999999999999999999999999999999999,"reason":"r"}"#),
            "arguments",
            "the arguments of `refund` do not fit: `amount` must be an amount of USD, not `99999999999999999999999999999999999999999`",
        ),
        (
            call(r#"{"order_id":"A-1","amount":{"amount":40,"currency":"EUR"},"reason":"r"}"#),
            "arguments",
            "the arguments of `refund` do not fit: `amount` must be an amount of USD, not of `EUR`",
        ),
        (
            call(r#"{"order_id":"A-1","amount":40,"amount":1,"reason":"r"}"#),
            "arguments",
            "the arguments of `refund` do not fit: `amount` stands there more than once",
        ),
        (
            call(r#"{"order_id":7,"amount":40,"reason":"r"}"#),
            "arguments",
            "the arguments of `refund` do not fit: `order_id` must be a text, not `7`",
        ),
        (
            call(r#"{"order_id":null,"amount":40,"reason":"r"}"#),
            "arguments",
            "the arguments of `refund` do not fit: `order_id` is missing",
        ),
        (
            r#"{"event":"call","id":"c","verb":"refnd","args":{},"at":"2026-05-04T10:00:05Z"}"#.to_owned(),
            "undeclared_verb",
            "there is no verb `refnd`",
        ),
    ];
    let answered: Vec<_> = cases.iter().map(|(event, ..)| answer(event)).collect();
    let wanted = cases.iter().map(|(_, rule, person)| ("deny".to_owned(), (*rule).to_owned(), (*person).to_owned()));
    assert_eq!(answered, wanted.collect::<Vec<_>>());
}

#[test]
fn a_member_that_stands_twice_is_no_event() {
    let twice = r#"{"event":"call","id":"c","id":"d","verb":"refund","args":{},"at":"2026-05-04T10:00:05Z"}"#;
    let said = no_event(twice.as_bytes());
    assert_eq!(said, "line 1: the member `id` stands twice in one object, the second time at byte 25; nothing was decided");
}

#[test]
fn events_that_speak_of_nothing_are_refused() {
    let cases = [
        (r#"{"event":"result","id":"zz","value":1,"at":"2026-05-04T10:00:01Z"}"#, "there is no call `zz`"),
        (
            r#"{"event":"approval","request":"zz","by":{"id":"x","roles":["support_lead"]},"approve":true,"at":"2026-05-04T10:00:01Z"}"#,
            "there is no open request `zz`",
        ),
        (
            r#"{"event":"undo","call":"zz","by":{"id":"x","roles":["support_lead"]},"at":"2026-05-04T10:00:01Z"}"#,
            "there is no call `zz`",
        ),
        (
            r#"{"event":"record","source":"x","record":"Y","key":7,"absent":true,"at":"2026-05-04T10:00:01Z"}"#,
            "the policy declares no record `Y` of a source `x`",
        ),
        (
            r#"{"event":"record","source":"shop_records","record":"Order","key":7,"absent":true,"at":"2026-05-04T10:00:01Z"}"#,
            "the key of `Order` does not fit: the value must be a text, not `7`",
        ),
        (r#"{"event":"signal","signals":{"mood":"good"},"at":"2026-05-04T10:00:01Z"}"#, "the job declares no signal `mood`"),
        (
            r#"{"event":"pause","scope":"job","by":{"id":"x","roles":["guest"]},"at":"2026-05-04T10:00:01Z"}"#,
            "`x` may not pause this job",
        ),
        (
            r#"{"event":"open","run":"r","job":"triage_refunds","input":{},"agent":{"id":"x","roles":[]},"at":"2026-05-04T10:00:01Z"}"#,
            "this run is open already",
        ),
    ];
    for (event, person) in cases {
        assert_eq!(answer(event), ("refused".to_owned(), String::new(), person.to_owned()), "{event}");
    }
}

#[test]
fn large_and_deep_lines_are_answered_soon() {
    let deep = call(&format!(r#"{{"order_id":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000)));
    let long = call(&format!(r#"{{"order_id":"{}","amount":1,"reason":"r"}}"#, "x".repeat(10_000_000)));
    let begin = Instant::now();
    assert_eq!(no_event(deep.as_bytes()), "line 1: nested more than 96 levels deep at byte 154; nothing was decided");
    let large = "the arguments of `refund` are larger than 1048576 bytes";
    assert_eq!(answer(&long), ("deny".to_owned(), "arguments".to_owned(), large.to_owned()));
    assert_eq!(no_event("x".repeat(10_000_000).as_bytes()), "line 1: expected a value at byte 0; nothing was decided");
    // An unoptimised build on a busy machine takes seconds; what must not happen is minutes.
    assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
}

#[test]
fn blank_lines_and_other_line_ends_are_no_events_and_no_mistakes() {
    let tick = r#"{"event":"tick","at":"2026-05-04T10:00:01Z"}"#;
    let Ran { code, out, err } = refunds(format!("\n\r\n  \n{tick}\r\n{tick}").as_bytes());
    assert_eq!((code, out.lines().count(), err.as_str()), (Some(0), 2, ""));
    let Ran { code, out, err } = refunds(b"");
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "", ""));
}

#[test]
fn a_name_cannot_write_lines_of_its_own_into_the_story() {
    let forged = r#"{"event":"call","id":"c\n2026-05-04T10:00:00Z  x","verb":"refund\u001b[2J\r\u202e","args":{},"at":"2026-05-04T10:00:05Z"}"#;
    let ran = crate::support::run_refunds(&["--format", "human"], forged.as_bytes());
    // Two formats cannot be given at once; the story is asked for alone.
    assert_eq!(ran.code, Some(2));
    let arguments =
        ["run", "refunds.agentpolicy", "--job", "triage_refunds", "--input", "input.json", "--at", "2026-05-04T10:00:00Z"];
    let ran = crate::support::agentc_in(&crate::support::repository().join("examples/refunds"), &arguments, forged.as_bytes());
    let told: Vec<&str> = ran.out.lines().skip(2).collect();
    assert_eq!(
        told,
        [
            "2026-05-04T10:00:05Z  c\u{fffd}2026-05-04T10:00:00Z  x: the agent wants `refund\u{fffd}[2J\u{fffd}\u{fffd}` with arguments \
             that are not shown, because they fit no declared call",
            "    → deny by undeclared_verb",
            "        there is no verb `refund\u{fffd}[2J\u{fffd}\u{fffd}`",
        ]
    );
}
