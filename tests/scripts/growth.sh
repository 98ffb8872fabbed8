#!/usr/bin/env bash
# Nothing takes more work than its input has grown: callgrind counts the instructions of what
# tests/c/growth.c does with few and with many credentials, routes, header lines, networks and
# bytes. It has a control that grows faster.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/c/lib.sh
need gcc gcc
need valgrind valgrind

make --silent lib
compile gcc growth build/lib/libtollgate.a
counted growth

failed=0 controls=0 pairs=0
while IFS=$'\t' read -r most first second name; do
    one=$(instructions "$first") other=$(instructions "$second")
    ((one >= 1000)) || fail "$name: $one instructions are too few to be true"
    within=$(awk -v one="$one" -v other="$other" -v most="${most#more than }" \
        'BEGIN { print other <= one * most ? "yes" : "no" }')
    wanted=yes
    [[ $most != more* ]] || wanted=no controls=$((controls + 1))
    verdict=ok
    [[ $within == "$wanted" ]] || verdict=FAILED failed=$((failed + 1))
    printf '%-6s %10d %11d  %6.2f, at most %s: %s\n' "$verdict" "$one" "$other" \
        "$(awk -v one="$one" -v other="$other" 'BEGIN { print other / one }')" "$most" "$name"
    pairs=$((pairs + 1))
done <"$work/pairs"
echo "growth: $pairs pairs, $controls of them controls, $failed failed"
((failed == 0 && controls >= 1 && pairs > controls))
