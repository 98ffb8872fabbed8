//! Basic credentials (RFC 7617): base64 of the user, a colon and the password.

use core::ops::RangeInclusive;

use crate::decision::{Quirk, Reason};
use crate::primitive::DecodeError;
use crate::primitive::base64::{Alphabet, Padding, decode};
use crate::primitive::find::find;
use crate::primitive::form::FormText;
use crate::primitive::lanes::{Class, every};

/// The most bytes that user, colon and password may have together.
pub const MAX_DECODED: usize = 1024;

/// All octets but those below 0x20 and 0x7F.
struct NoControl;

impl Class for NoControl {
    const RANGES: &'static [RangeInclusive<u8>] = &[b' '..=b'~', 0x80..=0xff];
}

/// Decoded Basic credentials of up to `N` bytes. They are wiped when they are dropped.
pub struct Basic<const N: usize = MAX_DECODED> {
    decoded: [u8; N],
    length: usize,
    colon: usize,
    quirks: u32,
}

impl Basic {
    /// Decodes what follows `Basic` in the header. The user ends at the first colon, so the
    /// password may have colons; either may be empty; both are octets and nothing is normalised.
    /// `tolerated` are the [`Quirk`]s that may be overlooked.
    ///
    /// # Errors
    ///
    /// - [`Reason::BadBase64`]: not canonical base64 with padding (RFC 4648 section 4).
    /// - [`Reason::ControlChar`]: an octet below 0x20 or 0x7F (RFC 7617 section 2).
    /// - [`Reason::MalformedBasic`]: no colon, or more than [`MAX_DECODED`] bytes.
    pub fn decode(credentials: &[u8], tolerated: u32) -> Result<Self, Reason> {
        let mut basic = Self::room();
        basic.read(credentials, tolerated)?;
        Ok(basic)
    }
}

impl<const N: usize> Basic<N> {
    /// Room for credentials. It may be large, so it is made once and filled where it is.
    pub(crate) const fn room() -> Self {
        Self { decoded: [0; N], length: 0, colon: 0, quirks: 0 }
    }

    /// As [`Basic::decode`], into this room, once.
    pub(crate) fn read(&mut self, credentials: &[u8], tolerated: u32) -> Result<(), Reason> {
        if credentials.len() > N.div_ceil(3).saturating_mul(4) {
            return Err(Reason::MalformedBasic);
        }
        self.fill(credentials, tolerated)?;
        self.strip_newline(tolerated);
        let octets = self.octets();
        if !every::<NoControl>(octets) {
            return Err(Reason::ControlChar);
        }
        self.colon = find(octets, b':').ok_or(Reason::MalformedBasic)?;
        Ok(())
    }

    fn fill(&mut self, credentials: &[u8], tolerated: u32) -> Result<(), Reason> {
        let unpadded =
            !credentials.len().is_multiple_of(4) && tolerated & Quirk::BasicUnpadded as u32 != 0;
        let padding = if unpadded { Padding::Optional } else { Padding::Required };
        // What a failed decoding leaves behind is wiped too.
        self.length = self.decoded.len();
        let decoded = decode(credentials, Alphabet::Standard, padding, &mut self.decoded);
        self.length = decoded
            .map_err(|error| match error {
                DecodeError::BufferTooSmall { .. } => Reason::MalformedBasic,
                _ => Reason::BadBase64,
            })?
            .len();
        if unpadded {
            self.quirks |= Quirk::BasicUnpadded as u32;
        }
        Ok(())
    }

    /// `echo user:password | base64` encodes the newline of `echo` too.
    fn strip_newline(&mut self, tolerated: u32) {
        if tolerated & Quirk::BasicTrailingNewline as u32 == 0 {
            return;
        }
        let stripped = match self.octets() {
            [rest @ .., b'\r', b'\n'] | [rest @ .., b'\n'] => rest.len(),
            _ => return,
        };
        self.length = stripped;
        self.quirks |= Quirk::BasicTrailingNewline as u32;
    }

    /// User and password decoded as parts of a form, as clients of a token endpoint encode them
    /// (RFC 6749 section 2.3.1); `None` if a `%` begins no escape.
    pub fn form_decoded(&self) -> Option<Self> {
        let (user, password) =
            (FormText::new(self.user()).ok()?, FormText::new(self.password()).ok()?);
        let mut plain = Self::room();
        plain.quirks = self.quirks;
        // What a failure leaves behind is wiped too.
        plain.length = plain.decoded.len();
        plain.colon = user.write(&mut plain.decoded)?;
        *plain.decoded.get_mut(plain.colon)? = b':';
        let start = plain.colon.checked_add(1)?;
        let length = password.write(plain.decoded.get_mut(start..)?)?;
        plain.length = start.checked_add(length)?;
        Some(plain)
    }

    fn octets(&self) -> &[u8] {
        self.decoded.get(..self.length).unwrap_or(&[])
    }

    /// The octets before the first colon.
    pub fn user(&self) -> &[u8] {
        self.octets().get(..self.colon).unwrap_or(&[])
    }

    /// The octets after the first colon.
    pub fn password(&self) -> &[u8] {
        self.octets().get(self.colon.saturating_add(1)..).unwrap_or(&[])
    }

    /// Whether user and password are UTF-8.
    pub fn is_utf8(&self) -> bool {
        core::str::from_utf8(self.octets()).is_ok()
    }

    /// The tolerances that were needed: bits by [`Quirk`].
    pub const fn quirks(&self) -> u32 {
        self.quirks
    }
}

impl<const N: usize> Drop for Basic<N> {
    fn drop(&mut self) {
        if let Some(used) = self.decoded.get_mut(..self.length) {
            used.fill(0);
            zeroize::optimization_barrier(used);
        }
    }
}
