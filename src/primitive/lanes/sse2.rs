//! Sixteen bytes at once with SSE2: of what kind they are.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::x86_64::{
    __m128i, _mm_and_si128, _mm_cmpeq_epi8, _mm_max_epu8, _mm_min_epu8, _mm_movemask_epi8,
    _mm_or_si128, _mm_set_epi64x, _mm_setzero_si128,
};

use super::Class;
use crate::primitive::x86_64::{all, in_range, vector};

/// Whether every byte is of the class. They are looked at in blocks, all of them.
#[inline]
pub(super) fn every<C: Class>(bytes: &[u8]) -> bool {
    // SAFETY: this file is part of builds for processors with SSE2 only.
    unsafe { every_of::<C>(bytes) }
}

#[target_feature(enable = "sse2")]
fn every_of<C: Class>(bytes: &[u8]) -> bool {
    let Some(end) = bytes.last_chunk::<16>() else {
        let Some((first, last)) = ends(bytes) else { return true };
        return _mm_movemask_epi8(within::<C>(_mm_set_epi64x(first, last))) == 0xffff;
    };
    // The last block may overlap the one before it.
    let mut known = within::<C>(vector(u128::from_le_bytes(*end)));
    for piece in bytes.as_chunks().0 {
        known = _mm_and_si128(known, within::<C>(vector(u128::from_le_bytes(*piece))));
    }
    _mm_movemask_epi8(known) == 0xffff
}

/// All of less than sixteen bytes, as two numbers in which some of them may stand more than once;
/// `None` if there are no bytes.
#[inline]
fn ends(bytes: &[u8]) -> Option<(i64, i64)> {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return Some((i64::from_ne_bytes(*first), i64::from_ne_bytes(*last)));
    }
    let (first, last) = match (bytes.first_chunk(), bytes.last_chunk(), bytes) {
        (Some(first), Some(last), _) => (*first, *last),
        (_, _, [one, .., other]) => {
            let middle = *bytes.get(1)?;
            ([*one, middle, middle, *other], [*one; 4])
        }
        (_, _, [one]) => ([*one; 4], [*one; 4]),
        _ => return None,
    };
    let both = i64::from(u32::from_ne_bytes(first)) << 32 | i64::from(u32::from_ne_bytes(last));
    Some((both, both))
}

/// All ones where a lane is of the class.
#[inline]
#[target_feature(enable = "sse2")]
fn within<C: Class>(lanes: __m128i) -> __m128i {
    // The ranges are constants, so none of these branches is there at run time.
    C::RANGES.iter().fold(_mm_setzero_si128(), |known, range| {
        let (first, last) = (*range.start(), *range.end());
        let here = match (first, last) {
            _ if first == last => _mm_cmpeq_epi8(lanes, all(first)),
            (0, _) => _mm_cmpeq_epi8(_mm_min_epu8(lanes, all(last)), lanes),
            (_, u8::MAX) => _mm_cmpeq_epi8(_mm_max_epu8(lanes, all(first)), lanes),
            _ => in_range(lanes, first, last.wrapping_sub(first)),
        };
        _mm_or_si128(known, here)
    })
}
