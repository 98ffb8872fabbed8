//! SHA-256 and SHA-512 (FIPS 180-4), one-shot and streaming.
//!
//! The compression functions are those of the `sha2` crate, which takes the processor's SHA
//! instructions where it finds them. The state around them is Tollgate's own: plain data of a
//! fixed layout, which HMAC stores between messages and which C may hold in its own memory.

use core::{fmt, slice};

use super::{copy_prefix, wipe};

mod word;

pub use word::Word;

/// A streaming SHA-256 computation: 104 bytes. A message has at most 2^61 bytes.
pub type Sha256 = Sha2<u32, 64, 32>;

/// A streaming SHA-512 computation: 200 bytes. A message has at most 2^61 bytes here.
pub type Sha512 = Sha2<u64, 128, 64>;

/// The SHA-256 digest of `message`: 32 bytes.
pub fn sha256(message: &[u8]) -> [u8; 32] {
    u32::digest(&u32::INITIAL, message, message.len() as u64)
}

/// The SHA-512 digest of `message`: 64 bytes.
pub fn sha512(message: &[u8]) -> [u8; 64] {
    u64::digest(&u64::INITIAL, message, message.len() as u64)
}

/// A streaming hash over words `W`, with blocks of `BLOCK` bytes and a digest of `DIGEST` bytes:
/// [`Sha256`] or [`Sha512`].
///
/// Every bit pattern of this type is a usable state: the position in the block is derived from
/// the length, never trusted. A caller that scribbles over it gets a wrong digest and no more.
/// What it holds is overwritten when it is dropped.
#[derive(Clone)]
#[repr(C)]
pub struct Sha2<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> {
    words: [W; 8],
    /// Bytes absorbed so far; those that make no whole block wait in `buffer`.
    length: u64,
    buffer: [u8; BLOCK],
}

const _: () = assert!(size_of::<Sha256>() == 104 && size_of::<Sha512>() == 200);

impl<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> Sha2<W, BLOCK, DIGEST> {
    /// The state before any input.
    pub const fn new() -> Self {
        Self::resume(W::INITIAL, 0)
    }

    /// The state after `length` bytes, a multiple of the block size, have led to `words`.
    pub(super) const fn resume(words: [W; 8], length: u64) -> Self {
        Self { words, length, buffer: [0; BLOCK] }
    }

    /// Absorbs `data`. How a message is cut into pieces does not change its digest.
    #[inline]
    pub fn update(&mut self, data: &[u8]) {
        let filled = filled::<BLOCK>(self.length);
        self.length = self.length.wrapping_add(data.len() as u64);
        let mut data = data;
        if filled > 0 {
            let room = self.buffer.get_mut(filled..).unwrap_or_default();
            let missing = room.len();
            let taken = copy_prefix(room, data);
            if taken < missing {
                return;
            }
            W::compress(&mut self.words, slice::from_ref(&self.buffer));
            data = data.get(taken..).unwrap_or_default();
        }
        let (blocks, rest) = data.as_chunks::<BLOCK>();
        W::compress(&mut self.words, blocks);
        copy_prefix(&mut self.buffer, rest);
    }

    /// The digest of everything absorbed.
    #[inline]
    pub fn finish(self) -> [u8; DIGEST] {
        self.digest()
    }

    /// The digest of everything absorbed so far.
    #[inline]
    pub(crate) fn digest(&self) -> [u8; DIGEST] {
        W::digest(&self.words, self.waiting(), self.length)
    }

    /// The bytes absorbed so far, and those of them that make no whole block yet.
    #[cfg(any(feature = "alloc", test))]
    pub(super) fn absorbed(&self) -> (u64, &[u8]) {
        (self.length, self.waiting())
    }

    /// The words of the state.
    #[cfg(any(feature = "alloc", test))]
    pub(super) const fn words(&self) -> &[W; 8] {
        &self.words
    }

    /// The HMAC of everything absorbed so far, if this began after the block of the inner key.
    #[inline]
    pub(super) fn tag(&self, outer: &[W; 8]) -> [u8; DIGEST] {
        W::tag(&self.words, outer, self.waiting(), self.length)
    }

