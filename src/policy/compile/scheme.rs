//! Signature schemes that a document defines.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use super::super::document::{Node, Value};
use super::super::fields::Fields;
use super::Work;
use crate::primitive::data::Data;
use crate::scheme::{
    Algorithm, Carrier, DigestHash, Encoding, KeyEncoding, Locator, Order, Part, Scheme,
    SchemeError, SenderWindow, Source, StoredPart, Symbols, TimeFormat, TimeSource, Timestamp,
};

fn owned(text: &str) -> Data<str> {
    Data::Owned(Box::from(text))
}

/// The scheme that `fields` describe.
pub(super) fn scheme(name: &str, fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Scheme {
    let carrier = fields.object("carrier");
    let algorithm = match fields.text("algorithm") {
        "hmac-sha512" => Algorithm::HmacSha512,
        "sha256" => Algorithm::Sha256,
        _ => Algorithm::HmacSha256,
    };
    let scheme = Scheme {
        name: owned(name),
        algorithm,
        key: key_encoding(fields.text("key")),
        key_prefix: owned(fields.text("key_prefix")),
        carrier: match carrier.key() {
            "header_lines" => Carrier::HeaderLines(owned(carrier.text("header_lines"))),
            "parameter" => Carrier::Parameter(owned(carrier.text("parameter"))),
            "query" => Carrier::Query(owned(carrier.text("query"))),
            "form" => Carrier::Form(owned(carrier.text("form"))),
            "json" => Carrier::Json(owned(carrier.text("json"))),
            "stored" => Carrier::Stored,
            _ => Carrier::Header(owned(carrier.text("header"))),
        },
        locator: match fields.text("locator") {
            "jws" => Locator::Jws,
            _ => locator(&fields.object("locator")),
        },
        encoding: encoding(fields.text("encoding")),
        parts: Data::Owned(parts(fields)),
        timestamp: fields.get("timestamp").map(|_| timestamp(&fields.object("timestamp"))),
        id_header: owned(fields.object("id").text("header")),
        max_candidates: usize::try_from(fields.number("max_candidates")).unwrap_or(1),
    };
    check(&scheme, fields, work);
    scheme
}

fn key_encoding(word: &str) -> KeyEncoding {
    match word {
        "hex" => KeyEncoding::Hex,
        "base64" => KeyEncoding::Base64,
        "base64url" => KeyEncoding::Base64Url,
        _ => KeyEncoding::Text,
    }
}

fn encoding(word: &str) -> Encoding {
    match word {
        "hex-upper" => Encoding::HexUpper,
        "hex-any" => Encoding::HexAny,
        "base64" => Encoding::Base64,
        "base64url" => Encoding::Base64Url,
        _ => Encoding::HexLower,
    }
}

fn locator(fields: &Fields<'_, '_>) -> Locator {
    let list = fields.object(fields.key());
    let separator = list.text("separator").bytes().next().unwrap_or(b',');
    match fields.key() {
        "prefix" => Locator::Prefix(owned(fields.text("prefix"))),
        "optional_prefix" => Locator::OptionalPrefix(owned(fields.text("optional_prefix"))),
        "pairs" => Locator::Pairs {
            separator,
            label: owned(list.text("label")),
            or_label: owned(list.optional_text("or_label").unwrap_or("")),
        },
        "after_key" => Locator::AfterKey {
            prefixes: Data::Owned(list.texts("prefixes").map(owned).collect()),
            separator,
        },
        "member" => Locator::Member(owned(fields.text("member"))),
        "versions" => Locator::Versions { separator, tag: owned(list.text("label")) },
        _ => Locator::Whole,
    }
}

fn timestamp(fields: &Fields<'_, '_>) -> Timestamp {
    let seconds = |name| u32::try_from(fields.number(name)).unwrap_or(0);
    Timestamp {
        source: match fields.key() {
            "label" => TimeSource::Label(owned(fields.text("label"))),
            "created" => TimeSource::Created,
            "json" => TimeSource::Json(owned(fields.text("json"))),
            "parameter" => TimeSource::Parameter {
                name: owned(fields.text("parameter")),
                window: fields.get("window").map(|_| sender_window(&fields.object("window"))),
            },
            _ => match fields.optional_text("or_header") {
                Some(other) => TimeSource::EitherHeader(owned(fields.text("header")), owned(other)),
                None => TimeSource::Header(owned(fields.text("header"))),
            },
        },
        format: match fields.text("format") {
            _ if fields.key() == "created" => TimeFormat::UnixSeconds,
            "unix_s" => TimeFormat::UnixSeconds,
            "unix_ms" => TimeFormat::UnixMs,
            "rfc3339-ms" => TimeFormat::Rfc3339Ms,
            "http-date" => TimeFormat::HttpDate,
            "rfc1123" => TimeFormat::Rfc1123,
            _ => TimeFormat::Rfc3339,
        },
        past_s: seconds("past_s"),
        future_s: seconds("future_s"),
    }
}

fn sender_window(fields: &Fields<'_, '_>) -> SenderWindow {
    SenderWindow {
        parameter: owned(fields.text("parameter")),
        most_ms: u32::try_from(fields.number("most_ms")).unwrap_or(0),
    }
}

fn parts(scheme: &Fields<'_, '_>) -> Box<[Part]> {
    let items = scheme.items("parts").iter().zip(scheme.objects("parts"));
    items.flat_map(|(node, fields)| part(node, &fields)).collect()
}

/// The parts that an item stands for: one, but for a signature base.
fn part(node: &Node<'_>, fields: &Fields<'_, '_>) -> Vec<Part> {
    match &node.value {
        Value::Text(word) => vec![word_part(word)],
        _ if fields.key() == "signature_base" => signature_base(fields),
        _ => vec![object_part(fields)],
    }
}

/// The lines of RFC 9421 section 2.5, one for each component.
fn signature_base(fields: &Fields<'_, '_>) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut components, mut line) = (String::from("("), "");
    for component in fields.texts("signature_base") {
        let before = if component == "@query" { "?" } else { "" };
        parts.push(Part::Literal(owned(&format!("{line}\"{component}\": {before}"))));
        parts.push(match component {
            "@method" => Part::Method,
            "@authority" => Part::Authority,
            "@path" => Part::Path,
            "@query" => Part::Query,
            "@request-target" => Part::Target,
            "content-digest" => Part::ContentDigest,
            _ => Part::Value(Source::Header(owned(component))),
        });
        components.push_str(if line.is_empty() { "" } else { " " });
        components.push_str(&format!("\"{component}\""));
        line = "\n";
    }
    components.push(')');
    parts.push(Part::Literal(owned("\n\"@signature-params\": ")));
    parts.push(Part::SignatureParams(owned(&components)));
    parts
}

