//! Published and computed signatures, verified with a key that the host holds and through a gate;
//! each of them with every bit flipped.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its counts; it has std"
)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tollgate::decision::{Denial, Reason};
use tollgate::gate::Gate;
use tollgate::policy::{NoSecrets, Policy, Source};
use tollgate::request::{Body, Header, Now, Request, Stored};
use tollgate::scheme::{MacKey, Matched, Scheme, builtin, verify_signature};

/// 2020-06-21T12:33:20Z
const NOW_MS: u64 = 1_592_742_800_000;

const CASHOUT_SECRET: &str = "cashout_secret_key";
/// The constants of the tests in Directa24's SDK for Java.
const DEPOSIT_SECRET: &str = "gUfmqFBEGvIemZhzcpkfpBMcHhyoXUxFp";
const LOGIN: &str = "gFNQnUZXSE";

const CASHOUT: &[u8] = "{\"login\":\"cashout_API_Key\",\"pass\":\"cashout_API_Passphrase\",\
    \"external_id\":\"123456789\",\"country\":\"MX\",\"amount\":2000,\"currency\":\"MXN\",\
    \"beneficiary_name\":\"José Peña\"}"
    .as_bytes();
const DEPOSIT: &[u8] = br#"{"invoice_id":"108","amount":100,"country":"BR","currency":"BRL"}"#;

const DATE: &str = "2020-06-21T12:33:20Z";
const DATE_MS: &str = "2020-06-21T12:33:20.000Z";

