//! What stands here in a library that was built without the feature `password`: no hash can be
//! had, so there is none to verify.

use core::convert::Infallible;

use super::{Busy, HashError, HashText, SALT};

/// A slow hash of a password. This library was built without them, so there is none.
#[derive(Clone, Debug)]
pub struct PasswordHash(Infallible);

impl PasswordHash {
    /// Reads the text of a hash.
    ///
    /// # Errors
    ///
    /// [`HashError::NotBuiltIn`], always.
    pub const fn parse(_: &str) -> Result<Self, HashError> {
        Err(HashError::NotBuiltIn)
    }

    /// Whether `password` is the one that was hashed.
    ///
    /// # Errors
    ///
    /// None: there is no hash to call this of.
    pub const fn verify(&self, _: &[u8]) -> Result<bool, HashError> {
        match self.0 {}
    }

    /// Whether verifying the one costs the same as verifying the other.
    pub(crate) const fn costs_like(&self, _: &Self) -> bool {
        match self.0 {}
    }
}

/// Makes a hash of a password.
///
/// # Errors
///
/// [`HashError::NotBuiltIn`], always.
pub const fn hash(_: &[u8], _: &[u8; SALT]) -> Result<HashText, HashError> {
    Err(HashError::NotBuiltIn)
}

/// A salt for one [`hash`].
///
/// # Errors
///
/// [`HashError::NotBuiltIn`], always.
pub const fn random_salt() -> Result<[u8; SALT], HashError> {
    Err(HashError::NotBuiltIn)
}

/// Verifies the passwords of a policy, of which there are none.
pub(crate) struct Verifier;

impl Verifier {
    pub(crate) const fn new(_: &[PasswordHash], _: usize) -> Result<Self, HashError> {
        Ok(Self)
    }

    pub(crate) const fn idle() -> Self {
        Self
    }

    pub(crate) const fn verifies(&self) -> bool {
        false
    }

    pub(crate) fn matches<'h>(
        &self,
        _: impl Iterator<Item = (usize, &'h PasswordHash)>,
        _: &[u8],
    ) -> Result<Option<usize>, Busy> {
        Ok(None)
    }
}
