//! Requests, credentials and signatures: what a host without an allocator verifies with keys of
//! its own.

use core::hint::black_box;
use core::net::{IpAddr, Ipv4Addr};

use tollgate::credentials::authorization::{Authorization, is_tchar};
use tollgate::credentials::basic::Basic;
use tollgate::credentials::bearer::check_token;
use tollgate::credentials::body::BodyLogin;
use tollgate::credentials::token_form::TokenForm;
use tollgate::decision::Reason;
use tollgate::primitive::base64::{self, Alphabet, Padding};
use tollgate::primitive::data::Data;
use tollgate::request::{Body, Header, Request, Stored, query_values, split_target};
use tollgate::scheme::{
    Algorithm, Carrier, Encoding, KeyEncoding, Locator, MacKey, Part, Scheme, Source, Symbols,
    TimeFormat, Trust, Verification, builtin, parse_time, verify_signature,
};

use crate::Answers;

const SECRET: &[u8] = b"an API signature of a merchant";
const BODY: &[u8] = br#"{"login":"me","pass":"\u0041b","external_id":"7","amount":2000}"#;
const UNIX_MS: u64 = 1_592_742_800_000;

pub fn ask(answers: &mut Answers) {
    signatures(answers);
    trust(answers);
    body_fields(answers);
    timed_signature(answers);
    lines(answers);
    key_before_signature(answers);
    client(answers);
    target(answers);
    credentials(answers);
    times(answers);
}

fn request<'a>(headers: &'a [Header<'a>]) -> Request<'a> {
    black_box(Request {
        method: b"POST",
        target: b"/v3/cashout?a=1&b=2&a=3",
        host: b"api.example.com",
        headers,
        body: Body::Whole(BODY),
        peer: Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1))),
        tls: false,
        stored: Stored::NONE,
    })
}

/// The signature of the body in lower-case hex.
fn sign(key: &[u8], room: &mut [u8; 64], parts: &[&[u8]]) {
    let mut mac = tollgate::primitive::hmac::HmacSha256Key::new(key).start();
    for part in parts {
        mac.update(part);
    }
    let case = tollgate::primitive::hex::Case::Lower;
    let _ = tollgate::primitive::hex::encode(&mac.finish(), case, room);
}

fn signatures(answers: &mut Answers) {
    let mut signature = [0; 64];
    sign(SECRET, &mut signature, &[BODY]);
    let headers = [Header { name: b"payload-signature", value: &signature }];
    let request = request(&headers);

    let Some(scheme) = builtin::find(black_box("directa24-cashout")) else {
        return answers.expect(false);
    };
    answers.expect(scheme.validate().is_ok() && scheme.covers_only_body());
    answers.expect(scheme.joined_headers().next().is_none() && !scheme.reads_body());
    answers.expect(!scheme.lacks_url());
    let (Some(another), Ok(key)) = (
        MacKey::new(black_box(Algorithm::HmacSha512), black_box(SECRET)),
        scheme.prepare_key(black_box(SECRET)),
    ) else {
        return answers.expect(false);
    };
    let keys = [another, key];
    let matched = verify_signature(scheme, &keys, &request, black_box(BODY), UNIX_MS);
    answers
        .expect(matched.is_ok_and(|matched| matched.first() == 1 && matched.places().count() == 1));
    let tampered = verify_signature(scheme, &keys, &request, black_box(b"{}"), UNIX_MS);
    answers.expect(tampered.is_err_and(|denial| denial.reason == Reason::SigMismatch));
    answers.expect(scheme.prepare_key(black_box(b"short")).is_err());
    answers.expect(Algorithm::HmacSha512.length() == 64);
}

