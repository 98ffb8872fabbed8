//! Trust signatures by themselves: made when a payment is created, and held against what comes
//! later.

use super::Symbols;
use crate::primitive::compare::equal_arrays;
use crate::primitive::hex::{self, Case};
use crate::primitive::hmac::{HmacSha256, HmacSha256Key, Mismatch};
use crate::primitive::sha2::Sha256;

/// The two values of a payment of which its trust signature is made (Flexiown: "Trust Signature",
/// and its WooCommerce plugin): the value first, then the seed, with nothing in between.
///
/// The signature is 64 lower-case hex digits. Without a key, whoever knows the two values can make
/// it, and everybody who sees one message about the payment does: it says of which payment a
/// message speaks, and never who speaks. With a key, only its holders can make it; it still covers
/// nothing else of the message and is the same for all messages about the payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trust<'a> {
    value: &'a [u8],
    seed: &'a [u8],
}

impl<'a> Trust<'a> {
    /// The values of one payment, as text. `value` is the MD5 value of the order id in 32
    /// lower-case hex digits; `seed` is not empty. Everything else is `None`: joined without a
    /// separator, other values could be cut in two places.
    pub fn new(value: &'a [u8], seed: &'a [u8]) -> Option<Self> {
        let digits = value.iter().all(|byte| Symbols::HexLower.contains(*byte));
        (value.len() == 32 && digits && !seed.is_empty()).then_some(Self { value, seed })
    }

    /// The signature that is made without a key: SHA-256.
    pub fn signature(&self) -> [u8; 64] {
        in_hex(&self.digest())
    }

    /// The signature under a key: HMAC-SHA256.
    pub fn keyed_signature(&self, key: &HmacSha256Key) -> [u8; 64] {
        in_hex(&self.mac(key).finish())
    }

    /// Whether `signature`, in hex, is the one that is made without a key. The time does not depend
    /// on where they differ.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] if it is not, or is not 64 lower-case hex digits.
    pub fn verify(&self, signature: &[u8]) -> Result<(), Mismatch> {
        let same = equal_arrays(&self.digest(), &from_hex(signature)?);
        if same { Ok(()) } else { Err(Mismatch) }
    }

    /// Whether `signature`, in hex, is the one under `key`. The time does not depend on where they
    /// differ.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] if it is not, or is not 64 lower-case hex digits.
    pub fn verify_keyed(&self, key: &HmacSha256Key, signature: &[u8]) -> Result<(), Mismatch> {
        self.mac(key).verify(&from_hex(signature)?)
    }

    fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.value);
        hash.update(self.seed);
        hash.finish()
    }

    fn mac(&self, key: &HmacSha256Key) -> HmacSha256 {
        let mut mac = key.start();
        mac.update(self.value);
        mac.update(self.seed);
        mac
    }
}

fn in_hex(digest: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    // 32 bytes are 64 digits: they always fit.
    let _ = hex::encode(digest, Case::Lower, &mut text);
    text
}

fn from_hex(text: &[u8]) -> Result<[u8; 32], Mismatch> {
    let mut digest = [0; 32];
    match hex::decode(text, Case::Lower, &mut digest) {
        Ok(bytes) if bytes.len() == 32 => Ok(digest),
        _ => Err(Mismatch),
    }
}
