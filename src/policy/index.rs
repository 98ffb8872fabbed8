//! Finds a record by a 64-bit keyed hash of its name.

use alloc::boxed::Box;
use alloc::vec;

/// Records by hash: open addressing with linear probing, at most half full, never changed after
/// it is built.
///
/// The hash must be keyed: whoever chooses the names could otherwise make them collide.
pub(crate) struct Index {
    slots: Box<[Slot]>,
    /// The most slots that a search looks at.
    reach: usize,
}

/// A place for one record.
#[derive(Clone, Copy)]
enum Slot {
    Empty,
    /// The upper half of the hash, which the place does not depend on, and the record.
    Taken {
        tag: u32,
        record: u32,
    },
}

impl Index {
    /// Holds the records under their hashes. Equal hashes are fine.
    pub(crate) fn build(entries: &[(u64, u32)]) -> Self {
        let length = entries.len().saturating_mul(2).max(2).next_power_of_two();
        let mut index = Self { slots: vec![Slot::Empty; length].into_boxed_slice(), reach: 0 };
        for &(hash, record) in entries {
            index.insert(hash, record);
        }
        index
    }

    fn insert(&mut self, hash: u64, record: u32) {
        let free = (0..self.slots.len()).find_map(|step| {
            let at = self.place(hash, step);
            matches!(self.slots.get(at), Some(Slot::Empty)).then_some((step, at))
        });
        let Some((step, at)) = free else { return };
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Slot::Taken { tag: tag(hash), record };
        }
        self.reach = self.reach.max(step.saturating_add(1));
    }

    /// The record with this hash that `matches`.
    pub(crate) fn find(&self, hash: u64, matches: impl Fn(u32) -> bool) -> Option<u32> {
        for step in 0..self.reach {
            match self.slots.get(self.place(hash, step)) {
                Some(&Slot::Taken { tag: found, record })
                    if found == tag(hash) && matches(record) =>
                {
                    return Some(record);
                }
                Some(Slot::Taken { .. }) => {}
                Some(Slot::Empty) | None => return None,
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

fn tag(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Index;
    use alloc::vec::Vec;

    /// Numbers that look random and are the same on every run.
    fn hash(number: u32) -> u64 {
        let mixed = u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^ (mixed >> 29)
    }

    #[test]
    fn every_record_is_found_and_no_other() {
        for count in [0, 1, 2, 3, 64, 1000, 10_000] {
            let entries: Vec<_> = (0..count).map(|number| (hash(number), number)).collect();
            let index = Index::build(&entries);
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
            let entries: Vec<_> = (0..100).map(|record| (same, record)).collect();
            let index = Index::build(&entries);
            for record in 0..100 {
                assert_eq!(index.find(same, |found| found == record), Some(record));
            }
            assert_eq!(index.find(same, |found| found == 100), None);
        }
    }

    #[test]
    fn a_search_for_what_is_not_there_is_short() {
        let entries: Vec<_> = (0..10_000).map(|number| (hash(number), number)).collect();
        assert!(Index::build(&entries).reach < 64);
    }
}
