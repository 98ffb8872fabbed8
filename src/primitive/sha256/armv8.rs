//! One or two lanes with the SHA-256 instructions of ARMv8, interleaved: while one lane waits for
//! its round, the other has its own.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::aarch64::{
    uint32x4_t, vaddq_u32, vdupq_n_u32, vld1q_u8, vld1q_u32, vreinterpretq_u32_u8, vrev32q_u8,
    vsha256h2q_u32, vsha256hq_u32, vsha256su0q_u32, vsha256su1q_u32, vst1q_u32,
};

use super::{Block, K, Lanes, Words, block_at};

cpufeatures::new!(detected, "sha2");

/// Proves that the processor has the SHA-256 instructions.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Sha2(());

impl Sha2 {
    /// The proof, if there is one.
    #[inline]
    pub(in super::super) fn detect() -> Option<Self> {
        detected::get().then_some(Self(()))
    }

    /// `N` lanes: 1 or 2 make sense.
    pub(in super::super) const fn lanes<const N: usize>(self) -> Interleaved<N> {
        Interleaved { proof: self, states: [[0; 8]; N] }
    }
}

/// `N` states.
pub(in super::super) struct Interleaved<const N: usize> {
    #[expect(dead_code, reason = "without it there are no lanes")]
    proof: Sha2,
    states: [Words; N],
}

impl<const N: usize> Lanes<N> for Interleaved<N> {
    #[inline]
    fn set(&mut self, lane: usize, words: &Words) {
        if let Some(state) = self.states.get_mut(lane) {
            *state = *words;
        }
    }

    #[inline]
    fn words(&self, lane: usize) -> Words {
        self.states.get(lane).copied().unwrap_or_default()
    }

    #[inline]
    fn absorb(&mut self, waiting: &[&[Block]; N], count: usize) {
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
#[target_feature(enable = "sha2")]
#[allow(clippy::indexing_slicing, reason = "a lane is below N")]
fn absorb<const N: usize>(states: &mut [Words; N], waiting: &[&[Block]; N], count: usize) {
    let mut abcd = [vdupq_n_u32(0); N];
    let mut efgh = abcd;
    for lane in 0..N {
        let [low, high] = halves(&states[lane]);
        (abcd[lane], efgh[lane]) = (load(&low), load(&high));
    }
    for at in 0..count {
        let (abcd_before, efgh_before) = (abcd, efgh);
        let mut w = [[vdupq_n_u32(0); 4]; N];
        for lane in 0..N {
            w[lane] = load_block(block_at(waiting[lane], at));
        }
        rounds(&mut abcd, &mut efgh, &mut w);
        for lane in 0..N {
            abcd[lane] = vaddq_u32(abcd[lane], abcd_before[lane]);
            efgh[lane] = vaddq_u32(efgh[lane], efgh_before[lane]);
        }
    }
    for lane in 0..N {
        let (low, high) = states[lane].split_at_mut(4);
        for (to, from) in [(low, abcd[lane]), (high, efgh[lane])] {
            if let Some(to) = to.first_chunk_mut() {
                store(to, from);
            }
        }
    }
}

/// The 64 rounds of one block in each lane.
#[inline]
#[target_feature(enable = "sha2")]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a lane is below N, and a quarter is a remainder of 4"
)]
fn rounds<const N: usize>(
    abcd: &mut [uint32x4_t; N],
    efgh: &mut [uint32x4_t; N],
    w: &mut [[uint32x4_t; 4]; N],
) {
    for (sixteen, constants) in K.0.as_chunks::<16>().0.iter().enumerate() {
        for (quarter, constants) in constants.as_chunks::<4>().0.iter().enumerate() {
            let constants = load(constants);
            for lane in 0..N {
                if sixteen > 0 {
                    expand(&mut w[lane], quarter);
                }
                let input = vaddq_u32(w[lane][quarter], constants);
                let before = abcd[lane];
                abcd[lane] = vsha256hq_u32(before, efgh[lane], input);
                efgh[lane] = vsha256h2q_u32(efgh[lane], before, input);
            }
        }
    }
}

/// The next four words of the message schedule, in the place of the oldest.
#[inline]
#[target_feature(enable = "sha2")]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "each place is a remainder of 4, and the sums are below 8"
)]
fn expand(w: &mut [uint32x4_t; 4], quarter: usize) {
    let (next, third, last) = (w[(quarter + 1) % 4], w[(quarter + 2) % 4], w[(quarter + 3) % 4]);
    w[quarter] = vsha256su1q_u32(vsha256su0q_u32(w[quarter], next), third, last);
}

/// A block as 16 words.
#[inline]
#[target_feature(enable = "sha2")]
fn load_block(block: &Block) -> [uint32x4_t; 4] {
    let mut words = [vdupq_n_u32(0); 4];
    for (to, bytes) in words.iter_mut().zip(block.as_chunks::<16>().0) {
        // SAFETY: there are 16 bytes to be read; no alignment is needed.
        let bytes = unsafe { vld1q_u8(bytes.as_ptr()) };
        *to = vreinterpretq_u32_u8(vrev32q_u8(bytes));
    }
    words
}

#[inline]
const fn halves([a, b, c, d, e, f, g, h]: &Words) -> [[u32; 4]; 2] {
    [[*a, *b, *c, *d], [*e, *f, *g, *h]]
}

#[inline]
#[target_feature(enable = "sha2")]
fn load(from: &[u32; 4]) -> uint32x4_t {
    // SAFETY: there are four words to be read.
    unsafe { vld1q_u32(from.as_ptr()) }
}

#[inline]
#[target_feature(enable = "sha2")]
fn store(to: &mut [u32; 4], from: uint32x4_t) {
    // SAFETY: there are four words to be written.
    unsafe { vst1q_u32(to.as_mut_ptr(), from) }
}
