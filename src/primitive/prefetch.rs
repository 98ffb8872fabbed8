//! Memory that will be read soon, asked for early, so that it is on its way while something else
//! is computed.
//!
//! Nothing is read here: the processor is told an address, and may do what it likes. On processors
//! other than x86-64 it is told nothing.

#![allow(unsafe_code, reason = "the instruction takes an address")]

/// What the processor gets at once.
const LINE: usize = 64;

/// What fits into a cache near the processor beside other things, in bytes: it needs not be asked for
/// early.
pub(crate) const NEAR: usize = 256 << 10;

/// Asks for all of `value`.
#[inline]
pub(crate) fn prefetch<T>(value: &T) {
    let mut offset = 0;
    while offset < size_of::<T>() {
        line(value, offset);
        offset = offset.wrapping_add(LINE);
    }
    if align_of::<T>() < LINE {
        // It may begin in the middle of a line, and then ends in one more.
        line(value, size_of::<T>().saturating_sub(1));
    }
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse"))]
#[inline]
fn line<T>(value: &T, offset: usize) {
    use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    let address = core::ptr::from_ref(value).cast::<i8>().wrapping_add(offset);
    // SAFETY: every processor of this kind has the instruction. It reads nothing.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(address) }
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse")))]
#[inline]
fn line<T>(_: &T, _: usize) {}
