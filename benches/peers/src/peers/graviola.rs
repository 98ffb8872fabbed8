//! graviola: a keyed state, cloned for each message.

use graviola::hashing::Sha256;
use graviola::hashing::hmac;

use super::Hmac;

/// A keyed state.
pub struct Graviola(hmac::Hmac<Sha256>);

impl Hmac for Graviola {
    const NAME: &'static str = "graviola";

    fn new(key: &[u8]) -> Option<Self> {
        Some(Self(hmac::Hmac::new(key)))
    }

    #[inline]
    fn verify(&mut self, message: &[u8], tag: &[u8; 32]) -> bool {
        let mut state = self.0.clone();
        state.update(message);
        state.verify(tag).is_ok()
    }
}
