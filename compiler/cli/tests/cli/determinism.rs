//! The same bytes in every process: whatever the folder, the order of files, the environment, the clock's zone and the hash seed.

use crate::support::{Ran, finish, folder, repository};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Fresh processes.
const TIMES: usize = 20;
/// What a machine may have set otherwise.
const ENVIRONMENTS: [[(&str, &str); 4]; 4] = [
    [("TZ", "UTC"), ("LANG", "C"), ("LC_ALL", "C"), ("RUST_HASH_SEED", "1")],
    [("TZ", "Asia/Tokyo"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8"), ("RUST_HASH_SEED", "2")],
    [("TZ", "America/St_Johns"), ("LANG", "de_DE.UTF-8"), ("LC_ALL", ""), ("COLUMNS", "40")],
    [("TZ", ":broken"), ("LANG", ""), ("NO_COLOR", "1"), ("HOME", "/nowhere")],
];

/// A folder of its own with the files of an example, made in an order that turns with the number.
fn copied(name: &str, number: usize) -> PathBuf {
    let folder = folder(&format!("determinism_{name}/{number}/{}", "deeper/".repeat(number % 4)));
    let entries = fs::read_dir(repository().join("examples").join(name)).expect("the example is there");
    let mut files: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    let turn = number % files.len();
    files.rotate_left(turn);
    if number % 2 == 1 {
        files.reverse();
    }
    for file in files {
        fs::copy(&file, folder.join(file.file_name().expect("a file has a name"))).expect("the folder can be written");
    }
    folder
}

/// `agentc` in that folder, in the environment of that number; the folder is named by a path where the number is odd.
fn agentc(folder: &Path, number: usize, arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentc"));
    command.args(arguments).current_dir(folder).envs(ENVIRONMENTS[number % ENVIRONMENTS.len()]);
    // The addresses that the loader chooses, and with them whatever hangs on addresses, are other ones in each process already.
    command.env("AGENTC_NOISE", "x".repeat(number * 97));
    finish(command, input)
}

#[test]
fn twenty_builds_give_the_same_bytes() {
    for (name, policy) in [("leads", "leads.agentpolicy"), ("refunds", "refunds.agentpolicy")] {
        let mut artifacts = BTreeSet::new();
        let mut told = BTreeSet::new();
        for number in 0..TIMES {
            let folder = copied(name, number);
            let out = folder.join("out.agentc");
            let place = folder.join(policy);
            let policy = if number % 2 == 1 { place.to_str().expect("a plain path") } else { policy };
            let ran = agentc(&folder, number, &["build", policy, "-o", "out.agentc"], b"");
            assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
            told.insert(ran.out);
            artifacts.insert(fs::read(out).expect("the artifact was written"));
        }
        assert_eq!((artifacts.len(), told.len()), (1, 1), "{name}: {told:?}");
    }
}

#[test]
fn the_same_events_give_the_same_answers() {
    let mut answers = BTreeSet::new();
    let events = fs::read(repository().join("examples/refunds/events.jsonl")).expect("the example has events");
    for number in 0..TIMES {
        let folder = copied("refunds", number);
        let arguments =
            ["run", "refunds.agentpolicy", "--job", "triage_refunds", "--input", "input.json", "--records", "records.json"];
        let rest = ["--at", "2026-05-04T10:00:00Z", "--format", "jsonl"];
        let ran = agentc(&folder, number, &[&arguments[..], &rest].concat(), &events);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
        assert!(ran.out.lines().count() > 5, "{}", ran.out);
        answers.insert(ran.out);
    }
    assert_eq!(answers.len(), 1, "{answers:#?}");
}

#[test]
fn files_in_any_order_give_the_same_diagnostics() {
    let wrong = repository().join("tests/policies/wrong");
    let entries = fs::read_dir(wrong).expect("the folder is there").filter_map(Result::ok).map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files.truncate(12);
    let mut told = BTreeSet::new();
    for number in 0..TIMES {
        let folder = folder(&format!("determinism_wrong/{number}"));
        let turn = number % files.len();
        files.rotate_left(turn);
        for file in &files {
            fs::copy(file, folder.join(file.file_name().expect("a file has a name"))).expect("the folder can be written");
        }
        let ran = agentc(&folder, number, &["check", ".", "--format", "json"], b"");
        told.insert((ran.code, ran.out));
    }
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told.iter().all(|(_, out)| out.matches("\"AP0").count() >= 12), "{told:#?}");
}
