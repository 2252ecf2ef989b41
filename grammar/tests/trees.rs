//! What is read from every construct of the language.
#![allow(clippy::unwrap_used, clippy::string_slice, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

mod show;

use agentc_grammar::parse::parse;
use show::show;

/// The trees of a file without mistakes.
fn trees(source: &str) -> String {
    let parse = parse(source);
    assert_eq!(parse.errors, [], "{:?}", parse.errors.first().map(|error| error.message()));
    parse.file.items.iter().map(|item| show(item) + "\n").collect()
}

/// The tree of an expression.
fn expr(source: &str) -> String {
    let whole = trees(&format!("let x = {source}"));
    let start = whole.find("value: ").unwrap() + "value: ".len();
    // Three brackets close the item, its kind and the `let`.
    whole.trim_end()[start..whole.trim_end().len() - 3].to_owned()
}

#[test]
fn refunds() {
    insta::assert_snapshot!(trees(include_str!("../../examples/refunds/refunds.agentpolicy")));
}

#[test]
fn every_construct() {
    insta::assert_snapshot!(trees(include_str!("files/every_construct.agentpolicy")));
}

#[test]
fn precedence() {
    let source = [
        "a or b or c",
        "not a == b and c",
        "not not a",
        "a + b * c - d / 2",
        "-a + b",
        "a ?? b ?? c",
        "a ?? 0 + 1 > 2",
        "(a + b) * c",
        "x in a + 1..b * 2",
        "x not in [a, b]",
        "a.b ?? c is absent",
        "a is not absent and b",
        "now in zone user.zone",
        "(now in zone \"UTC\").time",
        "x in zone",
        "trusting claim a.b == c",
        "any s in xs: s.a and s.b",
        "a and all (o, n) in zip(xs, ys): o == n",
        "(first s in xs where s.a == b).c",
        "last(shop.refund).result.id",
        "f(a)[1, b].c",
        "text.lower(x)",
        "Order[\"A-1\"].total",
        "if a then b else if c then d else e",
        "match (a, b) { (x | y, _) => 1, (none, -5) => 2, }",
        "path under \"/srv\"",
        "min(a, b)",
        "min(i in xs: i.a)",
        "by == when and count > text",
        "run saw untrusted or run.calls > 3",
        "match_all + is_open",
    ];
    let shown: Vec<String> = source.iter().map(|source| format!("{source}\n    {}", expr(source))).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn literals() {
    let source = [
        "true",
        "none",
        "1_000",
        "0.70",
        "12.5%",
        "50 USD",
        "1_000.50   EUR",
        "15m",
        "250ms",
        "2w",
        "2026-05-04",
        "2026-05-04T10:00:00Z",
        "2026-05-04T10:00:00.5+02:00",
        "08:00",
        "23:59:59",
        r#""a \"b\" \\ \n \u{e9} — é""#,
    ];
    let shown: Vec<String> = source.iter().map(|source| format!("{source}  {}", expr(source))).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn lines_end_where_nothing_goes_on() {
    let one = trees("job j { never a.b when x == y and not z because \"r\"; limit l: count() <= 3 per run by k else deny }");
    let many = trees(
        "job j\n{\n  never a.b\n    when x\n      == y // why\n\n    and not\n      z\n    because\n      \"r\"\n  limit l\n    : count() <=\n    3\n    per run\n    by k\n    else\n    deny\n}\n",
    );
    assert_eq!(one, many);
}

#[test]
fn names_may_read_like_words() {
    let words = "under delegate stage mode watch Command text by order date count first when per limit any all last run";
    for word in words.split(' ') {
        let source = format!(
            "tool t {{ write w({word}: Text, other: Text) {{ undo w({word}: {word}, other: result.{word}) }} }}\n\
             record R {{ a: Int\n{word}: Text\n}}\njob j {{ allow write t.w when {word} == other.{word} }}"
        );
        assert_eq!(parse(&source).errors, [], "{word}");
    }
}

#[test]
fn documentation_belongs_to_what_follows() {
    let source = "/// A.\n/// B.\n// not this\njob j {\n  /// C.\n  never a.b\n  never a.c\n}\n/// D.\ntool t {\n  /// E.\n  read r(\n    /// F.\n    a: Text\n  )\n}\n";
    let parse = parse(source);
    assert_eq!(parse.errors, []);
    let text = format!("{:?}", parse.file);
    let docs: Vec<&str> =
        text.match_indices("docs: Some(\"").map(|(at, found)| text[at + found.len()..].split('"').next().unwrap()).collect();
    assert_eq!(docs, ["A.\\nB.", "C.", "D.", "E.", "F."]);
}

#[test]
fn places_are_those_of_the_source() {
    let source = "job j { // é\n  never a.b // c\n    when x   ==  /* */ 3\n}\n".replace("/* */ ", "");
    let text = format!("{:?}", parse(&source).file);
    let places: Vec<&str> = text
        .match_indices("span: Span { start: ")
        .map(|(at, found)| {
            let (start, end) = text[at + found.len()..].split_once(" }").unwrap().0.split_once(", end: ").unwrap();
            &source[start.parse().unwrap()..end.parse().unwrap()]
        })
        .collect();
    for place in ["never a.b // c\n    when x   ==  3", "when x   ==  3", "x   ==  3", "==", "3", "a.b", "a", "b", "j"] {
        assert!(places.contains(&place), "{place} is not in {places:?}");
    }
    assert!(places.iter().all(|place| place.trim() == *place), "{places:?}");
}
