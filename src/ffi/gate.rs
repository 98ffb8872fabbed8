//! Gates: the policy in force, and the decisions made with it.

mod batch;

pub use batch::tollgate_gate_verify_batch;

use alloc::sync::Arc;
use core::ffi::c_void;

use super::boundary::{Bytes, Call, Handle, give};
use super::decision::Decision;
use super::policy::Policy;
use super::request::{Given, Lines, Request, address, flag, read_block};
use super::status::Status;
use crate::gate::{self, ReplayError};
use crate::limit::{Table, replay};
use crate::request::{self, Body, Now, Stored};

/// What a host holds: the policy in force, and the memory that outlives it. Const pointers to it
/// may be used from any number of threads at once.
pub struct Gate {
    pub(super) gate: gate::Gate,
}

impl Handle for Gate {
    const MAGIC: u64 = 0x2b90_e4d7_135c_a86f;
}

/// Makes a gate with `policy` in force.
///
/// @param policy  from tollgate_policy_load(); the gate keeps it alive, and the caller still
///                releases its own hold with tollgate_policy_free()
/// @param gate    gets the gate, which the caller releases with tollgate_gate_free()
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_gate_new(policy: *const Policy, gate: *mut *mut Gate) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(gate)?;
        let policy = Arc::clone(&call.handle(policy)?.shared);
        out.set(give(Gate { gate: gate::Gate::new(policy) }));
        Ok(())
    })
}

/// Releases a gate. Contexts that were begun with it can still be finished.
///
/// @param gate  from tollgate_gate_new(), or NULL; not used afterwards, and by no other thread
///              during the call
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tollgate_gate_free(gate: *mut Gate) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| call.free(gate))
}

/// Puts `policy` in force, while other threads verify with the gate: each of their requests is
/// decided wholly by the old policy or wholly by the new one. Requests that begin after the return
/// have the new one. The old one is released, unless somebody else holds it.
///
/// @param gate    from tollgate_gate_new()
/// @param policy  from tollgate_policy_load(); the caller still releases its own hold
///
/// May be called from any thread; calls for one gate wait for each other.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_gate_swap(gate: *const Gate, policy: *const Policy) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let gate = call.handle(gate)?;
        drop(gate.gate.swap(Arc::clone(&call.handle(policy)?.shared)));
        Ok(())
    })
}

/// Gives the gate the memory for rate limits and failed attempts, once for its life. A policy that
/// uses either denies with TOLLGATE_REASON_LIMITS_UNAVAILABLE before.
///
/// @param gate    from tollgate_gate_new()
/// @param memory  made ready by tollgate_limits_init() here or in another process; it stays the
///                caller's, and must stay where it is until the gate and all contexts that were
///                begun with it are gone
/// @param size    its size in bytes
/// @return TOLLGATE_STATUS_BAD_MEMORY if it was not made ready, or by another version;
///         TOLLGATE_STATUS_ALREADY_ATTACHED the second time, and nothing changes
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_gate_attach_limits(
    gate: *const Gate,
    memory: *mut c_void,
    size: usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let gate = call.handle(gate)?;
        let table = Table::attach(call.kept_words(memory, size)?).map_err(|_| Status::BadMemory)?;
        gate.gate.attach(table).map_err(|_| Status::AlreadyAttached)
    })
}

/// Gives the gate the memory of messages taken, once for its life. Routes that take each message
/// only once deny with TOLLGATE_REASON_REPLAY_UNAVAILABLE before, and where a policy that came
/// later needs messages to be remembered for longer than the memory does.
///
/// @param gate    from tollgate_gate_new()
/// @param memory  made ready by tollgate_replay_init() here or in another process; it stays the
///                caller's, and must stay where it is until the gate and all contexts that were
///                begun with it are gone
/// @param size    its size in bytes
/// @return TOLLGATE_STATUS_BAD_MEMORY if it was not made ready, or by another version, or with a
///         window that is shorter than tollgate_policy_replay_window() of the policy in force;
///         TOLLGATE_STATUS_ALREADY_ATTACHED the second time, and nothing changes
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_gate_attach_replay(
    gate: *const Gate,
    memory: *mut c_void,
    size: usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let gate = call.handle(gate)?;
        let words = call.kept_words(memory, size)?;
        let memory = replay::Memory::attach(words).map_err(|_| Status::BadMemory)?;
        gate.gate.attach_replay(memory).map_err(|error| match error {
            ReplayError::AlreadyAttached => Status::AlreadyAttached,
            ReplayError::WindowTooShort { .. } => Status::BadMemory,
        })
    })
}

