//! What each token is for the eye.

use agentc_grammar::token::{Token, TokenKind, Tokens, tokenize};
use serde::Serialize;
use std::collections::BTreeSet;

/// What a token is for the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Blanks and signs.
    Plain,
    /// A word of the language.
    Keyword,
    /// A word with a capital: a record, an enum, a currency.
    Type,
    /// Any other word.
    Name,
    /// A number, time or date.
    Number,
    /// A text.
    Text,
    /// A comment.
    Comment,
    /// What no policy says.
    Wrong,
}

/// Every token of a text in order: its class, and its length in UTF-16 units, as a browser counts.
#[must_use]
pub fn highlight(text: &str) -> Vec<(Class, usize)> {
    let tokens = tokenize(text);
    let words = words();
    let mut before = None;
    let mut classed = Vec::with_capacity(tokens.list.len());
    for (at, token) in tokens.list.iter().enumerate() {
        let after = tokens.list.get(at.saturating_add(1)..).and_then(|rest| rest.iter().find(|next| !next.kind.is_trivia()));
        let class = class(&tokens, *token, before, after.map(|next| next.kind), &words);
        classed.push((class, tokens.text(*token).encode_utf16().count()));
        if !token.kind.is_trivia() {
            before = Some(token.kind);
        }
    }
    classed
}

fn class(tokens: &Tokens, token: Token, before: Option<TokenKind>, after: Option<TokenKind>, words: &BTreeSet<&str>) -> Class {
    match token.kind {
        TokenKind::Word => {
            let word = tokens.text(token);
            // `order.status` and `status: OrderStatus` name members, whatever words they are.
            let member = before == Some(TokenKind::Dot) || after == Some(TokenKind::Colon);
            if !member && words.contains(word) {
                Class::Keyword
            } else if word.starts_with(|first: char| first.is_ascii_uppercase()) {
                Class::Type
            } else {
                Class::Name
            }
        }
        TokenKind::Number | TokenKind::Date | TokenKind::Time | TokenKind::TimeOfDay => Class::Number,
        TokenKind::Text => Class::Text,
        TokenKind::Comment | TokenKind::DocComment => Class::Comment,
        TokenKind::OpenText
        | TokenKind::SingleQuoted
        | TokenKind::CurlyQuoted
        | TokenKind::SignedMoney
        | TokenKind::HashComment
        | TokenKind::BlockComment
        | TokenKind::ForeignOperator
        | TokenKind::ForeignWord
        | TokenKind::Strange => Class::Wrong,
        _ => Class::Plain,
    }
}

/// The words of the language: those that its grammar quotes.
fn words() -> BTreeSet<&'static str> {
    const GRAMMAR: &str = include_str!("../../../grammar/agentpolicy.pest");
    let rules = GRAMMAR.lines().filter(|line| !line.trim_start().starts_with("//"));
    let quoted = rules.flat_map(|line| line.split('"').skip(1).step_by(2));
    quoted.filter(|word| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(Class, &str)> {
        let mut rest = text;
        let classed = highlight(text).into_iter().map(|(class, length)| {
            let (piece, after) = rest.split_at(length);
            rest = after;
            (class, piece)
        });
        classed.filter(|(class, _)| *class != Class::Plain).collect()
    }

    #[test]
    fn words_are_what_they_are_where_they_stand() {
        use Class::{Comment, Keyword, Name, Number, Text, Type};
        assert_eq!(
            shown("allow write shop.allow when Order.total <= 50 USD // yes\nshow: \"a\""),
            [
                (Keyword, "allow"),
                (Keyword, "write"),
                (Name, "shop"),
                (Name, "allow"),
                (Keyword, "when"),
                (Type, "Order"),
                (Name, "total"),
                (Number, "50"),
                (Type, "USD"),
                (Comment, "// yes"),
                (Name, "show"),
                (Text, "\"a\""),
            ]
        );
    }

    #[test]
    fn lengths_are_those_of_a_browser() {
        let lengths: Vec<usize> = highlight("\"𝄞é\" 'no'").into_iter().map(|(_, length)| length).collect();
        assert_eq!(lengths, [5, 1, 4]);
    }

    #[test]
    fn nothing_is_left_out() {
        let policy = include_str!("../../../examples/refunds/refunds.agentpolicy");
        let sum: usize = highlight(policy).iter().map(|(_, length)| length).sum();
        assert_eq!(sum, policy.encode_utf16().count());
        assert!(highlight(policy).iter().all(|(class, _)| *class != Class::Wrong));
    }
}
