/*-------------------------------------------------------------------------
 *
 * graph.c
 *	  The relationships of tables, as kept in this backend.
 *
 * A listing is all that can be said about one source: its relationships with
 * their names, and its keys.  It is made the first time somebody asks for it
 * and kept, for the life of the backend, in a context of its own below
 * "relnav graph".
 *
 * Two kinds of events can make a listing wrong.  A relcache message says that
 * one table was changed: a unique index dropped, a column renamed or made
 * nullable, a partition attached.  Then we forget the listings that were made
 * with facts about this table; each listing knows which tables these were.
 * Whatever is declared is announced as a change of the tables concerned.
 * Changes of schemas, collations, operators and casts reach no table at all.
 * Then we forget everything.
 *
 * A key is a fact about two tables.  The server sends a relcache message for
 * the referencing one whenever it writes the key's pg_constraint row, whatever
 * is done to it (see CacheInvalidateHeapTuple); the referenced one is told
 * only where triggers come or go.  That is enough for keys that a listing was
 * made with, as it knows both tables then.  A key that is new to the listing
 * of the referenced table is found from the other side: we note which tables
 * were changed, whether we know them or not, and before we trust a listing we
 * read what their keys reference now.
 *
 * Forgetting only marks.  The callbacks run in the midst of anything,
 * including our own catalog reading, so they allocate nothing and free
 * nothing.  What is marked is replaced when it is asked for the next time.
 *
 * Hence the rule for callers: a listing is borrowed.  It stays as it is until
 * the next call of a function of this file that may make another; what must
 * live longer is copied.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_class.h"
#include "compat.h"
#include "declaration.h"
#include "graph.h"
#include "infer.h"
#include "miscadmin.h"
#include "naming.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"
#include "views.h"

/* A listing in the cache. */
typedef struct GraphEntry
{
	Oid			relid;			/* hash key */
	MemoryContext context;		/* owns all of the below; NULL: no listing */
	RelnavListing *listing;		/* NULL: there is no such table */
	bool		has_inverses;
	int			nused;			/* the tables it was made from */
	Oid		   *used;
	uint64		made_at;		/* generation before it was made */
	uint64		checked_at;		/* generation in which it was still right */

	/*
	 * Names that must belong to one relation only.  Any relation can be given
	 * one of them, so this is checked again after any event.
	 */
	List	   *lone_names;
	uint64		names_checked_at;	/* number of events then */
} GraphEntry;

/*
 * The relationships of one table by the keys of one other, named as if there
 * were no others.
 */
typedef struct LoneNames
{
	const RelnavTable *keys_of;
	Oid			source;
	List	   *relationships;
} LoneNames;

/* A table that listings were made from. */
typedef struct UsedTable
{
	Oid			relid;			/* hash key */
	uint64		changed_at;		/* generation that its last change began */
} UsedTable;

/*
 * What may be kept.  A listing is of some 10 kB, but can be much larger where
 * names meet and the neighbours' neighbours had to be read.
 */
#define MAX_LISTINGS 2000
#define MAX_KEPT_BYTES (64 * 1024 * 1024)

static Size kept_bytes = 0;

static MemoryContext graph_context = NULL;
static HTAB *graph_entries = NULL;
static HTAB *used_tables = NULL;

/*
 * Tables that have been changed, of which we have not yet looked what their
 * keys reference.  Where there are more, everything is forgotten.
 */
#define MAX_CHANGED_TABLES 256

static Oid	changed_tables[MAX_CHANGED_TABLES];
static int	nchanged_tables = 0;

/* Begins anew with each event that makes some listing wrong. */
static uint64 generation = 1;

/* The generation that began with the last event that makes all wrong. */
static uint64 all_changed_at = 1;

/*
 * The generation in which tables were last forgotten for want of room.  What
 * others keep may have been made from any table until the next one begins.
 */
static uint64 made_room_at = 0;

/* Counts all events, also those of tables that no listing has used yet. */
static uint64 events = 0;

static RelnavListing *find_listing(Oid relid, bool with_inverses);
static void prepare_cache(void);
static void find_new_keys(void);
static bool is_current(GraphEntry *entry);
static void fill_entry(GraphEntry *entry, Oid relid, bool with_inverses);
static RelnavListing *make_listing(RelnavReader *reader, Oid relid);
static List *add_inverses(RelnavReader *reader, RelnavListing *listing);
static List *make_relationships(RelnavReader *reader, const RelnavTable *table);
static List *make_declared_relationships(RelnavReader *reader, Oid relid);
static void give_new_names(RelnavReader *reader, Oid relid,
						   List *relationships);
