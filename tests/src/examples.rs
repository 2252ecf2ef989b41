//! The examples' runs: the events that an example shows, sent as a host sends them, with the records that each decision needs.

use crate::both::Both;
use crate::corpus::{Sound, compiled, repository};
use agentc::records::Records;
use agentc_runtime::answer::{Answer, Outcome};
use agentc_runtime::event::{Event, EventKind, Record};
use agentc_runtime::json::Json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A run that an example shows.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// The example's folder, and its policy's name.
    pub name: &'static str,
    /// The job.
    pub job: &'static str,
    /// When the run begins.
    pub at: &'static str,
}

/// Every run that an example shows.
pub const RUNS: [Shown; 2] = [
    Shown { name: "refunds", job: "triage_refunds", at: "2026-05-04T10:00:00Z" },
    Shown { name: "leads", job: "answer_lead", at: "2026-05-04T15:00:00Z" },
];

impl Shown {
    /// The example's folder.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        repository().join("examples").join(self.name)
    }

    /// The example's policy.
    #[must_use]
    pub fn policy(&self) -> Sound {
        compiled(&self.folder().join(format!("{}.agentpolicy", self.name))).unwrap_or_else(|why| panic!("{why}"))
    }

    /// Tells the run to both evaluators. The answer to each event of the example, without those to the records that were needed on the way.
    pub fn tell(&self, both: &mut Both<'_>) -> Vec<Answer> {
        let (folder, name) = (self.folder(), self.name);
        let records = ["records", "records.json"].map(|place| folder.join(place));
        let records = records.iter().find(|place| place.exists()).expect("the example has records");
        let records = Records::open(records, None).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut calls: BTreeMap<String, Event> = BTreeMap::new();
        let lines = fs::read_to_string(folder.join("events.jsonl")).expect("the example has events");
        let events =
            lines.lines().map(|line| Event::read(line.as_bytes()).unwrap_or_else(|error| panic!("{name}: {line}: {error}")));
        let tell = |event: Event| {
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
            answer
        };
        std::iter::once(opening(&folder, self.job, self.at)).chain(events).map(tell).collect()
    }
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
