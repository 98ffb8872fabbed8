//! One message with the SHA instructions of x86. Its state stays in registers from the first block
//! to the tag: between the inner and the outer hash of an HMAC nothing goes through memory, and the
//! end of the message is padded without a buffer.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_cvtsi128_si64, _mm_extract_epi64,
    _mm_set_epi64x, _mm_setzero_si128, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32,
    _mm_sha256rnds2_epu32, _mm_shuffle_epi8, _mm_shuffle_epi32, _mm_unpackhi_epi64,
};

use super::{Block, K, ShaNi, Words};
use crate::primitive::lanes::little_endian;

impl ShaNi {
    /// Absorbs whole blocks.
    pub(in crate::primitive) fn compress(self, words: &mut Words, blocks: &[Block]) {
        // SAFETY: `self` proves that the processor has what the function is compiled for.
        unsafe { compress(words, blocks) }
    }

    /// The digest of a message of `length` bytes, of which `words` have absorbed all but `rest`.
    pub(in crate::primitive) fn digest(self, words: &Words, rest: &[u8], length: u64) -> [u8; 32] {
        // SAFETY: as in `compress`.
        unsafe { finish(words, None, rest, length) }
    }

    /// The HMAC of a message: `inner` and `length` as for [`digest`](Self::digest), `outer` the
    /// state after the outer key.
    pub(in crate::primitive) fn tag(
        self,
        inner: &Words,
        outer: &Words,
        rest: &[u8],
        length: u64,
    ) -> [u8; 32] {
        // SAFETY: as in `compress`.
        unsafe { finish(inner, Some(outer), rest, length) }
    }
}

#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn compress(words: &mut Words, blocks: &[Block]) {
    let mut state = State::load(words);
    for block in blocks {
        state.absorb(load_block(block));
    }
    let [first, second] = state.words();
    for (to, vector) in words.as_chunks_mut::<4>().0.iter_mut().zip([first, second]) {
        let [low, high] = halves(vector);
        *to = [low as u32, (low >> 32) as u32, high as u32, (high >> 32) as u32];
    }
}

/// The digest, or with the `outer` state the HMAC. One function, so that the state has no reason to
/// leave the registers.
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn finish(words: &Words, outer: Option<&Words>, rest: &[u8], length: u64) -> [u8; 32] {
    let mut state = State::load(words);
    state.absorb_rest(rest, length);
    if let Some(outer) = outer {
        let [first, second] = state.words();
        state = State::load(outer);
        // The inner digest behind the block of the outer key.
        state.absorb([first, second, _mm_set_epi64x(0, END.into()), length_field(64 + 32)]);
    }
    state.to_bytes()
}

/// The bit behind the end of a message, in a word by itself.
const END: u32 = 1 << 31;

/// A state in the order of the instructions.
struct State {
    abef: __m128i,
    cdgh: __m128i,
}

impl State {
    #[inline]
    #[target_feature(enable = "sse2,ssse3,sse4.1")]
    fn load([a, b, c, d, e, f, g, h]: &Words) -> Self {
        let cdab = _mm_shuffle_epi32::<0xb1>(vector(&[*a, *b, *c, *d]));
        let efgh = _mm_shuffle_epi32::<0x1b>(vector(&[*e, *f, *g, *h]));
        Self { abef: _mm_alignr_epi8::<8>(cdab, efgh), cdgh: _mm_blend_epi16::<0xf0>(efgh, cdab) }
    }

    /// The words a to d and e to h, the first lowest.
    #[inline]
    #[target_feature(enable = "sse2,ssse3,sse4.1")]
    fn words(&self) -> [__m128i; 2] {
        let feba = _mm_shuffle_epi32::<0x1b>(self.abef);
        let dchg = _mm_shuffle_epi32::<0xb1>(self.cdgh);
        [_mm_blend_epi16::<0xf0>(feba, dchg), _mm_alignr_epi8::<8>(dchg, feba)]
    }

