//! The formatter: what it makes of every policy of the repository, and what it never does.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "the corpus is read from files")]

mod show;

use agentc_grammar::format::{Refusal, WIDTH, format};
use agentc_grammar::parse::parse;
use agentc_grammar::token::{TokenKind, tokenize};
use show::show;
use std::path::{Path, PathBuf};

const REFERENCE: &str = include_str!("files/every_construct.agentpolicy");

/// The syntax trees of a source without places.
fn trees(source: &str) -> Vec<String> {
    let parse = parse(source);
    assert_eq!(parse.errors, [], "{source}");
    parse.file.items.iter().map(show).collect()
}

fn comments(source: &str) -> Vec<&str> {
    let tokens = tokenize(source);
    let comments = tokens.list.iter().filter(|token| matches!(token.kind, TokenKind::Comment | TokenKind::DocComment));
    comments.map(|&token| tokens.text(token).trim_end()).collect()
}

/// Formats a source, and holds what must hold of every one.
fn formatted(source: &str) -> String {
    let once = format(source).unwrap_or_else(|refusal| panic!("{refusal:?}\n{source}"));
    assert_eq!(format(&once).as_ref(), Ok(&once), "formatted again it is another");
    assert_eq!(trees(source), trees(&once), "it means something else");
    assert_eq!(comments(source), comments(&once));
    assert!(once.lines().all(|line| line == line.trim_end() && !line.contains('\t')), "{once}");
    assert!(!once.contains("\n\n\n") && (once.is_empty() || (once.ends_with('\n') && !once.ends_with("\n\n"))), "{once}");
    once
}

fn policies(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_str().unwrap();
        if entry.is_dir() && name != "target" && !name.starts_with('.') && name != "node_modules" {
            policies(&entry, found);
        } else if entry.extension().is_some_and(|ending| ending == "agentpolicy") {
            found.push(entry);
        }
    }
}

#[test]
fn every_policy_of_the_repository() {
    let mut files = Vec::new();
    policies(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut files);
    assert!(files.len() > 150, "only {} policies were found", files.len());
    let mut refused = 0;
    for file in &files {
        let source = std::fs::read_to_string(file).unwrap();
        if parse(&source).errors.is_empty() {
            formatted(&source);
        } else {
            assert!(matches!(format(&source), Err(Refusal::Mistakes(errors)) if !errors.is_empty()), "{}", file.display());
            refused += 1;
        }
    }
    assert!(refused < 20, "{refused} of {} policies have mistakes in their writing", files.len());
}

#[test]
fn every_construct() {
    insta::assert_snapshot!(formatted(REFERENCE));
}

#[test]
fn one_file_laid_out_in_two_ways_is_one() {
    // Blanks mean nothing: without any that could be left out, and with many, the same comes out.
    let tokens = tokenize(REFERENCE);
    let mut wide = String::new();
    let mut narrow = String::new();
    for &token in &tokens.list {
        let text = tokens.text(token);
        let blank = token.kind == TokenKind::Blank;
        wide.push_str(if blank && !wide.ends_with('\n') { " \t " } else { text });
        narrow.push_str(if blank { " " } else { text });
    }
    // Several blanks ask for a column where a column may stand, so both are compared without runs of blanks.
    let plain = |text: &str| text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    assert_eq!(plain(&formatted(&wide)), plain(&formatted(REFERENCE)));
    assert_eq!(plain(&formatted(&narrow)), plain(&formatted(REFERENCE)));
}

#[test]
fn mistakes_are_not_formatted() {
    let source = "job j { allow raed shop.get_order }";
    let Err(Refusal::Mistakes(errors)) = format(source) else { panic!("it was formatted") };
    assert_eq!(errors.len(), parse(source).errors.len());
}

#[test]
fn layout() {
    let cases = [
        // Blanks, blank lines, a missing line end at the end.
        ("policy   a.b{version \"1\";owner \"me\"}", "policy a.b { version \"1\"; owner \"me\" }\n"),
        ("\n\n\nuse std.risk\n\n\n\n\nuse std.stops\n\n", "use std.risk\n\nuse std.stops\n"),
        ("\u{feff}use std.risk\r\nuse std.stops\r\n", "use std.risk\nuse std.stops\n"),
        ("", ""),
        ("// only a comment", "// only a comment\n"),
        // Signs.
        ("let x = -a+b*( -1 )>=c.d[ 1,2 ]and not(e in[1 ,2])", "let x = -a + b * (-1) >= c.d[1, 2] and not (e in [1, 2])\n"),
        ("let x = a in 1 .. 5", "let x = a in 1..5\n"),
        ("record R{a:Map < Text , List<Int> >?}", "record R { a: Map<Text, List<Int>>? }\n"),
        ("record P by(a,b){a:Int,b:Int}", "record P by (a, b) { a: Int, b: Int }\n"),
        // A body that stood on several lines stays so, and gets columns.
        (
            "job j {\ngate g on a.b when x { approvers role r;\nexpires 4h; because \"why\" } }",
            "job j {\n  gate g on a.b when x {\n    approvers role r\n    expires   4h\n    because   \"why\"\n  }\n}\n",
        ),
        // A long condition: each operand on a line, below the first.
        (
            "job j {\n  allow write shop.refund when order.status in [shipped, delivered] and amount <= order.total and now - order.placed_at <= 30d and shop.open\n}",
            "job j {\n  allow write shop.refund when order.status in [shipped, delivered]\n                           and amount <= order.total\n                           and now - order.placed_at <= 30d\n                           and shop.open\n}\n",
        ),
        // The right side of a comparison that goes on over lines stands below itself.
        (
            "job j {\n  never wrong_sum on shop.pay when paid != price * seats\n    + 50 USD * bags\n}",
            "job j {\n  never wrong_sum on shop.pay when paid != price * seats\n                                           + 50 USD * bags\n}\n",
        ),
        // A clause that does not fit goes to the next line.
        (
            "job j {\n  never nothing_is_ever_deleted on crm.delete_lead, crm.merge_leads because \"What is deleted or what is merged does not come back.\"\n}",
            "job j {\n  never nothing_is_ever_deleted on crm.delete_lead, crm.merge_leads\n    because \"What is deleted or what is merged does not come back.\"\n}\n",
        ),
        // Columns: what is expected always, the rest where the author began to.
        (
            "test \"t\" {\n call a.b() expect allow\n end expect done\n}",
            "test \"t\" {\n  call a.b() expect allow\n  end        expect done\n}\n",
        ),
        ("let a  = 1\nlet long = 2", "let a    = 1\nlet long = 2\n"),
        ("let a = 1\nlet long = 2", "let a = 1\nlet long = 2\n"),
        (
            "test \"t\" {\n given A[1]  { a: 1 }\n given Long[1] absent\n}",
            "test \"t\" {\n  given A[1]    { a: 1 }\n  given Long[1] absent\n}\n",
        ),
        // Comments at the ends of lines stand below one another.
        ("use a // one\nuse long // two", "use a    // one\nuse long // two\n"),
    ];
    for (source, wanted) in cases {
        assert_eq!(formatted(source), wanted);
    }
}

#[test]
fn lines_fit_where_they_can() {
    let formatted = formatted(REFERENCE);
    let long: Vec<&str> = formatted.lines().filter(|line| line.chars().count() > WIDTH).collect();
    assert_eq!(long, Vec::<&str>::new());
}
