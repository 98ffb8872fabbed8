#!/usr/bin/env bash
# manual.sh VERSION: writes the manual page. The list of functions is made of the header, so that
# it lacks none.
set -euo pipefail
cd "$(dirname "$0")/../../.."

# Each function and the first sentence that the header says of it.
functions() {
    awk '
        /^\/\*\*/ { text = ""; ended = 0; in_doc = 1; next }
        in_doc && /^ \*\// { in_doc = 0; next }
        in_doc {
            line = $0
            sub(/^ \* ?/, "", line)
            if (line == "") ended = 1
            if (!ended) text = text (text == "" ? "" : " ") line
            next
        }
        /^typedef|^#define/ { text = "" }
        match($0, /tollgate_[a-z0-9_]+\(/) && !/^#/ {
            name = substr($0, RSTART, RLENGTH - 1)
            if (text == "" || name in seen) next
            seen[name] = 1
            if (match(text, /\.( |$)/)) text = substr(text, 1, RSTART)
            gsub(/\\/, "\\e", text)
            gsub(/`/, "", text)
            gsub(/-/, "\\-", text)
            printf ".TP\n.BR %s ()\n%s\n", name, text
            text = ""
        }
    ' include/tollgate.h
}

sed -e "s|@VERSION@|$1|" -e '/^@FUNCTIONS@$/,$d' bindings/c/install/tollgate.3.in
functions
sed -e '1,/^@FUNCTIONS@$/d' bindings/c/install/tollgate.3.in
