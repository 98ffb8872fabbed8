//! One HMAC-SHA256 verification through the C ABI, and the same behind code that left the upper halves of the vector
//! registers dirty, as a host may: in one run, so that the difference means something.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tollgate::primitive::hmac::HmacSha256Key;
use tollgate_benches::HmacKey;

/// What runs before each verification.
#[derive(Clone, Copy)]
enum Before {
    /// Wide registers are used and cleaned.
    Clean,
    /// The upper halves of eight registers stay as they are.
    Dirty,
}

/// Uses the widest registers that there are.
#[cfg(target_arch = "x86_64")]
fn use_wide_registers(before: Before) {
    use std::arch::asm;

    // SAFETY: the processor has what each block uses, and each names what it writes.
    unsafe {
        if is_x86_feature_detected!("avx512f") {
            asm!(
                "vpternlogd zmm0, zmm0, zmm0, 255", "vmovdqa64 zmm1, zmm0", "vmovdqa64 zmm2, zmm0",
                "vmovdqa64 zmm3, zmm0", "vmovdqa64 zmm4, zmm0", "vmovdqa64 zmm5, zmm0",
                "vmovdqa64 zmm6, zmm0", "vmovdqa64 zmm7, zmm0",
                out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _,
                out("xmm4") _, out("xmm5") _, out("xmm6") _, out("xmm7") _,
            );
        } else if is_x86_feature_detected!("avx2") {
            asm!(
                "vpcmpeqd ymm0, ymm0, ymm0", "vmovdqa ymm1, ymm0", "vmovdqa ymm2, ymm0",
                "vmovdqa ymm3, ymm0", "vmovdqa ymm4, ymm0", "vmovdqa ymm5, ymm0",
                "vmovdqa ymm6, ymm0", "vmovdqa ymm7, ymm0",
                out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _,
                out("xmm4") _, out("xmm5") _, out("xmm6") _, out("xmm7") _,
            );
        } else {
            return;
        }
        if matches!(before, Before::Clean) {
            asm!("vzeroupper", out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _);
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn use_wide_registers(_: Before) {}

fn verify(criterion: &mut Criterion) {
    let secret = b"the signing secret of a merchant";
    let (key, maker) = (HmacKey::new(secret), HmacSha256Key::new(secret));
    let mut group = criterion.benchmark_group("HMAC-SHA256 verify");
    for length in [32, 256, 1024, 4096] {
        let message = vec![b'x'; length];
        let tag = maker.mac(&message);
        for (name, before) in [("clean", Before::Clean), ("dirty upper halves", Before::Dirty)] {
            group.bench_function(BenchmarkId::new(name, length), |bencher| {
                bencher.iter(|| {
                    use_wide_registers(before);
                    assert!(key.verifies(black_box(&message), black_box(&tag)));
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);
