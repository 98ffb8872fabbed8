#!/usr/bin/env bash
# Builds build/nginx/ngx_http_auth_tollgate_module.so against build/lib, for the nginx whose sources and
# configuration Debian's nginx-dev installs. `make nginx` calls it when anything is newer.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
source=${NGINX_SOURCE:-/usr/share/nginx/src}
out=$root/build/nginx

fail() {
    echo "nginx: $*" >&2
    exit 1
}

[[ -r $source/conf_flags ]] || fail "$source/conf_flags is missing: apt-get install nginx nginx-dev"

rm -rf "$out/src"
mkdir -p "$out"
cp -r "$source" "$out/src"
cd "$out/src"
# The module has to be configured as nginx itself was, or nginx does not load it. The flags are a bash
# array.
. ./conf_flags
export TOLLGATE_INCLUDE=$root/build/include TOLLGATE_ARCHIVE=$root/build/lib/libtollgate.a
if ! ./configure --with-cc-opt="-O2 -g -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2" \
    --with-ld-opt="-Wl,-z,relro,-z,now" "${NGX_CONF_FLAGS[@]}" --add-dynamic-module="$here" \
    >"$out/log" 2>&1 || ! make -f objs/Makefile modules >>"$out/log" 2>&1; then
    cat "$out/log" >&2
    fail "the module was not built"
fi
strip --strip-unneeded -o "$out/module.so" objs/ngx_http_auth_tollgate_module.so
mv "$out/module.so" "$out/ngx_http_auth_tollgate_module.so"
