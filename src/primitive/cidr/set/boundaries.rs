//! Ranges of addresses that neither overlap nor touch, as the places where they begin and end.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::mem::size_of_val;

use crate::primitive::cidr::bits::{Bits, Block};
use crate::primitive::prefetch::{NEAR, prefetch};

/// How many boundaries are compared at once. Few stretches have as many.
const WINDOW: usize = 4;

/// How many stretches there may be for each boundary.
const STRETCHES: usize = 2;

/// How many stretches share an entry of the index.
const GROUP: usize = 4;

/// From how many blocks on they are put into stretches before they are sorted.
const MANY: usize = 256;

/// Four stretches: how many boundaries stand before the first of them, and how many more before
/// each. More than 255 count as 255: to begin too early is never wrong.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    first: u32,
    offsets: [u8; GROUP],
}

impl Group {
    /// One boundary more in a stretch, so before those behind it. Until all are counted, `first` is how
    /// many there are in all four.
    #[inline]
    fn count(&mut self, stretch: usize) {
        if self.first < u32::from(u8::MAX) {
            // By one register: no offset is more than the count of all, so none overflows.
            let behind = 0x0101_0100_u32.wrapping_shl((stretch << 3) as u32);
            let offsets = u32::from_le_bytes(self.offsets).wrapping_add(behind);
            self.offsets = offsets.to_le_bytes();
        }
        self.first = self.first.wrapping_add(1);
    }

    #[inline]
    fn before(self, stretch: usize) -> usize {
        // From a register: the group was read in one piece.
        let offset = u32::from_le_bytes(self.offsets) >> ((stretch % GROUP) << 3);
        (self.first as usize).wrapping_add((offset & 0xff) as usize)
    }
}

/// The addresses, ascending, at which one gets into a range or out of one, by turns. A range that
/// reaches the last address has no way out.
///
/// An index cuts the addresses from the first boundary to the last into equal stretches, up to two
/// for each boundary. An answer costs two accesses to memory: to the index, and to the boundaries
/// that the stretch begins with. Only where a stretch is crowded, because most boundaries stand
/// close together and few far away, a binary search follows, so the worst list costs no more than
/// one without an index.
#[derive(Clone, Debug)]
pub(super) struct Boundaries<T> {
    sorted: Box<[T]>,
    /// How many boundaries stand before each stretch. It is empty without boundaries, and if there
    /// are more than 32 bits count: then a binary search is all.
    index: Box<[Group]>,
    /// The first boundary: where the first stretch begins.
    first: T,
    /// A stretch has `1 << shift` addresses.
    shift: u32,
}

impl<T: Bits> Boundaries<T> {
    /// Those of the union of `blocks`.
    pub(super) fn new(blocks: Vec<Block<T>>) -> Self {
        let sorted = merged(blocks).into_boxed_slice();
        let (first, last) = match &*sorted {
            [first, .., last] => (*first, *last),
            [only] => (*only, *only),
            [] => (T::ZERO, T::ZERO),
        };
        let shift = shift(first, last, sorted.len().saturating_mul(STRETCHES));
        let index = index(&sorted, first, shift);
        Self { sorted, index, first, shift }
    }

    /// Inside is where an odd number of boundaries was passed.
    #[inline]
    pub(super) fn contains(&self, address: T) -> bool {
        let stretch = address.stretch(self.first, self.shift);
        self.passed(address, stretch, self.start(stretch)) & 1 == 1
    }

    /// The same for several addresses, whose accesses to memory overlap: each is asked for before
    /// the first is waited for.
    #[inline]
    pub(super) fn contain_each<const N: usize>(&self, addresses: &[T; N]) -> [bool; N] {
        let mut inside = [false; N];
        if self.memory() <= NEAR {
            for (inside, address) in inside.iter_mut().zip(addresses) {
                *inside = self.contains(*address);
            }
            return inside;
        }
        let stretches = addresses.map(|address| {
            let stretch = address.stretch(self.first, self.shift);
            self.index.get(self.group(stretch)).inspect(|group| prefetch(*group));
            stretch
        });
        let starts = stretches.map(|stretch| {
            let start = self.start(stretch);
            self.window(start).inspect(|window| prefetch(*window));
            start
        });
        let places = addresses.iter().zip(stretches).zip(starts);
        for (inside, ((address, stretch), start)) in inside.iter_mut().zip(places) {
            *inside = self.passed(*address, stretch, start) & 1 == 1;
        }
        inside
    }

