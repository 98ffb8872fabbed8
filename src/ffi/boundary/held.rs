//! Values of the library that live in the caller's memory.
//!
//! C sees them as structs of opaque words, of a fixed size, which it may place where it likes and
//! copy. Any bytes in them are a value, so what a caller scribbles there is wrong and no more.

use core::ptr::NonNull;

use super::{Call, Status, overlap, readable};

/// A struct of the ABI that holds a value of the library.
///
/// # Safety
///
/// Any bytes must be a `Value`, and forgetting one must be harmless.
pub(in super::super) unsafe trait Holds: Sized {
    /// What it holds.
    type Value;
}

/// The value in the struct at `at`, which fits by the size and alignment of both.
fn value<T: Holds>(at: *mut T) -> Result<NonNull<T::Value>, Status> {
    const {
        assert!(size_of::<T>() == size_of::<T::Value>());
        assert!(align_of::<T>() >= align_of::<T::Value>());
    }
    readable(at)?;
    NonNull::new(at.cast()).ok_or(Status::NullPointer)
}

impl Call {
    /// The value at `from`, which is read.
    pub(in super::super) fn held<T: Holds>(&self, from: *const T) -> Result<&T::Value, Status> {
        let value = value(from.cast_mut())?;
        // SAFETY: not NULL, aligned and as large; any bytes are a value; valid for reads, and not
        // written to meanwhile, by the caller's promise.
        Ok(unsafe { value.as_ref() })
    }

    /// Changes the value at `at`, which is read and written and must not overlap `input`.
    pub(in super::super) fn change<T: Holds>(
        &self,
        at: *mut T,
        input: &[u8],
        change: impl FnOnce(&mut T::Value),
    ) -> Result<(), Status> {
        let mut value = value(at)?;
        if overlap(at.cast(), size_of::<T>(), input) {
            return Err(Status::InvalidArgument);
        }
        // SAFETY: not NULL, aligned and as large; any bytes are a value; nothing else touches it
        // during the call, by the caller's promise and because it does not overlap the input.
        change(unsafe { value.as_mut() });
        Ok(())
    }

    /// Writes the first value of the struct at `at`.
    pub(in super::super) fn hold<T: Holds>(
        &self,
        at: *mut T,
        first: T::Value,
    ) -> Result<(), Status> {
        let value = value(at)?;
        // SAFETY: not NULL, aligned and as large; valid for writes by the caller's promise. What
        // was there is not dropped: it may never have been a value.
        unsafe { value.write(first) };
        Ok(())
    }

    /// Takes the value at `at` out of the struct, which is filled with zeros.
    pub(in super::super) fn take<T: Holds>(&self, at: *mut T) -> Result<T::Value, Status> {
        let value = value(at)?;
        // SAFETY: not NULL, aligned and as large; valid for reads by the caller's promise.
        let taken = unsafe { value.read() };
        // SAFETY: as above, and valid for writes.
        unsafe { value.write_bytes(0, 1) };
        Ok(taken)
    }
}
