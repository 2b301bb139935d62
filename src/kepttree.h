/*-------------------------------------------------------------------------
 *
 * kepttree.h
 *	  Trees that are kept, with the plans of their queries.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_KEPTTREE_H
#define RELNAV_KEPTTREE_H

#include "executor/spi.h"
#include "keep.h"
#include "levelgen.h"

/* How a step's query is planned. */
typedef enum RelnavStepPlan
{
	RELNAV_PLAN_FEW,			/* for any few keys */
	RELNAV_PLAN_MANY,			/* for any more, by an index */
	RELNAV_PLAN_EXACT,			/* for just these keys */
	RELNAV_PLAN_SCAN,			/* for the whole table */
	RELNAV_NSTEPPLANS
} RelnavStepPlan;

/* A tree with what serves every spec of its shape. */
typedef struct RelnavKeptTree
{
	RelnavKept	kept;
	RelnavTree *tree;
	RelnavWriter **writers;		/* of each step's columns */
	SPIPlanPtr *plans;			/* of each step, NULL where not prepared */
	List	  **schemas;		/* that each plan's text names */
} RelnavKeptTree;

/* A spec: a tree and the values for its parameters. */
typedef struct RelnavKeptSpec
{
	RelnavKept	kept;
	RelnavKeptTree *tree;		/* is in use by this */
	RelnavTreeValues values;
} RelnavKeptSpec;

extern RelnavKeptSpec *relnav_use_spec(Oid source, const char *spec,
									   Size length, bool by_key);
extern SPIPlanPtr relnav_get_step_plan(RelnavKeptTree *kept, int step,
									   RelnavStepPlan which);

#endif							/* RELNAV_KEPTTREE_H */
