//! agentc: an artifact, a run a session with its accounts read, and what each call would be answered.
//!
//! The peers are asked questions and change nothing, so agentc is asked the same way: a preview over a run. What the answer that permits
//! costs, with its sentences, its values and the next run, is a row of its own.

use crate::agents::requests::{AT, World};
use agentc_compiler::compile;
use agentc_compiler::source::Loader;
use agentc_compiler::typed::SourceFile;
use agentc_peers_worker::{Decision, Engine};
use agentc_runtime::answer::Outcome;
use agentc_runtime::artifact;
use agentc_runtime::cell::Snapshot;
use agentc_runtime::decide::{Opening, Step, decide, open};
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use agentc_runtime::preview::{Foreseen, Prepared, Preview, PreviewError, Scratch, preview};
use agentc_runtime::program::Program;
use agentc_runtime::run::Run;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The evaluator, as a host embeds it: it loads what `agentc build` wrote. Each call is previewed.
pub struct Agentc {
    desk: Desk,
    prepared: Vec<Prepared>,
    scratch: Scratch,
}

/// The same with whole answers: what permits, with sentences, values and the next run.
pub struct Full {
    desk: Desk,
    events: Vec<Event>,
}

/// What a host holds: the policy, its runs, what its ledger holds, and the requests.
struct Desk {
    policy: Policy,
    runs: Vec<Run>,
    cells: Snapshot,
    requests: Vec<(usize, Vec<u8>)>,
}

impl Desk {
    fn open(policy: Policy, folder: &Path) -> Result<Self, String> {
        let world = World::read(folder)?;
        let cells = Snapshot::whole();
        let mut runs = Vec::new();
        for (session, accounts) in world.sessions.iter().zip(&world.looks_at) {
            let opening = json!({
                "event": "open", "run": session.id, "job": "serve", "agent": { "id": "bot", "roles": [] },
                "input": { "tenant": session.tenant, "tier": session.tier }, "at": AT,
            });
            let mut run = opened(&policy, &cells, &opening.to_string())?;
            for account in accounts.iter().filter_map(|at| world.accounts.get(*at)) {
                let record = json!({ "event": "record", "source": "crm", "record": "Account", "key": account.id, "value": account, "at": AT });
                run = after(&policy, &run, &cells, &record.to_string())?;
            }
            runs.push(run);
        }
        let requests = world.requests.into_iter().map(|request| (request.session, request.line.into_bytes())).collect();
        Ok(Self { policy, runs, cells, requests })
    }
}

/// The run that an `open` event opens.
///
/// # Errors
/// Why it does not.
pub fn opened(policy: &Policy, cells: &Snapshot, line: &str) -> Result<Run, String> {
    match open(policy, cells, &event(line)?) {
        Opening::Opened(decision) => Ok(decision.run),
        Opening::Refused(answer) => Err(answer.person),
        Opening::Load(_) => Err("cells are missing".to_owned()),
    }
}

/// The run after an event.
///
/// # Errors
/// Why the event was not taken.
pub fn after(policy: &Policy, run: &Run, cells: &Snapshot, line: &str) -> Result<Run, String> {
    match decide(policy, run, cells, &event(line)?) {
        Step::Done(decision) if matches!(decision.answer.outcome, Outcome::Refused | Outcome::Deny) => {
            Err(decision.answer.person)
        }
        Step::Done(decision) => Ok(decision.run),
        Step::Load(_) => Err("cells are missing".to_owned()),
    }
}

/// What a preview foresees.
#[must_use]
pub fn foreseen(preview: Result<Preview<'_>, PreviewError>) -> Decision {
    match preview.map(|preview| preview.outcome) {
        Ok(Foreseen::Allow) => Decision::Allow,
        Ok(Foreseen::Approval) => Decision::Approval,
        Ok(Foreseen::Deny) => Decision::Deny,
        Ok(Foreseen::Escalate) => Decision::Escalate,
        Ok(Foreseen::Need | Foreseen::Paused) | Err(_) => Decision::Failed,
    }
}

fn event(line: &str) -> Result<Event, String> {
    Event::read(line.as_bytes()).map_err(|error| error.to_string())
}

fn artifact_of(folder: &Path) -> Result<Vec<u8>, String> {
    fs::read(folder.join("agents.agentc")).map_err(|error| error.to_string())
}

fn loaded(source: &[u8]) -> Result<Policy, String> {
    Policy::load(source, &agentc_stdlib::library()).map_err(|error| error.to_string())
}

impl Engine for Agentc {
    type Source = Vec<u8>;
    type Policy = Policy;

    fn read(folder: &Path) -> Result<Vec<u8>, String> {
        artifact_of(folder)
    }

    fn size(source: &Vec<u8>) -> usize {
        source.len()
    }

