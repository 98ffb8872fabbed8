#!/usr/bin/env bash
# An unknown user or key costs as many instructions as a wrong secret of a known one, within 2 %,
# and is answered with the same bytes: callgrind counts what tests/c/equal_work.c does. That has
# controls that must differ.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/c/lib.sh
need gcc gcc
need valgrind valgrind

make --silent lib lib=build/password FEATURES=password
compile gcc equal_work build/password/libtollgate.a
counted equal_work

failed=0 pairs=0 controls=0
while IFS=$'\t' read -r wanted first second name; do
    one=$(instructions "$first") other=$(instructions "$second")
    # Nothing that the library is asked is answered for less.
    ((one >= 1000)) || fail "$name: $one instructions are too few to be true"
    distance=$((one > other ? one - other : other - one))
    found=equal
    ((distance * 100 > 2 * (one < other ? one : other))) && found=differs
    verdict=ok
    [[ $found == "$wanted" ]] || verdict=FAILED failed=$((failed + 1))
    printf '%-6s %9d %9d  %s\n' "$verdict" "$one" "$other" "$name"
    pairs=$((pairs + 1))
    [[ $wanted == equal ]] || controls=$((controls + 1))
done <"$work/pairs"
echo "equal work: $pairs pairs, $controls of them controls, $failed failed"
((failed == 0 && controls >= 2 && pairs > controls))
