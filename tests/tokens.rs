//! Access tokens: what each bad one gets, at which second they begin and end, which keys count,
//! the example of RFC 7515, and PyJWT's opinion.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking; it has std"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use tollgate::primitive::hmac::HmacSha256Key;
use tollgate::primitive::jws::{Jws, JwsError};
use tollgate::token::{
    Claims, Grant, IssueError, KeyError, MAX_TOKEN, Refusal, Rules, TokenKey, issue, verify,
};

#[path = "oracles/pyjwt.rs"]
mod pyjwt;

const SECRET: &[u8] = b"a key of 32 bytes for the tokens";
const OTHER: &[u8] = b"another key with at least 32 byte";
const NOW_S: u64 = 1_700_000_000;
const HEADER: &str = r#"{"typ":"JWT","alg":"HS256","kid":"k1"}"#;
const CLAIMS: &str =
    r#"{"iss":"pay","sub":"m1","aud":"production","iat":1700000000,"exp":1700000600,"gen":3}"#;
const RULES: Rules<'_> = Rules {
    issuer: "pay",
    audience: "production",
    token_type: "JWT",
    lifetime_s: 600,
    leeway_s: 0,
};
const GRANT: Grant<'_> = Grant { subject: "m1", generation: 3, scope: None };

fn keys() -> [TokenKey; 1] {
    [TokenKey::new("k1", SECRET).unwrap()]
}

fn encode(bytes: &[u8]) -> String {
    let mut room = vec![0; bytes.len() * 2 + 4];
    let length = URL_SAFE_NO_PAD.encode_slice(bytes, &mut room).unwrap();
    String::from_utf8(room[..length].to_vec()).unwrap()
}

/// A token made without the crate under test: the `hmac` and `base64` crates sign anything.
fn token(header: &[u8], claims: &[u8], secret: &[u8]) -> String {
    let signed = format!("{}.{}", encode(header), encode(claims));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", encode(&mac.finalize().into_bytes()))
}

fn good() -> String {
    token(HEADER.as_bytes(), CLAIMS.as_bytes(), SECRET)
}

fn at(token: &str, now_s: u64) -> Result<Claims, Refusal> {
    verify(token.as_bytes(), &keys(), &RULES, now_s * 1000)
}

fn with_header(header: &str) -> Result<Claims, Refusal> {
    at(&token(header.as_bytes(), CLAIMS.as_bytes(), SECRET), NOW_S)
}

fn with_claims(claims: &str) -> Result<Claims, Refusal> {
    at(&token(HEADER.as_bytes(), claims.as_bytes(), SECRET), NOW_S)
}

