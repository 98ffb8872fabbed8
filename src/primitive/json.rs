//! A strict reader for members of a JSON object (RFC 8259), without an allocator.
//!
//! It reads the whole text, so that nothing behind the wanted members escapes it: UTF-8, the
//! grammar to the last octet, nesting to a depth of [`MAX_DEPTH`], no lone surrogates.

pub(crate) mod unique;
pub(crate) mod write;

use crate::primitive::copy_at;

/// The deepest nesting that is read.
pub(crate) const MAX_DEPTH: u8 = 32;

/// The text is not what RFC 8259 calls JSON, or nests too deeply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// A member of the top-level object.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    /// A string.
    String(JsonString<'a>),
    /// A number, `true` or `false`, as it is written.
    Scalar(&'a [u8]),
    /// `null`, an object or an array.
    Other,
}

/// Gives every member of the object that `text` is to `visit`, in order.
pub(crate) fn read_members<'a>(
    text: &'a [u8],
    visit: impl FnMut(JsonString<'a>, Value<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    read_members_within(text, MAX_DEPTH, visit)
}

/// As [`read_members`], nesting to `deepest` at most.
fn read_members_within<'a>(
    text: &'a [u8],
    deepest: u8,
    mut visit: impl FnMut(JsonString<'a>, Value<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let text = core::str::from_utf8(text).map_err(|_| Malformed)?;
    let mut scanner = Scanner { rest: text.as_bytes(), deepest };
    scanner.skip_space();
    scanner.object(1, &mut visit)?;
    scanner.skip_space();
    if scanner.rest.is_empty() { Ok(()) } else { Err(Malformed) }
}

/// A string as it stands between its quotes, known to be well-formed.
#[derive(Clone, Copy)]
pub(crate) struct JsonString<'a> {
    raw: &'a [u8],
}

impl<'a> JsonString<'a> {
    /// The octets that the string means: pieces of the raw text, and the UTF-8 of each escape.
    fn pieces(self) -> impl Iterator<Item = Piece<'a>> {
        let mut rest = self.raw;
        core::iter::from_fn(move || {
            let plain = rest.iter().position(|byte| *byte == b'\\').unwrap_or(rest.len());
            if plain > 0 {
                let (text, after) = rest.split_at_checked(plain)?;
                rest = after;
                return Some(Piece::Plain(text));
            }
            let (character, after) = escape(rest.strip_prefix(b"\\")?).ok()?;
            rest = after;
            let mut room = [0_u8; 4];
            let length = character.encode_utf8(&mut room).len();
            Some(Piece::Escaped(room, length))
        })
    }

    /// Whether both strings mean the same, however they are written.
    fn means_same(self, other: Self) -> bool {
        self.octets().eq(other.octets())
    }

    fn octets(self) -> impl Iterator<Item = u8> {
        self.pieces().flat_map(|piece| {
            let length = piece.octets().len();
            (0..length).filter_map(move |at| piece.octets().get(at).copied())
        })
    }

    /// Whether the string means `text`.
    pub(crate) fn means(self, text: &str) -> bool {
        let left = self
            .pieces()
            .try_fold(text.as_bytes(), |rest, piece| rest.strip_prefix(piece.octets()));
        left == Some(&[])
    }

    /// The text between the quotes, with its escapes.
    pub(crate) const fn raw(self) -> &'a [u8] {
        self.raw
    }

    /// Writes the octets that the string means into `room`; `None` if there is not enough.
    pub(crate) fn write(self, room: &mut [u8]) -> Option<usize> {
        self.pieces().try_fold(0_usize, |length, piece| copy_at(room, length, piece.octets()))
    }
}

enum Piece<'a> {
    Plain(&'a [u8]),
    Escaped([u8; 4], usize),
}

impl Piece<'_> {
    fn octets(&self) -> &[u8] {
        match self {
            Piece::Plain(text) => text,
            Piece::Escaped(room, length) => room.get(..*length).unwrap_or(&[]),
        }
    }
}

/// The character of the escape that follows a backslash, and what follows the escape.
fn escape(text: &[u8]) -> Result<(char, &[u8]), Malformed> {
    let (kind, rest) = text.split_first().ok_or(Malformed)?;
    let character = match kind {
        b'"' | b'\\' | b'/' => char::from(*kind),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode_escape(rest),
        _ => return Err(Malformed),
    };
    Ok((character, rest))
}

/// Four hex digits, or twelve characters for a pair of surrogates.
fn unicode_escape(text: &[u8]) -> Result<(char, &[u8]), Malformed> {
    let (first, rest) = four_digits(text)?;
    if let Some(character) = char::from_u32(first) {
        return Ok((character, rest));
    }
    let (second, rest) = four_digits(rest.strip_prefix(b"\\u").ok_or(Malformed)?)?;
    let mut decoded = char::decode_utf16([to_u16(first)?, to_u16(second)?]);
    let character = decoded.next().and_then(Result::ok).ok_or(Malformed)?;
    if decoded.next().is_some() { Err(Malformed) } else { Ok((character, rest)) }
}