    /// The group of the index that a stretch is in. Behind the last stretch is where the last
    /// stretch ends.
    #[inline]
    fn group(&self, stretch: usize) -> usize {
        (stretch / GROUP).min(self.index.len().wrapping_sub(1))
    }

    /// The first boundary of the window of a stretch. Whatever stands before the stretch is passed,
    /// so the window may begin sooner.
    #[inline]
    fn start(&self, stretch: usize) -> usize {
        let group = self.index.get(self.group(stretch));
        let before = group.map_or(0, |group| group.before(stretch % GROUP));
        before.min(self.sorted.len().saturating_sub(WINDOW))
    }

    #[inline]
    fn window(&self, start: usize) -> Option<&[T; WINDOW]> {
        self.sorted.get(start..)?.first_chunk()
    }

    /// How many boundaries are not behind `address`, which is in `stretch`, whose window begins at
    /// `start`.
    #[inline]
    fn passed(&self, address: T, stretch: usize, start: usize) -> usize {
        let Some(window) = self.window(start) else {
            return self.sorted.iter().filter(|boundary| **boundary <= address).count();
        };
        let passed: u32 = window.iter().map(|boundary| u32::from(*boundary <= address)).sum();
        let passed = start.wrapping_add(passed as usize);
        if passed < start.wrapping_add(WINDOW) {
            return passed;
        }
        self.passed_in_crowd(passed, self.group(stretch), address)
    }

    /// The same where the boundaries up to the one at `from` are known to be passed.
    #[cold]
    fn passed_in_crowd(&self, from: usize, group: usize, address: T) -> usize {
        let next = self.index.get(group.wrapping_add(1));
        let end = next.map_or(self.sorted.len(), |next| next.before(0)).max(from);
        let crowd = self.sorted.get(from..end).unwrap_or(&[]);
        from.saturating_add(crowd.partition_point(|boundary| *boundary <= address))
    }
}

impl<T> Boundaries<T> {
    /// The number of ranges.
    pub(super) const fn ranges(&self) -> usize {
        self.sorted.len().div_ceil(2)
    }

    /// The bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        size_of_val(&*self.sorted).saturating_add(size_of_val(&*self.index))
    }
}

/// The boundaries of the union of `blocks`.
fn merged<T: Bits>(blocks: Vec<Block<T>>) -> Vec<T> {
    let blocks = sorted(blocks);
    let mut boundaries = Vec::with_capacity(blocks.len().saturating_mul(2));
    let mut blocks = blocks.into_iter().map(|block| (block.net, block.last().next()));
    let Some((first, mut end)) = blocks.next() else { return boundaries };
    boundaries.push(first);
    for (start, next_end) in blocks {
        // Behind a range without an end comes nothing that is not in it.
        let Some(so_far) = end else { break };
        if start > so_far {
            boundaries.extend([so_far, start]);
            end = next_end;
        } else if next_end.is_none_or(|next_end| next_end > so_far) {
            end = next_end;
        }
    }
    boundaries.extend(end);
    boundaries
}

