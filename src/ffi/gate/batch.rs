//! Many requests in one call.

use super::Gate;
use crate::ffi::boundary::{Call, SizedArray, guard};
use crate::ffi::decision::Decision;
use crate::ffi::request::{MOST_HEADERS, Request};
use crate::ffi::status::Status;
use crate::request::{Body, Header, Now, Request as Borrowed, Stored};
use crate::verify::Question;

/// Decides on requests whose bodies are there, in their order: the decisions are those of
/// tollgate_gate_verify() called for one after the other, and so a message that is there twice passes
/// once. Signatures with HMAC-SHA256 that cover nothing behind the body are computed several at once:
/// that is worth it for 8 requests or more with bodies of 1 KiB or more. With fewer or smaller ones, one
/// call for each is as fast or faster.
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
    // Nothing is decided before everything is known to be readable.
    for index in 0..requests.len() {
        requests.get(index, &mut None)?.read(call, false, |_| ())?;
    }
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
    let mut room = [Header::default(); LINES];
    let mut room = &mut room[..];
    let mut questions = [NOTHING; TOGETHER];
    let mut count = 0_usize;
    for (question, index) in questions.iter_mut().zip(first..requests.len()) {
        let mut other = None;
        let request = requests.get(index, &mut other)?;
        let lines = request.lines(call)?;
        let Some((own, rest)) = room.split_at_mut_checked(lines.len().min(MOST_HEADERS)) else {
            break;
        };
        room = rest;
        let given = request.read_with(call, false, lines, own, |given| *given)?;
        *question = Question { route: given.route, request: given.request, now: given.now };
        count = count.saturating_add(1);
    }
    let mut failed = Ok(());
    let questions = questions.get(..count).unwrap_or_default();
    gate.gate.verify_batch(questions, &mut |index, decided| match decisions
        .out(first.saturating_add(index))
    {
        Ok(mut out) => out.put(|size| Decision::new(decided, size)),
        Err(status) => failed = Err(status),
    });
    failed.map(|()| count)
}

/// No request.
const NOTHING: Question<'static> = Question {
    route: &[],
    request: Borrowed {
        method: &[],
        target: &[],
        host: &[],
        headers: &[],
        body: Body::Whole(&[]),
        peer: None,
        tls: false,
        stored: Stored::NONE,
    },
    now: Now { unix_ms: 0, monotonic_ns: 0 },
};
