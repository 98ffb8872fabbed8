//! Objects that the library owns and the caller holds by a pointer.
//!
//! Each begins with a word that says what it is. It is looked at on each use and cleared when the
//! object is freed, so that a pointer to something else is refused as long as the memory is there
//! to be read. That is a net for mistakes; the promise not to use what was freed is the caller's.

use alloc::boxed::Box;

use super::{Call, Status, readable};

/// A type that C holds by an opaque pointer. A `const` pointer to it may be used from any number
/// of threads at once, hence `Sync`, and freed on any, hence `Send`.
pub(in super::super) trait Handle: Send + Sync + Sized + 'static {
    /// The word that objects of this type begin with: a number that no other type has.
    const MAGIC: u64;
}

/// An object as it lies in memory. The pointer that C holds is to this.
#[repr(C)]
struct Tagged<T> {
    magic: u64,
    object: T,
}

/// Hands `object` over to the caller.
pub(in super::super) fn give<T: Handle>(object: T) -> *mut T {
    Box::into_raw(Box::new(Tagged { magic: T::MAGIC, object })).cast()
}

/// The object behind a pointer that C holds, if its word is right.
fn tagged<T: Handle>(from: *const T) -> Result<*const Tagged<T>, Status> {
    let from = from.cast::<Tagged<T>>();
    readable(from)?;
    // SAFETY: not NULL and aligned; by the caller's promise it came from `give` for some type,
    // and every `Tagged` begins with its word.
    let magic = unsafe { from.cast::<u64>().read() };
    if magic == T::MAGIC { Ok(from) } else { Err(Status::BadHandle) }
}

impl Call {
    /// The object behind `from`, which is read.
    pub(in super::super) fn handle<T: Handle>(&self, from: *const T) -> Result<&T, Status> {
        let tagged = tagged(from)?;
        // SAFETY: the word says that it is a `Tagged<T>` from `give`; the caller promises that it
        // is not freed during the call, and nothing but `free` changes it.
        Ok(unsafe { &(*tagged).object })
    }

    /// Takes the object behind `from` back and drops it. NULL is fine, and a handle that is not a
    /// `T` is left alone.
    pub(in super::super) fn free<T: Handle>(&self, from: *mut T) -> Result<(), Status> {
        if from.is_null() {
            return Ok(());
        }
        let tagged = tagged(from)?.cast_mut();
        // SAFETY: a `Tagged<T>` from `give`, which begins with its word; the caller promises that
        // nothing else uses it. Volatile, so that the word is cleared before the memory goes.
        unsafe { tagged.cast::<u64>().write_volatile(0) };
        // SAFETY: `give` made it with `Box::into_raw`.
        drop(unsafe { Box::from_raw(tagged) });
        Ok(())
    }
}
