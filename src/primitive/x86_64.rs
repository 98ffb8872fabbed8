//! Steps on the 128-bit registers of x86-64 that more than one file takes.

use core::arch::x86_64::{
    __m128i, _mm_cmpeq_epi8, _mm_cvtsi128_si64, _mm_min_epu8, _mm_set_epi64x, _mm_set1_epi8,
    _mm_sub_epi8, _mm_unpackhi_epi64,
};

/// Sixteen bytes, the first the lowest of the number.
#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn vector(number: u128) -> __m128i {
    _mm_set_epi64x((number >> 64) as i64, number as i64)
}

/// The lower and the upper eight bytes.
#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn halves(vector: __m128i) -> [u64; 2] {
    [vector, _mm_unpackhi_epi64(vector, vector)].map(|half| _mm_cvtsi128_si64(half).cast_unsigned())
}

/// The same byte in every lane.
#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn all(byte: u8) -> __m128i {
    _mm_set1_epi8(byte.cast_signed())
}

/// All ones where a lane is one of the `last` + 1 bytes from `first` on.
#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn in_range(lanes: __m128i, first: u8, last: u8) -> __m128i {
    let place = _mm_sub_epi8(lanes, all(first));
    _mm_cmpeq_epi8(_mm_min_epu8(place, all(last)), place)
}
