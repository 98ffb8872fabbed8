//! A message on its way to its tag, and the blocks that are left of it.

use core::slice;

use super::Job;
use crate::primitive::sha2::pad_tail;
use crate::primitive::sha256::{Block, Message, Words};
use crate::primitive::{copy_prefix, wipe};

/// What follows the 32 bytes of a digest in the last block of the outer hash, which with the block
/// of the key is 96 bytes long.
static END_OF_OUTER: [u8; 32] = {
    let mut end = [0; 32];
    [end[0], end[30]] = [0x80, 3];
    end
};

/// A message on its way to its tag.
pub(super) struct Slot<'a> {
    /// Its number.
    pub(super) index: usize,
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
    pub(super) words: Words,
}

impl<'a> Slot<'a> {
    pub(super) const EMPTY: Self = Self {
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
    pub(super) fn begin(&mut self, index: usize, job: Job<'a>) {
        self.index = index;
        let Message { outer, rest, length, .. } = job.message;
        self.outer = Some(outer);
        self.end = [[0; 64]; 2];
        self.first = 0;
        let (body, tail) = match self.fill_front(job.waiting, rest) {
            Some(rest) => rest.as_chunks(),
            None => {
                let filled = job.waiting.len().saturating_add(rest.len());
                (&[][..], self.front.get(..filled).unwrap_or_default())
            }
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
    pub(super) fn begin_outer(&mut self, digest: &[u8; 32]) -> Option<&'a Words> {
        let outer = self.outer.take()?;
        let [block, _] = &mut self.end;
        for (to, half) in block.as_chunks_mut().0.iter_mut().zip([digest, &END_OF_OUTER]) {
            *to = *half;
        }
        (self.first, self.behind) = (0, 1);
        Some(outer)
    }

    /// What the lane absorbs next.
    #[inline]
    pub(super) fn blocks(&self) -> &[Block] {
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
    pub(super) fn skip(&mut self, count: usize) -> bool {
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

    pub(super) fn wipe(&mut self) {
        wipe(&mut self.words);
        wipe(&mut self.front);
        for block in &mut self.end {
            wipe(block);
        }
    }
}
