//! JSON Web Signatures (RFC 7515) in the compact serialization, with HMAC-SHA256 (`HS256`) and
//! nothing else: the algorithm belongs to the key, and a header that says another is refused
//! (RFC 8725 section 3.1).
//!
//! The reader is strict. A text has exactly three segments, each canonical base64url without
//! padding. The header is a JSON object in which a name stands once, of at most 32 members and 8
//! levels. Keys that a header brings along (`jwk`, `jku`, `x5u`, `x5c`) are not looked at.

use core::fmt;

use super::base64::{self, Alphabet, Padding, encoded_len};
use super::hmac::HmacSha256Key;
use super::json::unique::read_unique_members;
use super::json::{JsonString, Malformed, Value};
use super::{BufferTooSmall, DecodeError};

/// The most bytes of the decoded header of a whole message.
const MAX_MESSAGE_HEADER: usize = 512;

/// Why a JWS was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwsError {
    /// The text is longer than the limit.
    TooLong,
    /// It has not the form of RFC 7515 section 7.1, or its header is not a JSON object that
    /// section 4 allows.
    Form,
    /// The header has no `alg`, or one that is not `HS256`.
    Algorithm,
    /// The header has `crit` or `b64`, which ask for extensions that are not understood
    /// (RFC 7515 section 4.1.11, RFC 7797).
    Extension,
    /// The signature is not the one of this header and payload under the key.
    Signature,
    /// The buffer is too small.
    BufferTooSmall {
        /// The bytes that the decoded segment takes.
        needed: usize,
    },
}

impl fmt::Display for JwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::TooLong => "the token is too long",
            Self::Form => "the token has not the form of RFC 7515",
            Self::Algorithm => "the algorithm is not HS256",
            Self::Extension => "the header asks for an extension",
            Self::Signature => "the signature does not match",
            Self::BufferTooSmall { needed } => return BufferTooSmall { needed }.fmt(f),
        })
    }
}

impl core::error::Error for JwsError {}

/// A text cut into its segments. Nothing in it is to be trusted before [`Jws::verify`].
#[derive(Clone, Copy, Debug)]
pub struct Jws<'a> {
    signing_input: &'a [u8],
    header: &'a [u8],
    payload: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Jws<'a> {
    /// Cuts `text`, of at most `max` bytes, into its segments.
    ///
    /// # Errors
    ///
    /// [`JwsError::TooLong`]; [`JwsError::Form`] if there are not three segments, or if the header
    /// or the payload is empty.
    pub fn parse(text: &'a [u8], max: usize) -> Result<Self, JwsError> {
        if text.len() > max {
            return Err(JwsError::TooLong);
        }
        let mut segments = text.split(|byte| *byte == b'.');
        let cut = (segments.next(), segments.next(), segments.next(), segments.next());
        let (Some(header), Some(payload), Some(signature), None) = cut else {
            return Err(JwsError::Form);
        };
        if header.is_empty() || payload.is_empty() {
            return Err(JwsError::Form);
        }
        let signed = text.len().saturating_sub(signature.len()).saturating_sub(1);
        let signing_input = text.get(..signed).ok_or(JwsError::Form)?;
        Ok(Self { signing_input, header, payload, signature })
    }

    /// Cuts the text of a whole message, of any length, and refuses what [`Jws::header`] refuses, or
    /// a header that is longer than [`MAX_MESSAGE_HEADER`].
    pub(crate) fn of_message(text: &'a [u8]) -> Result<Self, JwsError> {
        let message = Self::parse(text, usize::MAX)?;
        match message.header(&mut [0; MAX_MESSAGE_HEADER]) {
            Ok(_) => Ok(message),
            Err(JwsError::BufferTooSmall { .. }) => Err(JwsError::Form),
            Err(error) => Err(error),
        }
    }

    /// What the signature covers: header and payload as they were sent, with the dot in between
    /// (RFC 7515 section 2).
    pub const fn signing_input(&self) -> &'a [u8] {
        self.signing_input
    }

    /// The signature as it was sent, in base64url.
    pub const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// Decodes the header into `room` and reads it. Three bytes of room for every four of the text
    /// are enough.
    ///
    /// # Errors
    ///
    /// All but [`JwsError::TooLong`] and [`JwsError::Signature`].
    pub fn header<'b>(&self, room: &'b mut [u8]) -> Result<Header<'b>, JwsError> {
        let text = decode(self.header, room)?;
        let mut header = Header { token_type: None, key_id: None };
        let (mut algorithm, mut extended) = (false, false);
        let members = read_unique_members(text, |name, value| {
            if name.means("alg") {
                algorithm = matches!(value, Value::String(text) if text.means("HS256"));
            }
            extended |= name.means("crit") || name.means("b64");
            for (member, slot) in [("typ", &mut header.token_type), ("kid", &mut header.key_id)] {
                if name.means(member) {
                    let Value::String(text) = value else { return Err(Malformed) };
                    *slot = Some(text);
                }
            }
            Ok(())
        });
        members.map_err(|Malformed| JwsError::Form)?;
        match (algorithm, extended) {
            (false, _) => Err(JwsError::Algorithm),
            (true, true) => Err(JwsError::Extension),
            (true, false) => Ok(header),
        }
    }

    /// Whether the signature is the one under `key`, compared in constant time. It does not look
    /// at the header: read that first, and refuse what it refuses.
    ///
    /// # Errors
    ///
    /// [`JwsError::Form`] if the signature is empty or not base64url, else [`JwsError::Signature`].
    pub fn verify(&self, key: &HmacSha256Key) -> Result<(), JwsError> {
        if self.signature.is_empty() {
            return Err(JwsError::Form);
        }
        // Twice the room of a tag: a text that is no base64url is found out first.
        let mut room = [0; 64];
        let tag = decode(self.signature, &mut room).map_err(|error| match error {
            JwsError::BufferTooSmall { .. } => JwsError::Signature,
            error => error,
        })?;
        key.verify(self.signing_input, tag).map_err(|_| JwsError::Signature)
    }

    /// Decodes the payload into `room`.
    ///
    /// # Errors
    ///
    /// [`JwsError::Form`] and [`JwsError::BufferTooSmall`].
    pub fn payload<'b>(&self, room: &'b mut [u8]) -> Result<&'b [u8], JwsError> {
        decode(self.payload, room)
    }
}

