//! `agentc run --records`: later calls are decided in the world that the writes before them left.

use crate::support::{Ran, agentc_in, file, folder, outcomes};

const POLICY: &str = r#"policy desk.tickets { version "1" }

source files "Ticket desk" {
  record Ticket by id { id: Text, status: Text, left: Int }
  fetch Ticket with desk.get_ticket(id: id)
  fresh for 15m
}

tool desk on host "desk" {
  read get_ticket(id: Text) -> Ticket
  write close(id: Key<Ticket>, hours: Int) { changes Ticket[id]; undo reopen(id: id) }
  write reopen(id: Key<Ticket>) { changes Ticket[id]; compensates close }
}

job work {
  purpose "Closes open tickets."
  allow still_open on write desk.close when Ticket[id].status == "open" and hours <= Ticket[id].left
  allow write desk.reopen
}
"#;

const MAPPING: &str = r#"{
  "records": { "Ticket": "tickets.json" },
  "after": {
    "close":  [ { "set": "Ticket[args.id].status", "to": "result.status" }, { "subtract": "args.hours", "from": "Ticket[args.id].left" } ],
    "reopen": [ { "set": "Ticket[args.id].status", "to": "result.status" } ]
  }
}"#;

fn run(name: &str, events: &[&str]) -> Ran {
    let here = folder(name);
    file(&here, "desk.agentpolicy", POLICY);
    file(&here, "records.json", MAPPING);
    file(&here, "tickets.json", r#"{ "t1": { "id": "t1", "status": "open", "left": 5 } }"#);
    let arguments = "run desk.agentpolicy --job work --records . --at 2026-05-04T10:00:00Z --format jsonl";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let ran = agentc_in(&here, &arguments, events.join("\n").as_bytes());
    println!("{}", ran.both());
    ran
}

fn call(id: &str, verb: &str, args: &str, second: u32) -> String {
    format!(r#"{{"event":"call","id":"{id}","verb":"{verb}","args":{args},"at":"2026-05-04T10:00:{second:02}Z"}}"#)
}

fn result(id: &str, value: &str, second: u32) -> String {
    format!(r#"{{"event":"result","id":"{id}",{value},"at":"2026-05-04T10:00:{second:02}Z"}}"#)
}

#[test]
fn a_write_changes_the_records_once_its_result_is_known() {
    let ran = run(
        "world_changes",
        &[
            &call("c1", "close", r#"{"id":"t1","hours":2}"#, 1),
            &result("c1", r#""value":{"status":"closed"}"#, 2),
            &call("c2", "close", r#"{"id":"t1","hours":2}"#, 3),
            &call("c3", "reopen", r#"{"id":"t1"}"#, 4),
            &result("c3", r#""value":{"status":"open"}"#, 5),
            &call("c4", "close", r#"{"id":"t1","hours":4}"#, 6),
            &call("c5", "close", r#"{"id":"t1","hours":3}"#, 7),
        ],
    );
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let got = outcomes(&ran).split_off(1);
    let expected = [
        "allow by still_open",
        "taken",
        "deny by no_allow",
        "allow by allow_reopen",
        "taken",
        "deny by no_allow",
        "allow by still_open",
    ];
    assert_eq!(got, expected);
}

#[test]
fn a_refused_or_unclear_write_and_one_that_was_not_allowed_change_nothing() {
    for end in [r#""refused":"locked""#, r#""unclear":true"#] {
        let ran = run(
            "world_stays",
            &[
                &call("c1", "close", r#"{"id":"t1","hours":9}"#, 1),
                &result("c1", r#""value":{"status":"closed"}"#, 2),
                &call("c2", "reopen", r#"{"id":"t1"}"#, 3),
                &result("c2", end, 4),
                &call("c3", "close", r#"{"id":"t1","hours":5}"#, 5),
            ],
        );
        let got = outcomes(&ran).split_off(1);
        let blocked = if end.contains("unclear") { "deny by unclear" } else { "allow by still_open" };
        assert_eq!(got, ["deny by no_allow", "refused", "allow by allow_reopen", "taken", blocked], "{end}");
    }
}

#[test]
fn a_result_that_lacks_what_the_mapping_asks_for_is_said() {
    let ran = run(
        "world_lacks",
        &[&call("c1", "close", r#"{"id":"t1","hours":2}"#, 1), &result("c1", r#""value":{"state":"closed"}"#, 2)],
    );
    assert_eq!(outcomes(&ran).split_off(1), ["allow by still_open", "taken"]);
    assert!(ran.err.starts_with("line 2: the records do not show what `c1` changed: "), "{}", ran.err);
    assert!(ran.err.contains("result.status"), "{}", ran.err);
}
