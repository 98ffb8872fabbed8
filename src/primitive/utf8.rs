//! UTF-8 validation (RFC 3629) of bytes that arrive in pieces.

/// A check in progress: 3 bytes of plain data, every bit pattern of which is usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Utf8Check {
    /// Continuation bytes that the current character still needs; [`INVALID`] after an error.
    missing: u8,
    /// What the next continuation byte may be: this and above,
    least: u8,
    /// and this and below.
    most: u8,
}

/// More continuation bytes than any character has.
const INVALID: u8 = 4;

const _: () = assert!(size_of::<Utf8Check>() == 3);

impl Utf8Check {
    /// The check before any byte.
    pub const fn new() -> Self {
        Self { missing: 0, least: 0, most: 0 }
    }

    /// Checks the next piece. False if the bytes so far are not the beginning of any UTF-8 text;
    /// it then stays false. How a text is cut into pieces does not change the answer.
    pub fn update(&mut self, piece: &[u8]) -> bool {
        let mut rest = piece;
        while self.missing < INVALID {
            if self.missing == 0 {
                rest = after_ascii(rest);
            }
            let Some((&byte, after)) = rest.split_first() else { break };
            self.step(byte);
            rest = after;
        }
        self.missing < INVALID
    }

    /// Whether everything so far is UTF-8 text, with no character cut off at its end.
    pub const fn finish(&self) -> bool {
        self.missing == 0
    }

    /// RFC 3629 section 4. The range of the second byte is what keeps overlong forms, surrogates
    /// and everything above U+10FFFF out.
    const fn step(&mut self, byte: u8) {
        let (missing, least, most) = match (self.missing, byte) {
            (0, 0x00..=0x7f) => (0, 0, 0),
            (0, 0xc2..=0xdf) => (1, 0x80, 0xbf),
            (0, 0xe0) => (2, 0xa0, 0xbf),
            (0, 0xed) => (2, 0x80, 0x9f),
            (0, 0xe1..=0xef) => (2, 0x80, 0xbf),
            (0, 0xf0) => (3, 0x90, 0xbf),
            (0, 0xf1..=0xf3) => (3, 0x80, 0xbf),
            (0, 0xf4) => (3, 0x80, 0x8f),
            (1..INVALID, _) if self.least <= byte && byte <= self.most => {
                (self.missing.saturating_sub(1), 0x80, 0xbf)
            }
            _ => (INVALID, 0, 0),
        };
        *self = Self { missing, least, most };
    }
}

impl Default for Utf8Check {
    fn default() -> Self {
        Self::new()
    }
}

/// `bytes` without the whole words of ASCII at its beginning: text is mostly that, and eight bytes
/// are seen at a glance.
fn after_ascii(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        if u64::from_ne_bytes(*word) & 0x8080_8080_8080_8080 != 0 {
            break;
        }
        rest = after;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::Utf8Check;

    /// The bytes at both sides of every boundary of RFC 3629 section 4.
    const BOUNDARIES: [u8; 25] = [
        0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,
        0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
    ];

    /// `core`'s answer, which must be ours wherever the text is cut in two.
    fn agrees(text: &[u8]) {
        let (valid, beginning) = match core::str::from_utf8(text) {
            Ok(_) => (true, true),
            Err(error) => (false, error.error_len().is_none()),
        };
        for cut in 0..=text.len() {
            let mut check = Utf8Check::new();
            check.update(&text[..cut]);
            assert_eq!(check.update(&text[cut..]), beginning, "{text:x?} cut at {cut}");
            assert_eq!(check.finish(), valid, "{text:x?} cut at {cut}");
        }
    }

    #[test]
    fn every_four_boundary_bytes() {
        for first in BOUNDARIES {
            for second in BOUNDARIES {
                for third in BOUNDARIES {
                    for fourth in BOUNDARIES {
                        agrees(&[first, second, third, fourth]);
                    }
                }
            }
        }
    }

    #[test]
    fn every_two_bytes_behind_words_of_ascii() {
        for pair in 0..=u16::MAX {
            let [first, second] = pair.to_be_bytes();
            agrees(&[first, second]);
            agrees(&[b'a', b'b', b'c', b'd', b'e', b'f', b'g', b'h', first, second]);
        }
    }

    #[test]
    fn an_error_is_never_forgotten() {
        let mut check = Utf8Check::new();
        assert!(check.update("Peña".as_bytes()));
        assert!(!check.update(b"\xc0\x80"));
        assert!(!check.update(b"text"));
        assert!(!check.finish());
    }

    #[test]
    fn longer_text() {
        agrees("zażółć gęślą jaźń, 𝄞 and 漢字; a plain tail of several words".as_bytes());
        agrees(b"plain text of several words, then a surrogate \xed\xa0\x80 and more text");
    }
}
