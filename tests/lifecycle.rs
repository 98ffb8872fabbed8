//! Secrets that are rotated, reset and revoked: what comes of a record, and what a gate then says.
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

use std::sync::Arc;

use serde_json::{Value, json};
use tollgate::decision::Reason;
use tollgate::gate::Gate;
use tollgate::keys::{
    Key, Label, LifecycleError, NewValue, SecretKind, hmac_sha256_text, reset, revoke, rotate,
    sha256_text,
};
use tollgate::policy::{NoSecrets, Policy, Source};
use tollgate::primitive::base64::{Alphabet, Padding, encode};
use tollgate::primitive::hex::{self, Case};
use tollgate::primitive::hmac::HmacSha256Key;
use tollgate::request::{Body, Header, Now, Request, Stored};
use tollgate::token::{Grant, MAX_TOKEN, Rules, TokenKey, issue};

use SecretKind::{ApiKey, Passphrase, SigningSecret};

/// 2026-01-31T12:00:00.250Z
const NOW: u64 = 1_769_860_800_250;
const DAY_S: u64 = 86_400;
const BODY: &[u8] = br#"{"amount":1}"#;
const TOKEN_KEY: &str = "a key of 32 bytes for the tokens";

/// What the records stand in.
fn policy(record: &str) -> Policy {
    let document = format!(
        r#"{{
  "tollgate": 1, "environment": "production",
  "tokens": {{ "issuer": "pay", "keys": [{{ "kid": "k1", "key": {{ "text": "{TOKEN_KEY}" }} }}] }},
  "routes": {{
    "key": {{ "max_body": 64, "credentials": [{{ "api_key": "X-Key" }}] }},
    "basic": {{ "max_body": 64, "credentials": ["basic"] }},
    "token": {{ "max_body": 64, "credentials": ["token"] }},
    "cashout": {{
      "max_body": 64, "credentials": [{{ "fixed": "m" }}], "signature": "directa24-cashout"
    }},
    "github": {{ "max_body": 64, "credentials": [{{ "fixed": "m" }}], "signature": "github" }}
  }},
  "credentials": [{record}]
}}"#
    );
    let source = Source::new(document.as_bytes(), "policy", &NoSecrets);
    Policy::load(&source).unwrap_or_else(|errors| panic!("{errors}\n{record}"))
}

const RECORD: &str = r#"{
  "id": "m",
  "networks": [ "192.0.2.0/24" ],
  "api_key": { "text": "the first key" },
  "basic": { "charset": "utf-8", "user": "us\u00e9r", "passphrase": { "text": "the first words" } },
  "secrets": [
    { "generation": 4, "key": { "text": "the first secret" }, "schemes": ["directa24-cashout"] },
    { "generation": 4, "key": { "text": "the github secret" }, "schemes": ["github"] }
  ]
}"#;

/// A gate with one record, and requests to it.
struct Host(Gate);

impl Host {
    fn with(record: &str) -> Self {
        Self(Gate::new(Arc::new(policy(record))))
    }

    fn ask(&self, route: &str, name: &str, value: &str, unix_ms: u64) -> (Reason, u32) {
        let headers = [Header { name: name.as_bytes(), value: value.as_bytes() }];
        let request = Request {
            method: b"POST",
            target: b"/",
            host: b"api.example.com",
            headers: &headers,
            body: Body::Whole(BODY),
            peer: Some([192, 0, 2, 7].into()),
            tls: true,
            stored: Stored::NONE,
        };
        let decision = self.0.verify(route.as_bytes(), &request, Now { unix_ms, monotonic_ns: 0 });
        (decision.reason, decision.generation)
    }

    fn key(&self, key: &str, unix_ms: u64) -> (Reason, u32) {
        self.ask("key", "X-Key", key, unix_ms)
    }

    fn passphrase(&self, words: &str, unix_ms: u64) -> (Reason, u32) {
        let mut room = [0; 256];
        let pair = format!("usér:{words}");
        let encoded = encode(pair.as_bytes(), Alphabet::Standard, Padding::Required, &mut room);
        self.ask("basic", "Authorization", &format!("Basic {}", encoded.unwrap()), unix_ms)
    }

    fn signature(&self, secret: &str, unix_ms: u64) -> (Reason, u32) {
        let mac = mac(secret);
        self.ask("cashout", "Payload-Signature", &mac, unix_ms)
    }

    fn github(&self, secret: &str, unix_ms: u64) -> (Reason, u32) {
        self.ask("github", "X-Hub-Signature-256", &format!("sha256={}", mac(secret)), unix_ms)
    }

