//! HTTP Message Signatures (RFC 9421): its own example, schemes of a policy, and what bad inputs,
//! other components and changed bodies get. Other signatures are made with the `hmac` crate.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use tollgate::decision::Reason;
use tollgate::gate::Gate;
use tollgate::policy::{NoSecrets, Policy, Source};
use tollgate::request::{Body, Header, Now, Request, Stored};

/// The shared secret of RFC 9421 appendix B.1.5.
const SECRET: &str =
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
/// The time of its examples.
const CREATED: u64 = 1_618_884_473;
const BODY: &[u8] = br#"{"hello": "world"}"#;
const COVERED: &str = r#"("@method" "@authority" "@path" "@query" "content-digest")"#;

fn gate() -> Gate {
    let policy = format!(
        r#"{{
  "tollgate": 1,
  "environment": "production",
  "schemes": {{
    "b25": {{
      "algorithm": "hmac-sha256", "key": "base64", "encoding": "base64",
      "carrier": {{ "header": "Signature" }}, "locator": {{ "member": "sig-b25" }},
      "parts": [{{ "signature_base": ["date", "@authority", "content-type"] }}],
      "timestamp": {{ "created": "signature-input" }}
    }}
  }},
  "routes": {{
    "b25": {{ "max_body": 100, "credentials": ["signature_key"], "signature": "b25" }},
    "fixed": {{
      "max_body": 100, "credentials": [{{ "fixed": "client" }}], "signature": "http-message"
    }},
    "named": {{ "max_body": 100, "credentials": ["signature_key"], "signature": "http-message" }}
  }},
  "credentials": [{{
    "id": "client",
    "api_key": {{ "text": "test-shared-secret" }},
    "secrets": [{{ "generation": 1, "key": {{ "text": "{SECRET}" }} }}]
  }}]
}}"#
    );
    let policy = Policy::load(&Source::new(policy.as_bytes(), "policy.json", &NoSecrets));
    Gate::new(Arc::new(policy.unwrap_or_else(|errors| panic!("{errors}"))))
}

fn encoded(bytes: &[u8]) -> String {
    let mut room = [0; 256];
    let length = STANDARD.encode_slice(bytes, &mut room).unwrap();
    String::from_utf8(room[..length].to_vec()).unwrap()
}

fn sha256(body: &[u8]) -> String {
    format!("sha-256=:{}:", encoded(&Sha256::digest(body)))
}

fn sha512(body: &[u8]) -> String {
    format!("sha-512=:{}:", encoded(&Sha512::digest(body)))
}

/// A message as a client sends it.
struct Message {
    method: String,
    target: String,
    host: String,
    digest: String,
    /// Components and parameters.
    input: String,
    body: Vec<u8>,
    /// Header lines in place of those that are made of the above.
    lines: Option<Vec<(&'static str, String)>>,
}

fn message() -> Message {
    Message {
        method: "POST".into(),
        target: "/foo?param=Value&Pet=dog".into(),
        host: "example.com".into(),
        digest: sha512(BODY),
        input: format!(r#"{COVERED};created={CREATED};keyid="test-shared-secret""#),
        body: BODY.to_vec(),
        lines: None,
    }
}

impl Message {
    /// The header lines, signed with the `hmac` crate over the lines of RFC 9421 section 2.5.
    fn signed(&self) -> Vec<(&'static str, String)> {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let base = format!(
            "\"@method\": {}\n\"@authority\": {}\n\"@path\": {path}\n\"@query\": ?{query}\n\
             \"content-digest\": {}\n\"@signature-params\": {}",
            self.method,
            self.host.to_lowercase().trim_end_matches(":443"),
            self.digest,
            self.input
        );
        let mut room = [0; 64];
        let length = STANDARD.decode_slice(SECRET, &mut room).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&room[..length]).unwrap();
        mac.update(base.as_bytes());
        let tag = encoded(&mac.finalize().into_bytes());
        vec![
            ("Content-Digest", self.digest.clone()),
            ("Signature-Input", format!("sig1={}", self.input)),
            ("Signature", format!("sig1=:{tag}:")),
        ]
    }

