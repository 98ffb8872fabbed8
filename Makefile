# The commands are `make demo`, `make demo-nginx`, `make test` and `make bench`. They install what is
# missing on Debian; see tests/scripts/setup.sh. A Rust toolchain is presumed.

CARGO ?= cargo
CARGO_TARGET_DIR ?= target

version := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
# Until 1.0 a minor version may break programs, so it is part of the name that they load.
soname := libtollgate.so.$(shell echo $(version) | sed 's/^\(0\.[0-9]*\)\..*/\1/; s/^\([1-9][0-9]*\)\..*/\1/')
lib := build/lib
named := VERSION='$(version)' SONAME='$(soname)'

# Where `make install` puts things. DESTDIR goes before all of them and stays out of the files.
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man

.PHONY: all test demo demo-nginx bench bench-short bench-criterion header lib nginx install
.PHONY: uninstall clean setup-test setup-demo setup-demo-nginx setup-bench

all: lib

# Everything: each step is timed and reported, and the last line counts them.
test: setup-test
	@tests/run.sh

# A C gateway on loopback, driven as a merchant would, and then with the requests of five systems.
demo: setup-demo
	@bindings/c/demo.sh
	@bindings/c/systems.sh

# nginx with the module on loopback: the same requests, and what the module costs.
demo-nginx: setup-demo-nginx
	@bindings/nginx/demo.sh

# Tollgate beside its peers, through its C ABI. The full run writes the results that are kept; the
# short one takes half a minute, once it is built. Building it takes some minutes: two
# OpenSSLs, BoringSSL and AWS-LC. PART=request measures a part and writes nothing.
bench: BENCH ?= full
bench: results = $(if $(filter full,$(BENCH)),benches/results,build/bench)
bench: setup-bench lib
	@echo 'bench: building the peers, which takes minutes the first time'
	@$(CARGO) test --quiet --release --manifest-path benches/peers/Cargo.toml
	@$(CARGO) run --quiet --release --manifest-path benches/peers/Cargo.toml -- $(BENCH) $(results) \
	    $(if $(PART),'$(PART)')

bench-short:
	@$(MAKE) --no-print-directory bench BENCH=short

# Nanoseconds for each entry point, while one works on it.
bench-criterion:
	@$(CARGO) bench --manifest-path benches/Cargo.toml

# Writes include/ anew from the sources; `make test` refuses a stale one.
header:
	@UPDATE_HEADER=1 $(CARGO) test --quiet --features header --test header

# What is built in beside the C ABI: `make lib FEATURES=password` has the slow hashes of passwords,
# for 70 KiB more. It is kept until another one is asked for.
FEATURES ?= $(shell cat $(lib)/features 2>/dev/null)

# Requests take less time from a library that was built with a profile, which takes twice as long to
# build. PROFILE=no builds without one. It is kept as FEATURES are.
PROFILE ?= $(or $(shell cat $(lib)/profile 2>/dev/null),yes)

# build/lib and build/include: the library for C, shared and static.
lib: $(lib)/libtollgate.a

.PHONY: force
$(lib)/features: asked = $(FEATURES)
$(lib)/profile: asked = $(PROFILE)
$(lib)/features $(lib)/profile: force
	@mkdir -p $(lib)
	@echo '$(asked)' | cmp -s - $@ || echo '$(asked)' >$@

# Nothing is built anew while the sources are older, so that `sudo make install` needs no Rust.
$(lib)/libtollgate.a: Cargo.toml Cargo.lock build.rs Makefile $(lib)/features $(lib)/profile \
    $(addprefix bindings/c/,library.sh archive.ld profile.sh workload.c examples.h host.c host.h) \
    $(shell find src include examples -type f)
	@$(named) CARGO='$(CARGO)' CARGO_TARGET_DIR='$(CARGO_TARGET_DIR)' FEATURES='$(FEATURES)' \
	    PROFILE='$(PROFILE)' bindings/c/library.sh $(lib)

# The module for the nginx that is installed.
nginx: build/nginx/ngx_http_auth_tollgate_module.so

build/nginx/ngx_http_auth_tollgate_module.so: $(lib)/libtollgate.a $(wildcard bindings/nginx/*) \
    $(wildcard /usr/share/nginx/src/conf_flags)
	@bindings/nginx/build.sh

# The header, the libraries, tollgate.pc, a CMake config and a manual page.
install: lib
	@$(install) install

uninstall:
	@$(install) uninstall

install = DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' LIBDIR='$(LIBDIR)' INCLUDEDIR='$(INCLUDEDIR)' \
    MANDIR='$(MANDIR)' $(named) bindings/c/install/install.sh

setup-test:
	@tests/scripts/setup.sh test

setup-demo:
	@tests/scripts/setup.sh demo

setup-demo-nginx:
	@tests/scripts/setup.sh demo-nginx

setup-bench:
	@tests/scripts/setup.sh bench

clean:
	$(CARGO) clean
	rm -rf build