fn object_part(fields: &Fields<'_, '_>) -> Part {
    let inner = fields.object(fields.key());
    match fields.key() {
        "digest" => Part::BodyDigest {
            hash: match inner.text("hash") {
                "sha512" => DigestHash::Sha512,
                "md5" => DigestHash::Md5,
                _ => DigestHash::Sha256,
            },
            encoding: encoding(inner.text("encoding")),
        },
        "nonce_digest" => Part::NonceDigest {
            nonce: source(&inner.object("part")),
            hash: match inner.text("hash") {
                "sha512" => DigestHash::Sha512,
                _ => DigestHash::Sha256,
            },
        },
        "optional" => Part::Optional {
            prefix: owned(inner.text("prefix")),
            value: source(&inner.object("part")),
            suffix: owned(inner.text("suffix")),
        },
        "parameters" => Part::Parameters(match fields.text("parameters") {
            "sorted" => Order::Sorted,
            _ => Order::AsSent,
        }),
        "exact" => Part::Exact {
            value: source(&inner.object("part")),
            symbols: match inner.text("symbols") {
                "digits" => Symbols::Digits,
                "hex-upper" => Symbols::HexUpper,
                _ => Symbols::HexLower,
            },
            length: usize::try_from(inner.number("length")).unwrap_or(0),
        },
        "header" | "query" | "form" | "json" | "stored" => Part::Value(source(fields)),
        key => Part::Literal(owned(fields.text(key))),
    }
}

