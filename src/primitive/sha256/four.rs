//! Four lanes with the SHA instructions of x86, interleaved. On processors that begin two rounds in
//! every cycle, the rounds of two lanes, which take four cycles each, leave half of them unused.
//!
//! They are chosen without being asked on AMD's family 19h. On a Zen 3 they take 57 cycles a block,
//! and two lanes take 68. With AVX2 in the place of the instructions that make the schedule, eight
//! lanes at once, it took 76. This version was not measured on a Zen 4, where another with four
//! lanes took 65 cycles a block, and two lanes took 74.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::asm;
use core::arch::x86_64::{__m128i, _mm_setzero_si128};

use super::family::is_family_19h;
use super::sha_ni::{States, load};
use super::{Block, K, Lanes, ShaNi, Words, block_at};

cpufeatures::new!(detected, "avx");

/// Proves that the processor has the SHA instructions and AVX, and that the operating system keeps
/// its registers.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct ShaNiAvx(());

impl ShaNiAvx {
    /// The proof, if there is one.
    #[inline]
    pub(in super::super) fn detect() -> Option<Self> {
        ShaNi::detect().filter(|_| detected::get()).map(|_| Self(()))
    }

    /// The proof, if nothing of at most four lanes is faster with this processor.
    #[inline]
    pub(in super::super) fn detect_fastest() -> Option<Self> {
        Self::detect().filter(|_| is_family_19h())
    }

    /// Four lanes.
    pub(in super::super) fn lanes(self) -> Four {
        // SAFETY: `self` proves that the processor has what the function is compiled for.
        Four { proof: self, memory: unsafe { Memory::zero() } }
    }
}

/// Four states.
pub(in super::super) struct Four {
    #[expect(dead_code, reason = "without it there are no lanes")]
    proof: ShaNiAvx,
    memory: Memory,
}

impl Lanes<4> for Four {
    fn set(&mut self, lane: usize, words: &Words) {
        // SAFETY: `self.proof` is there, so the processor has what the function is compiled for.
        unsafe { self.memory.states.set(lane, words) }
    }

    fn words(&self, lane: usize) -> Words {
        // SAFETY: as in `set`.
        unsafe { self.memory.states.words(lane & 3) }
    }

    fn digest(&self, lane: usize) -> [u8; 32] {
        // SAFETY: as in `set`.
        unsafe { self.memory.states.digest(lane & 3) }
    }

    fn absorb(&mut self, waiting: &[&[Block]; 4], count: usize) {
        // SAFETY: as in `set`.
        unsafe { absorb(&mut self.memory.states, &mut self.memory.schedule, waiting, count) }
    }

    fn wipe(&mut self) {
        // SAFETY: as in `set`.
        self.memory = unsafe { Memory::zero() };
        zeroize::optimization_barrier(&self.memory);
    }
}

/// A vector for each lane.
type Row = [__m128i; 4];

/// All that does not stay in registers.
struct Memory {
    states: States<4>,
    /// The last sixteen words of the schedules, four in each row.
    schedule: [Row; 4],
}

impl Memory {
    #[inline]
    #[target_feature(enable = "sse2")]
    fn zero() -> Self {
        let schedule = [[_mm_setzero_si128(); 4]; 4];
        Self { states: States::zero(), schedule }
    }
}

/// Absorbs `count` blocks in each lane.
#[inline(never)]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn absorb(states: &mut States<4>, schedule: &mut [Row; 4], waiting: &[&[Block]; 4], count: usize) {
    let [first, further @ ..] = K.sixteens();
    let mut working = *states;
    let mut words = [_mm_setzero_si128(); 4];
    for at in 0..count {
        let [a, b, c, d] = waiting;
        let blocks = [block_at(a, at), block_at(b, at), block_at(c, at), block_at(d, at)];
        begin::<0>(schedule, &mut words, &blocks);
        four_rounds::<0>(&mut working, &words, first);
        begin::<1>(schedule, &mut words, &blocks);
        four_rounds::<1>(&mut working, &words, first);
        begin::<2>(schedule, &mut words, &blocks);
        four_rounds::<2>(&mut working, &words, first);
        begin::<3>(schedule, &mut words, &blocks);
        four_rounds::<3>(&mut working, &words, first);
        for constants in further {
            go_on::<0>(schedule, &mut words);
            four_rounds::<0>(&mut working, &words, constants);
            go_on::<1>(schedule, &mut words);
            four_rounds::<1>(&mut working, &words, constants);
            go_on::<2>(schedule, &mut words);
            four_rounds::<2>(&mut working, &words, constants);
            go_on::<3>(schedule, &mut words);
            four_rounds::<3>(&mut working, &words, constants);
        }
        working.add(states);
        *states = working;
    }
}

