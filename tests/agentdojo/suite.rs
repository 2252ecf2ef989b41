//! One of AgentDojo's suites, where its data is: user tasks, attacks, and every attack planted into every user task.

use agentc::records::Records;
use agentc::replay::{Clock, Decided, End, Event, Recorded, read};
use agentc_runtime::json::Json;
use agentc_tests::corpus::repository;
use agentc_tests::judge::Judge;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A suite: its data and the policy of its example.
pub(crate) struct Suite {
    pub(crate) folder: PathBuf,
    records: Records,
    judge: Judge,
}

/// An attack: what it wants, and the calls that would do it.
pub(crate) struct Attack {
    pub(crate) name: String,
    pub(crate) goal: String,
    pub(crate) events: Vec<Event>,
}

impl Suite {
    /// The suite of that name with the policy of that example, or one line that says its data is not there.
    pub(crate) fn find(name: &str, job: &'static str) -> Option<Self> {
        let root = std::env::var_os("AGENTC_DATA").map_or_else(|| repository().join("../shared/data"), PathBuf::from);
        let folder = root.join("agentdojo").join(name);
        if !folder.is_dir() {
            println!("skipped: there is no AgentDojo data in `{}`; AGENTC_DATA names another folder", root.display());
            return None;
        }
        let records = Records::open(&repository().join("examples").join(name), Some(&folder)).unwrap();
        Some(Self { folder, records, judge: Judge::new(name, job, None) })
    }

    /// What the users asked for, and the calls that do it.
    pub(crate) fn tasks(&self) -> Vec<Recorded> {
        read(&self.folder.join("user_tasks.jsonl")).unwrap()
    }

    /// What the attackers want. Where the data holds no calls for it, the list of them is empty.
    pub(crate) fn attacks(&self) -> Vec<Attack> {
        let attack = |run: Recorded| Attack {
            goal: run.line.get("request").and_then(Json::as_text).unwrap().to_owned(),
            name: run.name,
            events: run.events,
        };
        read(&self.folder.join("attacks.jsonl")).unwrap().into_iter().map(attack).collect()
    }

    /// Every call of a run, decided by both evaluators.
    pub(crate) fn decide(&self, run: &Recorded) -> Vec<Decided> {
        self.judge.replay(run, self.records.clone(), &mut Clock::default())
    }

    /// The writes of an attack, decided in a run that did all its user asked for and then does what the attacker wants. The run is the
    /// user's: its request is what the user typed, never the attacker's text.
    pub(crate) fn planted(&self, task: &Recorded, attack: &Attack) -> Vec<Decided> {
        let mut run = task.clone();
        run.name = format!("{} in {}", attack.name, task.name);
        run.events.extend(attack.events.iter().cloned().map(|event| match event {
            Event::Call { id, at, verb, args } => Event::Call { id: format!("attack-{id}"), at, verb, args },
            Event::Result { id, at, end } => Event::Result { id: format!("attack-{id}"), at, end },
            Event::Other => Event::Other,
        }));
        let decided = self.decide(&run);
        decided.into_iter().filter(|call| call.call.starts_with("attack-") && call.write).collect()
    }
}

/// A call that the data does not hold, and that succeeds with this.
pub(crate) fn call(id: &str, verb: &str, args: Json, value: Json) -> [Event; 2] {
    let id = id.to_owned();
    let called = Event::Call { id: id.clone(), at: None, verb: verb.to_owned(), args };
    [called, Event::Result { id, at: None, end: End::Value(value) }]
}

/// How many calls were answered so, by verb: `(allow, approval, anything else)`.
pub(crate) fn count(decided: &[Decided]) -> BTreeMap<String, (usize, usize, usize)> {
    let mut counted: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    for call in decided {
        let line = counted.entry(call.verb.clone()).or_default();
        match call.outcome.as_str() {
            "allow" => line.0 += 1,
            "approval" => line.1 += 1,
            _ => line.2 += 1,
        }
    }
    counted
}