fn word_part(word: &str) -> Part {
    match word {
        "method" => Part::Method,
        "target" => Part::Target,
        "path" => Part::Path,
        "query" => Part::Query,
        "timestamp" => Part::Timestamp,
        "id" => Part::Id,
        "signed_url" => Part::Url,
        "signing_input" => Part::SigningInput,
        _ => Part::Body,
    }
}

fn source(fields: &Fields<'_, '_>) -> Source {
    match fields.key() {
        "query" => Source::Query(owned(fields.text("query"))),
        "form" => Source::Form(owned(fields.text("form"))),
        "json" => Source::Json(owned(fields.text("json"))),
        "stored" => Source::Stored(match fields.text("stored") {
            "seed" => StoredPart::Seed,
            _ => StoredPart::Value,
        }),
        _ => Source::Header(owned(fields.text("header"))),
    }
}

/// Where the part at `place` stands.
fn at_part(fields: &Fields<'_, '_>, place: Option<usize>) -> usize {
    let node = place.and_then(|place| fields.items("parts").get(place));
    node.map_or(fields.at("parts"), |node| node.start)
}

/// Something of the request has to be signed, always. Says whether something may be.
fn check_coverage(scheme: &Scheme, fields: &Fields<'_, '_>, work: &mut Work<'_>) -> bool {
    let constant = |part: &Part| matches!(part, Part::Literal(_) | Part::Url);
    let absent = |part: &Part| constant(part) || matches!(part, Part::Optional { .. });
    if scheme.parts.iter().all(constant) {
        let message = "nothing of the request is signed; write \"body\" too";
        work.problems.add(fields.at("parts"), message);
        return false;
    }
    if scheme.parts.iter().all(absent) {
        let message = "everything that is signed may be absent; write a part that is not optional";
        work.problems.add(fields.at("parts"), message);
    }
    true
}

/// Reports what keeps the scheme from working, at the part that does.
fn check(scheme: &Scheme, fields: &Fields<'_, '_>, work: &mut Work<'_>) {
    if !check_coverage(scheme, fields, work) {
        return;
    }
    check_digests(fields, work);
    check_time_headers(scheme, fields, work);
    if let Err(error) = scheme.validate() {
        let (offset, message) = fault(error, scheme, fields);
        work.problems.add(offset, message);
    }
}

const HTTP_MESSAGE_ADVICE: &str = "this is no HTTP message signature; write \"carrier\": \
    {\"header\": \"Signature\"}, \"locator\": {\"member\": \"sig1\"}, \"algorithm\": \"hmac-sha256\", \
    \"encoding\": \"base64\" and nothing but \"signature_base\" in the parts";

const JWS_ADVICE: &str = "a JSON Web Signature is all of its message; write \"locator\": \"jws\", \
    \"parts\": [\"signing_input\"], \"algorithm\": \"hmac-sha256\" and \"encoding\": \"base64url\"";

