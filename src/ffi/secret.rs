//! Secrets at rest: the hash that a policy holds of an API key or a passphrase, and the comparison
//! that a gate makes with it.

use super::boundary::{Bytes, Call};
use super::status::Status;
use crate::primitive::hashed::HashedSecret;
use crate::primitive::hmac::HmacSha256Key;
use crate::primitive::sha2::sha256;

/// The SHA-256 of `secret`, 32 bytes, into `hash`: what "sha256" means in a policy. It suits
/// secrets that were generated, with 128 bits or more.
///
/// cbindgen:ptrs-as-arrays=[[hash; 32]]
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_secret_sha256(secret: Bytes, hash: *mut u8) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(hash.cast::<[u8; 32]>())?;
        out.set(sha256(call.bytes(secret)?));
        Ok(())
    })
}

/// TOLLGATE_STATUS_OK if `hash` is the hash of `presented`, TOLLGATE_STATUS_MISMATCH if it is not
/// or is not 32 bytes long. With an empty `pepper` the hash is a SHA-256, else an HMAC-SHA256 with
/// the pepper as its key: "sha256" and "hmac_sha256" in a policy. How long that takes depends on
/// the lengths alone.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_secret_matches(
    presented: Bytes,
    hash: Bytes,
    pepper: Bytes,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let hash = <[u8; 32]>::try_from(call.bytes(hash)?).map_err(|_| Status::Mismatch)?;
        let stored = match call.bytes(pepper)? {
            [] => HashedSecret::Sha256(hash),
            pepper => HashedSecret::HmacSha256 { pepper: HmacSha256Key::new(pepper), hash },
        };
        if stored.matches(call.bytes(presented)?) { Ok(()) } else { Err(Status::Mismatch) }
    })
}
