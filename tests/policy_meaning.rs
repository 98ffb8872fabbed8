//! What each member of a policy document does to requests.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its counts"
)]

#[path = "policies/schemes.rs"]
mod schemes;

use core::net::IpAddr;
use core::sync::atomic::AtomicU64;

use schemes::{BODY, CASES, Case};
use tollgate::decision::{Decision, Reason};
use tollgate::limit::{Table, init, size_words};
use tollgate::policy::{NoSecrets, Policy, Source};
use tollgate::request::{Body, Header, Now, Request, Stored};
use tollgate::verify::{Memory, verify};

/// 2023-11-14T22:13:20Z
const NOW: Now = Now { unix_ms: 1_700_000_000_000, monotonic_ns: 1_000_000_000_000 };

fn load(text: &str) -> Policy {
    let source = Source::new(text.as_bytes(), "policy.json", &NoSecrets);
    Policy::load(&source).unwrap_or_else(|errors| panic!("{errors}\n{text}"))
}

/// A request that the tests change.
#[derive(Clone)]
struct Sent {
    method: &'static str,
    target: &'static str,
    host: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    peer: &'static str,
    tls: bool,
    now: Now,
}

impl Sent {
    fn header(&mut self, name: &'static str, value: &str) {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_string()));
    }

    fn decide(&self, policy: &Policy, limits: Option<&Table<'_>>) -> Decision {
        let lines = self.headers.iter();
        let headers: Vec<_> = lines
            .map(|(name, value)| Header { name: name.as_bytes(), value: value.as_bytes() })
            .collect();
        let request = Request {
            method: self.method.as_bytes(),
            target: self.target.as_bytes(),
            host: self.host.as_bytes(),
            headers: &headers,
            body: Body::Whole(&self.body),
            peer: self.peer.parse::<IpAddr>().ok(),
            tls: self.tls,
            stored: Stored::NONE,
        };
        let memory = Memory { limits: limits.copied(), ..Memory::default() };
        verify(policy, &memory, b"r", &request, self.now)
    }
}

/// A policy whose one route takes requests that the scheme signs.
fn signed_policy(case: &Case) -> Policy {
    let Case { scheme, key, .. } = case;
    load(&format!(
        r#"{{"tollgate": 1, "environment": "test", "schemes": {{"own": {scheme}}},
            "routes": {{"r": {{"max_body": 100, "credentials": [{{"fixed": "sender"}}], "signature": "own"}}}},
            "credentials": [{{"id": "sender", "secrets": [{{"generation": 7, "key": {{"text": "{key}"}}}}]}}]}}"#
    ))
}

fn signed_request(case: &Case) -> Sent {
    let line = |(name, value): &(&'static str, &'static str)| (*name, value.to_string());
    Sent {
        method: case.method,
        target: case.target,
        host: "",
        headers: case.headers.iter().map(line).collect(),
        body: BODY.as_bytes().to_vec(),
        peer: "192.0.2.7",
        tls: true,
        now: NOW,
    }
}

#[test]
fn schemes_of_a_policy_verify_what_others_signed() {
    for case in CASES {
        let (policy, request) = (signed_policy(case), signed_request(case));
        let decision = request.decide(&policy, None);
        assert_eq!(decision.reason, Reason::Ok, "{}", case.name);
        assert_eq!(decision.generation, 7, "{}", case.name);
        assert_eq!(decision.credential.as_str(), "sender");

        let mut tampered = request.clone();
        tampered.body[2] ^= 1;
        let passes = tampered.decide(&policy, None).allows();
        assert_eq!(passes, !case.covers_body, "{}", case.name);
    }
    println!("{} schemes", CASES.len());
}

#[test]
fn windows_of_a_policy_hold_on_both_sides() {
    let paddle = CASES.iter().find(|case| case.name == "paddle").unwrap();
    let policy = signed_policy(paddle);
    // The signature is of 5 seconds before `NOW`, and the window is 5 seconds either way.
    for (ms, expected) in
        [(0, Reason::Ok), (1, Reason::Stale), (-10_000, Reason::Ok), (-10_001, Reason::Future)]
    {
        let mut request = signed_request(paddle);
        request.now.unix_ms = NOW.unix_ms.saturating_add_signed(ms);
        assert_eq!(request.decide(&policy, None).reason, expected, "{ms}");
    }
}

