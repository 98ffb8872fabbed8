//! One or two lanes with the SHA instructions of x86, interleaved: while one lane waits for its
//! round, the other has its own. More do not fit into the registers as the compiler gives them away;
//! `four.rs` gives them away itself.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::asm;
use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_loadu_si128, _mm_set_epi64x,
    _mm_setzero_si128, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32,
    _mm_shuffle_epi8, _mm_shuffle_epi32, _mm_unpackhi_epi64,
};

use super::{Block, K, Lanes, Message, Words, block_at};
use crate::primitive::x86_64::{halves, vector};

cpufeatures::new!(detected, "sha", "sse2", "ssse3", "sse4.1");

/// Proves that the processor has the SHA instructions.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct ShaNi(());

impl ShaNi {
    /// The proof, if there is one.
    #[inline]
    pub(in super::super) fn detect() -> Option<Self> {
        detected::get().then_some(Self(()))
    }

    /// `N` lanes: 1 or 2 make sense.
    pub(in super::super) fn lanes<const N: usize>(self) -> Interleaved<N> {
        // SAFETY: `self` proves that the processor has what the function is compiled for.
        Interleaved { proof: self, states: unsafe { States::zero() } }
    }
}

/// `N` lanes.
pub(in super::super) struct Interleaved<const N: usize> {
    proof: ShaNi,
    states: States<N>,
}

impl<const N: usize> Lanes<N> for Interleaved<N> {
    const WHOLE: bool = true;

    #[inline]
    fn set(&mut self, lane: usize, words: &Words) {
        // SAFETY: `self.proof` is there, so the processor has what the function is compiled for.
        unsafe { self.states.set(lane, words) }
    }

    #[inline]
    fn words(&self, lane: usize) -> Words {
        // SAFETY: as in `set`.
        unsafe { self.states.words(lane) }
    }

    #[inline]
    fn digest(&self, lane: usize) -> [u8; 32] {
        // SAFETY: as in `set`.
        unsafe { self.states.digest(lane) }
    }

    #[inline]
    fn absorb(&mut self, waiting: &[&[Block]; N], count: usize) {
        // SAFETY: as in `set`.
        unsafe { absorb(&mut self.states, waiting, count) }
    }

    #[inline]
    fn tags(&self, messages: &[Message<'_>; N], tags: &mut [[u8; 32]; N]) -> bool {
        if let (Some(messages), Some(tags)) = (messages.first_chunk(), tags.first_chunk_mut()) {
            return self.proof.two_tags(messages, tags);
        }
        for (message, tag) in messages.iter().zip(tags) {
            *tag = self.proof.tag(message);
        }
        true
    }

    fn wipe(&mut self) {
        // SAFETY: as in `set`.
        self.states = unsafe { States::zero() };
        zeroize::optimization_barrier(&self.states);
    }
}

/// Absorbs `count` blocks in each lane. The loop is a function by itself, in which the compiler finds
/// registers for all.
#[inline(never)]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
#[allow(clippy::indexing_slicing, reason = "a lane is below N")]
pub(super) fn absorb<const N: usize>(
    states: &mut States<N>,
    waiting: &[&[Block]; N],
    count: usize,
) {
    let mut working = *states;
    for at in 0..count {
        let mut w = [[_mm_setzero_si128(); 4]; N];
        for lane in 0..N {
            w[lane] = load_block(block_at(waiting[lane], at));
        }
        working.absorb(w);
    }
    *states = working;
}

/// `N` states in the order of the instructions, to be kept in registers.
#[derive(Clone, Copy)]
pub(super) struct States<const N: usize> {
    pub(super) abef: [__m128i; N],
    pub(super) cdgh: [__m128i; N],
}

#[allow(clippy::indexing_slicing, reason = "a lane is below N, and a quarter is below 4")]
impl<const N: usize> States<N> {
    #[inline]
    #[target_feature(enable = "sse2")]
    pub(super) fn zero() -> Self {
        Self { abef: [_mm_setzero_si128(); N], cdgh: [_mm_setzero_si128(); N] }
    }

    #[inline]
    #[target_feature(enable = "sse2,ssse3,sse4.1")]
    pub(super) fn load(words: [&Words; N]) -> Self {
        let mut states = Self::zero();
        for (lane, words) in words.into_iter().enumerate() {
            states.set(lane, words);
        }
        states
    }

    /// Puts a state into a lane.
    #[inline]
    #[target_feature(enable = "sse2,ssse3,sse4.1")]
    pub(super) fn set(&mut self, lane: usize, words: &Words) {
        if let (Some(abef), Some(cdgh)) = (self.abef.get_mut(lane), self.cdgh.get_mut(lane)) {
            (*abef, *cdgh) = in_order(words);
        }
    }

    /// The words a to d and e to h of each lane, the first lowest.
    #[inline]
    #[target_feature(enable = "sse2,ssse3,sse4.1")]
    pub(super) fn vectors(&self, lane: usize) -> [__m128i; 2] {
        let feba = _mm_shuffle_epi32::<0x1b>(self.abef[lane]);
        let dchg = _mm_shuffle_epi32::<0xb1>(self.cdgh[lane]);
        [_mm_blend_epi16::<0xf0>(feba, dchg), _mm_alignr_epi8::<8>(dchg, feba)]
    }

