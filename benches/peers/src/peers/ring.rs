//! ring: a prepared key.

use ring::hmac;

use super::Hmac;

/// A prepared key.
pub struct Ring(hmac::Key);

impl Hmac for Ring {
    const NAME: &'static str = "ring";

    fn new(key: &[u8]) -> Option<Self> {
        Some(Self(hmac::Key::new(hmac::HMAC_SHA256, key)))
    }

    #[inline]
    fn verify(&mut self, message: &[u8], tag: &[u8; 32]) -> bool {
        hmac::verify(&self.0, message, tag).is_ok()
    }
}
