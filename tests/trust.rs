//! Trust signatures (Flexiown): by themselves, as schemes, and in front of a gate, where they are
//! never the only proof. The values were made with Python's `hashlib` and `hmac`.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use std::sync::Arc;

use tollgate::decision::{Challenge, Decision, Reason};
use tollgate::gate::Gate;
use tollgate::policy::{NoSecrets, Policy, Source as Document};
use tollgate::primitive::data::Data;
use tollgate::primitive::hmac::HmacSha256Key;
use tollgate::request::{Body, Header, Now, Request, Stored};
use tollgate::scheme::{
    Algorithm, Carrier, KeyEncoding, KeyError, MAX_FIELD, MacKey, Part, Scheme, SchemeError,
    Source, StoredPart, Symbols, Trust, builtin, verify_signature,
};

/// MD5 of `1001`.
const VALUE: &str = "b8c37e33defde51cf91e1e03e51657da";
/// Base64 of `[["SKU-1",1,"199.00"]]SKU-1`.
const SEED: &str = "W1siU0tVLTEiLDEsIjE5OS4wMCJdXVNLVS0x";
const SIGNATURE: &str = "1b533156ef9dc2b8a22926168504f4d0daf6a65f7aaeba089022c95873c0ece1";
/// The seed before the value.
const SWAPPED: &str = "3e204601861b0fd8ed67f5a131879125db78795a372f891e27dbaf0e3d152042";
const KEY: &str = "a secret of the merchant";
const KEYED: &str = "0e0234c24aea0c7878f427a0a09da341dec6a5ba1f49a4ef573b81c667290b71";
/// MD5 of `1002`, and what it makes with the seed above.
const OTHER_VALUE: &str = "fba9d88164f3e2d9109ee770223212a0";

const NOW: Now = Now { unix_ms: 1_700_000_000_000, monotonic_ns: 0 };

fn request<'a>(target: &'a str, headers: &'a [Header<'a>], stored: Stored<'a>) -> Request<'a> {
    Request {
        method: b"POST",
        target: target.as_bytes(),
        host: b"",
        headers,
        body: Body::Whole(b""),
        peer: None,
        tls: true,
        stored,
    }
}

fn body(value: &str, seed: &str) -> String {
    format!(r#"{{"order_id":"1001","trust_value":"{value}","trust_seed":"{seed}"}}"#)
}

fn signature(text: &str) -> Stored<'_> {
    Stored { signature: text.as_bytes(), ..Stored::NONE }
}

/// Every text that differs from `text` in one bit and is still text.
fn one_bit_off(text: &str) -> impl Iterator<Item = String> {
    (0..text.len()).flat_map(|at| (0..7).map(move |bit| (at, bit))).map(|(at, bit)| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] ^= 1 << bit;
        String::from_utf8(bytes).unwrap()
    })
}

#[test]
fn both_sides_make_the_same_signature() {
    let trust = Trust::new(VALUE.as_bytes(), SEED.as_bytes()).unwrap();
    let key = HmacSha256Key::new(KEY.as_bytes());
    assert_eq!(trust.signature(), SIGNATURE.as_bytes());
    assert_eq!(trust.keyed_signature(&key), KEYED.as_bytes());
    assert!(trust.verify(SIGNATURE.as_bytes()).is_ok());
    assert!(trust.verify_keyed(&key, KEYED.as_bytes()).is_ok());
    let upper = SIGNATURE.to_uppercase();
    let wrong = [SWAPPED, KEYED, &upper, "", &SIGNATURE[..62], &SIGNATURE[1..]].map(str::to_owned);
    for wrong in wrong.into_iter().chain(one_bit_off(SIGNATURE)) {
        assert!(trust.verify(wrong.as_bytes()).is_err(), "{wrong}");
    }
    for wrong in one_bit_off(KEYED).chain([SIGNATURE.to_owned(), KEYED.to_uppercase()]) {
        assert!(trust.verify_keyed(&key, wrong.as_bytes()).is_err(), "{wrong}");
    }
    let another = HmacSha256Key::new(b"a secret of the marchent");
    assert!(trust.verify_keyed(&another, KEYED.as_bytes()).is_err());
}

