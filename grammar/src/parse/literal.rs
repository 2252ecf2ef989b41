//! Literals: what a text, a length of time or a date says, and what is wrong with one that says nothing.

use super::error::LiteralProblem;
use crate::ast::Duration;
use crate::token::TokenKind;

/// The units of a length of time, in nanoseconds. A day is 24 hours.
const UNITS: [(&str, i64); 6] = [
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
    ("w", 604_800_000_000_000),
];

/// Names of units that people write out.
const LONG_UNITS: [(&str, &[&str]); 6] = [
    ("ms", &["msec", "msecs", "millis", "millisecond", "milliseconds"]),
    ("s", &["sec", "secs", "second", "seconds"]),
    ("m", &["min", "mins", "minute", "minutes"]),
    ("h", &["hr", "hrs", "hour", "hours"]),
    ("d", &["day", "days"]),
    ("w", &["wk", "wks", "week", "weeks"]),
];

/// The unit that a written-out one stands for: `m` for `minutes`.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    LONG_UNITS.iter().find(|(unit, names)| *unit == lower || names.contains(&lower.as_str())).map(|&(unit, _)| unit)
}

/// `15m` as nanoseconds; none where it is no such literal or too long for 64 bits.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let (digits, unit) = split_digits(text);
    let &(_, nanoseconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let count: i64 = digits.replace('_', "").parse().ok()?;
    Some(Duration { nanoseconds: count.checked_mul(nanoseconds)? })
}

/// What is wrong with a literal, and how it is written where that can be told.
pub(super) fn problem(kind: TokenKind, text: &str) -> Option<(LiteralProblem, Option<String>)> {
    match kind {
        TokenKind::Number => number_problem(text),
        TokenKind::Date => (!is_date(text)).then_some((LiteralProblem::Date, None)),
        TokenKind::TimeOfDay => time_of_day_problem(text),
        TokenKind::Time => time_problem(text),
        _ => None,
    }
}

/// The value of a text literal, its quotes included; `bad` is told the offset and length of each escape that means nothing.
pub(super) fn unescape(literal: &str, mut bad: impl FnMut(u32, u32)) -> String {
    let inner = literal.strip_prefix('"').unwrap_or(literal);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut value = String::with_capacity(inner.len());
    let mut rest = inner.char_indices();
    while let Some((at, character)) = rest.next() {
        if character != '\\' {
            value.push(character);
            continue;
        }
        let (escaped, length) = escape(rest.as_str());
        if let Some(character) = escaped {
            value.push(character);
        } else {
            // One byte for the opening quote.
            bad(u32::try_from(at).unwrap_or(0).saturating_add(1), u32::try_from(length).unwrap_or(1).saturating_add(1));
        }
        let skip = rest.as_str().get(..length).map_or(0, |text| text.chars().count());
        for _ in 0..skip {
            rest.next();
        }
    }
    value
}

/// The character that an escape stands for, and the length in bytes of what follows its backslash.
fn escape(after: &str) -> (Option<char>, usize) {
    let Some(first) = after.chars().next() else { return (None, 0) };
    let character = match first {
        '"' | '\\' => Some(first),
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'u' => {
            let Some(end) = after.strip_prefix("u{").and_then(|rest| rest.find('}')) else { return (None, 1) };
            let digits = after.get(2..end.saturating_add(2)).unwrap_or("");
            let length = end.saturating_add(3);
            let hex = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
            let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).filter(|_| hex);
            return (character, length);
        }
        _ => None,
    };
    (character, first.len_utf8())
}

/// `15`, `m`
fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|b| !(b.is_ascii_digit() || b == b'_')).unwrap_or(text.len());
    (text.get(..end).unwrap_or(""), text.get(end..).unwrap_or(""))
}

