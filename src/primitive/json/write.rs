//! Writes a JSON object (RFC 8259) of strings and whole numbers into a buffer.

use core::fmt::{self, Write};

use crate::primitive::copy_at;

/// An object that is being written. What does not fit makes [`ObjectWriter::finish`] give `None`.
pub(crate) struct ObjectWriter<'a> {
    out: &'a mut [u8],
    /// How much was written; `None` once something did not fit.
    length: Option<usize>,
    empty: bool,
}

impl<'a> ObjectWriter<'a> {
    /// Begins an object.
    pub(crate) fn new(out: &'a mut [u8]) -> Self {
        let mut object = Self { out, length: Some(0), empty: true };
        object.push(b"{");
        object
    }

    /// Writes a member that is a string.
    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.string(value);
    }

    /// Writes a member that is a number.
    pub(crate) fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        let _ = write!(self, "{value}");
    }

    /// The text of the object; `None` if the buffer is too small for it.
    pub(crate) fn finish(mut self) -> Option<&'a [u8]> {
        self.push(b"}");
        self.out.get(..self.length?)
    }

    fn name(&mut self, name: &str) {
        if !self.empty {
            self.push(b",");
        }
        self.empty = false;
        self.string(name);
        self.push(b":");
    }

    fn string(&mut self, text: &str) {
        self.push(b"\"");
        for byte in text.bytes() {
            match byte {
                b'"' | b'\\' => self.push(&[b'\\', byte]),
                0..0x20 => self.push(&control(byte)),
                _ => self.push(&[byte]),
            }
        }
        self.push(b"\"");
    }

    fn push(&mut self, text: &[u8]) {
        self.length = self.length.and_then(|length| copy_at(self.out, length, text));
    }
}

impl Write for ObjectWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

/// The escape of a control character.
const fn control(byte: u8) -> [u8; 6] {
    let last = match byte & 0xf {
        low @ 0..10 => b'0'.wrapping_add(low),
        low => b'a'.wrapping_add(low.wrapping_sub(10)),
    };
    [b'\\', b'u', b'0', b'0', b'0'.wrapping_add(byte >> 4), last]
}