/// A request with its signature, as OpenSSL and Python compute it.
struct Vector {
    scheme: &'static str,
    secret: &'static str,
    body: Vec<u8>,
    /// The headers; the last one carries the signature, and the others are signed.
    headers: Vec<(&'static str, String)>,
    /// The policy and the route that take it, and the headers that they ask for besides.
    gate: (&'static str, &'static str),
    besides: &'static [(&'static str, &'static str)],
}

fn cashout(body: Vec<u8>, route: &'static str, signature: &str) -> Vector {
    let headers = vec![("Payload-Signature", signature.to_owned())];
    let besides = &[
        ("Authorization", "Basic Y2FzaG91dF9BUElfS2V5OmNhc2hvdXRfQVBJX1Bhc3NwaHJhc2U="),
        ("User-Agent", "merchant/1.0"),
        ("Content-Type", "application/json"),
    ];
    let (scheme, secret) = ("directa24-cashout", CASHOUT_SECRET);
    Vector { scheme, secret, body, headers, gate: ("merchants", route), besides }
}

fn dated(scheme: &'static str, route: &'static str, body: &[u8], signature: &str) -> Vector {
    let (date, prefix) = match scheme {
        "dlocal-payin" => (DATE_MS, "V2-HMAC-SHA256, Signature: "),
        _ => (DATE, "D24 "),
    };
    let headers = vec![
        ("X-Date", date.to_owned()),
        ("X-Login", LOGIN.to_owned()),
        ("Authorization", format!("{prefix}{signature}")),
    ];
    let besides = &[("Content-Type", "application/json"), ("X-Trans-Key", "a static key")];
    let gate = ("deposits", route);
    Vector { scheme, secret: DEPOSIT_SECRET, body: body.to_vec(), headers, gate, besides }
}

fn vectors() -> Vec<Vector> {
    let latin_1 = CASHOUT.iter().copied().filter(|byte| *byte != 0xc3);
    let latin_1 = latin_1.map(|byte| if byte >= 0x80 { byte + 0x40 } else { byte });
    vec![
        cashout(
            CASHOUT.to_vec(),
            "cashout",
            "1f7577acf74b0b0cfdbbb76a5079b5c7ac12033c25659a5c5d593932fb0ab188",
        ),
        cashout(
            latin_1.collect(),
            "cashout-any",
            "7588dd1af635b3948c94b352a71f43a8ecf8931e71c896f5b11d6a2503caa4c5",
        ),
        cashout(
            Vec::new(),
            "cashout-empty",
            "8d3e2b061e753c88e401ac8737e6dc7af9e02d590fd1dd4d5e1ded9f4430487c",
        ),
        dated(
            "directa24-deposit",
            "deposit",
            DEPOSIT,
            "e8a9b42d9a2f8142e1bf15816ee96bd7cc7d55c1be2924d85a85cec9650e2199",
        ),
        dated(
            "directa24-deposit",
            "deposit",
            &[],
            "5635101712c2965158b2b40e554d5fb5b3362fcc06d4241bd2d7e2104ccf7815",
        ),
        dated("dlocal-payin", "payin", DEPOSIT, &dlocal_with_milliseconds()),
    ]
}

/// The published value is over a date without milliseconds, which the scheme does not take.
fn dlocal_with_milliseconds() -> String {
    let text = [LOGIN.as_bytes(), DATE_MS.as_bytes(), DEPOSIT].concat();
    python_hmac(DEPOSIT_SECRET, &text)
}

/// HMAC-SHA256 in hex, as Python computes it.
fn python_hmac(secret: &str, text: &[u8]) -> String {
    let script = "import hmac,sys; print(hmac.new(sys.argv[1].encode(),\
                  bytes.fromhex(sys.argv[2]),'sha256').hexdigest())";
    let hex: String = text.iter().map(|byte| format!("{byte:02x}")).collect();
    python(&["-c", script, secret, &hex]).trim().to_owned()
}

fn python(arguments: &[&str]) -> String {
    let output = Command::new("python3").args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("this test needs python3: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

impl Vector {
    fn scheme(&self) -> &'static Scheme {
        builtin::find(self.scheme).unwrap()
    }

    fn keys(&self) -> [MacKey; 1] {
        [self.scheme().prepare_key(self.secret.as_bytes()).unwrap()]
    }

    /// Verifies it with other octets in the headers or in the body.
    fn verify(&self, headers: &[Vec<u8>], body: &[u8], now_ms: u64) -> Result<Matched, Reason> {
        let names = self.headers.iter().map(|(name, _)| name.as_bytes());
        let lines = names.zip(headers).map(|(name, value)| Header { name, value });
        let lines: Vec<_> = lines.collect();
        let request = request(&lines, body);
        let found = verify_signature(self.scheme(), &self.keys(), &request, body, now_ms);
        found.map_err(|Denial { reason, .. }| reason)
    }

    fn values(&self) -> Vec<Vec<u8>> {
        self.headers.iter().map(|(_, value)| value.clone().into_bytes()).collect()
    }

    /// The reason of a gate's decision, whole and streamed.
    fn decide(&self, gate: &Gate, headers: &[Vec<u8>], body: &[u8]) -> [Reason; 2] {
        let names = self.headers.iter().map(|(name, _)| *name);
        let besides = self.besides.iter().map(|(name, value)| (*name, value.as_bytes()));
        let own = names.zip(headers.iter().map(Vec::as_slice));
        let lines = own.chain(besides.filter(|(name, _)| self.lacks(name)));
        let lines = lines.map(|(name, value)| Header { name: name.as_bytes(), value });
        let lines: Vec<_> = lines.collect();
        let (now, route) = (Now { unix_ms: NOW_MS, monotonic_ns: 1 }, self.gate.1.as_bytes());
        let whole = gate.verify(route, &request(&lines, body), now);
        let mut stream = gate.stream();
        let head = Request { body: Body::Streamed, ..request(&lines, body) };
        let streamed = stream.begin(route, &head, now).unwrap_or_else(|| {
            let _wanted = body.chunks(5).all(|piece| stream.update(piece));
            stream.finish(now)
        });
        [whole.reason, streamed.reason]
    }

    fn lacks(&self, name: &str) -> bool {
        self.headers.iter().all(|(own, _)| *own != name)
    }
}

fn request<'a>(headers: &'a [Header<'a>], body: &'a [u8]) -> Request<'a> {
    Request {
        method: if body.is_empty() { b"GET" } else { b"POST" },
        target: b"/v3/cashout",
        host: b"api.example.com",
        headers,
        body: Body::Whole(body),
        peer: Some([192, 0, 2, 7].into()),
        tls: true,
        stored: Stored::NONE,
    }
}

fn gate(policy: &str) -> Gate {
    let path = format!("tests/vectors/policies/{policy}.json");
    let text = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    Gate::new(Arc::new(Policy::load(&Source::new(&text, policy, &NoSecrets)).unwrap()))
}

#[test]
fn every_vector_is_verified() {
    for vector in vectors() {
        let (headers, body) = (vector.values(), &vector.body);
        assert_eq!(vector.verify(&headers, body, NOW_MS).map(Matched::first), Ok(0));
        let decided = vector.decide(&gate(vector.gate.0), &headers, body);
        assert_eq!(decided, [Reason::Ok; 2], "{}", vector.gate.1);
    }
}

/// dLocal's order of the parts, as published.
#[test]
fn the_order_of_the_parts_is_the_vendors() {
    let order = |parts: [&[u8]; 3]| python_hmac(DEPOSIT_SECRET, &parts.concat());
    let dlocal = order([LOGIN.as_bytes(), DATE.as_bytes(), DEPOSIT]);
    assert_eq!(dlocal, "79e49a7a36d459e1c1a88f61092d36cc39f493321a16819e37c356f576be1c29");
    let vector = dated("directa24-deposit", "deposit", DEPOSIT, &dlocal);
    let found = vector.verify(&vector.values(), DEPOSIT, NOW_MS);
    assert_eq!(found, Err(Reason::SigMismatch));
}

/// RFC 7617 sections 2 and 2.1.
#[test]
fn the_examples_of_rfc_7617_pass() {
    let gate = gate("basic");
    for (value, credential) in [
        ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "rfc7617"),
        ("Basic dGVzdDoxMjPCow==", "rfc7617-charset"),
    ] {
        let lines = [Header { name: b"Authorization", value: value.as_bytes() }];
        let now = Now { unix_ms: NOW_MS, monotonic_ns: 1 };
        let decision = gate.verify(b"strict", &request(&lines, b""), now);
        assert_eq!((decision.reason, decision.credential.as_str()), (Reason::Ok, credential));
        for (bit, flipped) in flips(value.as_bytes()) {
            let lines = [Header { name: b"Authorization", value: &flipped }];
            let decision = gate.verify(b"strict", &request(&lines, b""), now);
            // Bit 5 is the case of a letter, and the scheme has none.
            let same = bit < 5 * 8 && bit % 8 == 5;
            assert_eq!(decision.allows(), same, "bit {bit} of {value}");
        }
    }
}

