#!/usr/bin/env bash
# The shared library and the static one export what include/tollgate.symbols lists and nothing
# else. A list that lacks one function must not pass.
set -euo pipefail
cd "$(dirname "$0")/../.."

make --silent lib
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

nm -D --defined-only build/lib/libtollgate.so | awk '{print $3}' | LC_ALL=C sort >"$work/shared"
nm -g --defined-only build/lib/libtollgate.a | awk 'NF == 3 {print $3}' | LC_ALL=C sort >"$work/static"

# same LIST - whether both libraries export what LIST says
same() { diff -u "$1" "$work/shared" && diff -u "$1" "$work/static"; }

same include/tollgate.symbols
sed 1d include/tollgate.symbols >"$work/short"
if same "$work/short" >/dev/null; then
    echo "a missing line in the list was not noticed"
    exit 1
fi

soname=$(readelf -d build/lib/libtollgate.so | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
[[ -e build/lib/$soname ]] || { echo "no file has the soname '$soname'"; exit 1; }
