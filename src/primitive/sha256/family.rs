//! Which processors are AMD's family 19h: Zen 3 and, with AVX-512, Zen 4. What is fastest was measured
//! on some processors only, and what they can do does not tell them from others.

#![allow(unsafe_code, reason = "an instruction tells")]

use core::arch::x86_64::__cpuid;
use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// Whether the processor is of the family. It is asked once: on a virtual machine that takes longer
/// than a whole batch.
#[inline]
pub(super) fn is_family_19h() -> bool {
    static ANSWER: AtomicU8 = AtomicU8::new(2);
    match ANSWER.load(Relaxed) {
        2 => {
            let answer = ask();
            ANSWER.store(answer.into(), Relaxed);
            answer
        }
        answer => answer == 1,
    }
}

#[cold]
#[allow(unused_unsafe, reason = "newer compilers know that x86-64 has the instruction")]
fn ask() -> bool {
    // SAFETY: every processor of x86-64 has the instruction and these two leaves.
    let (vendor, version) = unsafe { (__cpuid(0), __cpuid(1)) };
    names_family_19h([vendor.ebx, vendor.edx, vendor.ecx], version.eax)
}

/// Whether they name it. What of its number has no room in the first field is in the second (AMD64
/// Architecture Programmer's Manual volume 3, appendix E).
fn names_family_19h(vendor: [u32; 3], version: u32) -> bool {
    let family = (version >> 8 & 0x0f).wrapping_add(version >> 20 & 0xff);
    vendor.map(u32::to_le_bytes).as_flattened() == b"AuthenticAMD" && family == 0x19
}

#[cfg(test)]
mod tests {
    use super::names_family_19h;

    const AMD: [u32; 3] = [0x6874_7541, 0x6974_6e65, 0x444d_4163];
    const INTEL: [u32; 3] = [0x756e_6547, 0x4965_6e69, 0x6c65_746e];

    /// What processors say of themselves: a Ryzen 9 5950X and an EPYC 7763 are Zen 3; a Ryzen 9
    /// 7950X, an EPYC 9654 and a Ryzen 7 7840U are Zen 4; a Ryzen 9 9950X and an EPYC 9755 are Zen
    /// 5, an EPYC 7742 is Zen 2; the others are Ice Lake and Sapphire Rapids.
    #[test]
    fn zen_3_and_zen_4_are_known() {
        for version in [0x00a2_0f10, 0x00a0_0f11, 0x00a6_0f12, 0x00a1_0f11, 0x00a7_0f41] {
            assert!(names_family_19h(AMD, version), "{version:x}");
            assert!(!names_family_19h(INTEL, version), "{version:x}");
        }
        for version in [0x00b4_0f40, 0x00b0_0f21, 0x0083_0f10] {
            assert!(!names_family_19h(AMD, version), "{version:x}");
        }
        for version in [0x0007_06e5, 0x0008_06f8] {
            assert!(!names_family_19h(INTEL, version), "{version:x}");
        }
    }
}
