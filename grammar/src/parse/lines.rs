//! Which line ends end a member. A line end does not where the line cannot end, or where the next line begins with what continues.

use super::brackets::Brackets;
use super::code::Codes;
use super::outline::Frame;
use super::words::Block;
use crate::token::TokenKind;

/// Words after which a line cannot end.
const OPEN_ENDED: [&str; 27] = [
    "and", "or", "not", "in", "is", "if", "then", "else", "when", "unless", "because", "where", "match", "matches", "by", "per",
    "on", "of", "to", "with", "within", "since", "showing", "hiding", "capacity", "expect", "needs",
];

/// Words that continue any expression.
const CONTINUING: [&str; 7] = ["and", "or", "in", "is", "matches", "then", "else"];

/// Whether the line end between two tokens ends a member of the braces they stand in.
pub(super) fn ends_member(codes: &Codes<'_>, brackets: &Brackets, frame: &Frame, before: usize, at: usize) -> bool {
    surely_begins(codes, frame, before, at)
        || !(is_open_ended(codes, frame, before) || continues(codes, brackets, frame, before, at))
}

/// Whether a line begins a member whatever stands before it, so that a line that was not finished takes nothing with it.
fn surely_begins(codes: &Codes<'_>, frame: &Frame, before: usize, at: usize) -> bool {
    let Some(block) = frame.block else { return false };
    let next = at.saturating_add(1);
    if block == Block::Fields {
        return codes.kind(at) == Some(TokenKind::Word) && codes.kind(next) == Some(TokenKind::Colon);
    }
    let same_line = codes.list.get(next).is_some_and(|code| !code.first);
    let goes_on = match codes.kind(next) {
        Some(TokenKind::Word) => !CONTINUING.contains(&codes.word(next)) && !matches!(codes.word(next), "not" | "under"),
        Some(TokenKind::Text | TokenKind::LeftBrace) => true,
        _ => false,
    };
    let begins = block.members().contains(&codes.word(at)) && !block.clauses().contains(&codes.word(at));
    // `else` and `then` may be followed by words that also begin members.
    begins
        && same_line
        && goes_on
        && !matches!(codes.word(before), "else" | "then" | "tries" | "try")
        && !matches!(codes.word(at), "when" | "unless" | "escalate" | "match")
}

/// Whether a value must follow the token, so that a brace after it opens a value.
pub(super) fn awaits_operand(codes: &Codes<'_>, before: Option<usize>) -> bool {
    let Some(before) = before else { return false };
    matches!(
        codes.kind(before),
        Some(
            TokenKind::LeftParen
                | TokenKind::LeftBracket
                | TokenKind::Comma
                | TokenKind::Colon
                | TokenKind::Assign
                | TokenKind::FatArrow
                | TokenKind::Equal
                | TokenKind::NotEqual
                | TokenKind::Less
                | TokenKind::LessEqual
                | TokenKind::Greater
                | TokenKind::GreaterEqual
                | TokenKind::Coalesce
                | TokenKind::Plus
                | TokenKind::Minus
                | TokenKind::Slash
                | TokenKind::Range
        )
    ) || matches!(codes.word(before), "and" | "or" | "not" | "in" | "if" | "then" | "else" | "returns" | "showing")
}

/// Whether a line cannot end with the token.
fn is_open_ended(codes: &Codes<'_>, frame: &Frame, before: usize) -> bool {
    let earlier = before.checked_sub(1);
    match codes.kind(before) {
        Some(
            TokenKind::Comma
            | TokenKind::Colon
            | TokenKind::Dot
            | TokenKind::Range
            | TokenKind::Coalesce
            | TokenKind::Bar
            | TokenKind::Arrow
            | TokenKind::FatArrow
            | TokenKind::Assign
            | TokenKind::Equal
            | TokenKind::NotEqual
            | TokenKind::Less
            | TokenKind::LessEqual
            | TokenKind::GreaterEqual
            | TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Slash
            | TokenKind::LeftBrace,
        ) => true,
        // `List<Line>` ends a line; `a >` does not.
        Some(TokenKind::Greater) => match frame.block {
            Some(Block::Fields | Block::Tool | Block::Verb | Block::Source) => false,
            Some(Block::Rules) => frame.head != "signal",
            _ => true,
        },
        // `shop.*` and `never *` end a line; `a *` does not.
        Some(TokenKind::Star) => {
            let Some(earlier) = earlier else { return false };
            match codes.kind(earlier) {
                Some(TokenKind::Number | TokenKind::RightParen | TokenKind::RightBracket) => true,
                Some(TokenKind::Word) => !matches!(codes.word(earlier), "never" | "on" | "of" | "read" | "write" | "allow"),
                _ => false,
            }
        }
        Some(TokenKind::Word) => {
            let named = matches!(frame.block, Some(Block::Fields | Block::Enum));
            !named && OPEN_ENDED.contains(&codes.word(before)) && !earlier.is_some_and(|earlier| is_name_place(codes, earlier))
        }
        _ => false,
    }
}

