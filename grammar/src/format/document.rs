//! The document: tokens, and what may stand in each gap between them.

use super::columns::Column;
use super::gaps::Gaps;

/// A piece of the document.
#[derive(Debug)]
pub(super) enum Doc {
    /// A token.
    Token { at: usize, width: usize },
    /// What stands before a token.
    Gap(Between),
    /// `a and b and c`
    Chain(Chain),
    /// `{ … }`, `( … )`, `[ … ]`
    Bracket(Bracket),
}

/// What stands between two tokens.
#[derive(Debug)]
pub(super) struct Between {
    /// The token after it.
    pub(super) before: usize,
    pub(super) space: Space,
    pub(super) column: Option<Column>,
    /// Whether a clause of the member begins after it.
    pub(super) clause: bool,
    /// Whether it follows a `:`.
    pub(super) after_colon: bool,
    /// Whether comments stand in it, so that a line ends there.
    pub(super) comments: bool,
}

/// What a gap is where no comment stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// Nothing.
    Glue,
    /// One blank.
    Blank,
    /// One blank, or a line end where what follows does not fit.
    Break,
    /// The same, and rather a line end than lines that begin inside of what follows.
    BreakFirst,
    /// A line end.
    Line,
}

/// Operands that are joined by one operator: on one line, or on the lines that the author gave them, or each on its own.
#[derive(Debug)]
pub(super) struct Chain {
    /// Whether the operands stand below one another, because a word such as `when` leaves room for the operators before them.
    pub(super) inset: bool,
    pub(super) first: Vec<Doc>,
    pub(super) rest: Vec<Link>,
}

/// One operator and the operand after it.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) operator: usize,
    /// Width of the operator and the blank after it.
    pub(super) width: usize,
    /// Whether the author began a line with it.
    pub(super) broken: bool,
    /// Whether comments stand before the operator.
    pub(super) comments: bool,
    /// The gap after the operator, and the operand.
    pub(super) operand: Vec<Doc>,
}

/// How the entries of a bracket stand where they do not stand on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entries {
    /// Each on its own line, indented from the member whose body they are.
    Members,
    /// Each on its own line where the author gave it one or it does not fit; indented from the line that opens the bracket.
    Values,
    /// Each on its own line, unless the author put several on one; indented from the member whose body they are.
    Fields,
}

/// A bracket and what stands in it.
#[derive(Debug)]
pub(super) struct Bracket {
    pub(super) open: usize,
    pub(super) close: usize,
    pub(super) style: Entries,
    /// Whether blanks stand inside the bracket on one line.
    pub(super) spaced: bool,
    /// Whether the author gave its entries lines of their own.
    pub(super) broken: bool,
    pub(super) entries: Vec<Entry>,
}

/// One entry of a bracket.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its first token.
    pub(super) first: usize,
    pub(super) docs: Vec<Doc>,
    /// The comma after it, and the gap before that.
    pub(super) comma: Vec<Doc>,
}

/// The width of a piece on one line; none where it holds a line end.
pub(super) fn flat(doc: &Doc, gaps: &Gaps) -> Option<usize> {
    match doc {
        Doc::Token { width, .. } => Some(*width),
        Doc::Gap(gap) => match gap.space {
            _ if gap.comments => None,
            Space::Glue => Some(0),
            Space::Blank | Space::Break | Space::BreakFirst => Some(1),
            Space::Line => None,
        },
        Doc::Chain(chain) => chain.flat(gaps),
        Doc::Bracket(bracket) => bracket.flat(gaps),
    }
}

/// The width of pieces on one line; none where one holds a line end.
pub(super) fn flat_all(docs: &[Doc], gaps: &Gaps) -> Option<usize> {
    docs.iter().try_fold(0_usize, |width, doc| Some(width.saturating_add(flat(doc, gaps)?)))
}

