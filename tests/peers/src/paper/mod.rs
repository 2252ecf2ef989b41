//! The three workloads of the Cedar paper (OOPSLA 2024): their policies, and hierarchies of the same shape by a generator of our own.
//!
//! In each, so many entities of every kind are linked with a probability of 5 %. Cedar gets the entities and the links; agentc gets what the host's
//! directory says of a user, and records, each with the closure of the links that the rules ask for.

pub mod engine;
mod gdrive;
mod github;
mod links;
mod tinytodo;

use fastrand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// When everything happens.
pub const AT: &str = "2026-05-04T10:00:00Z";

/// How many requests there are.
const REQUESTS: usize = 1024;

/// The probability of a link, as the paper's benchmarks have it.
const LINKED: f64 = 0.05;

/// The workloads.
pub const APPS: [(&str, fn(usize, &mut Rng) -> App); 3] =
    [("gdrive", gdrive::app), ("github", github::app), ("tinytodo", tinytodo::app)];

/// A workload with its hierarchy.
pub struct App {
    policy: String,
    cedar: &'static str,
    schema: &'static str,
    /// For Cedar, without the actions.
    entities: Vec<Value>,
    /// For agentc: users and records.
    directory: Directory,
    /// What can be asked: a verb, and its argument by name and number.
    verbs: &'static [(&'static str, Option<&'static str>)],
    size: usize,
}

/// What a host of agentc knows.
#[derive(Debug, Serialize, Deserialize)]
pub struct Directory {
    /// The identities of users.
    pub users: Vec<Value>,
    /// The members of `record` events: `source`, `record`, `key`, `value`.
    pub records: Vec<Value>,
}

impl App {
    /// Writes the case: both languages, the hierarchy in both forms, requests of random users.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn write(&self, chance: &mut Rng, folder: &Path) -> Result<(), String> {
        let request = |number: usize| {
            let (user, at) = (chance.usize(0..self.size), chance.usize(0..self.size));
            let (verb, argument) = self.verbs[chance.usize(0..self.verbs.len())];
            let args = argument.map_or_else(|| json!({}), |name| json!({ name: named(name, at) }));
            let line = json!({ "event": "call", "id": format!("c{number}"), "verb": verb, "args": args, "at": AT });
            format!("{user} {line}\n")
        };
        let requests: String = (0..REQUESTS).map(request).collect();
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).map_err(|error| format!("{name}: {error}"));
        write("agents.agentpolicy", &self.policy)?;
        write("policies.cedar", self.cedar)?;
        write("schema.cedarschema", self.schema)?;
        write("entities.json", &Value::from(self.entities.clone()).to_string())?;
        write("directory.json", &serde_json::to_string(&self.directory).map_err(|error| error.to_string())?)?;
        write("requests.txt", &requests)
    }
}

/// The name of an entity: `document_3`.
fn named(kind: &str, at: usize) -> String {
    format!("{kind}_{at}")
}

/// A reference to an entity of Cedar.
fn uid(kind: &str, id: &str) -> Value {
    json!({ "type": kind, "id": id })
}

/// An entity of Cedar.
fn entity(kind: &str, id: &str, attrs: Value, parents: Vec<Value>) -> Value {
    json!({ "uid": uid(kind, id), "attrs": attrs, "parents": parents })
}

/// A policy of agentc: what all three have in common around its source, tool and rules.
fn policy(name: &str, identity: &str, source: &str, tool: &str, rules: &str) -> String {
    format!(
        "policy bench.{name} {{ version \"1\"; owner \"ops@example.com\" }}\nrole lead\nidentity {{ user {{ {identity} }} }}\n{source}\n{tool}\njob serve {{\n  purpose \"Do what \
         the user may do.\"\n  input {{ ticket: Text }}\n  done when run.calls > 0\n{rules}\n  handoff to \"ops\" {{ show trace }}\n  pause by role lead\n}}\n"
    )
}
