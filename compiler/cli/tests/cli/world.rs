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

/// What a person is shown of a run of these events; `at` is what `--at` says, if anything.
fn story(name: &str, at: Option<&str>, events: &[&str]) -> Ran {
    let here = folder(name);
    file(&here, "desk.agentpolicy", POLICY);
    file(&here, "records.json", MAPPING);
    file(&here, "tickets.json", r#"{ "t1": { "id": "t1", "status": "open", "left": 5 } }"#);
    let mut arguments = vec!["run", "desk.agentpolicy", "--job", "work", "--records", "."];
    arguments.extend(at.iter().flat_map(|at| ["--at", at]));
    agentc_in(&here, &arguments, events.join("\n").as_bytes())
}

#[test]
fn a_run_begins_with_its_first_event() {
    let close = call("c1", "close", r#"{"id":"t1","hours":2}"#, 1);
    let ran = story("world_begins", None, &["", &close]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.both());
    assert!(ran.out.starts_with("2026-05-04T10:00:01Z  the job `work` begins"), "{}", ran.out);
    assert!(ran.out.contains("2026-05-04T10:00:01Z  c1: the agent wants"), "{}", ran.out);
    // Nothing says when: it begins now, whenever that is.
    let ran = story("world_begins_now", None, &[r#"{"event":"tick"}"#]);
    assert!(ran.code == Some(0) && ran.err.is_empty() && !ran.out.contains("the event says"), "{}", ran.both());
    let ran = story("world_begins_empty", None, &[]);
    assert!(ran.code == Some(0) && ran.out.contains("the job `work` begins"), "{}", ran.both());
}

#[test]
fn an_event_from_before_the_run_is_told_with_the_time_that_counts() {
    let close = call("c1", "close", r#"{"id":"t1","hours":2}"#, 1);
    let ran = story("world_before", Some("2026-05-04T11:00:00Z"), &[&close, r#"{"event":"end"}"#]);
    assert_eq!(ran.code, Some(0), "{}", ran.both());
    let told = "2026-05-04T11:00:00Z (the event says 2026-05-04T10:00:01Z)  c1: the agent wants `close`";
    assert!(ran.out.contains(told), "{}", ran.out);
    let warned = "line 1: the run began at 2026-05-04T11:00:00Z, so that this event of 2026-05-04T10:00:01Z counts as sent later";
    assert!(ran.err.starts_with(warned), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 1, "it is said once: {}", ran.err);
}

#[test]
fn a_job_or_a_record_that_is_not_there_is_named() {
    let here = folder("world_names");
    file(&here, "desk.agentpolicy", POLICY);
    file(&here, "records.json", MAPPING.replace(r#""Ticket":"#, r#""Tickets":"#));
    file(&here, "tickets.json", "{}");
    let ran = agentc_in(&here, &["run", "desk.agentpolicy", "--job", "work", "--records", "."], b"");
    assert_eq!(ran.code, Some(2), "{}", ran.both());
    assert!(ran.err.contains("a record `Tickets` that the policy") && ran.err.contains("did you mean `Ticket`?"), "{}", ran.err);
    let ran = agentc_in(&here, &["run", "desk.agentpolicy", "--job", "works"], b"");
    assert_eq!(ran.code, Some(2), "{}", ran.both());
    assert!(ran.err.contains("no job `works`") && ran.err.contains("its jobs are: work"), "{}", ran.err);
}

#[test]
fn what_an_undeclared_verb_was_given_is_said_not_to_be_shown() {
    let ran = story("world_undeclared", None, &[&call("c1", "shred", r#"{"id":"t1"}"#, 1)]);
    let told = "c1: the agent wants `shred` with arguments that are not shown, because they fit no declared call";
    assert!(ran.out.contains(told), "{}", ran.out);
}
