//! 20,000 levels of every recursive construct end in an error, soon, on an ordinary stack.
#![cfg(unix)]

use crate::support::{Ran, file, finish, folder};
use std::path::Path;
use std::process::Command;

/// How deep.
const LEVELS: usize = 20_000;

/// `agentc check` with the stack that most systems give, 2 GB of addresses and 20 seconds of processor time, which an unoptimised build on a
/// busy machine does not need.
fn check(folder: &Path, name: &str, text: &str) -> Ran {
    file(folder, &format!("{name}.agentpolicy"), text);
    let limits = "ulimit -s 8192; ulimit -v 2000000; ulimit -t 20; exec \"$0\" check \"$1\" --format short";
    let mut command = Command::new("bash");
    command.args(["-c", limits, env!("CARGO_BIN_EXE_agentc"), &format!("{name}.agentpolicy")]).current_dir(folder);
    finish(command, b"")
}

/// A policy whose one condition is this.
fn policy(condition: &str) -> String {
    format!(
        "policy a.b {{ version \"1\" }}\n\
         source s {{ record R by id {{ id: Text, n: Int, xs: List<Int> }}\n fetch R by host\n fresh for 1m }}\n\
         tool t {{ write w(r: Key<R>, x: Int) {{ irreversible }} }}\n\
         job j {{ purpose \"x\"\n input {{ a: Text }}\n allow write t.w when {condition}\n}}\n"
    )
}

/// What opens a level, what is inside all of them, what closes one.
fn nested(open: &str, inside: &str, close: &str) -> String {
    format!("{}{inside}{}", open.repeat(LEVELS), close.repeat(LEVELS))
}

#[test]
fn expressions() {
    let folder = folder("nesting_expressions");
    let cases = [
        ("parentheses", nested("(", "1", ")")),
        ("open_parentheses", nested("(", "1", "")),
        ("not", nested("not ", "true", "")),
        ("minus", nested("-", "1", "")),
        ("lists", nested("[", "1", "]")),
        ("records", nested("{a: ", "1", "}")),
        ("then", nested("if true then ", "true", " else true")),
        ("else", nested("if true then true else ", "true", "")),
        ("conditions", nested("if ", "true", " then true else true")),
        ("matches", nested("match x { _ => ", "true", " }")),
        ("loops", nested("any q in r.xs: ", "true", "")),
        ("lists_of_loops", nested("any q in (all q in ", "r.xs: true", ")")),
        ("counts", nested("count(q in ", "r.xs: true", ")")),
        ("lookups", nested("R[", "r", "]")),
        ("fields", nested("r", ".n", ".n")),
        ("functions", nested("int.abs(", "x", ")")),
        ("sums", nested("x + ", "x", "")),
        ("defaults", nested("x ?? ", "x", "")),
        ("firsts", nested("(first q in ", "r.xs where true", ")")),
        ("histories", nested("happened(t.w where ", "true", ")")),
        ("trusting", nested("trusting claim ", "x", "")),
        ("zones", nested("", "now", " in zone \"UTC\"")),
    ];
    for (name, condition) in cases {
        let ran = check(&folder, name, &policy(&condition));
        assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""), "{name}");
        assert!(ran.out.lines().count() < 20, "{name}: {}", ran.out);
        let deep = ran.out.contains("error[AP0019]: nested too deeply; at most 96 levels");
        // A row of fields or of signs that cannot stand is refused for what it is.
        assert!(deep || matches!(name, "fields"), "{name}: {}", ran.out);
    }
}

#[test]
fn long_rows_are_no_nesting() {
    let folder = folder("nesting_rows");
    for (name, condition) in [
        ("and", format!("true{}", " and true".repeat(LEVELS))),
        ("or", format!("x == 1{}", " or x == 2".repeat(LEVELS))),
        ("list", format!("x in [{}1]", "1, ".repeat(LEVELS))),
    ] {
        let ran = check(&folder, name, &policy(&condition));
        assert!(ran.has_no_error(), "{name}: {}", ran.both());
    }
}

