/*-------------------------------------------------------------------------
 *
 * explore.c
 *	  The SQL functions that look around.
 *
 * relnav.neighbors() counts the rows that each relationship of a row leads to.
 * All counts come from one statement, a UNION ALL of them, which is kept like
 * the plan of a navigation.  A count that cannot be had must not spoil the
 * others, so what the caller may not read, and what would be a long search
 * without an index, is left out of the statement beforehand.  Which counts are
 * in it is part of what the plan is kept for.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "argument.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "execute.h"
#include "fmgr.h"
#include "funcapi.h"
#include "infer.h"
#include "miscadmin.h"
#include "optimizer/plancat.h"
#include "privilege.h"
#include "sqlgen.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

/* How far rows are counted if nobody says. */
#define DEFAULT_CAP 1000

/* Larger tables than this are not searched without an index. */
#define MAX_SEARCHED_ROWS 100000

/* The columns of neighbors. */
enum
{
	NEIGHBOR_NAME,
	NEIGHBOR_KIND,
	NEIGHBOR_TARGET,
	NEIGHBOR_ROWS,
	NEIGHBOR_MORE,
	NUM_NEIGHBOR_COLUMNS
};

/* One relationship of the source. */
typedef struct Neighbor
{
	char	   *name;
	RelnavKind	kind;
	Oid			target;
	bool		counted;
	int64		rows;
} Neighbor;

/* All of them. */
typedef struct Neighborhood
{
	const RelnavKey *key;		/* if the source is found by key */
	int64		limit;			/* how far rows are counted, or negative */
	int			n;
	Neighbor   *neighbors;
	List	   *relids;			/* what is read to count them */
	uint64		generation;
} Neighborhood;

static void return_neighbors(FunctionCallInfo fcinfo, const RelnavCall *call,
							 const RelnavSourceValue *source, int64 cap);
static void find_neighbors(Neighborhood *hood, const RelnavCall *call);
static bool can_count(const Neighborhood *hood, const RelnavRoute *route);
static bool may_read_hop(const RelnavRoute *route);
static double estimate_rows(Oid relid);
static char *write_selection(const Neighborhood *hood);
static RelnavStatement *make_counts(const RelnavCall *call, void *arg);
static void count_neighbors(Neighborhood *hood, RelnavCall *call,
							const RelnavSourceValue *source,
							ReturnSetInfo *rsinfo);

PG_FUNCTION_INFO_V1(relnav_check_choice);
PG_FUNCTION_INFO_V1(relnav_neighbors);
PG_FUNCTION_INFO_V1(relnav_neighbors_by_key);

/*
 * relnav.neighbors(source anyelement)
 */
Datum
relnav_neighbors(PG_FUNCTION_ARGS)
{
	RelnavCall	call = {0};
	RelnavSourceValue source = {0};

	call.source = relnav_get_source_relation(fcinfo, 0);
	relnav_get_source_row(fcinfo, 0, &source);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	return_neighbors(fcinfo, &call, &source, DEFAULT_CAP);
	return (Datum) 0;
}

/*
 * relnav.neighbors(source regclass, key anycompatible, cap int DEFAULT 1000)
 */
Datum
relnav_neighbors_by_key(PG_FUNCTION_ARGS)
{
	RelnavCall	call = {0};
	RelnavSourceValue source = {0};
	int64		cap = PG_ARGISNULL(2) ? -1 : PG_GETARG_INT32(2);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!PG_ARGISNULL(2) && cap < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cap must not be negative"),
				 errhint("Pass NULL to count all rows.")));
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	call.source = PG_GETARG_OID(0);
	call.by_key = true;
	relnav_get_source_key(fcinfo, &source);

	return_neighbors(fcinfo, &call, &source, cap);
	return (Datum) 0;
}

/*
 * relnav.check_choice(option text, value text, choices text[]): the value, if
 * it is one of the choices.  The SQL functions that look around take formats
 * and styles by name, and SQL has no way to raise an error.
 */
Datum
relnav_check_choice(PG_FUNCTION_ARGS)
{
	char	   *option;
	char	   *value;
	StringInfoData known;
	Datum	   *choices;
	int			nchoices;
	int			i;

	/* Only the value may come from a user who did not write this call. */
	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("option and choices must not be null")));
	option = text_to_cstring(PG_GETARG_TEXT_PP(0));
	value = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), TEXTOID, -1, false, TYPALIGN_INT,
					  &choices, NULL, &nchoices);
	initStringInfo(&known);
	for (i = 0; i < nchoices; i++)
	{
		char	   *choice = TextDatumGetCString(choices[i]);

		if (value && strcmp(value, choice) == 0)
			PG_RETURN_TEXT_P(cstring_to_text(value));
		appendStringInfo(&known, "%s\"%s\"", i == 0 ? "" :
						 i == nchoices - 1 ? " and " : ", ", choice);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 value ? errmsg("unrecognized %s \"%s\"", option, value)
			 : errmsg("%s must not be null", option),
			 nchoices > 0 ? errhint("There are %s.", known.data) : 0));
	PG_RETURN_NULL();			/* keep compiler quiet */
}

