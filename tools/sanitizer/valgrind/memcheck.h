/*-------------------------------------------------------------------------
 *
 * memcheck.h
 *	  Valgrind's client requests, as AddressSanitizer understands them.
 *
 * A server compiled with -DUSE_VALGRIND tells valgrind which parts of its
 * memory contexts' blocks, and which shared buffers, may be touched at the
 * moment.  This header stands in the place of valgrind's own and tells
 * AddressSanitizer instead.  Without it a palloc'd chunk would end, for the
 * sanitizer, where the block of malloc() ends, and pfree would end nothing.
 *
 * What is undefined is not tracked: the sanitizer only knows what may be
 * touched.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_MEMCHECK_H
#define RELNAV_MEMCHECK_H

#include <sanitizer/asan_interface.h>

#define RUNNING_ON_VALGRIND 0
#define VALGRIND_COUNT_ERRORS 0
#define VALGRIND_PRINTF(...) ((void) 0)
#define VALGRIND_DISABLE_ERROR_REPORTING ((void) 0)
#define VALGRIND_ENABLE_ERROR_REPORTING ((void) 0)
#define VALGRIND_CHECK_MEM_IS_DEFINED(addr, size) ((void) 0)

#define VALGRIND_MAKE_MEM_DEFINED(addr, size) \
	ASAN_UNPOISON_MEMORY_REGION(addr, size)
#define VALGRIND_MAKE_MEM_UNDEFINED(addr, size) \
	ASAN_UNPOISON_MEMORY_REGION(addr, size)
#define VALGRIND_MAKE_MEM_NOACCESS(addr, size) \
	ASAN_POISON_MEMORY_REGION(addr, size)

#define VALGRIND_CREATE_MEMPOOL(pool, redzone, zeroed) ((void) 0)
#define VALGRIND_DESTROY_MEMPOOL(pool) ((void) 0)
#define VALGRIND_MEMPOOL_TRIM(pool, addr, size) ((void) 0)
#define VALGRIND_MOVE_MEMPOOL(from, to) ((void) 0)
#define VALGRIND_MEMPOOL_ALLOC(pool, addr, size) \
	ASAN_UNPOISON_MEMORY_REGION(addr, size)
#define VALGRIND_MEMPOOL_FREE(pool, addr) ((void) 0)
#define VALGRIND_MEMPOOL_CHANGE(pool, from, to, size) \
	ASAN_UNPOISON_MEMORY_REGION(to, size)

#endif							/* RELNAV_MEMCHECK_H */
