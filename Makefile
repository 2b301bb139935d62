# relnav/Makefile

MODULE_big = relnav
OBJS = \
	src/argument.o \
	src/assemble.o \
	src/catalog.o \
	src/condition.o \
	src/declaration.o \
	src/declare.o \
	src/execute.o \
	src/explore.o \
	src/graph.o \
	src/impact.o \
	src/infer.o \
	src/inline.o \
	src/jsontext.o \
	src/keep.o \
	src/kepttree.o \
	src/keymap.o \
	src/keyvalue.o \
	src/levelgen.o \
	src/naming.o \
	src/navigate.o \
	src/paths.o \
	src/pathtext.o \
	src/privilege.o \
	src/relationships.o \
	src/relnav.o \
	src/resolve.o \
	src/spec.o \
	src/sqlbuf.o \
	src/sqlgen.o \
	src/tree.o \
	src/views.o

EXTENSION = relnav
# The current version's script, and those that lead to it: relnav--1.0--1.1.sql.
DATA = relnav--1.0.sql $(wildcard relnav--*--*.sql)
PGFILEDESC = "relnav - navigation between related rows"

# The first test creates the extension.
REGRESS = catalog \
	$(filter-out catalog,$(sort $(patsubst sql/%.sql,%,$(wildcard sql/*.sql))))

# Sessions beside each other.
ISOLATION = $(sort $(patsubst specs/%.spec,%,$(wildcard specs/*.spec)))

# Cyrillic names must work, and lists must sort alike everywhere.
REGRESS_OPTS = --no-locale --encoding=UTF8
ISOLATION_OPTS = $(REGRESS_OPTS) --load-extension=relnav

# The server's own headers need the last one.  scripts/test adds -Werror.
PG_CFLAGS = -Wall -Wextra -Wno-unused-parameter

# Bitcode lets JIT inline functions, which nothing here is worth; it would
# take a second compiler, and twice the time.
override with_llvm = no

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# No header is worth a stale object.
$(OBJS): $(wildcard src/*.h)

SOURCES = $(sort $(wildcard src/*.c src/*.h))

# Tests that start servers of their own.  Not TAP_TESTS, which would make
# `make installcheck` need IPC::Run (Debian: libipc-run-perl).
prove_installcheck:
	rm -rf $(CURDIR)/tmp_check
	TESTDIR='$(CURDIR)' PATH="$(bindir):$$PATH" PGPORT='6$(DEF_PGPORT)' \
		PG_REGRESS='$(top_builddir)/src/test/regress/pg_regress' \
		$(PROVE) $(PG_PROVE_FLAGS) $(PROVE_FLAGS) $(or $(PROVE_TESTS),t/*.pl)

.PHONY: prove_installcheck

# What is committed, as PGXN and packagers take it.
RELEASE = $(shell sed -n 's/^    "version": "\(.*\)",/\1/p' META.json)

dist:
	git archive --format=zip --prefix=relnav-$(RELEASE)/ -o relnav-$(RELEASE).zip HEAD

.PHONY: dist

include tools/check-style.mk
