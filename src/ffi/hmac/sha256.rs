//! HMAC-SHA256 (RFC 2104) with a prepared key, in one call or in pieces.

use super::mismatch;
use crate::ffi::boundary::{Bytes, Call, Holds};
use crate::ffi::status::Status;
use crate::primitive::hmac;

/// A prepared HMAC-SHA256 key. It lies in the caller's memory and may be copied; with a const
/// pointer to it any number of threads may work at once. It is as secret as the key that it was
/// made of.
#[derive(Debug)]
#[repr(C)]
pub struct HmacSha256Key {
    /// Nothing that a caller may rely on.
    opaque: [u64; 8],
}

/// An HMAC-SHA256 over a message that arrives in pieces. It lies in the caller's memory and may
/// be copied; one thread at a time may work with it. It is as secret as the key.
#[derive(Debug)]
#[repr(C)]
pub struct HmacSha256State {
    /// Nothing that a caller may rely on.
    opaque: [u64; 17],
}

// SAFETY: a prepared key is two hash states, words of which any value is one.
unsafe impl Holds for HmacSha256Key {
    type Value = hmac::HmacSha256Key;
}

// SAFETY: any bytes are a usable computation; it derives the position in a block from the length.
unsafe impl Holds for HmacSha256State {
    type Value = hmac::HmacSha256;
}

/// Prepares a secret as a key, once: no later call hashes the secret again.
///
/// @param key     is written and need not be initialised; it stays the caller's, to be overwritten
///                with tollgate_hmac_sha256_key_wipe()
/// @param secret  of any length; it is read and not kept
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_hmac_sha256_key_init(
    key: *mut HmacSha256Key,
    secret: Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| call.hold(key, hmac::HmacSha256Key::new(call.bytes(secret)?)))
}

/// Overwrites a key that is no longer needed.
///
/// @param key  is written; or NULL
///
/// May be called from any thread, while no other uses the key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tollgate_hmac_sha256_key_wipe(key: *mut HmacSha256Key) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| if key.is_null() { Ok(()) } else { call.take(key).map(drop) })
}

/// Makes the tag of a message.
///
/// @param key      from tollgate_hmac_sha256_key_init(); it is read
/// @param message  is read
/// @param tag      gets 32 bytes
///
/// May be called from any thread, by any number of them with one key.
///
/// cbindgen:ptrs-as-arrays=[[tag; 32]]
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_hmac_sha256_mac(
    key: *const HmacSha256Key,
    message: Bytes,
    tag: *mut u8,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(tag.cast::<[u8; 32]>())?;
        out.set(call.held(key)?.mac(call.bytes(message)?));
        Ok(())
    })
}

/// Decides whether a tag is that of a message. How long that takes depends neither on the key nor
/// on where the tags differ.
///
/// @param key      from tollgate_hmac_sha256_key_init(); it is read
/// @param message  is read
/// @param tag      is read; a tag is 32 bytes long and never cut
/// @return TOLLGATE_STATUS_OK if it is, TOLLGATE_STATUS_MISMATCH if it is not or has another length
///
/// May be called from any thread, by any number of them with one key.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_hmac_sha256_verify(
    key: *const HmacSha256Key,
    message: Bytes,
    tag: Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let key = call.held(key)?;
        key.verify(call.bytes(message)?, call.bytes(tag)?).map_err(mismatch)
    })
}

/// Begins a message that arrives in pieces.
///
/// @param state  is written and need not be initialised; it stays the caller's
/// @param key    from tollgate_hmac_sha256_key_init(); it is read and not needed afterwards
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_hmac_sha256_init(
    state: *mut HmacSha256State,
    key: *const HmacSha256Key,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| call.hold(state, call.held(key)?.start()))
}

/// Takes the next piece of a message. How it is cut does not change its tag.
///
/// @param state  from tollgate_hmac_sha256_init(); it is read and written, by one thread at a time
/// @param piece  is read and not kept
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_hmac_sha256_update(
    state: *mut HmacSha256State,
    piece: Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let piece = call.bytes(piece)?;
        call.change(state, piece, |state| state.update(piece))
    })
}

/// Makes the tag of a message that arrived in pieces.
///
/// @param state  from tollgate_hmac_sha256_init(); it is overwritten with zeros, and another message
///               needs another tollgate_hmac_sha256_init()
/// @param tag    gets 32 bytes
///
/// cbindgen:ptrs-as-arrays=[[tag; 32]]
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_hmac_sha256_finish(
    state: *mut HmacSha256State,
    tag: *mut u8,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(tag.cast::<[u8; 32]>())?;
        out.set(call.take(state)?.finish());
        Ok(())
    })
}

/// Decides whether a tag is that of a message that arrived in pieces, like
/// tollgate_hmac_sha256_verify().
///
/// @param state  from tollgate_hmac_sha256_init(); it is overwritten with zeros, whatever comes out
/// @param tag    is read
/// @return TOLLGATE_STATUS_OK or TOLLGATE_STATUS_MISMATCH
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_hmac_sha256_finish_verify(
    state: *mut HmacSha256State,
    tag: Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let computation = call.take(state)?;
        computation.verify(call.bytes(tag)?).map_err(mismatch)
    })
}
