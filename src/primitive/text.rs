//! Short text held inline, so that a value with a name in it needs no allocator.

use core::fmt;

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
        let mut end = text.len().min(N).min(usize::from(u16::MAX));
        while !text.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        if let (Some(to), Some(from)) = (held.bytes.get_mut(..end), text.as_bytes().get(..end)) {
            to.copy_from_slice(from);
            held.length = u16::try_from(end).unwrap_or(0);
        }
        held
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        let held = self.bytes.get(..usize::from(self.length)).unwrap_or(&[]);
        core::str::from_utf8(held).unwrap_or("")
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
