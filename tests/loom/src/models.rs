//! What several workers do at once, in buckets of two or three cells.

use loom::sync::Arc;
use loom::thread;

use crate::atomic::AtomicU64;
use crate::bucket::{Bucket, Key, Update};
use crate::gcra::{Rate, Step, step};

const A: Key = Key { fingerprint: 0xa, start: 0 };
const B: Key = Key { fingerprint: 0xb, start: 0 };

/// The memory of a bucket.
#[derive(Clone)]
struct Memory(Arc<Vec<AtomicU64>>);

impl Memory {
    /// Claim word, owners; floor, TATs.
    fn new<const CELLS: usize>(claim: u64, owners: [u64; CELLS], tats: [u64; CELLS]) -> Self {
        let words = [claim].into_iter().chain(owners).chain([0]).chain(tats);
        Self(Arc::new(words.map(AtomicU64::new).collect()))
    }

    fn bucket(&self) -> Bucket<'_> {
        Bucket::new(&self.0).unwrap()
    }

    /// Whether a request of `key` at `now` is admitted, one at a time being the burst and 10 the
    /// emission interval.
    fn admits(&self, key: Key, now: u64) -> bool {
        matches!(charge(&self.bucket(), key, now, 1), Update::Done(_))
    }

    /// The same with a new thread.
    fn spawn(&self, key: Key, now: u64) -> thread::JoinHandle<bool> {
        let memory = self.clone();
        thread::spawn(move || memory.admits(key, now))
    }
}

fn charge<'m>(bucket: &Bucket<'m>, key: Key, now: u64, burst: u64) -> Update<'m> {
    let rate = Rate::new(1, 10, burst).unwrap();
    bucket.update(key, now, |tat| match step(tat, now, &rate, 1) {
        Step::Admit { new_tat } => Some(new_tat),
        Step::Deny { .. } => None,
    })
}

/// The owner word of a cell that was claimed first.
const fn owner(index: u64, key: Key) -> u64 {
    1 << 37 | index << 32 | key.fingerprint as u64
}

/// At most `preemptions`, or as many as `LOOM_MAX_PREEMPTIONS` says.
fn check(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(preemptions));
    builder.check(model);
}

#[test]
fn a_new_subject_gets_one_cell() {
    check(4, || {
        let memory = Memory::new(0, [0; 2], [0; 2]);
        let other = memory.spawn(A, 100);
        let admitted = [memory.admits(A, 100), other.join().unwrap()];
        assert_eq!(admitted.iter().filter(|admitted| **admitted).count(), 1);
    });
}

#[test]
fn three_workers_share_one_cell() {
    check(4, || {
        let memory = Memory::new(owner(0, A), [owner(0, A)], [0]);
        let others = [memory.spawn(A, 100), memory.spawn(A, 100)];
        let own = memory.admits(A, 100);
        let admitted = others.into_iter().map(|other| other.join().unwrap());
        assert_eq!(admitted.chain([own]).filter(|admitted| *admitted).count(), 1);
    });
}

#[test]
fn new_subjects_do_not_get_the_same_cell() {
    check(4, || {
        let memory = Memory::new(0, [0; 2], [0; 2]);
        let other = memory.spawn(B, 100);
        assert!(memory.admits(A, 100));
        assert!(other.join().unwrap());
        assert!(!memory.admits(A, 100) && !memory.admits(B, 100));
    });
}

/// A's TAT has passed, so B may take its cell while A comes back.
#[test]
fn a_charge_and_a_reclaim_of_the_same_cell() {
    check(4, || {
        let memory = Memory::new(owner(0, A), [owner(0, A), 0], [10, 5]);
        let other = memory.spawn(B, 10);
        assert!(memory.admits(A, 10));
        assert!(!memory.admits(A, 10));
        assert!(other.join().unwrap());
        assert!(!memory.admits(A, 10) && !memory.admits(B, 10));
    });
}

/// The same with two workers for A.
#[test]
fn two_charges_and_a_reclaim_of_the_same_cell() {
    check(2, || {
        let memory = Memory::new(owner(0, A), [owner(0, A), 0], [10, 5]);
        let others = [memory.spawn(B, 10), memory.spawn(A, 10)];
        let own = memory.admits(A, 10);
        let [b, a] = others.map(|other| other.join().unwrap());
        assert!(b && own != a);
    });
}

