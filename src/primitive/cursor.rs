//! Writing text into a buffer of the caller that may be too small for it.

use core::fmt::{self, Write};

use super::{BufferTooSmall, copy_at};

/// Writes as long as there is room and counts what would be written.
pub(crate) struct Cursor<'b> {
    buffer: &'b mut [u8],
    needed: usize,
}

impl<'b> Cursor<'b> {
    /// Begins at the front of `buffer`.
    pub(crate) const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, needed: 0 }
    }

    /// Appends `bytes`.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        copy_at(self.buffer, self.needed, bytes);
        self.needed = self.needed.saturating_add(bytes.len());
    }

    /// What was written, if all of it fits.
    pub(crate) fn finish(self) -> Result<&'b [u8], BufferTooSmall> {
        let Self { buffer, needed } = self;
        buffer.get(..needed).ok_or(BufferTooSmall { needed })
    }
}

/// Never fails: what does not fit is counted.
impl Write for Cursor<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}
