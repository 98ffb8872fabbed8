//! Eight lanes in 256-bit registers with what AVX-512VL adds to AVX2: rotations, and functions of
//! three operands. The compiler finds both in the source that AVX2 has.

#![allow(unsafe_code, reason = "intrinsics need a processor that has them")]

use super::eight::eight_lanes;

cpufeatures::new!(detected, "avx2", "avx512f", "avx512vl");

eight_lanes!(Avx512Vl, "AVX-512VL", "avx2,avx512f,avx512vl");
