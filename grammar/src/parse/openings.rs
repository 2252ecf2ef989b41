//! Braces that were forgotten where a block begins: the lines of the block are indented, and something closes it.

use std::borrow::Cow;

use super::code::{Code, Codes, Fault};
use super::error::{Found, SyntaxError, SyntaxErrorKind};
use super::words::Block;
use crate::span::Span;
use crate::token::TokenKind;

/// Blocks in which a member may have a body.
const OUTER: [Block; 5] = [Block::File, Block::Identity, Block::Source, Block::Tool, Block::Rules];

/// Adds the braces that were forgotten, as long as more are closed than opened, and reports them.
pub(super) fn add_missing(codes: &mut Codes<'_>, errors: &mut Vec<SyntaxError>) {
    let count = |kind| codes.list.iter().filter(|code| code.kind == kind).count();
    let mut surplus = count(TokenKind::RightBrace).saturating_sub(count(TokenKind::LeftBrace));
    if surplus == 0 {
        return;
    }
    let mut line_start = 0;
    let mut missing = Vec::new();
    for (at, code) in codes.list.iter().enumerate() {
        if !code.first {
            continue;
        }
        if at > 0 && surplus > 0 && begins_block(codes, line_start, at) {
            missing.push(at);
            surplus = surplus.saturating_sub(1);
        }
        line_start = at;
    }
    for at in missing.into_iter().rev() {
        let before = at.saturating_sub(1);
        let end = codes.span(before).end;
        let span = Span::new(end, end);
        let hidden = codes.kind(before) == Some(TokenKind::OpenText);
        if !hidden {
            let after = Some(codes.span(before).text(codes.source).to_owned());
            let kind = SyntaxErrorKind::Unexpected {
                after,
                expected: vec!["`{`".to_owned()],
                found: Found::EndOfLine,
                example: None,
                instead: None,
            };
            errors.push(SyntaxError { kind, span });
        }
        let (line, indent) = codes.list.get(before).map_or((0, 0), |code| (code.line, code.indent));
        let brace = Code {
            kind: TokenKind::LeftBrace,
            span,
            text: Cow::Borrowed("{"),
            apart: true,
            first: false,
            line,
            indent,
            fault: Fault::Mended,
        };
        codes.list.insert(at, brace);
    }
}

/// Whether the line from `start` begins a block whose brace is missing; the next line begins with `next`.
fn begins_block(codes: &Codes<'_>, start: usize, next: usize) -> bool {
    let [Some(head), Some(inner)] = [codes.list.get(start), codes.list.get(next)] else { return false };
    let last = next.saturating_sub(1);
    if inner.indent <= head.indent || codes.kind(last) == Some(TokenKind::LeftBrace) {
        return false;
    }
    let line = codes.list.get(start..next).unwrap_or(&[]);
    if line.iter().any(|code| code.kind == TokenKind::OpenText) {
        return true;
    }
    let word = codes.word(start);
    let has_body = OUTER.iter().any(|block| block.members().contains(&word) && block.body(word).is_some());
    let whole = line.iter().all(|code| code.kind != TokenKind::LeftBrace);
    // What follows must be a member of the block, not a clause of its head.
    let begins = OUTER.iter().filter_map(|block| block.body(word)).any(|body| {
        body.members().contains(&codes.word(next)) || (body.members().is_empty() && codes.kind(next) == Some(TokenKind::Word))
    });
    has_body && whole && begins
}
