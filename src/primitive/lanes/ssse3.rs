//! Sixteen symbols at once with SSSE3: which symbols a text has decides neither a branch nor an
//! address, as in the portable code.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::x86_64::{
    __m128i, _mm_add_epi8, _mm_and_si128, _mm_cmpeq_epi8, _mm_madd_epi16, _mm_maddubs_epi16,
    _mm_movemask_epi8, _mm_or_si128, _mm_packus_epi16, _mm_set_epi64x, _mm_set1_epi16,
    _mm_set1_epi32, _mm_setzero_si128, _mm_shuffle_epi8,
};

use super::{Run, base64_runs, filled_up, hex_runs, put_last};
use crate::primitive::x86_64::{all, halves, in_range, vector};

cpufeatures::new!(detected, "sse2", "ssse3");

/// Proves that the processor has SSSE3.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Ssse3(());

impl Ssse3 {
    /// The proof, if there is one.
    #[inline]
    pub(in super::super) fn detect() -> Option<Self> {
        detected::get().then_some(Self(()))
    }

    /// Decodes base64, in which `PLUS` and `SLASH` stand for 62 and 63. The answer is 0 if all are
    /// symbols and no unused bit is set.
    #[inline]
    pub(in super::super) fn base64<const PLUS: u8, const SLASH: u8>(
        self,
        symbols: &[u8],
        out: &mut [u8],
    ) -> u8 {
        // SAFETY: `self` proves that the processor has what the function is compiled for.
        unsafe { base64::<PLUS, SLASH>(symbols, out) }
    }

    /// Decodes hexadecimal with letters from `ONE` or `OTHER` on. The answer is 0 if all are
    /// symbols.
    #[inline]
    pub(in super::super) fn hex<const ONE: u8, const OTHER: u8>(
        self,
        symbols: &[u8],
        out: &mut [u8],
    ) -> u8 {
        // SAFETY: as in `base64`.
        unsafe { hex::<ONE, OTHER>(symbols, out) }
    }
}

#[target_feature(enable = "sse2,ssse3")]
fn base64<const PLUS: u8, const SLASH: u8>(symbols: &[u8], out: &mut [u8]) -> u8 {
    let (texts, rest) = symbols.as_chunks();
    let (values, last) = out.as_chunks_mut();
    let mut unknown = _mm_setzero_si128();
    for (text, to) in texts.iter().zip(values) {
        let text = vector(u128::from_le_bytes(*text));
        *to = twelve(values_of(text, &base64_runs(PLUS, SLASH), &mut unknown));
    }
    if rest.is_empty() {
        return any(unknown);
    }
    let text = vector(filled_up(rest, symbols, b'A'));
    let bytes = twelve(values_of(text, &base64_runs(PLUS, SLASH), &mut unknown));
    put_last(last, &bytes) | any(unknown)
}

/// Sixteen values of six bits are twelve bytes.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn twelve(values: __m128i) -> [u8; 12] {
    // Of each group of four bytes the sums leave three, the last of them lowest.
    let order = _mm_set_epi64x(0x8080_8080_0c0d_0e08_u64.cast_signed(), 0x090a_0405_0600_0102);
    let pairs = _mm_maddubs_epi16(values, _mm_set1_epi16(0x0140));
    let fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x0001_1000));
    let [low, high] = halves(_mm_shuffle_epi8(fours, order));
    let all = u128::from(high) << 64 | u128::from(low);
    let [bytes @ .., _, _, _, _] = all.to_le_bytes();
    bytes
}

#[target_feature(enable = "sse2,ssse3")]
fn hex<const ONE: u8, const OTHER: u8>(symbols: &[u8], out: &mut [u8]) -> u8 {
    let (texts, rest) = symbols.as_chunks();
    let (values, last) = out.as_chunks_mut();
    let mut unknown = _mm_setzero_si128();
    for (text, to) in texts.iter().zip(values) {
        let text = vector(u128::from_le_bytes(*text));
        *to = eight(values_of(text, &hex_runs(ONE, OTHER), &mut unknown));
    }
    if !rest.is_empty() {
        let text = vector(filled_up(rest, symbols, b'0'));
        put_last(last, &eight(values_of(text, &hex_runs(ONE, OTHER), &mut unknown)));
    }
    any(unknown)
}

/// Sixteen values of four bits are eight bytes.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn eight(values: __m128i) -> [u8; 8] {
    let pairs = _mm_maddubs_epi16(values, _mm_set1_epi16(0x0110));
    let [low, _] = halves(_mm_packus_epi16(pairs, pairs));
    low.to_le_bytes()
}

/// The values of sixteen symbols. A lane of `unknown` becomes all ones where the symbol is in no run.
#[inline]
#[target_feature(enable = "sse2")]
fn values_of<const N: usize>(symbols: __m128i, runs: &[Run; N], unknown: &mut __m128i) -> __m128i {
    let (mut known, mut distance) = (_mm_setzero_si128(), _mm_setzero_si128());
    for Run { symbol, value, last } in runs {
        let chosen = in_range(symbols, *symbol, *last);
        known = _mm_or_si128(known, chosen);
        distance = _mm_or_si128(distance, _mm_and_si128(chosen, all(value.wrapping_sub(*symbol))));
    }
    *unknown = _mm_or_si128(*unknown, _mm_cmpeq_epi8(known, _mm_setzero_si128()));
    _mm_add_epi8(symbols, distance)
}

/// 0 if no lane is all ones.
#[inline]
#[target_feature(enable = "sse2")]
fn any(lanes: __m128i) -> u8 {
    u8::from(_mm_movemask_epi8(lanes) != 0)
}
