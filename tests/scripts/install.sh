#!/usr/bin/env bash
# `make install` into a folder of its own, and programs that find the library there as their
# builders do: pkg-config, CMake, Meson, C++, beside another Rust archive. Then `make uninstall`.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/c/lib.sh
need pkg-config pkg-config
need cmake cmake
need meson meson
need g++ g++
need rustc "rustc, with rustup"

prefix=$work/usr
lib=$prefix/lib/here

# Two at once, where nothing is left of an earlier one, make the same files.
rm -rf build/lib
make --silent lib &
make --silent lib || fail "make lib failed beside another one"
wait $! || fail "make lib failed beside another one"
left=$(find build/lib -name '.new.*')
[[ -z $left ]] || fail "make lib left $left"

make --silent install PREFIX="$prefix" LIBDIR="$lib"
soname=$(readelf -d "$lib/libtollgate.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
[[ $(readlink "$lib/libtollgate.so") == "$soname" ]] || fail "libtollgate.so is no link to $soname"
[[ $(readlink "$lib/$soname") == libtollgate.so.$version ]] ||
    fail "$soname is no link to libtollgate.so.$version"
export PKG_CONFIG_PATH=$lib/pkgconfig
example=$PWD/bindings/c/example.c

# allows TITLE PROGRAM - the example, with the policy and the request of the README
allows() {
    local title=$1 answer
    shift
    answer=$("$@" <bindings/c/example.json) || fail "$title: $* failed: $answer"
    [[ $answer == "allow: ok" ]] || fail "$title: $* says '$answer'"
    echo "$title: $answer"
}

# below FILE BYTES
below() {
    local size
    size=$(stat -Lc %s "$1")
    echo "${1##*/}: $size bytes"
    ((size < $2)) || fail "$1 has $size bytes, not less than $2"
}

read -ra flags <<<"$(pkg-config --cflags --libs tollgate)"
read -ra private <<<"$(pkg-config --static --libs-only-l tollgate | sed 's/-ltollgate//')"
gcc -std=c99 -Wall -Wextra -Werror "$example" "${flags[@]}" -o "$work/by-pkg-config"
allows "pkg-config, shared" env LD_LIBRARY_PATH="$lib" "$work/by-pkg-config"
"$work/by-pkg-config" <bindings/c/example.json >/dev/null 2>&1 &&
    fail "control: the program ran without the shared library"
gcc -std=c99 "$example" "-I$prefix/include" "$lib/libtollgate.a" "${private[@]}" \
    -o "$work/by-archive"
allows "pkg-config, static" "$work/by-archive"
gcc -std=c99 -DTOLLGATE_H -include "$prefix/include/tollgate.h" -fsyntax-only "$example" 2>/dev/null &&
    fail "control: the program was compiled without the header"

cmake -S tests/install -B "$work/cmake" -DEXAMPLE="$example" -DCMAKE_PREFIX_PATH="$prefix" \
    -Dtollgate_DIR="$lib/cmake/tollgate" >"$work/log" 2>&1 &&
    cmake --build "$work/cmake" >>"$work/log" 2>&1 || fail "cmake: $(cat "$work/log")"
allows "cmake, shared" "$work/cmake/shared"
allows "cmake, static" "$work/cmake/static"

mkdir "$work/meson"
cp tests/install/meson.build "$example" "$work/meson/"
meson setup "$work/meson/build" "$work/meson" >"$work/log" 2>&1 &&
    meson compile -C "$work/meson/build" >>"$work/log" 2>&1 || fail "meson: $(cat "$work/log")"
allows meson env LD_LIBRARY_PATH="$lib" "$work/meson/build/consumer"

g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror tests/install/consumer.cpp "${flags[@]}" \
    -o "$work/cpp"
env LD_LIBRARY_PATH="$lib" "$work/cpp" || fail "C++17: the program failed"
echo "C++17: ok"

rustc --edition 2024 --crate-type staticlib -O -C panic=unwind -o "$work/libother.a" \
    tests/install/other.rs
gcc tests/install/two_archives.c "-I$prefix/include" "$lib/libtollgate.a" "$work/libother.a" \
    "${private[@]}" -o "$work/two"
"$work/two" || fail "two Rust archives: the program failed"
echo "two Rust archives: ok"

# linked_size PROGRAM ARCHIVE
linked_size() {
    gcc -s -Wl,--gc-sections tests/install/part.c "-I$prefix/include" "$2" "${private[@]}" -o "$1"
    "$1" || fail "$1 failed"
    stat -c %s "$1"
}

# Without a profile (tests/scripts/profile.sh says whether there is one) nothing rare is made small.
if [[ -e ${CARGO_TARGET_DIR:-target}/profile/ffi.profdata ]]; then
    below "$lib/libtollgate.so" 1270000
    below "$lib/libtollgate.a" 1800000
else
    below "$lib/libtollgate.so" 1350000
    below "$lib/libtollgate.a" 1870000
fi
part=$(linked_size "$work/part" "$lib/libtollgate.a")
whole=$(stat -Lc %s "$lib/libtollgate.so")
((part * 2 < whole)) || fail "a program that needs one function has $part bytes"
echo "a program with one function: $part bytes"

while read -r symbol; do
    grep -qF ".BR $symbol ()" "$prefix/share/man/man3/tollgate.3" ||
        fail "the manual page lacks $symbol"
done <include/tollgate.symbols

# A package is built in another place than it is installed to.
make --silent install PREFIX=/usr DESTDIR="$work/staging"
grep -rIl "$work" "$work/staging" && fail "a file names the place where it was built"
make --silent uninstall PREFIX=/usr DESTDIR="$work/staging"
make --silent uninstall PREFIX="$prefix" LIBDIR="$lib"
left=$(find "$work/staging" "$prefix" ! -type d)
[[ -z $left ]] || fail "uninstall left $left"
echo "uninstalled"
