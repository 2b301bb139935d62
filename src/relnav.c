/*-------------------------------------------------------------------------
 *
 * relnav.c
 *	  What happens when the library is loaded.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "fmgr.h"
#include "graph.h"

PG_MODULE_MAGIC_EXT(.name = "relnav",.version = "1.0");

PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	relnav_register_invalidation();
}
