//! Time and order. Batches are timed with the monotonic clock of the operating system, which counts
//! nanoseconds on every processor and needs no calibration; reading it takes some 25 ns, of a batch
//! of 50,000 ns.

use std::time::Instant;

/// How long `work` takes, in nanoseconds.
pub fn time(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_nanos() as f64
}

/// Waits until everything before is done: what follows cannot begin early. That is what one request
/// sees, which comes after other work and not after one of its kind.
#[inline(always)]
pub fn fence() {
    // SAFETY: the instruction waits, and changes no memory and no register.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_lfence();
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    unsafe {
        std::arch::asm!("dsb sy", "isb", options(nostack, preserves_flags));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

/// The processors that this process may use.
pub fn allowed() -> Vec<usize> {
    // SAFETY: a set of processors is an array of bits, of which zeros are the empty one.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the set is as long as it says, and 0 is this thread.
    let known = unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &mut set) } == 0;
    // SAFETY: the number is below the size of the set.
    let allowed = |cpu: &usize| known && unsafe { libc::CPU_ISSET(*cpu, &set) };
    (0..libc::CPU_SETSIZE as usize).filter(allowed).collect()
}

/// Keeps this thread on one processor: the last of those, for the first is the one that the system
/// likes to use. Says which.
pub fn pin(allowed: &[usize]) -> Option<usize> {
    allowed.last().copied().filter(|last| pin_to(*last))
}

/// Keeps this thread on processor `cpu`. Whether that worked.
pub fn pin_to(cpu: usize) -> bool {
    // SAFETY: as in `allowed`.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the caller's number comes from a set of this size.
    unsafe { libc::CPU_SET(cpu, &mut set) };
    // SAFETY: as in `allowed`.
    unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &set) == 0 }
}
