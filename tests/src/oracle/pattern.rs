//! `matches`.
//!
//! > `matches` means the whole text, ASCII classes unless asked otherwise

use regex::Regex;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Patterns that a thread keeps: building one takes a fifth of what a story over random policies takes.
const KEPT: usize = 1000;

thread_local! {
    static BUILT: RefCell<BTreeMap<String, Regex>> = const { RefCell::new(BTreeMap::new()) };
}

/// Whether the whole text is what the pattern says.
pub fn matches(text: &str, pattern: &str) -> bool {
    BUILT.with_borrow_mut(|built| {
        if built.len() > KEPT {
            built.clear();
        }
        built.entry(pattern.to_owned()).or_insert_with(|| whole(pattern)).is_match(text)
    })
}

fn whole(pattern: &str) -> Regex {
    let whole = format!(r"\A(?:{})\z", with_ascii_classes(pattern));
    Regex::new(&whole).unwrap_or_else(|error| panic!("`{pattern}`: {error}"))
}

/// `\d`, `\w`, `\s` and `\b` of ASCII, spelled out, where the `regex` crate would take Unicode's.
fn with_ascii_classes(pattern: &str) -> String {
    let mut out = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('d') => out.push_str("[0-9]"),
            Some('D') => out.push_str("[^0-9]"),
            Some('w') => out.push_str("[0-9A-Za-z_]"),
            Some('W') => out.push_str("[^0-9A-Za-z_]"),
            Some('s') => out.push_str(r"[\t\n\x0B\f\r\x20]"),
            Some('S') => out.push_str(r"[^\t\n\x0B\f\r\x20]"),
            Some('b') => out.push_str(r"(?-u:\b)"),
            Some('B') => out.push_str(r"(?-u:\B)"),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_whole_text_and_ascii_classes() {
        assert!(matches("ab12", r"[a-z]+\d+"));
        assert!(!matches("ab12 ", r"[a-z]+\d+"));
        assert!(!matches("ab١٢", r"[a-z]+\d+"));
        assert!(matches("é", "."));
        assert!(matches("é x", r"\S\s[\w-]"));
        assert!(!matches("b\n", "a|b"));
    }
}
