//! The conformance vectors: the native runtime answers each with exactly these bytes, and together they reach what matters.
//!
//! `AGENTC_BLESS=1 cargo test -p agentc-tests --test conformance` writes them anew; look at the difference before you keep it.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and counts small numbers"
)]

mod choose;
mod spoil;

use agentc_runtime::json::Json;
use agentc_runtime::policy::Policy;
use agentc_tests::corpus::{library, repository};
use agentc_tests::vectors::{File, Host, Vector};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Once};

/// As many generated vectors there are at least.
const GENERATED: usize = 1000;

/// The share in percent of all decisions that each outcome has at least.
const SHARE: usize = 5;

/// What a call can be answered.
const OUTCOMES: [&str; 6] = ["allow", "need", "approval", "deny", "escalate", "paused"];

/// Answers that are no decisions, and how many of each there are at least.
const REACHED: [(&str, usize); 9] = [
    ("approval refused", 20),
    ("result taken", 100),
    ("record taken", 100),
    ("pause taken", 20),
    ("pause refused", 10),
    ("undo taken", 5),
    ("undo refused", 20),
    ("end not_done", 20),
    ("(no event)", 40),
];

/// The folder of the vectors.
fn folder() -> PathBuf {
    repository().join("tests/conformance")
}

#[test]
fn the_runtime_answers_every_vector_with_these_bytes() {
    let files = read();
    let (mut vectors, mut steps) = (0, 0);
    for (name, policy, file) in &files {
        for vector in &file.vectors {
            let events: Vec<_> = vector.steps.iter().map(|step| (step.run.clone(), step.event.clone())).collect();
            let answered = Host::record(policy, &vector.name, &events);
            for (number, (said, wanted)) in (1..).zip(answered.steps.iter().zip(&vector.steps)) {
                assert_eq!(
                    said.answer, wanted.answer,
                    "{name}, `{}`, step {number}\nWhere the language or its sentences were changed on purpose, write the vectors \
                     anew: AGENTC_BLESS=1 cargo test -p agentc-tests --test conformance",
                    vector.name
                );
            }
            vectors += 1;
            steps += vector.steps.len();
        }
    }
    println!("conformance: native: {vectors} vectors, {steps} steps, all identical");
}

#[test]
fn the_vectors_reach_what_matters() {
    let files = read();
    let vectors: Vec<&Vector> = files.iter().flat_map(|(_, _, file)| &file.vectors).collect();
    let generated = vectors.iter().filter(|vector| vector.name.starts_with(choose::GENERATED)).count();
    assert!(generated >= GENERATED, "there are only {generated} generated vectors");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for answer in vectors.iter().flat_map(|vector| &vector.steps).map(|step| &step.answer) {
        *counts.entry(answer.as_ref().map_or("(no event)".to_owned(), |answer| kind(answer))).or_default() += 1;
    }
    counts.iter().for_each(|(kind, times)| println!("{times:>8}  {kind}"));
    let decided = |outcome: &str| {
        let of = |event: &str| counts.get(&format!("{event} {outcome}")).copied().unwrap_or(0);
        of("call") + of("approval")
    };
    let all: usize = OUTCOMES.iter().map(|outcome| decided(outcome)).sum();
    for outcome in OUTCOMES {
        let share = decided(outcome) * 100 / all;
        println!("{share:>7}%  {outcome}, of {all} decisions");
        assert!(share >= SHARE, "only {share} % of the decisions are `{outcome}`");
    }
    let missing: Vec<_> = REACHED.iter().filter(|(kind, times)| counts.get(*kind).copied().unwrap_or(0) < *times).collect();
    assert!(missing.is_empty(), "too seldom reached: {missing:?}");
}

#[test]
fn every_example_has_vectors() {
    let known: Vec<String> = read().into_iter().map(|(_, _, file)| file.policy).collect();
    for path in agentc_tests::corpus::policies_below(&repository().join("examples")) {
        let name = path.strip_prefix(repository()).expect("it is in the repository").display().to_string();
        assert!(
            known.contains(&name),
            "{name} has no vectors; write them: AGENTC_BLESS=1 cargo test -p agentc-tests --test conformance"
        );
    }
}

/// Every file of vectors, with its name and its policy as the artifact holds it. They are written anew first where that is wanted.
fn read() -> Vec<(String, Arc<Policy>, File)> {
    static WRITTEN: Once = Once::new();
    if std::env::var_os("AGENTC_BLESS").is_some() {
        WRITTEN.call_once(|| choose::write(&folder()));
    }
    let paths = agentc_tests::corpus::files_below(&folder().join("vectors"), "txt");
    let read = paths.into_iter().map(|path| {
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let file = File::read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let artifact = folder().join("policies").join(format!("{name}.agentc"));
        let bytes = fs::read(artifact).unwrap_or_else(|error| panic!("{name}: {error}"));
        let policy = Policy::load(&bytes, &library()).unwrap_or_else(|error| {
            panic!(
                "{name}: {error}; where the artifact's format was changed, write the vectors anew: \
                 AGENTC_BLESS=1 cargo test -p agentc-tests --test conformance"
            )
        });
        (name, Arc::new(policy), file)
    });
    read.collect()
}

/// What an answer is: `call allow`.
fn kind(answer: &str) -> String {
    let json = Json::read(answer.as_bytes()).expect("an answer is JSON");
    let member = |name: &str| json.get(name).and_then(Json::as_text).unwrap_or_default().to_owned();
    format!("{} {}", member("answer"), member("outcome"))
}
