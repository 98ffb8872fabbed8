//! Eight lanes in the 256-bit registers of AVX2.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use super::eight::eight_lanes;

cpufeatures::new!(detected, "avx2");

eight_lanes!(Avx2, "AVX2", "avx2");
