//! Sixteen bytes worked on at once: plain loops over arrays of this length, which the compiler
//! turns into vector code. Decoding and encoding are sums and masks here, without a branch and
//! without a table, so that how long they take says nothing about a secret.

use core::ops::RangeInclusive;

use super::copy_prefix;
use super::siphash::rest_word;

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub(super) mod hexadecimal;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod sse2;
#[cfg(target_arch = "x86_64")]
mod symbols;

#[cfg(target_arch = "x86_64")]
pub(super) use symbols::Ssse3;

/// Bytes of one step.
pub(super) type Lanes = [u8; 16];

/// Symbols one after the other that stand for values one after the other.
#[derive(Clone, Copy)]
pub(super) struct Run {
    /// The first symbol,
    pub(super) symbol: u8,
    /// the value that it stands for,
    pub(super) value: u8,
    /// and how many there are, less one.
    pub(super) last: u8,
}

/// The symbols of base64, with those for 62 and 63.
#[inline]
pub(super) const fn base64_runs(plus: u8, slash: u8) -> [Run; 5] {
    [
        Run { symbol: b'A', value: 0, last: 25 },
        Run { symbol: b'a', value: 26, last: 25 },
        Run { symbol: b'0', value: 52, last: 9 },
        Run { symbol: plus, value: 62, last: 0 },
        Run { symbol: slash, value: 63, last: 0 },
    ]
}

/// The symbols of hexadecimal, with the letters from `one` and from `other` on.
#[inline]
pub(super) const fn hex_runs(one: u8, other: u8) -> [Run; 3] {
    [
        Run { symbol: b'0', value: 0, last: 9 },
        Run { symbol: one, value: 10, last: 5 },
        Run { symbol: other, value: 10, last: 5 },
    ]
}

/// `0xff` if `byte` is one of the `last` + 1 from `first` on, else 0.
#[inline]
pub(super) const fn in_range(byte: u8, first: u8, last: u8) -> u8 {
    0u8.wrapping_sub((byte.wrapping_sub(first) <= last) as u8)
}

/// The values of sixteen symbols. A lane of `unknown` becomes nonzero where the symbol is in no run;
/// its value is then unspecified.
#[inline]
pub(super) fn values_of<const N: usize>(
    symbols: &Lanes,
    runs: &[Run; N],
    unknown: &mut Lanes,
) -> Lanes {
    let mut values = *symbols;
    for (lane, unknown) in values.iter_mut().zip(unknown) {
        let (mut known, mut distance) = (0, 0);
        for Run { symbol, value, last } in runs {
            let chosen = in_range(*lane, *symbol, *last);
            known |= chosen;
            distance |= chosen & value.wrapping_sub(*symbol);
        }
        *lane = lane.wrapping_add(distance);
        *unknown |= !known;
    }
    values
}

/// The last bytes of `text`, less than sixteen, as a number, the first lowest.
#[inline]
pub(super) fn little_endian(last: &[u8], text: &[u8]) -> u128 {
    let (words, rest) = last.as_chunks::<8>();
    let rest = u128::from(rest_word(rest, text.last_chunk()));
    match words {
        [first, ..] => u128::from(u64::from_le_bytes(*first)) | rest << 64,
        [] => rest,
    }
}

/// 0 if every byte is, without looking at them one by one.
#[inline]
pub(super) fn collect(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |all, byte| all | byte)
}

/// The last bytes of `text`, less than sixteen, and `filler` behind them, the first lowest.
#[inline]
pub(super) fn filled_up(last: &[u8], text: &[u8], filler: u8) -> u128 {
    let fill = u128::from_ne_bytes([filler; 16]).wrapping_shl((last.len() as u32) << 3);
    little_endian(last, text) | fill
}

/// Puts as many of `bytes` as there is room for into `to`. The answer is 0 if all others are.
#[inline]
pub(super) fn put_last(to: &mut [u8], bytes: &[u8]) -> u8 {
    let written = copy_prefix(to, bytes);
    collect(bytes.get(written..).unwrap_or_default())
}

/// Puts as many of the lowest bytes of `number` as there is room for into `to`, less than sixteen,
/// in two pieces that may overlap.
#[cfg(target_arch = "x86_64")]
#[inline]
pub(super) fn put_first(to: &mut [u8], number: u128) {
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

/// A class of bytes.
pub(crate) trait Class {
    /// Those that are in it.
    const RANGES: &'static [RangeInclusive<u8>];
}

/// Whether every byte is of the class. All of them are looked at.
#[inline]
pub(crate) fn every<C: Class>(bytes: &[u8]) -> bool {
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    return sse2::every::<C>(bytes);
    #[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
    every_portably::<C>(bytes)
}

#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
fn every_portably<C: Class>(bytes: &[u8]) -> bool {
    let is_in = |byte: u8, range: &RangeInclusive<u8>| {
        in_range(byte, *range.start(), range.end().wrapping_sub(*range.start()))
    };
    let known = |byte: u8| C::RANGES.iter().fold(0, |known, range| known | is_in(byte, range));
    bytes.iter().fold(u8::MAX, |all, byte| all & known(*byte)) == u8::MAX
}

/// The two halves as numbers, the first byte uppermost.
#[inline]
pub(super) const fn halves(lanes: &Lanes) -> [u64; 2] {
    let all = u128::from_be_bytes(*lanes);
    [(all >> 64) as u64, all as u64]
}

#[cfg(test)]
mod tests {
    use super::{Class, RangeInclusive, every, every_portably};

    struct Letters;

    impl Class for Letters {
        const RANGES: &'static [RangeInclusive<u8>] =
            &[b'a'..=b'y', 0xc0..=0xff, b'\t'..=b'\t', 0..=2];
    }

    #[test]
    fn one_byte_at_any_place_is_enough() {
        for length in 0..=70 {
            let mut bytes = [b'a'; 70];
            assert!(every::<Letters>(&bytes[..length]), "{length} bytes");
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    bytes[at] = byte;
                    let known = matches!(byte, b'a'..=b'y' | 0xc0.. | b'\t' | 0..=2);
                    let (one, other) = (
                        every::<Letters>(&bytes[..length]),
                        every_portably::<Letters>(&bytes[..length]),
                    );
                    assert_eq!((one, other), (known, known), "{length} bytes, {byte} at {at}");
                }
                bytes[at] = b'a';
            }
        }
    }
}
