//! Many HMAC-SHA256 tags at once, each with its own key, message and tag.
//!
//! Every lane of a backend works on one message: its whole blocks, its padded end, then the outer
//! hash. A lane that is done takes the next message at once, so none waits for the longest.

use core::slice;

#[cfg(any(feature = "alloc", test))]
use super::HmacSha256;
use super::{HmacSha256Key, Mismatch};
use crate::primitive::compare::equal_arrays;
use crate::primitive::sha2::{Word, pad_tail};
use crate::primitive::sha256::{
    Backend, Block, Lanes, MOST_LANES, Waiting, Words, Work, one_by_one, work_on_fastest,
};
use crate::primitive::{copy_prefix, wipe};

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
    if backend.is_none() && one_by_one(items.len(), mean) {
        for (result, item) in results.iter_mut().zip(items) {
            *result = item.key.verify(item.message, item.tag).is_ok();
        }
    } else {
        // The long ones first: whichever is last has most lanes idle beside it.
        let jobs = || items.iter().map(|item| Job::new(item.key, item.message)).enumerate();
        let long = jobs().filter(|(_, job)| job.rest.len() > mean);
        let short = jobs().filter(|(_, job)| job.rest.len() <= mean);
        run(backend, items.len(), &mut long.chain(short), &mut |index, tag| {
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
    run(None, jobs.size_hint().0, &mut numbered(jobs), tag);
}

/// As [`mac_batch`], on one backend.
pub fn mac_batch_on<'a>(
    backend: Backend,
    jobs: &mut dyn Iterator<Item = (&'a HmacSha256Key, &'a [u8])>,
    tag: &mut dyn FnMut(usize, &[u8; 32]),
) {
    run(Some(backend), jobs.size_hint().0, &mut numbered(jobs), tag);
}

fn numbered<'a>(
    jobs: &mut dyn Iterator<Item = (&'a HmacSha256Key, &'a [u8])>,
) -> impl Iterator<Item = (usize, Job<'a>)> {
    jobs.map(|(key, message)| Job::new(key, message)).enumerate()
}

/// As [`mac_batch`], of messages that were begun: `begun` has the beginning of each, and the rest
/// of it. The long ones should come first: whichever is last has most lanes idle beside it.
#[cfg(feature = "alloc")]
pub(crate) fn finish_batch<'a>(
    count: usize,
    begun: &mut dyn Iterator<Item = (usize, (&'a HmacSha256, &'a [u8]))>,
    tag: &mut dyn FnMut(usize, &[u8; 32]),
) {
    let mut jobs = begun.map(|(index, (state, rest))| (index, Job::resume(state, rest)));
    run(None, count, &mut jobs, tag);
}

/// A message to be hashed: its beginning may have been absorbed already.
struct Job<'a> {
    /// The states before the rest of it, and before the outer hash.
    inner: &'a Words,
    outer: &'a Words,
    /// The bytes before `rest`, with the block of the key, and those of them that still wait for a
    /// whole block.
    length: u64,
    waiting: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Job<'a> {
    #[inline]
    const fn new(key: &'a HmacSha256Key, message: &'a [u8]) -> Self {
        let HmacSha256Key { inner, outer } = key;
        Self { inner, outer, length: 64, waiting: &[], rest: message }
    }

    #[cfg(any(feature = "alloc", test))]
    #[inline]
    fn resume(state: &'a HmacSha256, rest: &'a [u8]) -> Self {
        let (length, waiting) = state.message.absorbed();
        Self { inner: state.message.words(), outer: &state.outer, length, waiting, rest }
    }
}

/// The number of each, and what it is.
type Jobs<'j, 'a> = &'j mut dyn Iterator<Item = (usize, Job<'a>)>;
type Done<'j> = &'j mut dyn FnMut(usize, &[u8; 32]);

fn run<'a>(backend: Option<Backend>, count: usize, jobs: Jobs<'_, 'a>, done: Done<'_>) {
    // Slots take time to be made and wiped.
    match backend {
        Some(backend) => backend.work(&mut Batch::new(&mut [Slot::EMPTY; MOST_LANES], jobs, done)),
        None if count <= FEW => {
            work_on_fastest(count, &mut Batch::new(&mut [Slot::EMPTY; FEW], jobs, done));
        }
        None => work_on_fastest(count, &mut Batch::new(&mut [Slot::EMPTY; MOST_LANES], jobs, done)),
    }
}

