//! The built-in schemes, as their owners document them.
//!
//! Where a vendor does not say how old a timestamp may be, the windows are this library's choice:
//! five minutes either way.

mod parts;
mod row;

use super::{Algorithm, Encoding, KeyEncoding, Scheme, TimeFormat};
use parts::text;
use row::{
    At, BASE64, COMMON, In, JWS, RETURNED_TRUST, Row, SHA512, STANDARD_WEBHOOKS, TRUST, Time,
    TimeIn, WINDOW_S, in_header, in_label, scheme, within,
};

/// Every built-in scheme.
///
/// | name | carried in | covers | source |
/// |---|---|---|---|
/// | `adyen-platform` | `HmacSignature`, base64 | the body; the key is hex | Adyen: "Verify HMAC signatures" for platforms. The name of the header is not certain |
/// | `binance` | the parameter `signature` of the query or the form, hex in any case | the query or the form without it, as sent; `timestamp` (ms) at most 1 s ahead and 5 s old, or `recvWindow` (ms), at most 60000 | Binance: "Request security". Times in microseconds and windows with a fraction are refused. Parameters in both are refused: what is signed does not show where the query ends. The path and the method are not signed |
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
/// | `flexiown-trust` | nowhere: the host passes the one that it stored | the members `trust_value` and `trust_seed` of the JSON body; **no key** | Flexiown: "Trust Signature", and its WooCommerce plugin |
/// | `flexiown-trust-keyed` | as `flexiown-trust` | the same, with HMAC-SHA256 | not Flexiown: for those who can choose |
/// | `flexiown-trust-return` | the query's `trust_signature` | the trust value and the trust seed that the host stored; **no key** | Flexiown's plugin: the return of the browser |
/// | `flexiown-trust-return-keyed` | as `flexiown-trust-return` | the same, with HMAC-SHA256 | not Flexiown: for those who can choose |
/// | `flinks` | `X-Webhook-Signature`, `sha256=`, upper-case hex | the body | Flinks: webhooks |
/// | `flutterwave` | `flutterwave-signature`, base64 | the body | Flutterwave v4: webhooks. Its v3 sends the secret itself in `verif-hash`: that is an API key |
/// | `gitea` | `X-Gitea-Signature` | the body | Gitea: webhooks |
/// | `github` | `X-Hub-Signature-256`, `sha256=` | the body | GitHub: "Validating webhook deliveries"; Meta too, whose body has its non-ASCII characters escaped |
/// | `gocardless` | `Webhook-Signature` | the body | GoCardless's SDKs. It wants 498 for a wrong signature |
/// | `gogs` | `X-Gogs-Signature` | the body | Gogs: webhooks |
/// | `http-message` | `Signature`, label `sig1`, base64 | `@method`, `@authority`, `@path`, `@query`, `content-digest` and the parameters of `Signature-Input`, with `created`; the body by its digest; the key is base64 | RFC 9421 with `hmac-sha256`, RFC 9530. The components are this library's choice: others are an own scheme |
/// | `infozypay` | `x-signature` | method, target, body, `x-timestamp`, a line each | Infozy Pay: "HMAC signing". It does not say that the signature is in hex |
/// | `ixopay` | `X-Signature`, SHA-512, base64 | method, SHA-512 of the body, `Content-Type`, `Date` or `X-Date`, target, a line each | IXOPAY's SDKs |
/// | `ixopay-md5` | as `ixopay` | MD5 of the body in place of SHA-512 | the same, without their option for the new algorithm. Take it only where clients cannot change: see [`DigestHash::Md5`](super::DigestHash::Md5) |
/// | `ixopay-xml` | `Authorization: Gateway ` or `IxoPay `, then the key of the connector and `:`; SHA-512, base64 | as `ixopay`, with an empty line before the target | the XML interface of IXOPAY's SDKs, callbacks too; new algorithm |
/// | `ixopay-xml-md5` | as `ixopay-xml` | MD5 of the body in place of SHA-512 | the same, as the SDKs do by default |
/// | `kraken` | `API-Sign`, SHA-512, base64 | the path, the SHA-256 of the form's `nonce` and the body; the key is base64 | Kraken: REST API authentication. The nonce only ever grows there, which a gate does not look at |
/// | `lemon-squeezy` | `X-Signature` | the body | Lemon Squeezy: "Signing requests". A secret needs 16 characters here |
/// | `linear` | `Linear-Signature` | the body, with `webhookTimestamp` (ms) in it; 60 seconds | Linear: webhooks, and the window that it recommends |
/// | `mercado-pago` | `x-signature`: `ts`, `v1` | the query's `data.id`, `x-request-id`, the time, not the body | Mercado Pago: webhooks. It does not say for certain whether `ts` is in seconds, as here |
/// | `mollie` | `X-Mollie-Signature`, one line or value for each secret, `sha256=` or not | the body | Mollie's SDK for PHP. Older webhooks of Mollie are not signed |
/// | `moniepoint` | `moniepoint-webhook-signature`, base64 | `moniepoint-webhook-id`, `moniepoint-webhook-timestamp` (ms), the body, with `__` between | Moniepoint: "Verifying webhook signatures" |
/// | `monnify` | `monnify-signature`, SHA-512 | the body | Monnify: webhooks |
/// | `notion` | `X-Notion-Signature`, `sha256=` | the body; the key is the verification token | Notion: webhooks. The request that brings the token is not signed |
/// | `paddle` | `Paddle-Signature`: `ts`, `h1` | the time, the body; 5 seconds | Paddle: "Verify webhook signatures", and the window of its SDKs |
/// | `paynow-gg` | `PayNow-Signature`, base64 | `PayNow-Timestamp` (ms), the body | PayNow.gg: "Validating incoming webhooks" |
/// | `paystack` | `x-paystack-signature`, SHA-512 | the body | Paystack: webhooks |
/// | `paysway` | `X-PaySway-Signature`: `t`, `v1` | the time, the body; the key is base64 | PaySway: webhooks |
/// | `pledg-message` | the JSON member `signature`, alone in the body: a JWT (HS256) | itself: the message is its payload | Pledg: payment modes, notifications. Nothing says when it was made, so it can be sent again |
/// | `pledg-redirect` | the query's `signature`: a JWT (HS256) | itself, and nothing else of the URL | Pledg: integration by redirection |
/// | `razorpay-checkout` | the form field `razorpay_signature` | `razorpay_order_id`, `razorpay_payment_id` of the form, with <code>\|</code> between, nothing else | Razorpay: "Verify payment signature", and its SDKs. The order id has to be the one that the shop made: compare it with the session's |
/// | `razorpay-checkout-json` | the same members of a JSON object | as `razorpay-checkout` | the same, where the shop's own page passes on what it got |
/// | `razorpay-payment-link` | the query's `razorpay_signature` | `razorpay_payment_link_id`, `razorpay_payment_link_reference_id`, `razorpay_payment_link_status`, `razorpay_payment_id` of the query, with <code>\|</code> between | Razorpay: payment links, and its SDKs |
/// | `razorpay-subscription` | the form field `razorpay_signature` | `razorpay_payment_id`, `razorpay_subscription_id` of the form, with <code>\|</code> between | Razorpay: subscriptions, and its SDKs |
/// | `razorpay-subscription-json` | the same members of a JSON object | as `razorpay-subscription` | the same |
/// | `razorpay-webhook` | `X-Razorpay-Signature` | the body | Razorpay's SDKs |
/// | `revolut` | `Revolut-Signature`: `v1=` | `v1.`, `Revolut-Request-Timestamp` (ms), the body | Revolut Merchant API: "Verify the payload signature" |
/// | `sentry` | `Sentry-Hook-Signature` | the body | Sentry: integration platform webhooks |
/// | `shopify-oauth` | the query's `hmac` | the rest of the query, sorted by name; `timestamp` at most 90 s off | Shopify: "Verify the installation request", and the window of its library. It is not certain how characters that need an escape are signed; as they are sent, here |
/// | `shopify-webhook` | `X-Shopify-Hmac-SHA256`, base64 | the body | Shopify: HTTPS webhooks |
/// | `slack` | `X-Slack-Signature`, `v0=` | `v0:`, `X-Slack-Request-Timestamp`, the body | Slack: "Verifying requests" |
/// | `square` | `x-square-hmacsha256-signature`, base64 | the notification URL that Square has on record, the body | Square: "Verify and validate an event notification". A route gives the URL as `signed_url` |
/// | `standard-webhooks` | `webhook-signature`: `v1,`, base64 | `webhook-id`, `webhook-timestamp`, the body; the key is base64 after `whsec_` | the Standard Webhooks specification |
/// | `stripe` | `Stripe-Signature`: `t`, `v1` | the time, the body; the key is the whole `whsec_` text | Stripe: "Verify webhook signatures manually" |
/// | `svix` | `svix-signature`: `v1,`, base64 | as `standard-webhooks`, with the `svix-` headers | Svix: "Verifying payloads" |
/// | `tabapay` | `X-HMAC-Signature`: `t`, `v1`, `v2` | the time, the body; `v2` is of the secret before a rotation | TabaPay: "Verifying webhook signatures" |
/// | `woocommerce` | `X-WC-Webhook-Signature`, base64 | the body | WooCommerce: webhooks |
/// | `xero` | `x-xero-signature`, base64 | the body; the key is the text, although it looks like base64 | Xero: webhooks. It wants exactly 401 for a wrong signature |
/// | `zoom` | `x-zm-signature`, `v0=` | `v0:`, `x-zm-request-timestamp`, the body | Zoom: "Verify webhook events" |
///
/// IXOPAY's date ends in `GMT` or `UTC`. Its PHP SDK sends it in both headers; if they differ, the
/// request is refused. Who answers a request signs as if the answer were the request: method and
/// target are those of the request, all else is of the response. A callback is a `POST` of its own,
/// with the path and query of the URL that it was asked for. An upload (`multipart/form-data`) is
/// signed as if its body were empty, so nothing protects the file: none of these schemes takes it.
/// For hosts that lose `Authorization`, the SDK sends the same in `X-Authorization`, which a scheme
/// of the policy can read.
///
/// Shopify's app proxies are not here. They join the parameters of a visitor to those of Shopify
/// without a separator, so that a visitor can have signed what also reads as another
/// `logged_in_customer_id`: `k=logged_in_customer_id=1m=` is one parameter or three.
///
/// The Directa24 deposit and dLocal payin forms join their parts without separators. That is safe
/// as long as the date has a fixed form, which is checked, and the login is a known identifier,
/// which a route holds by taking `X-Login` as its credential. Cashfree joins its time and the body
/// so; whatever moved digits from one to the other would move the time out of its window.
///
/// A trust signature is the same for every message about one payment and covers nothing else of
/// it: not the amount, not the status. It says of which payment the message speaks. Without a key,
/// and wherever the host passes it, it does not say who speaks, so a route with it needs another
/// proof: an API key or a passphrase. Ask for the status of the payment before acting on the
/// return of a browser.
pub static ALL: &[Scheme] = &[
    scheme(Row {
        name: "adyen-platform",
        carrier: In::Header("HmacSignature"),
        key: KeyEncoding::Hex,
        ..BASE64
    }),
    scheme(Row {
        name: "binance",
        carrier: In::Parameter("signature"),
        encoding: Encoding::HexAny,
        parts: parts::PARAMETERS,
        time: Some(Time {
            source: TimeIn::ParameterWithin("timestamp", "recvWindow", 60_000),
            format: TimeFormat::UnixMs,
            past_s: 5,
            future_s: 1,
        }),
        ..COMMON
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
        parts: parts::TIME_BODY,
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
        parts: parts::EXTERNAL_ID,
        ..COMMON
    }),
    scheme(Row {
        name: "directa24-deposit",
        carrier: In::Header("Authorization"),
        at: At::Prefix("D24 "),
        parts: parts::DATE_LOGIN_BODY,
        time: in_header("X-Date", TimeFormat::Rfc3339),
        ..COMMON
    }),
    scheme(Row {
        name: "dlocal-payin",
        carrier: In::Header("Authorization"),
        at: At::Prefix("V2-HMAC-SHA256, Signature: "),
        parts: parts::LOGIN_DATE_BODY,
        time: in_header("X-Date", TimeFormat::Rfc3339Ms),
        ..COMMON
    }),
    scheme(Row { name: "dwolla", carrier: In::Header("X-Request-Signature-SHA-256"), ..COMMON }),
    scheme(Row { name: "flexiown-trust", ..TRUST }),
    scheme(Row { name: "flexiown-trust-keyed", algorithm: Algorithm::HmacSha256, ..TRUST }),
    scheme(Row { name: "flexiown-trust-return", ..RETURNED_TRUST }),
    scheme(Row {
        name: "flexiown-trust-return-keyed",
        algorithm: Algorithm::HmacSha256,
        ..RETURNED_TRUST
    }),
    scheme(Row {
        name: "flinks",
        carrier: In::Header("X-Webhook-Signature"),
        at: At::Prefix("sha256="),
        encoding: Encoding::HexUpper,
        ..COMMON
    }),
    scheme(Row { name: "flutterwave", carrier: In::Header("flutterwave-signature"), ..BASE64 }),
    scheme(Row { name: "gitea", carrier: In::Header("X-Gitea-Signature"), ..COMMON }),
    scheme(Row {
        name: "github",
        carrier: In::Header("X-Hub-Signature-256"),
        at: At::Prefix("sha256="),
        ..COMMON
    }),
    scheme(Row { name: "gocardless", carrier: In::Header("Webhook-Signature"), ..COMMON }),
    scheme(Row { name: "gogs", carrier: In::Header("X-Gogs-Signature"), ..COMMON }),
    scheme(Row {
        name: "http-message",
        carrier: In::Header("Signature"),
        at: At::Member("sig1"),
        key: KeyEncoding::Base64,
        parts: parts::HTTP_MESSAGE,
        time: within(TimeIn::Created, TimeFormat::UnixSeconds, WINDOW_S),
        ..BASE64
    }),
    scheme(Row {
        name: "infozypay",
        carrier: In::Header("x-signature"),
        parts: parts::METHOD_TARGET_BODY_TIME,
        time: in_header("x-timestamp", TimeFormat::UnixSeconds),
        ..COMMON
    }),
    scheme(IXOPAY),
    scheme(Row { name: "ixopay-md5", parts: parts::IXOPAY_MD5, ..IXOPAY }),
    scheme(IXOPAY_XML),
    scheme(Row { name: "ixopay-xml-md5", parts: parts::IXOPAY_XML_MD5, ..IXOPAY_XML }),
    scheme(Row {
        name: "kraken",
        carrier: In::Header("API-Sign"),
        key: KeyEncoding::Base64,
        encoding: Encoding::Base64,
        parts: parts::PATH_NONCE_BODY,
        ..SHA512
    }),
    scheme(Row { name: "lemon-squeezy", carrier: In::Header("X-Signature"), ..COMMON }),
    scheme(Row {
        name: "linear",
        carrier: In::Header("Linear-Signature"),
        time: within(TimeIn::Json("webhookTimestamp"), TimeFormat::UnixMs, 60),
        ..COMMON
    }),
    scheme(Row {
        name: "mercado-pago",
        carrier: In::Header("x-signature"),
        at: At::Pairs(b',', "v1"),
        parts: parts::ID_REQUEST_TIME,
        time: in_label("ts", WINDOW_S),
        ..COMMON
    }),
    scheme(Row {
        name: "mollie",
        carrier: In::HeaderLines("X-Mollie-Signature"),
        at: At::OptionalPrefix("sha256="),
        ..COMMON
    }),
    scheme(Row {
        name: "moniepoint",
        carrier: In::Header("moniepoint-webhook-signature"),
        parts: parts::ID_TIME_BODY_BARS,
        time: in_header("moniepoint-webhook-timestamp", TimeFormat::UnixMs),
        id: "moniepoint-webhook-id",
        ..BASE64
    }),
    scheme(Row { name: "monnify", carrier: In::Header("monnify-signature"), ..SHA512 }),
    scheme(Row {
        name: "notion",
        carrier: In::Header("X-Notion-Signature"),
        at: At::Prefix("sha256="),
        ..COMMON
    }),
    scheme(Row {
        name: "paddle",
        carrier: In::Header("Paddle-Signature"),
        at: At::Pairs(b';', "h1"),
        parts: parts::TIME_COLON_BODY,
        time: in_label("ts", 5),
        ..COMMON
    }),
    scheme(Row {
        name: "paynow-gg",
        carrier: In::Header("PayNow-Signature"),
        parts: parts::TIME_DOT_BODY,
        time: in_header("PayNow-Timestamp", TimeFormat::UnixMs),
        ..BASE64
    }),
    scheme(Row { name: "paystack", carrier: In::Header("x-paystack-signature"), ..SHA512 }),
    scheme(Row {
        name: "paysway",
        carrier: In::Header("X-PaySway-Signature"),
        at: At::Pairs(b',', "v1"),
        key: KeyEncoding::Base64,
        parts: parts::TIME_DOT_BODY,
        time: in_label("t", WINDOW_S),
        ..COMMON
    }),
    scheme(Row { name: "pledg-message", carrier: In::Json("signature"), ..JWS }),
    scheme(Row { name: "pledg-redirect", carrier: In::Query("signature"), ..JWS }),
    scheme(Row {
        name: "razorpay-checkout",
        carrier: In::Form("razorpay_signature"),
        parts: parts::ORDER_PAYMENT,
        ..COMMON
    }),
    scheme(Row {
        name: "razorpay-checkout-json",
        carrier: In::Json("razorpay_signature"),
        parts: parts::ORDER_PAYMENT_JSON,
        ..COMMON
    }),
    scheme(Row {
        name: "razorpay-payment-link",
        carrier: In::Query("razorpay_signature"),
        parts: parts::PAYMENT_LINK,
        ..COMMON
    }),
    scheme(Row {
        name: "razorpay-subscription",
        carrier: In::Form("razorpay_signature"),
        parts: parts::PAYMENT_SUBSCRIPTION,
        ..COMMON
    }),
    scheme(Row {
        name: "razorpay-subscription-json",
        carrier: In::Json("razorpay_signature"),
        parts: parts::PAYMENT_SUBSCRIPTION_JSON,
        ..COMMON
    }),
    scheme(Row { name: "razorpay-webhook", carrier: In::Header("X-Razorpay-Signature"), ..COMMON }),
    scheme(Row {
        name: "revolut",
        carrier: In::Header("Revolut-Signature"),
        at: At::Versions(b',', "v1="),
        parts: parts::V1_TIME_BODY,
        time: in_header("Revolut-Request-Timestamp", TimeFormat::UnixMs),
        ..COMMON
    }),
    scheme(Row { name: "sentry", carrier: In::Header("Sentry-Hook-Signature"), ..COMMON }),
    scheme(Row {
        name: "shopify-oauth",
        carrier: In::Query("hmac"),
        parts: parts::SORTED_PARAMETERS,
        time: within(TimeIn::Parameter("timestamp"), TimeFormat::UnixSeconds, 90),
        ..COMMON
    }),
    scheme(Row { name: "shopify-webhook", carrier: In::Header("X-Shopify-Hmac-SHA256"), ..BASE64 }),
    scheme(Row {
        name: "slack",
        carrier: In::Header("X-Slack-Signature"),
        at: At::Prefix("v0="),
        parts: parts::V0_TIME_BODY,
        time: in_header("X-Slack-Request-Timestamp", TimeFormat::UnixSeconds),
        ..COMMON
    }),
    scheme(Row {
        name: "square",
        carrier: In::Header("x-square-hmacsha256-signature"),
        parts: parts::URL_BODY,
        ..BASE64
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
        parts: parts::TIME_DOT_BODY,
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
    scheme(Row {
        name: "tabapay",
        carrier: In::Header("X-HMAC-Signature"),
        at: At::EitherPair(b',', "v1", "v2"),
        parts: parts::TIME_DOT_BODY,
        time: in_label("t", WINDOW_S),
        ..COMMON
    }),
    scheme(Row { name: "woocommerce", carrier: In::Header("X-WC-Webhook-Signature"), ..BASE64 }),
    scheme(Row { name: "xero", carrier: In::Header("x-xero-signature"), ..BASE64 }),
    scheme(Row {
        name: "zoom",
        carrier: In::Header("x-zm-signature"),
        at: At::Prefix("v0="),
        parts: parts::V0_TIME_BODY,
        time: in_header("x-zm-request-timestamp", TimeFormat::UnixSeconds),
        ..COMMON
    }),
];

const IXOPAY: Row = Row {
    name: "ixopay",
    carrier: In::Header("X-Signature"),
    encoding: Encoding::Base64,
    parts: parts::IXOPAY,
    time: within(TimeIn::EitherHeader("Date", "X-Date"), TimeFormat::Rfc1123, WINDOW_S),
    ..SHA512
};

/// The form of the XML interface: the key of the connector stands before the signature, and an
/// empty line, for headers that nobody adds, before the target.
const IXOPAY_XML: Row = Row {
    name: "ixopay-xml",
    carrier: In::Header("Authorization"),
    at: At::AfterKey(&[text("Gateway "), text("IxoPay ")], b':'),
    parts: parts::IXOPAY_XML,
    ..IXOPAY
};

/// The built-in scheme with this name.
pub fn find(name: &str) -> Option<&'static Scheme> {
    ALL.iter().find(|scheme| &*scheme.name == name)
}
