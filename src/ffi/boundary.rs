//! Where pointers come in: the one place of the crate that reads and writes through them.
//!
//! An entry makes a `Call` with one line, and with it takes over what the caller promises in the
//! header: every pointer is NULL or points to as much memory as the entry says, for as long as the
//! call lasts. The methods of `Call` turn pointers into slices, values and outputs that live no
//! longer than the call, and give a status for what can be seen to be wrong: NULL, misaligned, too
//! long, overlapping. Outputs are written through a pointer at the end of the work; a reference to
//! the caller's memory is made only for bytes that are read and for a buffer that is filled.

mod handle;
mod held;
mod memory;
mod output;
mod place;
mod room;
mod structs;
#[cfg(test)]
mod tests;

use core::ffi::CStr;
use core::marker::PhantomData;
use core::panic::AssertUnwindSafe;
use core::slice;
use std::panic::catch_unwind;

use super::status::Status;

pub(super) use handle::{Handle, give};
pub(super) use held::Holds;
pub(super) use output::{Buffer, Out, OutArray};
pub(super) use place::Placed;
pub(super) use room::Room;
pub(super) use structs::{Plain, SizedArray, SizedOut, Versioned};

/// Bytes that the caller owns and lends for the call. `{NULL, 0}` is empty.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Bytes {
    /// The first byte; may be NULL if `len` is 0.
    data: *const u8,
    /// How many there are.
    len: usize,
}

impl Bytes {
    /// No bytes.
    pub(super) const EMPTY: Self = Self { data: core::ptr::null(), len: 0 };

    /// `len` bytes from `data` on.
    pub(super) const fn new(data: *const u8, len: usize) -> Self {
        Self { data, len }
    }

    /// Static text; its NUL follows the bytes and is not counted.
    pub(super) const fn from_static(text: &'static CStr) -> Self {
        Self { data: text.as_ptr().cast(), len: text.count_bytes() }
    }
}

/// One call from C, and the promise of its caller.
///
/// Made by `Call::from_c` as the first thing in an entry. What its methods give is borrowed from
/// it, so nothing outlives the call.
#[derive(Debug)]
pub(super) struct Call {
    _made_by_from_c: PhantomData<*const ()>,
}

impl Call {
    /// Takes over the promise of an entry's caller.
    ///
    /// # Safety
    ///
    /// Every pointer that is given to a method of this value must be NULL, or valid for the access
    /// that the method documents until the value is dropped, and nothing else may write to memory
    /// that is read, or touch memory that is written, in that time.
    #[inline]
    pub(super) unsafe fn from_c() -> Self {
        #[cfg(target_arch = "x86_64")]
        crate::primitive::upper_halves::clean();
        Self { _made_by_from_c: PhantomData }
    }

    /// Does the work of an entry. A panic in it is [`Status::Panic`].
    pub(super) fn run(&self, work: impl FnOnce() -> Result<(), Status>) -> Status {
        guard(Status::Panic, || match work() {
            Ok(()) => Status::Ok,
            Err(status) => status,
        })
    }

    /// The bytes of `bytes`, read.
    #[inline]
    pub(super) fn bytes(&self, bytes: Bytes) -> Result<&[u8], Status> {
        let bytes = self.slice(bytes.data, bytes.len)?;
        planted_panic(bytes);
        Ok(bytes)
    }

    /// `count` values from `first` on, read.
    pub(super) fn slice<T: Plain>(&self, first: *const T, count: usize) -> Result<&[T], Status> {
        if count == 0 {
            return Ok(&[]);
        }
        readable(first)?;
        within_address_space(first, count)?;
        // SAFETY: not NULL, aligned, no longer than an object can be; that it is valid for the
        // call, and not written to meanwhile, is the caller's promise. Any bytes are a `T`.
        Ok(unsafe { slice::from_raw_parts(first, count) })
    }
}

/// Does `work`, and gives `fallback` if it panics. The host's panic hook is left alone.
pub(super) fn guard<T>(fallback: T, work: impl FnOnce() -> T) -> T {
    // Nothing is looked at after a panic that the work could have left half done: outputs are
    // written in one piece at its end.
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(value) => value,
        Err(payload) => {
            // Dropping it could panic once more, outside the guard.
            core::mem::forget(payload);
            fallback
        }
    }
}

/// The answer to what no object holds. Nobody passes such a thing, and the compiler is told so.
#[cold]
const fn unheld() -> Status {
    Status::InvalidArgument
}

/// Refuses NULL and what is not aligned for a `T`.
fn readable<T>(from: *const T) -> Result<(), Status> {
    if from.is_null() {
        Err(Status::NullPointer)
    } else if !from.is_aligned() {
        Err(Status::InvalidArgument)
    } else {
        Ok(())
    }
}

/// Whether `length` bytes from `start` on and `other` have a byte in common. What has no byte is
/// where nothing lies, and nothing goes beyond the last address: so one begins in the other.
fn overlap<T>(start: *const u8, length: usize, other: &[T]) -> bool {
    let distance = start.addr().wrapping_sub(other.as_ptr().addr());
    distance < size_of_val(other) || distance.wrapping_neg() < length
}

/// Refuses `count` values from `first` on that no object can hold.
fn within_address_space<T>(first: *const T, count: usize) -> Result<(), Status> {
    let most = isize::MAX.unsigned_abs().checked_div(size_of::<T>()).unwrap_or(usize::MAX);
    // No more than that are no more bytes than fit into a `usize`.
    let wraps = first.addr().checked_add(count.wrapping_mul(size_of::<T>())).is_none();
    if count > most || wraps { Err(unheld()) } else { Ok(()) }
}

/// In a build with `--cfg tollgate_planted_panic`, and in no other, these bytes as an input make
/// the call panic: so a test can show what every entry does then.
#[cfg(tollgate_planted_panic)]
fn planted_panic(bytes: &[u8]) {
    if bytes == b"tollgate: panic now" {
        std::panic::resume_unwind(alloc::boxed::Box::new(()));
    }
}

#[cfg(not(tollgate_planted_panic))]
const fn planted_panic(_: &[u8]) {}
