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
	RELNAV_PHYSICAL_COLUMNS,	/* with a null for each dropped one */
	RELNAV_NO_COLUMNS			/* rows that are only counted */
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

	/*
	 * For trees: texts that take the place of the columns, are added to the
	 * WHERE clause, and come at the end; or NULL.
	 */
	const char *select_list;
	const char *condition;
	const char *tail;

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

/* Rows of a table that are looked up by keys, many at once. */
typedef struct RelnavLookup
{
	const RelnavRelation *rel;
	int			nkeys;
	const RelnavColumn *own_cols;	/* what the keys are values of */
	const RelnavColumn *match_cols; /* the columns of rel that match them */
	const RelnavForeignKey *fk; /* whose columns these are; or NULL: the
								 * columns are those of a key of rel */
	bool		forwards;		/* does it go from fk's table to the other? */
	const Oid  *eqop;			/* of the columns of a key */
	bool		by_number;		/* must the query number the keys? */

	const char *select_list;	/* of the table's columns, which is h1 */
	const char *condition;		/* texts as in RelnavSelectStyle */
	const char *tail;
} RelnavLookup;

/* What the query for rows that reference some keys returns. */
typedef struct RelnavReferencingStyle
{
	const char *events;			/* the relation that the keys are in */
	bool		keys;			/* the keys, and those that nobody references,
								 * with nulls, as well? */
	bool		new_keys;		/* their new values? */
	bool		sorted;			/* in the keys' order? */
	const RelnavColumn *columns;	/* of the referencing rows */
	int			ncolumns;
} RelnavReferencingStyle;

extern RelnavSelect *relnav_generate_select(const RelnavRoute *route,
											const RelnavSelectStyle *style);
extern RelnavSelect *relnav_generate_source_condition(const RelnavRoute *route,
													  const RelnavSelectStyle *style);
extern RelnavSelect *relnav_generate_recursion(const RelnavRoute *route,
											   const RelnavSelectStyle *style);
extern RelnavSelect *relnav_generate_level(const RelnavRoute *route);
extern RelnavSelect *relnav_generate_row_by_key(const RelnavRoute *route);
extern bool relnav_have_array_types(const Oid *types, int ntypes);
extern bool relnav_generate_lookup(const RelnavLookup *lookup,
								   const Oid *element_types, char **sql);
extern char *relnav_generate_scan(const RelnavLookup *lookup);
extern char *relnav_generate_lateral(const RelnavRoute *route,
									 const char *select_list,
									 const char *condition, const char *tail,
									 int *nkeys, AttrNumber *attnums);
extern RelnavSelect *relnav_generate_counts(List *routes,
											RelnavSourceForm source,
											int64 limit);
extern char *relnav_generate_stored_row(const RelnavRelation *rel,
										const RelnavKey *key,
										const RelnavColumn *columns, int n);
extern char *relnav_generate_referencing(const RelnavForeignKey *fk,
										 const RelnavReferencingStyle *style);
extern char *relnav_generate_referenced(const RelnavForeignKey *fk);
extern char *relnav_generate_key_comparison(const RelnavForeignKey *fk);
extern char *relnav_generate_condition(const RelnavRelationship *r);

#endif							/* RELNAV_SQLGEN_H */
