//! Hexadecimal symbols to values with SSE2, which is inlined where it is asked for: a request brings
//! a few dozen symbols, and a call would take as long. Which symbols a text has decides neither a
//! branch nor an address, as in the portable code.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::x86_64::{
    __m128i, _mm_add_epi8, _mm_adds_epu8, _mm_min_epu8, _mm_movemask_epi8, _mm_mullo_epi16,
    _mm_or_si128, _mm_packus_epi16, _mm_set1_epi16, _mm_setzero_si128, _mm_srli_epi16,
    _mm_sub_epi8, _mm_subs_epu8,
};

use super::{filled_up, put_first};
use crate::primitive::x86_64::{all, halves, vector};

/// The letters, sixteen times: the first of them, and the bit that may be missing in each.
#[derive(Clone, Copy)]
pub(in super::super) struct Letters {
    first: u128,
    optional: u128,
}

impl Letters {
    /// Six letters from `first` on, and the same without the bits of `optional`.
    pub(in super::super) const fn new(first: u8, optional: u8) -> Self {
        Self {
            first: u128::from_ne_bytes([first; 16]),
            optional: u128::from_ne_bytes([optional; 16]),
        }
    }
}

/// Decodes `symbols`, an even number, into `out`, which has just the room for them. Whether all are
/// symbols.
#[inline(always)]
pub(in super::super) fn decode(symbols: &[u8], letters: &Letters, out: &mut [u8]) -> bool {
    // SAFETY: this file is part of builds for processors with SSE2 only.
    unsafe { all_of(symbols, letters, out) }
}

#[inline]
#[target_feature(enable = "sse2")]
fn all_of(symbols: &[u8], letters: &Letters, out: &mut [u8]) -> bool {
    let mut flaws = _mm_setzero_si128();
    let (texts, rest) = symbols.as_chunks::<32>();
    for (text, to) in texts.iter().zip(out.as_chunks_mut().0) {
        let [low, high] = *text.as_chunks().0 else { return false };
        *to = bytes(sixteen(low, high, letters, &mut flaws));
    }
    let last = if rest.is_empty() { 0 } else { last_of(symbols, letters, out) };
    flawed(flaws) | last == 0
}

/// Decodes the last symbols to the end of `out`: 32 where there are as many, and fewer where there are
/// not. The answer is 0 if all of them are symbols.
#[inline(never)]
#[target_feature(enable = "sse2")]
fn last_of(symbols: &[u8], letters: &Letters, out: &mut [u8]) -> i32 {
    let mut flaws = _mm_setzero_si128();
    let Some((before, high)) = symbols.split_last_chunk() else {
        let text = filled_up(symbols, symbols, b'0').to_le_bytes();
        let [bytes, _] = halves(sixteen(text, text, letters, &mut flaws));
        put_first(out, u128::from(bytes));
        return flawed(flaws);
    };
    // Without so many before them they are the first ones too, or overlap with them.
    let low = before.last_chunk().or(symbols.first_chunk()).unwrap_or(high);
    let bytes = sixteen(*low, *high, letters, &mut flaws);
    if let Some(last) = out.last_chunk_mut() {
        *last = self::bytes(bytes);
    } else {
        let [low, high] = halves(bytes).map(u64::to_le_bytes);
        out.first_chunk_mut().into_iter().for_each(|first| *first = low);
        out.last_chunk_mut().into_iter().for_each(|last| *last = high);
    }
    flawed(flaws)
}

/// The bytes of two times sixteen symbols. A lane of `flaws` becomes sixteen or more where there is no
/// symbol.
#[inline]
#[target_feature(enable = "sse2")]
fn sixteen(low: [u8; 16], high: [u8; 16], letters: &Letters, flaws: &mut __m128i) -> __m128i {
    let [low, high] = [low, high].map(|text| {
        let values = values_of(vector(u128::from_le_bytes(text)), letters);
        *flaws = _mm_or_si128(*flaws, values);
        // Of two values the second is in the upper byte of their lane. The product has the first
        // one above it, so that the upper byte is theirs.
        _mm_srli_epi16(_mm_mullo_epi16(values, _mm_set1_epi16(0x1001)), 8)
    });
    _mm_packus_epi16(low, high)
}

/// The values of sixteen symbols; sixteen or more where there is none.
#[inline]
#[target_feature(enable = "sse2")]
fn values_of(symbols: __m128i, letters: &Letters) -> __m128i {
    // Digits are moved to the upper end, where what is above them has wrapped around: with six less
    // they are 0xf0 and more, and nothing else is.
    let digit = _mm_subs_epu8(_mm_add_epi8(symbols, all(0xff - b'9')), all(6));
    let letter =
        _mm_sub_epi8(_mm_or_si128(symbols, vector(letters.optional)), vector(letters.first));
    _mm_min_epu8(_mm_add_epi8(digit, all(16)), _mm_adds_epu8(letter, all(10)))
}

#[inline]
#[target_feature(enable = "sse2")]
fn bytes(vector: __m128i) -> [u8; 16] {
    let [low, high] = halves(vector).map(u128::from);
    (high << 64 | low).to_le_bytes()
}

/// 0 if every lane is less than sixteen.
#[inline]
#[target_feature(enable = "sse2")]
fn flawed(flaws: __m128i) -> i32 {
    // Sixteen and more set the highest bit here, which is what is looked at.
    _mm_movemask_epi8(_mm_adds_epu8(flaws, all(0x70)))
}
