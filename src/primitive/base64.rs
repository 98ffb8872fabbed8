//! Base64 (RFC 4648 sections 4 and 5), strict and canonical: every value has exactly one text,
//! and every other text is refused. There is no leniency to ask for: no whitespace, no line
//! breaks, no second alphabet, no unused bits.
//!
//! Which symbols a text has is not looked up in tables and decides no branch while it is decoded.
//! That is not promised of encoding, whose result is checked to be text.

#[cfg(target_arch = "x86_64")]
use super::lanes::Ssse3;
use super::lanes::{
    Lanes, Run, base64_runs, collect, filled_up, halves, in_range, put_last, values_of,
};
use super::{BufferTooSmall, DecodeError, copy_prefix};

/// The two symbols beyond letters and digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// `+` and `/` (RFC 4648 section 4).
    Standard,
    /// `-` and `_` (RFC 4648 section 5).
    UrlSafe,
}

/// What is said about the `=` at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// The text is padded to a multiple of four symbols.
    Required,
    /// Padded in full or not at all.
    Optional,
    /// There is none.
    Forbidden,
}

/// The bytes that `input` characters decode to, at most; without padding it is exact.
pub const fn decoded_len(input: usize) -> usize {
    let (quads, rest) = (input >> 2, input & 3);
    // Neither can overflow: the result is below `input`.
    quads.wrapping_mul(3).wrapping_add(rest.wrapping_mul(3) >> 2)
}

/// The characters that `input` bytes encode to, or `None` if no memory holds as many.
/// [`Padding::Optional`] counts as padded.
pub const fn encoded_len(input: usize, padding: Padding) -> Option<usize> {
    let (triples, rest) = match (input.checked_div(3), input.checked_rem(3)) {
        (Some(triples), Some(rest)) => (triples, rest),
        _ => return None,
    };
    let last: usize = match (rest, padding) {
        (0, _) => 0,
        (_, Padding::Required | Padding::Optional) => 4,
        (rest, Padding::Forbidden) => rest.wrapping_add(1),
    };
    match triples.checked_mul(4) {
        Some(symbols) => symbols.checked_add(last),
        None => None,
    }
}

/// Decodes `input` into `out` and gives the part of `out` that was written.
///
/// # Errors
///
/// [`DecodeError`]. A wrong symbol is reported before a wrong length or padding. The content of
/// `out` is then unspecified, except with `BufferTooSmall`, which leaves it alone.
#[inline(always)]
pub fn decode<'b>(
    input: &[u8],
    alphabet: Alphabet,
    padding: Padding,
    out: &'b mut [u8],
) -> Result<&'b [u8], DecodeError> {
    let Some(needed) = decode_unexplained(input, alphabet, padding, out) else {
        return Err(what_is_wrong(input, alphabet, padding));
    };
    out.get(..needed).ok_or(DecodeError::BufferTooSmall { needed })
}

/// As [`decode`], for who asks no more than whether `input` is a text: then this is how many bytes
/// it decodes to. If `out` has room for them they are there, else the symbols are not looked at.
#[inline(always)]
pub(crate) fn decode_unexplained(
    input: &[u8],
    alphabet: Alphabet,
    padding: Padding,
    out: &mut [u8],
) -> Option<usize> {
    let symbols = without_padding(input);
    check_form(symbols.len(), input.len(), padding).ok()?;
    let needed = decoded_len(symbols.len());
    let Some(out) = out.get_mut(..needed) else { return Some(needed) };
    // The one branch on what the text says; it tells no more than the answer does.
    if decode_symbols(symbols, alphabet, out) == 0 { Some(needed) } else { None }
}

/// `input` without up to two `=` at its end. A third one is left as a wrong symbol.
fn without_padding(input: &[u8]) -> &[u8] {
    match input {
        [symbols @ .., b'=', b'='] | [symbols @ .., b'='] => symbols,
        symbols => symbols,
    }
}

/// Whether `symbols` of `total` characters, the others being padding, make a text.
fn check_form(symbols: usize, total: usize, padding: Padding) -> Result<(), DecodeError> {
    let given = total.wrapping_sub(symbols);
    let due = symbols.wrapping_neg() & 3;
    if due == 3 {
        return Err(DecodeError::Length);
    }
    let right = match padding {
        Padding::Required => given == due,
        Padding::Optional => given == due || given == 0,
        Padding::Forbidden => given == 0,
    };
    if right { Ok(()) } else { Err(DecodeError::Padding) }
}

