#!/usr/bin/env bash
# The library as it is when nothing is asked for, as far as it differs from the one with all its
# features, under which every test runs: `ffi` and `header` only add to it, but `password` changes how
# policies are loaded and how passphrases are verified. So these are the tests that go through all of
# that, those that ask for the feature, and those of single functions.
set -euo pipefail
cd "$(dirname "$0")/../.."

tests=(decision_table policy_load token_endpoint)
mapfile -t asking < <(grep -l 'feature = "password"' tests/*.rs)
((${#asking[@]} > 0)) || { echo "no test asks for the feature" >&2; exit 1; }
for file in "${asking[@]}"; do tests+=("$(basename "$file" .rs)"); done

cargo test --quiet --no-fail-fast --lib "${tests[@]/#/--test=}"
cargo test --quiet --doc
