#!/usr/bin/env bash
# Builds the module, starts nginx with it in front of an upstream, and sends the requests of
# examples/ with curl: five payment systems, a server block and a zone for every request, and the
# clock that its row asks for. It prints what each got and fails if any answer is not the one in
# expected.txt. Then throughput.sh measures what the module costs.
#
#   bindings/nginx/demo.sh                  all of it
#   bindings/nginx/demo.sh pledg ixopay     these, and no throughput
set -euo pipefail

title=demo-nginx
# shellcheck source=bindings/nginx/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

# --- What is sent ----------------------------------------------------------------------------

# head_of FILE - the request line and the header lines of a .http file.
head_of() { sed '/^\r$/,$d; s/\r$//' "$1"; }

# body_of FILE - what stands behind the first empty line.
body_of() { sed '1,/^\r\{0,1\}$/d' "$1"; }

# header FILE NAME - the value of a header line, empty if there is none.
header() { head_of "$1" | sed -n "s/^$2: *//Ip"; }

# unsendable FILE - why curl cannot send it; nothing if it can.
unsendable() {
    local length
    length=$(header "$1" Content-Length)
    if (($(head_of "$1" | tr -dc '\0' | wc -c) > 0)); then
        echo 'curl ends a header line at a NUL'
    elif [[ ${length:-0} != $(body_of "$1" | wc -c) ]]; then
        echo 'its body is cut off, and curl sends whole ones'
    fi
}

# by_nginx FILE - nginx refuses it before any module sees it.
by_nginx() { (($(header "$1" Authorization | wc -l) > 1)); }

# quote - for a value of curl's configuration file.
quote() { sed 's/[\\"]/\\&/g'; }

# curl_lines FILE ADDRESS PEER TLS TIMES - what curl shall do, as its configuration file. Nothing
# goes out but the lines of the file, and the client's address as a proxy would report it.
curl_lines() {
    local method target host scheme=https name time
    [[ $4 == tls ]] || scheme=http
    host=$(header "$1" Host)
    read -r method target _ < <(head_of "$1")
    printf '%s = "%s"\n' request "$method" request-target "$(quote <<<"$target")" \
        connect-to "::$2:$port" header "$peer_header: $3"
    for name in Accept User-Agent Content-Type Expect; do
        [[ -n $(header "$1" "$name") ]] || echo "header = \"$name:\""
    done
    # curl makes these two by itself, of the URL and of the body.
    head_of "$1" | sed -e 1d -e '/^Host:/Id' -e '/^Content-Length:/Id' | quote |
        sed 's/.*/header = "&"/'
    [[ -z $(header "$1" Content-Length) ]] || echo "data-binary = \"@$work/body\""
    for ((time = 0; time < $5; time++)); do
        printf 'url = "%s"\noutput = "%s"\n' "$scheme://$host" "$work/answer"
    done
}

# sent FILE PEER - the head is what curl says that it sent last, in whatever order.
sent() {
    cmp -s <({ head_of "$1"; echo "$peer_header: $2"; } | sort) \
        <(sed -n 's/^> //p' "$work/trace" | tr -d '\r' | sed '/^$/,$d' | sort)
}

# --- nginx -----------------------------------------------------------------------------------

# What tells nginx the client's address. None of the examples has it.
peer_header=X-Demo-Client

# stored SYSTEM PAYMENT - what the host has stored of a payment, as words of nginx.
stored() { sed -n "s/^$2 \([^ ]*\) \([^ ]*\) \([^ ]*\) \([^ ]*\) .*/\"\1\" \"\2\" \"\3\" \"\4\"/p" \
    "$root/examples/requests/$1/payments.txt"; }

# server ADDRESS FILE POLICY ROUTE TLS SYSTEM PAYMENT - a server block of its own with a zone of its
# own, so that no row knows what another one did.
server() {
    local ssl=' ssl' what="auth_tollgate $4; proxy_pass http://upstream" payment=
    [[ $5 == tls ]] || ssl=
    # The whole answer of a token endpoint is in a file.
    [[ ! -e ${2%.http}.answer ]] || what="auth_tollgate_token $4"
    [[ $7 == - ]] || payment="auth_tollgate_stored $(stored "$6" "$7");"
    cat <<CONF
    server {
        listen $1:$port$ssl;
        access_log $work/rows/$1.log row;
        auth_tollgate_policy $root/examples/policies/$3.json;
        auth_tollgate_zone row-$1:256k;
        $payment
        location / {
            $what;
            proxy_set_header X-Credential \$auth_tollgate_credential;
        }
    }
CONF
}

