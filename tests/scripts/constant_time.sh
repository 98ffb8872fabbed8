#!/usr/bin/env bash
# No branch and no address in the release archive depends on a secret: memcheck says so of
# tests/c/secrets.c, which has two leaky controls that it must report.
set -euo pipefail
cd "$(dirname "$0")/../.."

make --silent lib
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

gcc -std=c11 -O1 -Wall -Wextra -Werror -I build/include tests/c/secrets.c build/lib/libtollgate.a \
    -o "$work/secrets"
valgrind --quiet --log-file="$work/reports" "$work/secrets" || {
    cat "$work/reports"
    exit 1
}
