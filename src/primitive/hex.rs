//! Hexadecimal (RFC 4648 section 8): two symbols a byte and nothing else, no prefix, no spaces.
//!
//! Which symbols a text has is not looked up in tables and decides no branch while it is decoded.
//! That is not promised of encoding, whose result is checked to be text.

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
use super::lanes::hexadecimal::{self, Letters};
use super::lanes::{Lanes, Run, collect, hex_runs, in_range, values_of};
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
use super::lanes::{filled_up, halves, put_last};
use super::{BufferTooSmall, DecodeError, copy_prefix};

/// The letters that stand for ten to fifteen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `a` to `f`.
    Lower,
    /// `A` to `F`.
    Upper,
    /// Either when decoding, even mixed; `a` to `f` when encoding.
    Any,
}

/// The bytes that `input` characters decode to; an odd number of them does not.
pub const fn decoded_len(input: usize) -> usize {
    input >> 1
}

/// The characters that `input` bytes encode to, or `None` if no memory holds as many.
pub const fn encoded_len(input: usize) -> Option<usize> {
    input.checked_mul(2)
}

/// Decodes `input` into `out` and gives the part of `out` that was written.
///
/// # Errors
///
/// [`DecodeError`]: `Symbol`, which is reported before a wrong length; `Length` if it is odd;
/// `BufferTooSmall`. The content of `out` is unspecified after `Symbol`, else as it was.
#[inline(always)]
pub fn decode<'b>(input: &[u8], case: Case, out: &'b mut [u8]) -> Result<&'b [u8], DecodeError> {
    let Some(needed) = decode_unexplained(input, case, out) else {
        return Err(wrong_symbol(input, case).unwrap_or(DecodeError::Length));
    };
    out.get(..needed).ok_or(DecodeError::BufferTooSmall { needed })
}

/// As [`decode`], for who asks no more than whether `input` is a text: then this is how many bytes
/// it decodes to. If `out` has room for them they are there, else the symbols are not looked at.
#[inline(always)]
pub(crate) fn decode_unexplained(input: &[u8], case: Case, out: &mut [u8]) -> Option<usize> {
    if !input.len().is_multiple_of(2) {
        return None;
    }
    let needed = decoded_len(input.len());
    let Some(out) = out.get_mut(..needed) else { return Some(needed) };
    // The one branch on what the text says; it tells no more than the answer does.
    if decode_symbols(input, case, out) { Some(needed) } else { None }
}

/// Decodes `symbols`, an even number, into `out`, which has just the room for them. Whether every one
/// is a symbol.
#[inline(always)]
fn decode_symbols(symbols: &[u8], case: Case, out: &mut [u8]) -> bool {
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    return hexadecimal::decode(symbols, case.letters(), out);
    #[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
    decode_portably(symbols, case, out)
}

#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
#[inline(never)]
fn decode_portably(symbols: &[u8], case: Case, out: &mut [u8]) -> bool {
    let runs = case.runs();
    let (texts, rest) = symbols.as_chunks();
    let (values, last) = out.as_chunks_mut();
    let mut unknown = [0; 16];
    for (text, value) in texts.iter().zip(values) {
        *value = pack(&values_of(text, &runs, &mut unknown));
    }
    if !rest.is_empty() {
        let text = filled_up(rest, symbols, b'0').to_le_bytes();
        put_last(last, &pack(&values_of(&text, &runs, &mut unknown)));
    }
    collect(&unknown) == 0
}

/// Sixteen values of four bits are eight bytes.
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
#[inline]
fn pack(values: &Lanes) -> [u8; 8] {
    let [first, second] = halves(values).map(|values| {
        // Lanes of 4 bits are put together to lanes of 8, of 16, of 32.
        let bytes = ((values >> 4) | values) & 0x00ff_00ff_00ff_00ff;
        let pairs = ((bytes >> 8) | bytes) & 0x0000_ffff_0000_ffff;
        ((pairs >> 16) | pairs) & 0x0000_0000_ffff_ffff
    });
    ((first << 32) | second).to_be_bytes()
}

/// The first byte that is not a symbol.
#[cold]
fn wrong_symbol(symbols: &[u8], case: Case) -> Option<DecodeError> {
    let unknown = |&symbol: &u8| {
        let mut unknown = [0; 16];
        values_of(&[symbol; 16], &case.runs(), &mut unknown);
        collect(&unknown) != 0
    };
    let at = symbols.iter().position(unknown)?;
    Some(DecodeError::Symbol { at })
}