    /// The words as bytes.
    #[inline]
    #[target_feature(enable = "sse2,ssse3,sse4.1")]
    fn to_bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        let halves = self.words().map(|vector| halves(swapped(vector)));
        let halves = halves.as_flattened().iter();
        for (to, half) in bytes.as_chunks_mut().0.iter_mut().zip(halves) {
            *to = half.to_le_bytes();
        }
        bytes
    }

    /// Absorbs the last bytes of a message of `length` bytes and their padding (FIPS 180-4 section
    /// 5.1).
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn absorb_rest(&mut self, rest: &[u8], length: u64) {
        let (blocks, tail) = rest.as_chunks();
        for block in blocks {
            self.absorb(load_block(block));
        }
        let [first, second, third, fourth] = padded(tail, rest);
        if tail.len() < 56 {
            // The last eight bytes are free for the length.
            let fourth = _mm_add_epi32(fourth, length_field(length));
            return self.absorb([first, second, third, fourth]);
        }
        self.absorb([first, second, third, fourth]);
        let zero = _mm_setzero_si128();
        self.absorb([zero, zero, zero, length_field(length)]);
    }

    /// Absorbs one block.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3")]
    #[allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "each place is a remainder of 4"
    )]
    fn absorb(&mut self, mut w: [__m128i; 4]) {
        let (abef, cdgh) = (self.abef, self.cdgh);
        for (sixteen, constants) in K.0.as_chunks::<16>().0.iter().enumerate() {
            for (now, constants) in constants.as_chunks::<4>().0.iter().enumerate() {
                if sixteen > 0 {
                    w[now] =
                        next_words(w[now], w[(now + 1) % 4], w[(now + 2) % 4], w[(now + 3) % 4]);
                }
                let input = _mm_add_epi32(w[now], vector(constants));
                self.cdgh = _mm_sha256rnds2_epu32(self.cdgh, self.abef, input);
                let rest = _mm_unpackhi_epi64(input, input);
                self.abef = _mm_sha256rnds2_epu32(self.abef, self.cdgh, rest);
            }
        }
        self.abef = _mm_add_epi32(self.abef, abef);
        self.cdgh = _mm_add_epi32(self.cdgh, cdgh);
    }
}

/// The four words of the message schedule behind the sixteen that these are, oldest first.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3")]
fn next_words(first: __m128i, second: __m128i, third: __m128i, last: __m128i) -> __m128i {
    let sum = _mm_add_epi32(_mm_sha256msg1_epu32(first, second), _mm_alignr_epi8::<4>(last, third));
    _mm_sha256msg2_epu32(sum, last)
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
    let mut words = [_mm_setzero_si128(); 4];
    let mut to = words.iter_mut();
    for (bytes, to) in sixteens.iter().zip(to.by_ref()) {
        *to = swapped(bytes_of(u128::from_le_bytes(*bytes)));
    }
    if let Some(to) = to.next() {
        let bit = 0x80_u128.wrapping_shl((rest.len() as u32) << 3);
        *to = swapped(bytes_of(little_endian(rest, message) | bit));
    }
    words
}

/// A block as words.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn load_block(block: &Block) -> [__m128i; 4] {
    let mut words = [_mm_setzero_si128(); 4];
    for (to, bytes) in words.iter_mut().zip(block.as_chunks().0) {
        *to = swapped(bytes_of(u128::from_le_bytes(*bytes)));
    }
    words
}

/// Sixteen bytes, the first the lowest of the number.
#[inline]
#[target_feature(enable = "sse2")]
fn bytes_of(number: u128) -> __m128i {
    _mm_set_epi64x((number >> 64) as i64, number as i64)
}

/// Four words, the first lowest.
#[inline]
#[target_feature(enable = "sse2")]
fn vector([first, second, third, fourth]: &[u32; 4]) -> __m128i {
    let low = u64::from(*first) | u64::from(*second) << 32;
    let high = u64::from(*third) | u64::from(*fourth) << 32;
    _mm_set_epi64x(high.cast_signed(), low.cast_signed())
}

/// The bytes of each word in the other order.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn swapped(vector: __m128i) -> __m128i {
    let order = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    _mm_shuffle_epi8(vector, order)
}

/// The lower and the upper eight bytes.
#[inline]
#[target_feature(enable = "sse2,sse4.1")]
fn halves(vector: __m128i) -> [u64; 2] {
    [_mm_cvtsi128_si64(vector).cast_unsigned(), _mm_extract_epi64::<1>(vector).cast_unsigned()]
}
