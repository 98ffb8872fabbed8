//! RustCrypto's hmac and sha2: a keyed state, cloned for each message.

use hmac::{KeyInit, Mac};

use super::Hmac;

/// A keyed state.
pub struct RustCrypto(hmac::Hmac<sha2::Sha256>);

impl Hmac for RustCrypto {
    const NAME: &'static str = "RustCrypto";

    fn new(key: &[u8]) -> Option<Self> {
        hmac::Hmac::new_from_slice(key).ok().map(Self)
    }

    #[inline]
    fn verify(&mut self, message: &[u8], tag: &[u8; 32]) -> bool {
        let mut state = self.0.clone();
        state.update(message);
        state.verify(tag.into()).is_ok()
    }
}
