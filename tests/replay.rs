//! Replay memory: what is taken passes once, for as long as it could be fresh, whatever the clock
//! does; what is released passes again; what is full says so.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tollgate::limit::replay::{
    AttachError, Claim, InitError, Memory, Message, Outcome, init, size_words,
};

const WINDOW: u64 = 600_000;
/// The beginning of a period.
const START: u64 = WINDOW * 2_833_000;
const SEED: [u8; 16] = *b"a seed for tests";
const HEADER: usize = 16;
const PENDING: Outcome = Outcome::Replayed { pending: true };
const DONE: Outcome = Outcome::Replayed { pending: false };

fn fresh(messages: usize) -> Vec<AtomicU64> {
    let words = size_words(messages).unwrap();
    let words: Vec<AtomicU64> = (0..words).map(|_| AtomicU64::new(u64::MAX)).collect();
    init(&words, messages, WINDOW, SEED).unwrap();
    words
}

/// A message without a timestamp.
fn timeless(id: &[u8]) -> Message<'_> {
    Message { credential: b"merchant", id, fresh_from_ms: None }
}

/// A message that is fresh for a window from then on.
fn from(id: &[u8], fresh_from_ms: u64) -> Message<'_> {
    Message { credential: b"merchant", id, fresh_from_ms: Some(fresh_from_ms) }
}

#[track_caller]
fn taken(outcome: Outcome) -> Claim {
    match outcome {
        Outcome::Taken(claim) => claim,
        other => panic!("not taken: {other:?}"),
    }
}

#[test]
fn messages_are_told_apart_by_credential_and_id() {
    let words = fresh(100);
    let memory = Memory::attach(&words).unwrap();
    let messages: [(&[u8], &[u8]); 8] = [
        (b"", b""),
        (b"a", b""),
        (b"", b"a"),
        (b"a", b"bc"),
        (b"ab", b"c"),
        (b"a", b"bc\0"),
        (b"a\0", b"bc"),
        (b"a", &[0x5a; 64]),
    ];
    for expected in [None, Some(PENDING)] {
        for (credential, id) in messages {
            let message = Message { credential, id, fresh_from_ms: None };
            let outcome = memory.claim(START, &message, None);
            match expected {
                None => assert!(matches!(outcome, Outcome::Taken(_)), "{message:?}: {outcome:?}"),
                Some(expected) => assert_eq!(outcome, expected, "{message:?}"),
            }
        }
    }
}

#[test]
fn a_message_is_remembered_for_as_long_as_it_can_be_fresh() {
    // From any time in a period, at any time of its freshness, at every later edge.
    for into_period in [0, 1, 299_999, 300_000, 599_999] {
        for age in [0, 1, 300_000, WINDOW] {
            let (words, claimed) = (fresh(1), START + into_period);
            let memory = Memory::attach(&words).unwrap();
            let message = from(b"mac", claimed - age);
            taken(memory.claim(claimed, &message, None));
            for later in [0, 1, 299_999, 300_000, 599_999, WINDOW] {
                let outcome = memory.claim(claimed + later, &message, None);
                let fresh = age + later <= WINDOW;
                let refused = outcome == PENDING || (!fresh && outcome == Outcome::Forgotten);
                assert!(refused, "{into_period} {age} {later}: {outcome:?}");
            }
            for later in [WINDOW + 1, 2 * WINDOW, 3 * WINDOW, 100 * WINDOW] {
                let outcome = memory.claim(claimed + later, &message, None);
                assert!(!matches!(outcome, Outcome::Taken(_)), "{into_period} {age} {later}");
            }
        }
    }
}

#[test]
fn a_message_without_a_timestamp_is_remembered_for_a_window_and_forgotten_after_two() {
    for into_period in [0, 1, 300_000, 599_999] {
        let words = fresh(1);
        let memory = Memory::attach(&words).unwrap();
        let claimed = START + into_period;
        taken(memory.claim(claimed, &timeless(b"id"), None));
        for later in [0, 1, 300_000, WINDOW] {
            assert_eq!(memory.claim(claimed + later, &timeless(b"id"), None), PENDING, "{later}");
        }
        taken(memory.claim(claimed + 2 * WINDOW, &timeless(b"id"), None));
        assert_eq!(memory.claim(claimed + 2 * WINDOW, &timeless(b"id"), None), PENDING);
    }
}

