//! What a policy holds in place of an API key or a passphrase.

use core::fmt;

use crate::primitive::hex::{self, Case};
use crate::primitive::hmac::HmacSha256Key;
use crate::primitive::sha2::sha256;
use crate::primitive::text::Text;
use crate::scheme::MIN_KEY;

/// The pepper has less than [`MIN_KEY`] bytes; a policy would refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortPepper;

impl fmt::Display for ShortPepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pepper has less than {MIN_KEY} bytes")
    }
}

impl core::error::Error for ShortPepper {}

/// The SHA-256 of `secret` in 64 hex digits: `sha256` in a policy. It suits secrets that were
/// generated, as a [`Key`](super::Key) is.
pub fn sha256_text(secret: &[u8]) -> Text<64> {
    digits(&sha256(secret))
}

/// The HMAC-SHA256 of `secret` under `pepper`, a key that is kept apart, in 64 hex digits:
/// `hmac_sha256` in a policy.
///
/// # Errors
///
/// [`ShortPepper`].
pub fn hmac_sha256_text(secret: &[u8], pepper: &[u8]) -> Result<Text<64>, ShortPepper> {
    if pepper.len() < MIN_KEY {
        return Err(ShortPepper);
    }
    Ok(digits(&HmacSha256Key::new(pepper).mac(secret)))
}

fn digits(hash: &[u8; 32]) -> Text<64> {
    let mut room = [0; 64];
    Text::truncated(hex::encode(hash, Case::Lower, &mut room).unwrap_or_default())
}
