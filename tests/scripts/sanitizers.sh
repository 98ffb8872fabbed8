#!/usr/bin/env bash
# The C tests with library and test under AddressSanitizer and UndefinedBehaviorSanitizer, then
# under ThreadSanitizer. No finding is allowed, each build is shown to be instrumented, and each
# sanitizer has to report the faults in tests/c/plants.c, inside the library where they are there.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/c/lib.sh
need clang-22 clang-22
need addr2line binutils
need /usr/bin/cargo cargo-web
need /usr/bin/rustc rustc-web

target=x86_64-unknown-linux-gnu
target_dir=${CARGO_TARGET_DIR:-target}/sanitizers
symbolizer=$(command -v addr2line)
export ASAN_OPTIONS=external_symbolizer_path=$symbolizer:detect_leaks=1
export UBSAN_OPTIONS=external_symbolizer_path=$symbolizer:print_stacktrace=1
export TSAN_OPTIONS=external_symbolizer_path=$symbolizer:halt_on_error=1

# archive NAME CARGO... - an archive optimised as the release is, with the flags in $RUSTFLAGS; sets
# $archive. It goes without optimisation at link time, with which it takes a third longer to build: the
# archive that has it is run under memcheck.
archive() {
    local name=$1
    shift
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 RUSTC_BOOTSTRAP=1 \
        nice "$@" --quiet --release --lib --features ffi --crate-type staticlib \
        --target "$target" --target-dir "$target_dir/$name"
    archive=$target_dir/$name/$target/release/libtollgate.a
}

# calls SYMBOL ARCHIVE - how many object files of the library itself call it
calls() { nm -A "$2" 2>/dev/null | grep -cE "tollgate[-.].* U $1" || true; }

# instrumented SYMBOL - the archive calls the sanitizer, and one that was not asked for it does not
instrumented() {
    (($(calls "$1" "$archive") > 0)) || fail "$archive does not call $1: it is not instrumented"
    (($(calls "$1" build/lib/libtollgate.a) == 0)) || fail "the release archive calls $1"
}

# every TITLE SWAPS FLAGS... - every program that needs no processes of its own
every() {
    local title=$1 swaps=$2 name
    shift 2
    for name in "${programs[@]}" panic; do
        [[ $name =~ ^(processes|once|counting)$ ]] && continue
        compile clang-22 "$name" "$archive" "$@"
        # shellcheck disable=SC2046
        run "$title" "$work/$name" $(arguments "$name" "$swaps")
    done
    compile clang-22 plants "$archive" "$@"
}

make --silent lib

RUSTFLAGS="-Zsanitizer=address" archive address cargo rustc
instrumented __asan_report_load
every address 1000 -fsanitize=address,undefined -fno-sanitize-recover=all
sees address "heap-buffer-overflow" "$work/plants" overread
sees address "/src/primitive/hex\.rs" "$work/plants" overread
sees address "heap-use-after-free" "$work/plants" freed
sees address "detected memory leaks" "$work/plants" leak
sees undefined "runtime error: signed integer overflow" "$work/plants" overflow

# The standard library has to be instrumented too, or its locks and counters are taken for races:
# that takes its source, which Debian's own Rust has.
source=$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library/std/Cargo.toml
[[ -e $source ]] || fail "the source of std is missing: apt-get install rust-web-src"
/usr/bin/rustc --version
RUSTC=/usr/bin/rustc RUSTFLAGS="-Zsanitizer=thread -Zexternal-clangrt" \
    archive thread /usr/bin/cargo rustc -Zbuild-std -Zbuild-std-features=panic-unwind
instrumented __tsan_read
every thread 1000 -fsanitize=thread
sees thread "data race" "$work/plants" race
sees thread "/src/primitive/[a-z0-9_]+\.rs" "$work/plants" race