/// So many messages need no more slots.
const FEW: usize = 4;

/// The messages that are being worked on.
struct Batch<'s, 'j, 'a> {
    jobs: Jobs<'j, 'a>,
    done: Done<'j>,
    /// How many messages were taken from `jobs`.
    taken: usize,
    /// The first are in the lanes, one each; what follows waits for a lane.
    slots: &'s mut [Slot<'a>],
    /// How many slots have a message.
    active: usize,
}

impl<'s, 'j, 'a> Batch<'s, 'j, 'a> {
    const fn new(slots: &'s mut [Slot<'a>], jobs: Jobs<'j, 'a>, done: Done<'j>) -> Self {
        Self { jobs, done, taken: 0, slots, active: 0 }
    }
}

impl Work for Batch<'_, '_, '_> {
    fn on<L: Lanes>(&mut self, mut lanes: L, too_few: usize) {
        self.run(&mut lanes, too_few);
        lanes.wipe();
    }
}

impl<'a> Batch<'_, '_, 'a> {
    /// Works on `lanes` until the messages are finished, all but `too_few`.
    fn run(&mut self, lanes: &mut impl Lanes, too_few: usize) {
        let width = lanes.width();
        for (lane, slot) in self.slots.iter().take(self.active.min(width)).enumerate() {
            lanes.set(lane, &slot.words);
        }
        loop {
            while self.active < width && self.begin(self.active, lanes) {
                self.active = self.active.saturating_add(1);
            }
            if self.active <= too_few {
                break;
            }
            let busy = self.active.min(width);
            let (waiting, count) = self.waiting(busy);
            lanes.absorb(&waiting, count);
            // From the last on: what takes the place of a finished message has had its step.
            for lane in (0..busy).rev() {
                self.step(lane, count, lanes);
            }
        }
        for (lane, slot) in self.slots.iter_mut().take(self.active.min(width)).enumerate() {
            slot.words = lanes.words(lane);
        }
    }

    /// Begins the next message in a slot and in the lane of that number; `false` if there is none.
    #[inline]
    fn begin(&mut self, at: usize, lanes: &mut impl Lanes) -> bool {
        // No message is taken that there is no slot for.
        let Some(slot) = self.slots.get_mut(at) else { return false };
        let Some((index, job)) = self.jobs.next() else { return false };
        lanes.set(at, job.inner);
        slot.begin(index, job);
        self.taken = self.taken.wrapping_add(1);
        true
    }

