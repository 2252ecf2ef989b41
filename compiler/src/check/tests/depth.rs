//! Depth and size: chains that are too long end in one error; uses that double are checked once, or these tests would never end.

use super::{World, outcome};
use crate::check::Scope;
use crate::diagnostic::Diagnostic;
use crate::typed::{FileId, JobId};
use std::fmt::Write;

/// All that is said when every function and `let` is checked.
fn said(more: &str) -> Vec<(String, String)> {
    let world = World::new([], more);
    let mut sink = crate::diagnostic::Sink::default();
    let hir = crate::resolve::resolve(&world.asts, world.files.clone(), &world.library, &mut sink);
    crate::check::Checker::new(&hir, &mut sink).finish();
    let said = sink.into_diagnostics(&hir.typed);
    let text = |diagnostic: &Diagnostic| {
        let loc = diagnostic.loc().unwrap();
        (diagnostic.code.id.to_owned(), loc.span.text(&world.files[0].text).to_owned())
    };
    said.iter().map(text).collect()
}

fn chain(count: usize, link: impl Fn(usize) -> String, end: &str) -> String {
    let mut text: String = (0..count).map(link).collect();
    let _ = writeln!(text, "{end}");
    text
}

#[test]
fn a_long_chain_of_functions_is_one_error_and_ends_soon() {
    let more = chain(5_000, |at| format!("fn f{at}(x: Int) -> Int = f{}(x)\n", at + 1), "fn f5000(x: Int) -> Int = x");
    let said = said(&more);
    assert_eq!(said.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["AP0328"]);
}

#[test]
fn a_long_chain_of_lets_is_one_error() {
    let more = chain(2_000, |at| format!("let l{at} = l{}\n", at + 1), "let l2000 = 1");
    let said = said(&more);
    assert_eq!(said.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["AP0328"]);
}

#[test]
fn a_chain_within_the_bound_is_fine_from_wherever_it_is_entered() {
    let more = chain(100, |at| format!("let l{at} = l{} + 1\n", at + 1), "let l100 = 1");
    assert_eq!(said(&more), []);
}

#[test]
fn levels_of_lets_and_functions_add_up() {
    let lets = chain(120, |at| format!("let l{at} = l{} + 1\n", at + 1), "let l120 = 1");
    let fns = chain(120, |at| format!("fn f{at}(x: Int) -> Int = f{}(x) + 1\n", at + 1), "fn f120(x: Int) -> Int = x");
    let fine = said(&format!("{lets}{fns}let both = f60(l100)\n"));
    assert_eq!(fine, []);
    let nested = |count| {
        chain(count, |at| format!("let n{at} = f60(n{})\n", at + 1), "let nested_end = 1")
            .replace(&format!("n{count})"), "f0(1))")
    };
    assert_eq!(said(&format!("{fns}{}", nested(5))), []);
    let deep: Vec<String> = said(&format!("{fns}{}", nested(30))).into_iter().map(|(code, _)| code).collect();
    assert_eq!(deep, ["AP0328"]);
}

#[test]
fn uses_that_double_are_checked_once() {
    let more = chain(60, |at| format!("let l{at} = l{0} + l{0}\n", at + 1), "let l60 = 1");
    assert_eq!(said(&more), []);
    let more = chain(60, |at| format!("let l{at} = l{0} or l{0}\n", at + 1), "let l60 = missing");
    assert_eq!(said(&more), [("AP0101".to_owned(), "missing".to_owned())]);
    let more = chain(60, |at| format!("fn f{at}(x: Int) -> Int = f{0}(x) + f{0}(x)\n", at + 1), "fn f60(x: Int) -> Int = x");
    assert_eq!(said(&more), []);
}

#[test]
fn circles_are_found_where_they_close() {
    assert_eq!(said("let a = b\nlet b = c\nlet c = a\n"), [("AP0327".to_owned(), "a".to_owned())]);
    assert_eq!(said("let a = a\n"), [("AP0327".to_owned(), "a".to_owned())]);
    assert_eq!(
        said("fn even(x: Int) -> Bool = odd(x)\nfn odd(x: Int) -> Bool = even(x)\n"),
        [("AP0327".to_owned(), "even(x)".to_owned())]
    );
}

#[test]
fn trust_is_judged_in_time_where_uses_double() {
    let more = chain(60, |at| format!("let l{at} = l{0} or (order.paid and l{0})\n", at + 1), "let l60 = reason == \"x\"");
    let world = World::new(["l0"], &more);
    let text = outcome(&world, 0, "allow shop.refund", None);
    assert!(text.contains("AP0401"), "{text}");
}

#[test]
fn a_match_over_many_subjects_is_examined_or_refused_in_time() {
    let subject = ["order.status"; 12].join(", ");
    let arms: String = (0..12)
        .map(|at| {
            let patterns: Vec<&str> = (0..12).map(|column| if column == at { "open" } else { "_" }).collect();
            format!("({}) => {at}, ", patterns.join(", "))
        })
        .collect();
    let source = format!("match ({subject}) {{ {arms} _ => 12 }}");
    let world = World::new([source.as_str()], "");
    let text = outcome(&world, 0, "rule shop.refund", None);
    assert!(text.contains("Int from") || text.contains("too many cases"), "{text}");
}

#[test]
fn the_deepest_expression_that_the_grammar_reads_is_checked() {
    let source = format!("{}order.paid{}", "not (".repeat(40), ")".repeat(40));
    let world = World::new([source.as_str()], "");
    let (found, said) = world.run(|checker, _| {
        let scope = Scope::rule(FileId(0), JobId(0), &[]);
        checker.check(world.probe(0), &scope, None).is_ok()
    });
    assert!(!found, "`order` is a parameter");
    assert_eq!(said.iter().map(|diagnostic| diagnostic.code.id).collect::<Vec<_>>(), ["AP0322"]);
}
