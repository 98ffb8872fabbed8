//! A built-in scheme as one short row of static texts.

use super::super::{
    Algorithm, Carrier, Encoding, KeyEncoding, Locator, MAX_CANDIDATES, Part, Scheme, SenderWindow,
    TimeFormat, TimeSource, Timestamp,
};
use super::parts::{ID_TIME_BODY, SENT_TRUST, STORED_TRUST, text};
use crate::primitive::data::Data;

/// Five minutes.
pub(super) const WINDOW_S: u32 = 300;

/// A scheme in static texts.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) carrier: In,
    pub(super) at: At,
    pub(super) algorithm: Algorithm,
    pub(super) key: KeyEncoding,
    pub(super) key_prefix: &'static str,
    pub(super) encoding: Encoding,
    pub(super) parts: &'static [Part],
    pub(super) time: Option<Time>,
    pub(super) id: &'static str,
}

/// [`Carrier`], in static texts.
#[derive(Clone, Copy)]
pub(super) enum In {
    Header(&'static str),
    HeaderLines(&'static str),
    Query(&'static str),
    Form(&'static str),
    Parameter(&'static str),
    Json(&'static str),
    Stored,
}

/// [`Locator`], in static texts.
#[derive(Clone, Copy)]
pub(super) enum At {
    Whole,
    Prefix(&'static str),
    OptionalPrefix(&'static str),
    Pairs(u8, &'static str),
    EitherPair(u8, &'static str, &'static str),
    Versions(u8, &'static str),
    Jws,
    AfterKey(&'static [Data<str>], u8),
}

/// [`Timestamp`], in static texts.
#[derive(Clone, Copy)]
pub(super) struct Time {
    pub(super) source: TimeIn,
    pub(super) format: TimeFormat,
    pub(super) past_s: u32,
    pub(super) future_s: u32,
}

/// [`TimeSource`], in static texts.
#[derive(Clone, Copy)]
pub(super) enum TimeIn {
    Header(&'static str),
    EitherHeader(&'static str, &'static str),
    Label(&'static str),
    Parameter(&'static str),
    /// The time, the window that the sender chooses, and how many milliseconds that is at most.
    ParameterWithin(&'static str, &'static str, u32),
    Json(&'static str),
}

/// What most vendors do: a lower-case hex HMAC-SHA256 of the body with the secret's text as the
/// key.
pub(super) const COMMON: Row = Row {
    name: "",
    carrier: In::Header(""),
    at: At::Whole,
    algorithm: Algorithm::HmacSha256,
    key: KeyEncoding::Text,
    key_prefix: "",
    encoding: Encoding::HexLower,
    parts: &[Part::Body],
    time: None,
    id: "",
};

pub(super) const SHA512: Row = Row { algorithm: Algorithm::HmacSha512, ..COMMON };

pub(super) const BASE64: Row = Row { encoding: Encoding::Base64, ..COMMON };

/// A trust signature of Flexiown.
pub(super) const TRUST: Row =
    Row { carrier: In::Stored, algorithm: Algorithm::Sha256, parts: SENT_TRUST, ..COMMON };

/// The same, where the browser of the customer comes back.
pub(super) const RETURNED_TRUST: Row =
    Row { carrier: In::Query("trust_signature"), parts: STORED_TRUST, ..TRUST };

/// Standard Webhooks, under the names of the headers that a sender chose.
pub(super) const STANDARD_WEBHOOKS: Row = Row {
    at: At::Versions(b' ', "v1,"),
    key: KeyEncoding::Base64,
    key_prefix: "whsec_",
    parts: ID_TIME_BODY,
    ..BASE64
};

/// A message that is a JSON Web Signature.
pub(super) const JWS: Row =
    Row { at: At::Jws, encoding: Encoding::Base64Url, parts: &[Part::SigningInput], ..COMMON };

pub(super) const fn in_header(name: &'static str, format: TimeFormat) -> Option<Time> {
    within(TimeIn::Header(name), format, WINDOW_S)
}

pub(super) const fn in_label(label: &'static str, window_s: u32) -> Option<Time> {
    within(TimeIn::Label(label), TimeFormat::UnixSeconds, window_s)
}

/// A time that may lie as far in the past as in the future.
pub(super) const fn within(source: TimeIn, format: TimeFormat, window_s: u32) -> Option<Time> {
    Some(Time { source, format, past_s: window_s, future_s: window_s })
}

const fn locator(at: At) -> Locator {
    match at {
        At::Whole => Locator::Whole,
        At::Prefix(prefix) => Locator::Prefix(text(prefix)),
        At::OptionalPrefix(prefix) => Locator::OptionalPrefix(text(prefix)),
        At::Pairs(separator, label) => pairs(separator, label, ""),
        At::EitherPair(separator, label, or_label) => pairs(separator, label, or_label),
        At::Versions(separator, tag) => Locator::Versions { separator, tag: text(tag) },
        At::Jws => Locator::Jws,
        At::AfterKey(prefixes, separator) => {
            Locator::AfterKey { prefixes: Data::Static(prefixes), separator }
        }
    }
}

const fn pairs(separator: u8, label: &'static str, or_label: &'static str) -> Locator {
    Locator::Pairs { separator, label: text(label), or_label: text(or_label) }
}

/// The scheme of a row. Lists may hold as many signatures as are ever looked at.
pub(super) const fn scheme(row: Row) -> Scheme {
    Scheme {
        name: text(row.name),
        algorithm: row.algorithm,
        key: row.key,
        key_prefix: text(row.key_prefix),
        carrier: match row.carrier {
            In::Header(name) => Carrier::Header(text(name)),
            In::HeaderLines(name) => Carrier::HeaderLines(text(name)),
            In::Parameter(name) => Carrier::Parameter(text(name)),
            In::Query(name) => Carrier::Query(text(name)),
            In::Form(name) => Carrier::Form(text(name)),
            In::Json(name) => Carrier::Json(text(name)),
            In::Stored => Carrier::Stored,
        },
        locator: locator(row.at),
        encoding: row.encoding,
        parts: Data::Static(row.parts),
        timestamp: match row.time {
            None => None,
            Some(Time { source, format, past_s, future_s }) => Some(Timestamp {
                source: match source {
                    TimeIn::Header(name) => TimeSource::Header(text(name)),
                    TimeIn::EitherHeader(first, second) => {
                        TimeSource::EitherHeader(text(first), text(second))
                    }
                    TimeIn::Label(label) => TimeSource::Label(text(label)),
                    TimeIn::Parameter(name) => {
                        TimeSource::Parameter { name: text(name), window: None }
                    }
                    TimeIn::ParameterWithin(name, window, most_ms) => TimeSource::Parameter {
                        name: text(name),
                        window: Some(SenderWindow { parameter: text(window), most_ms }),
                    },
                    TimeIn::Json(name) => TimeSource::Json(text(name)),
                },
                format,
                past_s,
                future_s,
            }),
        },
        id_header: text(row.id),
        max_candidates: match (row.carrier, row.at) {
            (In::HeaderLines(_), _) => MAX_CANDIDATES,
            (_, At::Pairs(..) | At::EitherPair(..) | At::Versions(..)) => MAX_CANDIDATES,
            _ => 1,
        },
    }
}
