//! Base64 and hexadecimal, strict and canonical, into the caller's buffer.

use super::boundary::{Bytes, Call};
use super::status::Status;
use crate::primitive::{BufferTooSmall, base64, hex};

/// The symbols of base64 beyond letters and digits.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub enum Base64Alphabet {
    /// `+` and `/` (RFC 4648 section 4).
    Standard = 0,
    /// `-` and `_` (RFC 4648 section 5).
    UrlSafe = 1,
}

/// What is said about the `=` at the end of base64.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub enum Base64Padding {
    /// The text is padded to a multiple of four symbols.
    Required = 0,
    /// Padded in full or not at all; what is encoded is padded.
    Optional = 1,
    /// There is none.
    Forbidden = 2,
}

/// The letters of hexadecimal.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub enum HexCase {
    /// `a` to `f`.
    Lower = 0,
    /// `A` to `F`.
    Upper = 1,
    /// Either, even mixed; what is encoded is lower case.
    Any = 2,
}

const fn alphabet(number: u32) -> Result<base64::Alphabet, Status> {
    match number {
        0 => Ok(base64::Alphabet::Standard),
        1 => Ok(base64::Alphabet::UrlSafe),
        _ => Err(Status::InvalidArgument),
    }
}

const fn padding(number: u32) -> Result<base64::Padding, Status> {
    match number {
        0 => Ok(base64::Padding::Required),
        1 => Ok(base64::Padding::Optional),
        2 => Ok(base64::Padding::Forbidden),
        _ => Err(Status::InvalidArgument),
    }
}

const fn case(number: u32) -> Result<hex::Case, Status> {
    match number {
        0 => Ok(hex::Case::Lower),
        1 => Ok(hex::Case::Upper),
        2 => Ok(hex::Case::Any),
        _ => Err(Status::InvalidArgument),
    }
}

/// The size that an encoded text takes.
const fn encoded(result: Result<&str, BufferTooSmall>) -> Result<usize, Status> {
    match result {
        Ok(text) => Ok(text.len()),
        Err(BufferTooSmall { needed }) => Ok(needed),
    }
}

/// Encodes bytes as base64 (RFC 4648).
///
/// @param input     is read
/// @param alphabet  a number of tollgate_base64_alphabet
/// @param padding   a number of tollgate_base64_padding
/// @param out       gets the text, without a NUL; no part of it may lie in the input
/// @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
/// @param needed    gets the length of the text, even if the room is too small for it
/// @return TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_base64_encode(
    input: Bytes,
    alphabet: u32,
    padding: u32,
    out: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let input = call.bytes(input)?;
        let (alphabet, padding) = (self::alphabet(alphabet)?, self::padding(padding)?);
        call.buffer(out, capacity, needed)?
            .fill(&[input], |room| encoded(base64::encode(input, alphabet, padding, room)))
    })
}

/// Decodes base64 (RFC 4648). Every value has exactly one text: whitespace, symbols of the other
/// alphabet, wrong padding and unused bits that are set are refused.
///
/// @param input     is read
/// @param alphabet  a number of tollgate_base64_alphabet
/// @param padding   a number of tollgate_base64_padding
/// @param out       gets the value; no part of it may lie in the input
/// @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
/// @param needed    gets the length of the value, even if the room is too small for it
/// @return TOLLGATE_STATUS_DECODE if the input is not such a text: then the room at `out` is filled
///         with zeros; TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_base64_decode(
    input: Bytes,
    alphabet: u32,
    padding: u32,
    out: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let input = call.bytes(input)?;
        let (alphabet, padding) = (self::alphabet(alphabet)?, self::padding(padding)?);
        call.buffer(out, capacity, needed)?.fill(&[input], |room| {
            base64::decode_unexplained(input, alphabet, padding, room).ok_or(Status::Decode)
        })
    })
}

/// Encodes bytes as hexadecimal.
///
/// @param input     is read
/// @param letters   a number of tollgate_hex_case
/// @param out       gets the text, without a NUL; no part of it may lie in the input
/// @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
/// @param needed    gets the length of the text, even if the room is too small for it
/// @return TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_hex_encode(
    input: Bytes,
    letters: u32,
    out: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let (input, case) = (call.bytes(input)?, case(letters)?);
        call.buffer(out, capacity, needed)?
            .fill(&[input], |room| encoded(hex::encode(input, case, room)))
    })
}

/// Decodes hexadecimal: two symbols a byte and nothing else.
///
/// @param input     is read
/// @param letters   a number of tollgate_hex_case
/// @param out       gets the value; no part of it may lie in the input
/// @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
/// @param needed    gets the length of the value, even if the room is too small for it
/// @return TOLLGATE_STATUS_DECODE if the input is not such a text: then the room at `out` is filled
///         with zeros; TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_hex_decode(
    input: Bytes,
    letters: u32,
    out: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let (input, case) = (call.bytes(input)?, case(letters)?);
        call.buffer(out, capacity, needed)?
            .fill(&[input], |room| hex::decode_unexplained(input, case, room).ok_or(Status::Decode))
    })
}
