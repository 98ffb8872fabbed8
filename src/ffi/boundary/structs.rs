//! Structs that the caller fills, and that grow from version to version.
//!
//! They begin with their size. A program that was compiled with an older header passes a smaller
//! one, and what it does not know is zero; a newer program passes a larger one, which is taken as
//! long as what this library does not know is zero.
use core::marker::PhantomData;
use core::mem::{MaybeUninit, size_of};
use core::ptr::NonNull;
use core::slice;

use super::{Bytes, Call, Status, readable, within_address_space};

/// No struct of any version is larger, in bytes.
const LARGEST: usize = 4096;

/// A type of which any bytes are a value, zeros included.
///
/// # Safety
///
/// That must be so, for each of its fields too: integers, pointers, arrays and structs of these.
pub(in super::super) unsafe trait Plain: Copy {}

// SAFETY: any byte is a number.
unsafe impl Plain for u8 {}
// SAFETY: a pointer and a number; the pointer is looked at by `Call::bytes` alone.
unsafe impl Plain for Bytes {}

/// A struct that begins with its size.
///
/// # Safety
///
/// The first field must be a `usize` at offset 0, and the struct `repr(C)`.
pub(in super::super) unsafe trait Versioned: Plain {
    /// The sizes that it had in earlier releases.
    const EARLIER: &'static [usize];
}

/// The size that the struct at `from` says it has.
fn stated_size<T: Versioned>(from: *const T) -> Result<usize, Status> {
    readable(from)?;
    // SAFETY: not NULL and aligned; a `Versioned` begins with a `usize`, and the caller promises
    // that at least this field is there.
    let size = unsafe { from.cast::<usize>().read() };
    let known = T::EARLIER.contains(&size) || (size_of::<T>()..=LARGEST).contains(&size);
    if known { Ok(size) } else { Err(Status::BadSize) }
}

/// Where a struct that begins with its size goes.
pub(in super::super) struct SizedOut<'c, T> {
    to: NonNull<T>,
    size: usize,
    call: PhantomData<&'c Call>,
}

impl<T: Versioned> SizedOut<'_, T> {
    /// Writes as much of `value` as the caller's version of the struct has, except its size.
    pub(in super::super) fn set(&mut self, value: &T) {
        let first = size_of::<usize>();
        let length = self.size.min(size_of::<T>()).saturating_sub(first);
        let from = core::ptr::from_ref(value).cast::<u8>().wrapping_add(first);
        let to = self.to.as_ptr().cast::<u8>().wrapping_add(first);
        // SAFETY: both are `first` bytes into a `T`, of which the caller's has at least `size`
        // bytes by its promise; `value` is ours, so they do not overlap.
        unsafe { core::ptr::copy_nonoverlapping(from, to, length) }
    }

    /// Writes what `make` makes of the size of the caller's struct, with that size in it. It is made
    /// where it goes, where the compiler can do so and the struct is of this version.
    #[inline]
    pub(in super::super) fn put(&mut self, make: impl FnOnce(usize) -> T) {
        if self.size < size_of::<T>() {
            return self.set(&make(self.size));
        }
        // SAFETY: `Call::versioned_out` found it neither NULL nor misaligned, and the caller's
        // struct has at least `size` bytes, which it promises are valid for writes.
        unsafe { self.to.write(make(self.size)) }
    }
}

/// Several structs that begin with their size, which is the same for all, one after the other.
pub(in super::super) struct SizedArray<'c, T> {
    first: *mut T,
    size: usize,
    count: usize,
    call: &'c Call,
}

impl<T: Versioned> SizedArray<'_, T> {
    /// How many there are.
    pub(in super::super) const fn len(&self) -> usize {
        self.count
    }

    /// The one at `index`, which is refused if it says that it has another size than the first.
    fn at(&self, index: usize) -> Result<*mut T, Status> {
        let offset = index.checked_mul(self.size).filter(|_| index < self.count);
        let at = self.first.wrapping_byte_add(offset.ok_or(Status::InvalidArgument)?);
        if stated_size(at)? == self.size { Ok(at) } else { Err(Status::BadSize) }
    }

    /// The struct at `index`, read as [`Call::versioned`] does.
    pub(in super::super) fn get<'r>(
        &'r self,
        index: usize,
        room: &'r mut Option<T>,
    ) -> Result<&'r T, Status> {
        self.call.versioned(self.at(index)?, room)
    }

    /// Where the struct at `index` goes, as [`Call::versioned_out`] has it.
    pub(in super::super) fn out(&mut self, index: usize) -> Result<SizedOut<'_, T>, Status> {
        self.call.versioned_out(self.at(index)?)
    }
}

impl Call {
    /// `count` structs from `first` on, which are read. `first` may be NULL if there are none.
    pub(in super::super) fn versioned_array<T: Versioned>(
        &self,
        first: *const T,
        count: usize,
    ) -> Result<SizedArray<'_, T>, Status> {
        self.versioned_out_array(first.cast_mut(), count)
    }

    /// Where `count` structs go, from `first` on: their sizes are read, the rest is written.
    pub(in super::super) fn versioned_out_array<T: Versioned>(
        &self,
        first: *mut T,
        count: usize,
    ) -> Result<SizedArray<'_, T>, Status> {
        let size = if count == 0 { 0 } else { stated_size(first)? };
        let bytes = count.checked_mul(size).ok_or(Status::InvalidArgument)?;
        within_address_space(first.cast::<u8>(), bytes)?;
        Ok(SizedArray { first, size, count, call: self })
    }

    /// The struct at `from`, read: as much of it as it says there is. One of this version is lent
    /// as it is; of another one, what this version knows of it is put into `room`.
    #[inline]
    pub(in super::super) fn versioned<'r, T: Versioned>(
        &'r self,
        from: *const T,
        room: &'r mut Option<T>,
    ) -> Result<&'r T, Status> {
        let size = stated_size(from)?;
        if size == size_of::<T>() {
            // SAFETY: not NULL and aligned; the caller promises as many bytes as the struct says,
            // valid for the call and not written to meanwhile, and any bytes are a `T`.
            return Ok(unsafe { &*from });
        }
        Ok(room.insert(self.converted(from, size)?))
    }

    /// What this version knows of a struct of `size` bytes. The rest of it must be zero.
    #[cold]
    fn converted<T: Versioned>(&self, from: *const T, size: usize) -> Result<T, Status> {
        let known = size.min(size_of::<T>());
        // SAFETY: the caller promises as many bytes as the struct says.
        let bytes = unsafe { slice::from_raw_parts(from.cast::<u8>(), size) };
        if bytes.iter().skip(known).any(|byte| *byte != 0) {
            return Err(Status::BadSize);
        }
        let mut value = MaybeUninit::<T>::zeroed();
        // SAFETY: `known` bytes are within both; `value` is ours, so they do not overlap.
        unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), value.as_mut_ptr().cast(), known) };
        // SAFETY: zeros and the caller's bytes, and any bytes are a `T`.
        Ok(unsafe { value.assume_init() })
    }

    /// Where a struct that begins with its size goes: its size is read, the rest is written.
    pub(in super::super) fn versioned_out<T: Versioned>(
        &self,
        to: *mut T,
    ) -> Result<SizedOut<'_, T>, Status> {
        let size = stated_size(to)?;
        let to = NonNull::new(to).ok_or(Status::NullPointer)?;
        Ok(SizedOut { to, size, call: PhantomData })
    }
}
