#!/usr/bin/env bash
# tests/run.sh counts what passes and what fails, goes on after a failure, ends what hangs, and
# says so in its closing line and its exit status.
set -euo pipefail
cd "$(dirname "$0")/../.."

list=$(mktemp)
trap 'rm -f "$list"' EXIT
cat >"$list" <<'STEPS'
# a comment, and an empty line

good 10 true
bad 10 echo the-reason; false
hangs 1 sleep 30
late 10 true
STEPS

if out=$(STEPS=$list tests/run.sh); then
    echo "a failing step left the exit status 0"
    exit 1
fi
expect() { grep -qE "$1" <<<"$out" || { printf 'missing: %s in\n%s\n' "$1" "$out"; exit 1; }; }
expect '^ok      good '
expect '^FAILED  bad .*exit status 1'
expect '\| the-reason$'
expect '^FAILED  hangs .*over its time limit'
expect '^ok      late '
[[ $(tail -n 1 <<<"$out") == "2 passed, 2 failed" ]] || { echo "closing line: $out"; exit 1; }

[[ $(STEPS=$list tests/run.sh good late | tail -n 1) == "2 passed, 0 failed" ]]
if STEPS=$list tests/run.sh no-such-step >/dev/null; then
    echo "a run of nothing passed"
    exit 1
fi
