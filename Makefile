# relnav/Makefile

MODULE_big = relnav
OBJS = \
	src/catalog.o \
	src/execute.o \
	src/graph.o \
	src/infer.o \
	src/keyvalue.o \
	src/naming.o \
	src/navigate.o \
	src/pathtext.o \
	src/relationships.o \
	src/relnav.o \
	src/resolve.o \
	src/sqlbuf.o \
	src/sqlgen.o

EXTENSION = relnav
DATA = relnav--1.0.sql
PGFILEDESC = "relnav - navigation between related rows"

REGRESS = $(sort $(patsubst sql/%.sql,%,$(wildcard sql/*.sql)))

# The server's own headers need the last one.
PG_CFLAGS = -Wall -Wextra -Werror -Wno-unused-parameter

# Debian's server packages ask for bitcode, which needs a clang that is not
# installed with them; nothing here is worth inlining into JIT code.
override with_llvm = no

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

SOURCES = $(sort $(wildcard src/*.c src/*.h))

include tools/check-style.mk
