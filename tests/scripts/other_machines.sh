#!/usr/bin/env bash
# The primitives, the schemes and the tokens on machines of another kind, emulated: aarch64, whose
# SHA-2 instructions a backend of its own uses, and s390x, whose numbers begin with the highest
# byte. Every vector has to come out there as it does here.
#
# Debian's Rust does it: it comes with the sources of the standard library.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() {
    echo "$*" >&2
    exit 1
}
tests=(builtin_schemes cidr encoding_vectors fill hmac_batch hmac_vectors tokens)
# `emulated` leaves out what Cargo.toml says that no test here needs.
export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_PROFILE_DEV_DEBUG=0 RUSTFLAGS="--cfg emulated"

# What an emulator runs for long is optimised, which takes less time than it spares, and each crate of
# it as one unit, or its calls are not inlined; the rest is built fast.
optimised=(--config profile.dev.package.core.opt-level=1)
for package in tollgate sha2; do
    optimised+=(--config "profile.dev.package.$package.opt-level=2"
        --config "profile.dev.package.$package.codegen-units=1")
done

# on MACHINE BYTE-ORDER BACKENDS
on() {
    local triple=$1-unknown-linux-gnu gcc=$1-linux-gnu-gcc log
    command -v "$gcc" >/dev/null || fail "$gcc is missing: apt-get install gcc-$1-linux-gnu"
    command -v "qemu-$1" >/dev/null || fail "qemu-$1 is missing: apt-get install qemu-user"
    # Nobody reads a backtrace here, for which std would build a reader of object files.
    log=$(/usr/bin/cargo test --quiet --locked -Zbuild-std -Zbuild-std-features=panic-unwind \
        --target "$triple" \
        --target-dir "${CARGO_TARGET_DIR:-target}/other" "${optimised[@]}" \
        --config "target.$triple.linker='$gcc'" \
        --config "target.$triple.runner=['qemu-$1', '-L', '/usr/$1-linux-gnu']" \
        --lib "${tests[@]/#/--test=}" -- --nocapture 2>&1) || fail "$1: $log"
    local passed
    passed=$(grep -c '^test result: ok' <<<"$log")
    ((passed == 1 + ${#tests[@]})) || fail "$1: only $passed tests ran: $log"
    grep -qF "[$3, None]" <<<"$log" || fail "$1 has other backends than $3: $log"
    local program
    program=$(find "${CARGO_TARGET_DIR:-target}/other/$triple/debug/deps" -name 'hmac_batch-*' -perm -u+x | head -n 1)
    readelf -h "$program" | grep -q "$2 endian" || fail "$1 is not $2 endian"
    echo "$1, $2 endian: $passed tests"
}
on aarch64 little "Some(portable), Some(ARMv8), Some(ARMv8, 2 lanes)"
on s390x big "Some(portable)"
