//! Built-in schemes whose signature stands in a parameter: of the query, of a form, of a JSON
//! object. Each request is one of `vectors/schemes.json` with something replaced.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    reason = "a test reports by panicking; it has std"
)]

#[path = "vectors/schemes.rs"]
mod schemes;

use schemes::{Vector, vectors};
use tollgate::decision::Reason;
use tollgate::primitive::data::Data;
use tollgate::primitive::hex;
use tollgate::primitive::hmac::HmacSha256Key;
use tollgate::scheme::{
    Carrier, DigestHash, Encoding, Locator, MAX_FIELD, Order, Part, Scheme, SchemeError,
    SenderWindow, Source, TimeSource, Timestamp,
};

/// What is replaced, by what, and what results.
type Change = (&'static str, &'static str, Result<(), Reason>);

const MISMATCH: Result<(), Reason> = Err(Reason::SigMismatch);
const ENCODING: Result<(), Reason> = Err(Reason::SigEncoding);
const ABSENT: Result<(), Reason> = Err(Reason::MissingSignature);
const PART: Result<(), Reason> = Err(Reason::SignedPartMissing);
const CARRIER: Result<(), Reason> = Err(Reason::MalformedSignature);
const FORM: Result<(), Reason> = Err(Reason::MalformedBody);
const TIME: Result<(), Reason> = Err(Reason::BadTimestamp);

fn first(scheme: &str) -> Vector {
    let found = vectors().into_iter().find(|vector| &*vector.scheme.name == scheme);
    found.expect("a vector of the scheme")
}

/// Every change, in the target and the body, wherever its text stands.
fn check(scheme: &str, changes: &[Change]) {
    for (from, to, wanted) in changes {
        let mut vector = first(scheme);
        let body = String::from_utf8(vector.body).expect("a text");
        assert!(vector.target.contains(from) || body.contains(from), "{scheme} has no {from}");
        vector.target = vector.target.replace(from, to);
        vector.body = body.replace(from, to).into_bytes();
        assert_eq!(vector.verify(), *wanted, "{scheme}: {from} -> {to}");
    }
}

#[test]
fn the_control_of_a_notification() {
    check(
        "directa24-control",
        &[
            ("cashoutID1234", "cashoutID1235", MISMATCH),
            ("control=D", "control=E", MISMATCH),
            ("control=D", "control=d", ENCODING),
            ("control=D", "control=", ENCODING),
            ("control=", "contro=", ABSENT),
            ("external_id", "external", PART),
            ("date=", "external_id=", PART),
            ("date=", "control=", CARRIER),
            ("%3A33", "%3", FORM),
        ],
    );
}

#[test]
fn checkouts_in_a_form() {
    check(
        "razorpay-checkout",
        &[
            ("&", "&page=1&", Ok(())),
            ("razorpay_order_id", "razorpay%5forder%5fid", Ok(())),
            ("order_IEIaMR65", "order_IEIaMR6%35", Ok(())),
            ("order_IEIaMR65", "order_IEIaMR66", MISMATCH),
            ("pay_IH4NVgf4Dreq1l", "pay_IH4NVgf4Dreq1m", MISMATCH),
            ("order_IEIaMR65&razorpay_payment_id=pay", "&razorpay_payment_id=pay", MISMATCH),
            ("razorpay_order_id=order_IEIaMR65", "x=1", PART),
            ("razorpay_order_id", "razorpay_order_id=1&razorpay_order_id", PART),
            ("razorpay_order_id", "%72azorpay_order_id=1&razorpay_order_id", PART),
            // The bar must not move from between the values into one of them.
            ("order_IEIaMR65&razorpay_payment_id=", "order_IEIaMR65%7C&razorpay_payment_id=", PART),
            ("razorpay_signature", "signature", ABSENT),
            ("razorpay_signature=", "razorpay_signature=&x=", ABSENT),
            ("razorpay_signature=", "razorpay_signature=0&razorpay_signature=", CARRIER),
            ("razorpay_signature=", "razorpay_signature=0", ENCODING),
            ("&", "&&", FORM),
            ("&", "&x=%&", FORM),
        ],
    );
    check(
        "razorpay-subscription",
        &[
            ("sub_ID6MOhgkcoHj9I", "sub_ID6MOhgkcoHj9J", MISMATCH),
            ("razorpay_subscription_id", "razorpay_order_id", PART),
        ],
    );
}

