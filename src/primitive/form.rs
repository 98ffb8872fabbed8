//! A strict reader for `application/x-www-form-urlencoded` (WHATWG URL section 5.1), without an
//! allocator. A query is read by the same rules.
//!
//! Where the standard lets a parser guess, this one refuses: a `%` that no two hex digits follow,
//! and a pair without a name. A pair without `=` has an empty value.

/// The text is not a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// A name or a value as it stands in the form, known to be well-formed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FormText<'a> {
    raw: &'a [u8],
}

/// A name with its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    /// Both as they stand in the form.
    pub(crate) raw: &'a [u8],
    /// The name.
    pub(crate) name: FormText<'a>,
    /// The value.
    pub(crate) value: FormText<'a>,
}

impl<'a> Pair<'a> {
    fn new(raw: &'a [u8]) -> Result<Self, Malformed> {
        let mut halves = raw.splitn(2, |byte| *byte == b'=');
        let name = FormText::new(halves.next().unwrap_or(&[]))?;
        let value = FormText::new(halves.next().unwrap_or(&[]))?;
        if name.raw.is_empty() { Err(Malformed) } else { Ok(Self { raw, name, value }) }
    }
}

/// The pairs of the form `text`, in order. An empty text is a form without pairs.
pub(crate) fn pairs(text: &[u8]) -> impl Iterator<Item = Result<Pair<'_>, Malformed>> {
    let all = text.split(|byte| *byte == b'&').map(Pair::new);
    all.take(if text.is_empty() { 0 } else { usize::MAX })
}

/// Gives every pair of the form `text` to `visit`, in order.
pub(crate) fn read_pairs<'a>(
    text: &'a [u8],
    mut visit: impl FnMut(FormText<'a>, FormText<'a>),
) -> Result<(), Malformed> {
    for pair in pairs(text) {
        let Pair { name, value, .. } = pair?;
        visit(name, value);
    }
    Ok(())
}

impl<'a> FormText<'a> {
    /// The text, if every `%` begins an escape.
    pub(crate) fn new(raw: &'a [u8]) -> Result<Self, Malformed> {
        let mut rest = raw;
        while let [byte, after @ ..] = rest {
            rest = match byte {
                b'%' => escape(after).ok_or(Malformed)?.1,
                _ => after,
            };
        }
        Ok(Self { raw })
    }

    /// The text, if it means itself: it has no escape.
    pub(crate) fn unescaped(self) -> Option<&'a [u8]> {
        let plain = !self.raw.iter().any(|byte| matches!(byte, b'%' | b'+'));
        plain.then_some(self.raw)
    }

    /// The octets that the text means.
    pub(crate) fn octets(self) -> impl Iterator<Item = u8> + use<'a> {
        let mut rest = self.raw;
        core::iter::from_fn(move || {
            let (byte, after) = rest.split_first()?;
            let (octet, after) = match byte {
                b'+' => (b' ', after),
                b'%' => escape(after)?,
                _ => (*byte, after),
            };
            rest = after;
            Some(octet)
        })
    }

    /// Whether the text means `text`.
    pub(crate) fn means(self, text: &str) -> bool {
        self.octets().eq(text.bytes())
    }

    /// Writes the octets that the text means into `room`; `None` if there is not enough.
    pub(crate) fn write(self, room: &mut [u8]) -> Option<usize> {
        self.octets().try_fold(0_usize, |length, octet| {
            *room.get_mut(length)? = octet;
            length.checked_add(1)
        })
    }
}

/// The octet of the escape that follows a `%`, and what follows the escape.
fn escape(text: &[u8]) -> Option<(u8, &[u8])> {
    let ([high, low], rest) = text.split_first_chunk()?;
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(((digit(*high)? << 4) | digit(*low)?, rest))
}

#[cfg(test)]
mod tests {
    use super::{FormText, Malformed, read_pairs};
    use alloc::vec::Vec;

    /// A name and a value.
    type Pair<T> = (T, T);
    type Case = (&'static [u8], &'static [Pair<&'static [u8]>]);

    fn pairs(text: &[u8]) -> Result<Vec<Pair<Vec<u8>>>, Malformed> {
        let mut found = Vec::new();
        read_pairs(text, |name, value| {
            found.push((name.octets().collect(), value.octets().collect()));
        })?;
        Ok(found)
    }

    #[test]
    fn pairs_are_decoded_in_order() {
        let cases: &[Case] = &[
            (b"", &[]),
            (b"a=1", &[(b"a", b"1")]),
            (b"a=1&b=&c", &[(b"a", b"1"), (b"b", b""), (b"c", b"")]),
            (b"a=b=c", &[(b"a", b"b=c")]),
            (b"a+b=%2B+%c3%A9", &[(b"a b", b"+ \xC3\xA9")]),
            (b"%61=x&a=y", &[(b"a", b"x"), (b"a", b"y")]),
        ];
        for (text, wanted) in cases {
            let wanted = wanted.iter().map(|(name, value)| (name.to_vec(), value.to_vec()));
            assert_eq!(pairs(text), Ok(wanted.collect()), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for text in
            [&b"a=%"[..], b"a=%4", b"a=%4g", b"%=1", b"a=%%41", b"=1", b"&", b"a=1&", b"a=1&&b=2"]
        {
            assert_eq!(pairs(text), Err(Malformed), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn a_text_is_compared_and_written_decoded() -> Result<(), Malformed> {
        let text = FormText::new(b"cl%69ent+id")?;
        assert!(text.means("client id"));
        assert!(!text.means("client i") && !text.means("client id2"));
        assert_eq!(text.unescaped(), None);
        assert_eq!(FormText::new(b"client+id")?.unescaped(), None);
        assert_eq!(FormText::new(b"client-id")?.unescaped(), Some(&b"client-id"[..]));
        let mut room = [0; 9];
        assert_eq!(text.write(&mut room), Some(9));
        assert_eq!(&room, b"client id");
        assert_eq!(text.write(&mut [0; 8]), None);
        Ok(())
    }
}
