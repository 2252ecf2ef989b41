//! The library's functions, as their reference shows them: the page is up to date, and every example gives what it says.

use agentc::functions::page;
use agentc::native::Native;
use agentc::testing::Evaluator as _;
use agentc_compiler::compile;
use agentc_compiler::diagnostic::render;
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_runtime::json::Json;
use agentc_runtime::library::Shape;
use agentc_runtime::policy::Policy;
use std::collections::BTreeSet;

#[test]
fn the_page_is_up_to_date() {
    let written = include_str!("../../../grammar/functions.md");
    let now = page(&agentc_stdlib::library());
    assert!(written == now, "run `agentc explain functions > grammar/functions.md`");
}

/// Each example becomes a stop rule that fires where the call gives what it should: an answer lists all that fired.
#[test]
fn every_example_gives_what_it_says() {
    let library = agentc_stdlib::library();
    let mut rules = Vec::new();
    for function in &library.functions {
        // Maps are written in tests only, so a function of maps alone can show no call; its own unit tests hold it.
        assert!(!function.examples.is_empty() || function.name.starts_with("map."), "{} has no example", function.name);
        for example in function.examples {
            let holds = match (function.result, example.gives) {
                (_, "none") => format!("{} is absent", example.call),
                (Shape::Optional(_), gives) => format!("match {} {{ none => false, found => found == {gives} }}", example.call),
                (_, gives) => format!("{} == {gives}", example.call),
            };
            rules.push((format!("{} gives {}", example.call, example.gives), holds));
        }
    }
    let body: String = (0..).zip(&rules).map(|(at, (_, holds))| format!("  escalate example_{at} when {holds}\n")).collect();
    let text = format!(
        "policy examples {{ version \"1\"; owner \"x@example.com\" }}\njob j {{\n  purpose \"Run every example.\"\n  input {{ x: Text }}\n  done when false\n{body}}}\n"
    );
    let compiled = compile(SourceFile { name: "examples".into(), text }, &NoFiles, &library);
    let shown = render::human(&compiled.diagnostics, &compiled.places(), render::Colour::Plain);
    let policy = Policy::new(compiled.program.expect(&shown), &library).unwrap();
    let open =
        br#"{"event":"open","run":"r","job":"j","input":{"x":""},"agent":{"id":"a","roles":[]},"at":"2026-01-01T00:00:00Z"}"#;
    let answer = Native::new(&policy).answer(&Json::read(open).unwrap()).unwrap();
    let fired: BTreeSet<&str> = answer
        .get("fired")
        .and_then(Json::as_list)
        .unwrap_or_default()
        .iter()
        .filter_map(|rule| rule.get("rule")?.as_text())
        .collect();
    let wrong: Vec<&str> = (0..)
        .zip(&rules)
        .filter(|(at, _)| !fired.contains(format!("example_{at}").as_str()))
        .map(|(_, (name, _))| name.as_str())
        .collect();
    assert!(wrong.is_empty(), "these do not hold:\n{}", wrong.join("\n"));
    assert!(rules.len() > 100);
}
