//! The language's reference: its examples, one after the other, are one policy; it compiles without a word, and its tests pass.

use agentc::testing::run_test;
use agentc_compiler::compile;
use agentc_compiler::diagnostic::render;
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_runtime::policy::Policy;
use agentc_tests::both::Both;

/// The page's blocks, each on the lines that it has there.
fn policy(page: &str) -> String {
    let mut inside = false;
    let lines = page.lines().map(|line| match line {
        "```agentpolicy" => {
            inside = true;
            ""
        }
        "```" => {
            inside = false;
            ""
        }
        line if inside => line,
        _ => "",
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_reference_is_a_policy_whose_tests_pass() {
    let text = policy(include_str!("../../grammar/reference.md"));
    let library = agentc_stdlib::library();
    let compiled = compile(SourceFile { name: "reference.md".into(), text }, &NoFiles, &library);
    assert!(
        compiled.diagnostics.is_empty(),
        "{}",
        render::human(&compiled.diagnostics, &compiled.places(), render::Colour::Plain)
    );
    let typed = compiled.typed.unwrap();
    let policy = Policy::new(compiled.program.unwrap(), &library).unwrap();
    assert_eq!(typed.tests.len(), 5);
    for test in &typed.tests {
        let mut both = Both::new(&policy, &typed);
        let ran = run_test(&typed, test, &mut both);
        assert_eq!(ran.mismatch, None, "{}", test.name);
        assert!(both.disagreements.is_empty(), "{}: {:?}", test.name, both.disagreements);
    }
}
