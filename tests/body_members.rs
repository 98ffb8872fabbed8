//! Credentials in members of a JSON body, against `serde_json`: the same texts are JSON, and the
//! members mean the same.
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

use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use tollgate::credentials::body::{BodyLogin, MAX_MEMBER};
use tollgate::decision::Reason;

/// As deep as `credentials::body` reads.
const MAX_DEPTH: usize = 32;

/// What is read: login and passphrase, or why not.
type Read = Result<(Vec<u8>, Vec<u8>), Reason>;

fn ours(text: &[u8]) -> Read {
    BodyLogin::read(text, "login", "pass")
        .map(|found| (found.login().to_vec(), found.pass().to_vec()))
}

/// The members of an object, the repeated ones too.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Every;
        impl<'de> Visitor<'de> for Every {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Every)
    }
}

/// What `serde_json` reads, by the documented rules; `None` where it has a rule of its own, which
/// is that a number has to fit into its types.
fn theirs(text: &[u8]) -> Option<Read> {
    let members = match serde_json::from_slice(text) {
        Ok(Members(members)) => members,
        Err(error) if error.to_string().contains("number out of range") => return None,
        Err(_) => return Some(Err(Reason::MalformedBody)),
    };
    let deepest = members.iter().map(|(_, value)| depth(value) + 1).max().unwrap_or(1);
    let login = wanted(&members, "login");
    let pass = wanted(&members, "pass");
    Some(match (login, pass) {
        _ if deepest > MAX_DEPTH => Err(Reason::MalformedBody),
        (Err(()), _) | (_, Err(())) => Err(Reason::MalformedBody),
        (Ok(Some(login)), Ok(Some(pass))) => Ok((login, pass)),
        _ => Err(Reason::NoCredential),
    })
}

/// How many objects and arrays nest in the value.
fn depth(value: &Value) -> usize {
    let inside = match value {
        Value::Object(members) => members.values().map(depth).max(),
        Value::Array(items) => items.iter().map(depth).max(),
        _ => return 0,
    };
    1 + inside.unwrap_or(0)
}

/// The member of this name, which has to be a short text and to stand there once.
fn wanted(members: &[(String, Value)], name: &str) -> Result<Option<Vec<u8>>, ()> {
    let mut found = members.iter().filter(|(own, _)| own == name);
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some((_, Value::String(text))), None) if text.len() <= MAX_MEMBER => {
            Ok(Some(text.clone().into_bytes()))
        }
        _ => Err(()),
    }
}

/// Numbers that are random enough, and the same on every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.below(from.len())]
    }
}

const TEXTS: &[&str] = &[
    r#"{"login":"cashout_API_Key","pass":"cashout_API_Passphrase"}"#,
    r#"{"external_id":"1","login":"k","amount":-12.5e+3,"pass":"p","ok":true,"no":null}"#,
    r#" { "pass" : "\"\\\/\b\f\n\r\t" , "login" : "\u00e9\u0041\uD834\uDD1E\u0000" } "#,
    r#"{"l\u006fgin":"escaped","p\u0061ss":"names","login2":"x","LOGIN":"y","":"z"}"#,
    r#"{"a":[],"b":{},"c":[1,[2,[3,{"login":"inner","pass":"inner"}]]],"login":"é","pass":"漢字𝄞"}"#,
    r#"{"login":"","pass":"","n":[0,-0,1.0,1e5,0.1E-2,9007199254740993]}"#,
    r#"{"login":"only"}"#,
    r#"{"login":"one","login":"two","pass":"p"}"#,
    r#"{"login":1,"pass":"p"}"#,
    r#"["login","pass"]"#,
    "{}",
    "{\"login\":\"tab\\tinside\",\r\n\t\"pass\":\"lines\"\n}\n",
];

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    "\\udc00",
    "\\u0061",
    "\\x",
    "0",
    "-",
    "+",
    ".",
    "e",
    "E5",
    "null",
    "true",
    "nul",
    " ",
    "\t",
    "\n",
    "\u{b}",
    "\0",
    "\u{7f}",
    "é",
    "\u{feff}",
    "//",
    "'",
    "login",
    "pass",
    "\"login\":\"x\",",
    "\"pass\":{},",
    "[[[[",
    "]]]]",
    "9",
];

