//! Policies that somebody mangled: every one ends in diagnostics with places, or compiles; none panics.

use crate::{Modules, compile_text};
use agentc_compiler::diagnostic::JsonDiagnostic;
use agentc_compiler::diagnostic::render::{self, Colour};
use proptest::prelude::*;

const REFUNDS: &str = include_str!("../../../examples/refunds/refunds.agentpolicy");
const AIRLINE: &str = include_str!("../../../examples/airline/airline.agentpolicy");

/// Words, signs and blanks, so that a mangled text still looks like a policy.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |letter: char| match letter {
        letter if letter.is_alphanumeric() || letter == '_' => 0,
        letter if letter.is_whitespace() => 1,
        _ => 2,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, letter) in text.char_indices() {
        if last.is_some_and(|last| last != kind(letter) || last == 2) {
            tokens.push(&text[start..at]);
            start = at;
        }
        last = Some(kind(letter));
    }
    tokens.push(&text[start..]);
    tokens
}

/// What is done to one token.
#[derive(Debug, Clone)]
enum Mangling {
    Remove,
    Repeat,
    Swap(prop::sample::Index),
    Replace(&'static str),
}

fn mangling() -> impl Strategy<Value = Mangling> {
    let words = [
        "none",
        "{",
        "}",
        "(",
        ")",
        "[",
        "-1",
        "0",
        "99999999999999999999",
        "1e400",
        "run",
        "input",
        "now",
        "result",
        "args",
        "*",
        "shop",
        "Order",
        "Key<Order>",
        "List<Int>",
        "?",
        "where",
        "in",
        "not",
        "is absent",
        "0 USD",
        "5 EUR",
        "9999w",
        "\"\"",
        "last(shop.refund)",
        "any x in [1]: x == 1",
        "match 1 { _ => 2 }",
        "Order[1]",
        "true",
        "include",
        "when",
        "=",
        "..",
        "\u{202e}",
        "é",
    ];
    prop_oneof![
        Just(Mangling::Remove),
        Just(Mangling::Repeat),
        any::<prop::sample::Index>().prop_map(Mangling::Swap),
        prop::sample::select(words.to_vec()).prop_map(Mangling::Replace),
    ]
}

fn mangled(text: &str, manglings: &[(prop::sample::Index, Mangling)]) -> String {
    let mut tokens = tokens(text);
    for (at, mangling) in manglings {
        let at = at.index(tokens.len());
        match mangling {
            Mangling::Remove => {
                tokens.remove(at);
            }
            Mangling::Repeat => tokens.insert(at, tokens[at]),
            Mangling::Swap(other) => {
                let other = other.index(tokens.len());
                tokens.swap(at, other);
            }
            Mangling::Replace(word) => tokens[at] = word,
        }
    }
    tokens.concat()
}

fn survives(text: &str) {
    let compiled = compile_text("mangled.agentpolicy", text, &Modules::default());
    let errors = compiled.diagnostics.iter().filter(|found| found.is_error()).count();
    assert_eq!(compiled.program.is_none(), errors > 0, "a program comes out where there is no error, and only there");
    let places = compiled.places();
    for found in &compiled.diagnostics {
        assert!(!found.message.is_empty() && !found.labels.is_empty());
        for label in &found.labels {
            let file = &compiled.files[label.loc.file.index()].text;
            let (start, end) = (label.loc.span.start as usize, label.loc.span.end as usize);
            assert!(file.get(start..end).is_some(), "a place on the boundaries of characters: {found:?}");
        }
        assert!(render::short(found, &places).contains(found.code.id));
        assert_eq!(JsonDiagnostic::new(found, &places).labels.len(), found.labels.len());
    }
    let drawn = render::human(&compiled.diagnostics, &places, Colour::Plain);
    assert!(compiled.diagnostics.iter().all(|found| drawn.contains(&found.message)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_mangled_policy_is_told_what_is_wrong(
        airline in any::<bool>(),
        manglings in prop::collection::vec((any::<prop::sample::Index>(), mangling()), 1..6),
    ) {
        survives(&mangled(if airline { AIRLINE } else { REFUNDS }, &manglings));
    }

    #[test]
    fn a_policy_that_is_cut_is_told_what_is_wrong(at in any::<prop::sample::Index>()) {
        let boundaries: Vec<usize> = REFUNDS.char_indices().map(|(at, _)| at).collect();
        survives(&REFUNDS[..*at.get(&boundaries)]);
    }
}

#[test]
fn the_examples_themselves_have_no_mistakes() {
    for text in [REFUNDS, AIRLINE] {
        let compiled = compile_text("example.agentpolicy", text, &Modules::default());
        let lines: Vec<String> = compiled.diagnostics.iter().map(|found| render::short(found, &compiled.places())).collect();
        assert_eq!(lines, Vec::<String>::new());
    }
}