#[test]
fn checkouts_in_json() {
    check(
        "razorpay-checkout-json",
        &[
            ("{", "{\"page\": [1, {}], ", Ok(())),
            ("order_IEIaMR65", "order_\\u0049EIaMR65", Ok(())),
            ("order_IEIaMR65", "order_IEIaMR66", MISMATCH),
            ("\"order_IEIaMR65\"", "null", PART),
            ("\"order_IEIaMR65\"", "[\"order_IEIaMR65\"]", PART),
            ("razorpay_order_id", "order_id", PART),
            ("{", "{\"razorpay_order_id\": \"1\", ", PART),
            ("order_IEIaMR65", "order_IEIaMR65|", PART),
            ("{", "{\"razorpay_signature\": \"00\", ", CARRIER),
            ("razorpay_signature", "signature", ABSENT),
            ("}", "", FORM),
            ("{", "[{", FORM),
        ],
    );
    check(
        "razorpay-subscription-json",
        &[("sub_ID6MOhgkcoHj9I", "", MISMATCH), ("razorpay_payment_id", "payment_id", PART)],
    );
}

#[test]
fn payment_links_in_the_query() {
    check(
        "razorpay-payment-link",
        &[
            ("shoe+7%2F%C3%B6", "%73hoe%207/%c3%b6", Ok(())),
            ("?", "?page=1&", Ok(())),
            ("=paid", "=created", MISMATCH),
            ("shoe+7", "shoe+8", MISMATCH),
            ("shoe+7", "shoe|7", PART),
            ("shoe+7", "shoe%7c7", PART),
            ("razorpay_payment_link_status=paid&", "", PART),
            ("?", "?razorpay_payment_link_status=paid&", PART),
            ("?", "?razorpay_payment_link%5Fstatus=paid&", PART),
            ("?", "?razorpay_signature=00&", CARRIER),
            ("?", "?%72azorpay_signature=00&", CARRIER),
            ("?", "?&", CARRIER),
            ("?", "?x=%4&", CARRIER),
            ("razorpay_signature", "signature", ABSENT),
            ("?", "#", ABSENT),
        ],
    );
}

#[test]
fn a_value_has_a_longest_length() {
    for (length, wanted) in [(MAX_FIELD, MISMATCH), (MAX_FIELD + 1, PART)] {
        let long: &'static str = "a".repeat(length).leak();
        check("razorpay-payment-link", &[("shoe+7%2F%C3%B6", long, wanted)]);
        check("razorpay-checkout", &[("order_IEIaMR65", long, wanted)]);
    }
}

/// Binance's documented order, its signature, and that of the same one split into query and body.
const ORDER: &str = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1\
                     &recvWindow=5000&timestamp=1499827319559";
const SIGNATURE: &str = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";
const BINANCE_SECRET: &[u8] = b"NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
const SPLIT: &str = "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77";

/// `Q` stands for the order and `S` for its signature.
fn binance(query: &str, body: &str) -> Result<(), Reason> {
    let fill = |text: &str| text.replace('S', SIGNATURE).replace('Q', ORDER);
    let mut vector = first("binance");
    vector.target = format!("/api/v3/order?{}", fill(query));
    vector.body = fill(body).into_bytes();
    vector.verify()
}

#[test]
fn an_order_is_signed_wherever_the_signature_stands() {
    let (start, end) = ORDER.split_at(ORDER.find("&price").expect("a price"));
    let middle = format!("{start}&signature=S{end}");
    let upper = format!("Q&signature={}", SIGNATURE.to_uppercase());
    for (query, body) in [
        ("Q&signature=S", ""),
        ("signature=S&Q", ""),
        (&*middle, ""),
        (&*upper, ""),
        ("Q&%73ignature=S", ""),
        ("", "Q&signature=S"),
        ("", "signature=S&Q"),
        ("", &*middle),
        ("signature=S", "Q"),
        ("Q", "signature=S"),
    ] {
        assert_eq!(binance(query, body), Ok(()), "{query} {body}");
    }
}

