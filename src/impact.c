/*-------------------------------------------------------------------------
 *
 * impact.c
 *	  What a DELETE of a row would do.
 *
 * relnav.delete_impact() plays through what the server's triggers of foreign
 * keys would do, without changing anything.  The order matters: a row that one
 * key would delete and another would keep from going is decided by whichever
 * trigger fires first.  So we keep the server's own order:
 *
 * - A statement's events are fired in rounds.  What a trigger of one round
 *	 deletes or updates makes events of the next round.  That is what
 *	 AfterTriggerEndQuery() does, because the queries of ri_triggers.c leave
 *	 their events to the statement that started it all.
 * - Within a round, events come in the order in which they were queued: row
 *	 by row, and for each row trigger by trigger, in the order of their names.
 * - Deferred checks come at the end.
 *
 * For each event the server runs a query.  We run one for all events of a
 * round that concern the same key in the same way, a "stream": the keys are
 * in a tuplestore, which the query sees as a relation.  It returns the rows
 * that reference them in the order of the events, and we merge the streams.
 *
 * The queries see the data as it is, not as it would have become.  Therefore
 * we keep in mind which rows are gone and which have new values, by where they
 * are stored, and correct what the queries return: rows that are gone are
 * skipped, those with new values in the key's columns are looked at again, and
 * rows whose new values reference something are found in a list of our own.
 *
 * Everything runs with the caller's rights, whereas triggers of foreign keys
 * run with the table owner's.  Where the caller may not see what a trigger
 * would, we say so, and nothing about what is below.
 *
 * Memory: one context for the call.  Rows that would be deleted take a bit each
 * there, in a set for each block of their table; rows that would be updated
 * 300 to 400 bytes.  Streams keep to work_mem and go to disk beyond.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "argument.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "execute.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "keyvalue.h"
#include "lib/binaryheap.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "privilege.h"
#include "rewrite/rewriteHandler.h"
#include "sqlbuf.h"
#include "sqlgen.h"
#include "storage/itemptr.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/queryenvironment.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

/* How many rows are fetched at once. */
#define FETCH_COUNT 1000

/* A plan is made anew for this many times the keys it was made for. */
#define REPLAN_FACTOR 10

/* The columns of the result. */
enum
{
	COLUMN_TARGET,
	COLUMN_ACTION,
	COLUMN_CONSTRAINT_NAME,
	COLUMN_DEPTH,
	COLUMN_ROWS,
	COLUMN_DETAIL,
	NUM_COLUMNS
};

/* The first columns of a stream's query. */
enum
{
	RESULT_SEQ,
	RESULT_DEPTH,
	RESULT_TABLEOID,
	RESULT_CTID,
	NUM_RESULT_COLUMNS
};

/* A line of the result. */
typedef struct Line
{
	Oid			target;
	const char *action;
	Oid			root;			/* topmost constraint, InvalidOid: none */
	const char *constraint_name;
	int			depth;
	int64		rows;			/* negative: not known */
	const char *reason;			/* what tells apart lines of one constraint */
	List	   *user;			/* triggers and rules to be named */
} Line;

/* Where a row is stored. */
typedef struct RowId
{
	Oid			relid;
	ItemPointerData tid;
} RowId;

/* Which rows of one block of a table would be gone. */
typedef struct ChangedBlock
{
	Oid			relid;			/* hash key, with the next */
	BlockNumber block;
	Bitmapset  *deleted;		/* offset numbers */
} ChangedBlock;

/* A table that rows are stored in. */
typedef struct StoredTable
{
	Oid			relid;			/* hash key */
	RelnavTriggers *triggers;
	const RelnavTable *table;

	/* The columns of which the values must be known. */
	int			ncolumns;
	RelnavColumn *columns;
	int16	   *typlen;
	bool	   *typbyval;
	bool	   *refuses_null;	/* a NOT NULL constraint, or its domain's */

	/* Where the triggers' keys are among them: of pk_cols, or fk_cols. */
	List	   *on_delete;		/* of KeyPlace */
	List	   *on_update;
	List	   *checks;
} StoredTable;

/* A trigger's key in a stored row. */
typedef struct KeyPlace
{
	const RelnavKeyTrigger *trigger;
	int		   *positions;
} KeyPlace;

/* What has become of an updated row. */
typedef struct UpdatedRow
{
	RowId		id;
	StoredTable *table;
	int			version;		/* how often it was updated */
	Datum	   *values;			/* of the table's columns */
	bool	   *nulls;
	bool	   *touched;		/* has another value than is stored? */
	Line	   *line;			/* where it counts, or NULL */
	List	   *references;		/* keys for which it is in a list, as OIDs */
	bool		moved;			/* is it in the list of those? */
} UpdatedRow;

/* Updated rows by where they are stored. */
typedef struct UpdatedEntry
{
	RowId		id;				/* hash key */
	UpdatedRow *row;
} UpdatedEntry;

/* A row as a query has returned it, or as it is in mind. */
typedef struct CurrentRow
{
	RowId		id;
	StoredTable *table;
	Datum	   *values;
	bool	   *nulls;
	UpdatedRow *updated;		/* NULL: as it is stored */
} CurrentRow;

/* A foreign key, seen from the referencing table. */
typedef struct Dependent
{
	Oid			root;			/* topmost constraint */
	const RelnavForeignKey *fk;
	RelnavTriggers *triggers;	/* of the referencing table itself */
	const char *obstacle;		/* why its rows cannot be read, or NULL */
	bool		reported;		/* was that said? */

	/* The columns that its query returns, and where the tables' are. */
	int			ncolumns;
	RelnavColumn *columns;
	List	   *layouts;		/* of Layout */

	/*
	 * Rows whose new values reference something, and what these values were
	 * or are: most often many rows have the same, which is a default.
	 */
	List	   *redirected;		/* of UpdatedRow */
	List	   *references;		/* of Datum *, each once */
	bool		comparison_known;
	FmgrInfo   *equal;			/* what compares the columns, or NULL: */
	SPIPlanPtr	comparison;		/* then it is a query */
	SPIPlanPtr	parents;		/* with a key, once the parent is locked */
} Dependent;

/* Where a stored table's columns are in a query's result. */
typedef struct Layout
{
	StoredTable *table;
	int		   *positions;
} Layout;

/* Events of one kind that concern one key. */
typedef struct Stream
{
	Dependent  *dependent;
	const RelnavKeyTrigger *trigger;
	bool		update;			/* of the referenced row? */
	bool		deferred;
	TupleDesc	desc;			/* of the events */
	EphemeralNamedRelation enr;
	Tuplestorestate *next;		/* events of the next round */
	int64		nnext;
	bool		sets_values;	/* do new keys with values come next? */

	/* The query of this round. */
	int64		nevents;
	SPIPlanPtr	plan;
	int64		planned_for;
	bool		with_keys;
	Portal		portal;
	SPITupleTable *fetched;
	uint64		nfetched;
	uint64		position;
	Datum	   *values;			/* of the row at the position */
	bool	   *nulls;
	int64		seq;

	/* Values that it sets, if these are defaults. */
	bool		defaults_known;
	bool		defaults_fail;	/* at least one was not evaluated */
	Datum	   *defaults;
	bool	   *default_nulls;
	bool	   *default_unknown;	/* was it not evaluated? */

	/* What else could object to that, of values and of nulls. */
	bool		rules_known[2];
	List	   *rules[2];
} Stream;

/* That an updated row's parent must be there. */
typedef struct Check
{
	int64		seq;
	int			depth;
	UpdatedRow *row;
	int			version;
	const KeyPlace *place;
} Check;

/* All of it. */
typedef struct Impact
{
	MemoryContext context;
	RelnavReader *reader;
	HTAB	   *blocks;			/* of ChangedBlock */
	ChangedBlock *last_block;	/* rows come block by block */
	HTAB	   *updated;		/* of UpdatedEntry, NULL: none yet */
	HTAB	   *tables;			/* of StoredTable, by relid */
	List	   *dependents;		/* of Dependent */
	List	   *streams;		/* of Stream */
	List	   *checks;			/* of Check, of the next round */
	List	   *deferred_checks;
	List	   *moved;			/* of UpdatedRow: with new referenced keys */
	bool		redirects;		/* does any updated row reference something? */
	List	   *lines;			/* of Line */
	List	   *recent_lines;	/* those that may still be added to */
	int64		seq;			/* of the next event */
} Impact;

static void begin_impact(Impact *impact);
static void return_lines(Impact *impact, ReturnSetInfo *rsinfo);
static char *describe_line(const Line *line);
static void check_source(Oid relid);
static void delete_source(Impact *impact, const RelnavCall *call,
						  const RelnavSourceValue *source);
static const RelnavKey *get_source_key(Impact *impact, const RelnavCall *call,
									   const RelnavSourceValue *source,
									   Datum *values);
static bool get_row_values(const RelnavKey *key, HeapTupleHeader row,
						   Datum *values);
static void run_rounds(Impact *impact);
static void run_round(Impact *impact, bool deferred);
static List *open_streams(Impact *impact, bool deferred);
static void open_stream(Impact *impact, Stream *stream, bool with_keys);
static bool fetch_next(Stream *stream);
static void close_stream(Stream *stream);
static int	compare_streams(Datum a, Datum b, void *arg);
static void run_event(Impact *impact, Stream *stream);
static bool has_been_referenced(Impact *impact, Dependent *dependent,
								const Datum *key);
