//! Signatures over fields of the body, and in them. The signatures were made with Python's `hmac`.
#![cfg(feature = "std")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use std::sync::Arc;

use tollgate::decision::Reason;
use tollgate::gate::Gate;
use tollgate::policy::{NoSecrets, Policy, Source as Document};
use tollgate::primitive::data::Data;
use tollgate::request::{Body, Header, Now, Request, Stored};
use tollgate::scheme::{
    Algorithm, Carrier, Encoding, KeyEncoding, Locator, MAX_FIELD, MacKey, Part, Scheme,
    SchemeError, Source, Verification, builtin, verify_signature,
};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const NOW: Now = Now { unix_ms: 1_700_000_000_000, monotonic_ns: 0 };

fn text(text: &str) -> Data<str> {
    Data::Owned(Box::from(text))
}

fn scheme(carrier: Carrier, parts: Vec<Part>) -> Scheme {
    Scheme {
        name: text("own"),
        algorithm: Algorithm::HmacSha256,
        key: KeyEncoding::Text,
        key_prefix: text(""),
        carrier,
        locator: Locator::Whole,
        encoding: Encoding::HexAny,
        parts: Data::Owned(parts.into_boxed_slice()),
        timestamp: None,
        id_header: text(""),
        max_candidates: 1,
    }
}

fn literal(value: &str) -> Part {
    Part::Literal(text(value))
}

fn json(name: &str) -> Part {
    Part::Value(Source::Json(text(name)))
}

fn form(name: &str) -> Part {
    Part::Value(Source::Form(text(name)))
}

/// `Be4{external_id}Bo7`, in the field `control`.
fn control() -> Scheme {
    scheme(
        Carrier::Form(text("control")),
        vec![literal("Be4"), form("external_id"), literal("Bo7")],
    )
}

/// `{a}|{b}`, in a header.
fn members() -> Scheme {
    scheme(Carrier::Header(text("X-Sig")), vec![json("a"), literal("|"), json("b")])
}

/// `{order}|{payment}`, or `{order}|` without one, in the member `sig`.
fn optional() -> Scheme {
    let payment =
        Part::Optional { prefix: text(""), value: Source::Json(text("payment")), suffix: text("") };
    scheme(Carrier::Json(text("sig")), vec![json("order"), literal("|"), payment])
}

fn verify(scheme: &Scheme, key: &str, header: &str, body: &[u8]) -> Result<(), Reason> {
    assert_eq!(scheme.validate(), Ok(()));
    let headers = [Header { name: b"x-sig", value: header.as_bytes() }];
    let keys = [MacKey::new(Algorithm::HmacSha256, key.as_bytes()).unwrap()];
    let matched = verify_signature(scheme, &keys, &request(&headers, Body::Streamed), body, 0);
    matched.map(|_| ()).map_err(|denial| denial.reason)
}

fn request<'a>(headers: &'a [Header<'a>], body: Body<'a>) -> Request<'a> {
    Request {
        method: b"POST",
        target: b"/",
        host: b"",
        headers,
        body,
        peer: None,
        tls: true,
        stored: Stored::NONE,
    }
}