#[test]
fn an_order_with_anything_else_is_refused() {
    let twice =
        ["Q&signature=S&signature=S", "signature=0&Q&signature=S", "Q&signature=S&%73ignature=S"];
    for query in twice {
        assert_eq!(binance(query, ""), CARRIER, "{query}");
        assert_eq!(binance("", query), CARRIER, "{query}");
    }
    let swapped = ORDER.replace("symbol=LTCBTC&side=BUY", "side=BUY&symbol=LTCBTC");
    let swapped = format!("{swapped}&signature=S");
    for (query, body, wanted) in [
        ("Q&signature=S", "signature=S", CARRIER),
        ("Q", "", ABSENT),
        ("", "", ABSENT),
        ("Q&signature=", "", ABSENT),
        ("Q&signature", "", ABSENT),
        ("Q&signature=0", "", ENCODING),
        ("Q&a=1&signature=S", "", MISMATCH),
        ("Q&a&signature=S", "", MISMATCH),
        ("a=1&signature=S", "Q", PART),
        ("Q&signature=S", "a=1", PART),
        ("signature=S", "Q&a=1", MISMATCH),
        (&*swapped, "", MISMATCH),
        ("Q&symbol=LTCBTC&signature=S", "", PART),
        ("Q&side&signature=S", "", PART),
        ("Q&%73ide=BUY&signature=S", "", PART),
        ("Q&a+b=1&signature=S", "", PART),
        ("Q&timestamp=1&signature=S", "", TIME),
        ("Q&signature=S", "timestamp=1499827319559", TIME),
        ("signature=S", "", TIME),
        ("timestamp=1e12&signature=S", "", TIME),
        ("&Q&signature=S", "", CARRIER),
        ("Q&signature=S&", "", CARRIER),
        ("Q&=1&signature=S", "", CARRIER),
        ("Q&a=%4&signature=S", "", CARRIER),
        ("signature=S", "Q&", FORM),
        ("signature=S", "Q&a=%", FORM),
        ("Q&signature=S", "{}&", FORM),
    ] {
        assert_eq!(binance(query, body), wanted, "{query} {body}");
    }
}

/// Nothing in the signed text says where the query ends: without a rule, `quantity=10` could
/// become `quantity=1` with a body that is `0`.
#[test]
fn no_byte_moves_between_query_and_body() {
    let mut vector = first("binance");
    for at in 1..ORDER.len() {
        let (query, body) = ORDER.split_at(at);
        vector.target = format!("/api/v3/order?{query}");
        vector.body = format!("{body}&signature={SIGNATURE}").into_bytes();
        assert_ne!(vector.verify(), Ok(()), "{query} {body}");
    }
    vector.target = "/api/v3/order?symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC".to_owned();
    let body = "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559";
    vector.body = format!("{body}&signature={SPLIT}").into_bytes();
    assert_eq!(vector.verify(), PART, "although the documentation signs one like this");
}

#[test]
fn every_bit_of_an_order_counts() {
    let mut vector = first("binance");
    let signed = format!("{ORDER}&signature={SIGNATURE}");
    for (at, bit) in (0..ORDER.len()).flat_map(|at| (0..7).map(move |bit| (at, bit))) {
        let mut bytes = signed.clone().into_bytes();
        bytes[at] ^= 1 << bit;
        let query = String::from_utf8(bytes.clone()).expect("ASCII");
        vector.target = format!("/api/v3/order?{query}");
        vector.body = Vec::new();
        assert_ne!(vector.verify(), Ok(()), "{query}");
        vector.target = "/api/v3/order".to_owned();
        vector.body = bytes;
        assert_ne!(vector.verify(), Ok(()), "{query}");
    }
}

