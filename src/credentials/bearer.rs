//! Bearer tokens (RFC 6750): the grammar, and nothing about what a token means.

use crate::decision::Reason;

/// The most bytes of a token.
pub const MAX_TOKEN: usize = 4096;

/// Holds the `b64token` grammar of RFC 6750 section 2.1: letters, digits and `-._~+/`, at least
/// one, then any number of `=`.
///
/// # Errors
///
/// [`Reason::TokenMalformed`] for anything else, and for more than [`MAX_TOKEN`] bytes.
pub fn check_token(token: &[u8]) -> Result<&[u8], Reason> {
    let mut body = token;
    while let [rest @ .., b'='] = body {
        body = rest;
    }
    let is_symbol = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(byte);
    if body.is_empty() || token.len() > MAX_TOKEN || !body.iter().all(is_symbol) {
        return Err(Reason::TokenMalformed);
    }
    Ok(token)
}
