//! Sixteen lanes on which two kinds of units work at once: the SHA instructions do the rounds, of
//! four lanes interleaved, while AVX-512 makes the next words of the schedules of all sixteen.
//!
//! It is chosen without being asked on Zen 4 alone. There a first version of it took 53 cycles a
//! block, sixteen lanes of AVX-512 took 63, and the SHA instructions 65. This version has run in an
//! emulator only, and what it costs on other processors was not measured: those of Intel begin two
//! rounds every three cycles, which leaves little to gain, and newer ones of AMD do twice as much
//! AVX-512 at once.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::asm;
use core::arch::x86_64::{
    __m512i, _mm512_broadcast_i32x4, _mm512_castsi128_si512, _mm512_inserti32x4,
    _mm512_setzero_si512,
};

use super::avx512::{Avx512, add, big_endian, next, splat, transpose_quarter};
use super::family::is_family_19h;
use super::sha_ni::{States, of_bytes, of_words};
use super::{Block, K, Lanes, ShaNi, Words, block_at};

/// Proves that the processor has both.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Hybrid {
    #[expect(dead_code, reason = "without them there is no proof")]
    both: (ShaNi, Avx512),
}

impl Hybrid {
    /// The proof, if there is one.
    #[inline]
    pub(in super::super) fn detect() -> Option<Self> {
        Some(Self { both: (ShaNi::detect()?, Avx512::detect()?) })
    }

    /// The proof, if nothing is faster with this processor.
    #[inline]
    pub(in super::super) fn detect_fastest() -> Option<Self> {
        // Of the family, Zen 4 alone has AVX-512.
        Self::detect().filter(|_| is_family_19h())
    }

    /// Sixteen lanes.
    pub(in super::super) fn lanes(self) -> Sixteen {
        // SAFETY: `self` proves that the processor has what the function is compiled for.
        Sixteen { proof: self, memory: unsafe { Memory::zero() } }
    }
}

/// Sixteen states.
pub(in super::super) struct Sixteen {
    #[expect(dead_code, reason = "without it there are no lanes")]
    proof: Hybrid,
    memory: Memory,
}

impl Lanes<16> for Sixteen {
    fn set(&mut self, lane: usize, words: &Words) {
        if let Some(group) = self.memory.states.get_mut(lane >> 2) {
            // SAFETY: `self.proof` is there, so the processor has what the function is compiled for.
            unsafe { group.set(lane & 3, words) }
        }
    }

    fn words(&self, lane: usize) -> Words {
        // SAFETY: as in `set`.
        let words = |group: &States<4>| unsafe { group.words(lane & 3) };
        self.memory.states.get(lane >> 2).map(words).unwrap_or_default()
    }

    fn digest(&self, lane: usize) -> [u8; 32] {
        // SAFETY: as in `set`.
        let digest = |group: &States<4>| unsafe { group.digest(lane & 3) };
        self.memory.states.get(lane >> 2).map(digest).unwrap_or_default()
    }

    fn absorb(&mut self, waiting: &[&[Block]; 16], count: usize) {
        // SAFETY: as in `set`.
        unsafe { absorb(&mut self.memory, waiting, count) }
    }

    fn wipe(&mut self) {
        // SAFETY: as in `set`.
        self.memory = unsafe { Memory::zero() };
        zeroize::optimization_barrier(&self.memory);
    }
}

/// Four vectors for each four of sixteen rounds.
type Quarters = [[__m512i; 4]; 4];

/// All that does not stay in registers.
struct Memory {
    /// Of four lanes each.
    states: [States<4>; 4],
    /// The same between the rounds of a block.
    working: [States<4>; 4],
    /// The last sixteen words of the schedules: a vector has one word of all lanes.
    schedule: Quarters,
    /// For the rounds that are done and for the next sixteen: a vector has the words for four rounds
    /// of four lanes, constants added.
    inputs: [Quarters; 2],
}

impl Memory {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn zero() -> Self {
        let (states, quarters) = ([States::zero(); 4], [[_mm512_setzero_si512(); 4]; 4]);
        Self { states, working: states, schedule: quarters, inputs: [quarters; 2] }
    }
}

/// Absorbs `count` blocks in each lane.
#[target_feature(enable = "avx512f,avx512bw,sha")]
#[allow(clippy::indexing_slicing, reason = "there are four groups, and four quarters of rounds")]
fn absorb(memory: &mut Memory, waiting: &[&[Block]; 16], count: usize) {
    let [_, further @ ..] = K.sixteens();
    let Memory { states, working, schedule, inputs: [now, next] } = memory;
    let (mut now, mut next) = (now, next);
    let blocks = Some(waiting.map(|blocks| block_at(blocks, 0)));
    for quarter in 0..4 {
        begin::<0>(schedule, now, blocks.as_ref(), quarter);
        begin::<1>(schedule, now, blocks.as_ref(), quarter);
        begin::<2>(schedule, now, blocks.as_ref(), quarter);
        begin::<3>(schedule, now, blocks.as_ref(), quarter);
    }
    for at in 1..=count {
        for (sixteen, constants) in further.into_iter().enumerate() {
            for group in 0..4 {
                let mut state = if sixteen == 0 { states[group] } else { working[group] };
                four_rounds(&mut state, &now[0][group]);
                go_on::<0>(schedule, next, constants, group);
                four_rounds(&mut state, &now[1][group]);
                go_on::<1>(schedule, next, constants, group);
                four_rounds(&mut state, &now[2][group]);
                go_on::<2>(schedule, next, constants, group);
                four_rounds(&mut state, &now[3][group]);
                go_on::<3>(schedule, next, constants, group);
                working[group] = state;
            }
            (now, next) = (next, now);
        }
        let blocks = (at < count).then(|| waiting.map(|blocks| block_at(blocks, at)));
        for group in 0..4 {
            let mut state = working[group];
            four_rounds(&mut state, &now[0][group]);
            begin::<0>(schedule, next, blocks.as_ref(), group);
            four_rounds(&mut state, &now[1][group]);
            begin::<1>(schedule, next, blocks.as_ref(), group);
            four_rounds(&mut state, &now[2][group]);
            begin::<2>(schedule, next, blocks.as_ref(), group);
            four_rounds(&mut state, &now[3][group]);
            begin::<3>(schedule, next, blocks.as_ref(), group);
            states[group].add(&state);
        }
        (now, next) = (next, now);
    }
}

