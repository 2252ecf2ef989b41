//! Every example of every library function, as a policy's author would write it, through both evaluators.

use agentc_compiler::compile;
use agentc_compiler::diagnostic::render;
use agentc_compiler::source::{NoFiles, Places};
use agentc_compiler::typed::SourceFile;
use agentc_runtime::event::Event;
use agentc_runtime::json::Json;
use agentc_runtime::library::{Function, Shape};
use agentc_runtime::policy::Policy;
use agentc_tests::both::Both;
use agentc_tests::corpus::library;

/// Each example of the library: its function, its call and what that gives.
fn examples() -> Vec<(&'static Function, &'static str, &'static str)> {
    let library = library();
    let of = |function: &'static Function| function.examples.iter().map(move |example| (function, example.call, example.gives));
    library.functions.iter().copied().flat_map(of).collect()
}

/// A policy with one read for each example, allowed when the example holds.
fn policy(examples: &[(&Function, &str, &str)]) -> String {
    let mut verbs = String::new();
    let mut rules = String::new();
    for (at, (function, call, gives)) in examples.iter().enumerate() {
        verbs.push_str(&format!("  read example_{at}() -> Text\n"));
        let holds = match (function.result, *gives) {
            (Shape::Optional(_), "none") => format!("{call} is absent"),
            (Shape::Optional(_), _) => format!("{call} is not absent and ({call} ?? {gives}) == {gives}"),
            _ => format!("{call} == {gives}"),
        };
        rules.push_str(&format!("  allow read library.example_{at} when {holds}\n"));
    }
    format!(
        "policy test.library {{ version \"1\"; owner \"tests\" }}\n\
         tool library on mcp \"library\" {{\n{verbs}}}\n\
         job hold_examples {{\n  purpose \"Hold the examples of the library.\"\n{rules}}}\n"
    )
}

#[test]
fn every_example_of_a_function_holds() {
    let examples = examples();
    let text = policy(&examples);
    let compiled = compile(SourceFile { name: "library.agentpolicy".to_owned(), text }, &NoFiles, &library());
    let places = Places::new(&compiled.files);
    let errors: Vec<String> =
        compiled.diagnostics.iter().filter(|found| found.is_error()).map(|found| render::short(found, &places)).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let typed = compiled.typed.as_ref().expect("there is no error");
    let policy = Policy::new(compiled.program.clone().expect("there is no error"), &library()).expect("it was just compiled");
    let mut both = Both::new(&policy, typed);
    let at = ("at", Json::text("2026-05-04T10:00:00Z"));
    let open = [("event", "open"), ("run", "run"), ("job", "hold_examples")].map(|(name, value)| (name, Json::text(value)));
    let agent = ("agent", Json::object([("id", Json::text("agent")), ("roles", Json::List(Vec::new()))]));
    both.send(&Event::from_json(Json::object(open.into_iter().chain([at.clone(), agent]))).expect("it is an event"));
    let mut wrong = Vec::new();
    for (number, (_, call, gives)) in examples.iter().enumerate() {
        let (id, verb) = (format!("c{number}"), format!("example_{number}"));
        let event = [
            ("event", Json::text("call")),
            ("id", Json::text(id)),
            ("verb", Json::text(verb)),
            ("args", Json::Object(Vec::new())),
        ];
        let answer = both.send(&Event::from_json(Json::object(event.into_iter().chain([at.clone()]))).expect("it is an event"));
        if answer.outcome.name() != "allow" {
            wrong.push(format!("`{call}` does not give `{gives}`: {}", answer.person));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    both.agree("the library's examples");
    assert!(examples.len() > 100, "every function but those on maps has examples");
}
