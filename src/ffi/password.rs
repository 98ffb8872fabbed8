//! Passwords that people choose, as slow hashes: made for a policy, and verified by tools. A gate
//! verifies those of its policy itself.

use super::boundary::{Bytes, Call};
use super::status::Status;
use crate::password::{HashError, PasswordHash, SALT, hash, random_salt};

impl From<HashError> for Status {
    fn from(error: HashError) -> Self {
        match error {
            HashError::NotBuiltIn => Status::NotBuiltIn,
            HashError::BadPassword => Status::InvalidArgument,
            HashError::NoMemory => Status::NoMemory,
            HashError::NoRandomness => Status::NoRandomness,
            HashError::UnknownKind
            | HashError::Malformed { .. }
            | HashError::OutOfBounds { .. } => Status::Decode,
        }
    }
}

/// Makes the hash that a policy holds of a password that a person chose ("password_hash"): argon2id
/// with the parameters that OWASP recommends, 19 MiB and two passes. It takes some 20 ms, and
/// allocates the 19 MiB while it does.
///
/// @param password  8 to 1000 bytes without control characters
/// @param salt      empty for the operating system's random numbers; or 16 random bytes that
///                  nothing else uses
/// @param out       gets the hash, without a NUL; at most 128 bytes
/// @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
/// @param needed    gets the length of the hash, even if the room is too small for it
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if the password or the salt is not of that form;
///         TOLLGATE_STATUS_NOT_BUILT_IN if the library was built without the feature "password";
///         TOLLGATE_STATUS_NO_RANDOMNESS, TOLLGATE_STATUS_NO_MEMORY;
///         TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_password_hash(
    password: Bytes,
    salt: Bytes,
    out: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let inputs = [call.bytes(password)?, call.bytes(salt)?];
        let [password, salt] = inputs;
        let buffer = call.buffer(out, capacity, needed)?;
        let salt = match salt {
            [] => random_salt()?,
            salt => <[u8; SALT]>::try_from(salt).map_err(|_| Status::InvalidArgument)?,
        };
        let hash = hash(password, &salt)?;
        let text = hash.as_str().as_bytes();
        buffer.fill(&inputs, |room| {
            if let Some(room) = room.get_mut(..text.len()) {
                room.copy_from_slice(text);
            }
            Ok(text.len())
        })
    })
}

/// Whether `password` is the one that `hash` was made of: argon2id, bcrypt (as `htpasswd -B` makes
/// it) or PBKDF2, in the forms and within the bounds that a policy takes. This is for tools: it
/// takes milliseconds, and argon2id allocates its memory for it, as much as the hash says, at most
/// 128 MiB.
///
/// @param password  is read; bcrypt knows none of more than 72 bytes or with a NUL, so none matches
/// @param hash      is read
/// @return TOLLGATE_STATUS_OK if it is, TOLLGATE_STATUS_MISMATCH if it is not;
///         TOLLGATE_STATUS_DECODE if the text is no hash, or one that no policy takes;
///         TOLLGATE_STATUS_NOT_BUILT_IN if the library was built without the feature "password";
///         TOLLGATE_STATUS_NO_MEMORY
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_password_verify(password: Bytes, hash: Bytes) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let (password, hash) = (call.bytes(password)?, call.bytes(hash)?);
        let text = core::str::from_utf8(hash).map_err(|_| Status::Decode)?;
        let matches = PasswordHash::parse(text)?.verify(password)?;
        if matches { Ok(()) } else { Err(Status::Mismatch) }
    })
}