#[test]
fn a_clock_that_was_set_forth_and_back_lets_nothing_pass_twice() {
    for ahead in [1, WINDOW, 2 * WINDOW, 3 * WINDOW, 1000 * WINDOW] {
        let words = fresh(1);
        let memory = Memory::attach(&words).unwrap();
        let message = from(b"mac", START);
        taken(memory.claim(START + 5, &message, None));
        taken(memory.claim(START + 5 + ahead, &from(b"other", START + 5 + ahead), None));
        for now in [START, START + 5, START + 10] {
            let outcome = memory.claim(now, &message, None);
            assert!(!matches!(outcome, Outcome::Taken(_)), "{ahead} ahead: {outcome:?}");
        }
        // Nobody is locked out once the clock has caught up.
        let later = START + ahead + WINDOW;
        taken(memory.claim(later, &from(b"new", later), None));
    }
}

#[test]
fn a_clock_that_is_set_back_forgets_nothing() {
    let words = fresh(1);
    let memory = Memory::attach(&words).unwrap();
    taken(memory.claim(START, &timeless(b"id"), None));
    for back in [1, WINDOW, 5 * WINDOW, START] {
        assert_eq!(memory.claim(START - back, &timeless(b"id"), None), PENDING, "{back} back");
        taken(memory.claim(START - back, &timeless(&back.to_le_bytes()), None));
    }
}

#[test]
fn what_is_not_fresh_yet_is_refused() {
    let words = fresh(1);
    let memory = Memory::attach(&words).unwrap();
    assert_eq!(memory.claim(START, &from(b"mac", START + 1), None), Outcome::Forgotten);
    taken(memory.claim(START + 1, &from(b"mac", START + 1), None));
}

#[test]
fn a_claim_is_confirmed_or_released_once() {
    let words = fresh(1);
    let memory = Memory::attach(&words).unwrap();
    let claim = |now| memory.claim(now, &timeless(b"id"), None);
    let first = taken(claim(START));
    assert!(memory.release(&first));
    assert!(!memory.release(&first) && !memory.confirm(&first));
    // The old claim has no hold on the new one.
    let second = taken(claim(START));
    assert!(!memory.release(&first) && !memory.confirm(&first));
    assert_eq!(claim(START), PENDING);
    assert!(memory.confirm(&second));
    assert!(!memory.release(&second) && !memory.confirm(&second));
    assert_eq!([claim(START), claim(START + WINDOW)], [DONE; 2]);
}

#[test]
fn a_claim_of_the_period_before_is_confirmed_or_released() {
    for confirmed in [true, false] {
        let words = fresh(1);
        let memory = Memory::attach(&words).unwrap();
        let last = START + WINDOW - 1;
        let first = taken(memory.claim(last, &timeless(b"id"), None));
        assert_eq!(memory.claim(last + 1, &timeless(b"id"), None), PENDING);
        if confirmed {
            assert!(memory.confirm(&first));
            assert_eq!(memory.claim(last + 1, &timeless(b"id"), None), DONE);
            continue;
        }
        assert!(memory.release(&first));
        let second = taken(memory.claim(last + 1, &timeless(b"id"), None));
        // It is remembered from now on, by clocks that are late as well.
        for now in [last, last + 1, last + 1 + WINDOW] {
            assert_eq!(memory.claim(now, &timeless(b"id"), None), PENDING);
        }
        assert!(!memory.confirm(&first) && memory.confirm(&second));
    }
}

