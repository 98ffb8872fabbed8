#!/usr/bin/env bash
# Builds the nginx module and asks a real nginx with it, over loopback: directives, bodies, the
# requests of five payment systems, the table of bad inputs, tokens and metrics. The last line counts.
#
#   tests/scripts/nginx.sh                     everything
#   tests/scripts/nginx.sh bodies directives   these subjects: tests/nginx/test_*.py
set -euo pipefail
cd "$(dirname "$0")/../.."

make --silent nginx
exec python3 -B tests/nginx/run.py "$@"
