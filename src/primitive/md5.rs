//! MD5 (RFC 1321), streaming, for one purpose: the digest of a body inside of a MAC, as older
//! clients of some vendors compute it.
//!
//! Two messages with one MD5 are easily made (RFC 6151 section 2). So it is not public, nothing
//! is recognised by it alone, and no client can choose it.

use md5::Digest;

/// A streaming MD5 computation. What it holds is overwritten when it is dropped.
#[derive(Clone, Default)]
pub(crate) struct Md5(md5::Md5);

impl Md5 {
    /// Absorbs `data`. How a message is cut into pieces does not change its digest.
    pub(crate) fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// The digest of everything absorbed.
    pub(crate) fn finish(self) -> [u8; 16] {
        self.0.finalize().into()
    }
}
