//! One slow hash: what it is of, what it costs, and whether a password matches it.

use core::fmt;

use zeroize::Zeroize;

use super::argon2id::{self, Memory};
use super::{HashError, HashText, MAX_PASSWORD, MIN_PASSWORD, SALT, bcrypt, pbkdf2, text};
use crate::primitive::compare::equal_slices;
use crate::primitive::hmac::{HmacSha256Key, HmacSha512Key};

/// A slow hash of a password.
///
/// | text | parameters that are taken | from |
/// |---|---|---|
/// | `$argon2id$v=19$m=..,t=..,p=..$salt$hash` | p up to 16, m from 8 p to 131072 (KiB), t m up to 524288 | RFC 9106, PHC string format |
/// | `$2a$`, `$2b$` or `$2y$`, `NN$`, 53 characters | NN from 04 to 14 | OpenBSD; `htpasswd -B`, PHP |
/// | `$pbkdf2-sha256$i=..,l=..$salt$hash`, also `sha512` | i from 1000 to 1500000 | RFC 8018, PHC string format |
/// | `$pbkdf2-sha256$N$salt$hash`, also `sha512` | N from 1000 to 1500000 | Passlib, with `.` for `+` |
///
/// Salts have 8 to 64 bytes, hashes 16 to 64 (PBKDF2: at most the digest). The most expensive ones
/// take about a second of one processor.
#[derive(Clone)]
pub struct PasswordHash {
    pub(super) cost: Cost,
    pub(super) salt: Octets,
    pub(super) hash: Octets,
}

/// The algorithm and its parameters, on which the work of a verification depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    /// argon2id, version 19 (RFC 9106).
    Argon2id {
        /// The memory in KiB.
        m: u32,
        /// The passes over it.
        t: u32,
        /// The lanes, which are computed one after the other.
        p: u32,
    },
    /// bcrypt.
    Bcrypt {
        /// The logarithm of the number of rounds to base 2.
        rounds: u32,
    },
    /// PBKDF2 with HMAC-SHA256 (RFC 8018 section 5.2).
    Pbkdf2Sha256 {
        /// The iterations.
        iterations: u32,
    },
    /// PBKDF2 with HMAC-SHA512.
    Pbkdf2Sha512 {
        /// The iterations.
        iterations: u32,
    },
}

impl PasswordHash {
    /// Reads the text of a hash, which has exactly one of the forms above: canonical base64, no
    /// white space, no parameter more or less, no zeros in front.
    ///
    /// # Errors
    ///
    /// [`HashError`]: what cannot be verified within the bounds is no hash here.
    pub fn parse(text: &str) -> Result<Self, HashError> {
        text::parse(text)
    }

    /// Whether `password` is the one that was hashed. For tools: this takes milliseconds, and
    /// argon2id allocates its memory for it, which a policy has ready instead. bcrypt knows no
    /// password of more than 72 bytes or with a NUL: none matches, where others cut it short.
    ///
    /// # Errors
    ///
    /// [`HashError::NoMemory`].
    pub fn verify(&self, password: &[u8]) -> Result<bool, HashError> {
        Ok(self.matches(password, &mut Memory::new(self.cost.memory_kib())?))
    }

    /// Whether verifying the one costs the same as verifying the other.
    pub(crate) fn costs_like(&self, other: &Self) -> bool {
        self.cost == other.cost
    }

    /// As [`PasswordHash::verify`], in `memory` for at least as much as the hash asks for.
    pub(super) fn matches(&self, password: &[u8], memory: &mut Memory) -> bool {
        let computed = self.compute(password, memory);
        computed.is_some_and(|computed| equal_slices(computed.bytes(), self.hash.bytes()))
    }

    /// The hash of `password`; `None` if the algorithm has none for it.
    fn compute(&self, password: &[u8], memory: &mut Memory) -> Option<Octets> {
        let salt = self.salt.bytes();
        let length = self.hash.bytes().len();
        match self.cost {
            Cost::Argon2id { m, t, p } => Octets::filled(length, |out| {
                argon2id::compute([m, t, p], password, salt, memory, out)
            }),
            Cost::Bcrypt { rounds } => Octets::of(&bcrypt::compute(rounds, password, salt)?),
            Cost::Pbkdf2Sha256 { iterations } => {
                let key = HmacSha256Key::new(password);
                Octets::of(pbkdf2::first_block(&key, salt, iterations).get(..length)?)
            }
            Cost::Pbkdf2Sha512 { iterations } => {
                let key = HmacSha512Key::new(password);
                Octets::of(pbkdf2::first_block(&key, salt, iterations).get(..length)?)
            }
        }
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordHash({:?})", self.cost)
    }
}

impl Cost {
    /// The memory in KiB that a verification works in.
    pub(super) const fn memory_kib(self) -> u32 {
        match self {
            Cost::Argon2id { m, .. } => m,
            _ => 0,
        }
    }
}

/// What OWASP recommends of argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane.
const RECOMMENDED: Cost = Cost::Argon2id { m: 19456, t: 2, p: 1 };

/// Makes the hash that a policy holds of `password`: argon2id with the parameters that OWASP
/// recommends, 19 MiB and two passes. `salt` is random and used for this hash alone. It takes some
/// 20 ms, and allocates the 19 MiB while it does.
///
/// # Errors
///
/// [`HashError::BadPassword`] for one that no client could present: less than [`MIN_PASSWORD`] or
/// more than [`MAX_PASSWORD`] bytes, or a control character in it. [`HashError::NoMemory`].
pub fn hash(password: &[u8], salt: &[u8; SALT]) -> Result<HashText, HashError> {
    let length = MIN_PASSWORD..=MAX_PASSWORD;
    if !length.contains(&password.len()) || password.iter().any(u8::is_ascii_control) {
        return Err(HashError::BadPassword);
    }
    let made = PasswordHash {
        cost: RECOMMENDED,
        salt: Octets::of(salt).ok_or(HashError::NoMemory)?,
        hash: Octets::of(&[0; 32]).ok_or(HashError::NoMemory)?,
    };
    let mut memory = Memory::new(RECOMMENDED.memory_kib())?;
    let hash = made.compute(password, &mut memory).ok_or(HashError::NoMemory)?;
    Ok(text::argon2id(&PasswordHash { hash, ..made }))
}

/// A salt for one [`hash`], from the operating system's random numbers.
///
/// # Errors
///
/// [`HashError::NoRandomness`]. There is no weaker source to fall back on.
pub fn random_salt() -> Result<[u8; SALT], HashError> {
    let mut salt = [0; SALT];
    getrandom::fill(&mut salt).map_err(|_| HashError::NoRandomness)?;
    Ok(salt)
}

/// The most bytes of a salt or a hash.
pub(super) const MAX_OCTETS: usize = 64;

/// Up to 64 bytes, wiped when they are dropped.
#[derive(Clone)]
pub(super) struct Octets {
    bytes: [u8; MAX_OCTETS],
    length: usize,
}

impl Octets {
    /// A copy; `None` if they are too many.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        Self::filled(bytes.len(), |room| {
            room.copy_from_slice(bytes);
            Some(())
        })
    }

    /// `length` bytes that `fill` writes.
    pub(super) fn filled(
        length: usize,
        fill: impl FnOnce(&mut [u8]) -> Option<()>,
    ) -> Option<Self> {
        let mut octets = Self { bytes: [0; MAX_OCTETS], length };
        fill(octets.bytes.get_mut(..length)?)?;
        Some(octets)
    }

    /// The bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Drop for Octets {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}
