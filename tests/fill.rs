//! How full the memories for limits and for messages are, against what was put in.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use core::net::{IpAddr, Ipv4Addr};
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

use tollgate::limit::replay::{self, Memory, Message};
use tollgate::limit::{
    Charge, Fill, Outcome, Rate, Subject, Table, charge_all, failures_record, init, size_words,
};

const SEED: [u8; 16] = *b"a seed for tests";
const NOW_NS: u64 = 1_000_000_000;
const NOW_MS: u64 = 1_700_000_000_000;
const WINDOW_MS: u64 = 600_000;

fn words(count: usize) -> Vec<AtomicU64> {
    (0..count).map(|_| AtomicU64::new(u64::MAX)).collect()
}

fn limits(credentials: usize, addresses: usize) -> Vec<AtomicU64> {
    let memory = words(size_words(credentials, addresses).unwrap());
    init(&memory, credentials, addresses, SEED).unwrap();
    memory
}

fn messages(count: usize) -> Vec<AtomicU64> {
    let memory = words(replay::size_words(count).unwrap());
    replay::init(&memory, count, WINDOW_MS, SEED).unwrap();
    memory
}

fn address(host: u32) -> Option<IpAddr> {
    Some(IpAddr::V4(Ipv4Addr::from_bits(host)))
}

fn charge(table: &Table<'_>, now_ns: u64, subject: Subject<'_>, rate: &Rate) -> Outcome {
    charge_all(table, now_ns, &[Charge { subject, rate, cost: 1 }])
}

#[test]
fn an_empty_memory_has_the_room_that_it_was_made_for() {
    for (credentials, addresses) in [(0, 0), (1, 8), (9, 1000), (1000, 65536)] {
        let memory = limits(credentials, addresses);
        let (first, second) = Table::attach(&memory).unwrap().fill(NOW_NS);
        for (fill, asked) in [(first, credentials as u64), (second, addresses as u64)] {
            assert_eq!(fill.used, 0);
            assert!((asked.max(1)..asked + 9).contains(&fill.room), "{fill:?} for {asked}");
        }
    }
    for asked in [0, 1, 14, 15, 10_000] {
        let memory = messages(asked as usize);
        let Fill { used, room } = Memory::attach(&memory).unwrap().fill(NOW_MS);
        assert_eq!(used, 0);
        assert!((asked.max(1)..asked + 15).contains(&room), "{room} for {asked}");
    }
}

/// Subject number n owes for n + 1 microseconds.
#[test]
fn subjects_count_as_long_as_they_owe() {
    const SUBJECTS: u64 = 200;
    let memory = limits(SUBJECTS as usize, 2 * SUBJECTS as usize);
    let table = Table::attach(&memory).unwrap();
    for number in 0..SUBJECTS {
        let rate = Rate::new(1, (number + 1) * 1000, 3).unwrap();
        let (id, host) = (number.to_le_bytes(), number as u32);
        let subjects = [
            Subject::Credential { id: &id, limit: b"one" },
            Subject::Address { address: address(host), limit: b"one" },
        ];
        subjects.iter().for_each(|subject| _ = charge(&table, NOW_NS, *subject, &rate));
        failures_record(&table, NOW_NS, address(host), &rate);
    }
    for passed in 0..=SUBJECTS {
        let owing = SUBJECTS - passed;
        for now_ns in [NOW_NS + passed * 1000, NOW_NS + passed * 1000 + 999] {
            let (credentials, addresses) = table.fill(now_ns);
            assert_eq!((credentials.used, addresses.used), (owing, 2 * owing), "{passed}");
        }
    }
    assert_eq!(table.fill(NOW_NS + SUBJECTS * 1000 - 1).0.used, 1);
    assert_eq!(table.fill(u64::MAX).1.used, 0);
}

