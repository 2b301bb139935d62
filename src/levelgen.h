/*-------------------------------------------------------------------------
 *
 * levelgen.h
 *	  A tree's spec as levels of rows, each with its SELECT.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_LEVELGEN_H
#define RELNAV_LEVELGEN_H

#include "jsontext.h"
#include "keymap.h"
#include "resolve.h"

/* Columns of a step's rows that lead on to rows of another step. */
typedef struct RelnavTreeLink
{
	int			ncolumns;
	int		   *columns;		/* places in the step's columns */
	bool		shared;			/* may several nodes use it? */
	RelnavKeyType key_type;
} RelnavTreeLink;

/* A part of a row's text: some fixed text, and what comes after it. */
typedef struct RelnavTreePiece
{
	const char *label;
	int			label_length;
	int			column;			/* place in the step's columns, or -1: the
								 * next child */
} RelnavTreePiece;

/* A column of a step's rows. */
typedef struct RelnavTreeColumn
{
	AttrNumber	attnum;
	Oid			type;
} RelnavTreeColumn;

/*
 * Rows of one table, looked up by the keys in a link of others.
 *
 * Parameters of its queries are an array for each column of the key, then
 * values of the tree's from first_value on.
 */
typedef struct RelnavTreeStep
{
	int			number;			/* in the tree, from 0 */
	Oid			relid;
	int			nkeys;			/* columns of the key */
	Oid		   *element_types;	/* of their arrays */
	char	   *sql;			/* by keys; NULL: the rows are given */
	bool		by_number;		/* does it return the key's number instead of
								 * the key? */
	char	   *scan_sql;		/* the whole table; NULL: it must not be read */
	bool		one_by_one;		/* are the parameters one key, as there are no
								 * such arrays? */
	bool		indexed;
	double		nreferenced;	/* rows that could be a key; -1: not known */
	int			first_value;
	int			nvalues;

	/* The result, after the key or its number. */
	int			ncolumns;
	RelnavTreeColumn *columns;

	/* What is made of a row. */
	int			nlinks;
	RelnavTreeLink *links;
	int			npieces;		/* 0: nothing is written */
	RelnavTreePiece *pieces;
	const char *closing;		/* after the last piece */
	int			closing_length;
} RelnavTreeStep;

typedef enum RelnavNodeKind
{
	RELNAV_NODE_OBJECT,
	RELNAV_NODE_VALUE,			/* one column of a row, by itself */
	RELNAV_NODE_COUNT			/* of the rows */
} RelnavNodeKind;

/* A value in the json that is made of other rows than the one it stands in. */
typedef struct RelnavTreeNode
{
	RelnavNodeKind kind;
	const char *name;			/* its key in the json */
	bool		to_many;
	int			link;			/* of the row around it */
	int			nsteps;			/* the last one's rows are the node's */
	RelnavTreeStep **steps;

	/* From one row, the node's rows are put together and ... */
	bool		distinct;		/* each taken once */
	bool		sorted;			/* put into the order of the query */

	/* The children in the order of the pieces without a column. */
	int			nchildren;
	struct RelnavTreeNode **children;

	/*
	 * How many more levels of itself stand in it, as its last item: then the
	 * closing brace is not part of the row's text.
	 */
	int			depth;
	const char *label;			/* of itself in itself, with the comma */
	int			self_link;		/* of the last step */

	/* By these links one can tell that a row stands above itself. */
	int			identity;		/* of the row around it */
	int			self_identity;	/* of the last step */
} RelnavTreeNode;

/* A tree, as it is kept. */
typedef struct RelnavTree
{
	Oid			source;
	RelnavTreeNode *root;
	int			nsteps;
	RelnavTreeStep **steps;
	const RelnavKey *key;		/* of the source, if the call is by key */
	RelnavKeyType key_type;		/* of that */
	const char *source_name;
	int			nvalues;		/* parameters beside the keys */
	Oid		   *value_types;
	List	   *relids;			/* what must be locked */
	uint64		generation;		/* of the graph */
	uint64		row_version;	/* of the source's row type */
	bool		values_last;	/* do the values depend on the spec alone? */
	char	   *shape;			/* equal for trees that differ in values only */
} RelnavTree;

/* The values of one spec. */
typedef struct RelnavTreeValues
{
	Datum	   *values;
	bool	   *nulls;
} RelnavTreeValues;

extern RelnavTree *relnav_build_tree(Oid source, const char *spec, bool by_key,
									 RelnavTreeValues *values);
extern RelnavTree *relnav_copy_tree(const RelnavTree *tree);

#endif							/* RELNAV_LEVELGEN_H */
