//! The built-in schemes, as their owners document them.
//!
//! Where a vendor does not say how old a timestamp may be, the windows are this library's choice:
//! five minutes either way.

use super::{
    Algorithm, Carrier, DigestHash, Encoding, KeyEncoding, Locator, MAX_CANDIDATES, Part, Scheme,
    Source, TimeFormat, TimeSource, Timestamp,
};
use crate::primitive::data::Data;

/// Five minutes.
const WINDOW_S: u32 = 300;

/// A scheme in static texts.
#[derive(Clone, Copy)]
struct Row {
    name: &'static str,
    carrier: In,
    at: At,
    algorithm: Algorithm,
    key: KeyEncoding,
    key_prefix: &'static str,
    encoding: Encoding,
    parts: &'static [Part],
    time: Option<Time>,
    id: &'static str,
}

/// [`Carrier`], in static texts.
#[derive(Clone, Copy)]
enum In {
    Header(&'static str),
    Form(&'static str),
}

/// [`Locator`], in static texts.
#[derive(Clone, Copy)]
enum At {
    Whole,
    Prefix(&'static str),
    Pairs(u8, &'static str),
    Versions(u8, &'static str),
}

/// [`Timestamp`], in static texts and with one window for both directions.
#[derive(Clone, Copy)]
struct Time {
    source: TimeIn,
    format: TimeFormat,
    window_s: u32,
}

/// [`TimeSource`], in static texts.
#[derive(Clone, Copy)]
enum TimeIn {
    Header(&'static str),
    EitherHeader(&'static str, &'static str),
    Label(&'static str),
}

/// What most vendors do: a lower-case hex HMAC-SHA256 of the body with the secret's text as the
/// key.
const COMMON: Row = Row {
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

const SHA512: Row = Row { algorithm: Algorithm::HmacSha512, ..COMMON };

const BASE64: Row = Row { encoding: Encoding::Base64, ..COMMON };

/// Standard Webhooks, under the names of the headers that a sender chose.
const STANDARD_WEBHOOKS: Row = Row {
    at: At::Versions(b' ', "v1,"),
    key: KeyEncoding::Base64,
    key_prefix: "whsec_",
    parts: &[Part::Id, DOT, Part::Timestamp, DOT, Part::Body],
    ..BASE64
};

const fn text(text: &'static str) -> Data<str> {
    Data::Static(text)
}

const fn literal(text: &'static str) -> Part {
    Part::Literal(Data::Static(text))
}

const fn header(name: &'static str) -> Part {
    Part::Value(Source::Header(text(name)))
}

const DOT: Part = literal(".");
const COLON: Part = literal(":");
const LINE: Part = literal("\n");
const TIME_DOT_BODY: &[Part] = &[Part::Timestamp, DOT, Part::Body];
const V0_TIME_BODY: &[Part] = &[literal("v0:"), Part::Timestamp, COLON, Part::Body];
const V1_TIME_BODY: &[Part] = &[literal("v1."), Part::Timestamp, DOT, Part::Body];
const TIME_COLON_BODY: &[Part] = &[Part::Timestamp, COLON, Part::Body];
const EXTERNAL_ID: &[Part] =
    &[literal("Be4"), Part::Value(Source::Form(text("external_id"))), literal("Bo7")];
const DATE_LOGIN_BODY: &[Part] = &[Part::Timestamp, X_LOGIN, Part::Body];
const LOGIN_DATE_BODY: &[Part] = &[X_LOGIN, Part::Timestamp, Part::Body];
const ID_REQUEST_TIME: &[Part] = &[
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
const X_LOGIN: Part = header("X-Login");

const fn in_header(name: &'static str, format: TimeFormat) -> Option<Time> {
    Some(Time { source: TimeIn::Header(name), format, window_s: WINDOW_S })
}

const fn in_label(label: &'static str, window_s: u32) -> Option<Time> {
    Some(Time { source: TimeIn::Label(label), format: TimeFormat::UnixSeconds, window_s })
}

const fn locator(at: At) -> Locator {
    match at {
        At::Whole => Locator::Whole,
        At::Prefix(prefix) => Locator::Prefix(text(prefix)),
        At::Pairs(separator, label) => Locator::Pairs { separator, label: text(label) },
        At::Versions(separator, tag) => Locator::Versions { separator, tag: text(tag) },
    }
}

/// The scheme of a row. Lists may hold as many signatures as are ever looked at.
const fn scheme(row: Row) -> Scheme {
    Scheme {
        name: text(row.name),
        algorithm: row.algorithm,
        key: row.key,
        key_prefix: text(row.key_prefix),
        carrier: match row.carrier {
            In::Header(name) => Carrier::Header(text(name)),
            In::Form(name) => Carrier::Form(text(name)),
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
            At::Whole | At::Prefix(_) => 1,
            At::Pairs(..) | At::Versions(..) => MAX_CANDIDATES,
        },
    }
}

/// Every built-in scheme.
///
/// | name | carried in | covers | source |
/// |---|---|---|---|
/// | `adyen-platform` | `HmacSignature`, base64 | the body; the key is hex | Adyen: "Verify HMAC signatures" for platforms. The name of the header is not certain |
/// | `btcpay` | `BTCPay-Sig`, `sha256=` | the body | BTCPay Server: webhooks |
/// | `cashfree` | `x-webhook-signature`, base64 | `x-webhook-timestamp` (ms), the body | Cashfree: webhook signature. Its page can also be read with a dot between the two; without is what its SDKs do |
/// | `checkout` | `Cko-Signature` | the body | Checkout.com: workflows. Its identity product has another form |
/// | `coinbase-commerce` | `X-CC-Webhook-Signature` | the body | Coinbase Commerce's SDKs |
/// | `coinify` | `X-Coinify-Webhook-Signature` | the body | Coinify: webhook signature |
/// | `cryptoprocessing` | `X-Processing-Signature`, SHA-512 | the body | CryptoProcessing, Alphapo |
/// | `directa24-cashout` | `Payload-Signature` | the body | Directa24, OneKeyPayments and dLocal payouts: "Calculating the Payload-Signature" |
/// | `directa24-control` | the form field `control`, upper-case hex | `external_id` of the form between `Be4` and `Bo7`, nothing else of the notification | Directa24, OneKeyPayments: cashout notifications. It is the same for every notification of one cashout: ask for the status of the cashout before acting on it |
/// | `directa24-deposit` | `Authorization: D24 ` | `X-Date`, `X-Login`, the body | Directa24 deposits: "Calculating the signature" |
/// | `dlocal-payin` | `Authorization: V2-HMAC-SHA256, Signature: ` | `X-Login`, `X-Date`, the body | dLocal: "Payins security" |
/// | `dwolla` | `X-Request-Signature-SHA-256` | the body | Dwolla: webhooks |
/// | `flinks` | `X-Webhook-Signature`, `sha256=`, upper-case hex | the body | Flinks: webhooks |
/// | `gitea` | `X-Gitea-Signature` | the body | Gitea: webhooks |
/// | `github` | `X-Hub-Signature-256`, `sha256=` | the body | GitHub: "Validating webhook deliveries"; Meta too, whose body has its non-ASCII characters escaped |
/// | `gogs` | `X-Gogs-Signature` | the body | Gogs: webhooks |
/// | `ixopay` | `X-Signature`, SHA-512, base64 | method, SHA-512 of the body, `Content-Type`, `Date` or `X-Date`, target, a line each | IXOPAY's SDKs |
/// | `ixopay-md5` | as `ixopay` | MD5 of the body in place of SHA-512 | the same, without their option for the new algorithm. Take it only where clients cannot change: see [`DigestHash::Md5`] |
/// | `lemon-squeezy` | `X-Signature` | the body | Lemon Squeezy: "Signing requests". A secret needs 16 characters here |
/// | `mercado-pago` | `x-signature`: `ts`, `v1` | the query's `data.id`, `x-request-id`, the time, not the body | Mercado Pago: webhooks. It does not say for certain whether `ts` is in seconds, as here |
/// | `monnify` | `monnify-signature`, SHA-512 | the body | Monnify: webhooks |
/// | `paddle` | `Paddle-Signature`: `ts`, `h1` | the time, the body; 5 seconds | Paddle: "Verify webhook signatures", and the window of its SDKs |
/// | `paystack` | `x-paystack-signature`, SHA-512 | the body | Paystack: webhooks |
/// | `paysway` | `X-PaySway-Signature`: `t`, `v1` | the time, the body; the key is base64 | PaySway: webhooks |
/// | `razorpay-webhook` | `X-Razorpay-Signature` | the body | Razorpay's SDKs |
/// | `revolut` | `Revolut-Signature`: `v1=` | `v1.`, `Revolut-Request-Timestamp` (ms), the body | Revolut Merchant API: "Verify the payload signature" |
/// | `shopify-webhook` | `X-Shopify-Hmac-SHA256`, base64 | the body | Shopify: HTTPS webhooks |
/// | `slack` | `X-Slack-Signature`, `v0=` | `v0:`, `X-Slack-Request-Timestamp`, the body | Slack: "Verifying requests" |
/// | `standard-webhooks` | `webhook-signature`: `v1,`, base64 | `webhook-id`, `webhook-timestamp`, the body; the key is base64 after `whsec_` | the Standard Webhooks specification |
/// | `stripe` | `Stripe-Signature`: `t`, `v1` | the time, the body; the key is the whole `whsec_` text | Stripe: "Verify webhook signatures manually" |
/// | `svix` | `svix-signature`: `v1,`, base64 | as `standard-webhooks`, with the `svix-` headers | Svix: "Verifying payloads" |
/// | `woocommerce` | `X-WC-Webhook-Signature`, base64 | the body | WooCommerce: webhooks |
/// | `xero` | `x-xero-signature`, base64 | the body; the key is the text, although it looks like base64 | Xero: webhooks. It wants exactly 401 for a wrong signature |
/// | `zoom` | `x-zm-signature`, `v0=` | `v0:`, `x-zm-request-timestamp`, the body | Zoom: "Verify webhook events" |
///
/// IXOPAY's date ends in `GMT` or `UTC`. Its PHP SDK sends it in both headers; if they differ, the
/// request is refused. Who answers a request signs as if the answer were the request: method and
/// target are those of the request, all else is of the response. A callback is a `POST` of its own,
/// with the path and query of the URL that it was asked for. An upload (`multipart/form-data`) is
/// signed as if its body were empty, so nothing protects the file: none of these schemes takes it.
///
/// The Directa24 deposit and dLocal payin forms join their parts without separators. That is safe
/// as long as the date has a fixed form, which is checked, and the login is a known identifier,
/// which a route holds by taking `X-Login` as its credential. Cashfree joins its time and the body
/// so; whatever moved digits from one to the other would move the time out of its window.
pub static ALL: &[Scheme] = &[
    scheme(Row {
        name: "adyen-platform",
        carrier: In::Header("HmacSignature"),
        key: KeyEncoding::Hex,
        ..BASE64
    }),
    scheme(Row {
        name: "btcpay",
        carrier: In::Header("BTCPay-Sig"),
        at: At::Prefix("sha256="),
        ..COMMON
    }),
    scheme(Row {
        name: "cashfree",
        carrier: In::Header("x-webhook-signature"),
        parts: &[Part::Timestamp, Part::Body],
        time: in_header("x-webhook-timestamp", TimeFormat::UnixMs),
        ..BASE64
    }),
    scheme(Row { name: "checkout", carrier: In::Header("Cko-Signature"), ..COMMON }),
    scheme(Row {
        name: "coinbase-commerce",
        carrier: In::Header("X-CC-Webhook-Signature"),
        ..COMMON
    }),
    scheme(Row { name: "coinify", carrier: In::Header("X-Coinify-Webhook-Signature"), ..COMMON }),
    scheme(Row {
        name: "cryptoprocessing",
        carrier: In::Header("X-Processing-Signature"),
        ..SHA512
    }),
    scheme(Row { name: "directa24-cashout", carrier: In::Header("Payload-Signature"), ..COMMON }),
    scheme(Row {
        name: "directa24-control",
        carrier: In::Form("control"),
        encoding: Encoding::HexUpper,
        parts: EXTERNAL_ID,
        ..COMMON
    }),
    scheme(Row {
        name: "directa24-deposit",
        carrier: In::Header("Authorization"),
        at: At::Prefix("D24 "),
        parts: DATE_LOGIN_BODY,
        time: in_header("X-Date", TimeFormat::Rfc3339),
        ..COMMON
    }),
    scheme(Row {
        name: "dlocal-payin",
        carrier: In::Header("Authorization"),
        at: At::Prefix("V2-HMAC-SHA256, Signature: "),
        parts: LOGIN_DATE_BODY,
        time: in_header("X-Date", TimeFormat::Rfc3339Ms),
        ..COMMON
    }),
    scheme(Row { name: "dwolla", carrier: In::Header("X-Request-Signature-SHA-256"), ..COMMON }),
    scheme(Row {
        name: "flinks",
        carrier: In::Header("X-Webhook-Signature"),
        at: At::Prefix("sha256="),
        encoding: Encoding::HexUpper,
        ..COMMON
    }),
    scheme(Row { name: "gitea", carrier: In::Header("X-Gitea-Signature"), ..COMMON }),
    scheme(Row {
        name: "github",
        carrier: In::Header("X-Hub-Signature-256"),
        at: At::Prefix("sha256="),
        ..COMMON
    }),
    scheme(Row { name: "gogs", carrier: In::Header("X-Gogs-Signature"), ..COMMON }),
    scheme(IXOPAY),
    scheme(Row { name: "ixopay-md5", parts: IXOPAY_MD5_LINES, ..IXOPAY }),
    scheme(Row { name: "lemon-squeezy", carrier: In::Header("X-Signature"), ..COMMON }),
    scheme(Row {
        name: "mercado-pago",
        carrier: In::Header("x-signature"),
        at: At::Pairs(b',', "v1"),
        parts: ID_REQUEST_TIME,
        time: in_label("ts", WINDOW_S),
        ..COMMON
    }),
    scheme(Row { name: "monnify", carrier: In::Header("monnify-signature"), ..SHA512 }),
    scheme(Row {
        name: "paddle",
        carrier: In::Header("Paddle-Signature"),
        at: At::Pairs(b';', "h1"),
        parts: TIME_COLON_BODY,
        time: in_label("ts", 5),
        ..COMMON
    }),
    scheme(Row { name: "paystack", carrier: In::Header("x-paystack-signature"), ..SHA512 }),
    scheme(Row {
        name: "paysway",
        carrier: In::Header("X-PaySway-Signature"),
        at: At::Pairs(b',', "v1"),
        key: KeyEncoding::Base64,
        parts: TIME_DOT_BODY,
        time: in_label("t", WINDOW_S),
        ..COMMON
    }),
    scheme(Row { name: "razorpay-webhook", carrier: In::Header("X-Razorpay-Signature"), ..COMMON }),
    scheme(Row {
        name: "revolut",
        carrier: In::Header("Revolut-Signature"),
        at: At::Versions(b',', "v1="),
        parts: V1_TIME_BODY,
        time: in_header("Revolut-Request-Timestamp", TimeFormat::UnixMs),
        ..COMMON
    }),
    scheme(Row { name: "shopify-webhook", carrier: In::Header("X-Shopify-Hmac-SHA256"), ..BASE64 }),
    scheme(Row {
        name: "slack",
        carrier: In::Header("X-Slack-Signature"),
        at: At::Prefix("v0="),
        parts: V0_TIME_BODY,
        time: in_header("X-Slack-Request-Timestamp", TimeFormat::UnixSeconds),
        ..COMMON
    }),
    scheme(Row {
        name: "standard-webhooks",
        carrier: In::Header("webhook-signature"),
        time: in_header("webhook-timestamp", TimeFormat::UnixSeconds),
        id: "webhook-id",
        ..STANDARD_WEBHOOKS
    }),
    scheme(Row {
        name: "stripe",
        carrier: In::Header("Stripe-Signature"),
        at: At::Pairs(b',', "v1"),
        parts: TIME_DOT_BODY,
        time: in_label("t", WINDOW_S),
        ..COMMON
    }),
    scheme(Row {
        name: "svix",
        carrier: In::Header("svix-signature"),
        time: in_header("svix-timestamp", TimeFormat::UnixSeconds),
        id: "svix-id",
        ..STANDARD_WEBHOOKS
    }),
    scheme(Row { name: "woocommerce", carrier: In::Header("X-WC-Webhook-Signature"), ..BASE64 }),
    scheme(Row { name: "xero", carrier: In::Header("x-xero-signature"), ..BASE64 }),
    scheme(Row {
        name: "zoom",
        carrier: In::Header("x-zm-signature"),
        at: At::Prefix("v0="),
        parts: V0_TIME_BODY,
        time: in_header("x-zm-request-timestamp", TimeFormat::UnixSeconds),
        ..COMMON
    }),
];

const IXOPAY: Row = Row {
    name: "ixopay",
    carrier: In::Header("X-Signature"),
    encoding: Encoding::Base64,
    parts: IXOPAY_LINES,
    time: Some(Time {
        source: TimeIn::EitherHeader("Date", "X-Date"),
        format: TimeFormat::Rfc1123,
        window_s: WINDOW_S,
    }),
    ..SHA512
};

const IXOPAY_LINES: &[Part] = &ixopay_lines(DigestHash::Sha512);
const IXOPAY_MD5_LINES: &[Part] = &ixopay_lines(DigestHash::Md5);

const fn ixopay_lines(hash: DigestHash) -> [Part; 9] {
    let digest = Part::BodyDigest { hash, encoding: Encoding::HexLower };
    let media = header("Content-Type");
    [Part::Method, LINE, digest, LINE, media, LINE, Part::Timestamp, LINE, Part::Target]
}

/// The built-in scheme with this name.
pub fn find(name: &str) -> Option<&'static Scheme> {
    ALL.iter().find(|scheme| &*scheme.name == name)
}
