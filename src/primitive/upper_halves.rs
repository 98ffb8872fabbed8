//! The upper halves of the wide vector registers, which a caller may have left dirty.
//!
//! Code that then uses the lower halves only, as SHA-NI code and most of what the compiler makes
//! does, is held up by them. On a Sapphire Rapids one HMAC-SHA256 verification of 32 bytes through
//! the C ABI took 231 ns behind code that left them dirty, and 101 ns else; cleaned on entry, it
//! takes 110 ns and 100 ns. `cargo bench --manifest-path benches/Cargo.toml --bench hmac_verify`
//! compares the two.

#![allow(unsafe_code, reason = "the instruction needs a processor that has it")]

use core::arch::x86_64::_mm256_zeroupper;

cpufeatures::new!(avx, "avx");

/// Cleans them, if there are any. Every function for C begins with it; nothing in them outlives a
/// call.
#[inline]
pub fn clean() {
    if avx::get() {
        // SAFETY: the processor has AVX.
        unsafe { zeroupper() }
    }
}

#[target_feature(enable = "avx")]
fn zeroupper() {
    _mm256_zeroupper();
}
