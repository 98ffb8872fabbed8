#!/usr/bin/env bash
# Runs the steps of a list, each under its time limit and each timed, prints `ok` or `FAILED` with
# the log of what failed, and closes with the count. A failure does not stop the later steps.
#
#   tests/run.sh                 every step of tests/steps.txt
#   tests/run.sh clippy header   these alone
#   STEPS=FILE tests/run.sh      another list
set -uo pipefail
cd "$(dirname "$0")/.."
# Nothing changes between the steps: notes for a build of what did would be for nothing, and so would be
# what a debugger wants beyond a backtrace. Building takes a fifth less without them.
export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=line-tables-only

steps=${STEPS:-tests/steps.txt}
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0
failed=0

# run NAME LIMIT COMMAND
run() {
    local log=$logs/$1.log start=$SECONDS status=0
    timeout --kill-after=10 "$2" bash -c "$3" >"$log" 2>&1 </dev/null || status=$?
    local seconds=$((SECONDS - start))
    if ((status == 0)); then
        passed=$((passed + 1))
        printf 'ok      %-24s %4d s\n' "$1" "$seconds"
    else
        failed=$((failed + 1))
        printf 'FAILED  %-24s %4d s  (%s)\n' "$1" "$seconds" "$(verdict "$status")"
        tail -n 200 "$log" | sed 's/^/    | /'
    fi
}

verdict() {
    if (($1 == 124 || $1 == 137)); then echo "over its time limit"; else echo "exit status $1"; fi
}

# chosen NAME LIST... - with no list, every name is.
chosen() {
    local name=$1
    shift
    (($# == 0)) || [[ " $* " == *" $name "* ]]
}

[[ -r $steps ]] || { echo "tests/run.sh: no list of steps at $steps" >&2; exit 2; }
while read -r name limit command <&3; do
    [[ -z $name || $name == \#* ]] && continue
    chosen "$name" "$@" && run "$name" "$limit" "$command"
done 3<"$steps"

echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