/// A value of another form could be cut elsewhere under the same signature.
#[test]
fn values_of_another_form_have_no_signature() {
    let upper = VALUE.to_uppercase();
    let longer = format!("{VALUE}W");
    for value in ["", &VALUE[1..], &longer, &upper, "1001", "g8c37e33defde51cf91e1e03e51657da"] {
        assert_eq!(Trust::new(value.as_bytes(), SEED.as_bytes()), None, "{value}");
    }
    assert_eq!(Trust::new(VALUE.as_bytes(), b""), None);
    for (value, seed) in one_bit_off(VALUE)
        .map(|value| (value, SEED.to_owned()))
        .chain(one_bit_off(SEED).map(|seed| (VALUE.to_owned(), seed)))
    {
        let trust = Trust::new(value.as_bytes(), seed.as_bytes());
        assert!(trust.is_none_or(|trust| trust.verify(SIGNATURE.as_bytes()).is_err()));
    }
}

fn verify(name: &str, target: &str, body: &str, stored: Stored<'_>) -> Result<(), Reason> {
    let scheme = builtin::find(name).unwrap();
    let key = scheme.algorithm.is_keyed().then(|| scheme.prepare_key(KEY.as_bytes()).unwrap());
    let request = request(target, &[], stored);
    verify_signature(scheme, key.as_slice(), &request, body.as_bytes(), 0)
        .map(|_| ())
        .map_err(|denial| denial.reason)
}