#[test]
fn declarations() {
    let folder = folder("nesting_declarations");
    let head = "policy a.b { version \"1\" }\n";
    let cases = [
        ("types", format!("{head}source s {{ record R by id {{ id: {} }} }}", nested("List<", "Text", ">"))),
        ("optionals", format!("{head}source s {{ record R by id {{ id: Text{} }} }}", "?".repeat(LEVELS))),
        ("blocks", format!("{head}job j {{ {} }}", nested("when true { ", "", " }"))),
        ("braces", format!("{head}{}", nested("{", "", "}"))),
        ("open_braces", nested("{", "", "")),
        ("patterns", format!("{head}fn f(x: Int) -> Int = match x {{ {} => 1 }}", nested("(", "1", ")"))),
        ("modules", format!("{head}use a{}", ".a".repeat(LEVELS))),
        ("values", format!("{head}test \"x\" {{ given R[\"a\"] {} }}", nested("{ a: ", "1", " }"))),
    ];
    for (name, text) in cases {
        let ran = check(&folder, name, &text);
        assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""), "{name}");
        assert!(ran.out.contains("error[AP0019]: nested too deeply; at most 96 levels"), "{name}: {}", ran.out);
    }
}

#[test]
fn patterns_are_bounded_too() {
    let folder = folder("nesting_patterns");
    let large = "((((a{1000}){1000}){1000}){1000})".to_owned();
    for (name, pattern) in [("groups", nested("(", "a", ")")), ("stars", nested("", "a", "*")), ("large", large)] {
        let ran = check(&folder, name, &policy(&format!("\"a\" matches \"{pattern}\"")));
        assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""), "{name}");
        assert!(ran.out.contains("error[AP0316]"), "{name}: {}", ran.out);
        assert!(ran.out.len() < 400, "{name}: a pattern that is too long is not shown whole");
    }
}

/// One definition after the other, each of the one before it.
fn row(levels: usize, one: impl Fn(usize) -> String) -> String {
    (1..levels).map(one).collect()
}

#[test]
fn definitions_of_definitions() {
    let folder = folder("nesting_definitions");
    let head = "policy a.b { version \"1\" }\ntool t { write w(x: Int) { irreversible } }\n";
    let job =
        |condition: &str| format!("job j {{ purpose \"x\"\n input {{ a: Text }}\n allow write t.w when {condition} == 1\n}}\n");
    let deep = 2_000;
    let lets = row(deep, |at| format!("let a{at} = a{} + 1\n", at - 1));
    let functions = row(deep, |at| format!("fn f{at}(x: Int) -> Int = f{}(x) + 1\n", at - 1));
    let cases = [
        ("lets", format!("{head}let a0 = 1\n{lets}{}", job("a1999"))),
        ("functions", format!("{head}fn f0(x: Int) -> Int = x\n{functions}{}", job("f1999(x)"))),
    ];
    for (name, text) in cases {
        let ran = check(&folder, name, &text);
        assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""), "{name}");
        assert!(ran.out.contains("error[AP0328]: the expression is nested more than 256 levels deep"), "{name}: {}", ran.out);
    }
    let sets = row(LEVELS, |at| format!("rules r{at} {{ include r{} }}\n", at - 1));
    let text = format!("{head}rules r0 {{ escalate e when run.cost > 5 USD }}\n{sets}job j {{ include r{} }}\n", LEVELS - 1);
    let ran = check(&folder, "sets", &text);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    assert!(ran.out.contains("error[AP0505]: rule sets are included by each other more than 16 deep"), "{}", ran.out);
}

/// Each uses the one before it twice, so that what is written out has 2^60 parts.
#[test]
fn definitions_that_double() {
    let folder = folder("nesting_doubles");
    let head = "policy a.b { version \"1\" }\ntool t { write w(x: Int) { irreversible } }\n";
    let job = |condition: &str| {
        format!(
            "job j {{ purpose \"x\"\n input {{ a: Text }}\n allow write t.w when {condition} == 1\n}}\n\
             fixture f {{ job j\n input {{ a: \"x\" }}\n at 2026-05-04T10:00:00Z }}\n\
             test \"it ends\" with f {{ call t.w(x: 1) expect escalate }}\n"
        )
    };
    let lets = row(60, |at| format!("let a{at} = a{0} + a{0}\n", at - 1));
    let functions = row(60, |at| format!("fn f{at}(x: Int) -> Int = f{0}(x) + f{0}(x)\n", at - 1));
    let ran = check(&folder, "lets", &format!("{head}let a0 = 1\n{lets}{}", job("a59")));
    assert!(ran.has_no_error(), "{}", ran.both());
    let ran = check(&folder, "functions", &format!("{head}fn f0(x: Int) -> Int = x\n{functions}{}", job("f59(x)")));
    assert!(ran.has_no_error(), "{}", ran.both());
    // What takes too many steps is unknown, and what is unknown is not allowed.
    let ran = crate::support::agentc_in(&folder, &["test", "functions.agentpolicy"], b"");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
}
