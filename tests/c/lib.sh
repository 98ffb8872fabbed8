# The C tests, for the scripts that build and run them. It is sourced in the folder of the
# repository, and wants $work, a folder for programs.

fail() {
    echo "$*" >&2
    exit 1
}

# need COMMAND PACKAGE - a test that cannot run has failed
need() { command -v "$1" >/dev/null || fail "$1 is missing: apt-get install $2"; }

# The programs that any build of the library passes, without those that have a script or a build of
# their own.
programs=()
for file in tests/c/*.c; do
    case $file in */plants.c | */panic.c | */secrets.c | */equal_work.c | */growth.c) continue ;; esac
    programs+=("$(basename "$file" .c)")
done
((${#programs[@]} >= 10)) || fail "the C tests are not there"

# arguments NAME SWAPS - what a program is told
arguments() {
    case $1 in
    threads) echo "$2" ;;
    processes | counting) echo 50000 ;;
    once) echo "$((17 * $2))" ;;
    esac
}

# compile COMPILER NAME LIBRARY FLAGS... - makes $work/NAME
compile() {
    "$1" -std=c11 -g -O1 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "${@:4}" \
        -I include "tests/c/$2.c" "$3" -o "$work/$2" -lpthread
}

# run TITLE COMMAND... - the last line of what a program printed, or all of it if it failed
run() {
    local title=$1 log
    shift
    if log=$("$@" 2>&1); then
        echo "$title: $(tail -n 1 <<<"$log")"
    else
        fail "$title: $* failed:
$log"
    fi
}

# sees TITLE PATTERN COMMAND... - the tool must end the planted program and say why
sees() {
    local title=$1 pattern=$2 log
    shift 2
    if log=$("$@" 2>&1) || ! grep -qE "$pattern" <<<"$log"; then
        fail "$title: control: $* was not reported as $pattern:
$log"
    fi
    echo "$title: control: reported: $(grep -oEm 1 "$pattern" <<<"$log")"
}

# counted NAME - runs a program under callgrind, which counts the instructions of each attempt that
# it makes; what it prints of them is in $work/pairs
counted() {
    valgrind --quiet --tool=callgrind --collect-atstart=no --callgrind-out-file="$work/counts" \
        "$work/$1" >"$work/pairs" 2>"$work/log" || fail "$(cat "$work/log")"
}

# instructions NUMBER - those of an attempt
instructions() { awk '/^summary:/ {print $2}' "$work/counts.$1"; }
