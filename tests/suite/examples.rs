//! The examples' runs: their events through both evaluators, and what each is answered against `expected.jsonl`.
//!
//! A line of `expected.jsonl` says of one answer what a reader of the example wants to know, and leaves out times, sentences and
//! places. `AGENTC_BLESS=1` writes the files anew; look at the difference before you keep it.

use agentc::records::Records;
use agentc_runtime::answer::{Answer, Outcome};
use agentc_runtime::event::{Event, EventKind, Record};
use agentc_runtime::json::Json;
use agentc_tests::both::Both;
use agentc_tests::corpus::{compiled, repository};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A run that an example shows: its folder, the job, and when it begins.
const RUNS: [(&str, &str, &str); 2] =
    [("refunds", "triage_refunds", "2026-05-04T10:00:00Z"), ("leads", "answer_lead", "2026-05-04T15:00:00Z")];

#[test]
fn the_runs_of_the_examples_are_answered_as_they_say() {
    for (name, job, at) in RUNS {
        let folder = repository().join("examples").join(name);
        let answered = answers(&folder, name, job, at);
        let expected = folder.join("expected.jsonl");
        if std::env::var_os("AGENTC_BLESS").is_some() {
            fs::write(&expected, &answered).expect("the example's folder can be written");
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        for (number, (said, wanted)) in (1..).zip(answered.lines().zip(expected.lines())) {
            assert_eq!(said, wanted, "{name}: answer {number}");
        }
        assert_eq!(answered.lines().count(), expected.lines().count(), "{name}: there are as many answers as lines");
    }
}

/// The answers of an example's run, a line each.
fn answers(folder: &Path, name: &str, job: &str, at: &str) -> String {
    let sound = compiled(&folder.join(format!("{name}.agentpolicy"))).unwrap_or_else(|why| panic!("{why}"));
    let policy = sound.policy();
    let records = ["records", "records.json"].map(|place| folder.join(place));
    let records = records.iter().find(|place| place.exists()).expect("the example has records");
    let records = Records::open(records, None).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut both = Both::new(&policy, &sound.typed);
    let mut calls: BTreeMap<String, Event> = BTreeMap::new();
    let mut text = String::new();
    let lines = fs::read_to_string(folder.join("events.jsonl")).expect("the example has events");
    let events = lines.lines().map(|line| Event::read(line.as_bytes()).unwrap_or_else(|error| panic!("{name}: {line}: {error}")));
    for event in std::iter::once(opening(folder, job, at)).chain(events) {
        if let EventKind::Call(call) = &event.kind {
            calls.insert(call.id.clone(), event.clone());
        }
        let mut answer = both.send(&event);
        // As a host does: fetch what is needed, then ask again. The run's time is that of the event that met the need.
        while let Outcome::Need(needs) = answer.outcome.clone() {
            for need in &needs {
                let found = records.get(&need.record, &need.key.open);
                let (source, record, key) = (need.source.clone(), need.record.clone(), need.key.open.clone());
                let kind = EventKind::Record(Record { source, record, key, found, read_at: event.at });
                both.send(&Event { at: event.at, kind });
            }
            let call = answer.call.as_ref().and_then(|id| calls.get(id)).expect("a need belongs to a call");
            answer = both.send(&Event { at: event.at, kind: call.kind.clone() });
        }
        text.push_str(&format!("{}\n", told(&answer)));
    }
    both.agree(name);
    text
}

/// The event that opens the run, from the files that a person gives to `agentc run`.
fn opening(folder: &Path, job: &str, at: &str) -> Event {
    let file = |name: &str| {
        let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|_| "{}".to_owned());
        Json::read(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let texts = [("event", "open"), ("run", "run"), ("job", job), ("at", at)].map(|(name, value)| (name, Json::text(value)));
    let agent = Json::object([("id", Json::text("agent")), ("roles", Json::List(Vec::new()))]);
    let rest = [("agent", agent), ("input", file("input.json")), ("environment", file("environment.json"))];
    Event::from_json(Json::object(texts.into_iter().chain(rest))).expect("it is an event")
}

/// What a reader wants to know of an answer.
fn told(answer: &Answer) -> Json {
    let json = answer.to_json();
    let rule = |of: &Json| of.get("rule").cloned();
    let mut members = Vec::new();
    let mut tell = |name: &'static str, value: Option<Json>| members.extend(value.map(|value| (name, value)));
    tell("answer", json.get("answer").cloned());
    tell("call", json.get("call").cloned());
    tell("outcome", json.get("outcome").cloned());
    tell("by", json.get("by").and_then(rule));
    let requests = json.get("approvals").and_then(Json::as_list).unwrap_or_default();
    let gates: Vec<Json> = requests.iter().filter_map(|request| request.get("gate").and_then(rule)).collect();
    tell("gates", (!gates.is_empty()).then_some(Json::List(gates)));
    tell("shows", json.get("shows").cloned());
    tell("escalated", json.get("escalated").and_then(|handoff| handoff.get("by")).and_then(rule));
    tell("retry", json.get("retry").filter(|retry| retry.as_text() != Some("no")).cloned());
    Json::object(members)
}
