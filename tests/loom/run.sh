#!/usr/bin/env bash
# The buckets of the rate limits under loom, and then with each planted fault, which must fail.
# LOOM_MAX_PREEMPTIONS=N tests/loom/run.sh looks further.
set -euo pipefail
cd "$(dirname "$0")"

cargo test --quiet --release --lib

for fault in torn floorless relaxed; do
    if report=$(cargo test --quiet --release --lib --features "$fault" 2>&1); then
        echo "the fault '$fault' was not caught" >&2
        exit 1
    fi
    # A model failed, and not the build.
    grep -q '^test result: FAILED' <<<"$report" || { echo "$report" >&2; exit 1; }
    echo "caught: $fault"
done
