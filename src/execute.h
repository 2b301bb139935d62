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
#include "sqlgen.h"

/* Where the source row is. */
typedef struct RelnavSourceValue
{
	bool		isnull;
	HeapTupleHeader row;		/* if the call is by row */
	Datum		key;			/* if it is by key */
	Oid			key_type;
} RelnavSourceValue;

/* A query to be prepared and kept, and what it depends on. */
typedef struct RelnavStatement
{
	RelnavSelect *select;
	const char *source;			/* the source's name, for messages */
	const RelnavKey *key;		/* if the source is found by key */
	List	   *relids;			/* all relations that must be locked */
	uint64		generation;		/* of the graph that it was made from */
	RelnavColumn *level_cols;	/* of a level: what goes into its arrays */
	int			nlevel_cols;
} RelnavStatement;

/*
 * Makes the statement of a call, in the current memory context.  It must have
 * locked the relations in ACCESS SHARE mode.
 */
typedef RelnavStatement *(*RelnavStatementMaker) (const RelnavCall *call,
												  void *arg);

/* No greatest depth. */
#define RELNAV_ANY_DEPTH PG_INT32_MAX

extern void relnav_run_navigation(const RelnavCall *call,
								  const RelnavSourceValue *source,
								  ReturnSetInfo *rsinfo);
extern void relnav_run_recursion(const RelnavCall *call,
								 const RelnavSourceValue *source,
								 int max_depth, ReturnSetInfo *rsinfo);

extern void relnav_run_statement(const RelnavCall *call,
								 RelnavStatementMaker make, void *arg,
								 const RelnavSourceValue *source,
								 ReturnSetInfo *rsinfo);

#endif							/* RELNAV_EXECUTE_H */