/// The blocks by where they begin. Of two that begin at one address, the order does not matter.
///
/// Many are first put into as many stretches of addresses, and only those of one stretch are compared
/// with each other. If most are in one stretch, that costs no more than to compare all.
fn sorted<T: Bits>(mut blocks: Vec<Block<T>>) -> Vec<Block<T>> {
    if blocks.is_sorted_by_key(|block| block.net) {
        return blocks;
    }
    if blocks.len() < MANY || u32::try_from(blocks.len()).is_err() {
        blocks.sort_unstable_by_key(|block| block.net);
        return blocks;
    }
    let begins = || blocks.iter().map(|block| block.net);
    let (Some(first), Some(last)) = (begins().min(), begins().max()) else { return blocks };
    let shift = shift(first, last, blocks.len());
    // How many blocks begin in each stretch, and then where the next of them goes.
    let mut places = vec![0_u32; last.stretch(first, shift).saturating_add(1)];
    for begin in begins() {
        if let Some(count) = places.get_mut(begin.stretch(first, shift)) {
            *count = count.wrapping_add(1);
        }
    }
    let mut before = 0;
    for place in &mut places {
        before = core::mem::replace(place, before).wrapping_add(before);
    }
    let mut sorted = vec![Block::NONE; blocks.len()];
    for block in &blocks {
        let Some(place) = places.get_mut(block.net.stretch(first, shift)) else { continue };
        if let Some(to) = sorted.get_mut(*place as usize) {
            *to = *block;
        }
        *place = place.wrapping_add(1);
    }
    // By now each place is where the stretch ends.
    let (mut start, mut rest) = (0, sorted.as_mut_slice());
    for end in places {
        let stretch = rest.split_off_mut(..end.wrapping_sub(start) as usize).unwrap_or_default();
        if stretch.len() > 1 {
            stretch.sort_unstable_by_key(|block| block.net);
        }
        start = end;
    }
    sorted
}

/// The least shift that cuts the addresses from `first` to `last` into no more than `most`
/// stretches.
fn shift<T: Bits>(first: T, last: T, most: usize) -> u32 {
    let fits = |shift: &u32| last.stretch(first, *shift) < most;
    (0..u32::from(u8::MAX)).find(fits).unwrap_or(0)
}

