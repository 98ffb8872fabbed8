//! Tollgate itself, through its C ABI.

use super::Hmac;
use crate::tollgate::{
    bytes, tollgate_hmac_sha256_key, tollgate_hmac_sha256_key_init, tollgate_hmac_sha256_verify,
};

/// A prepared key.
pub struct Tollgate(pub tollgate_hmac_sha256_key);

impl Hmac for Tollgate {
    const NAME: &'static str = "Tollgate (C ABI)";

    fn new(key: &[u8]) -> Option<Self> {
        let mut prepared = tollgate_hmac_sha256_key { opaque: [0; 8] };
        // SAFETY: the key is written, and the secret is read.
        let status = unsafe { tollgate_hmac_sha256_key_init(&mut prepared, bytes(key)) };
        (status == 0).then_some(Self(prepared))
    }

    #[inline]
    fn verify(&mut self, message: &[u8], tag: &[u8; 32]) -> bool {
        // SAFETY: everything is read, and lives as long as the call.
        unsafe { tollgate_hmac_sha256_verify(&self.0, bytes(message), bytes(tag)) == 0 }
    }
}
