//! Whole messages as JSON Web Tokens: signed, verified, and read after a gate has allowed them.

use super::boundary::{Bytes, Call};
use super::status::Status;
use crate::primitive::jws::JwsError;
use crate::token::{MessageError, message_claims, sign_message, verify_message};

/// Signs a message: a JSON Web Token (RFC 7519) with HMAC-SHA256, as Pledg takes the parameters of
/// a purchase in the URL parameter "signature".
///
/// @param secret    at least 16 bytes, used as they are
/// @param claims    a JSON object of at most 128 members, no name twice; it goes in octet for octet
/// @param message   gets the token, without a NUL
/// @param capacity  the bytes at `message`: for 3 bytes of claims 4, and 81 more, are enough
/// @param length    gets the length of the token
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if the secret is too short, TOLLGATE_STATUS_DECODE if
///         the claims are not what they must be, TOLLGATE_STATUS_BUFFER_TOO_SMALL
///
/// May be called from any thread. Nothing is allocated.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_message_sign(
    secret: Bytes,
    claims: Bytes,
    message: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let (secret, claims) = (call.bytes(secret)?, call.bytes(claims)?);
        call.buffer(message, capacity, length)?.fill(&[secret, claims], |room| {
            length_of(sign_message(secret, claims, room).map(str::len))
        })
    })
}

/// Verifies a message and gives its claims: the notification of Pledg that stands in the member
/// "signature" of a body. Nothing of the claims is decoded before the signature was found right.
///
/// A message says when it was made only if its sender wrote that into the claims: else it can be
/// sent again.
///
/// @param secret    at least 16 bytes, used as they are
/// @param message   the token, and nothing else
/// @param claims    gets the claims, the octets of a JSON object, without a NUL
/// @param capacity  the bytes at `claims`: 3 for every 4 of the message are enough
/// @param length    gets the length of the claims
/// @return TOLLGATE_STATUS_MISMATCH if the signature is not the one under this secret,
///         TOLLGATE_STATUS_DECODE if the message is no token with HS256 or its claims are no JSON
///         object of at most 128 members, no name twice, TOLLGATE_STATUS_INVALID_ARGUMENT if the
///         secret is too short, TOLLGATE_STATUS_BUFFER_TOO_SMALL
///
/// May be called from any thread. Nothing is allocated.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_message_verify(
    secret: Bytes,
    message: Bytes,
    claims: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let (secret, message) = (call.bytes(secret)?, call.bytes(message)?);
        call.buffer(claims, capacity, length)?.fill(&[secret, message], |room| {
            length_of(verify_message(secret, message, room).map(<[u8]>::len))
        })
    })
}

/// The claims of a message that a gate has allowed, on a route whose scheme is "pledg-message" or
/// "pledg-redirect". It verifies nothing: without a gate, use tollgate_message_verify().
///
/// @param message   the token, and nothing else
/// @param claims    gets the claims, the octets of a JSON object, without a NUL
/// @param capacity  the bytes at `claims`: 3 for every 4 of the message are enough
/// @param length    gets the length of the claims
/// @return TOLLGATE_STATUS_DECODE if there are none, TOLLGATE_STATUS_BUFFER_TOO_SMALL
///
/// May be called from any thread. Nothing is allocated.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_message_claims(
    message: Bytes,
    claims: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let message = call.bytes(message)?;
        call.buffer(claims, capacity, length)?
            .fill(&[message], |room| length_of(message_claims(message, room).map(<[u8]>::len)))
    })
}

/// The bytes that the result takes, whether there is room for them or not.
fn length_of(written: Result<usize, MessageError>) -> Result<usize, Status> {
    match written {
        Ok(length) => Ok(length),
        Err(MessageError::Jws(JwsError::BufferTooSmall { needed })) => Ok(needed),
        Err(MessageError::Jws(JwsError::Signature)) => Err(Status::Mismatch),
        Err(MessageError::SecretTooShort) => Err(Status::InvalidArgument),
        Err(MessageError::Claims | MessageError::Jws(_)) => Err(Status::Decode),
    }
}
