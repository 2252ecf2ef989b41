//! The regular expressions of `matches`: linear time, whole text, ASCII classes, under a size limit.
//!
//! `\d`, `\w`, `\s` and `\b` speak of ASCII, so that what a reviewer reads is what fits; a pattern that begins with `(?u)` asks for
//! all of Unicode. The dot and negated classes are whole characters in either case.

use regex_automata::meta;
use regex_automata::nfa::thompson::WhichCaptures;
use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::{Hir, Look, translate};

/// The largest automaton that a pattern may need, in bytes.
const SIZE_LIMIT: usize = 256 << 10;

/// The deepest nesting in a pattern.
const NEST_LIMIT: u32 = 64;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    regex: meta::Regex,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It is malformed: why, in a few words.
    #[error("{0}")]
    Syntax(String),
    /// It needs too large an automaton.
    #[error("it is too large")]
    TooLarge,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// Where it is malformed or too large.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        let whole = whole(text)?;
        let config = meta::Config::new().nfa_size_limit(Some(SIZE_LIMIT)).which_captures(WhichCaptures::Implicit);
        let regex = meta::Builder::new().configure(config).build_from_hir(&whole).map_err(|_| PatternError::TooLarge)?;
        Ok(Self { regex })
    }

    /// Whether the whole text fits.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// What a pattern means, for whole texts: its classes narrowed to ASCII, anchored at both ends.
///
/// # Errors
/// Where it is malformed.
pub fn whole(text: &str) -> Result<Hir, PatternError> {
    let syntax = |why: &dyn std::fmt::Display| PatternError::Syntax(why.to_string());
    let parsed = ast::parse::ParserBuilder::new().nest_limit(NEST_LIMIT).build().parse(text);
    let mut parsed = parsed.map_err(|error| syntax(error.kind()))?;
    if !text.starts_with("(?u)") {
        narrow(&mut parsed);
    }
    let hir = translate::Translator::new().translate(text, &parsed).map_err(|error| syntax(error.kind()))?;
    Ok(Hir::concat(vec![Hir::look(Look::Start), hir, Hir::look(Look::End)]))
}

/// Gives the Perl classes and word boundaries their ASCII meaning. As deep as the parser's nest limit.
fn narrow(ast: &mut Ast) {
    match ast {
        Ast::ClassPerl(class) => *ast = Ast::class_bracketed(ascii(class)),
        Ast::ClassBracketed(class) => narrow_set(&mut class.kind),
        Ast::Assertion(assertion) if is_boundary(&assertion.kind) => {
            let span = assertion.span;
            let flag = |kind| ast::FlagsItem { span, kind };
            let off = vec![flag(ast::FlagsItemKind::Negation), flag(ast::FlagsItemKind::Flag(ast::Flag::Unicode))];
            let kind = ast::GroupKind::NonCapturing(ast::Flags { span, items: off });
            let inner = Box::new(Ast::Assertion(assertion.clone()));
            *ast = Ast::group(ast::Group { span, kind, ast: inner });
        }
        Ast::Repetition(repetition) => narrow(&mut repetition.ast),
        Ast::Group(group) => narrow(&mut group.ast),
        Ast::Alternation(alternation) => alternation.asts.iter_mut().for_each(narrow),
        Ast::Concat(concat) => concat.asts.iter_mut().for_each(narrow),
        Ast::Empty(_) | Ast::Flags(_) | Ast::Literal(_) | Ast::Dot(_) | Ast::Assertion(_) | Ast::ClassUnicode(_) => {}
    }
}

fn is_boundary(kind: &ast::AssertionKind) -> bool {
    use ast::AssertionKind as Kind;
    !matches!(kind, Kind::StartLine | Kind::EndLine | Kind::StartText | Kind::EndText)
}

fn narrow_set(set: &mut ast::ClassSet) {
    match set {
        ast::ClassSet::Item(item) => narrow_item(item),
        ast::ClassSet::BinaryOp(op) => {
            narrow_set(&mut op.lhs);
            narrow_set(&mut op.rhs);
        }
    }
}

fn narrow_item(item: &mut ast::ClassSetItem) {
    match item {
        ast::ClassSetItem::Perl(class) => *item = ast::ClassSetItem::Bracketed(Box::new(ascii(class))),
        ast::ClassSetItem::Bracketed(inner) => narrow_set(&mut inner.kind),
        ast::ClassSetItem::Union(union) => union.items.iter_mut().for_each(narrow_item),
        _ => {}
    }
}

/// A Perl class as the ASCII characters it means.
fn ascii(class: &ast::ClassPerl) -> ast::ClassBracketed {
    let span = class.span;
    let ranges: &[(char, char)] = match class.kind {
        ast::ClassPerlKind::Digit => &[('0', '9')],
        ast::ClassPerlKind::Space => &[('\t', '\r'), (' ', ' ')],
        ast::ClassPerlKind::Word => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
    };
    let literal = |c| ast::Literal { span, kind: ast::LiteralKind::Verbatim, c };
    let range = |&(start, end)| ast::ClassSetItem::Range(ast::ClassSetRange { span, start: literal(start), end: literal(end) });
    let union = ast::ClassSetUnion { span, items: ranges.iter().map(range).collect() };
    ast::ClassBracketed { span, negated: class.negated, kind: ast::ClassSet::union(union) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap().fits(text)
    }

    #[test]
    fn the_whole_text_fits_or_it_does_not() {
        assert!(fits("a|ab", "ab"));
        assert!(!fits("a", "ab"));
        assert!(!fits("a", "a\n"));
        assert!(!fits("(?m)^a$", "a\nb"));
        assert!(fits("[A-Z]{2}-\\d+", "OR-17"));
    }

    #[test]
    fn classes_are_ascii_and_dots_are_characters() {
        assert!(!fits("\\d", "٣"));
        assert!(!fits("[\\w.]+", "é"));
        assert!(fits("\\D", "é"));
        assert!(fits("[^\\w]", "é"));
        assert!(fits("a.c", "aéc"));
        assert!(fits("(?u)\\w+", "é"));
        assert!(fits("\\bab\\b", "ab"));
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        assert_eq!(Pattern::new("(a").unwrap_err().to_string(), "unclosed group");
        assert_eq!(
            Pattern::new("a{5,2}").unwrap_err().to_string(),
            "invalid repetition count range, the start must be <= the end"
        );
        assert_eq!(Pattern::new("(\\pL{100}){100}").unwrap_err(), PatternError::TooLarge);
        assert!(Pattern::new(&"(".repeat(20_000)).is_err());
    }
}