#[test]
fn a_lease_ends_and_the_late_worker_is_told() {
    for into_period in [0, 300_000, WINDOW - 1] {
        let words = fresh(1);
        let memory = Memory::attach(&words).unwrap();
        let claim =
            |after| memory.claim(START + into_period + after, &timeless(b"id"), Some(60_000));
        let late = taken(claim(0));
        assert_eq!([claim(1), claim(59_999)], [PENDING; 2]);
        let next = taken(claim(61_000));
        assert_eq!([claim(61_000), claim(120_999)], [PENDING; 2]);
        assert!(!memory.confirm(&late) && !memory.release(&late));
        assert!(memory.confirm(&next));
        assert_eq!(claim(200_000), DONE);
        // A lease that is over hurts nobody as long as nobody came.
        let alone = timeless(b"alone");
        let claim = taken(memory.claim(START, &alone, Some(0)));
        assert!(memory.confirm(&claim));
    }
    let words = fresh(1);
    let memory = Memory::attach(&words).unwrap();
    taken(memory.claim(START, &timeless(b"id"), Some(u64::MAX)));
    assert_eq!(memory.claim(START + WINDOW, &timeless(b"id"), Some(1)), PENDING, "no overflow");
}

#[test]
fn full_memory_forgets_nothing_and_has_room_later() {
    let words = fresh(100);
    let memory = Memory::attach(&words).unwrap();
    let claim = |now, number: u32| memory.claim(now, &timeless(&number.to_le_bytes()), None);
    let outcomes: Vec<Outcome> = (0..1000).map(|number| claim(START, number)).collect();
    let full = outcomes.iter().filter(|outcome| **outcome == Outcome::Full).count();
    assert!(outcomes[..150].iter().all(|outcome| matches!(outcome, Outcome::Taken(_))));
    assert_eq!(full, 1000 - 8 * 42, "8 buckets of 42");
    for now in [START, START + WINDOW] {
        for (number, outcome) in outcomes.iter().enumerate() {
            if *outcome != Outcome::Full {
                assert_eq!(claim(now, number as u32), PENDING, "{number}");
            }
        }
    }
    let later = (1000..2000).map(|number| claim(START + 2 * WINDOW, number));
    assert!(later.filter(|outcome| matches!(outcome, Outcome::Taken(_))).count() > 300);
}

#[test]
fn a_memory_takes_what_it_is_sized_for() {
    for messages in [1, 14, 15, 1000, 20_000] {
        let words = fresh(messages);
        let memory = Memory::attach(&words).unwrap();
        for period in 0..4 {
            for number in 0..messages {
                let id = [period, number as u64].map(u64::to_le_bytes).concat();
                taken(memory.claim(START + period * WINDOW, &timeless(&id), None));
            }
        }
    }
}

#[test]
fn what_is_no_memory_is_refused() {
    let words = fresh(30);
    let refused = |words: &[AtomicU64]| Memory::attach(words).unwrap_err();
    for length in 0..words.len() {
        let needed = if length < 6 { HEADER } else { words.len() };
        assert_eq!(refused(&words[..length]), AttachError::TooShort { needed }, "{length} words");
        assert!(init(&words[..length], 30, WINDOW, SEED).is_err(), "{length} words");
    }
    for (word, bit) in (0..6).flat_map(|word| (0..64).map(move |bit| (word, bit))) {
        words[word].fetch_xor(1 << bit, Relaxed);
        match (word, bit) {
            (0, 0..8) => assert!(matches!(refused(&words), AttachError::OtherVersion { .. })),
            (0, _) => assert_eq!(refused(&words), AttachError::NotATable),
            _ => assert_eq!(refused(&words), AttachError::Corrupt, "word {word}, bit {bit}"),
        }
        words[word].fetch_xor(1 << bit, Relaxed);
    }
    assert!(Memory::attach(&words).is_ok());
    let limits: Vec<AtomicU64> = (0..1000).map(|_| AtomicU64::new(0)).collect();
    assert_eq!(refused(&limits), AttachError::NotATable, "zeros");
    tollgate::limit::init(&limits, 30, 30, SEED).unwrap();
    assert_eq!(refused(&limits), AttachError::NotATable, "a table of limits");
    assert!(tollgate::limit::Table::attach(&words).is_err(), "and the other way round");
    assert_eq!(init(&words, usize::MAX, WINDOW, SEED), Err(InitError::TooMany));
    assert_eq!(size_words(usize::MAX), None);
}

