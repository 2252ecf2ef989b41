//! agentc and Cedar on the paper's workloads.

use super::{AT, Directory};
use crate::engines::agentc::{after, foreseen, opened};
use crate::engines::cedar::{Cedar, Loaded, entity_uid};
use agentc_peers_worker::{Decision, Engine};
use agentc_runtime::cell::Snapshot;
use agentc_runtime::policy::Policy;
use agentc_runtime::preview::{Prepared, Scratch, preview};
use agentc_runtime::run::Run;
use cedar_policy::{Authorizer, Context, Entities, EntityUid, PolicySet, Request};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// The requests of a case: the place of the user, and the line.
fn requests(folder: &Path) -> Result<Vec<(usize, String)>, String> {
    let text = fs::read_to_string(folder.join("requests.txt")).map_err(|error| error.to_string())?;
    let request = |line: &str| {
        let (user, line) = line.split_once(' ').ok_or("a request without a user")?;
        Ok((user.parse().map_err(|_| "a user that is no number")?, line.to_owned()))
    };
    text.lines().map(request).collect::<Result<_, &str>>().map_err(str::to_owned)
}

/// agentc: a run a user, with all records read.
pub struct Agentc {
    policy: Policy,
    runs: Vec<Run>,
    cells: Snapshot,
    requests: Vec<(usize, Vec<u8>, Prepared)>,
    scratch: Scratch,
}

impl Engine for Agentc {
    type Source = Vec<u8>;
    type Policy = Policy;

    fn read(folder: &Path) -> Result<Vec<u8>, String> {
        fs::read(folder.join("agents.agentc")).map_err(|error| error.to_string())
    }

    fn size(source: &Vec<u8>) -> usize {
        source.len()
    }

    fn load(source: &Vec<u8>) -> Result<Policy, String> {
        Policy::load(source, &agentc_stdlib::library()).map_err(|error| error.to_string())
    }

    fn ready(policy: Policy, folder: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(folder.join("directory.json")).map_err(|error| error.to_string())?;
        let Directory { users, records } = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let cells = Snapshot::whole();
        let mut runs = Vec::new();
        for user in users {
            let opening = json!({
                "event": "open", "run": user["id"], "job": "serve", "agent": { "id": "bot", "roles": [] }, "user": user, "input": { "ticket": "T" }, "at": AT,
            });
            let mut run = opened(&policy, &cells, &opening.to_string())?;
            for record in &records {
                let mut event = record.clone();
                event["event"] = json!("record");
                event["at"] = json!(AT);
                run = after(&policy, &run, &cells, &event.to_string())?;
            }
            runs.push(run);
        }
        let prepare = |(user, line): (usize, String)| {
            let prepared = Prepared::read(&policy, line.as_bytes()).map_err(|error| error.to_string())?;
            Ok((user, line.into_bytes(), prepared))
        };
        let requests = requests(folder)?.into_iter().map(prepare).collect::<Result<_, String>>()?;
        Ok(Self { policy, runs, cells, requests, scratch: Scratch::new() })
    }

    fn requests(&self) -> usize {
        self.requests.len()
    }

    fn from_bytes(&mut self, at: usize) -> Decision {
        let (user, line, _) = &self.requests[at];
        foreseen(preview(&self.policy, &self.runs[*user], &self.cells, line, &mut self.scratch))
    }

    fn prepared(&mut self, at: usize) -> Decision {
        let (user, _, prepared) = &self.requests[at];
        foreseen(prepared.preview(&self.policy, &self.runs[*user], &self.cells, &mut self.scratch))
    }
}

/// Cedar: the hierarchy in its entity store, closed when it is loaded.
pub struct PaperCedar {
    policies: PolicySet,
    entities: Entities,
    authorizer: Authorizer,
    actions: HashMap<String, EntityUid>,
    users: Vec<EntityUid>,
    application: EntityUid,
    requests: Vec<(usize, String, Request)>,
}

/// What of a call's line Cedar is asked with.
#[derive(Deserialize)]
struct Line<'a> {
    verb: &'a str,
    args: HashMap<&'a str, &'a str>,
}

impl Engine for PaperCedar {
    type Source = (String, String);
    type Policy = Loaded;

    fn read(folder: &Path) -> Result<(String, String), String> {
        Cedar::read(folder)
    }

    fn size(source: &(String, String)) -> usize {
        Cedar::size(source)
    }

    fn load(source: &(String, String)) -> Result<Loaded, String> {
        Cedar::load(source)
    }

    fn ready(Loaded { policies, schema }: Loaded, folder: &Path) -> Result<Self, String> {
        let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| error.to_string());
        let Directory { users, .. } = serde_json::from_str(&read("directory.json")?).map_err(|error| error.to_string())?;
        let user = |user: &Value| entity_uid("User", user["id"].as_str().unwrap_or_default());
        let mut cedar = Self {
            policies,
            entities: Entities::from_json_str(&read("entities.json")?, Some(&schema)).map_err(|error| error.to_string())?,
            authorizer: Authorizer::new(),
            actions: schema.actions().map(|action| (action.id().unescaped().to_owned(), action.clone())).collect(),
            users: users.iter().map(user).collect::<Result<_, _>>()?,
            application: entity_uid("Application", "TinyTodo")?,
            requests: Vec::new(),
        };
        for (user, line) in requests(folder)? {
            let request = cedar.request(user, &line).ok_or("a request that Cedar cannot read")?;
            cedar.requests.push((user, line, request));
        }
        Ok(cedar)
    }

    fn requests(&self) -> usize {
        self.requests.len()
    }

    fn from_bytes(&mut self, at: usize) -> Decision {
        let (user, line, _) = &self.requests[at];
        self.request(*user, line).map_or(Decision::Failed, |request| self.decision(&request))
    }

    fn prepared(&mut self, at: usize) -> Decision {
        self.decision(&self.requests[at].2)
    }
}

impl PaperCedar {
    fn request(&self, user: usize, line: &str) -> Option<Request> {
        let Line { verb, args } = serde_json::from_str(line).ok()?;
        let resource = match args.into_iter().next() {
            None => self.application.clone(),
            Some(("document", id)) => entity_uid("Document", id).ok()?,
            Some(("folder", id)) => entity_uid("Folder", id).ok()?,
            Some(("repository", id)) => entity_uid("Repository", id).ok()?,
            Some(("list", id)) => entity_uid("List", id).ok()?,
            Some(_) => return None,
        };
        Request::new(self.users.get(user)?.clone(), self.actions.get(verb)?.clone(), resource, Context::empty(), None).ok()
    }

    fn decision(&self, request: &Request) -> Decision {
        let response = self.authorizer.is_authorized(request, &self.policies, &self.entities);
        // A policy that does not apply to the resource's type is an error of Cedar's and no permit, as in the paper.
        match response.decision() {
            cedar_policy::Decision::Allow => Decision::Allow,
            cedar_policy::Decision::Deny => Decision::Deny,
        }
    }
}
