#!/usr/bin/env bash
# Batches of HMAC-SHA256 on processors that this machine is not, emulated: each finds the backends
# that it can run and no other, and all of them give the right tags. qemu has no AVX-512; Bochs has,
# and is a whole machine, so that program needs no operating system. And no function of the library
# leaves the upper halves of the wide registers dirty, which would slow the caller down: it ends in
# vzeroupper, and without these instructions the check must fail.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() {
    echo "$*" >&2
    exit 1
}
command -v qemu-x86_64 >/dev/null || fail "qemu-x86_64 is missing: apt-get install qemu-user"
command -v bochs-bin >/dev/null || fail "bochs is missing: apt-get install bochs bochs-term"
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

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# disk FEATURES... - makes a disk that starts the program; its size is that of two cylinders
disk() {
    local target=x86_64-unknown-linux-gnu built=${CARGO_TARGET_DIR:-target}/processor
    local link=(-nostartfiles -nostdlib -static -no-pie "-Wl,-T,$PWD/tests/processor/image.ld")
    RUSTFLAGS="-C relocation-model=static ${link[*]/#/-C link-arg=}" \
        cargo build --quiet --release --locked --target "$target" --target-dir "$built" \
        --manifest-path tests/processor/Cargo.toml "$@"
    objcopy -O binary "$built/$target/release/processor" "$folder/disk"
    truncate -s $((2 * 16 * 63 * 512)) "$folder/disk"
}

# boot MODEL - what the program says on a processor of Bochs, which wants a terminal
boot() {
    cat >"$folder/machine" <<MACHINE
display_library: term
cpu: model=$1, count=1, ips=50000000, reset_on_triple_fault=0
memory: guest=32, host=32
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
ata0-master: type=disk, path=$folder/disk, mode=flat, cylinders=2, heads=16, spt=63
boot: disk
com1: enabled=1, mode=file, dev=$folder/said
log: $folder/log
clock: sync=none
speaker: enabled=0
panic: action=fatal
MACHINE
    printf 'continue\nquit\n' >"$folder/debugger"
    rm -f "$folder/said"
    # Its exit status is 1 whenever the program switches the machine off.
    timeout 300 script -qec "TERM=vt100 bochs-bin -q -f $folder/machine -rc $folder/debugger" \
        /dev/null >"$folder/screen" </dev/null || true
    tr -d '\r' <"$folder/said" || { tail -n 20 "$folder/log" >&2; fail "$1: nothing was said"; }
}

# emulated MODEL BACKENDS... - all of them, and no other, judge every tag as they must
emulated() {
    local model=$1 said wanted
    shift
    said=$(boot "$model")
    wanted=$(printf '%s: 5882 tags\n' "$@" None end)
    [[ $said == "${wanted%: 5882 tags}" ]] || fail "$model: $said"
    printf -v said ', %s' "$@"
    echo "$model: ${said#, }"
}
no_sha=("Some(portable)" "Some(AVX2, 8 lanes)" "Some(AVX-512VL, 8 lanes)" "Some(AVX-512, 16 lanes)")
all=("Some(portable)" "Some(SHA-NI)" "Some(SHA-NI, 2 lanes)" "Some(SHA-NI, 4 lanes)"
    "${no_sha[@]:1}" "Some(AVX-512 and SHA-NI, 16 lanes)")
disk
emulated corei7_skylake_x "${no_sha[@]}"
emulated corei7_icelake_u "${all[@]}"
disk --features plant
said=$(boot corei7_icelake_u)
for backend in "${all[@]}" None; do
    grep -qF "$backend: a right tag was refused of 17" <<<"$said" || fail "control: $backend: $said"
done

# dirty - of a disassembly, the functions that return after they used a wide register. It exits
# with 2 if none uses one.
dirty() {
    awk '/^[0-9a-f]+ <.*>:$/ { name = $2; wide = 0 }
        /%[yz]mm/ { wide = 1; used++ }
        /vzeroupper/ { wide = 0 }
        /\tret/ && wide { print name }
        END { exit used > 0 ? 0 : 2 }'
}
# The shared library, since the archive has no names any more.
make --silent lib
code=$(objdump -d --no-show-raw-insn build/lib/libtollgate.so)
found=$(dirty <<<"$code") || fail "no function uses a wide register"
[[ -z $found ]] || fail "without vzeroupper: $found"
for backend in avx2 avx512 avx512vl hybrid; do
    planted=$(grep -v vzeroupper <<<"$code" | dirty)
    grep -q "sha256[0-9]*$backend[0-9]*absorb" <<<"$planted" || fail "control: $backend: $planted"
done
echo "every function that uses wide registers ends in vzeroupper"
