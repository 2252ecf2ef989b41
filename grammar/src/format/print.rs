//! From the document to lines.

use super::WIDTH;
use super::align::{align_comments, align_entries};
use super::columns::Column;
use super::document::{Between, Bracket, Chain, Doc, Entries, Entry, Space, flat_all, lead, need};
use super::gaps::Gaps;
use crate::parse::concrete::Concrete;

/// One line of the output.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) text: String,
    /// How far it is indented, in characters.
    indent: usize,
    pub(super) width: usize,
    /// The comment at its end.
    pub(super) comment: Option<String>,
    pub(super) marks: Vec<Mark>,
}

/// A place in a line that may stand in a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) column: Column,
    /// Offset in the line's text, and the same in characters.
    pub(super) at: usize,
    pub(super) width: usize,
    /// Whether the author left several blanks there.
    pub(super) wanted: bool,
    /// How many brackets are open around it.
    pub(super) depth: usize,
}

/// Prints the declarations of a file.
pub(super) fn print(source: &str, concrete: &Concrete, gaps: &Gaps, file: &[Entry]) -> String {
    let mut printer = Printer { source, concrete, gaps, lines: vec![Line::default()], hang: STEP, inner: STEP, depth: 0 };
    printer.entries(file, 0, Entries::Members, true);
    printer.close(concrete.tokens.len(), 0);
    align_comments(&mut printer.lines);
    let mut text = String::with_capacity(source.len());
    for line in &printer.lines {
        text.push_str(&line.text);
        if let Some(comment) = &line.comment {
            text.push_str(comment);
        }
        text.push('\n');
    }
    let end = text.trim_end().len();
    text.truncate(end);
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// One level of indentation, in blanks.
const STEP: usize = 2;

struct Printer<'c> {
    source: &'c str,
    concrete: &'c Concrete,
    gaps: &'c Gaps,
    lines: Vec<Line>,
    /// Where the clauses of the present member begin that have lines of their own.
    hang: usize,
    /// Where other lines begin that go on with it.
    inner: usize,
    /// How many brackets are open.
    depth: usize,
}

