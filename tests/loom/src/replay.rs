//! The buckets of the replay memory: what several workers do with one message, or with two, in
//! buckets of two cells.

use loom::sync::Arc;
use loom::thread;

use crate::atomic::AtomicU64;
use bucket::{Bucket, Claim, Identity, Outcome, Times};

#[path = "../../../src/limit/replay/bucket.rs"]
mod bucket;
#[path = "../../../src/limit/replay/state.rs"]
mod state;

/// A period is a second, so period 1 begins at 0 and period 2 at 1000.
const WINDOW_MS: u64 = 1000;

/// The memory of a bucket, with two cells for either log.
#[derive(Clone)]
struct Memory(Arc<Vec<AtomicU64>>);

impl Memory {
    fn new() -> Self {
        Self::of([0; 14])
    }

    /// Latest, then first, second and state of the even log; a word that nobody uses, and the odd
    /// log.
    fn of(words: [u64; 14]) -> Self {
        Self(Arc::new(words.map(AtomicU64::new).into_iter().collect()))
    }

    fn bucket(&self) -> Bucket<'_> {
        Bucket::new(&self.0).unwrap()
    }

    fn claim(&self, message: u32, now_ms: u64, lease_ms: Option<u64>) -> Outcome {
        self.claim_from(message, now_ms, lease_ms, None)
    }

    fn claim_from(
        &self,
        message: u32,
        now_ms: u64,
        lease_ms: Option<u64>,
        fresh_from_ms: Option<u64>,
    ) -> Outcome {
        let times = Times { now_ms, window_ms: WINDOW_MS, lease_ms, fresh_from_ms };
        self.bucket().claim(0, &Identity::new(message, u64::from(message)), &times)
    }

    /// The same with a new thread.
    fn spawn(
        &self,
        message: u32,
        now_ms: u64,
        lease_ms: Option<u64>,
    ) -> thread::JoinHandle<Outcome> {
        let memory = self.clone();
        thread::spawn(move || memory.claim(message, now_ms, lease_ms))
    }
}

const A: u32 = 0xa;
const B: u32 = 0xb;

const fn is_taken(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Taken(_))
}

fn taken(outcome: Outcome) -> Claim {
    let Outcome::Taken(claim) = outcome else { panic!("{outcome:?}") };
    claim
}

fn count(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|outcome| is_taken(outcome)).count()
}

/// At most `preemptions`, or as many as `LOOM_MAX_PREEMPTIONS` says.
fn check(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(preemptions));
    builder.check(model);
}

#[test]
fn a_message_is_taken_once() {
    check(4, || {
        let memory = Memory::new();
        let other = memory.spawn(A, 0, None);
        assert_eq!(count(&[memory.claim(A, 0, None), other.join().unwrap()]), 1);
        assert_eq!(memory.claim(A, 0, None), Outcome::Replayed { pending: true });
    });
}

#[test]
fn three_workers_take_a_message_once() {
    check(3, || {
        let memory = Memory::new();
        let others = [memory.spawn(A, 0, None), memory.spawn(A, 0, None)];
        let own = memory.claim(A, 0, None);
        let [second, third] = others.map(|other| other.join().unwrap());
        assert_eq!(count(&[own, second, third]), 1);
    });
}

/// Neither takes the other's cell.
#[test]
fn two_messages_are_both_taken() {
    check(4, || {
        let memory = Memory::new();
        let other = memory.spawn(B, 0, None);
        assert!(is_taken(&memory.claim(A, 0, None)));
        assert!(is_taken(&other.join().unwrap()));
        for message in [A, B] {
            assert_eq!(memory.claim(message, 0, None), Outcome::Replayed { pending: true });
        }
    });
}

/// One worker's clock says that the period has ended.
#[test]
fn a_message_is_taken_once_where_a_period_ends() {
    check(4, || {
        let memory = Memory::new();
        let other = memory.spawn(A, 1000, None);
        assert_eq!(count(&[memory.claim(A, 999, None), other.join().unwrap()]), 1);
        assert!(!is_taken(&memory.claim(A, 1000, None)));
    });
}

/// The log of the period before has no room for a seal.
#[test]
fn a_message_is_taken_once_behind_a_full_log() {
    check(4, || {
        let memory = Memory::new();
        assert!(is_taken(&memory.claim(B, 0, None)));
        let other = memory.spawn(A, 1000, None);
        assert_eq!(count(&[memory.claim(A, 999, None), other.join().unwrap()]), 1);
        assert_eq!(memory.claim(B, 1000, None), Outcome::Replayed { pending: true });
    });
}