/* A negative cap is none. */
static void
return_neighbors(FunctionCallInfo fcinfo, const RelnavCall *call,
				 const RelnavSourceValue *source, int64 cap)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	RelnavCall	counts = *call;
	Neighborhood hood = {0};
	int			i;

	/* One row more tells whether there are more. */
	hood.limit = cap < 0 ? -1 : cap + 1;
	find_neighbors(&hood, call);
	count_neighbors(&hood, &counts, source, rsinfo);

	for (i = 0; i < hood.n; i++)
	{
		const Neighbor *neighbor = &hood.neighbors[i];
		bool		more = cap >= 0 && neighbor->rows > cap;
		Datum		values[NUM_NEIGHBOR_COLUMNS];
		bool		nulls[NUM_NEIGHBOR_COLUMNS] = {0};

		values[NEIGHBOR_NAME] = CStringGetTextDatum(neighbor->name);
		values[NEIGHBOR_KIND] =
			CStringGetTextDatum(relnav_get_kind_name(neighbor->kind));
		values[NEIGHBOR_TARGET] = ObjectIdGetDatum(neighbor->target);
		values[NEIGHBOR_ROWS] = Int64GetDatum(more ? cap : neighbor->rows);
		values[NEIGHBOR_MORE] = BoolGetDatum(more);
		nulls[NEIGHBOR_ROWS] = nulls[NEIGHBOR_MORE] = !neighbor->counted;
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/*
 * Find the relationships of the source, and which of them can be counted.
 * Locks all relations that are read to count them, in ACCESS SHARE mode.
 */
static void
find_neighbors(Neighborhood *hood, const RelnavCall *call)
{
	int			attempt = 0;

	/* There may be no lock to be taken, by which messages are delivered. */
	AcceptInvalidationMessages();
	do
	{
		const RelnavListing *listing;
		RelnavRoute **routes;
		ListCell   *lc;
		int			i;

		CHECK_FOR_INTERRUPTS();

		hood->generation = relnav_get_graph_generation();
		hood->key = call->by_key ? relnav_get_key(call->source) : NULL;
		listing = relnav_get_listing(call->source);

		hood->n = listing->nrelationships;
		hood->neighbors = palloc0(sizeof(Neighbor) * Max(hood->n, 1));
		hood->relids = NIL;

		/*
		 * The policies that we are going to ask for may navigate, which makes
		 * other listings; so first of all take what we need of this one.
		 */
		routes = palloc(sizeof(RelnavRoute *) * Max(hood->n, 1));
		for (i = 0; i < hood->n; i++)
			routes[i] =
				relnav_make_single_route(relnav_copy_relationship(listing->relationships[i].relationship),
										 hood->key);
		for (i = 0; i < hood->n; i++)
		{
			const RelnavRelationship *r = linitial(routes[i]->hops);
			Neighbor   *neighbor = &hood->neighbors[i];

			neighbor->name = pstrdup(r->name);
			neighbor->kind = r->kind;
			neighbor->target = r->target->relid;
			neighbor->counted = can_count(hood, routes[i]);
			if (neighbor->counted)
				hood->relids = list_concat(hood->relids, routes[i]->relids);
		}
		list_sort(hood->relids, list_oid_cmp);
		list_deduplicate_oid(hood->relids);
		foreach(lc, hood->relids)
			LockRelationOid(lfirst_oid(lc), AccessShareLock);
	} while (hood->generation != relnav_get_graph_generation() &&
			 ++attempt < RELNAV_MAX_ATTEMPTS);
}

/*
 * Can the rows of a relationship be counted without an error, and without
 * reading a large table from end to end?
 */
static bool
can_count(const Neighborhood *hood, const RelnavRoute *route)
{
	const RelnavRelationship *r = linitial(route->hops);

	if (!may_read_hop(route))
		return false;
	if (hood->limit < 0 || r->indexed)
		return true;
	return estimate_rows(r->direction == RELNAV_FORWARDS
						 ? r->target->relid
						 : r->near->table->rel->relid) <= MAX_SEARCHED_ROWS;
}

/* May the caller read what is compared, from the source's key on? */
static bool
may_read_hop(const RelnavRoute *route)
{
	const RelnavRelationship *r = linitial(route->hops);
	const RelnavKey *key = route->key;
	const RelnavRelation *near = r->far ? relnav_get_association(r) : r->target;

	if (!relnav_may_read_columns(near->relid, r->near_cols, r->near->nkeys) ||
		!relnav_may_read_behind(near))
		return false;
	if (r->far &&
		(!relnav_may_read_columns(near->relid, r->far_cols, r->far->nkeys) ||
		 !relnav_may_read_columns(r->target->relid, r->target_cols,
								  r->far->nkeys) ||
		 !relnav_may_read_behind(r->target)))
		return false;
	if (key && relnav_must_read_source(route))
		return relnav_may_read_columns(r->source->relid, r->source_cols,
									   r->near->nkeys) &&
			relnav_may_read_columns(r->source->relid, key->columns,
									key->nkeys) &&
			relnav_may_read_behind(r->source);
	return true;
}

/*
 * How many rows a table has, as the planner would guess; all partitions taken
 * together.
 */
static double
estimate_rows(Oid relid)
{
	List	   *relids = list_make1_oid(relid);
	double		result = 0;
	ListCell   *lc;

	if (get_rel_relkind(relid) == RELKIND_PARTITIONED_TABLE)
		relids = relnav_get_partitions(relid);
	foreach(lc, relids)
	{
		Relation	rel = try_relation_open(lfirst_oid(lc), AccessShareLock);
		BlockNumber pages = 0;
		double		tuples = 0;
		double		allvisfrac;

		if (rel == NULL)
			continue;			/* dropped meanwhile */
		if (RELKIND_HAS_STORAGE(rel->rd_rel->relkind))
			estimate_rel_size(rel, NULL, &pages, &tuples, &allvisfrac);
		else if (rel->rd_rel->relkind == RELKIND_FOREIGN_TABLE)
			tuples = Max(rel->rd_rel->reltuples, 0);	/* if it was analyzed */
		result += tuples;
		relation_close(rel, AccessShareLock);
	}
	return result;
}

/* Count what can be counted. */
static void
count_neighbors(Neighborhood *hood, RelnavCall *call,
				const RelnavSourceValue *source, ReturnSetInfo *rsinfo)
{
	ReturnSetInfo counts = *rsinfo;
	TupleTableSlot *slot;
	TupleDesc	desc;
	int		   *numbers = palloc(sizeof(int) * Max(hood->n, 1));
	int			n = 0;
	int			i;

	for (i = 0; i < hood->n; i++)
	{
		if (hood->neighbors[i].counted)
			numbers[n++] = i;
	}
	if (n == 0)
		return;

	desc = CreateTemplateTupleDesc(2);
	TupleDescInitEntry(desc, 1, "number", INT4OID, -1, 0);
	TupleDescInitEntry(desc, 2, "rows", INT8OID, -1, 0);
	TupleDescFinalize(desc);
	counts.setDesc = desc;
	counts.setResult = tuplestore_begin_heap(false, false, work_mem);

	call->function = RELNAV_NEIGHBORS;
	call->path = write_selection(hood);
	relnav_run_statement(call, make_counts, hood, source, &counts);

	slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	while (tuplestore_gettupleslot(counts.setResult, true, false, slot))
	{
		bool		isnull;
		int			number = DatumGetInt32(slot_getattr(slot, 1, &isnull));

		hood->neighbors[numbers[number]].rows =
			DatumGetInt64(slot_getattr(slot, 2, &isnull));
	}
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_end(counts.setResult);
}

/*
 * What tells apart the statements that count the neighbours of one table: how
 * far, and which of them.
 */
static char *
write_selection(const Neighborhood *hood)
{
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	appendStringInfo(&buf, INT64_FORMAT ":", hood->limit);
	for (i = 0; i < hood->n; i++)
		appendStringInfoChar(&buf, hood->neighbors[i].counted ? '+' : '-');
	return buf.data;
}

/* The statement that counts. */
static RelnavStatement *
make_counts(const RelnavCall *call, void *arg)
{
	Neighborhood *hood = arg;
	RelnavStatement *statement = palloc0(sizeof(RelnavStatement));
	const RelnavListing *listing = relnav_get_listing(call->source);
	List	   *routes = NIL;
	int			i;

	/* All is locked; only a message about other tables can have come. */
	for (i = 0; i < listing->nrelationships && i < hood->n; i++)
	{
		const RelnavRelationship *r = listing->relationships[i].relationship;

		if (strcmp(r->name, hood->neighbors[i].name) != 0)
			break;
		if (hood->neighbors[i].counted)
			routes = lappend(routes,
							 relnav_make_single_route(relnav_copy_relationship(r),
													  hood->key));
	}
	if (i < listing->nrelationships || i < hood->n)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("relationships of table \"%s\" are being changed",
						listing->table->rel->name)));

	statement->source = pstrdup(listing->table->rel->name);
	statement->select =
		relnav_generate_counts(routes, call->by_key ? RELNAV_SOURCE_KEY
							   : RELNAV_SOURCE_COLUMNS, hood->limit);
	statement->key = hood->key;
	statement->relids = hood->relids;
	statement->generation = hood->generation;
	return statement;
}
