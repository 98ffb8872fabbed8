//! Short text held inline, so that a value with a name in it needs no allocator.

use core::fmt;

use super::copy_at;

/// Whether `text` has nothing but lower-case letters, digits, `_` and `-`, as environments have.
pub(crate) fn is_lower_name(text: &str) -> bool {
    let in_name = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    text.bytes().all(in_name)
}

/// At most `N` bytes of UTF-8 text, held inline.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    length: u16,
}

impl<const N: usize> Text<N> {
    /// No text.
    pub const EMPTY: Self = Self { bytes: [0; N], length: 0 };

    /// The beginning of `text`: all of it if it fits into `N` bytes, else as many whole
    /// characters as fit.
    pub fn truncated(text: &str) -> Self {
        let mut held = Self::EMPTY;
        held.push(text);
        held
    }

    /// Appends as many whole characters of `text` as fit.
    pub fn push(&mut self, text: &str) {
        let start = usize::from(self.length);
        let mut taken = text.len().min(N.saturating_sub(start));
        while !text.is_char_boundary(taken) {
            taken = taken.saturating_sub(1);
        }
        let taken = text.as_bytes().get(..taken).unwrap_or_default();
        let end = copy_at(&mut self.bytes, start, taken);
        if let Some(Ok(length)) = end.map(u16::try_from) {
            self.length = length;
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or("")
    }

    /// The bytes of the text.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&[])
    }

    /// The text, and zeros up to `N` bytes.
    pub const fn padded(&self) -> &[u8; N] {
        &self.bytes
    }

    /// Whether there is no text.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl<const N: usize> Default for Text<N> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<const N: usize> fmt::Write for Text<N> {
    /// Appends as [`Text::push`] does; what does not fit is an error, and its beginning is there.
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = usize::from(self.length).saturating_add(text.len());
        self.push(text);
        if end == usize::from(self.length) { Ok(()) } else { Err(fmt::Error) }
    }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