/// A text with something taken out, put in, or repeated.
fn mutated(numbers: &mut Numbers) -> Vec<u8> {
    let mut text = numbers.pick(TEXTS).as_bytes().to_vec();
    for _ in 0..numbers.below(4) {
        let start = numbers.below(text.len() + 1);
        let end = (start + numbers.below(6)).min(text.len());
        let piece = match numbers.below(6) {
            0 => vec![u8::try_from(numbers.below(256)).unwrap()],
            1 => text[start..end].repeat(2),
            2 => Vec::new(),
            _ => numbers.pick(PIECES).as_bytes().to_vec(),
        };
        let end = if numbers.below(2) == 0 { start } else { end };
        text.splice(start..end, piece);
    }
    text
}

#[test]
fn serde_json_reads_the_same_members() {
    let mut numbers = Numbers(0x746f_6c6c_6761_7465);
    let (mut read, mut absent, mut malformed, mut unsaid) = (0, 0, 0, 0);
    for _ in 0..20_000 {
        let text = mutated(&mut numbers);
        let Some(expected) = theirs(&text) else {
            unsaid += 1;
            continue;
        };
        let found = ours(&text);
        assert_eq!(found, expected, "{}", String::from_utf8_lossy(&text));
        match found {
            Ok(_) => read += 1,
            Err(Reason::NoCredential) => absent += 1,
            Err(_) => malformed += 1,
        }
    }
    println!("{read} read, {absent} without, {malformed} malformed, {unsaid} left out");
    assert!(read > 2000 && absent > 1000 && malformed > 5000 && unsaid < 100);
}

/// The control: a reader that takes the last of two members is told from one that refuses them.
#[test]
fn a_lenient_reader_is_noticed() {
    let lenient = |text: &[u8]| -> Read {
        let value: Value = serde_json::from_slice(text).map_err(|_| Reason::MalformedBody)?;
        let member = |name| Some(value.get(name)?.as_str()?.as_bytes().to_vec());
        member("login").zip(member("pass")).ok_or(Reason::NoCredential)
    };
    let mut numbers = Numbers(0x746f_6c6c_6761_7465);
    let texts = (0..20_000).map(|_| mutated(&mut numbers));
    let differs = |text: &Vec<u8>| theirs(text).is_some_and(|expected| lenient(text) != expected);
    assert!(texts.filter(differs).count() > 100);
}

/// Every text that is cut off is malformed, and so is every one with more behind it.
#[test]
fn the_whole_text_is_read() {
    for text in TEXTS.iter().map(|text| text.trim_end()).filter(|text| text.starts_with('{')) {
        for end in 1..text.len() {
            let cut = &text.as_bytes()[..end];
            assert_eq!(ours(cut), Err(Reason::MalformedBody));
        }
        for more in ["x", "}", "{}", ",", "\0", "\u{feff}"] {
            let more = format!("{text}{more}");
            assert_eq!(ours(more.as_bytes()), Err(Reason::MalformedBody), "{more}");
        }
    }
}

/// The limits on depth and length are where the documentation says.
#[test]
fn depth_and_length_have_limits() {
    for depth in 1..=200 {
        let nested = format!(
            "{{\"login\":\"l\",\"pass\":\"p\",\"x\":{}{}}}",
            "[".repeat(depth - 1),
            "]".repeat(depth - 1)
        );
        let nested = nested.replace("\"x\":}", "\"x\":0}");
        assert_eq!(ours(nested.as_bytes()).is_ok(), depth <= MAX_DEPTH, "{depth}");
    }
    for length in [0, 1, 255, 256, 257, 5000] {
        for escaped in ["a", "\\u0061"] {
            let text = format!("{{\"login\":\"{}\",\"pass\":\"p\"}}", escaped.repeat(length));
            let expected = (length <= MAX_MEMBER).then(|| b"a".repeat(length));
            assert_eq!(ours(text.as_bytes()).ok().map(|(login, _)| login), expected, "{length}");
        }
    }
}
