//! The airline's data, where it is.

use crate::wrong::{Case, WRITES};
use agentc::records::Records;
use agentc::replay::{End, Event, Recorded, read};
use agentc_runtime::json::Json;
use agentc_tests::corpus::repository;
use std::fs;
use std::path::PathBuf;

/// The folder with the airline's data.
pub(crate) struct Data {
    folder: PathBuf,
    records: Records,
}

/// A file of the example.
pub(crate) fn example(file: &str) -> String {
    let path = repository().join("examples/airline").join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl Data {
    /// The data, or one line that says it is not there.
    pub(crate) fn find() -> Option<Self> {
        let root = std::env::var_os("AGENTC_DATA").map_or_else(|| repository().join("../shared/data"), PathBuf::from);
        let folder = root.join("airline");
        if !folder.is_dir() {
            println!("skipped: there is no airline data in `{}`; AGENTC_DATA names another folder", root.display());
            return None;
        }
        let records = Records::open(&repository().join("examples/airline"), Some(&folder)).unwrap();
        Some(Self { folder, records })
    }

    /// The world before any run.
    pub(crate) fn records(&self) -> Records {
        self.records.clone()
    }

    /// The runs of a correct agent.
    pub(crate) fn truth(&self) -> Vec<Recorded> {
        read(&self.folder.join("ground_truth.jsonl")).unwrap()
    }

    /// The runs of a real agent.
    pub(crate) fn runs(&self) -> Vec<Recorded> {
        read(&self.folder.join("runs.jsonl")).unwrap()
    }

    /// Each write of a correct agent in the world that the calls before it left.
    pub(crate) fn cases(&self) -> Vec<Case> {
        let mut cases: Vec<Case> = Vec::new();
        for run in self.truth() {
            let customer = run.line.get("user_id").and_then(Json::as_text).unwrap().to_owned();
            let mut world = self.records();
            let mut latest = None;
            for event in &run.events {
                match event {
                    Event::Call { verb, args, .. } => {
                        latest = Some((verb, args));
                        if WRITES.contains(&verb.as_str()) {
                            let args = serde_json::from_str(&args.to_string()).unwrap();
                            cases.push(Case { customer: customer.clone(), verb: verb.clone(), args, world: world.clone() });
                        }
                    }
                    Event::Result { end: End::Value(value), .. } => {
                        let (verb, args) = latest.unwrap();
                        world.apply(verb, args, value).unwrap();
                    }
                    Event::Result { .. } | Event::Other => {}
                }
            }
        }
        cases
    }
}

impl Case {
    /// The arguments as the runtime reads them.
    pub(crate) fn json_args(&self) -> Json {
        Json::read(self.args.to_string().as_bytes()).unwrap()
    }

    /// A run of this one call.
    pub(crate) fn recorded(&self) -> Recorded {
        Recorded {
            name: "case".to_owned(),
            line: Json::object([("user_id", Json::text(self.customer.clone()))]),
            events: vec![Event::Call {
                id: "c0".to_owned(),
                at: Some("2024-05-15T15:00:00-05:00".to_owned()),
                verb: self.verb.clone(),
                args: self.json_args(),
            }],
        }
    }
}
