//! A built-in scheme as one short row of static texts.

use super::super::{
    Algorithm, Carrier, Encoding, KeyEncoding, Locator, MAX_CANDIDATES, Part, Scheme, TimeFormat,
    TimeSource, Timestamp,
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
    Query(&'static str),
    Form(&'static str),
    Json(&'static str),
    Stored,
}

/// [`Locator`], in static texts.
#[derive(Clone, Copy)]
pub(super) enum At {
    Whole,
    Prefix(&'static str),
    Pairs(u8, &'static str),
    Versions(u8, &'static str),
    AfterKey(&'static [Data<str>], u8),
}

/// [`Timestamp`], in static texts and with one window for both directions.
#[derive(Clone, Copy)]
pub(super) struct Time {
    pub(super) source: TimeIn,
    pub(super) format: TimeFormat,
    pub(super) window_s: u32,
}

/// [`TimeSource`], in static texts.
#[derive(Clone, Copy)]
pub(super) enum TimeIn {
    Header(&'static str),
    EitherHeader(&'static str, &'static str),
    Label(&'static str),
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

pub(super) const fn in_header(name: &'static str, format: TimeFormat) -> Option<Time> {
    Some(Time { source: TimeIn::Header(name), format, window_s: WINDOW_S })
}

pub(super) const fn in_label(label: &'static str, window_s: u32) -> Option<Time> {
    Some(Time { source: TimeIn::Label(label), format: TimeFormat::UnixSeconds, window_s })
}

const fn locator(at: At) -> Locator {
    match at {
        At::Whole => Locator::Whole,
        At::Prefix(prefix) => Locator::Prefix(text(prefix)),
        At::Pairs(separator, label) => Locator::Pairs { separator, label: text(label) },
        At::Versions(separator, tag) => Locator::Versions { separator, tag: text(tag) },
        At::AfterKey(prefixes, separator) => {
            Locator::AfterKey { prefixes: Data::Static(prefixes), separator }
        }
    }
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
            Some(Time { source, format, window_s }) => Some(Timestamp {
                source: match source {
                    TimeIn::Header(name) => TimeSource::Header(text(name)),
                    TimeIn::EitherHeader(first, second) => {
                        TimeSource::EitherHeader(text(first), text(second))
                    }
                    TimeIn::Label(label) => TimeSource::Label(text(label)),
                },
                format,
                past_s: window_s,
                future_s: window_s,
            }),
        },
        id_header: text(row.id),
        max_candidates: match row.at {
            At::Whole | At::Prefix(_) | At::AfterKey(..) => 1,
            At::Pairs(..) | At::Versions(..) => MAX_CANDIDATES,
        },
    }
}
