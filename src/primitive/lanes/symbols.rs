//! Base64 symbols to values, sixteen at once with SSSE3: which symbols a text has decides neither a branch
//! nor an address, as in the portable code. Tables are in registers, where a shuffle looks up
//! sixteen bytes at once.
//!
//! Symbols whose upper four bits are the same make a row. A row has one distance from symbol to value,
//! but for one symbol that stands apart from its row.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::x86_64::{
    __m128i, _mm_add_epi8, _mm_and_si128, _mm_cmpeq_epi8, _mm_cmpgt_epi8, _mm_madd_epi16,
    _mm_maddubs_epi16, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi16, _mm_set1_epi32,
    _mm_setzero_si128, _mm_shuffle_epi8, _mm_srli_epi16, _mm_xor_si128,
};

use super::{Run, base64_runs, filled_up, put_first};
use crate::primitive::x86_64::{all, halves, vector};

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
}

/// Which bytes are symbols and what they stand for; each number is a table of sixteen bytes, the
/// first lowest.
#[derive(Clone, Copy)]
struct Code {
    /// By the lower four bits of a byte: which rows have no such symbol, as in [`ROWS`].
    missing: u128,
    /// By row: the distance from symbol to value. That of the symbol apart is eight rows away, where
    /// no row has symbols.
    distances: u128,
    /// The symbol that stands apart.
    apart: u8,
}

/// By the upper four bits of a byte: the bit of the row. Those without ASCII symbols share one.
const ROWS: u128 = 0x4040_4040_4040_4040_2010_0804_0201_4040;

impl Code {
    const fn of(mut runs: &[Run], apart: u8) -> Self {
        let mut code = Self { missing: u128::from_ne_bytes([0x7f; 16]), distances: 0, apart };
        while let [Run { symbol, value, last }, rest @ ..] = runs {
            let (mut place, distance) = (0, value.wrapping_sub(*symbol));
            while place <= *last {
                code = code.with(symbol.wrapping_add(place), distance);
                place = place.wrapping_add(1);
            }
            runs = rest;
        }
        code
    }

    const fn with(self, symbol: u8, distance: u8) -> Self {
        let (low, row) = ((symbol & 15) as u32, (symbol >> 4) as u32);
        let bit = table(ROWS, row) as u128;
        let entry = if symbol == self.apart { row ^ 8 } else { row };
        let others = self.distances & !lane(u8::MAX, entry);
        Self {
            missing: self.missing & !bit.wrapping_shl(low << 3),
            distances: others | lane(distance, entry),
            apart: self.apart,
        }
    }
}

/// The byte at `place` of a table.
const fn table(table: u128, place: u32) -> u8 {
    table.wrapping_shr(place << 3) as u8
}

/// A table that has `byte` at `place` and zeros elsewhere.
const fn lane(byte: u8, place: u32) -> u128 {
    (byte as u128).wrapping_shl(place << 3)
}

#[target_feature(enable = "sse2,ssse3")]
fn base64<const PLUS: u8, const SLASH: u8>(symbols: &[u8], out: &mut [u8]) -> u8 {
    let code = const { Code::of(&base64_runs(PLUS, SLASH), SLASH) };
    let due = symbols.len().wrapping_neg() & 3;
    let end = const { [Ending::of(0), Ending::of(1), Ending::of(2), Ending::of(3)] };
    let Some(end) = end.get(due) else { return u8::MAX };
    let mut flaws = _mm_setzero_si128();
    let (Some(last), [before @ .., _]) = (symbols.last_chunk(), symbols) else {
        let text = vector(filled_up(symbols, symbols, b'A'));
        let bytes = shuffled(fours(values_of(text, code, &mut flaws)), ORDER);
        // `A` stands for zero bits: what is not zero behind the last byte are unused bits.
        flaws = _mm_or_si128(flaws, _mm_and_si128(bytes, from_lane_on(out.len())));
        put_first(out, number(bytes));
        return any(flaws);
    };
    let mut room = &mut *out;
    for text in before.as_chunks().0 {
        let bytes = number(shuffled(fours(values_of(block(*text), code, &mut flaws)), ORDER));
        let Some((to, behind)) = room.split_first_chunk_mut() else { return u8::MAX };
        *to = low_twelve(bytes);
        room = behind;
    }
    // The last block ends with the text, and some of its symbols may be decoded once more.
    let text = _mm_or_si128(shuffled(block(*last), end.moved), vector(end.filler));
    let values = values_of(text, code, &mut flaws);
    flaws = _mm_or_si128(flaws, _mm_and_si128(values, vector(end.unused)));
    let [first, last] = halves(shuffled(fours(values), end.order));
    let place = out.len().wrapping_add(due).wrapping_sub(12);
    let Some(to) = out.get_mut(place..).and_then(<[u8]>::first_chunk_mut) else { return u8::MAX };
    *to = first.to_le_bytes();
    let Some(to) = out.last_chunk_mut() else { return u8::MAX };
    *to = (last as u32).to_le_bytes();
    any(flaws)
}

