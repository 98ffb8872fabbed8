//! The answers of the token endpoint, to the octet, and what others think of the tokens: PyJWT and
//! jsonwebtoken. What each bad request is denied for is in the decision table.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking; it has std"
)]

use core::sync::atomic::AtomicU64;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Validation};
use serde_json::{Value, json};
use tollgate::decision::{Decision, Reason};
use tollgate::gate::Gate;
use tollgate::limit::{Table, init, size_words};
use tollgate::policy::{NoSecrets, Policy, Source};
use tollgate::request::{Body, Header, Now, Request, Stored};
use tollgate::verify::MAX_TOKEN_ANSWER;

#[path = "oracles/pyjwt.rs"]
mod pyjwt;

const NOW_MS: u64 = 1_592_742_800_000;
const NOW_S: u64 = NOW_MS / 1000;
const FORM: &[u8] = b"application/x-www-form-urlencoded";
const GRANT: &str = "grant_type=client_credentials";
const MAY: &str = "the token key of may, 32 bytes at least";
const JUNE: &str = "the token key of june, 32 bytes at least";

fn policy(generation: u64, keys: &str) -> Arc<Policy> {
    let text = format!(
        r#"{{
          "tollgate": 1, "environment": "production", "realm": "pledg",
          "tokens": {{ "issuer": "pay", "leeway_s": 0, "keys": [{keys}] }},
          "routes": {{
            "token": {{
              "token_endpoint": true, "max_body": 4096, "credentials": ["basic", "form"],
              "rates": [{{ "name": "tokens", "per": "credential", "limit": 3, "period_s": 60 }}]
            }},
            "plain": {{ "token_endpoint": true, "max_body": 4096, "credentials": ["basic"] }},
            "read": {{ "max_body": 16, "credentials": ["token"], "scope": "read" }},
            "write": {{ "max_body": 16, "credentials": ["token"], "scope": "write" }},
            "api": {{ "max_body": 4096, "credentials": ["basic"] }}
          }},
          "credentials": [
            {{
              "id": "shop", "generation": {generation}, "scopes": ["write", "read"],
              "basic": {{ "user": "your_key", "passphrase": {{ "text": "your_secret" }} }}
            }},
            {{
              "id": "far", "networks": [],
              "basic": {{ "user": "far_key", "passphrase": {{ "text": "far_secret" }} }}
            }}
          ]
        }}"#
    );
    let source = Source::new(text.as_bytes(), "policy.json", &NoSecrets);
    Arc::new(Policy::load(&source).unwrap_or_else(|errors| panic!("{errors}")))
}

fn key(id: &str, text: &str, more: &str) -> String {
    format!(r#"{{ "kid": "{id}", "key": {{ "text": "{text}" }}{more} }}"#)
}

fn gate() -> Gate {
    let gate = Gate::new(policy(3, &key("may", MAY, "")));
    let words = size_words(4, 4).unwrap();
    let words: Vec<AtomicU64> = (0..words).map(|_| AtomicU64::new(0)).collect();
    let words: &'static [AtomicU64] = words.leak();
    init(words, 4, 4, *b"token endpoint !").unwrap();
    gate.attach(Table::attach(words).unwrap()).unwrap();
    gate
}

/// A request for a token.
#[derive(Clone, Copy)]
struct Asked<'a> {
    route: &'a str,
    method: &'a str,
    target: &'a str,
    user: Option<(&'a str, &'a str)>,
    media_type: &'a [u8],
    body: &'a str,
    tls: bool,
    unix_ms: u64,
}

/// As Pledg's page has it.
const GOOD: Asked<'_> = Asked {
    route: "token",
    method: "POST",
    target: "/api/token",
    user: Some(("your_key", "your_secret")),
    media_type: FORM,
    body: GRANT,
    tls: true,
    unix_ms: NOW_MS,
};

struct Answer {
    decision: Decision,
    headers: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn token(&self) -> String {
        self.json()["access_token"].as_str().unwrap().to_owned()
    }
}

