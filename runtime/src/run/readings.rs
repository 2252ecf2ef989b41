//! What is known of records: readings, and the changes that make them unasked again.

use crate::eval::{Reading, Unasked};
use crate::types::RecordId;
use crate::value::{Value, hash_of};
use jiff::Timestamp;
use rpds::RedBlackTreeMapSync;
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::sync::Arc;

/// A moment: a time, and which event it was among those of one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub(crate) at: Timestamp,
    pub(crate) order: u64,
}

/// What a source answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Value(Value),
    Absent,
    Unavailable,
    Malformed(Arc<str>),
    /// Two readings of one time differ.
    Conflicting,
}

impl Content {
    /// Whether two readings of one time contradict each other. What is misshapen says nothing that could.
    fn contradicts(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value(one), Self::Value(other)) => !one.says_the_same(other),
            (Self::Malformed(_), Self::Malformed(_)) => false,
            (one, other) => one != other,
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Held {
    /// The newest reading.
    taken: Option<(Mark, Content)>,
    /// Bytes of JSON that it stands for.
    size: usize,
    /// A reading came that was made before the latest change.
    outdated: bool,
    /// The latest change of this record alone.
    change: Option<Mark>,
    /// The host's own latest fetch that found a value.
    fetched: Option<Mark>,
}

/// A key beside its hash, by which it is found faster than by its texts; keys of one hash are told apart by what they are.
#[derive(Debug, Clone)]
struct Key {
    hash: u64,
    parts: Arc<[Value]>,
}

/// A key that is looked for.
trait Keyed {
    fn hash(&self) -> u64;
    fn parts(&self) -> &[Value];
}

impl Keyed for Key {
    fn hash(&self) -> u64 {
        self.hash
    }

    fn parts(&self) -> &[Value] {
        &self.parts
    }
}

impl Keyed for (u64, &[Value]) {
    fn hash(&self) -> u64 {
        self.0
    }

    fn parts(&self) -> &[Value] {
        self.1
    }
}

impl Ord for dyn Keyed + '_ {
    fn cmp(&self, other: &Self) -> Ordering {
        self.hash().cmp(&other.hash()).then_with(|| self.parts().cmp(other.parts()))
    }
}

impl PartialOrd for dyn Keyed + '_ {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for dyn Keyed + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for dyn Keyed + '_ {}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        (self as &dyn Keyed).cmp(other)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

impl<'a> Borrow<dyn Keyed + 'a> for Key {
    fn borrow(&self) -> &(dyn Keyed + 'a) {
        self
    }
}

/// The readings of one kind of record, by key.
type OfKind = RedBlackTreeMapSync<Key, Arc<Held>>;

/// The readings of a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Readings {
    held: RedBlackTreeMapSync<RecordId, OfKind>,
    /// How many they are.
    count: usize,
    /// The latest change of all records of a kind.
    changes: RedBlackTreeMapSync<RecordId, Mark>,
}

impl Readings {
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    fn of(&self, record: RecordId, key: &[Value]) -> Option<&Arc<Held>> {
        self.held.get(&record)?.get(&(hash_of(key), key) as &dyn Keyed)
    }

    fn changed(&self, record: RecordId, held: &Held) -> Option<Mark> {
        self.changes.get(&record).copied().max(held.change)
    }

    fn update(&mut self, record: RecordId, key: &Arc<[Value]>, change: impl FnOnce(&mut Held)) {
        let mut of_kind = self.held.get(&record).cloned().unwrap_or_else(OfKind::new_sync);
        let key = Key { hash: hash_of(&**key), parts: Arc::clone(key) };
        let before = of_kind.get(&key);
        self.count = self.count.saturating_add(usize::from(before.is_none()));
        let mut held = before.map(|held| Held::clone(held)).unwrap_or_default();
        change(&mut held);
        of_kind.insert_mut(key, Arc::new(held));
        self.held.insert_mut(record, of_kind);
    }

