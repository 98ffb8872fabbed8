//! Base64 and hexadecimal: the vectors of RFC 4648, every short string against a naive twin, and
//! the forms that a lenient decoder would let pass.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use tollgate::primitive::base64::{self as own, Alphabet, Padding};
use tollgate::primitive::hex::{self, Case};
use tollgate::primitive::{BufferTooSmall, DecodeError};

const ALPHABETS: [Alphabet; 2] = [Alphabet::Standard, Alphabet::UrlSafe];
const PADDINGS: [Padding; 3] = [Padding::Required, Padding::Optional, Padding::Forbidden];

fn decoded(text: &[u8], alphabet: Alphabet, padding: Padding) -> Result<Vec<u8>, DecodeError> {
    let mut room = [0; 1024];
    own::decode(text, alphabet, padding, &mut room).map(<[u8]>::to_vec)
}

fn encoded(bytes: &[u8], alphabet: Alphabet, padding: Padding) -> String {
    let mut room = [0; 2048];
    own::encode(bytes, alphabet, padding, &mut room).unwrap().to_owned()
}

fn unhexed(text: &[u8], case: Case) -> Result<Vec<u8>, DecodeError> {
    let mut room = [0; 1024];
    hex::decode(text, case, &mut room).map(<[u8]>::to_vec)
}

fn hexed(bytes: &[u8], case: Case) -> String {
    let mut room = [0; 2048];
    hex::encode(bytes, case, &mut room).unwrap().to_owned()
}

#[test]
fn rfc_4648_section_10() {
    for (bytes, base64, base16) in [
        ("", "", ""),
        ("f", "Zg==", "66"),
        ("fo", "Zm8=", "666F"),
        ("foo", "Zm9v", "666F6F"),
        ("foob", "Zm9vYg==", "666F6F62"),
        ("fooba", "Zm9vYmE=", "666F6F6261"),
        ("foobar", "Zm9vYmFy", "666F6F626172"),
    ] {
        let (bytes, bare) = (bytes.as_bytes(), base64.trim_end_matches('='));
        for alphabet in ALPHABETS {
            assert_eq!(encoded(bytes, alphabet, Padding::Required), base64);
            assert_eq!(encoded(bytes, alphabet, Padding::Optional), base64);
            assert_eq!(encoded(bytes, alphabet, Padding::Forbidden), bare);
            for (text, padding) in [
                (base64, Padding::Required),
                (base64, Padding::Optional),
                (bare, Padding::Optional),
                (bare, Padding::Forbidden),
            ] {
                assert_eq!(decoded(text.as_bytes(), alphabet, padding), Ok(bytes.to_vec()));
            }
            if bare != base64 {
                let refused = Err(DecodeError::Padding);
                assert_eq!(decoded(bare.as_bytes(), alphabet, Padding::Required), refused);
                assert_eq!(decoded(base64.as_bytes(), alphabet, Padding::Forbidden), refused);
            }
        }
        assert_eq!(hexed(bytes, Case::Upper), base16);
        assert_eq!(hexed(bytes, Case::Lower), base16.to_lowercase());
        assert_eq!(unhexed(base16.as_bytes(), Case::Upper), Ok(bytes.to_vec()));
        assert_eq!(unhexed(base16.as_bytes(), Case::Any), Ok(bytes.to_vec()));
    }
}

#[test]
fn the_last_two_symbols_belong_to_one_alphabet() {
    let bytes = [0xfb, 0xff];
    assert_eq!(encoded(&bytes, Alphabet::Standard, Padding::Required), "+/8=");
    assert_eq!(encoded(&bytes, Alphabet::UrlSafe, Padding::Forbidden), "-_8");
    for (text, alphabet, answer) in [
        ("+/8=", Alphabet::Standard, Ok(bytes.to_vec())),
        ("-_8=", Alphabet::UrlSafe, Ok(bytes.to_vec())),
        ("-_8=", Alphabet::Standard, Err(DecodeError::Symbol { at: 0 })),
        ("+/8=", Alphabet::UrlSafe, Err(DecodeError::Symbol { at: 0 })),
        ("+_8=", Alphabet::Standard, Err(DecodeError::Symbol { at: 1 })),
    ] {
        assert_eq!(decoded(text.as_bytes(), alphabet, Padding::Required), answer, "{text}");
    }
}

