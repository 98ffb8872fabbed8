//! Keys as they are made, read without a lookup, and kept.
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

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tollgate::keys::{
    ENTROPY, Key, Label, MAX_ENVIRONMENT, MAX_KEY, MAX_PREFIX, Malformed, ShortPepper, WeakEntropy,
    hmac_sha256_text, parse, sha256_text,
};
use tollgate::primitive::hex::{self, Case};

fn vectors_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// What Python made of the same random bytes.
struct Vector(Value);

impl Vector {
    fn all() -> Vec<Self> {
        let text = fs::read_to_string(vectors_folder().join("keys.json")).unwrap();
        let values: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert!(values.len() > 100);
        values.into_iter().map(Self).collect()
    }

    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap()
    }

    fn key(&self) -> &str {
        self.text("key")
    }

    fn label(&self) -> Label<'_> {
        Label::new(self.text("prefix"), self.text("environment")).unwrap()
    }

    fn entropy(&self) -> [u8; ENTROPY] {
        let mut bytes = [0; ENTROPY];
        hex::decode(self.text("entropy_hex").as_bytes(), Case::Lower, &mut bytes).unwrap();
        bytes
    }
}

#[test]
fn the_vectors_are_what_the_script_writes() {
    let script = vectors_folder().join("make_keys.py");
    let status = Command::new("python3").arg(script).arg("--check").status();
    assert!(status.expect("python3 is missing: apt-get install python3").success());
}

#[test]
fn keys_are_those_that_python_makes() {
    for vector in Vector::all() {
        let key = Key::new(&vector.label(), &vector.entropy()).unwrap();
        assert_eq!(key.as_str(), vector.key());
        assert_eq!(key.as_str().len(), vector.label().key_len());
        assert_eq!(parse(key.as_str().as_bytes()), Ok(vector.label()));
    }
}

#[test]
fn hashes_are_those_that_python_makes() {
    for vector in Vector::all() {
        let (key, pepper) = (vector.key().as_bytes(), vector.text("pepper").as_bytes());
        assert_eq!(sha256_text(key).as_str(), vector.text("sha256"));
        assert_eq!(hmac_sha256_text(key, pepper).unwrap().as_str(), vector.text("hmac_sha256"));
    }
    assert_eq!(hmac_sha256_text(b"key", &[7; 15]), Err(ShortPepper));
    assert_eq!(hmac_sha256_text(b"key", b""), Err(ShortPepper));
    assert!(hmac_sha256_text(b"key", &[7; 16]).is_ok());
}

/// Whatever is done to one byte, or to two neighbours, no other key comes of it.
#[test]
fn every_slip_is_noticed() {
    for vector in Vector::all().iter().take(8) {
        let key = vector.key().as_bytes();
        for at in 0..key.len() {
            for byte in (0..=u8::MAX).filter(|byte| *byte != key[at]) {
                let mut changed = key.to_vec();
                changed[at] = byte;
                assert!(parse(&changed).is_err(), "{}", String::from_utf8_lossy(&changed));
            }
            let mut shorter = key.to_vec();
            shorter.remove(at);
            assert!(parse(&shorter).is_err(), "{at}");
            let mut longer = key.to_vec();
            longer.insert(at, key[at]);
            assert!(parse(&longer).is_err(), "{at}");
            let mut swapped = key.to_vec();
            swapped.swap(at, (at + 1) % key.len());
            assert!(swapped == key || parse(&swapped).is_err(), "{at}");
            assert!(parse(&key[..at]).is_err() && parse(&key[at + 1..]).is_err(), "{at}");
        }
    }
}

