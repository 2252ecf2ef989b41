use super::super::recorded;
use super::*;
use crate::records::Records;
use agentc_runtime::answer::{Allow, Group, Retry, Sealed};
use agentc_runtime::event::Found;
use std::fs;
use std::path::PathBuf;

/// Decides by the verb's name: `look` needs an order first, `ask` needs the user's yes, `never` is denied. Keeps what it was sent.
#[derive(Default)]
struct Scripted {
    told: Vec<(String, Option<String>)>,
    results: Vec<String>,
    approved_by: Vec<String>,
    input: Option<Json>,
}

impl Scripted {
    fn outcome(&mut self, event: EventKind) -> Outcome {
        match event {
            EventKind::Open(open) => {
                self.input = Some(open.input);
                Outcome::Taken
            }
            EventKind::Call(call) => match call.verb.as_str() {
                "look" if self.told.is_empty() => Outcome::Need(vec![Need {
                    source: "shop".to_owned(),
                    record: "Order".to_owned(),
                    key: sealed(Json::text("A-1")),
                    verb: None,
                    args: sealed(Json::Null),
                    why: "never asked",
                }]),
                "ask" => Outcome::Approval(vec![request()]),
                "never" => Outcome::Deny,
                _ => allow(),
            },
            EventKind::Approval(approval) => {
                self.approved_by.push(approval.by.id);
                allow()
            }
            EventKind::Record(record) => {
                let status = match record.found {
                    Found::Value(value) => value.get("status").and_then(Json::as_text).map(str::to_owned),
                    Found::Absent | Found::Unavailable => None,
                };
                self.told.push((record.record, status));
                Outcome::Taken
            }
            EventKind::Result(result) => {
                self.results.push(result.id);
                Outcome::Shown(None)
            }
            _ => Outcome::Taken,
        }
    }
}

impl Decider for Scripted {
    fn send(&mut self, event: Event) -> Result<Answer, String> {
        Ok(Answer {
            event: event.kind.name(),
            run: "r".to_owned(),
            at: event.at,
            call: None,
            outcome: self.outcome(event.kind),
            by: None,
            fired: Vec::new(),
            shadow: Vec::new(),
            values: Vec::new(),
            model: String::new(),
            person: String::new(),
            retry: Retry::No,
            settled: Vec::new(),
            escalated: None,
        })
    }
}

fn sealed(open: Json) -> Sealed {
    Sealed { masked: open.clone(), open }
}

fn allow() -> Outcome {
    Outcome::Allow(Box::new(Allow {
        verb: String::new(),
        args: sealed(Json::Null),
        valid_until: None,
        compensation: None,
        reserve: Vec::new(),
        retain_until: None,
    }))
}

fn request() -> Request {
    Request {
        request: "q".to_owned(),
        gate: Fired {
            rule: "confirmed".to_owned(),
            effect: agentc_runtime::program::Effect::Ask,
            because: None,
            place: Some(("shop.agentpolicy".to_owned(), 7)),
        },
        run: "r".to_owned(),
        call: "c".to_owned(),
        requester: "a".to_owned(),
        verb: "ask".to_owned(),
        args: Json::Null,
        binds: String::new(),
        show: Vec::new(),
        values: Vec::new(),
        approvers: vec![
            Group { quorum: 1, who: Who::User("mia".to_owned()) },
            Group { quorum: 2, who: Who::Role("lead".to_owned()) },
        ],
        approved_by: Vec::new(),
        expires: None,
        difference: Vec::new(),
    }
}

