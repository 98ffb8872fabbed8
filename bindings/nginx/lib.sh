# An nginx of its own for demo.sh and throughput.sh: in a folder of its own, on loopback, gone at
# the end. It is sourced, and wants $title, what failures are called.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
module=$root/build/nginx/ngx_http_auth_tollgate_module.so
nginx=$(PATH=$PATH:/usr/sbin command -v nginx || true)
work=$(mktemp -d)
declare -A pids=()

# stop NAME - ends that nginx, if it runs.
stop() {
    [[ -n ${pids[$1]:-} ]] || return 0
    kill -TERM "${pids[$1]}" 2>/dev/null || true
    wait "${pids[$1]}" || true
    unset "pids[$1]"
}

clean_up() {
    local name
    for name in "${!pids[@]}"; do stop "$name"; done
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "$title: $*" >&2
    tail -qn 20 "$work"/*/error.log >&2 2>/dev/null || true
    exit 1
}

# free_port - a port that nothing on this machine answers at.
free_port() {
    local port
    while :; do
        port=$((10000 + RANDOM % 20000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# common NAME - what every configuration begins with. Nothing outside of $work/NAME is written.
common() {
    local kind
    mkdir -p "$work/$1"
    # The folder is nobody else's, so that the workers have to be who the master is.
    ((EUID != 0)) || echo 'user root root;'
    cat <<CONF
daemon off;
pid $work/$1/pid;
lock_file $work/$1/lock;
error_log $work/$1/error.log;
CONF
    for kind in client_body proxy fastcgi uwsgi scgi; do
        echo "${kind}_temp_path $work/$1/$kind;"
    done >"$work/$1/paths.conf"
}

# start NAME COMMAND... - runs nginx with $work/NAME/nginx.conf under the command, until it listens.
start() {
    local name=$1 tries=0
    shift
    [[ -n $nginx ]] || fail "nginx is missing: make setup-demo-nginx"
    # Before the log of the configuration is open, the lines go to standard error.
    "$@" "$nginx" -p "$work/$name" -c nginx.conf -e "$work/$name/error.log" &
    pids[$name]=$!
    until [[ -s $work/$name/pid ]]; do
        kill -0 "${pids[$name]}" 2>/dev/null || fail "nginx ended"
        ((++tries < 1000)) || fail "nginx does not start"
        sleep 0.02
    done
}
