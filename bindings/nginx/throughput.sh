#!/usr/bin/env bash
# What the module costs: wrk asks two nginx, one with the module and one that has not loaded it. Each
# has one worker. They are asked in short turns, one directly behind the other, and the one that was
# first is second in the next turn: what else goes on, on this machine or below it, changes more slowly
# than that. Each is started anew for its turn, because where a process lies in memory can make more of a
# difference than the module. So each turn gives a ratio, and the middle one of these counts; the least
# and the greatest say how sure it is. Every other column is the middle one of all turns, too. The last
# three are the time on the processor that a worker takes for a request, in microseconds, and what is
# added to it. It fails if an answer is not 200, or if the module did not check every request.
#
# All of it is on one core, as on a machine that is busy: a core of wrk's own would be idle whenever the
# worker is slower, and who wakes an idle core pays for it. So the ratio of requests/s is one of all the
# work that a request makes on loopback, that of its sender and of the upstream among it; without these
# (OTHERS_CORE) it is one of the worker alone, and lower. What is added to a worker is the same for both.
#
#   bindings/nginx/throughput.sh            15 turns of a second for each; fails below the goals too
#   bindings/nginx/throughput.sh --short    3 turns
#   TURNS=31 SECONDS_EACH=2 bindings/nginx/throughput.sh
#   CASES='get small' bindings/nginx/throughput.sh    only these of get, small and large
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
turns=${turns:-15}
seconds=${SECONDS_EACH:-1}
cases=${CASES:-get small large}
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

prepare() {
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
    done
}

# --- Measuring -------------------------------------------------------------------------------

# worker NAME - the process id of its one worker, once it runs.
worker() {
    local pid tries=0
    until pid=$(cat "/proc/${pids[$1]}/task/${pids[$1]}/children") && [[ -n $pid ]]; do
        ((++tries < 500)) || fail "$1 has no worker"
        sleep 0.01
    done
    echo "${pid// /}"
}

# taken PID - the nanoseconds that the process has been on the processor so far.
taken() { cut -d ' ' -f 1 "/proc/$1/schedstat"; }

# checked - how many requests the module has let in, and how many it has not.
checked() {
    curl -q --silent --unix-socket "$work/with/metrics" http://localhost/ |
        awk '/^tollgate_checks_total/ { if (/outcome="allowed"/) a += $NF; else d += $NF }
            END { print a + 0, d + 0 }'
}

# checked_all CASE REQUESTS - the module has seen what wrk has, and perhaps what was on its way in the end.
checked_all() {
    local allowed denied
    read -r allowed denied < <(checked)
    ((denied == 0)) || fail "$1: the module denied $denied requests"
    ((allowed >= $2 && allowed <= $2 + connections)) ||
        fail "$1: wrk has $2 answers, and the module let $allowed requests in"
}

# ask CASE NAME - one run of wrk: a line "REQUESTS/S NANOSECONDS" in $work/CASE.NAME
ask() {
    local pid before after requests us errors
    start "$2"
    pid=$(worker "$2")
    before=$(taken "$pid")
    taskset -c "$others" wrk --threads 1 --connections "$connections" --duration "${seconds}s" \
        --script "$work/$1.lua" "http://127.0.0.1:${ports[$2]}" >"$work/wrk"
    after=$(taken "$pid")
    read -r requests us errors < <(sed -n 's/^result\t//p' "$work/wrk")
    ((requests > 0)) || fail "$1 $2: no answer: $(cat "$work/wrk")"
    ((errors == 0)) || fail "$1 $2: $errors answers are missing or not 200"
    [[ $2 == without ]] || checked_all "$1" "$requests"
    stop "$2"
    echo "$((requests * 1000000 / us)) $(((after - before) / requests))" >>"$work/$1.$2"
}

# sorted CASE EXPRESSION - its value for every turn, in order. $1 and $2 are the requests/s and the
# nanoseconds a request without the module, $3 and $4 those with it.
sorted() { paste -d ' ' "$work/$1.without" "$work/$1.with" | awk "{ print $2 }" | sort -g; }

# middle CASE EXPRESSION - the one in the middle, or the lower one of two.
middle() { sorted "$1" "$2" | sed -n "$(((turns + 1) / 2))p"; }

missed=0

# measure CASE LABEL GOAL
measure() {
    local turn name ratio result=
    [[ " $cases " == *" $1 "* ]] || return 0
    for ((turn = 0; turn < turns; turn++)); do
        for name in $( ((turn % 2)) && echo with without || echo without with); do ask "$1" "$name"; done
    done
    ratio=$(middle "$1" '$3 / $1')
    if awk "BEGIN { exit !($ratio < $3) }"; then
        result="below $3"
        missed=$((missed + 1))
    fi
    printf '%-28s %7.0f %7.0f %7.3f  %.3f .. %.3f %7.1f %6.1f %6.1f %s\n' "$2" \
        "$(middle "$1" '$1')" "$(middle "$1" '$3')" "$ratio" \
        "$(sorted "$1" '$3 / $1' | head -n 1)" "$(sorted "$1" '$3 / $1' | tail -n 1)" \
        "$(middle "$1" '$2 / 1000')" "$(middle "$1" '$4 / 1000')" "$(middle "$1" '($4 - $2) / 1000')" \
        "$result"
}

[[ -e $module ]] || fail "$module is missing: make nginx"
prepare
echo "One worker, $connections connections, $turns turns of $seconds s for each; the middle one." \
    "Load before: $(cut -d ' ' -f 1 /proc/loadavg)"
printf '%-28s %7s %7s %7s  %14s %7s %6s %6s\n' '' without with ratio 'least greatest' 'us without' with more
measure get 'GET a file, API key' "$goal_get"
measure small 'POST 24 B, proxied, signed' "$goal_small"
measure large 'POST 10 KB, proxied, signed' "$goal_large"
[[ -n $short ]] || ((missed == 0)) || fail "$missed ratios are below their goals"
