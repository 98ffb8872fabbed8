//! The lifecycle of API keys, passphrases and signing secrets, for whoever issues them: what is
//! made here is what a policy takes.
//!
//! A [`Key`] is text of the form `PREFIX_ENVIRONMENT_RANDOM`, such as
//! `acme_live_000aoTeCmZZmK3mmfHwCoSC16fIvB74HlwW4`: a prefix that says whose it is and what for, the
//! environment, and 30 base62 digits that are [`ENTROPY`] random bytes, followed by 6 that are a
//! checksum of everything before them. So a scanner recognises a key that leaked, and a mistyped
//! key, or one of staging in production, is told from a wrong one without a lookup ([`parse`]).
//!
//! A key is shown once, when it is made. What is kept of it is a hash: [`sha256_text`] and
//! [`hmac_sha256_text`] give what stands in a policy under `sha256` and `hmac_sha256`. A key has
//! 176 random bits, so a fast hash is enough. Signing secrets are kept as they are, because the
//! verifier computes with them.
//!
//! With the feature `alloc` there is what comes later: `rotate`, `reset` and `revoke` take the
//! record of a credential, the JSON object that stands for it in a policy, and give the new one.
//!
//! ```
//! use tollgate::keys::{Key, Label, parse, sha256_text};
//!
//! let entropy: [u8; 22] = core::array::from_fn(|at| at as u8); // from a random source
//! let key = Key::new(&Label::new("acme", "live")?, &entropy)?;
//! assert_eq!(key.as_str(), "acme_live_000aoTeCmZZmK3mmfHwCoSC16fIvB74HlwW4");
//! assert_eq!(parse(key.as_str().as_bytes())?.environment(), "live");
//! let kept = sha256_text(key.as_str().as_bytes());
//! assert!(kept.as_str().starts_with("2c458e43"));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod at_rest;
mod key;
mod label;
#[cfg(feature = "alloc")]
mod lifecycle;
#[cfg(feature = "std")]
mod random;

#[cfg(feature = "alloc")]
pub use crate::policy::SecretKind;
pub use at_rest::{ShortPepper, hmac_sha256_text, sha256_text};
pub use key::{ENTROPY, Key, WeakEntropy};
pub use label::{Label, MAX_ENVIRONMENT, MAX_KEY, MAX_PREFIX, Malformed, parse};
#[cfg(feature = "alloc")]
pub use lifecycle::{LifecycleError, NewValue, reset, revoke, rotate};
#[cfg(feature = "std")]
pub use random::NoRandomness;
