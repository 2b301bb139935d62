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
#include "access/stratnum.h"
#include "access/table.h"
#include "catalog/indexing.h"
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
#include "catalog/pg_namespace.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "catalog.h"
#include "commands/trigger.h"
#include "compat.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "rewrite/prs2lock.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

struct RelnavReader
{
	MemoryContext context;
	MemoryContext hash_context; /* of the hash tables alone */
	HTAB	   *entries;		/* of ReaderEntry, by relid */
	HTAB	   *operators;		/* of OperatorEntry, by operator */
	bool		complete;		/* has everything been read? */
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
static RelnavRelation *make_relation(Form_pg_class form);
static RelnavTable *get_raw_table(RelnavReader *reader, Oid relid);
static void finish_raw_table(ReaderEntry *entry);
static void load_columns(ReaderEntry *entry);
static void load_indexes(ReaderEntry *entry);
static void load_constraints(RelnavReader *reader, ReaderEntry *entry);
static void add_column(ReaderEntry *entry, Form_pg_attribute form);
static void add_constraint(RelnavReader *reader, ReaderEntry *entry,
						   HeapTuple tuple);
static void add_doubtful_not_null(ReaderEntry *entry, HeapTuple tuple);
static RelnavForeignKey *make_foreign_key(RelnavReader *reader,
										  RelnavTable *table, HeapTuple tuple);
static RelnavColumn *find_columns(RelnavReader *reader, Oid relid,
								  const AttrNumber *attnums, int n);
static RelnavIndex *make_index(HeapTuple tuple, TupleDesc desc);
static bool get_predicate_columns(Datum predicate,
								  const int2vector *index_columns,
								  Bitmapset **columns);
static List *get_equality_families(RelnavReader *reader, Oid opno);
static const char *get_action_name(char action);
static bool fires(const Trigger *trigger);
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
static List *find_referencing_tables(RelnavReader *reader, Oid relid);
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
	ListCell   *lc;

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
		entry->rel = make_relation(form);
		entry->rel_read = true;
		if (entry->rel != NULL)
		{
			entry->raw = palloc0(sizeof(RelnavTable));
			entry->raw->rel = entry->rel;
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
		 * An index matters only where there are foreign keys; a partitioned
		 * table may have those of its partitions.
		 */
		if (entry == NULL || entry->raw == NULL ||
			(entry->raw->foreign_keys == NIL &&
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
 * List of RelnavRelation in the order of schema and name.
 *
 * For a reader that has read everything.
 */
List *
relnav_get_user_tables(RelnavReader *reader)
{
	List	   *result = NIL;
	HASH_SEQ_STATUS status;
	ReaderEntry *entry;

	Assert(reader->complete);
	hash_seq_init(&status, reader->entries);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		if (entry->rel && relnav_is_user_relation(entry->rel))
			result = lappend(result, entry->rel);
	}
	list_sort(result, compare_relations);
	return result;
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

			entry->rel = make_relation((Form_pg_class) GETSTRUCT(tuple));
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
 * The OIDs of the partitioned tables above a partition, nearest first; NIL if
 * the relation is no partition.
 */
List *
relnav_find_partition_ancestors(RelnavReader *reader, Oid relid)
{
	const RelnavRelation *rel = relnav_find_relation(reader, relid);

	return rel && rel->is_partition ? get_partition_ancestors(relid) : NIL;
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
	const TriggerDesc *desc = rel->trigdesc;
	int			i;

	/* The relcache has them by name, as they fire. */
	for (i = 0; desc && i < desc->numtriggers; i++)
	{
		const Trigger *trigger = &desc->triggers[i];
		RelnavKeyTrigger *key;
		RelnavReaction reaction;
		bool		update;

		if (!trigger->tgisinternal)
		{
			if (!fires(trigger))
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
			(!fires(trigger) && reaction != RELNAV_CHECK))
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

/* Does a trigger fire in this session?  The rule is TriggerEnabled()'s. */
static bool
fires(const Trigger *trigger)
{
	if (trigger->tgenabled == TRIGGER_DISABLED)
		return false;
	return trigger->tgenabled !=
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
	result->disabled = !fires(trigger);
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
make_relation(Form_pg_class form)
{
	RelnavRelation *rel;
	const char *schema;

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

	/* The flag stays when the last child goes. */
	rel->has_children = form->relkind == RELKIND_RELATION &&
		form->relhassubclass &&
		find_inheritance_children(form->oid, NoLock) != NIL;
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
	column->deterministic = !OidIsValid(form->attcollation) ||
		get_collation_isdeterministic(form->attcollation);
	column->not_null = form->attnotnull;
	entry->columns = lappend(entry->columns, column);
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
	RelnavForeignKey *fk = palloc0(sizeof(RelnavForeignKey));
	AttrNumber	conkey[INDEX_MAX_KEYS];
	AttrNumber	confkey[INDEX_MAX_KEYS];
	Oid			pf_eqop[INDEX_MAX_KEYS];
	Oid			pp_eqop[INDEX_MAX_KEYS];
	Oid			ff_eqop[INDEX_MAX_KEYS];
	int			i;

	DeconstructFkConstraintRow(tuple, &fk->nkeys, conkey, confkey,
							   pf_eqop, pp_eqop, ff_eqop, NULL, NULL);

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

	fk->pf_eqop = palloc(sizeof(Oid) * fk->nkeys);
	fk->pp_eqop = palloc(sizeof(Oid) * fk->nkeys);
	fk->pf_families = palloc(sizeof(List *) * fk->nkeys);
	fk->ff_families = palloc(sizeof(List *) * fk->nkeys);
	for (i = 0; i < fk->nkeys; i++)
	{
		fk->pf_eqop[i] = pf_eqop[i];
		fk->pp_eqop[i] = pp_eqop[i];
		fk->pf_families[i] = get_equality_families(reader, pf_eqop[i]);
		fk->ff_families[i] = get_equality_families(reader, ff_eqop[i]);
	}
	fk->on_delete = get_action_name(form->confdeltype);
	fk->validated = form->convalidated;
	fk->enforced = RelnavConstraintIsEnforced(form);
	fk->temporal = RelnavConstraintIsTemporal(form);
	return fk;
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
			HeapTuple	tuple = SearchSysCache2(ATTNUM,
												ObjectIdGetDatum(relid),
												Int16GetDatum(attnums[i]));
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
		column->deterministic = !OidIsValid(column->collation) ||
			get_collation_isdeterministic(column->collation);
		has_expression |= (column->attnum == 0);
	}
	index->primary = form->indisprimary;
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
	Relation	catalog = table_open(DependRelationId, AccessShareLock);
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *constraints = NIL;
	List	   *relids = NIL;
	List	   *result = NIL;
	ListCell   *lc;

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

	foreach(lc, constraints)
	{
		Oid			root;
		Form_pg_constraint form;

		tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(lfirst_oid(lc)));
		if (!HeapTupleIsValid(tuple))
			continue;
		form = (Form_pg_constraint) GETSTRUCT(tuple);
		if (form->contype == CONSTRAINT_FOREIGN &&
			form->confrelid == relid && !OidIsValid(form->conparentid))
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
