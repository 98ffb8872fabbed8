//! Tokens on routes, as time goes on: a new generation ends the old tokens at the swap, and keys
//! replace each other without a gap. What each bad token gets is in the decision table.
#![cfg(feature = "std")]
#![allow(
    clippy::expect_used,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking; it has std"
)]

use std::sync::Arc;

use tollgate::decision::{Decision, Reason};
use tollgate::gate::Gate;
use tollgate::policy::{NoSecrets, Policy, Source};
use tollgate::request::{Body, Header, Now, Request, Stored};
use tollgate::token::{Grant, MAX_TOKEN, Rules, TokenKey, issue};

const NOW_MS: u64 = 1_592_742_800_000;
const MAY: (&str, &str) = ("may", "the token key of may, 32 bytes at least");
const JUNE: (&str, &str) = ("june", "the token key of june, 32 bytes at least");

/// A policy with these keys, whose credential has this generation and state.
fn policy(keys: &[(&str, &str)], generation: u64, state: &str) -> Arc<Policy> {
    let keys: Vec<_> = keys
        .iter()
        .map(|(id, key)| format!(r#"{{ "kid": "{id}", "key": {{ "text": "{key}" }} }}"#))
        .collect();
    let text = format!(
        r#"{{
          "tollgate": 1, "environment": "production",
          "tokens": {{ "issuer": "pay", "leeway_s": 0, "keys": [{}] }},
          "routes": {{ "api": {{ "max_body": 16, "credentials": ["token"] }} }},
          "credentials": [{{ "id": "shop", "generation": {generation}, "state": "{state}" }}]
        }}"#,
        keys.join(", ")
    );
    let source = Source::new(text.as_bytes(), "policy.json", &NoSecrets);
    Arc::new(Policy::load(&source).unwrap())
}

/// A token for the shop. That `issue` makes tokens as others do is shown in `tests/tokens.rs`.
fn token((id, key): (&str, &str), generation: u64) -> String {
    let keys = [TokenKey::new(id, key.as_bytes()).unwrap()];
    let rules = Rules {
        issuer: "pay",
        audience: "production",
        token_type: "JWT",
        lifetime_s: 600,
        leeway_s: 0,
    };
    let grant = Grant { subject: "shop", generation, scope: None };
    issue(&keys, &rules, &grant, NOW_MS, &mut [0; MAX_TOKEN]).unwrap().to_owned()
}

fn with<'a>(headers: &'a [Header<'a>], body: Body<'a>) -> Request<'a> {
    let (method, target) = (b"POST", b"/payments");
    let stored = Stored::NONE;
    Request { method, target, host: b"", headers, body, peer: None, tls: true, stored }
}

const fn at(unix_ms: u64) -> Now {
    Now { unix_ms, monotonic_ns: 0 }
}

fn decide(gate: &Gate, token: &str) -> Decision {
    let value = format!("Bearer {token}");
    let headers = [Header { name: b"Authorization", value: value.as_bytes() }];
    gate.verify(b"api", &with(&headers, Body::Whole(b"")), at(NOW_MS))
}

fn reason(gate: &Gate, token: &str) -> Reason {
    decide(gate, token).reason
}

#[test]
fn a_new_generation_ends_the_old_tokens_at_the_swap() {
    let gate = Gate::new(policy(&[MAY], 1, "active"));
    let (old, new) = (token(MAY, 1), token(MAY, 2));
    assert_eq!(reason(&gate, &old), Reason::Ok);
    assert_eq!(reason(&gate, &new), Reason::TokenRevoked, "it is not issued yet");

    drop(gate.swap(policy(&[MAY], 2, "active")));
    let ended = decide(&gate, &old);
    assert_eq!((ended.reason, ended.http_status), (Reason::TokenRevoked, 401));
    assert_eq!((ended.credential.as_str(), ended.authenticated), ("shop", false));
    assert_eq!(ended.public_name(), "unauthorized", "the caller learns no more than that");
    assert_eq!(reason(&gate, &new), Reason::Ok);
}

#[test]
fn a_state_ends_tokens_and_gives_them_back() {
    let gate = Gate::new(policy(&[MAY], 1, "active"));
    let token = token(MAY, 1);
    for (state, expected) in
        [("suspended", Reason::Suspended), ("active", Reason::Ok), ("revoked", Reason::Revoked)]
    {
        drop(gate.swap(policy(&[MAY], 1, state)));
        assert_eq!(reason(&gate, &token), expected, "{state}");
    }
}

#[test]
fn keys_replace_each_other_without_a_gap() {
    let gate = Gate::new(policy(&[MAY], 1, "active"));
    let (of_may, of_june) = (token(MAY, 1), token(JUNE, 1));
    for (keys, may, june) in [
        (&[MAY][..], Reason::Ok, Reason::UnknownKid),
        (&[MAY, JUNE], Reason::Ok, Reason::Ok),
        (&[JUNE], Reason::UnknownKid, Reason::Ok),
    ] {
        drop(gate.swap(policy(keys, 1, "active")));
        assert_eq!((reason(&gate, &of_may), reason(&gate, &of_june)), (may, june), "{keys:?}");
    }
    drop(gate.swap(policy(&[("may", JUNE.1)], 1, "active")));
    assert_eq!(reason(&gate, &of_may), Reason::TokenBadSig, "the id alone proves nothing");
}

/// A stream keeps the policy that it began with: what is swapped in counts for the next one.
#[test]
fn a_request_that_has_begun_keeps_its_generation() {
    let gate = Gate::new(policy(&[MAY], 1, "active"));
    let value = format!("Bearer {}", token(MAY, 1));
    let headers = [Header { name: b"Authorization", value: value.as_bytes() }];
    let request = with(&headers, Body::Streamed);
    let mut stream = gate.stream();
    assert_eq!(stream.begin(b"api", &request, at(NOW_MS)), None);
    drop(gate.swap(policy(&[MAY], 2, "active")));
    assert_eq!(stream.finish(at(NOW_MS)).reason, Reason::Ok);
    let next = gate.stream().begin(b"api", &request, at(NOW_MS));
    assert_eq!(next.map(|denied| denied.reason), Some(Reason::TokenRevoked));
}
