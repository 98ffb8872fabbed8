//! Room for values of which nobody knows beforehand how many there are.

use core::mem::MaybeUninit;
use core::slice;

/// Up to `N` values. Nothing is put into the rest of the room: to fill all of it would take longer
/// than most requests need for their few header lines.
pub(in super::super) struct Room<T, const N: usize> {
    values: [MaybeUninit<T>; N],
    count: usize,
}

impl<T: Copy, const N: usize> Room<T, N> {
    /// Without values.
    #[inline]
    pub(in super::super) const fn new() -> Self {
        Self { values: [const { MaybeUninit::uninit() }; N], count: 0 }
    }

    /// Adds a value, and says whether there was room for it.
    #[inline]
    pub(in super::super) fn push(&mut self, value: T) -> bool {
        let room = self.values.get_mut(self.count);
        let pushed = room.map(|room| _ = room.write(value)).is_some();
        self.count = self.count.saturating_add(usize::from(pushed));
        pushed
    }

    /// The values, in the order in which they were added.
    #[inline]
    pub(in super::super) const fn values(&self) -> &[T] {
        // SAFETY: `count` is at most `N`, and `push` wrote so many values from the first on, each in
        // the place of a `T`.
        unsafe { slice::from_raw_parts(self.values.as_ptr().cast(), self.count) }
    }
}
