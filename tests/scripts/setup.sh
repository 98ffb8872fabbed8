#!/usr/bin/env bash
# Installs what the tests, the demos or the bench need and the machine lacks:
# setup.sh test|demo|demo-nginx|bench.
# Debian, as root or with sudo. Nothing is touched when nothing is missing.
set -euo pipefail

demo_packages=(gcc make curl openssl libmicrohttpd-dev)
# nginx-dev brings the sources of nginx and what they include.
demo_nginx_packages=(gcc make curl openssl nginx nginx-dev wrk faketime)
# Debian's own Rust beside rustup's: it has the sources of core, so it builds for bare metal.
# clang 22 speaks the same LLVM as the Rust toolchain, so their sanitizers work together.
test_packages=("${demo_packages[@]}" "${demo_nginx_packages[@]}" g++ cmake meson pkg-config python3 python3-jwt apache2-utils argon2 valgrind clang-22 libclang-rt-22-dev
    rustc-web cargo-web rust-web-src libstd-rust-web-dev qemu-user bochs bochs-term bochsbios vgabios
    gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-s390x-linux-gnu libc6-dev-s390x-cross)
# The bench builds BoringSSL, AWS-LC and OpenSSL, reads our header with libclang, and takes the other
# libraries that it compares from Debian. ipsec-mb is for Intel and AMD only.
bench_packages=(gcc g++ make cmake perl libclang-dev libssl3 libsodium23)
[[ $(uname -m) != x86_64 ]] || bench_packages+=(libipsec-mb-dev)

fail() { echo "setup: $*" >&2; exit 1; }

case ${1:-} in
test) packages=("${test_packages[@]}") ;;
demo) packages=("${demo_packages[@]}") ;;
demo-nginx) packages=("${demo_nginx_packages[@]}") ;;
bench) packages=("${bench_packages[@]}") ;;
*) fail "usage: setup.sh test|demo|demo-nginx|bench" ;;
esac

command -v cargo >/dev/null ||
    fail "cargo is missing: install a Rust toolchain, stable 1.89 or later, with rustup"
[[ $1 == test ]] && for part in fmt clippy; do
    cargo "$part" --version >/dev/null 2>&1 && continue
    component=${part/fmt/rustfmt}
    rustup component add "$component" ||
        fail "$component is missing: rustup component add $component"
done

# The library is built with a profile where this is there, and else without.
tools=$(rustc --print target-libdir)/../bin
[[ -x $tools/llvm-profdata ]] || rustup component add llvm-tools ||
    echo "setup: llvm-tools cannot be had, so the library is built without a profile" >&2

command -v dpkg >/dev/null || fail "this is not Debian; install what answers to: ${packages[*]}"
missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) || status=
    [[ $status == "install ok installed" ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "missing: ${missing[*]}; as root: apt-get install ${missing[*]}"
    as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"

# Debian starts a web server that it installs, and again at every boot. Nobody asked for that: none is
# started now, and its service is switched off.
policy=/usr/sbin/policy-rc.d
new_nginx=
[[ " ${missing[*]} " != *" nginx "* ]] || new_nginx=yes
if [[ -n $new_nginx && ! -e $policy ]]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    "${as_root[@]}" install -m 755 /dev/stdin "$policy" <<<$'#!/bin/sh\nexit 101'
fi
"${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "could not install; as root: apt-get install ${missing[*]}"
if [[ -n $new_nginx ]]; then
    "${as_root[@]}" update-rc.d nginx disable
    echo "setup: the service of nginx is off; to have it: systemctl enable --now nginx"
fi