fn to_u16(unit: u32) -> Result<u16, Malformed> {
    u16::try_from(unit).map_err(|_| Malformed)
}

fn four_digits(text: &[u8]) -> Result<(u32, &[u8]), Malformed> {
    let (digits, rest) = text.split_at_checked(4).ok_or(Malformed)?;
    let unit = digits.iter().try_fold(0_u32, |unit, digit| {
        let value = char::from(*digit).to_digit(16)?;
        Some((unit << 4) | value)
    });
    Ok((unit.ok_or(Malformed)?, rest))
}

struct Scanner<'a> {
    rest: &'a [u8],
    deepest: u8,
}

impl<'a> Scanner<'a> {
    fn skip_space(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn take(&mut self, expected: &[u8]) -> Result<(), Malformed> {
        self.rest = self.rest.strip_prefix(expected).ok_or(Malformed)?;
        Ok(())
    }

    fn next_is(&self, byte: u8) -> bool {
        self.rest.first() == Some(&byte)
    }

    fn object(
        &mut self,
        depth: u8,
        visit: &mut impl FnMut(JsonString<'a>, Value<'a>) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.take(b"{")?;
        self.skip_space();
        if self.next_is(b'}') {
            return self.take(b"}");
        }
        loop {
            self.skip_space();
            let name = self.string()?;
            self.skip_space();
            self.take(b":")?;
            visit(name, self.value(depth)?)?;
            if self.next_is(b'}') {
                return self.take(b"}");
            }
            self.take(b",")?;
        }
    }

    fn array(&mut self, depth: u8) -> Result<(), Malformed> {
        self.take(b"[")?;
        self.skip_space();
        if self.next_is(b']') {
            return self.take(b"]");
        }
        loop {
            self.value(depth)?;
            if self.next_is(b']') {
                return self.take(b"]");
            }
            self.take(b",")?;
        }
    }

    /// A value and the white space around it.
    fn value(&mut self, depth: u8) -> Result<Value<'a>, Malformed> {
        self.skip_space();
        let inner = depth.checked_add(1).filter(|inner| *inner <= self.deepest);
        let value = match self.rest.first() {
            Some(b'"') => Value::String(self.string()?),
            Some(b'{') => {
                self.skipped_object(inner.ok_or(Malformed)?)?;
                Value::Other
            }
            Some(b'[') => {
                self.array(inner.ok_or(Malformed)?)?;
                Value::Other
            }
            _ => self.scalar()?,
        };
        self.skip_space();
        Ok(value)
    }

    fn skipped_object(&mut self, depth: u8) -> Result<(), Malformed> {
        let mut ignore: fn(JsonString<'a>, Value<'a>) -> Result<(), Malformed> = |_, _| Ok(());
        self.object(depth, &mut ignore)
    }

    fn scalar(&mut self) -> Result<Value<'a>, Malformed> {
        if self.rest.starts_with(b"null") {
            self.take(b"null")?;
            return Ok(Value::Other);
        }
        let whole = self.rest;
        match () {
            () if whole.starts_with(b"true") => self.take(b"true")?,
            () if whole.starts_with(b"false") => self.take(b"false")?,
            () => self.number()?,
        }
        let length = whole.len().saturating_sub(self.rest.len());
        whole.get(..length).map(Value::Scalar).ok_or(Malformed)
    }

    fn number(&mut self) -> Result<(), Malformed> {
        if self.next_is(b'-') {
            self.take(b"-")?;
        }
        if self.next_is(b'0') {
            self.take(b"0")?;
        } else {
            self.digits()?;
        }
        if self.next_is(b'.') {
            self.take(b".")?;
            self.digits()?;
        }
        if self.next_is(b'e') || self.next_is(b'E') {
            self.rest = self.rest.get(1..).ok_or(Malformed)?;
            if self.next_is(b'+') || self.next_is(b'-') {
                self.rest = self.rest.get(1..).ok_or(Malformed)?;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.rest = self.rest.get(count..).ok_or(Malformed)?;
        if count == 0 { Err(Malformed) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<JsonString<'a>, Malformed> {
        self.take(b"\"")?;
        let whole = self.rest;
        loop {
            let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
            let at = self.rest.iter().position(special).ok_or(Malformed)?;
            let (_, rest) = self.rest.split_at_checked(at).ok_or(Malformed)?;
            match rest {
                [b'"', after @ ..] => {
                    let length = whole.len().saturating_sub(rest.len());
                    self.rest = after;
                    return Ok(JsonString { raw: whole.get(..length).ok_or(Malformed)? });
                }
                [b'\\', after @ ..] => self.rest = escape(after)?.1,
                _ => return Err(Malformed),
            }
        }
    }
}
