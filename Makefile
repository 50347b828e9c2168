# You do not need this file to use relver.h: copy that one file into your project and include it.
# It builds and tests the command. GNU make and BSD make read it; CC, CFLAGS, CPPFLAGS, LDFLAGS,
# LDLIBS, PREFIX and DESTDIR are yours.

CC ?= cc
CFLAGS ?= -O2
PREFIX ?= /usr/local
BINDIR = $(PREFIX)/bin
INCLUDEDIR = $(PREFIX)/include
MANDIR = $(PREFIX)/share/man
PKGCONFIGDIR = $(PREFIX)/share/pkgconfig
BASHDIR = $(PREFIX)/share/bash-completion/completions
ZSHDIR = $(PREFIX)/share/zsh/site-functions
FISHDIR = $(PREFIX)/share/fish/vendor_completions.d

WARN = -std=c99 -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wcast-qual \
       -Wvla -Wmissing-prototypes -Wstrict-prototypes
HARDEN = -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2 -pie -Wl,-z,relro,-z,now
VERSION = `sed -n 's/^\#define RELVER_VERSION "\(.*\)"/\1/p' relver.h`

all: relver

# The hardening flags are used where one small program builds with them and without a warning, and
# -ldl where there is one. libgit2 and libcurl are loaded when they are needed, not linked: their
# headers are all that a build wants. Without them, or with CPPFLAGS='-DRELVER_GIT2=0
# -DRELVER_CURL=0', the command does what it can do without git and registries; =1 is for a compiler
# that does not know __has_include, such as tcc. ./relver changes at once, as tests may be using it.
relver: relver.h cli/*.c cli/*.h
	@command -v $(CC) >/dev/null || { echo "no C compiler '$(CC)'; run: make deps" >&2; exit 1; }
	@harden='$(HARDEN)'; new=$@.new; \
	printf '%s\n' '#include <string.h>' 'int main(void) { return (int)strlen(""); }' \
	| $(CC) $(CFLAGS) $$harden -Werror -x c -o $$new - $(LDFLAGS) 2>/dev/null || harden=; \
	dl=-ldl; echo 'int main(void) { return 0; }' \
	| $(CC) $(CFLAGS) -x c -o $$new - $(LDFLAGS) $$dl 2>/dev/null || dl=; \
	libs=$$(for lib in libgit2 libcurl; do pkg-config --cflags $$lib 2>/dev/null; done); \
	echo "$(CC) -o $@ cli/*.c"; \
	$(CC) $(WARN) $$harden $$libs $(CPPFLAGS) $(CFLAGS) -o $$new cli/*.c $(LDFLAGS) $$dl $(LDLIBS) \
	&& mv -f $$new $@ || { rm -f $$new; exit 1; }

demo: deps
	@$(MAKE) -s relver
	@sh tests/demo

test: relver
	@CC='$(CC)' MAKE='$(MAKE)' sh tests/run

# The long form of the lane of the same name in `make test`: few points are left out, and how many
# were tried stands below and must be enough. Then a thousand faults of registries.
torture: relver
	@CC='$(CC)' sh tests/torture/run --long
	@CC='$(CC)' LONG=1 sh tests/cli/publish.sh

# libFuzzer, SECONDS of each target.
fuzz:
	@sh tests/fuzz/run $(SECONDS)

# The long forms: the most points of the torture, every short string, a minute of each fuzz target,
# a thousand faults of registries, and a million rows each for npm's semver, the semver crate and
# Python's packaging.
soak: relver
	@CC='$(CC)' sh tests/torture/run --soak
	@CC='$(CC)' LONG=1 sh tests/run strings
	@sh tests/fuzz/run 60
	@CC='$(CC)' LONG=1 sh tests/cli/publish.sh
	@CASES=1000000 MAKE='$(MAKE)' sh tests/interop/run node-semver rust-semver packaging

# Against the tools of the ecosystems, installed at pinned versions outside the tree.
interop: relver
	@MAKE='$(MAKE)' sh tests/interop/run

# Ratios beside the peers that can be had, all in one run; RECORD=1 keeps them for the README.
bench:
	@CC='$(CC)' sh tests/bench/run

# What a build needs and is not there, from Debian's packages.
deps:
	@CC='$(CC)' sh cli/deps

install: relver
	mkdir -p $(DESTDIR)$(BINDIR) $(DESTDIR)$(INCLUDEDIR) $(DESTDIR)$(PKGCONFIGDIR)
	cp relver $(DESTDIR)$(BINDIR)/relver
	chmod 755 $(DESTDIR)$(BINDIR)/relver
	cp relver.h $(DESTDIR)$(INCLUDEDIR)/relver.h
	chmod 644 $(DESTDIR)$(INCLUDEDIR)/relver.h
	printf '%s\n' 'Name: relver' 'Description: release versions: parse, order, convert, edit' \
	    "Version: $(VERSION)" 'Cflags: -I$(INCLUDEDIR)' > $(DESTDIR)$(PKGCONFIGDIR)/relver.pc
	for page in cli/*.1 cli/*.5; do test ! -f $$page || { \
	    to=$(DESTDIR)$(MANDIR)/man$${page##*.}; mkdir -p $$to; cp $$page $$to; }; done
	copy() { test ! -f "$$1" || { mkdir -p "$$2"; cp "$$1" "$$2/$$3"; }; }; \
	copy cli/completion.bash $(DESTDIR)$(BASHDIR) relver; \
	copy cli/completion.zsh $(DESTDIR)$(ZSHDIR) _relver; \
	copy cli/completion.fish $(DESTDIR)$(FISHDIR) relver.fish

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/relver $(DESTDIR)$(INCLUDEDIR)/relver.h \
	    $(DESTDIR)$(PKGCONFIGDIR)/relver.pc $(DESTDIR)$(MANDIR)/man[15]/relver* \
	    $(DESTDIR)$(BASHDIR)/relver $(DESTDIR)$(ZSHDIR)/_relver $(DESTDIR)$(FISHDIR)/relver.fish

clean:
	rm -f relver

help:
	@printf '%s\n' \
	    'make            build ./relver' \
	    'make demo       install what is missing (Debian, Ubuntu), build, show the main job' \
	    'make test       run all tests; the last line counts them' \
	    'make torture    kill, power cut and fault sweeps, at every point' \
	    'make interop    compare with cargo, npm, pnpm, uv and the rest (installs pinned ones)' \
	    'make bench      how fast, beside the peers that can be had' \
	    'make fuzz       libFuzzer with sanitizers; SECONDS= of each target (10)' \
	    'make soak       the long forms: every short string, a million rows, a minute of fuzz' \
	    'make deps       install what a build needs' \
	    'make install    to PREFIX ($(PREFIX)) below DESTDIR; make uninstall undoes it' \
	    'make clean      remove ./relver'

.PHONY: all demo test torture bench interop fuzz soak deps install uninstall clean help