#[test]
fn lenient_forms_are_refused_and_named() {
    use DecodeError::{Length, Padding as Pads, Symbol, TrailingBits};
    for (text, answer) in [
        ("Zm9v\n", Symbol { at: 4 }),
        ("Zm9v\r\nZm9v", Symbol { at: 4 }),
        (" Zm9v", Symbol { at: 0 }),
        ("Zm 9v", Symbol { at: 2 }),
        ("Zg==Zg==", Symbol { at: 2 }),
        ("Z=g=", Symbol { at: 1 }),
        ("Zg===", Symbol { at: 2 }),
        ("Zm9v=", Pads),
        ("Zm9v==", Pads),
        ("Zm9v====", Symbol { at: 4 }),
        ("Zg=", Pads),
        ("Zm8==", Pads),
        ("=", Pads),
        ("==", Pads),
        ("====", Symbol { at: 0 }),
        ("Z", Length),
        ("Z=", Length),
        ("Z===", Symbol { at: 1 }),
        ("Zm9vZ", Length),
        ("Zh==", TrailingBits),
        ("Zm9=", TrailingBits),
        ("Zm9\0", Symbol { at: 3 }),
        ("Zm9\u{e9}", Symbol { at: 3 }),
    ] {
        for padding in [Padding::Required, Padding::Optional] {
            let answered = decoded(text.as_bytes(), Alphabet::Standard, padding);
            assert_eq!(answered, Err(answer), "{text:?}");
        }
        assert!(decoded(text.as_bytes(), Alphabet::Standard, Padding::Forbidden).is_err());
    }
    for text in ["Zh", "Zm9"] {
        let answered = decoded(text.as_bytes(), Alphabet::Standard, Padding::Forbidden);
        assert_eq!(answered, Err(TrailingBits), "{text:?}");
    }
}

/// A decoder as plain as it can be: it looks every symbol up in the printed alphabet.
fn naive_pair(pair: &[u8], last: &[u8; 2]) -> Option<u8> {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let alphabet: Vec<u8> = letters.iter().chain(last).copied().collect();
    let value = |symbol| alphabet.iter().position(|&known| known == symbol);
    let bits = value(pair[0])? * 64 + value(pair[1])?;
    (bits % 16 == 0).then(|| u8::try_from(bits / 16).unwrap())
}

#[test]
fn every_two_symbols_agree_with_the_naive_twin() {
    for (alphabet, last) in ALPHABETS.into_iter().zip([b"+/", b"-_"]) {
        let mut accepted = 0;
        for pair in 0..=u16::MAX {
            let pair = pair.to_be_bytes();
            let expected = naive_pair(&pair, last).map(|byte| vec![byte]);
            assert_eq!(decoded(&pair, alphabet, Padding::Forbidden).ok(), expected, "{pair:?}");
            let padded = [pair[0], pair[1], b'=', b'='];
            assert_eq!(decoded(&padded, alphabet, Padding::Required).ok(), expected, "{pair:?}");
            accepted += usize::from(expected.is_some());
        }
        assert_eq!(accepted, 256, "one text for each byte");
    }
}

#[test]
fn every_two_hex_symbols_agree_with_the_naive_twin() {
    for (case, symbols, accepted) in [
        (Case::Lower, &b"0123456789abcdef"[..], 256),
        (Case::Upper, b"0123456789ABCDEF", 256),
        (Case::Any, b"0123456789abcdefABCDEF", 22 * 22),
    ] {
        let value = |symbol: u8| {
            let at = symbols.iter().position(|&known| known == symbol)?;
            Some(if at < 16 { at } else { at - 6 })
        };
        let naive = |pair: [u8; 2]| Some((value(pair[0])? * 16 + value(pair[1])?) as u8);
        let mut count = 0;
        for pair in 0..=u16::MAX {
            let pair = pair.to_be_bytes();
            let expected = naive(pair).map(|byte| vec![byte]);
            assert_eq!(unhexed(&pair, case).ok(), expected, "{pair:?}");
            count += usize::from(expected.is_some());
        }
        assert_eq!(count, accepted);
    }
}

#[test]
fn hex_has_no_lenient_forms() {
    use DecodeError::{Length, Symbol};
    for (text, answer) in [
        ("0", Length),
        ("666", Length),
        ("0x66", Symbol { at: 1 }),
        ("66 67", Symbol { at: 2 }),
        ("66\n", Symbol { at: 2 }),
        ("6g", Symbol { at: 1 }),
        ("\u{661}", Symbol { at: 0 }),
    ] {
        assert_eq!(unhexed(text.as_bytes(), Case::Any), Err(answer), "{text:?}");
    }
    assert_eq!(unhexed(b"6F", Case::Lower), Err(Symbol { at: 1 }));
    assert_eq!(unhexed(b"6f", Case::Upper), Err(Symbol { at: 1 }));
    assert_eq!(unhexed(b"6F6f", Case::Any), Ok(b"oo".to_vec()));
}

