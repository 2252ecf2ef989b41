//! Patterns that do not say what their author means: no text fits, a class of characters stands for a text, a dot for a dot.

use super::Subject;
use super::written;
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{ClassForText, DotForAnything, FitsNothing};
use crate::typed::{ExprKind, Loc, Typed};
use regex_syntax::ast::{self, Ast, ClassSet, ClassSetItem};
use regex_syntax::hir::{Hir, HirKind, Look};
use std::collections::BTreeSet;

/// Reports them.
pub(crate) fn check(subject: Subject<'_>, sink: &mut Sink) {
    for (pattern, loc) in patterns(subject.typed) {
        if is_dead(pattern) {
            sink.report(FitsNothing { pattern: pattern.to_owned(), loc });
            continue;
        }
        let Ok(ast) = ast::parse::Parser::new().parse(pattern) else { continue };
        if let Some(class) = class_for_text(&ast) {
            let class = pattern.get(class.start.offset..class.end.offset).unwrap_or(pattern).to_owned();
            sink.report(ClassForText { class, loc });
        } else if let Some((before, after)) = dot_for_dot(&ast) {
            sink.report(DotForAnything { pattern: pattern.to_owned(), before, after, loc });
        }
    }
}

/// Where no text fits.
pub(super) fn places(typed: &Typed) -> Vec<Loc> {
    patterns(typed).into_iter().filter(|(pattern, _)| is_dead(pattern)).map(|(_, loc)| loc).collect()
}

fn patterns(typed: &Typed) -> Vec<(&str, Loc)> {
    let mut patterns: Vec<(&str, Loc)> = Vec::new();
    written::each(typed, &mut |expr| {
        if let ExprKind::Matches(_, pattern) = &expr.kind {
            patterns.push((pattern, expr.loc));
        }
    });
    patterns
}

fn is_dead(pattern: &str) -> bool {
    regex_syntax::parse(pattern).is_ok_and(|hir| fits_nothing(&hir))
}

/// Whether no text fits: an empty class, or something that must stand before the beginning or after the end.
fn fits_nothing(hir: &Hir) -> bool {
    if hir.properties().minimum_len().is_none() {
        return true;
    }
    match hir.kind() {
        HirKind::Capture(capture) => fits_nothing(&capture.sub),
        HirKind::Repetition(repetition) => repetition.min > 0 && fits_nothing(&repetition.sub),
        HirKind::Alternation(branches) => branches.iter().all(fits_nothing),
        HirKind::Concat(parts) => parts.iter().any(fits_nothing) || beyond_an_end(parts),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => false,
    }
}

/// Whether characters stand before `^` or after `$`.
fn beyond_an_end(parts: &[Hir]) -> bool {
    let takes_some = |part: &Hir| part.properties().minimum_len().is_some_and(|least| least > 0);
    let is = |part: &Hir, look: Look| matches!(part.kind(), HirKind::Look(found) if *found == look);
    let start = parts.iter().rposition(|part| is(part, Look::Start));
    let end = parts.iter().position(|part| is(part, Look::End));
    let before = start.and_then(|start| parts.get(..start)).unwrap_or_default();
    let after = end.and_then(|end| parts.get(end..)).unwrap_or_default();
    before.iter().chain(after).any(takes_some)
}

/// The place of the first class that is spelt like a text: `[acme.com]`, or with a letter twice, as no list of characters has.
fn class_for_text(ast: &Ast) -> Option<ast::Span> {
    match ast {
        Ast::ClassBracketed(class) if !class.negated && is_text(&class.kind) => Some(class.span),
        Ast::Repetition(repetition) => class_for_text(&repetition.ast),
        Ast::Group(group) => class_for_text(&group.ast),
        Ast::Alternation(alternation) => alternation.asts.iter().find_map(class_for_text),
        Ast::Concat(concat) => concat.asts.iter().find_map(class_for_text),
        _ => None,
    }
}