    /// The blocks that wait for each lane, and how many wait for every busy one.
    #[inline]
    fn waiting(&self, busy: usize) -> (Waiting<'_>, usize) {
        let mut waiting: Waiting<'_> = [&[]; MOST_LANES];
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
    fn step(&mut self, lane: usize, count: usize, lanes: &mut impl Lanes) {
        let Some(slot) = self.slots.get_mut(lane) else { return };
        if slot.skip(count) {
            return;
        }
        let digest = lanes.words(lane);
        if let Some(outer) = slot.begin_outer(&digest) {
            return lanes.set(lane, outer);
        }
        let mut tag = <u32 as Word<64, 32>>::to_bytes(&digest);
        (self.done)(slot.index, &tag);
        wipe(&mut tag);
        if !self.begin(lane, lanes) {
            self.close_up(lane, lanes);
        }
    }

    /// Puts the last message in the place of a finished one.
    fn close_up(&mut self, lane: usize, lanes: &mut impl Lanes) {
        self.active = self.active.saturating_sub(1);
        let last = self.active;
        let Some((before, [moved, ..])) = self.slots.split_at_mut_checked(last) else { return };
        if let Some(slot) = before.get_mut(lane) {
            let words = if last < lanes.width() { lanes.words(last) } else { moved.words };
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

/// What follows the 32 bytes of a digest in the last block of the outer hash, which with the block
/// of the key is 96 bytes long.
const END_OF_OUTER: [u32; 8] = [0x8000_0000, 0, 0, 0, 0, 0, 0, 96 * 8];

/// A message on its way to its tag.
struct Slot<'a> {
    /// Its number.
    index: usize,
    /// The state before the outer hash; `None` once that has begun.
    outer: Option<&'a Words>,
    /// The block that the beginning of the message left unfinished, and whether it is full and was
    /// not absorbed yet.
    front: Block,
    front_waits: bool,
    /// The whole blocks behind it that were not absorbed yet.
    body: &'a [Block],
    /// What follows them: the end of the message, and later the digest of it, padded.
    end: [Block; 2],
    /// The blocks of `end` that were not absorbed yet.
    first: usize,
    behind: usize,
    /// The state, while it is in no lane.
    words: Words,
}

impl<'a> Slot<'a> {
    const EMPTY: Self = Self {
        index: 0,
        outer: None,
        front: [0; 64],
        front_waits: false,
        body: &[],
        end: [[0; 64]; 2],
        first: 0,
        behind: 0,
        words: [0; 8],
    };

    #[inline]
    fn begin(&mut self, index: usize, job: Job<'a>) {
        self.index = index;
        self.outer = Some(job.outer);
        self.end = [[0; 64]; 2];
        self.first = 0;
        let length = job.length.wrapping_add(job.rest.len() as u64);
        let (body, tail) = match self.fill_front(job.waiting, job.rest) {
            Some(rest) => rest.as_chunks(),
            None => (
                &[][..],
                self.front
                    .get(..job.waiting.len().saturating_add(job.rest.len()))
                    .unwrap_or_default(),
            ),
        };
        self.body = body;
        self.behind = pad_tail::<u32, 64, 32>(&mut self.end, tail, length);
    }

    /// Makes a block of the bytes that wait for one, if there are any, and gives what follows it;
    /// `None` if the block is not full, and all there is.
    #[inline]
    fn fill_front<'r>(&mut self, waiting: &[u8], rest: &'r [u8]) -> Option<&'r [u8]> {
        self.front_waits = false;
        if waiting.is_empty() {
            return Some(rest);
        }
        copy_prefix(&mut self.front, waiting);
        let room = self.front.get_mut(waiting.len()..).unwrap_or_default();
        let taken = copy_prefix(room, rest);
        self.front_waits = taken == room.len();
        rest.get(taken..).filter(|_| self.front_waits)
    }

    /// Goes on with the outer hash, of a digest behind the block of the key, and gives the state
    /// before it; `None` if that was the outer hash.
    #[inline]
    fn begin_outer(&mut self, digest: &Words) -> Option<&'a Words> {
        let outer = self.outer.take()?;
        let [block, _] = &mut self.end;
        let words = digest.iter().chain(&END_OF_OUTER);
        for (to, word) in block.as_chunks_mut().0.iter_mut().zip(words) {
            *to = word.to_be_bytes();
        }
        (self.first, self.behind) = (0, 1);
        Some(outer)
    }

    /// What the lane absorbs next.
    #[inline]
    fn blocks(&self) -> &[Block] {
        if self.front_waits {
            slice::from_ref(&self.front)
        } else if self.body.is_empty() {
            self.end.get(self.first..self.behind).unwrap_or_default()
        } else {
            self.body
        }
    }

    /// Skips absorbed blocks; `false` if they were the last of this hash.
    #[inline]
    fn skip(&mut self, count: usize) -> bool {
        if self.front_waits {
            // There was no more than this one.
            self.front_waits = false;
            true
        } else if self.body.is_empty() {
            self.first = self.first.saturating_add(count);
            self.first < self.behind
        } else {
            self.body = self.body.get(count..).unwrap_or_default();
            true
        }
    }

    fn wipe(&mut self) {
        wipe(&mut self.words);
        wipe(&mut self.front);
        for block in &mut self.end {
            wipe(block);
        }
    }
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
            run(backend, cuts.len(), &mut jobs, &mut |index, tag| {
                let (before, rest) = cuts[index];
                let all = [before, rest].concat();
                assert_eq!(*tag, key.mac(&all), "{backend:?}, {} + {}", before.len(), rest.len());
                made += 1;
            });
            assert_eq!(made, cuts.len());
        }
    }
}
