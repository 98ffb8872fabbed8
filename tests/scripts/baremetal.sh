#!/usr/bin/env bash
# The core builds for processors without an operating system, with `core` as the only part of the
# standard library there is. With the feature `alloc` the same build must fail: so it is really
# without an allocator.
#
# Debian's Rust does it: it comes with the sources of `core`. Its version floats with Debian.
set -euo pipefail
cd "$(dirname "$0")/../.."

target_dir=${CARGO_TARGET_DIR:-target}/baremetal
export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc
unset RUSTFLAGS

# build TARGET FEATURES
build() {
    /usr/bin/cargo build --quiet --release --lib --locked -Zbuild-std=core --target "$1" \
        --target-dir "$target_dir" --no-default-features --features "$2"
}

"$RUSTC" --version
for target in thumbv7em-none-eabi riscv32imac-unknown-none-elf; do
    build "$target" ""
    echo "$target: builds"
done

if log=$(build thumbv7em-none-eabi alloc 2>&1); then
    echo "with the feature alloc it builds too, so there was an allocator"
    exit 1
fi
grep -q 'can.t find crate for `alloc`' <<<"$log" || { echo "$log"; exit 1; }
