//! Objects that live in memory of the caller, of a size that the header fixes.
//!
//! The first word says whether an object is there: 0 if not, else a word made of the object's
//! kind and of where it lies, so that a copy of the memory is not taken for the object.

use super::{Call, Status, readable};

/// A type that lives in the caller's memory.
pub(in super::super) trait Placed: Sized + 'static {
    /// The struct that C knows. It is at least as large as this type and a word, and at least as
    /// strictly aligned.
    type Room;

    /// The word of this kind of object, which no other kind has.
    const MAGIC: u64;
}

/// What the room holds.
#[repr(C)]
struct Occupied<T> {
    word: u64,
    object: T,
}

/// The object at a place, while one call works with it.
pub(in super::super) struct Place<T: Placed> {
    at: *mut Occupied<T>,
}

impl Call {
    /// The place at `room`, which is read and written.
    pub(in super::super) fn place<T: Placed>(
        &self,
        room: *mut T::Room,
    ) -> Result<Place<T>, Status> {
        const {
            assert!(size_of::<Occupied<T>>() <= size_of::<T::Room>(), "the room is too small");
            assert!(align_of::<Occupied<T>>() <= align_of::<T::Room>(), "the room is misaligned");
        }
        readable(room)?;
        Ok(Place { at: room.cast() })
    }
}

impl<T: Placed> Place<T> {
    fn own_word(&self) -> u64 {
        T::MAGIC ^ (self.at.addr() as u64)
    }

    fn word(&self) -> u64 {
        // SAFETY: `Call::place` found it neither NULL nor misaligned; it begins with the word, and
        // is valid for reads by the caller's promise.
        unsafe { self.at.cast::<u64>().read() }
    }

    fn set_word(&self, word: u64) {
        // SAFETY: as in `word`, and valid for writes by the caller's promise.
        unsafe { self.at.cast::<u64>().write(word) }
    }

    /// Where the object is or goes.
    fn object(&self) -> *mut T {
        self.at.cast::<u8>().wrapping_add(core::mem::offset_of!(Occupied<T>, object)).cast()
    }

    /// Whether no object is here. Anything but zero may be one, so it is not written over.
    pub(in super::super) fn is_vacant(&self) -> bool {
        self.word() == 0
    }

    fn occupied(&self) -> Result<(), Status> {
        if self.word() == self.own_word() { Ok(()) } else { Err(Status::BadState) }
    }

    /// Puts what `make` makes here. It is made in its place where the compiler can do so, for it
    /// may be large.
    #[inline]
    pub(in super::super) fn put(&self, make: impl FnOnce() -> T) -> Result<(), Status> {
        if !self.is_vacant() {
            return Err(Status::BadState);
        }
        // SAFETY: the object is within the room and aligned, which `Call::place` asserts; valid for
        // writes by the caller's promise. No object is here that would have to be dropped.
        unsafe { self.object().write(make()) };
        self.set_word(self.own_word());
        Ok(())
    }

    /// Lets `work` have the object.
    pub(in super::super) fn with<R>(
        &mut self,
        work: impl FnOnce(&mut T) -> R,
    ) -> Result<R, Status> {
        self.occupied()?;
        // SAFETY: the word says that `put` left an object here; the caller promises that no other
        // thread uses it, and `self` is borrowed as long as the reference lives.
        Ok(work(unsafe { &mut *self.object() }))
    }

    /// Vacates the place when what is returned goes, a panic included, unless the object stays.
    pub(in super::super) fn leaving(&mut self) -> Result<Leaving<'_, T>, Status> {
        self.occupied()?;
        Ok(Leaving { place: self })
    }
}

/// The last use of an object; see [`Place::leaving`].
pub(in super::super) struct Leaving<'p, T: Placed> {
    place: &'p mut Place<T>,
}

impl<T: Placed> Leaving<'_, T> {
    /// Lets `work` have the object.
    pub(in super::super) fn with<R>(
        &mut self,
        work: impl FnOnce(&mut T) -> R,
    ) -> Result<R, Status> {
        self.place.with(work)
    }

    /// Leaves the object where it is.
    pub(in super::super) const fn stay(self) {
        core::mem::forget(self);
    }
}

impl<T: Placed> Drop for Leaving<'_, T> {
    /// Drops the object where it is. The place is vacant before that, whatever happens then.
    fn drop(&mut self) {
        self.place.set_word(0);
        // SAFETY: as in `Place::with`; the word is cleared, so nobody uses or drops it again.
        unsafe { self.place.object().drop_in_place() };
    }
}
