//! BoringSSL: a context that keeps its key (`HMAC_Init_ex` with a NULL key).

use std::ptr::{null, null_mut};

use boring_sys::{
    CRYPTO_memcmp, EVP_sha256, HMAC_CTX, HMAC_CTX_new, HMAC_Final, HMAC_Init_ex, HMAC_Update,
};

use super::Hmac;

/// A context with a key. It lives until the program ends.
pub struct BoringSsl(*mut HMAC_CTX);

impl Hmac for BoringSsl {
    const NAME: &'static str = "BoringSSL";

    fn new(key: &[u8]) -> Option<Self> {
        // SAFETY: it takes nothing.
        let context = unsafe { HMAC_CTX_new() };
        // SAFETY: it takes nothing.
        let sha256 = unsafe { EVP_sha256() };
        // SAFETY: the context is new, and the key is read.
        let status =
            unsafe { HMAC_Init_ex(context, key.as_ptr().cast(), key.len(), sha256, null_mut()) };
        (status == 1).then_some(Self(context))
    }

    #[inline]
    fn verify(&mut self, message: &[u8], tag: &[u8; 32]) -> bool {
        let mut made = [0_u8; 32];
        // SAFETY: the context has a key, the message is read, and a tag of SHA-256 fits `made`.
        unsafe {
            HMAC_Init_ex(self.0, null(), 0, null(), null_mut()) == 1
                && HMAC_Update(self.0, message.as_ptr(), message.len()) == 1
                && HMAC_Final(self.0, made.as_mut_ptr(), null_mut()) == 1
                && CRYPTO_memcmp(made.as_ptr().cast(), tag.as_ptr().cast(), 32) == 0
        }
    }
}
