/*-------------------------------------------------------------------------
 *
 * standin.h
 *	  What the parsers need of a server, where there is none.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_STANDIN_H
#define RELNAV_STANDIN_H

#include <stdint.h>

#include "src/compat.h"
#include "utils/elog.h"

/* What must hold; if it does not, the input that showed it is kept. */
#define REQUIRE(condition) \
	((condition) ? (void) 0 : standin_fail(#condition, __FILE__, __LINE__))

extern char *standin_begin(const uint8_t *data, size_t size);
extern ErrorData *standin_try(void (*function) (void *arg), void *arg);
extern bool standin_is_text(const char *text);
extern void standin_end(char *text);
pg_noreturn extern void standin_fail(const char *condition, const char *file,
									 int line);

/* Called by the fuzzer. */
extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif							/* RELNAV_STANDIN_H */
