//! Each page's *Wrong* example gives exactly its code, its *Right* example nothing at all.
//!
//! The info string of a block says how it stands in the prelude: alone it follows it, `job` puts it into the prelude's job, `file` makes it
//! the whole file, `module=a.b` makes it a module beside it. With `repeat=N`, text in «» stands for N copies of itself. A block `json,tools` is a list of
//! real tools that the policy is compared with, `json,pinned` one that was pinned before.
//!
//! An example shows one thing and is no policy that somebody would run. So what the analyses say of a whole policy (its readiness, whom its
//! writes may hit, which rules do nothing) is held against the pages of those analyses alone.

use crate::{Modules, compile_text};
use agentc_compiler::diagnostic::Code;
use agentc_compiler::diagnostic::codes::CODES;
use agentc_compiler::diagnostic::render;
use agentc_compiler::tools::{ToolList, pins};

const PRELUDE: &str = include_str!("../../../compiler/errors/prelude.agentpolicy");

/// The blocks of one part of a page: info string and text.
fn blocks(page: &str, part: &str) -> Vec<(String, String)> {
    let from = page.split_once(&format!("\n## {part}\n")).map_or("", |(_, rest)| rest);
    let section = from.split("\n## ").next().unwrap_or("");
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in section.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// The text with every «x» repeated.
fn repeated(text: &str, times: usize) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('«') {
        let (inside, tail) = after.split_once('»').expect("a « has its »");
        out.push_str(before);
        out.push_str(&inside.repeat(times));
        rest = tail;
    }
    out + rest
}

/// The root file and the modules that the blocks of an example make.
fn whole(blocks: &[(String, String)]) -> (String, Modules) {
    let mut root = PRELUDE.to_owned();
    let mut modules = Modules::default();
    for (info, text) in blocks.iter().filter(|(info, _)| !info.starts_with("json,")) {
        let words: Vec<&str> = info.split(',').collect();
        assert_eq!(words.first(), Some(&"agentpolicy"), "a block of an example is a policy");
        let times = words.iter().find_map(|word| word.strip_prefix("repeat="));
        let text = times.map_or(text.clone(), |times| repeated(text, times.parse().unwrap()));
        if let Some(module) = words.iter().find_map(|word| word.strip_prefix("module=")) {
            modules.0.insert(module.to_owned(), text);
        } else if words.contains(&"file") {
            root = text;
        } else if words.contains(&"job") {
            root = root.replace("  // members\n", &text);
        } else {
            root.push_str(&text);
        }
    }
    (root, modules)
}

/// The *Wrong* example of each page: the code, the text and its modules.
pub(crate) fn wrong_examples() -> impl Iterator<Item = (String, String, Modules)> {
    CODES.iter().map(|code| {
        let (text, modules) = whole(&blocks(code.page, "Wrong"));
        (code.id.to_owned(), text, modules)
    })
}

/// What a code speaks of: a policy as a whole (AP0406 to AP0419 trust, AP08 readiness and declarations), rules that do nothing (AP09), proofs (AP10),
/// or what is wrong wherever it stands.
fn family(code: &str) -> &'static str {
    match code {
        code if code.starts_with("AP08") || ("AP0406".."AP0420").contains(&code) => "whole policies",
        code if code.starts_with("AP09") => "rules that do nothing",
        code if code.starts_with("AP10") => "proofs",
        _ => "everywhere",
    }
}

/// The codes that an example gives, and everything it gives as text.
fn outcome(code: &Code, part: &str) -> (Vec<&'static str>, String) {
    let blocks = blocks(code.page, part);
    if blocks.is_empty() {
        return (vec!["none"], format!("the part *{part}* has no example"));
    }
    let (root, modules) = whole(&blocks);
    let mut compiled = compile_text("example.agentpolicy", &root, &modules);
    let list = |info: &str| {
        let (_, text) = blocks.iter().find(|(found, _)| found == info)?;
        Some(ToolList::read(None, "tools.json", text.as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", code.id)))
    };
    if let Some(tools) = list("json,tools") {
        let typed = compiled.typed.as_ref().unwrap_or_else(|| panic!("{}: the example compiles", code.id));
        let pinned = list("json,pinned").map(|list| pins(typed, &[list]).unwrap()).unwrap_or_default();
        compiled.compare_tools(&[tools], &pinned).unwrap();
    }
    let counts = |found: &str| [family(code.id), "everywhere"].contains(&family(found));
    let said = compiled.diagnostics.iter().filter(|found| counts(found.code.id));
    let (codes, lines): (Vec<_>, Vec<String>) =
        said.map(|found| (found.code.id, render::short(found, &compiled.places()))).unzip();
    (codes, lines.join("\n"))
}

#[test]
fn every_wrong_example_gives_its_code_and_no_other() {
    let mut failed = Vec::new();
    for code in CODES {
        let (codes, text) = outcome(code, "Wrong");
        if codes.is_empty() || codes.iter().any(|found| *found != code.id) {
            failed.push(format!("{}: {text}", code.id));
        }
    }
    assert!(failed.is_empty(), "these examples do not give their code alone:\n{}", failed.join("\n"));
}

#[test]
fn every_right_example_gives_nothing() {
    let mut failed = Vec::new();
    for code in CODES {
        let (codes, text) = outcome(code, "Right");
        if !codes.is_empty() {
            failed.push(format!("{}: {text}", code.id));
        }
    }
    assert!(failed.is_empty(), "these examples are not right:\n{}", failed.join("\n"));
}

#[test]
fn the_prelude_alone_is_right() {
    let compiled = compile_text("prelude.agentpolicy", PRELUDE, &Modules::default());
    let lines: Vec<String> = compiled.diagnostics.iter().map(|found| render::short(found, &compiled.places())).collect();
    assert_eq!(lines, Vec::<String>::new());
    assert!(compiled.program.is_some());
}

#[test]
fn every_page_belongs_to_a_code() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/errors");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let known = CODES.iter().any(|code| name == format!("{}.md", code.id));
        assert!(known || name == "prelude.agentpolicy", "{name} is the page of no code");
    }
}
