#!/usr/bin/env bash
# The library that `make lib` builds has a profile: what requests run through was told to the compiler,
# and came out in sections of its own. Without the tools for it there is none, and a line that says so.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() { echo "$*" >&2; exit 1; }
make --silent lib
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=${CARGO_TARGET_DIR:-target}
HOST=$(rustc -vV | sed -n 's/^host: //p')
libraries=$(rustc --print target-libdir)
tool=$libraries/../bin/llvm-profdata

# A compiler whose folder has no tools.
mkdir -p "$work/bin" "$work/lib"
printf '#!/bin/sh\n[ "$*" = "--print target-libdir" ] && echo "%s" || exec "%s" "$@"\n' \
    "$work/lib" "$(command -v rustc)" >"$work/bin/rustc"
chmod +x "$work/bin/rustc"
touch "$work/profile"
said=$(PATH=$work/bin:$PATH CARGO_TARGET_DIR=$work HOST=$HOST bindings/c/profile.sh "$work/profile" 2>&1)
[[ $said == *"llvm-profdata is missing: rustup component add llvm-tools" ]] ||
    fail "without llvm-profdata it says: $said"
[[ ! -e $work/profile ]] || fail "without llvm-profdata an old profile is kept"
echo "without the tool: $said"

if [[ ! -x $tool ]]; then
    echo "llvm-profdata cannot be had here, so that is what this library is"
    exit 0
fi
features=$(<build/lib/features)
profile=$folder/profile/ffi${features:++${features// /+}}.profdata
[[ -e $profile ]] || fail "there is no profile"
count=$("$tool" show --counts --function=tollgate_gate_verify "$profile" |
    sed -n '/^  tollgate_gate_verify:/,/Block/ s/.*Block counts: \[\([0-9]*\).*/\1/p')
((${count:-0} > 10000)) || fail "tollgate_gate_verify was profiled ${count:-0} times"
"$tool" show --all-functions "$profile" >"$work/functions"
grep -q 8tollgate6verify "$work/functions" || fail "the profile has no function of src/verify"
grep -q primitive "$work/functions" && fail "the profile has functions of src/primitive"

# How many functions are in the sections for what runs often.
found=$(readelf -SW "$folder/$HOST/release/libtollgate.a" 2>/dev/null | grep -c '\.text\.hot\.' || true)
((found > 50)) || fail "the library has $found hot functions"

# The rounds of one lane and of two, which no profile may roll up or take apart.
if [[ $HOST == x86_64-* ]]; then
    rounds=$(objdump -d --no-show-raw-insn build/lib/libtollgate.so |
        awk '/^[0-9a-f]+ <.*>:$/ { inside = /sha_ni[0-9]*absorb/ } inside && /sha256rnds2/ { n++ }
            END { print n + 0 }')
    ((rounds == 32 + 64)) || fail "the loops of src/primitive/sha256/sha_ni.rs have $rounds rounds"
fi
echo "tollgate_gate_verify was profiled $count times; $found hot functions in the library"
