//! Replay memory under threads: of all claims of one message exactly one is taken, while periods
//! end, and nobody holds what somebody else holds.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use core::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use tollgate::limit::replay::{Memory, Message, Outcome, init, size_words};

const WINDOW: u64 = 1000;
const START: u64 = 1_700_000_000_000;
/// Of each of two threads.
const ATTEMPTS: u64 = 500_000;

fn memory(messages: usize) -> Vec<AtomicU64> {
    let words = size_words(messages).unwrap();
    let words: Vec<AtomicU64> = (0..words).map(|_| AtomicU64::new(0)).collect();
    init(&words, messages, WINDOW, *b"a seed for tests").unwrap();
    words
}

/// How many claims are taken if two threads claim the same messages in the same order, `rate` in
/// a millisecond, each in the memory that it is given.
fn taken_by_two(memories: [&Memory<'_>; 2], rate: u64, timestamps: bool) -> u64 {
    let clock = AtomicU64::new(0);
    let worker = |memory: &Memory<'_>| {
        let claims = (0..ATTEMPTS).map(|number| {
            // The clock of both: it never stands behind what one of them has reached.
            let own = number / rate;
            let now_ms = START + clock.fetch_max(own, Ordering::AcqRel).max(own);
            let id = number.to_le_bytes();
            let fresh_from_ms = timestamps.then_some(START + own);
            memory.claim(now_ms, &Message { credential: b"", id: &id, fresh_from_ms }, None)
        });
        claims.filter(|outcome| matches!(outcome, Outcome::Taken(_))).count() as u64
    };
    let [one, other] = memories;
    thread::scope(|scope| {
        let other = scope.spawn(|| worker(other));
        worker(one) + other.join().unwrap()
    })
}

#[test]
fn of_a_million_claims_exactly_the_new_ones_are_taken() {
    // Hundreds of periods, with a few messages in each bucket.
    let words = memory(4000);
    let memory = Memory::attach(&words).unwrap();
    assert_eq!(taken_by_two([&memory; 2], 2, true), ATTEMPTS);
}

#[test]
fn messages_without_a_timestamp_are_taken_once_within_the_window() {
    // Within half a window a late thread is never two periods behind.
    let words = memory(ATTEMPTS as usize);
    let memory = Memory::attach(&words).unwrap();
    assert_eq!(taken_by_two([&memory; 2], ATTEMPTS / 500, false), ATTEMPTS);
}

/// The control: threads that share nothing take everything twice.
#[test]
fn a_memory_for_each_thread_takes_everything_twice() {
    let words = [(); 2].map(|()| memory(ATTEMPTS as usize));
    let [one, other] = words.each_ref().map(|words| Memory::attach(words).unwrap());
    assert_eq!(taken_by_two([&one, &other], ATTEMPTS / 500, false), 2 * ATTEMPTS);
}

#[test]
fn nobody_holds_what_somebody_else_holds() {
    let words = memory(1);
    let memory = Memory::attach(&words).unwrap();
    let (holders, ticks) = (AtomicU64::new(0), AtomicU64::new(0));
    let worker = || {
        let mut held = 0;
        for _ in 0..ATTEMPTS {
            // A period ends every 20 releases, so nothing that is held is forgotten.
            let now_ms = START + ticks.load(Ordering::Acquire) * WINDOW / 20;
            let message = Message { credential: b"", id: b"one", fresh_from_ms: None };
            if let Outcome::Taken(claim) = memory.claim(now_ms, &message, None) {
                held += 1;
                assert_eq!(holders.fetch_add(1, Ordering::AcqRel), 0);
                holders.fetch_sub(1, Ordering::AcqRel);
                assert!(memory.release(&claim));
                ticks.fetch_add(1, Ordering::AcqRel);
            }
        }
        held
    };
    let held = thread::scope(|scope| {
        let other = scope.spawn(worker);
        worker() + other.join().unwrap()
    });
    assert!(held > ATTEMPTS / 2, "{held}");
}
