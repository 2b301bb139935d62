/*-------------------------------------------------------------------------
 *
 * relationships.c
 *	  The SQL functions that list relationships.
 *
 * relnav.relationships() for the whole database and for one source.  What
 * people read, relnav.describe(), and relnav.model() are SQL functions over
 * these.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "graph.h"
#include "infer.h"
#include "miscadmin.h"
#include "resolve.h"
#include "sqlgen.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

/* The columns of the result. */
enum
{
	COLUMN_SOURCE,
	COLUMN_NAME,
	COLUMN_FULL_NAME,
	COLUMN_KIND,
	COLUMN_TARGET,
	COLUMN_CONDITION,
	COLUMN_SOURCE_COLUMNS,
	COLUMN_TARGET_COLUMNS,
	COLUMN_ASSOCIATION,
	COLUMN_ASSOCIATION_SOURCE_COLUMNS,
	COLUMN_ASSOCIATION_TARGET_COLUMNS,
	COLUMN_CONSTRAINTS,
	COLUMN_CONSTRAINT_OIDS,
	COLUMN_INVERSE,
	COLUMN_REQUIRED,
	COLUMN_REPEATS,
	COLUMN_VALIDATED,
	COLUMN_INDEXED,
	COLUMN_ON_DELETE,
	COLUMN_ORIGIN,
	NUM_COLUMNS
};

static HeapTuple make_row(const RelnavListedRelationship *listed,
						  TupleDesc desc);
static const char *get_origin_name(RelnavOrigin origin);
static Datum make_column_names(const RelnavColumn *columns, int n);
static Datum make_names(const char *first, const char *second);
static Datum make_oids(Oid first, Oid second);

PG_FUNCTION_INFO_V1(relnav_relationships);
PG_FUNCTION_INFO_V1(relnav_relationships_of);

/*
 * relnav.relationships()
 */
