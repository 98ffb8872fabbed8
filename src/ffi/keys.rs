//! API keys, passphrases and signing secrets for whoever issues them: made, read without a lookup,
//! and hashed for the policy.

use super::boundary::{Bytes, Call};
use super::status::Status;
use crate::keys::{Key, Label, Malformed, hmac_sha256_text, parse, sha256_text};

/// Why a text is no key.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub enum KeyFault {
    /// It is one.
    None = 0,
    /// There is no prefix, or it is too long or has other characters than it may.
    Prefix = 1,
    /// There is no environment, or it is too long or has other characters than it may.
    Environment = 2,
    /// Something among the digits is no base62 digit.
    Symbol = 3,
    /// There are not 36 digits.
    Length = 4,
    /// The checksum is that of another key: something was mistyped.
    Checksum = 5,
}

impl From<Malformed> for KeyFault {
    fn from(fault: Malformed) -> Self {
        match fault {
            Malformed::Prefix => KeyFault::Prefix,
            Malformed::Environment => KeyFault::Environment,
            Malformed::Symbol { .. } => KeyFault::Symbol,
            Malformed::Length => KeyFault::Length,
            Malformed::Checksum => KeyFault::Checksum,
        }
    }
}

/// Makes a new API key, passphrase or signing secret: the prefix, "_", the environment, "_", and 36
/// base62 digits, which are 22 random bytes (176 bits) and a checksum of everything before it. Show
/// it to its holder this once, keep tollgate_key_hash() of it (of a signing secret the key itself),
/// and wipe the buffer.
///
/// @param prefix       whose key it is and what for: 1 to 16 lower-case letters and digits, the
///                     first a letter
/// @param environment  the environment that it is for: 1 to 32 lower-case letters, digits, "_" and
///                     "-", as in the policy
/// @param entropy      empty for the operating system's random numbers; or 22 random bytes that
///                     nobody else knows and nothing else uses
/// @param out          gets the key, without a NUL; at most 86 bytes
/// @param capacity     the room at `out` in bytes; with 0, `out` may be NULL
/// @param needed       gets the length of the key, even if the room is too small for it
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if the prefix or the environment is not of that form,
///         or the random bytes are of another number or all the same;
///         TOLLGATE_STATUS_NO_RANDOMNESS if the operating system gave none;
///         TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_key_generate(
    prefix: Bytes,
    environment: Bytes,
    entropy: Bytes,
    out: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let inputs = [call.bytes(prefix)?, call.bytes(environment)?, call.bytes(entropy)?];
        let [prefix, environment, entropy] = inputs;
        let key = make(&label(prefix, environment)?, entropy)?;
        let text = key.as_str().as_bytes();
        call.buffer(out, capacity, needed)?.fill(&inputs, |room| {
            if let Some(room) = room.get_mut(..text.len()) {
                room.copy_from_slice(text);
            }
            Ok(text.len())
        })
    })
}

fn label<'a>(prefix: &'a [u8], environment: &'a [u8]) -> Result<Label<'a>, Status> {
    let text = |bytes| str::from_utf8(bytes).map_err(|_| Status::InvalidArgument);
    Label::new(text(prefix)?, text(environment)?).map_err(|_| Status::InvalidArgument)
}

fn make(label: &Label<'_>, entropy: &[u8]) -> Result<Key, Status> {
    match entropy {
        [] => Key::generate(label).map_err(|_| Status::NoRandomness),
        bytes => {
            let bytes = bytes.try_into().map_err(|_| Status::InvalidArgument)?;
            Key::new(label, bytes).map_err(|_| Status::InvalidArgument)
        }
    }
}

/// Reads what a key says of itself, without looking it up: its prefix, its environment, and whether
/// it is whole. Only the policy knows whether it was issued.
///
/// @param key          is read
/// @param prefix       gets the length of the prefix, with which the key begins
/// @param environment  gets the length of the environment, which begins one byte behind the prefix
/// @param fault        gets a tollgate_key_fault, with TOLLGATE_STATUS_DECODE too
/// @return TOLLGATE_STATUS_DECODE if the text is no key
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_key_parse(
    key: Bytes,
    prefix: *mut usize,
    environment: *mut usize,
    fault: *mut u32,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let key = call.bytes(key)?;
        let (mut prefix, mut environment) = (call.out(prefix)?, call.out(environment)?);
        let mut found = call.out(fault)?;
        match parse(key) {
            Ok(label) => {
                found.set(KeyFault::None as u32);
                prefix.set(label.prefix().len());
                environment.set(label.environment().len());
                Ok(())
            }
            Err(fault) => {
                found.set(KeyFault::from(fault) as u32);
                Err(Status::Decode)
            }
        }
    })
}

/// What a policy holds in place of an API key or a passphrase that was generated, 64 lower-case hex
/// digits: with an empty pepper its SHA-256 ("sha256"), else its HMAC-SHA256 under the pepper
/// ("hmac_sha256").
///
/// @param secret  is read
/// @param pepper  empty, or a key of at least 16 bytes that is kept apart from the policy
/// @param digits  gets the 64 digits, without a NUL
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if the pepper is shorter
///
/// May be called from any thread.
///
/// cbindgen:ptrs-as-arrays=[[digits; 64]]
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_key_hash(
    secret: Bytes,
    pepper: Bytes,
    digits: *mut u8,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(digits.cast::<[u8; 64]>())?;
        let secret = call.bytes(secret)?;
        let text = match call.bytes(pepper)? {
            [] => sha256_text(secret),
            pepper => hmac_sha256_text(secret, pepper).map_err(|_| Status::InvalidArgument)?,
        };
        out.set(*text.padded());
        Ok(())
    })
}