/// By itself and as a scheme, which compares with what the host stored.
fn trust(answers: &mut Answers) {
    const VALUE: &[u8] = b"b8c37e33defde51cf91e1e03e51657da";
    const BODY: &[u8] = br#"{"trust_value":"b8c37e33defde51cf91e1e03e51657da","trust_seed":"x"}"#;
    let (Some(trust), Some(scheme)) =
        (Trust::new(black_box(VALUE), black_box(b"x")), builtin::find(black_box("flexiown-trust")))
    else {
        return answers.expect(false);
    };
    let key = tollgate::primitive::hmac::HmacSha256Key::new(black_box(SECRET));
    let (signature, keyed) = (trust.signature(), trust.keyed_signature(&key));
    answers.expect(trust.verify(black_box(&signature)).is_ok());
    answers.expect(trust.verify(black_box(&keyed)).is_err());
    answers.expect(trust.verify_keyed(&key, black_box(&keyed)).is_ok());
    answers.expect(Trust::new(black_box(b"1001"), black_box(b"x")).is_none());
    answers.expect(!scheme.proves_secret() && scheme.covers_request() && scheme.uses_stored());
    answers.expect(!scheme.algorithm.is_keyed() && scheme.prepare_key(black_box(SECRET)).is_err());
    answers.expect(Symbols::Digits.contains(black_box(b'9')));
    let stored = Stored { signature: black_box(&signature), ..Stored::NONE };
    let request = Request { stored, ..request(&[]) };
    answers.expect(verify_signature(scheme, &[], &request, black_box(BODY), UNIX_MS).is_ok());
    let other = verify_signature(scheme, &[], &request, black_box(b"{}"), UNIX_MS);
    answers.expect(other.is_err_and(|denial| denial.reason == Reason::SignedPartMissing));
}

const fn over(carrier: Carrier, parts: &'static [Part]) -> Scheme {
    Scheme {
        name: Data::Static("fields"),
        algorithm: Algorithm::HmacSha256,
        key: KeyEncoding::Text,
        key_prefix: Data::Static(""),
        carrier,
        locator: Locator::Whole,
        encoding: Encoding::HexLower,
        parts: Data::Static(parts),
        timestamp: None,
        id_header: Data::Static(""),
        max_candidates: 1,
    }
}

static MEMBERS: Scheme = over(
    Carrier::Header(Data::Static("X-Sig")),
    &[Part::Value(Source::Json(Data::Static("pass")))],
);

static FORM: Scheme =
    over(Carrier::Form(Data::Static("sig")), &[Part::Value(Source::Form(Data::Static("id")))]);

/// A member of a JSON body is signed, then a field of a form that carries the signature too.
fn body_fields(answers: &mut Answers) {
    let (members, form) = (black_box(&MEMBERS), black_box(&FORM));
    answers.expect(members.reads_body() && form.reads_body() && form.validate().is_ok());
    let Some(key) = MacKey::new(Algorithm::HmacSha256, black_box(SECRET)) else {
        return answers.expect(false);
    };
    let keys = [key];
    let mut signature = [0; 64];
    sign(SECRET, &mut signature, &[b"Ab"]);
    let headers = [Header { name: b"X-Sig", value: &signature }];
    let request = request(&headers);
    answers.expect(verify_signature(members, &keys, &request, black_box(BODY), UNIX_MS).is_ok());
    let mut body = *b"id=%41b&sig=0000000000000000000000000000000000000000000000000000000000000000";
    if let Some(place) = body.last_chunk_mut::<64>() {
        *place = signature;
    }
    answers.expect(verify_signature(form, &keys, &request, black_box(&body), UNIX_MS).is_ok());
}

