//! Many requests in one call.

use super::Gate;
use crate::ffi::boundary::{Call, Room, SizedArray, guard};
use crate::ffi::decision::Decision;
use crate::ffi::request::{MOST_HEADERS, Request};
use crate::ffi::status::Status;
use crate::request::Header;
use crate::verify::Question;

/// Decides on requests whose bodies are there, in their order: the decisions are those of
/// tollgate_gate_verify() called for one after the other, and so a message that is there twice passes
/// once. Where the bodies of 16 requests have 1 KiB or more on average, signatures with HMAC-SHA256 that
/// cover nothing behind the body are computed several at once. Shorter ones take as long as with one
/// call for each.
///
/// @param gate       from tollgate_gate_new()
/// @param requests   `count` of them, each with its own route, time and size, which is the same for
///                   all; they are read
/// @param count      how many there are
/// @param decisions  get `count` decisions, one for each request; their sizes are the same for all.
///                   All are set to deny before anything else is done, and all deny after any other
///                   status than TOLLGATE_STATUS_OK, unless it is about this pointer or a size there:
///                   then nothing is written
/// @return what is wrong with one request is the status of the call, and then nothing is decided. After
///         TOLLGATE_STATUS_PANIC some messages may have been taken, and rate limits charged
///
/// Nothing is allocated, nothing waits, no clock is read. It takes some 100 KiB of stack. May be
/// called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_gate_verify_batch(
    gate: *const Gate,
    requests: *const Request,
    count: usize,
    decisions: *mut Decision,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut decisions = call.versioned_out_array(decisions, count)?;
        deny(&mut decisions)?;
        let decided = guard(Err(Status::Panic), || {
            verify(
                &call,
                call.handle(gate)?,
                &call.versioned_array(requests, count)?,
                &mut decisions,
            )
        });
        decided.or_else(|status| deny(&mut decisions).and(Err(status)))
    })
}

fn deny(decisions: &mut SizedArray<'_, Decision>) -> Result<(), Status> {
    for index in 0..decisions.len() {
        decisions.out(index)?;
    }
    for index in 0..decisions.len() {
        decisions.out(index)?.set(&Decision::FAILED);
    }
    Ok(())
}

fn verify(
    call: &Call,
    gate: &Gate,
    requests: &SizedArray<'_, Request>,
    decisions: &mut SizedArray<'_, Decision>,
) -> Result<(), Status> {
    let mut first = 0_usize;
    while first < requests.len() {
        let decided = verify_together(call, gate, requests, first, decisions)?;
        first = first.saturating_add(decided);
    }
    Ok(())
}

/// The requests that are decided together, and the header lines of all of them: more than most
/// requests have, and no fewer than one may have.
const TOGETHER: usize = 16;
const LINES: usize = 16 * TOGETHER;
const _: () = assert!(LINES >= MOST_HEADERS);

/// Decides on requests from the one at `first` on, and gives how many.
fn verify_together(
    call: &Call,
    gate: &Gate,
    requests: &SizedArray<'_, Request>,
    first: usize,
    decisions: &mut SizedArray<'_, Decision>,
) -> Result<usize, Status> {
    let mut lines = Room::<Header<'_>, LINES>::new();
    // Up to which line each request has its own.
    let mut ends = [0_usize; TOGETHER];
    let mut count = 0_usize;
    for (end, index) in ends.iter_mut().zip(first..requests.len()) {
        if !requests.get(index, &mut None)?.read_lines(call, &mut lines)? {
            break;
        }
        *end = lines.values().len();
        count = count.saturating_add(1);
    }
    let mut questions = Room::<Question<'_>, TOGETHER>::new();
    let mut start = 0_usize;
    for (end, index) in ends.into_iter().take(count).zip(first..) {
        let own = lines.values().get(start..end).unwrap_or_default();
        let mut other = None;
        let given = requests.get(index, &mut other)?.given(call, false, own)?;
        questions.push(Question { route: given.route, request: given.request, now: given.now });
        start = end;
    }
    if first == 0 {
        // Nothing is decided before everything is known to be readable.
        for index in count..requests.len() {
            requests.get(index, &mut None)?.check(call)?;
        }
    }
    let mut failed = Ok(());
    gate.gate.verify_batch(questions.values(), &mut |index, decided| match decisions
        .out(first.saturating_add(index))
    {
        Ok(mut out) => out.put(|size| Decision::new(decided, size)),
        Err(status) => failed = Err(status),
    });
    failed.map(|()| count)
}
