/*-------------------------------------------------------------------------
 *
 * catalog.c
 *	  The only file that scans catalogs.
 *
 * A reader collects facts about tables: their columns, their foreign keys,
 * and those of their indexes that can prove or speed up something.  It reads
 * a table when it is first asked for it and remembers the answer as long as
 * it lives, so that within one reader a table is read once.  For a whole
 * database relnav_read_everything() reads each catalog once instead; the
 * facts are the same.
 *
 * What was declared is in a table of our own, relnav.declared, which is read
 * in the same way: its trigger announces changes like those of a catalog.
 *
 * Three rules of inference are at home here, because they are about what a
 * key is, not about what follows from it:
 *
 * - A foreign key is a pg_constraint row without a parent (conparentid = 0).
 *	 Rows that partitions inherit, and those that stand for the partitions of
 *	 a referenced table, are not keys of their own.
 * - Keys with identical column pairs are one key.
 * - A key that every partition of a table has alike is the table's.
 *
 * Keys that reference a table are found through pg_depend, by its index on
 * the referenced object: confrelid has no index, and pg_trigger does not know
 * keys that are not enforced.
 *
 * Locks: only the catalogs are locked.  A table can be changed or dropped
 * while we read; then what we have may be half old and half new, and an
 * invalidation message is on its way.  graph.c, which keeps the facts, looks
 * for that and reads again.  A relation that has vanished is answered with
 * NULL, never with an error.
 *
 * Memory: everything lives in the context that was current when the reader
 * was created, and goes with it.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/relscan.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_am.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "catalog.h"
#include "commands/extension.h"
#include "commands/trigger.h"
#include "compat.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parse_func.h"
#include "rewrite/prs2lock.h"
#include "rewrite/rewriteSupport.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

struct RelnavReader
{
	MemoryContext context;
	MemoryContext hash_context; /* of the hash tables alone */
	HTAB	   *entries;		/* of ReaderEntry, by relid */
	HTAB	   *operators;		/* of OperatorEntry, by operator */
	bool		complete;		/* has everything been read? */

	/* relnav.declared and its indexes; invalid if there is nothing in it */
	bool		declared_found;
	Oid			declared_relid;
	Oid			declared_by_source;
	Oid			declared_by_target;
};

/* The columns of relnav.declared, by number. */
enum
{
	DECLARED_SOURCE = 1,
	DECLARED_NAME,
	DECLARED_SOURCE_COLUMNS,
	DECLARED_TARGET,
	DECLARED_TARGET_COLUMNS,
	DECLARED_ASSOCIATION,
	DECLARED_ASSOCIATION_SOURCE_COLUMNS,
	DECLARED_ASSOCIATION_TARGET_COLUMNS,
	DECLARED_INVERSE,
	DECLARED_TO_ONE,
	DECLARED_CONSTRAINT_TABLE,
	DECLARED_CONSTRAINTS,
	DECLARED_BACKWARDS,
	DECLARED_NCOLUMNS = DECLARED_BACKWARDS
};

/* What the reader knows about one relation; each part is read when needed. */
typedef struct ReaderEntry
{
	Oid			relid;			/* hash key */
	RelnavRelation *rel;
	bool		rel_read;
	RelnavTable *raw;			/* columns, indexes, own keys as they stand */
	bool		raw_read;
	RelnavTable *table;			/* the same with the keys put in order */
	bool		table_read;
	List	   *incoming;		/* keys that reference it */
	bool		incoming_read;
	List	   *declarations;	/* that it is the source or the target of */
	bool		declarations_read;
	List	   *ancestors;		/* of a partition, OIDs */
	bool		ancestors_read;

	/* while the raw table is being collected */
	List	   *columns;		/* of RelnavColumn */
	List	   *doubtful;		/* columns with a NOT NULL that is not valid */
} ReaderEntry;

/* The operator families in which an operator is equality. */
typedef struct OperatorEntry
{
	Oid			opno;			/* hash key */
	List	   *families;
} OperatorEntry;

static ReaderEntry *get_entry(RelnavReader *reader, Oid relid);
static RelnavRelation *make_relation(RelnavReader *reader,
									 Form_pg_class form);
static RelnavTable *get_raw_table(RelnavReader *reader, Oid relid);
static void finish_raw_table(ReaderEntry *entry);
static void load_columns(ReaderEntry *entry);
static void load_indexes(ReaderEntry *entry);
static void load_constraints(RelnavReader *reader, ReaderEntry *entry);
static void add_column(ReaderEntry *entry, Form_pg_attribute form);
static bool is_deterministic(Oid collation);
static void add_constraint(RelnavReader *reader, ReaderEntry *entry,
						   HeapTuple tuple);
static void add_doubtful_not_null(ReaderEntry *entry, HeapTuple tuple);
static RelnavForeignKey *make_foreign_key(RelnavReader *reader,
										  RelnavTable *table, HeapTuple tuple);
static RelnavForeignKey *allocate_key(int nkeys);
static void find_families(RelnavReader *reader, RelnavForeignKey *fk, int i,
						  Oid pp_eqop, Oid ff_eqop);
static bool find_equality(Oid pk_type, Oid fk_type,
						  Oid *pf_eqop, Oid *pp_eqop, Oid *ff_eqop);
static Oid	find_declared_table(Oid *nsp);
static void prepare_declarations(RelnavReader *reader);
static void load_declarations(RelnavReader *reader, ReaderEntry *entry);
static bool load_all_declarations(RelnavReader *reader);
static HeapTuple get_next_declaration(SysScanDesc scan, Snapshot snapshot);
static List *scan_declarations(Relation rel, Oid indexid, AttrNumber column,
							   Oid relid);
static List *get_column_names(HeapTuple tuple, AttrNumber attnum,
							  TupleDesc desc);
static Oid	find_shard_function(void);
static RelnavColumn *find_columns(RelnavReader *reader, Oid relid,
								  const AttrNumber *attnums, int n);
static RelnavIndex *make_index(HeapTuple tuple, TupleDesc desc);
static bool get_predicate_columns(Datum predicate,
								  const int2vector *index_columns,
								  Bitmapset **columns);
static List *get_equality_families(RelnavReader *reader, Oid opno);
static const char *get_action_name(char action);
static bool fires(char enabled);
static char *get_rule_name(Oid rule);
static bool get_reaction(Oid function, RelnavReaction *reaction, bool *update);
static RelnavKeyTrigger *make_key_trigger(RelnavReader *reader,
										  const Trigger *trigger,
										  RelnavReaction reaction);
static RelnavTable *make_table(RelnavReader *reader, RelnavTable *raw);
static List *merge_identical_keys(List *keys);
static int	compare_keys_for_merge(const ListCell *a, const ListCell *b);
static List *get_keys_of_all_partitions(RelnavReader *reader,
										RelnavTable *root);
static List *get_partition_keys(RelnavReader *reader, Oid relid);
static Oid	find_partition_root(RelnavReader *reader, Oid relid);
static Oid	find_partition_parent(Oid relid);
static List *find_referencing_tables(RelnavReader *reader, Oid relid);
static bool is_key_to(Form_pg_constraint form, Oid relid);
static bool is_foreign_key(Form_pg_constraint form);
static List *find_referencing_constraints(Oid relid);
static int	compare_relations(const ListCell *a, const ListCell *b);

/*
 * Make a reader in the current memory context.
 */