#[test]
fn a_small_buffer_is_refused_with_the_size_it_should_have() {
    let mut room = [7; 8];
    let needed = |needed| Err(DecodeError::BufferTooSmall { needed });
    for (text, size) in [("Zm9vYmFyZg==", 7), ("Zm9vYmFyZm8=", 8), ("Zm9vYmFyZm9v", 9)] {
        let text = text.as_bytes();
        let small = &mut room[..size - 1];
        assert_eq!(own::decode(text, Alphabet::Standard, Padding::Required, small), needed(size));
    }
    assert_eq!(hex::decode(b"0001020304", Case::Any, &mut room[..4]), needed(5));
    let refused = own::encode(b"foobar!", Alphabet::Standard, Padding::Required, &mut room);
    assert_eq!(refused, Err(BufferTooSmall { needed: 12 }));
    assert_eq!(hex::encode(b"fooba", Case::Any, &mut room), Err(BufferTooSmall { needed: 10 }));
    assert_eq!(room, [7; 8], "the buffer is left alone");
}

#[test]
fn lengths_are_told_before_the_work() {
    for length in 0..200 {
        let bytes = vec![0xa5; length];
        for padding in PADDINGS {
            let text = encoded(&bytes, Alphabet::Standard, padding);
            assert_eq!(own::encoded_len(length, padding), Some(text.len()));
            let most = own::decoded_len(text.len());
            assert!(most >= length && most <= length + 2);
            assert!(padding != Padding::Forbidden || most == length);
        }
        assert_eq!(hex::encoded_len(length), Some(length * 2));
        assert_eq!(hex::decoded_len(length * 2), length);
    }
    assert_eq!(own::encoded_len(usize::MAX, Padding::Forbidden), None);
    assert_eq!(hex::encoded_len(usize::MAX), None);
    assert!(own::decoded_len(usize::MAX) < usize::MAX);
}

/// What the `base64` crate decodes at the same strictness. It has no mode for "padded in full or
/// not at all" (its own takes `Zg=` as well), so that is asked as two questions.
fn their_answer(text: &[u8], alphabet: Alphabet, padding: Padding) -> Option<Vec<u8>> {
    let decode = |mode| {
        let config = GeneralPurposeConfig::new().with_decode_padding_mode(mode);
        let mut room = [0; 1024];
        let engine = GeneralPurpose::new(their_alphabet(alphabet), config);
        engine.decode_slice(text, &mut room).ok().map(|length| room[..length].to_vec())
    };
    let padded = || decode(DecodePaddingMode::RequireCanonical);
    let bare = || decode(DecodePaddingMode::RequireNone);
    match padding {
        Padding::Required => padded(),
        Padding::Optional => padded().or_else(bare),
        Padding::Forbidden => bare(),
    }
}

fn their_text(bytes: &[u8], alphabet: Alphabet, padding: Padding) -> String {
    let config = GeneralPurposeConfig::new().with_encode_padding(padding != Padding::Forbidden);
    let mut room = [0; 2048];
    let engine = GeneralPurpose::new(their_alphabet(alphabet), config);
    let length = engine.encode_slice(bytes, &mut room).unwrap();
    String::from_utf8(room[..length].to_vec()).unwrap()
}

const fn their_alphabet(alphabet: Alphabet) -> &'static base64::alphabet::Alphabet {
    match alphabet {
        Alphabet::Standard => &STANDARD,
        Alphabet::UrlSafe => &URL_SAFE,
    }
}

#[test]
fn agrees_with_the_base64_crate_on_damaged_text() {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize
    };
    let spare = b"=+/-_ \n=AZaz09\x00\xff";
    let (mut accepted, mut refused) = (0, 0);
    for round in 0..60_000 {
        let (alphabet, padding) = (ALPHABETS[round % 2], PADDINGS[round % 3]);
        let bytes: Vec<u8> = (0..next() % 50).map(|_| next() as u8).collect();
        let text = encoded(&bytes, alphabet, padding);
        assert_eq!(text, their_text(&bytes, alphabet, padding));
        let mut damaged = text.into_bytes();
        for _ in 0..next() % 3 {
            let at = next() % (damaged.len() + 1);
            match (next() % 3, damaged.len()) {
                (0, length) if at < length => damaged[at] = spare[next() % spare.len()],
                (1, length) if at < length => drop(damaged.remove(at)),
                _ => damaged.insert(at, spare[next() % spare.len()]),
            }
        }
        let answered = decoded(&damaged, alphabet, padding);
        let expected = their_answer(&damaged, alphabet, padding);
        *(if expected.is_some() { &mut accepted } else { &mut refused }) += 1;
        assert_eq!(answered.ok(), expected, "{}", damaged.escape_ascii());
    }
    assert!(accepted > 10_000 && refused > 10_000, "{accepted} accepted, {refused} refused");
}