impl Asked<'_> {
    fn of(&self, gate: &Gate) -> Answer {
        let basic = self.user.map(|(user, password)| {
            let mut room = [0; 256];
            let length = STANDARD.encode_slice(format!("{user}:{password}"), &mut room).unwrap();
            format!("Basic {}", core::str::from_utf8(&room[..length]).unwrap())
        });
        let authorization =
            basic.iter().map(|value| Header { name: b"Authorization", value: value.as_bytes() });
        let media_type = Header { name: b"content-type", value: self.media_type };
        let headers: Vec<_> = authorization.chain([media_type]).collect();
        let request = Request {
            method: self.method.as_bytes(),
            target: self.target.as_bytes(),
            host: b"api.example.com",
            headers: &headers,
            body: Body::Whole(self.body.as_bytes()),
            peer: None,
            tls: self.tls,
            stored: Stored::NONE,
        };
        let now = Now { unix_ms: self.unix_ms, monotonic_ns: 0 };
        let mut room = [0xa5; MAX_TOKEN_ANSWER];
        let answer =
            gate.answer_token_request(self.route.as_bytes(), &request, now, &mut room).unwrap();
        let (headers, body) = (answer.headers.to_owned(), answer.body.to_owned());
        Answer { decision: answer.decision, headers, body }
    }
}

/// What the API behind the endpoint says of a token.
fn use_token(gate: &Gate, route: &str, token: &str, unix_ms: u64) -> Reason {
    let value = format!("Bearer {token}");
    let headers = [Header { name: b"Authorization", value: value.as_bytes() }];
    let request = Request {
        method: b"GET",
        target: b"/",
        host: b"",
        headers: &headers,
        body: Body::Whole(b""),
        peer: None,
        tls: true,
        stored: Stored::NONE,
    };
    gate.verify(route.as_bytes(), &request, Now { unix_ms, monotonic_ns: 0 }).reason
}

const JSON: &str = "Content-Type: application/json\r\nPragma: no-cache\r\n";
const NO_STORE: &str = "Cache-Control: no-store\r\n";
const BASIC: &str = "WWW-Authenticate: Basic realm=\"pledg\", charset=\"UTF-8\"\r\n";

#[test]
fn a_good_request_gets_a_token() {
    let gate = gate();
    let answer = GOOD.of(&gate);
    assert_eq!((answer.decision.reason, answer.decision.http_status), (Reason::Ok, 200));
    assert_eq!(answer.decision.credential.as_str(), "shop");
    let limit = "RateLimit-Policy: \"tokens\";q=3;w=60\r\nRateLimit: \"tokens\";r=2;t=20\r\n";
    assert_eq!(answer.headers, format!("{JSON}{NO_STORE}{limit}"));
    let token = answer.token();
    let body = format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":600}}"#);
    assert_eq!(answer.body, body, "and no refresh token");

    for (later_ms, expected) in
        [(0, Reason::Ok), (599_999, Reason::Ok), (600_000, Reason::TokenExpired)]
    {
        assert_eq!(use_token(&gate, "write", &token, NOW_MS + later_ms), expected, "{later_ms}");
    }
    let in_form = format!("client_id=your_key&client_secret=your%5fsecret&{GRANT}");
    let same = Asked { user: None, body: &in_form, ..GOOD }.of(&gate);
    assert_eq!(same.token(), token, "the same second, the same client");
}

