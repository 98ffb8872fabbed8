#!/usr/bin/env bash
# Builds the library and the C gateway, starts it on loopback with policy.json, drives it with curl
# as a Directa24 merchant would, and prints what each request got. Then it times the good request.
# It fails if any row is not as expected. Signatures are made with openssl.
#
#   bindings/c/demo.sh                            all of it
#   LOOP_SECONDS=10 bindings/c/demo.sh            the timing takes 10 seconds instead of 3
#   GATEWAY_UNDER="valgrind -q" bindings/c/demo.sh   the gateway runs under this command
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
loop_seconds=${LOOP_SECONDS:-3}
read -ra gateway <<<"${GATEWAY_UNDER:-} $root/build/c/gateway"
work=$(mktemp -d)
gateway_pid=

stop_gateway() {
    [[ -n $gateway_pid ]] || return 0
    local pid=$gateway_pid
    gateway_pid=
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid"
}

clean_up() {
    stop_gateway || true
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "demo: $*" >&2
    [[ -s $work/log ]] && tail -n 20 "$work/log" >&2
    exit 1
}

# wait_for PATTERN TIMES - until the gateway has logged it, at most 10 seconds.
wait_for() {
    local tries=0
    until (($(grep -c "$1" "$work/log") >= $2)); do
        kill -0 "$gateway_pid" 2>/dev/null || fail "the gateway ended"
        ((++tries < 200)) || fail "no line '$1' from the gateway"
        sleep 0.05
    done
}

# --- What the parties know -------------------------------------------------------------------

passphrase=cashout_API_Passphrase
passphrase_2=$(openssl rand -hex 12)
passphrase_staging=$(openssl rand -hex 12)
key_1=$(openssl rand -hex 24)
key_2=$(openssl rand -hex 24)
key_3=$(openssl rand -hex 24)
key_other=$(openssl rand -hex 24)
key_staging=$(openssl rand -hex 24)

(
    umask 077
    printf '%s\n' "$key_1" >"$work/merchant-1.1"
    printf '%s\n' "$key_2" >"$work/merchant-1.2"
    printf '%s\n' "$key_3" >"$work/merchant-1.3"
    printf '%s\n' "$key_other" >"$work/merchant-2.1"
    printf '%s\n' "$key_staging" >"$work/merchant-1-staging.1"
)
cp "$here/policy.json" "$work/policy.json"

order='"external_id":"123456789","document_id":"1234567899","country":"MX","amount":2000,"currency":"MXN","beneficiary_name":"José Peña"'
printf '{%s}' "$order" >"$work/cashout"
printf '{%s}' "${order/2000/9000}" >"$work/tampered"
printf '{"login":"cashout_API_Key","pass":"%s",%s}' "$passphrase" "$order" >"$work/login"
printf '{%s,"comments":"%060000d"}' "$order" 0 >"$work/long"
printf '{%s,"comments":"%0100000d"}' "$order" 0 >"$work/too-long"

# sign KEY FILE - as the merchant does: HMAC-SHA256 of the file in lower-case hex.
sign() { openssl dgst -sha256 -hmac "$1" -r "$2" | cut -d ' ' -f 1; }

# --- Requests --------------------------------------------------------------------------------