/// B takes A's cell at 10; a late call of A from 9 must not find a new burst in another cell.
#[test]
fn a_late_call_after_a_reclaim() {
    check(4, || {
        let memory = Memory::new(owner(0, A), [owner(0, A), 0], [10, 5]);
        let other = memory.spawn(B, 10);
        assert!(!memory.admits(A, 9));
        other.join().unwrap();
        assert!(!memory.admits(A, 9));
        assert!(memory.admits(A, 10) || memory.admits(B, 20));
    });
}

/// A worker died after its claim was decided and before it wrote the owner.
#[test]
fn a_killed_claimer_is_finished_once() {
    check(4, || {
        let memory = Memory::new(owner(1, A), [0; 2], [0, 1 << 63]);
        let other = memory.spawn(A, 100);
        let admitted = [memory.admits(A, 100), other.join().unwrap()];
        assert_eq!(admitted.iter().filter(|admitted| **admitted).count(), 1);
        assert!(memory.admits(B, 100));
    });
}

/// Two limits, two of the one and one of the other: one request passes, and the request that does
/// not gives back no more than it took.
#[test]
fn a_charge_that_is_taken_back() {
    check(4, || {
        let memory = Memory::new(owner(1, B), [owner(0, A), owner(1, B)], [0; 2]);
        let both = |memory: &Memory| {
            let bucket = memory.bucket();
            let Update::Done(receipt) = charge(&bucket, A, 100, 2) else { return false };
            let done = matches!(charge(&bucket, B, 100, 1), Update::Done(_));
            if !done {
                receipt.take_back();
            }
            done
        };
        let shared = memory.clone();
        let other = thread::spawn(move || both(&shared));
        let admitted = [both(&memory), other.join().unwrap()];
        assert_eq!(admitted.iter().filter(|admitted| **admitted).count(), 1);
        let tat = memory.bucket().tat(A, 100);
        assert!(tat == Some(110) || tat == Some(120), "{tat:?}");
    });
}

/// The last cell goes to one of two workers for the same subject; the other one finds it.
#[test]
fn the_last_cell_is_for_both_workers() {
    check(3, || {
        let memory = Memory::new(0, [0], [0]);
        let charged = |memory: &Memory| {
            let bucket = memory.bucket();
            bucket.tat(A, 100).is_some() && matches!(charge(&bucket, A, 100, 2), Update::Done(_))
        };
        let shared = memory.clone();
        let other = thread::spawn(move || charged(&shared));
        assert!(charged(&memory) && other.join().unwrap());
        assert_eq!(memory.bucket().tat(A, 100), Some(120));
    });
}

/// The clock is set back, and B's TAT becomes what A's was. A charge that was meant for A and
/// lands on B does not count.
#[test]
fn a_tat_that_returns_after_the_clock_was_set_back() {
    check(3, || {
        let memory = Memory::new(owner(0, A), [owner(0, A)], [20]);
        let shared = memory.clone();
        let other = thread::spawn(move || {
            let bucket = shared.bucket();
            let done = matches!(charge(&bucket, B, 20, 2), Update::Done(_));
            if done {
                bucket.update(B, 10, |_| Some(20));
            }
            done
        });
        let a = matches!(charge(&memory.bucket(), A, 15, 2), Update::Done(_));
        assert!(!(a && other.join().unwrap()));
    });
}

/// Once the limit was idle, a charge has drained away: taking it back would take it from others.
#[test]
fn a_charge_that_others_built_on_stands() {
    check(4, || {
        let memory = Memory::new(0, [0], [0]);
        let bucket = memory.bucket();
        let Update::Done(first) = charge(&bucket, A, 100, 1) else { panic!("it is new") };
        assert!(memory.admits(A, 110));
        first.take_back();
        assert!(!memory.admits(A, 110));
    });
}

/// A worker died after its claim for A was finished and before it charged: B may have the cell,
/// unless A comes back first.
#[test]
fn a_cell_that_was_never_charged() {
    check(3, || {
        let abandoned = || Memory::new(owner(0, A), [owner(0, A)], [1 << 63]);
        assert!(abandoned().admits(A, 100) && abandoned().admits(B, 100));
        let memory = abandoned();
        let other = memory.spawn(B, 100);
        assert_ne!(memory.admits(A, 100), other.join().unwrap());
    });
}
