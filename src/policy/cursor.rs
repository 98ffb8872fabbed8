//! Goes forwards over JSON that is known to be well-formed.
//!
//! In any other text it stops somewhere, and takes no other harm.

use memchr::memchr2;

/// A place in a text.
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    /// At the byte `at` of `text`.
    pub(super) const fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    /// How many bytes stand before it.
    pub(super) const fn offset(&self) -> usize {
        self.at
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// Goes behind white space, commas and colons: what separates values.
    pub(super) fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r' | b',' | b':') = self.peek() {
            self.step();
        }
    }

    /// Goes behind the bracket that opens a container.
    pub(super) fn enter(&mut self) {
        self.step();
    }

    /// Goes to the next item of a container, if there is one; else behind the bracket that closes
    /// it.
    pub(super) fn is_at_item(&mut self) -> bool {
        self.skip_space();
        match self.peek() {
            None => false,
            Some(b']' | b'}') => {
                self.step();
                false
            }
            Some(_) => true,
        }
    }

    /// Goes behind the array at the cursor, whose items these are.
    pub(super) fn pass_items(&mut self, items: &[&'t str]) {
        self.enter();
        if let Some(last) = items.last() {
            self.at = offset_of(last, self.text).saturating_add(last.len());
        }
        // There is no other.
        self.is_at_item();
    }

    /// Goes behind the string at the cursor, and gives its text, with its quotes, and whether there
    /// are escapes in it.
    pub(super) fn skip_string(&mut self) -> (&'t str, bool) {
        let start = self.at;
        self.step();
        let mut escapes = false;
        while let Some(byte) = self.find(|rest| memchr2(b'"', b'\\', rest)) {
            self.step();
            if byte == b'"' {
                break;
            }
            escapes = true;
            self.step();
        }
        (self.text.get(start..self.at).unwrap_or(""), escapes)
    }

    /// Goes to the byte that `position` gives, or to the end of the text.
    fn find(&mut self, position: impl Fn(&[u8]) -> Option<usize>) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        self.at = self.at.saturating_add(position(rest).unwrap_or(rest.len()));
        self.peek()
    }

    /// Goes behind the value at the cursor, which is no string and no container, and gives its text.
    pub(super) fn skip_scalar(&mut self) -> &'t str {
        let start = self.at;
        let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b']' | b'}');
        self.step();
        self.find(|rest| rest.iter().position(ends));
        self.text.get(start..self.at).unwrap_or("")
    }
}

/// How many bytes of `text` stand before `part`, which is a part of it.
pub(super) fn offset_of(part: &str, text: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}