/// What is read from a header besides its algorithm.
#[derive(Clone, Copy)]
pub struct Header<'a> {
    token_type: Option<JsonString<'a>>,
    key_id: Option<JsonString<'a>>,
}

impl Header<'_> {
    /// Whether `typ` is there and is exactly `name`.
    pub fn has_type(&self, name: &str) -> bool {
        self.token_type.is_some_and(|text| text.means(name))
    }

    /// Whether `kid` is there and is exactly `id`.
    pub fn has_key_id(&self, id: &str) -> bool {
        self.key_id.is_some_and(|text| text.means(id))
    }
}

impl fmt::Debug for Header<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Header(..)")
    }
}

fn decode<'b>(segment: &[u8], room: &'b mut [u8]) -> Result<&'b [u8], JwsError> {
    let decoded = base64::decode(segment, Alphabet::UrlSafe, Padding::Forbidden, room);
    decoded.map_err(|error| match error {
        DecodeError::BufferTooSmall { needed } => JwsError::BufferTooSmall { needed },
        _ => JwsError::Form,
    })
}

/// Signs `header` and `payload`, both JSON, and gives the text.
///
/// # Errors
///
/// [`BufferTooSmall`]; `out` is then as it was.
pub(crate) fn sign<'b>(
    header: &[u8],
    payload: &[u8],
    key: &HmacSha256Key,
    out: &'b mut [u8],
) -> Result<&'b str, BufferTooSmall> {
    let lengths = [header.len(), payload.len(), 32];
    let needed = lengths.iter().try_fold(2_usize, |sum, length| {
        sum.checked_add(encoded_len(*length, Padding::Forbidden)?)
    });
    let needed = needed.unwrap_or(usize::MAX);
    let short = BufferTooSmall { needed };
    let out = out.get_mut(..needed).ok_or(short)?;
    let signed = append(out, 0, header).and_then(|at| {
        *out.get_mut(at)? = b'.';
        append(out, at.checked_add(1)?, payload)
    });
    let signed = signed.ok_or(short)?;
    let tag = key.mac(out.get(..signed).ok_or(short)?);
    *out.get_mut(signed).ok_or(short)? = b'.';
    append(out, signed.saturating_add(1), &tag).ok_or(short)?;
    core::str::from_utf8(out).map_err(|_| short)
}

/// Encodes `bytes` to the place `at` and gives the place behind.
fn append(out: &mut [u8], at: usize, bytes: &[u8]) -> Option<usize> {
    let room = out.get_mut(at..)?;
    let text = base64::encode(bytes, Alphabet::UrlSafe, Padding::Forbidden, room).ok()?;
    at.checked_add(text.len())
}