    fn token(&self, token: &str, unix_ms: u64) -> Reason {
        self.ask("token", "Authorization", &format!("Bearer {token}"), unix_ms).0
    }
}

fn mac(secret: &str) -> String {
    let mut room = [0; 64];
    let mac = HmacSha256Key::new(secret.as_bytes()).mac(BODY);
    hex::encode(&mac, Case::Lower, &mut room).unwrap().to_owned()
}

/// A token for the record, of a generation.
fn token(generation: u64) -> String {
    let rules = Rules {
        issuer: "pay",
        audience: "production",
        token_type: "JWT",
        lifetime_s: 600,
        leeway_s: 0,
    };
    let keys = [TokenKey::new("k1", TOKEN_KEY.as_bytes()).unwrap()];
    let mut room = [0; MAX_TOKEN];
    let grant = Grant { subject: "m", generation, scope: None };
    issue(&keys, &rules, &grant, NOW, &mut room).unwrap().to_owned()
}

fn new(kind: SecretKind, value: &str) -> NewValue<'_> {
    NewValue { kind, value: value.as_bytes(), schemes: &[] }
}

fn json_of(record: &str) -> Value {
    serde_json::from_str(record).unwrap()
}

#[test]
fn a_rotated_key_counts_beside_the_new_one_until_the_end() {
    let next = Key::generate(&Label::new("m", "production").unwrap()).unwrap();
    let kept = format!(r#"{{ "sha256": "{}" }}"#, sha256_text(next.as_str().as_bytes()));
    let record = rotate(RECORD.as_bytes(), &new(ApiKey, &kept), NOW, DAY_S).unwrap();
    assert!(!record.contains(next.as_str()));
    let (host, end) = (Host::with(&record), NOW - 250 + DAY_S * 1000);
    for at in [NOW, end - 1] {
        assert_eq!(host.key("the first key", at), (Reason::Ok, 1));
        assert_eq!(host.key(next.as_str(), at), (Reason::Ok, 2));
    }
    assert_eq!(host.key("the first key", end), (Reason::RotatedOut, 1));
    assert_eq!(host.key(next.as_str(), end), (Reason::Ok, 2));
    assert_eq!(host.passphrase("the first words", end), (Reason::Ok, 0));
    assert_eq!(host.token(&token(1), NOW), Reason::Ok);
}

#[test]
fn what_is_not_about_the_secret_stays_as_it_is() {
    let kept = r#"{ "text": "the next key" }"#;
    let record = rotate(RECORD.as_bytes(), &new(ApiKey, kept), NOW, 0).unwrap();
    let expected = concat!(
        r#"{"id":"m","networks":["192.0.2.0/24"],"api_key":["#,
        r#"{"generation":1,"key":{"text":"the first key"},"not_after":"2026-01-31T12:00:00Z"},"#,
        r#"{"generation":2,"key":{"text":"the next key"}}],"#,
        r#""basic":{"charset":"utf-8","user":"usér","passphrase":{"text":"the first words"}},"#,
        r#""secrets":[{"generation":4,"key":{"text":"the first secret"},"#,
        r#""schemes":["directa24-cashout"]},"#,
        r#"{"generation":4,"key":{"text":"the github secret"},"schemes":["github"]}]}"#,
    );
    assert_eq!(record, expected);
}

#[test]
fn without_an_overlap_the_old_value_ends_at_once() {
    for (kind, value) in [(ApiKey, "the next key"), (Passphrase, "the next words")] {
        let kept = format!(r#"{{ "text": "{value}" }}"#);
        let host = Host::with(&rotate(RECORD.as_bytes(), &new(kind, &kept), NOW, 0).unwrap());
        let (old, new) = match kind {
            ApiKey => (host.key("the first key", NOW), host.key(value, NOW)),
            _ => (host.passphrase("the first words", NOW), host.passphrase(value, NOW)),
        };
        assert_eq!((old, new), ((Reason::RotatedOut, 1), (Reason::Ok, 2)), "{kind:?}");
    }
}

#[test]
fn a_passphrase_rotates_from_one_kind_of_hash_to_another() {
    let pepper = "a pepper that is kept elsewhere";
    let hash = hmac_sha256_text(b"the next words", pepper.as_bytes()).unwrap();
    let kept = format!(r#"{{ "hmac_sha256": "{hash}", "pepper": {{ "text": "{pepper}" }} }}"#);
    let record = rotate(RECORD.as_bytes(), &new(Passphrase, &kept), NOW, DAY_S).unwrap();
    let (host, end) = (Host::with(&record), NOW - 250 + DAY_S * 1000);
    assert_eq!(host.passphrase("the first words", end - 1), (Reason::Ok, 1));
    assert_eq!(host.passphrase("the next words", end - 1), (Reason::Ok, 2));
    assert_eq!(host.passphrase("the first words", end), (Reason::RotatedOut, 1));
    assert_eq!(host.passphrase("other words", end), (Reason::BadSecret, 0));
    assert_eq!(json_of(&record)["basic"]["charset"], "utf-8");
}

#[test]
fn a_signing_secret_rotates_for_its_schemes_alone() {
    let next = NewValue {
        kind: SigningSecret,
        value: br#"{ "text": "the second secret" }"#,
        schemes: &["directa24-cashout"],
    };
    let record = rotate(RECORD.as_bytes(), &next, NOW, 60).unwrap();
    let (host, end) = (Host::with(&record), NOW - 250 + 60_000);
    assert_eq!(host.signature("the first secret", end - 1), (Reason::Ok, 4));
    assert_eq!(host.signature("the second secret", NOW), (Reason::Ok, 5));
    assert_eq!(host.signature("the first secret", end), (Reason::RotatedOut, 4));
    assert_eq!(host.github("the github secret", end), (Reason::Ok, 4));
    assert_eq!(host.github("the second secret", end), (Reason::SigMismatch, 0));
}

/// L11: old value and tokens are dead with the next policy.
#[test]
fn a_reset_ends_the_old_value_and_every_token() {
    let before = Host::with(RECORD);
    assert_eq!(before.token(&token(1), NOW), Reason::Ok);
    for (kind, value) in [
        (ApiKey, "the next key"),
        (Passphrase, "the next words"),
        (SigningSecret, "the second secret"),
    ] {
        let kept = format!(r#"{{ "text": "{value}" }}"#);
        let schemes: &[&str] =
            if kind == SigningSecret { &["directa24-cashout"] } else { Default::default() };
        let new = NewValue { kind, value: kept.as_bytes(), schemes };
        let record = reset(RECORD.as_bytes(), &new).unwrap();
        let old = format!("the first {}", value.rsplit(' ').next().unwrap());
        assert!(!record.contains(&old), "{record}");
        assert_eq!(json_of(&record)["generation"], 2);
        before.0.swap(Arc::new(policy(&record)));
        let (dead, alive) = match kind {
            ApiKey => (before.key(&old, NOW), before.key(value, NOW)),
            Passphrase => (before.passphrase(&old, NOW), before.passphrase(value, NOW)),
            SigningSecret => (before.signature(&old, NOW), before.signature(value, NOW)),
        };
        let reason = [Reason::UnknownKey, Reason::BadSecret, Reason::SigMismatch][kind as usize];
        let number = if kind == SigningSecret { 5 } else { 2 };
        assert_eq!((dead, alive), ((reason, 0), (Reason::Ok, number)), "{kind:?}");
        assert_eq!(before.token(&token(1), NOW), Reason::TokenRevoked);
        assert_eq!(before.token(&token(2), NOW), Reason::Ok);
    }
}

/// L9: with the next policy nothing of it counts, and none of it does if its state is changed back.
#[test]
fn a_revoked_credential_stays_revoked() {
    let kept = r#"{ "text": "the next key" }"#;
    let rotated = rotate(RECORD.as_bytes(), &new(ApiKey, kept), NOW, DAY_S).unwrap();
    let host = Host::with(&rotated);
    assert_eq!(host.key("the first key", NOW), (Reason::Ok, 1));
    let revoked = revoke(rotated.as_bytes(), NOW).unwrap();
    host.0.swap(Arc::new(policy(&revoked)));
    let all = |at| {
        [
            host.key("the first key", at),
            host.key("the next key", at),
            host.passphrase("the first words", at),
            host.signature("the first secret", at),
            host.github("the github secret", at),
        ]
    };
    assert!(all(NOW).iter().all(|(reason, _)| *reason == Reason::Revoked));
    assert_eq!(host.passphrase("other words", NOW).0, Reason::BadSecret);
    assert_eq!(host.token(&token(1), NOW), Reason::TokenRevoked);
    assert_eq!(host.token(&token(2), NOW), Reason::Revoked);

    host.0.swap(Arc::new(policy(&revoked.replace(r#""revoked""#, r#""active""#))));
    assert!(all(NOW).iter().all(|(reason, _)| *reason == Reason::ExpiredKey), "{:?}", all(NOW));
    assert_eq!(host.token(&token(1), NOW), Reason::TokenRevoked);

    assert_eq!(revoke(revoked.as_bytes(), NOW + 1_000_000).unwrap(), revoked);
    for kind in [ApiKey, Passphrase, SigningSecret] {
        let new = new(kind, r#"{ "text": "another value of it" }"#);
        let refused = Err(LifecycleError::Revoked);
        assert_eq!(rotate(revoked.as_bytes(), &new, NOW, DAY_S), refused);
        assert_eq!(reset(revoked.as_bytes(), &new), refused);
    }
}

#[test]
fn a_value_that_has_not_begun_does_not_survive() {
    let later = json!([
        { "generation": 7, "key": { "text": "the ended key" }, "not_after": "2026-01-31T12:00:00Z" },
        { "generation": 8, "key": { "text": "the key of today" }, "not_after": "2026-01-31T13:00:00Z" },
        { "generation": 9, "key": { "text": "the later key" }, "not_before": "2026-02-02T00:00:00Z" },
    ]);
    let record = json!({ "id": "m", "api_key": later, "secrets": json_of(RECORD)["secrets"] });
    let text = record.to_string();
    let next = new(ApiKey, r#"{ "text": "the next key" }"#);
    let rotated = json_of(&rotate(text.as_bytes(), &next, NOW, DAY_S).unwrap());
    let expected = json!([
        { "generation": 8, "key": { "text": "the key of today" }, "not_after": "2026-01-31T13:00:00Z" },
        { "generation": 10, "key": { "text": "the next key" } },
    ]);
    assert_eq!(rotated["api_key"], expected);
    let host = Host::with(&revoke(text.as_bytes(), NOW).unwrap().replace("revoked", "active"));
    for key in ["the ended key", "the key of today", "the later key"] {
        assert_eq!(host.key(key, NOW + 5 * DAY_S * 1000).0, Reason::ExpiredKey, "{key}");
    }
}

#[test]
fn a_first_value_is_the_first_generation() {
    let bare = r#"{ "id": "m", "basic": { "user": "usér", "passphrase": { "text": "the first words" } } }"#;
    for value in [r#"{ "text": "the next key" }"#, r#"{"text":"the next key"}"#] {
        let record = rotate(bare.as_bytes(), &new(ApiKey, value), NOW, DAY_S).unwrap();
        let expected = json!([{ "generation": 1, "key": { "text": "the next key" } }]);
        assert_eq!(json_of(&record)["api_key"], expected);
    }
    let secret = new(SigningSecret, r#"{ "text": "the first secret" }"#);
    let record = rotate(bare.as_bytes(), &secret, NOW, DAY_S).unwrap();
    assert_eq!(Host::with(&record).signature("the first secret", NOW), (Reason::Ok, 1));
}

#[test]
fn what_cannot_be_is_refused() {
    use LifecycleError::{BadTime, NoNumberLeft, NoUser, SameValue, TooMany, WhichSchemes};
    let one = r#"{ "text": "another value" }"#;
    let rotated = |kind, value| rotate(RECORD.as_bytes(), &new(kind, value), NOW, 0);
    for schemes in [&[][..], &["svix"], &["github", "directa24-cashout"], &["github", "svix"]] {
        let value = NewValue { kind: SigningSecret, value: one.as_bytes(), schemes };
        let result = rotate(RECORD.as_bytes(), &value, NOW, 0);
        let fits = *schemes == ["svix"];
        assert_eq!(result.err(), (!fits).then_some(WhichSchemes), "{schemes:?}");
    }
    let named = NewValue { kind: ApiKey, value: one.as_bytes(), schemes: &["github"] };
    assert_eq!(rotate(RECORD.as_bytes(), &named, NOW, 0), Err(WhichSchemes));
    assert_eq!(rotated(ApiKey, r#"{"text": "the first key"}"#), Err(SameValue));
    assert_eq!(rotate(br#"{ "id": "m" }"#, &new(Passphrase, one), NOW, 0), Err(NoUser));
    for (now, overlap) in [(999, 0), (NOW, u64::MAX), (NOW, 252_000_000_000), (u64::MAX, 0)] {
        let result = rotate(RECORD.as_bytes(), &new(ApiKey, one), now, overlap);
        assert_eq!(result, Err(BadTime), "{now} {overlap}");
    }
    assert_eq!(revoke(RECORD.as_bytes(), 999), Err(BadTime));
    let last = RECORD.replace(r#""id": "m","#, r#""id": "m", "generation": 4294967295,"#);
    assert_eq!(reset(last.as_bytes(), &new(ApiKey, one)), Err(NoNumberLeft));
    assert!(revoke(last.as_bytes(), NOW).is_ok());
    let last = RECORD.replace(r#""generation": 4"#, r#""generation": 4294967295"#);
    let value = NewValue { kind: SigningSecret, value: one.as_bytes(), schemes: &["github"] };
    assert_eq!(rotate(last.as_bytes(), &value, NOW, 0), Err(NoNumberLeft));
    for (kind, most) in [(ApiKey, 8), (Passphrase, 8), (SigningSecret, 4)] {
        let mut record = RECORD.replace(r#", "schemes": ["github"]"#, r#", "schemes": ["svix"]"#);
        let schemes: &[&str] = if kind == SigningSecret { &["svix"] } else { &[] };
        for count in 2..=most + 1 {
            let value = format!(r#"{{ "text": "value {count} of many." }}"#);
            let value = NewValue { kind, value: value.as_bytes(), schemes };
            match rotate(record.as_bytes(), &value, NOW, DAY_S) {
                Ok(next) if count <= most => record = next,
                result => assert_eq!((result, count), (Err(TooMany), most + 1), "{kind:?}"),
            }
        }
    }
}

#[test]
fn malformed_records_and_values_are_reported_with_their_places() {
    let one = r#"{ "text": "another value" }"#;
    for (record, kind, value, says) in [
        ("", ApiKey, one, "record:1:1: not JSON"),
        ("[]", ApiKey, one, "record:1:1: an array cannot stand here"),
        (r#"{"api_key": {"text": "a key of one"}}"#, ApiKey, one, r#""id" is missing"#),
        (r#"{"id": "m", "id": "m"}"#, ApiKey, one, "twice"),
        (r#"{"id": "m", "secret": []}"#, ApiKey, one, "no member of this object"),
        (
            r#"{"id": "m", "api_key": [{"generation": 1, "key": {"env": "K"}, "not_after": "2026-02-30T00:00:00Z"}]}"#,
            ApiKey,
            one,
            "no such time",
        ),
        (r#"{"id": "m"}"#, ApiKey, "", "not JSON"),
        (r#"{"id": "m"}"#, ApiKey, "\"key\"", "api_key[0].key: text cannot stand here"),
        (r#"{"id": "m"}"#, ApiKey, "{}", "api_key[0].key"),
        (r#"{"id": "m"}"#, ApiKey, r#"{"sha256": "00"}"#, "64 characters"),
        (r#"{"id": "m"}"#, ApiKey, r#"{"text": "a", "text": "b"}"#, "twice"),
        (r#"{"id": "m"}"#, SigningSecret, r#"{"sha256": "00"}"#, "secrets[0].key"),
    ] {
        match rotate(record.as_bytes(), &new(kind, value), NOW, 0) {
            Err(LifecycleError::Form(errors)) => {
                assert!(errors.to_string().contains(says), "{says}: {errors}");
            }
            result => panic!("{record} {value}: {result:?}"),
        }
    }
}

/// Whatever is done to a record in whatever order, a policy takes it, and its last value counts.
#[test]
fn records_load_after_any_number_of_changes() {
    let mut random = 0x746f_6c6c_6761_7465_u64;
    let mut below = |end: u64| {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % end
    };
    let label = Label::new("m", "production").unwrap();
    for _ in 0..20 {
        let (mut record, mut now) = (RECORD.to_owned(), NOW);
        for _ in 0..20 {
            now += below(100_000);
            let kind = [ApiKey, Passphrase, SigningSecret][below(3) as usize];
            let key = Key::generate(&label).unwrap();
            let kept = match kind {
                SigningSecret => format!(r#"{{ "text": "{}" }}"#, key.as_str()),
                _ => format!(r#"{{ "sha256": "{}" }}"#, sha256_text(key.as_str().as_bytes())),
            };
            let schemes: &[&str] = if kind == SigningSecret { &["directa24-cashout"] } else { &[] };
            let value = NewValue { kind, value: kept.as_bytes(), schemes };
            let changed = match below(4) {
                0 => reset(record.as_bytes(), &value),
                _ => rotate(record.as_bytes(), &value, now, below(200)),
            };
            record = match changed {
                Ok(changed) => changed,
                Err(LifecycleError::TooMany) => continue,
                Err(error) => panic!("{error}\n{record}"),
            };
            let host = Host::with(&record);
            let (reason, _) = match kind {
                ApiKey => host.key(key.as_str(), now),
                Passphrase => host.passphrase(key.as_str(), now),
                SigningSecret => host.signature(key.as_str(), now),
            };
            assert_eq!(reason, Reason::Ok, "{record}");
        }
        let host = Host::with(&revoke(record.as_bytes(), now).unwrap());
        assert_eq!(host.github("the github secret", now).0, Reason::Revoked);
    }
}
