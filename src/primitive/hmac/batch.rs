//! Many HMAC-SHA256 tags at once, each with its own key, message and tag.
//!
//! Every lane of a backend works on one message: its whole blocks, its padded end, then the outer
//! hash. A lane that is done takes the next message at once, so none waits for the longest.

#[cfg(any(feature = "alloc", test))]
use super::HmacSha256;
use super::{HmacSha256Key, Mismatch};
use crate::primitive::compare::equal_arrays;
use crate::primitive::sha256::{
    Backend, Block, Lanes, MOST_LANES, Message, Words, Work, most_lanes, work_on_fastest,
};
use crate::primitive::wipe;

mod slot;

use slot::Slot;

/// A tag that may be that of a message under a key.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The prepared key.
    pub key: &'a HmacSha256Key,
    /// The message.
    pub message: &'a [u8],
    /// What came with it. A tag that is not 32 bytes long never matches.
    pub tag: &'a [u8],
}

/// Decides of every item whether its tag is that of its message, many at once. `results` gets an
/// answer for each, in their order; of what it has more, each is `false`.
///
/// How long that takes depends on the number and lengths of the messages and on the lengths of the
/// tags, and neither on a key nor on where tags differ.
///
/// # Errors
///
/// [`Mismatch`] if a tag does not match, or if `results` has no room for the answer of an item.
pub fn verify_batch(items: &[Item<'_>], results: &mut [bool]) -> Result<(), Mismatch> {
    verify_on(None, items, results)
}

/// As [`verify_batch`], on one backend.
///
/// # Errors
///
/// Those of [`verify_batch`].
pub fn verify_batch_on(
    backend: Backend,
    items: &[Item<'_>],
    results: &mut [bool],
) -> Result<(), Mismatch> {
    verify_on(Some(backend), items, results)
}

fn verify_on(
    backend: Option<Backend>,
    items: &[Item<'_>],
    results: &mut [bool],
) -> Result<(), Mismatch> {
    results.fill(false);
    let total = items.iter().fold(0, |sum: usize, item| sum.saturating_add(item.message.len()));
    let mean = total.checked_div(items.len()).unwrap_or(0);
    if backend.is_none() && items.len() <= 1 {
        for (result, item) in results.iter_mut().zip(items) {
            *result = item.key.verify(item.message, item.tag).is_ok();
        }
    } else {
        // The long ones first: whichever is last has most lanes idle beside it.
        let mut jobs = LongFirst { items, mean, at: 0, long: true };
        run(backend, items.len(), mean, &mut jobs, &mut |index, tag| {
            let presented = items.get(index).and_then(|item| item.tag.try_into().ok());
            if let (Some(result), Some(presented)) = (results.get_mut(index), presented) {
                *result = equal_arrays(tag, presented);
            }
        });
    }
    let answers = results.get(..items.len()).ok_or(Mismatch)?;
    // All of them are looked at, so that this takes as long wherever one does not match.
    let all = answers.iter().fold(true, |all, matches| all & *matches);
    if all { Ok(()) } else { Err(Mismatch) }
}

/// Gives `tag` the number and the tag of each message, in any order. `jobs` should know how many
/// there are: it decides what is fastest.
pub fn mac_batch<'a>(
    jobs: &mut dyn Iterator<Item = (&'a HmacSha256Key, &'a [u8])>,
    tag: &mut dyn FnMut(usize, &[u8; 32]),
) {
    run(None, jobs.size_hint().0, UNKNOWN, &mut numbered(jobs), tag);
}

/// As [`mac_batch`], on one backend.
pub fn mac_batch_on<'a>(
    backend: Backend,
    jobs: &mut dyn Iterator<Item = (&'a HmacSha256Key, &'a [u8])>,
    tag: &mut dyn FnMut(usize, &[u8; 32]),
) {
    run(Some(backend), jobs.size_hint().0, UNKNOWN, &mut numbered(jobs), tag);
}

/// The mean length of messages that nobody has measured: they are taken to be short.
const UNKNOWN: usize = 0;

fn numbered<'a>(
    jobs: &mut dyn Iterator<Item = (&'a HmacSha256Key, &'a [u8])>,
) -> impl Iterator<Item = (usize, Job<'a>)> {
    jobs.map(|(key, message)| Job::new(key, message)).enumerate()
}

