//! The atomics that buckets and rows are built on: loom's, with a planted fault if asked for.

use std::env;
use std::process::exit;
use std::sync::LazyLock;

pub(crate) use loom::sync::atomic::Ordering;

pub(crate) struct AtomicU64(loom::sync::atomic::AtomicU64);

/// The faults that the models must catch: each makes some test fail.
#[derive(PartialEq)]
enum Fault {
    /// A compare-exchange that is a load and a store.
    Torn,
    /// An addition that is a load and a store.
    Split,
    /// A floor that is never raised.
    Floorless,
    /// No order between accesses of different words.
    Relaxed,
    /// A log of the replay memory that is never closed.
    Sealless,
}

/// The one that `FAULT` names. What is no fault ends the tests without a result.
static PLANTED: LazyLock<Option<Fault>> = LazyLock::new(|| {
    Some(match env::var("FAULT").ok()?.as_str() {
        "torn" => Fault::Torn,
        "split" => Fault::Split,
        "floorless" => Fault::Floorless,
        "relaxed" => Fault::Relaxed,
        "sealless" => Fault::Sealless,
        _ => exit(2),
    })
});

fn planted(fault: Fault) -> bool {
    *PLANTED == Some(fault)
}

/// The order that is asked for, or none.
fn order(asked: Ordering) -> Ordering {
    if planted(Fault::Relaxed) { Ordering::Relaxed } else { asked }
}

impl AtomicU64 {
    pub(crate) fn new(value: u64) -> Self {
        Self(loom::sync::atomic::AtomicU64::new(value))
    }

    pub(crate) fn load(&self, asked: Ordering) -> u64 {
        self.0.load(order(asked))
    }

    pub(crate) fn fetch_max(&self, value: u64, asked: Ordering) -> u64 {
        if planted(Fault::Floorless) { value } else { self.0.fetch_max(value, order(asked)) }
    }

    pub(crate) fn fetch_add(&self, value: u64, asked: Ordering) -> u64 {
        if !planted(Fault::Split) {
            return self.0.fetch_add(value, order(asked));
        }
        let found = self.0.load(Ordering::Acquire);
        self.0.store(found.wrapping_add(value), Ordering::Release);
        found
    }

    pub(crate) fn compare_exchange(
        &self,
        before: u64,
        after: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        // A first word with nothing in its lower half is a seal.
        if planted(Fault::Sealless) && after as u32 == 0 && before == self.load(failure) {
            return Ok(before);
        }
        if !planted(Fault::Torn) {
            return self.0.compare_exchange(before, after, order(success), order(failure));
        }
        let found = self.0.load(Ordering::Acquire);
        if found != before {
            return Err(found);
        }
        self.0.store(after, Ordering::Release);
        Ok(found)
    }
}
