//! What the caller gets: values and text in the caller's own memory.

use core::marker::PhantomData;
use core::ptr::NonNull;
use core::slice;
use core::sync::atomic::AtomicU64;

use super::{Call, Plain, Status, overlap, readable, within_address_space};

/// Where one value goes. It is written in one piece.
pub(in super::super) struct Out<'c, T> {
    to: NonNull<T>,
    call: PhantomData<&'c Call>,
}

impl<T> Out<'_, T> {
    /// Writes the value.
    pub(in super::super) const fn set(&mut self, value: T) {
        // SAFETY: `Call::out` found it neither NULL nor misaligned; valid for writes by the
        // caller's promise. What was there is not dropped: it may never have been a value.
        unsafe { self.to.write(value) }
    }
}

/// Where several values go, one after the other.
pub(in super::super) struct OutArray<'c, T> {
    first: *mut T,
    count: usize,
    call: PhantomData<&'c Call>,
}

impl<T: Plain> OutArray<'_, T> {
    /// Writes a value; there is none behind the last.
    pub(in super::super) const fn set(&mut self, index: usize, value: T) {
        if index < self.count {
            // SAFETY: `Call::out_array` found the first neither NULL nor misaligned, and all of
            // them no longer than an object can be; valid for writes by the caller's promise.
            unsafe { self.first.wrapping_add(index).write(value) }
        }
    }

    /// Writes the same value everywhere.
    pub(in super::super) fn fill(&mut self, value: T) {
        for index in 0..self.count {
            self.set(index, value);
        }
    }
}

impl OutArray<'_, u8> {
    /// All of them, none of which may lie in `input`.
    pub(in super::super) fn apart_from(&mut self, input: &[u8]) -> Result<&mut [u8], Status> {
        if self.count == 0 {
            return Ok(&mut []);
        }
        if overlap(self.first, self.count, input) {
            return Err(Status::InvalidArgument);
        }
        // SAFETY: `Call::out_array` found it not NULL and no longer than an object can be; valid
        // for reads and writes by the caller's promise. The input does not lie in it, and `self`
        // is borrowed as long as the slice is, so this is the only reference to it.
        Ok(unsafe { slice::from_raw_parts_mut(self.first, self.count) })
    }
}

/// Where text or bytes go, with the place for the size that they take.
pub(in super::super) struct Buffer<'c> {
    start: NonNull<u8>,
    capacity: usize,
    needed: Out<'c, usize>,
}

impl Buffer<'_> {
    /// The room that there is, none of which may lie in `inputs`.
    ///
    /// A caller may ask for the size with a NULL pointer and capacity 0: then there is no room.
    fn room(&mut self, inputs: &[&[u8]]) -> Result<&mut [u8], Status> {
        let start = self.start.as_ptr();
        if inputs.iter().any(|input| overlap(start, self.capacity, input)) {
            return Err(Status::InvalidArgument);
        }
        // SAFETY: `Call::buffer` found it no longer than an object can be; valid for reads and
        // writes by the caller's promise, or without a byte. No input lies in it, and `self` is
        // borrowed as long as the room is, so this is the only reference to it.
        Ok(unsafe { slice::from_raw_parts_mut(start, self.capacity) })
    }

    /// The same buffer, if none of it lies in `words`, which others may be writing to.
    pub(in super::super) fn apart_from(self, words: &[AtomicU64]) -> Result<Self, Status> {
        match overlap(self.start.as_ptr(), self.capacity, words) {
            true => Err(Status::InvalidArgument),
            false => Ok(self),
        }
    }

    /// Lets `fill` write into the room and say how many bytes the whole takes. That number goes
    /// to the caller; if there is less room it is [`Status::BufferTooSmall`]. If `fill` fails,
    /// the room is filled with zeros: no partial result is left there.
    pub(in super::super) fn fill(
        mut self,
        inputs: &[&[u8]],
        fill: impl FnOnce(&mut [u8]) -> Result<usize, Status>,
    ) -> Result<(), Status> {
        let room = self.room(inputs)?;
        let needed = match fill(room) {
            Ok(needed) => needed,
            Err(status) => return Err(erased(room, status)),
        };
        self.needed.set(needed);
        if needed > self.capacity { Err(Status::BufferTooSmall) } else { Ok(()) }
    }

    /// Writes as much of `text` as there is room for, and the size of all of it. For a text that
    /// comes with another status: it does not fail.
    pub(in super::super) fn set_prefix(mut self, text: &str) {
        let Ok(room) = self.room(&[]) else { return };
        for (to, from) in room.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        self.needed.set(text.len());
    }
}

/// Fills the room with zeros. The status comes back, so that the caller has nothing left to do and
/// keeps nothing for it.
#[cold]
#[inline(never)]
fn erased(room: &mut [u8], status: Status) -> Status {
    room.fill(0);
    core::hint::black_box(status)
}

impl Call {
    /// Where one value goes: `to` is written.
    pub(in super::super) fn out<T>(&self, to: *mut T) -> Result<Out<'_, T>, Status> {
        readable(to)?;
        let to = NonNull::new(to).ok_or(Status::NullPointer)?;
        Ok(Out { to, call: PhantomData })
    }

    /// Where `count` values go: as many from `first` on are written. `first` may be NULL if there
    /// are none.
    pub(in super::super) fn out_array<T: Plain>(
        &self,
        first: *mut T,
        count: usize,
    ) -> Result<OutArray<'_, T>, Status> {
        if count > 0 {
            readable(first)?;
            within_address_space(first, count)?;
        }
        Ok(OutArray { first, count, call: PhantomData })
    }

    /// The caller's buffer: `capacity` bytes from `start` on, and `needed`, are written. `start`
    /// may be NULL if `capacity` is 0.
    pub(in super::super) fn buffer(
        &self,
        start: *mut u8,
        capacity: usize,
        needed: *mut usize,
    ) -> Result<Buffer<'_>, Status> {
        let start = if capacity > 0 {
            let start = NonNull::new(start).ok_or(Status::NullPointer)?;
            within_address_space(start.as_ptr(), capacity)?;
            start
        } else {
            NonNull::dangling()
        };
        Ok(Buffer { start, capacity, needed: self.out(needed)? })
    }
}