    /// Takes a reading. The newest wins; of one time, two that differ are conflicting unless a change lies between. One from before
    /// the latest change says nothing any more. `size`: bytes of JSON that the reading stands for; gives back how many bytes are no
    /// longer held, of this reading or of the one before it.
    pub(crate) fn take(&mut self, record: RecordId, key: &Arc<[Value]>, mark: Mark, content: Content, size: usize) -> usize {
        let held = self.of(record, key).map(|held| Held::clone(held)).unwrap_or_default();
        let changed = self.changed(record, &held);
        if Some(mark) <= changed {
            self.update(record, key, |held| held.outdated = true);
            return size;
        }
        let before = held.taken.clone().filter(|(taken, _)| Some(*taken) > changed);
        let taken = match before {
            Some((old, _)) if old.at > mark.at => return size,
            Some((old, content_before)) if old.at == mark.at && content_before.contradicts(&content) => {
                (old.max(mark), Content::Conflicting)
            }
            _ => (mark, content),
        };
        self.update(record, key, |held| {
            held.taken = Some(taken);
            held.size = size;
        });
        held.size
    }

    /// Notes that the host itself fetched a record and found it.
    pub(crate) fn fetched(&mut self, record: RecordId, key: &Arc<[Value]>, mark: Mark) {
        self.update(record, key, |held| held.fetched = held.fetched.max(Some(mark)));
    }

    /// All records of a kind that the host itself fetched and found, with their keys.
    pub(crate) fn fetches(&self, record: RecordId) -> impl Iterator<Item = (&Arc<[Value]>, Mark)> {
        let of_kind = self.held.get(&record).into_iter().flat_map(|of_kind| of_kind.iter());
        of_kind.filter_map(|(key, held)| Some((&key.parts, held.fetched?)))
    }

    /// Notes that a record, or all of a kind, may have changed.
    pub(crate) fn change(&mut self, record: RecordId, key: Option<&Arc<[Value]>>, mark: Mark) {
        match key {
            Some(key) => self.update(record, key, |held| held.change = held.change.max(Some(mark))),
            None => {
                let latest = self.changes.get(&record).copied().max(Some(mark)).unwrap_or(mark);
                self.changes.insert_mut(record, latest);
            }
        }
    }

    /// The value of a record, where a reading of it counts: what [`Readings::lookup`] gives as held.
    pub(crate) fn held(&self, record: RecordId, key: &[Value], now: Timestamp, fresh: Option<i64>) -> Option<&Value> {
        let held = self.of(record, key)?;
        let (mark, Content::Value(value)) = held.taken.as_ref()? else { return None };
        let is_old = fresh.is_some_and(|fresh| is_stale(now, mark.at, fresh));
        (!is_old && Some(*mark) > self.changed(record, held)).then_some(value)
    }

    /// What is known of a record, and when that was read. `fresh`: how old a reading may become.
    pub(crate) fn lookup(
        &self,
        record: RecordId,
        key: &[Value],
        now: Timestamp,
        fresh: Option<i64>,
    ) -> (Reading, Option<Timestamp>) {
        let Some(held) = self.of(record, key) else {
            return (Reading::Unasked(Unasked::Never), None);
        };
        let Some((mark, content)) = &held.taken else {
            let why = if held.outdated { Unasked::Changed } else { Unasked::Never };
            return (Reading::Unasked(why), None);
        };
        if Some(*mark) <= self.changed(record, held) {
            return (Reading::Unasked(Unasked::Changed), None);
        }
        if fresh.is_some_and(|fresh| is_stale(now, mark.at, fresh)) {
            return (Reading::Unasked(Unasked::Stale), None);
        }
        let reading = match content {
            Content::Value(value) => Reading::Held(value.clone()),
            Content::Absent => Reading::Absent,
            Content::Unavailable => Reading::Unavailable,
            Content::Malformed(why) => Reading::Malformed(Arc::clone(why)),
            Content::Conflicting => Reading::Conflicting,
        };
        (reading, Some(mark.at))
    }
}

