//! Has the address failed too often?

use crate::decision::Reason;
use crate::limit::{Rate, Table, Throttle, failures_peek, failures_record};
use crate::request::Client;

/// Whether the address may try; if not, the milliseconds that it should wait.
pub(crate) fn failures(
    limits: Option<&Table<'_>>,
    rate: &Rate,
    client: &Client,
    monotonic_ns: u64,
) -> (Result<(), Reason>, Option<u64>) {
    let Some(table) = limits else { return (Err(Reason::LimitsUnavailable), None) };
    match failures_peek(table, monotonic_ns, client.address, rate) {
        Throttle::Clear => (Ok(()), None),
        Throttle::Wait { wait_ns } => {
            (Err(Reason::AuthThrottled), Some(wait_ns.div_ceil(1_000_000)))
        }
        Throttle::Full => (Err(Reason::LimitsFull), None),
    }
}

/// Counts a failed attempt.
pub(crate) fn record(limits: Option<&Table<'_>>, rate: &Rate, client: &Client, monotonic_ns: u64) {
    if let Some(table) = limits {
        failures_record(table, monotonic_ns, client.address, rate);
    }
}