/// Decides on a request whose body is there. A denied request is a successful call.
///
/// @param gate      from tollgate_gate_new()
/// @param request   the request; it is read
/// @param decision  gets the decision. It is set to deny before anything else is done, and denies
///                  after any other status than TOLLGATE_STATUS_OK, unless the status is about
///                  this pointer or its size: then nothing is written
///
/// Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_gate_verify(
    gate: *const Gate,
    request: *const Request,
    decision: *mut Decision,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| verify(&call, gate, request, decision, false))
}

/// Decides on a request with its body, as if that were streamed or not.
#[inline(never)]
fn verify(
    call: &Call,
    gate: *const Gate,
    request: *const Request,
    decision: *mut Decision,
    streamed: bool,
) -> Result<(), Status> {
    let mut out = Decision::denying(call.versioned_out(decision)?);
    let (gate, mut room) = (&call.handle(gate)?.gate, None);
    let request = call.versioned(request, &mut room)?;
    let body = request.body(call)?;
    request.read(call, streamed, |given: &Given<'_>| {
        gate.verify_body_with(given.route, &given.request, body, given.now, |decided| {
            out.put(|size| Decision::new(decided, size));
        });
    })
}

/// Decides as tollgate_gate_begin(), tollgate_context_update() with the whole body and
/// tollgate_context_finish() at the same time do, in one call and without a context: for a host that
/// streams bodies, where one is there already. So its answers do not depend on how the body came. What
/// can be decided without the body is decided first, as there, and a request on a route that takes
/// something from the body is denied with TOLLGATE_REASON_BODY_REQUIRED.
///
/// @param gate      from tollgate_gate_new()
/// @param request   the request with its body; it is read
/// @param decision  gets the decision, as in tollgate_gate_verify()
///
/// Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_gate_verify_streamed(
    gate: *const Gate,
    request: *const Request,
    decision: *mut Decision,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| verify(&call, gate, request, decision, true))
}

/// The same as tollgate_gate_verify(), with the request in arguments of its own instead of a
/// struct, for languages that pass numbers and pointers cheaply and structs not. Each `_len` is
/// the number of bytes at the pointer before it, which may be NULL if that is 0. What a host stored
/// of a payment goes into the struct only.
///
/// @param gate          from tollgate_gate_new()
/// @param route         the name of the route
/// @param method        the method as sent
/// @param target        the request target exactly as sent
/// @param host          the host that the caller asked for
/// @param head          the header lines as HTTP/1.1 sends them: "Name: value", each ended by CRLF
///                      or LF
/// @param body          the body exactly as received
/// @param peer          the address of the peer in network byte order: 4 bytes, 16 bytes or none
/// @param tls           1 if the connection is TLS, else 0
/// @param unix_ms       wall-clock time in milliseconds since 1970-01-01T00:00:00Z
/// @param monotonic_ns  monotonic time in nanoseconds
/// @param decision      gets the decision, as in tollgate_gate_verify()
///
/// Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
#[allow(clippy::too_many_arguments, reason = "that is what this form is for")]
pub unsafe extern "C" fn tollgate_gate_verify_flat(
    gate: *const Gate,
    route: *const u8,
    route_len: usize,
    method: *const u8,
    method_len: usize,
    target: *const u8,
    target_len: usize,
    host: *const u8,
    host_len: usize,
    head: *const u8,
    head_len: usize,
    body: *const u8,
    body_len: usize,
    peer: *const u8,
    peer_len: usize,
    tls: u32,
    unix_ms: u64,
    monotonic_ns: u64,
    decision: *mut Decision,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = Decision::denying(call.versioned_out(decision)?);
        let gate = &call.handle(gate)?.gate;
        let mut room = Lines::new();
        read_block(call.bytes(Bytes::new(head, head_len))?, &mut room);
        let request = request::Request {
            method: call.bytes(Bytes::new(method, method_len))?,
            target: call.bytes(Bytes::new(target, target_len))?,
            host: call.bytes(Bytes::new(host, host_len))?,
            headers: room.values(),
            body: Body::Whole(call.bytes(Bytes::new(body, body_len))?),
            peer: address(call.bytes(Bytes::new(peer, peer_len))?)?,
            tls: flag(tls)?,
            stored: Stored::NONE,
        };
        let route = call.bytes(Bytes::new(route, route_len))?;
        gate.verify_with(route, &request, Now { unix_ms, monotonic_ns }, |decided| {
            out.put(|size| Decision::new(decided, size));
        });
        Ok(())
    })
}
