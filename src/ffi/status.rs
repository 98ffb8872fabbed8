//! Whether a call worked. Why a request was denied is a reason, and a denied request is a
//! successful call.

use core::ffi::CStr;

use super::boundary::{Bytes, guard};

/// Whether a call worked. Zero is success; numbers are stable, and later versions may add some.
///
/// After any other status than TOLLGATE_STATUS_OK the outputs of the call are as they were, except
/// where a function says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum Status {
    /// The call did what it is for.
    Ok = 0,
    /// An argument has a value that it may not have, overlaps another, or is misaligned.
    InvalidArgument = 1,
    /// A pointer that must not be NULL is.
    NullPointer = 2,
    /// A struct says that it has a size that no version of it has.
    BadSize = 3,
    /// The caller's buffer is too small; the size that it needs was given back.
    BufferTooSmall = 4,
    /// The object is not in a state in which the call makes sense.
    BadState = 5,
    /// The handle is not one of this kind, or was freed.
    BadHandle = 6,
    /// The policy document has errors; nothing of it is in force.
    PolicyInvalid = 7,
    /// The memory is attached already.
    AlreadyAttached = 8,
    /// The memory is too small, misaligned, or has another layout than this version's.
    BadMemory = 9,
    /// What was compared is not equal.
    Mismatch = 10,
    /// The text is not well formed.
    Decode = 11,
    /// The header that the program was compiled with is another version's.
    AbiMismatch = 12,
    /// The library failed. The process goes on, and other handles are not affected.
    Panic = 13,
    /// The operating system gave no random numbers.
    NoRandomness = 14,
    /// The library was built without the feature that the call needs.
    NotBuiltIn = 15,
    /// There is not enough memory; nothing was done.
    NoMemory = 16,
}

impl Status {
    /// Every status with its text.
    const TEXTS: &'static [(Status, &'static CStr)] = &[
        (Status::Ok, c"the call worked"),
        (Status::InvalidArgument, c"an argument has a value that it may not have"),
        (Status::NullPointer, c"a pointer that must not be NULL is"),
        (Status::BadSize, c"the size of a struct is that of no version"),
        (Status::BufferTooSmall, c"the buffer is too small"),
        (Status::BadState, c"the object is in another state than the call needs"),
        (Status::BadHandle, c"the handle is not one of this kind, or was freed"),
        (Status::PolicyInvalid, c"the policy has errors"),
        (Status::AlreadyAttached, c"memory is attached already"),
        (Status::BadMemory, c"the memory is too small, misaligned or of another version"),
        (Status::Mismatch, c"what was compared is not equal"),
        (Status::Decode, c"the text is not well formed"),
        (Status::AbiMismatch, c"the header is that of another version"),
        (Status::Panic, c"the library failed"),
        (Status::NoRandomness, c"the operating system gave no random numbers"),
        (Status::NotBuiltIn, c"the library was built without the feature that the call needs"),
        (Status::NoMemory, c"there is not enough memory"),
    ];
}

/// One sentence that says what the number of a status means, without a full stop. A number that
/// is no status gives "unknown status". The text is static and ended by a NUL that `len` does not
/// count.
#[unsafe(no_mangle)]
pub extern "C" fn tollgate_status_text(status: u32) -> Bytes {
    guard(Bytes::EMPTY, || {
        let known = Status::TEXTS.iter().find(|(known, _)| *known as u32 == status);
        Bytes::from_static(known.map_or(c"unknown status", |(_, text)| text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_own_text() {
        let source = include_str!("status.rs").split("impl Status").next().unwrap();
        let declared = source.matches(" = ").count();
        assert_eq!(declared, 17, "the enumerators above");
        assert_eq!(Status::TEXTS.len(), declared);
        for (number, (status, text)) in Status::TEXTS.iter().enumerate() {
            assert_eq!(*status as usize, number);
            assert_eq!(tollgate_status_text(*status as u32).as_static(), text.to_bytes());
        }
        assert_eq!(tollgate_status_text(17).as_static(), b"unknown status");
        assert_eq!(tollgate_status_text(u32::MAX).as_static(), b"unknown status");
    }
}