/// Each limit of a credential is an entry, and what is asked again or denied is none.
#[test]
fn an_entry_is_one_limit_of_one_subject() {
    let memory = limits(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = Rate::new(1, 1_000_000, 2).unwrap();
    for limit in [&b"one"[..], b"other", b"one", b"one", b"one"] {
        charge(&table, NOW_NS, Subject::Credential { id: b"merchant", limit }, &rate);
    }
    let (credentials, addresses) = table.fill(NOW_NS);
    assert_eq!((credentials.used, addresses.used), (2, 0));
}

#[test]
fn a_full_table_has_more_than_it_was_made_for() {
    let memory = limits(1, 800);
    let table = Table::attach(&memory).unwrap();
    let rate = Rate::new(1, 1_000_000, 1).unwrap();
    let by_address = |host| Subject::Address { address: address(host), limit: b"" };
    let admitted = |host: &u32| {
        matches!(charge(&table, NOW_NS, by_address(*host), &rate), Outcome::Admitted { .. })
    };
    let found_room = (0..10_000).filter(admitted).count() as u64;
    let (_, Fill { used, room }) = table.fill(NOW_NS);
    assert_eq!((used, room), (found_room, 800));
    assert_eq!(used, 100 * 31, "every cell");
}

#[test]
fn threads_may_charge_while_the_table_is_read() {
    let memory = limits(10, 100);
    let table = Table::attach(&memory).unwrap();
    let rate = Rate::new(1, 1_000_000, 1000).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..200_000 {
                let subject = Subject::Address { address: address(number % 100), limit: b"" };
                charge(&table, NOW_NS, subject, &rate);
            }
        });
        let mut before = 0;
        for _ in 0..2000 {
            let used = table.fill(NOW_NS).1.used;
            assert!((before..=100).contains(&used), "{before}, then {used}");
            before = used;
        }
    });
    assert_eq!(table.fill(NOW_NS).1.used, 100);
}

fn claim(memory: &Memory<'_>, now_ms: u64, number: u64) -> replay::Outcome {
    let id = number.to_le_bytes();
    memory.claim(now_ms, &Message { credential: b"", id: &id, fresh_from_ms: None }, None)
}

#[test]
fn messages_count_for_their_window_and_the_next() {
    let words = messages(1000);
    let memory = Memory::attach(&words).unwrap();
    let begin = NOW_MS - NOW_MS % WINDOW_MS;
    let used = |now_ms| memory.fill(now_ms).used;
    for number in 0..300 {
        let replay::Outcome::Taken(held) = claim(&memory, begin + number, number) else { return };
        // What was confirmed or given back takes the same room.
        match number % 3 {
            0 => assert!(memory.confirm(&held)),
            1 => assert!(memory.release(&held)),
            _ => {}
        }
        assert_eq!(used(begin + number), number + 1);
    }
    // Claims of what is there, and of what was given back, take no more of it.
    (0..300).for_each(|number| _ = claim(&memory, begin + 1000, number));
    assert_eq!(used(begin + 1000), 300);
    // A window later there are fewer, which close the window before.
    let next = begin + WINDOW_MS;
    (1000..1200).for_each(|number| _ = claim(&memory, next, number));
    assert_eq!((used(next), used(next + WINDOW_MS - 1)), (300, 300));
    // Two windows later the first ones are forgotten.
    assert_eq!((used(next + WINDOW_MS), used(next + 2 * WINDOW_MS)), (200, 0));
    // When a clock is set back, buckets that have not seen the later window go by the one before.
    assert!((200..=300).contains(&used(begin)) && used(begin) == used(0), "{}", used(begin));
}

#[test]
fn a_full_replay_memory_has_more_than_it_was_made_for() {
    let words = messages(140);
    let memory = Memory::attach(&words).unwrap();
    let taken = |number: &u64| matches!(claim(&memory, NOW_MS, *number), replay::Outcome::Taken(_));
    let taken = (0..5000).filter(taken).count() as u64;
    assert_eq!(memory.fill(NOW_MS), Fill { used: taken, room: 140 });
    assert_eq!(taken, 10 * 42, "every cell");
}

#[test]
fn scribbled_memory_has_no_more_than_its_cells() {
    let (table, memory) = (limits(10, 100), messages(100));
    let mut random = 1u64;
    for _ in 0..300 {
        for word in table[16..].iter().chain(&memory[16..]) {
            random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            let shape = [random, u64::MAX, 1 << 62, 0, random << 32];
            word.store(shape[(random >> 33) as usize % shape.len()], Relaxed);
        }
        let (credentials, addresses) = Table::attach(&table).unwrap().fill(random);
        assert!(credentials.used <= 2 * 31 && addresses.used <= 13 * 31);
        assert!(Memory::attach(&memory).unwrap().fill(random).used <= 8 * 42);
    }
}
