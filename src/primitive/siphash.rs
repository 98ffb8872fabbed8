//! SipHash (Aumasson, Bernstein 2012): a short keyed hash for tables whose keys a stranger chooses.
//! Without the key nobody can make entries collide.
//!
//! SipHash-2-4 is what the paper proposes. SipHash-1-3 takes half the rounds, is what the tables of
//! most languages have, and is enough for a hash that nobody gets to see.
//!
//! Neither is a MAC for messages: 64 bits are too few to authenticate anything.

/// The SipHash-2-4 of `data` under `key`. The first byte of the reference output is the lowest
/// byte of the number.
pub fn siphash24(key: &[u8; 16], data: &[u8]) -> u64 {
    SipHash::<2, 4>::new(key).whole(data)
}

/// The SipHash-1-3 of `data` under `key`, as [`siphash24`] has it.
pub fn siphash13(key: &[u8; 16], data: &[u8]) -> u64 {
    SipHash::<1, 3>::new(key).whole(data)
}

/// A hash of data that comes in whole words of 8 bytes and one last piece, with `C` rounds for each
/// word and `D` at the end.
#[derive(Clone)]
pub(crate) struct SipHash<const C: usize, const D: usize> {
    state: State,
    length: usize,
}

impl<const C: usize, const D: usize> SipHash<C, D> {
    #[inline]
    pub(crate) const fn new(key: &[u8; 16]) -> Self {
        let key = u128::from_le_bytes(*key);
        let (k0, k1) = (key as u64, (key >> 64) as u64);
        let state = State {
            v0: k0 ^ 0x736f_6d65_7073_6575,
            v1: k1 ^ 0x646f_7261_6e64_6f6d,
            v2: k0 ^ 0x6c79_6765_6e65_7261,
            v3: k1 ^ 0x7465_6462_7974_6573,
        };
        Self { state, length: 0 }
    }

    /// Adds eight bytes, the lowest byte of `word` first.
    #[inline]
    pub(crate) fn word(&mut self, word: u64) {
        self.state.absorb::<C>(word);
        self.length = self.length.wrapping_add(8);
    }

    /// Adds `bytes`, and zeros up to a multiple of eight.
    #[inline]
    pub(crate) fn filled(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.word(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            self.word(rest_word(rest, bytes.last_chunk()));
        }
    }

    /// The hash, after the `length` lowest bytes of `rest`: less than eight, and zeros above.
    #[inline]
    pub(crate) fn finish(mut self, rest: u64, length: usize) -> u64 {
        // The last word: the rest, zeros, and the length modulo 256 in the last byte.
        let length = self.length.wrapping_add(length);
        self.state.absorb::<C>(rest | ((length as u64) << 56));
        self.state.finish::<D>()
    }

    /// The hash of `data`, and of nothing before it.
    #[inline]
    fn whole(mut self, data: &[u8]) -> u64 {
        let (words, rest) = data.as_chunks::<8>();
        for word in words {
            self.word(u64::from_le_bytes(*word));
        }
        self.finish(rest_word(rest, data.last_chunk()), rest.len())
    }
}

/// `rest` as a number, its first byte lowest. `end`, which ends with it, has it in one piece.
#[inline]
pub(crate) fn rest_word(rest: &[u8], end: Option<&[u8; 8]>) -> u64 {
    match end {
        Some(end) => {
            let other_bits = 64_u32.wrapping_sub((rest.len() as u32) << 3);
            u64::from_le_bytes(*end).checked_shr(other_bits).unwrap_or(0)
        }
        None => match (rest.first_chunk(), rest.last_chunk()) {
            // Four bytes or more: two numbers of four, which may overlap.
            (Some(first), Some(last)) => {
                let [first, last] = [first, last].map(|four| u64::from(u32::from_le_bytes(*four)));
                let shift = (rest.len() as u32).wrapping_sub(4) << 3;
                first | last.wrapping_shl(shift)
            }
            _ => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        },
    }
}

#[derive(Clone)]
struct State {
    v0: u64,
    v1: u64,
    v2: u64,
    v3: u64,
}

impl State {
    #[inline]
    fn absorb<const C: usize>(&mut self, word: u64) {
        self.v3 ^= word;
        for _ in 0..C {
            self.round();
        }
        self.v0 ^= word;
    }

    #[inline]
    fn finish<const D: usize>(mut self) -> u64 {
        self.v2 ^= 0xff;
        for _ in 0..D {
            self.round();
        }
        self.v0 ^ self.v1 ^ self.v2 ^ self.v3
    }

    #[inline]
    fn round(&mut self) {
        self.v0 = self.v0.wrapping_add(self.v1);
        self.v2 = self.v2.wrapping_add(self.v3);
        self.v1 = self.v1.rotate_left(13) ^ self.v0;
        self.v3 = self.v3.rotate_left(16) ^ self.v2;
        self.v0 = self.v0.rotate_left(32);
        self.v2 = self.v2.wrapping_add(self.v1);
        self.v0 = self.v0.wrapping_add(self.v3);
        self.v1 = self.v1.rotate_left(17) ^ self.v2;
        self.v3 = self.v3.rotate_left(21) ^ self.v0;
        self.v2 = self.v2.rotate_left(32);
    }
}

#[cfg(test)]
mod tests {
    #![allow(deprecated, reason = "the hasher of core is SipHash-2-4: an independent oracle")]

    use core::hash::{Hasher, SipHasher};

    use super::{siphash13, siphash24};

    const KEY: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    const INPUT: [u8; 15] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];

    #[test]
    fn the_vector_of_the_paper() {
        assert_eq!(siphash24(&KEY, &INPUT), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn the_first_reference_vectors() {
        let expected = [
            0x726f_db47_dd0e_0e31,
            0x74f8_39c5_93dc_67fd,
            0x0d6c_8009_d9a9_4f5a,
            0x8567_6696_d7fb_7e2d,
            0xcf27_94e0_2771_87b7,
            0x1876_5564_cd99_a68d,
            0xcbc9_466e_58fe_e3ce,
            0xab02_00f5_8b01_d137,
            0x93f5_f579_9a93_2462,
        ];
        for (length, expected) in expected.into_iter().enumerate() {
            assert_eq!(siphash24(&KEY, &INPUT[..length]), expected, "{length} bytes");
        }
    }

    #[test]
    fn agrees_with_the_hasher_of_core() {
        let data: [u8; 300] = core::array::from_fn(|index| (index as u8).wrapping_mul(167));
        let (k0, k1) = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908);
        for length in 0..=data.len() {
            let mut theirs = SipHasher::new_with_keys(k0, k1);
            theirs.write(&data[..length]);
            assert_eq!(siphash24(&KEY, &data[..length]), theirs.finish(), "{length} bytes");
        }
    }

    /// The hasher of the standard library is SipHash-1-3 under a key of zeros.
    #[cfg(feature = "std")]
    #[test]
    fn the_short_one_agrees_with_the_hasher_of_std() {
        let data: [u8; 300] = core::array::from_fn(|index| (index as u8).wrapping_mul(167));
        for length in 0..=data.len() {
            let mut theirs = std::hash::DefaultHasher::new();
            theirs.write(&data[..length]);
            assert_eq!(siphash13(&[0; 16], &data[..length]), theirs.finish(), "{length} bytes");
        }
        assert_ne!(siphash13(&KEY, &data), siphash13(&[0; 16], &data));
    }
}