    /// The state in a lane.
    #[inline]
    #[target_feature(enable = "sse2,ssse3,sse4.1")]
    pub(super) fn words(&self, lane: usize) -> Words {
        let mut words = [0; 8];
        let pairs = self.vectors(lane).map(|vector| halves(vector));
        for (to, pair) in words.as_chunks_mut().0.iter_mut().zip(pairs.as_flattened()) {
            *to = [*pair as u32, (*pair >> 32) as u32];
        }
        words
    }

    /// The state in a lane as bytes.
    #[inline]
    #[target_feature(enable = "sse2,ssse3,sse4.1")]
    pub(super) fn digest(&self, lane: usize) -> [u8; 32] {
        let mut bytes = [0; 32];
        let pairs = self.vectors(lane).map(|vector| halves(swapped(vector)));
        for (to, pair) in bytes.as_chunks_mut().0.iter_mut().zip(pairs.as_flattened()) {
            *to = pair.to_le_bytes();
        }
        bytes
    }

    /// Absorbs a block in each lane.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3")]
    pub(super) fn absorb(&mut self, mut w: [[__m128i; 4]; N]) {
        // What is added at the end waits in memory: the registers are for the rounds.
        let before = *self;
        let (abef, cdgh) = (&mut self.abef, &mut self.cdgh);
        for (sixteen, constants) in K.0.as_chunks::<16>().0.iter().enumerate() {
            for (quarter, constants) in constants.as_chunks::<4>().0.iter().enumerate() {
                let constants = of_words(constants);
                for lane in 0..N {
                    if sixteen > 0 {
                        expand(&mut w[lane], quarter);
                    }
                    let input = _mm_add_epi32(w[lane][quarter], constants);
                    if N == 1 {
                        cdgh[lane] = _mm_sha256rnds2_epu32(cdgh[lane], abef[lane], input);
                        let rest = _mm_unpackhi_epi64(input, input);
                        abef[lane] = _mm_sha256rnds2_epu32(abef[lane], cdgh[lane], rest);
                    } else {
                        four_rounds(&mut abef[lane], &mut cdgh[lane], input);
                    }
                }
            }
        }
        self.add(&before);
    }

    /// Adds the words of others.
    #[inline]
    #[target_feature(enable = "sse2")]
    pub(super) fn add(&mut self, others: &Self) {
        for lane in 0..N {
            self.abef[lane] = _mm_add_epi32(self.abef[lane], others.abef[lane]);
            self.cdgh[lane] = _mm_add_epi32(self.cdgh[lane], others.cdgh[lane]);
        }
    }
}

/// Four rounds in one piece: with more than one lane the compiler would move states to memory between
/// them, for the sake of words that are needed much later, and each round would wait for that.
#[inline]
#[target_feature(enable = "sha,sse2")]
fn four_rounds(abef: &mut __m128i, cdgh: &mut __m128i, input: __m128i) {
    // SAFETY: the processor has the instructions, and they change the named registers alone.
    unsafe {
        asm!(
            "sha256rnds2 {cdgh}, {abef}",
            "pshufd xmm0, xmm0, 0xee",
            "sha256rnds2 {abef}, {cdgh}",
            abef = inout(xmm_reg) *abef,
            cdgh = inout(xmm_reg) *cdgh,
            inout("xmm0") input => _,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
}

/// The next four words of the message schedule, in the place of the oldest.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3")]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "each place is a remainder of 4, and the sums are below 8"
)]
fn expand(w: &mut [__m128i; 4], quarter: usize) {
    let (next, third, last) = (w[(quarter + 1) % 4], w[(quarter + 2) % 4], w[(quarter + 3) % 4]);
    let sum =
        _mm_add_epi32(_mm_sha256msg1_epu32(w[quarter], next), _mm_alignr_epi8::<4>(last, third));
    w[quarter] = _mm_sha256msg2_epu32(sum, last);
}

/// The words f, e, b and a, and h, g, d and c, the first lowest.
#[inline]
#[target_feature(enable = "sse2,ssse3,sse4.1")]
fn in_order(words: &Words) -> (__m128i, __m128i) {
    let (Some(abcd), Some(efgh)) = (words.first_chunk(), words.last_chunk()) else {
        return (_mm_setzero_si128(), _mm_setzero_si128());
    };
    let cdab = _mm_shuffle_epi32::<0xb1>(of_words(abcd));
    let efgh = _mm_shuffle_epi32::<0x1b>(of_words(efgh));
    (_mm_alignr_epi8::<8>(cdab, efgh), _mm_blend_epi16::<0xf0>(efgh, cdab))
}

/// A block as words.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
pub(super) fn load_block(block: &Block) -> [__m128i; 4] {
    let mut words = [_mm_setzero_si128(); 4];
    for (to, bytes) in words.iter_mut().zip(block.as_chunks().0) {
        *to = load(bytes);
    }
    words
}

/// Four words of a message, the first lowest.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
pub(super) fn load(bytes: &[u8; 16]) -> __m128i {
    swapped(of_bytes(bytes))
}

/// Sixteen bytes, the first lowest.
#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn of_bytes(bytes: &[u8; 16]) -> __m128i {
    vector(u128::from_le_bytes(*bytes))
}

/// Four words, the first lowest.
#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn of_words(words: &[u32; 4]) -> __m128i {
    // SAFETY: they are 16 bytes, any of which are a vector; no alignment is needed.
    unsafe { _mm_loadu_si128(core::ptr::from_ref(words).cast()) }
}

/// The bytes of each word in the other order.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
pub(super) fn swapped(vector: __m128i) -> __m128i {
    let order = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    _mm_shuffle_epi8(vector, order)
}
