//! PBKDF2 (RFC 8018 section 5.2), the first block of it: a hash is no longer than a digest.

use zeroize::Zeroize;

use crate::primitive::hmac::HmacKey;
use crate::primitive::sha2::Word;

/// The first block of the derived key, after `iterations` of HMAC under the password.
pub(super) fn first_block<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize>(
    password: &HmacKey<W, BLOCK, DIGEST>,
    salt: &[u8],
    iterations: u32,
) -> [u8; DIGEST] {
    let mut mac = password.start();
    mac.update(salt);
    mac.update(&1_u32.to_be_bytes());
    let mut last = mac.finish();
    let mut block = last;
    for _ in 1..iterations {
        last = password.mac(&last);
        block.iter_mut().zip(&last).for_each(|(sum, byte)| *sum ^= byte);
    }
    last.zeroize();
    block
}
