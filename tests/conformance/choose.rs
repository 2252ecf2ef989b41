//! Chooses the vectors: every run and test of the examples, and generated stories of every policy so that each outcome has its share.

use crate::{OUTCOMES, spoil};
use agentc::files::Folder;
use agentc::testing::run_test;
use agentc_compiler::compile;
use agentc_compiler::source::Loader;
use agentc_compiler::typed::{ApproverKind, SourceFile, Typed};
use agentc_runtime::artifact;
use agentc_runtime::event::{Event, EventKind, Person, Scope, Stopper};
use agentc_runtime::json::Json;
use agentc_runtime::policy::Policy;
use agentc_tests::both::Both;
use agentc_tests::chance::Chance;
use agentc_tests::corpus::{all, library, repository};
use agentc_tests::examples::RUNS;
use agentc_tests::generate::Story;
use agentc_tests::pool::Pool;
use agentc_tests::vectors::{File, Host, Vector};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How the names of generated vectors begin.
pub(crate) const GENERATED: &str = "generated ";

/// So many generated vectors end in each outcome of a call, at most.
const OF_AN_OUTCOME: usize = 220;

/// So many end in each other kind of answer, at most.
const OF_A_KIND: usize = 50;

/// So many of one kind come from one policy, at most.
const OF_A_POLICY: usize = 7;

/// So many that end in a pause, of which few policies speak.
const PAUSED_OF_A_POLICY: usize = 40;

/// So many stories of each policy are looked at.
const SEEDS: u64 = 120;

/// No generated vector is longer, in bytes of its events and answers.
const LONGEST: usize = 9000;

/// In every how many stories somebody pauses the job before a call.
const PAUSED: u64 = 2;

/// Every how many vectors something that is no event stands among the events.
const SPOILED: usize = 12;

/// A policy as the vectors hold it: its files are named relative to the repository.
struct Subject {
    name: String,
    origin: String,
    bytes: Vec<u8>,
    typed: Typed,
    policy: Arc<Policy>,
}

/// Names the files of a policy relative to the repository, so that answers name them alike on every machine.
struct Relative(Folder);

fn relative(path: &str) -> String {
    let path = Path::new(path);
    path.strip_prefix(repository()).unwrap_or(path).display().to_string()
}

impl Loader for Relative {
    fn load(&self, module: &str) -> Option<SourceFile> {
        self.0.load(module).map(|file| SourceFile { name: relative(&file.name), text: file.text })
    }
}

fn subject(path: &Path) -> Subject {
    let origin = relative(&path.display().to_string());
    let text = fs::read_to_string(path).expect("the policy can be read");
    let compiled = compile(SourceFile { name: origin.clone(), text }, &Relative(Folder::of(path)), &library());
    let typed = compiled.typed.unwrap_or_else(|| panic!("{origin} does not compile"));
    let bytes = artifact::encode(&compiled.program.expect("it compiled")).expect("a program can be written");
    let policy = Arc::new(Policy::load(&bytes, &library()).unwrap_or_else(|error| panic!("{origin}: {error}")));
    let stem = path.file_stem().expect("a policy has a name").to_string_lossy().into_owned();
    Subject { name: stem, origin, bytes, typed, policy }
}

/// Writes the artifacts and the vectors anew.
pub(crate) fn write(folder: &Path) {
    let subjects: Vec<Subject> = all().iter().map(|path| subject(path)).collect();
    let mut files: Vec<File> =
        subjects.iter().map(|subject| File { policy: subject.origin.clone(), vectors: of_example(subject) }).collect();
    for (at, vector) in generated(&subjects) {
        files[at].vectors.push(vector);
    }
    for part in ["policies", "vectors"] {
        let part = folder.join(part);
        if part.exists() {
            fs::remove_dir_all(&part).expect("the old vectors can be removed");
        }
        fs::create_dir_all(&part).expect("the folder can be made");
    }
    let put = |path: PathBuf, bytes: &[u8]| fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for (subject, file) in subjects.iter().zip(&files).filter(|(_, file)| !file.vectors.is_empty()) {
        put(folder.join("policies").join(format!("{}.agentc", subject.name)), &subject.bytes);
        put(folder.join("vectors").join(format!("{}.txt", subject.name)), file.write().as_bytes());
    }
}

/// The run that an example shows, and each of its tests.
fn of_example(subject: &Subject) -> Vec<Vector> {
    if !subject.origin.starts_with("examples/") {
        return Vec::new();
    }
    let mut vectors = Vec::new();
    let mut record = |name: &str, both: &Both<'_>| {
        both.agree(name);
        let events: Vec<_> = both.told.iter().map(|(run, event, _)| (run.clone(), event.to_json().to_string())).collect();
        vectors.push(Host::record(&subject.policy, name, &events));
    };
    for run in RUNS.iter().filter(|run| run.name == subject.name) {
        let mut both = Both::new(&subject.policy, &subject.typed);
        run.tell(&mut both);
        record("example", &both);
    }
    for test in &subject.typed.tests {
        let mut both = Both::new(&subject.policy, &subject.typed);
        run_test(&subject.typed, test, &mut both);
        record(&format!("test {}", test.name), &both);
    }
    vectors
}

