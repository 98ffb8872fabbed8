//! What is wrong with a hash or a password.

use core::fmt;

use super::{MAX_PASSWORD, MIN_PASSWORD};

/// Why a hash cannot be used, or was not made. Its text is one line: what is wrong, a semicolon,
/// what to do; nothing of the hash or of the password is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashError {
    /// The library was built without the feature `password`.
    NotBuiltIn,
    /// It is no hash of a kind that is known.
    UnknownKind,
    /// It is not of the form of its kind.
    Malformed {
        /// The form.
        form: &'static str,
    },
    /// It costs too much to verify, or too little to be of use.
    OutOfBounds {
        /// What the parameters may be.
        bounds: &'static str,
    },
    /// The password to hash is one that no client could present.
    BadPassword,
    /// There is no memory for it.
    NoMemory,
    /// The operating system gave no random numbers for a salt.
    NoRandomness,
}

impl fmt::Display for HashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBuiltIn => f.write_str(
                "this library was built without slow passwords; build it with the feature \
                 \"password\", or write \"sha256\"",
            ),
            Self::UnknownKind => f.write_str(
                "there is no such kind of hash; write one that begins with $argon2id$, $2b$, \
                 $pbkdf2-sha256$ or $pbkdf2-sha512$",
            ),
            Self::Malformed { form } => {
                write!(f, "the hash is not of its form; write {form}")
            }
            Self::OutOfBounds { bounds } => {
                write!(f, "verifying the hash costs too much or too little; write {bounds}")
            }
            Self::BadPassword => write!(
                f,
                "the password has less than {MIN_PASSWORD} bytes, more than {MAX_PASSWORD}, or a \
                 control character; choose another"
            ),
            Self::NoRandomness => {
                f.write_str("the operating system gave no random numbers; give a salt")
            }
            Self::NoMemory => {
                f.write_str("there is no memory for the hash; lower its m, or \"at_once\"")
            }
        }
    }
}

impl core::error::Error for HashError {}
