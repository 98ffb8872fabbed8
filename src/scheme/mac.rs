//! What makes the signature of a scheme: prepared keys and running states of each algorithm.

use super::{Algorithm, KeyEncoding, Scheme};
use crate::primitive::base64::{self, Alphabet, Padding};
use crate::primitive::compare::equal_arrays;
use crate::primitive::hex::{self, Case};
use crate::primitive::hmac::{HmacSha256, HmacSha256Key, HmacSha512, HmacSha512Key};
use crate::primitive::sha2::Sha256;
use crate::primitive::{DecodeError, copy_at};
use zeroize::Zeroizing;

/// A prepared key: using it never hashes the key again.
#[derive(Clone, Debug)]
pub enum MacKey {
    /// For HMAC-SHA256.
    Sha256(HmacSha256Key),
    /// For HMAC-SHA512.
    Sha512(HmacSha512Key),
}

/// Why a secret cannot be a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The scheme has no key.
    Unkeyed,
    /// It lacks the prefix of the scheme.
    Prefix,
    /// It is not encoded as the scheme says.
    Encoding,
    /// It has less than [`MIN_KEY`] bytes after decoding, or nothing but white space.
    TooShort,
    /// It has more than [`MAX_KEY`] bytes after decoding.
    TooLong,
}

/// The fewest bytes of a key: 128 bits.
pub const MIN_KEY: usize = 16;

/// The most bytes of a key.
pub const MAX_KEY: usize = 1024;

impl MacKey {
    /// Prepares `key`, of any length. `None` if the algorithm has no key.
    pub fn new(algorithm: Algorithm, key: &[u8]) -> Option<Self> {
        match algorithm {
            Algorithm::HmacSha256 => Some(MacKey::Sha256(HmacSha256Key::new(key))),
            Algorithm::HmacSha512 => Some(MacKey::Sha512(HmacSha512Key::new(key))),
            Algorithm::Sha256 => None,
        }
    }

    /// What the key is for.
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            MacKey::Sha256(_) => Algorithm::HmacSha256,
            MacKey::Sha512(_) => Algorithm::HmacSha512,
        }
    }

    /// Starts a MAC in `room`. Each is made where it stays: a state that is handed over as one of
    /// several kinds is copied in pieces that the processor has to put together again.
    #[inline]
    pub(super) fn start(&self, room: &mut Option<Mac>) {
        *room = None;
        match self {
            MacKey::Sha256(key) => _ = room.get_or_insert_with(|| Mac::Sha256(key.start())),
            MacKey::Sha512(key) => _ = room.get_or_insert_with(|| Mac::Sha512(key.start())),
        }
    }
}

impl Scheme {
    /// Prepares the key that the text `secret` stands for in this scheme.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the secret cannot be a key. A secret that decodes to nothing would verify
    /// everybody's signatures, so this is an error here and never a mismatch later.
    pub fn prepare_key(&self, secret: &[u8]) -> Result<MacKey, KeyError> {
        let text = secret.strip_prefix(self.key_prefix.as_bytes()).ok_or(KeyError::Prefix)?;
        let mut room = None;
        let key = match self.key {
            KeyEncoding::Text => Ok(text),
            KeyEncoding::Hex => {
                hex::decode(text, Case::Any, make(&mut room)).map_err(too_long_or_encoding)
            }
            KeyEncoding::Base64 => base64_key(text, Alphabet::Standard, make(&mut room)),
            KeyEncoding::Base64Url => base64_key(text, Alphabet::UrlSafe, make(&mut room)),
        }?;
        match key.len() {
            ..MIN_KEY => Err(KeyError::TooShort),
            _ if key.iter().all(u8::is_ascii_whitespace) => Err(KeyError::TooShort),
            MIN_KEY..=MAX_KEY => MacKey::new(self.algorithm, key).ok_or(KeyError::Unkeyed),
            _ => Err(KeyError::TooLong),
        }
    }
}

/// Room for a key that has to be decoded. To wipe it takes longer than to prepare a key, so there is
/// none for others.
fn make(room: &mut Option<Zeroizing<[u8; MAX_KEY]>>) -> &mut [u8] {
    &mut **room.insert(Zeroizing::new([0; MAX_KEY]))
}

fn base64_key<'r>(
    text: &[u8],
    alphabet: Alphabet,
    room: &'r mut [u8],
) -> Result<&'r [u8], KeyError> {
    base64::decode(text, alphabet, Padding::Optional, room).map_err(too_long_or_encoding)
}

fn too_long_or_encoding(error: DecodeError) -> KeyError {
    match error {
        DecodeError::BufferTooSmall { .. } => KeyError::TooLong,
        _ => KeyError::Encoding,
    }
}

/// A running MAC, or a digest in its place.
#[derive(Clone)]
pub(super) enum Mac {
    /// [`Algorithm::Sha256`].
    Unkeyed(Sha256),
    Sha256(HmacSha256),
    Sha512(HmacSha512),
    /// [`Mac::Sha256`], finished elsewhere. Nothing comes behind it.
    #[cfg(feature = "alloc")]
    Made([u8; 32]),
}

impl Mac {
    pub(super) fn unkeyed() -> Self {
        Mac::Unkeyed(Sha256::new())
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Mac::Unkeyed(hash) => hash.update(bytes),
            Mac::Sha256(mac) => mac.update(bytes),
            Mac::Sha512(mac) => mac.update(bytes),
            #[cfg(feature = "alloc")]
            Mac::Made(_) => (),
        }
    }

    pub(super) fn tag(&self) -> Tag {
        match self {
            Mac::Unkeyed(hash) => Tag::new(&hash.digest()),
            Mac::Sha256(mac) => Tag::new(&mac.tag()),
            Mac::Sha512(mac) => Tag::new(&mac.tag()),
            #[cfg(feature = "alloc")]
            Mac::Made(made) => Tag::new(made),
        }
    }
}

/// A MAC of either length, filled up with zeros so that every comparison is of one size.
#[derive(Clone, Copy)]
pub(super) struct Tag(pub(super) [u8; 64]);

impl Tag {
    fn new(bytes: &[u8]) -> Self {
        let mut tag = Tag([0; 64]);
        copy_at(&mut tag.0, 0, bytes);
        tag
    }

    /// The octets that `algorithm` makes.
    pub(super) fn octets(&self, algorithm: Algorithm) -> &[u8] {
        self.0.get(..algorithm.length()).unwrap_or(&self.0)
    }

    /// Compares in a time that does not depend on the bytes.
    pub(super) fn equals(&self, other: &Tag) -> bool {
        equal_arrays(&self.0, &other.0)
    }
}