/// How many of the boundaries stand before each stretch.
fn index<T: Bits>(sorted: &[T], first: T, shift: u32) -> Box<[Group]> {
    let Some(last) = sorted.last() else { return Box::from([]) };
    if u32::try_from(sorted.len()).is_err() {
        return Box::from([]);
    }
    let groups = (last.stretch(first, shift) / GROUP).saturating_add(1);
    let mut index = vec![Group::default(); groups].into_boxed_slice();
    for boundary in sorted {
        let stretch = boundary.stretch(first, shift);
        if let Some(group) = index.get_mut(stretch / GROUP) {
            group.count(stretch % GROUP);
        }
    }
    let mut before = 0;
    for group in &mut index {
        before = core::mem::replace(&mut group.first, before).wrapping_add(before);
    }
    index
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;
    use core::cell::Cell;
    use core::cmp::Ordering;
    use core::ops::{BitAnd, BitOr, Not};

    use super::{Boundaries, MANY, WINDOW};
    use crate::primitive::cidr::bits::{Bits, Block};

    /// An address that counts how often it is compared.
    #[derive(Clone, Copy, PartialEq, Eq)]
    struct Counted(u32);

    std::thread_local! {
        // Each test counts its own: another one may run at the same time.
        static COMPARED: Cell<usize> = const { Cell::new(0) };
    }

    impl Ord for Counted {
        fn cmp(&self, other: &Self) -> Ordering {
            COMPARED.set(COMPARED.get().wrapping_add(1));
            self.0.cmp(&other.0)
        }
    }

    impl PartialOrd for Counted {
        fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }

    impl BitAnd for Counted {
        type Output = Self;
        fn bitand(self, other: Self) -> Self {
            Self(self.0 & other.0)
        }
    }

    impl BitOr for Counted {
        type Output = Self;
        fn bitor(self, other: Self) -> Self {
            Self(self.0 | other.0)
        }
    }

    impl Not for Counted {
        type Output = Self;
        fn not(self) -> Self {
            Self(!self.0)
        }
    }

    impl Bits for Counted {
        const ZERO: Self = Self(0);
        const ONE: Self = Self(1);
        fn mask(prefix: u8) -> Self {
            Self(u32::mask(prefix))
        }
        fn count(self) -> u32 {
            self.0.count()
        }
        fn next(self) -> Option<Self> {
            self.0.next().map(Self)
        }
        fn stretch(self, first: Self, shift: u32) -> usize {
            self.0.stretch(first.0, shift)
        }
    }

    /// The most comparisons that one answer takes, and how many all of them take.
    fn comparisons(addresses: &[u32], asked: impl Iterator<Item = u32>) -> (usize, usize) {
        let block = |address: &u32| Block::new(Counted(*address), 32).unwrap_or(Block::NONE);
        let boundaries = Boundaries::new(addresses.iter().map(block).collect());
        asked.fold((0, 0), |(most, sum), address| {
            COMPARED.set(0);
            let inside = boundaries.contains(Counted(address));
            let count = COMPARED.get();
            assert_eq!(inside, addresses.binary_search(&address).is_ok(), "{address}");
            (most.max(count), sum.saturating_add(count))
        })
    }

    /// However the blocks lie, they are sorted: all in one stretch, each in its own, the same one
    /// over and over; and the many that lie in one stretch cost no more than a sort.
    #[test]
    fn blocks_are_sorted_wherever_they_lie() {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
            (state >> 32) as u32
        };
        for length in [0, 1, MANY - 1, MANY, MANY + 1, 20_000] {
            let spread: Vec<u32> = (0..length).map(|_| next()).collect();
            let crowd = spread.iter().map(|address| 0x0a00_0000 | address >> 12);
            let crowd: Vec<u32> = crowd.chain([0, u32::MAX]).collect();
            let ends: Vec<u32> =
                spread.iter().map(|address| 0_u32.wrapping_sub(address & 1)).collect();
            for addresses in [&spread, &crowd, &ends, &alloc::vec![7; length]] {
                let block =
                    |address: &u32| Block::new(Counted(*address), 32).unwrap_or(Block::NONE);
                COMPARED.set(0);
                let sorted = super::sorted(addresses.iter().map(block).collect());
                let mut wanted = addresses.clone();
                wanted.sort_unstable();
                let sorted: Vec<u32> = sorted.iter().map(|block| block.net.0).collect();
                assert_eq!(sorted, wanted, "{length}");
                let compared = COMPARED.get();
                let most = addresses.len() * (addresses.len() + 2).ilog2() as usize * 2 + 100;
                assert!(compared <= most, "{compared} comparisons of {length}");
            }
        }
    }

    /// Every second address of a crowd, which an address far behind it puts into one stretch, or an
    /// address far before it too.
    #[test]
    fn a_crowd_in_one_stretch_costs_a_binary_search() {
        let mut costs = Vec::new();
        for length in [1_000, 10_000, 100_000] {
            let crowd = (0..length).map(|number| 0x0a00_0000 + 2 * number);
            for ends in [&[u32::MAX][..], &[1, u32::MAX - 1]] {
                let mut addresses: Vec<u32> = crowd.clone().chain(ends.iter().copied()).collect();
                addresses.sort_unstable();
                let asked = (0..length).map(|number| 0x0a00_0000 - 7 + 2 * number + number % 3);
                let (most, _) = comparisons(&addresses, asked);
                let halvings = (2 * addresses.len()).ilog2() as usize + 2;
                assert!(most <= WINDOW + halvings, "{length}: {most} comparisons");
                costs.push(most);
            }
        }
        // A binary search was needed: the lists are as hostile as they are meant to be.
        assert!(costs.iter().all(|most| *most > WINDOW + 8), "{costs:?}");
        // Where nothing is crowded, it is not.
        let spread: Vec<u32> = (0..100_000).map(|number| 40_000 * number).collect();
        let asked = (0..100_000).map(|number| 40_000_u32.wrapping_mul(number) + number % 3);
        let (most, sum) = comparisons(&spread, asked);
        assert!(most <= WINDOW, "{most} comparisons");
        assert!(sum <= WINDOW * 100_000, "{sum} comparisons");
    }
}
