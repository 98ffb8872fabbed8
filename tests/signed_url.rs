//! Schemes that sign the URL under which the sender knows the receiver.
#![cfg(feature = "std")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::std_instead_of_alloc,
    reason = "a test reports by panicking; it has std"
)]

use std::sync::Arc;

use tollgate::decision::Reason;
use tollgate::gate::Gate;
use tollgate::policy::{NoSecrets, Policy, Source};
use tollgate::primitive::hmac::HmacSha256Key;
use tollgate::request::{Body, Header, Now, Request, Stored};
use tollgate::scheme::{MacKey, Part, builtin, verify_signature};

const SECRET: &str = "a secret of the merchant";
const BODY: &[u8] = br#"{"type":"payment.created"}"#;

/// Made with Python's `hmac` over the URL of each shop and the body.
const FIRST: &[u8] = b"LdLtBO76+tQgfRT6r9x+04u1nOgzexcJcrCk6MDzR08=";
const SECOND: &[u8] = b"KRdsRc54QV6gkfIDCBFNc79dXR8jwkadT853PM4L8ic=";

const POLICY: &str = r#"{
  "tollgate": 1, "environment": "test",
  "routes": {
    "first": {
      "max_body": 4096, "credentials": [{ "fixed": "square" }],
      "signature": "square", "signed_url": "https://shop.example.com/first"
    },
    "second": {
      "max_body": 4096, "credentials": [{ "fixed": "square" }],
      "signature": "square", "signed_url": "https://shop.example.com/second"
    }
  },
  "credentials": [{ "id": "square", "secrets": [{
    "generation": 1, "key": { "text": "a secret of the merchant" }, "schemes": ["square"]
  }] }]
}"#;

fn request<'a>(headers: &'a [Header<'a>], body: Body<'a>) -> Request<'a> {
    Request {
        method: b"POST",
        target: b"/internal/square",
        host: b"10.0.0.7:8080",
        headers,
        body,
        peer: None,
        tls: true,
        stored: Stored::NONE,
    }
}

/// One scheme and one secret serve two routes, each with its own URL.
#[test]
fn a_route_knows_its_url() {
    let document = Source::new(POLICY.as_bytes(), "square.json", &NoSecrets);
    let policy = Policy::load(&document).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(policy.route_streams("first"), Some(true));
    let gate = Gate::new(Arc::new(policy));
    for (route, signature, wanted) in [
        ("first", FIRST, Reason::Ok),
        ("second", SECOND, Reason::Ok),
        ("first", SECOND, Reason::SigMismatch),
        ("second", FIRST, Reason::SigMismatch),
    ] {
        let headers = [Header { name: b"X-Square-HmacSha256-Signature", value: signature }];
        let request = request(&headers, Body::Whole(BODY));
        let decision = gate.verify(route.as_bytes(), &request, Now::default());
        assert_eq!(decision.reason, wanted, "{route}");
    }
}

/// Without its URL the scheme verifies nothing, not even what is signed without one.
#[test]
fn a_scheme_lacks_its_url_until_it_is_put_in() {
    let scheme = builtin::find("square").expect("a built-in scheme");
    let keys = [scheme.prepare_key(SECRET.as_bytes()).expect("a key")];
    let check = |scheme, keys: &[MacKey], signature: &[u8]| {
        let headers = [Header { name: b"x-square-hmacsha256-signature", value: signature }];
        let outcome = verify_signature(scheme, keys, &request(&headers, Body::Streamed), BODY, 0);
        outcome.map(|_| ()).map_err(|denial| denial.reason)
    };
    assert!(scheme.lacks_url() && scheme.covers_only_body());
    let mut mac = HmacSha256Key::new(SECRET.as_bytes()).start();
    mac.update(BODY);
    let mut room = [0; 44];
    let bare = tollgate::primitive::base64::encode(
        &mac.finish(),
        tollgate::primitive::base64::Alphabet::Standard,
        tollgate::primitive::base64::Padding::Required,
        &mut room,
    );
    let bare = bare.expect("room").as_bytes();
    for signature in [FIRST, bare] {
        assert_eq!(check(scheme, &keys, signature), Err(Reason::SignedPartMissing));
    }
    let whole = scheme.with_url("https://shop.example.com/first");
    assert!(!whole.lacks_url() && whole.covers_only_body());
    assert_eq!(whole.parts.len(), scheme.parts.len());
    assert!(matches!(whole.parts.first(), Some(Part::Literal(_))));
    assert_eq!(check(&whole, &keys, FIRST), Ok(()));
    for signature in [SECOND, bare] {
        assert_eq!(check(&whole, &keys, signature), Err(Reason::SigMismatch));
    }
    let slash = scheme.with_url("https://shop.example.com/first/");
    assert_eq!(check(&slash, &keys, FIRST), Err(Reason::SigMismatch));
}
