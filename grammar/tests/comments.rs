//! A comment at every place between two tokens: where the grammar admits one it survives formatting, and where it does not is listed.
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

use agentc_grammar::ast::ItemKind;
use agentc_grammar::format::format;
use agentc_grammar::parse::parse;
use agentc_grammar::token::{Token, TokenKind, Tokens, tokenize};
use show::show;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const EVERY_CONSTRUCT: &str = include_str!("files/every_construct.agentpolicy");
const GRAMMAR: &str = include_str!("../agentpolicy.pest");

fn policies(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            policies(&entry, found);
        } else if entry.extension().is_some_and(|ending| ending == "agentpolicy") {
            found.push(entry);
        }
    }
}

/// What the places are looked for in: a file with every construct, and every policy that is right.
fn corpus() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["examples", "stdlib/std", "tests/policies/right", "tests/policies/silent", "tests/proofs"] {
        policies(&root.join(folder), &mut files);
    }
    assert!(files.len() > 100, "only {} policies were found", files.len());
    let mut sources = vec![EVERY_CONSTRUCT.to_owned()];
    sources.extend(files.iter().map(|file| std::fs::read_to_string(file).unwrap()));
    sources
}

/// A source in pieces that are files of their own: its declarations, and the members of its jobs and tests one by one.
fn pieces(source: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let parsed = parse(source);
    assert_eq!(parsed.errors, [], "{source}");
    for item in parsed.file.items {
        match item.kind {
            ItemKind::Job(job) => {
                let members = job.members.iter().map(|member| member.span.text(source));
                pieces.extend(members.map(|member| format!("job answer {{\n  {member}\n}}\n")));
            }
            ItemKind::Test(test) => {
                let steps = test.steps.iter().map(|step| step.span.text(source));
                pieces.extend(steps.map(|step| format!("test \"t\" with base {{\n  {step}\n}}\n")));
            }
            _ => pieces.push(format!("{}\n", item.span.text(source))),
        }
    }
    pieces
}

/// The words that the grammar gives a meaning.
fn keywords() -> BTreeSet<&'static str> {
    let rules = GRAMMAR.lines().filter(|line| line.starts_with("kw_"));
    rules.filter_map(|line| line.split('"').nth(1)).collect()
}

/// What a token is to the grammar: a sign, a word with a meaning, or one of many names and values.
fn class(tokens: &Tokens<'_>, token: Token, keywords: &BTreeSet<&str>) -> String {
    let text = tokens.text(token);
    match token.kind {
        TokenKind::Word if !keywords.contains(text) => "NAME".to_owned(),
        TokenKind::Text => "TEXT".to_owned(),
        TokenKind::Number | TokenKind::Date | TokenKind::Time | TokenKind::TimeOfDay => "VALUE".to_owned(),
        _ => text.to_owned(),
    }
}

/// Each kind of place once: what stands around it and in which member, with a piece and the offset in it.
fn places() -> BTreeMap<(String, String, String), (String, usize)> {
    let keywords = keywords();
    let mut places = BTreeMap::new();
    for piece in corpus().iter().flat_map(|source| pieces(source)) {
        let tokens = tokenize(&piece);
        // The first word of the member that is open in each bracket.
        let mut heads = vec![String::new()];
        let mut before = String::new();
        let mut begins = true;
        for &token in &tokens.list {
            if token.kind == TokenKind::NewLine || token.kind == TokenKind::Semicolon {
                begins |= heads.last().is_some_and(|head| !head.starts_with('('));
            }
            if token.kind.is_trivia() {
                continue;
            }
            let this = class(&tokens, token, &keywords);
            if begins && keywords.contains(this.as_str()) {
                *heads.last_mut().unwrap() = this.clone();
            }
            begins = false;
            let head = heads.last().unwrap().trim_start_matches('(').to_owned();
            let at = token.span.start as usize;
            if at > 0 {
                places.entry((before.clone(), this.clone(), head.clone())).or_insert_with(|| (piece.clone(), at));
            }
            match token.kind {
                TokenKind::LeftBrace => {
                    heads.push(head);
                    begins = true;
                }
                TokenKind::LeftParen | TokenKind::LeftBracket => heads.push(format!("({head}")),
                TokenKind::RightBrace | TokenKind::RightParen | TokenKind::RightBracket if heads.len() > 1 => {
                    heads.pop();
                }
                _ => {}
            }
            before = this;
        }
    }
    places
}

fn trees(source: &str) -> Vec<String> {
    parse(source).file.items.iter().map(show).collect()
}

fn comments(source: &str) -> Vec<&str> {
    let tokens = tokenize(source);
    let comments = tokens.list.iter().filter(|token| matches!(token.kind, TokenKind::Comment | TokenKind::DocComment));
    comments.map(|&token| tokens.text(token).trim_end()).collect()
}

/// Puts a text into each place. Where the result is a policy, it is formatted: all comments are there, in order, formatting it again
/// changes nothing, and it means the same. Returns the places where it is none.
fn refused(inserted: &str) -> BTreeSet<(String, String)> {
    let mut refused = BTreeSet::new();
    let places = places();
    assert!(places.len() > 1000, "only {} places", places.len());
    for ((before, after, _), (piece, at)) in places {
        let source = format!("{}{inserted}{}", &piece[..at], &piece[at..]);
        if !parse(&source).errors.is_empty() {
            refused.insert((before, after));
            continue;
        }
        let once = format(&source).unwrap_or_else(|refusal| panic!("{refusal:?}\n{source}"));
        assert_eq!(format(&once).as_ref(), Ok(&once), "formatted again it is another");
        assert_eq!(comments(&source), comments(&once), "{once}");
        assert_eq!(trees(&source), trees(&once), "it means something else");
    }
    refused
}

fn listed(refused: &BTreeSet<(String, String)>) -> String {
    refused.iter().map(|(before, after)| format!("{before} _ {after}")).collect::<Vec<_>>().join("\n")
}

/// A comment ends its line. So it stands wherever a line may end, and nowhere else: what is listed are the places inside of what holds
/// together on one line (`shop.refund`, `50 USD`, `get_order(`), and those between the words that begin a member.
fn the_list_is(refused: &BTreeSet<(String, String)>) {
    insta::assert_snapshot!("places_without_comments", listed(refused));
}

#[test]
fn at_the_end_of_a_line() {
    the_list_is(&refused(" // a comment\n"));
}

#[test]
fn on_lines_of_their_own() {
    the_list_is(&refused("\n\n  // one\n\n\n  /// two\n"));
}
