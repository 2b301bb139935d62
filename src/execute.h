/*-------------------------------------------------------------------------
 *
 * execute.h
 *	  A navigation run by the function itself.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_EXECUTE_H
#define RELNAV_EXECUTE_H

#include "funcapi.h"
#include "resolve.h"

/* Where the source row is. */
typedef struct RelnavSourceValue
{
	bool		isnull;
	HeapTupleHeader row;		/* if the call is by row */
	Datum		key;			/* if it is by key */
	Oid			key_type;
} RelnavSourceValue;

/* No greatest depth. */
#define RELNAV_ANY_DEPTH PG_INT32_MAX

extern void relnav_run_navigation(const RelnavCall *call,
								  const RelnavSourceValue *source,
								  ReturnSetInfo *rsinfo);
extern void relnav_run_recursion(const RelnavCall *call,
								 const RelnavSourceValue *source,
								 int max_depth, ReturnSetInfo *rsinfo);

#endif							/* RELNAV_EXECUTE_H */
