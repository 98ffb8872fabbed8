//! What is not signed, and why.

use tollgate::decision::{Denial, Reason};
use tollgate::primitive::data::Data;
use tollgate::request::{Body, Header, Request, Stored};
use tollgate::scheme::{
    Algorithm, Carrier, Locator, MAX_FIELD, MacKey, Part, Scheme, SchemeError, SignError, Source,
    Stamp, TimeFormat, TimeSource, builtin, sign,
};

const NOW_MS: u64 = 1_592_742_800_000;
const SECRET: &[u8] = b"a secret of the merchant";

fn key(algorithm: Algorithm) -> MacKey {
    MacKey::new(algorithm, SECRET).expect("an algorithm with a key")
}

/// What is given to `sign`, and works as it is.
#[derive(Clone)]
struct Given<'a> {
    scheme: Scheme,
    keys: Vec<MacKey>,
    headers: Vec<Header<'a>>,
    target: &'a [u8],
    body: Body<'a>,
    id: &'a str,
    key: &'a str,
    unix_ms: u64,
    room: usize,
}

impl<'a> Given<'a> {
    fn new(name: &str) -> Self {
        let scheme = builtin::find(name).unwrap().clone();
        let keys = vec![key(scheme.algorithm)];
        let headers = vec![Header { name: b"X-Login", value: b"merchant" }];
        let body = Body::Whole(b"external_id=7&amount=1");
        let (target, id, key) = (&b"/hook?data.id=5"[..], "msg_1", "my-key");
        Self { scheme, keys, headers, target, body, id, key, unix_ms: NOW_MS, room: 1024 }
    }

    fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push(Header { name: name.as_bytes(), value: value.as_bytes() });
        self
    }

    /// The error, and the value otherwise.
    fn sign(&self) -> Result<String, SignError<'_>> {
        let request = Request {
            method: b"POST",
            target: self.target,
            host: b"example.com",
            headers: &self.headers,
            body: self.body,
            peer: None,
            tls: true,
            stored: Stored::NONE,
        };
        let mut room = vec![0; self.room];
        let stamp = Stamp { unix_ms: self.unix_ms, id: self.id, key: self.key };
        let signed = sign(&self.scheme, &self.keys, &request, &stamp, &mut room);
        signed.map(|signed| signed.value.to_owned())
    }

    #[track_caller]
    fn fails(&self, error: SignError<'_>) {
        assert_eq!(self.sign(), Err(error));
    }
}

#[test]
fn the_number_and_the_algorithm_of_the_keys_are_held() {
    let (sha256, sha512) = (key(Algorithm::HmacSha256), key(Algorithm::HmacSha512));
    for (name, most) in [("github", 1), ("directa24-cashout", 1), ("stripe", 4), ("svix", 4)] {
        for count in 0..=5 {
            let given = Given { keys: vec![sha256.clone(); count], ..Given::new(name) };
            let right = (1..=most).contains(&count);
            assert_eq!(given.sign().is_ok(), right, "{count} keys for {name}");
            if !right {
                given.fails(SignError::KeyCount);
            }
        }
    }
    let mut two = Given { keys: vec![sha256.clone(); 2], ..Given::new("stripe") };
    two.scheme.max_candidates = 1;
    two.fails(SignError::KeyCount);
    two.scheme.max_candidates = 2;
    assert!(two.sign().is_ok());
    two.keys = vec![sha256.clone(), sha512.clone()];
    two.fails(SignError::KeyAlgorithm);
    Given { keys: vec![sha512], ..Given::new("github") }.fails(SignError::KeyAlgorithm);
    Given { keys: vec![sha256], ..Given::new("paystack") }.fails(SignError::KeyAlgorithm);
}

#[test]
fn an_algorithm_without_a_key_takes_none() {
    let scheme = builtin::find("flexiown-trust").unwrap().clone();
    let body = br#"{"trust_value":"b8c37e33defde51cf91e1e03e51657da","trust_seed":"seed"}"#;
    let given = |keys| {
        let body = Body::Whole(body);
        Given { scheme: scheme.clone(), keys, body, ..Given::new("github") }
    };
    assert_eq!(given(Vec::new()).sign().map(|value| value.len()), Ok(64));
    for algorithm in [Algorithm::HmacSha256, Algorithm::HmacSha512] {
        given(vec![key(algorithm)]).fails(SignError::KeyCount);
    }
}

#[test]
fn a_time_that_cannot_be_written_is_refused() {
    for (name, end_ms) in [
        ("stripe", 1_000_000_000_000_000),
        ("revolut", 1_000_000_000_000_000),
        ("directa24-deposit", 253_402_300_800_000),
        ("dlocal-payin", 253_402_300_800_000),
    ] {
        for unix_ms in [end_ms, end_ms + 1, u64::MAX] {
            Given { unix_ms, ..Given::new(name) }.fails(SignError::Time);
        }
        for unix_ms in [0, 999, end_ms - 1] {
            assert!(Given { unix_ms, ..Given::new(name) }.sign().is_ok(), "{unix_ms} for {name}");
        }
    }
    let untimed = Given { unix_ms: u64::MAX, ..Given::new("github") };
    assert!(untimed.sign().is_ok());
}

