//! A policy's text to what is wrong with it, its artifact and its pictures.

use agentc_compiler::diagnostic::JsonDiagnostic;
use agentc_compiler::graph::{Folding, draw};
use agentc_compiler::source::Loader;
use agentc_compiler::typed::{JobId, SourceFile, Typed};
use agentc_runtime::artifact;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A policy as an editor has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The root file's name.
    pub file: String,
    /// Its text.
    pub text: String,
    /// The other files by the names that `use` knows them by.
    #[serde(default)]
    pub modules: BTreeMap<String, String>,
}

/// What compiling gives.
#[derive(Debug, Clone, Serialize)]
pub struct Compiled {
    /// Everything that was found.
    pub diagnostics: Vec<JsonDiagnostic>,
    /// The jobs; none where there is an error.
    pub jobs: Vec<Job>,
    /// The artifact in hexadecimal digits; absent where there is an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact: Option<String>,
}

/// A job, as a form to open a run needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// Its purpose.
    pub purpose: String,
    /// The names of its input.
    pub input: Vec<String>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Graph {
    /// The job.
    pub job: String,
    /// The picture.
    pub svg: String,
}

struct Modules(BTreeMap<String, String>);

impl Loader for Modules {
    fn load(&self, module: &str) -> Option<SourceFile> {
        let text = self.0.get(module)?.clone();
        Some(SourceFile { name: format!("{}.agentpolicy", module.replace('.', "/")), text })
    }

    fn modules(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

fn compiled(source: Source) -> agentc_compiler::Compiled {
    let root = SourceFile { name: source.file, text: source.text };
    agentc_compiler::compile(root, &Modules(source.modules), &agentc_stdlib::library())
}

/// Compiles a policy.
#[must_use]
pub fn compile(source: Source) -> Compiled {
    let compiled = compiled(source);
    let places = compiled.places();
    let diagnostics = compiled.diagnostics.iter().map(|diagnostic| JsonDiagnostic::new(diagnostic, &places)).collect();
    let artifact = compiled.program.as_ref().and_then(|program| artifact::encode(program).ok()).map(|bytes| hexadecimal(&bytes));
    Compiled { diagnostics, jobs: compiled.typed.as_ref().map_or_else(Vec::new, jobs), artifact }
}

/// Draws each job; nothing where the policy has an error.
#[must_use]
pub fn graphs(source: Source) -> Vec<Graph> {
    let Some(typed) = compiled(source).typed else { return Vec::new() };
    let ids = (0..).map(JobId);
    let draw = |(job, id)| Graph { job, svg: draw(&typed, id, None, Folding::Large).svg() };
    typed.jobs.iter().map(|job| job.name.clone()).zip(ids).map(draw).collect()
}

fn jobs(typed: &Typed) -> Vec<Job> {
    let job = |job: &agentc_compiler::typed::Job| Job {
        name: job.name.clone(),
        purpose: job.purpose.clone().unwrap_or_default(),
        input: job.input.iter().map(|field| field.name.clone()).collect(),
    };
    typed.jobs.iter().map(job).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source { file: "a.agentpolicy".into(), text: text.into(), modules: BTreeMap::new() }
    }

    const REFUNDS: &str = include_str!("../../../examples/refunds/refunds.agentpolicy");

    #[test]
    fn a_right_policy_gives_its_jobs_and_an_artifact_that_loads() {
        let compiled = compile(source(REFUNDS));
        assert!(
            compiled.diagnostics.iter().all(|diagnostic| diagnostic.severity != agentc_compiler::diagnostic::Severity::Error)
        );
        let [job] = compiled.jobs.as_slice() else { panic!("it has one job") };
        assert_eq!((job.name.as_str(), job.input.len()), ("triage_refunds", 3));
        let artifact = compiled.artifact.unwrap();
        let bytes: Vec<u8> =
            artifact.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
        let policy = agentc_runtime::policy::Policy::load(&bytes, &agentc_stdlib::library()).unwrap();
        assert_eq!(policy.digest().len(), 64);
    }

    #[test]
    fn a_mistake_is_told_at_its_place_and_gives_no_artifact() {
        let compiled = compile(source(&REFUNDS.replacen("amount <= order.total", "amount <= order.totl", 1)));
        assert_eq!((compiled.artifact, compiled.jobs.len()), (None, 0));
        let [mistake] = compiled.diagnostics.as_slice() else { panic!("{:?}", compiled.diagnostics) };
        assert!(mistake.message.contains("`totl`"), "{}", mistake.message);
        let place = mistake.labels.first().unwrap();
        assert_eq!(REFUNDS.get(..place.start.offset).unwrap().lines().last().unwrap().trim(), "and amount <= order.");
    }

    #[test]
    fn modules_come_from_the_editor() {
        let crm = include_str!("../../../examples/leads/crm.agentpolicy").to_owned();
        let leads = include_str!("../../../examples/leads/leads.agentpolicy");
        let alone = compile(source(leads));
        assert!(alone.artifact.is_none() && alone.diagnostics.iter().any(|diagnostic| diagnostic.message.contains("`crm`")));
        let whole = compile(Source { modules: BTreeMap::from([("crm".to_owned(), crm)]), ..source(leads) });
        assert!(whole.artifact.is_some(), "{:?}", whole.diagnostics);
    }

    #[test]
    fn each_job_has_a_picture() {
        let [graph] = &graphs(source(REFUNDS))[..] else { panic!("it has one job") };
        assert_eq!(graph.job, "triage_refunds");
        assert!(graph.svg.starts_with("<svg") && graph.svg.contains("large_refund"));
        assert_eq!(graphs(source("nonsense")), []);
    }
}