/// As [`mac_batch`], of messages that were begun: `begun` has the beginning of each, and the rest
/// of it, which has `mean` bytes in the mean. The long ones should come first: whichever is last has
/// most lanes idle beside it.
#[cfg(feature = "alloc")]
pub(crate) fn finish_batch<'a>(
    count: usize,
    mean: usize,
    begun: &mut dyn Iterator<Item = (usize, (&'a HmacSha256, &'a [u8]))>,
    tag: &mut dyn FnMut(usize, &[u8; 32]),
) {
    let mut jobs = begun.map(|(index, (state, rest))| (index, Job::resume(state, rest)));
    run(None, count, mean, &mut jobs, tag);
}

/// A message to be hashed: its beginning may have been absorbed already.
struct Job<'a> {
    message: Message<'a>,
    /// The bytes before the rest of it that still wait for a whole block.
    waiting: &'a [u8],
}

impl<'a> Job<'a> {
    #[inline]
    const fn new(key: &'a HmacSha256Key, message: &'a [u8]) -> Self {
        let HmacSha256Key { inner, outer } = key;
        Self::of(inner, outer, 64, &[], message)
    }

    #[cfg(any(feature = "alloc", test))]
    #[inline]
    fn resume(state: &'a HmacSha256, rest: &'a [u8]) -> Self {
        let (length, waiting) = state.message.absorbed();
        Self::of(state.message.words(), &state.outer, length, waiting, rest)
    }

    /// `length` bytes came before `rest`, with the block of the key.
    #[inline]
    const fn of(
        inner: &'a Words,
        outer: &'a Words,
        length: u64,
        waiting: &'a [u8],
        rest: &'a [u8],
    ) -> Self {
        let length = length.wrapping_add(rest.len() as u64);
        Self { message: Message { inner, outer, rest, length }, waiting }
    }
}

/// The messages that are longer than `mean`, then the others.
struct LongFirst<'i, 'a> {
    items: &'i [Item<'a>],
    mean: usize,
    at: usize,
    long: bool,
}

impl<'a> Iterator for LongFirst<'_, 'a> {
    type Item = Numbered<'a>;

    fn next(&mut self) -> Option<Numbered<'a>> {
        loop {
            while let Some(item) = self.items.get(self.at) {
                let index = self.at;
                self.at = index.saturating_add(1);
                if (item.message.len() > self.mean) == self.long {
                    return Some((index, Job::new(item.key, item.message)));
                }
            }
            if !self.long {
                return None;
            }
            (self.long, self.at) = (false, 0);
        }
    }
}

/// A message and its number.
type Numbered<'a> = (usize, Job<'a>);
type Jobs<'j, 'a> = &'j mut dyn Iterator<Item = Numbered<'a>>;
type Done<'j> = &'j mut dyn FnMut(usize, &[u8; 32]);

fn run<'a>(
    backend: Option<Backend>,
    count: usize,
    mean: usize,
    jobs: Jobs<'_, 'a>,
    done: Done<'_>,
) {
    // Slots take time to be made and wiped.
    match (backend, most_lanes(count, mean)) {
        (Some(backend), _) => {
            backend.work(&mut Batch::new(&mut [Slot::EMPTY; MOST_LANES], jobs, done));
        }
        (None, ..=2) => {
            work_on_fastest(count, mean, &mut Batch::new(&mut [Slot::EMPTY; 2], jobs, done));
        }
        (None, ..=4) => {
            work_on_fastest(count, mean, &mut Batch::new(&mut [Slot::EMPTY; 4], jobs, done));
        }
        (None, _) => {
            work_on_fastest(
                count,
                mean,
                &mut Batch::new(&mut [Slot::EMPTY; MOST_LANES], jobs, done),
            );
        }
    }
}

