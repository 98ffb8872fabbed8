#!/usr/bin/env bash
# What the module costs: wrk asks two nginx, one with the module and one that has not loaded it, in
# turns. Each has one worker. All of it is on one core, as on a machine that is busy: a core of wrk's
# own would be idle whenever the worker is slower, and who wakes an idle core pays for it. The last
# columns are the processor time that a worker takes for a request, from /proc/PID/stat.
# It fails if an answer is not 200, or if the module did not check every request.
#
#   bindings/nginx/throughput.sh            5 turns of 4 seconds; fails below the goals too
#   bindings/nginx/throughput.sh --short    3 turns of 1 second
#   TURNS=9 SECONDS_EACH=10 bindings/nginx/throughput.sh
#   OTHERS_CORE=1 bindings/nginx/throughput.sh    wrk and the upstream on another core
#
# It takes a machine that does nothing else: the first line has the load that there was.
set -euo pipefail

title=throughput
# shellcheck source=bindings/nginx/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

short=
[[ ${1:-} != --short ]] || short=yes
turns=${TURNS:-${short:+3}}
turns=${turns:-5}
seconds=${SECONDS_EACH:-${short:+1}}
seconds=${seconds:-4}
connections=16
others=${OTHERS_CORE:-0}

# The ratio of requests/s that each case has to reach.
goal_get=0.95
goal_small=0.95
goal_large=0.80

# --- The requests ----------------------------------------------------------------------------

key=your-signing-secret-of-32-octets
printf '{"amount":2000,"id":"1"}' >"$work/small"
printf '{"amount":2000,"comments":"%010211d"}' 0 >"$work/large"
[[ $(wc -c <"$work/small") == 24 && $(wc -c <"$work/large") == 10240 ]] || fail 'wrong sizes'

cat >"$work/policy.json" <<JSON
{
  "tollgate": 1,
  "environment": "production",
  "routes": {
    "get": {
      "https": false, "methods": ["GET"], "max_body": 0, "credentials": [{ "api_key": "X-API-Key" }]
    },
    "post": {
      "https": false, "methods": ["POST"], "media_type": "application/json", "max_body": 65536,
      "credentials": [{ "api_key": "X-API-Key" }], "signature": "directa24-cashout"
    }
  },
  "credentials": [
    {
      "id": "merchant-1", "api_key": { "text": "an-api-key-of-merchant-1" },
      "secrets": [{ "generation": 1, "key": { "text": "$key" } }]
    }
  ]
}
JSON

# request CASE METHOD PATH [BODY] - the script that makes wrk send it and tell what it got.
request() {
    {
        printf 'wrk.method = "%s"\nwrk.path = "%s"\n' "$2" "$3"
        echo 'wrk.headers["X-API-Key"] = "an-api-key-of-merchant-1"'
        if [[ -n ${4:-} ]]; then
            echo 'wrk.headers["Content-Type"] = "application/json"'
            printf 'wrk.headers["Payload-Signature"] = "%s"\n' \
                "$(openssl dgst -sha256 -hmac "$key" -r "$4" | cut -d ' ' -f 1)"
            printf 'wrk.body = io.open("%s"):read("*a")\n' "$4"
        fi
        cat <<'LUA'
function done(summary, latency, requests)
    local e = summary.errors
    print("result", summary.requests, summary.duration,
          e.connect + e.read + e.write + e.status + e.timeout)
end
LUA
    } >"$work/$1.lua"
}
request get GET /small
request small POST /post "$work/small"
request large POST /post "$work/large"

# --- nginx -----------------------------------------------------------------------------------

# What both have: files, and a proxy that keeps its connections.
http_lines() {
    cat <<CONF
    include paths.conf;
    access_log off;
    keepalive_requests 100000000;
    keepalive_timeout 60;
    client_body_buffer_size 16k;
CONF
}

