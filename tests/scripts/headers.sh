#!/usr/bin/env bash
# include/tollgate.h compiles without a warning as C and as C++, with gcc and with clang, and every
# macro, layout, number and function type is the one that programs were compiled with:
# tests/c/header/ has them, all of them, and a header that differs in one must not compile.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/c/lib.sh
need gcc gcc
need g++ g++
need clang-22 clang-22
need clang++-22 clang-22

pins=tests/c/header
warnings=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)

# compiles COMPILER STANDARD FILE
compiles() {
    local language=(-x c -Wstrict-prototypes)
    [[ $2 == c++* ]] && language=(-x c++)
    "$1" "${language[@]}" "-std=$2" "${warnings[@]}" -I include -c "$3" -o "$work/object"
}

# everywhere FILE STANDARD... - each standard with both compilers of its language
everywhere() {
    local file=$1 standard
    shift
    for standard in "$@"; do
        case $standard in
        c++*) compiles g++ "$standard" "$file" && compiles clang++-22 "$standard" "$file" ;;
        *) compiles gcc "$standard" "$file" && compiles clang-22 "$standard" "$file" ;;
        esac || return
    done
}

c=(c99 c11 c17)
cxx=(c++11 c++17 c++20)
printf '#include <tollgate.h>\n' >"$work/alone.c"
everywhere "$work/alone.c" "${c[@]}" "${cxx[@]}"
everywhere "$pins/macros.c" "${c[@]}" "${cxx[@]}"
everywhere "$pins/abi_functions.c" "${c[@]}" "${cxx[@]}"
# A static assertion takes C11.
everywhere "$pins/abi_layout.c" c11 c17 "${cxx[@]}"

# The flat header is C without a preprocessor, once the types that it uses are there.
{
    printf '#include <stddef.h>\n#include <stdint.h>\n'
    cat include/tollgate-flat.h
} >"$work/flat.c"
if grep '^#' include/tollgate-flat.h; then fail "the flat header needs a preprocessor"; fi
everywhere "$work/flat.c" "${c[@]}"
# It declares what the other one does.
sed '/#include <tollgate.h>/d' "$pins/abi_functions.c" >"$work/flat_functions.c"
sed '/#include <tollgate.h>/d' "$pins/abi_layout.c" >"$work/flat_layout.c"
cat "$work/flat.c" "$work/flat_functions.c" "$work/flat_layout.c" >"$work/flat_pins.c"
everywhere "$work/flat_pins.c" c11 c17

# pinned - every function, enumerator, field and macro of the header is in the files above
pinned() {
    local name type field
    while read -r name; do
        grep -q "\b$name(" "$pins/abi_functions.c" || { echo "$name( is not pinned"; return 1; }
    done <include/tollgate.symbols
    while read -r name; do
        grep -q "^NUMBER($name, " "$layout" || { echo "$name is not pinned"; return 1; }
    done < <(enumerators)
    while read -r type field; do
        grep -q "^FIELD($type, $field, " "$layout" || { echo "$type $field is not pinned"; return 1; }
        grep -q "^SIZE($type, " "$layout" || { echo "$type is not pinned"; return 1; }
    done < <(fields)
    while read -r name; do
        grep -q "\b$name\b" "$pins/macros.c" || { echo "$name is not used"; return 1; }
    done < <(grep -oE '^#define TOLLGATE_[A-Z0-9_]+' include/tollgate.h | awk '{print $2}' |
        grep -vx TOLLGATE_H)
}

# fields - "struct field" for every field of every struct
fields() {
    awk '/^typedef struct \{/ {n = 0; next}
         /^} / {gsub(/[};]/, ""); for (i = 0; i < n; i++) print $1, names[i]; n = 0; next}
         /;$/ && /^  / {gsub(/;|\[[0-9]+\]|\*/, ""); names[n++] = $NF}' include/tollgate-flat.h
}

enumerators() { grep -oE '^  TOLLGATE_[A-Z0-9_]+ = ' include/tollgate.h | awk '{print $1}'; }

(($(fields | wc -l) > 40 && $(enumerators | wc -l) > 80)) || fail "the header was not understood"
layout=$pins/abi_layout.c
pinned

# Controls. refused FILE - no compiler of either language takes it
refused() {
    local compiler
    for compiler in "gcc c11" "clang-22 c11" "g++ c++11" "clang++-22 c++11"; do
        # shellcheck disable=SC2086
        if compiles $compiler "$1" 2>"$work/log"; then fail "$compiler takes $1"; fi
        grep -qE "$2" "$work/log" || fail "$compiler refuses $1, but not for $2: $(cat "$work/log")"
    done
}

# changed FILE COMMAND NAME - a copy with one change in it, as $work/NAME
changed() {
    sed -E "$2" "$1" >"$work/$3"
    if cmp -s "$1" "$work/$3"; then fail "the change $2 changes nothing"; fi
}

changed "$layout" 's/(FIELD\(tollgate_decision, reason,) 12/\1 16/' offset.c
changed "$layout" 's/(SIZE\(tollgate_request,) 208/\1 216/' size.c
changed "$layout" 's/(NUMBER\(TOLLGATE_REASON_SIG_MISMATCH,) 505/\1 506/' number.c
for name in offset size number; do refused "$work/$name.c" "static.assert"; done
changed "$pins/abi_functions.c" 's/(tollgate_abi\(void)\)/\1 *)/' argument.c
changed "$pins/abi_functions.c" 's/^tollgate_status (tollgate_equal)/void \1/' result.c
for name in argument result; do refused "$work/$name.c" "conflict|ambiguating|differ|overload"; done
printf '%s\n' '#include <tollgate.h>' 'int main(void) { tollgate_check_abi(1); }' >"$work/careless.c"
refused "$work/careless.c" unused-result
changed "$layout" '/FIELD\(tollgate_request, tls/d' layout
layout=$work/layout
if pinned >"$work/log"; then fail "a field that is not pinned was not noticed"; fi
echo "headers: $(wc -l <include/tollgate.symbols) functions, $(fields | wc -l) fields pinned"
