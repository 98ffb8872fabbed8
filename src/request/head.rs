//! The head of a request, gone through once.

use core::ops::Deref;

use super::Request;
use super::headers::{Header, same_name, trimmed};

/// The header fields that every request is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usual {
    /// `Host`
    Host,
    /// `Content-Type`
    ContentType,
    /// `Authorization`
    Authorization,
    /// `Content-Length`
    ContentLength,
    /// `Content-Encoding`: a list, over one or several lines.
    ContentEncoding,
    /// `Transfer-Encoding`
    TransferEncoding,
}

impl Usual {
    const COUNT: usize = 6;

    /// The field with this name, if it is one of them. Each has a length of its own.
    #[inline]
    fn of(name: &[u8]) -> Option<Self> {
        // Most are written as here, which shows at once where the length is a constant.
        let (field, alike) = match name.len() {
            4 => (Self::Host, name == b"Host"),
            12 => (Self::ContentType, name == b"Content-Type"),
            13 => (Self::Authorization, name == b"Authorization"),
            14 => (Self::ContentLength, name == b"Content-Length"),
            16 => (Self::ContentEncoding, name == b"Content-Encoding"),
            17 => (Self::TransferEncoding, name == b"Transfer-Encoding"),
            _ => return None,
        };
        (alike || same_name(name, field.name().as_bytes())).then_some(field)
    }

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Host => "Host",
            Self::ContentType => "Content-Type",
            Self::Authorization => "Authorization",
            Self::ContentLength => "Content-Length",
            Self::ContentEncoding => "Content-Encoding",
            Self::TransferEncoding => "Transfer-Encoding",
        }
    }

    /// Whether it is one value by definition: a second line is an attempt to be read differently by
    /// two readers (RFC 9110 section 5.3).
    const fn is_single(self) -> bool {
        !matches!(self, Self::ContentEncoding)
    }
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is of no usual field.
    No,
    /// It was.
    Yes,
    /// It was, but there was a line of this field already, and may be no second one.
    Again(Usual),
}

/// A request, and the values of its usual fields.
#[derive(Clone, Copy)]
pub(crate) struct Head<'r, 'a> {
    request: &'r Request<'a>,
    usual: [Option<&'a [u8]>; Usual::COUNT],
}

impl<'r, 'a> Head<'r, 'a> {
    /// One of whose lines none was taken yet.
    #[inline]
    pub(crate) const fn new(request: &'r Request<'a>) -> Self {
        Self { request, usual: [None; Usual::COUNT] }
    }

    /// Takes one of the lines, if its name is one of the usual ones, all of which are tokens.
    #[inline]
    pub(crate) fn take(&mut self, line: &Header<'a>) -> Taken {
        let Some(field) = Usual::of(line.name) else { return Taken::No };
        let room = self.usual.get_mut(field as usize);
        let before = room.and_then(|room| room.replace(line.value));
        if before.is_some() && field.is_single() { Taken::Again(field) } else { Taken::Yes }
    }

    /// The value of a field, without white space around it; of a list the last line.
    #[inline]
    pub(crate) fn value(&self, field: Usual) -> Option<&'a [u8]> {
        self.usual.get(field as usize).copied().flatten().map(trimmed)
    }
}

impl<'a> Deref for Head<'_, 'a> {
    type Target = Request<'a>;

    fn deref(&self) -> &Request<'a> {
        self.request
    }
}
