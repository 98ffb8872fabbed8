//! bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999), as OpenBSD's `$2b$`
//! has it: the password ends with a NUL. `$2a$` and `$2y$` of today's programs are the same.

use blowfish::Blowfish;
use zeroize::Zeroizing;

/// The bytes of a hash: the last one of the three blocks is not kept.
pub(super) const DIGEST: usize = 23;

/// The most bytes of a password. What is behind them would not count.
const MAX_PASSWORD: usize = 72;

/// "OrpheanBeholderScryDoubt", which is encrypted.
const TEXT: [[u32; 2]; 3] =
    [[0x4f72_7068, 0x6561_6e42], [0x6568_6f6c, 0x6465_7253], [0x6372_7944, 0x6f75_6274]];

/// The hash of `password` with 2 to the power of `rounds` rounds. `None` for a password that is
/// too long or has a NUL in it: others would cut it there, and then anything that begins with it
/// matches.
pub(super) fn compute(rounds: u32, password: &[u8], salt: &[u8]) -> Option<[u8; DIGEST]> {
    if password.len() > MAX_PASSWORD || password.contains(&0) || salt.is_empty() {
        return None;
    }
    let mut key = Zeroizing::new([0; MAX_PASSWORD + 1]);
    key.get_mut(..password.len())?.copy_from_slice(password);
    let key = key.get(..=password.len())?;
    let mut state = Blowfish::bc_init_state();
    state.salted_expand_key(salt, key);
    for _ in 0..1_u64.checked_shl(rounds)? {
        state.bc_expand_key(key);
        state.bc_expand_key(salt);
    }
    let mut digest = [0; 24];
    for (block, out) in TEXT.iter().zip(digest.as_chunks_mut::<8>().0) {
        let [left, right] = (0..64).fold(*block, |block, _| state.bc_encrypt(block));
        let encrypted = (u64::from(left) << 32) | u64::from(right);
        *out = encrypted.to_be_bytes();
    }
    digest.first_chunk().copied()
}
