//! Sixteen lanes in the 512-bit registers of AVX-512.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::x86_64::{
    __m512i, _mm512_add_epi32, _mm512_loadu_si512, _mm512_ror_epi32, _mm512_set1_epi32,
    _mm512_set4_epi32, _mm512_setzero_si512, _mm512_shuffle_epi8, _mm512_shuffle_i32x4,
    _mm512_srli_epi32, _mm512_storeu_si512, _mm512_ternarylogic_epi32, _mm512_unpackhi_epi32,
    _mm512_unpackhi_epi64, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
};

use super::wide::compression;
use super::{Block, Lanes, Words, block_at};

cpufeatures::new!(detected, "avx512f", "avx512bw");

/// Proves that the processor has AVX-512, and that the operating system keeps its registers.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Avx512(());

impl Avx512 {
    /// The proof, if there is one.
    #[inline]
    pub(in super::super) fn detect() -> Option<Self> {
        detected::get().then_some(Self(()))
    }

    /// Sixteen lanes.
    pub(in super::super) const fn lanes(self) -> Sixteen {
        Sixteen { proof: self, states: States([[0; 16]; 8]) }
    }
}

/// Sixteen states.
pub(in super::super) struct Sixteen {
    #[expect(dead_code, reason = "without it there are no lanes")]
    proof: Avx512,
    states: States,
}

/// Each word of all states.
#[repr(align(64))]
struct States([[u32; 16]; 8]);

impl Lanes<16> for Sixteen {
    fn set(&mut self, lane: usize, words: &Words) {
        for (row, word) in self.states.0.iter_mut().zip(words) {
            if let Some(to) = row.get_mut(lane) {
                *to = *word;
            }
        }
    }

    fn words(&self, lane: usize) -> Words {
        let mut words = [0; 8];
        for (word, row) in words.iter_mut().zip(&self.states.0) {
            *word = row.get(lane).copied().unwrap_or_default();
        }
        words
    }

    fn absorb(&mut self, waiting: &[&[Block]; 16], count: usize) {
        // SAFETY: `self.proof` is there, so the processor has what the function is compiled for.
        unsafe { absorb(&mut self.states, waiting, count) }
    }

    fn wipe(&mut self) {
        crate::primitive::wipe(&mut self.states.0);
    }
}

/// Absorbs `count` blocks in each lane.
#[target_feature(enable = "avx512f,avx512bw")]
fn absorb(states: &mut States, waiting: &[&[Block]; 16], count: usize) {
    let mut state = [_mm512_setzero_si512(); 8];
    for (to, row) in state.iter_mut().zip(&states.0) {
        *to = load(row);
    }
    for at in 0..count {
        compress(&mut state, &mut load_blocks(waiting, at));
    }
    for (row, from) in states.0.iter_mut().zip(state) {
        store(row, from);
    }
}

compression!(__m512i, "avx512f");

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn splat(word: u32) -> __m512i {
    _mm512_set1_epi32(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn add(a: __m512i, b: __m512i) -> __m512i {
    _mm512_add_epi32(a, b)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn xor3(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0x96>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn choice(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0xca>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn majority(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0xe8>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn rotate<const RIGHT: i32, const LEFT: i32>(word: __m512i) -> __m512i {
    _mm512_ror_epi32::<RIGHT>(word)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn shift<const RIGHT: u32>(word: __m512i) -> __m512i {
    _mm512_srli_epi32::<RIGHT>(word)
}

/// The block of each lane at a place: one word of all in each register.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn load_blocks(waiting: &[&[Block]; 16], at: usize) -> [__m512i; 16] {
    let mut rows = [_mm512_setzero_si512(); 16];
    for (row, blocks) in rows.iter_mut().zip(waiting) {
        *row = big_endian(load(block_at(blocks, at)));
    }
    let [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, ra, rb, rc, rd, re, rf] = rows;
    let a = transpose_quarter([r0, r1, r2, r3]);
    let b = transpose_quarter([r4, r5, r6, r7]);
    let c = transpose_quarter([r8, r9, ra, rb]);
    let d = transpose_quarter([rc, rd, re, rf]);
    let [w0, w4, w8, wc] = transpose_wholes(a[0], b[0], c[0], d[0]);
    let [w1, w5, w9, wd] = transpose_wholes(a[1], b[1], c[1], d[1]);
    let [w2, w6, wa, we] = transpose_wholes(a[2], b[2], c[2], d[2]);
    let [w3, w7, wb, wf] = transpose_wholes(a[3], b[3], c[3], d[3]);
    [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, wa, wb, wc, wd, we, wf]
}

/// The bytes of each word in the other order.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn big_endian(rows: __m512i) -> __m512i {
    let order = _mm512_set4_epi32(0x0c0d_0e0f, 0x0809_0a0b, 0x0405_0607, 0x0001_0203);
    _mm512_shuffle_epi8(rows, order)
}

/// In each 128 bits, the words of four rows with the same number side by side.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn transpose_quarter([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    let (ab_low, ab_high) = (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    let (cd_low, cd_high) = (_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    [
        _mm512_unpacklo_epi64(ab_low, cd_low),
        _mm512_unpackhi_epi64(ab_low, cd_low),
        _mm512_unpacklo_epi64(ab_high, cd_high),
        _mm512_unpackhi_epi64(ab_high, cd_high),
    ]
}

/// The 128 bits of four rows with the same number side by side.
#[inline]
#[target_feature(enable = "avx512f")]
fn transpose_wholes(a: __m512i, b: __m512i, c: __m512i, d: __m512i) -> [__m512i; 4] {
    let (ab_even, ab_odd) =
        (_mm512_shuffle_i32x4::<0x88>(a, b), _mm512_shuffle_i32x4::<0xdd>(a, b));
    let (cd_even, cd_odd) =
        (_mm512_shuffle_i32x4::<0x88>(c, d), _mm512_shuffle_i32x4::<0xdd>(c, d));
    [
        _mm512_shuffle_i32x4::<0x88>(ab_even, cd_even),
        _mm512_shuffle_i32x4::<0x88>(ab_odd, cd_odd),
        _mm512_shuffle_i32x4::<0xdd>(ab_even, cd_even),
        _mm512_shuffle_i32x4::<0xdd>(ab_odd, cd_odd),
    ]
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load<T: Whole>(from: &T) -> __m512i {
    // SAFETY: it has 64 bytes, any of which are a vector; no alignment is needed.
    unsafe { _mm512_loadu_si512(core::ptr::from_ref(from).cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(to: &mut [u32; 16], from: __m512i) {
    // SAFETY: it has 64 bytes, and any are 16 words; no alignment is needed.
    unsafe { _mm512_storeu_si512(core::ptr::from_mut(to).cast(), from) }
}

/// What fills a register: 64 bytes without padding.
trait Whole {}
impl Whole for Block {}
impl Whole for [u32; 16] {}
