//! What the built-in schemes cover.

use super::super::{DigestHash, Encoding, Order, Part, Source, StoredPart, Symbols};
use crate::primitive::data::Data;

const DOT: Part = literal(".");
const COLON: Part = literal(":");
const BAR: Part = literal("|");
const BARS: Part = literal("__");
const LINE: Part = literal("\n");
const X_LOGIN: Part = header("X-Login");

pub(super) const PARAMETERS: &[Part] = &[Part::Parameters(Order::AsSent)];
pub(super) const SORTED_PARAMETERS: &[Part] = &[Part::Parameters(Order::Sorted)];
pub(super) const TIME_BODY: &[Part] = &[Part::Timestamp, Part::Body];
pub(super) const URL_BODY: &[Part] = &[Part::Url, Part::Body];
pub(super) const TIME_DOT_BODY: &[Part] = &[Part::Timestamp, DOT, Part::Body];
pub(super) const ID_TIME_BODY: &[Part] = &[Part::Id, DOT, Part::Timestamp, DOT, Part::Body];
pub(super) const ID_TIME_BODY_BARS: &[Part] = &[Part::Id, BARS, Part::Timestamp, BARS, Part::Body];
pub(super) const METHOD_TARGET_BODY_TIME: &[Part] =
    &[Part::Method, LINE, Part::Target, LINE, Part::Body, LINE, Part::Timestamp];
pub(super) const V0_TIME_BODY: &[Part] = &[literal("v0:"), Part::Timestamp, COLON, Part::Body];
pub(super) const V1_TIME_BODY: &[Part] = &[literal("v1."), Part::Timestamp, DOT, Part::Body];
pub(super) const TIME_COLON_BODY: &[Part] = &[Part::Timestamp, COLON, Part::Body];
pub(super) const EXTERNAL_ID: &[Part] = &[literal("Be4"), form("external_id"), literal("Bo7")];
pub(super) const DATE_LOGIN_BODY: &[Part] = &[Part::Timestamp, X_LOGIN, Part::Body];
pub(super) const LOGIN_DATE_BODY: &[Part] = &[X_LOGIN, Part::Timestamp, Part::Body];
pub(super) const ID_REQUEST_TIME: &[Part] = &[
    Part::Optional {
        prefix: text("id:"),
        value: Source::Query(text("data.id")),
        suffix: text(";"),
    },
    Part::Optional {
        prefix: text("request-id:"),
        value: Source::Header(text("x-request-id")),
        suffix: text(";"),
    },
    literal("ts:"),
    Part::Timestamp,
    literal(";"),
];
pub(super) const ORDER_PAYMENT: &[Part] =
    &[form("razorpay_order_id"), BAR, form("razorpay_payment_id")];
pub(super) const ORDER_PAYMENT_JSON: &[Part] =
    &[json("razorpay_order_id"), BAR, json("razorpay_payment_id")];
pub(super) const PAYMENT_SUBSCRIPTION: &[Part] =
    &[form("razorpay_payment_id"), BAR, form("razorpay_subscription_id")];
pub(super) const PAYMENT_SUBSCRIPTION_JSON: &[Part] =
    &[json("razorpay_payment_id"), BAR, json("razorpay_subscription_id")];
pub(super) const PAYMENT_LINK: &[Part] = &[
    query("razorpay_payment_link_id"),
    BAR,
    query("razorpay_payment_link_reference_id"),
    BAR,
    query("razorpay_payment_link_status"),
    BAR,
    query("razorpay_payment_id"),
];
pub(super) const HTTP_MESSAGE: &[Part] = &[
    literal("\"@method\": "),
    Part::Method,
    literal("\n\"@authority\": "),
    Part::Authority,
    literal("\n\"@path\": "),
    Part::Path,
    literal("\n\"@query\": ?"),
    Part::Query,
    literal("\n\"content-digest\": "),
    Part::ContentDigest,
    literal("\n\"@signature-params\": "),
    Part::SignatureParams(text(
        "(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\")",
    )),
];
pub(super) const PATH_NONCE_BODY: &[Part] = &[
    Part::Path,
    Part::NonceDigest { nonce: Source::Form(text("nonce")), hash: DigestHash::Sha256 },
];
pub(super) const IXOPAY: &[Part] = &ixopay(DigestHash::Sha512, "\n");
pub(super) const IXOPAY_MD5: &[Part] = &ixopay(DigestHash::Md5, "\n");
pub(super) const IXOPAY_XML: &[Part] = &ixopay(DigestHash::Sha512, "\n\n");
pub(super) const IXOPAY_XML_MD5: &[Part] = &ixopay(DigestHash::Md5, "\n\n");

pub(super) const SENT_TRUST: &[Part] =
    &[trust_value(Source::Json(text("trust_value"))), json("trust_seed")];
pub(super) const STORED_TRUST: &[Part] = &[
    trust_value(Source::Stored(StoredPart::Value)),
    Part::Value(Source::Stored(StoredPart::Seed)),
];

/// An MD5 value in hex.
const fn trust_value(value: Source) -> Part {
    Part::Exact { value, symbols: Symbols::HexLower, length: 32 }
}

const fn ixopay(hash: DigestHash, before_target: &'static str) -> [Part; 9] {
    [
        Part::Method,
        LINE,
        Part::BodyDigest { hash, encoding: Encoding::HexLower },
        LINE,
        header("Content-Type"),
        LINE,
        Part::Timestamp,
        literal(before_target),
        Part::Target,
    ]
}

pub(super) const fn text(text: &'static str) -> Data<str> {
    Data::Static(text)
}

const fn literal(text: &'static str) -> Part {
    Part::Literal(Data::Static(text))
}

const fn header(name: &'static str) -> Part {
    Part::Value(Source::Header(text(name)))
}

const fn query(name: &'static str) -> Part {
    Part::Value(Source::Query(text(name)))
}

const fn form(name: &'static str) -> Part {
    Part::Value(Source::Form(text(name)))
}

const fn json(name: &'static str) -> Part {
    Part::Value(Source::Json(text(name)))
}