    fn load(source: &Vec<u8>) -> Result<Policy, String> {
        loaded(source)
    }

    fn ready(policy: Policy, folder: &Path) -> Result<Self, String> {
        let desk = Desk::open(policy, folder)?;
        let prepared = desk.requests.iter().map(|(_, line)| Prepared::read(&desk.policy, line)).collect::<Result<_, _>>();
        Ok(Self { prepared: prepared.map_err(|error| error.to_string())?, desk, scratch: Scratch::new() })
    }

    fn requests(&self) -> usize {
        self.desk.requests.len()
    }

    fn from_bytes(&mut self, at: usize) -> Decision {
        let Desk { policy, runs, cells, requests } = &self.desk;
        let (session, line) = &requests[at];
        foreseen(preview(policy, &runs[*session], cells, line, &mut self.scratch))
    }

    fn prepared(&mut self, at: usize) -> Decision {
        let Desk { policy, runs, cells, requests } = &self.desk;
        foreseen(self.prepared[at].preview(policy, &runs[requests[at].0], cells, &mut self.scratch))
    }
}

impl Engine for Full {
    type Source = Vec<u8>;
    type Policy = Policy;

    fn read(folder: &Path) -> Result<Vec<u8>, String> {
        artifact_of(folder)
    }

    fn size(source: &Vec<u8>) -> usize {
        source.len()
    }

    fn load(source: &Vec<u8>) -> Result<Policy, String> {
        loaded(source)
    }

    fn ready(policy: Policy, folder: &Path) -> Result<Self, String> {
        let desk = Desk::open(policy, folder)?;
        let events = desk.requests.iter().map(|(_, line)| Event::read(line)).collect::<Result<_, _>>();
        Ok(Self { events: events.map_err(|error| error.to_string())?, desk })
    }

    fn requests(&self) -> usize {
        self.desk.requests.len()
    }

    fn from_bytes(&mut self, at: usize) -> Decision {
        let (session, line) = &self.desk.requests[at];
        Event::read(line).map_or(Decision::Failed, |event| self.desk.decision(*session, &event))
    }

    fn prepared(&mut self, at: usize) -> Decision {
        self.desk.decision(self.desk.requests[at].0, &self.events[at])
    }
}

impl Desk {
    fn decision(&self, session: usize, event: &Event) -> Decision {
        match decide(&self.policy, &self.runs[session], &self.cells, event) {
            Step::Load(_) => Decision::Failed,
            Step::Done(decision) => match decision.answer.outcome {
                Outcome::Allow(_) => Decision::Allow,
                Outcome::Approval(_) => Decision::Approval,
                Outcome::Deny => Decision::Deny,
                Outcome::Escalate => Decision::Escalate,
                _ => Decision::Failed,
            },
        }
    }
}

/// The compiler: every check and analysis of `agentc check`, from text. It decides nothing.
#[derive(Debug)]
pub struct Check;

/// The files of a policy by name.
#[derive(Debug)]
pub struct Files(BTreeMap<String, String>);

impl Loader for Files {
    fn load(&self, module: &str) -> Option<SourceFile> {
        self.0.get(module).map(|text| SourceFile { name: format!("{module}.agentpolicy"), text: text.clone() })
    }
}

impl Check {
    /// Compiles a case's policy into its artifact.
    ///
    /// # Errors
    /// What the compiler refuses, or what cannot be written.
    pub fn build(folder: &Path) -> Result<(), String> {
        let program = Self::load(&Self::read(folder)?)?;
        let bytes = artifact::encode(&program).map_err(|error| error.to_string())?;
        fs::write(folder.join("agents.agentc"), bytes).map_err(|error| error.to_string())
    }
}

impl Engine for Check {
    type Source = Files;
    type Policy = Program;

    fn read(folder: &Path) -> Result<Files, String> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.extension().is_some_and(|extension| extension == "agentpolicy") {
                let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                files.insert(name, fs::read_to_string(&path).map_err(|error| error.to_string())?);
            }
        }
        Ok(Files(files))
    }

    fn size(source: &Files) -> usize {
        source.0.values().map(String::len).sum()
    }

    fn load(source: &Files) -> Result<Program, String> {
        let root = source.load("agents").ok_or("there is no agents.agentpolicy")?;
        compile(root, source, &agentc_stdlib::library()).into_program().map_err(|report| report.to_string())
    }

    fn ready(_policy: Program, _folder: &Path) -> Result<Self, String> {
        Ok(Self)
    }

    fn requests(&self) -> usize {
        0
    }

    fn from_bytes(&mut self, _at: usize) -> Decision {
        Decision::Failed
    }

    fn prepared(&mut self, _at: usize) -> Decision {
        Decision::Failed
    }
}
