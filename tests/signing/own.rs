//! Schemes of every form, as a policy could define them, and secrets for them.

use tollgate::primitive::base64::{Alphabet, Padding, encode as base64};
use tollgate::primitive::data::Data;
use tollgate::primitive::hex::{Case, encode as hex};
use tollgate::scheme::{
    Algorithm, Carrier, DigestHash, Encoding, KeyEncoding, Locator, Order, Part, Scheme,
    SenderWindow, Source, StoredPart, Symbols, TimeFormat, TimeSource, Timestamp,
};

use crate::random::Random;

const ENCODINGS: &[Encoding] = &[
    Encoding::HexLower,
    Encoding::HexUpper,
    Encoding::HexAny,
    Encoding::Base64,
    Encoding::Base64Url,
];
const KEYS: &[KeyEncoding] =
    &[KeyEncoding::Text, KeyEncoding::Hex, KeyEncoding::Base64, KeyEncoding::Base64Url];
const FORMATS: &[TimeFormat] = &[
    TimeFormat::UnixSeconds,
    TimeFormat::UnixMs,
    TimeFormat::Rfc3339,
    TimeFormat::Rfc3339Ms,
    TimeFormat::HttpDate,
    TimeFormat::Rfc1123,
];

fn text(text: &str) -> Data<str> {
    Data::Owned(text.into())
}

/// A scheme that can work.
pub(crate) fn scheme(random: &mut Random) -> Scheme {
    loop {
        let scheme = attempt(random);
        if scheme.validate().is_ok() && !takes_parameters_apart(&scheme) {
            return scheme;
        }
    }
}

/// Whether it wants some parameters in the query and others in the body, of which all have to be in
/// one of the two.
fn takes_parameters_apart(scheme: &Scheme) -> bool {
    let one_place = matches!(scheme.carrier, Carrier::Parameter(_))
        && scheme.parts.iter().any(|part| matches!(part, Part::Parameters(_)));
    let named = |source: &Source| matches!(source, Source::Query(_) | Source::Form(_));
    one_place
        && scheme.parts.iter().any(|part| match part {
            Part::Value(source)
            | Part::Exact { value: source, .. }
            | Part::Optional { value: source, .. } => named(source),
            _ => false,
        })
}

fn attempt(random: &mut Random) -> Scheme {
    let locator = locator(random);
    let timestamp = random.flip().then(|| timestamp(&locator, random));
    let id_header = random.one_of(&["", "X-Message-Id"]);
    // One form, as one value may stand in several parts.
    let symbols = random.one_of(&[Symbols::Digits, Symbols::HexLower, Symbols::HexUpper]);
    let exact = (symbols, 1 + random.below(32));
    let mut parts: Vec<Part> = (0..1 + random.below(5)).map(|_| part(exact, random)).collect();
    for (wanted, part) in
        [(timestamp.is_some(), Part::Timestamp), (!id_header.is_empty(), Part::Id)]
    {
        if wanted {
            parts.insert(random.below(parts.len() + 1), part);
        }
    }
    let mut parameters = Vec::new();
    if random.below(4) == 0 {
        parameters.push(Part::Parameters(random.one_of(&[Order::AsSent, Order::Sorted])));
    }
    let delimited = parts.into_iter().flat_map(|part| {
        let delimiter = random.one_of(&["\n", ".", "|", ";", ""]);
        let literal = (!delimiter.is_empty()).then(|| Part::Literal(text(delimiter)));
        [part].into_iter().chain(literal)
    });
    let parts = Data::Owned(delimited.chain(parameters).collect());
    let algorithms = [Algorithm::HmacSha256, Algorithm::HmacSha512, Algorithm::Sha256];
    let algorithm = random.one_of(&algorithms);
    let (key, key_prefix) = match algorithm.is_keyed() {
        true => (random.one_of(KEYS), random.one_of(&["", "whsec_"])),
        false => (KeyEncoding::Text, ""),
    };
    Scheme {
        name: text("own"),
        algorithm,
        key,
        key_prefix: text(key_prefix),
        carrier: carrier(random),
        locator,
        encoding: random.one_of(ENCODINGS),
        parts,
        timestamp,
        id_header: text(id_header),
        max_candidates: 1 + random.below(8),
    }
}

