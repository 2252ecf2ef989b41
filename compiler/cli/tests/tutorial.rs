//! The tutorial, step by step as a newcomer takes it: every file it shows is written, every command runs, and prints what the page says.
//!
//! A block `agentpolicy,file=NAME` is a whole file; `below=TEXT` goes into `leads.agentpolicy` below the line that begins with that text, `append` at its
//! end; `text` is what the commands of the block before it print. `AGENTC_BLESS=1` writes those anew; look at the difference before you keep it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const POLICY: &str = "leads.agentpolicy";

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/leads")
}

/// What the commands print, a line of standard error as it comes after those of standard output.
fn run(commands: &str, folder: &Path) -> String {
    let mut printed = String::new();
    for line in commands.lines() {
        let mut words = line.split_whitespace();
        assert_eq!(words.next(), Some("agentc"), "{line}");
        let ended = Command::new(env!("CARGO_BIN_EXE_agentc")).args(words).current_dir(folder).output().unwrap();
        assert_ne!(ended.status.code(), Some(2), "`{line}` could not run: {}", String::from_utf8_lossy(&ended.stderr));
        printed.push_str(&String::from_utf8_lossy(&ended.stdout));
        printed.push_str(&String::from_utf8_lossy(&ended.stderr));
    }
    printed.lines().map(|line| format!("{}\n", without_size(line))).collect()
}

/// A line without the size and the digest of an artifact, which each version of the compiler has its own of.
fn without_size(line: &str) -> String {
    let parts = line.split_once(": ").zip(line.split_once(", digest sha256:"));
    let Some(((file, _), (_, digest))) = parts else { return line.to_owned() };
    let (_, after) = digest.split_at(64);
    format!("{file}: … bytes, digest sha256:…{after}")
}

fn below(policy: &str, line: &str, added: &str) -> String {
    let mut text = String::new();
    let mut found = false;
    for known in policy.lines() {
        text.push_str(known);
        text.push('\n');
        if !found && known.trim_start().starts_with(line) {
            found = true;
            text.push_str(added);
        }
    }
    assert!(found, "no line begins with `{line}`");
    text
}

#[test]
fn every_step_does_what_the_page_says() {
    let page = fs::read_to_string(example().join("TUTORIAL.md")).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tutorial");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::copy(example().join("tutorial/crm.json"), folder.join("crm.json")).unwrap();
    let policy = folder.join(POLICY);

    let (mut blessed, mut printed, mut wrong) = (String::new(), String::new(), Vec::new());
    let mut steps = Vec::new();
    let mut rest = page.as_str();
    while let Some((before, block)) = rest.split_once("```") {
        let (info, block) = block.split_once('\n').expect("a block begins with a line");
        let (body, after) = block.split_once("```").expect("a block ends");
        let mut shown = body.to_owned();
        let current = fs::read_to_string(&policy).unwrap_or_default();
        match info.split_once(',') {
            None if info == "sh" => printed = run(body, &folder),
            None if info == "text" => {
                steps.push(printed.clone());
                if body != printed {
                    wrong.push(format!("the page says\n{body}and the commands print\n{printed}"));
                }
                shown.clone_from(&printed);
            }
            Some(("agentpolicy", "append")) => fs::write(&policy, format!("{current}\n{body}")).unwrap(),
            Some(("agentpolicy", place)) => match place.split_once('=') {
                Some(("file", name)) => fs::write(folder.join(name), body).unwrap(),
                Some(("below", line)) => fs::write(&policy, below(&current, line, body)).unwrap(),
                _ => panic!("the tutorial has no `{place}`"),
            },
            _ => panic!("the tutorial has no block `{info}`"),
        }
        blessed.push_str(&format!("{before}```{info}\n{shown}```"));
        rest = after;
    }
    blessed.push_str(rest);
    assert_eq!(steps.len(), 6, "six steps print something");
    if std::env::var_os("AGENTC_BLESS").is_some() {
        fs::write(example().join("TUTORIAL.md"), &blessed).unwrap();
    } else {
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn a_changed_tool_is_found_as_the_page_promises() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tutorial_drift");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let tools = fs::read_to_string(example().join("tutorial/crm.json")).unwrap();
    fs::write(folder.join("crm.json"), &tools).unwrap();
    run("agentc import mcp crm.json --server hubspot -o crm.agentpolicy\nagentc build crm.agentpolicy --tools crm.json", &folder);
    fs::write(folder.join("crm.json"), tools.replace("Adds a note", "Mails the lead, then adds a note")).unwrap();
    let said = run("agentc check crm.agentpolicy --tools crm.json --format short", &folder);
    assert!(said.contains("the tool `add_note` has changed since it was pinned: what it says of itself"), "{said}");
}
