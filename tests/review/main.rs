//! What a reviewer holds in their hands: audits, decision graphs and job descriptions of the examples, as snapshots and against what the policies do.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod audits;
mod briefs;
mod graphs;

use agentc::files::compile_file;
use agentc_compiler::Compiled;
use agentc_compiler::typed::{JobId, Typed};
use agentc_tests::corpus::repository;
use std::sync::OnceLock;

/// Every example: the folder's name is the policy's.
const NAMES: [&str; 6] = ["refunds", "leads", "airline", "banking", "workspace", "rooms"];

/// The examples, compiled once for all tests.
fn examples() -> &'static [(String, Compiled)] {
    static EXAMPLES: OnceLock<Vec<(String, Compiled)>> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        let names = NAMES;
        let compiled = |name: &str| {
            let path = repository().join(format!("examples/{name}/{name}.agentpolicy"));
            let compiled = compile_file(&path).expect("the example can be read");
            assert!(compiled.typed.is_some(), "{name} does not compile");
            (name.to_owned(), compiled)
        };
        names.map(compiled).into()
    })
}

fn typed(compiled: &Compiled) -> &Typed {
    compiled.typed.as_ref().expect("it compiles")
}

fn jobs(typed: &Typed) -> impl Iterator<Item = (JobId, &str)> {
    (0..).map(JobId).zip(typed.jobs.iter().map(|job| job.name.as_str()))
}

#[test]
fn every_folder_of_examples_is_looked_at() {
    let folders = std::fs::read_dir(repository().join("examples")).expect("it is there");
    let folders = folders.map(|entry| entry.expect("it can be read")).filter(|entry| entry.path().is_dir());
    let found: std::collections::BTreeSet<String> =
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(found, NAMES.iter().map(|&name| name.to_owned()).collect());
}
