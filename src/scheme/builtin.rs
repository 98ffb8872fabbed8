//! The built-in schemes, as their owners document them.
//!
//! Where a vendor does not say how old a timestamp may be, the windows are this library's choice:
//! five minutes either way.

use super::{
    Algorithm, Carrier, Encoding, KeyEncoding, Locator, Part, Scheme, Source, TimeFormat,
    TimeSource, Timestamp,
};
use crate::primitive::data::Data;

/// Five minutes.
const WINDOW_S: u32 = 300;

const fn text(text: &'static str) -> Data<str> {
    Data::Static(text)
}

/// What most vendors do: a lower-case hex HMAC-SHA256 with the secret's text as the key.
const fn common(
    name: &'static str,
    header: &'static str,
    locator: Locator,
    parts: &'static [Part],
    timestamp: Option<Timestamp>,
) -> Scheme {
    Scheme {
        name: text(name),
        algorithm: Algorithm::HmacSha256,
        key: KeyEncoding::Text,
        key_prefix: text(""),
        carrier: Carrier::Header(text(header)),
        locator,
        encoding: Encoding::HexLower,
        parts: Data::Static(parts),
        timestamp,
        id_header: text(""),
        max_candidates: 1,
    }
}

const X_LOGIN: Part = Part::Value(Source::Header(text("X-Login")));
const DATE_LOGIN_BODY: &[Part] = &[Part::Timestamp, X_LOGIN, Part::Body];
const LOGIN_DATE_BODY: &[Part] = &[X_LOGIN, Part::Timestamp, Part::Body];

const fn x_date(format: TimeFormat) -> Option<Timestamp> {
    Some(Timestamp {
        source: TimeSource::Header(text("X-Date")),
        format,
        past_s: WINDOW_S,
        future_s: WINDOW_S,
    })
}

/// Every built-in scheme.
///
/// | name | carried in | covers | source |
/// |---|---|---|---|
/// | `directa24-cashout` | `Payload-Signature` | the body | Directa24, OneKeyPayments and dLocal payouts: "Calculating the Payload-Signature" |
/// | `directa24-deposit` | `Authorization: D24 ` | `X-Date`, `X-Login`, the body | Directa24 deposits: "Calculating the signature" |
/// | `dlocal-payin` | `Authorization: V2-HMAC-SHA256, Signature: ` | `X-Login`, `X-Date`, the body | dLocal: "Payins security" |
///
/// The deposit and payin forms join their parts without separators. That is safe as long as the
/// date has a fixed form, which is checked, and the login is a known identifier, which a route
/// holds by taking `X-Login` as its credential.
pub static ALL: &[Scheme] = &[
    common("directa24-cashout", "Payload-Signature", Locator::Whole, &[Part::Body], None),
    common(
        "directa24-deposit",
        "Authorization",
        Locator::Prefix(text("D24 ")),
        DATE_LOGIN_BODY,
        x_date(TimeFormat::Rfc3339),
    ),
    common(
        "dlocal-payin",
        "Authorization",
        Locator::Prefix(text("V2-HMAC-SHA256, Signature: ")),
        LOGIN_DATE_BODY,
        x_date(TimeFormat::Rfc3339Ms),
    ),
];

/// The built-in scheme with this name.
pub fn find(name: &str) -> Option<&'static Scheme> {
    ALL.iter().find(|scheme| &*scheme.name == name)
}
