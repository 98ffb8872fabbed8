#!/usr/bin/env bash
# install.sh install|uninstall: puts what `make lib` left in build/ where compilers, pkg-config and
# CMake look for it, or takes it away. `make install` gives the folders by environment variables.
set -euo pipefail
cd "$(dirname "$0")/../../.."
: "${VERSION:?}" "${SONAME:?}" "${PREFIX:?}" "${LIBDIR:?}" "${INCLUDEDIR:?}" "${MANDIR:?}"
: "${DESTDIR=}" "${STRIP=strip}"

# What a static archive needs besides, as rustc says (--print native-static-libs); the C library of
# today has most of them in itself.
private="-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc"

lib=$DESTDIR$LIBDIR
files=(
    "$DESTDIR$INCLUDEDIR/tollgate.h"
    "$lib/libtollgate.so.$VERSION" "$lib/$SONAME" "$lib/libtollgate.so" "$lib/libtollgate.a"
    "$lib/pkgconfig/tollgate.pc"
    "$lib/cmake/tollgate/tollgate-config.cmake" "$lib/cmake/tollgate/tollgate-config-version.cmake"
    "$DESTDIR$MANDIR/man3/tollgate.3"
)

# Folders below the prefix are named by it, so that the tree can be moved.
below_prefix() { case $1 in "$PREFIX"/*) echo "\${prefix}${1#"$PREFIX"}" ;; *) echo "$1" ;; esac; }

# fill TEMPLATE FILE
fill() {
    sed -e "s|@VERSION@|$VERSION|g; s|@SONAME@|$SONAME|g; s|@PRIVATE@|$private|g" \
        -e "s|@MAJOR@|${VERSION%%.*}|g; s|@MINOR@|$(cut -d. -f2 <<<"$VERSION")|g" \
        -e "s|@PREFIX@|$PREFIX|g; s|@LIBDIR@|$(below_prefix "$LIBDIR")|g" \
        -e "s|@INCLUDEDIR@|$(below_prefix "$INCLUDEDIR")|g" \
        -e "s|@LIB_TO_INCLUDE@|$(realpath -ms --relative-to="$LIBDIR" "$INCLUDEDIR")|g" \
        "bindings/c/install/$1" >"$2"
    chmod 644 "$2"
}

install_all() {
    install -d "$lib/pkgconfig" "$lib/cmake/tollgate" "$DESTDIR$INCLUDEDIR" "$DESTDIR$MANDIR/man3"
    install -m 644 build/include/tollgate.h "$DESTDIR$INCLUDEDIR/"
    install -m 644 build/lib/libtollgate.a "$lib/"
    install -m 755 "build/lib/libtollgate.so.$VERSION" "$lib/"
    "$STRIP" --strip-unneeded "$lib/libtollgate.so.$VERSION"
    ln -sf "libtollgate.so.$VERSION" "$lib/$SONAME"
    ln -sf "$SONAME" "$lib/libtollgate.so"
    fill tollgate.pc.in "$lib/pkgconfig/tollgate.pc"
    fill tollgate-config.cmake.in "$lib/cmake/tollgate/tollgate-config.cmake"
    fill tollgate-config-version.cmake.in "$lib/cmake/tollgate/tollgate-config-version.cmake"
    bindings/c/install/manual.sh "$VERSION" >"$DESTDIR$MANDIR/man3/tollgate.3"
    chmod 644 "$DESTDIR$MANDIR/man3/tollgate.3"
}

case ${1:-} in
install) install_all ;;
uninstall)
    rm -f "${files[@]}"
    [[ ! -d $lib/cmake/tollgate ]] || rmdir --ignore-fail-on-non-empty "$lib/cmake/tollgate"
    ;;
*)
    echo "usage: install.sh install|uninstall" >&2
    exit 2
    ;;
esac
