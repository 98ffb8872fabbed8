#!/usr/bin/env bash
# Batches of HMAC-SHA256 on processors that this machine is not, emulated: each finds the backends
# that it can run and no other, and all of them give the right tags. And no function of the library
# leaves the upper halves of the wide registers dirty, which would slow the caller down: it ends in
# vzeroupper, and without these instructions the check must fail.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() {
    echo "$*" >&2
    exit 1
}
command -v qemu-x86_64 >/dev/null || fail "qemu-x86_64 is missing: apt-get install qemu-user"
command -v objdump >/dev/null || fail "objdump is missing: apt-get install binutils"
[[ $(uname -m) == x86_64 ]] || fail "this is about processors of x86_64"

program=$(cargo test --quiet --test hmac_batch --no-run --message-format=json |
    sed -n 's/.*"executable":"\([^"]*hmac_batch[^"]*\)".*/\1/p')
[[ -x $program ]] || fail "the test was not built"

# on PROCESSOR BACKENDS - runs the test; "Some" and "None" are how it prints what it found
on() {
    local log
    log=$(qemu-x86_64 -cpu "$1" "$program" --nocapture every_backend rfc_4231 wycheproof 2>&1) ||
        fail "$1: $log"
    grep -qxF "[$2, None]" <<<"$log" || fail "$1 has other backends than $2: $log"
    grep -q "^test result: ok. 3 passed" <<<"$log" || fail "$1: $log"
    echo "$1: $2"
}
on qemu64 "Some(portable)"
on Haswell "Some(portable), Some(AVX2, 8 lanes)"

# dirty - of a disassembly, the functions that return after they used a wide register. It exits
# with 2 if none uses one.
dirty() {
    awk '/^[0-9a-f]+ <.*>:$/ { name = $2; wide = 0 }
        /%[yz]mm/ { wide = 1; used++ }
        /vzeroupper/ { wide = 0 }
        /\tret/ && wide { print name }
        END { exit used > 0 ? 0 : 2 }'
}
# Not the archive that is installed: it has no names any more.
cargo rustc --quiet --release --lib --features ffi --crate-type staticlib
code=$(objdump -d --no-show-raw-insn "${CARGO_TARGET_DIR:-target}/release/libtollgate.a")
found=$(dirty <<<"$code") || fail "no function uses a wide register"
[[ -z $found ]] || fail "without vzeroupper: $found"
for backend in avx2 avx512 avx512vl; do
    planted=$(grep -v vzeroupper <<<"$code" | dirty)
    grep -q "sha256[0-9]*$backend[0-9]*absorb" <<<"$planted" || fail "control: $backend: $planted"
done
echo "every function that uses wide registers ends in vzeroupper"
