//! Symbols to values, sixteen at once with SSSE3: which symbols a text has decides neither a branch
//! nor an address, as in the portable code. Tables are in registers, where a shuffle looks up
//! sixteen bytes at once.
//!
//! Symbols whose upper four bits are the same make a row. A row has one distance from symbol to value,
//! but for one symbol of base64 that stands apart from its row.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use core::arch::x86_64::{
    __m128i, _mm_add_epi8, _mm_and_si128, _mm_cmpeq_epi8, _mm_cmpgt_epi8, _mm_cvtsi128_si64,
    _mm_madd_epi16, _mm_maddubs_epi16, _mm_movemask_epi8, _mm_or_si128, _mm_packus_epi16,
    _mm_set_epi64x, _mm_set1_epi16, _mm_set1_epi32, _mm_setzero_si128, _mm_shuffle_epi8,
    _mm_srli_epi16, _mm_xor_si128,
};

use super::{Run, base64_runs, filled_up, hex_runs};
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

/// Which bytes are symbols and what they stand for; each number is a table of sixteen bytes, the
/// first lowest.
#[derive(Clone, Copy)]
struct Code {
    /// By the lower four bits of a byte: which rows have no such symbol, as in [`ROWS`].
    missing: u128,
    /// By row: the distance from symbol to value. That of the symbol apart is eight rows away, where
    /// no row has symbols.
    distances: u128,
    /// The symbol that stands apart; 0 if none does.
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
    let (texts, rest) = symbols.as_chunks();
    let (values, last) = out.as_chunks_mut();
    let mut flaws = _mm_setzero_si128();
    for (text, to) in texts.iter().zip(values) {
        *to = low_twelve(number(twelve(values_of(block(*text), code, &mut flaws))));
    }
    if !rest.is_empty() {
        // `A` stands for zero bits: what is not zero behind the last byte are unused bits.
        let bytes = twelve(values_of(ending(rest, symbols, b'A'), code, &mut flaws));
        flaws = _mm_or_si128(flaws, _mm_and_si128(bytes, from_lane_on(last.len())));
        put_first(last, number(bytes));
    }
    any(flaws)
}

/// Sixteen values of six bits are twelve bytes, with zeros behind them.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn twelve(values: __m128i) -> __m128i {
    // Of each group of four bytes the sums leave three, the last of them lowest.
    let order = _mm_set_epi64x(0x8080_8080_0c0d_0e08_u64.cast_signed(), 0x090a_0405_0600_0102);
    let pairs = _mm_maddubs_epi16(values, _mm_set1_epi16(0x0140));
    let fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x0001_1000));
    _mm_shuffle_epi8(fours, order)
}

#[inline]
const fn low_twelve(number: u128) -> [u8; 12] {
    let [bytes @ .., _, _, _, _] = number.to_le_bytes();
    bytes
}

#[target_feature(enable = "sse2,ssse3")]
fn hex<const ONE: u8, const OTHER: u8>(symbols: &[u8], out: &mut [u8]) -> u8 {
    let code = const { Code::of(&hex_runs(ONE, OTHER), 0) };
    let (pairs, rest) = symbols.as_chunks();
    let (values, last) = out.as_chunks_mut();
    let mut flaws = _mm_setzero_si128();
    for ([low, high], to) in pairs.as_chunks::<2>().0.iter().zip(values) {
        let low = pairs_of(values_of(block(*low), code, &mut flaws));
        let high = pairs_of(values_of(block(*high), code, &mut flaws));
        *to = number(_mm_packus_epi16(low, high)).to_le_bytes();
    }
    let (odd, last) = (pairs.as_chunks::<2>().1, last);
    let (to, last) = last.as_chunks_mut::<8>();
    for (text, to) in odd.iter().zip(to) {
        *to = eight(values_of(block(*text), code, &mut flaws)).to_le_bytes();
    }
    if !rest.is_empty() {
        let bytes = eight(values_of(ending(rest, symbols, b'0'), code, &mut flaws));
        put_first(last, u128::from(bytes));
    }
    any(flaws)
}

/// Each two values of four bits are a byte in a lane of two.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn pairs_of(values: __m128i) -> __m128i {
    _mm_maddubs_epi16(values, _mm_set1_epi16(0x0110))
}

/// Sixteen values of four bits are eight bytes.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn eight(values: __m128i) -> u64 {
    let pairs = pairs_of(values);
    _mm_cvtsi128_si64(_mm_packus_epi16(pairs, pairs)).cast_unsigned()
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
    let entry = match code.apart {
        0 => row,
        apart => {
            let apart = _mm_cmpeq_epi8(symbols, all(apart));
            _mm_xor_si128(row, _mm_and_si128(apart, all(8)))
        }
    };
    _mm_add_epi8(symbols, _mm_shuffle_epi8(vector(code.distances), entry))
}

/// The last bytes of `text`, less than sixteen, and `filler` behind them. A text of sixteen or more
/// is read once more from where it ends, and moved down.
#[inline]
#[target_feature(enable = "sse2,ssse3")]
fn ending(last: &[u8], text: &[u8], filler: u8) -> __m128i {
    let Some(end) = text.last_chunk() else { return vector(filled_up(last, text, filler)) };
    let behind = from_lane_on(last.len());
    let shift = all(16_u8.wrapping_sub(last.len() as u8));
    // An index of which the highest bit is set gives zero.
    let moved = _mm_shuffle_epi8(block(*end), _mm_or_si128(_mm_add_epi8(lanes(), shift), behind));
    _mm_or_si128(moved, _mm_and_si128(behind, all(filler)))
}

/// Puts as many of the lowest bytes of `number` as there is room for into `to`, less than sixteen,
/// in two pieces that may overlap.
#[inline]
fn put_first(to: &mut [u8], number: u128) {
    let length = to.len();
    let from = |place: usize| number.wrapping_shr((place as u32) << 3);
    if let Some(first) = to.first_chunk_mut::<8>() {
        *first = (number as u64).to_le_bytes();
        let last = from(length.wrapping_sub(8)) as u64;
        to.last_chunk_mut().into_iter().for_each(|to| *to = last.to_le_bytes());
    } else if let Some(first) = to.first_chunk_mut::<4>() {
        *first = (number as u32).to_le_bytes();
        let last = from(length.wrapping_sub(4)) as u32;
        to.last_chunk_mut().into_iter().for_each(|to| *to = last.to_le_bytes());
    } else {
        for (place, to) in to.iter_mut().enumerate() {
            *to = from(place) as u8;
        }
    }
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