/// It was given back in the period before: it moves to this one, once.
#[test]
fn a_released_message_is_taken_once() {
    check(4, || {
        let memory = Memory::new();
        let claim = taken(memory.claim(A, 0, None));
        assert!(memory.bucket().release(&claim));
        let other = memory.spawn(A, 1000, None);
        assert_eq!(count(&[memory.claim(A, 1000, None), other.join().unwrap()]), 1);
    });
}

/// The holder gives it back while another worker wants it.
#[test]
fn a_release_and_a_claim() {
    check(4, || {
        let memory = Memory::new();
        let claim = taken(memory.claim(A, 0, None));
        let other = memory.spawn(A, 1000, None);
        assert!(memory.bucket().release(&claim));
        let first = is_taken(&other.join().unwrap());
        assert_eq!(is_taken(&memory.claim(A, 1000, None)), !first);
        assert!(!memory.bucket().confirm(&claim));
    });
}

/// The lease is over: either the late worker confirms or one of two others has the message.
#[test]
fn a_late_worker_and_two_others() {
    check(3, || {
        let memory = Memory::new();
        let late = taken(memory.claim(A, 0, Some(1000)));
        let others = [memory.spawn(A, 1000, None), memory.spawn(A, 1000, None)];
        let confirmed = memory.bucket().confirm(&late);
        let [one, other] = others.map(|other| other.join().unwrap());
        assert_eq!(count(&[one, other]) + usize::from(confirmed), 1);
    });
}

/// A worker was killed behind its first write: the message counts as taken, for good.
#[test]
fn what_a_killed_worker_began_is_taken() {
    check(4, || {
        let mut words = [0; 14];
        // Period 1 is an odd one: the first word of its first cell.
        words[8] = 1 << 32 | u64::from(A);
        let memory = Memory::of(words);
        let other = memory.spawn(A, 0, None);
        assert!(!is_taken(&memory.claim(A, 500, Some(1))));
        assert!(!is_taken(&other.join().unwrap()));
        assert!(!is_taken(&memory.claim(A, 1999, None)));
        assert!(is_taken(&memory.claim(B, 999, None)) || is_taken(&memory.claim(B, 1999, None)));
    });
}

/// A slow worker claims in a period that ended long ago, while its cell gets a new owner.
#[test]
fn a_slow_worker_does_not_spoil_the_cell_of_another() {
    check(4, || {
        let memory = Memory::new();
        let slow = memory.spawn(A, 0, None);
        let claim = taken(memory.claim(B, 2000, None));
        slow.join().unwrap();
        assert_eq!(memory.claim(B, 2000, None), Outcome::Replayed { pending: true });
        assert!(memory.bucket().confirm(&claim));
        assert_eq!(memory.claim(B, 2000, None), Outcome::Replayed { pending: false });
    });
}

/// Two periods later the log is used anew. Who knows when the message became fresh lets it pass
/// once all the same.
#[test]
fn freshness_keeps_distant_periods_apart() {
    check(4, || {
        let memory = Memory::new();
        let shared = memory.clone();
        let other = thread::spawn(move || shared.claim_from(A, 999, None, Some(500)));
        let late = memory.claim_from(A, 2000, None, Some(500));
        assert_eq!(late, Outcome::Forgotten);
        let other = other.join().unwrap();
        assert!(is_taken(&other) || other == Outcome::Forgotten);
    });
}

/// What is asked without claiming says of a message that was taken that it was.
#[test]
fn a_look_at_a_message_that_is_taken() {
    check(4, || {
        let memory = Memory::new();
        let claim = taken(memory.claim(A, 0, None));
        let other = memory.spawn(B, 1000, None);
        let times =
            Times { now_ms: 1000, window_ms: WINDOW_MS, lease_ms: None, fresh_from_ms: None };
        let name = Identity::new(A, u64::from(A));
        assert_eq!(memory.bucket().peek(&name, &times), Some(Outcome::Replayed { pending: true }));
        other.join().unwrap();
        assert!(memory.bucket().release(&claim));
        assert_eq!(memory.bucket().peek(&name, &times), None);
    });
}