#[test]
fn what_is_no_key_is_told_why() {
    const DIGITS: &str = "00kZPQV3yWOVUoxfJnZxCTL1kYcQd92bXv4x";
    let key = Vector::all().remove(0).key().to_owned();
    let of = |prefix: &str, environment: &str| format!("{prefix}_{environment}_{DIGITS}");
    let symbol = |at| Malformed::Symbol { at };
    for (text, fault) in [
        (String::new(), Malformed::Prefix),
        ("_".into(), Malformed::Prefix),
        ("__".into(), Malformed::Prefix),
        (DIGITS.into(), Malformed::Prefix),
        (of("", "live"), Malformed::Prefix),
        (of("Acme", "live"), Malformed::Prefix),
        (of("1acme", "live"), Malformed::Prefix),
        (of("ac-me", "live"), Malformed::Prefix),
        (of(" acme", "live"), Malformed::Prefix),
        (of("acmé", "live"), Malformed::Prefix),
        (of(&"p".repeat(MAX_PREFIX + 1), "live"), Malformed::Prefix),
        ("a_".into(), Malformed::Environment),
        (format!("acme_{DIGITS}"), Malformed::Environment),
        (of("acme", ""), Malformed::Environment),
        (of("acme", "Live"), Malformed::Environment),
        (of("acme", "li ve"), Malformed::Environment),
        (of("acme", "li.ve"), Malformed::Environment),
        (of("acme", "live\0"), Malformed::Environment),
        (of("acme", &"e".repeat(MAX_ENVIRONMENT + 1)), Malformed::Environment),
        (format!("{key}\n"), symbol(46)),
        (format!("{key} "), symbol(46)),
        (format!("{key}\0"), symbol(46)),
        (key.replace("0Y", "0-"), symbol(41)),
        (key.replace("0Y", "0é"), symbol(41)),
        (key.replace("live_0", "live_+"), symbol(10)),
        ("acme_live_".into(), Malformed::Length),
        (key[..45].into(), Malformed::Length),
        (format!("{key}0"), Malformed::Length),
        (format!("acme_live_{}", "0".repeat(1 << 20)), Malformed::Length),
        (of("acme", "live"), Malformed::Checksum),
        (of(&"p".repeat(MAX_PREFIX), &"e".repeat(MAX_ENVIRONMENT)), Malformed::Checksum),
        (key.replace("live", "test"), Malformed::Checksum),
        (key.replace("acme", "acmf"), Malformed::Checksum),
        (key.to_uppercase().replace("ACME_LIVE", "acme_live"), Malformed::Checksum),
    ] {
        assert_eq!(parse(text.as_bytes()), Err(fault), "{text:.60}");
    }
    assert!(parse(key.as_bytes()).is_ok());
    assert_eq!(parse(b"\xff_live_0"), Err(Malformed::Prefix));
    assert_eq!(parse(b"acme_\xff_0"), Err(Malformed::Environment));
    assert_eq!(parse(b"acme_live_\xff"), Err(symbol(10)));
}

#[test]
fn labels_that_no_key_could_have_are_refused() {
    for prefix in ["", "_", "a_b", "Acme", "1a", "a-b", "a b", "é", &"p".repeat(17)] {
        assert_eq!(Label::new(prefix, "live"), Err(Malformed::Prefix), "{prefix}");
    }
    for environment in ["", "Live", "a b", "a.b", "é", "a\n", &"e".repeat(33)] {
        assert_eq!(Label::new("acme", environment), Err(Malformed::Environment), "{environment}");
    }
    let longest = Label::new("pppppppppppppppp", "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee").unwrap();
    assert_eq!(longest.key_len(), MAX_KEY);
    assert_eq!(
        (longest.prefix().len(), longest.environment().len()),
        (MAX_PREFIX, MAX_ENVIRONMENT)
    );
}

#[test]
fn a_source_of_randomness_that_failed_makes_no_key() {
    let label = Label::new("acme", "live").unwrap();
    for byte in [0, 1, 0x5a, 0xff] {
        assert_eq!(Key::new(&label, &[byte; ENTROPY]).unwrap_err(), WeakEntropy);
    }
}

/// Every digit of a key takes every value, but the first: 176 bits are a little less than 30
/// digits.
#[test]
fn keys_of_the_operating_system_are_all_different() {
    const KEYS: usize = 20_000;
    let label = Label::new("acme", "eu_west").unwrap();
    let mut keys = HashSet::new();
    let mut seen = [[0_u32; 128]; 36];
    for _ in 0..KEYS {
        let key = Key::generate(&label).unwrap();
        assert_eq!(parse(key.as_str().as_bytes()), Ok(label));
        for (place, digit) in key.as_str()[13..].bytes().enumerate() {
            seen[place][usize::from(digit)] += 1;
        }
        keys.insert(key.as_str().to_owned());
    }
    assert_eq!(keys.len(), KEYS);
    for (place, counts) in seen.iter().enumerate().skip(1).take(29) {
        // 322 of each are to be expected, and more than 8 standard deviations off do not happen.
        let digits = counts.iter().filter(|count| (170..=475).contains(*count)).count();
        assert_eq!(digits, 62, "place {place}: {counts:?}");
    }
}

#[test]
fn a_key_does_not_show_in_a_log() {
    let key = Key::generate(&Label::new("acme", "live").unwrap()).unwrap();
    assert_eq!(format!("{key:?}"), "Key(..)");
}
