//! Trust signatures: made when a payment is created, and held against what comes later.

use super::boundary::{Bytes, Call};
use super::hmac::{HmacSha256Key, mismatch};
use super::status::Status;
use crate::scheme::Trust;

/// The values of one payment.
fn trust<'a>(call: &'a Call, value: Bytes, seed: Bytes) -> Result<Option<Trust<'a>>, Status> {
    Ok(Trust::new(call.bytes(value)?, call.bytes(seed)?))
}

/// Makes the trust signature of a payment: SHA-256 of the trust value and the trust seed, joined.
/// There is no key: whoever knows the two can make it. It says of which payment a message speaks,
/// and never who speaks.
///
/// @param value      the trust value: the MD5 value of the order id in 32 lower-case hex digits; it
///                   is read
/// @param seed       the trust seed as it was sent, not decoded and not empty; it is read
/// @param signature  gets 64 lower-case hex digits, without a NUL
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if the value or the seed has another form
///
/// May be called from any thread.
///
/// cbindgen:ptrs-as-arrays=[[signature; 64]]
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_trust_sign(
    value: Bytes,
    seed: Bytes,
    signature: *mut u8,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(signature.cast::<[u8; 64]>())?;
        let trust = trust(&call, value, seed)?.ok_or(Status::InvalidArgument)?;
        out.set(trust.signature());
        Ok(())
    })
}

/// Verifies that a trust signature is that of a value and a seed: those that a message carries with
/// the signature that was stored when the payment was created, or those that were stored with the
/// signature that a message carries. Two signatures are compared with tollgate_equal(). How long
/// it takes does not depend on where they differ.
///
/// @param value      the trust value; it is read
/// @param seed       the trust seed; it is read
/// @param signature  the trust signature, in hex; it is read
/// @return TOLLGATE_STATUS_MISMATCH if it is another, or if one of the three has not the form that
///         tollgate_trust_sign() says
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_trust_verify(
    value: Bytes,
    seed: Bytes,
    signature: Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let signature = call.bytes(signature)?;
        let trust = trust(&call, value, seed)?.ok_or(Status::Mismatch)?;
        trust.verify(signature).map_err(mismatch)
    })
}

/// Makes a trust signature under a key, HMAC-SHA256, so that only those who hold it can. It is for
/// those who can choose; it covers no more than the other.
///
/// @param key        from tollgate_hmac_sha256_key_init(); it is read
/// @param value      the trust value, as in tollgate_trust_sign()
/// @param seed       the trust seed, as in tollgate_trust_sign()
/// @param signature  gets 64 lower-case hex digits, without a NUL
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if the value or the seed has another form
///
/// May be called from any thread, by any number of them with one key.
///
/// cbindgen:ptrs-as-arrays=[[signature; 64]]
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_trust_sign_keyed(
    key: *const HmacSha256Key,
    value: Bytes,
    seed: Bytes,
    signature: *mut u8,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(signature.cast::<[u8; 64]>())?;
        let trust = trust(&call, value, seed)?.ok_or(Status::InvalidArgument)?;
        out.set(trust.keyed_signature(call.held(key)?));
        Ok(())
    })
}

/// Verifies a trust signature that was made under a key. How long it takes does not depend on
/// where the two differ.
///
/// @param key        from tollgate_hmac_sha256_key_init(); it is read
/// @param value      the trust value; it is read
/// @param seed       the trust seed; it is read
/// @param signature  the trust signature, in hex; it is read
/// @return TOLLGATE_STATUS_MISMATCH as in tollgate_trust_verify()
///
/// May be called from any thread, by any number of them with one key.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_trust_verify_keyed(
    key: *const HmacSha256Key,
    value: Bytes,
    seed: Bytes,
    signature: Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let (key, signature) = (call.held(key)?, call.bytes(signature)?);
        let trust = trust(&call, value, seed)?.ok_or(Status::Mismatch)?;
        trust.verify_keyed(key, signature).map_err(mismatch)
    })
}
