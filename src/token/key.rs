//! The keys of tokens, and from when to when each is used.

use core::fmt;

use crate::primitive::hmac::HmacSha256Key;
use crate::primitive::text::Text;

/// The fewest bytes in a key (RFC 7518 section 3.2).
pub const MIN_KEY: usize = 32;

/// The most bytes in the id of a key.
pub const MAX_KEY_ID: usize = 64;

/// Why a key cannot sign tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// It has less than [`MIN_KEY`] bytes.
    TooShort,
    /// Its id is empty or has more than [`MAX_KEY_ID`] bytes.
    BadId,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => write!(f, "the key has less than {MIN_KEY} bytes"),
            Self::BadId => write!(f, "the id of the key has not 1 to {MAX_KEY_ID} bytes"),
        }
    }
}

impl core::error::Error for KeyError {}

/// A prepared key. During a rotation several are active: the first active one signs, and each
/// verifies the tokens that name it.
#[derive(Clone, Debug)]
pub struct TokenKey {
    id: Text<MAX_KEY_ID>,
    mac: HmacSha256Key,
    /// The first millisecond since 1970 at which the key is used; `None` from the beginning.
    pub not_before_ms: Option<u64>,
    /// The first millisecond since 1970 at which it is no longer used; `None` for never. It has to
    /// outlast the tokens that the key signs, which end with it.
    pub not_after_ms: Option<u64>,
}

impl TokenKey {
    /// Prepares `secret` as a key that is always used. `id` becomes the header member `kid`.
    ///
    /// # Errors
    ///
    /// [`KeyError`].
    pub fn new(id: &str, secret: &[u8]) -> Result<Self, KeyError> {
        if secret.len() < MIN_KEY {
            return Err(KeyError::TooShort);
        }
        if id.is_empty() || id.len() > MAX_KEY_ID {
            return Err(KeyError::BadId);
        }
        let (id, mac) = (Text::truncated(id), HmacSha256Key::new(secret));
        Ok(Self { id, mac, not_before_ms: None, not_after_ms: None })
    }

    /// The id.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// Whether the key is used at this millisecond since 1970.
    pub fn is_active(&self, unix_ms: u64) -> bool {
        self.not_before_ms.is_none_or(|first| unix_ms >= first)
            && self.not_after_ms.is_none_or(|end| unix_ms < end)
    }

    /// The MAC under the key.
    pub(super) fn mac(&self) -> &HmacSha256Key {
        &self.mac
    }
}
