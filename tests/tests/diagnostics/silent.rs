//! Policies that are right: the compiler, with every analysis, has nothing against them. Most are the twin of a file in `policies/wrong`.

use agentc::files::compile_file;
use agentc_compiler::diagnostic::render;
use agentc_tests::corpus::{policies_below, repository};
use std::path::PathBuf;

/// What is said of the policies in a folder, and how many there are.
fn said(folder: &str) -> (usize, String) {
    let policies: Vec<PathBuf> = policies_below(&repository().join(folder));
    let mut lines = Vec::new();
    for path in &policies {
        let compiled = compile_file(path).expect("the file can be read");
        let places = compiled.places();
        lines.extend(compiled.diagnostics.iter().map(|found| render::short(found, &places)));
        assert!(compiled.program.is_some() || !lines.is_empty(), "{} compiles", path.display());
    }
    (policies.len(), lines.join("\n"))
}

#[test]
fn nothing_is_said_of_right_policies() {
    let (count, lines) = said("tests/policies/silent");
    assert_eq!(lines, "", "the compiler has something against right policies");
    assert!(count >= 60, "{count} policies");
}

#[test]
fn nothing_is_said_of_the_examples() {
    let (count, lines) = said("examples");
    assert_eq!(lines, "", "the compiler has something against the examples");
    assert!(count >= 5, "{count} policies");
}
