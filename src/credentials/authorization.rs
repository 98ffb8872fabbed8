//! The `Authorization` header (RFC 9110 section 11.6.2): a scheme, spaces, and what follows.

use core::ops::RangeInclusive;

use crate::decision::Reason;
use crate::primitive::find::find;
use crate::primitive::lanes::{Class, every};
use crate::request::same_name;

/// An authorization scheme and its credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorization<'a> {
    /// The scheme, as sent; its case does not matter.
    pub scheme: &'a [u8],
    /// What follows the spaces; empty if nothing does.
    pub credentials: &'a [u8],
}

impl<'a> Authorization<'a> {
    /// Splits a field value that has no white space around it.
    ///
    /// # Errors
    ///
    /// [`Reason::MalformedAuth`] if the scheme is not a token, or if anything but spaces stands
    /// between it and what follows (RFC 9110 section 11.4 allows `1*SP` and no tab).
    pub fn parse(value: &'a [u8]) -> Result<Self, Reason> {
        let end = find(value, b' ').unwrap_or(value.len());
        let (scheme, mut rest) = value.split_at_checked(end).ok_or(Reason::MalformedAuth)?;
        if scheme.is_empty() || !scheme.iter().copied().all(is_tchar) {
            return Err(Reason::MalformedAuth);
        }
        while let [b' ', after @ ..] = rest {
            rest = after;
        }
        Ok(Self { scheme, credentials: rest })
    }

    /// The credentials, where the scheme has one token and no parameters.
    ///
    /// # Errors
    ///
    /// [`Reason::MalformedAuth`] if they have a comma or a tab: the header is not a list.
    pub fn single(&self) -> Result<&'a [u8], Reason> {
        if every::<NoList>(self.credentials) {
            Ok(self.credentials)
        } else {
            Err(Reason::MalformedAuth)
        }
    }

    /// Whether the scheme is `name`, without regard to case.
    pub fn is(&self, name: &str) -> bool {
        same_name(self.scheme, name.as_bytes())
    }
}

/// All octets but the tab and the comma.
struct NoList;

impl Class for NoList {
    const RANGES: &'static [RangeInclusive<u8>] =
        &[0..=b'\t' - 1, b'\t' + 1..=b',' - 1, b',' + 1..=u8::MAX];
}

/// Whether `byte` may stand in a token (RFC 9110 section 5.6.2).
pub fn is_tchar(byte: u8) -> bool {
    TCHAR.get(usize::from(byte)).is_some_and(|allowed| *allowed)
}

const TCHAR: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &[u8] = b"!#$%&'*+-.^_`|~\
        0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    while let [byte, after @ ..] = rest {
        #[allow(clippy::indexing_slicing, reason = "in a constant, where it cannot fail unseen")]
        {
            table[*byte as usize] = true;
        }
        rest = after;
    }
    table
};
