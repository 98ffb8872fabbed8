//! Comparison of what is secret.

use super::boundary::{Bytes, Call};
use super::status::Status;
use crate::primitive::compare::equal_slices;

/// Compares what is secret. How long that takes depends on the lengths and never on where the
/// bytes differ. Compare decoded bytes, not text.
///
/// @param left   is read
/// @param right  is read
/// @return TOLLGATE_STATUS_OK if they are equal, TOLLGATE_STATUS_MISMATCH if they are not
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_equal(left: Bytes, right: Bytes) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let equal = equal_slices(call.bytes(left)?, call.bytes(right)?);
        if equal { Ok(()) } else { Err(Status::Mismatch) }
    })
}
