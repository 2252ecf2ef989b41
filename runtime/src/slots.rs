//! A hash table of indices: what they stand for is kept elsewhere, and nothing ever walks it, so its order is nobody's.

/// A table of indices, by the hash of what they stand for.
#[derive(Debug, Default, Clone)]
pub(crate) struct Slots {
    /// The index, from 1; 0 where a slot is free. A power of two of them, at most half of them taken.
    slots: Vec<u32>,
    taken: usize,
}

/// The fewest slots of a table that holds anything.
const LEAST: usize = 16;

/// 2^64 divided by the golden ratio: multiplying by it spreads neighbours.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Slots {
    /// A table for so many indices.
    pub(crate) fn with_room(count: usize) -> Self {
        Self { slots: vec![0; count.saturating_mul(2).next_power_of_two().max(LEAST)], taken: 0 }
    }

    /// The index of that hash that fits.
    #[inline]
    pub(crate) fn find(&self, hash: u64, mut fits: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut place = self.place(hash)?;
        loop {
            let index = self.slots.get(place)?.checked_sub(1)?;
            if fits(index) {
                return Some(index);
            }
            place = self.next(place);
        }
    }

    /// Adds an index that is not there yet; `hash_of` gives the hash of one that is, for when the table grows.
    pub(crate) fn add(&mut self, hash: u64, index: u32, hash_of: impl Fn(u32) -> u64) {
        if self.taken.saturating_add(1).saturating_mul(2) > self.slots.len() {
            let mut grown = Self::with_room(self.slots.len().max(LEAST));
            for index in self.slots.iter().filter_map(|slot| slot.checked_sub(1)) {
                grown.put(hash_of(index), index);
            }
            *self = grown;
        }
        self.put(hash, index);
    }

    fn put(&mut self, hash: u64, index: u32) {
        let Some(mut place) = self.place(hash) else { return };
        while self.slots.get(place).is_some_and(|slot| *slot != 0) {
            place = self.next(place);
        }
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = index.saturating_add(1);
            self.taken = self.taken.saturating_add(1);
        }
    }

    /// Takes out every index; `hashes` are those of all that are there.
    pub(crate) fn clear(&mut self, hashes: impl Iterator<Item = u64>) {
        for hash in hashes {
            let Some(mut place) = self.place(hash) else { return };
            // The slots of one hash and of those it pushed on are together: all of them go.
            while let Some(slot) = self.slots.get_mut(place).filter(|slot| **slot != 0) {
                *slot = 0;
                place = self.next(place);
            }
        }
        self.taken = 0;
    }

    /// The first slot of a hash; `None` in a table that never held anything.
    #[inline]
    fn place(&self, hash: u64) -> Option<usize> {
        let bits = self.slots.len().checked_ilog2()?;
        let shift = 64_u32.checked_sub(bits)?;
        usize::try_from(hash.wrapping_mul(SPREAD).checked_shr(shift).unwrap_or(0)).ok()
    }

    #[inline]
    fn next(&self, place: usize) -> usize {
        let next = place.saturating_add(1);
        if next < self.slots.len() { next } else { 0 }
    }
}

/// The hash of a text.
#[inline]
pub(crate) fn of_text(text: &[u8]) -> u64 {
    let mut hash = text.len() as u64;
    // Where words do not cover it, the last word overlaps the one before.
    let Some(last) = text.last_chunk::<8>() else { return mixed(hash, short(text)) };
    for word in text.as_chunks::<8>().0 {
        hash = mixed(hash, u64::from_le_bytes(*word));
    }
    mixed(hash, u64::from_le_bytes(*last))
}

/// A text of less than eight bytes as a word; with its length it is told from all others.
#[inline]
fn short(text: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)).wrapping_shl(32);
    }
    match text {
        [] => 0,
        [one] => u64::from(*one),
        [one, .., last] => u64::from_le_bytes([*one, *text.get(1).unwrap_or(last), *last, 0, 0, 0, 0, 0]),
    }
}

/// A hash with one more word in it.
#[inline]
pub(crate) fn mixed(hash: u64, word: u64) -> u64 {
    let product = u128::from(hash.rotate_left(23) ^ word).wrapping_mul(u128::from(SPREAD));
    // Both halves, so that every bit of the word reaches the upper bits, from which the place is taken.
    #[expect(clippy::cast_possible_truncation, reason = "the halves of the product")]
    let (low, high) = (product as u64, (product >> 64) as u64);
    low ^ high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_added_and_nothing_else() {
        let texts: Vec<String> = (0..1000).map(|number| format!("tenant-{number}")).collect();
        let hash_of = |index: u32| of_text(texts[index as usize].as_bytes());
        let mut slots = Slots::default();
        for index in 0..500 {
            slots.add(hash_of(index), index, hash_of);
        }
        for index in 0..1000 {
            let found = slots.find(hash_of(index), |other| other == index);
            assert_eq!(found, (index < 500).then_some(index));
        }
        slots.clear((0..500).map(hash_of));
        assert!((0..500).all(|index| slots.find(hash_of(index), |_| true).is_none()));
    }

    #[test]
    fn texts_that_differ_in_one_byte_have_other_hashes() {
        for length in 0..40 {
            let text = vec![b'a'; length];
            assert_ne!(of_text(&text), of_text(&vec![b'a'; length + 1]));
            for at in 0..length {
                let mut other = text.clone();
                other[at] = b'b';
                assert_ne!(of_text(&text), of_text(&other), "byte {at} of {length}");
            }
        }
    }

    #[test]
    fn equal_hashes_are_told_apart() {
        let mut slots = Slots::with_room(4);
        (0..4).for_each(|index| slots.add(7, index, |_| 7));
        assert!((0..4).all(|index| slots.find(7, |other| other == index) == Some(index)));
        assert_eq!(slots.find(7, |_| false), None);
    }
}
