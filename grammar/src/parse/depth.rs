//! How deep the tokens nest, counted before anything is parsed: brackets, prefixes, conditionals, quantifiers and types. What comes
//! after it can recurse without fear.

use super::MAX_DEPTH;
use super::code::Codes;
use crate::token::TokenKind;

/// The nesting at one place, within one pair of brackets.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Depth {
    /// The brackets around, and what nested outside them.
    base: usize,
    /// `if`, `any`, `first` and the like that reach up to here.
    open: usize,
    /// `not` and `-` in a row.
    prefixes: usize,
    /// `<` of types that are not closed.
    angles: usize,
    /// Operators in a row: each adds a level to the tree.
    operators: usize,
    /// Fields and entries in a row: `a.b[c].d`.
    steps: usize,
    /// `match` whose brace has not come.
    subjects: usize,
}

impl Depth {
    fn total(self) -> usize {
        self.base
            .saturating_add(self.open)
            .saturating_add(self.prefixes)
            .saturating_add(self.angles)
            .saturating_add(self.subjects)
    }

    /// Whether the arguments of a type are being written.
    pub(super) fn is_in_type(self) -> bool {
        self.angles > 0
    }

    /// Whether the bound is passed.
    pub(super) fn is_too_deep(self) -> bool {
        self.total() > MAX_DEPTH || self.operators.saturating_add(self.steps) > MAX_DEPTH
    }

    /// The nesting inside a bracket that opens here.
    pub(super) fn inner(self) -> Self {
        Self { base: self.total().saturating_add(1), ..Self::default() }
    }

    /// A new member begins.
    pub(super) fn restart(&mut self) {
        *self = Self { base: self.base, ..Self::default() };
    }

    /// A bracket was closed: what stood before it applied to it.
    pub(super) fn operand(&mut self) {
        self.prefixes = 0;
    }

    /// Whether a brace that opens here holds the arms of a `match`.
    pub(super) fn take_subject(&mut self) -> bool {
        let waits = self.subjects > 0;
        self.subjects = self.subjects.saturating_sub(1);
        waits
    }

    /// Counts a token.
    pub(super) fn token(&mut self, codes: &Codes<'_>, before: Option<usize>, at: usize) {
        let Some(kind) = codes.kind(at) else { return };
        let word = codes.word(at);
        let after_dot = before.and_then(|at| codes.kind(at)) == Some(TokenKind::Dot);
        let next = at.saturating_add(1);
        match (kind, word) {
            (TokenKind::Minus, _) | (_, "not") => self.prefixes = self.prefixes.saturating_add(1),
            // What a bracket holds is inside what stands before it.
            (TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace, _) => {}
            _ => self.prefixes = 0,
        }
        match kind {
            TokenKind::Less => self.angles = self.angles.saturating_add(1),
            TokenKind::Greater => self.angles = self.angles.saturating_sub(1),
            TokenKind::Word if !matches!(word, "and" | "or") => {}
            TokenKind::Comma | TokenKind::Question | TokenKind::Text | TokenKind::LeftParen => {}
            _ => self.angles = 0,
        }
        match (kind, word) {
            (TokenKind::Plus | TokenKind::Minus | TokenKind::Star | TokenKind::Slash | TokenKind::Coalesce, _) => {
                self.operators = self.operators.saturating_add(1);
                self.steps = 0;
            }
            (TokenKind::Dot | TokenKind::LeftBracket, _) => self.steps = self.steps.saturating_add(1),
            (TokenKind::LeftParen, _) => {}
            (TokenKind::Word, "and" | "or" | "not" | "in" | "is" | "when" | "unless") if !after_dot => {
                (self.operators, self.steps) = (0, 0)
            }
            // The word after a dot is one more step.
            (TokenKind::Word, _) => self.steps = if after_dot { self.steps } else { 0 },
            (TokenKind::Number | TokenKind::Text, _) => self.steps = 0,
            _ => (self.operators, self.steps) = (0, 0),
        }
        match word {
            "match" if !after_dot && codes.kind(next) != Some(TokenKind::Colon) => {
                self.subjects = self.subjects.saturating_add(1)
            }
            "if" | "trusting" if !after_dot => self.open = self.open.saturating_add(1),
            // `then role b 2h` hands on to another approver.
            "then" if matches!(codes.word(next), "role" | "user" | "identity") || codes.word(next.saturating_add(1)) == "of" => {
                self.open = self.open.saturating_add(1);
            }
            "any" | "all" | "first" if !after_dot && matches!(codes.kind(next), Some(TokenKind::Word | TokenKind::LeftParen)) => {
                self.open = self.open.saturating_add(1);
            }
            _ if kind == TokenKind::Comma && self.angles == 0 => self.open = 0,
            _ => {}
        }
    }
}
