//! Passwords that people choose, kept as slow hashes: argon2id, and bcrypt and PBKDF2 for those
//! that come from elsewhere.
//!
//! A generated secret of 128 bits or more needs none of this: its SHA-256 or HMAC-SHA256
//! ([`HashedSecret`](crate::primitive::hashed::HashedSecret)) says nothing about it and costs less
//! than a microsecond. A slow hash makes guessing dear for whoever steals a policy, and by the same
//! amount for the gateway: milliseconds of a processor for each attempt, and for argon2id memory.
//! So both are bounded twice: a hash that costs too much is refused when the policy is loaded
//! ([`PasswordHash`]), and a policy verifies only so many at once, in memory that it has from the
//! beginning; whoever comes beyond that is told to come again (`password_busy`).
//!
//! Without the feature `password` the names are all here, and whatever needs the algorithms answers
//! [`HashError::NotBuiltIn`].

mod error;

#[cfg(feature = "password")]
mod argon2id;
#[cfg(feature = "password")]
mod bcrypt;
#[cfg(feature = "password")]
mod hash;
#[cfg(feature = "password")]
mod pbkdf2;
#[cfg(feature = "password")]
mod text;
#[cfg(feature = "password")]
mod verifier;
#[cfg(feature = "password")]
pub use hash::{PasswordHash, hash, random_salt};
#[cfg(feature = "password")]
pub(crate) use verifier::Verifier;

#[cfg(not(feature = "password"))]
mod absent;
#[cfg(not(feature = "password"))]
pub(crate) use absent::Verifier;
#[cfg(not(feature = "password"))]
pub use absent::{PasswordHash, hash, random_salt};

pub use error::HashError;

use crate::primitive::text::Text;

/// The fewest bytes of a password that [`hash`] takes.
pub const MIN_PASSWORD: usize = 8;

/// The most bytes of a password that [`hash`] takes. Basic credentials have room for no more.
pub const MAX_PASSWORD: usize = 1000;

/// The bytes of a salt.
pub const SALT: usize = 16;

/// The text of a hash that [`hash`] made.
pub type HashText = Text<128>;

/// The most ways of hashing, with different parameters, that the passwords of one policy may have:
/// every wrong attempt costs all of them together.
pub(crate) const MAX_COSTS: usize = 4;

/// As many verifications as may run at once are running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;
