//! Counters of decisions by route, outcome and reason, which all workers share.
//!
//! The host finds out the size ([`size_words`]), prepares the memory once ([`init`]), and every
//! worker, thread or process, attaches to it ([`Counters::attach`]). Counting is one addition:
//! nothing locks or allocates, and a worker that is killed leaves nothing behind but its counts.
//!
//! ```
//! use core::sync::atomic::AtomicU64;
//! use tollgate::decision::{Reason, Verdict};
//! use tollgate::limit::counters::{Counters, init, size_words};
//!
//! let words = size_words(10).ok_or("too many routes")?;
//! let memory: Vec<AtomicU64> = (0..words).map(|_| AtomicU64::new(0)).collect();
//! init(&memory, 10)?;
//! let counters = Counters::attach(&memory)?;
//!
//! counters.count("cashout", Verdict::Allow, Reason::Ok, false)?;
//! counters.count("cashout", Verdict::Deny, Reason::Stale, false)?;
//! let mut buffer = [0; 1024];
//! assert_eq!(
//!     counters.text("zone=\"main\"", &mut buffer)?,
//!     "tollgate_checks_total{zone=\"main\",route=\"cashout\",outcome=\"allowed\",reason=\"ok\"} 1\n\
//!      tollgate_checks_total{zone=\"main\",route=\"cashout\",outcome=\"denied\",reason=\"stale\"} 1\n"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;

use super::atomic::AtomicU64;
pub use super::header::{AttachError, InitError};
use super::header::{Header, table_buckets, table_words};
use crate::decision::{Group, Reason, Verdict};

mod name;
mod row;
mod text;

use row::{HEAD_WORDS, Name, Row};

const MAGIC: u64 = u64::from_be_bytes(*b"TollCnt\x00");

/// Two cells for each reason: of a denial the first counts those that were denied, and the second
/// those that the host let pass.
const CELLS: usize = 2 * Reason::ALL.len();

/// The words of a row: whole cache lines.
const ROW_WORDS: usize = (HEAD_WORDS + CELLS).next_multiple_of(8);

/// A number for the reasons of this version: their cells follow each other, so another version's
/// memory cannot be counted in.
const REASONS: [u8; 16] = {
    let (mut hash, mut rest) = (0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, Reason::ALL);
    while let Some((reason, others)) = rest.split_first() {
        // FNV-1a, a number at a time.
        hash = (hash ^ reason.number() as u128).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
        rest = others;
    }
    hash.to_le_bytes()
};

/// The decision cannot be counted: nothing is decided yet, or its verdict and its reason contradict
/// each other, as they do in none that the library made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotDecided;

impl fmt::Display for NotDecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the decision is pending, or was not made by this library")
    }
}

impl core::error::Error for NotDecided {}

/// The size of counters for so many routes, in words of 8 bytes; `None` if no memory is that large.
///
/// Count the routes of every policy that is in force while the memory lives: a route keeps its
/// place. What is counted of others, and of routes whose names have more than 64 bytes, goes
/// together, without a name.
pub const fn size_words(routes: usize) -> Option<usize> {
    match routes.checked_add(1) {
        Some(rows) => table_words::<ROW_WORDS>(rows),
        None => None,
    }
}

/// Makes counters for so many routes (see [`size_words`]) of the beginning of `words`, all zero.
/// Nobody may use the memory meanwhile.
///
/// # Errors
///
/// The memory is too short, or no memory were long enough.
pub fn init(words: &[AtomicU64], routes: usize) -> Result<(), InitError> {
    let needed = size_words(routes).ok_or(InitError::TooMany)?;
    let memory = words.get(..needed).ok_or(InitError::TooShort { needed })?;
    Header { counts: [routes as u64, ROW_WORDS as u64], key: REASONS }.write(MAGIC, memory);
    Ok(())
}

/// Counters in memory that the host keeps. They may be copied freely, and any number of threads and
/// processes may use the same memory at once.
#[derive(Clone, Copy)]
pub struct Counters<'m> {
    rows: &'m [[AtomicU64; ROW_WORDS]],
    /// The row of what has no row of its own.
    unnamed: &'m [AtomicU64; ROW_WORDS],
}

impl fmt::Debug for Counters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Counters {{ routes: {} }}", self.rows.len())
    }
}

impl<'m> Counters<'m> {
    /// The counters in `words`, as [`init`] left them. What is behind them is not touched.
    ///
    /// # Errors
    ///
    /// The memory is too short, was never initialised, or its header is not what [`init`] of this
    /// version wrote.
    pub fn attach(words: &'m [AtomicU64]) -> Result<Self, AttachError> {
        let Header { counts: [routes, row_words], key } = Header::read(MAGIC, words)?;
        if (row_words, key) != (ROW_WORDS as u64, REASONS) {
            return Err(AttachError::OtherReasons);
        }
        let rows = usize::try_from(routes).ok().and_then(|routes| routes.checked_add(1));
        let rows = table_buckets(words, rows.ok_or(AttachError::Corrupt)?)?;
        let (unnamed, rows) = rows.split_last().ok_or(AttachError::Corrupt)?;
        Ok(Self { rows, unnamed })
    }

    /// Counts a decision on the route. With `dry_run` a denial counts as one that the host let
    /// pass; it says nothing of what may pass anyway.
    ///
    /// The name of a route should be the host's choice: if a request can choose it, it can take the
    /// places of others.
    ///
    /// # Errors
    ///
    /// The decision is pending, or contradicts itself. It is not counted.
    pub fn count(
        &self,
        route: &str,
        verdict: Verdict,
        reason: Reason,
        dry_run: bool,
    ) -> Result<(), NotDecided> {
        let cell = cell(verdict, reason, dry_run).ok_or(NotDecided)?;
        if let Some(row) = self.row(route) {
            row.add(cell);
        }
        Ok(())
    }

    /// The row of the route, or of what has none.
    fn row(&self, route: &str) -> Option<Row<'m>> {
        let named = Name::new(route).and_then(|name| {
            let (before, from) = self.rows.split_at_checked(name.start(self.rows.len()))?;
            let mut rows = from.iter().chain(before).filter_map(|words| Row::new(words));
            rows.find(|row| row.is_of(&name))
        });
        named.or_else(|| Row::new(self.unnamed))
    }
}

/// The place of the cell that counts such decisions.
fn cell(verdict: Verdict, reason: Reason, dry_run: bool) -> Option<usize> {
    let dry_run = match (verdict, reason.group()) {
        (_, Group::Undecided) => return None,
        (Verdict::Allow, Group::Pass) => false,
        (Verdict::Allow, _) | (_, Group::Pass) => return None,
        (Verdict::Deny, _) => dry_run,
    };
    Some(reason.place() << 1 | usize::from(dry_run))
}