/// Decodes `symbols` into `out`, which has just the room for them. The answer is 0 if every
/// symbol is of the alphabet and no unused bit is set.
#[inline]
fn decode_symbols(symbols: &[u8], alphabet: Alphabet, out: &mut [u8]) -> u8 {
    #[cfg(target_arch = "x86_64")]
    if let Some(ssse3) = Ssse3::detect() {
        return match alphabet {
            Alphabet::Standard => ssse3.base64::<b'+', b'/'>(symbols, out),
            Alphabet::UrlSafe => ssse3.base64::<b'-', b'_'>(symbols, out),
        };
    }
    decode_portably(symbols, alphabet, out)
}

#[inline(never)]
fn decode_portably(symbols: &[u8], alphabet: Alphabet, out: &mut [u8]) -> u8 {
    let runs = alphabet.runs();
    let (texts, rest) = symbols.as_chunks();
    let (values, last) = out.as_chunks_mut();
    let mut unknown = [0; 16];
    for (text, value) in texts.iter().zip(values) {
        *value = pack(&values_of(text, &runs, &mut unknown));
    }
    if rest.is_empty() {
        return collect(&unknown);
    }
    // `A` stands for zero bits: what is not zero behind the last byte are unused bits.
    let text = filled_up(rest, symbols, b'A').to_le_bytes();
    put_last(last, &pack(&values_of(&text, &runs, &mut unknown))) | collect(&unknown)
}

/// Sixteen values of six bits are twelve bytes.
#[inline]
fn pack(values: &Lanes) -> [u8; 12] {
    let [first, second] = halves(values).map(|values| {
        // Lanes of 6 bits are put together to lanes of 12, of 24, of 48.
        let pairs = ((values & 0x3f00_3f00_3f00_3f00) >> 2) | (values & 0x003f_003f_003f_003f);
        let quads = ((pairs & 0x0fff_0000_0fff_0000) >> 4) | (pairs & 0x0000_0fff_0000_0fff);
        ((quads & 0x00ff_ffff_0000_0000) >> 8) | (quads & 0x0000_0000_00ff_ffff)
    });
    let all = (u128::from(first) << 48) | u128::from(second);
    let [_, _, _, _, bytes @ ..] = all.to_be_bytes();
    bytes
}

/// Why `input` is not a text.
#[cold]
fn what_is_wrong(input: &[u8], alphabet: Alphabet, padding: Padding) -> DecodeError {
    let symbols = without_padding(input);
    wrong_symbol(symbols, alphabet)
        .or_else(|| check_form(symbols.len(), input.len(), padding).err())
        .unwrap_or(DecodeError::TrailingBits)
}

/// The first byte that is not in the alphabet.
fn wrong_symbol(symbols: &[u8], alphabet: Alphabet) -> Option<DecodeError> {
    let unknown = |&symbol: &u8| {
        let mut unknown = [0; 16];
        values_of(&[symbol; 16], &alphabet.runs(), &mut unknown);
        collect(&unknown) != 0
    };
    let at = symbols.iter().position(unknown)?;
    Some(DecodeError::Symbol { at })
}

/// Encodes `input` into `out` and gives the text. [`Padding::Optional`] pads.
///
/// # Errors
///
/// [`BufferTooSmall`] with the needed size; `out` is then as it was.
pub fn encode<'b>(
    input: &[u8],
    alphabet: Alphabet,
    padding: Padding,
    out: &'b mut [u8],
) -> Result<&'b str, BufferTooSmall> {
    let needed = encoded_len(input.len(), padding).unwrap_or(usize::MAX);
    let out = out.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
    let (values, rest) = input.as_chunks::<12>();
    let (texts, last) = out.split_at_mut_checked(values.len() << 4).unwrap_or_default();
    for (value, text) in values.iter().zip(texts.as_chunks_mut().0) {
        *text = alphabet.symbols(&unpack(value));
    }
    let mut value = [0; 12];
    copy_prefix(&mut value, rest);
    let mut text = alphabet.symbols(&unpack(&value));
    let symbols = encoded_len(rest.len(), Padding::Forbidden).unwrap_or_default();
    text.iter_mut().skip(symbols).for_each(|symbol| *symbol = b'=');
    copy_prefix(last, &text);
    Ok(core::str::from_utf8(out).unwrap_or_default())
}