fn locator(random: &mut Random) -> Locator {
    let separator = random.one_of(b",;|");
    match random.below(6) {
        5 => Locator::OptionalPrefix(text("sha256=")),
        0 => Locator::Whole,
        1 => Locator::AfterKey {
            prefixes: Data::Owned([text("Gateway "), text("Other ")].into()),
            separator: random.one_of(b":|"),
        },
        2 => Locator::Prefix(text(random.one_of(&["sha256=", "D24-", "V2 Signature:"]))),
        3 => Locator::Pairs {
            separator,
            label: text(random.one_of(&["v1", "sig"])),
            or_label: text(random.one_of(&["", "v2"])),
        },
        _ => Locator::Versions { separator, tag: text(random.one_of(&["v1=", "v1:", "1"])) },
    }
}

fn timestamp(locator: &Locator, random: &mut Random) -> Timestamp {
    let source = match locator {
        Locator::Pairs { .. } if random.flip() => TimeSource::Label(text("t")),
        _ if random.below(4) == 0 => TimeSource::Json(text("time")),
        _ if random.below(4) == 0 => {
            let window = SenderWindow { parameter: text("window"), most_ms: 5000 };
            TimeSource::Parameter { name: text("time"), window: random.flip().then_some(window) }
        }
        _ if random.flip() => TimeSource::EitherHeader(text("X-Time"), text("Date")),
        _ => TimeSource::Header(text("X-Time")),
    };
    // Other dates have a comma, which would be the end of its pair.
    let formats = match source {
        TimeSource::Label(_) => &FORMATS[..4],
        _ => FORMATS,
    };
    Timestamp { source, format: random.one_of(formats), past_s: 1, future_s: 0 }
}

fn carrier(random: &mut Random) -> Carrier {
    match random.below(8) {
        7 => Carrier::HeaderLines(text("X-Sign")),
        6 => Carrier::Parameter(text("sign")),
        5 => Carrier::Stored,
        0 => Carrier::Query(text("sign")),
        1 => Carrier::Form(text("sign")),
        2 => Carrier::Json(text("sign")),
        _ => Carrier::Header(text("X-Sign")),
    }
}

fn part(exact: (Symbols, usize), random: &mut Random) -> Part {
    match random.below(12) {
        11 => {
            let (symbols, length) = exact;
            Part::Exact { value: source(random), symbols, length }
        }
        0 => Part::Method,
        1 => Part::Target,
        2 => Part::Path,
        3 => Part::Query,
        4 | 5 => Part::Body,
        6 => Part::BodyDigest {
            hash: random.one_of(&[DigestHash::Md5, DigestHash::Sha256, DigestHash::Sha512]),
            encoding: random.one_of(ENCODINGS),
        },
        7 => Part::Optional {
            prefix: text(random.one_of(&["", "id:"])),
            value: source(random),
            suffix: text(random.one_of(&["", ";"])),
        },
        _ => Part::Value(source(random)),
    }
}

fn source(random: &mut Random) -> Source {
    let name = random.one_of(&["first", "second"]);
    match random.below(5) {
        4 => Source::Stored(random.one_of(&[StoredPart::Value, StoredPart::Seed])),
        0 => Source::Header(text(&format!("X-{name}"))),
        1 => Source::Query(text(name)),
        2 => Source::Form(text(name)),
        _ => Source::Json(text(name)),
    }
}

/// A secret as `scheme` writes it.
pub(crate) fn secret(scheme: &Scheme, random: &mut Random) -> Vec<u8> {
    let length = 16 + random.below(100);
    let key = random.bytes(length);
    let mut room = [0; 512];
    let secret = match scheme.key {
        KeyEncoding::Text | KeyEncoding::Hex => hex(&key, Case::Lower, &mut room).unwrap(),
        KeyEncoding::Base64 => {
            base64(&key, Alphabet::Standard, Padding::Required, &mut room).unwrap()
        }
        KeyEncoding::Base64Url => {
            base64(&key, Alphabet::UrlSafe, Padding::Forbidden, &mut room).unwrap()
        }
    };
    format!("{}{secret}", &*scheme.key_prefix).into_bytes()
}