fn timed_signature(answers: &mut Answers) {
    let (date, login) = (b"2020-06-21T12:33:20Z", b"merchant");
    let mut value = *b"D24 0000000000000000000000000000000000000000000000000000000000000000";
    let mut signature = [0; 64];
    sign(SECRET, &mut signature, &[date, login, BODY]);
    if let Some(room) = value.last_chunk_mut::<64>() {
        *room = signature;
    }
    let headers = [
        Header { name: b"X-Date", value: date },
        Header { name: b"X-Login", value: login },
        Header { name: b"Authorization", value: &value },
    ];
    let request = request(&headers);
    let Some(scheme) = builtin::find(black_box("directa24-deposit")) else {
        return answers.expect(false);
    };
    let Some(key) = MacKey::new(Algorithm::HmacSha256, black_box(SECRET)) else {
        return answers.expect(false);
    };
    let keys = [key];
    let mut verification = Verification::new();
    answers.expect(verification.clone().finish(black_box(UNIX_MS)) == Err(Reason::SigMismatch));
    answers.expect(verification.begin(scheme, keys.iter(), &request, black_box(UNIX_MS)).is_ok());
    verification.update(black_box(&BODY[..10]));
    verification.update(black_box(&BODY[10..]));
    let mut proved = verification.clone();
    answers.expect(proved.message_ids().next().is_none());
    answers.expect(proved.finish(black_box(UNIX_MS)).is_ok());
    answers.expect(proved.message_ids().count() == 1 && proved.fresh_from_ms().is_some());
    answers.expect(verification.finish(black_box(UNIX_MS + 300_001)) == Err(Reason::Stale));
}

/// The MD5 of the body between other lines, signed by HMAC-SHA512 in base64.
fn lines(answers: &mut Answers) {
    let date = b"Sun, 21 Jun 2020 12:33:20 UTC";
    let text = b"POST\n7c6df81cb1c859ec32e8039fb74bcd7b\ntext/plain\n\
        Sun, 21 Jun 2020 12:33:20 UTC\n/v3/cashout?a=1&b=2&a=3";
    let tag = tollgate::primitive::hmac::HmacSha512Key::new(SECRET).mac(text);
    let mut room = [0; 88];
    let _ = base64::encode(&tag, Alphabet::Standard, Padding::Required, &mut room);
    let headers = [
        Header { name: b"Content-Type", value: b"text/plain" },
        Header { name: b"Date", value: date },
        Header { name: b"X-Date", value: date },
        Header { name: b"X-Signature", value: &room },
    ];
    let Some(scheme) = builtin::find(black_box("ixopay-md5")) else {
        return answers.expect(false);
    };
    let Some(key) = MacKey::new(Algorithm::HmacSha512, black_box(SECRET)) else {
        return answers.expect(false);
    };
    let keys = [key];
    let right = verify_signature(scheme, &keys, &request(&headers), black_box(BODY), UNIX_MS);
    answers.expect(right.is_ok());
    let wrong = verify_signature(scheme, &keys, &request(&headers), black_box(b"{}"), UNIX_MS);
    answers.expect(wrong.is_err_and(|denial| denial.reason == Reason::SigMismatch));
    let headers = &headers[..3];
    answers.expect(verify_signature(scheme, &keys, &request(headers), BODY, UNIX_MS).is_err());
    answers.expect(scheme.claimed_key(&request(headers)) == Ok(None));
}

/// The key that stands before a signature.
fn key_before_signature(answers: &mut Answers) {
    let Some(scheme) = builtin::find(black_box("ixopay-xml")) else {
        return answers.expect(false);
    };
    answers.expect(scheme.names_key());
    let claimed = |value: &[u8]| {
        let headers = [Header { name: b"Authorization", value }];
        let claimed = scheme.claimed_key(&request(&headers)).map(|key| key == Some(b"my:key"));
        claimed.map_err(|denial| denial.reason)
    };
    answers.expect(claimed(b"IxoPay my:key:c2ln") == Ok(true));
    answers.expect(claimed(b"Gateway :c2ln") == Err(Reason::MalformedSignature));
    answers.expect(claimed(b"Basic my:key:c2ln") == Err(Reason::NoSupportedSignature));
}

