//! The conformance vectors on both engines: the runtime compiled in, and the module under wasmtime, its ledger inside and outside.

use crate::support;
use agentc_host::{Decider, Detail, Engine, HostError, Json, MemoryLedger, Native, Tracing, Wasm, WasmOptions};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A vector: its name, and its steps: run, event, the mark and bytes of what is answered.
type Vector = (String, Vec<(String, String, (char, String))>);

/// A file of vectors: its name, the artifact, the vectors.
struct File {
    name: String,
    artifact: Vec<u8>,
    vectors: Vec<Vector>,
}

fn files() -> Vec<File> {
    let folder = support::root().join("tests/conformance");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder.join("vectors")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let artifact = std::fs::read(folder.join("policies").join(format!("{name}.agentc"))).unwrap();
        File { vectors: vectors(&std::fs::read_to_string(&path).unwrap()), name, artifact }
    };
    paths.into_iter().map(read).collect()
}

fn vectors(text: &str) -> Vec<Vector> {
    let mut vectors: Vec<Vector> = Vec::new();
    let mut sent = None;
    for line in text.lines() {
        let (mark, rest) = line.split_once(' ').unwrap();
        match mark {
            "%" => {}
            "#" => vectors.push((rest.to_owned(), Vec::new())),
            ">" => sent = rest.split_once(' '),
            _ => {
                let (run, event) = sent.take().expect("an answer follows its event");
                let answer = (mark.chars().next().unwrap(), rest.to_owned());
                vectors.last_mut().unwrap().1.push((run.to_owned(), event.to_owned(), answer));
            }
        }
    }
    vectors
}

/// The mark and the bytes of an answer.
fn said(answer: Result<Vec<u8>, HostError>) -> (char, String) {
    match answer {
        Ok(bytes) => ('<', String::from_utf8(bytes).unwrap()),
        Err(HostError::Input(why)) => ('!', why),
        Err(other) => panic!("{other}"),
    }
}

/// The outcome and the deciding rule of an answer; what is no answer is told as it is.
fn essence((mark, text): &(char, String)) -> String {
    if *mark == '!' {
        return text.clone();
    }
    let json = Json::read(text.as_bytes()).unwrap();
    let rule = json.get("by").and_then(|by| by.get("rule")).and_then(Json::as_text).unwrap_or_default();
    format!("{} by {rule}", json.get("outcome").and_then(Json::as_text).unwrap())
}

/// Answers every vector on the engines that `load` gives, a new one with an empty ledger for each: in full, briefly, and each call previewed
/// before it is sent. Says so.
fn holds(name: &str, mut load: impl FnMut(&[u8]) -> Box<dyn Engine>) {
    let (mut told, mut steps, mut previews) = (0_usize, 0_usize, 0_usize);
    for File { name, artifact, vectors } in files() {
        for (title, lines) in vectors {
            let engines = [load(&artifact), load(&artifact)];
            let mut runs: BTreeMap<String, [Box<dyn Decider>; 2]> = BTreeMap::new();
            for (number, (run, event, wanted)) in (1..).zip(lines) {
                let place = format!("{name}, `{title}`, step {number}: {event}");
                let begin = || engines.each_ref().map(|engine| engine.begin(Tracing::Dropped).unwrap());
                let [full, brief] = runs.entry(run).or_insert_with(begin);
                let preview =
                    full.preview(event.as_bytes()).map(|preview| format!("{} by {}", preview.outcome.name(), preview.rule));
                assert_eq!(said(full.send(event.as_bytes())), wanted, "{place}");
                let short = essence(&wanted);
                let answer = said(brief.send_in(event.as_bytes(), Detail::Brief));
                assert_eq!(essence(&answer), short, "briefly: {place}");
                assert!(
                    Json::read(answer.1.as_bytes()).is_ok_and(|answer| answer.get("person").is_none()) || wanted.0 == '!',
                    "{place}"
                );
                if wanted.1.starts_with("{\"answer\":\"call\"") && !short.starts_with("refused") {
                    assert_eq!(preview.as_ref(), Ok(&short), "previewed: {place}");
                    previews = previews.saturating_add(1);
                } else {
                    assert!(preview.is_err(), "{place}");
                }
                steps = steps.saturating_add(1);
            }
            told = told.saturating_add(1);
        }
    }
    assert!(told >= 1000, "there are only {told} vectors");
    println!("conformance: {name}: {told} vectors, {steps} steps, all identical; {steps} brief and {previews} previews agree");
}

#[test]
fn the_native_engine_answers_every_vector_with_these_bytes() {
    holds("rust (native)", |artifact| Box::new(Native::load(artifact).unwrap()));
}

/// The module, compiled once; the vectors then load their own policies into it.
fn compiled() -> Option<Wasm> {
    let options = WasmOptions { artifact: Some(support::artifact()), policies: 3, ..WasmOptions::default() };
    Some(Wasm::load(&support::module()?, options).unwrap())
}

#[test]
fn the_module_answers_every_vector_with_these_bytes() {
    let Some(module) = compiled() else { return };
    holds("rust (wasmtime, ledger inside)", |artifact| Box::new(module.with_policy(Some(artifact.to_vec()), None).unwrap()));
}

#[test]
fn the_module_with_a_ledger_outside_answers_every_vector_with_these_bytes() {
    let Some(module) = compiled() else { return };
    holds("rust (wasmtime, ledger outside)", |artifact| {
        let ledger = Arc::new(MemoryLedger::new());
        Box::new(module.with_policy(Some(artifact.to_vec()), Some(ledger)).unwrap())
    });
}