static void react(Impact *impact, Stream *stream, CurrentRow *row,
				  const Datum *new_key, const bool *new_nulls, int depth,
				  int64 *nleft);
static void run_check(Impact *impact, const Check *check);
static bool parent_exists(Impact *impact, const Check *check);
static bool is_current_row(Impact *impact, Stream *stream, CurrentRow *row);
static UpdatedRow *find_moved_row(Impact *impact, const RelnavForeignKey *fk,
								  const Datum *key);
static void delete_row(Impact *impact, CurrentRow *row, Line *line, int depth);
static void set_columns(Impact *impact, Stream *stream, CurrentRow *row,
						const Datum *new_key, const bool *new_nulls,
						int depth, int64 *nleft);
static void queue_update_events(Impact *impact, UpdatedRow *updated,
								const Datum *old, const bool *old_nulls,
								bool was_updated, int depth);
static void note_reference(Impact *impact, Dependent *dependent,
						   const UpdatedRow *updated, const KeyPlace *place);
static ChangedBlock *find_block(Impact *impact, const RowId *id, bool create);
static bool is_deleted(Impact *impact, const RowId *id);
static bool mark_deleted(Impact *impact, const RowId *id);
static UpdatedRow *find_updated_row(Impact *impact, const RowId *id);
static UpdatedRow *make_updated_row(Impact *impact, CurrentRow *row);
static bool same_value(const StoredTable *table, int column, Datum a,
					   bool a_null, Datum b, bool b_null);
static void queue_event(Impact *impact, const RelnavKeyTrigger *trigger,
						const int *positions, const Datum *old,
						const bool *old_nulls, const Datum *new,
						const bool *new_nulls, int depth);
static Stream *get_stream(Impact *impact, const RelnavKeyTrigger *trigger,
						  bool update);
static TupleDesc make_event_desc(const RelnavForeignKey *fk, bool update);
static Dependent *get_dependent(Impact *impact, const RelnavKeyTrigger *trigger);
static void prepare_dependent(Impact *impact, Dependent *dependent);
static void check_unchanged(const RelnavForeignKey *fk, Oid root,
							const RelnavRelation *rel,
							const RelnavColumn *cols);
static void find_columns(Impact *impact, Dependent *dependent,
						 const RelnavTable *table);
static StoredTable *get_stored_table(Impact *impact, Oid relid);
static List *place_keys(StoredTable *table, List *triggers, bool referencing);
static int	place_column(StoredTable *table, const RelnavColumn *column);
static bool can_be_updated(const RelnavTriggers *triggers);
static bool refuses_null(Oid relid, const RelnavColumn *column);
static void find_defaults(Impact *impact, Stream *stream);
static bool evaluate_default(Relation rel, AttrNumber attnum, Datum *value,
							 bool *isnull);
static bool is_harmful(Node *node, void *context);
static bool is_foreign_function(Oid function, void *context);
static Datum convert_value(Impact *impact, const RelnavColumn *from,
						   const RelnavColumn *to, Datum value);
static List *get_rules(Impact *impact, Stream *stream, bool nulls);
static void find_comparison(Impact *impact, Dependent *dependent);
static bool keys_equal(Impact *impact, Dependent *dependent,
					   const Datum *key, const Datum *values);
static Line *get_line(Impact *impact, const RelnavForeignKey *fk, Oid root,
					  const char *action, int depth, const char *reason,
					  List *user);
static void block(Impact *impact, const RelnavForeignKey *fk, Oid root,
				  int depth, int64 rows, const char *reason);

PG_FUNCTION_INFO_V1(relnav_delete_impact);
PG_FUNCTION_INFO_V1(relnav_delete_impact_by_key);

/*
 * relnav.delete_impact(source anyelement)
 */
Datum
relnav_delete_impact(PG_FUNCTION_ARGS)
{
	RelnavCall	call = {0};
	RelnavSourceValue source = {0};
	Impact		impact = {0};

	call.source = relnav_get_source_relation(fcinfo, 0);
	relnav_get_source_row(fcinfo, 0, &source);

	InitMaterializedSRF(fcinfo, 0);
	begin_impact(&impact);
	delete_source(&impact, &call, &source);
	run_rounds(&impact);
	return_lines(&impact, (ReturnSetInfo *) fcinfo->resultinfo);
	return (Datum) 0;
}

/*
 * relnav.delete_impact(source regclass, key anycompatible)
 */
Datum
relnav_delete_impact_by_key(PG_FUNCTION_ARGS)
{
	RelnavCall	call = {0};
	RelnavSourceValue source = {0};
	Impact		impact = {0};

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	call.source = PG_GETARG_OID(0);
	call.by_key = true;
	relnav_get_source_key(fcinfo, &source);

	begin_impact(&impact);
	delete_source(&impact, &call, &source);
	run_rounds(&impact);
	return_lines(&impact, (ReturnSetInfo *) fcinfo->resultinfo);
	return (Datum) 0;
}

/*
 * Prepare for playing.  Everything is in a context below that of SPI, and
 * goes with it.
 */