fn client(answers: &mut Answers) {
    let headers = [
        Header { name: b"X-Forwarded-For", value: b"192.0.2.9, 203.0.113.7:1234" },
        Header { name: b"x-forwarded-for", value: b"[2001:db8::1]:8, 10.0.0.2" },
        Header { name: b"X-Forwarded-Proto", value: b"https" },
    ];
    let request = request(&headers);
    let trusted = |address: IpAddr| !matches!(address, IpAddr::V4(v4) if v4.octets()[0] == 203);
    let client = request.client(trusted, black_box(8));
    let expected = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
    answers.expect(client.is_ok_and(|client| client.address == Some(expected)));
    answers.expect(request.client(trusted, black_box(1)).is_err());
    answers.expect(request.lines("x-forwarded-for").count() == 2);
    answers.expect(request.single("x-forwarded-for").is_err());
    answers.expect(request.single("X-FORWARDED-PROTO") == Ok(Some(b"https")));
}

fn target(answers: &mut Answers) {
    let target = black_box(&b"/v3/cashout?a=1&b=2&a=3"[..]);
    answers.expect(split_target(target) == (b"/v3/cashout", Some(b"a=1&b=2&a=3")));
    answers.expect(query_values(target, "a").last() == Some(b"3"));
}

fn credentials(answers: &mut Answers) {
    // RFC 7617 section 2.
    let header = black_box(&b"Basic  QWxhZGRpbjpvcGVuIHNlc2FtZQ=="[..]);
    let Ok(sent) = Authorization::parse(header) else { return answers.expect(false) };
    answers.expect(sent.is("basic") && is_tchar(black_box(b'~')));
    let basic = Basic::decode(sent.credentials, black_box(0));
    answers.expect(basic.is_ok_and(|basic| {
        let named = basic.user() == b"Aladdin" && basic.password() == b"open sesame";
        named && basic.is_utf8() && basic.quirks() == 0
    }));
    answers.expect(Basic::decode(black_box(b"QWxhZGRpbg=="), black_box(3)).is_err());
    answers.expect(Basic::decode(black_box(b"YSUyMGI6YysrZA=="), 0).is_ok_and(|basic| {
        let plain = basic.form_decoded();
        plain.is_some_and(|plain| plain.user() == b"a b" && plain.password() == b"c  d")
    }));
    answers.expect(check_token(black_box(b"abc.def-_~+/==")).is_ok());
    answers.expect(check_token(black_box(b"a b")).is_err());

    let login = BodyLogin::read(black_box(BODY), "login", "pass");
    answers.expect(login.is_ok_and(|sent| sent.login() == b"me" && sent.pass() == b"Ab"));
    answers.expect(BodyLogin::read(black_box(b"{\"login\":\"\\ud800\"}"), "login", "p").is_err());

    let form = b"grant_type=client_credentials&client_id=m+1&client_secret=%2b&scope=a+b";
    answers.expect(TokenForm::read(black_box(form)).is_ok_and(|form| {
        let asked = form.scope() == Some(b"a b") && form.is_client_credentials() == Some(true);
        asked && form.client() == Some((b"m 1", b"+"))
    }));
    answers.expect(TokenForm::read(black_box(b"scope=a&scope=b")).is_err());
}

fn times(answers: &mut Answers) {
    let time = |format, text: &[u8]| parse_time(black_box(format), black_box(text));
    answers.expect(time(TimeFormat::UnixSeconds, b"1592742800") == Some(UNIX_MS));
    answers.expect(time(TimeFormat::UnixMs, b"1592742800000") == Some(UNIX_MS));
    answers.expect(time(TimeFormat::Rfc3339, b"2020-06-21T12:33:20Z") == Some(UNIX_MS));
    answers.expect(time(TimeFormat::Rfc3339Ms, b"2020-06-21T12:33:20.001Z") == Some(UNIX_MS + 1));
    answers.expect(time(TimeFormat::HttpDate, b"Sun, 21 Jun 2020 12:33:20 GMT") == Some(UNIX_MS));
    answers.expect(time(TimeFormat::Rfc1123, b"Sun, 21 Jun 2020 12:33:20 UTC") == Some(UNIX_MS));
    answers.expect(time(TimeFormat::HttpDate, b"Sun Jun 21 12:33:2 2020").is_none());
}
