//! Requests whose body comes in piece by piece.

use super::boundary::{Bytes, Call, Placed};
use super::decision::Decision;
use super::gate::Gate;
use super::request::{Given, Request};
use super::status::Status;
use crate::gate::Stream;
use crate::request::Now;

/// One request whose body comes in, in memory of the caller. It is zeroed before its first use
/// (TOLLGATE_CONTEXT_INIT), stays where it is, and is used by one thread at a time. Between
/// tollgate_gate_begin() and tollgate_context_finish() or tollgate_context_abort() it holds on to
/// the policy; after these it can be begun again.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Context {
    /// Nothing that a caller may rely on.
    opaque: [u64; 640],
}

impl Placed for Stream {
    type Room = Context;
    const MAGIC: u64 = 0x5c3e_81a9_f06d_2b17;
}

/// Decides what the head of a request can decide, before its body is read.
///
/// @param gate      from tollgate_gate_new()
/// @param request   the request without its body; it is read
/// @param context   zeroed, or finished, or aborted; it is written if the body decides
/// @param decision  gets the decision. With TOLLGATE_REASON_NONE nothing is decided yet: give the
///                  body to tollgate_context_update(), then call tollgate_context_finish(). With
///                  any other reason the request is denied, the body need not be read, and the
///                  context is as it was
/// @return TOLLGATE_STATUS_BAD_STATE if the context was begun and not finished
///
/// Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_gate_begin(
    gate: *const Gate,
    request: *const Request,
    context: *mut Context,
    decision: *mut Decision,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = Decision::denying(call.versioned_out(decision)?);
        let gate = &call.handle(gate)?.gate;
        let mut place = call.place::<Stream>(context)?;
        place.put(|| gate.stream())?;
        let mut leaving = place.leaving()?;
        // The answer is large: it is written where it is known, and only how it went comes back.
        let open =
            call.versioned(request, &mut None)?.read(&call, true, |given: &Given<'_>| {
                leaving.with(|stream| {
                    let denied = stream.begin(given.route, &given.request, given.now);
                    if let Some(denied) = &denied {
                        out.put(|size| Decision::new(denied, size));
                    }
                    denied.is_none()
                })
            })??;
        if open {
            leaving.stay();
            out.set(&Decision::UNDECIDED);
        }
        Ok(())
    })
}

/// Takes the next piece of the body, exactly as it was received.
///
/// @param context  begun
/// @param piece    the bytes
/// @param wanted   gets 1, or 0 if the request is lost already and the rest need not be read;
///                 tollgate_context_finish() says why
/// @return TOLLGATE_STATUS_BAD_STATE if the context is not begun. A piece that is not taken leaves
///         a gap in the body: with any other status than TOLLGATE_STATUS_OK the request is given
///         up, as by tollgate_context_abort()
///
/// Nothing is allocated, nothing waits.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_context_update(
    context: *mut Context,
    piece: Bytes,
    wanted: *mut u32,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut place = call.place::<Stream>(context)?;
        let mut leaving = place.leaving()?;
        let mut out = call.out(wanted)?;
        let piece = call.bytes(piece)?;
        out.set(u32::from(leaving.with(|stream| stream.update(piece))?));
        leaving.stay();
        Ok(())
    })
}

/// Decides on a request whose body has come in.
///
/// @param context       begun; afterwards it can be begun again, whatever the status
/// @param unix_ms       wall-clock time after the last piece, in milliseconds since
///                      1970-01-01T00:00:00Z
/// @param monotonic_ns  monotonic time after the last piece, in nanoseconds
/// @param decision      gets the decision, as in tollgate_gate_verify()
/// @return TOLLGATE_STATUS_BAD_STATE if the context is not begun
///
/// It frees the policy if that was swapped out meanwhile and nobody else holds it; apart from that
/// nothing is allocated or freed, and nothing waits.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_context_finish(
    context: *mut Context,
    unix_ms: u64,
    monotonic_ns: u64,
    decision: *mut Decision,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        // A decision that cannot be written ends the request too.
        let out = call.versioned_out(decision).map(Decision::denying);
        let mut place = call.place::<Stream>(context)?;
        let mut leaving = place.leaving()?;
        let mut out = out?;
        let now = Now { unix_ms, monotonic_ns };
        leaving.with(|stream| {
            stream.finish_with(now, |decided| out.put(|size| Decision::new(decided, size)));
        })?;
        Ok(())
    })
}

/// Gives a request up: its connection was lost, or its body is not wanted any more.
///
/// @param context  begun, or not: then nothing is done
/// @return TOLLGATE_STATUS_BAD_STATE if the memory was never zeroed, or is a copy of a context
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tollgate_context_abort(context: *mut Context) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut place = call.place::<Stream>(context)?;
        if !place.is_vacant() {
            drop(place.leaving()?);
        }
        Ok(())
    })
}
