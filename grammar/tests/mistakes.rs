//! Mistakes: what is said of each, and where. The sources are in `files/mistakes`; each `===` begins one.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod show;

use std::collections::BTreeSet;

use agentc_grammar::ast::ItemKind;
use agentc_grammar::parse::{MAX_SOURCE, SyntaxError, SyntaxErrorKind, parse};
use show::show;

const FILES: [(&str, &str); 8] = [
    ("words", include_str!("files/mistakes/words.txt")),
    ("signs", include_str!("files/mistakes/signs.txt")),
    ("literals", include_str!("files/mistakes/literals.txt")),
    ("brackets", include_str!("files/mistakes/brackets.txt")),
    ("shapes", include_str!("files/mistakes/shapes.txt")),
    ("characters", include_str!("files/mistakes/characters.txt")),
    ("more", include_str!("files/mistakes/more.txt")),
    ("five", include_str!("files/mistakes/five.txt")),
];

/// The source with each mistake under the line it is in: its place, message, label and help.
fn drawn(source: &str) -> String {
    let errors = parse(source).errors;
    let mut out = String::new();
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        out.push_str(&line.replace(|c: char| c.is_control() && c != '\n', "·"));
        let end = start + line.len();
        for error in &errors {
            let at = error.span.start as usize;
            if (start..end).contains(&at) || (end == source.len() && at == end) {
                out.push_str(&under(source, start, error));
            }
        }
        start = end;
    }
    out
}

fn under(source: &str, line: usize, error: &SyntaxError) -> String {
    let indent = source[line..error.span.start as usize].chars().count();
    let place = error.span.text(source).lines().next().unwrap_or("").chars().count();
    let margin = " ".repeat(indent);
    let mark = if place == 0 { "!".to_owned() } else { "^".repeat(place) };
    let help = error.help().map(|help| format!("{margin}help: {help}\n")).unwrap_or_default();
    format!("{margin}{mark} {}\n{margin}label: {}\n{help}", error.message(), error.label())
}

fn cases(file: &str) -> impl Iterator<Item = (&str, &str)> {
    file.split("=== ").skip(1).map(|case| case.split_once('\n').unwrap())
}

#[test]
fn every_mistake_has_its_words_and_its_place() {
    for (name, file) in FILES {
        let shown: Vec<String> = cases(file).map(|(title, source)| format!("=== {title}\n{}", drawn(source))).collect();
        insta::assert_snapshot!(name, shown.join("\n"));
    }
}

#[test]
fn every_kind_of_mistake_is_shown() {
    let deep = format!("let x = {}", "(".repeat(200));
    let long = " ".repeat(MAX_SOURCE + 1);
    let sources = FILES.iter().flat_map(|(_, file)| cases(file)).map(|(_, source)| source).chain([deep.as_str(), long.as_str()]);
    let kinds: BTreeSet<String> = sources
        .flat_map(|source| parse(source).errors)
        .map(|error| format!("{:?}", error.kind).split([' ', '{']).next().unwrap().to_owned())
        .collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    assert_eq!(
        kinds,
        [
            "BadEscape",
            "BadLiteral",
            "ChainedComparison",
            "Foreign",
            "ForeignComment",
            "ForeignQuotes",
            "Misplaced",
            "Missing",
            "MissingSeparator",
            "Misspelled",
            "MixedAndOr",
            "Repeated",
            "Reserved",
            "StrangeCharacter",
            "StrayBracket",
            "TooDeep",
            "TooLong",
            "UnclosedBracket",
            "UnclosedText",
            "Unexpected",
        ]
    );
}

#[test]
fn no_message_names_a_rule_of_the_grammar_or_a_type() {
    let rules: Vec<&str> = include_str!("../agentpolicy.pest")
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(rule, _)| rule.trim())
        .collect();
    for (_, source) in FILES.iter().flat_map(|(_, file)| cases(file)) {
        for error in parse(source).errors {
            let words = format!("{} {} {}", error.message(), error.label(), error.help().unwrap_or_default());
            let plain: String = words.split('`').step_by(2).collect();
            let named =
                plain.split(|c: char| !(c.is_alphanumeric() || c == '_')).find(|word| word.contains('_') && rules.contains(word));
            assert_eq!(named, None, "{words}");
            assert!(!plain.contains("Rule") && !plain.contains("Some("), "{words}");
            assert!(!error.message().ends_with('.') && !error.label().ends_with('.'), "{words}");
        }
    }
}

/// The good members around the mistakes of one file.
#[test]
fn the_members_around_a_mistake_are_kept() {
    let source = include_str!("files/mistakes/five.txt").split_once('\n').unwrap().1;
    let parse = parse(source);
    let lines: Vec<usize> = parse.errors.iter().map(|error| source[..error.span.start as usize].lines().count()).collect();
    assert_eq!(lines, [2, 4, 8, 13, 14]);
    let items: String = parse.file.items.iter().map(|item| show(item) + "\n").collect();
    insta::assert_snapshot!("five_kept", items);
}

/// A mistake put into each line of a file in turn is found on that line or, where the line before it may go on, next to it; every other
/// declaration is kept as it was.
#[test]
fn a_mistake_on_any_line_is_one_error_and_spoils_one_declaration() {
    let source = include_str!("../../examples/refunds/refunds.agentpolicy");
    let whole = parse(source).file;
    let lines: Vec<&str> = source.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        if line.trim().is_empty() || line.contains("//") || line.trim() == "}" {
            continue;
        }
        let mut broken: Vec<&str> = lines.clone();
        let changed = format!("{line} = =");
        broken[number] = &changed;
        let broken = broken.join("\n");
        let parse = parse(&broken);
        let messages: Vec<String> = parse.errors.iter().map(SyntaxError::message).collect();
        assert_eq!(parse.errors.len(), 1, "{changed}: {messages:?}");
        let found = broken[..parse.errors[0].span.start as usize].matches('\n').count();
        assert!(found == number || found == number + 1, "{changed}: found on line {found}");
        let lost = whole.items.len() - parse.file.items.len();
        assert!(lost <= 1, "{changed}: {lost} declarations are lost");
    }
}

#[test]
fn one_bad_member_leaves_the_others() {
    let source = "job j {\n  purpose \"p\"\n  allow nonsense ! here\n  never a.b\n  gate g on a.b {\n    approvers user\n    expires soon\n    show x\n  }\n}\n";
    let parse = parse(source);
    let [item] = parse.file.items.as_slice() else { panic!("one item") };
    let ItemKind::Job(job) = &item.kind else { panic!("a job") };
    assert_eq!(show(&job.members).matches("Member{").count(), 3);
    assert!(show(&job.members).contains("show: [Name(\"x\")]"));
    let places: Vec<&str> = parse.errors.iter().map(|error| error.span.text(source)).collect();
    assert_eq!(places, ["!", "soon"]);
    assert!(matches!(parse.errors[1].kind, SyntaxErrorKind::Unexpected { .. }));
}
