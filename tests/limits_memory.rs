//! The memory of the limits: what is no table is refused, what was scribbled on does no harm, and
//! what a killed worker left behind is finished.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use core::net::{IpAddr, Ipv4Addr};
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tollgate::limit::{
    AttachError, Charge, InitError, Outcome, Rate, Subject, Table, charge_all, failures_record,
    init, peek_all, size_words,
};

const NOW: u64 = 1_000_000_000;
const SEED: [u8; 16] = *b"a seed for tests";
const HEADER: usize = 16;
const BUCKET: usize = 64;

fn fresh(credentials: usize, addresses: usize) -> Vec<AtomicU64> {
    let words = size_words(credentials, addresses).unwrap();
    let memory: Vec<AtomicU64> = (0..words).map(|_| AtomicU64::new(u64::MAX)).collect();
    init(&memory, credentials, addresses, SEED).unwrap();
    memory
}

fn rate(burst: u64) -> Rate {
    Rate::new(1, 1_000_000, burst).unwrap()
}

fn address(host: u32) -> Subject<'static> {
    Subject::Address { address: Some(IpAddr::V4(Ipv4Addr::from_bits(host))), limit: b"" }
}

fn charge(table: &Table<'_>, subject: Subject<'_>, rate: &Rate) -> Outcome {
    charge_all(table, NOW, &[Charge { subject, rate, cost: 1 }])
}

fn admitted(table: &Table<'_>, subject: Subject<'_>, rate: &Rate) -> usize {
    (0..20).filter(|_| matches!(charge(table, subject, rate), Outcome::Admitted { .. })).count()
}

#[test]
fn every_truncation_is_refused() {
    let memory = fresh(30, 50);
    for length in 0..memory.len() {
        let refused = Table::attach(&memory[..length]).unwrap_err();
        let needed = if length < 6 { HEADER } else { memory.len() };
        // Less than the six words that are read say nothing about the rest.
        assert_eq!(refused, AttachError::TooShort { needed }, "{length} words");
        assert!(init(&memory[..length], 30, 50, SEED).is_err(), "{length} words");
    }
    assert!(Table::attach(&memory).is_ok());
}

#[test]
fn init_refuses_before_it_writes() {
    let memory = fresh(30, 50);
    let needed = size_words(300, 50).unwrap();
    assert_eq!(init(&memory, 300, 50, SEED), Err(InitError::TooShort { needed }));
    assert_eq!(init(&memory, usize::MAX, 1, SEED), Err(InitError::TooMany));
    assert_eq!(init(&memory, usize::MAX, usize::MAX, SEED), Err(InitError::TooMany));
    assert_eq!((size_words(usize::MAX, 0), size_words(0, usize::MAX)), (None, None));
    assert!(Table::attach(&memory).is_ok(), "still a table");
}

#[test]
fn memory_beyond_the_table_is_not_touched() {
    let words = size_words(3, 5).unwrap();
    let memory: Vec<AtomicU64> = (0..words + 8).map(|_| AtomicU64::new(99)).collect();
    init(&memory, 3, 5, SEED).unwrap();
    let table = Table::attach(&memory).unwrap();
    (0..200).for_each(|host| assert_ne!(charge(&table, address(host), &rate(1)), Outcome::TooMany));
    assert!(memory[words..].iter().all(|word| word.load(Relaxed) == 99));
}

#[test]
fn every_flipped_bit_of_the_header_is_refused() {
    let memory = fresh(30, 50);
    for (word, bit) in (0..6).flat_map(|word| (0..64).map(move |bit| (word, bit))) {
        memory[word].fetch_xor(1 << bit, Relaxed);
        let refused = Table::attach(&memory).unwrap_err();
        match (word, bit) {
            (0, 0..8) => assert!(matches!(refused, AttachError::OtherVersion { .. })),
            (0, _) => assert_eq!(refused, AttachError::NotATable),
            _ => assert_eq!(refused, AttachError::Corrupt, "word {word}, bit {bit}"),
        }
        memory[word].fetch_xor(1 << bit, Relaxed);
    }
    for value in [0, 1, u64::MAX, 1 << 63, 0x5555_5555_5555_5555] {
        for word in &memory[..6] {
            let before = word.swap(value, Relaxed);
            assert!(Table::attach(&memory).is_err());
            word.store(before, Relaxed);
        }
    }
    assert!(Table::attach(&memory).is_ok());
}

#[test]
fn foreign_memory_is_refused() {
    for fill in [0, 1, u64::MAX, 0x2020_2020_2020_2020] {
        let memory: Vec<AtomicU64> = (0..1000).map(|_| AtomicU64::new(fill)).collect();
        assert_eq!(Table::attach(&memory).unwrap_err(), AttachError::NotATable);
    }
}