RelnavReader *
relnav_create_reader(void)
{
	RelnavReader *reader = palloc0(sizeof(RelnavReader));
	HASHCTL		ctl;

	reader->context = CurrentMemoryContext;
	reader->hash_context = AllocSetContextCreate(CurrentMemoryContext,
												 "relnav reader",
												 ALLOCSET_DEFAULT_SIZES);

	memset(&ctl, 0, sizeof(ctl));
	ctl.keysize = sizeof(Oid);
	ctl.entrysize = sizeof(ReaderEntry);
	ctl.hcxt = reader->hash_context;
	reader->entries = hash_create("relnav tables", 64, &ctl,
								  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	ctl.entrysize = sizeof(OperatorEntry);
	reader->operators = hash_create("relnav operators", 16, &ctl,
									HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	return reader;
}

/*
 * Free what only a reader needs.  The facts that it has found stay.
 */
void
relnav_forget_reader(RelnavReader *reader)
{
	MemoryContextDelete(reader->hash_context);
	pfree(reader);
}

/*
 * Read the whole database: one pass over each catalog.
 *
 * The passes must come in this order, because each skips what the ones
 * before have not found.
 */
void
relnav_read_everything(RelnavReader *reader)
{
	MemoryContext old = MemoryContextSwitchTo(reader->context);
	Relation	catalog;
	SysScanDesc scan;
	HeapTuple	tuple;
	HASH_SEQ_STATUS status;
	ReaderEntry *entry;
	List	   *keys = NIL;
	List	   *with_keys = NIL;
	bool		all_indexes;
	ListCell   *lc;

	/* What was declared, and so may ask for proofs of any table. */
	all_indexes = load_all_declarations(reader);

	/* Relations. */
	catalog = table_open(RelationRelationId, AccessShareLock);
	scan = systable_beginscan(catalog, InvalidOid, false, NULL, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);

		if (form->relkind == RELKIND_INDEX ||
			form->relkind == RELKIND_PARTITIONED_INDEX ||
			form->relkind == RELKIND_TOASTVALUE ||
			form->relkind == RELKIND_SEQUENCE ||
			form->oid < FirstNormalObjectId)
			continue;
		entry = get_entry(reader, form->oid);
		entry->rel = make_relation(reader, form);
		entry->rel_read = true;
		if (entry->rel != NULL)
		{
			entry->raw = palloc0(sizeof(RelnavTable));
			entry->raw->rel = entry->rel;
			all_indexes |= relnav_is_view(entry->rel);
		}
		entry->raw_read = true;
		entry->incoming_read = true;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);

	/* Their columns. */
	catalog = table_open(AttributeRelationId, AccessShareLock);
	scan = systable_beginscan(catalog, InvalidOid, false, NULL, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_attribute form = (Form_pg_attribute) GETSTRUCT(tuple);

		if (form->attnum <= 0 || form->attisdropped ||
			form->attrelid < FirstNormalObjectId)
			continue;
		entry = hash_search(reader->entries, &form->attrelid, HASH_FIND, NULL);
		if (entry && entry->raw)
			add_column(entry, form);
		CHECK_FOR_INTERRUPTS();
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);

	/*
	 * Foreign keys, and NOT NULL constraints that are not valid.  A key is
	 * made when both tables' columns are complete.
	 */
	catalog = table_open(ConstraintRelationId, AccessShareLock);
	scan = systable_beginscan(catalog, InvalidOid, false, NULL, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);

		if (form->contype == CONSTRAINT_FOREIGN)
		{
			if (!OidIsValid(form->conparentid))
				keys = lappend(keys, heap_copytuple(tuple));
		}
		else if (form->contype == CONSTRAINT_NOTNULL && !form->convalidated)
		{
			entry = hash_search(reader->entries, &form->conrelid, HASH_FIND,
								NULL);
			if (entry && entry->raw)
				add_doubtful_not_null(entry, tuple);
		}
		CHECK_FOR_INTERRUPTS();
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);

	hash_seq_init(&status, reader->entries);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		if (entry->raw)
			finish_raw_table(entry);
	}
	reader->complete = true;

	foreach(lc, keys)
	{
		tuple = lfirst(lc);
		entry = hash_search(reader->entries,
							&((Form_pg_constraint) GETSTRUCT(tuple))->conrelid,
							HASH_FIND, NULL);
		if (entry && entry->raw)
			add_constraint(reader, entry, tuple);
		CHECK_FOR_INTERRUPTS();
	}
	list_free_deep(keys);

	/* Indexes. */
	catalog = table_open(IndexRelationId, AccessShareLock);
	scan = systable_beginscan(catalog, InvalidOid, false, NULL, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);
		RelnavIndex *index;

		if (form->indrelid < FirstNormalObjectId)
			continue;
		entry = hash_search(reader->entries, &form->indrelid, HASH_FIND, NULL);

		/*
		 * Where all relationships are by foreign keys, an index matters only
		 * at the tables that have them; a partitioned table may have those of
		 * its partitions.
		 */
		if (entry == NULL || entry->raw == NULL ||
			(!all_indexes && entry->raw->foreign_keys == NIL &&
			 entry->rel->relkind != RELKIND_PARTITIONED_TABLE))
			continue;
		index = make_index(tuple, RelationGetDescr(catalog));
		if (index)
			entry->raw->indexes = lappend(entry->raw->indexes, index);
		CHECK_FOR_INTERRUPTS();
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);

	/* Put the keys in order, and note them at the tables they reference. */
	hash_seq_init(&status, reader->entries);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		if (entry->raw &&
			(entry->raw->foreign_keys != NIL ||
			 entry->rel->relkind == RELKIND_PARTITIONED_TABLE))
			with_keys = lappend(with_keys, (void *) entry->rel);
	}
	list_sort(with_keys, compare_relations);
	foreach(lc, with_keys)
	{
		RelnavTable *table = relnav_find_table(reader,
											   ((RelnavRelation *) lfirst(lc))->relid);
		ListCell   *lk;

		foreach(lk, table->foreign_keys)
		{
			RelnavForeignKey *fk = lfirst(lk);

			entry = get_entry(reader, fk->pk_rel->relid);
			entry->incoming = lappend(entry->incoming, fk);
		}
	}

	MemoryContextSwitchTo(old);
}

/*
 * The relations of users, of which a listing of the database consists, as a
 * List of RelnavRelation in the order of schema and name.  The shards that
 * Citus keeps on a worker are none: they are parts of a table that is there,
 * and their keys are that table's.
 *
 * For a reader that has read everything.
 */
List *
relnav_get_user_tables(RelnavReader *reader)
{
	List	   *result = NIL;
	HASH_SEQ_STATUS status;
	ReaderEntry *entry;
	Oid			shard_function;
	ListCell   *lc;

	Assert(reader->complete);
	hash_seq_init(&status, reader->entries);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		if (entry->rel && relnav_is_user_relation(entry->rel))
			result = lappend(result, entry->rel);
	}

	shard_function = find_shard_function();
	if (OidIsValid(shard_function))
	{
		foreach(lc, result)
		{
			Oid			relid = ((RelnavRelation *) lfirst(lc))->relid;

			if (DatumGetBool(OidFunctionCall1(shard_function,
											  ObjectIdGetDatum(relid))))
				result = foreach_delete_current(result, lc);
		}
	}
	list_sort(result, compare_relations);
	return result;
}

/*
 * The function by which Citus tells a shard from other tables; InvalidOid
 * where there is no Citus.
 */
static Oid
find_shard_function(void)
{
	Oid			citus = get_extension_oid("citus", true);
	Oid			argtype = REGCLASSOID;
	Oid			function;

	if (!OidIsValid(citus))
		return InvalidOid;
	function = LookupFuncName(list_make2(makeString("pg_catalog"),
										 makeString("relation_is_a_known_shard")),
							  1, &argtype, true);
	if (!OidIsValid(function) || get_func_rettype(function) != BOOLOID ||
		getExtensionOfObject(ProcedureRelationId, function) != citus)
		return InvalidOid;
	return function;
}

/*
 * A relation's name and kind, or NULL if there is no such relation, or it is
 * none that has rows.
 */
const RelnavRelation *
relnav_find_relation(RelnavReader *reader, Oid relid)
{
	ReaderEntry *entry = get_entry(reader, relid);

	if (!entry->rel_read && !reader->complete)
	{
		HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));

		if (HeapTupleIsValid(tuple))
		{
			MemoryContext old = MemoryContextSwitchTo(reader->context);

			entry->rel = make_relation(reader, (Form_pg_class) GETSTRUCT(tuple));
			MemoryContextSwitchTo(old);
			ReleaseSysCache(tuple);
		}
		entry->rel_read = true;
	}
	return entry->rel;
}

/*
 * The facts about a table, or NULL if there is no such table.  The result is
 * the reader's.
 */
RelnavTable *
relnav_find_table(RelnavReader *reader, Oid relid)
{
	ReaderEntry *entry = get_entry(reader, relid);

	if (!entry->table_read)
	{
		RelnavTable *raw = get_raw_table(reader, relid);

		if (raw)
		{
			MemoryContext old = MemoryContextSwitchTo(reader->context);
			RelnavTable *table = make_table(reader, raw);

			MemoryContextSwitchTo(old);

			/* The hash table may have grown, so look the entry up again. */
			entry = get_entry(reader, relid);
			entry->table = table;
		}
		entry->table_read = true;
	}
	return entry->table;
}

/*
 * The foreign keys that reference a table, as a List of RelnavForeignKey in
 * the order of the referencing tables' schemas and names.  The result is the
 * reader's.
 */
List *
relnav_get_incoming_keys(RelnavReader *reader, Oid relid)
{
	ReaderEntry *entry = get_entry(reader, relid);

	if (!entry->incoming_read && !reader->complete)
	{
		MemoryContext old = MemoryContextSwitchTo(reader->context);
		List	   *incoming = NIL;
		ListCell   *lc;

		foreach(lc, find_referencing_tables(reader, relid))
		{
			RelnavTable *table;
			ListCell   *lk;

			CHECK_FOR_INTERRUPTS();

			table = relnav_find_table(reader,
									  ((RelnavRelation *) lfirst(lc))->relid);
			if (table == NULL)
				continue;
			foreach(lk, table->foreign_keys)
			{
				RelnavForeignKey *fk = lfirst(lk);

				if (fk->pk_rel->relid == relid)
					incoming = lappend(incoming, fk);
			}
		}
		MemoryContextSwitchTo(old);

		entry = get_entry(reader, relid);
		entry->incoming = incoming;
		entry->incoming_read = true;
	}
	return entry->incoming;
}

/*
 * What was declared with a relation as its source, or as its target if there
 * is an inverse, as a List of RelnavDeclaration by source and name.  The
 * result is the reader's.
 */
List *
relnav_get_declarations(RelnavReader *reader, Oid relid)
{
	ReaderEntry *entry = get_entry(reader, relid);

	if (!entry->declarations_read && !reader->complete)
	{
		MemoryContext old = MemoryContextSwitchTo(reader->context);

		entry->declarations_read = true;
		load_declarations(reader, entry);
		MemoryContextSwitchTo(old);
	}
	return entry->declarations;
}

/*
 * The OIDs of the relations from where a declaration without an inverse leads
 * to this one, which its own listing does not say.  The result is in the
 * current memory context.
 */
List *
relnav_find_one_way_sources(RelnavReader *reader, Oid relid)
{
	Relation	rel;
	List	   *result = NIL;
	ListCell   *lc;

	if (!reader->declared_found)
		prepare_declarations(reader);
	if (!OidIsValid(reader->declared_relid))
		return NIL;
	rel = try_relation_open(reader->declared_relid, AccessShareLock);
	if (rel == NULL)
		return NIL;
	foreach(lc, scan_declarations(rel, reader->declared_by_target,
								  DECLARED_TARGET, relid))
	{
		RelnavDeclaration *declaration = lfirst(lc);

		if (declaration->inverse == NULL)
			result = list_append_unique_oid(result, declaration->source);
	}
	relation_close(rel, AccessShareLock);
	return result;
}

/*
 * The query of a view or materialized view, in the current memory context;
 * NULL if there is none.
 *
 * It is read from the catalog, without a lock, and may be looked at but not
 * run: what it mentions may be gone.
 */
Query *
relnav_find_view_query(Oid relid)
{
	HeapTuple	tuple = SearchSysCache2(RULERELNAME, ObjectIdGetDatum(relid),
										PointerGetDatum(ViewSelectRuleName));
	Query	   *result = NULL;
	Datum		action;
	bool		isnull;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	action = SysCacheGetAttr(RULERELNAME, tuple, Anum_pg_rewrite_ev_action,
							 &isnull);
	if (!isnull)
	{
		List	   *queries = (List *) stringToNode(TextDatumGetCString(action));

		if (list_length(queries) == 1)
			result = linitial_node(Query, queries);
	}
	ReleaseSysCache(tuple);
	return result;
}

/*
 * The OIDs of all views and materialized views of a name.
 */