/// The messages that are being worked on.
struct Batch<'s, 'j, 'a> {
    jobs: Jobs<'j, 'a>,
    /// One that was taken from them, and begins when there are lanes for it.
    next: Option<Numbered<'a>>,
    done: Done<'j>,
    /// How many slots had a message.
    taken: usize,
    /// The first are in the lanes, one each; what follows waits for a lane.
    slots: &'s mut [Slot<'a>],
    /// How many slots have a message.
    active: usize,
}

impl<'s, 'j, 'a> Batch<'s, 'j, 'a> {
    const fn new(slots: &'s mut [Slot<'a>], jobs: Jobs<'j, 'a>, done: Done<'j>) -> Self {
        Self { jobs, next: None, done, taken: 0, slots, active: 0 }
    }
}

impl Work for Batch<'_, '_, '_> {
    fn on<const N: usize>(&mut self, mut lanes: impl Lanes<N>, too_few: usize) {
        self.run(&mut lanes, too_few);
        lanes.wipe();
    }
}

impl<'a> Batch<'_, '_, 'a> {
    /// Works on `lanes` until the messages are finished, all but `too_few`.
    fn run<const N: usize, L: Lanes<N>>(&mut self, lanes: &mut L, too_few: usize) {
        for (lane, slot) in self.slots.iter().take(self.active.min(N)).enumerate() {
            lanes.set(lane, &slot.words);
        }
        if L::WHOLE && self.active == 0 {
            self.run_whole(lanes);
            if self.active < too_few.min(N) {
                return;
            }
        }
        loop {
            while self.active < N && self.begin_next(self.active, lanes) {
                self.active = self.active.saturating_add(1);
            }
            if self.active <= too_few {
                break;
            }
            let busy = self.active.min(N);
            let (waiting, count) = self.waiting(busy);
            lanes.absorb(&waiting, count);
            // From the last on: what takes the place of a finished message has had its step.
            for lane in (0..busy).rev() {
                self.step(lane, count, lanes);
            }
        }
        for (lane, slot) in self.slots.iter_mut().take(self.active.min(N)).enumerate() {
            slot.words = lanes.words(lane);
        }
    }

    /// Finishes messages as many at once as there are lanes, as long as these take them whole. The
    /// others begin.
    fn run_whole<const N: usize, L: Lanes<N>>(&mut self, lanes: &mut L) {
        const { assert!(!L::WHOLE || N <= 2, "one message is left at most") }
        loop {
            let mut jobs = [const { None }; N];
            jobs.fill_with(|| self.next());
            let mut tags = [[0; 32]; N];
            if !whole(&jobs).is_some_and(|messages| lanes.tags(&messages, &mut tags)) {
                return self.begin_all(jobs, lanes);
            }
            for ((index, _), tag) in jobs.into_iter().flatten().zip(&mut tags) {
                (self.done)(index, tag);
                wipe(tag);
            }
        }
    }

    /// Begins a message in each lane, if there are as many.
    fn begin_all<const N: usize>(
        &mut self,
        jobs: [Option<Numbered<'a>>; N],
        lanes: &mut impl Lanes<N>,
    ) {
        let all = jobs.iter().all(Option::is_some);
        for job in jobs.into_iter().flatten() {
            if all {
                self.begin(self.active, job, lanes);
                self.active = self.active.saturating_add(1);
            } else {
                self.next = Some(job);
            }
        }
    }

    #[inline]
    fn next(&mut self) -> Option<Numbered<'a>> {
        self.next.take().or_else(|| self.jobs.next())
    }

    /// Begins the next message in a slot and in the lane of that number; `false` if there is none.
    #[inline]
    fn begin_next<const N: usize>(&mut self, at: usize, lanes: &mut impl Lanes<N>) -> bool {
        // No message is taken that there is no slot for.
        if at >= self.slots.len() {
            return false;
        }
        let Some(job) = self.next() else { return false };
        self.begin(at, job, lanes);
        true
    }

    #[inline]
    fn begin<const N: usize>(
        &mut self,
        at: usize,
        (index, job): Numbered<'a>,
        lanes: &mut impl Lanes<N>,
    ) {
        let Some(slot) = self.slots.get_mut(at) else { return };
        lanes.set(at, job.message.inner);
        slot.begin(index, job);
        self.taken = self.taken.max(at.saturating_add(1));
    }

