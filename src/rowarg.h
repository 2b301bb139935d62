/*-------------------------------------------------------------------------
 *
 * rowarg.h
 *	  A row that was passed to a SQL function.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_ROWARG_H
#define RELNAV_ROWARG_H

#include "access/htup.h"
#include "fmgr.h"

extern Oid	relnav_get_row_relation(Oid type);
extern Oid	relnav_get_source_relation(FunctionCallInfo fcinfo, int number);
extern HeapTupleHeader relnav_get_source_row(FunctionCallInfo fcinfo,
											 int number);

#endif							/* RELNAV_ROWARG_H */
