//! What SHA-256 and SHA-512 differ in.

use sha2::block_api::{compress256, compress512};

#[cfg(target_arch = "x86_64")]
use super::super::sha256::{Message, ShaNi};
use super::{digest_by_blocks, tag_by_blocks};

mod sealed {
    pub trait Sealed {}
    impl Sealed for u32 {}
    impl Sealed for u64 {}
}

/// The word of a hash function: `u32` makes SHA-256, `u64` makes SHA-512. There are no others.
pub trait Word<const BLOCK: usize, const DIGEST: usize>: sealed::Sealed + Copy + Default {
    /// The name of the hash function.
    const HASH: &'static str;
    /// The state before the first block.
    const INITIAL: [Self; 8];
    /// Absorbs whole blocks.
    fn compress(words: &mut [Self; 8], blocks: &[[u8; BLOCK]]);
    /// The digest of a message of `length` bytes, of which `words` have absorbed all but `rest`.
    fn digest(words: &[Self; 8], rest: &[u8], length: u64) -> [u8; DIGEST];
    /// The HMAC of such a message, where `inner` began after the block of the inner key, which
    /// `length` counts too, and `outer` are the words after that of the outer key.
    fn tag(inner: &[Self; 8], outer: &[Self; 8], rest: &[u8], length: u64) -> [u8; DIGEST];
    /// The words in the byte order of the digest.
    fn to_bytes(words: &[Self; 8]) -> [u8; DIGEST];
}

impl Word<64, 32> for u32 {
    const HASH: &'static str = "Sha256";

    // FIPS 180-4 section 5.3.3.
    const INITIAL: [Self; 8] = [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
        0x5be0cd19,
    ];

    #[inline]
    fn compress(words: &mut [Self; 8], blocks: &[[u8; 64]]) {
        #[cfg(target_arch = "x86_64")]
        if let Some(sha_ni) = ShaNi::detect() {
            return sha_ni.compress(words, blocks);
        }
        compress256(words, blocks);
    }

    #[inline]
    fn digest(words: &[Self; 8], rest: &[u8], length: u64) -> [u8; 32] {
        #[cfg(target_arch = "x86_64")]
        if let Some(sha_ni) = ShaNi::detect() {
            return sha_ni.digest(words, rest, length);
        }
        digest_by_blocks(words, rest, length)
    }

    #[inline]
    fn tag(inner: &[Self; 8], outer: &[Self; 8], rest: &[u8], length: u64) -> [u8; 32] {
        #[cfg(target_arch = "x86_64")]
        if let Some(sha_ni) = ShaNi::detect() {
            return sha_ni.tag(&Message { inner, outer, rest, length });
        }
        tag_by_blocks(inner, outer, rest, length)
    }

    #[inline]
    fn to_bytes(words: &[Self; 8]) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (to, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
            *to = word.to_be_bytes();
        }
        bytes
    }
}

impl Word<128, 64> for u64 {
    const HASH: &'static str = "Sha512";

    // FIPS 180-4 section 5.3.5.
    const INITIAL: [Self; 8] = [
        0x6a09e667f3bcc908,
        0xbb67ae8584caa73b,
        0x3c6ef372fe94f82b,
        0xa54ff53a5f1d36f1,
        0x510e527fade682d1,
        0x9b05688c2b3e6c1f,
        0x1f83d9abfb41bd6b,
        0x5be0cd19137e2179,
    ];

    #[inline]
    fn compress(words: &mut [Self; 8], blocks: &[[u8; 128]]) {
        compress512(words, blocks);
    }

    #[inline]
    fn digest(words: &[Self; 8], rest: &[u8], length: u64) -> [u8; 64] {
        digest_by_blocks(words, rest, length)
    }

    #[inline]
    fn tag(inner: &[Self; 8], outer: &[Self; 8], rest: &[u8], length: u64) -> [u8; 64] {
        tag_by_blocks(inner, outer, rest, length)
    }

    #[inline]
    fn to_bytes(words: &[Self; 8]) -> [u8; 64] {
        let mut bytes = [0; 64];
        for (to, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
            *to = word.to_be_bytes();
        }
        bytes
    }
}