# configuration NAME CORE WITH - WITH is empty for an nginx without the module.
configuration() {
    common "$1"
    [[ -z $3 ]] || echo "load_module $module;"
    cat <<CONF
worker_processes 1;
worker_cpu_affinity $2;
events { worker_connections 512; }
http {
$(http_lines)
CONF
    [[ -z $3 ]] || cat <<CONF
    auth_tollgate_policy $work/policy.json;
    auth_tollgate_zone throughput:1m;
    server {
        listen unix:$work/$1/metrics;
        location / { auth_tollgate_metrics; }
    }
CONF
    cat <<CONF
    upstream upstream { server 127.0.0.1:${ports[upstream]}; keepalive 32; }
    server {
        listen 127.0.0.1:${ports[$1]};
        location / { root $work/files; ${3:+auth_tollgate get;} }
        location /post {
            ${3:+auth_tollgate post;}
            proxy_pass http://upstream;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }
    }
}
CONF
}

upstream_configuration() {
    common upstream
    cat <<CONF
worker_processes 1;
worker_cpu_affinity $1;
events { worker_connections 512; }
http {
$(http_lines)
    server { listen 127.0.0.1:${ports[upstream]}; location / { return 200 'ok'; } }
}
CONF
}

# Core 0 is the worker's; wrk and the upstream have the other one.
declare -A ports
mask() { (($1 == 0)) && echo 01 || echo 10; }

start_all() {
    ((others < $(nproc))) || fail "there is no core $others"
    local name
    for name in upstream without with; do ports[$name]=$(free_port); done
    mkdir "$work/files"
    cp "$work/small" "$work/files/"
    upstream_configuration "$(mask "$others")" >"$work/conf"
    mv "$work/conf" "$work/upstream/nginx.conf"
    start upstream
    for name in without with; do
        configuration "$name" 01 "$(sed -n s/^with$/yes/p <<<"$name")" >"$work/conf"
        mv "$work/conf" "$work/$name/nginx.conf"
        start "$name"
    done
}

# --- Measuring -------------------------------------------------------------------------------

# worker NAME - the process id of its one worker.
worker() { cat "/proc/${pids[$1]}/task/${pids[$1]}/children"; }

# ticks NAME - what the worker has taken of the processor so far.
ticks() { local pid; pid=$(worker "$1"); awk '{ print $14 + $15 }' "/proc/${pid// /}/stat"; }

# checked - how many requests the module has let in, and how many it has not.
checked() {
    curl -q --silent --unix-socket "$work/with/metrics" http://localhost/ |
        awk '/^tollgate_checks_total/ { if (/outcome="allowed"/) a += $NF; else d += $NF }
            END { print a + 0, d + 0 }'
}

# turn CASE NAME - one run of wrk: a line "REQUESTS MICROSECONDS TICKS" in $work/CASE.NAME
turn() {
    local before after requests us errors
    before=$(ticks "$2")
    taskset -c "$others" wrk --threads 1 --connections "$connections" --duration "${seconds}s" \
        --script "$work/$1.lua" "http://127.0.0.1:${ports[$2]}" >"$work/wrk"
    after=$(ticks "$2")
    read -r requests us errors < <(sed -n 's/^result\t//p' "$work/wrk")
    ((requests > 0)) || fail "$1 $2: no answer: $(cat "$work/wrk")"
    ((errors == 0)) || fail "$1 $2: $errors answers are missing or not 200"
    echo "$requests $us $((after - before))" >>"$work/$1.$2"
}

# best FILE EXPRESSION - the greatest over all lines. What else runs on the machine only takes away.
best() { awk "{ print $2 }" "$1" | sort -g | tail -n 1; }

# least FILE EXPRESSION
least() { awk "{ print $2 }" "$1" | sort -g | head -n 1; }

# checked_all CASE BEFORE ALLOWED DENIED - the module has seen what wrk has, and perhaps what was on
# its way in the end of each turn.
checked_all() {
    local sent on_the_way=$((turns * connections)) allowed=$(($3 - $2))
    sent=$(awk '{ n += $1 } END { print n }' "$work/$1.with")
    (($4 == 0)) || fail "$1: the module denied $4 requests"
    ((allowed >= sent && allowed <= sent + on_the_way)) ||
        fail "$1: wrk has $sent answers, and the module let $allowed requests in"
}

missed=0

# measure CASE LABEL GOAL
measure() {
    local allowed denied before turn name without with result=
    read -r before _ < <(checked)
    for ((turn = 0; turn < turns; turn++)); do
        for name in without with; do turn "$1" "$name"; done
    done
    read -r allowed denied < <(checked)
    checked_all "$1" "$before" "$allowed" "$denied"
    without=$(best "$work/$1.without" '$1 / $2 * 1e6')
    with=$(best "$work/$1.with" '$1 / $2 * 1e6')
    if awk "BEGIN { exit !($with / $without < $3) }"; then
        result="below $3"
        missed=$((missed + 1))
    fi
    printf '%-32s %9.0f %9.0f %7.3f %9.1f %7.1f %s\n' "$2" "$without" "$with" \
        "$(awk "BEGIN { print $with / $without }")" \
        "$(least "$work/$1.without" "\$3 * 1e6 / $hertz / \$1")" \
        "$(least "$work/$1.with" "\$3 * 1e6 / $hertz / \$1")" "$result"
}

hertz=$(getconf CLK_TCK)
[[ -e $module ]] || fail "$module is missing: make nginx"
start_all
echo "One worker, $connections connections, $turns turns of $seconds s each; the best. Load before:" \
    "$(cut -d ' ' -f 1 /proc/loadavg)"
printf '%-32s %9s %9s %7s %9s %7s\n' '' 'without/s' 'with/s' ratio 'us without' with
measure get 'GET a file, API key' "$goal_get"
measure small 'POST 24 B, proxied, signed' "$goal_small"
measure large 'POST 10 KB, proxied, signed' "$goal_large"
[[ -n $short ]] || ((missed == 0)) || fail "$missed ratios are below their goals"