# send NAME=VALUE... - the good cashout, but for what the names say. What came back is then in
# $http, $uploaded, $work/head and $work/body; what the gateway logged, in $line.
send() {
    local path=/v3/cashout user=cashout_API_Key pass=$passphrase signed=cashout sent='' key=$key_2
    local signature='' client=203.0.113.7 proto=https media='application/json; charset=utf-8'
    local agent='merchant/1.0' more=''
    (($# == 0)) || local "$@"
    [[ -n $signature ]] || signature=$(sign "$key" "$work/$signed")
    local options=(--header "Content-Type: $media" --header "User-Agent: $agent"
        --header "X-Forwarded-For: $client" --header "X-Forwarded-Proto: $proto")
    [[ -z $user ]] || options+=(--user "$user:$pass")
    [[ $signature == none ]] || options+=(--header "Payload-Signature: $signature")
    [[ -z $more ]] || options+=(--header "$more")
    : >"$work/head"
    : >"$work/body"
    read -r http uploaded < <(curl -q --silent --max-time 10 --noproxy '*' \
        --connect-to "api.example.com:80:127.0.0.1:$port" --output "$work/body" \
        --dump-header "$work/head" --write-out '%{http_code} %{size_upload}\n' \
        --data-binary "@$work/${sent:-$signed}" "${options[@]}" \
        "http://api.example.com$path")
    line=$(grep "^request $(header X-Request-Id): " "$work/log" || true)
    reason=$(cut -d ' ' -f 4 <<<"$line")
}

# header NAME - its value in the last answer; empty if it has none.
header() { tr -d '\r' <"$work/head" | sed -n "s/^$1: //p"; }

# logged NAME - what the gateway logged under the name.
logged() { sed -n "s/.* $1=\([^ ]*\).*/\1/p" <<<"$line"; }

# --- The table -------------------------------------------------------------------------------

rows=0
failures=0
answers_401=0
challenged_401=0

show() { printf '%-48s %-26s %-5s %-20s %s\n' "$@"; }

# judge LABEL EXPECTED GOT HTTP REASON
judge() {
    local result=ok
    rows=$((rows + 1))
    if [[ $2 != "$3" ]]; then
        result=FAIL
        failures=$((failures + 1))
    fi
    show "$1" "$2" "$4" "$5" "$result"
    [[ $result == ok ]] || echo "    logged: ${line:-nothing}"
}

# row LABEL HTTP REASON NAME=VALUE... - one request.
row() {
    local label=$1 expected="$2 $3"
    shift 3
    send "$@"
    if [[ $http == 401 ]]; then
        answers_401=$((answers_401 + 1))
        [[ -z $(header WWW-Authenticate) ]] || challenged_401=$((challenged_401 + 1))
    fi
    judge "$label" "$expected" "$http $reason" "$http" "$reason"
}

# detail LABEL EXPECTED GOT - something about the answer before.
detail() { judge "  $1" "$2" "$3" '' "$3"; }

# within NUMBER FROM TO - the number if it is one from FROM to TO.
within() {
    if [[ $1 =~ ^[0-9]+$ ]] && (($1 >= $2 && $1 <= $3)); then echo "$2 to $3"; else echo "'$1'"; fi
}

# secretive LABEL REASON NAME=VALUE... - a denial about which the caller learns nothing but 401:
# the whole answer is kept, to be compared with the others.
secretive() {
    local label=$1 reason_expected=$2
    shift 2
    row "$label" 401 "$reason_expected" "$@"
    sed -e '/^Date: /d' -e '/^X-Request-Id: /d' "$work/head" "$work/body" | sha256sum >>"$work/answers"
}

# --- Rows ------------------------------------------------------------------------------------

good_rows() {
    row 'good cashout' 200 ok
    detail 'matched by generation' 2 "$(logged generation)"
    detail 'RateLimit-Policy' '"merchant";q=60;w=60' "$(header RateLimit-Policy)"
    row 'good cashout of 60 kB, chunked' 200 ok signed=long more='Transfer-Encoding: chunked'
    row 'good cashout, login and pass in the body' 200 ok path=/v2/cashout user='' signed=login
}

bad_rows() {
    secretive 'tampered body' sig_mismatch sent=tampered
    secretive 'signature in upper case' sig_encoding \
        signature="$(sign "$key_2" "$work/cashout" | tr a-f A-F)"
    secretive 'wrong passphrase' bad_secret pass=guess
    secretive 'unknown user' unknown_key user=nobody
    secretive 'address outside the list' ip_not_allowed client=203.0.113.16
    secretive 'staging credential on production' wrong_environment user=staging_API_Key \
        pass="$passphrase_staging" key="$key_staging"
    detail 'different answers among these six' 1 "$(sort -u "$work/answers" | wc -l)"
    row 'signature of the expired generation' 401 rotated_out key="$key_1"
    detail 'matched by generation' 1 "$(logged generation)"
    row 'no Payload-Signature' 401 missing_signature signature=none
    row 'no User-Agent' 400 missing_header agent=''
    detail 'header, in the log' User-Agent "$(logged header)"
    row 'media type text/json' 415 bad_content_type media=text/json
    row 'plain HTTP' 403 tls_required proto=http
    row 'body over the limit' 413 body_too_large signed=too-long more='Expect: 100-continue'
    detail 'bytes of it that were read' 0 "$uploaded"
    row 'body over the limit, chunked' 413 body_too_large signed=too-long \
        more='Transfer-Encoding: chunked'
}

limit_rows() {
    local guess merchant_2=(user=second_API_Key pass="$passphrase_2" key="$key_other" client=192.0.2.9)
    for guess in {1..10}; do
        send pass="guess-$guess" client=198.51.100.66
    done
    row 'the 11th guess from one address' 429 auth_throttled pass=guess-11 client=198.51.100.66
    detail 'Retry-After' '1 to 60' "$(within "$(header Retry-After)" 1 60)"
    row 'second merchant, 2 an hour: the first' 200 ok "${merchant_2[@]}"
    row 'second merchant, 2 an hour: the second, IPv6' 200 ok "${merchant_2[@]}" client=2001:db8:2::7
    row 'second merchant, 2 an hour: the third' 429 rate_limited "${merchant_2[@]}"
    detail 'Retry-After' '1 to 1800' "$(within "$(header Retry-After)" 1 1800)"
    detail 'RateLimit-Policy' '"merchant";q=2;w=3600' "$(header RateLimit-Policy)"
    detail 'RateLimit' "\"merchant\";r=0;t=$(header Retry-After)" "$(header RateLimit)"
}

# reload OUTCOME - has the gateway load the policy file anew.
reload() {
    local before
    before=$(grep -c '^reload: ' "$work/log") || true
    kill -HUP "$gateway_pid"
    wait_for '^reload: ' $((before + 1))
    detail 'SIGHUP' "$1" "$(grep '^reload: ' "$work/log" | tail -n 1 | sed 's/^reload: //; s/,.*//')"
}

reload_rows() {
    row 'signature of generation 3, not in the policy' 401 sig_mismatch key="$key_3"
    sed -i -e 's/^\( *\)\({ "generation": \)2\(.*\)merchant-1.2\(.*\)$/&,\n\1\23\3merchant-1.3\4/' \
        -e 's/"limit": 60, "period_s": 60/"limit": 120, "period_s": 60/' "$work/policy.json"
    reload 'done'
    row 'the same after generation 3 was added' 200 ok key="$key_3"
    detail 'matched by generation' 3 "$(logged generation)"
    detail 'RateLimit-Policy' '"merchant";q=120;w=60' "$(header RateLimit-Policy)"
    row 'generation 2 beside it' 200 ok
    row 'second merchant, still over its limit' 429 rate_limited user=second_API_Key \
        pass="$passphrase_2" key="$key_other" client=192.0.2.9
    cp "$work/policy.json" "$work/policy.good"
    sed -i 's/"max_body"/"max_boddy"/' "$work/policy.json"
    reload 'refused'
    detail 'errors with their place in the file' 2 \
        "$(grep -c "^$work/policy.json:[0-9]*:[0-9]*: .*max_boddy" "$work/log")"
    row 'good cashout, the old policy in force' 200 ok key="$key_3"
}

# Starts the gateway on a free port.
start_gateway() {
    : >"$work/log"
    MERCHANT_2_PASSPHRASE=$passphrase_2 STAGING_PASSPHRASE=$passphrase_staging \
        "${gateway[@]}" --listen 0 --policy "$work/policy.json" \
        --route /v3/cashout=cashout --route /v2/cashout=cashout-login 2>"$work/log" &
    gateway_pid=$!
    wait_for '^listening on ' 1
    port=$(sed -n 's/^listening on 127.0.0.1://p' "$work/log")
}

end_rows() {
    local status=0
    detail 'WWW-Authenticate, in all answers with 401' "$answers_401 of $answers_401" \
        "$challenged_401 of $answers_401"
    stop_gateway || status=$?
    detail 'SIGTERM: exit status of the gateway' 0 "$status"
    status=0
    "${gateway[@]}" --listen 0 --policy "$work/policy.json" --route /v3/cashout=cashout \
        2>>"$work/log" || status=$?
    detail 'started with the broken policy: exit status' 2 "$status"
}

# Times the good request in a loop, without HTTP.
time_it() {
    printf '%s\r\n' "Host: api.example.com" "Accept: */*" "User-Agent: merchant/1.0" \
        "Content-Type: application/json; charset=utf-8" "X-Forwarded-For: 203.0.113.7" \
        "X-Forwarded-Proto: https" "Content-Length: $(wc -c <"$work/cashout")" \
        "Authorization: Basic $(printf %s "cashout_API_Key:$passphrase" | base64 -w 0)" \
        "Payload-Signature: $(sign "$key_2" "$work/cashout")" >"$work/good.head"
    MERCHANT_2_PASSPHRASE=$passphrase_2 STAGING_PASSPHRASE=$passphrase_staging \
        "$root/build/c/loop" --policy "$work/policy.good" --route cashout --method POST \
        --target /v3/cashout --head "$work/good.head" --body "$work/cashout" \
        --seconds "$loop_seconds"
}

echo 'Building the library and the gateway.'
make -s -C "$root" lib
make -s -C "$here"
start_gateway
cat <<INTRO
The gateway listens on 127.0.0.1:$port behind a proxy that terminates TLS. curl plays both the
merchant and the proxy, which reports the merchant in X-Forwarded-For and X-Forwarded-Proto.

INTRO
show request expected HTTP 'reason or value' ''
good_rows
bad_rows
limit_rows
reload_rows
end_rows
echo
if ((failures > 0)); then
    fail "$failures of $rows rows are not as expected; the end of the gateway's log:"
fi
echo "$rows rows, all as expected. The good cashout in a loop, without HTTP:"
time_it