impl Printer<'_> {
    fn width(&self) -> usize {
        self.lines.last().map_or(0, |line| line.width)
    }

    fn indent(&self) -> usize {
        self.lines.last().map_or(0, |line| line.indent)
    }

    fn push(&mut self, text: &str) {
        if let Some(line) = self.lines.last_mut() {
            line.text.push_str(text);
            line.width = line.width.saturating_add(text.chars().count());
        }
    }

    fn newline(&mut self, indent: usize) {
        // A line that holds nothing yet is used, so that the file begins on its first.
        if self.lines.last().is_some_and(|line| line.text.trim().is_empty() && line.comment.is_none()) {
            self.lines.pop();
        }
        self.lines.push(Line { text: " ".repeat(indent), indent, width: indent, ..Line::default() });
    }

    fn blank_line(&mut self) {
        if self.lines.last().is_some_and(|line| !line.text.is_empty()) {
            self.lines.push(Line::default());
            // The next line begins after the empty one.
            self.lines.push(Line::default());
        }
    }

    fn token(&mut self, at: usize) {
        let text = self.concrete.tokens.get(at).map_or("", |token| token.span.text(self.source));
        self.push(text);
    }

    /// Ends the line before a token, with the comments that stand there; `blanks` says whether blank lines are kept.
    fn line_before(&mut self, token: usize, indent: usize, blanks: bool) {
        let gap = self.gaps.before(token);
        for comment in &gap.comments {
            if comment.trailing {
                if let Some(line) = self.lines.last_mut() {
                    line.comment = Some(comment.text.clone());
                }
                continue;
            }
            if comment.blank && (blanks || comment != gap.comments.first().unwrap_or(comment)) {
                self.blank_line();
            }
            self.newline(indent);
            self.push(&comment.text);
        }
        if gap.blank && (blanks || gap.comments.iter().any(|comment| !comment.trailing)) {
            self.blank_line();
        }
        self.newline(indent);
    }

    /// Pieces one after another; `tail` is the width of what stands after them on the last line.
    fn docs(&mut self, docs: &[Doc], tail: usize) {
        let mut rest = docs;
        while let Some((doc, after)) = rest.split_first() {
            rest = after;
            let (led, stopped) = lead(after, self.gaps);
            let follows = if stopped { led } else { led.saturating_add(tail) };
            match doc {
                Doc::Token { at, .. } => self.token(*at),
                Doc::Gap(gap) => self.gap(gap, after, tail),
                Doc::Chain(chain) => self.chain(chain, follows),
                Doc::Bracket(bracket) => self.bracket(bracket, follows),
            }
        }
    }

    fn gap(&mut self, gap: &Between, after: &[Doc], tail: usize) {
        let indent = if gap.clause { self.hang } else { self.inner };
        let ends = match gap.space {
            _ if gap.comments => true,
            Space::Glue => return,
            Space::Blank => false,
            Space::Line => true,
            Space::Break | Space::BreakFirst => self.breaks(gap, indent, after, tail),
        };
        if ends {
            self.line_before(gap.before, indent, false);
        }
        if gap.clause {
            self.inner = if self.indent() == self.hang { self.hang.saturating_add(STEP) } else { self.hang };
        }
        if ends {
            return;
        }
        let (depth, wanted) = (self.depth, self.gaps.before(gap.before).wide);
        self.push(" ");
        if let (Some(column), Some(line)) = (gap.column, self.lines.last_mut()) {
            line.marks.push(Mark { column, at: line.text.len(), width: line.width, wanted, depth });
        }
    }

    /// Whether a line ends in a gap where it may.
    fn breaks(&self, gap: &Between, indent: usize, after: &[Doc], tail: usize) -> bool {
        let is_break =
            |doc: &Doc| matches!(doc, Doc::Gap(gap) if gap.comments || !matches!(gap.space, Space::Glue | Space::Blank));
        let length = after.iter().position(is_break);
        let unit = after.get(..length.unwrap_or(after.len())).unwrap_or(after);
        let tail = if length.is_none() { tail } else { 0 };
        let here = self.width().saturating_add(1);
        if here <= indent {
            return false;
        }
        // Three conditions and more read best below one another.
        let listed = matches!(unit.last(), Some(Doc::Chain(chain)) if chain.inset && chain.rest.len() > 1);
        let listed = listed && here.saturating_add(need(unit, self.gaps)) <= WIDTH;
        match flat_all(unit, self.gaps) {
            Some(width) if here.saturating_add(width).saturating_add(tail) <= WIDTH => return false,
            Some(width) if !listed && indent.saturating_add(width).saturating_add(tail) <= WIDTH => return true,
            _ => {}
        }
        gap.space == Space::BreakFirst || here.saturating_add(need(unit, self.gaps)) > WIDTH
    }

    fn chain(&mut self, chain: &Chain, tail: usize) {
        let start = self.width();
        let width = chain.flat(self.gaps);
        let on_one_line = width.is_some_and(|width| start.saturating_add(width).saturating_add(tail) <= WIDTH);
        let outside = (self.hang, self.inner);
        self.hang = start.saturating_add(STEP);
        self.inner = self.hang;
        self.docs(&chain.first, if chain.rest.is_empty() { tail } else { 0 });
        let grouped = chain.rest.iter().any(|link| link.broken);
        let mut links = chain.rest.iter().peekable();
        while let Some(link) = links.next() {
            let last = links.peek().is_none();
            let fits = flat_all(&link.operand, self.gaps).is_some_and(|width| {
                let after = self.width().saturating_add(link.width).saturating_add(width);
                after.saturating_add(if last { tail } else { 0 }) <= WIDTH
            });
            if on_one_line || (grouped && fits && !link.broken && !link.comments) {
                self.push(" ");
            } else {
                let indent = if chain.inset { start.saturating_sub(link.width) } else { start };
                self.line_before(link.operator, indent, false);
            }
            self.token(link.operator);
            self.docs(&link.operand, if last { tail } else { 0 });
        }
        (self.hang, self.inner) = outside;
    }

    fn bracket(&mut self, bracket: &Bracket, tail: usize) {
        let width = bracket.flat(self.gaps);
        let flat = width.is_some_and(|width| self.width().saturating_add(width).saturating_add(tail) <= WIDTH);
        self.token(bracket.open);
        self.depth = self.depth.saturating_add(1);
        let outside = (self.hang, self.inner);
        if flat {
            self.on_one_line(bracket);
        } else {
            let base = match bracket.style {
                Entries::Members | Entries::Fields => self.hang.saturating_sub(STEP),
                Entries::Values => self.indent(),
            };
            self.hang = base.saturating_add(STEP).saturating_add(STEP);
            self.entries(&bracket.entries, base.saturating_add(STEP), bracket.style, bracket.broken);
            self.close(bracket.close, base);
            (self.hang, self.inner) = outside;
        }
        self.depth = self.depth.saturating_sub(1);
        self.token(bracket.close);
    }

    fn on_one_line(&mut self, bracket: &Bracket) {
        let blank = if bracket.spaced && !bracket.entries.is_empty() { " " } else { "" };
        self.push(blank);
        for (at, entry) in bracket.entries.iter().enumerate() {
            if at > 0 {
                let semicolon = self.gaps.before(entry.first).semicolon;
                self.push(if semicolon { "; " } else { " " });
            }
            self.docs(&entry.docs, 0);
            self.docs(&entry.comma, 0);
        }
        self.push(blank);
    }

    /// Entries on lines of their own.
    fn entries(&mut self, entries: &[Entry], indent: usize, style: Entries, broken: bool) {
        // The line of each entry, where it is alone on one.
        let mut alone: Vec<Option<usize>> = Vec::new();
        let mut separated = false;
        let refill = style == Entries::Values && self.overflows(entries, indent);
        for (number, entry) in entries.iter().enumerate() {
            let gap = self.gaps.before(entry.first);
            let comma = usize::from(!entry.comma.is_empty());
            let fits = flat_all(&entry.docs, self.gaps)
                .is_some_and(|width| self.width().saturating_add(1).saturating_add(width).saturating_add(comma) <= WIDTH);
            let shares = match style {
                Entries::Members => false,
                Entries::Values => separated && fits,
                Entries::Fields => separated && fits && broken,
            };
            if shares && number > 0 && (refill || !gap.newline) && gap.comments.is_empty() {
                self.push(" ");
                if let Some(last) = alone.last_mut() {
                    *last = None;
                }
                alone.push(None);
                self.docs(&entry.docs, comma);
            } else {
                self.line_before(entry.first, indent, number > 0);
                self.inner = self.hang;
                let line = self.lines.len();
                self.docs(&entry.docs, comma);
                alone.push((line == self.lines.len()).then(|| line.saturating_sub(1)));
            }
            separated = !entry.comma.is_empty();
            self.docs(&entry.comma, 0);
        }
        align_entries(&mut self.lines, &alone, self.depth);
    }

    /// Whether the entries that the author put on one line do not fit on one, so that the author's lines mean nothing any more.
    fn overflows(&self, entries: &[Entry], indent: usize) -> bool {
        let mut width = None;
        entries.iter().any(|entry| {
            let own = flat_all(&entry.docs, self.gaps).map(|docs| docs.saturating_add(usize::from(!entry.comma.is_empty())));
            let before = if self.gaps.before(entry.first).newline { Some(indent) } else { width };
            let shares = before.is_some_and(|before| before > indent);
            width = before
                .or(Some(indent))
                .zip(own)
                .map(|(before, own)| before.saturating_add(own).saturating_add(usize::from(shares)));
            shares && width.is_some_and(|width| width > WIDTH)
        })
    }

    /// The comments before a closing bracket, and the line that it begins.
    fn close(&mut self, token: usize, base: usize) {
        let inside = if token >= self.concrete.tokens.len() { base } else { base.saturating_add(STEP) };
        let gap = self.gaps.before(token);
        for (number, comment) in gap.comments.iter().enumerate() {
            if comment.trailing {
                if let Some(line) = self.lines.last_mut() {
                    line.comment = Some(comment.text.clone());
                }
                continue;
            }
            if comment.blank && (number > 0 || self.lines.len() > 1) {
                self.blank_line();
            }
            self.newline(inside);
            self.push(&comment.text);
        }
        self.newline(base);
    }
}
