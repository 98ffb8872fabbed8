//! What a scheme signs it verifies, and with any bit flipped it does not: for every built-in
//! scheme and for random ones. What they need of a message is read from their description, so that
//! a scheme that is added is tested without a line here.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its counts; it has std"
)]

#[path = "signing/errors.rs"]
mod errors;
#[path = "signing/message.rs"]
mod message;
#[path = "signing/own.rs"]
mod own;
#[path = "signing/random.rs"]
mod random;

use std::fs;
use std::path::Path;

use message::Message;
use own::secret;
use random::Random;
use serde_json::Value;
use tollgate::scheme::{Locator, MAX_GENERATIONS, MacKey, Scheme, builtin};

const ROUNDS: usize = 40;
const OWN_SCHEMES: usize = 400;

/// The beginning of the year 10000.
const TIME_END_MS: u64 = 253_402_300_800_000;

fn key(scheme: &Scheme, random: &mut Random) -> MacKey {
    scheme.prepare_key(&secret(scheme, random)).expect("a usable secret")
}

/// Every built-in scheme `rounds` times, and random ones.
fn schemes(rounds: usize, own: usize, random: &mut Random) -> Vec<Scheme> {
    let built_in = (0..rounds).flat_map(|_| builtin::ALL).cloned();
    built_in.chain((0..own).map(|_| own::scheme(random))).collect()
}

/// How many keys a message can be signed with.
fn most_keys(scheme: &Scheme) -> usize {
    match scheme.locator {
        Locator::Whole | Locator::Prefix(_) => 1,
        _ => scheme.max_candidates.min(MAX_GENERATIONS),
    }
}

#[test]
fn what_is_signed_is_verified_under_each_of_the_keys() {
    let mut random = Random(1);
    let (mut signatures, mut most) = (0, 0);
    for scheme in schemes(ROUNDS, OWN_SCHEMES, &mut random) {
        let message = Message::random(&scheme, &mut random);
        let unix_ms = random.next() % TIME_END_MS;
        let keys: Vec<_> =
            (0..1 + random.below(most_keys(&scheme))).map(|_| key(&scheme, &mut random)).collect();
        let id = random.word(20);
        let signed = message.signed(&scheme, &keys, &id, unix_ms);
        let (signed, _) =
            signed.unwrap_or_else(|error| panic!("{error}\n{scheme:#?}\n{message:#?}"));
        let all: Vec<_> = (0..keys.len()).collect();
        let found = signed.verify(&scheme, &keys, unix_ms);
        assert_eq!(found, Ok(all), "{scheme:#?}\n{signed:#?}");
        for key in &keys {
            let alone = signed.verify(&scheme, std::slice::from_ref(key), unix_ms);
            assert_eq!(alone, Ok(vec![0]), "{scheme:#?}");
        }
        let stranger = [key(&scheme, &mut random)];
        assert!(signed.verify(&scheme, &stranger, unix_ms).is_err(), "{scheme:#?}");
        signatures += keys.len();
        most = most.max(keys.len());
    }
    println!("{signatures} signatures, up to {most} on a message");
    assert_eq!(most, MAX_GENERATIONS);
}

#[test]
fn no_flipped_bit_is_verified() {
    let mut random = Random(2);
    let mut count = 0;
    for scheme in schemes(1, 40, &mut random) {
        let message = Message::random(&scheme, &mut random);
        let unix_ms = random.next() % TIME_END_MS;
        let keys = [key(&scheme, &mut random)];
        let (signed, _) = message.signed(&scheme, &keys, &random.word(20), unix_ms).unwrap();
        let places = signed.covered(&scheme);
        assert!(!places.is_empty());
        for place in places {
            for (bit, flipped) in signed.flips(&place) {
                let found = flipped.verify(&scheme, &keys, unix_ms);
                let same = signed.is_case(&scheme, &place, bit);
                assert_eq!(
                    found.is_ok(),
                    same,
                    "{found:?} with bit {bit} of {place:?}\n{scheme:#?}\n{signed:#?}"
                );
                count += 1;
            }
        }
    }
    println!("{count} flipped bits");
    assert!(count > 40_000);
}

/// The signatures that others made (`tests/vectors/make_schemes.py`), made again of the same
/// messages.
#[test]
fn the_signatures_are_those_that_others_made() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/schemes.json");
    let vectors: Vec<Value> =
        serde_json::from_str(&fs::read_to_string(path).unwrap()).expect("JSON");
    let (mut same, mut among_others, mut other_dates) = (0, 0, 0);
    for vector in &vectors {
        let scheme = builtin::find(vector["scheme"].as_str().unwrap()).unwrap();
        let secret = vector["secret"].as_str().unwrap();
        let keys = [scheme.prepare_key(secret.as_bytes()).unwrap()];
        let sent = Message::read(vector);
        let (message, id, unix_ms) = sent.unsigned(scheme, vector["unix_ms"].as_u64().unwrap());
        let (signed, value) = message.signed(scheme, &keys, &id, unix_ms).unwrap();
        let theirs = sent.signature(scheme).unwrap();
        if !signed.has_time_of(&sent, scheme) {
            other_dates += 1;
        } else if theirs == value {
            assert!(signed.is_within(&sent, scheme), "{}: {signed:?}", &*scheme.name);
            same += 1;
        } else {
            let own = value.rsplit([',', ' ', '=']).find(|text| !text.is_empty()).unwrap();
            assert!(theirs.contains(own), "{value} is not in {theirs}");
            among_others += 1;
        }
    }
    println!(
        "{same} values are the same, {among_others} stand among others, \
         {other_dates} are over a date that is written in another way"
    );
    assert_eq!(same + among_others + other_dates, vectors.len());
    assert!(same >= 37);
}