#[test]
fn an_id_is_visible_and_unambiguous() {
    for id in ["", " ", "a b", "a\tb", "a\r\nX-Evil: 1", "a\0", "\u{7f}", "é"] {
        Given { id, ..Given::new("standard-webhooks") }.fails(SignError::Id);
        assert!(Given { id, ..Given::new("github") }.sign().is_ok(), "there is no id to look at");
    }
    // A dot ends the id in the signed string.
    let dotted = Given { id: "msg.1", ..Given::new("standard-webhooks") };
    dotted.fails(SignError::Refused(Reason::SignedPartMissing.into()));
}

#[test]
fn the_key_of_the_credential_is_visible() {
    let given = |key| Given { key, ..Given::new("ixopay-xml") }.header("Content-Type", "text/xml");
    for key in ["", " ", "a b", "a\r\nX-Evil: 1", "é"] {
        let headers = vec![Header { name: b"Content-Type", value: b"text/xml" }];
        Given { headers, ..given(key) }.fails(SignError::Key);
        assert!(Given { key, ..Given::new("github") }.sign().is_ok(), "there is none to look at");
    }
    // A comma could be where a proxy joined two lines.
    given("a,b").fails(SignError::Unreadable);
    for key in ["a", "my-key", "a:b", ":"] {
        let value = given(key).sign().unwrap();
        assert!(value.starts_with(&format!("Gateway {key}:")), "{value}");
    }
}

