#!/usr/bin/env bash
# The core needs no operating system, no allocator, and cannot panic: a static program that calls
# every public function of it links without a C library, although its panic handler calls a
# function that does not exist; it has no symbol of an allocator, and its answers are right. With
# an index out of bounds planted it must not link.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=x86_64-unknown-linux-gnu
dir=$PWD/${CARGO_TARGET_DIR:-target}/freestanding
[[ ${CARGO_TARGET_DIR:-} == /* ]] && dir=$CARGO_TARGET_DIR/freestanding
program=$dir/$target/release/freestanding
export RUSTFLAGS="-C link-arg=-nostartfiles -C link-arg=-nostdlib -C link-arg=-static"
RUSTFLAGS+=" -C relocation-model=static"
# The AVX2 form of SHA-512 in the sha2 crate looks its constants up by the counter of a loop. The
# optimiser sees that none is out of bounds once it unrolls that loop; by default it stops before.
RUSTFLAGS+=" -C llvm-args=-unroll-threshold=4000"

# build FEATURES... - links the program
build() {
    cargo build --quiet --release --locked --target "$target" --target-dir "$dir" \
        --manifest-path tests/freestanding/Cargo.toml "$@"
}

build
"$program" || { echo "answer number $? is wrong"; exit 1; }

symbols=$(nm "$program" | awk '{print $NF}')
if grep -iE 'alloc|panic|unwind' <<<"$symbols"; then
    echo "the program has symbols of an allocator or of panics"
    exit 1
fi

# Every public function of the core is called by name.
rooms=(src/{primitive,decision,request,credentials,scheme,token,limit,keys}{,.rs})
needs_more=(--exclude=any.rs --exclude=many.rs --exclude-dir=ranges --exclude=ranges.rs --exclude=url.rs --exclude=random.rs
    --exclude=lifecycle.rs)
missing=0
while read -r name; do
    grep -rqE "\b$name[()]" tests/freestanding/src || { echo "not called: $name"; missing=1; }
done < <(grep -rhoE "${needs_more[@]}" '^ *pub (const )?fn \w+' "${rooms[@]}" |
    awk '{print $NF}' | sort -u)
((missing == 0))

if log=$(build --features plant 2>&1); then
    echo "the planted index out of bounds was not noticed"
    exit 1
fi
grep -q tollgate_panic_is_reachable <<<"$log" || { echo "$log"; exit 1; }
echo "$(wc -l <<<"$symbols") symbols, $(stat -c %s "$program") bytes"
