//! Whole messages as JSON Web Tokens: what is said stands in the claims, and nothing beside them is
//! signed. Pledg sends its notifications so, and takes the parameters of a purchase so.

use core::fmt;

use crate::primitive::hmac::HmacSha256Key;
use crate::primitive::json::unique::check_unique_members;
use crate::primitive::jws::{self, Jws, JwsError};
use crate::primitive::{BufferTooSmall, json};

/// The fewest bytes of the secret of a message. RFC 7518 section 3.2 asks for 32; a secret that
/// somebody else has chosen is what it is.
pub const MIN_MESSAGE_SECRET: usize = 16;

/// The header that is written, with its members in the order of Pledg's own.
const HEADER: &[u8] = br#"{"typ":"JWT","alg":"HS256"}"#;

/// Why a message was not signed or not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageError {
    /// The secret has less than [`MIN_MESSAGE_SECRET`] bytes.
    SecretTooShort,
    /// The claims are not a JSON object in which a name stands once, of at most 128 members and 32
    /// levels.
    Claims,
    /// It is not a JSON Web Signature with HS256, not one under this secret, or the buffer is too
    /// small.
    Jws(JwsError),
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretTooShort => {
                write!(f, "the secret has less than {MIN_MESSAGE_SECRET} bytes")
            }
            Self::Claims => f.write_str("the claims are not a JSON object of unique members"),
            Self::Jws(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for MessageError {}

impl From<JwsError> for MessageError {
    fn from(error: JwsError) -> Self {
        Self::Jws(error)
    }
}

impl From<BufferTooSmall> for MessageError {
    fn from(BufferTooSmall { needed }: BufferTooSmall) -> Self {
        Self::Jws(JwsError::BufferTooSmall { needed })
    }
}

impl From<json::Malformed> for MessageError {
    fn from(json::Malformed: json::Malformed) -> Self {
        Self::Claims
    }
}

/// Signs `claims`, a JSON object, with HMAC-SHA256 under the text of the secret, and writes the
/// token into `out`: for 3 bytes of claims 4 characters, and 81 more. The claims go in octet for
/// octet. It allocates nothing.
///
/// # Errors
///
/// [`MessageError::SecretTooShort`], [`MessageError::Claims`], or that `out` is too small; it is
/// then as it was.
pub fn sign_message<'b>(
    secret: &[u8],
    claims: &[u8],
    out: &'b mut [u8],
) -> Result<&'b str, MessageError> {
    let key = key(secret)?;
    check_unique_members(claims)?;
    Ok(jws::sign(HEADER, claims, &key, out)?)
}

/// Verifies a token under the text of the secret and gives its claims, the octets of a JSON object,
/// decoded into `room`: three bytes for every four of the token are enough. Nothing of them is
/// decoded before the signature was found right. It allocates nothing.
///
/// The claims say when the message was made only if its sender wrote that into them: else it can
/// be sent again.
///
/// # Errors
///
/// [`MessageError`].
pub fn verify_message<'b>(
    secret: &[u8],
    message: &[u8],
    room: &'b mut [u8],
) -> Result<&'b [u8], MessageError> {
    let key = key(secret)?;
    let jws = Jws::of_message(message)?;
    jws.verify(&key)?;
    claims_of(&jws, room)
}

/// The claims of a message that a gate has allowed on a route of the scheme `pledg-message` or
/// `pledg-redirect`, as [`verify_message`] gives them. It verifies nothing.
///
/// # Errors
///
/// [`MessageError::Claims`] and [`MessageError::Jws`].
pub fn message_claims<'b>(message: &[u8], room: &'b mut [u8]) -> Result<&'b [u8], MessageError> {
    claims_of(&Jws::parse(message, usize::MAX)?, room)
}

fn claims_of<'b>(jws: &Jws<'_>, room: &'b mut [u8]) -> Result<&'b [u8], MessageError> {
    let claims = jws.payload(room)?;
    check_unique_members(claims)?;
    Ok(claims)
}

fn key(secret: &[u8]) -> Result<HmacSha256Key, MessageError> {
    match secret.len() {
        ..MIN_MESSAGE_SECRET => Err(MessageError::SecretTooShort),
        _ => Ok(HmacSha256Key::new(secret)),
    }
}
