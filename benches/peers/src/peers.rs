//! Who Tollgate is compared with, one implementation a file.

pub mod aws_lc;
pub mod boringssl;
pub mod composition;
pub mod graviola;
pub mod ipsec_mb;
pub mod networks;
pub mod openssl;
pub mod ring;
pub mod rustcrypto;
pub mod sodium;
pub mod tollgate;

/// HMAC-SHA256 with a key that is prepared once, in the fastest way that the implementation has.
pub trait Hmac: Sized + 'static {
    /// As it stands in tables.
    const NAME: &'static str;

    /// Prepares a key. `None` if the implementation is not on this machine.
    fn new(key: &[u8]) -> Option<Self>;

    /// Whether `tag` is that of `message`, compared in constant time.
    fn verify(&mut self, message: &[u8], tag: &[u8; 32]) -> bool;
}