#[test]
fn members_of_the_body_are_held_against_the_stored_signature() {
    let part = Err(Reason::SignedPartMissing);
    let mismatch = Err(Reason::TrustMismatch);
    let longest = "A".repeat(MAX_FIELD);
    let twice = body(VALUE, SEED).replace("order_id", "trust_seed");
    let nested = format!(r#"{{"payment":{}}}"#, body(VALUE, SEED));
    let null = body(VALUE, SEED).replace(&format!("\"{SEED}\""), "null");
    let array = body(VALUE, SEED).replace(&format!("\"{SEED}\""), &format!("[\"{SEED}\"]"));
    let moved = body(&format!("{VALUE}W"), &SEED[1..]);
    let escaped = body(VALUE, &SEED.replace('W', "\\u0057"));
    let cases: &[(&str, &str, Result<(), Reason>)] = &[
        (SIGNATURE, &body(VALUE, SEED), Ok(())),
        (SIGNATURE, &escaped, Ok(())),
        (SIGNATURE, &body(VALUE, "W1siU0tVLTIiLDEsIjE5OS4wMCJdXVNLVS0y"), mismatch),
        (SIGNATURE, &body(OTHER_VALUE, SEED), mismatch),
        (SWAPPED, &body(VALUE, SEED), mismatch),
        (KEYED, &body(VALUE, SEED), mismatch),
        (SIGNATURE, &body(VALUE, &longest), mismatch),
        (SIGNATURE, &body(VALUE, &format!("{longest}A")), part),
        (SIGNATURE, &body(SEED, VALUE), part),
        (SIGNATURE, &moved, part),
        (SIGNATURE, &body(&VALUE[..31], SEED), part),
        (SIGNATURE, &body(&VALUE.to_uppercase(), SEED), part),
        (SIGNATURE, &body("", SEED), part),
        (SIGNATURE, &body(VALUE, ""), mismatch),
        (SIGNATURE, &twice, part),
        (SIGNATURE, &null, part),
        (SIGNATURE, &array, part),
        (SIGNATURE, &nested, part),
        (SIGNATURE, r#"{"order_id":"1001"}"#, part),
        (SIGNATURE, "", Err(Reason::MalformedBody)),
        (SIGNATURE, "trust_value=1&trust_seed=2", Err(Reason::MalformedBody)),
        ("", &body(VALUE, SEED), Err(Reason::MissingSignature)),
        (&SIGNATURE.to_uppercase(), &body(VALUE, SEED), Err(Reason::SigEncoding)),
        (&SIGNATURE[2..], &body(VALUE, SEED), Err(Reason::SigEncoding)),
    ];
    for (stored, body, wanted) in cases {
        assert_eq!(
            verify("flexiown-trust", "/", body, signature(stored)),
            *wanted,
            "{stored} {body}"
        );
    }
    let keyed = |stored| verify("flexiown-trust-keyed", "/", &body(VALUE, SEED), signature(stored));
    assert_eq!(keyed(KEYED), Ok(()));
    assert_eq!(keyed(SIGNATURE), mismatch);
    for wrong in one_bit_off(SIGNATURE) {
        let result = verify("flexiown-trust", "/", &body(VALUE, SEED), signature(&wrong));
        assert!(matches!(result, Err(Reason::TrustMismatch | Reason::SigEncoding)), "{wrong}");
    }
}

#[test]
fn the_return_of_a_browser_is_held_against_the_stored_values() {
    let stored =
        Stored { value: VALUE.as_bytes(), seed: SEED.as_bytes(), ..signature("is not looked at") };
    let returned = |name: &str, query: &str, stored| {
        verify(name, &format!("/return?status=approved&{query}"), "", stored)
    };
    let right = format!("trust_signature={SIGNATURE}&order_id=1001");
    let twice = format!("{right}&trust_signature={SIGNATURE}");
    let seed = Stored { seed: b"W1siU0tVLTIiLDEsIjE5OS4wMCJdXVNLVS0y", ..stored };
    let cases: &[(&str, Stored<'_>, Result<(), Reason>)] = &[
        (&right, stored, Ok(())),
        (&right, seed, Err(Reason::TrustMismatch)),
        (&right, Stored { value: OTHER_VALUE.as_bytes(), ..stored }, Err(Reason::TrustMismatch)),
        (&format!("trust_signature={SWAPPED}"), stored, Err(Reason::TrustMismatch)),
        (&right, Stored { value: b"1001", ..stored }, Err(Reason::SignedPartMissing)),
        (&right, Stored { seed: b"", ..stored }, Err(Reason::SignedPartMissing)),
        (&right, Stored { value: b"", ..stored }, Err(Reason::SignedPartMissing)),
        (&right.to_uppercase(), stored, Err(Reason::MissingSignature)),
        ("trust_signature=", stored, Err(Reason::MissingSignature)),
        ("trust_signature=1b", stored, Err(Reason::SigEncoding)),
        (&twice, stored, Err(Reason::MalformedSignature)),
    ];
    for (query, stored, wanted) in cases {
        assert_eq!(returned("flexiown-trust-return", query, *stored), *wanted, "{query}");
    }
    let keyed = |query: &str| returned("flexiown-trust-return-keyed", query, stored);
    assert_eq!(keyed(&format!("trust_signature={KEYED}")), Ok(()));
    assert_eq!(keyed(&right), Err(Reason::SigMismatch));
}

#[test]
fn what_cannot_work_is_found_out() {
    let trust = builtin::find("flexiown-trust").unwrap();
    let own = |change: &dyn Fn(&mut Scheme)| {
        let mut scheme = trust.clone();
        change(&mut scheme);
        scheme.validate()
    };
    let parts = |parts: Vec<Part>| Data::Owned(parts.into_boxed_slice());
    let exact = |length| Part::Exact {
        value: Source::Stored(StoredPart::Value),
        symbols: Symbols::Digits,
        length,
    };
    let value = || Part::Value(Source::Stored(StoredPart::Value));
    let seed = || Part::Value(Source::Stored(StoredPart::Seed));
    let query = || Carrier::Query(Data::Static("s"));
    assert_eq!(own(&|scheme| scheme.key = KeyEncoding::Hex), Err(SchemeError::KeyUnused));
    assert_eq!(
        own(&|scheme| scheme.key_prefix = Data::Static("whsec_")),
        Err(SchemeError::KeyUnused)
    );
    assert_eq!(
        own(&|scheme| scheme.parts = parts(vec![exact(3), seed()])),
        Err(SchemeError::NothingReceived)
    );
    for (length, wanted) in [
        (0, Err(SchemeError::ExactLength)),
        (1, Ok(())),
        (MAX_FIELD, Ok(())),
        (MAX_FIELD + 1, Err(SchemeError::ExactLength)),
    ] {
        let result = own(&|scheme| {
            scheme.carrier = query();
            scheme.parts = parts(vec![exact(length), seed()]);
        });
        assert_eq!(result, wanted, "{length}");
    }
    let joined = own(&|scheme| {
        scheme.carrier = query();
        scheme.parts = parts(vec![value(), seed()]);
    });
    assert_eq!(joined, Err(SchemeError::NoDelimiter));
    assert!(MacKey::new(Algorithm::Sha256, KEY.as_bytes()).is_none());
    assert_eq!(trust.prepare_key(KEY.as_bytes()).err(), Some(KeyError::Unkeyed));
    for (name, proves) in [
        ("flexiown-trust", false),
        ("flexiown-trust-keyed", false),
        ("flexiown-trust-return", false),
        ("flexiown-trust-return-keyed", true),
    ] {
        assert_eq!(builtin::find(name).unwrap().proves_secret(), proves, "{name}");
    }
}

/// A key that is given where the algorithm has none changes nothing, and none is needed.
#[test]
fn keys_do_not_matter_where_there_are_none() {
    let scheme = builtin::find("flexiown-trust").unwrap();
    let body = body(VALUE, SEED);
    let request = request("/", &[], signature(SIGNATURE));
    let keys = [MacKey::new(Algorithm::HmacSha512, KEY.as_bytes()).unwrap()];
    for keys in [&keys[..], &[]] {
        let matched = verify_signature(scheme, keys, &request, body.as_bytes(), 0).unwrap();
        assert_eq!(matched.places().collect::<Vec<_>>(), [0]);
    }
}

const POLICY: &str = r#"{
  "tollgate": 1, "environment": "test",
  "routes": {
    "status": {
      "max_body": 65536, "credentials": [{ "api_key": "api-key" }, "basic"],
      "signature": "flexiown-trust"
    },
    "dry": {
      "max_body": 65536, "credentials": [{ "api_key": "api-key" }],
      "signature": "flexiown-trust", "dry_run": ["signature"]
    },
    "keyed": {
      "max_body": 65536, "credentials": [{ "api_key": "api-key" }],
      "signature": "flexiown-trust-keyed"
    },
    "return": {
      "max_body": 0, "credentials": [{ "api_key": "api-key" }],
      "signature": "flexiown-trust-return"
    },
    "return-keyed": {
      "max_body": 0, "credentials": [{ "fixed": "shop" }],
      "signature": "flexiown-trust-return-keyed"
    }
  },
  "credentials": [
    {
      "id": "shop", "api_key": { "text": "your_api_key_here" },
      "basic": { "user": "shop", "passphrase": { "text": "its passphrase" } },
      "secrets": [{ "generation": 7, "key": { "text": "a secret of the merchant" } }]
    },
    { "id": "gone", "state": "revoked", "api_key": { "text": "a_leaked_api_key" } },
    { "id": "bare", "api_key": { "text": "another_api_key" } }
  ]
}"#;

struct Front(Gate);

impl Front {
    fn new() -> Self {
        let document = Document::new(POLICY.as_bytes(), "gate.json", &NoSecrets);
        let policy = Policy::load(&document).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(policy.route_streams("status"), Some(false));
        assert_eq!(policy.route_streams("return"), Some(true));
        Self(Gate::new(Arc::new(policy)))
    }

    fn ask(&self, route: &str, key: &str, stored: &str) -> Decision {
        let headers = [Header { name: b"api-key", value: key.as_bytes() }];
        let body = body(VALUE, SEED);
        let request = Request {
            body: Body::Whole(body.as_bytes()),
            ..request("/", &headers, Stored { credential: b"shop", ..signature(stored) })
        };
        self.0.verify(route.as_bytes(), &request, NOW)
    }

    fn reason(&self, route: &str, key: &str, stored: &str) -> Reason {
        self.ask(route, key, stored).reason
    }
}

const RIGHT: &str = "your_api_key_here";

#[test]
fn the_right_signature_is_no_proof_of_the_sender() {
    let front = Front::new();
    for key in ["your_api_key_her", "shop", "x"] {
        let decision = front.ask("status", key, SIGNATURE);
        assert_eq!((decision.reason, decision.http_status), (Reason::UnknownKey, 401));
        assert!(!decision.authenticated && decision.credential.is_empty());
        assert_eq!(decision.public_name(), "unauthorized");
        // The answer is the same whatever was stored, and names no signature that one could make.
        assert_eq!(front.ask("status", key, SWAPPED), decision);
        assert_eq!(decision.challenges, Challenge::ApiKey as u32 | Challenge::Basic as u32);
    }
    assert_eq!(front.reason("status", "", SIGNATURE), Reason::NoCredential);
    assert_eq!(front.reason("status", "a_leaked_api_key", SIGNATURE), Reason::Revoked);
}

#[test]
fn a_wrong_signature_is_told_to_the_sender_who_proved_a_secret() {
    let front = Front::new();
    let right = front.ask("status", RIGHT, SIGNATURE);
    assert_eq!((right.reason, right.authenticated, right.generation), (Reason::Ok, true, 0));
    let wrong = front.ask("status", RIGHT, SWAPPED);
    assert_eq!((wrong.reason, wrong.http_status), (Reason::TrustMismatch, 403));
    assert!(wrong.authenticated && !wrong.allows());
    assert_eq!(wrong.public_name(), "trust_mismatch");
    assert_eq!(front.reason("status", RIGHT, ""), Reason::MissingSignature);
    assert_eq!(front.reason("status", RIGHT, KEYED), Reason::TrustMismatch);
}

#[test]
fn a_passphrase_counts_as_well_as_a_key() {
    let front = Front::new();
    let body = body(VALUE, SEED);
    // shop:its passphrase, then shop:its passphrasf
    for (proof, stored, wanted) in [
        ("Basic c2hvcDppdHMgcGFzc3BocmFzZQ==", SIGNATURE, Reason::Ok),
        ("Basic c2hvcDppdHMgcGFzc3BocmFzZQ==", SWAPPED, Reason::TrustMismatch),
        ("Basic c2hvcDppdHMgcGFzc3BocmFzZg==", SIGNATURE, Reason::BadSecret),
    ] {
        let headers = [Header { name: b"Authorization", value: proof.as_bytes() }];
        let request = Request {
            body: Body::Whole(body.as_bytes()),
            ..request("/", &headers, Stored { credential: b"shop", ..signature(stored) })
        };
        let decision = front.0.verify(b"status", &request, NOW);
        assert_eq!(decision.reason, wanted, "{proof}");
        assert_eq!(decision.authenticated, wanted != Reason::BadSecret);
    }
}

#[test]
fn dry_run_spares_the_signature_and_not_the_key() {
    let front = Front::new();
    for stored in [SWAPPED, "", "zz"] {
        let decision = front.ask("dry", RIGHT, stored);
        assert_eq!(decision.reason, Reason::OkWouldDeny, "{stored}");
        assert!(decision.authenticated);
    }
    assert_eq!(front.ask("dry", RIGHT, SWAPPED).would_deny_reason, Reason::TrustMismatch);
    assert_eq!(front.reason("dry", RIGHT, SIGNATURE), Reason::Ok);
    assert_eq!(front.reason("dry", "another", SIGNATURE), Reason::UnknownKey);
}

/// Nobody sends the signature that the host stored, so that it matches proves nothing, though it
/// has a key.
#[test]
fn a_stored_signature_proves_nothing_even_with_a_key() {
    let front = Front::new();
    let right = front.ask("keyed", RIGHT, KEYED);
    assert_eq!((right.reason, right.generation), (Reason::Ok, 7));
    assert_eq!(front.reason("keyed", RIGHT, SIGNATURE), Reason::TrustMismatch);
    assert_eq!(front.reason("keyed", "another", KEYED), Reason::UnknownKey);
    let without = front.ask("keyed", "another_api_key", KEYED);
    assert_eq!((without.reason, without.authenticated), (Reason::NoSecret, true));
}

#[test]
fn a_return_without_a_key_needs_another_proof_and_one_with_a_key_is_one() {
    let front = Front::new();
    let stored = Stored {
        value: VALUE.as_bytes(),
        seed: SEED.as_bytes(),
        credential: b"shop",
        ..Stored::NONE
    };
    let ask = |route: &str, key: &str, sent: &str, stored| {
        let headers = [Header { name: b"api-key", value: key.as_bytes() }];
        let target = format!("/return?status=approved&trust_signature={sent}&order_id=1001");
        let headers = if key.is_empty() { &[][..] } else { &headers };
        front.0.verify(route.as_bytes(), &request(&target, headers, stored), NOW).reason
    };
    assert_eq!(ask("return", RIGHT, SIGNATURE, stored), Reason::Ok);
    assert_eq!(ask("return", "", SIGNATURE, stored), Reason::NoCredential);
    assert_eq!(ask("return", RIGHT, SWAPPED, stored), Reason::TrustMismatch);
    assert_eq!(ask("return-keyed", "", KEYED, stored), Reason::Ok);
    assert_eq!(ask("return-keyed", "", SIGNATURE, stored), Reason::SigMismatch);
    let other = Stored { value: OTHER_VALUE.as_bytes(), ..stored };
    assert_eq!(ask("return-keyed", "", KEYED, other), Reason::SigMismatch);
    assert_eq!(ask("return-keyed", "", KEYED, Stored::NONE), Reason::SignedPartMissing);
}

/// The host looks a payment up by what the request says, which may be the payment of another.
#[test]
fn the_payment_of_another_is_denied() {
    let front = Front::new();
    let body = body(VALUE, SEED);
    let ask = |route: &str, owner: &str| {
        let headers = [Header { name: b"api-key", value: RIGHT.as_bytes() }];
        let stored = Stored { credential: owner.as_bytes(), ..signature(SIGNATURE) };
        let request =
            Request { body: Body::Whole(body.as_bytes()), ..request("/", &headers, stored) };
        front.0.verify(route.as_bytes(), &request, NOW)
    };
    assert_eq!(ask("status", "shop").reason, Reason::Ok);
    for owner in ["", "bare", "shop-1", "sho", "Shop"] {
        let decision = ask("status", owner);
        assert_eq!((decision.reason, decision.http_status), (Reason::TrustMismatch, 403));
        assert_eq!(ask("dry", owner).would_deny_reason, Reason::TrustMismatch);
    }
    let keyed = |owner: &str| {
        let stored = Stored {
            value: VALUE.as_bytes(),
            seed: SEED.as_bytes(),
            signature: b"",
            credential: owner.as_bytes(),
        };
        let target = format!("/return?trust_signature={KEYED}");
        front.0.verify(b"return-keyed", &request(&target, &[], stored), NOW).reason
    };
    assert_eq!(keyed("shop"), Reason::Ok);
    assert_eq!(keyed("bare"), Reason::TrustMismatch);
}
