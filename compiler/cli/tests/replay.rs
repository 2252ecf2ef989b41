//! `agentc replay` over three small runs: its tables, its JSON, its exit code, and what keeps it from running.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replay")
}

fn refunds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/refunds")
}

fn replay(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentc"));
    command.arg("replay").arg(refunds().join("refunds.agentpolicy"));
    command.arg("--records").arg(here()).arg("--data").arg(refunds());
    command.args(arguments).current_dir(here()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_tables_say_what_each_rule_stopped_and_where_it_stands() {
    let output = replay(&["--runs", "runs.jsonl", "--calls", "runs.jsonl", "--by", "kept"]);
    let said = text(&output.stdout);
    let (tables, times) = said.trim_end().rsplit_once('\n').unwrap();
    assert_eq!(tables.trim_end(), include_str!("replay/report.txt").trim_end());
    assert!(times.starts_with("18 decisions: mean "), "{times}");
    assert_eq!(output.status.code(), Some(1), "a call known to be right is stopped");
}

#[test]
fn nothing_known_to_be_right_is_stopped() {
    let output = replay(&["--calls", "right.jsonl"]);
    assert!(
        text(&output.stdout).starts_with("calls known to be right: 2 of 2 would have been allowed, 1 of 1 writes among them")
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn json_holds_every_call() {
    let output = replay(&["--runs", "runs.jsonl", "--by", "kept", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let decided = report["runs"]["decided"].as_array().unwrap();
    let outcomes: Vec<_> =
        decided.iter().map(|call| (call["run"].as_str().unwrap(), call["outcome"].as_str().unwrap())).collect();
    assert_eq!(
        outcomes,
        [
            ("small", "allow"),
            ("small", "allow"),
            ("large", "allow"),
            ("large", "approval"),
            ("stranger", "allow"),
            ("stranger", "deny"),
            ("stranger", "deny")
        ]
    );
    assert_eq!(decided[5]["rule"]["name"], "no_allow");
    assert_eq!(decided[5]["refused_by_tool"], true);
    assert_eq!(decided[6]["group"], "false");
}

#[test]
fn what_cannot_be_read_is_named() {
    for (arguments, why) in [
        (vec!["--runs", "none.jsonl"], "`none.jsonl` cannot be read"),
        (vec!["--runs", "records.json"], "`records.json`, line 1: "),
        (vec!["--runs", "runs.jsonl", "--job", "other"], "the policy has no job `other`"),
    ] {
        let output = replay(&arguments);
        let said = text(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(why), "{arguments:?}: {said}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
