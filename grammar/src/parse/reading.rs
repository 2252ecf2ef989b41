//! The text that the grammar reads: the tokens that count, a line end only where it ends a member, everything mended that could be; and
//! the way back from each place in it to the source.

use std::ops::Range;

use super::code::Codes;
use super::outline::{Chunk, Outline};
use crate::span::Span;
use crate::token::TokenKind;

/// The text for the grammar.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) text: String,
    /// Where each token begins in the text.
    starts: Vec<usize>,
    /// Where each token ends, with the brackets that were missing after it.
    ends: Vec<usize>,
}

impl Reading {
    pub(super) fn new(codes: &Codes<'_>, outline: &Outline) -> Self {
        let mut reading = Self { text: String::with_capacity(codes.source.len()), starts: Vec::new(), ends: Vec::new() };
        for (at, code) in codes.list.iter().enumerate() {
            for _ in 0..outline.missing.get(at).copied().unwrap_or(0) {
                reading.text.push('}');
            }
            if let Some(end) = reading.ends.last_mut() {
                *end = reading.text.len();
            }
            if outline.line_ends.get(at) == Some(&true) {
                reading.text.push('\n');
            } else if code.apart {
                reading.text.push(' ');
            }
            // A word that stands for a sign is set apart from its neighbours.
            let source = code.span.text(codes.source);
            let inserted = code.kind == TokenKind::Word && !source.starts_with(|c: char| c.is_alphabetic() || c == '_');
            if inserted {
                reading.text.push(' ');
            }
            reading.starts.push(reading.text.len());
            if outline.skipped.get(at) != Some(&true) {
                reading.text.push_str(&code.text);
            }
            reading.ends.push(reading.text.len());
            if inserted {
                reading.text.push(' ');
            }
        }
        for _ in 0..outline.missing.last().copied().unwrap_or(0) {
            reading.text.push('}');
        }
        if let Some(end) = reading.ends.last_mut() {
            *end = reading.text.len();
        }
        reading
    }

    /// Where the tokens `start..end` stand in the text.
    pub(super) fn range(&self, start: usize, end: usize) -> Range<usize> {
        let from = self.starts.get(start).copied().unwrap_or(self.text.len());
        let to = end.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or(from);
        from..to.max(from)
    }

    /// Where a chunk stands in the text.
    pub(super) fn range_of(&self, chunk: &Chunk) -> Range<usize> {
        self.range(chunk.start, chunk.end)
    }

    /// The token that stands at a place in the text, or the next one after it.
    pub(super) fn token_at(&self, place: usize) -> usize {
        self.ends.partition_point(|&end| end <= place)
    }

    /// How many tokens begin before a place in the text.
    pub(super) fn tokens_before(&self, place: usize) -> usize {
        self.starts.partition_point(|&start| start < place)
    }

    /// The offset in the source of the beginning of something at a place in the text.
    fn source_start(&self, codes: &Codes<'_>, place: usize) -> u32 {
        let at = self.starts.partition_point(|&start| start <= place).saturating_sub(1);
        let (Some(&start), span) = (self.starts.get(at), codes.span(at)) else { return 0 };
        let inside = u32::try_from(place.saturating_sub(start)).unwrap_or(u32::MAX);
        span.start.saturating_add(inside).min(span.end)
    }

    /// The span in the source of a range of the text.
    pub(super) fn span(&self, codes: &Codes<'_>, range: Range<usize>) -> Span {
        let start = self.source_start(codes, range.start);
        let at = self.starts.partition_point(|&start| start < range.end).saturating_sub(1);
        let (Some(&token), Some(&token_end), span) = (self.starts.get(at), self.ends.get(at), codes.span(at)) else {
            return Span::new(start, start);
        };
        // A mended token ends where the one in the source ends.
        let end = if range.end >= token_end {
            span.end
        } else {
            span.start.saturating_add(u32::try_from(range.end.saturating_sub(token)).unwrap_or(u32::MAX)).min(span.end)
        };
        Span::new(start, end.max(start))
    }

    /// A part of the text in which some ranges are blank; they are in order and do not overlap.
    pub(super) fn without(&self, part: Range<usize>, blank: &[Range<usize>]) -> String {
        let mut text = String::with_capacity(part.len());
        let mut here = part.start;
        for range in blank {
            text.push_str(self.text.get(here..range.start).unwrap_or(""));
            let start = part.start.saturating_add(text.len());
            text.extend(std::iter::repeat_n(' ', range.end.saturating_sub(start)));
            here = range.end;
        }
        text.push_str(self.text.get(here..part.end).unwrap_or(""));
        text
    }
}
