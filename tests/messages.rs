//! Whole messages as JSON Web Tokens: Pledg's published one, PyJWT both ways, every changed bit,
//! and what each bad message gets, by itself and as the signature of a request.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking; it has std"
)]

#[path = "oracles/pyjwt.rs"]
#[allow(dead_code, reason = "access tokens are asked about elsewhere")]
mod pyjwt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use tollgate::decision::Reason;
use tollgate::primitive::data::Data;
use tollgate::primitive::jws::JwsError;
use tollgate::request::{Body, Request, Stored};
use tollgate::scheme::{
    Algorithm, Encoding, Locator, Part, Scheme, SchemeError, builtin, verify_signature,
};
use tollgate::token::{MessageError, message_claims, sign_message, verify_message};

const SECRET: &[u8] = b"a secret of the merchant";
const OTHER: &[u8] = b"a secret of somebody else";
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const CLAIMS: &str =
    r#"{"reference":"order_123","amount_cents":10000,"name":"José","url":"http:\/\/a"}"#;

fn encode(bytes: &[u8]) -> String {
    let mut room = vec![0; bytes.len() * 2 + 4];
    let length = URL_SAFE_NO_PAD.encode_slice(bytes, &mut room).unwrap();
    String::from_utf8(room[..length].to_vec()).unwrap()
}

/// A message made without the crate under test.
fn message(header: &str, claims: &[u8], secret: &[u8]) -> String {
    let signed = format!("{}.{}", encode(header.as_bytes()), encode(claims));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", encode(&mac.finalize().into_bytes()))
}

fn good() -> String {
    message(HEADER, CLAIMS.as_bytes(), SECRET)
}

fn verified(message: &str) -> Result<Vec<u8>, MessageError> {
    verify_message(SECRET, message.as_bytes(), &mut vec![0; message.len()]).map(<[u8]>::to_vec)
}

fn request<'a>(target: &'a str, body: &'a str) -> Request<'a> {
    Request {
        method: b"POST",
        target: target.as_bytes(),
        host: b"merchant.example",
        headers: &[],
        body: Body::Whole(body.as_bytes()),
        peer: None,
        tls: true,
        stored: Stored::NONE,
    }
}

fn on_route(scheme: &str, target: &str, body: &str) -> Result<(), Reason> {
    let scheme = builtin::find(scheme).unwrap();
    let keys = [scheme.prepare_key(SECRET).unwrap()];
    let verified =
        verify_signature(scheme, &keys, &request(target, body), body.as_bytes(), 1_700_000_000_000);
    verified.map(|_| ()).map_err(|denial| denial.reason)
}

fn notified(body: &str) -> Result<(), Reason> {
    on_route("pledg-message", "/notify", body)
}

fn redirected(query: &str) -> Result<(), Reason> {
    on_route("pledg-redirect", &format!("/purchase?{query}"), "")
}

#[test]
fn the_published_message_of_pledg() {
    let text = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyZWZlcmVuY2UiOiJwdXJjaGFzZV9yZWZlcmVuY2UiLCJjcmVhdGVkIjoiMjAyMC0wOS0xNyAxNTowMDowMi4wNTIxNzciLCJ0cmFuc2Zlcl9vcmRlcl9pdGVtX3VpZCI6InRyaV9mYXNka2ZpYXNmc2QyMzRuZnM3ZjVkIiwiYW1vdW50X2NlbnRzIjoxMDAwMH0.6ZhlvdcPgjwwBfxCrRpzaBGoRxTCoqtWJzFhB8pw4Ys";
    let mut room = [0; 200];
    let claims = verify_message(b"your-256-bit-secret", text.as_bytes(), &mut room).unwrap();
    assert_eq!(
        core::str::from_utf8(claims),
        Ok(
            r#"{"reference":"purchase_reference","created":"2020-09-17 15:00:02.052177","transfer_order_item_uid":"tri_fasdkfiasfsd234nfs7f5d","amount_cents":10000}"#
        )
    );
    assert_eq!(verified(text), Err(MessageError::Jws(JwsError::Signature)));
}

