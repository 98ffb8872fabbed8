//! Signatures in a header that may have several lines or several values.
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
use tollgate::request::{Body, Header, Now, Request, Stored};

/// Made with Python's `hmac` under the secret of the policy, and under two others.
const GOOD: &str = "55bfeed45ed393197f651c2a26e0c6f4b3e29bbbb883ad1dbeed78143311cac1";
const OLD: &str = "e0c173ab236e472f21706e3e8e5c88996418e43799b8a634f4b18c22cb3f2cf4";
const NEXT: &str = "246611e8714eda59ae6fc586181d41c00ef25f94fe03bceda7d4d68788e76560";
const BODY: &[u8] = br#"{"id":"tr_12345"}"#;

const POLICY: &str = r#"{
  "tollgate": 1, "environment": "test",
  "routes": { "mollie": {
    "max_body": 4096, "credentials": [{ "fixed": "mollie" }], "signature": "mollie"
  } },
  "credentials": [{ "id": "mollie", "secrets": [{
    "generation": 1, "key": { "text": "a secret of the merchant" }, "schemes": ["mollie"]
  }] }]
}"#;

fn gate() -> Gate {
    let document = Source::new(POLICY.as_bytes(), "mollie.json", &NoSecrets);
    Gate::new(Arc::new(Policy::load(&document).unwrap_or_else(|errors| panic!("{errors}"))))
}

fn decide(gate: &Gate, lines: &[&str]) -> Reason {
    let headers: Vec<_> = lines
        .iter()
        .map(|value| Header { name: b"x-mollie-signature", value: value.as_bytes() })
        .collect();
    let request = Request {
        method: b"POST",
        target: b"/hook",
        host: b"shop.example.com",
        headers: &headers,
        body: Body::Whole(BODY),
        peer: None,
        tls: true,
        stored: Stored::NONE,
    };
    gate.verify(b"mollie", &request, Now::default()).reason
}

#[test]
fn every_line_and_value_is_looked_at() {
    let gate = gate();
    let prefixed = format!("sha256={GOOD}");
    let joined = format!("{OLD}, sha256={GOOD} ,{NEXT}");
    let eight = [OLD; 7].join(",");
    let good: &[&[&str]] = &[
        &[GOOD],
        &[&prefixed],
        &[OLD, GOOD],
        &[GOOD, OLD],
        &[GOOD, GOOD],
        &[OLD, NEXT, &prefixed],
        &[&joined],
        &[NEXT, &joined],
        &[OLD, OLD, OLD, OLD, OLD, OLD, OLD, GOOD],
        &[&eight, GOOD],
    ];
    for lines in good {
        assert_eq!(decide(&gate, lines), Reason::Ok, "{lines:?}");
    }
}

#[test]
fn what_is_no_signature_is_refused() {
    let gate = gate();
    let doubled = format!("sha256=sha256={GOOD}");
    let upper = GOOD.to_uppercase();
    let trailing = format!("{GOOD},");
    let hollow = format!("{OLD},,{GOOD}");
    let nine = [OLD; 8].join(",");
    let cases: &[(&[&str], Reason)] = &[
        (&[], Reason::MissingSignature),
        (&[""], Reason::MissingSignature),
        (&["", GOOD], Reason::MissingSignature),
        (&[GOOD, ""], Reason::SigEncoding),
        (&[&trailing], Reason::SigEncoding),
        (&[&hollow], Reason::SigEncoding),
        (&["sha256="], Reason::SigEncoding),
        (&["SHA256=00"], Reason::SigEncoding),
        (&[&doubled], Reason::SigEncoding),
        (&[&upper], Reason::SigEncoding),
        (&[GOOD, "zz"], Reason::SigEncoding),
        (&[OLD], Reason::SigMismatch),
        (&[OLD, NEXT], Reason::SigMismatch),
        (&[&nine, GOOD], Reason::MalformedSignature),
        (&[GOOD, &nine], Reason::MalformedSignature),
    ];
    for (lines, wanted) in cases {
        assert_eq!(decide(&gate, lines), *wanted, "{lines:?}");
    }
}
