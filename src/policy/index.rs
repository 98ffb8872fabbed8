//! Finds a record by a 64-bit hash of its name.

use alloc::boxed::Box;
use alloc::vec;
use core::num::NonZeroU32;

use crate::primitive::prefetch::prefetch;
use crate::primitive::siphash::rest_word;

/// Records by hash: open addressing with linear probing, at most half full, never changed after
/// it is built.
///
/// The hash must be keyed where strangers choose names that are held: they could otherwise make them
/// collide. What is looked for makes no difference: a search is never longer than the longest one
/// for what is held.
pub(crate) struct Index {
    slots: Box<[Slot]>,
    /// The most slots that a search looks at.
    reach: usize,
}

/// A place for one record, in 8 bytes.
#[derive(Clone, Copy)]
struct Slot {
    /// The upper half of the hash, which the place does not depend on: of records that are not the
    /// one that is looked for, one in 2^32 is looked at.
    tag: u32,
    /// The number of the record and 1; `None` if the place is empty.
    record: Option<NonZeroU32>,
}

const _: () = assert!(size_of::<Slot>() == 8);

const EMPTY: Slot = Slot { tag: 0, record: None };

impl Index {
    /// Holds records under their hashes, which come in the order of the records.
    pub(crate) fn build(hashes: impl ExactSizeIterator<Item = u64>) -> Self {
        let mut index = Self::with_room_for(hashes.len());
        for (record, hash) in (0_u32..).zip(hashes) {
            index.insert(hash, record);
        }
        index
    }

    /// Holds nothing, and has room for `count` entries.
    pub(crate) fn with_room_for(count: usize) -> Self {
        let length = count.saturating_mul(2).max(2).next_power_of_two();
        Self { slots: vec![EMPTY; length].into_boxed_slice(), reach: 0 }
    }

    /// Holds the record under this hash too. Equal hashes are fine.
    pub(crate) fn insert(&mut self, hash: u64, record: u32) {
        let free = (0..self.slots.len()).find_map(|step| {
            let at = self.place(hash, step);
            self.slots.get(at)?.record.is_none().then_some((step, at))
        });
        let Some((step, at)) = free else { return };
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Slot { tag: tag(hash), record: NonZeroU32::new(record.wrapping_add(1)) };
        }
        self.reach = self.reach.max(step.saturating_add(1));
    }

    /// Asks for the memory in which this hash is looked for.
    pub(crate) fn prefetch(&self, hash: u64) {
        if let Some(slot) = self.slots.get(self.place(hash, 0)) {
            prefetch(slot);
        }
    }

    /// The record with this hash that `matches`.
    pub(crate) fn find(&self, hash: u64, matches: impl Fn(u32) -> bool) -> Option<u32> {
        for step in 0..self.reach {
            let slot = self.slots.get(self.place(hash, step))?;
            let record = slot.record?.get().wrapping_sub(1);
            if slot.tag == tag(hash) && matches(record) {
                return Some(record);
            }
        }
        None
    }

    /// The slot that is looked at after `step` others. The number of slots is a power of two.
    fn place(&self, hash: u64, step: usize) -> usize {
        let first = usize::try_from(hash & u64::from(u32::MAX)).unwrap_or(0);
        first.wrapping_add(step) & self.slots.len().wrapping_sub(1)
    }
}

/// A hash, without a key, of the name of something that the operator names, such as a route.
pub(crate) fn name_hash(name: &[u8]) -> u64 {
    // An odd number without a pattern, the fraction of the golden ratio.
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = name.as_chunks::<8>();
    let mix = |hash: u64, word: u64| {
        let mixed = (hash ^ word).wrapping_mul(MIX);
        mixed ^ (mixed >> 32)
    };
    let start = name.len() as u64;
    let hash = words.iter().fold(start, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    mix(hash, rest_word(rest, name.last_chunk()))
}

fn tag(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Index, name_hash};

    /// Numbers that look random and are the same on every run.
    fn hash(number: u32) -> u64 {
        let mixed = u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^ (mixed >> 29)
    }

    #[test]
    fn every_record_is_found_and_no_other() {
        for count in [0, 1, 2, 3, 64, 1000, 10_000] {
            let index = Index::build((0..count).map(hash));
            for number in 0..count {
                assert_eq!(index.find(hash(number), |found| found == number), Some(number));
                assert_eq!(index.find(hash(number), |_| false), None);
            }
            for number in count..count + 1000 {
                assert_eq!(index.find(hash(number), |found| found == number), None);
            }
        }
    }

    #[test]
    fn equal_hashes_are_told_apart_by_the_record() {
        for same in [0, 7, u64::MAX] {
            let index = Index::build((0..100).map(|_| same));
            for record in 0..100 {
                assert_eq!(index.find(same, |found| found == record), Some(record));
            }
            assert_eq!(index.find(same, |found| found == 100), None);
        }
    }

    #[test]
    fn a_search_for_what_is_not_there_is_short() {
        assert!(Index::build((0..10_000).map(hash)).reach < 64);
    }

    #[test]
    fn names_that_resemble_each_other_are_spread() {
        use alloc::format;
        let names = |count: u32| (0..count).map(|number| format!("route-{number}"));
        for count in [1, 10, 1000, 10_000] {
            let index = Index::build(names(count).map(|name| name_hash(name.as_bytes())));
            assert!(index.reach < 64, "{count} names are {} apart", index.reach);
        }
        assert_ne!(name_hash(b"a"), name_hash(b"a\0"));
    }
}
