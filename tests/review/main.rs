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

/// Examples whose pages are kept as snapshots.
const KEPT: [&str; 3] = ["refunds", "leads", "airline"];

/// The examples, compiled once for all tests.
fn examples() -> &'static [(String, Compiled)] {
    static EXAMPLES: OnceLock<Vec<(String, Compiled)>> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        let names = ["refunds", "leads", "airline", "banking", "workspace"];
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

/// An example that is kept as snapshots.
fn kept() -> impl Iterator<Item = &'static (String, Compiled)> {
    examples().iter().filter(|(name, _)| KEPT.contains(&name.as_str()))
}

fn jobs(typed: &Typed) -> impl Iterator<Item = (JobId, &str)> {
    (0..).map(JobId).zip(typed.jobs.iter().map(|job| job.name.as_str()))
}
