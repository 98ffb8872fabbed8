//! Hexadecimal (RFC 4648 section 8): two symbols a byte and nothing else, no prefix, no spaces.
//!
//! Which symbols a text has is not looked up in tables and decides no branch while it is decoded.
//! That is not promised of encoding, whose result is checked to be text.

use super::lanes::{Lanes, collect, halves, in_range};
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
pub fn decode<'b>(input: &[u8], case: Case, out: &'b mut [u8]) -> Result<&'b [u8], DecodeError> {
    if !input.len().is_multiple_of(2) {
        return Err(wrong_symbol(input, case).unwrap_or(DecodeError::Length));
    }
    let needed = decoded_len(input.len());
    let out = out.get_mut(..needed).ok_or(DecodeError::BufferTooSmall { needed })?;
    // The one branch on what the text says; it tells no more than the answer does.
    if decode_symbols(input, case, out) != 0 {
        return Err(wrong_symbol(input, case).unwrap_or(DecodeError::Length));
    }
    Ok(out)
}

/// Decodes `symbols` into `out`, which has just the room for them. The answer is 0 if every one
/// is a symbol.
fn decode_symbols(symbols: &[u8], case: Case, out: &mut [u8]) -> u8 {
    let (texts, rest) = symbols.as_chunks::<16>();
    let (values, last) = out.as_chunks_mut::<8>();
    let mut unknown = [0; 16];
    for (text, value) in texts.iter().zip(values) {
        *value = pack(&case.values(text, &mut unknown));
    }
    if !rest.is_empty() {
        let mut text = [b'0'; 16];
        copy_prefix(&mut text, rest);
        copy_prefix(last, &pack(&case.values(&text, &mut unknown)));
    }
    collect(&unknown)
}

/// Sixteen values of four bits are eight bytes.
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
        case.values(&[symbol; 16], &mut unknown);
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
    /// The values of sixteen symbols. A lane of `unknown` becomes nonzero where there is no
    /// symbol of this case; its value is then unspecified.
    #[inline]
    fn values(self, symbols: &Lanes, unknown: &mut Lanes) -> Lanes {
        let (lower, upper) = match self {
            Self::Lower => (6, 0),
            Self::Upper => (0, 6),
            Self::Any => (6, 6),
        };
        let mut values = *symbols;
        for (lane, unknown) in values.iter_mut().zip(unknown) {
            let digit = in_range(*lane, b'0', 10);
            let letter = in_range(*lane, b'a', lower) | in_range(*lane, b'A', upper);
            // Digits end in 0 to 9, letters of either case in 1 to 6.
            *lane = (*lane & 15).wrapping_add(letter & 9);
            *unknown |= !(digit | letter);
        }
        values
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
            let letter = in_range(lane, 10, 6) & beyond_digits;
            lane.wrapping_add(b'0').wrapping_add(letter)
        })
    }
}