/// Whether a reading is so old, in nanoseconds.
fn is_stale(now: Timestamp, read: Timestamp, fresh: i64) -> bool {
    now.as_nanosecond().saturating_sub(read.as_nanosecond()) >= i128::from(fresh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Cell;

    const R: RecordId = RecordId(0);

    fn key() -> Arc<[Value]> {
        Arc::from([Value::text("A-1")])
    }

    fn mark(second: i64, order: u64) -> Mark {
        Mark { at: Timestamp::from_second(second).unwrap(), order }
    }

    fn value(number: i64) -> Content {
        Content::Value(Value::Int(number))
    }

    fn look(readings: &Readings, second: i64, fresh: Option<i64>) -> Reading {
        readings.lookup(R, &key(), Timestamp::from_second(second).unwrap(), fresh).0
    }

    #[test]
    fn the_newest_reading_wins_whatever_comes_last() {
        let mut readings = Readings::default();
        readings.take(R, &key(), mark(10, 1), value(1), 5);
        readings.take(R, &key(), mark(9, 2), value(2), 5);
        assert_eq!(look(&readings, 10, None), Reading::Held(Value::Int(1)));
        readings.take(R, &key(), mark(11, 3), value(3), 5);
        assert_eq!(look(&readings, 11, None), Reading::Held(Value::Int(3)));
    }

    #[test]
    fn readings_of_one_time_that_differ_conflict_unless_a_change_lies_between() {
        let mut readings = Readings::default();
        readings.take(R, &key(), mark(10, 1), value(1), 5);
        readings.take(R, &key(), mark(10, 2), value(1), 5);
        assert_eq!(look(&readings, 10, None), Reading::Held(Value::Int(1)));
        readings.take(R, &key(), mark(10, 3), value(2), 5);
        assert_eq!(look(&readings, 10, None), Reading::Conflicting);
        readings.change(R, Some(&key()), mark(10, 4));
        assert_eq!(look(&readings, 10, None), Reading::Unasked(Unasked::Changed));
        readings.take(R, &key(), mark(10, 5), value(2), 5);
        assert_eq!(look(&readings, 10, None), Reading::Held(Value::Int(2)));
    }

    #[test]
    fn misshapen_fields_do_not_contradict_each_other() {
        let record = |total: i64, note: &str| {
            let lines = Value::Record(Arc::from([Cell::Malformed(note.into())]));
            Content::Value(Value::Record(Arc::from([
                Cell::Value(Value::Int(total)),
                Cell::Value(Value::List(Arc::from([lines]))),
            ])))
        };
        let mut readings = Readings::default();
        let mut take = |order: u64, content: Content| {
            readings.take(R, &key(), mark(10, order), content, 5);
            look(&readings, 10, None)
        };
        assert!(matches!(take(1, record(1, "no number")), Reading::Held(_)));
        assert!(matches!(take(2, record(1, "no text")), Reading::Held(_)));
        assert_eq!(take(3, record(2, "no text")), Reading::Conflicting);
        let mut readings = Readings::default();
        readings.take(R, &key(), mark(10, 1), Content::Malformed("one".into()), 5);
        readings.take(R, &key(), mark(10, 2), Content::Malformed("other".into()), 5);
        assert_eq!(look(&readings, 10, None), Reading::Malformed("other".into()));
    }

    #[test]
    fn a_reading_from_before_a_change_says_nothing_even_when_it_comes_after() {
        let mut readings = Readings::default();
        readings.change(R, None, mark(10, 2));
        assert_eq!(look(&readings, 10, None), Reading::Unasked(Unasked::Never));
        readings.take(R, &key(), mark(9, 3), value(1), 5);
        assert_eq!(look(&readings, 10, None), Reading::Unasked(Unasked::Changed));
        readings.take(R, &key(), mark(10, 1), value(1), 5);
        assert_eq!(look(&readings, 10, None), Reading::Unasked(Unasked::Changed));
        readings.take(R, &key(), mark(10, 4), Content::Absent, 5);
        assert_eq!(look(&readings, 10, None), Reading::Absent);
    }

    #[test]
    fn a_reading_is_stale_at_exactly_its_age() {
        let mut readings = Readings::default();
        readings.take(R, &key(), mark(10, 1), value(1), 5);
        let fresh = Some(5_000_000_000);
        assert_eq!(look(&readings, 14, fresh), Reading::Held(Value::Int(1)));
        assert_eq!(look(&readings, 15, fresh), Reading::Unasked(Unasked::Stale));
    }

    #[test]
    fn what_is_no_longer_held_is_given_back() {
        let mut readings = Readings::default();
        assert_eq!(readings.take(R, &key(), mark(10, 1), value(1), 5), 0);
        assert_eq!(readings.take(R, &key(), mark(9, 2), value(2), 7), 7);
        assert_eq!(readings.take(R, &key(), mark(11, 3), value(3), 3), 5);
    }
}