static void
begin_impact(Impact *impact)
{
	HASHCTL		ctl;

	check_stack_depth();

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	impact->context = AllocSetContextCreate(CurrentMemoryContext,
											"relnav impact",
											ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(impact->context);
	impact->reader = relnav_create_reader();

	memset(&ctl, 0, sizeof(ctl));
	ctl.hcxt = impact->context;
	ctl.keysize = offsetof(ChangedBlock, deleted);
	ctl.entrysize = sizeof(ChangedBlock);
	impact->blocks = hash_create("relnav blocks changed", 256, &ctl,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	ctl.keysize = sizeof(Oid);
	ctl.entrysize = sizeof(StoredTable);
	impact->tables = hash_create("relnav stored tables", 32, &ctl,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/*
 * Put the lines into the result.  A line of rows that were deleted by another
 * key after all has none left; it only matters if somebody else could have
 * objected meanwhile.
 */
static void
return_lines(Impact *impact, ReturnSetInfo *rsinfo)
{
	ListCell   *lc;

	foreach(lc, impact->lines)
	{
		const Line *line = lfirst(lc);
		char	   *detail;
		Datum		values[NUM_COLUMNS];
		bool		nulls[NUM_COLUMNS] = {0};
		NameData	name;

		if (line->rows == 0 && line->user == NIL)
			continue;
		detail = describe_line(line);
		values[COLUMN_TARGET] = ObjectIdGetDatum(line->target);
		values[COLUMN_ACTION] = CStringGetTextDatum(line->action);
		if (line->constraint_name)
		{
			namestrcpy(&name, line->constraint_name);
			values[COLUMN_CONSTRAINT_NAME] = NameGetDatum(&name);
		}
		nulls[COLUMN_CONSTRAINT_NAME] = line->constraint_name == NULL;
		values[COLUMN_DEPTH] = Int32GetDatum(line->depth);
		values[COLUMN_ROWS] = Int64GetDatum(line->rows);
		nulls[COLUMN_ROWS] = line->rows < 0;
		if (detail)
			values[COLUMN_DETAIL] = CStringGetTextDatum(detail);
		nulls[COLUMN_DETAIL] = detail == NULL;
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	SPI_finish();
}

/* Why, and which triggers and rules there are; NULL if there is nothing. */
static char *
describe_line(const Line *line)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	if (line->reason)
		appendStringInfoString(&buf, line->reason);
	foreach(lc, line->user)
	{
		if (buf.len > 0)
			appendStringInfoString(&buf, lc == list_head(line->user) ? "; " : ", ");
		appendStringInfoString(&buf, lfirst(lc));
	}
	return buf.len > 0 ? buf.data : NULL;
}

/* A DELETE of a view's or foreign table's row is somebody else's business. */
static void
check_source(Oid relid)
{
	char		relkind = get_rel_relkind(relid);

	if (relkind == RELKIND_RELATION || relkind == RELKIND_PARTITIONED_TABLE)
		return;
	if (relkind == '\0')
		(void) relnav_get_listing(relid);	/* raises the error */
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("\"%s\" is not a table", get_rel_name(relid)),
			 errdetail("What a DELETE would do is known for tables and partitions.")));
}

/*
 * Find the source row and delete it.
 */
static void
delete_source(Impact *impact, const RelnavCall *call,
			  const RelnavSourceValue *source)
{
	Datum		values[INDEX_MAX_KEYS];
	Oid			types[INDEX_MAX_KEYS];
	const RelnavKey *key;
	const RelnavTable *table;
	StoredTable *stored = NULL;
	Dependent	self = {0};
	RelnavTriggers *triggers;
	CurrentRow	row = {0};
	SPITupleTable *found;
	Line	   *line;
	int			i;

	check_source(call->source);
	LockRelationOid(call->source, AccessShareLock);
	table = relnav_find_table(impact->reader, call->source);
	if (table == NULL)
		(void) relnav_get_listing(call->source);	/* raises the error */
	if (source->isnull)
		return;
	triggers = relnav_get_triggers(impact->reader, call->source);

	key = get_source_key(impact, call, source, values);
	if (key == NULL)
	{
		/* A key that no row has; or a row that nothing can reference. */
		if (!call->by_key)
		{
			line = get_line(impact, NULL, InvalidOid, "delete", 0, NULL,
							triggers->user_on_delete);
			line->target = call->source;
			line->rows = 1;
		}
		return;
	}

	/* All that the triggers of any of its partitions want to know. */
	find_columns(impact, &self, table);

	for (i = 0; i < key->nkeys; i++)
		types[i] = getBaseType(key->columns[i].type);
	if (SPI_execute_with_args(relnav_generate_stored_row(table->rel, key,
														 self.columns,
														 self.ncolumns),
							  key->nkeys, types, values, NULL,
							  true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_with_args failed");
	MemoryContextSwitchTo(impact->context);
	found = SPI_tuptable;
	if (SPI_processed > 0)
	{
		HeapTuple	tuple = found->vals[0];
		Datum	   *columns = palloc(sizeof(Datum) * (self.ncolumns + 2));
		bool	   *nulls = palloc(sizeof(bool) * (self.ncolumns + 2));
		ListCell   *lc;

		heap_deform_tuple(tuple, found->tupdesc, columns, nulls);
		row.id.relid = DatumGetObjectId(columns[0]);
		row.id.tid = *(ItemPointer) DatumGetPointer(columns[1]);
		foreach(lc, self.layouts)
		{
			const Layout *layout = lfirst(lc);

			if (layout->table->relid != row.id.relid)
				continue;
			stored = layout->table;
			row.values = palloc(sizeof(Datum) * Max(stored->ncolumns, 1));
			row.nulls = palloc(sizeof(bool) * Max(stored->ncolumns, 1));
			for (i = 0; i < stored->ncolumns; i++)
			{
				row.values[i] = columns[2 + layout->positions[i]];
				row.nulls[i] = nulls[2 + layout->positions[i]];
			}
		}
		if (stored == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_IN_USE),
					 errmsg("table \"%s\" is being changed", table->rel->name)));
		row.table = stored;
		line = get_line(impact, NULL, InvalidOid, "delete", 0, NULL,
						triggers->user_on_delete);
		line->target = call->source;
		delete_row(impact, &row, line, 1);
	}
	SPI_freetuptable(found);
}

/*
 * By which columns the source row is found, and their values.
 *
 * A row that was passed may be found by any key that it has values for: one of
 * the table's, or one that it is referenced by.  NULL if there is none, or the
 * key argument is the key of no row.
 */
static const RelnavKey *
get_source_key(Impact *impact, const RelnavCall *call,
			   const RelnavSourceValue *source, Datum *values)
{
	const RelnavListing *listing;
	RelnavTriggers *triggers;
	const RelnavKey *key;
	ListCell   *lc;

	if (call->by_key)
	{
		key = relnav_get_key(call->source);
		return relnav_convert_key(get_rel_name(call->source), key, source->key,
								  source->key_type, values) ? key : NULL;
	}

	listing = relnav_get_listing(call->source);
	foreach(lc, listing->keys)
	{
		key = relnav_copy_key(lfirst(lc));
		if (get_row_values(key, source->row, values))
			return key;
	}
	triggers = relnav_get_triggers(impact->reader, call->source);
	foreach(lc, triggers->on_delete)
	{
		const RelnavKeyTrigger *trigger = lfirst(lc);
		RelnavKey  *referenced = palloc0(sizeof(RelnavKey));

		referenced->nkeys = trigger->fk->nkeys;
		referenced->columns = trigger->fk->pk_cols;
		referenced->eqop = trigger->fk->pp_eqop;
		if (get_row_values(referenced, source->row, values))
			return referenced;
	}
	return NULL;
}

/* A key's values in a row; false if one is null. */
static bool
get_row_values(const RelnavKey *key, HeapTupleHeader row, Datum *values)
{
	int			i;

	for (i = 0; i < key->nkeys; i++)
	{
		bool		isnull;

		values[i] = GetAttributeByNum(row, key->columns[i].attnum, &isnull);
		if (isnull)
			return false;
	}
	return true;
}

/* Round after round, until nothing is left; then what was deferred. */
static void
run_rounds(Impact *impact)
{
	for (;;)
	{
		bool		more = impact->checks != NIL;
		ListCell   *lc;

		foreach(lc, impact->streams)
		{
			const Stream *stream = lfirst(lc);

			more |= stream->nnext > 0 && !stream->deferred;
		}
		if (!more)
			break;
		run_round(impact, false);
	}
	impact->checks = impact->deferred_checks;
	run_round(impact, true);
}

/* One round: all events that are queued now. */
static void
run_round(Impact *impact, bool deferred)
{
	List	   *open;
	List	   *checks = impact->checks;
	int			next_check = 0;
	binaryheap *heap;
	ListCell   *lc;

	impact->checks = NIL;
	impact->recent_lines = NIL;

	open = open_streams(impact, deferred);
	heap = binaryheap_allocate(Max(list_length(open), 1), compare_streams, NULL);
	foreach(lc, open)
	{
		if (fetch_next(lfirst(lc)))
			binaryheap_add_unordered(heap, PointerGetDatum(lfirst(lc)));
	}
	binaryheap_build(heap);

	while (!binaryheap_empty(heap) || next_check < list_length(checks))
	{
		Stream	   *stream = binaryheap_empty(heap) ? NULL :
			(Stream *) DatumGetPointer(binaryheap_first(heap));
		const Check *check = next_check < list_length(checks)
			? list_nth(checks, next_check) : NULL;

		CHECK_FOR_INTERRUPTS();

		if (stream == NULL || (check && check->seq < stream->seq))
		{
			run_check(impact, check);
			next_check++;
			continue;
		}
		run_event(impact, stream);
		if (stream->portal)
			binaryheap_replace_first(heap, PointerGetDatum(stream));
		else
			(void) binaryheap_remove_first(heap);
	}
	binaryheap_free(heap);
}

/*
 * Start the queries of the streams that have events; these are the result.
 *
 * Where a row can come to reference one of this round's keys while the round
 * is played, all keys must come out of the queries.
 */
static List *
open_streams(Impact *impact, bool deferred)
{
	List	   *open = NIL;
	bool		with_keys = impact->redirects;
	ListCell   *lc;

	foreach(lc, impact->streams)
	{
		Stream	   *stream = lfirst(lc);

		if (stream->nnext == 0 || stream->deferred != deferred)
			continue;
		open = lappend(open, stream);
		with_keys |= stream->trigger->reaction == RELNAV_SET_DEFAULT ||
			stream->sets_values;
	}
	foreach(lc, open)
		open_stream(impact, lfirst(lc), with_keys);
	return open;
}

/* Start the query of one stream, with the events that were put into it. */
static void
open_stream(Impact *impact, Stream *stream, bool with_keys)
{
	Dependent  *dependent = stream->dependent;

	stream->enr->reldata = stream->next;
	stream->enr->md.enrtuples = stream->nnext;
	stream->nevents = stream->nnext;
	stream->next = NULL;
	stream->nnext = 0;
	stream->sets_values = false;

	if (stream->plan == NULL || stream->with_keys != with_keys ||
		stream->nevents > stream->planned_for * REPLAN_FACTOR ||
		stream->nevents < stream->planned_for / REPLAN_FACTOR ||
		(stream->nevents > 1) != (stream->planned_for > 1))
	{
		RelnavReferencingStyle style = {0};

		if (stream->plan)
			SPI_freeplan(stream->plan);
		style.events = stream->enr->md.name;
		style.keys = with_keys;
		style.new_keys = stream->update;
		style.sorted = stream->nevents > 1;
		style.columns = dependent->columns;
		style.ncolumns = dependent->ncolumns;
		stream->plan = SPI_prepare(relnav_generate_referencing(dependent->fk,
															   &style),
								   0, NULL);
		if (stream->plan == NULL)
			elog(ERROR, "SPI_prepare failed: %s",
				 SPI_result_code_string(SPI_result));
		stream->planned_for = stream->nevents;
		stream->with_keys = with_keys;
	}
	stream->portal = SPI_cursor_open(NULL, stream->plan, NULL, NULL, true);
	MemoryContextSwitchTo(impact->context);
	stream->fetched = NULL;
	stream->nfetched = stream->position = 0;
	if (stream->values == NULL)
	{
		int			n = NUM_RESULT_COLUMNS + 2 * dependent->fk->nkeys +
			dependent->ncolumns;

		stream->values = palloc(sizeof(Datum) * n);
		stream->nulls = palloc(sizeof(bool) * n);
	}
}

/*
 * Go to the next row of a stream.  Returns false, and closes it, if there is
 * none.
 */
static bool
fetch_next(Stream *stream)
{
	if (stream->position == stream->nfetched)
	{
		MemoryContext old = CurrentMemoryContext;

		if (stream->fetched)
			SPI_freetuptable(stream->fetched);
		SPI_cursor_fetch(stream->portal, true, FETCH_COUNT);
		MemoryContextSwitchTo(old);
		stream->fetched = SPI_tuptable;
		stream->nfetched = SPI_processed;
		stream->position = 0;
		if (stream->nfetched == 0)
		{
			close_stream(stream);
			return false;
		}
	}
	heap_deform_tuple(stream->fetched->vals[stream->position],
					  stream->fetched->tupdesc, stream->values, stream->nulls);
	stream->position++;
	stream->seq = DatumGetInt64(stream->values[RESULT_SEQ]);
	return true;
}

static void
close_stream(Stream *stream)
{
	SPI_freetuptable(stream->fetched);
	stream->fetched = NULL;
	SPI_cursor_close(stream->portal);
	stream->portal = NULL;
	tuplestore_end((Tuplestorestate *) stream->enr->reldata);
	stream->enr->reldata = NULL;
}

/* The earliest event is the first of the heap. */
static int
compare_streams(Datum a, Datum b, void *arg)
{
	int64		x = ((Stream *) DatumGetPointer(a))->seq;
	int64		y = ((Stream *) DatumGetPointer(b))->seq;

	return x < y ? 1 : x > y ? -1 : 0;
}

/*
 * One event: all rows of the stream with its number.
 */
static void
run_event(Impact *impact, Stream *stream)
{
	Dependent  *dependent = stream->dependent;
	const RelnavForeignKey *fk = dependent->fk;
	int64		seq = stream->seq;
	int			depth = DatumGetInt32(stream->values[RESULT_DEPTH]);
	int			first_new = NUM_RESULT_COLUMNS +
		(stream->with_keys ? fk->nkeys : 0);
	int			first_column = first_new + (stream->update ? fk->nkeys : 0);
	Datum		key[INDEX_MAX_KEYS];
	Datum		new_key[INDEX_MAX_KEYS];
	bool		new_nulls[INDEX_MAX_KEYS];
	int64		nleft = 0;
	int			i;

	/* What the rows have in common outlives them. */
	for (i = 0; i < fk->nkeys; i++)
	{
		int16		typlen;
		bool		typbyval;

		if (!stream->with_keys && !stream->update)
			break;
		get_typlenbyval(fk->pk_cols[i].type, &typlen, &typbyval);
		if (stream->with_keys)
			key[i] = datumCopy(stream->values[NUM_RESULT_COLUMNS + i],
							   typbyval, typlen);
		if (stream->update)
		{
			new_nulls[i] = stream->nulls[first_new + i];
			new_key[i] = new_nulls[i] ? (Datum) 0 :
				datumCopy(stream->values[first_new + i], typbyval, typlen);
		}
	}

	do
	{
		CurrentRow	row = {0};
		Layout	   *layout = NULL;
		ListCell   *lc;

		CHECK_FOR_INTERRUPTS();

		/* Nothing references this key. */
		if (stream->nulls[RESULT_TABLEOID])
			continue;

		row.id.relid = DatumGetObjectId(stream->values[RESULT_TABLEOID]);
		row.id.tid = *(ItemPointer) DatumGetPointer(stream->values[RESULT_CTID]);
		foreach(lc, dependent->layouts)
		{
			layout = lfirst(lc);
			if (layout->table->relid == row.id.relid)
				break;
		}
		if (lc == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_IN_USE),
					 errmsg("table \"%s\" is being changed", fk->table->rel->name)));
		row.table = layout->table;
		if (row.table->ncolumns > 0)
		{
			row.values = palloc(sizeof(Datum) * row.table->ncolumns);
			row.nulls = palloc(sizeof(bool) * row.table->ncolumns);
			for (i = 0; i < row.table->ncolumns; i++)
			{
				row.values[i] = stream->values[first_column + layout->positions[i]];
				row.nulls[i] = stream->nulls[first_column + layout->positions[i]];
			}
		}
		if (is_current_row(impact, stream, &row))
			react(impact, stream, &row, new_key, new_nulls, depth, &nleft);
		if (row.table->ncolumns > 0)
		{
			pfree(row.values);
			pfree(row.nulls);
		}
	} while (fetch_next(stream) && stream->seq == seq);

	/* Rows that have come to reference the key. */
	if (has_been_referenced(impact, dependent, key))
	{
		List	   *redirected = list_copy(dependent->redirected);
		ListCell   *lc;

		foreach(lc, redirected)
		{
			UpdatedRow *updated = lfirst(lc);
			CurrentRow	row = {0};
			Datum		values[INDEX_MAX_KEYS];
			bool		has_null = false;
			ListCell   *lk;

			if (is_deleted(impact, &updated->id))
				continue;
			foreach(lk, updated->table->checks)
			{
				const KeyPlace *place = lfirst(lk);

				if (place->trigger->root != dependent->root)
					continue;
				for (i = 0; i < fk->nkeys; i++)
				{
					values[i] = updated->values[place->positions[i]];
					has_null |= updated->nulls[place->positions[i]];
				}
				break;
			}
			if (lk == NULL || has_null ||
				!keys_equal(impact, dependent, key, values))
				continue;
			row.id = updated->id;
			row.table = updated->table;
			row.values = updated->values;
			row.nulls = updated->nulls;
			row.updated = updated;
			react(impact, stream, &row, new_key, new_nulls, depth, &nleft);
		}
		list_free(redirected);
	}

	if (nleft > 0 &&
		(stream->trigger->reaction == RELNAV_RESTRICT ||
		 find_moved_row(impact, fk, stream->with_keys ? key : NULL) == NULL))
		block(impact, fk, dependent->root, depth, nleft,
			  stream->trigger->reaction == RELNAV_RESTRICT ? "restrict" :
			  stream->trigger->reaction == RELNAV_SET_DEFAULT ?
			  "the default is the key that goes" :
			  stream->deferred ? "no action, checked at the end of the transaction" :
			  "no action");
}

