#!/usr/bin/env bash
# The C tests with the release archive and the shared library, then under memcheck, then with a
# build that checks its own arithmetic and in which a panic was planted.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/c/lib.sh
need gcc gcc
need valgrind valgrind

# every TITLE LIBRARY SWAPS COMMAND... - every program, run by COMMAND
every() {
    local title=$1 library=$2 swaps=$3 name
    shift 3
    for name in "${programs[@]}"; do
        # Processes have nothing that the tool would see, and are slow under it.
        [[ $name =~ ^(processes|once|counting)$ && $title == memcheck ]] && continue
        compile gcc "$name" "$library"
        # shellcheck disable=SC2046
        run "$title" "$@" "$work/$name" $(arguments "$name" "$swaps")
    done
}

make --silent lib
static=build/lib/libtollgate.a
every static "$static" 10000
compile gcc panic "$static"
run static "$work/panic"
# Controls: a wrong decision, a wrong status, and memory that is not shared, are noticed.
sees static "threads: .* [1-9][0-9]* failed" "$work/threads" 100 mixed
sees static "systems: .* [1-9][0-9]* failed" "$work/systems" wrong
sees static "processes: .* [1-9][0-9]* failed" "$work/processes" 50000 apart
sees static "once: .* [1-9][0-9]* failed" "$work/once" 5000 apart
sees static "counting: .* [1-9][0-9]* failed" "$work/counting" 50000 apart

# With slow hashes of passwords; the libraries above may be without them.
make --silent lib lib=build/password FEATURES=password
compile gcc password build/password/libtollgate.a
run "with passwords" "$work/password" required

# Every request of the examples again, with the allocator counted.
compile gcc systems "$static" -DCOUNT_ALLOCATIONS \
    -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=posix_memalign
run counted "$work/systems"
sees counted "systems: .* [1-9][0-9]* failed" "$work/systems" allocating

export LD_LIBRARY_PATH=$PWD/build/lib
every shared build/lib/libtollgate.so 1000
unset LD_LIBRARY_PATH

memcheck=(valgrind --quiet --fair-sched=try --error-exitcode=9 --leak-check=full
    --errors-for-leak-kinds=definite,indirect,possible)
every memcheck "$static" 100 "${memcheck[@]}"
compile gcc plants "$static"
sees memcheck "Invalid read" "${memcheck[@]}" "$work/plants" overread
sees memcheck "Invalid read" "${memcheck[@]}" "$work/plants" freed
sees memcheck "depends on uninitialised" "${memcheck[@]}" "$work/plants" undefined
sees memcheck "definitely lost" "${memcheck[@]}" "$work/plants" leak

# The development profile checks arithmetic, alignment and the preconditions of unsafe functions.
target_dir=${CARGO_TARGET_DIR:-target}/planted
RUSTFLAGS="--cfg tollgate_planted_panic" cargo rustc --quiet --lib --features ffi \
    --crate-type staticlib --target-dir "$target_dir"
planted=$target_dir/debug/libtollgate.a
every checked "$planted" 1000
compile gcc panic "$planted"
run planted "$work/panic" planted
run "planted, memcheck" "${memcheck[@]}" "$work/panic" planted
sees planted "panic: .* failed" "$work/panic"
compile gcc panic "$static"
sees static "panic: .* failed" "$work/panic" planted
