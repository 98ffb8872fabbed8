//! Memory that is in use. Tollgate, the crates and this program all have theirs from the allocator of
//! the C library, which counts it.

/// Bytes in use now.
pub fn in_use() -> usize {
    // SAFETY: it takes nothing and reads what the allocator counts.
    let counted = unsafe { libc::mallinfo2() };
    counted.uordblks + counted.hblkhd
}