/* Has any row come to reference a key?  It may have gone on since. */
static bool
has_been_referenced(Impact *impact, Dependent *dependent, const Datum *key)
{
	ListCell   *lc;

	foreach(lc, dependent->references)
	{
		if (keys_equal(impact, dependent, key, lfirst(lc)))
			return true;
	}
	return false;
}

/*
 * What a trigger does to one row that references its key.  Counts in *nleft
 * the rows that still do.
 */
static void
react(Impact *impact, Stream *stream, CurrentRow *row, const Datum *new_key,
	  const bool *new_nulls, int depth, int64 *nleft)
{
	Dependent  *dependent = stream->dependent;
	const RelnavForeignKey *fk = dependent->fk;

	switch (stream->trigger->reaction)
	{
		case RELNAV_NO_ACTION:
		case RELNAV_RESTRICT:
			(*nleft)++;
			break;
		case RELNAV_CASCADE:
			if (stream->update)
				set_columns(impact, stream, row, new_key, new_nulls, depth,
							nleft);
			else
				delete_row(impact, row,
						   get_line(impact, fk, dependent->root, "delete",
									depth, NULL,
									dependent->triggers->user_on_delete),
						   depth + 1);
			break;
		case RELNAV_SET_NULL:
		case RELNAV_SET_DEFAULT:
			set_columns(impact, stream, row, NULL, NULL, depth, nleft);
			break;
		case RELNAV_CHECK:
			Assert(false);
			break;
	}
}

/*
 * Is a row that a query has returned still there, and does it still reference
 * the key?  If its values in the key's columns are others, it is found among
 * the redirected rows, if it does.  Its current values take the place of the
 * stored ones.
 */
static bool
is_current_row(Impact *impact, Stream *stream, CurrentRow *row)
{
	UpdatedRow *updated;
	ListCell   *lc;

	if (is_deleted(impact, &row->id))
		return false;
	updated = row->updated = find_updated_row(impact, &row->id);
	if (updated == NULL)
		return true;
	foreach(lc, row->table->checks)
	{
		const KeyPlace *place = lfirst(lc);
		int			i;

		if (place->trigger->root != stream->dependent->root)
			continue;
		for (i = 0; i < place->trigger->fk->nkeys; i++)
		{
			if (updated->touched[place->positions[i]])
				return false;
		}
	}
	memcpy(row->values, updated->values, sizeof(Datum) * row->table->ncolumns);
	memcpy(row->nulls, updated->nulls, sizeof(bool) * row->table->ncolumns);
	return true;
}

/*
 * A row that has got a referenced key, which nothing had before it, in the
 * meantime.  Without a key to look for there can be none.
 */
static UpdatedRow *
find_moved_row(Impact *impact, const RelnavForeignKey *fk, const Datum *key)
{
	ListCell   *lc;

	foreach(lc, impact->moved)
	{
		UpdatedRow *updated = lfirst(lc);
		ListCell   *lk;

		if (key == NULL || is_deleted(impact, &updated->id))
			continue;
		foreach(lk, updated->table->on_update)
		{
			const KeyPlace *place = lfirst(lk);
			const RelnavForeignKey *own = place->trigger->fk;
			int			i;

			if (own->pk_rel->relid != fk->pk_rel->relid ||
				own->nkeys != fk->nkeys)
				continue;
			for (i = 0; i < fk->nkeys; i++)
			{
				int			position = place->positions[i];

				if (own->pk_cols[i].attnum != fk->pk_cols[i].attnum ||
					!same_value(updated->table, position, key[i], false,
								updated->values[position],
								updated->nulls[position]))
					break;
			}
			if (i == fk->nkeys)
				return updated;
		}
	}
	return NULL;
}

/* Does an updated row's parent exist? */
static void
run_check(Impact *impact, const Check *check)
{
	const RelnavKeyTrigger *trigger = check->place->trigger;
	const RelnavForeignKey *fk = trigger->fk;
	int			nnulls = 0;
	int			i;

	/* Only the last version of a row is checked. */
	if (is_deleted(impact, &check->row->id) ||
		check->row->version != check->version)
		return;

	for (i = 0; i < fk->nkeys; i++)
		nnulls += check->row->nulls[check->place->positions[i]];
	if (nnulls > 0)
	{
		if (trigger->match_full && nnulls < fk->nkeys)
			block(impact, fk, trigger->root, check->depth, 1,
				  "match full: some columns would be null, and others not");
		return;
	}
	if (!parent_exists(impact, check))
		block(impact, fk, trigger->root, check->depth, 1,
			  "the new value references no row");
}

/*
 * Is there, by now, a row with the key that a row references?  Where the
 * caller may not look, that is said, and nothing is blocked.
 */
