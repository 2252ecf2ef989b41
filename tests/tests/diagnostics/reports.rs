//! The forms of a diagnostic: one line, JSON, colour, and an error for `?`.

use crate::{Modules, compile_text};
use agentc_compiler::Compiled;
use agentc_compiler::diagnostic::JsonDiagnostic;
use agentc_compiler::diagnostic::render::{self, Colour};

const WRONG: &str = "policy acme.desk { version \"1\" }\nrole auditor\nrole auditor\n";

fn wrong() -> Compiled {
    compile_text("desk.agentpolicy", WRONG, &Modules::default())
}

#[test]
fn one_line_says_place_code_and_message() {
    let compiled = wrong();
    let lines: Vec<String> = compiled.diagnostics.iter().map(|found| render::short(found, &compiled.places())).collect();
    assert_eq!(lines, ["desk.agentpolicy:3:6: error[AP0102]: the role `auditor` is declared twice"]);
}

#[test]
fn json_has_places_in_lines_columns_and_bytes() {
    let compiled = wrong();
    let json = JsonDiagnostic::new(&compiled.diagnostics[0], &compiled.places());
    let expected = serde_json::json!({
        "code": "AP0102",
        "severity": "error",
        "message": "the role `auditor` is declared twice",
        "labels": [
            {
                "file": "desk.agentpolicy",
                "start": { "line": 3, "column": 6, "offset": 51 },
                "end": { "line": 3, "column": 13, "offset": 58 },
                "text": "declared again here"
            },
            {
                "file": "desk.agentpolicy",
                "start": { "line": 2, "column": 6, "offset": 38 },
                "end": { "line": 2, "column": 13, "offset": 45 },
                "text": "first declared here"
            }
        ],
        "notes": [],
        "help": "give one of them another name, or remove it"
    });
    assert_eq!(serde_json::to_value(json).unwrap(), expected);
}

#[test]
fn colour_changes_nothing_but_colour() {
    let compiled = wrong();
    let coloured = render::human(&compiled.diagnostics, &compiled.places(), Colour::Ansi);
    let plain = render::human(&compiled.diagnostics, &compiled.places(), Colour::Plain);
    assert!(coloured.contains("\u{1b}[") && !plain.contains('\u{1b}'));
    let escape = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert_eq!(escape.replace_all(&coloured, ""), plain);
}

#[test]
fn an_embedder_gets_one_error_that_holds_all() {
    let text = format!("{WRONG}role clerk\nrole clerk\n");
    let report = compile_text("desk.agentpolicy", &text, &Modules::default()).into_program().unwrap_err();
    assert_eq!(report.to_string(), "the role `auditor` is declared twice");
    let related: Vec<String> = miette::Diagnostic::related(&report).unwrap().map(ToString::to_string).collect();
    assert_eq!(related, ["the role `clerk` is declared twice"]);
    assert_eq!(miette::Diagnostic::code(&report).unwrap().to_string(), "AP0102");
}
