//! Which bracket closes which. Where they do not match, indentation says where the author meant them to, so that one forgotten bracket
//! is one mistake and hides nothing that follows.

use super::code::{Code, Codes};
use super::error::{SyntaxError, SyntaxErrorKind};
use super::words::Block;
use crate::token::TokenKind;

/// How many brackets are reported that all end at one place.
const MOST_REPORTED: usize = 8;

/// The brackets of a file.
#[derive(Debug)]
pub(super) struct Brackets {
    /// How many brackets that nothing closes end before each token; one more entry for the end of the file.
    pub(super) ended: Vec<usize>,
    /// For each opening bracket, the token that closes it or before which it ends; for any other token, itself.
    pub(super) close: Vec<usize>,
    /// Closing brackets that close nothing.
    pub(super) stray: Vec<bool>,
}

/// An opening bracket that is not closed yet.
#[derive(Clone, Copy)]
struct Open {
    at: usize,
    kind: TokenKind,
    indent: u32,
    line: u32,
}

/// Matches the brackets, and reports those without a partner.
pub(super) fn matching(codes: &Codes<'_>, errors: &mut Vec<SyntaxError>) -> Brackets {
    let count = codes.list.len();
    let braces = |kind: TokenKind| codes.list.iter().filter(|code| code.kind == kind).count();
    let mut pass = Pass {
        codes,
        brackets: Brackets { ended: vec![0; count.saturating_add(1)], close: (0..count).collect(), stray: vec![false; count] },
        open: Vec::new(),
        errors,
        balanced: is_balanced(codes),
        surplus: braces(TokenKind::RightBrace).saturating_sub(braces(TokenKind::LeftBrace)),
        broken_lines: codes.list.iter().filter(|code| code.kind == TokenKind::OpenText).map(|code| code.line).collect(),
    };
    for (at, code) in codes.list.iter().enumerate() {
        if !pass.balanced && code.first && !is_close(code.kind) {
            pass.outdent(at, code);
        }
        if matches!(code.kind, TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace) {
            pass.open.push(Open { at, kind: code.kind, indent: code.indent, line: code.line });
        } else if is_close(code.kind) {
            pass.close(at, code);
        }
    }
    while let Some(open) = pass.open.pop() {
        pass.end(open, count);
    }
    pass.brackets
}

struct Pass<'p, 's> {
    codes: &'p Codes<'s>,
    brackets: Brackets,
    open: Vec<Open>,
    errors: &'p mut Vec<SyntaxError>,
    /// Every bracket has its partner: indentation is not asked.
    balanced: bool,
    /// How many more braces are closed than opened.
    surplus: usize,
    /// Lines on which a text is not closed: it hides brackets, and was reported.
    broken_lines: Vec<u32>,
}

impl Pass<'_, '_> {
    /// A line that is indented no more than the line of an open bracket ends it.
    fn outdent(&mut self, at: usize, code: &Code<'_>) {
        let declares = code.indent == 0 && Block::File.members().contains(&&*code.text);
        while let Some(&open) = self.open.last() {
            // What stands in an outermost block may be written without indentation: there only a declaration ends it.
            let unindented = open.indent == 0 && open.kind == TokenKind::LeftBrace;
            if open.indent < code.indent || (unindented && !declares) {
                break;
            }
            self.open.pop();
            self.end(open, at);
        }
    }

    fn close(&mut self, at: usize, code: &Code<'_>) {
        let Some(partner) = self.partner(code) else {
            if let Some(stray) = self.brackets.stray.get_mut(at) {
                *stray = true;
            }
            // Several in a row are one mistake.
            let again = at.checked_sub(1).and_then(|before| self.brackets.stray.get(before)) == Some(&true);
            if !again && self.broken_lines.binary_search(&code.line).is_err() {
                let bracket = code.text.chars().next().unwrap_or('}');
                self.errors.push(SyntaxError { kind: SyntaxErrorKind::StrayBracket { bracket }, span: code.span });
            }
            return;
        };
        while self.open.len() > partner.saturating_add(1) {
            if let Some(open) = self.open.pop() {
                self.end(open, at);
            }
        }
        if let Some(open) = self.open.pop()
            && let Some(close) = self.brackets.close.get_mut(open.at)
        {
            *close = at;
        }
    }

    /// The open bracket that a closing one closes.
    fn partner(&mut self, code: &Code<'_>) -> Option<usize> {
        let top = *self.open.last()?;
        let last = self.open.len().saturating_sub(1);
        if self.balanced {
            return Some(last);
        }
        let wanted = opening(code.kind);
        // One too many within other brackets closes none of them.
        if code.kind == TokenKind::RightBrace && top.kind != wanted && self.surplus > 0 && !code.first {
            self.surplus = self.surplus.saturating_sub(1);
            return None;
        }
        if code.kind == TokenKind::RightBrace && top.line != code.line {
            let same = self.nearest(|open| open.kind == wanted && open.indent == code.indent);
            if code.first && same.is_some() {
                return same;
            }
            if self.surplus > 0 && (!code.first || code.indent > top.indent) {
                self.surplus = self.surplus.saturating_sub(1);
                return None;
            }
        }
        self.nearest(|open| open.kind == wanted)
    }

    /// The innermost open bracket of a sort. Only the inner ones are looked at, so that a hostile file takes no longer than another.
    fn nearest(&self, is_it: impl Fn(&Open) -> bool) -> Option<usize> {
        let from = self.open.len().saturating_sub(2 * super::MAX_DEPTH);
        self.open.get(from..)?.iter().rposition(is_it).map(|at| at.saturating_add(from))
    }

    /// Notes that a bracket is never closed and ends before a token.
    fn end(&mut self, open: Open, at: usize) {
        let ended = self.brackets.ended.get(at).copied().unwrap_or(0);
        if ended < MOST_REPORTED && self.broken_lines.binary_search(&open.line).is_err() {
            let kind = SyntaxErrorKind::UnclosedBracket { open: symbol(open.kind) };
            self.errors.push(SyntaxError { kind, span: self.codes.span(open.at) });
        }
        if let Some(close) = self.brackets.close.get_mut(open.at) {
            *close = at;
        }
        if let Some(ended) = self.brackets.ended.get_mut(at) {
            *ended = ended.saturating_add(1);
        }
    }
}

/// Whether every bracket has its partner.
fn is_balanced(codes: &Codes<'_>) -> bool {
    let mut open = Vec::new();
    for code in &codes.list {
        match code.kind {
            TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace => open.push(code.kind),
            kind if is_close(kind) && open.pop() != Some(opening(kind)) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

fn is_close(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::RightParen | TokenKind::RightBracket | TokenKind::RightBrace)
}

fn opening(close: TokenKind) -> TokenKind {
    match close {
        TokenKind::RightParen => TokenKind::LeftParen,
        TokenKind::RightBracket => TokenKind::LeftBracket,
        _ => TokenKind::LeftBrace,
    }
}

fn symbol(open: TokenKind) -> char {
    match open {
        TokenKind::LeftParen => '(',
        TokenKind::LeftBracket => '[',
        _ => '{',
    }
}
