//! Whole messages with the SHA instructions of x86, one or two that have the same number of blocks.
//! Their states stay in registers from the first block to the tag: between the inner and the outer
//! hash of an HMAC nothing goes through memory, and the end of a message is padded without a buffer.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::x86_64::{__m128i, _mm_add_epi32, _mm_set_epi64x, _mm_setzero_si128};

use super::sha_ni::{States, absorb, load, load_block, swapped};
use super::{Block, Message, ShaNi, Words};
use crate::primitive::lanes::little_endian;
use crate::primitive::x86_64::vector;

impl ShaNi {
    /// Absorbs whole blocks.
    pub(in crate::primitive) fn compress(self, words: &mut Words, blocks: &[Block]) {
        // SAFETY: `self` proves that the processor has what the function is compiled for.
        unsafe { compress(words, blocks) }
    }

    /// The digest of a message of `length` bytes, of which `words` have absorbed all but `rest`.
    pub(in crate::primitive) fn digest(self, words: &Words, rest: &[u8], length: u64) -> [u8; 32] {
        // SAFETY: as in `compress`.
        unsafe { finish_one(words, None, rest, length) }
    }

    /// The HMAC of a message.
    #[inline]
    pub(in crate::primitive) fn tag(self, message: &Message<'_>) -> [u8; 32] {
        let Message { inner, outer, rest, length } = *message;
        // SAFETY: as in `compress`.
        unsafe { finish_one(inner, Some(outer), rest, length) }
    }

    /// The HMACs of two messages, if they have the same shape; `false` if they do not.
    #[inline]
    pub(super) fn two_tags(self, messages: &[Message<'_>; 2], tags: &mut [[u8; 32]; 2]) -> bool {
        let [one, other] = messages;
        if shape(one.rest) != shape(other.rest) {
            return false;
        }
        // SAFETY: as in `compress`.
        *tags = unsafe { finish_two(messages) };
        true
    }
}

/// The whole blocks of the rest of a message, and whether its length fits behind the end of it.
#[inline]
fn shape(rest: &[u8]) -> (usize, bool) {
    let (blocks, tail) = rest.as_chunks::<64>();
    (blocks.len(), tail.len() < 56)
}

#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn compress(words: &mut Words, blocks: &[Block]) {
    let mut state = States::load([words]);
    for block in blocks {
        state.absorb([load_block(block)]);
    }
    *words = state.words(0);
}

#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn finish_one(words: &Words, outer: Option<&Words>, rest: &[u8], length: u64) -> [u8; 32] {
    let [digest] = finish([words], outer.map(|outer| [outer]), [rest], [length]);
    digest
}

#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn finish_two([one, other]: &[Message<'_>; 2]) -> [[u8; 32]; 2] {
    let outer = Some([one.outer, other.outer]);
    let (rest, length) = ([one.rest, other.rest], [one.length, other.length]);
    finish([one.inner, other.inner], outer, rest, length)
}

/// The digests, or with the `outer` states the HMACs, of messages that have the same shape. One
/// function, so that the states have no reason to leave the registers.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn finish<const N: usize>(
    words: [&Words; N],
    outer: Option<[&Words; N]>,
    rest: [&[u8]; N],
    length: [u64; N],
) -> [[u8; 32]; N] {
    let mut states = States::load(words);
    absorb_rest(&mut states, rest, length);
    if let Some(outer) = outer {
        // The inner digest behind the block of the outer key.
        let (bit, field) = (_mm_set_epi64x(0, END.into()), length_field(64 + 32));
        let mut w = [[bit; 4]; N];
        for (lane, w) in w.iter_mut().enumerate() {
            let [first, second] = states.vectors(lane);
            *w = [first, second, bit, field];
        }
        states = States::load(outer);
        states.absorb(w);
    }
    let mut digests = [[0; 32]; N];
    for (lane, digest) in digests.iter_mut().enumerate() {
        *digest = states.digest(lane);
    }
    digests
}

/// The bit behind the end of a message, in a word by itself.
const END: u32 = 1 << 31;

/// Absorbs the last bytes of messages of `length` bytes and their padding (FIPS 180-4 section 5.1).
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
#[allow(clippy::indexing_slicing, reason = "a lane is below N")]
fn absorb_rest<const N: usize>(states: &mut States<N>, rest: [&[u8]; N], length: [u64; N]) {
    let zero = [[_mm_setzero_si128(); 4]; N];
    let [first, ..] = rest.as_slice() else { return };
    let (count, fits) = shape(first);
    let mut blocks: [&[Block]; N] = [&[]; N];
    for lane in 0..N {
        blocks[lane] = rest[lane].as_chunks().0;
    }
    if N > 1 && count > 0 {
        absorb(states, &blocks, count);
    } else if let [blocks] = blocks.as_slice() {
        for block in *blocks {
            states.absorb([load_block(block); N]);
        }
    }
    let mut last = zero;
    for lane in 0..N {
        last[lane] = padded(rest[lane].as_chunks::<64>().1, rest[lane]);
    }
    // Two calls here, and not one behind both cases, in which the words would go through memory.
    if fits {
        return states.absorb(with_length(last, length));
    }
    states.absorb(last);
    states.absorb(with_length(zero, length));
}

/// The last block with the length field in it.
#[inline]
#[target_feature(enable = "sse2")]
#[allow(clippy::indexing_slicing, reason = "a lane is below N")]
fn with_length<const N: usize>(mut last: [[__m128i; 4]; N], length: [u64; N]) -> [[__m128i; 4]; N] {
    for lane in 0..N {
        last[lane][3] = _mm_add_epi32(last[lane][3], length_field(length[lane]));
    }
    last
}

/// The last four words of the last block of a message of `length` bytes, if it ends before them.
#[inline]
#[target_feature(enable = "sse2")]
fn length_field(length: u64) -> __m128i {
    let bits = length.wrapping_mul(8);
    _mm_set_epi64x(bits.rotate_left(32).cast_signed(), 0)
}

/// The last bytes of `message`, less than 64, as words, then the bit behind them, then zeros.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn padded(tail: &[u8], message: &[u8]) -> [__m128i; 4] {
    let (sixteens, rest) = tail.as_chunks::<16>();
    let bit = 0x80_u128.wrapping_shl((rest.len() as u32) << 3);
    let last = swapped(vector(little_endian(rest, message) | bit));
    let zero = _mm_setzero_si128();
    match sixteens {
        [] => [last, zero, zero, zero],
        [first] => [load(first), last, zero, zero],
        [first, second] => [load(first), load(second), last, zero],
        [first, second, third, ..] => [load(first), load(second), load(third), last],
    }
}