#[test]
fn there_may_be_32_parameters() {
    for (more, wanted) in [(24, MISMATCH), (25, PART)] {
        let more: String = (0..more).map(|number| format!("&p{number}=1")).collect();
        assert_eq!(binance(&format!("Q{more}&signature=S"), ""), wanted);
        assert_eq!(binance("", &format!("signature=S&Q{more}")), wanted);
    }
}

#[test]
fn an_installation_is_signed_in_any_order() {
    let mut vector = first("shopify-oauth");
    let (path, query) = vector.target.split_once('?').expect("a query");
    let mut pairs: Vec<_> = query.split('&').map(str::to_owned).collect();
    let path = path.to_owned();
    for turn in 0..pairs.len() {
        pairs.rotate_left(1);
        let swapped = turn % pairs.len();
        pairs.swap(0, swapped);
        vector.target = format!("{path}?{}", pairs.join("&"));
        assert_eq!(vector.verify(), Ok(()), "{}", vector.target);
    }
    check(
        "shopify-oauth",
        &[
            ("shop=some-shop", "shop=some-other-shop", MISMATCH),
            ("shop=some-shop", "shop=some%2Dshop", MISMATCH),
            ("shop=", "sho=", MISMATCH),
            ("?", "?locale=en&", MISMATCH),
            ("?", "?shop=some-shop.myshopify.com&", PART),
            ("?", "?%73hop=some-shop.myshopify.com&", PART),
            ("shop=", "s%68op=", PART),
            ("state=", "state[]=", MISMATCH),
            ("?", "?hmac=00&", CARRIER),
            ("?", "?%68mac=00&", CARRIER),
            ("?", "?&", CARRIER),
            ("hmac=", "hmac=&x=", ABSENT),
            ("hmac=", "hmac2=", ABSENT),
            ("timestamp=", "timestamp=0", MISMATCH),
            ("timestamp=", "timestamp=-", TIME),
            ("timestamp=", "time=", TIME),
            ("?", "?timestamp=1592742800&", TIME),
        ],
    );
}

#[test]
fn what_cannot_work_is_found_out() {
    let text = |text: &'static str| Data::Static(text);
    let parts = |parts: Vec<Part>| Data::Owned(parts.into_boxed_slice());
    let order = || first("binance").scheme;
    let at = |source| order().timestamp.map(|time| Timestamp { source, ..time });
    let parameter = |name, window: Option<&'static str>| TimeSource::Parameter {
        name: text(name),
        window: window.map(|name| SenderWindow { parameter: text(name), most_ms: 1 }),
    };
    let digest = Part::BodyDigest { hash: DigestHash::Sha256, encoding: Encoding::HexLower };
    let all = || Part::Parameters(Order::AsSent);
    assert_eq!(order().validate(), Ok(()));
    assert!(order().reads_body() && !order().covers_only_body());
    let installation = first("shopify-oauth").scheme;
    assert!(!installation.reads_body() && !installation.covers_only_body());
    for (scheme, wanted) in [
        (Scheme { parts: parts(vec![all(), all()]), ..order() }, SchemeError::ParametersNotLast),
        (
            Scheme { parts: parts(vec![all(), Part::Literal(text("x"))]), ..order() },
            SchemeError::ParametersNotLast,
        ),
        (Scheme { parts: parts(vec![Part::Body, all()]), ..order() }, SchemeError::SignsItself),
        (Scheme { parts: parts(vec![digest, all()]), ..order() }, SchemeError::SignsItself),
        (
            Scheme { parts: parts(vec![Part::Value(Source::Json(text("a")))]), ..order() },
            SchemeError::TimestampUnused,
        ),
        (
            Scheme {
                parts: parts(vec![Part::Value(Source::Json(text("a")))]),
                timestamp: None,
                ..order()
            },
            SchemeError::TwoBodyForms,
        ),
        (
            Scheme { timestamp: at(parameter("signature", None)), ..order() },
            SchemeError::TimestampUnused,
        ),
        (
            Scheme { timestamp: at(parameter("timestamp", Some("signature"))), ..order() },
            SchemeError::TimestampUnused,
        ),
        (
            Scheme { timestamp: at(TimeSource::Json(text("time"))), ..order() },
            SchemeError::TimestampUnused,
        ),
        (
            Scheme { timestamp: at(TimeSource::Header(text("X-Time"))), ..order() },
            SchemeError::TimestampUnused,
        ),
        (
            Scheme {
                carrier: Carrier::HeaderLines(text("X-Sig")),
                timestamp: at(TimeSource::Label(text("t"))),
                parts: parts(vec![Part::Timestamp, Part::Body]),
                ..first("stripe").scheme
            },
            SchemeError::TimestampUnused,
        ),
        (
            Scheme {
                carrier: Carrier::HeaderLines(text("X-Sig")),
                locator: Locator::Versions { separator: b' ', tag: text("v1,") },
                ..first("github").scheme
            },
            SchemeError::CommaBefore,
        ),
        (
            Scheme {
                locator: Locator::Pairs {
                    separator: b',',
                    label: text("v1"),
                    or_label: text("v1"),
                },
                ..first("stripe").scheme
            },
            SchemeError::LabelTwice,
        ),
    ] {
        assert_eq!(scheme.validate(), Err(wanted), "{scheme:?}");
    }
}

