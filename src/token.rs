//! Access tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA256, issued and verified by the
//! same keys.
//!
//! A token names a credential (`sub`), the environment it is for (`aud`) and the generation of the
//! credential (`gen`), so that whoever verifies it can refuse one that was issued before the
//! credential changed. It lives for a fixed time and cannot be revoked by itself.

mod issue;
mod key;
mod message;
mod verify;

use crate::primitive::text::Text;
pub use issue::{Grant, IssueError, issue};
pub use key::{KeyError, MAX_KEY_ID, MIN_KEY, TokenKey};
pub use message::{MIN_MESSAGE_SECRET, MessageError, message_claims, sign_message, verify_message};
pub use verify::{Refusal, verify};

/// The most bytes in a token. A buffer of this size holds whatever [`issue`] makes.
pub const MAX_TOKEN: usize = 4096;

/// The most bytes in a subject.
pub const MAX_SUBJECT: usize = 128;

/// The most bytes in a scope list.
pub const MAX_SCOPE: usize = 1024;

/// The bytes that the header and the claims of a token decode to together, at most.
const MAX_JSON: usize = MAX_TOKEN / 4 * 3;

/// The largest number in a claim: beyond it, not every JSON reader tells two numbers apart
/// (RFC 8259 section 6).
const MAX_NUMBER: u64 = 1 << 53;

/// What every token of an issuer has in common.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The claim `iss`.
    pub issuer: &'a str,
    /// The claim `aud`: the environment. A list of audiences is refused.
    pub audience: &'a str,
    /// The header member `typ`, `JWT` or `at+jwt` (RFC 9068), taken exactly so.
    pub token_type: &'a str,
    /// From `iat` to `exp`, in seconds: of a token that is issued, and at most of one that is
    /// verified.
    pub lifetime_s: u64,
    /// How far the clock of an issuer may differ, in seconds.
    pub leeway_s: u64,
}

/// What a verified token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    subject: Text<MAX_SUBJECT>,
    scope: Option<Text<MAX_SCOPE>>,
    /// The generation that the credential had when the token was issued. The token is worth
    /// nothing if it has another one now.
    pub generation: u64,
    /// When the token was issued, in seconds since 1970.
    pub issued_at_s: u64,
    /// The first second at which the token is no longer valid, leeway apart.
    pub expires_at_s: u64,
    /// The place of the key that the token was signed with.
    pub key: usize,
}

impl Claims {
    /// The id of the credential.
    pub fn subject(&self) -> &str {
        self.subject.as_str()
    }

    /// The scopes that the token is limited to; `None` if it has all those of the credential. A
    /// scope that the credential has not is not granted by being here.
    pub fn scopes(&self) -> Option<impl Iterator<Item = &str>> {
        let list = self.scope.as_ref()?.as_str().as_bytes();
        Some(list.split(|byte| *byte == b' ').filter_map(|scope| core::str::from_utf8(scope).ok()))
    }
}

/// Whether `text` is a list of scopes as RFC 6749 section 3.3 writes it: tokens, and one space
/// between two of them.
fn is_scope_list(text: &str) -> bool {
    let in_token = |byte: &u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    let mut scopes = text.as_bytes().split(|byte| *byte == b' ');
    scopes.all(|scope| !scope.is_empty() && scope.iter().all(in_token))
}