/// Four rounds of four lanes, which do not wait for each other. They are in one piece, so that the
/// compiler puts nothing between them that they would wait for.
///
/// The instruction of the rounds knows the lower 128 bits of its registers only and keeps the upper
/// ones. They are clean: states and inputs come from memory by instructions that clean them.
#[inline]
#[target_feature(enable = "avx,sha")]
fn four_rounds(States { abef, cdgh }: &mut States<4>, inputs: &__m512i) {
    let ([a0, a1, a2, a3], [c0, c1, c2, c3]) = (abef, cdgh);
    // SAFETY: the processor has the instructions. They read the 64 bytes of `inputs` and change the
    // named registers alone.
    unsafe {
        asm!(
            "vmovdqu xmm0, [{inputs}]",
            "sha256rnds2 {c0}, {a0}",
            "vmovdqu xmm0, [{inputs} + 16]",
            "sha256rnds2 {c1}, {a1}",
            "vmovdqu xmm0, [{inputs} + 32]",
            "sha256rnds2 {c2}, {a2}",
            "vmovdqu xmm0, [{inputs} + 48]",
            "sha256rnds2 {c3}, {a3}",
            "vmovq xmm0, qword ptr [{inputs} + 8]",
            "sha256rnds2 {a0}, {c0}",
            "vmovq xmm0, qword ptr [{inputs} + 24]",
            "sha256rnds2 {a1}, {c1}",
            "vmovq xmm0, qword ptr [{inputs} + 40]",
            "sha256rnds2 {a2}, {c2}",
            "vmovq xmm0, qword ptr [{inputs} + 56]",
            "sha256rnds2 {a3}, {c3}",
            inputs = in(reg) core::ptr::from_ref(inputs),
            a0 = inout(xmm_reg) *a0, c0 = inout(xmm_reg) *c0,
            a1 = inout(xmm_reg) *a1, c1 = inout(xmm_reg) *c1,
            a2 = inout(xmm_reg) *a2, c2 = inout(xmm_reg) *c2,
            a3 = inout(xmm_reg) *a3, c3 = inout(xmm_reg) *c3,
            out("xmm0") _,
            options(pure, readonly, nostack, preserves_flags),
        );
    }
}

/// Makes the inputs of four lanes for a quarter of the first sixteen rounds, and with those of the
/// last four lanes, the words of the schedule; nothing if there is no block.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
#[allow(clippy::indexing_slicing, reason = "there are four groups, and four quarters of rounds")]
fn begin<const GROUP: usize>(
    schedule: &mut Quarters,
    inputs: &mut Quarters,
    blocks: Option<&[&Block; 16]>,
    quarter: usize,
) {
    let Some(blocks) = blocks else { return };
    let four = blocks.as_chunks::<4>().0[GROUP];
    let [a, b, c, d] = four.map(|block| of_bytes(&block.as_chunks().0[quarter]));
    let pair = _mm512_inserti32x4::<1>(_mm512_castsi128_si512(a), b);
    let row = big_endian(_mm512_inserti32x4::<3>(_mm512_inserti32x4::<2>(pair, c), d));
    let constants = of_words(&K.0.as_chunks().0[quarter]);
    inputs[quarter][GROUP] = add(row, _mm512_broadcast_i32x4(constants));
    schedule[quarter][GROUP] = row;
    if GROUP == 3 {
        schedule[quarter] = transpose_quarter(schedule[quarter]);
    }
}

/// Makes the next word of the schedule, in the place of the oldest, and with the last of a quarter,
/// the inputs for it.
#[inline]
#[target_feature(enable = "avx512f")]
#[allow(clippy::indexing_slicing, reason = "there are four quarters, and four words in each")]
fn go_on<const PLACE: usize>(
    schedule: &mut Quarters,
    inputs: &mut Quarters,
    constants: &[u32; 16],
    quarter: usize,
) {
    let at = |distance: usize| {
        let place = PLACE.wrapping_add(distance);
        schedule[quarter.wrapping_add(place >> 2) & 3][place & 3]
    };
    schedule[quarter][PLACE] = next(at(0), at(1), at(9), at(14));
    if PLACE == 3 {
        let mut words = schedule[quarter];
        for (word, constant) in words.iter_mut().zip(constants.as_chunks::<4>().0[quarter]) {
            *word = add(*word, splat(constant));
        }
        inputs[quarter] = transpose_quarter(words);
    }
}
