/*-------------------------------------------------------------------------
 *
 * catalog.h
 *	  What the catalogs say about tables: columns, keys, indexes, and what
 *	  was declared about them.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_CATALOG_H
#define RELNAV_CATALOG_H

#include "access/attnum.h"
#include "access/htup.h"
#include "access/tupdesc.h"
#include "catalog/pg_class.h"
#include "nodes/bitmapset.h"
#include "nodes/parsenodes.h"
#include "utils/relcache.h"

/* A relation, as far as its name and its pg_class row tell. */
typedef struct RelnavRelation
{
	Oid			relid;
	const char *schema;
	const char *name;
	char		relkind;
	bool		is_partition;
	bool		has_children;	/* is it a plain table that others inherit? */
	bool		row_security;	/* is row security enabled? */
} RelnavRelation;

/* A column that is not dropped. */
typedef struct RelnavColumn
{
	AttrNumber	attnum;
	const char *name;
	Oid			type;
	int32		typmod;
	Oid			collation;
	bool		deterministic;	/* is the collation, if any? */
	bool		not_null;		/* proven, not only declared */
} RelnavColumn;

/* One column of an index, of those that are searched by. */
typedef struct RelnavIndexColumn
{
	AttrNumber	attnum;			/* 0: an expression */
	Oid			opfamily;
	Oid			opcintype;
	Oid			collation;
	bool		deterministic;
} RelnavIndexColumn;

/*
 * A valid btree or hash index, or a primary key.  Of a view: what such an
 * index of one of its tables proves about the view's rows.
 */
typedef struct RelnavIndex
{
	bool		primary;
	bool		unique;			/* usable as a proof of uniqueness */
	bool		lookup;			/* can rows be looked up by it? */
	bool		btree;
	int			nkeys;
	RelnavIndexColumn *columns;

	/*
	 * For a partial index: it holds every row in which these columns are not
	 * null.  Empty if the index is not partial.
	 */
	Bitmapset  *not_null_columns;
} RelnavIndex;

typedef struct RelnavTable RelnavTable;

/* Where a relationship comes from. */
typedef enum RelnavOrigin
{
	RELNAV_FOREIGN_KEY,
	RELNAV_DECLARED,
	RELNAV_VIEW
} RelnavOrigin;

/*
 * One foreign key, identical ones taken together; or what stands in the place
 * of one.  Somebody can declare that columns of one relation hold the values
 * of another's.  And the columns of a view can stand for those of a table;
 * then the view has the table's key, with its own columns on one side.
 */
typedef struct RelnavForeignKey
{
	RelnavOrigin origin;
	Oid			oid;			/* invalid if there is no constraint */
	const char *name;			/* the constraint's, or the declared one */
	RelnavTable *table;			/* the referencing table */
	const RelnavRelation *pk_rel;	/* the referenced relation */
	int			nkeys;
	RelnavColumn *fk_cols;
	RelnavColumn *pk_cols;
	Oid		   *pf_eqop;		/* the comparison, referenced = referencing */
	Oid		   *pp_eqop;		/* referenced = referenced */
	List	  **pf_families;	/* operator families it is equality in */
	List	  **pp_families;	/* the same for referenced = referenced */
	List	  **ff_families;	/* and for referencing = referencing */
	const char *on_delete;
	bool		validated;
	bool		enforced;
	bool		temporal;
	List	   *other_names;	/* names of identical keys */

	/*
	 * If no constraint of the table itself says this, but one of each of its
	 * partitions does: the OIDs of those.
	 */
	List	   *members;

	/*
	 * The referenced relation, where no constraint guarantees that its
	 * columns are unique and have an index; else NULL.
	 */
	const RelnavTable *pk_table;

	/* Was it declared that they are unique? */
	bool		pk_claimed;

	/* The key of a table that a view has; else NULL. */
	const struct RelnavForeignKey *original;
} RelnavForeignKey;

/*
 * One of the tables that a view's columns stand for.  A table that is there
 * twice occurs twice.
 */
typedef struct RelnavOccurrence
{
	Oid			relid;
	List	   *relids;			/* the same, and the partitioned tables above */
	bool		unique;			/* is each of its rows in one row at most? */
} RelnavOccurrence;

/* What a column of a view stands for. */
typedef struct RelnavTracedColumn
{
	int			occurrence;		/* -1: for no table's column */
	const char *name;			/* of the table's column */
	bool		nullable;		/* by an outer join */
} RelnavTracedColumn;

/* What the columns of a view stand for. */
typedef struct RelnavTrace
{
	int			noccurrences;
	RelnavOccurrence *occurrences;
	int			ncolumns;		/* as many as the view has */
	RelnavTracedColumn *columns;
	List	   *relids;			/* of all that was read to find it out */
} RelnavTrace;

/* A row of relnav.declared. */
typedef struct RelnavDeclaration
{
	Oid			source;
	const char *name;
	List	   *source_columns; /* of char *, like all columns */
	Oid			target;
	List	   *target_columns;
	Oid			association;
	List	   *association_source_columns;
	List	   *association_target_columns;
	const char *inverse;		/* NULL: none */
	bool		to_one;			/* is it claimed? */

	/*
	 * Another name for an inferred relationship: all of the above but name is
	 * empty then.
	 */
	Oid			constraint_table;
	List	   *constraints;	/* of char *, near and far */
	bool		backwards;
} RelnavDeclaration;

