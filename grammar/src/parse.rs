//! The parser: from a source text to the syntax tree and every mistake in its writing.
//!
//! Tokens come first: what they give away is reported and mended, brackets are matched, and the file is cut into declarations and
//! members. The grammar in `agentpolicy.pest` then reads each declaration; where it does not accept one, it reads each member of it
//! alone, so that every mistake is found where it is and the members without mistakes are kept.

mod brackets;
mod build;
mod code;
mod depth;
mod error;
mod explain;
mod lexical;
mod lines;
mod literal;
mod outline;
mod reading;
mod recover;
mod syntax;
mod words;

use crate::ast::File;
use crate::span::Span;
use crate::token::tokenize;

pub use error::{Form, Found, LiteralProblem, Separator, SyntaxError, SyntaxErrorKind};

/// How deep brackets, blocks, prefixes, types and expressions may nest. Everything that walks a tree may recurse this deep.
pub const MAX_DEPTH: usize = 96;

/// How long a source may be, in bytes (1 MiB).
pub const MAX_SOURCE: usize = 1 << 20;

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Parse {
    /// The tree. Members with mistakes are left out; where it could be told what was meant, that is in it.
    pub file: File,
    /// Every mistake, in the order of the source.
    pub errors: Vec<SyntaxError>,
}

/// Reads a source text. It never fails: what cannot be read is in the errors.
#[must_use]
pub fn parse(source: &str) -> Parse {
    if source.len() > MAX_SOURCE {
        let end = source.char_indices().nth(1).map_or(source.len(), |(at, _)| at);
        let span = Span::new(0, u32::try_from(end).unwrap_or(0));
        return Parse { file: File::default(), errors: vec![SyntaxError { kind: SyntaxErrorKind::TooLong, span }] };
    }
    let tokens = tokenize(source);
    let mut errors = Vec::new();
    let mut codes = code::Codes::new(&tokens);
    lexical::check(&tokens, &mut codes, &mut errors);
    let brackets = brackets::matching(&codes, &mut errors);
    let outline = outline::outline(&mut codes, &brackets, &mut errors);
    let reading = reading::Reading::new(&codes, &outline);
    let items = recover::read(&codes, &outline, &reading, &mut errors);
    errors.sort_by_key(|error| (error.span.start, error.span.end));
    errors.dedup();
    Parse { file: File { items }, errors }
}