    /// The bytes that make no whole block yet.
    #[inline]
    fn waiting(&self) -> &[u8] {
        self.buffer.get(..filled::<BLOCK>(self.length)).unwrap_or_default()
    }
}

impl<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> Default
    for Sha2<W, BLOCK, DIGEST>
{
    fn default() -> Self {
        Self::new()
    }
}

impl<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> fmt::Debug
    for Sha2<W, BLOCK, DIGEST>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(..)", W::HASH)
    }
}

impl<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> Drop
    for Sha2<W, BLOCK, DIGEST>
{
    fn drop(&mut self) {
        wipe(&mut self.words);
        wipe(&mut self.buffer);
    }
}

/// Bytes of the last, incomplete block after `length` bytes.
#[inline]
fn filled<const BLOCK: usize>(length: u64) -> usize {
    // BLOCK is a power of two and fits into u64, so this is the remainder and fits into usize.
    (length as usize) & (BLOCK.wrapping_sub(1))
}

/// [`Word::digest`] by the compression function.
#[inline(never)]
fn digest_by_blocks<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize>(
    words: &[W; 8],
    rest: &[u8],
    length: u64,
) -> [u8; DIGEST] {
    let mut words = *words;
    let (blocks, tail) = rest.as_chunks::<BLOCK>();
    if !blocks.is_empty() {
        W::compress(&mut words, blocks);
    }
    absorb_tail(&mut words, tail, length);
    W::to_bytes(&words)
}

/// [`Word::tag`] by the compression function.
#[inline(never)]
fn tag_by_blocks<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize>(
    inner: &[W; 8],
    outer: &[W; 8],
    rest: &[u8],
    length: u64,
) -> [u8; DIGEST] {
    let digest = digest_by_blocks(inner, rest, length);
    digest_by_blocks(outer, &digest, (BLOCK as u64).wrapping_add(DIGEST as u64))
}

/// Absorbs the last bytes of a message of `length` bytes, fewer than a block, with the padding
/// of FIPS 180-4 section 5.1: a one bit, zeros, and the length in bits, two words long.
#[inline]
fn absorb_tail<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize>(
    words: &mut [W; 8],
    tail: &[u8],
    length: u64,
) {
    let mut blocks = [[0; BLOCK]; 2];
    let used = pad_tail::<W, BLOCK, DIGEST>(&mut blocks, tail, length);
    W::compress(words, blocks.get(..used).unwrap_or_default());
}

/// Writes the last bytes of a message of `length` bytes and their padding into `blocks`, which are
/// zero, and gives the number of blocks that this takes.
#[inline]
pub(super) fn pad_tail<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize>(
    blocks: &mut [[u8; BLOCK]; 2],
    tail: &[u8],
    length: u64,
) -> usize {
    let bytes = blocks.as_flattened_mut();
    let end = copy_prefix(bytes, tail);
    if let Some(first) = bytes.get_mut(end) {
        *first = 0x80;
    }
    let field = size_of::<W>().wrapping_mul(2);
    let count = if end.wrapping_add(field) < BLOCK { 1 } else { 2 };
    let used = blocks.get_mut(..count).unwrap_or_default();
    if let Some(room) = used.as_flattened_mut().last_chunk_mut::<8>() {
        *room = length.wrapping_mul(8).to_be_bytes();
    }
    count
}

#[cfg(test)]
mod tests {
    use super::{Sha256, Sha512};

    /// Whatever somebody left in the memory of a state, it stays a state.
    #[test]
    fn every_bit_pattern_is_usable() {
        for length in [1, 63, 64, 127, 128, u64::MAX, u64::MAX - 63, u64::MAX - 128, 1 << 61] {
            for data in [&[][..], &[1], &[2; 64], &[3; 127], &[4; 300]] {
                let words = [u32::MAX; 8];
                let mut state = Sha256 { words, length, buffer: [0xff; 64] };
                state.update(data);
                state.finish();
                let words = [u64::MAX; 8];
                let mut state = Sha512 { words, length, buffer: [0xff; 128] };
                state.update(data);
                state.finish();
            }
        }
    }
}
