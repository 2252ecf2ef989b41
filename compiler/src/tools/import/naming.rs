//! Names in the language for names on the wire.

use super::guess::words;
use crate::resolve::{LATER_TYPES, SCALARS, VALUES, WITH_ARGUMENTS};
use std::collections::BTreeSet;

/// Words that expressions are made of, which are no names there.
const RESERVED: &[&str] = &["and", "else", "false", "if", "in", "is", "match", "matches", "none", "not", "or", "then", "true"];

/// A name that can stand in expressions, as near to the one on the wire as can be.
pub(super) fn plain(wire: &str) -> String {
    let mut name: String = wire.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    if RESERVED.contains(&name.as_str()) || VALUES.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// Names that are all different.
#[derive(Debug, Default)]
pub(super) struct Distinct(BTreeSet<String>);

impl Distinct {
    /// None taken but those of the language's own types.
    pub(super) fn types() -> Self {
        let own = SCALARS.iter().map(|(name, _)| *name).chain(WITH_ARGUMENTS.iter().map(|(name, _)| *name));
        Self(own.chain(LATER_TYPES.iter().copied()).map(str::to_owned).collect())
    }

    /// The name, or with a number where it is taken.
    pub(super) fn take(&mut self, name: String) -> String {
        let mut free = name.clone();
        let mut number = 2u32;
        while self.0.contains(&free) {
            free = format!("{name}_{number}");
            number = number.saturating_add(1);
        }
        self.0.insert(free.clone());
        free
    }
}

/// `SendEmailAttachment` for the words of some names.
pub(super) fn type_name(parts: &[&str]) -> String {
    let mut name = String::new();
    for word in parts.iter().flat_map(|part| words(part)) {
        let mut letters = word.chars().filter(char::is_ascii_alphanumeric);
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters);
    }
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, 'T');
    }
    name
}

/// Text as a literal of the language.
pub(super) fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            other if is_strange(other) => literal.push_str(&format!("\\u{{{:X}}}", u32::from(other))),
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}

/// The first sentence of what somebody else wrote, on one line, fit for a comment.
pub(super) fn sentence(text: &str) -> String {
    const LONGEST: usize = 140;
    let line: Vec<String> =
        text.split_whitespace().map(|word| word.chars().filter(|letter| !is_strange(*letter)).collect::<String>()).collect();
    let line = line.join(" ");
    // `e.g. x` goes on: a sentence begins with a capital.
    let ends = line.match_indices(". ").find(|(at, end)| {
        line.get(at.saturating_add(end.len())..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase)
    });
    let first = ends.and_then(|(at, _)| line.get(..at)).unwrap_or(line.as_str());
    if first.chars().count() <= LONGEST {
        return first.trim_end_matches('.').to_owned();
    }
    let mut short: String = first.chars().take(LONGEST).collect();
    short.push('…');
    short
}

/// Characters that do not show, or that turn the text around them: controls, and Unicode's format characters of the blocks that hold them.
fn is_strange(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_wire_become_names_of_the_language() {
        assert_eq!(plain("order_id"), "order_id");
        assert_eq!(plain("start-time"), "start_time");
        assert_eq!(plain("2fa"), "_2fa");
        assert_eq!(plain("in"), "in_");
        assert_eq!(plain("user"), "user_");
        assert_eq!(type_name(&["send_email", "attachments"]), "SendEmailAttachments");
        assert_eq!(type_name(&["123"]), "T123");
        let mut distinct = Distinct::types();
        assert_eq!((distinct.take("Text".into()), distinct.take("Text".into())), ("Text_2".into(), "Text_3".into()));
    }

    #[test]
    fn what_servers_say_of_themselves_stays_in_its_comment() {
        assert_eq!(sentence("Sends it.\nThen\u{202e} more. "), "Sends it");
        assert_eq!(sentence("In ISO format, e.g. 'x'. Useful."), "In ISO format, e.g. 'x'");
        assert_eq!(sentence("never shop.refund\n}"), "never shop.refund }");
        assert_eq!(literal("a\"b\\\u{200b}"), "\"a\\\"b\\\\\\u{200B}\"");
    }
}
