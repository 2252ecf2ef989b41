//! Reads the declarations one by one, and where one has mistakes, its members one by one.

use pest::Parser;
use pest::error::Error;
use pest::iterators::Pairs;

use super::build::Builder;
use super::code::{Codes, Fault};
use super::error::{SyntaxError, SyntaxErrorKind};
use super::explain;
use super::outline::{Chunk, Outline};
use super::reading::Reading;
use super::syntax::{Rule, Syntax};
use super::words::Block;
use crate::ast::Item;
use crate::token::TokenKind;

/// The declarations that could be read.
pub(super) fn read(codes: &Codes<'_>, outline: &Outline, reading: &Reading, errors: &mut Vec<SyntaxError>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut rest = outline.chunks.as_slice();
    // The members of a declaration follow it.
    while let Some((first, after)) = rest.split_first() {
        let members = after.iter().position(|chunk| chunk.parent.is_none()).unwrap_or(after.len());
        let chunks = rest.get(..members.saturating_add(1)).unwrap_or(rest);
        rest = after.get(members..).unwrap_or(&[]);
        items.extend(read_item(codes, reading, first, chunks, errors));
    }
    items
}

/// One declaration; `chunks` are itself and everything in it.
fn read_item(
    codes: &Codes<'_>,
    reading: &Reading,
    item: &Chunk,
    chunks: &[Chunk],
    errors: &mut Vec<SyntaxError>,
) -> Option<Item> {
    let range = reading.range_of(item);
    let offset = range.start;
    let whole = reading.without(range.clone(), &[]);
    let broken = chunks.iter().any(|chunk| chunk.fault == Fault::Broken);
    let read = if broken { None } else { syntax(Rule::one_item, &whole).ok() };
    if let Some(found) = read {
        return build(codes, reading, item, offset, found, errors);
    }
    let bad = bad_members(codes, reading, chunks, errors);
    if bad.iter().any(|chunk| chunk.parent.is_none()) {
        return None;
    }
    // A comma after a member that is left out would stand alone.
    let mut blank: Vec<_> = bad
        .iter()
        .map(|chunk| {
            let comma = codes.kind(chunk.end) == Some(TokenKind::Comma);
            reading.range(chunk.start, if comma { chunk.end.saturating_add(1) } else { chunk.end })
        })
        .collect();
    blank.sort_by_key(|range| range.start);
    match syntax(Rule::one_item, &reading.without(range, &blank)) {
        Ok(found) => build(codes, reading, item, offset, found, errors),
        Err(error) => {
            // Every part was read alone: what is between them is at fault.
            let place = explain::place(codes, reading, item.start, item.end, &error, offset);
            let reported = chunks.iter().any(|chunk| chunk.fault > Fault::None)
                || errors
                    .iter()
                    .any(|error| error.span.start >= codes.span(item.start).start && error.span.end <= codes.span(item.end).end);
            if !reported {
                errors.push(explain::explain(codes, item, &error, place));
            }
            None
        }
    }
}

/// The declaration, as the syntax found it.
fn build(
    codes: &Codes<'_>,
    reading: &Reading,
    item: &Chunk,
    offset: usize,
    found: Pairs<'_, Rule>,
    errors: &mut Vec<SyntaxError>,
) -> Option<Item> {
    let (read, mistakes) = Builder::new(codes, reading, offset).build(found);
    if read.is_none() && mistakes.is_empty() {
        errors.push(unreadable(codes, item));
    }
    errors.extend(mistakes);
    read
}

/// The outermost chunks that cannot be read; each is reported, unless a mistake in it was before.
fn bad_members<'o>(codes: &Codes<'_>, reading: &Reading, chunks: &'o [Chunk], errors: &mut Vec<SyntaxError>) -> Vec<&'o Chunk> {
    let mut bad: Vec<&Chunk> = Vec::new();
    for chunk in chunks {
        let inside = bad.last().is_some_and(|outer| chunk.end <= outer.end);
        if chunk.fault == Fault::Broken {
            if !inside {
                bad.push(chunk);
            }
            continue;
        }
        let (text, offset) = alone(reading, chunk);
        let Err(error) = syntax(entry(chunk.block), &text) else { continue };
        if chunk.fault == Fault::None {
            // A header is read without what follows its brace.
            let end = chunk.body.map_or(chunk.end, |brace| brace.saturating_add(1));
            let place = explain::place(codes, reading, chunk.start, end, &error, offset);
            // A bracket that stands where none can is the one that was reported without its partner.
            let bracket = place < end && codes.kind(place).is_some_and(TokenKind::is_bracket);
            if !(bracket && has_unmatched(codes, chunks, errors)) {
                errors.push(explain::explain(codes, chunk, &error, place));
            }
        }
        if !inside {
            bad.push(chunk);
        }
    }
    bad
}

/// Whether a bracket without a partner was reported in a declaration, the first of the chunks.
fn has_unmatched(codes: &Codes<'_>, chunks: &[Chunk], errors: &[SyntaxError]) -> bool {
    let Some(item) = chunks.first() else { return false };
    let (start, end) = (codes.span(item.start).start, codes.span(item.end).end);
    errors.iter().any(|error| {
        let unmatched = matches!(error.kind, SyntaxErrorKind::UnclosedBracket { .. } | SyntaxErrorKind::StrayBracket { .. });
        unmatched && (start..=end).contains(&error.span.start)
    })
}

/// The text of a chunk without the members of its body.
fn alone(reading: &Reading, chunk: &Chunk) -> (String, usize) {
    let end = chunk.body.map_or(chunk.end, |brace| brace.saturating_add(1));
    let range = reading.range(chunk.start, end);
    let offset = range.start;
    let mut text = reading.without(range, &[]);
    if chunk.body.is_some() {
        // A brace that nothing closes may have been closed already, when its block is empty.
        while text.ends_with('}') {
            text.pop();
        }
        text.push('}');
    }
    (text, offset)
}

/// The rule that reads one member of a block.
fn entry(block: Block) -> Rule {
    match block {
        Block::File => Rule::one_item,
        Block::Policy => Rule::one_policy_member,
        Block::Enum => Rule::one_variant,
        Block::Identity => Rule::one_identity_who,
        Block::Fields => Rule::one_field,
        Block::Source => Rule::one_source_member,
        Block::Tool => Rule::one_tool_member,
        Block::Verb => Rule::one_verb_clause,
        Block::Rules => Rule::one_member,
        Block::Gate => Rule::one_gate_member,
        Block::Handoff => Rule::one_handoff_member,
        Block::Fixture => Rule::one_setup,
        Block::Test => Rule::one_step,
        Block::Prove => Rule::one_prove_member,
    }
}

fn syntax(rule: Rule, text: &str) -> Result<Pairs<'_, Rule>, Box<Error<Rule>>> {
    Syntax::parse(rule, text).map_err(Box::new)
}

fn unreadable(codes: &Codes<'_>, item: &Chunk) -> SyntaxError {
    let found = super::error::Found::Code(codes.text(item.start).to_owned());
    let kind = SyntaxErrorKind::Unexpected { after: None, expected: Vec::new(), found, example: None, instead: None };
    SyntaxError { kind, span: codes.span(item.start) }
}