    /// The blocks that wait for each lane, and how many wait for every busy one.
    #[inline]
    fn waiting<const N: usize>(&self, busy: usize) -> ([&[Block]; N], usize) {
        let mut waiting: [&[Block]; N] = [&[]; N];
        let mut count = usize::MAX;
        for (blocks, slot) in waiting.iter_mut().zip(&*self.slots).take(busy) {
            *blocks = slot.blocks();
            count = count.min(blocks.len());
        }
        (waiting, count)
    }

    /// Takes note that `count` blocks of the message in a lane were absorbed. One that is finished
    /// makes room for the next.
    #[inline]
    fn step<const N: usize>(&mut self, lane: usize, count: usize, lanes: &mut impl Lanes<N>) {
        let Some(slot) = self.slots.get_mut(lane) else { return };
        if slot.skip(count) {
            return;
        }
        let mut digest = lanes.digest(lane);
        if let Some(outer) = slot.begin_outer(&digest) {
            lanes.set(lane, outer);
            return wipe(&mut digest);
        }
        (self.done)(slot.index, &digest);
        wipe(&mut digest);
        if !self.begin_next(lane, lanes) {
            self.close_up(lane, lanes);
        }
    }

    /// Puts the last message in the place of a finished one.
    fn close_up<const N: usize>(&mut self, lane: usize, lanes: &mut impl Lanes<N>) {
        self.active = self.active.saturating_sub(1);
        let last = self.active;
        let Some((before, [moved, ..])) = self.slots.split_at_mut_checked(last) else { return };
        if let Some(slot) = before.get_mut(lane) {
            let words = if last < N { lanes.words(last) } else { moved.words };
            lanes.set(lane, &words);
            core::mem::swap(slot, moved);
        }
    }
}

impl Drop for Batch<'_, '_, '_> {
    fn drop(&mut self) {
        for slot in self.slots.iter_mut().take(self.taken) {
            slot.wipe();
        }
    }
}

/// The messages of all jobs, if there is nothing before the rest of each.
#[inline]
fn whole<'a, const N: usize>(jobs: &[Option<Numbered<'a>>; N]) -> Option<[Message<'a>; N]> {
    let mut messages = [Message::NONE; N];
    for (to, job) in messages.iter_mut().zip(jobs) {
        let Some((_, Job { message, waiting: [] })) = job else { return None };
        *to = *message;
    }
    Some(messages)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "a test panics")]
mod tests {
    use super::{Backend, HmacSha256, HmacSha256Key, Job, run};

    extern crate alloc;
    use alloc::vec::Vec;

    /// A message that was begun has the same tag, wherever its beginning ends.
    #[test]
    fn begun_messages_are_finished() {
        let key = HmacSha256Key::new(b"key");
        let text: Vec<u8> = (0..400_u16).map(|at| (at % 251) as u8).collect();
        let lengths = [0, 1, 5, 54, 55, 56, 62, 63, 64, 65, 118, 119, 120, 127, 128, 129, 200];
        let cut = |before, rest| (&text[..before], &text[before..before + rest]);
        let cuts: Vec<_> =
            (0..=130).flat_map(|before| lengths.map(|rest| cut(before, rest))).collect();
        let begin = |(before, _): &(&[u8], _)| {
            let mut begun: HmacSha256 = key.start();
            begun.update(before);
            begun
        };
        let begun: Vec<HmacSha256> = cuts.iter().map(begin).collect();
        for backend in Backend::available().map(Some).chain([None]) {
            let jobs = begun.iter().zip(&cuts);
            let mut jobs = jobs.map(|(state, (_, rest))| Job::resume(state, rest)).enumerate();
            let mut made = 0;
            run(backend, cuts.len(), 1024, &mut jobs, &mut |index, tag| {
                let (before, rest) = cuts[index];
                let all = [before, rest].concat();
                assert_eq!(*tag, key.mac(&all), "{backend:?}, {} + {}", before.len(), rest.len());
                made += 1;
            });
            assert_eq!(made, cuts.len());
        }
    }
}
