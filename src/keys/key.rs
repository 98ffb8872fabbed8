//! Making a key.

use core::fmt;

use zeroize::{Zeroize, Zeroizing};

use super::label::{Label, MAX_KEY, RANDOM_DIGITS, SEPARATOR, checksum};
use crate::primitive::{base62, copy_at};

/// The random bytes in a key: 176 bits.
pub const ENTROPY: usize = 22;

/// The random bytes are all the same, so the source of randomness failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeakEntropy;

impl fmt::Display for WeakEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the random bytes are all the same")
    }
}

impl core::error::Error for WeakEntropy {}

/// A key that was just made: an API key, a passphrase or a signing secret. It is wiped when it is
/// dropped, and its text is in no log by accident.
pub struct Key {
    text: [u8; MAX_KEY],
    length: usize,
}

impl Key {
    /// The key with this label and these random bytes, which nobody else may know and nothing else
    /// may use. The same bytes give the same key.
    ///
    /// # Errors
    ///
    /// [`WeakEntropy`].
    pub fn new(label: &Label<'_>, entropy: &[u8; ENTROPY]) -> Result<Self, WeakEntropy> {
        let [first, rest @ ..] = entropy;
        if rest.iter().fold(0, |difference, byte| difference | (first ^ byte)) == 0 {
            return Err(WeakEntropy);
        }
        let random: Zeroizing<[u8; RANDOM_DIGITS]> = Zeroizing::new(base62::encode(*entropy));
        let mut key = Self { text: [0; MAX_KEY], length: 0 };
        for part in [label.prefix(), SEPARATOR, label.environment(), SEPARATOR] {
            key.push(part.as_bytes());
        }
        key.push(random.as_slice());
        let checksum = checksum(key.as_str().as_bytes());
        key.push(&checksum);
        Ok(key)
    }

    /// The text: what its holder gets to see, this once.
    pub fn as_str(&self) -> &str {
        str::from_utf8(self.text.get(..self.length).unwrap_or_default()).unwrap_or_default()
    }

    /// There is room for all parts of every key.
    fn push(&mut self, part: &[u8]) {
        self.length = copy_at(&mut self.text, self.length, part).unwrap_or(self.length);
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}
