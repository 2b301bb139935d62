# tools/check-style.mk
#
# The house's own checks.  `make check-style` runs all that this machine can;
# check-indent needs pgindent, which Debian has in postgresql-server-dev-17
# and later, and says so where it is missing.

PGINDENT ?= $(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin/pgindent)))
PG_TYPEDEFS ?= $(lastword $(sort $(wildcard /usr/share/postgresql/*/typedefs.list)))

# Each layer of doc/internals.md, lowest first.  A file may include headers
# of lower numbers and its own.
LAYERS = \
	0:compat 0:setting \
	0.5:sqlbuf \
	1:catalog 1:pathtext 1:keep 1:keymap 1:jsontext \
	1.2:spec \
	1.5:relationship \
	2:infer 2:naming 2:views 2:privilege \
	2.5:declaration \
	3:graph \
	4:resolve 4:keyvalue 4:condition \
	5:sqlgen \
	5.5:levelgen \
	6:execute 6:inline 6:kepttree \
	6.5:assemble 6.5:argument \
	7:declare 7:explore 7:impact 7:navigate 7:paths 7:relationships 7:tree 7:relnav

check-style: check-headers check-clang check-compat check-layers check-version check-indent

# A header compiles by itself, after postgres.h.
check-headers:
	@for header in $(filter %.h,$(SOURCES)); do \
		echo "#include \"postgres.h\"" > check-header.c; \
		echo "#include \"$$header\"" >> check-header.c; \
		$(CC) $(CPPFLAGS) $(CFLAGS) -fsyntax-only -I. check-header.c || \
			{ echo "$$header does not compile alone"; rm -f check-header.c; exit 1; }; \
	done; rm -f check-header.c

# Most build with gcc, and Debian's server asks for its warnings; clang has
# nothing to say either.  It is the one of the server's bitcode, which comes
# with Debian's packages, or the one that is there.
check-clang: CLANG := $(or $(CLANG),clang)
check-clang:
	@if command -v $(CLANG) >/dev/null; then \
		$(CLANG) -fsyntax-only -Werror $(filter -W%,$(CFLAGS)) -Wno-unknown-warning-option \
			-Wno-ignored-attributes $(BITCODE_CFLAGS) $(CPPFLAGS) $(filter %.c,$(SOURCES)); \
	else \
		echo "$(CLANG) is not here; its warnings not checked"; fi

# Version differences live in one header.
check-compat:
	@if grep -n PG_VERSION_NUM $(filter-out src/compat.h,$(SOURCES)); then \
		echo "PG_VERSION_NUM belongs into src/compat.h"; exit 1; fi

# Includes point downwards.
check-layers:
	@grep -H '^#include "[a-z]*\.h"' $(SOURCES) | \
	awk -v layers="$(LAYERS)" '\
		BEGIN { n = split(layers, l, " "); \
			for (i = 1; i <= n; i++) { split(l[i], p, ":"); level[p[2]] = p[1] } } \
		{ split($$0, part, ":"); file = part[1]; \
			sub(/.*\//, "", file); sub(/\.[ch]$$/, "", file); \
			header = $$0; sub(/.*#include "/, "", header); sub(/\.h".*/, "", header); \
			if (!(header in level)) next; \
			if (!(file in level)) { print file " has no layer"; bad = 1; next } \
			if (file != header && level[header] >= level[file]) { \
				print part[1] " may not include " header ".h"; bad = 1 } } \
		END { exit bad }'

# The extension's version, 1.0, is the same everywhere, and the release's,
# which has a third number, as PGXN and packages want it, begins with it.
check-version:
	@version=$$(sed -n "s/^default_version = '\(.*\)'/\1/p" relnav.control); \
	release=$$(sed -n '1s/^relnav (\(.*\)-[^-]*) .*/\1/p' debian/changelog); \
	differ() { echo "$$1 differs in version from relnav.control ($$version)"; exit 1; }; \
	test -f relnav--$$version.sql || differ "the script's name"; \
	grep -q "version = \"$$version\"" src/relnav.c || differ src/relnav.c; \
	grep -qE "^## $$version( |\.|$$)" CHANGELOG.md || differ CHANGELOG.md; \
	for old in $$(sed -nE 's/^## ([0-9]+\.[0-9]+).*/\1/p' CHANGELOG.md | sort -u); do \
		test "$$old" = "$$version" || ls relnav--$$old--*.sql >/dev/null 2>&1 || \
			{ echo "there is no way from version $$old: relnav--$$old--$$version.sql"; exit 1; }; \
	done; \
	grep -qE "^    \"version\": \"$$version\.[0-9]+\",$$" META.json || differ META.json; \
	grep -qE "^            \"version\": \"$(RELEASE)\"$$" META.json || differ "what META.json provides"; \
	grep -q "\"file\": \"relnav--$$version.sql\"" META.json || differ "META.json's file"; \
	test "$$release" = "$(RELEASE)" || differ debian/changelog; \
	! grep -nE 'relnav-[0-9]+\.[0-9]+\.[0-9]' README*.md CONTRIBUTING.md doc/*.md | \
		grep -v "relnav-$(RELEASE)" || differ "what these name"

# Formatting is pgindent's, with our own types.  It looks for pg_bsd_indent,
# which is beside it, in the PATH.
RUN_PGINDENT = PATH="$(dir $(PGINDENT)):$$PATH" $(PGINDENT)

check-indent:
ifeq ($(PGINDENT),)
	@echo "pgindent is not here (Debian: postgresql-server-dev-17); formatting not checked"
else
	$(RUN_PGINDENT) --typedefs=$(PG_TYPEDEFS) --list-of-typedefs="$$(cat tools/typedefs.list)" \
		--check --diff $(SOURCES)
endif

indent:
	$(RUN_PGINDENT) --typedefs=$(PG_TYPEDEFS) --list-of-typedefs="$$(cat tools/typedefs.list)" \
		$(SOURCES)

.PHONY: check-style check-headers check-clang check-compat check-layers check-version check-indent indent
