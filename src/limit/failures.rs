//! The throttle on failed attempts: an address that failed too often has to wait before its next
//! credential is looked at.

use core::net::IpAddr;

use super::bucket::Update;
use super::charge::{Charge, Outcome, peek_all};
use super::gcra::{Rate, at};
use super::subject::Subject;
use super::table::Table;

/// What the next attempt from an address gets. Everything but `Clear` denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttle {
    /// It may be looked at.
    Clear,
    /// It has to wait.
    Wait {
        /// How long, in nanoseconds and at least 1.
        wait_ns: u64,
    },
    /// The table has no room to count this address. See [`size_words`](super::size_words): there
    /// should be room for every address that may fail in the time in which a burst comes back.
    Full,
}

/// Whether an attempt from `address` may be looked at now. `rate` is how many failures are
/// tolerated. Nothing is counted.
///
/// Attempts that are in flight at the same time do not see each other's failures.
pub fn failures_peek(
    table: &Table<'_>,
    now_ns: u64,
    address: Option<IpAddr>,
    rate: &Rate,
) -> Throttle {
    let subject = Subject::Failures { address };
    match peek_all(table, now_ns, &[Charge { subject, rate, cost: 1 }]) {
        Outcome::Admitted { .. } => Throttle::Clear,
        Outcome::Denied { wait_ns: Some(wait_ns), .. } => Throttle::Wait { wait_ns },
        _ => Throttle::Full,
    }
}

/// Counts a failed attempt from `address`, and gives what the next one gets. A failure over the
/// limit counts too, but never for more than one burst: however many fail at once, the address
/// waits no longer than for one attempt to come back.
pub fn failures_record(
    table: &Table<'_>,
    now_ns: u64,
    address: Option<IpAddr>,
    rate: &Rate,
) -> Throttle {
    let Some((bucket, key)) = table.place(&Subject::Failures { address }) else {
        return Throttle::Full;
    };
    let now = at(now_ns);
    match bucket.update(key, now, |tat| Some(rate.penalised(tat, now))) {
        Update::NoRoom => Throttle::Full,
        _ => failures_peek(table, now, address, rate),
    }
}