/* Is it another name for an inferred relationship? */
static inline bool
relnav_is_renaming(const RelnavDeclaration *declaration)
{
	return declaration->constraints != NIL;
}

/* What inference needs to know about one table. */
struct RelnavTable
{
	const RelnavRelation *rel;
	int			ncolumns;
	RelnavColumn *columns;		/* in attnum order, dropped ones left out */
	List	   *foreign_keys;	/* of RelnavForeignKey */
	List	   *indexes;		/* of RelnavIndex */

	/* Of a partition: its keys that are also those of a table above it. */
	List	   *inherited_keys;

	/* Of a view, if views.c was asked for it: what its columns stand for. */
	RelnavTrace *trace;
};

/* What the server does by a foreign key when a row is deleted or updated. */
typedef enum RelnavReaction
{
	RELNAV_NO_ACTION,			/* is anything left that references it? */
	RELNAV_RESTRICT,
	RELNAV_CASCADE,
	RELNAV_SET_NULL,
	RELNAV_SET_DEFAULT,
	RELNAV_CHECK				/* of an updated row: is its parent there? */
} RelnavReaction;

/* A trigger of a foreign key. */
typedef struct RelnavKeyTrigger
{
	RelnavForeignKey *fk;		/* as the trigger's table and the other one
								 * have it; name is the topmost constraint's */
	Oid			root;			/* the topmost of partitions' constraints */
	RelnavReaction reaction;
	bool		disabled;		/* only for RELNAV_CHECK: the others are left
								 * out then */
	bool		deferred;		/* initially, to the end of the transaction */
	bool		match_full;
	int			nset;			/* columns that are set, of fk_cols */
	int		   *set;
} RelnavKeyTrigger;

/* What happens besides when rows of a table are deleted or updated. */
typedef struct RelnavTriggers
{
	/* Of RelnavKeyTrigger, in the order in which they fire. */
	List	   *on_delete;
	List	   *on_update;		/* of a referenced key */
	List	   *checks;			/* of a referencing one */

	/* Names of users' triggers and rules. */
	List	   *user_on_delete;
	List	   *user_on_update;
} RelnavTriggers;

typedef struct RelnavReader RelnavReader;

extern RelnavReader *relnav_create_reader(void);
extern void relnav_read_everything(RelnavReader *reader);
extern void relnav_forget_reader(RelnavReader *reader);
extern List *relnav_get_user_tables(RelnavReader *reader);
extern const RelnavRelation *relnav_find_relation(RelnavReader *reader,
												  Oid relid);
extern RelnavTable *relnav_find_table(RelnavReader *reader, Oid relid);
extern List *relnav_get_incoming_keys(RelnavReader *reader, Oid relid);
extern List *relnav_find_partition_ancestors(RelnavReader *reader, Oid relid);
extern RelnavTriggers *relnav_get_triggers(RelnavReader *reader, Oid relid);
extern List *relnav_get_further_rules(Oid relid, const RelnavColumn *columns,
									  int n, bool nulls);
extern List *relnav_get_declarations(RelnavReader *reader, Oid relid);
extern List *relnav_find_one_way_sources(RelnavReader *reader, Oid relid);
extern List *relnav_get_relids_read(RelnavReader *reader);
extern RelnavForeignKey *relnav_make_key(RelnavReader *reader,
										 RelnavTable *table,
										 RelnavColumn *fk_cols,
										 const RelnavTable *pk_table,
										 RelnavColumn *pk_cols, int nkeys,
										 int *unmatched);
extern RelnavDeclaration *relnav_make_declaration(HeapTuple tuple,
												  TupleDesc desc);
extern bool relnav_has_declared_columns(TupleDesc desc);
extern bool relnav_is_declared_table(Relation rel);
extern Query *relnav_find_view_query(Oid relid);
extern List *relnav_find_views_named(const char *name);
extern int	relnav_count_incoming_keys(Oid relid, int enough);
extern List *relnav_get_referenced_relations(Oid relid);
extern bool relnav_is_only_relation_named(const char *name);
extern bool relnav_statement_sees_relation(Oid relid);
extern bool relnav_could_be_schema_and_name(const char *text);

extern bool relnav_is_same_key(const RelnavForeignKey *a,
							   const RelnavForeignKey *b, bool by_name);
extern bool relnav_has_constraint_name(const RelnavForeignKey *fk,
									   const char *name);
extern const RelnavColumn *relnav_find_column(const RelnavTable *table,
											  const char *name);
extern List *relnav_get_partition_ancestors(Oid relid);
extern List *relnav_get_partitions(Oid relid);
extern bool relnav_is_user_relation(const RelnavRelation *rel);
extern double relnav_get_row_count(Oid relid);
extern Oid	relnav_get_row_relation(Oid type);

/* Does a relation show other relations' rows? */
static inline bool
relnav_is_view(const RelnavRelation *rel)
{
	return rel->relkind == RELKIND_VIEW || rel->relkind == RELKIND_MATVIEW;
}

#endif							/* RELNAV_CATALOG_H */
