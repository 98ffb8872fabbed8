//! The hold that a request which may pass has on its message.

use super::boundary::{Call, Plain};
use super::gate::Gate;
use super::status::Status;
use crate::decision;

/// The hold on a message, on a route that takes each only once: part of a tollgate_decision. It is
/// plain data and may be copied, kept, and handed to another process with the same replay memory.
/// All zeros are no hold.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Claim {
    /// Nothing that a caller may rely on.
    opaque: [u64; 8],
}

// SAFETY: numbers.
unsafe impl Plain for Claim {}

impl Claim {
    /// No hold.
    pub(super) const NONE: Self = Self { opaque: [0; 8] };

    pub(super) fn new(from: Option<decision::Claim>) -> Self {
        from.map_or(Self::NONE, |claim| Self { opaque: claim.to_words() })
    }

    pub(super) fn to_rust(self) -> Option<decision::Claim> {
        decision::Claim::from_words(self.opaque)
    }
}

/// The hold that a caller gives.
fn given(claims: &[Claim]) -> Option<decision::Claim> {
    claims.first().and_then(|claim| claim.to_rust())
}

/// Keeps a message until it is forgotten: it was processed. On a route with a lease this has to be
/// said before the lease is over, or the message may pass once more.
///
/// @param gate   any gate with the replay memory that the decision was made with, also in another
///               process
/// @param claim  from the decision that let the message pass; it is read
/// @param held   gets 1, or 0 if the claim does not stand any more: the lease is over and somebody
///               else has the message, or it was confirmed, released or forgotten, or there was no
///               claim
/// @return TOLLGATE_STATUS_OK whatever `held` gets
///
/// Nothing is allocated, nothing waits. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_gate_confirm(
    gate: *const Gate,
    claim: *const Claim,
    held: *mut u32,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(held)?;
        let gate = &call.handle(gate)?.gate;
        let claim = given(call.slice(claim, 1)?);
        out.set(u32::from(claim.is_some_and(|claim| gate.confirm(&claim))));
        Ok(())
    })
}

/// Gives a message back: it was not processed, and may come again.
///
/// @param gate   as for tollgate_gate_confirm()
/// @param claim  as for tollgate_gate_confirm()
/// @param held   as for tollgate_gate_confirm()
/// @return TOLLGATE_STATUS_OK whatever `held` gets
///
/// Nothing is allocated, nothing waits. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_gate_release(
    gate: *const Gate,
    claim: *const Claim,
    held: *mut u32,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(held)?;
        let gate = &call.handle(gate)?.gate;
        let claim = given(call.slice(claim, 1)?);
        out.set(u32::from(claim.is_some_and(|claim| gate.release(&claim))));
        Ok(())
    })
}
