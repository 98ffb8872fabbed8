//! The record of a credential as JSON, and what becomes of its secrets: rotate, reset, revoke.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::boundary::{Buffer, Bytes, Call};
use super::status::Status;
use crate::keys::{self, LifecycleError, NewValue, reset, revoke, rotate};

/// Which secret of a credential.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub enum SecretKind {
    /// The API key.
    ApiKey = 1,
    /// The passphrase of its Basic user.
    Passphrase = 2,
    /// What signs its requests.
    SigningSecret = 3,
}

const fn kind(number: u32) -> Result<keys::SecretKind, Status> {
    match number {
        1 => Ok(keys::SecretKind::ApiKey),
        2 => Ok(keys::SecretKind::Passphrase),
        3 => Ok(keys::SecretKind::SigningSecret),
        _ => Err(Status::InvalidArgument),
    }
}

/// Gives a secret of a credential a new value that counts at once, while the old ones count for
/// some time more. Values that have ended are dropped; what is not about the secret stays as it is.
///
/// @param record     the JSON object that stands for the credential in a policy
/// @param secret     a tollgate_secret_kind
/// @param value      what the record holds of the new value, as JSON: {"sha256": ...} with what
///                   tollgate_key_hash() gives for an API key or a passphrase, a reference such as
///                   {"file": ...} for a signing secret; whatever a policy takes there
/// @param schemes    for a signing secret, if the credential has some for different schemes: the
///                   names of those of one of them, separated by commas. Empty otherwise
/// @param unix_ms    the time now, in milliseconds since 1970
/// @param overlap_s  how many seconds more the old values count; 0 for none
/// @param out        gets the new record, without a NUL, to be put into the policy in place of the
///                   old one; on TOLLGATE_STATUS_POLICY_INVALID and TOLLGATE_STATUS_BAD_STATE as
///                   much as fits of what is wrong
/// @param capacity   the room at `out` in bytes; with 0, `out` may be NULL
/// @param needed     gets the length of that text, even if the room is too small for it
/// @return TOLLGATE_STATUS_BAD_STATE if the credential is revoked; TOLLGATE_STATUS_POLICY_INVALID
///         if a policy would not take the record, or not with this value;
///         TOLLGATE_STATUS_INVALID_ARGUMENT if a time is not from 1970 to 9999;
///         TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
///
/// It allocates. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_credential_rotate(
    record: Bytes,
    secret: u32,
    value: Bytes,
    schemes: Bytes,
    unix_ms: u64,
    overlap_s: u64,
    out: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let inputs = [call.bytes(record)?, call.bytes(value)?, call.bytes(schemes)?];
        let [record, value, schemes] = inputs;
        let schemes = names(schemes)?;
        let new = NewValue { kind: kind(secret)?, value, schemes: &schemes };
        let out = call.buffer(out, capacity, needed)?;
        put(out, &inputs, rotate(record, &new, unix_ms, overlap_s))
    })
}

/// Gives a secret of a credential a new value in place of all that it has: they end at once, and
/// with them every token that was issued to the credential, which gets its next generation.
///
/// @param record    as for tollgate_credential_rotate()
/// @param secret    a tollgate_secret_kind
/// @param value     as for tollgate_credential_rotate()
/// @param schemes   as for tollgate_credential_rotate()
/// @param out       as for tollgate_credential_rotate()
/// @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
/// @param needed    gets the length of that text, even if the room is too small for it
/// @return as tollgate_credential_rotate(), which alone has a time
///
/// It allocates. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_credential_reset(
    record: Bytes,
    secret: u32,
    value: Bytes,
    schemes: Bytes,
    out: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let inputs = [call.bytes(record)?, call.bytes(value)?, call.bytes(schemes)?];
        let [record, value, schemes] = inputs;
        let schemes = names(schemes)?;
        let new = NewValue { kind: kind(secret)?, value, schemes: &schemes };
        let out = call.buffer(out, capacity, needed)?;
        put(out, &inputs, reset(record, &new))
    })
}

/// Revokes a credential for good: all values of its secrets and all tokens that were issued to it
/// end, and no function here changes the record any more. The values stay, so that whoever presents
/// one is told that it is revoked. The record of a credential that is revoked comes out as it is.
///
/// @param record    as for tollgate_credential_rotate()
/// @param unix_ms   the time now, in milliseconds since 1970
/// @param out       as for tollgate_credential_rotate()
/// @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
/// @param needed    gets the length of that text, even if the room is too small for it
/// @return TOLLGATE_STATUS_POLICY_INVALID if a policy would not take the record;
///         TOLLGATE_STATUS_INVALID_ARGUMENT if the time is not from 1970 to 9999;
///         TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
///
/// It allocates. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_credential_revoke(
    record: Bytes,
    unix_ms: u64,
    out: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let record = call.bytes(record)?;
        let out = call.buffer(out, capacity, needed)?;
        put(out, &[record], revoke(record, unix_ms))
    })
}

/// The names in a list, separated by commas.
fn names(list: &[u8]) -> Result<Vec<&str>, Status> {
    let list = str::from_utf8(list).map_err(|_| Status::InvalidArgument)?;
    if list.is_empty() { Ok(Vec::new()) } else { Ok(list.split(',').collect()) }
}

/// Gives the record, or as much as fits of what is wrong.
fn put(
    out: Buffer<'_>,
    inputs: &[&[u8]],
    changed: Result<String, LifecycleError>,
) -> Result<(), Status> {
    let (text, result) = match changed {
        Ok(record) => (record, Ok(())),
        Err(LifecycleError::BadTime) => return Err(Status::InvalidArgument),
        Err(error @ LifecycleError::Revoked) => (error.to_string(), Err(Status::BadState)),
        Err(error) => (error.to_string(), Err(Status::PolicyInvalid)),
    };
    let written = out.fill(inputs, |room| {
        if result.is_err() || text.len() <= room.len() {
            for (to, from) in room.iter_mut().zip(text.bytes()) {
                *to = from;
            }
        }
        Ok(text.len())
    });
    result.and(written)
}