#[test]
fn a_form_carries_its_signature() {
    const DOCUMENTED: &str = "DDD345FB66A8053FBB69E0DBCACFDE5F63CA05140C3A2C446B7A0E4118F8BA1D";
    const ESCAPED: &str = "677ee681ea1946184dd61cc02e4f5a42638b787fea88ea48742614890aedc23b";
    const ENDS: &str = "f09738e805ca5e8e665ccba309fed2d78e4dbbf96aafa9515198133e15f27eed";
    let missing = Err(Reason::MissingSignature);
    let part = Err(Reason::SignedPartMissing);
    let malformed = Err(Reason::MalformedBody);
    let cases: &[(&str, String, Result<(), Reason>)] = &[
        ("", format!("external_id=cashoutID1234&control={DOCUMENTED}"), Ok(())),
        ("", format!("control={DOCUMENTED}&x=1&external_id=cashoutID1234"), Ok(())),
        ("", format!("%63ontrol={DOCUMENTED}&external%5fid=%63ashoutID1234"), Ok(())),
        (KEY, format!("external_id=a+b%2F%C3%a9%2B&control={ESCAPED}"), Ok(())),
        (KEY, format!("external_id=xBo7y&control={ENDS}"), Ok(())),
        (KEY, format!("external_id=xBo7yBo7&control={ENDS}"), Err(Reason::SigMismatch)),
        ("", format!("external_id=cashoutID1235&control={DOCUMENTED}"), Err(Reason::SigMismatch)),
        ("", String::new(), missing),
        ("", "external_id=cashoutID1234".to_owned(), missing),
        ("", "external_id=cashoutID1234&control".to_owned(), missing),
        ("", "external_id=cashoutID1234&control=zz".to_owned(), Err(Reason::SigEncoding)),
        ("", format!("control={DOCUMENTED}"), part),
        ("", format!("external_id=a&external%5Fid=a&control={DOCUMENTED}"), part),
        (
            "",
            format!("external_id=a&control=1&control={DOCUMENTED}"),
            Err(Reason::MalformedSignature),
        ),
        (
            "",
            format!("external_id=a&control=1&%63ontrol={DOCUMENTED}"),
            Err(Reason::MalformedSignature),
        ),
        ("", format!("external_id=%4&control={DOCUMENTED}"), malformed),
        ("", format!("external_id=cashoutID1234&control={DOCUMENTED}&x=%"), malformed),
        ("", format!("external_id=cashoutID1234&control={DOCUMENTED}&"), malformed),
        ("", format!("external_id=cashoutID1234&control={DOCUMENTED}&=x"), malformed),
        ("", format!("{{\"control\":\"{DOCUMENTED}\"}}"), missing),
        ("", format!("external_id={}&control={DOCUMENTED}", "a".repeat(MAX_FIELD + 1)), part),
        (
            "",
            format!("external_id=a&control={}", "0".repeat(MAX_FIELD + 1)),
            Err(Reason::MalformedSignature),
        ),
    ];
    for (key, body, wanted) in cases {
        let key = if key.is_empty() { "your_cashout_api_signature" } else { key };
        assert_eq!(verify(&control(), key, "", body.as_bytes()), *wanted, "{body}");
    }
}

