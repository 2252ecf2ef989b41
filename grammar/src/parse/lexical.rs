//! Mistakes that one token, or two next to each other, give away. Each is reported once and, where it is plain what was meant, mended,
//! so that the member around it is still read.

use std::collections::BTreeSet;

use super::code::{Code, Codes, Fault};
use super::error::{LiteralProblem, SyntaxError, SyntaxErrorKind};
use super::literal;
use crate::span::Span;
use crate::token::{TokenKind, Tokens};

/// Reports the mistakes in the tokens and mends what can be mended.
pub(super) fn check(tokens: &Tokens<'_>, codes: &mut Codes<'_>, errors: &mut Vec<SyntaxError>) {
    for &token in &tokens.list {
        let text = tokens.text(token);
        match token.kind {
            TokenKind::HashComment | TokenKind::BlockComment => {
                errors.push(SyntaxError { kind: SyntaxErrorKind::ForeignComment, span: token.span });
            }
            TokenKind::Blank if token.span.start > 0 => strange_in(text, token.span, errors, |c| c == '\u{feff}'),
            TokenKind::Comment | TokenKind::DocComment => strange_in(text, token.span, errors, is_disguise),
            _ => {}
        }
    }
    let open_lines: BTreeSet<u32> =
        codes.list.iter().filter(|code| code.kind == TokenKind::OpenText).map(|code| code.line).collect();
    for code in &mut codes.list {
        // On a line with a text that is not closed, what is text and what is not is anybody's guess.
        let said = !open_lines.contains(&code.line) || code.kind == TokenKind::OpenText;
        if let Some(kind) = mistake(code).filter(|_| said) {
            errors.push(SyntaxError { kind, span: code.span });
        }
        if matches!(code.kind, TokenKind::Text | TokenKind::OpenText) {
            check_text(code, errors);
        }
    }
    thousands(codes, errors);
}

/// The mistake that a token is, if it is one; the token is mended or marked as broken.
fn mistake(code: &mut Code<'_>) -> Option<SyntaxErrorKind> {
    let text = code.text.clone().into_owned();
    match code.kind {
        TokenKind::OpenText => {
            code.mend(TokenKind::OpenText, format!("{}\"", text.trim_end_matches('\\')));
            Some(SyntaxErrorKind::UnclosedText)
        }
        TokenKind::SingleQuoted | TokenKind::CurlyQuoted => {
            let inner: String = text.chars().skip(1).take(text.chars().count().saturating_sub(2)).collect();
            code.mend(TokenKind::Text, format!("\"{}\"", inner.replace('\\', "\\\\").replace('"', "\\\"")));
            Some(SyntaxErrorKind::ForeignQuotes { text: inner })
        }
        TokenKind::SignedMoney => {
            let currency = match text.chars().next() {
                Some('€') => "EUR",
                Some('£') => "GBP",
                _ => "USD",
            };
            let amount: String = text.chars().skip(1).filter(|&c| c != ',' && c != '_').collect();
            let instead = format!("{amount} {currency}");
            code.mend(TokenKind::Number, instead.clone());
            Some(SyntaxErrorKind::BadLiteral { literal: text, problem: LiteralProblem::Money, instead: Some(instead) })
        }
        TokenKind::ForeignOperator => {
            let (kind, mended, instead) = match text.as_str() {
                "===" => (TokenKind::Equal, "==", "compare with `==`"),
                "!==" | "<>" => (TokenKind::NotEqual, "!=", "compare with `!=`"),
                "&&" | "&" => (TokenKind::Word, "and", "write `and`"),
                "||" => (TokenKind::Word, "or", "write `or`"),
                ":=" => (TokenKind::Assign, "=", "write `=` after the name of a `let`, and `==` to compare"),
                _ => (TokenKind::Word, "not", "write `not`"),
            };
            // The word is set apart from what stood next to the sign.
            code.mend(kind, if kind == TokenKind::Word { format!(" {mended} ") } else { mended.to_owned() });
            if kind == TokenKind::Word {
                code.text = mended.into();
            }
            Some(SyntaxErrorKind::Foreign { found: text, instead: instead.to_owned() })
        }
        TokenKind::ForeignWord => {
            code.fault = Fault::Broken;
            let character = text.chars().find(|c| !c.is_ascii()).unwrap_or('?');
            Some(SyntaxErrorKind::StrangeCharacter { character })
        }
        TokenKind::Strange => {
            code.fault = Fault::Broken;
            match text.chars().next() {
                Some('@' | '~' | '^' | '%' | '$') => Some(SyntaxErrorKind::Foreign {
                    found: text,
                    instead: "leave it out; the operators are `and or not == != < <= > >= in .. + - * / ??`".to_owned(),
                }),
                character => Some(SyntaxErrorKind::StrangeCharacter { character: character.unwrap_or('?') }),
            }
        }
        TokenKind::Number | TokenKind::Date | TokenKind::Time | TokenKind::TimeOfDay => {
            let (problem, instead) = literal::problem(code.kind, &text)?;
            match &instead {
                Some(instead) => code.mend(code.kind, instead.clone()),
                None => code.fault = Fault::Broken,
            }
            Some(SyntaxErrorKind::BadLiteral { literal: text, problem, instead })
        }
        _ => None,
    }
}