/// Encodes `input` into `out` and gives the text.
///
/// # Errors
///
/// [`BufferTooSmall`] with the needed size; `out` is then as it was.
pub fn encode<'b>(input: &[u8], case: Case, out: &'b mut [u8]) -> Result<&'b str, BufferTooSmall> {
    let needed = encoded_len(input.len()).unwrap_or(usize::MAX);
    let out = out.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
    let (values, rest) = input.as_chunks::<8>();
    let (texts, last) = out.as_chunks_mut::<16>();
    for (value, text) in values.iter().zip(texts) {
        *text = case.symbols(&unpack(value));
    }
    let mut value = [0; 8];
    copy_prefix(&mut value, rest);
    copy_prefix(last, &case.symbols(&unpack(&value)));
    Ok(core::str::from_utf8(out).unwrap_or_default())
}

/// Eight bytes are sixteen values of four bits.
#[inline]
fn unpack(bytes: &[u8; 8]) -> Lanes {
    let mut values = [0; 16];
    for (byte, pair) in bytes.iter().zip(values.as_chunks_mut().0) {
        *pair = [byte >> 4, byte & 15];
    }
    values
}

impl Case {
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    #[inline]
    const fn letters(self) -> &'static Letters {
        match self {
            Self::Lower => const { &Letters::new(b'a', 0) },
            Self::Upper => const { &Letters::new(b'A', 0) },
            Self::Any => const { &Letters::new(b'a', b'a' ^ b'A') },
        }
    }

    /// The symbols and what they stand for. Where there is one case, it is there twice.
    #[inline]
    const fn runs(self) -> [Run; 3] {
        match self {
            Self::Lower => hex_runs(b'a', b'a'),
            Self::Upper => hex_runs(b'A', b'A'),
            Self::Any => hex_runs(b'a', b'A'),
        }
    }

    /// The symbols of sixteen values below 16.
    #[inline]
    fn symbols(self, values: &Lanes) -> Lanes {
        let ten = match self {
            Self::Lower | Self::Any => b'a',
            Self::Upper => b'A',
        };
        let beyond_digits = ten.wrapping_sub(b'0').wrapping_sub(10);
        values.map(|lane| {
            let letter = in_range(lane, 10, 5) & beyond_digits;
            lane.wrapping_add(b'0').wrapping_add(letter)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, decode_portably, decode_symbols};

    /// Every even length up to 300, with every kind of wrong byte at every place: the two ways give
    /// the same bytes, find the same flaws and write nothing behind their room.
    #[test]
    fn the_backends_agree_at_every_length() {
        for (case, symbols) in [
            (Case::Lower, b"0123456789abcdef"),
            (Case::Upper, b"0123456789ABCDEF"),
            (Case::Any, b"0123456789aBcDeF"),
        ] {
            let whole: [u8; 300] = core::array::from_fn(|place| symbols[place * 5 % 16]);
            for length in (0..=300).step_by(2) {
                let bytes = length / 2;
                let both = |text: &[u8; 300]| {
                    let (mut one, mut other) = ([0xa5; 160], [0xa5; 160]);
                    let right = decode_symbols(&text[..length], case, &mut one[..bytes]);
                    let same = decode_portably(&text[..length], case, &mut other[..bytes]);
                    assert_eq!(right, same, "{length}");
                    assert!(!right || one == other, "{length}");
                    assert!(one[bytes..].iter().all(|byte| *byte == 0xa5), "{length}");
                    right
                };
                assert!(both(&whole), "{length}");
                for at in 0..length {
                    let wrong = [0, b'/', b':', b'@', b'G', b'`', b'g', 0x80, 0xb0, 0xff];
                    let mut text = whole;
                    text[at] = wrong[(at + length / 2) % wrong.len()];
                    assert!(!both(&text), "{} at {at} of {length}", text[at]);
                }
            }
        }
    }

    /// Every byte at every place of a block and of its end: the two ways are of one mind.
    #[test]
    fn the_backends_agree() {
        for case in [Case::Lower, Case::Upper, Case::Any] {
            for (length, at) in
                (0..32).step_by(2).flat_map(|length: usize| (0..length).map(move |at| (length, at)))
            {
                for byte in 0..=u8::MAX {
                    let mut text = *b"01234567890123455543210987654321";
                    text[at] = byte;
                    let (symbols, bytes) = (&text[..length], length / 2);
                    let (mut one, mut other) = ([0; 16], [0; 16]);
                    let right = decode_symbols(symbols, case, &mut one[..bytes]);
                    let same = decode_portably(symbols, case, &mut other[..bytes]);
                    assert_eq!(right, same, "{byte} at {at} of {length}");
                    assert!(!right || one == other, "{byte} at {at} of {length}");
                }
            }
        }
    }
}
