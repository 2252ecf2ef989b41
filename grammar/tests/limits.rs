//! Hostile sources: whatever is nested 20,000 levels deep ends in an error at once, on a small stack, in a debug build; what is
//! nested as deep as a person may write is read, in time proportional to its length.
#![allow(
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "the test measures time, and fails by panicking"
)]

use std::time::{Duration, Instant};

use agentc_grammar::ast::File;
use agentc_grammar::parse::{MAX_DEPTH, MAX_SOURCE, Parse, SyntaxErrorKind, parse};

const LEVELS: usize = 20_000;

/// A second, and room for a machine that is busy with other tests; what is not linear takes minutes.
const AT_MOST: Duration = Duration::from_secs(5);

/// Parses and drops on a thread with a 2 MB stack, and says which errors there were and how long it took.
fn on_small_stack(source: String) -> (Vec<String>, Vec<SyntaxErrorKind>, Duration) {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let run = move || {
        let start = Instant::now();
        let Parse { file, errors } = parse(&source);
        // A tree that is too deep would overflow here.
        let copy: File = file.clone();
        assert_eq!(format!("{file:?}"), format!("{copy:?}"));
        drop((file, copy));
        (
            errors.iter().map(|error| error.message()).collect(),
            errors.into_iter().map(|error| error.kind).collect(),
            start.elapsed(),
        )
    };
    thread.spawn(run).unwrap().join().unwrap()
}

fn nested(before: &str, level: &str, inner: &str, close: &str, after: &str, levels: usize) -> String {
    format!("{before}{}{inner}{}{after}", level.repeat(levels), close.repeat(levels))
}

/// Every recursive construct: what stands before, one level, the innermost, what closes one level, what stands after.
const CONSTRUCTS: [(&str, &str, &str, &str, &str, &str); 31] = [
    ("parentheses", "let x = ", "(", "1", ")", ""),
    ("lists", "let x = ", "[", "1", "]", ""),
    ("calls", "let x = ", "f(", "1", ")", ""),
    ("lookups", "let x = ", "a[", "1", "]", ""),
    ("records", "test \"t\" { call a.b(x: ", "{ a: ", "1", " }", ") }"),
    ("not", "let x = ", "not ", "true", "", ""),
    ("minus", "let x = ", "- ", "1", "", ""),
    ("minus without blanks", "let x = ", "-", "1", "", ""),
    ("conditions of if", "let x = ", "if ", "a", " then b else c", ""),
    ("branches of if", "let x = ", "if a then ", "b", " else c", ""),
    ("else if", "let x = ", "if a then b else ", "c", "", ""),
    ("match", "let x = ", "match a { b => ", "1", " }", ""),
    ("subjects of match", "let x = ", "match ", "a", " { b => 1 }", ""),
    ("any", "let x = ", "any a in b: ", "c", "", ""),
    ("lists of any", "let x = ", "any a in ", "b", ": c", ""),
    ("count", "let x = ", "count(a in b: ", "c", ")", ""),
    ("first", "let x = ", "first a in b where ", "c", "", ""),
    ("trusting", "let x = ", "trusting claim ", "c", "", ""),
    ("happened", "let x = ", "happened(a where ", "c", ")", ""),
    ("sums", "let x = a", " + a", "", "", ""),
    ("products", "let x = a", " * a", "", "", ""),
    ("defaults", "let x = a", " ?? a", "", "", ""),
    ("fields", "let x = a", ".y", "", "", ""),
    ("fields of a call", "let x = a()", ".y", "", "", ""),
    ("entries", "let x = a", "[1]", "", "", ""),
    ("types", "fn f(a: ", "List<", "Text", ">", ") -> Bool = true"),
    ("types of two", "fn f(a: ", "Map<Text, ", "Text", ">", ") -> Bool = true"),
    ("when blocks", "job j {", "when a { ", "never b.c", " }", " }"),
    ("when blocks on lines", "job j {\n", "when a {\n", "never b.c\n", "}\n", "}\n"),
    ("escalation of approvals", "job j { gate g on a.b { expires 1h ", "else then role a 1h ", "", "", "} }"),
    ("open braces", "job j ", "{", "", "", ""),
];

#[test]
fn nesting_has_an_end() {
    for (name, before, level, inner, close, after) in CONSTRUCTS {
        let (messages, kinds, time) = on_small_stack(nested(before, level, inner, close, after, LEVELS));
        assert!(kinds.contains(&SyntaxErrorKind::TooDeep), "{name}: {:?}", messages.first());
        assert!(messages.contains(&format!("nested too deeply; at most {MAX_DEPTH} levels")), "{name}");
        assert!(time < AT_MOST, "{name} took {time:?}");
        // One mistake is one error, but for brackets that are really never closed.
        if name != "open braces" {
            assert_eq!(kinds.len(), 1, "{name}: {messages:?}");
        }
    }
}

#[test]
fn ninety_levels_are_read() {
    for (name, before, level, inner, close, after) in CONSTRUCTS {
        if name == "open braces" {
            continue;
        }
        let (messages, _, time) = on_small_stack(nested(before, level, inner, close, after, MAX_DEPTH - 6));
        assert_eq!(messages, Vec::<String>::new(), "{name}");
        assert!(time < AT_MOST, "{name} took {time:?}");
    }
}

#[test]
fn brackets_that_nothing_opens_or_closes_take_linear_time() {
    for bracket in [
        "(", "[", "{", ")", "]", "}", "((((\n", "}\n}\n", "{)", "\"", "'", "/*", "<", "a{", "when", "when a\n", "match ",
        "///\n", "$",
    ] {
        let (_, _, time) = on_small_stack(format!("job j {{\n{}", bracket.repeat(LEVELS)));
        assert!(time < AT_MOST, "{bracket} took {time:?}");
    }
}

#[test]
fn mistakes_inside_nesting_are_found_in_linear_time() {
    for (name, before, level, _, close, after) in CONSTRUCTS {
        let (messages, _, time) = on_small_stack(nested(before, level, "= = =", close, after, 60));
        assert!(!messages.is_empty(), "{name}");
        assert!(time < AT_MOST, "{name} took {time:?}");
    }
}

#[test]
fn a_source_has_a_greatest_length() {
    let (messages, ..) = on_small_stack(" ".repeat(MAX_SOURCE));
    assert_eq!(messages, Vec::<String>::new());
    let (messages, ..) = on_small_stack(" ".repeat(MAX_SOURCE + 1));
    assert_eq!(messages, [format!("the file is too long; at most {MAX_SOURCE} bytes")]);
}

#[test]
fn a_long_file_of_mistakes_takes_linear_time() {
    let members = "  never a.b when x = 3\n".repeat(1_000);
    let (messages, _, time) = on_small_stack(format!("job j {{\n{members}}}\n"));
    assert_eq!(messages.len(), 1_000);
    assert!(time < AT_MOST, "took {time:?}");
}
