#!/usr/bin/env bash
# profile.sh FILE: writes a profile of a host into FILE, for library.sh, which says in the environment
# how it builds. The library is built once more, so that it counts what it runs through, and
# workload.c asks it. There is no FILE afterwards, and a line says why, where Rust's tools for that are
# missing.
#
# What did not run is left out: that nobody asked for it here says nothing. So is src/primitive, because
# what runs there depends on the processor and on the lengths of what hosts send.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${CARGO_TARGET_DIR:?}" "${HOST:?}" "${CARGO=cargo}" "${CC=cc}" "${FEATURES=}"

profile=$1
libraries=$(rustc --print target-libdir)
tool=$libraries/../bin/llvm-profdata
folder=$CARGO_TARGET_DIR/profile
instrumented=$folder/$HOST/release/libtollgate.so

# without WHAT HINT
without() {
    rm -f "$profile"
    echo "library: built without a profile, so requests take longer: $1 is missing${2:+: $2}" >&2
    exit 0
}
[[ -x $tool ]] || without llvm-profdata 'rustup component add llvm-tools'
compgen -G "$libraries/libprofiler_builtins-*.rlib" >/dev/null || without "rustc's profiler_builtins"
# shellcheck disable=SC2086
rustc ${RUSTFLAGS:-} --print target-libdir >/dev/null 2>&1 || without "an option of LLVM's"

# What is counted does not depend on how it is linked, so that is done the fast way.
RUSTFLAGS="${RUSTFLAGS:-} -C profile-generate -C lto=thin -C debuginfo=0" \
    "$CARGO" rustc --quiet --release --lib --target "$HOST" --target-dir "$folder" \
    --features "ffi $FEATURES" --crate-type staticlib,cdylib
# One that is newer than what it is of would come out the same.
[[ ! -e $profile || -n $(find "$instrumented" bindings/c examples -newer "$profile") ]] || exit 0

counts=$(mktemp -d "$folder/counts.XXXXXX")
trap 'rm -rf "$counts"' EXIT
"$CC" -std=c11 -O1 -I include bindings/c/workload.c bindings/c/host.c "$instrumented" \
    -o "$counts/workload"
LLVM_PROFILE_FILE=$counts/profraw "$counts/workload" 1000 >"$counts/log"
"$tool" merge --sparse --no-function='primitive|4sha2' -o "$profile" "$counts/profraw" \
    2>"$counts/log" || { cat "$counts/log" >&2; exit 1; }
