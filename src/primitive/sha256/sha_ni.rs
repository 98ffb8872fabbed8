//! One to four lanes with the SHA instructions of x86, interleaved: while one lane waits for its
//! round, the others have theirs.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_extract_epi64, _mm_set_epi32, _mm_set_epi64x,
    _mm_setzero_si128, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32,
    _mm_shuffle_epi8, _mm_unpackhi_epi64,
};

use super::{Block, K, Lanes, Waiting, Words, block_at};

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

    /// `N` lanes: 1 to 4 make sense.
    pub(in super::super) const fn lanes<const N: usize>(self) -> Interleaved<N> {
        Interleaved { proof: self, states: [[0; 8]; N] }
    }
}

/// `N` states as the instructions want them.
pub(in super::super) struct Interleaved<const N: usize> {
    #[expect(dead_code, reason = "without it there are no lanes")]
    proof: ShaNi,
    states: [Swapped; N],
}

/// The words f, e, b, a, h, g, d, c.
type Swapped = [u32; 8];

impl<const N: usize> Lanes for Interleaved<N> {
    fn width(&self) -> usize {
        N
    }

    #[inline]
    fn set(&mut self, lane: usize, [a, b, c, d, e, f, g, h]: &Words) {
        if let Some(state) = self.states.get_mut(lane) {
            *state = [*f, *e, *b, *a, *h, *g, *d, *c];
        }
    }

    #[inline]
    fn words(&self, lane: usize) -> Words {
        let [f, e, b, a, h, g, d, c] = self.states.get(lane).copied().unwrap_or_default();
        [a, b, c, d, e, f, g, h]
    }

    #[inline]
    fn absorb(&mut self, waiting: &Waiting<'_>, count: usize) {
        let (waiting, _) = waiting.split_first_chunk::<N>().unwrap_or((&[&[]; N], &[]));
        // SAFETY: `self.proof` is there, so the processor has what the function is compiled for.
        unsafe { absorb(&mut self.states, waiting, count) }
    }

    fn wipe(&mut self) {
        for state in &mut self.states {
            crate::primitive::wipe(state);
        }
    }
}

/// Absorbs `count` blocks in each lane.
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
#[allow(clippy::indexing_slicing, reason = "a lane is below N")]
fn absorb<const N: usize>(states: &mut [Swapped; N], waiting: &[&[Block]; N], count: usize) {
    let mut abef = [_mm_setzero_si128(); N];
    let mut cdgh = abef;
    for lane in 0..N {
        (abef[lane], cdgh[lane]) = load_state(&states[lane]);
    }
    for at in 0..count {
        let (abef_before, cdgh_before) = (abef, cdgh);
        let mut w = [[_mm_setzero_si128(); 4]; N];
        for lane in 0..N {
            w[lane] = load_block(block_at(waiting[lane], at));
        }
        rounds(&mut abef, &mut cdgh, &mut w);
        for lane in 0..N {
            abef[lane] = _mm_add_epi32(abef[lane], abef_before[lane]);
            cdgh[lane] = _mm_add_epi32(cdgh[lane], cdgh_before[lane]);
        }
    }
    for lane in 0..N {
        store_state(&mut states[lane], abef[lane], cdgh[lane]);
    }
}

/// The 64 rounds of one block in each lane.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a lane is below N, and a quarter is a remainder of 4"
)]
fn rounds<const N: usize>(
    abef: &mut [__m128i; N],
    cdgh: &mut [__m128i; N],
    w: &mut [[__m128i; 4]; N],
) {
    for (sixteen, constants) in K.0.as_chunks::<16>().0.iter().enumerate() {
        for (quarter, constants) in constants.as_chunks::<4>().0.iter().enumerate() {
            let constants = vector(constants);
            for lane in 0..N {
                if sixteen > 0 {
                    expand(&mut w[lane], quarter);
                }
                let input = _mm_add_epi32(w[lane][quarter], constants);
                cdgh[lane] = _mm_sha256rnds2_epu32(cdgh[lane], abef[lane], input);
                let rest = _mm_unpackhi_epi64(input, input);
                abef[lane] = _mm_sha256rnds2_epu32(abef[lane], cdgh[lane], rest);
            }
        }
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

/// Four words, the first lowest.
#[inline]
#[target_feature(enable = "sse2")]
fn vector([first, second, third, fourth]: &[u32; 4]) -> __m128i {
    _mm_set_epi32(
        fourth.cast_signed(),
        third.cast_signed(),
        second.cast_signed(),
        first.cast_signed(),
    )
}

/// A block as 16 words.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn load_block(block: &Block) -> [__m128i; 4] {
    let order = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    let mut words = [_mm_setzero_si128(); 4];
    for (to, bytes) in words.iter_mut().zip(block.as_chunks::<16>().0) {
        let all = u128::from_le_bytes(*bytes);
        let bytes = _mm_set_epi64x((all >> 64) as i64, all as i64);
        *to = _mm_shuffle_epi8(bytes, order);
    }
    words
}

#[inline]
#[target_feature(enable = "sse2")]
fn load_state([f, e, b, a, h, g, d, c]: &Swapped) -> (__m128i, __m128i) {
    (vector(&[*f, *e, *b, *a]), vector(&[*h, *g, *d, *c]))
}

#[inline]
#[target_feature(enable = "sse2,sse4.1")]
fn store_state(state: &mut Swapped, abef: __m128i, cdgh: __m128i) {
    let halves = [
        _mm_extract_epi64::<0>(abef),
        _mm_extract_epi64::<1>(abef),
        _mm_extract_epi64::<0>(cdgh),
        _mm_extract_epi64::<1>(cdgh),
    ];
    for (words, half) in state.as_chunks_mut::<2>().0.iter_mut().zip(halves) {
        *words = [half as u32, (half >> 32) as u32];
    }
}
