//! Runs the command and says what it printed.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run of the command came to.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Standard output and standard error together.
    pub(crate) fn both(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// Whether a check found no error; warnings there may be.
    pub(crate) fn has_no_error(&self) -> bool {
        self.code == Some(0) && !self.both().contains("error[")
    }
}

/// The repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An empty folder of the test's own.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder of temporary files can be written");
    folder
}

/// A file in a folder of the test's own.
pub(crate) fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("the folder of temporary files can be written");
    path
}

/// Runs a command to its end with these bytes on standard input. A panic is a failure whatever the test asks.
pub(crate) fn finish(mut command: Command, input: &[u8]) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    let input = input.to_vec();
    // It may stop before it has read everything, which is its right.
    let writing = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let ended = child.wait_with_output().expect("the command ends");
    writing.join().expect("writing ends with the command");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let ran = Ran { code: ended.status.code(), out: text(ended.stdout), err: text(ended.stderr) };
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    assert!(ran.code.is_some(), "a signal ended it: {}", ran.err);
    ran
}

/// `agentc` with these arguments, in a folder, with these bytes on standard input.
pub(crate) fn agentc_in(folder: &Path, arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentc"));
    command.args(arguments).current_dir(folder);
    finish(command, input)
}

/// What `agentc run` answers to events, as JSON lines; the answer to the opening of the run is left out. The policy is the refunds
/// example, and the run begins at 10:00:00.
pub(crate) fn refunds(events: &[u8]) -> Ran {
    run_refunds(&[], events)
}

/// The same with further arguments.
pub(crate) fn run_refunds(more: &[&str], events: &[u8]) -> Ran {
    let mut arguments = vec![
        "run",
        "refunds.agentpolicy",
        "--job",
        "triage_refunds",
        "--input",
        "input.json",
        "--records",
        "records.json",
        "--at",
        "2026-05-04T10:00:00Z",
        "--format",
        "jsonl",
    ];
    arguments.extend(more);
    let mut ran = agentc_in(&repository().join("examples/refunds"), &arguments, events);
    ran.out = ran.out.lines().skip(1).map(|line| format!("{line}\n")).collect();
    ran
}

/// What each answer says: its outcome, the rule that decided and the sentence for a person.
pub(crate) fn said(ran: &Ran) -> Vec<(String, String, String)> {
    let answers = ran.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("an answer is JSON"));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    answers.map(|answer| (text(&answer["outcome"]), text(&answer["by"]["rule"]), text(&answer["person"]))).collect()
}

/// The outcomes and the rules that decided, one word an answer: `allow by allow_shop`.
pub(crate) fn outcomes(ran: &Ran) -> Vec<String> {
    let one =
        |(outcome, rule, _): (String, String, String)| if rule.is_empty() { outcome } else { format!("{outcome} by {rule}") };
    said(ran).into_iter().map(one).collect()
}
