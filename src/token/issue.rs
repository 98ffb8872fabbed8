//! Issuing a token.

use core::fmt;

use super::{
    MAX_JSON, MAX_NUMBER, MAX_SCOPE, MAX_SUBJECT, MAX_TOKEN, Rules, TokenKey, is_scope_list,
};
use crate::primitive::BufferTooSmall;
use crate::primitive::json::write::ObjectWriter;
use crate::primitive::jws;

/// Whom a token is for.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// The id of the credential: 1 to [`MAX_SUBJECT`] bytes.
    pub subject: &'a str,
    /// The generation of the credential.
    pub generation: u64,
    /// The scopes that the token is limited to, with one space between two of them and at most
    /// [`MAX_SCOPE`] bytes; `None` for all those of the credential.
    pub scope: Option<&'a str>,
}

/// Why a token was not issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueError {
    /// No key is active.
    NoKey,
    /// The subject is empty or too long.
    BadSubject,
    /// The scope is too long or not a list as RFC 6749 section 3.3 writes it.
    BadScope,
    /// The time, the lifetime or the generation is beyond 2^53.
    OutOfRange,
    /// The token would be longer than [`MAX_TOKEN`].
    TooLong,
    /// The buffer is too small.
    BufferTooSmall {
        /// The bytes that the token takes.
        needed: usize,
    },
}

impl fmt::Display for IssueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::NoKey => "no key is active",
            Self::BadSubject => "the subject is empty or too long",
            Self::BadScope => "the scope is too long or not a list of scopes",
            Self::OutOfRange => "a number is beyond 2^53",
            Self::TooLong => "the token would be too long",
            Self::BufferTooSmall { needed } => return BufferTooSmall { needed }.fmt(f),
        })
    }
}

impl core::error::Error for IssueError {}

/// Issues a token at `unix_ms`, in milliseconds since 1970, with the first of `keys` that is
/// active, and writes it into `out`.
///
/// The header is `{"typ":...,"alg":"HS256","kid":...}`, the claims `iss`, `sub`, `aud`, `iat`,
/// `exp`, `gen` and, if the token is limited to scopes, `scope`.
///
/// # Errors
///
/// [`IssueError`]; `out` is then as it was.
pub fn issue<'b>(
    keys: &[TokenKey],
    rules: &Rules<'_>,
    grant: &Grant<'_>,
    unix_ms: u64,
    out: &'b mut [u8],
) -> Result<&'b str, IssueError> {
    let key = keys.iter().find(|key| key.is_active(unix_ms)).ok_or(IssueError::NoKey)?;
    if grant.subject.is_empty() || grant.subject.len() > MAX_SUBJECT {
        return Err(IssueError::BadSubject);
    }
    if grant.scope.is_some_and(|list| list.len() > MAX_SCOPE || !is_scope_list(list)) {
        return Err(IssueError::BadScope);
    }
    let mut room = [0; MAX_JSON];
    let (header, payload) = write(key, rules, grant, unix_ms / 1000, &mut room)?;
    let longest = out.len().min(MAX_TOKEN);
    let room = out.get_mut(..longest).unwrap_or_default();
    jws::sign(header, payload, key.mac(), room).map_err(|BufferTooSmall { needed }| {
        if needed > MAX_TOKEN { IssueError::TooLong } else { IssueError::BufferTooSmall { needed } }
    })
}

/// The header and the claims, as JSON.
fn write<'r>(
    key: &TokenKey,
    rules: &Rules<'_>,
    grant: &Grant<'_>,
    now_s: u64,
    room: &'r mut [u8; MAX_JSON],
) -> Result<(&'r [u8], &'r [u8]), IssueError> {
    let expires = now_s.checked_add(rules.lifetime_s).filter(|end| *end <= MAX_NUMBER);
    let (Some(expires), 0..=MAX_NUMBER) = (expires, grant.generation) else {
        return Err(IssueError::OutOfRange);
    };
    // An escaped id takes six bytes for each of its own, at most.
    let (first, second) = room.split_at_mut_checked(1024).ok_or(IssueError::TooLong)?;
    let mut header = ObjectWriter::new(first);
    header.text("typ", rules.token_type);
    header.text("alg", "HS256");
    header.text("kid", key.id());
    let mut claims = ObjectWriter::new(second);
    claims.text("iss", rules.issuer);
    claims.text("sub", grant.subject);
    claims.text("aud", rules.audience);
    claims.number("iat", now_s);
    claims.number("exp", expires);
    claims.number("gen", grant.generation);
    if let Some(scope) = grant.scope {
        claims.text("scope", scope);
    }
    header.finish().zip(claims.finish()).ok_or(IssueError::TooLong)
}