#[test]
fn errors_say_what_to_do() {
    let texts = [
        InitError::TooShort { needed: 144 }.to_string(),
        InitError::TooMany.to_string(),
        AttachError::TooShort { needed: 144 }.to_string(),
        AttachError::NotATable.to_string(),
        AttachError::OtherVersion { found: 9 }.to_string(),
        AttachError::Corrupt.to_string(),
    ];
    for text in texts {
        assert!(["give it 144", "ask for", "initialise it"].iter().any(|say| text.contains(say)));
    }
}

#[test]
fn the_key_stays_out_of_logs() {
    let memory = fresh(30, 50);
    let text = format!("{:?}", Table::attach(&memory).unwrap());
    assert_eq!(text, "Table { buckets: (4, 7), key: .. }");
}

#[test]
fn scribbled_buckets_neither_panic_nor_hang() {
    let memory = fresh(1, 1);
    let table = Table::attach(&memory).unwrap();
    let mut random = 1u64;
    for round in 0..2000u32 {
        for word in &memory[HEADER..] {
            random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            // Small numbers, marks and owners that fit are worse than noise.
            let shape = [random, random >> 44, 1 << 63 | random >> 20, 0, u64::MAX, random << 32];
            word.store(shape[(random >> 33) as usize % shape.len()], Relaxed);
        }
        let one = Charge { subject: address(round), rate: &rate(5), cost: 1 };
        let peeked = peek_all(&table, NOW, &[one]);
        let charged = charge_all(&table, NOW, &[one]);
        if !matches!(peeked, Outcome::Admitted { .. }) {
            assert!(!matches!(charged, Outcome::Admitted { .. }), "{peeked:?}, then {charged:?}");
        }
        failures_record(&table, NOW, None, &rate(5));
    }
}

/// The words of the bucket of the addresses, each with the value that it has.
fn bucket(memory: &[AtomicU64]) -> &[AtomicU64] {
    &memory[HEADER + BUCKET..]
}

/// A claim and a charge, stopped behind each of their four writes.
#[test]
fn what_a_killed_worker_left_is_finished() {
    let (one, other, rate) = (address(1), address(2), rate(5));
    let done = fresh(1, 1);
    charge(&Table::attach(&done).unwrap(), one, &rate);
    let done: Vec<u64> = bucket(&done).iter().map(|word| word.load(Relaxed)).collect();
    let claim = done[0];
    let cell = done[1..32].iter().position(|owner| *owner == claim).unwrap();
    let (owner, tat) = (1 + cell, 33 + cell);
    let vacant = 1 << 63;
    let writes = [(tat, vacant), (0, claim), (owner, claim), (tat, done[tat])];
    for killed in 0..=writes.len() {
        let memory = fresh(1, 1);
        let words = bucket(&memory);
        for (word, value) in &writes[..killed] {
            words[*word].store(*value, Relaxed);
        }
        let table = Table::attach(&memory).unwrap();
        assert_eq!(admitted(&table, other, &rate), 5, "killed behind write {killed}");
        let left = if killed == writes.len() { 4 } else { 5 };
        assert_eq!(admitted(&table, one, &rate), left, "killed behind write {killed}");
        let held = words[1..32].iter().filter(|word| word.load(Relaxed) as u32 == claim as u32);
        assert_eq!(held.count(), 1, "killed behind write {killed}: one cell for one subject");
    }
}

/// The control for the one above: without the owner word nobody else would find the claim.
#[test]
fn a_claim_without_its_owner_is_seen_as_a_claim() {
    let memory = fresh(1, 1);
    let claim = 1 << 37 | 7 << 32 | 0xabcd;
    let words = bucket(&memory);
    words[33 + 7].store(1 << 63, Relaxed);
    words[0].store(claim, Relaxed);
    let table = Table::attach(&memory).unwrap();
    assert_eq!(words[1 + 7].load(Relaxed), 0);
    charge(&table, address(1), &rate(5));
    assert_eq!(words[1 + 7].load(Relaxed), claim, "the visitor wrote it");
    assert_ne!(words[0].load(Relaxed), claim, "and then made a claim of its own");
}

#[test]
fn a_table_takes_what_it_was_made_for_and_about_as_many_again() {
    let memory = fresh(1, 8000);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(1);
    let room = |host: &u32| charge(&table, address(*host), &rate) != Outcome::Full { index: 0 };
    let first_full = (0..40_000).find(|host| !room(host)).unwrap();
    assert!((14_000..22_000).contains(&first_full), "{first_full}");
}

#[test]
fn tables_with_other_seeds_spread_subjects_otherwise() {
    let occupied = |seed: [u8; 16]| {
        let memory = fresh(1, 800);
        init(&memory, 1, 800, seed).unwrap();
        let table = Table::attach(&memory).unwrap();
        (0..20).for_each(|host| assert_eq!(admitted(&table, address(host), &rate(1)), 1));
        let buckets = memory[HEADER + BUCKET..].chunks(BUCKET);
        buckets.map(|words| words[0].load(Relaxed) != 0).collect::<Vec<bool>>()
    };
    assert_eq!(occupied([1; 16]), occupied([1; 16]));
    assert_ne!(occupied([1; 16]), occupied([2; 16]));
}