static bool
parent_exists(Impact *impact, const Check *check)
{
	const RelnavForeignKey *fk = check->place->trigger->fk;
	Datum		values[INDEX_MAX_KEYS];
	Oid			types[INDEX_MAX_KEYS];
	Dependent  *dependent;
	bool		result = false;
	ListCell   *lc;
	uint64		r;
	int			i;

	if (!relnav_may_read_table(fk->pk_rel->relid) ||
		relnav_has_policies(fk->pk_rel->relid))
	{
		get_line(impact, fk, check->place->trigger->root, "unknown",
				 check->depth, "whether the new value's parent is there", NIL)->rows = -1;
		return true;
	}

	for (i = 0; i < fk->nkeys; i++)
	{
		values[i] = check->row->values[check->place->positions[i]];
		types[i] = fk->fk_cols[i].type;
	}
	dependent = get_dependent(impact, check->place->trigger);
	if (dependent->parents == NULL)
	{
		LockRelationOid(fk->pk_rel->relid, AccessShareLock);
		check_unchanged(fk, check->place->trigger->root, fk->pk_rel, fk->pk_cols);
		dependent->parents = SPI_prepare(relnav_generate_referenced(fk),
										 fk->nkeys, types);
		if (dependent->parents == NULL)
			elog(ERROR, "SPI_prepare failed: %s",
				 SPI_result_code_string(SPI_result));
	}
	if (SPI_execute_plan(dependent->parents, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan failed");
	MemoryContextSwitchTo(impact->context);
	for (r = 0; r < SPI_processed && !result; r++)
	{
		RowId		id = {0};
		bool		isnull;
		UpdatedRow *changed;

		id.relid = DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[r],
												  SPI_tuptable->tupdesc, 1,
												  &isnull));
		id.tid = *(ItemPointer) DatumGetPointer(SPI_getbinval(SPI_tuptable->vals[r],
															  SPI_tuptable->tupdesc,
															  2, &isnull));
		changed = find_updated_row(impact, &id);
		result = !is_deleted(impact, &id);
		if (result && changed)
		{
			/* It may have another key now. */
			for (i = 0; i < fk->nkeys; i++)
			{
				int			k;

				for (k = 0; k < changed->table->ncolumns; k++)
				{
					if (strcmp(changed->table->columns[k].name,
							   fk->pk_cols[i].name) == 0 &&
						changed->touched[k])
						result = false;
				}
			}
		}
	}
	SPI_freetuptable(SPI_tuptable);

	/* Or another row has it now. */
	foreach(lc, impact->moved)
	{
		UpdatedRow *updated = lfirst(lc);
		Datum		key[INDEX_MAX_KEYS];

		if (result)
			break;
		if (is_deleted(impact, &updated->id) ||
			(updated->table->relid != fk->pk_rel->relid &&
			 !list_member_oid(relnav_get_partition_ancestors(updated->table->relid),
							  fk->pk_rel->relid)))
			continue;
		for (i = 0; i < fk->nkeys; i++)
		{
			int			k;

			for (k = 0; k < updated->table->ncolumns; k++)
			{
				if (strcmp(updated->table->columns[k].name,
						   fk->pk_cols[i].name) == 0)
					break;
			}
			if (k == updated->table->ncolumns || updated->nulls[k])
				break;
			key[i] = updated->values[k];
		}
		if (i == fk->nkeys)
			result = keys_equal(impact, dependent, key, values);
	}
	return result;
}

/*
 * Delete a row: note that it is gone, and queue what its triggers will do.
 * depth is that of the rows which these concern.
 */
static void
delete_row(Impact *impact, CurrentRow *row, Line *line, int depth)
{
	ListCell   *lc;

	if (!mark_deleted(impact, &row->id))
		return;
	if (row->updated && row->updated->line)
		row->updated->line->rows--;
	line->rows++;

	foreach(lc, row->table->on_delete)
	{
		const KeyPlace *place = lfirst(lc);

		queue_event(impact, place->trigger, place->positions,
					row->values, row->nulls, NULL, NULL, depth);
	}
}

/*
 * Set the columns of a key in a row: to a new key, which may have nulls, or
 * else to null or the defaults.
 */
static void
set_columns(Impact *impact, Stream *stream, CurrentRow *row,
			const Datum *new_key, const bool *new_nulls, int depth,
			int64 *nleft)
{
	Dependent  *dependent = stream->dependent;
	const RelnavKeyTrigger *trigger = stream->trigger;
	const RelnavForeignKey *fk = dependent->fk;
	const KeyPlace *place = NULL;
	UpdatedRow *updated;
	Datum	   *old;
	bool	   *old_nulls;
	List	   *rules;
	bool		was_updated;
	bool		sets_value = false;
	bool		same = true;
	ListCell   *lc;
	int			i;

	foreach(lc, row->table->checks)
	{
		if (((KeyPlace *) lfirst(lc))->trigger->root == dependent->root)
			place = lfirst(lc);
	}
	if (place == NULL)
		return;					/* its constraint is being dropped */

	if (trigger->reaction == RELNAV_SET_DEFAULT)
		find_defaults(impact, stream);

	/* Would that be refused?  Then nothing is changed. */
	for (i = 0; i < trigger->nset; i++)
	{
		int			k = trigger->set[i];
		bool		isnull = new_key ? new_nulls[k] :
			trigger->reaction == RELNAV_SET_NULL || stream->default_nulls[k];
		bool		unknown = !new_key &&
			trigger->reaction == RELNAV_SET_DEFAULT && stream->default_unknown[k];

		if (isnull && !unknown && row->table->refuses_null[place->positions[k]])
		{
			block(impact, fk, dependent->root, depth, 1,
				  psprintf("column \"%s\" must not be null", fk->fk_cols[k].name));
			return;
		}
		sets_value |= !isnull;
	}

	old = palloc(sizeof(Datum) * row->table->ncolumns);
	old_nulls = palloc(sizeof(bool) * row->table->ncolumns);
	memcpy(old, row->values, sizeof(Datum) * row->table->ncolumns);
	memcpy(old_nulls, row->nulls, sizeof(bool) * row->table->ncolumns);

	was_updated = row->updated != NULL;
	updated = was_updated ? row->updated : make_updated_row(impact, row);
	for (i = 0; i < trigger->nset; i++)
	{
		int			k = trigger->set[i];
		int			position = place->positions[k];
		bool		isnull;
		Datum		value = (Datum) 0;

		if (new_key)
		{
			isnull = new_nulls[k];
			if (!isnull)
				value = convert_value(impact, &fk->pk_cols[k], &fk->fk_cols[k],
									  new_key[k]);
		}
		else
		{
			isnull = trigger->reaction == RELNAV_SET_NULL || stream->default_nulls[k];
			if (!isnull)
				value = stream->defaults[k];
		}
		if (!same_value(row->table, position, old[position], old_nulls[position],
						value, isnull))
		{
			same = false;
			updated->touched[position] = true;
			updated->values[position] = value;
			updated->nulls[position] = isnull;
		}
	}
	updated->version++;

	/*
	 * A row counts once, where it is updated first.  But what else could
	 * object to the second update must be named.
	 */
	rules = get_rules(impact, stream, !sets_value);
	if (!same && (updated->line == NULL || rules != NIL))
	{
		Line	   *line = get_line(impact, fk, dependent->root,
									sets_value || trigger->reaction == RELNAV_SET_DEFAULT
									? "set default" : "set null", depth,
									stream->update ? "on update" :
									stream->defaults_fail ?
									"the default is not a plain value, so what follows from it is not known" :
									NULL, rules);

		if (updated->line == NULL)
		{
			updated->line = line;
			line->rows++;
		}
	}

	/* The key that goes is its default: it still references it. */
	if (trigger->reaction == RELNAV_SET_DEFAULT && same)
		(*nleft)++;

	queue_update_events(impact, updated, old, old_nulls, was_updated, depth + 1);
	pfree(old);
	pfree(old_nulls);
}

/*
 * Queue what the triggers of an updated row will do, to the rows that
 * reference it, and to check what it references.  Rows that were updated
 * before are checked by all keys: the server knows that they are its own.
 */
static void
queue_update_events(Impact *impact, UpdatedRow *updated, const Datum *old,
					const bool *old_nulls, bool was_updated, int depth)
{
	StoredTable *table = updated->table;
	ListCell   *lc;
	int			i;

	foreach(lc, table->on_update)
	{
		const KeyPlace *place = lfirst(lc);
		bool		same = true;
		bool		has_null = false;

		for (i = 0; i < place->trigger->fk->nkeys; i++)
		{
			int			position = place->positions[i];

			same &= same_value(table, position, old[position],
							   old_nulls[position], updated->values[position],
							   updated->nulls[position]);
			has_null |= updated->nulls[position];
		}
		if (same)
			continue;
		if (!has_null && !updated->moved)
		{
			impact->moved = lappend(impact->moved, updated);
			updated->moved = true;
		}
		queue_event(impact, place->trigger, place->positions, old, old_nulls,
					updated->values, updated->nulls, depth);
	}

	foreach(lc, table->checks)
	{
		const KeyPlace *place = lfirst(lc);
		const RelnavKeyTrigger *trigger = place->trigger;
		bool		same = true;
		int			nnulls = 0;
		Check	   *check;

		for (i = 0; i < trigger->fk->nkeys; i++)
		{
			int			position = place->positions[i];

			same &= same_value(table, position, old[position],
							   old_nulls[position], updated->values[position],
							   updated->nulls[position]);
			nnulls += updated->nulls[position];
		}
		if (nnulls == 0 && !same)
		{
			Dependent  *dependent = get_dependent(impact, trigger);

			note_reference(impact, dependent, updated, place);
			if (!list_member_oid(updated->references, trigger->root))
			{
				updated->references = lappend_oid(updated->references, trigger->root);
				dependent->redirected = lappend(dependent->redirected, updated);
				impact->redirects = true;
			}
		}
		if (trigger->disabled ||
			nnulls == trigger->fk->nkeys ||
			(nnulls > 0 && !trigger->match_full) ||
			(nnulls == 0 && same && !was_updated))
			continue;
		check = palloc(sizeof(Check));
		check->seq = impact->seq++;
		check->depth = depth - 1;
		check->row = updated;
		check->version = updated->version;
		check->place = place;
		if (trigger->deferred)
			impact->deferred_checks = lappend(impact->deferred_checks, check);
		else
			impact->checks = lappend(impact->checks, check);
	}
}

