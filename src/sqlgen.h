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

/* What the query is for. */
typedef struct RelnavSelectStyle
{
	RelnavSourceForm source;
	RelnavColumns columns;
	char	  **literals;		/* texts in the place of the parameters, or
								 * NULL */
	const char *target_alias;	/* what to call the target, or NULL */
	bool		whole_row;		/* the target's row as one more column? */

	/*
	 * Do not compare with the source?  The columns to be compared are added
	 * to the result instead, after those of the target.
	 */
	bool		open;

	/* May rows come twice, where that makes a plain join? */
	bool		bag;

	/* Form the row of a recursion where the planner can take it apart? */
	bool		columns_apart;
} RelnavSelectStyle;

/* A SELECT, and what its parameters stand for. */
typedef struct RelnavSelect
{
	char	   *sql;
	int			nparams;
	Oid		   *param_types;

	/*
	 * RELNAV_SOURCE_COLUMNS: the source's columns that are wanted.  Those
	 * from nmatched on may be null; if another one is, nothing is related.
	 */
	AttrNumber *param_attnums;
	int			nmatched;
} RelnavSelect;

extern RelnavSelect *relnav_generate_select(const RelnavRoute *route,
											const RelnavSelectStyle *style);
extern RelnavSelect *relnav_generate_source_condition(const RelnavRoute *route,
													  const RelnavSelectStyle *style);
extern RelnavSelect *relnav_generate_recursion(const RelnavRoute *route,
											   const RelnavSelectStyle *style);
extern RelnavSelect *relnav_generate_level(const RelnavRoute *route);
extern RelnavSelect *relnav_generate_row_by_key(const RelnavRoute *route);
extern bool relnav_must_read_source(const RelnavRoute *route);
extern char *relnav_generate_condition(const RelnavRelationship *r);

#endif							/* RELNAV_SQLGEN_H */
