//! The language's reference: its examples, one after the other, are four policies; each compiles without a word, and its tests pass. That they show every
//! alternative of the grammar is held in `grammar/src/parse/alternatives.rs`.

use agentc::testing::run_test;
use agentc_compiler::compile;
use agentc_compiler::diagnostic::render;
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_runtime::policy::Policy;
use agentc_tests::both::Both;

const PAGE: &str = include_str!("../../grammar/reference.md");

/// The page's blocks that begin so, each on the lines that it has there.
fn policy(page: &str, info: &str) -> String {
    let mut inside = false;
    let lines = page.lines().map(|line| match line {
        line if line.strip_prefix("```") == Some(info) => {
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

/// Compiles a policy of the page without a word, and runs its tests in both evaluators.
fn holds(info: &str, tests: usize) {
    let text = policy(PAGE, info);
    let library = agentc_stdlib::library();
    let compiled = compile(SourceFile { name: "reference.md".into(), text }, &NoFiles, &library);
    assert!(
        compiled.diagnostics.is_empty(),
        "{}",
        render::human(&compiled.diagnostics, &compiled.places(), render::Colour::Plain)
    );
    let typed = compiled.typed.expect("it has no error");
    let policy = Policy::new(compiled.program.expect("it has no error"), &library).expect("it loads");
    assert_eq!(typed.tests.len(), tests);
    for test in &typed.tests {
        let mut both = Both::new(&policy, &typed);
        let ran = run_test(&typed, test, &mut both);
        assert_eq!(ran.mismatch, None, "{}", test.name);
        assert!(both.disagreements.is_empty(), "{}: {:?}", test.name, both.disagreements);
    }
}

#[test]
fn the_reference_is_a_policy_whose_tests_pass() {
    holds("agentpolicy", 5);
}

#[test]
fn the_rest_of_the_reference_is_a_policy_whose_tests_pass() {
    holds("agentpolicy,second", 7);
}

#[test]
fn the_gates_of_the_reference_are_a_policy_whose_tests_pass() {
    holds("agentpolicy,third", 5);
}

#[test]
fn the_other_forms_of_the_reference_are_a_policy_whose_tests_pass() {
    holds("agentpolicy,fourth", 3);
}