#[test]
fn max_candidates_of_a_policy_holds() {
    let stripe = CASES.iter().find(|case| case.name == "stripe").unwrap();
    let one = stripe.scheme.replace(r#""encoding""#, r#""max_candidates":1,"encoding""#);
    let case = Case { scheme: one.leak(), headers: stripe.headers, ..*stripe };
    let decision = signed_request(&case).decide(&signed_policy(&case), None);
    assert_eq!(decision.reason, Reason::MalformedSignature);
}

/// The policy of the table below, and what the rows add to it.
fn policy_with(top: &str, route: &str, credential: &str) -> Policy {
    load(&format!(
        r#"{{"tollgate": 1, "environment": "production", {top}
            "routes": {{
                "r": {{"max_body": 16, {route} "credentials": ["basic", "bearer", {{"api_key": "X-Key"}}]}},
                "other": {{"max_body": 0, "credentials": ["basic"], "scope": "read"}}
            }},
            "credentials": [
                {{"id": "a", {credential} "api_key": {{"text": "the-key-of-a"}},
                  "basic": {{"user": "user", "passphrase": {{"text": "passphrase"}}}}}},
                {{"id": "b", "api_key": {{"text": "the-key-of-b"}}}}
            ]}}"#
    ))
}

fn good_request() -> Sent {
    let mut sent = Sent {
        method: "POST",
        target: "/x",
        host: "api.example.com",
        headers: Vec::new(),
        body: b"{}".to_vec(),
        peer: "192.0.2.7",
        tls: true,
        now: NOW,
    };
    sent.header("Authorization", "Basic dXNlcjpwYXNzcGhyYXNl");
    sent.header("Content-Type", "application/json");
    sent
}