/* Note what an updated row references by a foreign key, if nobody has. */
static void
note_reference(Impact *impact, Dependent *dependent, const UpdatedRow *updated,
			   const KeyPlace *place)
{
	int			nkeys = dependent->fk->nkeys;
	Datum	   *values;
	ListCell   *lc;
	int			i;

	foreach(lc, dependent->references)
	{
		CHECK_FOR_INTERRUPTS();

		values = lfirst(lc);
		for (i = 0; i < nkeys; i++)
		{
			int			position = place->positions[i];

			if (!same_value(updated->table, position, values[i], false,
							updated->values[position], false))
				break;
		}
		if (i == nkeys)
			return;
	}

	values = MemoryContextAlloc(impact->context, sizeof(Datum) * nkeys);
	for (i = 0; i < nkeys; i++)
		values[i] = updated->values[place->positions[i]];
	dependent->references = lappend(dependent->references, values);
}

/* The block that a row is in; NULL if nothing of it is gone yet. */
static ChangedBlock *
find_block(Impact *impact, const RowId *id, bool create)
{
	ChangedBlock key;
	ChangedBlock *block = impact->last_block;
	bool		found;

	key.relid = id->relid;
	key.block = ItemPointerGetBlockNumberNoCheck(&id->tid);
	if (block && block->relid == key.relid && block->block == key.block)
		return block;
	block = hash_search(impact->blocks, &key, create ? HASH_ENTER : HASH_FIND,
						&found);
	if (create && !found)
		block->deleted = NULL;
	if (block)
		impact->last_block = block;
	return block;
}

/* Is a row gone? */
static bool
is_deleted(Impact *impact, const RowId *id)
{
	const ChangedBlock *block = find_block(impact, id, false);

	return block &&
		bms_is_member(ItemPointerGetOffsetNumberNoCheck(&id->tid), block->deleted);
}

/* Note that a row is gone.  Returns false if it was already. */
static bool
mark_deleted(Impact *impact, const RowId *id)
{
	ChangedBlock *block = find_block(impact, id, true);
	int			offset = ItemPointerGetOffsetNumberNoCheck(&id->tid);
	MemoryContext old;

	if (bms_is_member(offset, block->deleted))
		return false;
	old = MemoryContextSwitchTo(impact->context);
	block->deleted = bms_add_member(block->deleted, offset);
	MemoryContextSwitchTo(old);
	return true;
}

/* What has become of a row; NULL if it was not updated. */
static UpdatedRow *
find_updated_row(Impact *impact, const RowId *id)
{
	UpdatedEntry *entry;
	RowId		key;

	if (impact->updated == NULL)
		return NULL;

	/* There is room between its parts. */
	memset(&key, 0, sizeof(RowId));
	key.relid = id->relid;
	key.tid = id->tid;
	entry = hash_search(impact->updated, &key, HASH_FIND, NULL);
	return entry ? entry->row : NULL;
}

/* Keep the values of a row that is going to be updated for the first time. */
static UpdatedRow *
make_updated_row(Impact *impact, CurrentRow *row)
{
	StoredTable *table = row->table;
	int			n = table->ncolumns;
	MemoryContext old = MemoryContextSwitchTo(impact->context);
	UpdatedRow *updated;
	UpdatedEntry *entry;
	RowId		key;
	int			i;

	if (impact->updated == NULL)
	{
		HASHCTL		ctl;

		memset(&ctl, 0, sizeof(ctl));
		ctl.keysize = sizeof(RowId);
		ctl.entrysize = sizeof(UpdatedEntry);
		ctl.hcxt = impact->context;
		impact->updated = hash_create("relnav rows updated", 256, &ctl,
									  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}

	/* In one piece, because there can be many. */
	updated = palloc0(MAXALIGN(sizeof(UpdatedRow)) +
					  n * (sizeof(Datum) + 2 * sizeof(bool)));
	updated->values = (Datum *) ((char *) updated + MAXALIGN(sizeof(UpdatedRow)));
	updated->nulls = (bool *) (updated->values + n);
	updated->touched = updated->nulls + n;
	updated->id = row->id;
	updated->table = table;
	for (i = 0; i < n; i++)
	{
		updated->nulls[i] = row->nulls[i];
		updated->values[i] = row->nulls[i] ? (Datum) 0 :
			datumCopy(row->values[i], table->typbyval[i], table->typlen[i]);
	}

	memset(&key, 0, sizeof(RowId));
	key.relid = row->id.relid;
	key.tid = row->id.tid;
	entry = hash_search(impact->updated, &key, HASH_ENTER, NULL);
	entry->row = updated;
	MemoryContextSwitchTo(old);
	return updated;
}

/* Are two values of a column the same, byte by byte? */
static bool
same_value(const StoredTable *table, int column, Datum a, bool a_null,
		   Datum b, bool b_null)
{
	if (a_null || b_null)
		return a_null && b_null;
	return datum_image_eq(a, b, table->typbyval[column], table->typlen[column]);
}

/*
 * Queue an event of a trigger for a row whose key is deleted, or updated if
 * there is a new one.  A key with a null is referenced by nothing.
 */
static void
queue_event(Impact *impact, const RelnavKeyTrigger *trigger,
			const int *positions, const Datum *old, const bool *old_nulls,
			const Datum *new, const bool *new_nulls, int depth)
{
	int			nkeys = trigger->fk->nkeys;
	Datum		values[2 + 2 * INDEX_MAX_KEYS];
	bool		nulls[2 + 2 * INDEX_MAX_KEYS] = {0};
	Stream	   *stream;
	int			i;

	for (i = 0; i < nkeys; i++)
	{
		if (old_nulls[positions[i]])
			return;
	}
	stream = get_stream(impact, trigger, new != NULL);
	if (stream->dependent->obstacle)
	{
		if (!stream->dependent->reported)
			get_line(impact, trigger->fk, trigger->root, "unknown", depth,
					 stream->dependent->obstacle, NIL)->rows = -1;
		stream->dependent->reported = true;
		return;
	}

	values[0] = Int64GetDatum(impact->seq++);
	values[1] = Int32GetDatum(depth);
	for (i = 0; i < nkeys; i++)
	{
		values[2 + i] = old[positions[i]];
		if (new)
		{
			values[2 + nkeys + i] = new[positions[i]];
			nulls[2 + nkeys + i] = new_nulls[positions[i]];
			stream->sets_values |= !new_nulls[positions[i]] &&
				trigger->reaction == RELNAV_CASCADE;
		}
	}
	if (stream->next == NULL)
	{
		MemoryContext old_context = MemoryContextSwitchTo(impact->context);

		stream->next = tuplestore_begin_heap(true, false, work_mem);
		MemoryContextSwitchTo(old_context);
	}
	tuplestore_putvalues(stream->next, stream->desc, values, nulls);
	stream->nnext++;
}

/* The stream of a trigger's events. */
static Stream *
get_stream(Impact *impact, const RelnavKeyTrigger *trigger, bool update)
{
	bool		deferred = trigger->deferred &&
		trigger->reaction == RELNAV_NO_ACTION;
	Stream	   *stream;
	ListCell   *lc;

	foreach(lc, impact->streams)
	{
		stream = lfirst(lc);
		if (stream->dependent->root == trigger->root &&
			stream->dependent->fk->table->rel->relid == trigger->fk->table->rel->relid &&
			stream->update == update && stream->deferred == deferred &&
			stream->trigger->reaction == trigger->reaction)
			return stream;
	}

	stream = palloc0(sizeof(Stream));
	stream->trigger = trigger;
	stream->update = update;
	stream->deferred = deferred;
	stream->dependent = get_dependent(impact, trigger);
	if (stream->dependent->columns == NULL && stream->dependent->obstacle == NULL)
		prepare_dependent(impact, stream->dependent);
	stream->desc = make_event_desc(trigger->fk, update);
	stream->enr = palloc0(sizeof(EphemeralNamedRelationData));
	stream->enr->md.name = psprintf("events_%d", list_length(impact->streams));
	stream->enr->md.reliddesc = InvalidOid;
	stream->enr->md.tupdesc = stream->desc;
	stream->enr->md.enrtype = ENR_NAMED_TUPLESTORE;
	if (SPI_register_relation(stream->enr) != SPI_OK_REL_REGISTER)
		elog(ERROR, "SPI_register_relation failed");
	impact->streams = lappend(impact->streams, stream);
	return stream;
}

/* The row type of a stream's events. */
static TupleDesc
make_event_desc(const RelnavForeignKey *fk, bool update)
{
	int			n = 2 + fk->nkeys * (update ? 2 : 1);
	TupleDesc	desc = CreateTemplateTupleDesc(n);
	int			i;

	TupleDescInitEntry(desc, 1, "seq", INT8OID, -1, 0);
	TupleDescInitEntry(desc, 2, "depth", INT4OID, -1, 0);
	for (i = 3; i <= n; i++)
	{
		int			k = (i - 3) % fk->nkeys;
		const RelnavColumn *column = &fk->pk_cols[k];

		TupleDescInitEntry(desc, i,
						   psprintf("%c%d", i < 3 + fk->nkeys ? 'o' : 'n', k + 1),
						   column->type, column->typmod, 0);
		TupleDescInitEntryCollation(desc, i, column->collation);
	}
	TupleDescFinalize(desc);
	return desc;
}

/* The foreign key of a trigger, seen from the referencing table. */
static Dependent *
get_dependent(Impact *impact, const RelnavKeyTrigger *trigger)
{
	Dependent  *dependent;
	ListCell   *lc;

	foreach(lc, impact->dependents)
	{
		dependent = lfirst(lc);
		if (dependent->root == trigger->root)
			return dependent;
	}
	dependent = palloc0(sizeof(Dependent));
	dependent->root = trigger->root;
	dependent->fk = trigger->fk;
	impact->dependents = lappend(impact->dependents, dependent);
	return dependent;
}

/*
 * Find out what the queries for the rows of a foreign key's table must
 * return, and whether they may be run.
 */
static void
prepare_dependent(Impact *impact, Dependent *dependent)
{
	const RelnavForeignKey *fk = dependent->fk;
	Oid			relid = fk->table->rel->relid;
	ListCell   *lc;

	LockRelationOid(relid, AccessShareLock);
	check_unchanged(fk, dependent->root, fk->table->rel, fk->fk_cols);
	if (!relnav_may_read_table(relid))
		dependent->obstacle = "no privilege to read the table";
	else if (relnav_has_policies(relid))
		dependent->obstacle = "row security may hide rows";
	else if (fk->temporal)
		dependent->obstacle = "temporal keys are not followed";
	if (dependent->obstacle)
		return;

	/* A table can have hundreds of keys, and knows all of them each time. */
	foreach(lc, impact->dependents)
	{
		const Dependent *other = lfirst(lc);

		if (other->fk->table->rel->relid == relid && other->columns)
		{
			dependent->triggers = other->triggers;
			dependent->ncolumns = other->ncolumns;
			dependent->columns = other->columns;
			dependent->layouts = other->layouts;
			return;
		}
	}
	dependent->triggers = relnav_get_triggers(impact->reader, relid);
	find_columns(impact, dependent, fk->table);
}

/*
 * Raise an error unless one side of a foreign key is what it was when the key
 * was read: a relation, which is locked now, and its columns of the key.
 *
 * Keys are found at the table that they reference, and a table with a key to it
 * is not locked before there is something to look for in it, as a DELETE would
 * do.  Until then it can be given other names, or lose the key.
 */
static void
check_unchanged(const RelnavForeignKey *fk, Oid root,
				const RelnavRelation *rel, const RelnavColumn *cols)
{
	const char *name = get_rel_name(rel->relid);
	const char *schema = get_namespace_name(get_rel_namespace(rel->relid));
	bool		same = name && strcmp(name, rel->name) == 0 &&
		schema && strcmp(schema, rel->schema) == 0 &&
		SearchSysCacheExists1(CONSTROID, ObjectIdGetDatum(root));
	int			i;

	for (i = 0; same && i < fk->nkeys; i++)
	{
		const char *column = get_attname(rel->relid, cols[i].attnum, true);

		same = column && strcmp(column, cols[i].name) == 0 &&
			get_atttype(rel->relid, cols[i].attnum) == cols[i].type;
	}
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("table \"%s\" is being changed", rel->name),
				 errhint("Run the statement again.")));
}

