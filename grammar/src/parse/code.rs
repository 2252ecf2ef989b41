//! The tokens that count: what is left of a source text without blanks and comments, and what each is read as.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::span::Span;
use crate::token::{Token, TokenKind, Tokens};

/// A token that is no blank and no comment.
#[derive(Debug, Clone)]
pub(super) struct Code<'s> {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
    /// What the grammar reads: the source's own text, or what a mistake that was already reported must have meant.
    pub(super) text: Cow<'s, str>,
    /// Whether anything stands between it and the token before it.
    pub(super) apart: bool,
    /// Whether it is the first on its line.
    pub(super) first: bool,
    /// The line it is on, from 0.
    pub(super) line: u32,
    /// How far its line is indented, in bytes.
    pub(super) indent: u32,
    /// What is wrong with it.
    pub(super) fault: Fault,
}

/// How a mistake in a token bears on the member it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// Nothing is wrong.
    None,
    /// A mistake was reported and mended: the member may be read, and nothing more is said of it.
    Mended,
    /// A mistake was reported and the member cannot be read.
    Broken,
}

/// The tokens that count, and the documentation between them.
#[derive(Debug)]
pub(super) struct Codes<'s> {
    pub(super) source: &'s str,
    pub(super) list: Vec<Code<'s>>,
    /// Documentation by the offset of the token that it stands before.
    pub(super) docs: BTreeMap<u32, String>,
}

impl<'s> Codes<'s> {
    pub(super) fn new(tokens: &Tokens<'s>) -> Self {
        let mut list: Vec<Code<'s>> = Vec::new();
        let mut docs = BTreeMap::new();
        let (mut line, mut line_start, mut indent, mut apart) = (0_u32, 0_u32, 0, false);
        let mut first = true;
        let mut doc: Option<String> = None;
        for &token in &tokens.list {
            let text = tokens.text(token);
            if token.kind.is_trivia() {
                apart = true;
                let breaks = text.matches('\n').count();
                if breaks > 0 {
                    line = line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
                    line_start = token.span.end;
                    first = true;
                }
                if token.kind == TokenKind::DocComment {
                    add_doc(&mut doc, text);
                }
                continue;
            }
            if first {
                indent = token.span.start.saturating_sub(line_start);
            }
            // What stands before a `;` documents what follows that.
            if token.kind != TokenKind::Semicolon
                && let Some(text) = doc.take()
            {
                docs.insert(token.span.start, text);
            }
            list.push(Code { apart, first, line, indent, ..Code::from_token(token, text) });
            (apart, first) = (false, false);
        }
        Self { source: tokens.source, list, docs }
    }

    /// The kind of the token at `at`, if there is one.
    pub(super) fn kind(&self, at: usize) -> Option<TokenKind> {
        self.list.get(at).map(|code| code.kind)
    }

    /// The text of the token at `at`, empty where there is none.
    pub(super) fn text(&self, at: usize) -> &str {
        self.list.get(at).map_or("", |code| &code.text)
    }

    /// The text of the token at `at` where it is a word, else empty.
    pub(super) fn word(&self, at: usize) -> &str {
        self.list.get(at).filter(|code| code.kind == TokenKind::Word).map_or("", |code| &code.text)
    }

    /// Where the token at `at` stands; the end of the source where there is none.
    pub(super) fn span(&self, at: usize) -> Span {
        let end = u32::try_from(self.source.len()).unwrap_or(u32::MAX);
        self.list.get(at).map_or(Span::new(end, end), |code| code.span)
    }
}

impl<'s> Code<'s> {
    fn from_token(token: Token, text: &'s str) -> Self {
        Self {
            kind: token.kind,
            span: token.span,
            text: Cow::Borrowed(text),
            apart: false,
            first: false,
            line: 0,
            indent: 0,
            fault: Fault::None,
        }
    }

    /// Says what the token must have meant, after its mistake was reported.
    pub(super) fn mend(&mut self, kind: TokenKind, text: String) {
        self.kind = kind;
        self.text = Cow::Owned(text);
        self.fault = self.fault.max(Fault::Mended);
    }
}

/// Adds one `///` line.
fn add_doc(doc: &mut Option<String>, text: &str) {
    let line = text.strip_prefix("///").unwrap_or(text);
    let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
    match doc {
        Some(all) => {
            all.push('\n');
            all.push_str(line);
        }
        None => *doc = Some(line.to_owned()),
    }
}
