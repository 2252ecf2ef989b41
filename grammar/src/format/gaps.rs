//! What stands between the tokens of a source: comments, blank lines, line ends.

use crate::parse::concrete::Leaf;
use crate::token::{TokenKind, tokenize};

/// A comment, `//` or `///` included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comment {
    pub(super) text: String,
    /// Whether it stands at the end of a line that holds more.
    pub(super) trailing: bool,
    /// Whether a blank line stands before it.
    pub(super) blank: bool,
}

/// What stands before one token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) comments: Vec<Comment>,
    /// Whether a line ends in it.
    pub(super) newline: bool,
    /// Whether a blank line stands after its last comment.
    pub(super) blank: bool,
    /// Whether several blanks stand in it, which asks for a column.
    pub(super) wide: bool,
    /// Whether a `;` stands in it.
    pub(super) semicolon: bool,
}

/// The gaps of a source: one before each token, one at the end.
#[derive(Debug)]
pub(super) struct Gaps {
    list: Vec<Gap>,
}

impl Gaps {
    /// Finds them. The signs `;` are gaps too: a line end can stand for each.
    pub(super) fn new(source: &str, codes: &[Leaf]) -> Self {
        let mut list: Vec<Gap> = Vec::with_capacity(codes.len().saturating_add(1));
        let mut gap = Gap::default();
        let mut line_ends = 0_usize;
        let mut begun = false;
        for token in tokenize(source).list {
            let text = token.span.text(source);
            match token.kind {
                TokenKind::Blank => gap.wide |= text.len() > 1,
                TokenKind::NewLine => {
                    gap.newline = true;
                    line_ends = line_ends.saturating_add(1);
                }
                kind if kind.is_trivia() => {
                    // Two on one line come about where a `;` stood between them.
                    let trailing = begun && line_ends == 0 && gap.comments.is_empty();
                    gap.comments.push(Comment { text: text.trim_end().to_owned(), trailing, blank: line_ends > 1 });
                    line_ends = 0;
                }
                TokenKind::Semicolon => {
                    gap.semicolon = true;
                    list.push(Gap::default());
                    line_ends = 0;
                }
                _ => {
                    gap.blank = line_ends > 1;
                    gap.wide &= !gap.newline && !gap.semicolon;
                    list.push(std::mem::take(&mut gap));
                    line_ends = 0;
                    begun = true;
                }
            }
        }
        list.push(gap);
        Self { list }
    }

    /// The gap before a token; the one at the end where there is no such token.
    pub(super) fn before(&self, token: usize) -> &Gap {
        static NONE: Gap = Gap { comments: Vec::new(), newline: false, blank: false, wide: false, semicolon: false };
        self.list.get(token).or(self.list.last()).unwrap_or(&NONE)
    }

    /// All comments in order, without blanks before each line's end.
    pub(super) fn comments(&self) -> Vec<&str> {
        self.list.iter().flat_map(|gap| &gap.comments).map(|comment| comment.text.as_str()).collect()
    }
}
