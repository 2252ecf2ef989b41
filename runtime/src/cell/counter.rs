//! What a limit counts, in one window and under one key.

use crate::decimal::{Decimal, Overflow};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A counter: a total, or the entries it is made of where they leave one by one or count once.
///
/// Amounts are plain numbers: of calls, of money in the limit's currency, of nanoseconds for durations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// The sum of all shares that are [`Kept::InTotal`].
    pub total: Decimal,
    /// The other shares, oldest first.
    pub entries: Vec<Entry>,
}

/// A share that is kept by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was counted last.
    pub at: Timestamp,
    /// The call, `run/call`; for [`Kept::OncePerValue`] the first one.
    pub call: String,
    /// How much it adds; for [`Kept::OncePerValue`] how many calls hold the value.
    pub amount: Decimal,
    /// For distinct counts: the value, canonical JSON.
    pub value: Option<String>,
}

/// What one call adds to a counter, frozen when the call is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The call, `run/call`.
    pub call: String,
    /// When it is counted.
    pub at: Timestamp,
    /// How much.
    pub amount: Decimal,
    /// For distinct counts: the value, canonical JSON.
    pub value: Option<String>,
    /// How it is kept.
    pub kept: Kept,
}

/// How a counter keeps a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// In the total alone.
    InTotal,
    /// As an entry of its own: sliding windows.
    ByItself,
    /// As one entry for all calls of one value: distinct counts in a window that does not slide.
    OncePerValue,
}

impl Default for Counter {
    fn default() -> Self {
        Self { total: Decimal::ZERO, entries: Vec::new() }
    }
}

impl Counter {
    /// Drops the entries counted before that time.
    pub fn forget_before(&mut self, start: Timestamp) {
        self.entries.retain(|entry| entry.at >= start);
    }

    /// How many different values it holds.
    #[must_use]
    pub fn distinct(&self) -> i64 {
        let mut values: Vec<&str> = self.entries.iter().filter_map(|entry| entry.value.as_deref()).collect();
        values.sort_unstable();
        values.dedup();
        i64::try_from(values.len()).unwrap_or(i64::MAX)
    }

    /// Whether it holds that value.
    #[must_use]
    pub fn holds(&self, value: &str) -> bool {
        self.entries.iter().any(|entry| entry.value.as_deref() == Some(value))
    }

    /// The sum of the total and all entries.
    ///
    /// # Errors
    /// [`Overflow`] where it does not fit.
    pub fn sum(&self) -> Result<Decimal, Overflow> {
        self.entries.iter().try_fold(self.total, |sum, entry| sum.checked_add(entry.amount))
    }

    /// Adds a share.
    ///
    /// # Errors
    /// [`Overflow`] where the total does not fit.
    pub fn add(&mut self, share: &Share) -> Result<(), Overflow> {
        if share.kept == Kept::InTotal {
            self.total = self.total.checked_add(share.amount)?;
            return Ok(());
        }
        if share.kept == Kept::OncePerValue
            && let Some(entry) = self.entries.iter_mut().find(|entry| entry.value == share.value)
        {
            entry.amount = entry.amount.checked_add(Decimal::from(1))?;
            entry.at = entry.at.max(share.at);
            return Ok(());
        }
        let amount = if share.kept == Kept::OncePerValue { Decimal::from(1) } else { share.amount };
        let place = self.entries.partition_point(|entry| entry.at <= share.at);
        self.entries.insert(place, Entry { at: share.at, call: share.call.clone(), amount, value: share.value.clone() });
        Ok(())
    }

    /// Takes a share out again.
    ///
    /// # Errors
    /// [`Overflow`] where the total does not fit.
    pub fn give_back(&mut self, share: &Share) -> Result<(), Overflow> {
        match share.kept {
            Kept::InTotal => self.total = self.total.checked_sub(share.amount)?,
            Kept::ByItself => self.entries.retain(|entry| entry.call != share.call),
            Kept::OncePerValue => {
                if let Some(entry) = self.entries.iter_mut().find(|entry| entry.value == share.value) {
                    entry.amount = entry.amount.checked_sub(Decimal::from(1))?;
                }
                self.entries.retain(|entry| entry.amount > Decimal::ZERO);
            }
        }
        Ok(())
    }

    /// Whether nothing is counted: such a cell need not be kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.total == Decimal::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(call: &str, at: &str, amount: i64, value: Option<&str>, kept: Kept) -> Share {
        let at = at.parse().unwrap();
        Share { call: call.into(), at, amount: Decimal::from(amount), value: value.map(str::to_owned), kept }
    }

    #[test]
    fn a_share_given_back_leaves_what_was_there_before() {
        let shares = [
            share("r/1", "2026-05-04T10:00:00Z", 40, None, Kept::InTotal),
            share("r/2", "2026-05-04T10:00:00Z", 40, None, Kept::ByItself),
            share("r/3", "2026-05-04T10:00:00Z", 1, Some("\"a\""), Kept::OncePerValue),
        ];
        for share in shares {
            let mut counter = Counter::default();
            counter.add(&share).unwrap();
            assert!(!counter.is_empty());
            counter.give_back(&share).unwrap();
            assert!(counter.is_empty(), "{share:?}");
        }
    }

    #[test]
    fn a_value_held_by_two_calls_stays_until_both_are_given_back() {
        let first = share("r/1", "2026-05-04T10:00:00Z", 1, Some("1"), Kept::OncePerValue);
        let second = share("r/2", "2026-05-04T11:00:00Z", 1, Some("1"), Kept::OncePerValue);
        let mut counter = Counter::default();
        counter.add(&first).unwrap();
        counter.add(&second).unwrap();
        assert_eq!(counter.distinct(), 1);
        counter.give_back(&first).unwrap();
        assert!(counter.holds("1"));
        counter.give_back(&second).unwrap();
        assert_eq!(counter.distinct(), 0);
    }

    #[test]
    fn entries_leave_a_sliding_window_one_by_one() {
        let mut counter = Counter::default();
        counter.add(&share("r/2", "2026-05-04T11:00:00Z", 2, None, Kept::ByItself)).unwrap();
        counter.add(&share("r/1", "2026-05-04T10:00:00Z", 1, None, Kept::ByItself)).unwrap();
        assert_eq!(counter.entries.first().map(|entry| &*entry.call), Some("r/1"));
        assert_eq!(counter.sum(), Ok(Decimal::from(3)));
        counter.forget_before("2026-05-04T10:00:00.000000001Z".parse().unwrap());
        assert_eq!(counter.sum(), Ok(Decimal::from(2)));
    }
}
