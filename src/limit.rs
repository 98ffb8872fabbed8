//! Rate limits, the memory of messages taken ([`replay`]) and counters of decisions ([`counters`]),
//! in memory that the host hands in.
//!
//! The host finds out the size ([`size_words`]), prepares the memory once ([`init`]), and every
//! worker, thread or process, attaches to it ([`Table::attach`]). The memory is a slice of
//! atomics; nothing here locks, allocates or reads a clock, and a worker that is killed leaves
//! nothing locked.
//!
//! ```
//! use core::sync::atomic::AtomicU64;
//! use tollgate::limit::{Charge, Outcome, Rate, Subject, Table, charge_all, init, size_words};
//!
//! let words = size_words(100, 1000).ok_or("too many subjects")?;
//! let memory: Vec<AtomicU64> = (0..words).map(|_| AtomicU64::new(0)).collect();
//! let seed = *b"sixteen random b";
//! init(&memory, 100, 1000, seed)?;
//! let table = Table::attach(&memory)?;
//!
//! // 60 requests a minute, 10 of them at once.
//! let rate = Rate::new(60, 60_000_000_000, 10)?;
//! let subject = Subject::Credential { id: b"merchant-1", limit: b"cashout" };
//! let now_ns = 1_000_000_000;
//! let outcome = charge_all(&table, now_ns, &[Charge { subject, rate: &rate, cost: 1 }]);
//! assert!(matches!(outcome, Outcome::Admitted { .. }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// The atomics that the buckets are made of.
mod atomic {
    pub(super) use core::sync::atomic::{AtomicU64, Ordering};
}

mod bucket;
mod charge;
pub mod counters;
mod failures;
mod fill;
mod gcra;
mod header;
pub mod replay;
mod subject;
mod table;

pub use charge::{Binding, Charge, MAX_CHARGES, Outcome, charge_all, peek_all};
pub use failures::{Throttle, failures_peek, failures_record};
pub use fill::Fill;
pub use gcra::{CLOCK_SPREAD_NS, MAX_NOW_NS, MAX_TOLERANCE_NS, Rate, RateError, Step, step};
pub use header::{AttachError, InitError};
pub use subject::Subject;
pub use table::{Table, init, size_words};