# configuration - all rows, the upstream and the counters.
configuration() {
    local host
    common row
    # libfaketime in the workers reads these anew for every look at the clock.
    printf 'env %s;\n' LD_PRELOAD FAKETIME_TIMESTAMP_FILE FAKETIME_NO_CACHE DONT_FAKE_MONOTONIC
    cat <<CONF
load_module $module;
worker_processes 2;
events { worker_connections 2048; }
http {
    include paths.conf;
    log_format row '\$status|\$auth_tollgate_reason|\$auth_tollgate_credential';
    log_format upstream '\$http_x_credential';
    set_real_ip_from 127.0.0.0/8;
    real_ip_header $peer_header;
    ssl_certificate $work/certificate.pem;
    ssl_certificate_key $work/key.pem;
    upstream upstream { server unix:$work/row/upstream; }
    server {
        listen unix:$work/row/upstream;
        access_log $work/upstream.log upstream;
        location / { return 200; }
    }
    server {
        listen unix:$work/row/metrics;
        access_log off;
        location / { auth_tollgate_metrics; }
    }
CONF
    cat "$work/servers"
    echo '}'
}

# certificate - one for all hosts of the examples, signed by itself.
certificate() {
    local hosts
    hosts=$(cat "$root"/examples/requests/*/*.http | sed -n 's/^Host: \(.*\)\r$/DNS:\1/p' |
        sort -u | paste -sd ,)
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -subj /CN=examples -addext "subjectAltName=$hosts" -keyout "$work/key.pem" \
        -out "$work/certificate.pem" 2>/dev/null
}

# set_clock SECONDS - what nginx takes for the time from now on.
set_clock() { date -u -d "@$1" '+%F %T' >"$work/time"; }

start_nginx() {
    local faketime
    faketime=$(dpkg -L libfaketime | grep '/libfaketime\.so\.1$') || fail "libfaketime is missing"
    certificate
    port=$(free_port)
    rows_do server_of >"$work/servers"
    configuration >"$work/nginx.conf"
    mv "$work/nginx.conf" "$work/row/"
    mkdir "$work/rows"
    set_clock 1769860800
    # The clock for dates stands still; the one for durations is real, so that nothing hangs.
    start row env TZ=UTC LD_PRELOAD="$faketime" FAKETIME_TIMESTAMP_FILE="$work/time" \
        FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1
}

# --- Rows ------------------------------------------------------------------------------------

# rows_do COMMAND - with the words of every line of expected.txt and its title. Every row has an
# address of its own: 127.1.SYSTEM.ROW.
rows_do() {
    local system number=0 row line title words
    for system in "${systems[@]}"; do
        number=$((number + 1))
        row=0
        while IFS= read -r line; do
            [[ $line != \#* ]] || continue
            row=$((row + 1))
            title=${line#*\# }
            read -ra words <<<"${line%%\#*}"
            "$1" "$system" "127.1.$number.$row" "$title" "${words[@]}"
        done <"$root/examples/requests/$system/expected.txt"
    done
}

# server_of SYSTEM ADDRESS TITLE FILE POLICY ROUTE PEER TLS TIME TIMES REASON STATUS STREAMED
# CREDENTIAL PAYMENT
server_of() {
    server "$2" "$root/examples/requests/$1/$4" "$5" "$6" "$8" "$1" "${15}"
}

# logged ADDRESS TIMES - the last line of the row's log, once it has so many.
logged() {
    local tries=0 log=$work/rows/$1.log
    until (($(wc -l <"$log") >= $2)); do
        ((++tries < 200)) || { echo 'none|none|none'; return; }
        sleep 0.01
    done
    tail -n 1 "$log"
}

rows=0
checks=0
passings=0
unsent=0
failures=0

# row SYSTEM ADDRESS TITLE FILE POLICY ROUTE PEER TLS TIME TIMES REASON STATUS STREAMED CREDENTIAL
# PAYMENT - sends it so many times; all but the last one have to pass.
row() {
    local file=$root/examples/requests/$1/$4 says=$3 times=${10} reason=${11} why result=ok
    local answer=${file%.http}.answer wanted got statuses http logged_reason credential
    why=$(unsendable "$file")
    if [[ -n $why ]]; then
        unsent=$((unsent + 1))
        show "$1" "$says" - "$reason" "not sent: $why"
        return
    fi
    ((times == 1)) || says+=", sent $times times"
    wanted="${13} $reason -"
    [[ $reason != ok ]] || wanted="200 ok ${14}"
    ! by_nginx "$file" || wanted='400 - -' says+=' (nginx itself)'
    set_clock "$9"
    body_of "$file" >"$work/body"
    curl_lines "$file" "$2" "$7" "$8" "$times" >"$work/curl"
    statuses=$(curl -q --silent --verbose --http1.1 --noproxy '*' --max-time 20 \
        --cacert "$work/certificate.pem" --write-out '%{http_code}\n' --config "$work/curl" \
        2>"$work/trace") || true
    http=$(tail -n 1 <<<"$statuses")
    IFS='|' read -r _ logged_reason credential < <(logged "$2" "$times")
    got="$http ${logged_reason:--} ${credential:--}"
    if ! sent "$file" "$7"; then
        result='FAIL, curl sent another head'
    elif (($(wc -l <<<"$statuses") != times)) || grep -qvx 200 <(head -n -1 <<<"$statuses"); then
        result='FAIL, earlier than expected'
    elif [[ $got != "$wanted" ]]; then
        result="FAIL, $got, not $wanted"
    elif [[ -e $answer ]] && ! cmp -s "$work/answer" <(body_of "$answer"); then
        result='FAIL, another body'
    fi
    count "$result" "$times" "$wanted" "$answer"
    show "$1" "$says" "$http" "${logged_reason:--}" "$result"
}

# count RESULT TIMES WANTED ANSWER
count() {
    rows=$((rows + 1))
    [[ $1 == ok ]] || failures=$((failures + 1))
    [[ $3 == '400 - -' ]] || checks=$((checks + $2))
    # What a token endpoint lets in does not go on to the upstream.
    [[ -e $4 ]] || passings=$((passings + $2))
    [[ -e $4 || $3 == 200* ]] || passings=$((passings - 1))
}

show() { printf '%-15s %-66.66s %-5s %-22s %s\n' "$@"; }

# --- What is left behind ---------------------------------------------------------------------

# counted OUTCOME - how many requests the counters have under it, all zones together.
counted() {
    curl -q --silent --unix-socket "$work/row/metrics" http://localhost/ |
        awk -v label="outcome=\"$1\"" '/^tollgate_checks_total/ && index($0, label) { n += $NF }
            END { print n + 0 }'
}

ends() {
    local upstream allowed denied
    upstream=$(wc -l <"$work/upstream.log")
    allowed=$(counted allowed)
    denied=$(counted denied)
    ((failures == 0)) || fail "$failures of $rows rows are not as expected"
    ((upstream == passings)) || fail "$upstream requests came to the upstream, not $passings"
    ((allowed + denied == checks)) || fail "the counters have $allowed allowed and $denied" \
        "denied, not $checks together"
    echo "$rows rows of ${#systems[@]} systems, all answered as expected; curl cannot send" \
        "$unsent more."
    echo "Of $checks requests the counters have $allowed as allowed and $denied as denied;" \
        "$upstream came to the upstream."
}

systems=("$@")
(($# > 0)) || systems=(flexiown pledg onekeypayments directa24 ixopay)
echo 'Building the module.'
make -s -C "$root" nginx
start_nginx
cat <<INTRO
nginx listens on port $port, for each request at an address of its own from 127.1.1.1 on, and takes
the address of the client from the header $peer_header, which curl adds as a proxy would.

INTRO
show system request HTTP reason ''
rows_do row
echo
ends
(($# > 0)) || "$here/throughput.sh" --short