#[test]
fn memory_beyond_is_not_touched_and_the_key_stays_out_of_logs() {
    let needed = size_words(3).unwrap();
    let words: Vec<AtomicU64> = (0..needed + 8).map(|_| AtomicU64::new(99)).collect();
    init(&words, 3, 0, SEED).unwrap();
    let memory = Memory::attach(&words).unwrap();
    assert_eq!(memory.window_ms(), 1000, "the least");
    for number in 0..200_u32 {
        memory.claim(START, &timeless(&number.to_le_bytes()), None);
    }
    assert!(words[needed..].iter().all(|word| word.load(Relaxed) == 99));
    assert_eq!(format!("{memory:?}"), "Memory { buckets: 1, window_ms: 1000, key: .. }");
}

#[test]
fn scribbled_memory_neither_panics_nor_hangs() {
    let words = fresh(1);
    let memory = Memory::attach(&words).unwrap();
    let mut random = 1_u64;
    for round in 0..300_u32 {
        let tag = START / WINDOW + 1;
        for word in &words[HEADER..] {
            random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            // Tags that fit are worse than noise.
            let shape = [random, tag, tag << 32, tag << 32 | random >> 32, (tag - 1) << 32, 0];
            word.store(shape[(random >> 33) as usize % shape.len()], Relaxed);
        }
        if let Outcome::Taken(claim) = memory.claim(START, &timeless(&round.to_le_bytes()), None) {
            memory.confirm(&claim);
            memory.release(&claim);
        }
    }
}

/// A claim, stopped behind each of its writes: the message is taken or not, never locked, and
/// nobody else is hindered.
#[test]
fn what_a_killed_worker_left_hinders_nobody() {
    let done = fresh(1);
    let before: Vec<u64> = done.iter().map(|word| word.load(Relaxed)).collect();
    taken(Memory::attach(&done).unwrap().claim(START, &timeless(b"one"), Some(60_000)));
    let changed = |word: usize| (word, done[word].load(Relaxed));
    let mut writes: Vec<(usize, u64)> = (0..done.len()).map(changed).collect();
    writes.retain(|(word, value)| before[*word] != *value);
    // The latest period; the seal of the one before; first, second, state of the cell.
    let odd = HEADER + 128;
    let [latest, rest @ ..] = &writes[..] else { panic!("no writes") };
    assert_eq!((latest.0, rest.len()), (HEADER, 4));
    let (mut seal, mut cell): (Vec<_>, Vec<_>) =
        rest.iter().copied().partition(|&(_, value)| value == (START / WINDOW) << 32);
    assert_eq!((seal.len(), cell.len()), (1, 3));
    assert!((seal[0].0 < odd) != (cell[0].0 < odd), "one in each log");
    let mut writes = vec![*latest];
    writes.append(&mut seal);
    writes.append(&mut cell);
    for killed in 0..=writes.len() {
        let words = fresh(1);
        for (word, value) in &writes[..killed] {
            words[*word].store(*value, Relaxed);
        }
        let memory = Memory::attach(&words).unwrap();
        taken(memory.claim(START, &timeless(b"other"), None));
        assert_eq!(memory.claim(START, &timeless(b"other"), None), PENDING);
        let one = memory.claim(START, &timeless(b"one"), Some(60_000));
        match killed {
            0..3 => assert!(matches!(one, Outcome::Taken(_)), "killed behind write {killed}"),
            _ => assert_eq!(one, PENDING, "killed behind write {killed}"),
        }
        let later = START + 2 * WINDOW;
        taken(memory.claim(later, &timeless(b"one"), None));
        taken(memory.claim(later, &timeless(b"other"), None));
    }
}