List *
relnav_find_views_named(const char *name)
{
	Relation	catalog = table_open(RelationRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *result = NIL;

	ScanKeyInit(&key, Anum_pg_class_relname,
				BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum(name));
	scan = systable_beginscan(catalog, ClassNameNspIndexId, true, NULL,
							  1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);

		if (form->relkind == RELKIND_VIEW || form->relkind == RELKIND_MATVIEW)
			result = lappend_oid(result, form->oid);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return result;
}

/*
 * The OIDs of the partitioned tables above a partition, nearest first; NIL if
 * the relation is no partition.  The result is the reader's.
 *
 * As get_partition_ancestors(), but thousands of partitions have the same
 * ones, which are asked for again and again.
 */
List *
relnav_find_partition_ancestors(RelnavReader *reader, Oid relid)
{
	const RelnavRelation *rel = relnav_find_relation(reader, relid);
	ReaderEntry *entry = get_entry(reader, relid);

	check_stack_depth();

	if (!entry->ancestors_read && rel && rel->is_partition)
	{
		Oid			parent = find_partition_parent(relid);

		if (OidIsValid(parent))
		{
			List	   *above = relnav_find_partition_ancestors(reader, parent);
			MemoryContext old = MemoryContextSwitchTo(reader->context);

			entry->ancestors = lcons_oid(parent, list_copy(above));
			MemoryContextSwitchTo(old);
		}
	}
	entry->ancestors_read = true;
	return entry->ancestors;
}

/*
 * The partitioned table that a relation is a partition of, InvalidOid if there
 * is none, or it is being detached.
 */
static Oid
find_partition_parent(Oid relid)
{
	Relation	catalog = table_open(InheritsRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	Oid			result = InvalidOid;

	ScanKeyInit(&key, Anum_pg_inherits_inhrelid,
				BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, InheritsRelidSeqnoIndexId, true, NULL,
							  1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_inherits form = (Form_pg_inherits) GETSTRUCT(tuple);

		if (!form->inhdetachpending)
			result = form->inhparent;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return result;
}

/* The topmost of them, or InvalidOid. */
static Oid
find_partition_root(RelnavReader *reader, Oid relid)
{
	List	   *ancestors = relnav_find_partition_ancestors(reader, relid);

	return ancestors == NIL ? InvalidOid : llast_oid(ancestors);
}

/*
 * The triggers of foreign keys that a table's rows fire, and what users have
 * added to them.
 *
 * These are the triggers themselves, not what the keys say: keys that are not
 * enforced have none, and each partition has its own.  Opens
 * the table, and leaves it locked in ACCESS SHARE mode.  The result is the
 * reader's.
 */
RelnavTriggers *
relnav_get_triggers(RelnavReader *reader, Oid relid)
{
	MemoryContext old = MemoryContextSwitchTo(reader->context);
	RelnavTriggers *result = palloc0(sizeof(RelnavTriggers));
	Relation	rel = table_open(relid, AccessShareLock);
	const TriggerDesc *desc;
	int			i;

	/*
	 * The relcache has them by name, as they fire.  It does not keep them at
	 * their place when it is told of a change, not even of a table that is
	 * open, and we are going to read catalogs; so take a copy.
	 */
	desc = CopyTriggerDesc(rel->trigdesc);
	for (i = 0; desc && i < desc->numtriggers; i++)
	{
		const Trigger *trigger = &desc->triggers[i];
		RelnavKeyTrigger *key;
		RelnavReaction reaction;
		bool		update;

		if (!trigger->tgisinternal)
		{
			if (!fires(trigger->tgenabled))
				continue;
			if (TRIGGER_FOR_DELETE(trigger->tgtype))
				result->user_on_delete = lappend(result->user_on_delete,
												 psprintf("trigger \"%s\"", trigger->tgname));
			if (TRIGGER_FOR_UPDATE(trigger->tgtype))
				result->user_on_update = lappend(result->user_on_update,
												 psprintf("trigger \"%s\"", trigger->tgname));
			continue;
		}
		if (!get_reaction(trigger->tgfoid, &reaction, &update) ||
			(!fires(trigger->tgenabled) && reaction != RELNAV_CHECK))
			continue;
		key = make_key_trigger(reader, trigger, reaction);
		if (key == NULL)
			continue;
		if (reaction == RELNAV_CHECK)
			result->checks = lappend(result->checks, key);
		else if (update)
			result->on_update = lappend(result->on_update, key);
		else
			result->on_delete = lappend(result->on_delete, key);
	}

	for (i = 0; rel->rd_rules && i < rel->rd_rules->numLocks; i++)
	{
		const RewriteRule *rule = rel->rd_rules->rules[i];

		if (!fires(rule->enabled))
			continue;
		if (rule->event == CMD_DELETE)
			result->user_on_delete = lappend(result->user_on_delete,
											 psprintf("rule \"%s\"", get_rule_name(rule->ruleId)));
		if (rule->event == CMD_UPDATE)
			result->user_on_update = lappend(result->user_on_update,
											 psprintf("rule \"%s\"", get_rule_name(rule->ruleId)));
	}
	table_close(rel, NoLock);
	MemoryContextSwitchTo(old);
	return result;
}

/*
 * What else could keep some columns of a table from being set: its check
 * constraints and unique indexes on any of them, as a List of texts in the
 * current memory context.  Set to null, as the caller says, they are only in
 * the way of indexes for which nulls are equal.  The table must be locked.
 */
List *
relnav_get_further_rules(Oid relid, const RelnavColumn *columns, int n,
						 bool nulls)
{
	Relation	rel = table_open(relid, NoLock);
	const TupleConstr *constr = RelationGetDescr(rel)->constr;
	Bitmapset  *set = NULL;
	List	   *result = NIL;
	ListCell   *lc;
	int			i;

	for (i = 0; i < n; i++)
		set = bms_add_member(set, columns[i].attnum -
							 FirstLowInvalidHeapAttributeNumber);

	for (i = 0; constr && i < constr->num_check; i++)
	{
		Bitmapset  *used = NULL;

		pull_varattnos(stringToNode(constr->check[i].ccbin), 1, &used);
		if (bms_overlap(used, set) ||
			bms_is_member(-FirstLowInvalidHeapAttributeNumber, used))
			result = lappend(result, psprintf("check constraint \"%s\" is not tried",
											  constr->check[i].ccname));
	}

	foreach(lc, RelationGetIndexList(rel))
	{
		Relation	index = index_open(lfirst_oid(lc), AccessShareLock);
		const FormData_pg_index *form = index->rd_index;
		bool		concerned = false;

		for (i = 0; i < form->indnatts; i++)
		{
			/* 0 is an expression, of whatever columns. */
			concerned |= form->indkey.values[i] == 0 ||
				bms_is_member(form->indkey.values[i] -
							  FirstLowInvalidHeapAttributeNumber, set);
		}
		if (concerned && (form->indisunique || form->indisexclusion) &&
			(!nulls || form->indnullsnotdistinct ||
			 RelationGetIndexExpressions(index) != NIL))
			result = lappend(result, psprintf("unique index \"%s\" is not tried",
											  RelationGetRelationName(index)));
		index_close(index, AccessShareLock);
	}
	table_close(rel, NoLock);
	return result;
}

/* A rule's name. */
static char *
get_rule_name(Oid rule)
{
	Relation	catalog = table_open(RewriteRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	char	   *result = NULL;

	ScanKeyInit(&key, Anum_pg_rewrite_oid,
				BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(rule));
	scan = systable_beginscan(catalog, RewriteOidIndexId, true, NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		result = pstrdup(NameStr(((Form_pg_rewrite) GETSTRUCT(tuple))->rulename));
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return result ? result : psprintf("%u", rule);
}

/*
 * Does a trigger, or a rule, whose codes are the same, fire in this session?
 * It is as in TriggerEnabled() and matchLocks().
 */
static bool
fires(char enabled)
{
	if (enabled == TRIGGER_DISABLED)
		return false;
	return enabled !=
		(SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA
		 ? TRIGGER_FIRES_ON_ORIGIN : TRIGGER_FIRES_ON_REPLICA);
}

/*
 * What a function of ri_triggers.c does, on deletion or update.  Returns false
 * if it is none, or only concerns insertions.
 */
static bool
get_reaction(Oid function, RelnavReaction *reaction, bool *update)
{
	switch (function)
	{
		case F_RI_FKEY_NOACTION_DEL:
		case F_RI_FKEY_NOACTION_UPD:
			*reaction = RELNAV_NO_ACTION;
			break;
		case F_RI_FKEY_RESTRICT_DEL:
		case F_RI_FKEY_RESTRICT_UPD:
			*reaction = RELNAV_RESTRICT;
			break;
		case F_RI_FKEY_CASCADE_DEL:
		case F_RI_FKEY_CASCADE_UPD:
			*reaction = RELNAV_CASCADE;
			break;
		case F_RI_FKEY_SETNULL_DEL:
		case F_RI_FKEY_SETNULL_UPD:
			*reaction = RELNAV_SET_NULL;
			break;
		case F_RI_FKEY_SETDEFAULT_DEL:
		case F_RI_FKEY_SETDEFAULT_UPD:
			*reaction = RELNAV_SET_DEFAULT;
			break;
		case F_RI_FKEY_CHECK_UPD:
			*reaction = RELNAV_CHECK;
			break;
		default:
			return false;
	}
	*update = function == F_RI_FKEY_NOACTION_UPD ||
		function == F_RI_FKEY_RESTRICT_UPD ||
		function == F_RI_FKEY_CASCADE_UPD ||
		function == F_RI_FKEY_SETNULL_UPD ||
		function == F_RI_FKEY_SETDEFAULT_UPD;
	return true;
}

/*
 * Make the description of a trigger from its constraint; NULL if that has
 * vanished meanwhile.
 */
static RelnavKeyTrigger *
make_key_trigger(RelnavReader *reader, const Trigger *trigger,
				 RelnavReaction reaction)
{
	RelnavKeyTrigger *result = palloc0(sizeof(RelnavKeyTrigger));
	HeapTuple	tuple = SearchSysCache1(CONSTROID,
										ObjectIdGetDatum(trigger->tgconstraint));
	AttrNumber	conkey[INDEX_MAX_KEYS];
	AttrNumber	confkey[INDEX_MAX_KEYS];
	AttrNumber	set[INDEX_MAX_KEYS];
	Form_pg_constraint form;
	RelnavTable *table;
	int			nkeys;
	int			nset;
	int			i;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	form = (Form_pg_constraint) GETSTRUCT(tuple);
	table = get_raw_table(reader, form->conrelid);
	result->fk = table ? make_foreign_key(reader, table, tuple) : NULL;
	if (result->fk == NULL)
	{
		ReleaseSysCache(tuple);
		return NULL;
	}

	result->reaction = reaction;
	result->disabled = !fires(trigger->tgenabled);
	result->deferred = trigger->tgdeferrable && trigger->tginitdeferred;
	result->match_full = form->confmatchtype == FKCONSTR_MATCH_FULL;

	/* Of some columns only if the key says so, and only on deletion. */
	DeconstructFkConstraintRow(tuple, &nkeys, conkey, confkey,
							   NULL, NULL, NULL, &nset, set);
	if (nset == 0 || !TRIGGER_FOR_DELETE(trigger->tgtype))
	{
		nset = nkeys;
		memcpy(set, conkey, sizeof(AttrNumber) * nkeys);
	}
	result->set = palloc(sizeof(int) * nkeys);
	for (i = 0; i < nkeys; i++)
	{
		int			k;

		for (k = 0; k < nset; k++)
		{
			if (set[k] == conkey[i])
				break;
		}
		if (k < nset)
			result->set[result->nset++] = i;
	}
	result->root = form->oid;
	ReleaseSysCache(tuple);

	/* The topmost constraint is the one that people know. */
	for (;;)
	{
		Oid			parent;

		tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(result->root));
		if (!HeapTupleIsValid(tuple))
			break;
		form = (Form_pg_constraint) GETSTRUCT(tuple);
		result->fk->name = pstrdup(NameStr(form->conname));
		parent = form->conparentid;
		ReleaseSysCache(tuple);
		if (!OidIsValid(parent))
			break;
		result->root = parent;
	}
	return result;
}

/*
 * The OIDs of all relations that the reader was asked about, itself or by
 * others, as a List in the current memory context.
 */
List *
relnav_get_relids_read(RelnavReader *reader)
{
	List	   *result = NIL;
	HASH_SEQ_STATUS status;
	ReaderEntry *entry;

	hash_seq_init(&status, reader->entries);
	while ((entry = hash_seq_search(&status)) != NULL)
		result = lappend_oid(result, entry->relid);
	return result;
}

/*
 * Has only one relation, of those that can be met by relationships, this
 * name?
 */
bool
relnav_is_only_relation_named(const char *name)
{
	Relation	catalog = table_open(RelationRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	int			count = 0;

	ScanKeyInit(&key, Anum_pg_class_relname,
				BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum(name));
	scan = systable_beginscan(catalog, ClassNameNspIndexId, true, NULL,
							  1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		switch (((Form_pg_class) GETSTRUCT(tuple))->relkind)
		{
			case RELKIND_RELATION:
			case RELKIND_PARTITIONED_TABLE:
			case RELKIND_FOREIGN_TABLE:
			case RELKIND_VIEW:
			case RELKIND_MATVIEW:
				count++;
				break;
			default:
				break;
		}
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return count == 1;
}

/*
 * Does the statement's snapshot see a relation?  It may have been dropped all
 * the same.
 */
bool
relnav_statement_sees_relation(Oid relid)
{
	Relation	catalog = table_open(RelationRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	bool		result;

	ScanKeyInit(&key, Anum_pg_class_oid,
				BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, ClassOidIndexId, true,
							  GetActiveSnapshot(), 1, &key);
	result = HeapTupleIsValid(systable_getnext(scan));
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return result;
}

/*
 * Is there a "_" in the text with the name of a schema before it?
 */
bool
relnav_could_be_schema_and_name(const char *text)
{
	char	   *schema = pstrdup(text);
	char	   *end;

	while ((end = strrchr(schema, '_')) != NULL)
	{
		*end = '\0';
		if (strlen(schema) < NAMEDATALEN &&
			(OidIsValid(get_namespace_oid(schema, true)) ||
			 strcmp(schema, "pg_temp") == 0))
			return true;
	}
	return false;
}

/*
 * A table's column by name, or NULL.
 */
const RelnavColumn *
relnav_find_column(const RelnavTable *table, const char *name)
{
	int			i;

	for (i = 0; i < table->ncolumns; i++)
	{
		if (strcmp(table->columns[i].name, name) == 0)
			return &table->columns[i];
	}
	return NULL;
}

/*
 * The OIDs of a relation's ancestors by partitioning, nearest first; NIL if
 * it is no partition.
 */
List *
relnav_get_partition_ancestors(Oid relid)
{
	return get_rel_relispartition(relid) ? get_partition_ancestors(relid) : NIL;
}

/*
 * The OIDs of all partitions of a table, at all levels; NIL if it is not
 * partitioned.  They are not locked.
 */
List *
relnav_get_partitions(Oid relid)
{
	if (get_rel_relkind(relid) != RELKIND_PARTITIONED_TABLE)
		return NIL;
	return list_delete_oid(find_all_inheritors(relid, NoLock, NULL), relid);
}

/*
 * Does a relation belong into a listing of the database?  Not if it is the
 * server's, another session's temporary table, or ours.
 */
bool
relnav_is_user_relation(const RelnavRelation *rel)
{
	return strcmp(rel->schema, "information_schema") != 0 &&
		strcmp(rel->schema, "relnav") != 0 &&
		strncmp(rel->schema, "pg_toast", 8) != 0 &&
		strcmp(rel->schema, "pg_catalog") != 0;
}

/*
 * Find a relation's entry, or make an empty one.
 */
static ReaderEntry *
get_entry(RelnavReader *reader, Oid relid)
{
	bool		found;
	ReaderEntry *entry = hash_search(reader->entries, &relid, HASH_ENTER,
									 &found);

	if (!found)
	{
		memset(entry, 0, sizeof(ReaderEntry));
		entry->relid = relid;
	}
	return entry;
}

/*
 * Make the description of a relation; NULL for those without rows, and for
 * temporary tables of other sessions.
 */
static RelnavRelation *
make_relation(RelnavReader *reader, Form_pg_class form)
{
	RelnavRelation *rel;
	const char *schema;
	List	   *children = NIL;
	ListCell   *lc;

	switch (form->relkind)
	{
		case RELKIND_RELATION:
		case RELKIND_PARTITIONED_TABLE:
		case RELKIND_FOREIGN_TABLE:
		case RELKIND_VIEW:
		case RELKIND_MATVIEW:
			break;
		default:
			return NULL;
	}

	if (form->relpersistence == RELPERSISTENCE_TEMP &&
		isOtherTempNamespace(form->relnamespace))
		return NULL;

	/* The real name of a session's own temporary schema is different in each. */
	schema = isTempNamespace(form->relnamespace)
		? "pg_temp" : get_namespace_name(form->relnamespace);
	if (schema == NULL)
		return NULL;			/* dropped just now */

	rel = palloc(sizeof(RelnavRelation));
	rel->relid = form->oid;
	rel->schema = schema;
	rel->name = pstrdup(NameStr(form->relname));
	rel->relkind = form->relkind;
	rel->is_partition = form->relispartition;

	/*
	 * The flag stays when the last child goes, and only that child is told of
	 * a change.
	 */
	if (form->relkind == RELKIND_RELATION && form->relhassubclass)
		children = find_inheritance_children(form->oid, NoLock);
	rel->has_children = children != NIL;
	foreach(lc, children)
		(void) get_entry(reader, lfirst_oid(lc));
	rel->row_security = form->relrowsecurity;
	return rel;
}

/*
 * A table's columns, indexes and its own foreign keys as they stand in the
 * catalogs, or NULL.
 */
static RelnavTable *
get_raw_table(RelnavReader *reader, Oid relid)
{
	ReaderEntry *entry = get_entry(reader, relid);

	if (!entry->raw_read && !reader->complete)
	{
		MemoryContext old = MemoryContextSwitchTo(reader->context);

		/*
		 * The hash table may grow while we load, which does not move entries:
		 * dynahash allocates them in chunks and links them.
		 */
		entry->raw_read = true;
		if (relnav_find_relation(reader, relid) != NULL)
		{
			RelnavTable *raw = palloc0(sizeof(RelnavTable));

			raw->rel = entry->rel;
			entry->raw = raw;
			load_columns(entry);
			load_constraints(reader, entry);
			load_indexes(entry);
		}
		MemoryContextSwitchTo(old);
	}
	return entry->raw;
}

/*
 * Turn the list of columns into the table's array, by attnum.  A column is
 * proven not null unless its constraint is not valid: attnotnull says nothing
 * about that.
 */
static void
finish_raw_table(ReaderEntry *entry)
{
	RelnavTable *raw = entry->raw;
	ListCell   *lc;
	int			i = 0;
	AttrNumber	last = 0;

	raw->ncolumns = list_length(entry->columns);
	raw->columns = palloc(sizeof(RelnavColumn) * Max(raw->ncolumns, 1));
	foreach(lc, entry->columns)
	{
		RelnavColumn *column = lfirst(lc);
		int			at = i++;

		/* Nearly always in order already. */
		if (column->attnum < last)
		{
			while (at > 0 && raw->columns[at - 1].attnum > column->attnum)
			{
				raw->columns[at] = raw->columns[at - 1];
				at--;
			}
		}
		else
			last = column->attnum;
		raw->columns[at] = *column;
		if (list_member_int(entry->doubtful, column->attnum))
			raw->columns[at].not_null = false;
	}
	list_free_deep(entry->columns);
	entry->columns = NIL;
}

/* Collect the columns of one table. */
static void
load_columns(ReaderEntry *entry)
{
	Relation	catalog = table_open(AttributeRelationId, AccessShareLock);
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key[0], Anum_pg_attribute_attrelid,
				BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(entry->relid));
	ScanKeyInit(&key[1], Anum_pg_attribute_attnum,
				BTGreaterStrategyNumber, F_INT2GT,
				Int16GetDatum(0));
	scan = systable_beginscan(catalog, AttributeRelidNumIndexId, true, NULL,
							  2, key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_attribute form = (Form_pg_attribute) GETSTRUCT(tuple);

		if (!form->attisdropped)
			add_column(entry, form);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
}

/* Add one column to those collected. */
static void
add_column(ReaderEntry *entry, Form_pg_attribute form)
{
	RelnavColumn *column = palloc(sizeof(RelnavColumn));

	column->attnum = form->attnum;
	column->name = pstrdup(NameStr(form->attname));
	column->type = form->atttypid;
	column->typmod = form->atttypmod;
	column->collation = form->attcollation;
	column->deterministic = is_deterministic(form->attcollation);
	column->not_null = form->attnotnull;
	entry->columns = lappend(entry->columns, column);
}

/*
 * Is a collation deterministic, if it is one?  So is one that has just been
 * dropped, with all columns of it.
 */
static bool
is_deterministic(Oid collation)
{
	HeapTuple	tuple;
	bool		result;

	if (!OidIsValid(collation))
		return true;
	tuple = SearchSysCache1(COLLOID, ObjectIdGetDatum(collation));
	if (!HeapTupleIsValid(tuple))
		return true;
	result = ((Form_pg_collation) GETSTRUCT(tuple))->collisdeterministic;
	ReleaseSysCache(tuple);
	return result;
}

/*
 * Read one table's foreign keys.  Constraints are scanned twice, because the
 * columns must be complete when a key is made of them; the second scan finds
 * everything in memory.
 */
static void
load_constraints(RelnavReader *reader, ReaderEntry *entry)
{
	Relation	catalog = table_open(ConstraintRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *keys = NIL;
	ListCell   *lc;

	ScanKeyInit(&key, Anum_pg_constraint_conrelid,
				BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(entry->relid));
	scan = systable_beginscan(catalog, ConstraintRelidTypidNameIndexId, true,
							  NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);

		if (form->contype == CONSTRAINT_NOTNULL && !form->convalidated)
			add_doubtful_not_null(entry, tuple);
		else if (form->contype == CONSTRAINT_FOREIGN)
			keys = lappend(keys, heap_copytuple(tuple));
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);

	finish_raw_table(entry);
	foreach(lc, keys)
		add_constraint(reader, entry, lfirst(lc));
	list_free_deep(keys);
}

/* Note the column of a NOT NULL constraint that is not valid. */
static void
add_doubtful_not_null(ReaderEntry *entry, HeapTuple tuple)
{
	Datum		datum;
	bool		isnull;
	Datum	   *attnums;
	int			n;

	datum = SysCacheGetAttr(CONSTROID, tuple, Anum_pg_constraint_conkey,
							&isnull);
	if (isnull)
		return;
	deconstruct_array(DatumGetArrayTypeP(datum), INT2OID, sizeof(int16), true,
					  TYPALIGN_SHORT, &attnums, NULL, &n);
	if (n == 1)
		entry->doubtful = lappend_int(entry->doubtful,
									  DatumGetInt16(attnums[0]));
}

/* Add a foreign key to its table, unless it is only a part of another one. */
static void
add_constraint(RelnavReader *reader, ReaderEntry *entry, HeapTuple tuple)
{
	Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);
	RelnavForeignKey *fk;

	if (OidIsValid(form->conparentid))
		return;
	fk = make_foreign_key(reader, entry->raw, tuple);
	if (fk)
		entry->raw->foreign_keys = lappend(entry->raw->foreign_keys, fk);
}

/*
 * Make a foreign key from its pg_constraint row.  Returns NULL if one of its
 * tables or columns has vanished meanwhile.
 */
static RelnavForeignKey *
make_foreign_key(RelnavReader *reader, RelnavTable *table, HeapTuple tuple)
{
	Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);
	RelnavForeignKey *fk;
	int			nkeys;
	AttrNumber	conkey[INDEX_MAX_KEYS];
	AttrNumber	confkey[INDEX_MAX_KEYS];
	Oid			pf_eqop[INDEX_MAX_KEYS];
	Oid			pp_eqop[INDEX_MAX_KEYS];
	Oid			ff_eqop[INDEX_MAX_KEYS];
	int			i;

	DeconstructFkConstraintRow(tuple, &nkeys, conkey, confkey,
							   pf_eqop, pp_eqop, ff_eqop, NULL, NULL);

	fk = allocate_key(nkeys);
	fk->origin = RELNAV_FOREIGN_KEY;
	fk->oid = form->oid;
	fk->name = pstrdup(NameStr(form->conname));
	fk->table = table;
	fk->pk_rel = relnav_find_relation(reader, form->confrelid);
	fk->fk_cols = find_columns(reader, form->conrelid, conkey, fk->nkeys);
	if (fk->pk_rel == NULL || fk->fk_cols == NULL)
		return NULL;
	fk->pk_cols = find_columns(reader, form->confrelid, confkey, fk->nkeys);
	if (fk->pk_cols == NULL)
		return NULL;

	for (i = 0; i < fk->nkeys; i++)
	{
		fk->pf_eqop[i] = pf_eqop[i];
		find_families(reader, fk, i, pp_eqop[i], ff_eqop[i]);
	}
	fk->on_delete = get_action_name(form->confdeltype);
	fk->validated = form->convalidated;
	fk->enforced = RelnavConstraintIsEnforced(form);
	fk->temporal = RelnavConstraintIsTemporal(form);
	return fk;
}

/* A key without columns yet. */
static RelnavForeignKey *
allocate_key(int nkeys)
{
	RelnavForeignKey *fk = palloc0(sizeof(RelnavForeignKey));

	fk->nkeys = nkeys;
	fk->pf_eqop = palloc(sizeof(Oid) * nkeys);
	fk->pp_eqop = palloc(sizeof(Oid) * nkeys);
	fk->pf_families = palloc(sizeof(List *) * nkeys);
	fk->pp_families = palloc(sizeof(List *) * nkeys);
	fk->ff_families = palloc(sizeof(List *) * nkeys);
	return fk;
}

/* Set the operator families of one pair of a key's columns. */
static void
find_families(RelnavReader *reader, RelnavForeignKey *fk, int i,
			  Oid pp_eqop, Oid ff_eqop)
{
	fk->pp_eqop[i] = pp_eqop;
	fk->pf_families[i] = get_equality_families(reader, fk->pf_eqop[i]);
	fk->pp_families[i] = get_equality_families(reader, pp_eqop);
	fk->ff_families[i] = get_equality_families(reader, ff_eqop);
}

/*
 * Make the key of a declaration: columns of one relation that hold the values
 * of another's.  The columns are borrowed.
 *
 * Returns NULL if there is no operator by which the columns of some pair can
 * be compared, and its number in *unmatched.
 */
RelnavForeignKey *
relnav_make_key(RelnavReader *reader, RelnavTable *table,
				RelnavColumn *fk_cols, const RelnavTable *pk_table,
				RelnavColumn *pk_cols, int nkeys, int *unmatched)
{
	RelnavForeignKey *fk = allocate_key(nkeys);
	int			i;

	fk->origin = RELNAV_DECLARED;
	fk->table = table;
	fk->pk_rel = pk_table->rel;
	fk->pk_table = pk_table;
	fk->fk_cols = fk_cols;
	fk->pk_cols = pk_cols;
	for (i = 0; i < nkeys; i++)
	{
		Oid			pp_eqop;
		Oid			ff_eqop;

		if (!find_equality(getBaseType(pk_cols[i].type),
						   getBaseType(fk_cols[i].type),
						   &fk->pf_eqop[i], &pp_eqop, &ff_eqop))
		{
			*unmatched = i;
			return NULL;
		}
		find_families(reader, fk, i, pp_eqop, ff_eqop);
	}
	return fk;
}

/*
 * Find the operators by which a column can hold the values of another one, as
 * the server does for a foreign key: those of a family of the one type that
 * is its default for btree, else for hash, or that of the other type.  If the
 * family does not know the other type, its values must be converted
 * implicitly.
 */
static bool
find_equality(Oid pk_type, Oid fk_type,
			  Oid *pf_eqop, Oid *pp_eqop, Oid *ff_eqop)
{
	TypeCacheEntry *pk_entry = lookup_type_cache(pk_type,
												 TYPECACHE_BTREE_OPFAMILY |
												 TYPECACHE_HASH_OPFAMILY);
	TypeCacheEntry *fk_entry = lookup_type_cache(fk_type,
												 TYPECACHE_BTREE_OPFAMILY |
												 TYPECACHE_HASH_OPFAMILY);
	Oid			families[4];
	Oid			types[4];
	Oid			given[2];
	int			i;

	families[0] = pk_entry->btree_opf;
	types[0] = pk_entry->btree_opintype;
	families[1] = fk_entry->btree_opf;
	types[1] = fk_entry->btree_opintype;
	families[2] = pk_entry->hash_opf;
	types[2] = pk_entry->hash_opintype;
	families[3] = fk_entry->hash_opf;
	types[3] = fk_entry->hash_opintype;

	/* As they are. */
	for (i = 0; i < 4; i++)
	{
		int16		strategy = i < 2 ? BTEqualStrategyNumber : HTEqualStrategyNumber;
		Oid			pk_side = i % 2 == 0 ? types[i] : pk_type;
		Oid			fk_side = i % 2 == 0 ? fk_type : types[i];

		if (!OidIsValid(families[i]))
			continue;
		*pf_eqop = get_opfamily_member(families[i], pk_side, fk_side, strategy);
		*pp_eqop = get_opfamily_member(families[i], pk_side, pk_side, strategy);
		*ff_eqop = get_opfamily_member(families[i], fk_side, fk_side, strategy);
		if (OidIsValid(*pf_eqop) && OidIsValid(*pp_eqop) && OidIsValid(*ff_eqop))
			return true;
	}

	/* Converted to the type that the operator class is for. */
	given[0] = pk_type;
	given[1] = fk_type;
	for (i = 0; i < 4; i++)
	{
		int16		strategy = i < 2 ? BTEqualStrategyNumber : HTEqualStrategyNumber;
		Oid			wanted[2];

		wanted[0] = wanted[1] = types[i];
		if (!OidIsValid(families[i]) ||
			!can_coerce_type(2, given, wanted, COERCION_IMPLICIT))
			continue;
		*pf_eqop = *pp_eqop = *ff_eqop =
			get_opfamily_member(families[i], types[i], types[i], strategy);
		if (OidIsValid(*pf_eqop))
			return true;
	}
	return false;
}

/*
 * The table relnav.declared, and its schema; InvalidOid where the extension
 * is not installed.  Anybody could make a schema of this name before us, so it
 * must be the extension's.
 */
static Oid
find_declared_table(Oid *nsp)
{
	Oid			relid;

	*nsp = get_namespace_oid("relnav", true);
	if (!OidIsValid(*nsp))
		return InvalidOid;
	relid = get_relname_relid("declared", *nsp);
	if (!OidIsValid(relid) ||
		getExtensionOfObject(RelationRelationId, relid) !=
		get_extension_oid("relnav", true))
		return InvalidOid;
	return relid;
}

/*
 * Are a row's first columns those of relnav.declared as we know it?
 *
 * There may be more: a session that has loaded this library goes on with it
 * when ALTER EXTENSION UPDATE has come to a later version's script.  But the
 * owner of the table can also have altered it.
 */
bool
relnav_has_declared_columns(TupleDesc desc)
{
	static const Oid types[DECLARED_NCOLUMNS] = {
		REGCLASSOID, TEXTOID, NAMEARRAYOID, REGCLASSOID, NAMEARRAYOID,
		REGCLASSOID, NAMEARRAYOID, NAMEARRAYOID, TEXTOID, BOOLOID,
		REGCLASSOID, NAMEARRAYOID, BOOLOID
	};

	if (desc->natts < DECLARED_NCOLUMNS)
		return false;
	for (int i = 0; i < DECLARED_NCOLUMNS; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (att->attisdropped || att->atttypid != types[i])
			return false;
	}
	return true;
}

/*
 * Is a relation, which is open, the table relnav.declared as we know it?
 */
bool
relnav_is_declared_table(Relation rel)
{
	Oid			nsp;

	return RelationGetRelid(rel) == find_declared_table(&nsp) &&
		relnav_has_declared_columns(RelationGetDescr(rel));
}

/*
 * Find relnav.declared for a reader, once.  Mostly nothing is declared, and
 * then nobody need look again.
 */
static void
prepare_declarations(RelnavReader *reader)
{
	Oid			nsp;
	Oid			relid = find_declared_table(&nsp);
	Relation	rel;
	SysScanDesc scan;
	Snapshot	snapshot;

	reader->declared_found = true;
	if (!OidIsValid(relid))
		return;
	rel = try_relation_open(relid, AccessShareLock);
	if (rel == NULL)
		return;
	snapshot = RegisterSnapshot(GetCatalogSnapshot(relid));
	scan = systable_beginscan(rel, InvalidOid, false, SnapshotAny, 0, NULL);
	if (HeapTupleIsValid(get_next_declaration(scan, snapshot)))
	{
		reader->declared_relid = relid;
		reader->declared_by_source = get_relname_relid("declared_pkey", nsp);
		reader->declared_by_target = get_relname_relid("declared_target", nsp);
	}
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	relation_close(rel, AccessShareLock);
}

/* Collect what was declared about one relation. */
static void
load_declarations(RelnavReader *reader, ReaderEntry *entry)
{
	Relation	rel;
	ListCell   *lc;

	if (!reader->declared_found)
		prepare_declarations(reader);
	if (!OidIsValid(reader->declared_relid))
		return;
	rel = try_relation_open(reader->declared_relid, AccessShareLock);
	if (rel == NULL)
		return;
	entry->declarations = scan_declarations(rel, reader->declared_by_source,
											DECLARED_SOURCE, entry->relid);
	foreach(lc, scan_declarations(rel, reader->declared_by_target,
								  DECLARED_TARGET, entry->relid))
	{
		RelnavDeclaration *declaration = lfirst(lc);

		if (declaration->inverse && declaration->source != entry->relid)
			entry->declarations = lappend(entry->declarations, declaration);
	}
	relation_close(rel, AccessShareLock);
}

/*
 * Collect all that was declared.  Returns false if there is nothing.
 */
static bool
load_all_declarations(RelnavReader *reader)
{
	Oid			nsp;
	Oid			relid = find_declared_table(&nsp);
	Relation	rel;
	List	   *all;
	ListCell   *lc;

	if (!OidIsValid(relid))
		return false;
	rel = try_relation_open(relid, AccessShareLock);
	if (rel == NULL)
		return false;
	all = scan_declarations(rel, InvalidOid, InvalidAttrNumber, InvalidOid);
	foreach(lc, all)
	{
		RelnavDeclaration *declaration = lfirst(lc);
		ReaderEntry *entry = get_entry(reader, declaration->source);

		entry->declarations = lappend(entry->declarations, declaration);
		if (declaration->inverse && declaration->target != declaration->source)
		{
			entry = get_entry(reader, declaration->target);
			entry->declarations = lappend(entry->declarations, declaration);
		}
	}
	relation_close(rel, AccessShareLock);
	return all != NIL;
}

/*
 * The next row of relnav.declared in a scan with SnapshotAny, of those that a
 * snapshot sees; NULL if there is none.
 *
 * A scan with the snapshot itself would count as the user's own reading, and
 * a serializable transaction that navigates would fail because another one
 * declares something.  System catalogs are not read so either, but there it is
 * their OIDs that say so.
 *
 * What the snapshot sees is the same as in a scan of its own: it was taken
 * before, so that none of these rows is pruned, the scan gives every member of
 * a HOT chain, and the slot keeps the row's buffer pinned.
 */
static HeapTuple
get_next_declaration(SysScanDesc scan, Snapshot snapshot)
{
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		if (table_tuple_satisfies_snapshot(scan->heap_rel, scan->slot, snapshot))
			return tuple;
	}
	return NULL;
}

/*
 * The rows of relnav.declared, or those with a relation in one column.
 *
 * They are read as the catalogs are: as they are now, whatever the snapshot
 * of the transaction.
 */
static List *
scan_declarations(Relation rel, Oid indexid, AttrNumber column, Oid relid)
{
	ScanKeyData key;
	SysScanDesc scan;
	Snapshot	snapshot;
	HeapTuple	tuple;
	List	   *result = NIL;

	if (!relnav_has_declared_columns(RelationGetDescr(rel)))
		return NIL;

	if (column != InvalidAttrNumber)
		ScanKeyInit(&key, column, BTEqualStrategyNumber, F_OIDEQ,
					ObjectIdGetDatum(relid));
	snapshot = RegisterSnapshot(GetCatalogSnapshot(RelationGetRelid(rel)));
	scan = systable_beginscan(rel, indexid, OidIsValid(indexid), SnapshotAny,
							  column != InvalidAttrNumber ? 1 : 0, &key);
	while (HeapTupleIsValid(tuple = get_next_declaration(scan, snapshot)))
		result = lappend(result,
						 relnav_make_declaration(tuple, RelationGetDescr(rel)));
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	return result;
}

/*
 * A row of relnav.declared in the current memory context.  What is null is
 * InvalidOid, NIL or NULL.
 */
RelnavDeclaration *
relnav_make_declaration(HeapTuple tuple, TupleDesc desc)
{
	RelnavDeclaration *result = palloc0(sizeof(RelnavDeclaration));
	Datum		datum;
	bool		isnull;

#define GET_OID(attnum) \
	(datum = heap_getattr(tuple, attnum, desc, &isnull), \
	 isnull ? InvalidOid : DatumGetObjectId(datum))
#define GET_TEXT(attnum) \
	(datum = heap_getattr(tuple, attnum, desc, &isnull), \
	 isnull ? NULL : TextDatumGetCString(datum))

	result->source = GET_OID(DECLARED_SOURCE);
	result->name = GET_TEXT(DECLARED_NAME);
	result->source_columns = get_column_names(tuple, DECLARED_SOURCE_COLUMNS, desc);
	result->target = GET_OID(DECLARED_TARGET);
	result->target_columns = get_column_names(tuple, DECLARED_TARGET_COLUMNS, desc);
	result->association = GET_OID(DECLARED_ASSOCIATION);
	result->association_source_columns =
		get_column_names(tuple, DECLARED_ASSOCIATION_SOURCE_COLUMNS, desc);
	result->association_target_columns =
		get_column_names(tuple, DECLARED_ASSOCIATION_TARGET_COLUMNS, desc);
	result->inverse = GET_TEXT(DECLARED_INVERSE);
	datum = heap_getattr(tuple, DECLARED_TO_ONE, desc, &isnull);
	result->to_one = !isnull && DatumGetBool(datum);
	result->constraint_table = GET_OID(DECLARED_CONSTRAINT_TABLE);
	result->constraints = get_column_names(tuple, DECLARED_CONSTRAINTS, desc);
	datum = heap_getattr(tuple, DECLARED_BACKWARDS, desc, &isnull);
	result->backwards = !isnull && DatumGetBool(datum);

#undef GET_OID
#undef GET_TEXT
	return result;
}

/* An array of names as a List of char *; NIL if it is null. */
static List *
get_column_names(HeapTuple tuple, AttrNumber attnum, TupleDesc desc)
{
	bool		isnull;
	Datum		datum = heap_getattr(tuple, attnum, desc, &isnull);
	Datum	   *elements;
	bool	   *nulls;
	int			n;
	int			i;
	List	   *result = NIL;

	if (isnull)
		return NIL;
	deconstruct_array(DatumGetArrayTypeP(datum), NAMEOID, NAMEDATALEN, false,
					  TYPALIGN_CHAR, &elements, &nulls, &n);
	for (i = 0; i < n; i++)
		result = lappend(result, nulls[i] ? "" :
						 pstrdup(NameStr(*DatumGetName(elements[i]))));
	return result;
}

/*
 * Find some columns of a relation by number; NULL if one of them is missing.
 *
 * Of a table that was not read yet only these columns are read.
 */
static RelnavColumn *
find_columns(RelnavReader *reader, Oid relid, const AttrNumber *attnums, int n)
{
	RelnavColumn *columns = palloc(sizeof(RelnavColumn) * n);
	ReaderEntry *entry = get_entry(reader, relid);
	int			i;

	for (i = 0; i < n; i++)
	{
		if (entry->raw)
		{
			int			low = 0;
			int			high = entry->raw->ncolumns;

			while (low < high)
			{
				int			middle = (low + high) / 2;

				if (entry->raw->columns[middle].attnum < attnums[i])
					low = middle + 1;
				else
					high = middle;
			}
			if (low == entry->raw->ncolumns ||
				entry->raw->columns[low].attnum != attnums[i])
				return NULL;
			columns[i] = entry->raw->columns[low];
		}
		else
		{
			HeapTuple	tuple = SearchSysCacheAttNum(relid, attnums[i]);
			ReaderEntry one = {0};

			if (!HeapTupleIsValid(tuple))
				return NULL;
			add_column(&one, (Form_pg_attribute) GETSTRUCT(tuple));
			ReleaseSysCache(tuple);
			columns[i] = *(RelnavColumn *) linitial(one.columns);

			/* Nobody needs to know it of the referenced side. */
			columns[i].not_null = false;
		}
	}
	return columns;
}

/* Read the indexes of one table. */
static void
load_indexes(ReaderEntry *entry)
{
	Relation	catalog = table_open(IndexRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_index_indrelid,
				BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(entry->relid));
	scan = systable_beginscan(catalog, IndexIndrelidIndexId, true, NULL,
							  1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		RelnavIndex *index = make_index(tuple, RelationGetDescr(catalog));

		if (index)
			entry->raw->indexes = lappend(entry->raw->indexes, index);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
}

/*
 * Make the description of an index, or NULL if it can serve for nothing that
 * we ask.
 *
 * That it is unique is only noted if rows of equal keys cannot be there at
 * any moment: not while a deferrable constraint waits, not outside of a
 * predicate that has to do with more than nulls, not beside an expression.
 */
static RelnavIndex *
make_index(HeapTuple tuple, TupleDesc desc)
{
	Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);
	RelnavIndex *index;
	Bitmapset  *not_null_columns = NULL;
	oidvector  *opclasses;
	oidvector  *collations;
	Datum		datum;
	bool		isnull;
	bool		has_expression = false;
	int			i;

	if (!form->indisvalid || !form->indisready || !form->indislive)
		return NULL;

	datum = heap_getattr(tuple, Anum_pg_index_indclass, desc, &isnull);
	if (isnull)
		return NULL;
	opclasses = (oidvector *) DatumGetPointer(datum);
	datum = heap_getattr(tuple, Anum_pg_index_indcollation, desc, &isnull);
	if (isnull)
		return NULL;
	collations = (oidvector *) DatumGetPointer(datum);

	datum = heap_getattr(tuple, Anum_pg_index_indpred, desc, &isnull);
	if (!isnull && !get_predicate_columns(datum, &form->indkey,
										  &not_null_columns))
		return NULL;

	index = palloc(sizeof(RelnavIndex));
	index->nkeys = form->indnkeyatts;
	index->columns = palloc(sizeof(RelnavIndexColumn) * index->nkeys);
	for (i = 0; i < index->nkeys; i++)
	{
		RelnavIndexColumn *column = &index->columns[i];
		HeapTuple	opclass = SearchSysCache1(CLAOID,
											  ObjectIdGetDatum(opclasses->values[i]));
		Form_pg_opclass opclass_form;
		Oid			method;

		if (!HeapTupleIsValid(opclass))
			return NULL;
		opclass_form = (Form_pg_opclass) GETSTRUCT(opclass);
		method = opclass_form->opcmethod;
		column->attnum = form->indkey.values[i];
		column->opfamily = opclass_form->opcfamily;
		column->opcintype = opclass_form->opcintype;
		ReleaseSysCache(opclass);

		/* But a temporal primary key tells rows apart as well. */
		if (method != BTREE_AM_OID && method != HASH_AM_OID &&
			!form->indisprimary)
			return NULL;
		index->btree = method == BTREE_AM_OID;

		column->collation = collations->values[i];
		column->deterministic = is_deterministic(column->collation);
		has_expression |= (column->attnum == 0);
	}
	index->primary = form->indisprimary;
	index->lookup = true;
	index->unique = form->indisunique && form->indimmediate &&
		!form->indisexclusion && !has_expression;
	index->not_null_columns = not_null_columns;
	return index;
}

/*
 * Does the predicate of a partial index hold for every row in which some
 * columns are not null?  Then returns true and these columns: none, or those
 * of the index, or all that the predicate mentions.
 */
static bool
get_predicate_columns(Datum predicate, const int2vector *index_columns,
					  Bitmapset **columns)
{
	Node	   *node = stringToNode(TextDatumGetCString(predicate));
	List	   *clauses = make_ands_implicit((Expr *) canonicalize_qual((Expr *) node, false));
	List	   *tests = NIL;
	List	   *index_tests = NIL;
	Bitmapset  *mentioned = NULL;
	Bitmapset  *index_mentioned = NULL;
	ListCell   *lc;

	*columns = NULL;
	foreach(lc, pull_var_clause(node, 0))
	{
		Var		   *var = lfirst_node(Var, lc);
		NullTest   *test;
		int			i;

		/* The whole row or a system column; nobody indexes like that. */
		if (var->varattno <= 0)
			return false;

		test = makeNode(NullTest);
		test->arg = (Expr *) var;
		test->nulltesttype = IS_NOT_NULL;
		test->argisrow = false;
		test->location = -1;
		tests = lappend(tests, test);
		mentioned = bms_add_member(mentioned, var->varattno);
		for (i = 0; i < index_columns->dim1; i++)
		{
			if (index_columns->values[i] != var->varattno)
				continue;
			index_tests = lappend(index_tests, test);
			index_mentioned = bms_add_member(index_mentioned, var->varattno);
		}
	}

	if (predicate_implied_by(clauses, NIL, false))
		return true;
	if (index_tests != NIL && predicate_implied_by(clauses, index_tests, false))
	{
		*columns = index_mentioned;
		return true;
	}
	if (tests != NIL && predicate_implied_by(clauses, tests, false))
	{
		*columns = mentioned;
		return true;
	}
	return false;
}

/*
 * The btree and hash operator families in which an operator is equality.
 */
static List *
get_equality_families(RelnavReader *reader, Oid opno)
{
	bool		found;
	OperatorEntry *entry = hash_search(reader->operators, &opno, HASH_ENTER,
									   &found);

	if (!found)
	{
		CatCList   *list;
		int			i;

		entry->families = NIL;
		list = SearchSysCacheList1(AMOPOPID, ObjectIdGetDatum(opno));
		for (i = 0; i < list->n_members; i++)
		{
			Form_pg_amop form = (Form_pg_amop) GETSTRUCT(&list->members[i]->tuple);

			if ((form->amopmethod == BTREE_AM_OID &&
				 form->amopstrategy == BTEqualStrategyNumber) ||
				(form->amopmethod == HASH_AM_OID &&
				 form->amopstrategy == HTEqualStrategyNumber))
				entry->families = lappend_oid(entry->families,
											  form->amopfamily);
		}
		ReleaseSysCacheList(list);
	}
	return entry->families;
}

/* A referential action in words. */
static const char *
get_action_name(char action)
{
	switch (action)
	{
		case FKCONSTR_ACTION_RESTRICT:
			return "restrict";
		case FKCONSTR_ACTION_CASCADE:
			return "cascade";
		case FKCONSTR_ACTION_SETNULL:
			return "set null";
		case FKCONSTR_ACTION_SETDEFAULT:
			return "set default";
		default:
			return "no action";
	}
}

/*
 * Make the facts about a table from what stands in the catalogs: leave out
 * keys that its partitioned table has for it, take in those that all its
 * partitions have, and take identical ones together.
 */
static RelnavTable *
make_table(RelnavReader *reader, RelnavTable *raw)
{
	RelnavTable *table = palloc(sizeof(RelnavTable));
	List	   *keys = NIL;
	List	   *above = NIL;
	ListCell   *lc;

	*table = *raw;

	/* What the tables above have, a partition has from them. */
	if (raw->rel->is_partition && raw->foreign_keys != NIL)
	{
		foreach(lc, relnav_find_partition_ancestors(reader, raw->rel->relid))
		{
			RelnavTable *ancestor = relnav_find_table(reader, lfirst_oid(lc));

			if (ancestor)
				above = list_concat(above, ancestor->foreign_keys);
		}
	}

	foreach(lc, raw->foreign_keys)
	{
		RelnavForeignKey *fk = lfirst(lc);
		bool		inherited = false;
		ListCell   *la;

		foreach(la, above)
			inherited |= relnav_is_same_key(fk, lfirst(la), true);
		if (inherited)
			table->inherited_keys = lappend(table->inherited_keys, fk);
		else
			keys = lappend(keys, fk);
	}
	if (raw->rel->relkind == RELKIND_PARTITIONED_TABLE &&
		!raw->rel->is_partition)
		keys = list_concat(keys, get_keys_of_all_partitions(reader, raw));

	table->foreign_keys = merge_identical_keys(keys);
	foreach(lc, table->foreign_keys)
		((RelnavForeignKey *) lfirst(lc))->table = table;
	return table;
}

/*
 * Take identical keys of one table together: the one that is validated comes
 * first, then the one whose name does.  The list comes back in the order of
 * the names.
 */
static List *
merge_identical_keys(List *keys)
{
	List	   *result = NIL;
	ListCell   *lc;

	list_sort(keys, compare_keys_for_merge);
	foreach(lc, keys)
	{
		RelnavForeignKey *fk = lfirst(lc);
		RelnavForeignKey *first = NULL;
		ListCell   *lr;

		foreach(lr, result)
		{
			if (relnav_is_same_key(fk, lfirst(lr), false))
			{
				first = lfirst(lr);
				break;
			}
		}
		if (first)
		{
			first->other_names = lappend(first->other_names, (char *) fk->name);
			first->members = list_concat(first->members, fk->members);
		}
		else
			result = lappend(result, fk);
	}
	return result;
}

/*
 * Have two keys the same target and the same column pairs, in any order?
 * Keys of different partitions are compared by their columns' names.
 */
bool
relnav_is_same_key(const RelnavForeignKey *a, const RelnavForeignKey *b,
				   bool by_name)
{
	int			i;

	if (a->pk_rel->relid != b->pk_rel->relid || a->nkeys != b->nkeys ||
		a->temporal != b->temporal)
		return false;

	/* No key has the same pair twice, so one direction is enough. */
	for (i = 0; i < a->nkeys; i++)
	{
		int			j;

		for (j = 0; j < b->nkeys; j++)
		{
			if (a->pk_cols[i].attnum == b->pk_cols[j].attnum &&
				(by_name
				 ? strcmp(a->fk_cols[i].name, b->fk_cols[j].name) == 0
				 : a->fk_cols[i].attnum == b->fk_cols[j].attnum))
				break;
		}
		if (j == b->nkeys)
			return false;
	}
	return true;
}

/*
 * Is this a constraint's name of the key, or of one merged with it?
 */
bool
relnav_has_constraint_name(const RelnavForeignKey *fk, const char *name)
{
	ListCell   *lc;

	if (fk->origin == RELNAV_DECLARED)
		return false;
	if (strcmp(fk->name, name) == 0)
		return true;
	foreach(lc, fk->other_names)
	{
		if (strcmp(lfirst(lc), name) == 0)
			return true;
	}
	return false;
}

/* The order of keys of one table: usable ones first, then by name. */
static int
compare_keys_for_merge(const ListCell *a, const ListCell *b)
{
	const RelnavForeignKey *ka = lfirst(a);
	const RelnavForeignKey *kb = lfirst(b);
	bool		good_a = ka->validated && ka->enforced;
	bool		good_b = kb->validated && kb->enforced;

	if (good_a != good_b)
		return good_a ? -1 : 1;
	return strcmp(ka->name, kb->name);
}

/*
 * The keys that a partitioned table has because each of its partitions has
 * them alike, as keys of the table itself.
 */
static List *
get_keys_of_all_partitions(RelnavReader *reader, RelnavTable *root)
{
	List	   *result = NIL;
	List	   *partitions = NIL;
	bool		first = true;
	ListCell   *lc;

	/* In the order of their names, so that the answer does not change. */
	foreach(lc, find_inheritance_children(root->rel->relid, NoLock))
	{
		const RelnavRelation *rel = relnav_find_relation(reader, lfirst_oid(lc));

		if (rel)
			partitions = lappend(partitions, (void *) rel);
	}
	list_sort(partitions, compare_relations);

	foreach(lc, partitions)
	{
		const RelnavRelation *rel = lfirst(lc);
		List	   *keys;
		ListCell   *lr;

		CHECK_FOR_INTERRUPTS();

		keys = get_partition_keys(reader, rel->relid);
		if (first)
		{
			ListCell   *lk;

			/* The first partition's keys are the candidates. */
			foreach(lk, keys)
			{
				RelnavForeignKey *fk = palloc(sizeof(RelnavForeignKey));

				*fk = *(RelnavForeignKey *) lfirst(lk);
				if (fk->members == NIL)
					fk->members = list_make1_oid(fk->oid);
				else
					fk->members = list_copy(fk->members);
				fk->other_names = list_copy(fk->other_names);
				result = lappend(result, fk);
			}
			first = false;
			continue;
		}

		foreach(lr, result)
		{
			RelnavForeignKey *fk = lfirst(lr);
			ListCell   *lk;
			bool		found = false;

			foreach(lk, keys)
			{
				RelnavForeignKey *other = lfirst(lk);

				if (!relnav_is_same_key(fk, other, true))
					continue;
				fk->validated &= other->validated;
				fk->enforced &= other->enforced;
				fk->other_names = lappend(fk->other_names,
										  (char *) other->name);
				fk->other_names = list_concat(fk->other_names,
											  other->other_names);
				fk->members = other->members == NIL
					? lappend_oid(fk->members, other->oid)
					: list_concat(fk->members, other->members);
				found = true;
			}
			if (!found)
				result = foreach_delete_current(result, lr);
		}
		if (result == NIL)
			break;
	}

	/* Columns have other numbers in the table than in its partitions. */
	foreach(lc, result)
	{
		RelnavForeignKey *fk = lfirst(lc);
		RelnavColumn *columns = palloc(sizeof(RelnavColumn) * fk->nkeys);
		int			i;

		for (i = 0; i < fk->nkeys; i++)
		{
			const RelnavColumn *column = relnav_find_column(root, fk->fk_cols[i].name);

			if (column == NULL)
				break;
			columns[i] = *column;
		}
		if (i < fk->nkeys)
			result = foreach_delete_current(result, lc);
		else
			fk->fk_cols = columns;
	}
	return result;
}

/*
 * The keys that hold for a whole partition and are not its partitioned
 * table's: its own, and those that all its own partitions have.
 */
static List *
get_partition_keys(RelnavReader *reader, Oid relid)
{
	RelnavTable *raw;

	check_stack_depth();

	raw = get_raw_table(reader, relid);
	if (raw == NULL)
		return NIL;
	if (raw->rel->relkind == RELKIND_PARTITIONED_TABLE)
		return list_concat_copy(raw->foreign_keys,
								get_keys_of_all_partitions(reader, raw));
	return raw->foreign_keys;
}

/*
 * The relations with a foreign key that references this one, each once, in
 * the order of their names.  Partitions come with their partitioned table,
 * as it may have their key.
 */
static List *
find_referencing_tables(RelnavReader *reader, Oid relid)
{
	List	   *relids = NIL;
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, find_referencing_constraints(relid))
	{
		Oid			root;
		Form_pg_constraint form;
		HeapTuple	tuple = SearchSysCache1(CONSTROID,
											ObjectIdGetDatum(lfirst_oid(lc)));

		if (!HeapTupleIsValid(tuple))
			continue;
		form = (Form_pg_constraint) GETSTRUCT(tuple);
		if (is_key_to(form, relid))
		{
			relids = lappend_oid(relids, form->conrelid);
			root = find_partition_root(reader, form->conrelid);
			if (OidIsValid(root))
				relids = lappend_oid(relids, root);
		}
		ReleaseSysCache(tuple);
	}
	list_sort(relids, list_oid_cmp);
	list_deduplicate_oid(relids);

	foreach(lc, relids)
	{
		const RelnavRelation *rel = relnav_find_relation(reader, lfirst_oid(lc));

		if (rel)
			result = lappend(result, (void *) rel);
	}
	list_sort(result, compare_relations);
	return result;
}

/*
 * About how many foreign keys lead to a relation.  If it is more than enough
 * they are counted exactly, else constraints of all kinds that depend on its
 * columns.  Far cheaper than to read those keys.
 */
int
relnav_count_incoming_keys(Oid relid, int enough)
{
	List	   *constraints = find_referencing_constraints(relid);
	int			result = 0;
	ListCell   *lc;

	if (list_length(constraints) <= enough)
		return list_length(constraints);

	/* Not those that partitions have by their partitioned table's key. */
	foreach(lc, constraints)
	{
		HeapTuple	tuple = SearchSysCache1(CONSTROID,
											ObjectIdGetDatum(lfirst_oid(lc)));

		if (!HeapTupleIsValid(tuple))
			continue;
		result += is_key_to((Form_pg_constraint) GETSTRUCT(tuple), relid);
		ReleaseSysCache(tuple);
	}
	return result;
}

/*
 * The OIDs of the relations that a relation's foreign keys reference, as a
 * List in the current memory context; more than once if several keys do.  NIL
 * if there is no such relation.
 */
List *
relnav_get_referenced_relations(Oid relid)
{
	Relation	catalog = table_open(ConstraintRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *result = NIL;

	ScanKeyInit(&key, Anum_pg_constraint_conrelid,
				BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, ConstraintRelidTypidNameIndexId, true,
							  NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);

		if (is_foreign_key(form))
			result = lappend_oid(result, form->confrelid);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return result;
}

/* Is a constraint a foreign key that references a relation? */
static bool
is_key_to(Form_pg_constraint form, Oid relid)
{
	return is_foreign_key(form) && form->confrelid == relid;
}

/* Is it a foreign key, and none that a partition has by its parent's? */
static bool
is_foreign_key(Form_pg_constraint form)
{
	return form->contype == CONSTRAINT_FOREIGN && !OidIsValid(form->conparentid);
}

/*
 * The OIDs of the constraints that depend on a relation, each once.  Its own
 * are among them.
 */
static List *
find_referencing_constraints(Oid relid)
{
	Relation	catalog = table_open(DependRelationId, AccessShareLock);
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *constraints = NIL;

	ScanKeyInit(&key[0], Anum_pg_depend_refclassid,
				BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(RelationRelationId));
	ScanKeyInit(&key[1], Anum_pg_depend_refobjid,
				BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, DependReferenceIndexId, true, NULL,
							  2, key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend form = (Form_pg_depend) GETSTRUCT(tuple);

		if (form->classid == ConstraintRelationId)
			constraints = lappend_oid(constraints, form->objid);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);

	/* A key of several columns depends on each of them. */
	list_sort(constraints, list_oid_cmp);
	list_deduplicate_oid(constraints);
	return constraints;
}

/* The order of relations: schema, name, bytewise. */
static int
compare_relations(const ListCell *a, const ListCell *b)
{
	const RelnavRelation *ra = lfirst(a);
	const RelnavRelation *rb = lfirst(b);
	int			result = strcmp(ra->schema, rb->schema);

	return result != 0 ? result : strcmp(ra->name, rb->name);
}

/*
 * The number of a relation's rows when it was last counted, -1 if it was not.
 */
double
relnav_get_row_count(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	double		result;

	if (!HeapTupleIsValid(tuple))
		return -1;
	result = ((Form_pg_class) GETSTRUCT(tuple))->reltuples;
	ReleaseSysCache(tuple);
	return result;
}

/*
 * The table, view or foreign table whose row type this is, or InvalidOid.
 */
Oid
relnav_get_row_relation(Oid type)
{
	Oid			relid = get_typ_typrelid(type);

	if (!OidIsValid(relid) || get_rel_relkind(relid) == RELKIND_COMPOSITE_TYPE)
		return InvalidOid;
	return relid;
}
