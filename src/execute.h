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

extern void relnav_run_navigation(const RelnavCall *call,
								  const RelnavSourceValue *source,
								  ReturnSetInfo *rsinfo);

#endif							/* RELNAV_EXECUTE_H */