fn number_problem(text: &str) -> Option<(LiteralProblem, Option<String>)> {
    let (whole, rest) = split_digits(text);
    let well_grouped = !whole.ends_with('_') && !whole.contains("__");
    let (fraction, suffix) = match rest.strip_prefix('.') {
        Some(after) => {
            let (digits, suffix) = split_digits(after);
            (Some(digits), suffix)
        }
        None => (None, rest),
    };
    let amount = text.strip_suffix(suffix).unwrap_or(text);
    if whole.len() > 1 && whole.starts_with('0') && (fraction.is_some() || suffix.is_empty() || suffix == "%") {
        return Some((LiteralProblem::LeadingZero, None));
    }
    if !well_grouped
        || fraction
            .is_some_and(|digits| digits.is_empty() || digits.starts_with('_') || digits.ends_with('_') || digits.contains("__"))
    {
        return Some((LiteralProblem::Number, None));
    }
    match (fraction, suffix) {
        (_, "" | "%") => None,
        (None, unit) if UNITS.iter().any(|(name, _)| *name == unit) => {
            duration(text).is_none().then_some((LiteralProblem::TooLarge, None))
        }
        (None, long) if unit(long).is_some() => Some((LiteralProblem::Duration, unit(long).map(|unit| format!("{whole}{unit}")))),
        (_, currency) if currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Some((LiteralProblem::Money, Some(format!("{amount} {}", currency.to_ascii_uppercase()))))
        }
        (None, more) if more.starts_with(['h', 'm', 'd', 's', 'w']) && more.bytes().any(|b| b.is_ascii_digit()) => {
            Some((LiteralProblem::Duration, whole_duration(text)))
        }
        // Months and years have no fixed length.
        (None, "mo" | "month" | "months") => Some((LiteralProblem::Duration, days(whole, 30))),
        (None, "y" | "yr" | "year" | "years") => Some((LiteralProblem::Duration, days(whole, 365))),
        (Some(_), part) if unit(part).is_some() => Some((LiteralProblem::Duration, None)),
        _ => Some((LiteralProblem::Number, None)),
    }
}

fn days(count: &str, each: i64) -> Option<String> {
    Some(format!("{}d", count.replace('_', "").parse::<i64>().ok()?.checked_mul(each)?))
}

/// `1h30m` in its smallest unit: `90m`.
fn whole_duration(text: &str) -> Option<String> {
    let mut total = 0_i64;
    let mut smallest = UNITS.last().copied()?;
    let mut rest = text;
    while !rest.is_empty() {
        let (digits, after) = split_digits(rest);
        let end = after.bytes().position(|b| b.is_ascii_digit()).unwrap_or(after.len());
        let (name, next) = (after.get(..end)?, after.get(end..)?);
        let &unit = UNITS.iter().find(|(known, _)| *known == name)?;
        total = total.checked_add(digits.parse::<i64>().ok()?.checked_mul(unit.1)?)?;
        if unit.1 < smallest.1 {
            smallest = unit;
        }
        rest = next;
    }
    Some(format!("{}{}", total.checked_div(smallest.1)?, smallest.0))
}

/// Whether a date is written `YYYY-MM-DD` and the calendar has it.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>()) else { return false };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether a clock has the time: `HH:MM` or `HH:MM:SS`, or only the latter.
fn is_clock(text: &str, seconds: bool) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let bounds = [24_u32, 60, 60];
    (parts.len() == 3 || (parts.len() == 2 && !seconds))
        && parts.iter().zip(bounds).all(|(part, bound)| part.len() == 2 && part.parse::<u32>().is_ok_and(|value| value < bound))
}

fn time_of_day_problem(text: &str) -> Option<(LiteralProblem, Option<String>)> {
    if is_clock(text, false) {
        return None;
    }
    let padded = format!("0{text}");
    let instead = (text.find(':') == Some(1) && is_clock(&padded, false)).then_some(padded);
    Some((LiteralProblem::TimeOfDay, instead))
}