fn is_text(set: &ClassSet) -> bool {
    let ClassSet::Item(ClassSetItem::Union(union)) = set else { return false };
    let single = |item: &ClassSetItem| if let ClassSetItem::Literal(literal) = item { Some(literal.c) } else { None };
    let Some(letters) = union.items.iter().map(single).collect::<Option<String>>() else { return false };
    let words: Vec<&str> = letters.split(['.', '|', '@', '-']).filter(|word| !word.is_empty()).collect();
    let is_word = |word: &&str| word.len() > 1 && word.chars().all(char::is_alphanumeric);
    let alphabetic: Vec<char> = letters.chars().filter(|letter| letter.is_alphabetic()).collect();
    let different: BTreeSet<&char> = alphabetic.iter().collect();
    (words.len() > 1 && words.iter().all(is_word)) || (alphabetic.len() > 3 && different.len() < alphabetic.len())
}

/// The texts around the first dot that stands for any character where a dot seems to be meant: `acme.com`.
fn dot_for_dot(ast: &Ast) -> Option<(String, String)> {
    match ast {
        Ast::Repetition(repetition) => dot_for_dot(&repetition.ast),
        Ast::Group(group) => dot_for_dot(&group.ast),
        Ast::Alternation(alternation) => alternation.asts.iter().find_map(dot_for_dot),
        Ast::Concat(concat) => {
            let dots = concat.asts.iter().enumerate().filter(|(_, part)| matches!(part, Ast::Dot(_)));
            let found = dots.map(|(at, _)| {
                let before = concat.asts.get(..at).unwrap_or_default();
                let after = concat.asts.get(at.saturating_add(1)..).unwrap_or_default();
                let mut word: Vec<char> = before.iter().rev().map_while(letter).collect();
                word.reverse();
                (word.into_iter().collect::<String>(), after.iter().map_while(letter).collect::<String>())
            });
            let is_name = |text: &String| text.chars().count() > 1;
            let mut names = found.filter(|(before, after)| is_name(before) && is_name(after));
            names.next().or_else(|| concat.asts.iter().find_map(dot_for_dot))
        }
        _ => None,
    }
}

/// A letter, digit or hyphen that stands for itself.
fn letter(ast: &Ast) -> Option<char> {
    match ast {
        Ast::Literal(literal) if literal.c.is_alphanumeric() || literal.c == '-' => Some(literal.c),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pattern: &str) -> &'static str {
        let ast = ast::parse::Parser::new().parse(pattern).unwrap();
        if fits_nothing(&regex_syntax::parse(pattern).unwrap()) {
            "nothing"
        } else if class_for_text(&ast).is_some() {
            "class"
        } else if dot_for_dot(&ast).is_some() {
            "dot"
        } else {
            "fine"
        }
    }

    #[test]
    fn what_no_text_fits() {
        for pattern in ["a$b", "a^b", "[^\\s\\S]", "(a$b|c^d)", "x(y$)z{1,}".trim_end_matches("z{1,}"), "(?:a$b)+"] {
            let expected = if pattern == "x(y$)" { "fine" } else { "nothing" };
            assert_eq!(said(pattern), expected, "{pattern}");
        }
        for pattern in ["^ab$", "a|b$c", "(?:a$b)?", "(?m)a$\\nb", ""] {
            assert_eq!(said(pattern), "fine", "{pattern}");
        }
    }

    #[test]
    fn what_is_spelt_like_a_text() {
        for pattern in ["[acme.com]+", ".*@[example.com]", "[open|closed]", "[refund]+s[letter]"] {
            assert_eq!(said(pattern), "class", "{pattern}");
        }
        for pattern in ["[a-z0-9.-]+", "[aeiou]+", "[^acme.com]", "[.@]", "[A-Z]{2}-\\d+", "[+-]", "[\\w.]+"] {
            assert_eq!(said(pattern), "fine", "{pattern}");
        }
    }

    #[test]
    fn dots_between_names() {
        for pattern in [".*@acme.com", "(www.acme|shop)", "report.pdf"] {
            assert_eq!(said(pattern), "dot", "{pattern}");
        }
        for pattern in [".*@acme\\.com", "a.c", "v1..*", "INV.*", "a.*b"] {
            assert_eq!(said(pattern), "fine", "{pattern}");
        }
    }
}
