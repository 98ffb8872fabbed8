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

    /// Goes behind the value at the cursor, and gives its text.
    pub(super) fn skip(&mut self) -> &'t str {
        let start = self.at;
        match self.peek() {
            Some(b'"') => drop(self.skip_string()),
            Some(b'{' | b'[') => self.skip_container(),
            _ => self.skip_scalar(),
        }
        self.text.get(start..self.at).unwrap_or("")
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

    fn skip_container(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.find(|rest| rest.iter().position(is_structure)) {
            match byte {
                b'"' => {
                    self.skip_string();
                    continue;
                }
                b'{' | b'[' => depth = depth.saturating_add(1),
                _ => depth = depth.saturating_sub(1),
            }
            self.step();
            if depth == 0 {
                return;
            }
        }
    }

    /// Goes to the byte that `position` gives, or to the end of the text.
    fn find(&mut self, position: impl Fn(&[u8]) -> Option<usize>) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        self.at = self.at.saturating_add(position(rest).unwrap_or(rest.len()));
        self.peek()
    }

    fn skip_scalar(&mut self) {
        let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b']' | b'}');
        self.step();
        self.find(|rest| rest.iter().position(ends));
    }
}

/// Whether the byte begins or ends a container, or begins a string.
const fn is_structure(byte: &u8) -> bool {
    matches!(byte, b'"' | b'{' | b'[' | b'}' | b']')
}
