//! Counters of decisions, in memory that the host hands in.

use core::ffi::c_void;

use super::boundary::{Bytes, Call};
use super::decision::Decision;
use super::request::flag;
use super::status::Status;
use crate::limit::counters::{Counters, init, size_words};

/// The size of the memory for counters of decisions.
///
/// @param routes  how many routes it has room for: those of every policy that is in force while
///                the memory lives, for a route keeps its place (tollgate_policy_route_count()).
///                About 1300 bytes each
/// @param size    gets the number of bytes
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if no memory is so large
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_counters_size(routes: usize, size: *mut usize) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(size)?;
        let words = size_words(routes).ok_or(Status::InvalidArgument)?;
        out.set(words.checked_mul(8).ok_or(Status::InvalidArgument)?);
        Ok(())
    })
}

/// Makes memory ready for counters of decisions, all of them zero. It may be private memory, or
/// memory that several processes share: then one of them makes it ready before any other counts in
/// it. What it held is lost.
///
/// @param memory  `size` bytes, aligned to 64; only written
/// @param size    at least what tollgate_counters_size() gives for the same number
/// @param routes  as for tollgate_counters_size()
/// @return TOLLGATE_STATUS_BAD_MEMORY if the memory is too small or misaligned
///
/// Nothing else may use the memory during the call. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_counters_init(
    memory: *mut c_void,
    size: usize,
    routes: usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let words = call.shared_words(memory, size)?;
        init(words, routes).map_err(|_| Status::BadMemory)
    })
}

/// Counts a decision, as one of its route, its outcome and its reason. The outcome is "allowed",
/// "denied", or "dry_run" for what was denied and the host lets pass all the same.
///
/// It is one addition, and a process that is killed leaves nothing behind but what it counted. What
/// the memory has no room for is counted together, as of a route without a name; so are routes
/// whose names have more than 64 bytes. Let no request choose the name of its route: it could take
/// the room of others.
///
/// @param memory    `size` bytes, made ready with tollgate_counters_init(); read and written
/// @param size      as for tollgate_counters_init()
/// @param route     the name of the route, UTF-8
/// @param decision  a decision that the library made; it is read
/// @param dry_run   1 if the host lets the request pass whatever the verdict is, else 0; of a
///                  request that may pass it says nothing
/// @return TOLLGATE_STATUS_BAD_MEMORY if the memory was not made ready by this version, or is too
///         small or misaligned; TOLLGATE_STATUS_INVALID_ARGUMENT if the decision is pending
///         (TOLLGATE_REASON_NONE), or its verdict and its reason are those of no decision that the
///         library made. Then nothing is counted
///
/// Others may use the memory at the same time. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_counters_count(
    memory: *mut c_void,
    size: usize,
    route: Bytes,
    decision: *const Decision,
    dry_run: u32,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let words = call.shared_words(memory, size)?;
        let counters = Counters::attach(words).map_err(|_| Status::BadMemory)?;
        let route = str::from_utf8(call.bytes(route)?).map_err(|_| Status::InvalidArgument)?;
        let (verdict, reason) = call.versioned(decision, &mut None)?.answer()?;
        let counted = counters.count(route, verdict, reason, flag(dry_run)?);
        counted.map_err(|_| Status::InvalidArgument)
    })
}

/// Writes the counts into `buffer`, as sample lines of the Prometheus text exposition format, each
/// ended by a line feed, without a NUL at the end, such as
/// `tollgate_checks_total{LABELS,route="cashout",outcome="denied",reason="stale"} 7`.
///
/// There is a line for each count that is not zero: route by route, in the order of the reasons,
/// and what was counted without a name last, as route="". No line comes twice. The lines that say
/// what the counter is are not among them, for they stand once before the lines of all memories:
/// `# HELP tollgate_checks_total Decisions, by route, outcome and reason.` and
/// `# TYPE tollgate_checks_total counter`.
///
/// Counts grow, and lines come, while others count: the size that one call asks for may be too
/// small for the next. Give more than it says, and ask again if that is too small as well.
///
/// @param memory    `size` bytes, made ready with tollgate_counters_init(); only read
/// @param size      as for tollgate_counters_init()
/// @param labels    what goes in front of the labels above, as it is: such as zone="main", joined
///                  by commas if there are more, without one at the end; UTF-8, or empty
/// @param buffer    `capacity` bytes to write to; NULL if `capacity` is 0
/// @param capacity  the size of `buffer`
/// @param needed    gets the bytes that the lines take, also if they do not fit; 0 if there are
///                  none
/// @return TOLLGATE_STATUS_BUFFER_TOO_SMALL if they do not fit; the content of the buffer is then
///         unspecified. TOLLGATE_STATUS_BAD_MEMORY as for tollgate_counters_count()
///
/// Others may use the memory at the same time. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_counters_text(
    memory: *const c_void,
    size: usize,
    labels: Bytes,
    buffer: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let words = call.observed_words(memory, size)?;
        let counters = Counters::attach(words).map_err(|_| Status::BadMemory)?;
        let bytes = call.bytes(labels)?;
        let labels = str::from_utf8(bytes).map_err(|_| Status::InvalidArgument)?;
        let buffer = call.buffer(buffer, capacity, needed)?.apart_from(words)?;
        buffer.fill(&[bytes], |room| match counters.text(labels, room) {
            Ok(lines) => Ok(lines.len()),
            Err(too_small) => Ok(too_small.needed),
        })
    })
}