#[test]
fn a_good_token_says_what_is_in_it() {
    let claims = at(&good(), NOW_S).unwrap();
    assert_eq!((claims.subject(), claims.generation, claims.key), ("m1", 3, 0));
    assert_eq!((claims.issued_at_s, claims.expires_at_s), (NOW_S, NOW_S + 600));
    assert!(claims.scopes().is_none());

    let scoped = CLAIMS.replace("}", r#","scope":"read pay\/out","other":[{"a":1,"a":2}]}"#);
    let claims = with_claims(&scoped).unwrap();
    assert_eq!(claims.scopes().unwrap().collect::<Vec<_>>(), ["read", "pay/out"]);
}

#[test]
fn headers() {
    use Refusal::{AlgorithmNotAllowed, ExtensionNotAllowed, Malformed, UnknownKey, WrongType};
    let deep = format!(
        r#"{{"typ":"JWT","alg":"HS256","kid":"k1","x":{}1{}}}"#,
        "[".repeat(8),
        "]".repeat(8)
    );
    let many: String = (0..30).map(|number| format!(r#","m{number}":0"#)).collect();
    let many = HEADER.replace('}', &format!("{many}}}"));
    let long_id = HEADER.replace("k1", &"k".repeat(65));
    let rows: &[(&str, &str, Refusal)] = &[
        ("none", r#"{"typ":"JWT","alg":"none","kid":"k1"}"#, AlgorithmNotAllowed),
        ("None", r#"{"typ":"JWT","alg":"None","kid":"k1"}"#, AlgorithmNotAllowed),
        ("nOnE", r#"{"typ":"JWT","alg":"nOnE","kid":"k1"}"#, AlgorithmNotAllowed),
        ("empty alg", r#"{"typ":"JWT","alg":"","kid":"k1"}"#, AlgorithmNotAllowed),
        ("no alg", r#"{"typ":"JWT","kid":"k1"}"#, AlgorithmNotAllowed),
        ("alg is null", r#"{"typ":"JWT","alg":null,"kid":"k1"}"#, AlgorithmNotAllowed),
        ("lower case", r#"{"typ":"JWT","alg":"hs256","kid":"k1"}"#, AlgorithmNotAllowed),
        ("RS256", r#"{"typ":"JWT","alg":"RS256","kid":"k1"}"#, AlgorithmNotAllowed),
        ("HS512", r#"{"typ":"JWT","alg":"HS512","kid":"k1"}"#, AlgorithmNotAllowed),
        ("unknown kid", r#"{"typ":"JWT","alg":"HS256","kid":"k2"}"#, UnknownKey),
        ("no kid", r#"{"typ":"JWT","alg":"HS256"}"#, UnknownKey),
        ("path", r#"{"typ":"JWT","alg":"HS256","kid":"../../dev/null"}"#, UnknownKey),
        ("SQL", r#"{"typ":"JWT","alg":"HS256","kid":"k1' OR '1'='1"}"#, UnknownKey),
        ("long kid", &long_id, UnknownKey),
        ("kid is a number", r#"{"typ":"JWT","alg":"HS256","kid":1}"#, Malformed),
        ("crit", r#"{"typ":"JWT","alg":"HS256","kid":"k1","crit":["exp"]}"#, ExtensionNotAllowed),
        ("empty crit", r#"{"typ":"JWT","alg":"HS256","kid":"k1","crit":[]}"#, ExtensionNotAllowed),
        ("b64", r#"{"typ":"JWT","alg":"HS256","kid":"k1","b64":false}"#, ExtensionNotAllowed),
        (
            "b64 true",
            r#"{"typ":"JWT","alg":"HS256","kid":"k1","b\u00364":true}"#,
            ExtensionNotAllowed,
        ),
        ("twice", r#"{"typ":"JWT","alg":"none","alg":"HS256","kid":"k1"}"#, Malformed),
        (
            "twice, escaped",
            r#"{"typ":"JWT","alg":"HS256","\u0061lg":"HS256","kid":"k1"}"#,
            Malformed,
        ),
        ("unknown twice", r#"{"typ":"JWT","alg":"HS256","kid":"k1","x":1,"\u0078":1}"#, Malformed),
        ("other typ", r#"{"typ":"at+jwt","alg":"HS256","kid":"k1"}"#, WrongType),
        ("typ in lower case", r#"{"typ":"jwt","alg":"HS256","kid":"k1"}"#, WrongType),
        ("no typ", r#"{"alg":"HS256","kid":"k1"}"#, WrongType),
        ("deep", &deep, Malformed),
        ("33 members", &many, Malformed),
        ("not JSON", "typ", Malformed),
        ("an array", r#"["HS256"]"#, Malformed),
        ("something behind", r#"{"typ":"JWT","alg":"HS256","kid":"k1"}x"#, Malformed),
        ("BOM", "\u{feff}{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"k1\"}", Malformed),
    ];
    for (name, header, refusal) in rows {
        assert_eq!(with_header(header), Err(*refusal), "{name}");
    }
    let carried = r#"{"jwk":{"kty":"oct","k":"AA"},"jku":"http:\/\/e","x5u":"u","x5c":["c"],"#;
    assert!(with_header(&HEADER.replace('{', carried)).is_ok(), "keys brought along are ignored");
    assert!(
        with_header(&HEADER.replace("k1", "\\u006b1")).is_ok(),
        "an escape means its character"
    );
    assert!(with_header(&deep.replace("[1]", "1")).is_ok(), "8 levels");
    assert!(with_header(&many.replace(r#","m29":0"#, "")).is_ok(), "32 members");
    let bytes = [&HEADER.as_bytes()[..HEADER.len() - 3], b"\xff\"}"].concat();
    assert_eq!(at(&token(&bytes, CLAIMS.as_bytes(), SECRET), NOW_S), Err(Refusal::Malformed));
}

#[test]
fn claims() {
    use Refusal::{Expired, LifetimeTooLong, Malformed, NotYetValid, WrongAudience, WrongIssuer};
    let exp = |value: &str| CLAIMS.replace("1700000600", value);
    let end = |more: &str| CLAIMS.replace('}', &format!("{more}}}"));
    let rows: Vec<(&str, String, Refusal)> = vec![
        ("exp is a string", exp("\"1700000600\""), Malformed),
        ("a fraction", exp("1700000600.0"), Malformed),
        ("an exponent", exp("1e400"), Malformed),
        ("beyond 2^53", exp("9007199254740993"), Malformed),
        ("beyond 2^64", exp("18446744073709551617"), Malformed),
        ("negative", exp("-1"), Malformed),
        ("exp is null", exp("null"), Malformed),
        ("exp is a boolean", exp("true"), Malformed),
        ("no exp", CLAIMS.replace(r#","exp":1700000600"#, ""), Malformed),
        ("no iat", CLAIMS.replace(r#","iat":1700000000"#, ""), Malformed),
        ("no gen", CLAIMS.replace(r#","gen":3"#, ""), Malformed),
        ("no sub", CLAIMS.replace(r#""sub":"m1","#, ""), Malformed),
        ("no iss", CLAIMS.replace(r#""iss":"pay","#, ""), Malformed),
        ("no aud", CLAIMS.replace(r#""aud":"production","#, ""), Malformed),
        ("empty sub", CLAIMS.replace("m1", ""), Malformed),
        ("long sub", CLAIMS.replace("m1", &"m".repeat(129)), Malformed),
        ("sub is a number", CLAIMS.replace("\"m1\"", "1"), Malformed),
        ("twice", end(r#","exp":1700000600"#), Malformed),
        ("twice, escaped", end(r#","\u0065xp":1700000600"#), Malformed),
        ("unknown twice", end(r#","x":1,"x":1"#), Malformed),
        ("too deep", end(&format!(r#","x":{}1{}"#, "[".repeat(8), "]".repeat(8))), Malformed),
        ("empty scope", end(r#","scope":"""#), Malformed),
        ("two spaces", end(r#","scope":"a  b""#), Malformed),
        ("scope with a quote", end(r#","scope":"a\"b""#), Malformed),
        ("scope is a list", end(r#","scope":["a"]"#), Malformed),
        ("nbf is a string", end(r#","nbf":"0""#), Malformed),
        ("lone surrogate", end(r#","x":"\ud800""#), Malformed),
        ("BOM", format!("\u{feff}{CLAIMS}"), Malformed),
        ("not an object", "[]".to_string(), Malformed),
        ("other issuer", CLAIMS.replace("pay", "pays"), WrongIssuer),
        ("staging", CLAIMS.replace("production", "staging"), WrongAudience),
        ("audiences", CLAIMS.replace("\"production\"", "[\"production\"]"), Malformed),
        ("exp before iat", exp("1699999999"), Malformed),
        ("exp at iat", exp("1700000000"), Expired),
        ("a second too long", exp("1700000601"), LifetimeTooLong),
        ("milliseconds", exp("1700000600000"), LifetimeTooLong),
        ("iat ahead", exp("1700000601").replace("1700000000", "1700000001"), NotYetValid),
        ("nbf ahead", end(r#","nbf":1700000001"#), NotYetValid),
    ];
    for (name, claims, refusal) in rows {
        assert_eq!(with_claims(&claims), Err(refusal), "{name}");
    }
    assert!(with_claims(&end(r#","nbf":1700000000"#)).is_ok(), "now == nbf");
    let bytes = [&CLAIMS.as_bytes()[..CLAIMS.len() - 1], b",\"x\":\"\xff\"}"].concat();
    assert_eq!(at(&token(HEADER.as_bytes(), &bytes, SECRET), NOW_S), Err(Refusal::Malformed));
}

#[test]
fn forms() {
    let good = good();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let rows = [
        ("two segments", signed.to_string()),
        ("four segments", format!("{good}.AA")),
        ("trailing dot", format!("{good}.")),
        ("five segments", format!("{header}.AA.AA.{claims}.{signature}")),
        ("no signature", format!("{signed}.")),
        ("no header", format!(".{claims}.{signature}")),
        ("no claims", format!("{header}..{signature}")),
        ("nothing", String::new()),
        ("dots", "..".to_string()),
        ("padded", format!("{good}=")),
        ("plus", format!("{signed}.+{}", &signature[1..])),
        ("slash", format!("{signed}./{}", &signature[1..])),
        ("space", format!(" {good}")),
        ("line feed", format!("{good}\n")),
        ("1 MB", "a".repeat(1 << 20)),
        (
            "long",
            token(
                HEADER.as_bytes(),
                CLAIMS.replace('}', &format!(r#","x":"{}"}}"#, "x".repeat(3000))).as_bytes(),
                SECRET,
            ),
        ),
    ];
    for (name, text) in rows {
        assert_eq!(at(&text, NOW_S), Err(Refusal::Malformed), "{name}");
    }
    // Every text but one of the last symbol: two bits of it are unused.
    for symbol in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
        let text = format!("{}{symbol}", &good[..good.len() - 1]);
        assert_eq!(at(&text, NOW_S).is_ok(), text == good, "{symbol}");
    }
    let none = format!("{}.{claims}.", encode(br#"{"typ":"JWT","alg":"none","kid":"k1"}"#));
    assert_eq!(at(&none, NOW_S), Err(Refusal::AlgorithmNotAllowed));
    assert_eq!(at(&format!("{signed}.{}", &signature[..40]), NOW_S), Err(Refusal::BadSignature));
    assert_eq!(at(&format!("{good}AAAA"), NOW_S), Err(Refusal::BadSignature));
    assert_eq!(at(&format!("{signed}.{}", encode(&[0; 64])), NOW_S), Err(Refusal::BadSignature));
    let other = token(HEADER.as_bytes(), CLAIMS.as_bytes(), OTHER);
    assert_eq!(at(&other, NOW_S), Err(Refusal::BadSignature));
    // The signature is looked at before the claims are.
    assert_eq!(at(&token(HEADER.as_bytes(), b"?", OTHER), NOW_S), Err(Refusal::BadSignature));
}

#[test]
fn every_flipped_bit_is_refused() {
    let good = good();
    for index in 0..good.len() * 8 {
        let mut text = good.clone().into_bytes();
        text[index / 8] ^= 1 << (index % 8);
        assert!(verify(&text, &keys(), &RULES, NOW_S * 1000).is_err(), "bit {index}");
    }
}

#[test]
fn times_to_the_second() {
    let good = good();
    assert_eq!(at(&good, NOW_S - 1), Err(Refusal::NotYetValid));
    assert!(at(&good, NOW_S).is_ok() && at(&good, NOW_S + 599).is_ok());
    assert_eq!(at(&good, NOW_S + 600), Err(Refusal::Expired));
    let ask = |unix_ms, leeway_s| {
        verify(good.as_bytes(), &keys(), &Rules { leeway_s, ..RULES }, unix_ms).err()
    };
    assert_eq!(ask((NOW_S + 600) * 1000 - 1, 0), None);
    assert_eq!(ask((NOW_S + 604) * 1000 + 999, 5), None);
    assert_eq!(ask((NOW_S + 605) * 1000, 5), Some(Refusal::Expired));
    assert_eq!(ask((NOW_S - 5) * 1000, 5), None);
    assert_eq!(ask((NOW_S - 6) * 1000, 5), Some(Refusal::NotYetValid));
    assert_eq!(ask(u64::MAX, 0), Some(Refusal::Expired));
    assert_eq!(ask(0, 0), Some(Refusal::NotYetValid));
    assert_eq!(ask(u64::MAX, u64::MAX), None);
}

#[test]
fn keys_take_turns() {
    let mut keys = [TokenKey::new("old", SECRET).unwrap(), TokenKey::new("new", OTHER).unwrap()];
    let now = NOW_S * 1000;
    keys[0].not_after_ms = Some(now + 1000);
    keys[1].not_before_ms = Some(now);
    let mut room = [0; MAX_TOKEN];
    let made = |keys: &[TokenKey], unix_ms, room: &mut [u8]| {
        issue(keys, &RULES, &GRANT, unix_ms, room).map(str::to_string)
    };
    let old = made(&keys, now, &mut room).unwrap();
    let new = made(&keys, now + 1000, &mut room).unwrap();
    let place = |token: &str, unix_ms| {
        verify(token.as_bytes(), &keys, &RULES, unix_ms).map(|claims| claims.key)
    };
    assert_eq!((place(&old, now), place(&new, now + 1000)), (Ok(0), Ok(1)));
    assert_eq!(place(&old, now + 999), Ok(0));
    assert_eq!(place(&old, now + 1000), Err(Refusal::KeyNotActive));
    assert_eq!(place(&new, now - 1), Err(Refusal::KeyNotActive));
    assert_eq!(made(&keys[1..], now - 1, &mut room), Err(IssueError::NoKey));
    assert_eq!(made(&[], now, &mut room), Err(IssueError::NoKey));
    assert_eq!(verify(old.as_bytes(), &[], &RULES, now), Err(Refusal::UnknownKey));
    // The key that the token names counts, and no other, be it the one that signed.
    let swapped = [TokenKey::new("old", OTHER).unwrap(), TokenKey::new("new", SECRET).unwrap()];
    assert_eq!(verify(old.as_bytes(), &swapped, &RULES, now), Err(Refusal::BadSignature));
}

#[test]
fn unusable_keys() {
    assert_eq!(TokenKey::new("k", &SECRET[..31]).err(), Some(KeyError::TooShort));
    assert_eq!(TokenKey::new("k", b"").err(), Some(KeyError::TooShort));
    assert_eq!(TokenKey::new("", SECRET).err(), Some(KeyError::BadId));
    assert_eq!(TokenKey::new(&"k".repeat(65), SECRET).err(), Some(KeyError::BadId));
    assert_eq!(TokenKey::new(&"k".repeat(64), SECRET).unwrap().id().len(), 64);
    assert!(!format!("{:?}", keys()).contains("key of"));
}

#[test]
fn issuing() {
    let mut room = [0; MAX_TOKEN];
    let now = NOW_S * 1000 + 999;
    let made = issue(&keys(), &RULES, &GRANT, now, &mut room).unwrap();
    assert_eq!(made, good(), "octet for octet what others make of the same members");
    assert_eq!(at(made, NOW_S + 1).unwrap(), at(&good(), NOW_S + 1).unwrap());

    let needed = good().len();
    let mut short = vec![7; needed - 1];
    let error = issue(&keys(), &RULES, &GRANT, now, &mut short);
    assert_eq!(error, Err(IssueError::BufferTooSmall { needed }));
    assert!(short.iter().all(|byte| *byte == 7), "nothing is written");
    assert!(issue(&keys(), &RULES, &GRANT, now, &mut vec![7; needed]).is_ok());

    let mut refused = |grant: &Grant<'_>, rules: &Rules<'_>, now| {
        issue(&keys(), rules, grant, now, &mut room).err()
    };
    let long = "s".repeat(1025);
    for scope in ["", " a", "a ", "a  b", "a\"b", "a\\b", "\u{e9}", "a\tb", &long] {
        let grant = Grant { scope: Some(scope), ..GRANT };
        assert_eq!(refused(&grant, &RULES, now), Some(IssueError::BadScope), "{scope}");
    }
    for subject in ["", &long] {
        let grant = Grant { subject, ..GRANT };
        assert_eq!(refused(&grant, &RULES, now), Some(IssueError::BadSubject));
    }
    let most = 1 << 53;
    let beyond = Some(IssueError::OutOfRange);
    assert_eq!(refused(&Grant { generation: most, ..GRANT }, &RULES, now), None);
    assert_eq!(refused(&Grant { generation: most + 1, ..GRANT }, &RULES, now), beyond);
    assert_eq!(refused(&GRANT, &Rules { lifetime_s: u64::MAX, ..RULES }, now), beyond);
    let wide = "i".repeat(4000);
    let rules = Rules { issuer: &wide, ..RULES };
    assert_eq!(refused(&GRANT, &rules, now), Some(IssueError::TooLong));
    let rules = Rules { issuer: &wide[..2900], ..RULES };
    assert_eq!(refused(&GRANT, &rules, now), Some(IssueError::TooLong));
}

/// RFC 7515 appendix A.1, a 64-byte key and line feeds inside header and payload.
#[test]
fn the_example_of_rfc_7515() {
    let secret =
        b"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let mut room = [0; 64];
    let length = URL_SAFE_NO_PAD.decode_slice(secret, &mut room).unwrap();
    let key = HmacSha256Key::new(&room[..length]);
    let text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let jws = Jws::parse(text.as_bytes(), MAX_TOKEN).unwrap();
    let mut room = [0; 256];
    assert!(jws.header(&mut room).unwrap().has_type("JWT"));
    assert_eq!(jws.verify(&key), Ok(()));
    assert_eq!(jws.verify(&HmacSha256Key::new(SECRET)), Err(JwsError::Signature));
    let payload =
        b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
    assert_eq!(jws.payload(&mut room), Ok(&payload[..]));
    assert_eq!(jws.payload(&mut [0; 8]), Err(JwsError::BufferTooSmall { needed: payload.len() }));
    assert_eq!(Jws::parse(text.as_bytes(), text.len() - 1).err(), Some(JwsError::TooLong));
}

/// Pledg's published notification, whose key is the default of jwt.io. It is a message and no
/// token: its form is read by the same reader.
#[test]
fn the_published_message_of_pledg() {
    let text = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyZWZlcmVuY2UiOiJwdXJjaGFzZV9yZWZlcmVuY2UiLCJjcmVhdGVkIjoiMjAyMC0wOS0xNyAxNTowMDowMi4wNTIxNzciLCJ0cmFuc2Zlcl9vcmRlcl9pdGVtX3VpZCI6InRyaV9mYXNka2ZpYXNmc2QyMzRuZnM3ZjVkIiwiYW1vdW50X2NlbnRzIjoxMDAwMH0.6ZhlvdcPgjwwBfxCrRpzaBGoRxTCoqtWJzFhB8pw4Ys";
    let jws = Jws::parse(text.as_bytes(), MAX_TOKEN).unwrap();
    assert!(jws.header(&mut [0; 64]).unwrap().has_type("JWT"));
    assert_eq!(jws.verify(&HmacSha256Key::new(b"your-256-bit-secret")), Ok(()));
    assert_eq!(at(text, NOW_S), Err(Refusal::UnknownKey));
}

#[test]
fn pyjwt_reads_ours() {
    let mut room = [0; MAX_TOKEN];
    let subject = "a \"quoted\\\u{1}\u{1f} \u{e9}\u{1f600}/";
    let grant = Grant { subject, generation: 1 << 53, scope: Some("read write") };
    let made = issue(&keys(), &RULES, &grant, NOW_S * 1000, &mut room).unwrap();
    let question = |secret, audience: &str| pyjwt::decode(secret, RULES.issuer, audience, made);
    let questions = [
        question(SECRET, "production"),
        question(OTHER, "production"),
        question(SECRET, "staging"),
    ];
    let answers = pyjwt::ask(&questions.concat());
    let header = r#"{"typ":"JWT","alg":"HS256","kid":"k1"}"#;
    let claims = r#"{"iss":"pay","sub":"a \"quoted\\\u0001\u001f \u00e9\ud83d\ude00/","aud":"production","iat":1700000000,"exp":1700000600,"gen":9007199254740992,"scope":"read write"}"#;
    assert_eq!(answers, [format!("[{header},{claims}]").as_str(), "refused", "refused"]);
    assert_eq!(at(made, NOW_S).unwrap().subject(), subject);
}

#[test]
fn we_read_pyjwts() {
    let made = |secret, kid: &str, kind: &str, claims: &str| {
        let (kid, kind) = (pyjwt::hex(kid.as_bytes()), pyjwt::hex(kind.as_bytes()));
        format!("encode {} {kid} {kind} {}\n", pyjwt::hex(secret), pyjwt::hex(claims.as_bytes()))
    };
    let rows = [
        (made(SECRET, "k1", "JWT", CLAIMS), None),
        (
            made(SECRET, "k1", "JWT", &CLAIMS.replace('}', r#","scope":"é"}"#)),
            Some(Refusal::Malformed),
        ),
        (
            made(SECRET, "k1", "JWT", &CLAIMS.replace("1700000600", "1.7e9")),
            Some(Refusal::Malformed),
        ),
        (made(SECRET, "k2", "JWT", CLAIMS), Some(Refusal::UnknownKey)),
        (made(SECRET, "k1", "at+jwt", CLAIMS), Some(Refusal::WrongType)),
        (made(OTHER, "k1", "JWT", CLAIMS), Some(Refusal::BadSignature)),
    ];
    let questions: String = rows.iter().map(|(question, _)| question.as_str()).collect();
    let answers = pyjwt::ask(&questions);
    assert_eq!(answers.len(), rows.len());
    for (answer, (_, refusal)) in answers.iter().zip(rows) {
        assert_eq!(at(answer, NOW_S).err(), refusal, "{answer}");
    }
}