#[test]
fn what_is_refused_gets_its_error() {
    let bad = "grant_type=password";
    let twice = format!("{GRANT}&{GRANT}");
    let both = format!("{GRANT}&client_id=your_key&client_secret=your_secret");
    let scoped = format!("{GRANT}&scope=refund");
    let wrong = Some(("your_key", "your_sekret"));
    let nobody = Some(("no_key", "your_secret"));
    let far = Some(("far_key", "far_secret"));
    let allow = "Allow: POST\r\n";
    let rows = [
        ("O1", Asked { method: "GET", ..GOOD }, 405, "invalid_request", allow),
        ("O2", Asked { media_type: b"application/json", ..GOOD }, 400, "invalid_request", ""),
        ("O2", Asked { body: "{\"grant_type\":1}", ..GOOD }, 400, "invalid_request", ""),
        ("O3", Asked { body: &both, ..GOOD }, 400, "invalid_request", ""),
        ("O3", Asked { target: "/?client_secret=x", ..GOOD }, 400, "invalid_request", ""),
        ("O4", Asked { user: Some(("your%key", "x")), ..GOOD }, 401, "invalid_client", BASIC),
        ("O5", Asked { body: "", ..GOOD }, 400, "invalid_request", ""),
        ("O5", Asked { body: &twice, ..GOOD }, 400, "invalid_request", ""),
        ("O5", Asked { body: bad, ..GOOD }, 400, "unsupported_grant_type", ""),
        ("O6", Asked { user: wrong, ..GOOD }, 401, "invalid_client", BASIC),
        ("O6", Asked { user: nobody, ..GOOD }, 401, "invalid_client", BASIC),
        ("O6", Asked { user: None, ..GOOD }, 401, "invalid_client", BASIC),
        ("O6", Asked { user: None, body: &scoped, ..GOOD }, 401, "invalid_client", BASIC),
        ("O7", Asked { body: &scoped, ..GOOD }, 400, "invalid_scope", ""),
        ("network", Asked { user: far, ..GOOD }, 400, "unauthorized_client", ""),
        ("TLS", Asked { tls: false, ..GOOD }, 400, "invalid_request", ""),
        ("time", Asked { unix_ms: u64::MAX - 1, ..GOOD }, 500, "server_error", ""),
    ];
    let long = "x".repeat(5000);
    let large = Asked { body: &long, ..GOOD };
    let gate = gate();
    for (shows, asked, status, error, lines) in rows {
        let Answer { decision, headers, body } = asked.of(&gate);
        let shows = format!("{shows}: {} {}", asked.method, asked.body);
        assert!(!decision.allows(), "{shows}");
        assert_eq!(decision.http_status, status, "{shows}");
        let store = if status == 401 { [lines, NO_STORE] } else { [NO_STORE, lines] };
        let rates = if shows.starts_with("time") {
            "RateLimit-Policy: \"tokens\";q=3;w=60\r\nRateLimit: \"tokens\";r=2;t=20\r\n"
        } else {
            ""
        };
        assert_eq!(headers, format!("{JSON}{}{rates}", store.concat()), "{shows}");
        assert_eq!(body, format!(r#"{{"error":"{error}"}}"#), "{shows}");
    }
    assert_eq!(large.of(&gate).decision.http_status, 413);
}

#[test]
fn a_rate_limit_says_when_to_come_back() {
    let gate = gate();
    for _ in 0..3 {
        assert_eq!(GOOD.of(&gate).decision.reason, Reason::Ok);
    }
    let denied = GOOD.of(&gate);
    assert_eq!((denied.decision.reason, denied.decision.http_status), (Reason::RateLimited, 429));
    assert_eq!(denied.body, r#"{"error":"temporarily_unavailable"}"#);
    let limit = "RateLimit-Policy: \"tokens\";q=3;w=60\r\nRateLimit: \"tokens\";r=0;t=20\r\n";
    assert_eq!(denied.headers, format!("{JSON}Retry-After: 20\r\n{limit}{NO_STORE}"));
}

#[test]
fn a_route_that_is_no_token_endpoint_gives_out_nothing() {
    for route in ["api", "read", "nothing"] {
        let answer = Asked { route, ..GOOD }.of(&gate());
        let decision = answer.decision;
        assert_eq!(
            (decision.reason, decision.http_status),
            (Reason::ConfigMissing, 503),
            "{route}"
        );
        assert_eq!(answer.body, r#"{"error":"temporarily_unavailable"}"#);
    }
}

#[test]
fn a_token_has_the_scopes_that_were_granted() {
    let gate = gate();
    for (asked, granted, read, write) in [
        ("", None, Reason::Ok, Reason::Ok),
        ("&scope=read", Some("read"), Reason::Ok, Reason::InsufficientScope),
        ("&scope=write+write", Some("write"), Reason::InsufficientScope, Reason::Ok),
        ("&scope=write%20read", Some("read write"), Reason::Ok, Reason::Ok),
    ] {
        let body = format!("{GRANT}{asked}");
        let answer = Asked { route: "plain", body: &body, ..GOOD }.of(&gate);
        let json = answer.json();
        assert_eq!(json.get("scope").and_then(Value::as_str), granted, "{asked}");
        let token = answer.token();
        assert_eq!(use_token(&gate, "read", &token, NOW_MS), read, "{asked}");
        assert_eq!(use_token(&gate, "write", &token, NOW_MS), write, "{asked}");
    }
}

/// A reset gives the credential another generation: what was issued before has ended.
#[test]
fn a_reset_ends_all_tokens_at_once() {
    let gate = gate();
    let old = GOOD.of(&gate).token();
    drop(gate.swap(policy(4, &key("may", MAY, ""))));
    let new = GOOD.of(&gate).token();
    assert_eq!(use_token(&gate, "read", &old, NOW_MS), Reason::TokenRevoked);
    assert_eq!(use_token(&gate, "read", &new, NOW_MS), Reason::Ok);
}

/// The key that began last signs; the one before verifies as long as it lasts.
#[test]
fn the_key_that_began_last_signs() {
    let second = r#", "not_before": "2020-06-21T12:33:20Z""#;
    for keys in [
        [key("may", MAY, ""), key("june", JUNE, second)],
        [key("june", JUNE, second), key("may", MAY, "")],
    ] {
        let gate = Gate::new(policy(3, &keys.join(", ")));
        let at = |unix_ms| Asked { route: "plain", unix_ms, ..GOOD }.of(&gate).token();
        let (before, after) = (at(NOW_MS - 1), at(NOW_MS));
        let key_id = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid;
        assert_eq!(key_id(&before).as_deref(), Some("may"));
        assert_eq!(key_id(&after).as_deref(), Some("june"));
        for token in [before, after] {
            assert_eq!(use_token(&gate, "read", &token, NOW_MS), Reason::Ok);
        }
    }
}

#[test]
fn a_buffer_that_is_too_small_is_refused_before_anything_is_decided() {
    let gate = gate();
    let request = Request {
        method: b"POST",
        target: b"/",
        host: b"",
        headers: &[],
        body: Body::Whole(b""),
        peer: None,
        tls: true,
        stored: Stored::NONE,
    };
    let now = Now { unix_ms: NOW_MS, monotonic_ns: 0 };
    let mut room = [0xa5; MAX_TOKEN_ANSWER - 1];
    let short = gate.answer_token_request(b"token", &request, now, &mut room);
    assert_eq!(short.map(|_| ()).unwrap_err().needed, MAX_TOKEN_ANSWER);
    assert!(room.iter().all(|byte| *byte == 0xa5), "nothing is written");
    assert_eq!(GOOD.of(&gate).decision.rate.unwrap().remaining, 2, "nothing is charged");
}

/// The time of the machine: jsonwebtoken compares with it.
fn machine_ms() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

/// What jsonwebtoken wants of the tokens of this endpoint.
fn wanted() -> Validation {
    let mut wanted = Validation::new(Algorithm::HS256);
    wanted.set_audience(&["production"]);
    wanted.set_issuer(&["pay"]);
    wanted.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    wanted.leeway = 0;
    wanted
}

#[test]
fn jsonwebtoken_takes_what_is_issued() {
    let unix_ms = machine_ms();
    let body = format!("{GRANT}&scope=read");
    let answer = Asked { route: "plain", body: &body, unix_ms, ..GOOD }.of(&gate());
    let token = answer.token();
    let right = DecodingKey::from_secret(MAY.as_bytes());
    let read = jsonwebtoken::decode::<Value>(&token, &right, &wanted()).unwrap();
    assert_eq!(read.header.kid.as_deref(), Some("may"));
    let issued = unix_ms / 1000;
    let claims = json!({
        "iss": "pay", "sub": "shop", "aud": "production", "iat": issued, "exp": issued + 600,
        "gen": 3, "scope": "read"
    });
    assert_eq!(read.claims, claims);

    let wrong = DecodingKey::from_secret(JUNE.as_bytes());
    assert!(jsonwebtoken::decode::<Value>(&token, &wrong, &wanted()).is_err());
    let mut staging = wanted();
    staging.set_audience(&["staging"]);
    assert!(jsonwebtoken::decode::<Value>(&token, &right, &staging).is_err());
    let old = Asked { route: "plain", unix_ms: unix_ms - 601_000, ..GOOD }.of(&gate()).token();
    assert!(jsonwebtoken::decode::<Value>(&old, &right, &wanted()).is_err());
}

/// A token of jsonwebtoken's making, of the good one with these changes.
fn made(alg: Algorithm, secret: &str, header: &[(&str, &str)], claims: &[(&str, Value)]) -> String {
    let mut head = jsonwebtoken::Header::new(alg);
    head.kid = Some(String::from("may"));
    for (name, value) in header {
        let value = Some((*value).to_owned()).filter(|value| !value.is_empty());
        match *name {
            "kid" => head.kid = value,
            "typ" => head.typ = value,
            "jku" => head.jku = value,
            _ => panic!("{name}"),
        }
    }
    let mut body = json!({
        "iss": "pay", "sub": "shop", "aud": "production", "iat": NOW_S, "exp": NOW_S + 600, "gen": 3
    });
    for (name, value) in claims {
        let members = body.as_object_mut().unwrap();
        match value {
            Value::Null => drop(members.remove(*name)),
            value => drop(members.insert((*name).to_owned(), value.clone())),
        }
    }
    jsonwebtoken::encode(&head, &body, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

#[test]
fn what_jsonwebtoken_makes_is_taken_or_refused() {
    use Algorithm::{HS256, HS384, HS512};
    let gate = gate();
    let claim = |name, value| [(name, value)];
    let rows = [
        ("as it should be", made(HS256, MAY, &[], &[]), Reason::Ok),
        ("J1", made(HS384, MAY, &[], &[]), Reason::AlgNotAllowed),
        ("J2", made(HS512, MAY, &[], &[]), Reason::AlgNotAllowed),
        ("J3 unknown", made(HS256, MAY, &[("kid", "june")], &[]), Reason::UnknownKid),
        ("J3 none", made(HS256, MAY, &[("kid", "")], &[]), Reason::UnknownKid),
        ("J3 another key", made(HS256, JUNE, &[], &[]), Reason::TokenBadSig),
        ("J4 jku", made(HS256, MAY, &[("jku", "https://evil.example/")], &[]), Reason::Ok),
        ("J6 float", made(HS256, MAY, &[], &claim("exp", json!(1.5e9))), Reason::TokenMalformed),
        ("J6 text", made(HS256, MAY, &[], &claim("exp", json!("1"))), Reason::TokenMalformed),
        ("J6 none", made(HS256, MAY, &[], &claim("exp", Value::Null)), Reason::TokenMalformed),
        ("J7", made(HS256, MAY, &[], &claim("exp", json!(NOW_S))), Reason::TokenExpired),
        ("J8", made(HS256, MAY, &[], &claim("nbf", json!(NOW_S))), Reason::Ok),
        ("J8 soon", made(HS256, MAY, &[], &claim("nbf", json!(NOW_S + 1))), Reason::TokenNotYet),
        ("J9", made(HS256, MAY, &[], &claim("exp", json!(NOW_S + 601))), Reason::LifetimeTooLong),
        (
            "J12",
            made(HS256, MAY, &[], &claim("x", json!("x".repeat(4500)))),
            Reason::TokenMalformed,
        ),
        ("J13", made(HS256, MAY, &[], &claim("aud", json!("staging"))), Reason::WrongEnvironment),
        ("J13 issuer", made(HS256, MAY, &[], &claim("iss", json!("p"))), Reason::WrongEnvironment),
        ("J14", made(HS256, MAY, &[], &claim("gen", json!(2))), Reason::TokenRevoked),
        ("J14 gone", made(HS256, MAY, &[], &claim("sub", json!("gone"))), Reason::UnknownKey),
        ("J16", made(HS256, MAY, &[("typ", "at+jwt")], &[]), Reason::TokenMalformed),
        ("J16 none", made(HS256, MAY, &[("typ", "")], &[]), Reason::TokenMalformed),
    ];
    for (shows, token, expected) in rows {
        assert_eq!(use_token(&gate, "read", &token, NOW_MS), expected, "{shows}");
    }
}

#[test]
fn pyjwt_takes_what_is_issued() {
    let token = GOOD.of(&gate()).token();
    let said = r#"[{"typ":"JWT","alg":"HS256","kid":"may"},{"iss":"pay","sub":"shop","aud":"production","iat":1592742800,"exp":1592743400,"gen":3}]"#;
    let question = |key: &str| pyjwt::decode(key.as_bytes(), "pay", "production", &token);
    assert_eq!(pyjwt::ask(&[question(MAY), question(JUNE)].concat()), [said, "refused"]);
}