/// Of the sums of four symbols each, three bytes, the last of them lowest: in which order they stand.
const ORDER: u128 = 0x8080_8080_0c0d_0e08_090a_0405_0600_0102;

/// How the last sixteen symbols become a block, by how many are due to make groups of four.
struct Ending {
    /// Where each symbol of the block is among the last sixteen: behind those that are due.
    moved: u128,
    /// In place of those that are due: zero bits.
    filler: u128,
    /// The bits of the last symbol that no byte uses.
    unused: u128,
    /// As [`ORDER`]: the first eight bytes, and then the last four, which overlap with them.
    order: u128,
}

impl Ending {
    const fn of(due: u32) -> Self {
        let all = 0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100_u128.wrapping_shr(due << 3);
        let absent = !u128::MAX.wrapping_shr(due << 3);
        let unused = (1_u8 << (due << 1)).wrapping_sub(1);
        let last = ORDER.wrapping_shr(64_u32.wrapping_sub(due << 3)) & 0xffff_ffff;
        Self {
            moved: all | absent & u128::from_ne_bytes([0x80; 16]),
            filler: absent & u128::from_ne_bytes([b'A'; 16]),
            unused: lane(unused, 15_u32.wrapping_sub(due)),
            order: ORDER & u64::MAX as u128 | last << 64,
        }
    }
}

/// Sixteen values of six bits are four sums, of three bytes each.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn fours(values: __m128i) -> __m128i {
    let pairs = _mm_maddubs_epi16(values, _mm_set1_epi16(0x0140));
    _mm_madd_epi16(pairs, _mm_set1_epi32(0x0001_1000))
}

/// The lanes in another order; zero where its highest bit is set.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn shuffled(lanes: __m128i, order: u128) -> __m128i {
    _mm_shuffle_epi8(lanes, vector(order))
}

#[inline]
const fn low_twelve(number: u128) -> [u8; 12] {
    let [bytes @ .., _, _, _, _] = number.to_le_bytes();
    bytes
}

/// The values of sixteen symbols. A lane of `flaws` gets bits set where there is no symbol; its
/// value is then unspecified.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn values_of(symbols: __m128i, code: Code, flaws: &mut __m128i) -> __m128i {
    let low = _mm_and_si128(symbols, all(15));
    let row = _mm_and_si128(_mm_srli_epi16(symbols, 4), all(15));
    let missing = _mm_shuffle_epi8(vector(code.missing), low);
    *flaws = _mm_or_si128(*flaws, _mm_and_si128(missing, _mm_shuffle_epi8(vector(ROWS), row)));
    let apart = _mm_cmpeq_epi8(symbols, all(code.apart));
    let entry = _mm_xor_si128(row, _mm_and_si128(apart, all(8)));
    _mm_add_epi8(symbols, _mm_shuffle_epi8(vector(code.distances), entry))
}

/// All ones in the lanes from `first` on, of which there are sixteen.
#[inline]
#[target_feature(enable = "sse2")]
fn from_lane_on(first: usize) -> __m128i {
    _mm_cmpgt_epi8(lanes(), all((first as u8).wrapping_sub(1)))
}

/// The number of each lane.
#[inline]
#[target_feature(enable = "sse2")]
fn lanes() -> __m128i {
    vector(0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100)
}

#[inline]
#[target_feature(enable = "sse2")]
fn block(bytes: [u8; 16]) -> __m128i {
    vector(u128::from_le_bytes(bytes))
}

/// The bytes of all lanes, the first lowest.
#[inline]
#[target_feature(enable = "sse2")]
fn number(vector: __m128i) -> u128 {
    let [low, high] = halves(vector).map(u128::from);
    high << 64 | low
}

/// 0 if all bits are.
#[inline]
#[target_feature(enable = "sse2")]
fn any(lanes: __m128i) -> u8 {
    u8::from(_mm_movemask_epi8(_mm_cmpeq_epi8(lanes, _mm_setzero_si128())) != 0xffff)
}
