//! The concrete tree: which tokens each rule of the grammar read. The syntax tree keeps no signs and no line ends; layout needs them.

use pest::Parser;
use pest::iterators::Pair;

use super::code::Codes;
use super::error::SyntaxError;
use super::outline::{Outline, outline};
use super::reading::Reading;
use super::syntax::{Rule, Syntax};
use super::{brackets, lexical, openings, parse};
use crate::span::Span;
use crate::token::{TokenKind, tokenize};

/// What a rule read, or one token where `rule` is none. The children cover all of it.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) rule: Option<Rule>,
    /// Its first token.
    pub(crate) first: usize,
    /// The token after its last.
    pub(crate) end: usize,
    pub(crate) children: Vec<Node>,
}

/// A token that is no blank and no comment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leaf {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
    /// Whether anything stands between it and the token before it.
    pub(crate) apart: bool,
}

/// A source without mistakes, token by token.
#[derive(Debug)]
pub(crate) struct Concrete {
    pub(crate) tokens: Vec<Leaf>,
    /// The declarations.
    pub(crate) items: Vec<Node>,
    pub(crate) meaning: Meaning,
}

/// All that the grammar takes from a source, and nothing of how it is laid out: two sources with equal meanings have equal syntax trees
/// but for the places in them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// Each token but `;`, and whether a line end or a `;` that counts stands before it.
    tokens: Vec<(String, bool)>,
    /// Documentation, and the token that it stands before.
    docs: Vec<(usize, String)>,
}

/// Reads a source.
///
/// # Errors
/// Every mistake in its writing.
pub(crate) fn concrete(source: &str) -> Result<Concrete, Vec<SyntaxError>> {
    let mut errors = parse(source).errors;
    if !errors.is_empty() {
        return Err(errors);
    }
    let tokens = tokenize(source);
    let mut codes = Codes::new(&tokens);
    lexical::check(&tokens, &mut codes, &mut errors);
    openings::add_missing(&mut codes, &mut errors);
    let brackets = brackets::matching(&codes, &mut errors);
    let outline = outline(&mut codes, &brackets, &mut errors);
    let reading = Reading::new(&codes, &outline);
    let items = outline.chunks.iter().filter(|chunk| chunk.parent.is_none()).filter_map(|chunk| {
        let range = reading.range_of(chunk);
        let pair = Syntax::parse(Rule::item, reading.text.get(range.clone())?).ok()?.next()?;
        Some(node(&reading, range.start, pair))
    });
    let items = items.collect();
    let meaning = meaning(&codes, &outline);
    let tokens = codes.list.iter().map(|code| Leaf { kind: code.kind, span: code.span, apart: code.apart }).collect();
    Ok(Concrete { tokens, items, meaning })
}

/// The node of a pair whose text begins at `offset` of what the grammar read.
fn node(reading: &Reading, offset: usize, pair: Pair<'_, Rule>) -> Node {
    let span = pair.as_span();
    let first = reading.token_at(offset.saturating_add(span.start()));
    let end = reading.tokens_before(offset.saturating_add(span.end())).max(first);
    let rule = Some(pair.as_rule());
    let mut children = Vec::new();
    let mut here = first;
    for inner in pair.into_inner() {
        let child = node(reading, offset, inner);
        children.extend((here..child.first).map(leaf));
        here = here.max(child.end);
        children.push(child);
    }
    if !children.is_empty() {
        children.extend((here..end).map(leaf));
    }
    Node { rule, first, end, children }
}

fn leaf(at: usize) -> Node {
    Node { rule: None, first: at, end: at.saturating_add(1), children: Vec::new() }
}

fn meaning(codes: &Codes<'_>, outline: &Outline) -> Meaning {
    let mut meaning = Meaning { tokens: Vec::new(), docs: Vec::new() };
    let mut apart = false;
    // Whether nothing need be kept apart: after a comma, and at the beginning of a block as at its end.
    let mut opened = true;
    let mut before = None;
    for (at, code) in codes.list.iter().enumerate() {
        if let Some(docs) = codes.docs.get(&code.span.start) {
            meaning.docs.push((meaning.tokens.len(), docs.clone()));
        }
        apart |= outline.line_ends.get(at) == Some(&true) || code.kind == TokenKind::Semicolon;
        if code.kind == TokenKind::Semicolon {
            continue;
        }
        let counts = apart && !opened && code.kind != TokenKind::RightBrace;
        // The names of verbs hold together: `shop .refund` is none.
        let loose = code.apart && (code.kind == TokenKind::Dot || before == Some(TokenKind::Dot));
        meaning.tokens.push((format!("{}{}", if loose { " " } else { "" }, code.text), counts));
        before = Some(code.kind);
        apart = false;
        opened = matches!(code.kind, TokenKind::LeftBrace | TokenKind::Comma);
    }
    meaning
}
