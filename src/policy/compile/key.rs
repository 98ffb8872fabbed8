//! Signing keys from secrets, and what is wrong with those that cannot be keys.

use alloc::format;
use alloc::string::String;

use super::super::wants::quoted;
use crate::scheme::{KeyEncoding, KeyError, MAX_KEY, MIN_KEY, Scheme};

/// Why a secret cannot be a key of `scheme`, and what to write.
pub(super) fn fault(error: KeyError, scheme: &Scheme) -> String {
    let name = quoted(&scheme.name);
    match error {
        KeyError::Unkeyed => unkeyed(scheme),
        KeyError::Prefix => {
            let prefix = quoted(&scheme.key_prefix);
            format!(
                "the scheme {name} wants a secret that begins with {prefix}; write it with that, \
                 or name other \"schemes\""
            )
        }
        KeyError::Encoding => {
            let encoding = encoding(scheme.key);
            format!(
                "the scheme {name} wants a secret in {encoding}; write it so, or name other \
                 \"schemes\""
            )
        }
        KeyError::TooShort => too_short(),
        KeyError::TooLong => {
            format!("the key has more than {MAX_KEY} bytes; write a shorter one")
        }
    }
}

/// A secret is for a scheme that has no key.
pub(super) fn unkeyed(scheme: &Scheme) -> String {
    format!("the scheme {} has no key; remove it", quoted(&scheme.name))
}

/// A key has too few bytes.
pub(super) fn too_short() -> String {
    format!("the key has less than {MIN_KEY} bytes; write a longer one")
}

fn encoding(encoding: KeyEncoding) -> &'static str {
    match encoding {
        KeyEncoding::Text => "text",
        KeyEncoding::Hex => "hex",
        KeyEncoding::Base64 => "base64",
        KeyEncoding::Base64Url => "URL-safe base64",
    }
}
