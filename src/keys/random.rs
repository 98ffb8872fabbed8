//! Keys from the operating system's random numbers.

use core::fmt;

use zeroize::Zeroizing;

use super::key::{ENTROPY, Key};
use super::label::Label;

/// The operating system gave no random bytes, so no key was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRandomness;

impl fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the operating system gave no random bytes")
    }
}

impl core::error::Error for NoRandomness {}

impl Key {
    /// A new key with this label, from the operating system's random numbers.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`]. There is no weaker source to fall back on.
    pub fn generate(label: &Label<'_>) -> Result<Self, NoRandomness> {
        let mut entropy = Zeroizing::new([0; ENTROPY]);
        getrandom::fill(entropy.as_mut_slice()).map_err(|_| NoRandomness)?;
        Self::new(label, &entropy).map_err(|_| NoRandomness)
    }
}