#[test]
fn what_is_signed_verifies_octet_for_octet() {
    let mut room = [0; 1024];
    let made = sign_message(SECRET, CLAIMS.as_bytes(), &mut room).unwrap().to_owned();
    assert_eq!(made, message(r#"{"typ":"JWT","alg":"HS256"}"#, CLAIMS.as_bytes(), SECRET));
    for message in [&made, &good()] {
        assert_eq!(verified(message).as_deref(), Ok(CLAIMS.as_bytes()));
        assert_eq!(message_claims(message.as_bytes(), &mut room), Ok(CLAIMS.as_bytes()));
        assert_eq!(notified(&format!(r#" {{ "signature" : "{message}" }} "#)), Ok(()));
        assert_eq!(redirected(&format!("lang=fr&signature={message}&a=b")), Ok(()));
    }
    let long = format!(r#"{{"title":"{}"}}"#, "x".repeat(50_000));
    let message = message(HEADER, long.as_bytes(), SECRET);
    assert_eq!(verified(&message).as_deref(), Ok(long.as_bytes()));
    assert_eq!(notified(&format!(r#"{{"signature":"{message}"}}"#)), Ok(()));
}

#[test]
fn no_changed_bit_verifies() {
    let sent = good();
    let mut messages = 0;
    for (at, bit) in (0..sent.len()).flat_map(|at| (0..7).map(move |bit| (at, bit))) {
        let mut bytes = sent.clone().into_bytes();
        bytes[at] ^= 1 << bit;
        let changed = String::from_utf8(bytes).unwrap();
        assert!(verified(&changed).is_err(), "{changed}");
        assert!(notified(&format!(r#"{{"signature":"{changed}"}}"#)).is_err(), "{changed}");
        assert!(redirected(&format!("signature={changed}")).is_err(), "{changed}");
        messages += 1;
    }
    assert!(messages > 1000);
    for cut in 0..sent.len() {
        assert!(verified(&sent[..cut]).is_err(), "cut at {cut}");
    }
}

/// A message and what it gets, by itself and on a route.
#[test]
fn a_bad_message_gets_its_reason() {
    let signed = |header: &str| message(header, CLAIMS.as_bytes(), SECRET);
    let good = good();
    let (head, rest) = good.split_once('.').unwrap();
    let (payload, tag) = rest.split_once('.').unwrap();
    let jws = MessageError::Jws;
    use Reason::{MalformedSignature, NoSupportedSignature, SigEncoding, SigMismatch};
    let padded = "x".repeat(600);
    for (what, message, error, reason) in [
        ("none", signed(r#"{"alg":"none"}"#), jws(JwsError::Algorithm), NoSupportedSignature),
        ("nOnE", signed(r#"{"alg":"nOnE"}"#), jws(JwsError::Algorithm), NoSupportedSignature),
        ("RS256", signed(r#"{"alg":"RS256"}"#), jws(JwsError::Algorithm), NoSupportedSignature),
        ("no alg", signed(r#"{"typ":"JWT"}"#), jws(JwsError::Algorithm), NoSupportedSignature),
        (
            "alg twice",
            signed(r#"{"alg":"HS256","al\u0067":"none"}"#),
            jws(JwsError::Form),
            MalformedSignature,
        ),
        (
            "crit",
            signed(r#"{"alg":"HS256","crit":["exp"]}"#),
            jws(JwsError::Extension),
            MalformedSignature,
        ),
        (
            "b64",
            signed(r#"{"alg":"HS256","b64":false}"#),
            jws(JwsError::Extension),
            MalformedSignature,
        ),
        ("no JSON", signed("alg=HS256"), jws(JwsError::Form), MalformedSignature),
        (
            "a large header",
            signed(&format!(r#"{{"alg":"HS256","x":"{padded}"}}"#)),
            jws(JwsError::Form),
            MalformedSignature,
        ),
        ("unsigned", format!("{head}.{payload}."), jws(JwsError::Form), SigEncoding),
        ("two segments", format!("{head}.{payload}"), jws(JwsError::Form), MalformedSignature),
        ("four segments", format!("{good}.{tag}"), jws(JwsError::Form), MalformedSignature),
        ("no payload", format!("{head}..{tag}"), jws(JwsError::Form), MalformedSignature),
        ("padding", format!("{good}="), jws(JwsError::Form), SigEncoding),
        (
            "another secret",
            message(HEADER, CLAIMS.as_bytes(), OTHER),
            jws(JwsError::Signature),
            SigMismatch,
        ),
        (
            "half a MAC",
            format!("{head}.{payload}.{}", &tag[..22]),
            // 22 characters leave bits over that must be zero.
            verified(&format!("{head}.{payload}.{}", &tag[..22])).unwrap_err(),
            SigEncoding,
        ),
        ("another payload", format!("{head}.e30.{tag}"), jws(JwsError::Signature), SigMismatch),
    ] {
        assert_eq!(verified(&message), Err(error), "{what}");
        let body = format!(r#"{{"signature":"{message}"}}"#);
        assert_eq!(notified(&body), Err(reason), "{what}");
        assert_eq!(redirected(&format!("signature={message}")), Err(reason), "{what}");
    }
}

/// Signed by the right secret, and still no claims: neither made nor taken.
#[test]
fn claims_are_an_object_of_unique_members() {
    let many: String = (0..129).map(|number| format!(r#""m{number}":0,"#)).collect();
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(40), "]".repeat(40));
    for claims in [
        "",
        "[]",
        "7",
        r#"{"a":1"#,
        r#"{"a":1}{}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"a":"\ud800"}"#,
        "\u{feff}{}",
        &deep,
        &format!("{{{}}}", many.trim_end_matches(',')),
    ] {
        let message = message(HEADER, claims.as_bytes(), SECRET);
        // Without a payload it is no token at all.
        let error = if claims.is_empty() {
            MessageError::Jws(JwsError::Form)
        } else {
            MessageError::Claims
        };
        assert_eq!(verified(&message), Err(error), "{claims}");
        assert_eq!(
            message_claims(message.as_bytes(), &mut vec![0; message.len()]),
            Err(error),
            "{claims}"
        );
        let mut room = vec![0; 4 * claims.len() + 100];
        assert_eq!(
            sign_message(SECRET, claims.as_bytes(), &mut room),
            Err(MessageError::Claims),
            "{claims}"
        );
    }
    let most = many.trim_end_matches(r#""m128":0,"#).trim_end_matches(',');
    let most = format!("{{{most}}}");
    assert!(sign_message(SECRET, most.as_bytes(), &mut [0; 4096]).is_ok());
    let latin = message(HEADER, b"{\"a\":\"\xe9\"}", SECRET);
    assert_eq!(verified(&latin), Err(MessageError::Claims));
}

/// The body is the message and nothing else: what stood beside it would pass for signed.
#[test]
fn nothing_stands_beside_a_message() {
    let good = good();
    for (body, reason) in [
        (format!(r#"{{"signature":"{good}","amount":1}}"#), Reason::MalformedBody),
        (format!(r#"{{"amount":1,"signature":"{good}"}}"#), Reason::MalformedBody),
        (format!(r#"{{"signature":"{good}","signature":"{good}"}}"#), Reason::MalformedSignature),
        (format!(r#"{{"signature":"{good}","signatur\u0065":0}}"#), Reason::MalformedSignature),
        (format!(r#"{{"signature":["{good}"]}}"#), Reason::MalformedSignature),
        (
            format!(r#"{{"signature":"{}"}}"#, good.replace('J', "\\u004a")),
            Reason::MalformedSignature,
        ),
        (r#"{"signature":null}"#.to_owned(), Reason::MalformedSignature),
        (r#"{"signature":""}"#.to_owned(), Reason::MissingSignature),
        (format!(r#"{{"Signature":"{good}"}}"#), Reason::MalformedBody),
        (format!("\"{good}\""), Reason::MalformedBody),
        (good.clone(), Reason::MalformedBody),
        ("{}".to_owned(), Reason::MissingSignature),
        (String::new(), Reason::MalformedBody),
        (format!(r#"{{"signature":"{good}"}} x"#), Reason::MalformedBody),
    ] {
        assert_eq!(notified(&body), Err(reason), "{body}");
    }
    for (query, reason) in [
        (format!("signature={good}&signature={good}"), Reason::MalformedSignature),
        ("signature=".to_owned(), Reason::MissingSignature),
        ("signature".to_owned(), Reason::MissingSignature),
        ("lang=fr".to_owned(), Reason::MissingSignature),
        (format!("Signature={good}"), Reason::MissingSignature),
        (format!("signature={}", good.replace('.', "%2E")), Reason::MalformedSignature),
    ] {
        assert_eq!(redirected(&query), Err(reason), "{query}");
    }
}

#[test]
fn secrets_and_buffers_have_their_least_sizes() {
    let short = &SECRET[..15];
    let good = good();
    let mut room = [0; 512];
    let refused = Err(MessageError::SecretTooShort);
    assert_eq!(sign_message(short, CLAIMS.as_bytes(), &mut room), refused);
    assert_eq!(verify_message(b"", good.as_bytes(), &mut room), Err(MessageError::SecretTooShort));
    let made = sign_message(SECRET, CLAIMS.as_bytes(), &mut room).unwrap().len();
    assert!(made <= CLAIMS.len().div_ceil(3) * 4 + 81);
    let small = |needed| MessageError::Jws(JwsError::BufferTooSmall { needed });
    for size in 0..made {
        let mut room = vec![7; size];
        assert_eq!(sign_message(SECRET, CLAIMS.as_bytes(), &mut room), Err(small(made)));
        assert!(room.iter().all(|byte| *byte == 7));
    }
    for size in 0..CLAIMS.len() {
        let read = verify_message(SECRET, good.as_bytes(), &mut room[..size]);
        assert_eq!(read, Err(small(CLAIMS.len())));
    }
    assert!(verify_message(SECRET, good.as_bytes(), &mut room[..CLAIMS.len()]).is_ok());
}

/// Parts of the description without the others.
#[test]
fn a_half_described_message_is_refused() {
    let whole = builtin::find("pledg-message").unwrap();
    assert_eq!(whole.validate(), Ok(()));
    let refused = |scheme: Scheme| assert_eq!(scheme.validate(), Err(SchemeError::Jws));
    refused(Scheme { locator: Locator::Whole, ..whole.clone() });
    refused(Scheme { parts: Data::Static(&[Part::Body]), ..whole.clone() });
    refused(Scheme { parts: Data::Static(&[Part::SigningInput, Part::Path]), ..whole.clone() });
    refused(Scheme { algorithm: Algorithm::HmacSha512, ..whole.clone() });
    refused(Scheme { encoding: Encoding::Base64, ..whole.clone() });
}

#[test]
fn pyjwt_reads_ours_and_we_read_pyjwts() {
    let mut room = [0; 1024];
    let ours = sign_message(SECRET, CLAIMS.as_bytes(), &mut room).unwrap();
    let open = |secret| format!("open {} {ours}\n", pyjwt::hex(secret));
    let words = [SECRET, b"k1", b"JWT", CLAIMS.as_bytes()].map(pyjwt::hex).join(" ");
    let answers = pyjwt::ask(&[format!("encode {words}\n"), open(SECRET), open(OTHER)].concat());
    let [theirs, read, refused] = answers.as_slice() else { panic!("{answers:?}") };

    let claims: serde_json::Value = serde_json::from_str(CLAIMS).unwrap();
    let ours_of_theirs = verified(theirs).unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&ours_of_theirs).unwrap(), claims);
    assert_eq!(notified(&format!(r#"{{"signature":"{theirs}"}}"#)), Ok(()));
    assert_eq!(serde_json::from_str::<serde_json::Value>(read).unwrap(), claims);
    assert_eq!(refused, "refused");
}