Datum
relnav_relationships(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext context;
	MemoryContext row_context;
	MemoryContext old;
	ListCell   *lc;

	InitMaterializedSRF(fcinfo, 0);
	context = AllocSetContextCreate(CurrentMemoryContext,
									"relnav relationships",
									ALLOCSET_DEFAULT_SIZES);
	row_context = AllocSetContextCreate(context, "relnav relationships row",
										ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	foreach(lc, relnav_load_all_listings())
	{
		const RelnavListing *listing = lfirst(lc);
		int			i;

		CHECK_FOR_INTERRUPTS();

		MemoryContextSwitchTo(row_context);
		for (i = 0; i < listing->nrelationships; i++)
			tuplestore_puttuple(rsinfo->setResult,
								make_row(&listing->relationships[i],
										 rsinfo->setDesc));
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return (Datum) 0;
}

/*
 * relnav.relationships(relation regclass)
 *
 * A relation that was dropped, but not for the statement, has none: whoever
 * asks for all that pg_class lists, as diagram does, must not fail for that.
 */
Datum
relnav_relationships_of(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	RelnavListing *listing;
	HeapTuple  *rows;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;

	/* We take no lock, by which messages would be delivered. */
	AcceptInvalidationMessages();
	listing = relnav_find_listing_with_inverses(PG_GETARG_OID(0));
	if (listing == NULL)
	{
		Oid			relid = PG_GETARG_OID(0);

		if (get_rel_name(relid) == NULL && relnav_statement_sees_relation(relid))
			return (Datum) 0;
		relnav_report_no_relation(relid);
	}

	/*
	 * The rows say nothing else than the listing, so they are kept with it,
	 * once all of them are there.
	 */
	rows = listing->rendered;
	if (rows == NULL)
	{
		MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
													  "relnav rendered listing",
													  ALLOCSET_SMALL_SIZES);

		rows = MemoryContextAlloc(context, sizeof(HeapTuple) *
								  Max(listing->nrelationships, 1));
		for (i = 0; i < listing->nrelationships; i++)
		{
			HeapTuple	row = make_row(&listing->relationships[i],
									   rsinfo->setDesc);
			MemoryContext old = MemoryContextSwitchTo(context);

			CHECK_FOR_INTERRUPTS();

			rows[i] = heap_copytuple(row);
			MemoryContextSwitchTo(old);
		}
		MemoryContextSetParent(context, listing->context);
		listing->rendered = rows;
	}
	for (i = 0; i < listing->nrelationships; i++)
		tuplestore_puttuple(rsinfo->setResult, rows[i]);
	return (Datum) 0;
}

/* One relationship as a row of the result. */
static HeapTuple
make_row(const RelnavListedRelationship *listed, TupleDesc desc)
{
	const RelnavRelationship *r = listed->relationship;
	const RelnavForeignKey *near = r->near;
	const RelnavForeignKey *far = r->far;
	Datum		values[NUM_COLUMNS];
	bool		nulls[NUM_COLUMNS] = {0};

	values[COLUMN_SOURCE] = ObjectIdGetDatum(r->source->relid);
	values[COLUMN_NAME] = CStringGetTextDatum(r->name);
	values[COLUMN_FULL_NAME] = CStringGetTextDatum(r->full_name);
	values[COLUMN_KIND] = CStringGetTextDatum(relnav_get_kind_name(r->kind));
	values[COLUMN_TARGET] = ObjectIdGetDatum(r->target->relid);
	values[COLUMN_CONDITION] = CStringGetTextDatum(relnav_generate_condition(r));
	values[COLUMN_SOURCE_COLUMNS] = make_column_names(r->source_cols, near->nkeys);
	if (far)
	{
		values[COLUMN_TARGET_COLUMNS] =
			make_column_names(r->target_cols, far->nkeys);
		values[COLUMN_ASSOCIATION] =
			ObjectIdGetDatum(relnav_get_association(r)->relid);
		values[COLUMN_ASSOCIATION_SOURCE_COLUMNS] =
			make_column_names(r->near_cols, near->nkeys);
		values[COLUMN_ASSOCIATION_TARGET_COLUMNS] =
			make_column_names(r->far_cols, far->nkeys);
	}
	else
	{
		values[COLUMN_TARGET_COLUMNS] =
			make_column_names(r->near_cols, near->nkeys);
		nulls[COLUMN_ASSOCIATION] = true;
		nulls[COLUMN_ASSOCIATION_SOURCE_COLUMNS] = true;
		nulls[COLUMN_ASSOCIATION_TARGET_COLUMNS] = true;
	}

	/* What is said of constraints, where there are any. */
	if (OidIsValid(near->oid))
	{
		values[COLUMN_CONSTRAINTS] = make_names(near->name, far ? far->name : NULL);
		values[COLUMN_CONSTRAINT_OIDS] = make_oids(near->oid,
												   far ? far->oid : InvalidOid);
		values[COLUMN_VALIDATED] = BoolGetDatum(r->validated);
		values[COLUMN_ON_DELETE] = CStringGetTextDatum(near->on_delete);
	}
	else
	{
		nulls[COLUMN_CONSTRAINTS] = true;
		nulls[COLUMN_CONSTRAINT_OIDS] = true;
		nulls[COLUMN_VALIDATED] = true;
		nulls[COLUMN_ON_DELETE] = true;
	}
	if (listed->inverse)
		values[COLUMN_INVERSE] = CStringGetTextDatum(listed->inverse);
	else
		nulls[COLUMN_INVERSE] = true;
	values[COLUMN_REQUIRED] = BoolGetDatum(r->required);
	values[COLUMN_REPEATS] = BoolGetDatum(r->repeats);
	values[COLUMN_INDEXED] = BoolGetDatum(r->indexed);
	nulls[COLUMN_INDEXED] = r->index_unknown;
	values[COLUMN_ORIGIN] =
		CStringGetTextDatum(get_origin_name(relnav_get_origin(r)));

	return heap_form_tuple(desc, values, nulls);
}

/* What an origin is called in SQL. */
static const char *
get_origin_name(RelnavOrigin origin)
{
	switch (origin)
	{
		case RELNAV_FOREIGN_KEY:
			return "foreign key";
		case RELNAV_DECLARED:
			return "declared";
		case RELNAV_VIEW:
			return "view";
	}
	pg_unreachable();
}

/* An array of name: the names of some columns. */
static Datum
make_column_names(const RelnavColumn *columns, int n)
{
	Datum	   *elements = palloc(sizeof(Datum) * n);
	NameData   *names = palloc(sizeof(NameData) * n);
	int			i;

	for (i = 0; i < n; i++)
	{
		namestrcpy(&names[i], columns[i].name);
		elements[i] = NameGetDatum(&names[i]);
	}
	return PointerGetDatum(construct_array(elements, n, NAMEOID, NAMEDATALEN,
										   false, TYPALIGN_CHAR));
}

/* An array of one or two names. */
static Datum
make_names(const char *first, const char *second)
{
	RelnavColumn columns[2];

	columns[0].name = first;
	columns[1].name = second;
	return make_column_names(columns, second ? 2 : 1);
}

/* An array of one or two OIDs. */
static Datum
make_oids(Oid first, Oid second)
{
	Datum		elements[2];

	elements[0] = ObjectIdGetDatum(first);
	elements[1] = ObjectIdGetDatum(second);
	return PointerGetDatum(construct_array(elements,
										   OidIsValid(second) ? 2 : 1, OIDOID,
										   sizeof(Oid), true, TYPALIGN_INT));
}