/// A folder of one test, removed when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, runs: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("agentc-replay-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mapping = r#"{
            "records": { "Order": "orders.json" },
            "run": { "input": { "customer": "who" }, "user": { "id": "who" } },
            "after": { "never": [ { "set": "Order[args.order].status", "to": "result" } ] }
        }"#;
        fs::write(folder.join("records.json"), mapping).unwrap();
        fs::write(folder.join("orders.json"), r#"{ "A-1": { "status": "open" } }"#).unwrap();
        fs::write(folder.join("runs.jsonl"), runs.replace('\n', "")).unwrap();
        Self(folder)
    }

    fn replay(&self, decider: &mut Scripted) -> Result<Vec<Decided>, String> {
        let runs = recorded::read(&self.0.join("runs.jsonl")).map_err(|error| error.to_string())?;
        let reads = BTreeSet::from(["look".to_owned()]);
        let scene = Scene { job: "serve", reads: &reads, handovers: &BTreeSet::new(), group: Some("reward") };
        let records = Records::open(&self.0, None).unwrap();
        let mut clock = Clock::default();
        let mut decided = Vec::new();
        for run in &runs {
            decided.extend(replay(scene, run, records.clone(), decider, &mut clock)?);
        }
        Ok(decided)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

const RUN: &str = r#"{"run": "7", "who": "mia", "reward": 1, "events": [
    {"event": "call", "id": "c0", "at": "2024-05-15T15:00:00-05:00", "verb": "look", "args": {}},
    {"event": "result", "id": "c0", "at": "2024-05-15T15:00:01-05:00", "value": {}},
    {"event": "call", "id": "c1", "at": "2024-05-15T15:00:02-05:00", "verb": "ask", "args": {}},
    {"event": "result", "id": "c1", "at": "2024-05-15T15:00:03-05:00", "value": {}},
    {"event": "call", "id": "c2", "at": "2024-05-15T15:00:04-05:00", "verb": "never", "args": {"order": "A-1"}},
    {"event": "result", "id": "c2", "at": "2024-05-15T15:00:05-05:00", "value": "gone"},
    {"event": "call", "id": "c3", "at": "2024-05-15T15:00:06-05:00", "verb": "never", "args": {"order": "A-1"}},
    {"event": "result", "id": "c3", "at": "2024-05-15T15:00:07-05:00", "refused": "it is gone"}]}"#;

#[test]
fn needs_are_answered_and_people_say_yes_once_the_answer_is_counted() {
    let mut decider = Scripted::default();
    let decided = Folder::new("needs", RUN).replay(&mut decider).unwrap();
    let outcomes: Vec<_> = decided.iter().map(|call| (call.verb.as_str(), call.outcome.as_str(), call.write)).collect();
    assert_eq!(outcomes, [("look", "allow", false), ("ask", "approval", true), ("never", "deny", true), ("never", "deny", true)]);
    assert_eq!(decider.approved_by, ["mia", "lead-1", "lead-2"]);
    assert_eq!(decider.input, Some(Json::object([("customer", Json::text("mia"))])));
    let gate = decided.get(1).and_then(|call| call.rule.clone()).unwrap();
    assert_eq!((gate.name.as_str(), gate.place.map(|place| place.line)), ("confirmed", Some(7)));
    assert!(decided.iter().all(|call| call.group.as_deref() == Some("1")));
}

#[test]
fn what_the_policy_stopped_still_changes_the_world_but_is_no_result_of_the_run() {
    let mut decider = Scripted::default();
    let decided = Folder::new("world", RUN).replay(&mut decider).unwrap();
    assert_eq!(decider.results, ["c0", "c1"]);
    let told: Vec<_> = decider.told.iter().map(|(record, status)| (record.as_str(), status.as_deref())).collect();
    assert_eq!(told, [("Order", Some("open")), ("Order", Some("gone"))]);
    let refused: Vec<_> = decided.iter().filter(|call| call.refused_by_tool).map(|call| call.call.as_str()).collect();
    assert_eq!(refused, ["c3"]);
}

#[test]
fn a_result_without_its_call_is_no_recording() {
    let run = r#"{"events": [{"event": "result", "id": "c9", "at": "2024-05-15T15:00:01-05:00", "value": 1}]}"#;
    let error = Folder::new("result", run).replay(&mut Scripted::default()).unwrap_err();
    assert_eq!(error, "a result names the call `c9`, which was not made");
    let run = r#"{"events": [{"event": "call", "id": "c9", "at": "yesterday", "verb": "look", "args": {}}]}"#;
    let error = Folder::new("time", run).replay(&mut Scripted::default()).unwrap_err();
    assert_eq!(error, "`yesterday` is no time; write it like `2026-05-04T10:00:00Z`");
}