    fn with(mut self, change: impl FnOnce(&mut Vec<(&'static str, String)>)) -> Self {
        let mut lines = self.signed();
        change(&mut lines);
        self.lines = Some(lines);
        self
    }

    fn ask(&self, gate: &Gate, route: &str, unix_s: u64, piece: Option<usize>) -> (Reason, u16) {
        let lines = self.lines.clone().unwrap_or_else(|| self.signed());
        let headers: Vec<_> = lines
            .iter()
            .map(|(name, value)| Header { name: name.as_bytes(), value: value.as_bytes() })
            .collect();
        let request = Request {
            method: self.method.as_bytes(),
            target: self.target.as_bytes(),
            host: self.host.as_bytes(),
            headers: &headers,
            body: if piece.is_some() { Body::Streamed } else { Body::Whole(&self.body) },
            peer: None,
            tls: true,
            stored: Stored::NONE,
        };
        let now = Now { unix_ms: unix_s * 1000, monotonic_ns: 0 };
        let decision = match piece {
            None => gate.verify(route.as_bytes(), &request, now),
            Some(length) => {
                let mut stream = gate.stream();
                stream.begin(route.as_bytes(), &request, now).unwrap_or_else(|| {
                    self.body.chunks(length).all(|piece| stream.update(piece));
                    stream.finish(now)
                })
            }
        };
        assert_eq!(decision.allows(), decision.reason == Reason::Ok);
        (decision.reason, decision.http_status)
    }
}

fn verdict(message: &Message) -> Reason {
    let gate = gate();
    let whole = message.ask(&gate, "fixed", CREATED, None).0;
    for piece in [1, 7] {
        assert_eq!(message.ask(&gate, "fixed", CREATED, Some(piece)).0, whole, "pieces of {piece}");
    }
    whole
}

#[test]
fn the_example_of_the_standard() {
    let lines = |tag: &str| {
        vec![
            ("Date", "Tue, 20 Apr 2021 02:07:55 GMT".to_owned()),
            ("Content-Type", "application/json".to_owned()),
            ("Content-Length", "18".to_owned()),
            (
                "Signature-Input",
                r#"sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret""#
                    .to_owned(),
            ),
            ("Signature", format!("sig-b25=:{tag}:")),
        ]
    };
    let gate = gate();
    let tag = "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=";
    let example = Message { lines: Some(lines(tag)), ..message() };
    assert_eq!(example.ask(&gate, "b25", CREATED, None), (Reason::Ok, 200));
    let other = Message { lines: Some(lines(&tag.replace('x', "y"))), ..message() };
    assert_eq!(other.ask(&gate, "b25", CREATED, None), (Reason::SigMismatch, 401));
}

#[test]
fn what_is_covered_counts() {
    assert_eq!(verdict(&message()), Reason::Ok);
    let host = |host: &str| Message { host: host.into(), ..message() };
    assert_eq!(verdict(&host("EXAMPLE.com:443")), Reason::Ok);
    assert_eq!(verdict(&host("example.com:8443")), Reason::Ok);
    assert_eq!(verdict(&Message { target: "/foo".into(), ..message() }), Reason::Ok);
    let digest = |digest| Message { digest, ..message() };
    assert_eq!(verdict(&digest(sha256(BODY))), Reason::Ok);
    assert_eq!(verdict(&digest(format!("md5=:AA==:, {}", sha256(BODY)))), Reason::Ok);
    // After the signature was made.
    let moved = |change: fn(&mut Message)| {
        let mut message = message().with(|_| ());
        change(&mut message);
        verdict(&message)
    };
    assert_eq!(moved(|message| message.method = "PUT".into()), Reason::SigMismatch);
    assert_eq!(moved(|message| message.host = "example.org".into()), Reason::SigMismatch);
    assert_eq!(moved(|message| message.target = "/foo?param=Value".into()), Reason::SigMismatch);
    assert_eq!(
        moved(|message| message.target = "/Foo?param=Value&Pet=dog".into()),
        Reason::SigMismatch
    );
    assert_eq!(moved(|message| message.body = b"{}".to_vec()), Reason::DigestMismatch);
    assert_eq!(moved(|message| message.host = String::new()), Reason::SignedPartMissing);
}

#[test]
fn every_bit_of_the_body_counts() {
    let gate = gate();
    for digest in [sha256(BODY), sha512(BODY)] {
        for bit in 0..BODY.len() * 8 {
            let mut message = Message { digest: digest.clone(), ..message() };
            message.body[bit / 8] ^= 1 << (bit % 8);
            let answer = message.ask(&gate, "fixed", CREATED, None);
            assert_eq!(answer, (Reason::DigestMismatch, 400));
        }
    }
}

/// The body is compared only with a digest that somebody signed.
#[test]
fn the_signature_is_looked_at_before_the_body() {
    let forged = message().with(|lines| lines[0].1 = sha512(b"another"));
    assert_eq!(verdict(&forged), Reason::SigMismatch);
}

#[test]
fn a_digest_is_one_that_is_known() {
    let good = sha512(BODY);
    for digest in [
        "md5=:AAAA:".to_owned(),
        String::new(),
        good.replace("==:", ":"),
        good.replace("sha-512", "SHA-512"),
        good.replace("sha-512", "sha-256"),
        format!("{good}, {good}"),
        format!("{good};a=1"),
        format!("sha-512=\"x\", {}", sha256(BODY)),
        good.replace(':', ""),
    ] {
        let message = Message { digest: digest.clone(), ..message() };
        assert_eq!(verdict(&message), Reason::SignedPartMissing, "{digest}");
    }
    let twice = message().with(|lines| lines.insert(0, ("Content-Digest", sha512(BODY))));
    assert_eq!(verdict(&twice), Reason::DupHeader);
    let absent = message().with(|lines| drop(lines.remove(0)));
    assert_eq!(verdict(&absent), Reason::SignedPartMissing);
}

#[test]
fn the_input_is_the_one_of_the_scheme() {
    use Reason::{BadTimestamp, MalformedSignature, NoSupportedSignature, Ok};
    let rest = format!(";created={CREATED}");
    for (input, reason) in [
        (format!("{COVERED}{rest}"), Ok),
        (format!(r#"{COVERED}{rest};alg="hmac-sha256";nonce="a\"b";tag="x""#), Ok),
        (format!(r#"{COVERED};keyid="k"{rest}"#), Ok),
        (format!("{COVERED}{rest};expires={CREATED}"), Ok),
        (format!("{COVERED}{rest};expires={}", CREATED - 1), Reason::Stale),
        (COVERED.to_owned(), BadTimestamp),
        (format!(r#"{COVERED}{rest};alg="rsa-pss-sha512""#), NoSupportedSignature),
        (format!("(){rest}"), NoSupportedSignature),
        (format!(r#"("@method"){rest}"#), NoSupportedSignature),
        (format!("{}{rest}", COVERED.replace("\" \"", "\"  \"")), NoSupportedSignature),
        (format!("{}{rest}", COVERED.replace("\"@query\" ", "")), NoSupportedSignature),
        (format!("{}{rest}", COVERED.replace("digest\"", "digest\";req")), NoSupportedSignature),
        (format!("{COVERED}{rest}{rest}"), MalformedSignature),
        (format!("{COVERED}{rest};other=1"), MalformedSignature),
        (format!("{COVERED}; created={CREATED}"), MalformedSignature),
        (format!("{COVERED};created=\"{CREATED}\""), MalformedSignature),
        (format!("{COVERED};created=0{CREATED}"), MalformedSignature),
        (format!("{COVERED};created=-{CREATED}"), MalformedSignature),
        (format!("{COVERED};created={CREATED}.0"), MalformedSignature),
        (format!(r#"{COVERED}{rest};keyid="a"#), MalformedSignature),
        (format!(r#"{COVERED}{rest};keyid=a"#), MalformedSignature),
    ] {
        assert_eq!(verdict(&Message { input: input.clone(), ..message() }), reason, "{input}");
    }
}

#[test]
fn the_signature_stands_under_its_label() {
    use Reason::{
        DupHeader, MalformedSignature, MissingSignature, NoSupportedSignature, SigEncoding,
    };
    let set = |at: usize, change: fn(&str) -> String| {
        verdict(&message().with(|lines| lines[at].1 = change(&lines[at].1)))
    };
    for (at, change, reason) in [
        (2, (|sent| format!("a=:AAAA:, {sent}")) as fn(&str) -> String, Reason::Ok),
        (1, |sent| format!("a=(\"x,\\\"\");n=\"y\\\",\", {sent}"), Reason::Ok),
        (2, |sent| sent.replace("sig1", "sig2"), NoSupportedSignature),
        (1, |sent| sent.replace("sig1", "sig2"), NoSupportedSignature),
        (2, |sent| format!("{sent}, {sent}"), MalformedSignature),
        (1, |sent| format!("{sent}, {sent}"), MalformedSignature),
        (2, |sent| sent.replace(':', ""), SigEncoding),
        (2, |sent| format!("{sent};a=1"), SigEncoding),
        (2, |sent| format!("{}:", sent.trim_end_matches("=:")), SigEncoding),
        (2, |_| "sig1=::".to_owned(), SigEncoding),
        (2, |_| "sig1".to_owned(), MalformedSignature),
        (2, |_| String::new(), MissingSignature),
    ] {
        assert_eq!(set(at, change), reason);
    }
    let again = |at: usize| verdict(&message().with(|lines| lines.push(lines[at].clone())));
    assert_eq!((again(1), again(2)), (DupHeader, DupHeader));
    let without = |at: usize| verdict(&message().with(|lines| drop(lines.remove(at))));
    assert_eq!((without(1), without(2)), (MissingSignature, MissingSignature));
}

#[test]
fn the_time_is_created() {
    let gate = gate();
    for (later, reason) in
        [(-301, Reason::Future), (-300, Reason::Ok), (300, Reason::Ok), (301, Reason::Stale)]
    {
        let now = CREATED.checked_add_signed(later).unwrap();
        assert_eq!(message().ask(&gate, "fixed", now, None).0, reason, "{later}");
    }
}

#[test]
fn the_key_id_says_whose_it_is() {
    let gate = gate();
    let ask = |input: String| Message { input, ..message() }.ask(&gate, "named", CREATED, None);
    let rest = format!("{COVERED};created={CREATED}");
    assert_eq!(ask(format!(r#"{rest};keyid="test-shared-secret""#)), (Reason::Ok, 200));
    assert_eq!(ask(format!(r#"{rest};keyid="nobody""#)), (Reason::UnknownKey, 401));
    assert_eq!(ask(format!(r#"{rest};keyid="""#)), (Reason::NoCredential, 401));
    assert_eq!(ask(rest), (Reason::NoCredential, 401));
}
