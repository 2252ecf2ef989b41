//! Bytes that are no event: one that is, with one thing wrong.

use agentc_runtime::event::Event;
use agentc_tests::chance::Chance;

/// The event with one thing wrong, where that makes it unreadable.
pub(crate) fn spoiled(chance: &mut Chance, event: &str) -> Option<String> {
    let wrong = match chance.below(9) {
        0 => event.chars().take(chance.below(event.chars().count())).collect(),
        1 => event.replacen('{', "{\"at\":\"2026-01-01T00:00:00Z\",", 1),
        2 => event.replacen('{', "{\"colour\":\"red\",", 1),
        3 => event.replacen("\"event\":", "\"event\":7,\"was\":", 1),
        4 => event.replacen("\"at\":\"", "\"at\":\"around ", 1),
        5 => event.replacen("\":\"", "\":\"\\ud800", 1),
        6 => format!("{event}{event}"),
        7 => event.replacen("{\"", "{'", 1),
        _ => format!("{}{event}{}", "[".repeat(200), "]".repeat(200)),
    };
    Event::read(wrong.as_bytes()).is_err().then_some(wrong)
}
