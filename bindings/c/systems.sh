#!/usr/bin/env bash
# Sends the requests of examples/ to the C gateway, octet for octet, and prints what each got: five
# payment systems, a new gateway with a standing clock for every request. It plays the proxy too,
# which reports the client in X-Forwarded-For and X-Forwarded-Proto. It fails if any answer is not
# the one in expected.txt. The gateway and the library are built by demo.sh.
#
#   bindings/c/systems.sh                  all of them
#   bindings/c/systems.sh pledg ixopay     these
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
gateway_pid=

stop_gateway() {
    [[ -n $gateway_pid ]] || return 0
    kill -TERM "$gateway_pid" 2>/dev/null || true
    wait "$gateway_pid" || true
    gateway_pid=
}

clean_up() {
    stop_gateway
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "systems: $*" >&2
    [[ -s $work/log ]] && tail -n 20 "$work/log" >&2
    exit 1
}

# start_gateway POLICY KIND PATH=ROUTE TIME PAYMENT - the policy of the example, with the proxy as a
# trusted hop, and what is stored of the payment, "-" for none. KIND is --route or --token.
start_gateway() {
    local tries=0 options=("$2" "$3" --clock "$4")
    [[ $5 == - ]] || options+=(--payment "$5")
    sed 's/^  "tollgate": 1,$/&\n  "trusted_hops": ["127.0.0.1"],/' \
        "$root/examples/policies/$1.json" >"$work/policy.json"
    : >"$work/log"
    "$root/build/c/gateway" --listen 0 --policy "$work/policy.json" "${options[@]}" \
        2>"$work/log" &
    gateway_pid=$!
    until grep -q '^listening on ' "$work/log"; do
        kill -0 "$gateway_pid" 2>/dev/null || fail "the gateway ended"
        ((++tries < 1000)) || fail "the gateway does not listen"
        sleep 0.01
    done
    port=$(sed -n 's/^listening on 127.0.0.1://p' "$work/log")
}

# forward FILE PEER TLS - the request as the proxy passes it on.
forward() {
    local proto=http
    [[ $3 == plain ]] || proto=https
    LC_ALL=C sed "1a X-Forwarded-For: $2\r\nX-Forwarded-Proto: $proto\r\nConnection: close\r" "$1"
}

# ask FILE PEER TLS SECONDS - sends it; the status of the answer is then in $http, "none" if there is
# no answer within so many seconds.
ask() {
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    forward "$1" "$2" "$3" >&3
    timeout "$4" cat <&3 >"$work/answer" || true
    exec 3>&-
    http=$(LC_ALL=C sed -n '1s/^HTTP[^ ]* \([0-9]*\) .*/\1/p' "$work/answer")
    http=${http:-none}
}

# body_of FILE - what stands behind the first empty line.
body_of() { LC_ALL=C sed '1,/^\r\{0,1\}$/d' "$1"; }

rows=0
failures=0
unsent=0

# stored SYSTEM PAYMENT - the line of payments.txt without the name and what it is.
stored() {
    [[ $2 != - ]] || { echo -; return; }
    sed -n "s/^$2 \([^#]*[^ #]\) .*/\1/p" "$root/examples/requests/$1/payments.txt"
}

# run SYSTEM FILE POLICY ROUTE PEER TLS TIME TIMES REASON STREAMED PAYMENT TITLE
run() {
    local file=$root/examples/requests/$1/$2 wanted="${10} $9" seconds=10 path reason result=ok time
    local answer=${file%.http}.answer kind=--route
    path=$(LC_ALL=C sed -n '1s/^[^ ]* \([^ ?]*\).*/\1/p' "$file")
    # A body that is cut off gets no answer: the server waits for the rest.
    [[ $9 != length_mismatch ]] || wanted='none -' seconds=1
    # A token endpoint answers by itself, and the whole answer is in a file.
    [[ ! -e $answer ]] || kind=--token
    start_gateway "$3" "$kind" "$path=$4" "$7" "$(stored "$1" "${11}")"
    for ((time = 0; time < $8; time++)); do ask "$file" "$5" "$6" "$seconds"; done
    reason=$(sed -n 's/^request [0-9]*: [0-9]* \([^ ]*\).*/\1/p' "$work/log" | tail -n 1)
    stop_gateway
    rows=$((rows + 1))
    if [[ "$http ${reason:--}" != "$wanted" ]]; then
        result="FAIL, not $wanted"
        failures=$((failures + 1))
    elif [[ -e $answer ]] && ! cmp -s <(body_of "$work/answer") <(body_of "$answer"); then
        result='FAIL, another body'
        failures=$((failures + 1))
    fi
    printf '%-15s %-66.66s %-5s %-19s %s\n' "$1" "${12}" "$http" "${reason:--}" "$result"
}

table() {
    local system=$1 line title file policy route peer tls time times reason status streamed payment
    while IFS= read -r line; do
        [[ $line != \#* ]] || continue
        title=${line#*\# }
        read -r file policy route peer tls time times reason status streamed _ payment _ <<<"$line"
        if [[ $reason == bad_header_octet ]]; then
            unsent=$((unsent + 1))
            continue
        fi
        ((times == 1)) || title+=", sent $times times"
        run "$system" "$file" "$policy" "$route" "$peer" "$tls" "$time" "$times" "$reason" \
            "$streamed" "$payment" "$title"
    done <"$root/examples/requests/$system/expected.txt"
}

(($# > 0)) || set -- flexiown pledg onekeypayments directa24 ixopay
printf '%-15s %-66s %-5s %s\n' system request HTTP reason
for system in "$@"; do table "$system"; done
((failures == 0)) || fail "$failures of $rows answers are not as expected"
echo "$rows requests of $# systems, all answered as expected."
((unsent == 0)) || echo "$unsent more not sent: libmicrohttpd ends a header value at a NUL, so that this" \
    "gateway never sees one. tests/c/systems.c shows what it gets."
