//! Dogwood on rules about history: its in-memory engine behind its authorizer, with the history observed.

use agentc_peers_worker::{Decision, Engine, serve};
use dogwood_language::{Authorizer, Event, EventBuilder, LoweredPolicySet, PolicySchema, ServiceSchema, Validator, Value};
use dogwood_local_engine::{LocalTemporalEngine, TickRate};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("a folder is wanted");
        return ExitCode::FAILURE;
    };
    match serve::<Dogwood>(&PathBuf::from(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Its authorizer, with the history observed, and the requests.
struct Dogwood {
    authorizer: Authorizer,
    lines: Vec<String>,
    visits: Vec<Visit>,
    /// The time of the last event: each must be later than the one before.
    last: i64,
}

/// The files of a policy.
struct Files {
    policies: String,
    schema: String,
    events: String,
}

/// Who wants to do what where.
#[derive(Debug, Deserialize)]
struct Call {
    verb: String,
    args: Visit,
}

/// A guest at a room.
#[derive(Debug, Clone, Deserialize)]
struct Visit {
    room: String,
    guest: String,
}

impl Engine for Dogwood {
    type Source = Files;
    type Policy = LoweredPolicySet;

    fn read(folder: &Path) -> Result<Files, String> {
        let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"));
        Ok(Files { policies: read("policies.dw")?, schema: read("schema.cedarschema")?, events: read("events.schema")? })
    }

    fn size(source: &Files) -> usize {
        source.policies.len() + source.schema.len() + source.events.len()
    }

    fn load(source: &Files) -> Result<LoweredPolicySet, String> {
        let schema = PolicySchema::from_cedarschema_str(&source.schema).map_err(|error| error.to_string())?;
        let service = ServiceSchema::builder().event_schema_str(&source.events).build().map_err(|error| error.to_string())?;
        let lowered = LoweredPolicySet::from_str(&source.policies, &service, &schema).map_err(|error| error.to_string())?;
        let validation = Validator::new().validate(&lowered);
        if !validation.validation_passed() {
            return Err(format!("{:?}", validation.validation_errors().collect::<Vec<_>>()));
        }
        Ok(lowered)
    }

    fn ready(policies: LoweredPolicySet, folder: &Path) -> Result<Self, String> {
        let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"));
        let engine = LocalTemporalEngine::new().with_tick_rate(TickRate::NANOS);
        let mut authorizer = Authorizer::builder(policies).temporal_engine(engine).build().map_err(|error| error.to_string())?;
        let mut last = 0;
        for line in read("history.txt")?.lines() {
            let Call { verb, args } = serde_json::from_str(line).map_err(|error| error.to_string())?;
            let action = if verb == "ask" { "Ask" } else { "Report" };
            last += 1;
            let event = event(action, "response", last, &args).field("output", "result", Value::Bool(true)).build();
            if authorizer.is_authorized(&event).is_some() {
                return Err("a response was decided".to_owned());
            }
        }
        let requests = read("requests.txt")?;
        let lines: Vec<String> =
            requests.lines().filter_map(|line| line.split_once(' ')).map(|(_, line)| line.to_owned()).collect();
        let visits = lines.iter().map(|line| visit(line)).collect::<Result<_, _>>()?;
        Ok(Self { authorizer, lines, visits, last })
    }

    fn requests(&self) -> usize {
        self.lines.len()
    }

    fn from_bytes(&mut self, at: usize) -> Decision {
        match visit(&self.lines[at]) {
            Ok(visit) => self.decide(&visit),
            Err(_) => Decision::Failed,
        }
    }

    /// The event itself carries the time, so it is built at every decision.
    fn prepared(&mut self, at: usize) -> Decision {
        let visit = self.visits[at].clone();
        self.decide(&visit)
    }
}

impl Dogwood {
    fn decide(&mut self, visit: &Visit) -> Decision {
        // Nanoseconds: the window of a day does not pass while it is measured.
        self.last += 1;
        match self.authorizer.is_authorized(&event("Enter", "request", self.last, visit).build()) {
            Some(response) if response.diagnostics().errors().next().is_some() => Decision::Failed,
            Some(response) if response.allowed() => Decision::Allow,
            Some(_) => Decision::Deny,
            None => Decision::Failed,
        }
    }
}

fn visit(line: &str) -> Result<Visit, String> {
    serde_json::from_str::<Call>(line).map(|call| call.args).map_err(|error| error.to_string())
}

fn event(action: &str, kind: &str, at: i64, visit: &Visit) -> EventBuilder {
    let text = |text: &str| Value::String(text.to_owned());
    Event::builder(&format!("House::Action::{action}"), kind)
        .timestamp(at)
        .principal("House::Porter::\"porter\"")
        .resource("House::Door::\"door\"")
        .field("input", "room", text(&visit.room))
        .field("input", "guest", text(&visit.guest))
        .request_context("input", "room", text(&visit.room))
        .request_context("input", "guest", text(&visit.guest))
}
