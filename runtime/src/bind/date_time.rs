//! Reads times, dates, durations and weekdays, in one spelling each and not in all that a lenient parser takes.

use crate::decimal::Decimal;
use crate::json::Json;
use crate::policy::Policy;
use crate::types::Encoding;
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};

/// English names of the days, Monday first.
pub(super) const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The last second of [`Timestamp::MAX`]: every offset from it is still a time of the calendar.
pub(super) const LATEST: &str = "9999-12-30T22:00:00Z";

/// A point in time by its encoding.
pub(super) fn time(policy: &Policy, encoding: &Encoding, json: &Json) -> Option<Timestamp> {
    match encoding {
        Encoding::EpochSeconds => Timestamp::from_nanosecond(nanoseconds(json, 9)?).ok(),
        Encoding::EpochMilliseconds => Timestamp::from_nanosecond(nanoseconds(json, 6)?).ok(),
        Encoding::Plain | Encoding::MinorUnits => with_zone(json.as_text()?),
        Encoding::InZone(zone) => {
            let text = json.as_text()?;
            with_zone(text).or_else(|| policy.zones().instant(civil(text)?, zone)?)
        }
    }
}

/// Whether a text is a time with a zone, around or after [`LATEST`], that is not known.
pub(super) fn is_too_late(text: &str) -> bool {
    has_zone(text) && text > "9999-12-30" && with_zone(text).is_none()
}

/// A number of units of `10^exponent` nanoseconds, to the nanosecond.
fn nanoseconds(json: &Json, exponent: u32) -> Option<i128> {
    let factor = Decimal::from(10i64.checked_pow(exponent)?);
    let product = json.as_number()?.to_decimal()?.checked_mul(factor).ok()?;
    (product.scale() == 0).then(|| product.coefficient())
}

/// `2026-05-04T10:00:00.5+02:00`, as RFC 3339 says; seconds may be left out.
fn with_zone(text: &str) -> Option<Timestamp> {
    has_zone(text).then(|| text.parse().ok()).flatten()
}

/// Whether a text has the form of a time with a zone; the day or hour in it need not exist.
fn has_zone(text: &str) -> bool {
    let Some((date, rest)) = split(text) else { return false };
    let Some((clock, zone)) = rest.find(['Z', 'z', '+', '-']).and_then(|at| rest.split_at_checked(at)) else { return false };
    let plain_zone = match zone.as_bytes() {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => [h1, h2, m1, m2].iter().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    is_date(date) && is_clock(clock) && plain_zone
}

/// `2026-05-04T10:00:00`, without a zone.
fn civil(text: &str) -> Option<DateTime> {
    let (date, clock) = split(text)?;
    (is_date(date) && is_clock(clock)).then(|| text.parse().ok()).flatten()
}

fn split(text: &str) -> Option<(&str, &str)> {
    let (date, rest) = text.split_at_checked(10)?;
    Some((date, rest.strip_prefix(['T', 't', ' '])?))
}

fn is_date(text: &str) -> bool {
    text.bytes().enumerate().all(|(i, byte)| if i == 4 || i == 7 { byte == b'-' } else { byte.is_ascii_digit() })
        && text.len() == 10
}

fn is_clock(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').map_or((text, None), |(clock, fraction)| (clock, Some(fraction)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = clock.split(':').all(|part| part.len() == 2 && digits(part));
    match clock.len() {
        5 => plain && fraction.is_none(),
        8 => plain && fraction.is_none_or(|fraction| digits(fraction) && fraction.len() <= 9),
        _ => false,
    }
}

/// `2026-05-04`
pub(super) fn date(text: &str) -> Option<Date> {
    is_date(text).then(|| text.parse().ok()).flatten()
}

/// `18:30`, `18:30:15`, `18:30:15.5`
pub(super) fn time_of_day(text: &str) -> Option<Time> {
    is_clock(text).then(|| text.parse().ok()).flatten()
}

/// The English name of a day, in any case.
pub(super) fn weekday(text: &str) -> Option<u8> {
    let found = WEEKDAYS.iter().zip(1u8..).find(|(name, _)| name.eq_ignore_ascii_case(text));
    found.map(|(_, day)| day)
}

/// A length of time by its encoding.
pub(super) fn duration(encoding: &Encoding, json: &Json) -> Option<SignedDuration> {
    let nanoseconds = match encoding {
        Encoding::EpochSeconds => nanoseconds(json, 9)?,
        Encoding::EpochMilliseconds => nanoseconds(json, 6)?,
        _ => iso_duration(json.as_text()?)?,
    };
    SignedDuration::try_from_nanos_i128(nanoseconds)
}

/// `P1DT2H30M`, `PT0.5S`, `-P2W`, as ISO 8601 says; a day is 24 hours. Months and years have no fixed length and are refused.
fn iso_duration(text: &str) -> Option<i128> {
    const UNITS: [(char, bool, i128); 5] =
        [('W', false, 604_800), ('D', false, 86_400), ('H', true, 3_600), ('M', true, 60), ('S', true, 1)];
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let mut rest = rest.strip_prefix('P')?;
    let mut clock = false;
    let mut next_unit = 0;
    let mut total: i128 = 0;
    let mut parts: u32 = 0;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T') {
            if clock || after.is_empty() {
                return None;
            }
            clock = true;
            rest = after;
        }
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at_checked(end)?;
        let unit = after.chars().next()?;
        rest = after.get(unit.len_utf8()..)?;
        let (at, (_, _, seconds)) =
            UNITS.iter().enumerate().skip(next_unit).find(|(_, (name, of_clock, _))| *name == unit && *of_clock == clock)?;
        next_unit = at.checked_add(1)?;
        let number: Decimal = number.parse().ok()?;
        if number.scale() > 0 && unit != 'S' {
            return None;
        }
        let nanoseconds = Decimal::from(1_000_000_000).checked_mul(number).ok()?;
        if nanoseconds.scale() > 0 {
            return None;
        }
        total = total.checked_add(nanoseconds.coefficient().checked_mul(*seconds)?)?;
        parts = parts.saturating_add(1);
    }
    if parts == 0 {
        return None;
    }
    if negative { total.checked_neg() } else { Some(total) }
}
