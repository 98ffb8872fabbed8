//! What contenders work on: random contents at random places.

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};

/// Reproducible random numbers; each part of the bench has its own.
pub fn random(part: &str) -> StdRng {
    StdRng::seed_from_u64(
        part.bytes().fold(7, |seed: u64, byte| seed.wrapping_mul(31) + u64::from(byte)),
    )
}

/// `length` random bytes.
pub fn bytes(random: &mut StdRng, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    random.fill_bytes(&mut bytes);
    bytes
}

/// Random messages, each at a random distance of less than 64 bytes from an aligned address.
pub fn messages(random: &mut StdRng, lengths: &[usize]) -> Vec<&'static [u8]> {
    lengths
        .iter()
        .map(|length| {
            let memory: &'static [u8] = bytes(random, length + 128).leak();
            let skip = memory.as_ptr().align_offset(64) + random.random_range(0..64);
            &memory[skip..skip + length]
        })
        .collect()
}

/// A random secret of 32 bytes.
pub fn secret(random: &mut StdRng) -> Vec<u8> {
    bytes(random, 32)
}

/// HMAC-SHA256, by an implementation that is not Tollgate's.
pub fn tag(key: &[u8], message: &[u8]) -> [u8; 32] {
    ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key), message)
        .as_ref()
        .try_into()
        .expect("a tag has 32 bytes")
}

/// `tag` with one bit turned over.
pub fn spoilt(random: &mut StdRng, tag: [u8; 32]) -> [u8; 32] {
    let mut spoilt = tag;
    spoilt[random.random_range(0..32)] ^= 1 << random.random_range(0..8);
    spoilt
}
