/*-------------------------------------------------------------------------
 *
 * spec.h
 *	  The text of a tree's spec, taken apart.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_SPEC_H
#define RELNAV_SPEC_H

#include "compat.h"
#include "nodes/pg_list.h"

typedef enum RelnavItemKind
{
	RELNAV_ITEM_COLUMN,			/* column, or path.column */
	RELNAV_ITEM_ALL_COLUMNS,	/* * */
	RELNAV_ITEM_NODE,			/* path( ... ) */
	RELNAV_ITEM_ALL_NODES,		/* *( ... ) */
	RELNAV_ITEM_COUNT			/* count(path) */
} RelnavItemKind;

/*
 * A condition as it stands in the spec: text from there on, of this length in
 * bytes.  A length of 0 means that there is none.
 */
typedef struct RelnavSpecCondition
{
	int			at;
	int			length;
} RelnavSpecCondition;

/* One key of ORDER BY. */
typedef struct RelnavSpecOrder
{
	const char *column;
	int			at;
	bool		descending;
	bool		nulls_first;	/* as said, or as the direction implies */
} RelnavSpecOrder;

/* What stands between the parentheses of a node, or the whole spec. */
typedef struct RelnavSpecNode
{
	List	   *items;			/* of RelnavSpecItem, never NIL */
	RelnavSpecCondition where;
	List	   *order_by;		/* of RelnavSpecOrder */
	int64		limit;			/* -1: none */
	int			limit_at;
	int64		offset;			/* 0: none */
	int			offset_at;
	int			depth;			/* 0: none */
	int			depth_at;
} RelnavSpecNode;

/* One item.  Places are offsets in bytes from the start of the spec. */
typedef struct RelnavSpecItem
{
	RelnavItemKind kind;
	int			at;
	const char *key;			/* what it is called in the json; NULL where
								 * its columns or nodes have names of their
								 * own */
	List	   *path;			/* of char *: the segments before a column, or
								 * those that lead to a node */
	List	   *path_at;		/* of int: where each of them is */
	const char *column;
	int			column_at;
	RelnavSpecNode *node;		/* of a node, or of all nodes */
	RelnavSpecCondition where;	/* of a count */
} RelnavSpecItem;

/* How deep nodes may stand in each other, counting repetitions. */
#define RELNAV_MAX_TREE_DEPTH 32

/* While the server reads a part of a spec: where it says that a fault is. */
typedef struct RelnavSpecErrors
{
	const char *spec;
	const char *part;			/* what the server reads, */
	int			part_at;		/* and where that is in the spec */
	int			position;		/* as the server counts; 0: none */
	MemoryContext context;
	ErrorContextCallback callback;
} RelnavSpecErrors;

extern RelnavSpecNode *relnav_parse_spec(const char *spec);
extern char *relnav_mark_spec(const char *spec, int at);

extern void relnav_begin_spec_errors(RelnavSpecErrors *errors,
									 const char *spec, const char *part,
									 int part_at);
extern void relnav_end_spec_errors(RelnavSpecErrors *errors);
pg_noreturn extern void relnav_rethrow_spec_error(RelnavSpecErrors *errors);

#endif							/* RELNAV_SPEC_H */