static List *make_view_relationships(RelnavReader *reader, RelnavTable *view);
static List *make_partition_relationships(RelnavReader *reader,
										  const RelnavTable *partition,
										  Oid ancestor);
static RelnavForeignKey *add_inherited_names(RelnavForeignKey *fk,
											 const RelnavTable *partition);
static void leave_out_inherited(RelnavListing *listing);
static List *make_keys(const RelnavTable *table);
static bool is_whole_index(const RelnavTable *table, const RelnavIndex *index);
static bool has_same_key(List *keys, const RelnavKey *key);
static const char *find_inverse_name(const RelnavListing *target,
									 const RelnavRelationship *r);
static const char *find_inverse_name_alone(RelnavReader *reader,
										   const RelnavRelationship *r,
										   List **named, List **lone_names);
static List *name_alone(List **named, const RelnavTable *keys_of,
						const RelnavTable *source);
static bool is_lone_name(const char *name);
static bool names_are_lone(GraphEntry *entry);
static RelnavForeignKey *copy_foreign_key(const RelnavForeignKey *fk);
static void relation_changed(Datum arg, Oid relid);
static void note_change(Oid relid);
static void note_changed_table(Oid relid);
static void forget_all(void);
static void catalog_changed(Datum arg, RelnavSysCacheId cacheid,
							uint32 hashvalue);

/*
 * Ask the server to tell us of changes.  To be called once, when the library
 * is loaded; callbacks cannot be taken back.
 */
