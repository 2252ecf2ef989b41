//! A folder of policies with mistakes: the first lines of each say which diagnostics it gives, and where.
//!
//! `// expect: AP0101 at 12:5` for each of them, in the order of their places, or `// expect: nothing`. The drawings are snapshots.

use crate::{Modules, compile_text};
use agentc_compiler::diagnostic::render::{self, Colour};
use std::path::Path;

/// Their names and texts.
pub(crate) fn policies() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/wrong");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "agentpolicy"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn expected(text: &str) -> Vec<String> {
    let headers = text.lines().map_while(|line| line.strip_prefix("// expect: "));
    headers.filter(|header| *header != "nothing").map(str::to_owned).collect()
}

#[test]
fn each_policy_gives_exactly_what_its_header_says() {
    let files = policies();
    assert!(files.len() > 20, "the folder is found");
    let mut failed = Vec::new();
    for (name, text) in &files {
        assert!(text.starts_with("// expect: "), "{name} says what it expects");
        let compiled = compile_text(&format!("{name}.agentpolicy"), text, &Modules::default());
        let places = compiled.places();
        let found: Vec<String> = compiled
            .diagnostics
            .iter()
            .map(|diagnostic| {
                let loc = diagnostic.loc().expect("every diagnostic has a place");
                let (line, column) = places.line_and_column(loc.file, loc.span.start);
                format!("{} at {line}:{column}", diagnostic.code.id)
            })
            .collect();
        if found != expected(text) {
            let lines: Vec<String> = compiled.diagnostics.iter().map(|one| render::short(one, &places)).collect();
            failed.push(format!("{name}: expected {:?}, found\n  {}", expected(text), lines.join("\n  ")));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn messages_read_well() {
    for (name, text) in policies() {
        let compiled = compile_text(&format!("{name}.agentpolicy"), &text, &Modules::default());
        let drawn = render::human(&compiled.diagnostics, &compiled.places(), Colour::Plain);
        insta::with_settings!({ snapshot_path => "../snapshots/wrong", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, format!("{text}\n{}\n{drawn}", "-".repeat(80)));
        });
    }
}

#[test]
fn messages_follow_the_guide() {
    for (name, text) in policies() {
        for diagnostic in compile_text(&name, &text, &Modules::default()).diagnostics {
            let message = &diagnostic.message;
            let first = message.chars().next().unwrap();
            assert!(first.is_lowercase() || first == '`' || first.is_ascii_digit(), "{name}: lowercase first: {message}");
            assert!(!message.ends_with('.') && !message.contains('\n'), "{name}: one sentence, no full stop: {message}");
            assert_eq!(message.matches('`').count() % 2, 0, "{name}: backticks in pairs: {message}");
            assert!(!message.contains("VerbId") && !message.contains("Some("), "{name}: no type names: {message}");
        }
    }
}