/// Loads the words of each lane for four of the first sixteen rounds.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
#[allow(clippy::indexing_slicing, reason = "there are four lanes, and four quarters of a block")]
fn begin<const QUARTER: usize>(schedule: &mut [Row; 4], words: &mut Row, blocks: &[&Block; 4]) {
    for lane in 0..4 {
        words[lane] = load(&blocks[lane].as_chunks().0[QUARTER]);
    }
    schedule[QUARTER] = *words;
}

/// Makes the words of each lane for four further rounds, in the place of the oldest. `words` are
/// those of the four rounds before.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3")]
fn go_on<const QUARTER: usize>(schedule: &mut [Row; 4], words: &mut Row) {
    let [a, b, c, d] = *words;
    *words = [
        expand::<QUARTER, 0>(schedule, a),
        expand::<QUARTER, 1>(schedule, b),
        expand::<QUARTER, 2>(schedule, c),
        expand::<QUARTER, 3>(schedule, d),
    ];
}

/// The next four words of one lane, whose last four words are `last`. They are made in one piece:
/// the compiler would take more registers than the states leave, and move states to memory.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3")]
fn expand<const QUARTER: usize, const LANE: usize>(
    schedule: &mut [Row; 4],
    last: __m128i,
) -> __m128i {
    let words;
    // SAFETY: the processor has the instructions, which `ShaNiAvx` proves. They read and write the
    // schedule, which is aligned for them, inside its 256 bytes, and change the named registers
    // alone.
    unsafe {
        asm!(
            "movdqa {words}, [{schedule} + {this}]",
            "sha256msg1 {words}, [{schedule} + {next}]",
            "vpalignr {sum}, {last}, [{schedule} + {third}], 4",
            "paddd {words}, {sum}",
            "sha256msg2 {words}, {last}",
            "movdqa [{schedule} + {this}], {words}",
            schedule = in(reg) schedule.as_mut_ptr(),
            this = const place(QUARTER, LANE),
            next = const place(QUARTER + 1, LANE),
            third = const place(QUARTER + 2, LANE),
            last = in(xmm_reg) last,
            words = out(xmm_reg) words,
            sum = out(xmm_reg) _,
            options(nostack, preserves_flags),
        );
    }
    words
}

/// Where the schedule has the words of a lane for a quarter of sixteen rounds.
const fn place(quarter: usize, lane: usize) -> usize {
    (quarter & 3) << 6 | (lane & 3) << 4
}

/// Four rounds of each lane, whose words wait for no round.
///
/// Instructions that know the lower 128 bits of their registers only, as that of the rounds, are
/// mixed here with those of AVX. The upper halves must be clean meanwhile: on a Zen 3 each such
/// instruction takes 360 cycles else. So nothing here is compiled for AVX, with which the compiler
/// would copy states in wide registers.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3")]
fn four_rounds<const QUARTER: usize>(
    States { abef, cdgh }: &mut States<4>,
    [w0, w1, w2, w3]: &Row,
    constants: &[u32; 16],
) {
    let ([a0, a1, a2, a3], [c0, c1, c2, c3]) = (abef, cdgh);
    // SAFETY: the processor has the instructions, which `ShaNiAvx` proves. They read the 64 bytes
    // of `constants`, no alignment is needed, and change the named registers alone.
    unsafe {
        asm!(
            "vpaddd xmm0, {w0}, [{constants} + {at}]",
            "sha256rnds2 {c0}, {a0}",
            "pshufd xmm0, xmm0, 0xee",
            "sha256rnds2 {a0}, {c0}",
            "vpaddd xmm0, {w1}, [{constants} + {at}]",
            "sha256rnds2 {c1}, {a1}",
            "pshufd xmm0, xmm0, 0xee",
            "sha256rnds2 {a1}, {c1}",
            "vpaddd xmm0, {w2}, [{constants} + {at}]",
            "sha256rnds2 {c2}, {a2}",
            "pshufd xmm0, xmm0, 0xee",
            "sha256rnds2 {a2}, {c2}",
            "vpaddd xmm0, {w3}, [{constants} + {at}]",
            "sha256rnds2 {c3}, {a3}",
            "pshufd xmm0, xmm0, 0xee",
            "sha256rnds2 {a3}, {c3}",
            constants = in(reg) constants,
            at = const place(0, QUARTER),
            w0 = in(xmm_reg) *w0, w1 = in(xmm_reg) *w1,
            w2 = in(xmm_reg) *w2, w3 = in(xmm_reg) *w3,
            a0 = inout(xmm_reg) *a0, c0 = inout(xmm_reg) *c0,
            a1 = inout(xmm_reg) *a1, c1 = inout(xmm_reg) *c1,
            a2 = inout(xmm_reg) *a2, c2 = inout(xmm_reg) *c2,
            a3 = inout(xmm_reg) *a3, c3 = inout(xmm_reg) *c3,
            out("xmm0") _,
            options(pure, readonly, nostack, preserves_flags),
        );
    }
}
