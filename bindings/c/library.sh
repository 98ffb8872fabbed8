#!/usr/bin/env bash
# library.sh FOLDER: builds the library for C into FOLDER, shared and static, and the header into
# build/include. The static one is reduced to one object in which only our functions are visible,
# so that it links beside other Rust archives. `make lib` says what to build in the environment.
#
# With PROFILE=yes the compiler is told what a host runs through (see profile.sh): the rest is made small
# and kept out of the way.
#
# Several may run at once, and programs may be linked meanwhile: each file is complete when it gets
# its name.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${VERSION:?}" "${SONAME:?}" "${CARGO_TARGET_DIR:?}" "${CARGO=cargo}" "${FEATURES=}" "${PROFILE=no}"
HOST=$(rustc -vV | sed -n 's/^host: //p')
export CARGO_TARGET_DIR CARGO FEATURES HOST

lib=$1
shared=libtollgate.so.$VERSION
release=$CARGO_TARGET_DIR/$HOST/release
profile=$(realpath -m "$CARGO_TARGET_DIR")/profile/ffi${FEATURES:++${FEATURES// /+}}.profdata
mkdir -p "$lib" build/include "$CARGO_TARGET_DIR"

# What cargo leaves in its folder is ours until it is copied.
exec 9>"$CARGO_TARGET_DIR/.tollgate-lib-lock"
flock 9
new=$(mktemp -d "$lib/.new.XXXXXX")
trap 'rm -rf "$new"' EXIT

export RUSTFLAGS=${RUSTFLAGS:-}
if [[ $PROFILE == yes ]]; then
    # The inlining that LLVM does ahead of a profile keeps loops of src/primitive from being unrolled: many
    # messages would take a third longer to hash. And it makes rare code small only in large programs,
    # unless it is asked to.
    profiled='-C llvm-args=-disable-preinline -C llvm-args=-pgso-lwss-only=false'
    RUSTFLAGS="$RUSTFLAGS $profiled" bindings/c/profile.sh "$profile"
    [[ ! -e $profile ]] || RUSTFLAGS+=" $profiled -C profile-use=$profile"
fi
"$CARGO" rustc --quiet --release --lib --target "$HOST" --features "ffi $FEATURES" \
    --crate-type staticlib,cdylib -- -C "link-arg=-Wl,-soname,$SONAME"
cp "$release/libtollgate.so" "$new/$shared"
ln -s "$shared" "$new/$SONAME"
ln -s "$SONAME" "$new/libtollgate.so"
cp include/tollgate.h "$new/"

mapfile -t roots < <(sed 's/^/--undefined=/' include/tollgate.symbols)
object=$new/tollgate.o
ld -r --gc-sections --force-group-allocation -T bindings/c/archive.ld "${roots[@]}" -o "$object" \
    "$release/libtollgate.a"
objcopy -R .llvmbc -R .llvmcmd -R .comment "$object"
objcopy -w --keep-global-symbol='tollgate_*' --strip-unneeded "$object"
# The names of sections would take a tenth of the archive. Each gets the one that linkers know.
readelf -SW "$object" |
    sed -nE 's/^ *\[ *[0-9]+\] (\.(text\.unlikely|text|rodata|data\.rel\.ro|data|bss|tbss))(\.[^ ]+) .*/\1\3 \1/p' |
    awk '$1 !~ /^\.rodata\.(cst|str)/ { print "--rename-section " $1 "=" $2 }' >"$new/names"
objcopy @"$new/names" "$object"
ar crs "$new/libtollgate.a" "$object"

mv -f "$new/tollgate.h" build/include/
for name in "$shared" "$SONAME" libtollgate.so libtollgate.a; do
    mv -fT "$new/$name" "$lib/$name"
done