/// Where the fault is, and what to write.
fn fault(error: SchemeError, scheme: &Scheme, fields: &Fields<'_, '_>) -> (usize, &'static str) {
    let last = |wanted: fn(&Part) -> bool| {
        let mut nodes = fields.items("parts").iter().zip(scheme.parts.iter());
        nodes.rfind(|(_, part)| wanted(part)).map_or(fields.at("parts"), |(node, _)| node.start)
    };
    let digest = last(|part| matches!(part, Part::BodyDigest { .. } | Part::NonceDigest { .. }));
    match error {
        SchemeError::PartCount => (fields.at("parts"), "write 1 to 16 parts"),
        SchemeError::BodyCount => {
            let body = last(|part| matches!(part, Part::Body));
            (body.max(digest), "the body or its digest is signed twice; keep one of them")
        }
        SchemeError::DigestBeforeBody => {
            (digest, "the digest of the body stands before the body; write the body first")
        }
        SchemeError::TimestampUnused => (fields.at("timestamp"), timestamp_advice(scheme)),
        SchemeError::IdUnused if scheme.id_header.is_empty() => (
            last(|part| matches!(part, Part::Id)),
            "no header carries the id; write \"id\" into the scheme",
        ),
        SchemeError::IdUnused => {
            (fields.at("id"), "the id is not signed; write \"id\" into the parts")
        }
        SchemeError::CandidateCount => (fields.at("max_candidates"), "write 1 to 8"),
        SchemeError::SignsItself => {
            let message = "the signature stands in this part, so it cannot be signed; leave it out";
            (at_part(fields, scheme.signs_itself()), message)
        }
        SchemeError::HttpMessage => (fields.at("parts"), HTTP_MESSAGE_ADVICE),
        SchemeError::Jws => (fields.at("locator"), JWS_ADVICE),
        SchemeError::TwoBodyForms => {
            (fields.at("parts"), "the body cannot be a form and JSON; write \"form\" or \"json\"")
        }
        SchemeError::ParametersNotLast => (
            last(|part| matches!(part, Part::Parameters(_))),
            "the parameters run into the next part; write them last",
        ),
        SchemeError::LabelTwice | SchemeError::CommaBefore | SchemeError::KeyPlace => {
            (fields.at("locator"), locator_advice(error))
        }
        SchemeError::NoDelimiter => {
            let message = "a value runs into the next part; write a \"literal\" between, or its \
                           form with \"exact\"";
            (at_part(fields, scheme.undelimited()), message)
        }
        SchemeError::ExactLength => {
            (last(|part| matches!(part, Part::Exact { .. })), "write a length of 1 to 4096")
        }
        SchemeError::KeyUnused => {
            (fields.at("key").max(fields.at("key_prefix")), "the algorithm has no key; remove it")
        }
        SchemeError::NothingReceived => (
            fields.at("parts"),
            "the gateway stored all of it; write a part that comes from the request",
        ),
    }
}

/// What to write where the locator cannot work.
fn locator_advice(error: SchemeError) -> &'static str {
    match error {
        SchemeError::LabelTwice => "both labels are the same; remove \"or_label\"",
        SchemeError::CommaBefore => {
            "a comma ends a value of the carrier, so none can stand before a signature"
        }
        _ => {
            "a key can stand before the signature in a header only, with a character between them \
             that no signature has; write \":\""
        }
    }
}

/// MD5 has to be asked for twice, so that nobody takes it by accident.
fn check_digests(fields: &Fields<'_, '_>, work: &mut Work<'_>) {
    for part in fields.objects("parts").filter(|part| part.key() == "digest") {
        let digest = part.object("digest");
        match (digest.text("hash") == "md5", digest.flag("allow_md5")) {
            (true, false) => {
                let message = "whoever gets a body signed can have made another one with the same \
                               MD5; write \"sha512\", or \"allow_md5\": true besides";
                work.problems.add(digest.at("hash"), message);
            }
            (false, true) => {
                work.problems.add(digest.at("allow_md5"), "the hash is not MD5; remove it");
            }
            _ => (),
        }
    }
}

fn check_time_headers(scheme: &Scheme, fields: &Fields<'_, '_>, work: &mut Work<'_>) {
    if let Some(Timestamp { source: TimeSource::EitherHeader(first, second), .. }) =
        &scheme.timestamp
        && first.eq_ignore_ascii_case(second)
    {
        let message = "it is the same header; remove it";
        work.problems.add(fields.object("timestamp").at("or_header"), message);
    }
}

fn timestamp_advice(scheme: &Scheme) -> &'static str {
    let signed = scheme.parts.iter().any(|part| matches!(part, Part::Timestamp));
    match (&scheme.timestamp, signed) {
        (None, _) => "nothing carries the time that is signed; write \"timestamp\" into the scheme",
        (Some(_), false) => "the time is not signed; write \"timestamp\" into the parts",
        (Some(_), true) if matches!(scheme.carrier, Carrier::HeaderLines(_)) => {
            "the carrier may have several lines, each with its own time; write \"header\""
        }
        (Some(_), true) => "the locator has no pairs, so none has this label; write \"header\"",
    }
}
