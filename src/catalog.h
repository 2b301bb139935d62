/*-------------------------------------------------------------------------
 *
 * catalog.h
 *	  What the catalogs say about tables: columns, keys, indexes.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_CATALOG_H
#define RELNAV_CATALOG_H

#include "access/attnum.h"
#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

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

/* A valid btree or hash index, or a primary key. */
typedef struct RelnavIndex
{
	bool		primary;
	bool		unique;			/* usable as a proof of uniqueness */
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

/* One foreign key, identical ones taken together. */
typedef struct RelnavForeignKey
{
	Oid			oid;
	const char *name;
	RelnavTable *table;			/* the referencing table */
	const RelnavRelation *pk_rel;	/* the referenced relation */
	int			nkeys;
	RelnavColumn *fk_cols;
	RelnavColumn *pk_cols;
	Oid		   *pf_eqop;		/* the comparison, referenced = referencing */
	Oid		   *pp_eqop;		/* referenced = referenced */
	List	  **pf_families;	/* operator families it is equality in */
	List	  **ff_families;	/* the same for referencing = referencing */
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
} RelnavForeignKey;

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
extern List *relnav_get_relids_read(RelnavReader *reader);
extern bool relnav_is_only_relation_named(const char *name);
extern bool relnav_could_be_schema_and_name(const char *text);

extern bool relnav_is_same_key(const RelnavForeignKey *a,
							   const RelnavForeignKey *b, bool by_name);
extern const RelnavColumn *relnav_find_column(const RelnavTable *table,
											  const char *name);
extern List *relnav_get_partition_ancestors(Oid relid);
extern List *relnav_get_partitions(Oid relid);
extern bool relnav_is_user_relation(const RelnavRelation *rel);
extern double relnav_get_row_count(Oid relid);

#endif							/* RELNAV_CATALOG_H */