fn time_problem(text: &str) -> Option<(LiteralProblem, Option<String>)> {
    let (date, clock) = text.split_once('T').unwrap_or((text, ""));
    let zone_at = clock.bytes().position(|b| !(b.is_ascii_digit() || b == b':' || b == b'.')).unwrap_or(clock.len());
    let (time, zone) = (clock.get(..zone_at).unwrap_or(""), clock.get(zone_at..).unwrap_or(""));
    let (seconds, fraction) = time.split_once('.').map_or((time, None), |(seconds, fraction)| (seconds, Some(fraction)));
    let good_zone =
        zone == "Z" || zone.strip_prefix(['+', '-']).is_some_and(|offset| offset.len() == 5 && is_clock(offset, false));
    let good_fraction = fraction.is_none_or(|digits| (1..=9).contains(&digits.len()));
    if is_date(date) && is_clock(seconds, true) && good_zone && good_fraction {
        return None;
    }
    // Seconds and the zone are what is left out most often.
    let seconds = if is_clock(seconds, true) { seconds.to_owned() } else { format!("{seconds}:00") };
    let zone = if good_zone { zone } else { "Z" };
    let instead = format!("{date}T{seconds}{zone}");
    (is_date(date) && is_clock(&seconds, true) && fraction.is_none())
        .then_some((LiteralProblem::Time, Some(instead)))
        .or(Some((LiteralProblem::Time, None)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_exact() {
        assert_eq!(duration("15m"), Some(Duration { nanoseconds: 900_000_000_000 }));
        assert_eq!(duration("250ms"), Some(Duration { nanoseconds: 250_000_000 }));
        assert_eq!(duration("2w"), Some(Duration { nanoseconds: 1_209_600_000_000_000 }));
        assert_eq!(duration("99999999999w"), None);
        assert_eq!(duration("15"), None);
    }

    #[test]
    fn each_bad_number_says_what_it_should_be() {
        let problem = |text: &str| problem(TokenKind::Number, text);
        assert_eq!(problem("40"), None);
        assert_eq!(problem("1_000"), None);
        assert_eq!(problem("0.7"), None);
        assert_eq!(problem("12.5%"), None);
        assert_eq!(problem("15m"), None);
        assert_eq!(problem("0"), None);
        assert_eq!(problem("50USD"), Some((LiteralProblem::Money, Some("50 USD".to_owned()))));
        assert_eq!(problem("0.5eur"), Some((LiteralProblem::Money, Some("0.5 EUR".to_owned()))));
        assert_eq!(problem("15min"), Some((LiteralProblem::Duration, Some("15m".to_owned()))));
        assert_eq!(problem("1h30m"), Some((LiteralProblem::Duration, Some("90m".to_owned()))));
        assert_eq!(problem("007"), Some((LiteralProblem::LeadingZero, None)));
        assert_eq!(problem("1__0"), Some((LiteralProblem::Number, None)));
        assert_eq!(problem("12abcd"), Some((LiteralProblem::Number, None)));
        assert_eq!(problem("99999999999w"), Some((LiteralProblem::TooLarge, None)));
    }

    #[test]
    fn times_and_dates_are_held_against_the_calendar() {
        assert_eq!(problem(TokenKind::Time, "2026-05-04T10:00:00Z"), None);
        assert_eq!(problem(TokenKind::Time, "2026-05-04T10:00:00.25+02:00"), None);
        assert_eq!(
            problem(TokenKind::Time, "2026-05-04T10:00"),
            Some((LiteralProblem::Time, Some("2026-05-04T10:00:00Z".to_owned())))
        );
        assert_eq!(
            problem(TokenKind::Time, "2026-05-04T10:00:00"),
            Some((LiteralProblem::Time, Some("2026-05-04T10:00:00Z".to_owned())))
        );
        assert_eq!(problem(TokenKind::Time, "2026-02-30T10:00:00Z"), Some((LiteralProblem::Time, None)));
        assert_eq!(problem(TokenKind::Date, "2028-02-29"), None);
        assert_eq!(problem(TokenKind::Date, "2027-02-29"), Some((LiteralProblem::Date, None)));
        assert_eq!(problem(TokenKind::Date, "2026-5-4"), Some((LiteralProblem::Date, None)));
        assert_eq!(problem(TokenKind::TimeOfDay, "8:00"), Some((LiteralProblem::TimeOfDay, Some("08:00".to_owned()))));
        assert_eq!(problem(TokenKind::TimeOfDay, "24:00"), Some((LiteralProblem::TimeOfDay, None)));
    }

    #[test]
    fn escapes_are_read() {
        let none = |_: u32, _: u32| panic!("no bad escape");
        assert_eq!(unescape(r#""a\"b\\c\n\t\u{e9}""#, none), "a\"b\\c\n\té");
        let mut bad = Vec::new();
        assert_eq!(unescape(r#""\d+ \u{110000}""#, |at, length| bad.push((at, length))), "+ ");
        assert_eq!(bad, [(1, 2), (5, 10)]);
    }
}