/// An order with a window of its sender, verified so many milliseconds after it was made.
fn with_window(window: &str, age_ms: u64) -> Result<(), Reason> {
    let mut vector = first("binance");
    let order = ORDER.replace("&recvWindow=5000", window);
    let mut mac = HmacSha256Key::new(BINANCE_SECRET).start();
    mac.update(order.as_bytes());
    let mut room = [0; 64];
    let signature = hex::encode(&mac.finish(), hex::Case::Lower, &mut room).expect("room");
    vector.target = format!("/api/v3/order?{order}&signature={signature}");
    vector.unix_ms = 1_499_827_319_559 + age_ms;
    vector.verify()
}

#[test]
fn a_sender_chooses_its_window() {
    let stale = Err(Reason::Stale);
    for (window, age_ms, wanted) in [
        ("", 5000, Ok(())),
        ("", 5001, stale),
        ("&recvWindow=1000", 1000, Ok(())),
        ("&recvWindow=1000", 1001, stale),
        ("&recvWindow=60000", 60_000, Ok(())),
        ("&recvWindow=60000", 60_001, stale),
        ("&recvWindow=0", 0, Ok(())),
        ("&recvWindow=0", 1, stale),
        ("&recvWindow=%35000", 5000, Ok(())),
        ("&recvWindow=60001", 0, TIME),
        ("&recvWindow=0000060000", 0, TIME),
        ("&recvWindow=99999999999999999999", 0, TIME),
        ("&recvWindow=6000.346", 0, TIME),
        ("&recvWindow=-1", 0, TIME),
        ("&recvWindow=", 0, TIME),
        ("&recvWindow", 0, TIME),
        ("&recvWindow=1&recvWindow=1", 0, TIME),
    ] {
        assert_eq!(with_window(window, age_ms), wanted, "{window} after {age_ms} ms");
    }
    assert_eq!(binance("Q&signature=S", "recvWindow=60000"), TIME);
}

#[test]
fn the_time_stands_in_the_body() {
    let member = "\"webhookTimestamp\":1592742800000";
    check(
        "linear",
        &[
            ("1592742800000}", "1592742800001}", MISMATCH),
            ("1592742800000}", "\"1592742800000\"}", MISMATCH),
            (member, "\"webhookTimestamp\":1592742739999", Err(Reason::Stale)),
            (member, "\"webhookTimestamp\":1592742860001", Err(Reason::Future)),
            (member, "\"webhookTimestamp\":1592742800.5", TIME),
            (member, "\"webhookTimestamp\":null", TIME),
            (member, "\"webhookTimestamp\":1,\"webhook\\u0054imestamp\":1592742800000", TIME),
            (member, "\"time\":1592742800000", TIME),
            (member, "\"webhookTimestamp\":1592742800000}", FORM),
            ("{\"type\"", "[\"type\"", FORM),
        ],
    );
}