/// Whether the token after this one is a name, even where it reads like a keyword.
fn is_name_place(codes: &Codes<'_>, at: usize) -> bool {
    let operator = matches!(
        codes.kind(at),
        Some(
            TokenKind::Dot
                | TokenKind::Colon
                | TokenKind::Assign
                | TokenKind::Equal
                | TokenKind::NotEqual
                | TokenKind::Less
                | TokenKind::LessEqual
                | TokenKind::Greater
                | TokenKind::GreaterEqual
                | TokenKind::Plus
                | TokenKind::Minus
                | TokenKind::Slash
        )
    );
    // `x == not` goes on all the same.
    let next = codes.word(at.saturating_add(1));
    operator && (codes.kind(at) == Some(TokenKind::Dot) || !matches!(next, "not" | "if" | "match"))
}

/// Whether a line that begins with the token at `at` continues the one before it.
fn continues(codes: &Codes<'_>, brackets: &Brackets, frame: &Frame, before: usize, at: usize) -> bool {
    let next = at.saturating_add(1);
    let value = frame.block.is_none();
    match codes.kind(at) {
        Some(
            TokenKind::Comma
            | TokenKind::Colon
            | TokenKind::Dot
            | TokenKind::Range
            | TokenKind::Coalesce
            | TokenKind::Bar
            | TokenKind::Arrow
            | TokenKind::FatArrow
            | TokenKind::Assign
            | TokenKind::Equal
            | TokenKind::NotEqual
            | TokenKind::Less
            | TokenKind::LessEqual
            | TokenKind::Greater
            | TokenKind::GreaterEqual
            | TokenKind::Plus
            | TokenKind::Slash
            | TokenKind::LeftBrace
            | TokenKind::Semicolon,
        ) => true,
        // In a value, a line may begin with a pattern or a key.
        Some(TokenKind::Minus | TokenKind::Star) => !value || codes.kind(at) == Some(TokenKind::Star),
        Some(TokenKind::Text | TokenKind::Number | TokenKind::Date | TokenKind::Time | TokenKind::TimeOfDay) => !value,
        Some(TokenKind::Word) => {
            let word = codes.word(at);
            let named = matches!(codes.kind(next), Some(TokenKind::Colon | TokenKind::FatArrow))
                && matches!(frame.block, None | Some(Block::Fields));
            if named || frame.block == Some(Block::Enum) {
                return word == "as" && !named;
            }
            word_continues(codes, brackets, frame, before, at, word)
        }
        _ => false,
    }
}

fn word_continues(codes: &Codes<'_>, brackets: &Brackets, frame: &Frame, before: usize, at: usize, word: &str) -> bool {
    let next = at.saturating_add(1);
    if CONTINUING.contains(&word) {
        return true;
    }
    match (frame.block, word) {
        (_, "not") => codes.word(next) == "in",
        // Where a member begins, the word is reserved.
        (_, "under") => codes.kind(next) == Some(TokenKind::Text),
        (None, "where" | "saw") => true,
        (Some(Block::Rules), "when" | "unless") => frame.head == "gate" || !opens_block(codes, brackets, frame, at),
        (Some(Block::Rules), "on") => codes.word(next) != "failure" || codes.kind(next.saturating_add(1)) == Some(TokenKind::Dot),
        // `on failure of … after 2 tries` goes on with what happens then.
        (Some(Block::Rules), "escalate") => frame.head == "on" && !frame.escalates,
        (Some(Block::Gate), "because") => false,
        (Some(block), word) => block.clauses().contains(&word) && codes.word(before) != word,
        (None, _) => false,
    }
}

/// Whether `when C` at the start of a line goes on with a block, so that it is no clause of the member before it.
fn opens_block(codes: &Codes<'_>, brackets: &Brackets, frame: &Frame, at: usize) -> bool {
    let mut matches = 0_usize;
    let mut here = at.saturating_add(1);
    while let Some(code) = codes.list.get(here) {
        let word = codes.word(here);
        match code.kind {
            TokenKind::LeftParen | TokenKind::LeftBracket => {
                here = brackets.close.get(here).copied().unwrap_or(here).max(here);
            }
            TokenKind::LeftBrace => {
                if matches == 0 && !awaits_operand(codes, here.checked_sub(1)) {
                    return true;
                }
                matches = matches.saturating_sub(1);
                here = brackets.close.get(here).copied().unwrap_or(here).max(here);
            }
            TokenKind::RightParen | TokenKind::RightBracket | TokenKind::RightBrace | TokenKind::Semicolon => return false,
            TokenKind::Word if word == "match" => matches = matches.saturating_add(1),
            TokenKind::Word if matches!(word, "when" | "unless") => return false,
            TokenKind::Word if code.first && begins_or_continues(codes, frame, here, word) => return false,
            _ => {}
        }
        here = here.saturating_add(1);
    }
    false
}

/// Whether a line begins with a word that ends the condition before it.
fn begins_or_continues(codes: &Codes<'_>, frame: &Frame, at: usize, word: &str) -> bool {
    let Some(block) = frame.block else { return false };
    let known = block.members().contains(&word) || block.clauses().contains(&word);
    known && !at.checked_sub(1).is_some_and(|before| is_open_ended(codes, frame, before))
}
