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
#include "inline.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/plancache.h"

PG_MODULE_MAGIC_EXT(.name = "relnav",.version = "1.0");

PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	DefineCustomBoolVariable("relnav.inline",
							 "Plans navigations in FROM as the joins they are.",
							 "It counts for statements that are planned afterwards.",
							 &relnav_inline,
							 true,
							 PGC_USERSET,
							 0,
							 NULL, NULL, NULL);
	MarkGUCPrefixReserved("relnav");

	relnav_register_invalidation();
	relnav_install_planner_hook();

	/*
	 * If a statement has brought us in, it was planned without the hook, and
	 * so were those before it.  None of these plans is to be kept.
	 */
	if (!process_shared_preload_libraries_in_progress)
		ResetPlanCache();
}
