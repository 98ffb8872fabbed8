#!/usr/bin/env bash
# The module for nginx under load: reloads, workers that are killed, and valgrind, each with its
# controls.
set -euo pipefail
cd "$(dirname "$0")/../.."

make --silent nginx
for test in reload kill valgrind; do
    python3 "tests/nginx/load_$test.py"
done