/// Generated vectors, each with the index of its policy. Stories are looked at policy by policy, round by round, until each kind of ending
/// has its share.
fn generated(subjects: &[Subject]) -> Vec<(usize, Vector)> {
    let pools: Vec<Pool> = subjects.iter().map(|subject| Pool::of(&subject.policy, &subject.typed)).collect();
    let mut chosen: Vec<(usize, Vector)> = Vec::new();
    let mut of_kind: BTreeMap<String, usize> = BTreeMap::new();
    let mut of_policy: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for seed in 0..SEEDS {
        for (at, subject) in subjects.iter().enumerate().filter(|(at, _)| !pools[*at].openings.is_empty()) {
            let Some((ending, vector)) = story(subject, &pools[at], seed, chosen.len()) else { continue };
            let kind = of_kind.entry(ending.clone()).or_default();
            let here = of_policy.entry((at, ending.clone())).or_default();
            let most = if OUTCOMES.contains(&ending.as_str()) { OF_AN_OUTCOME } else { OF_A_KIND };
            let most_here = if ending == "paused" { PAUSED_OF_A_POLICY } else { OF_A_POLICY };
            if *kind < most && *here < most_here {
                *kind += 1;
                *here += 1;
                chosen.push((at, vector));
            }
        }
    }
    println!("{} generated vectors, by their ending: {of_kind:?}", chosen.len());
    chosen.sort_by_key(|(at, _)| *at);
    chosen
}

/// A story up to its last answer that decides something, with what that is.
fn story(subject: &Subject, pool: &Pool, seed: u64, number: usize) -> Option<(String, Vector)> {
    let mut both = Both::new(&subject.policy, &subject.typed);
    let length = 3 + (seed % 9) as usize;
    let told = Story::new(&subject.typed, pool, seed).tell(&mut both, length);
    both.agree(&subject.origin);
    let told = if seed.is_multiple_of(PAUSED) { paused(subject, seed, told.events) } else { told.events };
    let mut events: Vec<_> = told.iter().map(|(run, event)| (run.clone(), event.to_json().to_string())).collect();
    let name = format!("{GENERATED}{seed}");
    let whole = Host::record(&subject.policy, &name, &events);
    let endings: Vec<Option<String>> =
        whole.steps.iter().map(|step| step.answer.as_ref().ok().and_then(|answer| ending(answer))).collect();
    let last = endings.iter().rposition(Option::is_some)?;
    let ending = endings[last].clone()?;
    events.truncate(last + 1);
    if number.is_multiple_of(SPOILED) {
        let mut chance = Chance::new(seed);
        let at = 1 + chance.below(events.len() - 1);
        if let Some(wrong) = spoil::spoiled(&mut chance, &events[at].1) {
            events.insert(at, (events[at].0.clone(), wrong));
        }
    }
    let vector = Host::record(&subject.policy, &name, &events);
    let size: usize = vector.steps.iter().map(|step| step.event.len() + step.answer.as_ref().map_or(0, String::len)).sum();
    (size <= LONGEST).then_some((ending, vector))
}

/// The story with a pause before one of its calls, by somebody who may where there is one, told anew up to little after that call.
fn paused(subject: &Subject, seed: u64, mut events: Vec<(String, Event)>) -> Vec<(String, Event)> {
    let calls: Vec<usize> = (0..events.len()).filter(|at| matches!(events[*at].1.kind, EventKind::Call(_))).collect();
    let roles: Vec<String> = subject
        .typed
        .jobs
        .iter()
        .flat_map(|job| &job.pause_by)
        .filter_map(|approver| match &approver.who {
            ApproverKind::Role(role) => Some(subject.typed.roles[role.index()].name.clone()),
            _ => None,
        })
        .collect();
    if calls.is_empty() || roles.is_empty() {
        return events;
    }
    let mut chance = Chance::new(seed);
    let at = *chance.one(&calls);
    let by = Person { id: "sam".to_owned(), roles: vec![chance.one(&roles).clone()] };
    let (run, call) = events[at].clone();
    let scope = match (&call.kind, chance.below(3)) {
        (EventKind::Call(call), 0) => Scope::Verb(call.verb.clone()),
        (_, 1) => Scope::Policy,
        _ => Scope::Job,
    };
    events.insert(at, (run, Event { at: call.at, kind: EventKind::Pause(Stopper { scope, by }) }));
    events.truncate(at + 4);
    let mut both = Both::new(&subject.policy, &subject.typed);
    events.iter().for_each(|(run, event)| drop(both.tell(run, event)));
    both.agree(&subject.origin);
    events
}

/// What an answer decides: the outcome of a call, or that something was undone, expired, ended or refused.
fn ending(answer: &str) -> Option<String> {
    let json = Json::read(answer.as_bytes()).expect("an answer is JSON");
    let member = |name: &str| json.get(name).and_then(Json::as_text).unwrap_or_default();
    let (event, outcome) = (member("answer"), member("outcome"));
    if OUTCOMES.contains(&outcome) {
        return Some(outcome.to_owned());
    }
    match event {
        "undo" | "end" | "pause" => Some(format!("{event} {outcome}")),
        "approval" => Some("approval refused".to_owned()),
        _ if json.get("escalated").is_some() => Some("(escalated)".to_owned()),
        _ if json.get("settled").is_some() => Some("(expired)".to_owned()),
        _ => None,
    }
}