impl Chain {
    /// Its width on one line, if it may stand on one.
    pub(super) fn flat(&self, gaps: &Gaps) -> Option<usize> {
        let mut width = flat_all(&self.first, gaps)?;
        for link in &self.rest {
            let operand = flat_all(&link.operand, gaps).filter(|_| !link.broken && !link.comments)?;
            // A blank, the operator, and with the gap after it the operand.
            width = width.saturating_add(link.width).saturating_add(operand);
        }
        Some(width)
    }
}

impl Bracket {
    /// Its width on one line, if it may stand on one.
    pub(super) fn flat(&self, gaps: &Gaps) -> Option<usize> {
        if self.broken || !gaps.before(self.close).comments.is_empty() {
            return None;
        }
        let mut width = 2_usize;
        for (at, entry) in self.entries.iter().enumerate() {
            if !gaps.before(entry.first).comments.is_empty() {
                return None;
            }
            let between = if at == 0 { 0 } else { self.between(entry, gaps) };
            let inside = flat_all(&entry.docs, gaps)?.saturating_add(flat_all(&entry.comma, gaps)?);
            width = width.saturating_add(between).saturating_add(inside);
        }
        let inside = if self.spaced && !self.entries.is_empty() { 2 } else { 0 };
        Some(width.saturating_add(inside))
    }

    /// The width of what stands before an entry that is not the first, on one line.
    fn between(&self, entry: &Entry, gaps: &Gaps) -> usize {
        if gaps.before(entry.first).semicolon { 2 } else { 1 }
    }
}

/// How much of a line pieces need where every line end that can be taken is taken: the width up to the first of them, or of the widest
/// operand of a chain.
pub(super) fn need(docs: &[Doc], gaps: &Gaps) -> usize {
    let mut width = 0_usize;
    for doc in docs {
        match doc {
            Doc::Gap(gap) if gap.comments || gap.space == Space::Line => return width,
            Doc::Bracket(bracket) if !bracket.entries.is_empty() => return width.saturating_add(1),
            Doc::Chain(chain) => {
                let first = natural(&chain.first, gaps);
                let rest = chain.rest.iter().map(|link| {
                    let offset = if chain.inset { 0 } else { link.width };
                    offset.saturating_add(natural(&link.operand, gaps))
                });
                return width.saturating_add(rest.max().unwrap_or(0).max(first));
            }
            _ => width = width.saturating_add(flat(doc, gaps).unwrap_or(0)),
        }
    }
    width
}

/// The width of pieces if all of them stood on one line, wherever the author ended lines.
fn natural(docs: &[Doc], gaps: &Gaps) -> usize {
    let widths = docs.iter().map(|doc| match doc {
        Doc::Token { width, .. } => *width,
        Doc::Gap(gap) => usize::from(gap.space != Space::Glue),
        Doc::Chain(chain) => {
            let rest = chain.rest.iter().map(|link| link.width.saturating_add(natural(&link.operand, gaps)));
            natural(&chain.first, gaps).saturating_add(rest.sum())
        }
        Doc::Bracket(bracket) => {
            let blanks = if bracket.spaced { 4 } else { 2 };
            let entries = bracket.entries.iter().map(|entry| {
                let between = bracket.between(entry, gaps);
                natural(&entry.docs, gaps).saturating_add(natural(&entry.comma, gaps)).saturating_add(between)
            });
            entries.sum::<usize>().saturating_add(blanks)
        }
    });
    widths.sum()
}

/// The width of the pieces up to the first place where a line can end, and whether there is one.
pub(super) fn lead(docs: &[Doc], gaps: &Gaps) -> (usize, bool) {
    let mut width = 0_usize;
    for doc in docs {
        match doc {
            Doc::Gap(gap) if gap.comments || !matches!(gap.space, Space::Glue | Space::Blank) => return (width, true),
            Doc::Bracket(bracket) if !bracket.entries.is_empty() => return (width.saturating_add(1), true),
            Doc::Chain(chain) => {
                return (width.saturating_add(lead(&chain.first, gaps).0), true);
            }
            _ => width = width.saturating_add(flat(doc, gaps).unwrap_or(0)),
        }
    }
    (width, false)
}
