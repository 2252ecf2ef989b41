//! The parser: from a source text to the syntax tree and every mistake in its writing.
//!
//! Tokens come first: what they give away is reported and mended, brackets are matched, and the file is cut into declarations and
//! members. The grammar in `agentpolicy.pest` then reads each declaration; where it does not accept one, it reads each member of it
//! alone, so that every mistake is found where it is and the members without mistakes are kept.

#[cfg(test)]
mod alternatives;
mod brackets;
mod build;
mod code;
pub(crate) mod concrete;
mod depth;
mod error;
mod explain;
mod lexical;
mod lines;
mod literal;
mod openings;
mod outline;
mod reading;
mod recover;
mod syntax;
mod words;

use crate::ast::File;
use crate::span::Span;
use crate::token::tokenize;

pub(crate) use syntax::Rule;

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
    openings::add_missing(&mut codes, &mut errors);
    let brackets = brackets::matching(&codes, &mut errors);
    let outline = outline::outline(&mut codes, &brackets, &mut errors);
    let reading = reading::Reading::new(&codes, &outline);
    let items = recover::read(&codes, &outline, &reading, &mut errors);
    errors.sort_by_key(|error| (error.span.start, error.span.end));
    errors.dedup();
    Parse { file: File { items }, errors }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    use pest::Parser;
    use proptest::prelude::*;

    use super::*;

    const SOURCES: [&str; 3] = [
        include_str!("../../examples/refunds/refunds.agentpolicy"),
        include_str!("../tests/files/every_construct.agentpolicy"),
        include_str!("../tests/files/mistakes/five.txt"),
    ];

    /// What the grammar reads of a source, and whether its rule for whole files accepts that.
    pub(super) fn whole(source: &str) -> (String, bool) {
        let tokens = tokenize(source);
        let mut errors = Vec::new();
        let mut codes = code::Codes::new(&tokens);
        lexical::check(&tokens, &mut codes, &mut errors);
        openings::add_missing(&mut codes, &mut errors);
        let brackets = brackets::matching(&codes, &mut errors);
        let outline = outline::outline(&mut codes, &brackets, &mut errors);
        let text = reading::Reading::new(&codes, &outline).text;
        let accepted = syntax::Syntax::parse(syntax::Rule::file, &text).is_ok();
        (text, accepted)
    }

    /// The source with some of its tokens left out, doubled, or swapped with others.
    fn mutated(source: &str, changes: &[(usize, usize, u8)]) -> String {
        let tokens = tokenize(source);
        let mut texts: Vec<&str> = tokens.list.iter().map(|&token| tokens.text(token)).collect();
        for &(at, other, change) in changes {
            let (at, other) = (at % texts.len(), other % texts.len());
            match change % 4 {
                0 => texts[at] = "",
                1 => texts.swap(at, other),
                2 => texts[at] = texts[other],
                _ => texts[at] = ["{", "}", "(", ")", "=", "\n", ";", ",", "\"", "when", "not", "-"][other % 12],
            }
        }
        texts.concat()
    }

    fn holds(source: &str) -> Result<(), TestCaseError> {
        let parse = parse(source);
        for error in &parse.errors {
            prop_assert!(error.span.start <= error.span.end && error.span.end as usize <= source.len(), "{error:?}");
            prop_assert!(
                source.is_char_boundary(error.span.start as usize) && source.is_char_boundary(error.span.end as usize),
                "{error:?}"
            );
            prop_assert!(!error.message().is_empty() && !error.label().is_empty());
            prop_assert_ne!(error.help(), Some(String::new()));
        }
        let (text, accepted) = whole(source);
        if parse.errors.is_empty() {
            prop_assert!(accepted, "nothing was reported, but the grammar does not accept\n{text}");
        }
        Ok(())
    }

    #[test]
    fn what_is_read_part_by_part_is_a_file_of_the_grammar() {
        for source in SOURCES {
            assert_eq!(parse(source).errors.is_empty(), whole(source).1, "{source}");
        }
        // Nothing of the good ones is left out.
        assert_eq!(parse(SOURCES[0]).file.items.len(), 17);
        assert_eq!(parse(SOURCES[1]).file.items.len(), 22);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read(source in any::<String>()) {
            holds(&source)?;
        }

        #[test]
        fn any_text_near_the_language_is_read(source in "(job|tool|test|when|allow|write|[a-z]{1,3}|[0-9]{1,4}|[{}()\\[\\]<>=!.,;:?+*/|\"'-]| |\n){0,80}") {
            holds(&source)?;
        }

        #[test]
        fn changed_sources_are_read(which in 0..3_usize, changes in prop::collection::vec(any::<(usize, usize, u8)>(), 1..6)) {
            holds(&mutated(SOURCES[which], &changes))?;
        }
    }
}
