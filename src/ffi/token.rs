//! The token endpoint.

use zeroize::Zeroizing;

use super::boundary::Call;
use super::decision::Decision;
use super::gate::Gate;
use super::request::{Given, Request};
use super::status::Status;
use crate::verify::MAX_TOKEN_ANSWER;

/// Answers a request to a token endpoint (RFC 6749 section 4.4), whose body is there: decides on it
/// as tollgate_gate_verify() does, issues the token, and writes the answer. A denied request is a
/// successful call, and has an answer, too. tollgate_gate_verify() on such a route says the same and
/// issues nothing.
///
/// @param gate         from tollgate_gate_new()
/// @param request      the request, on a route that is a token endpoint; it is read
/// @param buffer       `capacity` bytes to write to: the header lines, each ended by CRLF, and
///                     right behind them the body, a JSON object. The status of the answer is
///                     that of the decision. If a token was issued, the body is a secret: send it,
///                     and keep it out of logs
/// @param capacity     8192 is enough for every answer; less than that is too small for any
/// @param head_length  gets the bytes of the header lines
/// @param length       gets the bytes of header lines and body together, or 8192 if the buffer is
///                     too small
/// @param decision     gets the decision, as in tollgate_gate_verify(). Of a route that is no
///                     token endpoint the reason is TOLLGATE_REASON_CONFIG_MISSING
/// @return TOLLGATE_STATUS_BUFFER_TOO_SMALL if the buffer is too small; then nothing was decided,
///         and no rate limit was charged
///
/// Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_gate_token(
    gate: *const Gate,
    request: *const Request,
    buffer: *mut u8,
    capacity: usize,
    head_length: *mut usize,
    length: *mut usize,
    decision: *mut Decision,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = Decision::denying(call.versioned_out(decision)?);
        let mut head = call.out(head_length)?;
        let buffer = call.buffer(buffer, capacity, length)?;
        let gate = &call.handle(gate)?.gate;
        let mut room_of_request = None;
        let request = call.versioned(request, &mut room_of_request)?;
        if capacity < MAX_TOKEN_ANSWER {
            return buffer.fill(&[], |_| Ok(MAX_TOKEN_ANSWER));
        }
        // The answer is made apart, so that the request may be read as long as it takes.
        let mut room = Zeroizing::new([0; MAX_TOKEN_ANSWER]);
        let answered = request.read(&call, false, |given: &Given<'_>| {
            let Given { route, request, now } = given;
            let answer = gate.answer_token_request(route, request, *now, room.as_mut_slice());
            answer.map(|answer| (answer.decision, answer.headers.len(), answer.body.len()))
        })?;
        let (decided, lines, body) = answered.map_err(|_| Status::InvalidArgument)?;
        let answer = room.get(..lines.saturating_add(body)).unwrap_or(&[]);
        buffer.fill(&[], |to| {
            for (to, from) in to.iter_mut().zip(answer) {
                *to = *from;
            }
            Ok(answer.len())
        })?;
        head.set(lines);
        out.put(|size| Decision::new(&decided, size));
        Ok(())
    })
}