/// What a row adds to the policy, to the route and to the credential, how it changes the request,
/// and what the request gets.
type Row = (&'static str, &'static str, &'static str, fn(&mut Sent), Reason);

const ROWS: &[Row] = &[
    ("", "", "", |_| {}, Reason::Ok),
    // The policy.
    (r#""hosts": ["API.example.com"],"#, "", "", |_| {}, Reason::Ok),
    (r#""hosts": ["api.example.com"],"#, "", "", |it| it.host = "example.com", Reason::WrongHost),
    (r#""hosts": [],"#, "", "", |_| {}, Reason::WrongHost),
    (r#""limits": {"headers": 1},"#, "", "", |_| {}, Reason::TooManyHeaders),
    (r#""limits": {"header_name": 12},"#, "", "", |_| {}, Reason::HeaderTooLarge),
    (r#""limits": {"header_value": 25},"#, "", "", |_| {}, Reason::HeaderTooLarge),
    (r#""limits": {"header_total": 60},"#, "", "", |_| {}, Reason::HeaderTooLarge),
    (r#""limits": {"target": 1},"#, "", "", |_| {}, Reason::TargetTooLong),
    (
        r#""trusted_hops": "192.0.2.0/24", "limits": {"hops": 1},"#,
        "",
        "",
        |it| it.header("X-Forwarded-For", "192.0.2.1, 192.0.2.2"),
        Reason::BadForwarded,
    ),
    (
        r#""trusted_hops": ["192.0.2.7"],"#,
        "",
        r#""networks": "198.51.100.0/24","#,
        |it| it.header("X-Forwarded-For", "198.51.100.9"),
        Reason::Ok,
    ),
    (
        "",
        "",
        r#""networks": "198.51.100.0/24","#,
        |it| it.header("X-Forwarded-For", "198.51.100.9"),
        Reason::IpNotAllowed,
    ),
    // The route.
    ("", "", "", |it| it.tls = false, Reason::TlsRequired),
    ("", r#""https": false,"#, "", |it| it.tls = false, Reason::Ok),
    ("", r#""methods": ["POST"],"#, "", |_| {}, Reason::Ok),
    ("", r#""methods": ["GET", "post"],"#, "", |_| {}, Reason::MethodNotAllowed),
    ("", r#""required_headers": ["User-Agent"],"#, "", |_| {}, Reason::MissingHeader),
    ("", r#""required_headers": ["content-type"],"#, "", |_| {}, Reason::Ok),
    ("", r#""media_type": "application/json","#, "", |_| {}, Reason::Ok),
    ("", r#""media_type": "text/plain","#, "", |_| {}, Reason::BadContentType),
    ("", "", "", |it| it.header("Content-Encoding", "gzip"), Reason::BadEncoding),
    (
        "",
        r#""content_encodings": ["gzip"],"#,
        "",
        |it| it.header("Content-Encoding", "gzip"),
        Reason::Ok,
    ),
    ("", "", "", |it| it.body = vec![b'x'; 16], Reason::Ok),
    ("", "", "", |it| it.body = vec![b'x'; 17], Reason::BodyTooLarge),
    ("", "", "", |it| it.body = vec![0xFF], Reason::Ok),
    ("", r#""utf8_body": true,"#, "", |it| it.body = vec![0xFF], Reason::BodyNotUtf8),
    ("", "", "", |it| it.headers.clear(), Reason::NoCredential),
    ("", "", "", |it| it.header("Authorization", "Bearer the-key-of-a"), Reason::Ok),
    ("", "", "", |it| it.header("Authorization", "Bearer the-key-of-c"), Reason::UnknownKey),
    ("", "", "", |it| it.headers = vec![("X-Key", "the-key-of-b".into())], Reason::Ok),
    ("", r#""network": "required","#, "", |_| {}, Reason::IpNotAllowed),
    ("", r#""network": "required","#, r#""networks": ["192.0.2.7"],"#, |_| {}, Reason::Ok),
    ("", r#""network": true,"#, "", |_| {}, Reason::Ok),
    ("", r#""network": true,"#, r#""networks": [],"#, |_| {}, Reason::IpNotAllowed),
    ("", r#""network": false,"#, r#""networks": [],"#, |_| {}, Reason::Ok),
    ("", r#""scope": "write","#, "", |_| {}, Reason::InsufficientScope),
    ("", r#""scope": "write","#, r#""scopes": ["read"],"#, |_| {}, Reason::InsufficientScope),
    ("", r#""scope": "write","#, r#""scopes": ["read", "write"],"#, |_| {}, Reason::Ok),
    ("", r#""scope": "write", "dry_run": ["scope"],"#, "", |_| {}, Reason::OkWouldDeny),
    ("", r#""dry_run": ["https"],"#, "", |it| it.tls = false, Reason::OkWouldDeny),
    ("", r#""dry_run": ["https"], "network": "required","#, "", |_| {}, Reason::IpNotAllowed),
    (
        "",
        "",
        "",
        |it| it.header("Authorization", "Basic dXNlcjpwYXNzcGhyYXNlCg=="),
        Reason::ControlChar,
    ),
    (
        "",
        r#""quirks": ["basic_trailing_newline"],"#,
        "",
        |it| it.header("Authorization", "Basic dXNlcjpwYXNzcGhyYXNlCg=="),
        Reason::OkQuirk,
    ),
    (
        "",
        r#""quirks": ["basic_unpadded", "basic_trailing_newline"],"#,
        "",
        |it| it.header("Authorization", "Basic dXNlcjpwYXNzcGhyYXNlCg"),
        Reason::OkQuirk,
    ),
    (
        "",
        r#""quirks": ["basic_trailing_newline"],"#,
        "",
        |it| it.header("Authorization", "Basic dXNlcjpwYXNzcGhyYXNlCg"),
        Reason::BadBase64,
    ),
    (
        "",
        r#""rates": [{"name": "n", "per": "address", "limit": 1, "period_s": 1}],"#,
        "",
        |_| {},
        Reason::LimitsUnavailable,
    ),
    // The credential.
    ("", "", r#""state": "active","#, |_| {}, Reason::Ok),
    ("", "", r#""state": "suspended","#, |_| {}, Reason::Suspended),
    ("", "", r#""state": "revoked","#, |_| {}, Reason::Revoked),
    ("", "", r#""environment": "production","#, |_| {}, Reason::Ok),
    ("", "", r#""environment": "staging","#, |_| {}, Reason::WrongEnvironment),
    ("", "", "", |it| it.header("Authorization", "Basic dXNlcjpQYXNzcGhyYXNl"), Reason::BadSecret),
    ("", "", "", |it| it.header("Authorization", "Basic VXNlcjpwYXNzcGhyYXNl"), Reason::UnknownKey),
];

#[test]
fn every_member_does_what_it_says() {
    for (index, (top, route, credential, change, expected)) in ROWS.iter().enumerate() {
        let policy = policy_with(top, route, credential);
        let mut request = good_request();
        change(&mut request);
        let decision = request.decide(&policy, None);
        assert_eq!(decision.reason, *expected, "row {index}: {top} {route} {credential}");
    }
    println!("{} rows", ROWS.len());
}

#[test]
fn the_realm_is_the_environment_unless_there_is_one() {
    for (top, realm) in [("", "production"), (r#""realm": "Payments","#, "Payments")] {
        let mut request = good_request();
        request.headers.clear();
        let decision = request.decide(&policy_with(top, "", ""), None);
        assert_eq!(decision.realm.as_str(), realm);
    }
}

/// SHA-256 and HMAC-SHA256 values were made with Python.
#[test]
fn hashes_stand_for_what_was_hashed() {
    let hashes = [
        r#"{"sha256": "1e089e3c5323ad80a90767bdd5907297b4138163f027097fd3bdbeab528d2d68"}"#,
        r#"{"hmac_sha256": "882431610a5128732964c4f38908ca88da221d85cfc6e91fb822b43b65b36e80", "pepper": {"text": "a pepper of 24 characters"}}"#,
    ];
    for (hash, charset) in hashes.iter().zip(["", r#", "charset": "utf-8""#]) {
        let text = format!(
            r#"{{"tollgate": 1, "environment": "e",
                "routes": {{"r": {{"max_body": 16, "credentials": ["basic", {{"api_key": "X-Key"}}]}}}},
                "credentials": [{{"id": "a", "api_key": {{"sha256": "5a7196107cc2255d53c1c48d2bf407557de9535368e1e9ed0a02734151e0f0df"}},
                    "basic": {{"user": "user", "passphrase": {hash}{charset}}}}}]}}"#
        );
        let policy = load(&text);
        assert_eq!(good_request().decide(&policy, None).reason, Reason::Ok, "{hash}");
        let mut wrong = good_request();
        wrong.header("Authorization", "Basic dXNlcjpQYXNzcGhyYXNl");
        assert_eq!(wrong.decide(&policy, None).reason, Reason::BadSecret, "{hash}");
        let mut by_key = good_request();
        by_key.headers = vec![("X-Key", "the-key-of-a".into())];
        assert_eq!(by_key.decide(&policy, None).reason, Reason::Ok);
        // "user:passphras" and an octet that is not UTF-8.
        let mut latin = good_request();
        latin.header("Authorization", "Basic dXNlcjpwYXNzcGhyYXP/");
        let expected =
            if charset.is_empty() { Reason::BadSecret } else { Reason::CredentialNotUtf8 };
        assert_eq!(latin.decide(&policy, None).reason, expected);
    }
}

/// The generations of a secret, and what each gets at a time.
#[test]
fn generations_count_in_their_windows() {
    let case = CASES.iter().find(|case| case.name == "github").unwrap();
    let at = |begin: &str, end: &str, ms: i64| {
        let times = format!(r#""not_before": "{begin}", "not_after": "{end}""#);
        let Case { scheme, key, .. } = case;
        let policy = load(&format!(
            r#"{{"tollgate": 1, "environment": "test", "schemes": {{"own": {scheme}}},
                "routes": {{"r": {{"max_body": 100, "credentials": [{{"fixed": "s"}}], "signature": "own"}}}},
                "credentials": [{{"id": "s", "secrets": [
                    {{"generation": 1, "key": {{"text": "{key}"}}, {times}}}]}}]}}"#
        ));
        let mut request = signed_request(case);
        request.now.unix_ms = NOW.unix_ms.saturating_add_signed(ms);
        request.decide(&policy, None).reason
    };
    let (now, hour_ago, in_an_hour) =
        ("2023-11-14T22:13:20Z", "2023-11-14T21:13:20Z", "2023-11-14T23:13:20Z");
    assert_eq!(at(now, in_an_hour, 0), Reason::Ok);
    assert_eq!(at(now, in_an_hour, -1), Reason::NotYetActive);
    assert_eq!(at(hour_ago, now, -1), Reason::Ok);
    assert_eq!(at(hour_ago, now, 0), Reason::ExpiredKey);
}

/// Memory for limits, and how many of `calls` requests pass at one instant.
fn passing(top: &str, route: &str, credential: &str, calls: usize) -> usize {
    let memory: Vec<AtomicU64> =
        (0..size_words(8, 8).unwrap()).map(|_| AtomicU64::new(0)).collect();
    init(&memory, 8, 8, [7; 16]).unwrap();
    let table = Table::attach(&memory).unwrap();
    let policy = policy_with(top, route, credential);
    let request = good_request();
    (0..calls).filter(|_| request.decide(&policy, Some(&table)).allows()).count()
}

#[test]
fn rates_hold() {
    let rate = |more: &str| {
        format!(
            r#""rates": [{{"name": "n", "per": "credential", "limit": 6, "period_s": 60{more}}}],"#
        )
    };
    let own =
        |more: &str| format!(r#""rates": [{{"name": "n", "limit": 9, "period_s": 60{more}}}],"#);
    assert_eq!(passing("", "", "", 20), 20);
    assert_eq!(passing("", &rate(""), "", 20), 6);
    assert_eq!(passing("", &rate(r#", "burst": 3"#), "", 20), 3);
    assert_eq!(passing("", &rate(r#", "cost": 2"#), "", 20), 3);
    assert_eq!(passing("", &rate(""), &own(""), 20), 9);
    assert_eq!(passing("", &rate(r#", "cost": 6"#), &own(r#", "burst": 8, "cost": 2"#), 20), 4);
    let address = rate("").replace("credential", "address");
    assert_eq!(passing("", &address, "", 20), 6);
}

/// What a policy says is what its requests get without the memory.
#[test]
fn a_policy_says_whether_it_needs_memory_for_limits() {
    let rate = r#""rates": [{"name": "n", "per": "credential", "limit": 6, "period_s": 60}],"#;
    let own = r#""rates": [{"name": "n", "limit": 9, "period_s": 60}],"#;
    let address = rate.replace("credential", "address");
    let failures = r#""failures": {"limit": 2, "period_s": 60},"#;
    for (top, route, credential, needs) in [
        ("", "", "", false),
        ("", r#""rates": [],"#, "", false),
        ("", rate, "", true),
        ("", rate, own, true),
        ("", &address, "", true),
        (failures, "", "", true),
        (failures, rate, "", true),
    ] {
        let policy = policy_with(top, route, credential);
        let without_memory = good_request().decide(&policy, None).reason;
        let expected = if needs { Reason::LimitsUnavailable } else { Reason::Ok };
        assert_eq!(
            (policy.needs_limits(), without_memory),
            (needs, expected),
            "{top} {route} {credential}"
        );
    }
}

#[test]
fn failures_are_throttled() {
    let memory: Vec<AtomicU64> =
        (0..size_words(8, 8).unwrap()).map(|_| AtomicU64::new(0)).collect();
    init(&memory, 8, 8, [7; 16]).unwrap();
    let table = Table::attach(&memory).unwrap();
    let policy = policy_with(r#""failures": {"limit": 2, "period_s": 60, "burst": 3},"#, "", "");
    let mut wrong = good_request();
    wrong.header("Authorization", "Basic dXNlcjpQYXNzcGhyYXNl");
    let reasons: Vec<_> = (0..5).map(|_| wrong.decide(&policy, Some(&table)).reason).collect();
    let (bad, throttled) = (Reason::BadSecret, Reason::AuthThrottled);
    assert_eq!(reasons, [bad, bad, bad, throttled, throttled]);
}