#[test]
fn places_that_are_taken_are_not_written_twice() {
    for (scheme, name) in [
        ("github", "X-Hub-Signature-256"),
        ("directa24-deposit", "Authorization"),
        ("directa24-deposit", "X-Date"),
        ("svix", "svix-id"),
        ("svix", "svix-timestamp"),
        ("svix", "svix-signature"),
        ("ixopay", "Date"),
        ("ixopay", "X-Date"),
    ] {
        let name_in_capitals = name.to_ascii_uppercase();
        for value in ["", "x"] {
            let given = Given::new(scheme).header(&name_in_capitals, value);
            given.fails(SignError::Occupied(name));
        }
    }
    let mut form = Given::new("directa24-control");
    form.body = Body::Whole(b"external_id=7&control=");
    form.fails(SignError::Occupied("control"));
    let mut query = Given::new("github");
    query.scheme.carrier = Carrier::Query(Data::Static("data.id"));
    query.fails(SignError::Occupied("data.id"));
    let mut json = Given::new("github");
    json.scheme.carrier = Carrier::Json(Data::Static("sign"));
    json.scheme.parts = Data::Static(&[Part::Path]);
    json.body = Body::Whole(br#"{"sign":null}"#);
    json.fails(SignError::Refused(Reason::MalformedSignature.into()));
    json.body = Body::Whole(br#"{"sign":"x"}"#);
    json.fails(SignError::Occupied("sign"));
    json.body = Body::Whole(br#"{"signed":"x"}"#);
    assert!(json.sign().is_ok());
    let mut shared = Given::new("svix");
    shared.scheme.id_header = Data::Static("Svix-Timestamp");
    shared.fails(SignError::Occupied("svix-timestamp"));
}

#[test]
fn what_a_verifier_would_refuse_is_not_signed() {
    let refused = |given: Given<'_>, denial: Denial<'_>| given.fails(SignError::Refused(denial));
    let missing = Denial::about(Reason::SignedPartMissing, "X-Login");
    refused(Given { headers: Vec::new(), ..Given::new("directa24-deposit") }, missing);
    let twice = Given::new("directa24-deposit").header("x-login", "merchant");
    refused(twice, Denial::about(Reason::DupHeader, "X-Login"));
    refused(Given { body: Body::Streamed, ..Given::new("github") }, Reason::BodyRequired.into());
    refused(
        Given { body: Body::Streamed, ..Given::new("directa24-control") },
        Reason::BodyRequired.into(),
    );
    for (body, reason) in [
        (&b"external_id=%"[..], Reason::MalformedBody),
        (b"amount=1", Reason::SignedPartMissing),
        (b"external_id=1&external_id=1", Reason::SignedPartMissing),
    ] {
        refused(
            Given { body: Body::Whole(body), ..Given::new("directa24-control") },
            reason.into(),
        );
    }
    for target in [&b"/hook?data.id=5;request-id:6"[..], b"/hook?data.id=5&data.id=5"] {
        refused(Given { target, ..Given::new("mercado-pago") }, Reason::SignedPartMissing.into());
    }
}

const fn pairs(separator: u8, label: &'static str) -> Locator {
    Locator::Pairs { separator, label: Data::Static(label), or_label: Data::Static("") }
}

/// RFC 7515: the message is the payload of what is signed.
#[test]
fn a_message_is_signed_with_its_payload() {
    let given = |body, target| Given { body, target, ..Given::new("pledg-redirect") };
    let claims = Body::Whole(br#"{"amount":1}"#);
    let value = given(claims, b"/buy").sign().unwrap();
    assert!(value.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhbW91bnQiOjF9."), "{value}");
    Given { room: value.len() - 1, ..given(claims, b"/buy") }
        .fails(SignError::BufferTooSmall { needed: value.len() });
    for body in [Body::Whole(b""), Body::Streamed] {
        given(body, b"/buy").fails(SignError::Refused(Reason::BodyRequired.into()));
    }
    given(claims, b"/buy?signature=").fails(SignError::Occupied("signature"));
}

#[test]
fn a_scheme_that_cannot_be_read_back_signs_nothing() {
    let base = || Given::new("stripe");
    let mut given = base();
    given.scheme.locator = pairs(b',', "t");
    given.fails(SignError::Unreadable);
    for (separator, label) in [(b'1', "v1"), (b',', "v,1"), (b',', "v=1"), (0xff, "v1"), (0, "v1")]
    {
        given.scheme.locator = pairs(separator, label);
        given.fails(SignError::Unreadable);
    }
    let mut given = base();
    let timestamp = given.scheme.timestamp.as_mut().unwrap();
    // The date has a comma, where the pair would end.
    timestamp.format = TimeFormat::HttpDate;
    given.fails(SignError::Unreadable);
    let mut given = Given::new("standard-webhooks");
    given.scheme.locator = Locator::Versions { separator: b' ', tag: Data::Static("v1 ") };
    given.fails(SignError::Unreadable);
    for prefix in [" D24", "a\r\nX-Evil: ", "é"] {
        let mut given = Given::new("directa24-deposit");
        given.scheme.locator = Locator::Prefix(Data::Static(prefix));
        given.fails(SignError::Unreadable);
    }
    let mut given = Given::new("github");
    given.scheme.carrier = Carrier::Query(Data::Static("sign"));
    given.room = 2 * MAX_FIELD;
    for (length, fits) in [(MAX_FIELD - 64, true), (MAX_FIELD - 63, false)] {
        given.scheme.locator = Locator::Prefix(Data::Owned("x".repeat(length).into()));
        assert_eq!(given.sign().is_ok(), fits);
    }
    given.fails(SignError::Unreadable);
}

#[test]
fn a_scheme_whose_signature_is_a_part_of_itself_signs_nothing() {
    let header = |name| Part::Value(Source::Header(Data::Static(name)));
    let mut given = Given::new("github");
    let own: [(Carrier, Vec<Part>); 6] = [
        (Carrier::Header(Data::Static("X-Sign")), vec![Part::Body, header("x-sign")]),
        (Carrier::Query(Data::Static("sign")), vec![Part::Body, Part::Target]),
        (Carrier::Query(Data::Static("sign")), vec![Part::Query]),
        (Carrier::Query(Data::Static("s")), vec![Part::Value(Source::Query(Data::Static("s")))]),
        (Carrier::Form(Data::Static("s")), vec![Part::Value(Source::Form(Data::Static("s")))]),
        (Carrier::Json(Data::Static("s")), vec![Part::Body]),
    ];
    for (carrier, parts) in own {
        given.scheme.carrier = carrier;
        given.scheme.parts = Data::Owned(parts.into());
        given.fails(SignError::Scheme(SchemeError::SignsItself));
    }
    for (carrier, name) in [("webhook-id", "id"), ("Webhook-Timestamp", "timestamp")] {
        let mut given = Given::new("standard-webhooks");
        given.scheme.carrier = Carrier::Header(Data::Static(carrier));
        assert_eq!(given.sign(), Err(SignError::Scheme(SchemeError::SignsItself)), "{name}");
    }
    let mut untimed = Given::new("stripe");
    untimed.scheme.timestamp.as_mut().unwrap().source = TimeSource::Header(Data::Static("X-T"));
    untimed.scheme.parts = Data::Static(&[Part::Body]);
    untimed.fails(SignError::Scheme(SchemeError::TimestampUnused));
}

#[test]
fn a_buffer_that_is_too_small_gets_the_size() {
    for name in ["github", "stripe", "svix", "ixopay"] {
        let given = Given::new(name).header("Content-Type", "text/plain");
        let needed = given.sign().unwrap().len();
        for room in [0, 1, needed - 1] {
            Given { room, ..given.clone() }.fails(SignError::BufferTooSmall { needed });
        }
        assert!(Given { room: needed, ..given.clone() }.sign().is_ok());
    }
}

#[test]
fn every_error_says_what_is_wrong() {
    let errors = [
        SignError::Scheme(SchemeError::PartCount),
        SignError::KeyCount,
        SignError::KeyAlgorithm,
        SignError::Time,
        SignError::Id,
        SignError::Key,
        SignError::Occupied("X-Date"),
        SignError::Refused(Reason::DupHeader.into()),
        SignError::Unreadable,
        SignError::BufferTooSmall { needed: 71 },
    ];
    let mut texts: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(texts[6], "the message has X-Date already");
    assert!(texts[9].contains("71"));
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), errors.len());
}