/// Escapes and characters inside a text.
fn check_text(code: &mut Code<'_>, errors: &mut Vec<SyntaxError>) {
    let source = code.text.clone();
    strange_in(&source, code.span, errors, |c| is_disguise(c) || (c.is_control() && c != '\t'));
    let mut broken = false;
    literal::unescape(&source, |offset, length| {
        broken = true;
        let start = code.span.start.saturating_add(offset);
        let span = Span::new(start, start.saturating_add(length).min(code.span.end));
        let from = offset as usize;
        let escape = source.get(from..from.saturating_add(length as usize)).unwrap_or("\\").to_owned();
        errors.push(SyntaxError { kind: SyntaxErrorKind::BadEscape { escape }, span });
    });
    if broken {
        code.fault = code.fault.max(Fault::Mended);
    }
}

/// Reports the first character of a token that may not stand in it.
fn strange_in(text: &str, span: Span, errors: &mut Vec<SyntaxError>, is_strange: impl Fn(char) -> bool) {
    if let Some((at, character)) = text.char_indices().find(|&(_, character)| is_strange(character)) {
        let start = span.start.saturating_add(u32::try_from(at).unwrap_or(0));
        let end = start.saturating_add(u32::try_from(character.len_utf8()).unwrap_or(1));
        errors.push(SyntaxError { kind: SyntaxErrorKind::StrangeCharacter { character }, span: Span::new(start, end) });
    }
}

/// Characters that make a text look like another one: they could hide from a reviewer what a policy says.
fn is_disguise(character: char) -> bool {
    matches!(character, '\0' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
}

/// `1,000`: in brackets it could be two entries of a list, unless the second begins with a zero.
fn thousands(codes: &mut Codes<'_>, errors: &mut Vec<SyntaxError>) {
    let mut open: Vec<TokenKind> = Vec::new();
    for at in 0..codes.list.len() {
        match codes.kind(at) {
            Some(kind @ (TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace)) => open.push(kind),
            Some(TokenKind::RightParen | TokenKind::RightBracket | TokenKind::RightBrace) => {
                open.pop();
            }
            Some(TokenKind::Comma) => {}
            _ => continue,
        }
        let (before, after) = (at.saturating_sub(1), at.saturating_add(1));
        let [Some(left), Some(comma), Some(right)] = [codes.list.get(before), codes.list.get(at), codes.list.get(after)] else {
            continue;
        };
        let grouped = comma.kind == TokenKind::Comma
            && left.kind == TokenKind::Number
            && right.kind == TokenKind::Number
            && !comma.apart
            && !right.apart
            && left.text.len() <= 3
            && left.text.bytes().all(|b| b.is_ascii_digit())
            && right.span.text(codes.source).get(..3).is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            && !right.span.text(codes.source).get(3..4).is_some_and(|next| next.bytes().all(|b| b.is_ascii_digit()));
        let in_list = open.last().is_some_and(|&kind| kind != TokenKind::LeftBrace);
        let zero = right.span.text(codes.source).starts_with('0');
        if !grouped || (in_list && !zero) {
            continue;
        }
        let span = left.span.to(right.span);
        let (whole, rest) = (left.text.clone().into_owned(), right.text.clone().into_owned());
        // The zeros of the second part were taken for a mistake of their own.
        errors.retain(|error| error.span != codes.span(after));
        errors.push(SyntaxError {
            kind: SyntaxErrorKind::BadLiteral {
                literal: format!("{whole},{rest}"),
                problem: LiteralProblem::Thousands,
                instead: Some(format!("{whole}{rest}")),
            },
            span,
        });
        if let Some(left) = codes.list.get_mut(before) {
            left.mend(TokenKind::Number, whole);
        }
        // The comma and what follows it become the rest of the same number.
        if let Some(comma) = codes.list.get_mut(at) {
            comma.mend(TokenKind::Number, String::new());
        }
        if let Some(right) = codes.list.get_mut(after) {
            right.mend(TokenKind::Number, rest);
            right.fault = Fault::Mended;
        }
    }
}
