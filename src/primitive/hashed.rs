//! Secrets at rest: a hash that a presented secret is compared with.

use super::compare::equal_arrays;
use super::hmac::HmacSha256Key;
use super::sha2::sha256;

/// The hash of a secret.
#[derive(Clone, Debug)]
pub enum HashedSecret {
    /// Its SHA-256: for secrets that were generated, with 128 bits or more.
    Sha256([u8; 32]),
    /// Its HMAC-SHA256 under a key that is kept elsewhere (a pepper).
    HmacSha256 {
        /// The key.
        pepper: HmacSha256Key,
        /// The MAC.
        hash: [u8; 32],
    },
}

impl HashedSecret {
    /// The hash itself.
    #[cfg(feature = "alloc")]
    pub(crate) const fn digest(&self) -> &[u8; 32] {
        match self {
            HashedSecret::Sha256(hash) | HashedSecret::HmacSha256 { hash, .. } => hash,
        }
    }

    /// Whether `presented` is the secret. Neither a branch nor an address depends on its bytes or
    /// on the hash; the time depends on the length of `presented` and on the kind of the hash.
    pub fn matches(&self, presented: &[u8]) -> bool {
        match self {
            HashedSecret::Sha256(hash) => equal_arrays(&sha256(presented), hash),
            HashedSecret::HmacSha256 { pepper, hash } => equal_arrays(&pepper.mac(presented), hash),
        }
    }
}
