/*-------------------------------------------------------------------------
 *
 * sqlgen.h
 *	  The SELECT of a navigation.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_SQLGEN_H
#define RELNAV_SQLGEN_H

#include "resolve.h"

/* How the query knows its source row. */
typedef enum RelnavSourceForm
{
	RELNAV_SOURCE_ROW,			/* $1 is the row */
	RELNAV_SOURCE_COLUMNS,		/* $1, $2, ... are the row's key columns */
	RELNAV_SOURCE_KEY			/* the same are the columns of a key, by which
								 * the row is found */
} RelnavSourceForm;

/* Which columns of the target it returns. */
typedef enum RelnavColumns
{
	RELNAV_LIVE_COLUMNS,		/* as SELECT * does */
	RELNAV_PHYSICAL_COLUMNS		/* with a null for each dropped one */
} RelnavColumns;

/* A SELECT, and what its parameters stand for. */
typedef struct RelnavSelect
{
	char	   *sql;
	int			nparams;
	Oid		   *param_types;

	/* RELNAV_SOURCE_COLUMNS: the source's columns that are wanted. */
	AttrNumber *param_attnums;
} RelnavSelect;

extern RelnavSelect *relnav_generate_select(const RelnavRoute *route,
											RelnavSourceForm form,
											const RelnavKey *key,
											char **literals,
											RelnavColumns columns);

extern char *relnav_generate_condition(const RelnavRelationship *r);

#endif							/* RELNAV_SQLGEN_H */
