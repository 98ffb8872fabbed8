#!/usr/bin/env bash
# The buckets of the rate limits and of the replay memory, and the rows of the counters, under loom,
# and then with each planted fault, which must fail in the models that it is about.
# LOOM_MAX_PREEMPTIONS=N tests/loom/run.sh looks further.
set -euo pipefail
cd "$(dirname "$0")"

cargo test --quiet --release --lib

# catches FAULT MODELS - until the first model fails: the rest would take minutes and say no more
catches() {
    if report=$(FAULT=$1 RUSTC_BOOTSTRAP=1 cargo test --quiet --release --lib "$2" -- \
        -Zunstable-options --fail-fast 2>&1); then
        echo "the fault '$1' was not caught in $2" >&2
        exit 1
    fi
    # A model failed, and not the build.
    grep -q '^test result: FAILED' <<<"$report" || { echo "$report" >&2; exit 1; }
    echo "caught: $1 in $2"
}

for fault in torn floorless relaxed; do
    catches "$fault" models::
done
for fault in torn floorless relaxed sealless; do
    catches "$fault" replay::
done
for fault in torn split; do
    catches "$fault" counters::two_
done