void
relnav_register_invalidation(void)
{
	CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, catalog_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(COLLOID, catalog_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(OPEROID, catalog_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(AMOPOPID, catalog_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(CASTSOURCETARGET, catalog_changed, (Datum) 0);
}

/*
 * A number that is another one whenever some listing may be another one.
 *
 * Messages are delivered when locks are taken: lock the tables concerned
 * before you ask.
 */
uint64
relnav_get_graph_generation(void)
{
	find_new_keys();
	return generation;
}

/*
 * The listing of a relation, borrowed; NULL if there is no such relation, or
 * it is none that has rows.  Does not lock the relation.
 */
const RelnavListing *
relnav_find_listing(Oid relid)
{
	return find_listing(relid, false);
}

/*
 * The same with the names of the inverse relationships, for which the
 * neighbours must be read as well.
 */
RelnavListing *
relnav_find_listing_with_inverses(Oid relid)
{
	return find_listing(relid, true);
}

/*
 * The listings of all relations of users that have any relationship, with
 * inverses, in the order of schema and name.  Nothing is kept: the result is
 * in the current memory context.
 */
List *
relnav_load_all_listings(void)
{
	RelnavReader *reader = relnav_create_reader();
	List	   *result = NIL;
	HTAB	   *listings;
	HASHCTL		ctl;
	ListCell   *lc;

	struct ListingEntry
	{
		Oid			relid;
		RelnavListing *listing;
	}		   *entry;

	relnav_read_everything(reader);

	memset(&ctl, 0, sizeof(ctl));
	ctl.keysize = sizeof(Oid);
	ctl.entrysize = sizeof(*entry);
	ctl.hcxt = CurrentMemoryContext;
	listings = hash_create("relnav listings", 1024, &ctl,
						   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);

	foreach(lc, relnav_get_user_tables(reader))
	{
		const RelnavRelation *rel = lfirst(lc);
		RelnavListing *listing;

		CHECK_FOR_INTERRUPTS();

		listing = make_listing(reader, rel->relid);
		if (listing && rel->is_partition)
			leave_out_inherited(listing);
		if (listing == NULL || listing->nrelationships == 0)
			continue;
		entry = hash_search(listings, &rel->relid, HASH_ENTER, NULL);
		entry->listing = listing;
		result = lappend(result, listing);
	}

	foreach(lc, result)
	{
		RelnavListing *listing = lfirst(lc);
		int			i;

		CHECK_FOR_INTERRUPTS();

		for (i = 0; i < listing->nrelationships; i++)
		{
			RelnavListedRelationship *listed = &listing->relationships[i];

			entry = hash_search(listings, &listed->relationship->target->relid,
								HASH_FIND, NULL);
			if (entry)
				listed->inverse = find_inverse_name(entry->listing,
													listed->relationship);
		}
	}
	return result;
}

/*
 * A copy of a relationship in the current memory context, with all that is
 * needed to name it and to generate SQL for it.
 */
RelnavRelationship *
relnav_copy_relationship(const RelnavRelationship *r)
{
	RelnavRelationship *copy = palloc(sizeof(RelnavRelationship));

	*copy = *r;
	copy->source = relnav_copy_relation(r->source);
	copy->target = relnav_copy_relation(r->target);
	copy->near = copy_foreign_key(r->near);
	copy->source_cols = relnav_copy_columns(r->source_cols, r->near->nkeys);
	copy->near_cols = relnav_copy_columns(r->near_cols, r->near->nkeys);
	if (r->far)
	{
		copy->far = copy_foreign_key(r->far);
		copy->far_cols = relnav_copy_columns(r->far_cols, r->far->nkeys);
		copy->target_cols = relnav_copy_columns(r->target_cols, r->far->nkeys);
	}
	copy->declaration = NULL;
	copy->declared_name = copy->new_name = NULL;
	copy->name = pstrdup(r->name);
	copy->short_name = pstrdup(r->short_name);
	copy->full_name = pstrdup(r->full_name);
	copy->stem = pstrdup(r->stem);
	copy->view_name = r->view_name ? pstrdup(r->view_name) : NULL;
	return copy;
}

/* A copy of a relation's description in the current memory context. */
RelnavRelation *
relnav_copy_relation(const RelnavRelation *rel)
{
	RelnavRelation *copy = palloc(sizeof(RelnavRelation));

	*copy = *rel;
	copy->schema = pstrdup(rel->schema);
	copy->name = pstrdup(rel->name);
	return copy;
}

/* A copy of an array of columns in the current memory context. */
RelnavColumn *
relnav_copy_columns(const RelnavColumn *columns, int n)
{
	RelnavColumn *copy = palloc(sizeof(RelnavColumn) * n);
	int			i;

	for (i = 0; i < n; i++)
	{
		copy[i] = columns[i];
		copy[i].name = pstrdup(columns[i].name);
	}
	return copy;
}

/* A copy of a key of a table in the current memory context. */
RelnavKey *
relnav_copy_key(const RelnavKey *key)
{
	RelnavKey  *copy = palloc(sizeof(RelnavKey));

	*copy = *key;
	copy->columns = relnav_copy_columns(key->columns, key->nkeys);
	copy->eqop = palloc(sizeof(Oid) * key->nkeys);
	memcpy(copy->eqop, key->eqop, sizeof(Oid) * key->nkeys);
	return copy;
}

/* A copy of a foreign key without what only inference needs. */
static RelnavForeignKey *
copy_foreign_key(const RelnavForeignKey *fk)
{
	RelnavForeignKey *copy = palloc0(sizeof(RelnavForeignKey));
	RelnavTable *table = palloc0(sizeof(RelnavTable));

	table->rel = relnav_copy_relation(fk->table->rel);

	copy->origin = fk->origin;
	copy->oid = fk->oid;
	copy->name = pstrdup(fk->name);
	copy->table = table;
	copy->pk_rel = relnav_copy_relation(fk->pk_rel);
	copy->nkeys = fk->nkeys;
	copy->fk_cols = relnav_copy_columns(fk->fk_cols, fk->nkeys);
	copy->pk_cols = relnav_copy_columns(fk->pk_cols, fk->nkeys);
	copy->pf_eqop = palloc(sizeof(Oid) * fk->nkeys);
	memcpy(copy->pf_eqop, fk->pf_eqop, sizeof(Oid) * fk->nkeys);
	copy->pp_eqop = palloc(sizeof(Oid) * fk->nkeys);
	memcpy(copy->pp_eqop, fk->pp_eqop, sizeof(Oid) * fk->nkeys);
	copy->on_delete = fk->on_delete;
	copy->validated = fk->validated;
	copy->enforced = fk->enforced;
	copy->temporal = fk->temporal;
	return copy;
}

/*
 * A copy of the facts about a view in the current memory context: all that is
 * needed to make relationships that lead to it.
 */
RelnavTable *
relnav_copy_view(const RelnavTable *view)
{
	RelnavTable *copy = palloc0(sizeof(RelnavTable));
	RelnavTrace *trace = palloc0(sizeof(RelnavTrace));
	ListCell   *lc;
	int			i;

	Assert(view->trace != NULL);

	copy->rel = relnav_copy_relation(view->rel);
	copy->ncolumns = view->ncolumns;
	copy->columns = relnav_copy_columns(view->columns, view->ncolumns);
	foreach(lc, view->indexes)
	{
		RelnavIndex *index = palloc(sizeof(RelnavIndex));

		*index = *(RelnavIndex *) lfirst(lc);
		index->columns = palloc(sizeof(RelnavIndexColumn) * index->nkeys);
		memcpy(index->columns, ((RelnavIndex *) lfirst(lc))->columns,
			   sizeof(RelnavIndexColumn) * index->nkeys);
		index->not_null_columns = bms_copy(index->not_null_columns);
		copy->indexes = lappend(copy->indexes, index);
	}

	copy->trace = trace;
	trace->noccurrences = view->trace->noccurrences;
	trace->occurrences = palloc(sizeof(RelnavOccurrence) *
								Max(trace->noccurrences, 1));
	for (i = 0; i < trace->noccurrences; i++)
	{
		trace->occurrences[i] = view->trace->occurrences[i];
		trace->occurrences[i].relids = list_copy(trace->occurrences[i].relids);
	}
	trace->ncolumns = view->ncolumns;
	trace->columns = palloc(sizeof(RelnavTracedColumn) * Max(view->ncolumns, 1));
	for (i = 0; i < view->ncolumns; i++)
	{
		trace->columns[i] = view->trace->columns[i];
		if (trace->columns[i].name)
			trace->columns[i].name = pstrdup(trace->columns[i].name);
	}
	trace->relids = list_copy(view->trace->relids);
	return copy;
}

/* Find a listing in the cache, or make it. */
static RelnavListing *
find_listing(Oid relid, bool with_inverses)
{
	GraphEntry *entry;
	bool		found;

	find_new_keys();
	prepare_cache();
	entry = hash_search(graph_entries, &relid, HASH_ENTER, &found);
	if (!found)
	{
		memset(entry, 0, sizeof(GraphEntry));
		entry->relid = relid;
	}
	else if (entry->context != NULL && is_current(entry) &&
			 (!with_inverses || (entry->has_inverses && names_are_lone(entry))))
		return entry->listing;

	fill_entry(entry, relid, with_inverses);
	return entry->listing;
}

/*
 * Make the cache ready to be used: empty if there is none yet, if all in it
 * is wrong, or if it has become too large.
 */
static void
prepare_cache(void)
{
	static uint64 emptied_at = 0;
	HASHCTL		ctl;

	if (graph_entries != NULL && emptied_at == all_changed_at &&
		hash_get_num_entries(graph_entries) < MAX_LISTINGS &&
		kept_bytes < MAX_KEPT_BYTES)
		return;

	if (graph_context == NULL)
		graph_context = AllocSetContextCreate(CacheMemoryContext,
											  "relnav graph",
											  ALLOCSET_DEFAULT_SIZES);

	/* What was made of the tables since all was changed is still right. */
	if (graph_entries != NULL && emptied_at == all_changed_at)
		made_room_at = generation;
	graph_entries = NULL;
	used_tables = NULL;
	MemoryContextReset(graph_context);
	kept_bytes = 0;

	memset(&ctl, 0, sizeof(ctl));
	ctl.keysize = sizeof(Oid);
	ctl.entrysize = sizeof(UsedTable);
	ctl.hcxt = graph_context;
	used_tables = hash_create("relnav graph: tables", 64, &ctl,
							  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	ctl.entrysize = sizeof(GraphEntry);
	graph_entries = hash_create("relnav graph: listings", 64, &ctl,
								HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	emptied_at = all_changed_at;
}

/*
 * Forget the listings of tables that may have got a key from one of those that
 * were changed.
 *
 * What the keys of these tables reference is read as it is now.  Keys that
 * have gone meanwhile do not matter: a listing that has one of them was made
 * with the referencing table.  If an error is raised half way, or messages
 * arrive, we begin anew.
 */
static void
find_new_keys(void)
{
	int			attempt = 0;

	while (nchanged_tables > 0)
	{
		uint64		before = events;
		int			i;

		if (++attempt > RELNAV_MAX_ATTEMPTS)
		{
			forget_all();
			return;
		}
		for (i = 0; i < nchanged_tables; i++)
		{
			List	   *relids;
			ListCell   *lc;

			CHECK_FOR_INTERRUPTS();

			relids = relnav_get_referenced_relations(changed_tables[i]);
			foreach(lc, relids)
				note_change(lfirst_oid(lc));
			list_free(relids);
		}
		if (events == before)
			nchanged_tables = 0;
	}
}

/* Is a listing still right? */
static bool
is_current(GraphEntry *entry)
{
	int			i;

	if (entry->checked_at == generation)
		return true;
	for (i = 0; i < entry->nused; i++)
	{
		UsedTable  *used = hash_search(used_tables, &entry->used[i],
									   HASH_FIND, NULL);

		if (used == NULL || used->changed_at > entry->made_at)
			return false;
	}
	entry->checked_at = generation;
	return true;
}

/* Are the names of the inverses still right? */
static bool
names_are_lone(GraphEntry *entry)
{
	uint64		now = events;
	ListCell   *lc;

	if (entry->names_checked_at == now)
		return true;
	foreach(lc, entry->lone_names)
	{
		if (!is_lone_name(lfirst(lc)))
			return false;
	}
	entry->names_checked_at = now;
	return true;
}

/*
 * Make the listing of a relation and put it into the cache.
 *
 * It is made in the caller's context and moved into the cache when it is
 * whole, so that an error half way leaves nothing behind.
 *
 * We must make a new one if messages arrive while we read, because we may hold
 * half of the old truth and half of the new.  Where tables change all the time
 * that could go on for ever; then we use what we have, once.
 */
static void
fill_entry(GraphEntry *entry, Oid relid, bool with_inverses)
{
	MemoryContext context = NULL;
	MemoryContext old;
	RelnavReader *reader;
	RelnavListing *listing;
	List	   *lone_names;
	List	   *read;
	ListCell   *lc;
	int			attempt = 0;
	uint64		before;
	uint64		began;

	do
	{
		CHECK_FOR_INTERRUPTS();

		if (context)
			MemoryContextDelete(context);
		context = AllocSetContextCreate(CurrentMemoryContext,
										"relnav listing",
										ALLOCSET_SMALL_SIZES);
		old = MemoryContextSwitchTo(context);
		before = events;
		began = generation;
		reader = relnav_create_reader();
		listing = make_listing(reader, relid);
		if (listing)
			listing->keys = make_keys(listing->table);
		lone_names = listing && with_inverses
			? add_inverses(reader, listing) : NIL;
		read = relnav_get_relids_read(reader);
		relnav_forget_reader(reader);
		MemoryContextSwitchTo(old);
	} while (events != before && ++attempt < RELNAV_MAX_ATTEMPTS);

	/*
	 * Reading may have delivered the message that everything is wrong, but
	 * only callers empty the cache, so our entry is still there.
	 */
	if (entry->context)
		MemoryContextDelete(entry->context);
	entry->context = NULL;
	entry->listing = listing;
	if (listing)
		listing->context = context;
	entry->has_inverses = with_inverses;
	entry->lone_names = lone_names;
	entry->names_checked_at = before;
	entry->made_at = began;
	entry->checked_at = began;
	entry->nused = list_length(read);
	entry->used = MemoryContextAlloc(context, sizeof(Oid) * Max(entry->nused, 1));
	entry->nused = 0;
	foreach(lc, read)
	{
		Oid			used_relid = lfirst_oid(lc);
		bool		found;
		UsedTable  *used = hash_search(used_tables, &used_relid, HASH_ENTER,
									   &found);

		if (!found)
			used->changed_at = 0;
		if (events != before)
			used->changed_at = generation;	/* for this one use only */
		entry->used[entry->nused++] = used_relid;
	}
	if (events != before)
		entry->made_at = entry->checked_at = 0;

	/*
	 * Now it is whole.  What it replaces goes on counting, so that in the end
	 * all is emptied, with what we know of tables that were dropped.
	 */
	kept_bytes += MemoryContextMemAllocated(context, true);
	MemoryContextSetParent(context, graph_context);
	entry->context = context;
}

/*
 * Make the listing of a relation, without inverses, in the current memory
 * context; NULL if there is no such relation.
 */
static RelnavListing *
make_listing(RelnavReader *reader, Oid relid)
{
	RelnavListing *listing;
	RelnavTable *table = relnav_find_traced_table(reader, relid);
	List	   *relationships;
	ListCell   *lc;
	int			i = 0;

	if (table == NULL)
		return NULL;

	relationships = make_relationships(reader, table);
	if (table->trace)
		relationships = list_concat(relationships,
									make_view_relationships(reader, table));
	foreach(lc, relnav_find_partition_ancestors(reader, relid))
		relationships =
		list_concat(relationships,
					make_partition_relationships(reader, table,
												 lfirst_oid(lc)));
	relnav_name_relationships(relationships);
	relnav_sort_by_name(relationships);

	listing = palloc0(sizeof(RelnavListing));
	listing->relid = relid;
	listing->table = table;
	listing->nrelationships = list_length(relationships);
	listing->relationships =
		palloc0(sizeof(RelnavListedRelationship) * Max(listing->nrelationships, 1));
	foreach(lc, relationships)
		listing->relationships[i++].relationship = lfirst(lc);
	return listing;
}

/*
 * Add the names of the inverse relationships.
 *
 * Returns names of relations on which that depends: none of them may become
 * another relation's name as well.
 */
static List *
add_inverses(RelnavReader *reader, RelnavListing *listing)
{
	List	   *targets = NIL;	/* of RelnavListing */
	List	   *named = NIL;	/* of LoneNames */
	List	   *lone_names = NIL;
	int			i;

	for (i = 0; i < listing->nrelationships; i++)
	{
		RelnavListedRelationship *listed = &listing->relationships[i];
		Oid			relid = listed->relationship->target->relid;
		RelnavListing *target = NULL;
		ListCell   *lc;

		CHECK_FOR_INTERRUPTS();

		/* No table has a relationship to a view, unless it was declared. */
		if (relnav_get_origin(listed->relationship) == RELNAV_VIEW)
			continue;
		if (relid == listing->relid)
			target = listing;
		foreach(lc, targets)
		{
			if (((RelnavListing *) lfirst(lc))->relid == relid)
				target = lfirst(lc);
		}
		if (target == NULL)
		{
			listed->inverse = find_inverse_name_alone(reader,
													  listed->relationship,
													  &named, &lone_names);
			if (listed->inverse)
				continue;
			target = make_listing(reader, relid);
			if (target == NULL)
				continue;
			targets = lappend(targets, target);
		}
		listed->inverse = find_inverse_name(target, listed->relationship);
	}
	return lone_names;
}

/*
 * The relationships of one relation itself, without names: those that follow
 * from keys, and those that were declared.
 */
static List *
make_relationships(RelnavReader *reader, const RelnavTable *table)
{
	Oid			relid = table->rel->relid;
	List	   *result;

	result = relnav_infer_relationships(table,
										relnav_get_incoming_keys(reader, relid));
	if (relnav_get_declarations(reader, relid) != NIL)
	{
		result = list_concat(result, make_declared_relationships(reader, relid));
		give_new_names(reader, relid, result);
	}
	return result;
}

/* The relationships that were declared for a relation, from either side. */
static List *
make_declared_relationships(RelnavReader *reader, Oid relid)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, relnav_get_declarations(reader, relid))
	{
		const RelnavDeclaration *declaration = lfirst(lc);
		RelnavRelationship *r;

		if (relnav_is_renaming(declaration))
			continue;
		r = relnav_make_declared(reader, declaration);
		if (r == NULL)
			continue;
		if (declaration->source == relid)
			result = lappend(result, r);
		if (declaration->inverse && declaration->target == relid)
		{
			r = relnav_invert(r);
			r->declared_name = declaration->inverse;
			result = lappend(result, r);
		}
	}
	return result;
}

/* Note which relationships of a relation have been given another name. */
static void
give_new_names(RelnavReader *reader, Oid relid, List *relationships)
{
	ListCell   *lc;

	foreach(lc, relnav_get_declarations(reader, relid))
	{
		const RelnavDeclaration *declaration = lfirst(lc);
		ListCell   *lr;

		if (!relnav_is_renaming(declaration) || declaration->source != relid)
			continue;
		foreach(lr, relationships)
		{
			RelnavRelationship *r = lfirst(lr);

			if (relnav_is_renamed(declaration, r))
				r->new_name = declaration->name;
		}
	}
}

/*
 * The relationships that a view has from its tables.
 */
static List *
make_view_relationships(RelnavReader *reader, RelnavTable *view)
{
	List	   *result = NIL;
	int			i;

	for (i = 0; i < view->trace->noccurrences; i++)
	{
		ListCell   *lc;
		int			k;

		CHECK_FOR_INTERRUPTS();

		for (k = 0; k < view->ncolumns; k++)
		{
			if (view->trace->columns[k].occurrence == i)
				break;
		}
		if (k == view->ncolumns)
			continue;
		foreach(lc, view->trace->occurrences[i].relids)
		{
			const RelnavTable *table = relnav_find_table(reader, lfirst_oid(lc));
			ListCell   *lr;

			if (table == NULL)
				continue;
			foreach(lr, make_relationships(reader, table))
			{
				RelnavRelationship *r = lfirst(lr);

				/* What was declared of the view itself it need not repeat. */
				if (r->target->relid != view->rel->relid)
					r = relnav_make_view_source(r, view, i);
				else
					r = NULL;
				if (r)
					result = lappend(result, r);
			}
		}
	}
	return result;
}

/*
 * The relationships of a partitioned table itself, seen from one of its
 * partitions: the columns are found by name, as their numbers may differ.
 */
static List *
make_partition_relationships(RelnavReader *reader,
							 const RelnavTable *partition, Oid ancestor)
{
	const RelnavTable *table = relnav_find_table(reader, ancestor);
	List	   *result = NIL;
	ListCell   *lc;

	if (table == NULL)
		return NIL;

	foreach(lc, make_relationships(reader, table))
	{
		RelnavRelationship *r = lfirst(lc);
		RelnavColumn *columns = palloc(sizeof(RelnavColumn) * r->near->nkeys);
		int			i;

		for (i = 0; i < r->near->nkeys; i++)
		{
			const RelnavColumn *column =
				relnav_find_column(partition, r->source_cols[i].name);

			if (column == NULL)
				break;			/* being changed right now */
			columns[i] = *column;
		}
		if (i < r->near->nkeys)
			continue;
		r->source = partition->rel;
		r->source_cols = columns;
		if (r->direction == RELNAV_FORWARDS)
			r->near = add_inherited_names(r->near, partition);
		result = lappend(result, r);
	}
	return result;
}

/*
 * A partitioned table's key with the names of the partition's own constraints
 * that say the same.
 */
static RelnavForeignKey *
add_inherited_names(RelnavForeignKey *fk, const RelnavTable *partition)
{
	RelnavForeignKey *result = fk;
	ListCell   *lc;

	foreach(lc, partition->inherited_keys)
	{
		const RelnavForeignKey *own = lfirst(lc);

		if (!relnav_is_same_key(fk, own, true))
			continue;
		if (result == fk)
		{
			result = palloc(sizeof(RelnavForeignKey));
			*result = *fk;
			result->other_names = list_copy(fk->other_names);
		}
		result->other_names = lappend(result->other_names, (char *) own->name);
	}
	return result;
}

/*
 * Of a partition's listing keep what is its own.  What its partitioned table
 * has for it counted when names were given.
 */
static void
leave_out_inherited(RelnavListing *listing)
{
	int			kept = 0;
	int			i;

	for (i = 0; i < listing->nrelationships; i++)
	{
		const RelnavRelationship *r = listing->relationships[i].relationship;
		Oid			owner = r->direction == RELNAV_FORWARDS
			? r->near->table->rel->relid : r->near->pk_rel->relid;

		if (owner == listing->relid)
			listing->relationships[kept++] = listing->relationships[i];
	}
	listing->nrelationships = kept;
}

/*
 * The keys by which one row of a table can be asked for: the primary key,
 * deferrable or not, then those of unique indexes on columns that are not
 * null.
 */
static List *
make_keys(const RelnavTable *table)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, table->indexes)
	{
		const RelnavIndex *index = lfirst(lc);
		RelnavKey  *key;
		int			i;

		if (!index->primary &&
			(!index->unique || !is_whole_index(table, index)))
			continue;

		key = palloc(sizeof(RelnavKey));
		key->primary = index->primary;
		key->nkeys = index->nkeys;
		key->columns = palloc(sizeof(RelnavColumn) * index->nkeys);
		key->eqop = palloc(sizeof(Oid) * index->nkeys);
		for (i = 0; i < index->nkeys; i++)
		{
			const RelnavIndexColumn *column = &index->columns[i];
			int			k;

			for (k = 0; k < table->ncolumns; k++)
			{
				if (table->columns[k].attnum == column->attnum)
					break;
			}
			if (k == table->ncolumns || !table->columns[k].not_null ||
				table->columns[k].collation != column->collation)
				break;
			key->columns[i] = table->columns[k];

			/* Only a btree's strategy numbers are known; others are temporal. */
			key->eqop[i] = index->btree
				? get_opfamily_member(column->opfamily,
									  column->opcintype, column->opcintype,
									  BTEqualStrategyNumber)
				: lookup_type_cache(table->columns[k].type,
									TYPECACHE_EQ_OPR)->eq_opr;
			if (!OidIsValid(key->eqop[i]))
				break;
		}
		if (i < index->nkeys || (!key->primary && has_same_key(result, key)))
			continue;
		result = key->primary ? lcons(key, result) : lappend(result, key);
	}
	return result;
}

/* Does a partial index hold all rows, as its columns are never null? */
static bool
is_whole_index(const RelnavTable *table, const RelnavIndex *index)
{
	int			i;
	Bitmapset  *missing = bms_copy(index->not_null_columns);

	for (i = 0; i < table->ncolumns; i++)
	{
		if (table->columns[i].not_null)
			missing = bms_del_member(missing, table->columns[i].attnum);
	}
	return bms_is_empty(missing);
}

/* Is a key of the same columns in the same order there already? */
static bool
has_same_key(List *keys, const RelnavKey *key)
{
	ListCell   *lc;

	foreach(lc, keys)
	{
		const RelnavKey *other = lfirst(lc);
		int			i;

		if (other->nkeys != key->nkeys)
			continue;
		for (i = 0; i < key->nkeys; i++)
		{
			if (key->columns[i].attnum != other->columns[i].attnum ||
				key->eqop[i] != other->eqop[i])
				break;
		}
		if (i == key->nkeys)
			return true;
	}
	return false;
}

/*
 * The full name of a relationship's inverse, which is one of those of its
 * target; NULL if it is not there.
 */
static const char *
find_inverse_name(const RelnavListing *target, const RelnavRelationship *r)
{
	int			i;

	for (i = 0; i < target->nrelationships; i++)
	{
		const RelnavRelationship *other = target->relationships[i].relationship;

		if (relnav_is_inverse(other, r))
			return other->full_name;
	}
	return NULL;
}

/*
 * The same without a listing of the target, whose neighbours would all have
 * to be read.
 *
 * What the inverse is called depends on other relationships of the target
 * only where names meet.  So we give names to those by keys of the same
 * table, and look whether the name we get could be that of any other.  Those
 * that have been named so are in *named.  Adds to *lone_names the names of
 * which this says that only one relation has them.  Returns NULL if it cannot
 * be told like this.
 */
static const char *
find_inverse_name_alone(RelnavReader *reader, const RelnavRelationship *r,
						List **named, List **lone_names)
{
	const RelnavTable *target = relnav_find_table(reader, r->target->relid);
	const char *names[2];
	ListCell   *lc;

	if (target == NULL || target->rel->is_partition ||
		relnav_get_origin(r) != RELNAV_FOREIGN_KEY ||
		relnav_get_declarations(reader, r->target->relid) != NIL)
		return NULL;

	foreach(lc, name_alone(named, r->near->table, target))
	{
		RelnavRelationship *inverse = lfirst(lc);
		int			i;

		if (!relnav_is_inverse(inverse, r))
			continue;
		if (relnav_may_be_another(inverse, &names[0], &names[1]))
			return NULL;
		for (i = 0; i < 2; i++)
		{
			ListCell   *ln;
			bool		known = false;

			if (names[i] == NULL)
				continue;
			foreach(ln, *lone_names)
				known |= strcmp(lfirst(ln), names[i]) == 0;
			if (known)
				continue;
			if (!is_lone_name(names[i]))
				return NULL;
			*lone_names = lappend(*lone_names, (char *) names[i]);
		}
		return inverse->full_name;
	}
	return NULL;
}

/*
 * The relationships of a source by the keys of one table, named alone.  There
 * can be hundreds of them, and each is asked for.
 */
static List *
name_alone(List **named, const RelnavTable *keys_of, const RelnavTable *source)
{
	LoneNames  *result;
	List	   *incoming = NIL;
	ListCell   *lc;

	foreach(lc, *named)
	{
		result = lfirst(lc);
		if (result->keys_of == keys_of && result->source == source->rel->relid)
			return result->relationships;
	}

	foreach(lc, keys_of->foreign_keys)
	{
		RelnavForeignKey *fk = lfirst(lc);

		if (fk->pk_rel->relid == source->rel->relid)
			incoming = lappend(incoming, fk);
	}
	result = palloc(sizeof(LoneNames));
	result->keys_of = keys_of;
	result->source = source->rel->relid;
	result->relationships = relnav_infer_relationships(source, incoming);
	relnav_name_relationships(result->relationships);
	*named = lappend(*named, result);
	return result->relationships;
}

/* Is a relation's name no other's, nor a schema's and a table's? */
static bool
is_lone_name(const char *name)
{
	return relnav_is_only_relation_named(name) &&
		!relnav_could_be_schema_and_name(name);
}

/*
 * Callback: a relation was changed, or, if relid is invalid, any may have
 * been.
 */
static void
relation_changed(Datum arg, Oid relid)
{
	events++;
	if (!OidIsValid(relid))
		forget_all();
	else
	{
		note_change(relid);
		note_changed_table(relid);
	}
}

/*
 * Callback: something with a name in conditions was changed.
 */
static void
catalog_changed(Datum arg, RelnavSysCacheId cacheid, uint32 hashvalue)
{
	events++;
	forget_all();
}

/* Mark the listings that were made with facts about a table. */
static void
note_change(Oid relid)
{
	UsedTable  *used = used_tables == NULL ? NULL
		: hash_search(used_tables, &relid, HASH_FIND, NULL);

	if (used == NULL && made_room_at != generation)
		return;
	generation++;
	if (used)
		used->changed_at = generation;
}

/* The table may have a new key, but what it references we cannot look up now. */
static void
note_changed_table(Oid relid)
{
	int			i;

	/* Nothing has been made of any table. */
	if (used_tables == NULL)
		return;

	for (i = 0; i < nchanged_tables; i++)
	{
		if (changed_tables[i] == relid)
			return;
	}
	if (nchanged_tables == MAX_CHANGED_TABLES)
		forget_all();
	else
		changed_tables[nchanged_tables++] = relid;
}

/* Mark all listings, and so all that others have made of them. */
static void
forget_all(void)
{
	all_changed_at = ++generation;
	nchanged_tables = 0;
}