/*
 * Find the columns of a table that must be known, of all partitions taken
 * together, and where each partition's are among them.
 */
static void
find_columns(Impact *impact, Dependent *dependent, const RelnavTable *table)
{
	Oid			relid = table->rel->relid;
	List	   *relids;
	ListCell   *lc;

	/* As many as turn out to be there: partitions are read later than this. */
	dependent->columns = palloc(sizeof(RelnavColumn));
	relids = get_rel_relkind(relid) == RELKIND_PARTITIONED_TABLE
		? relnav_get_partitions(relid) : list_make1_oid(relid);
	foreach(lc, relids)
	{
		Layout	   *layout;
		int			i;

		if (get_rel_relkind(lfirst_oid(lc)) == RELKIND_PARTITIONED_TABLE)
			continue;
		layout = palloc(sizeof(Layout));
		layout->table = get_stored_table(impact, lfirst_oid(lc));
		layout->positions = palloc(sizeof(int) * Max(layout->table->ncolumns, 1));
		dependent->columns =
			repalloc(dependent->columns, sizeof(RelnavColumn) *
					 Max(dependent->ncolumns + layout->table->ncolumns, 1));
		for (i = 0; i < layout->table->ncolumns; i++)
		{
			const char *name = layout->table->columns[i].name;
			int			k;

			for (k = 0; k < dependent->ncolumns; k++)
			{
				if (strcmp(dependent->columns[k].name, name) == 0)
					break;
			}
			if (k == dependent->ncolumns)
				dependent->columns[dependent->ncolumns++] = layout->table->columns[i];
			layout->positions[i] = k;
		}
		dependent->layouts = lappend(dependent->layouts, layout);
	}
}

/* A table that rows are stored in. */
static StoredTable *
get_stored_table(Impact *impact, Oid relid)
{
	bool		found;
	StoredTable *table = hash_search(impact->tables, &relid, HASH_ENTER, &found);
	int			i;

	if (found)
		return table;

	memset(table, 0, sizeof(StoredTable));
	table->relid = relid;
	table->triggers = relnav_get_triggers(impact->reader, relid);
	table->table = relnav_find_table(impact->reader, relid);
	table->columns = palloc(sizeof(RelnavColumn) * Max(table->table->ncolumns, 1));
	table->on_delete = place_keys(table, table->triggers->on_delete, false);

	/* What it references matters only where it can be updated. */
	if (can_be_updated(table->triggers))
	{
		table->on_update = place_keys(table, table->triggers->on_update, false);
		table->checks = place_keys(table, table->triggers->checks, true);
	}

	table->typlen = palloc(sizeof(int16) * Max(table->ncolumns, 1));
	table->typbyval = palloc(sizeof(bool) * Max(table->ncolumns, 1));
	table->refuses_null = palloc(sizeof(bool) * Max(table->ncolumns, 1));
	for (i = 0; i < table->ncolumns; i++)
	{
		get_typlenbyval(table->columns[i].type, &table->typlen[i],
						&table->typbyval[i]);
		table->refuses_null[i] = refuses_null(relid, &table->columns[i]);
	}
	return table;
}

/* Note where the columns of some triggers' keys are. */
static List *
place_keys(StoredTable *table, List *triggers, bool referencing)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, triggers)
	{
		const RelnavKeyTrigger *trigger = lfirst(lc);
		const RelnavForeignKey *fk = trigger->fk;
		KeyPlace   *place = palloc(sizeof(KeyPlace));
		int			i;

		place->trigger = trigger;
		place->positions = palloc(sizeof(int) * fk->nkeys);
		for (i = 0; i < fk->nkeys; i++)
			place->positions[i] = place_column(table, referencing
											   ? &fk->fk_cols[i] : &fk->pk_cols[i]);
		result = lappend(result, place);
	}
	return result;
}

/* The place of a column among those whose values must be known. */
static int
place_column(StoredTable *table, const RelnavColumn *column)
{
	int			i;

	for (i = 0; i < table->ncolumns; i++)
	{
		if (table->columns[i].attnum == column->attnum)
			return i;
	}
	table->columns[table->ncolumns] = *column;
	return table->ncolumns++;
}

/*
 * Does any of its own foreign keys ever update a table's rows?
 *
 * The actions are those of the triggers on the referenced tables.
 */
static bool
can_be_updated(const RelnavTriggers *triggers)
{
	ListCell   *lc;

	foreach(lc, triggers->checks)
	{
		const RelnavForeignKey *fk = ((RelnavKeyTrigger *) lfirst(lc))->fk;
		HeapTuple	tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(fk->oid));
		bool		updates = false;

		if (HeapTupleIsValid(tuple))
		{
			Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);

			updates = form->confdeltype == FKCONSTR_ACTION_SETNULL ||
				form->confdeltype == FKCONSTR_ACTION_SETDEFAULT ||
				form->confupdtype == FKCONSTR_ACTION_CASCADE ||
				form->confupdtype == FKCONSTR_ACTION_SETNULL ||
				form->confupdtype == FKCONSTR_ACTION_SETDEFAULT;
			ReleaseSysCache(tuple);
		}
		if (updates)
			return true;
	}
	return false;
}

/*
 * Would an UPDATE that sets a column to null be refused?  What inference takes
 * for proven is another question: a constraint that is not valid holds for new
 * values.
 */