/// The octets with each of their bits flipped.
fn flips(octets: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> + '_ {
    (0..octets.len() * 8).map(|bit| {
        let mut flipped = octets.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        (bit, flipped)
    })
}

#[test]
fn every_flipped_bit_is_refused() {
    let mut count = 0;
    for vector in vectors() {
        let (values, gate) = (vector.values(), gate(vector.gate.0));
        for (bit, body) in flips(&vector.body) {
            assert!(vector.verify(&values, &body, NOW_MS).is_err(), "bit {bit} of the body");
            let decided = vector.decide(&gate, &values, &body);
            assert!(!decided.contains(&Reason::Ok), "bit {bit} of the body: {decided:?}");
            count += 1;
        }
        for (place, value) in values.iter().enumerate() {
            let name = vector.headers[place].0;
            for (bit, flipped) in flips(value) {
                let mut headers = values.clone();
                headers[place] = flipped;
                let found = vector.verify(&headers, &vector.body, NOW_MS);
                assert!(found.is_err(), "bit {bit} of {name}");
                let decided = vector.decide(&gate, &headers, &vector.body);
                assert!(!decided.contains(&Reason::Ok), "bit {bit} of {name}: {decided:?}");
                count += 1;
            }
        }
    }
    println!("{count} flipped bits");
    assert_eq!(count, 6 * 64 * 8 + signed_bits());
}

/// The bits of the vectors that are no digits of a signature.
fn signed_bits() -> usize {
    let bodies = CASHOUT.len() + (CASHOUT.len() - 2) + 2 * DEPOSIT.len();
    let deposits = 2 * (DATE.len() + LOGIN.len() + "D24 ".len());
    let payin = DATE_MS.len() + LOGIN.len() + "V2-HMAC-SHA256, Signature: ".len();
    8 * (bodies + deposits + payin)
}

/// A signature with another key is refused, and the keys that match are named.
#[test]
fn the_keys_that_match_are_named() {
    let vector = &vectors()[0];
    let scheme = vector.scheme();
    let key = |secret: &str| scheme.prepare_key(secret.as_bytes()).unwrap();
    let other = || key("another cashout key");
    let line = [Header { name: b"payload-signature", value: &vector.values()[0] }];
    let request = request(&line, CASHOUT);
    let find = |keys: &[MacKey]| verify_signature(scheme, keys, &request, CASHOUT, NOW_MS);
    for place in 0..4 {
        let mut keys = [other(), other(), other(), other()];
        assert_eq!(find(&keys), Err(Reason::SigMismatch.into()));
        keys[place] = key(CASHOUT_SECRET);
        assert_eq!(find(&keys).map(Matched::first), Ok(place));
    }
    let twice = find(&[key(CASHOUT_SECRET), other(), key(CASHOUT_SECRET)]).unwrap();
    assert_eq!(twice.places().collect::<Vec<_>>(), [0, 2]);
    assert_eq!(find(&[]), Err(Reason::NoSecret.into()));
}

#[test]
fn a_time_counts_for_300_seconds_either_way() {
    let second = 1000;
    let cases = [
        (0, Ok(())),
        (300 * second, Ok(())),
        (300 * second + 1, Err(Reason::Stale)),
        (301 * second, Err(Reason::Stale)),
        (-300 * second, Ok(())),
        (-300 * second - 1, Err(Reason::Future)),
        (-301 * second, Err(Reason::Future)),
    ];
    for vector in vectors().iter().filter(|vector| vector.scheme != "directa24-cashout") {
        for (offset, expected) in cases {
            let now_ms = NOW_MS.checked_add_signed(offset).unwrap();
            let found = vector.verify(&vector.values(), &vector.body, now_ms);
            assert_eq!(found.map(|_| ()), expected, "{offset} ms, {}", vector.scheme);
        }
        for (now_ms, expected) in [(0, Reason::Future), (u64::MAX, Reason::Stale)] {
            let found = vector.verify(&vector.values(), &vector.body, now_ms);
            assert_eq!(found, Err(expected));
        }
    }
}
