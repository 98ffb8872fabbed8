//! base64 and hex, decoded: what comes with a request.

use base64::Engine;
use rand::Rng;

use crate::harness::{Contender, Group, Mode};
use crate::inputs;
use crate::peers::openssl::{Flavour, Newest, System};
use crate::tollgate::{bytes, tollgate_base64_decode, tollgate_hex_decode};

/// Texts and their values; of the second half one symbol is wrong.
struct Case {
    texts: Vec<&'static [u8]>,
    values: Vec<Vec<u8>>,
}

/// How many texts are measured.
const TEXTS: usize = 64;

impl Case {
    fn new(title: &str, length: usize, encode: fn(&[u8]) -> String) -> &'static Self {
        let mut random = inputs::random(title);
        let (mut texts, mut values) = (Vec::new(), Vec::new());
        for place in 0..2 * TEXTS {
            let value = inputs::bytes(&mut random, length);
            let mut text = encode(&value).into_bytes();
            if place >= TEXTS {
                let symbol = random.random_range(0..text.len() - 4);
                text[symbol] = b'!';
            }
            let memory = inputs::messages(&mut random, &[text.len()])[0];
            let start = memory.as_ptr().cast_mut();
            // SAFETY: the memory is as long as the text, and nobody else has it yet.
            unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), start, text.len()) };
            texts.push(memory);
            values.push(value);
        }
        Box::leak(Box::new(Self { texts, values }))
    }

    /// A contender that decodes into room for the value and says whether it is a text. Once each value
    /// is compared.
    fn contender(
        &'static self,
        name: &str,
        mut decode: impl FnMut(&[u8], &mut [u8]) -> bool + 'static,
    ) -> Contender {
        let mut room = vec![0_u8; self.values[0].len()];
        for (text, value) in self.texts.iter().zip(&self.values).take(TEXTS) {
            assert!(decode(text, &mut room) && room == *value, "{name} decodes wrongly");
        }
        Contender::new(name, move |input| decode(self.texts[input], &mut room))
    }
}

fn group(name: String, contenders: Vec<Contender>) -> Group {
    Group {
        name,
        per_call: 1.0,
        answers: (0..2 * TEXTS).map(|input| input < TEXTS).collect(),
        timed: TEXTS,
        modes: vec![Mode::Iso, Mode::Back],
        contenders,
    }
}

/// base64 of `symbols` characters with padding.
pub fn base64(symbols: usize) -> Group {
    use base64::engine::general_purpose::STANDARD;
    let name = format!("base64 decode, {symbols} characters");
    let case = Case::new(&name, symbols / 4 * 3 - 1, |value| STANDARD.encode(value));
    let tollgate = |text: &[u8], room: &mut [u8]| {
        let mut length = 0;
        // SAFETY: the text is read, and `room` and `length` are written.
        let status = unsafe {
            tollgate_base64_decode(bytes(text), 0, 0, room.as_mut_ptr(), room.len(), &mut length)
        };
        status == 0
    };
    let mut contenders = vec![
        case.contender("Tollgate (C ABI)", tollgate),
        case.contender("base64-simd", |text, room| {
            base64_simd::STANDARD.decode(text, base64_simd::Out::from_slice(room)).is_ok()
        }),
        case.contender("base64", |text, room| STANDARD.decode_slice_unchecked(text, room).is_ok()),
        case.contender("base64ct", |text, room| {
            use base64ct::Encoding;
            base64ct::Base64::decode(text, room).is_ok()
        }),
    ];
    contenders.extend(openssl::<Newest>(case));
    contenders.extend(openssl::<System>(case));
    group(name, contenders)
}

/// `EVP_DecodeBlock`, which takes white space around the text, and wants room for whole triples: what
/// stands for the padding is zero there, and is copied away.
fn openssl<F: Flavour>(case: &'static Case) -> Option<Contender> {
    let decode = F::functions()?.decode_base64();
    let mut triples = vec![0_u8; case.values[0].len().next_multiple_of(3)];
    Some(case.contender(F::BASE64_NAME, move |text, room| {
        let length = std::ffi::c_int::try_from(text.len()).unwrap_or(0);
        // SAFETY: the text is read, and there is room for three bytes for each four of it.
        let written = unsafe { decode(triples.as_mut_ptr(), text.as_ptr(), length) };
        room.copy_from_slice(&triples[..room.len()]);
        written > 0
    }))
}

/// Lower-case hex of `symbols` characters.
pub fn hex(symbols: usize) -> Group {
    let name = format!("hex decode, {symbols} characters");
    let case = Case::new(&name, symbols / 2, |value| hex::encode(value));
    let tollgate = |text: &[u8], room: &mut [u8]| {
        let mut length = 0;
        // SAFETY: the text is read, and `room` and `length` are written.
        let status = unsafe {
            tollgate_hex_decode(bytes(text), 0, room.as_mut_ptr(), room.len(), &mut length)
        };
        status == 0
    };
    let contenders = vec![
        case.contender("Tollgate (C ABI)", tollgate),
        case.contender("hex-simd", |text, room| {
            hex_simd::decode(text, hex_simd::Out::from_slice(room)).is_ok()
        }),
        case.contender("faster-hex", |text, room| faster_hex::hex_decode(text, room).is_ok()),
        case.contender("const-hex", |text, room| const_hex::decode_to_slice(text, room).is_ok()),
        case.contender("hex", |text, room| hex::decode_to_slice(text, room).is_ok()),
    ];
    group(name, contenders)
}