#[test]
fn members_are_signed_as_they_mean() {
    const NUMBER: &str = "dcdd73223db5aa91da961b776e8df3b84cd7f4575297ac555a077931c1aae3f9";
    const NAME: &str = "306776d473f10af882c9801553ed9fac89cd96d43afb5a1d8d1b6a506e87add2";
    const LONGEST: &str = "46995eaafcfab3073441da329f1f7502281f6300e00be5113d04c89530dd782f";
    let longest = format!(r#"{{"a":"{}","b":"x"}}"#, "a".repeat(MAX_FIELD));
    let too_long = format!(r#"{{"a":"{}","b":"x"}}"#, "a".repeat(MAX_FIELD + 1));
    let huge = format!(r#"{{"a":{},"b":"x"}}"#, "9".repeat(MAX_FIELD + 1));
    let deep = format!(r#"{{"a":12.50,"b":true,"c":{}{}}}"#, "[".repeat(32), "]".repeat(32));
    let part = Err(Reason::SignedPartMissing);
    let malformed = Err(Reason::MalformedBody);
    let cases: &[(&str, &[u8], Result<(), Reason>)] = &[
        (NUMBER, br#"{"a":12.50,"b":true}"#, Ok(())),
        (NUMBER, br#" { "b" : true , "c":[{"a":1,"a":2}], "a" : 12.50 } "#, Ok(())),
        (NUMBER, br#"{"a":"12.50","b":"\u0074rue"}"#, Ok(())),
        (NUMBER, br#"{"a":12.5,"b":true}"#, Err(Reason::SigMismatch)),
        (NAME, "{\"a\":\"José\",\"b\":1e5}".as_bytes(), Ok(())),
        (NAME, br#"{"\u0061":"Jos\u00e9","b":1e5}"#, Ok(())),
        (NAME, br#"{"a":"Jos\u00E9","b":"1\u00655"}"#, Ok(())),
        (NAME, br#"{"a":"Jose\u0301","b":1e5}"#, Err(Reason::SigMismatch)),
        (LONGEST, longest.as_bytes(), Ok(())),
        (LONGEST, too_long.as_bytes(), part),
        (LONGEST, huge.as_bytes(), part),
        (NUMBER, br#"{"a":12.50}"#, part),
        (NUMBER, br#"{"a":12.50,"b":null}"#, part),
        (NUMBER, br#"{"a":12.50,"b":{"b":true}}"#, part),
        (NUMBER, br#"{"a":12.50,"b":[true]}"#, part),
        (NUMBER, br#"{"x":{"a":12.50,"b":true}}"#, part),
        (NUMBER, br#"{"a":12.50,"b":true,"b":true}"#, part),
        (NUMBER, br#"{"a":12.50,"b":true,"\u0062":true}"#, part),
        (NUMBER, br#"{"a":"12|50","b":true}"#, part),
        (NUMBER, br#"{"A":12.50,"b":true}"#, part),
        (NUMBER, deep.as_bytes(), malformed),
        (NUMBER, b"", malformed),
        (NUMBER, br#"[{"a":12.50,"b":true}]"#, malformed),
        (NUMBER, br#"{"a":12.50,"b":true}x"#, malformed),
        (NUMBER, b"{\"a\":12.50,\"b\":true}\0", malformed),
        (NUMBER, br#"{"a":12.50,"b":true}{}"#, malformed),
        (NUMBER, br#"{"a":12.50,"b":true,}"#, malformed),
        (NUMBER, br#"{"a":012.50,"b":true}"#, malformed),
        (NUMBER, br#"{"a":12.50,"b":truex}"#, malformed),
        (NUMBER, b"\xEF\xBB\xBF{\"a\":12.50,\"b\":true}", malformed),
        (NUMBER, b"{\"a\":12.50,\"b\":true,\"c\":\"\xE9\"}", malformed),
        (NUMBER, br#"{"a":12.50,"b":true,"c":"\ud800"}"#, malformed),
        (NUMBER, b"a=12.50&b=true", malformed),
    ];
    for (signature, body, wanted) in cases {
        assert_eq!(verify(&members(), KEY, signature, body), *wanted, "{}", body.escape_ascii());
    }
}

/// `x|` and `y`, or `x` and `|y`: the signed string is the same, so only one of them may pass.
#[test]
fn a_value_that_runs_into_its_delimiter_is_refused() {
    const THREE: &str = "cb613bb3a9a4354b84f3ba47be926042b9b84da120c63f1397c24799d0fb5e93";
    const TWO: &str = "91b27d806e885fa14a64b447e2f9efeb7c41a40a666d0a63c5ae9bbca0057fe4";
    let parts = vec![json("a"), literal("||"), json("b")];
    let scheme = scheme(Carrier::Header(text("X-Sig")), parts);
    let cases = [
        (THREE, r#"{"a":"x","b":"|y"}"#, Ok(())),
        (THREE, r#"{"a":"x|","b":"y"}"#, Err(Reason::SignedPartMissing)),
        (TWO, r#"{"a":"x","b":"y"}"#, Ok(())),
        (TWO, r#"{"a":"x|","b":"y"}"#, Err(Reason::SignedPartMissing)),
    ];
    for (signature, body, wanted) in cases {
        assert_eq!(verify(&scheme, KEY, signature, body.as_bytes()), wanted, "{body}");
    }
}

#[test]
fn a_member_carries_the_signature_of_others() {
    const BOTH: &str = "5bb8b73ac14345a36bdf30ad728120c9c25e3a7f94ec44ebf01dd0ac8ac52019";
    const ONE: &str = "fb92e9c61775c4e425a16b2b154b0c91d1891cfcacdab5c52e7510a7cb201b69";
    let missing = Err(Reason::MissingSignature);
    let cases = [
        (format!(r#"{{"order":"order_1","payment":"pay_2","sig":"{BOTH}"}}"#), Ok(())),
        (format!(r#"{{"sig":"{ONE}","order":"order_1"}}"#), Ok(())),
        (format!(r#"{{"sig":"{BOTH}","order":"order_1"}}"#), Err(Reason::SigMismatch)),
        (
            format!(r#"{{"sig":"{ONE}","order":"order_1","payment":null}}"#),
            Err(Reason::SignedPartMissing),
        ),
        (r#"{"order":"order_1"}"#.to_owned(), missing),
        (r#"{"order":"order_1","sig":""}"#.to_owned(), missing),
        (r#"{"order":"order_1","sig":null}"#.to_owned(), Err(Reason::MalformedSignature)),
        (
            format!(r#"{{"order":"order_1","sig":"{ONE}","sig":"{ONE}"}}"#),
            Err(Reason::MalformedSignature),
        ),
    ];
    for (body, wanted) in cases {
        assert_eq!(verify(&optional(), KEY, "", body.as_bytes()), wanted, "{body}");
    }
}

#[test]
fn what_cannot_work_is_found_out() {
    let carrier = || Carrier::Form(text("control"));
    let cases = [
        (scheme(carrier(), vec![Part::Body]), SchemeError::SignsItself),
        (scheme(carrier(), vec![json("a")]), SchemeError::TwoBodyForms),
        (scheme(carrier(), vec![form("a"), form("b")]), SchemeError::NoDelimiter),
        (scheme(carrier(), vec![form("a"), literal(""), form("b")]), SchemeError::NoDelimiter),
    ];
    for (scheme, wanted) in cases {
        assert_eq!(scheme.validate(), Err(wanted), "{scheme:?}");
    }
    assert!(control().reads_body() && members().reads_body() && optional().reads_body());
}

const POLICY: &str = r#"{
  "tollgate": 1, "environment": "test",
  "schemes": { "control": {
    "algorithm": "hmac-sha256", "carrier": { "form": "control" }, "encoding": "hex-upper",
    "parts": [{ "literal": "Be4" }, { "form": "external_id" }, { "literal": "Bo7" }]
  } },
  "routes": { "note": { "max_body": 4096, "credentials": [{ "fixed": "sender" }], "signature": "control" } },
  "credentials": [{ "id": "sender", "secrets": [{
    "generation": 1, "key": { "text": "your_cashout_api_signature" }, "schemes": ["control"]
  }] }]
}"#;

#[test]
fn a_gate_takes_the_body_whole() {
    const BODY: &str = "external_id=cashoutID1234&control=\
        DDD345FB66A8053FBB69E0DBCACFDE5F63CA05140C3A2C446B7A0E4118F8BA1D";
    let document = Document::new(POLICY.as_bytes(), "gate.json", &NoSecrets);
    let policy = Policy::load(&document).map_err(|errors| format!("{errors}")).unwrap();
    assert_eq!(policy.route_streams("note"), Some(false));
    let gate = Gate::new(Arc::new(policy));
    let changed = BODY.replace("1234", "1235");
    let cases = [
        (Body::Whole(BODY.as_bytes()), Reason::Ok),
        (Body::Whole(changed.as_bytes()), Reason::SigMismatch),
        (Body::Streamed, Reason::BodyRequired),
    ];
    for (body, wanted) in cases {
        assert_eq!(gate.verify(b"note", &request(&[], body), NOW).reason, wanted);
    }
}

/// A nonce that is hashed together with the body, as Kraken does. The signatures were made with
/// Python's `hashlib` over what a careless reader would take for the nonce and the body.
#[test]
fn a_nonce_cannot_run_into_the_body() {
    let scheme = builtin::find("kraken").unwrap();
    let key = scheme.prepare_key(b"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=").unwrap();
    let verify = |body: &str, signature: &str| {
        let headers = [Header { name: b"API-Sign", value: signature.as_bytes() }];
        let keys = [key.clone()];
        let request = request(&headers, Body::Streamed);
        let matched = verify_signature(scheme, &keys, &request, body.as_bytes(), 0);
        matched.map(|_| ()).map_err(|denial| denial.reason)
    };
    let signature =
        "QP66MP98Zzg3gWY1qfQth1gpQlOq4KNyjyxTH5I1dCtqnHp/3tojhn8uReUyEdtgrZTv1uXLtl3x9HY79TR+oA==";
    let (part, other) = (Err(Reason::SignedPartMissing), Err(Reason::SigMismatch));
    assert_eq!(verify("nonce=12&a=1", signature), Ok(()));
    for (body, wanted) in [
        // The same octets, cut elsewhere.
        ("2nonce=1&a=1", part),
        ("nonce=12&a=2", other),
        ("a=1&nonce=12", other),
        ("nonce=012&a=1", other),
        ("nonce=%312&a=1", other),
        ("nonce=12&nonce=12", part),
        ("nonce=12&n%6Fnce=12", part),
        ("nonce=-12&a=1", part),
        ("nonce=12.0&a=1", part),
        ("nonce=+12&a=1", part),
        ("nonce=&a=1", part),
        ("a=1", part),
        ("", part),
        ("1=1&nonce=12", part),
        ("nonce=1%2&a=1", Err(Reason::MalformedBody)),
        (r#"{"nonce":12}"#, part),
    ] {
        assert_eq!(verify(body, signature), wanted, "{body}");
    }
    let streamed = request(&[], Body::Streamed);
    let mut verification = Verification::new();
    let begun = verification.begin(scheme, [key.clone()].iter(), &streamed, 0);
    assert_eq!(begun.map_err(|denial| denial.reason), Err(Reason::BodyRequired));
}
