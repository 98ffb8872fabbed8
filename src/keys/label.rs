//! What a key says of itself: whose it is, its environment, and whether it is whole.

use core::fmt;

use crate::primitive::base62;
use crate::primitive::crc32::crc32;
use crate::primitive::text::is_lower_name;

/// The most bytes in a prefix.
pub const MAX_PREFIX: usize = 16;

/// The most bytes in the name of an environment, here as in a policy.
pub const MAX_ENVIRONMENT: usize = 32;

/// The base62 digits that are random.
pub(super) const RANDOM_DIGITS: usize = 30;

/// The base62 digits of the checksum.
pub(super) const CHECKSUM_DIGITS: usize = 6;

/// Between the prefix, the environment and the digits.
pub(super) const SEPARATOR: &str = "_";

/// The bytes in a key besides prefix and environment.
const FRAME: usize = 2 * SEPARATOR.len() + RANDOM_DIGITS + CHECKSUM_DIGITS;

/// The most bytes in a key.
pub const MAX_KEY: usize = MAX_PREFIX + MAX_ENVIRONMENT + FRAME;

/// What stands before the digits of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label<'a> {
    prefix: &'a str,
    environment: &'a str,
}

impl<'a> Label<'a> {
    /// The label of keys with this prefix for this environment.
    ///
    /// `prefix` has 1 to [`MAX_PREFIX`] lower-case letters and digits, the first a letter, and
    /// should say whose key it is and what for. `environment` has 1 to [`MAX_ENVIRONMENT`]
    /// lower-case letters, digits, `_` and `-`, as in a policy.
    ///
    /// # Errors
    ///
    /// [`Malformed::Prefix`], [`Malformed::Environment`].
    pub fn new(prefix: &'a str, environment: &'a str) -> Result<Self, Malformed> {
        if !is_prefix(prefix) {
            return Err(Malformed::Prefix);
        }
        if !is_environment(environment) {
            return Err(Malformed::Environment);
        }
        Ok(Self { prefix, environment })
    }

    /// The prefix.
    pub const fn prefix(&self) -> &'a str {
        self.prefix
    }

    /// The environment that the key is for.
    pub const fn environment(&self) -> &'a str {
        self.environment
    }

    /// The bytes in a key with this label.
    pub const fn key_len(&self) -> usize {
        FRAME.saturating_add(self.prefix.len()).saturating_add(self.environment.len())
    }
}

fn is_prefix(text: &str) -> bool {
    text.len() <= MAX_PREFIX
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn is_environment(text: &str) -> bool {
    (1..=MAX_ENVIRONMENT).contains(&text.len()) && is_lower_name(text)
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// There is no prefix, or it is too long or has other characters than it may.
    Prefix,
    /// There is no environment, or it is too long or has other characters than it may.
    Environment,
    /// The byte at this offset should be a base62 digit and is none. Of several, it is the first.
    Symbol {
        /// The offset in bytes, from 0.
        at: usize,
    },
    /// There are not 36 digits.
    Length,
    /// The checksum is that of another key: something was mistyped.
    Checksum,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::Prefix => "the prefix is missing, too long or not of lower-case letters",
            Self::Environment => "the environment is missing, too long or no name of one",
            Self::Symbol { at } => {
                return write!(f, "the byte at offset {at} is no letter and no digit");
            }
            Self::Length => "the key is too long or cut off",
            Self::Checksum => "the checksum is that of another key",
        })
    }
}

impl core::error::Error for Malformed {}

/// Reads the label of `text` and checks that it is a whole key, without looking it up. Whether the
/// key is one that was issued, only the policy knows.
///
/// # Errors
///
/// [`Malformed`], the first that holds in the order of its variants.
pub fn parse(text: &[u8]) -> Result<Label<'_>, Malformed> {
    let separator = |byte: &u8| SEPARATOR.as_bytes().contains(byte);
    let first = text.iter().position(separator).ok_or(Malformed::Prefix)?;
    let last = text.iter().rposition(separator).ok_or(Malformed::Prefix)?;
    let part =
        |from: usize, to: usize| text.get(from..to).and_then(|part| str::from_utf8(part).ok());
    let prefix = part(0, first).ok_or(Malformed::Prefix)?;
    // A key with one separator has a prefix and no environment.
    let label = Label::new(prefix, part(first.saturating_add(1), last).unwrap_or(""))?;
    digits(text, last.saturating_add(1))?;
    Ok(label)
}

/// Checks the digits, which begin at `start`.
fn digits(text: &[u8], start: usize) -> Result<(), Malformed> {
    let digits = text.get(start..).unwrap_or_default();
    if let Some(at) = digits.iter().position(|byte| !base62::is_digit(*byte)) {
        return Err(Malformed::Symbol { at: start.saturating_add(at) });
    }
    if digits.len() != RANDOM_DIGITS + CHECKSUM_DIGITS {
        return Err(Malformed::Length);
    }
    match text.split_last_chunk() {
        Some((covered, found)) if *found == checksum(covered) => Ok(()),
        _ => Err(Malformed::Checksum),
    }
}

/// The checksum of everything before it.
pub(super) fn checksum(covered: &[u8]) -> [u8; CHECKSUM_DIGITS] {
    base62::encode(crc32(covered).to_be_bytes())
}
