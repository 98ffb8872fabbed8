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
#[path = "signing/published.rs"]
mod published;
#[path = "signing/random.rs"]
mod random;
#[path = "vectors/schemes.rs"]
mod schemes;

use message::Message;
use own::secret;
use random::Random;
use tollgate::scheme::{Carrier, Locator, MAX_GENERATIONS, MacKey, Scheme, Stamp, builtin};

const ROUNDS: usize = 40;
const OWN_SCHEMES: usize = 400;

/// The beginning of the year 10000.
const TIME_END_MS: u64 = 253_402_300_800_000;

fn key(scheme: &Scheme, random: &mut Random) -> MacKey {
    scheme.prepare_key(&secret(scheme, random)).expect("a usable secret")
}

/// Every built-in scheme `rounds` times, and random ones.
fn every_scheme(rounds: usize, own: usize, random: &mut Random) -> Vec<Scheme> {
    let built_in = (0..rounds).flat_map(|_| builtin::ALL).map(usable);
    built_in.chain((0..own).map(|_| own::scheme(random))).collect()
}

/// The scheme with a URL, if it covers one.
fn usable(scheme: &Scheme) -> Scheme {
    scheme.with_url("https://shop.example.com/hook")
}

/// How many keys a message can be signed with.
fn most_keys(scheme: &Scheme) -> usize {
    if !scheme.algorithm.is_keyed() {
        return 0;
    }
    match (&scheme.carrier, &scheme.locator) {
        (Carrier::HeaderLines(_), _) | (_, Locator::Pairs { .. } | Locator::Versions { .. }) => {
            scheme.max_candidates.min(MAX_GENERATIONS)
        }
        _ => 1,
    }
}

#[test]
fn what_is_signed_is_verified_under_each_of_the_keys() {
    let mut random = Random(1);
    let (mut signatures, mut most) = (0, 0);
    for scheme in every_scheme(ROUNDS, OWN_SCHEMES, &mut random) {
        let unix_ms = random.next() % TIME_END_MS;
        let message = Message::random(&scheme, unix_ms, &mut random);
        let count = match most_keys(&scheme) {
            0 => 0,
            most => 1 + random.below(most),
        };
        let keys: Vec<_> = (0..count).map(|_| key(&scheme, &mut random)).collect();
        let (id, key_id) = (random.word(20), random.word(20));
        let stamp = Stamp { unix_ms, id: &id, key: &key_id };
        let signed = message.signed(&scheme, &keys, &stamp);
        let (signed, _) =
            signed.unwrap_or_else(|error| panic!("{error}\n{scheme:#?}\n{message:#?}"));
        // Without a key there is one signature, which counts as that of the first.
        let all: Vec<_> = (0..keys.len().max(1)).collect();
        let found = signed.verify(&scheme, &keys, unix_ms);
        assert_eq!(found, Ok(all), "{scheme:#?}\n{signed:#?}");
        let before = matches!(scheme.locator, Locator::AfterKey { .. });
        let named = if before { key_id } else { String::new() };
        assert_eq!(signed.claimed_key(&scheme), Some(named.into_bytes()), "{signed:#?}");
        for key in &keys {
            let alone = signed.verify(&scheme, std::slice::from_ref(key), unix_ms);
            assert_eq!(alone, Ok(vec![0]), "{scheme:#?}");
        }
        if scheme.algorithm.is_keyed() {
            let stranger = [key(&scheme, &mut random)];
            assert!(signed.verify(&scheme, &stranger, unix_ms).is_err(), "{scheme:#?}");
        }
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
    for scheme in every_scheme(1, 40, &mut random) {
        let unix_ms = random.next() % TIME_END_MS;
        let message = Message::random(&scheme, unix_ms, &mut random);
        let keys: Vec<_> =
            (0..most_keys(&scheme).min(1)).map(|_| key(&scheme, &mut random)).collect();
        let (id, key_id) = (random.word(20), random.word(20));
        let stamp = Stamp { unix_ms, id: &id, key: &key_id };
        let (signed, _) = message.signed(&scheme, &keys, &stamp).unwrap();
        let named = signed.claimed_key(&scheme);
        let places = signed.covered(&scheme);
        assert!(!places.is_empty());
        for place in places {
            for (bit, flipped) in signed.flips(&place) {
                let found = flipped.verify(&scheme, &keys, unix_ms);
                let same = signed.is_case(&scheme, &place, bit);
                // The key before the signature is not signed: it says whose secret to verify with.
                let claimed = found.is_ok() && flipped.claimed_key(&scheme) == named;
                assert_eq!(
                    claimed, same,
                    "{found:?} with bit {bit} of {place:?}\n{scheme:#?}\n{signed:#?}"
                );
                count += 1;
            }
        }
    }
    println!("{count} flipped bits");
    assert!(count > 40_000);
}