static bool
refuses_null(Oid relid, const RelnavColumn *column)
{
	HeapTuple	tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid),
										Int16GetDatum(column->attnum));
	Oid			type = column->type;
	bool		result = false;

	if (HeapTupleIsValid(tuple))
	{
		result = ((Form_pg_attribute) GETSTRUCT(tuple))->attnotnull;
		ReleaseSysCache(tuple);
	}
	while (!result && OidIsValid(type) && get_typtype(type) == TYPTYPE_DOMAIN)
	{
		Form_pg_type form;

		tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
		if (!HeapTupleIsValid(tuple))
			break;
		form = (Form_pg_type) GETSTRUCT(tuple);
		result = form->typnotnull;
		type = form->typbasetype;
		ReleaseSysCache(tuple);
	}
	return result;
}

/* The defaults of the columns that a stream sets. */
static void
find_defaults(Impact *impact, Stream *stream)
{
	const RelnavForeignKey *fk = stream->dependent->fk;
	MemoryContext old;
	Relation	rel;
	int			i;

	if (stream->defaults_known)
		return;
	old = MemoryContextSwitchTo(impact->context);
	stream->defaults_known = true;
	stream->defaults = palloc0(sizeof(Datum) * fk->nkeys);
	stream->default_nulls = palloc0(sizeof(bool) * fk->nkeys);
	rel = table_open(fk->table->rel->relid, AccessShareLock);
	stream->default_unknown = palloc0(sizeof(bool) * fk->nkeys);
	for (i = 0; i < stream->trigger->nset; i++)
	{
		int			k = stream->trigger->set[i];

		stream->default_unknown[k] =
			!evaluate_default(rel, fk->fk_cols[k].attnum, &stream->defaults[k],
							  &stream->default_nulls[k]);
		stream->defaults_fail |= stream->default_unknown[k];
	}
	table_close(rel, NoLock);
	MemoryContextSwitchTo(old);
}

/*
 * A column's default.  The server would evaluate it with the rights of the
 * table's owner; we have the caller's, and are not going to run functions for
 * somebody else, nor any that would have an effect.  So returns false, and a
 * null, if it is more than a value and functions of the server.
 */
static bool
evaluate_default(Relation rel, AttrNumber attnum, Datum *value, bool *isnull)
{
	Node	   *expr = build_column_default(rel, attnum);
	EState	   *estate;
	Datum		result;
	Form_pg_attribute att = TupleDescAttr(RelationGetDescr(rel), attnum - 1);

	*value = (Datum) 0;
	*isnull = true;
	if (expr == NULL)
		return true;
	if (contain_mutable_functions(expr) || is_harmful(expr, NULL))
		return false;

	estate = CreateExecutorState();
	result = ExecEvalExprSwitchContext(ExecPrepareExpr((Expr *) expr, estate),
									   GetPerTupleExprContext(estate), isnull);
	if (!*isnull)
		*value = datumCopy(result, att->attbyval, att->attlen);
	FreeExecutorState(estate);
	return true;
}

/* Does an expression call anything but the server's own functions? */
static bool
is_harmful(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, CoerceToDomain) || IsA(node, NextValueExpr) ||
		check_functions_in_node(node, is_foreign_function, context))
		return true;
	return expression_tree_walker(node, is_harmful, context);
}

static bool
is_foreign_function(Oid function, void *context)
{
	return function >= FirstNormalObjectId;
}

/* A referenced key's value as one of the referencing column. */
static Datum
convert_value(Impact *impact, const RelnavColumn *from, const RelnavColumn *to,
			  Datum value)
{
	StringInfoData buf;
	Oid			type = from->type;
	int16		typlen;
	bool		typbyval;
	bool		isnull;
	Datum		result;

	if (from->type == to->type)
		return value;
	initStringInfo(&buf);
	appendStringInfoString(&buf, "SELECT $1");
	relnav_append_cast(&buf, to->type);
	if (SPI_execute_with_args(buf.data, 1, &type, &value, NULL,
							  true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_with_args failed");
	MemoryContextSwitchTo(impact->context);
	get_typlenbyval(to->type, &typlen, &typbyval);
	result = datumCopy(SPI_getbinval(SPI_tuptable->vals[0],
									 SPI_tuptable->tupdesc, 1, &isnull),
					   typbyval, typlen);
	SPI_freetuptable(SPI_tuptable);
	pfree(buf.data);
	return result;
}

/*
 * What could change or refuse what a stream sets: users' triggers and rules,
 * check constraints, and unique indexes.
 */
static List *
get_rules(Impact *impact, Stream *stream, bool nulls)
{
	const RelnavForeignKey *fk = stream->dependent->fk;
	const RelnavKeyTrigger *trigger = stream->trigger;

	if (!stream->rules_known[nulls])
	{
		MemoryContext old = MemoryContextSwitchTo(impact->context);
		RelnavColumn *set = palloc(sizeof(RelnavColumn) * trigger->nset);
		int			i;

		for (i = 0; i < trigger->nset; i++)
			set[i] = fk->fk_cols[trigger->set[i]];
		stream->rules[nulls] =
			list_concat_copy(stream->dependent->triggers->user_on_update,
							 relnav_get_further_rules(fk->table->rel->relid,
													  set, trigger->nset, nulls));
		stream->rules_known[nulls] = true;
		MemoryContextSwitchTo(old);
	}
	return stream->rules[nulls];
}

/*
 * How to compare a key with the values of a foreign key.  Thousands of rows
 * may be compared with each other, so the server's own functions are called
 * directly, as its triggers do; others are called in a query.
 */
static void
find_comparison(Impact *impact, Dependent *dependent)
{
	const RelnavForeignKey *fk = dependent->fk;
	FmgrInfo   *equal;
	int			i;

	dependent->comparison_known = true;
	if (fk->temporal)
		return;
	equal = MemoryContextAlloc(impact->context, sizeof(FmgrInfo) * fk->nkeys);
	for (i = 0; i < fk->nkeys; i++)
	{
		Oid			function = get_opcode(fk->pf_eqop[i]);
		Oid			left;
		Oid			right;

		op_input_types(fk->pf_eqop[i], &left, &right);
		if (function >= FirstUnpinnedObjectId || !func_strict(function) ||
			IsPolymorphicType(left) || IsPolymorphicType(right) ||
			!IsBinaryCoercible(fk->pk_cols[i].type, left) ||
			!IsBinaryCoercible(fk->fk_cols[i].type, right) ||
			fk->pk_cols[i].collation != fk->fk_cols[i].collation)
			return;
		fmgr_info_cxt(function, &equal[i], impact->context);
	}
	dependent->equal = equal;
}

/* Is a referenced key what the values of a foreign key reference? */
static bool
keys_equal(Impact *impact, Dependent *dependent, const Datum *key,
		   const Datum *values)
{
	const RelnavForeignKey *fk = dependent->fk;
	Datum		params[2 * INDEX_MAX_KEYS];
	bool		isnull;
	Datum		result;
	int			i;

	CHECK_FOR_INTERRUPTS();

	if (!dependent->comparison_known)
		find_comparison(impact, dependent);
	if (dependent->equal)
	{
		for (i = 0; i < fk->nkeys; i++)
		{
			if (!DatumGetBool(FunctionCall2Coll(&dependent->equal[i],
												fk->pk_cols[i].collation,
												key[i], values[i])))
				return false;
		}
		return true;
	}
	if (dependent->comparison == NULL)
	{
		Oid			types[2 * INDEX_MAX_KEYS];

		for (i = 0; i < fk->nkeys; i++)
		{
			types[i] = fk->pk_cols[i].type;
			types[fk->nkeys + i] = fk->fk_cols[i].type;
		}
		dependent->comparison = SPI_prepare(relnav_generate_key_comparison(fk),
											2 * fk->nkeys, types);
		if (dependent->comparison == NULL)
			elog(ERROR, "SPI_prepare failed: %s",
				 SPI_result_code_string(SPI_result));
	}
	for (i = 0; i < fk->nkeys; i++)
	{
		params[i] = key[i];
		params[fk->nkeys + i] = values[i];
	}
	if (SPI_execute_plan(dependent->comparison, params, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan failed");
	MemoryContextSwitchTo(impact->context);
	result = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1,
						   &isnull);
	SPI_freetuptable(SPI_tuptable);
	return !isnull && DatumGetBool(result);
}

/*
 * The line of what a key does at a depth, made if there is none yet.  fk is
 * NULL for the source.
 */
static Line *
get_line(Impact *impact, const RelnavForeignKey *fk, Oid root,
		 const char *action, int depth, const char *reason, List *user)
{
	MemoryContext old;
	Line	   *line;
	ListCell   *lc;

	foreach(lc, impact->recent_lines)
	{
		line = lfirst(lc);
		if (line->root == root && line->depth == depth &&
			strcmp(line->action, action) == 0 &&
			strcmp(line->reason ? line->reason : "", reason ? reason : "") == 0)
			return line;
	}

	old = MemoryContextSwitchTo(impact->context);
	line = palloc0(sizeof(Line));
	line->action = action;
	line->root = root;
	line->depth = depth;
	line->reason = reason;
	line->user = user;
	if (fk)
	{
		line->target = fk->table->rel->relid;
		line->constraint_name = fk->name;
	}
	impact->lines = lappend(impact->lines, line);
	impact->recent_lines = lappend(impact->recent_lines, line);
	MemoryContextSwitchTo(old);
	return line;
}

/* Some rows keep the DELETE from happening. */
static void
block(Impact *impact, const RelnavForeignKey *fk, Oid root, int depth,
	  int64 rows, const char *reason)
{
	get_line(impact, fk, root, "blocked", depth, reason, NIL)->rows += rows;
}
