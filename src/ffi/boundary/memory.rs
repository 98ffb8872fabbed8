//! Memory that the host hands in for good, and that several processes may share.

use core::ffi::c_void;
use core::slice;
use core::sync::atomic::AtomicU64;

use super::{Call, Status, within_address_space};

/// What the memory is aligned to: a cache line.
const ALIGNMENT: usize = 64;

impl Call {
    /// The whole words in `size` bytes at `memory`, which are read and written, while others may
    /// do so too.
    pub(in super::super) fn shared_words(
        &self,
        memory: *mut c_void,
        size: usize,
    ) -> Result<&[AtomicU64], Status> {
        words(memory, size)
    }

    /// As `shared_words`, for memory that is only read.
    pub(in super::super) fn observed_words(
        &self,
        memory: *const c_void,
        size: usize,
    ) -> Result<&[AtomicU64], Status> {
        words(memory.cast_mut(), size)
    }

    /// As `shared_words`, for memory that the caller promises to leave where it is until nothing
    /// of the library refers to it any more.
    pub(in super::super) fn kept_words(
        &self,
        memory: *mut c_void,
        size: usize,
    ) -> Result<&'static [AtomicU64], Status> {
        words(memory, size)
    }
}

fn words<'m>(memory: *mut c_void, size: usize) -> Result<&'m [AtomicU64], Status> {
    let first = memory.cast::<AtomicU64>();
    if first.is_null() {
        return Err(Status::NullPointer);
    }
    if !first.addr().is_multiple_of(ALIGNMENT) {
        return Err(Status::BadMemory);
    }
    let count = size.checked_div(size_of::<AtomicU64>()).unwrap_or(0);
    within_address_space(first, count)?;
    // SAFETY: not NULL, aligned, no longer than an object can be; valid for as long as the two
    // methods above say by the caller's promise. Whoever else uses the memory does so through
    // atomics of this library, and any bytes are an `AtomicU64`.
    Ok(unsafe { slice::from_raw_parts(first, count) })
}