/// Twelve bytes are sixteen values of six bits.
#[inline]
fn unpack(bytes: &[u8; 12]) -> Lanes {
    let mut values = [0; 16];
    for (six, half) in bytes.as_chunks::<6>().0.iter().zip(values.as_chunks_mut().0) {
        let [a, b, c, d, e, f] = *six;
        let all = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
        // 48 bits are taken apart to lanes of 24, of 12, of 6.
        let quads = ((all << 8) & 0x00ff_ffff_0000_0000) | (all & 0x0000_0000_00ff_ffff);
        let pairs = ((quads << 4) & 0x0fff_0000_0fff_0000) | (quads & 0x0000_0fff_0000_0fff);
        let values = ((pairs << 2) & 0x3f00_3f00_3f00_3f00) | (pairs & 0x003f_003f_003f_003f);
        *half = values.to_be_bytes();
    }
    values
}

impl Alphabet {
    /// The symbols for 62 and 63.
    const fn last_two(self) -> (u8, u8) {
        match self {
            Self::Standard => (b'+', b'/'),
            Self::UrlSafe => (b'-', b'_'),
        }
    }

    /// The symbols and what they stand for.
    #[inline]
    const fn runs(self) -> [Run; 5] {
        let (plus, slash) = self.last_two();
        base64_runs(plus, slash)
    }

    /// The symbols of sixteen values below 64.
    #[inline]
    fn symbols(self, values: &Lanes) -> Lanes {
        let runs = self.runs();
        values.map(|lane| {
            let mut distance = 0;
            for Run { symbol, value, last } in runs {
                distance |= in_range(lane, value, last) & symbol.wrapping_sub(value);
            }
            lane.wrapping_add(distance)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Alphabet, Lanes, decode_portably, decode_symbols};

    /// Every length up to 300, with every kind of wrong byte at every place: the two ways give the
    /// same bytes, find the same flaws and write nothing behind their room.
    #[test]
    fn the_backends_agree_at_every_length() {
        let values: Lanes = core::array::from_fn(|place| 37_u8.wrapping_mul(place as u8) & 63);
        for alphabet in [Alphabet::Standard, Alphabet::UrlSafe] {
            let block = alphabet.symbols(&values);
            let whole: [u8; 304] = core::array::from_fn(|place| block[place * 5 % 16]);
            for length in 0..=300 {
                let bytes = length * 3 / 4;
                let both = |text: &[u8; 304]| {
                    let (mut one, mut other) = ([0xa5; 240], [0xa5; 240]);
                    let flawed = decode_symbols(&text[..length], alphabet, &mut one[..bytes]);
                    let same = decode_portably(&text[..length], alphabet, &mut other[..bytes]);
                    assert_eq!(flawed != 0, same != 0, "{length}");
                    assert!(flawed != 0 || one == other, "{length}");
                    assert!(one[bytes..].iter().all(|byte| *byte == 0xa5), "{length}");
                    flawed != 0
                };
                // Only the end of a text without padding has bits that no byte uses.
                if length % 4 == 0 {
                    assert!(!both(&whole), "{length}");
                }
                for at in 0..length {
                    let wrong = [0, b'=', b'\n', b'@', b'`', b'{', 0x7f, 0x80, 0xaf, 0xff];
                    let mut text = whole;
                    text[at] = wrong[(at + length) % wrong.len()];
                    assert!(both(&text), "{} at {at} of {length}", text[at]);
                }
            }
        }
    }

    /// Every byte at every place of a block and of its end: the two ways are of one mind.
    #[test]
    fn the_backends_agree() {
        const TEXT: [u8; 32] = *b"ABCDwxyzABCD01899876ZYXWabcdMNOQ";
        for alphabet in [Alphabet::Standard, Alphabet::UrlSafe] {
            for (length, at) in (0..32).flat_map(|length| (0..length).map(move |at| (length, at))) {
                for byte in 0..=u8::MAX {
                    let mut text = TEXT;
                    text[at] = byte;
                    let (symbols, bytes) = (&text[..length], length * 3 / 4);
                    let (mut one, mut other) = ([0; 24], [0; 24]);
                    let flawed = decode_symbols(symbols, alphabet, &mut one[..bytes]) != 0;
                    let same = decode_portably(symbols, alphabet, &mut other[..bytes]) != 0;
                    assert_eq!(flawed, same, "{byte} at {at} of {length}");
                    assert!(flawed || one == other, "{byte} at {at} of {length}");
                }
            }
        }
    }
}
