/*-------------------------------------------------------------------------
 *
 * execute.c
 *	  A navigation run by the function itself.
 *
 * The SELECT of a navigation is prepared once and kept, as ri_triggers.c does
 * with the queries of referential checks; unlike those it runs with the
 * caller's rights, row security and snapshot.  Its parameters are the key
 * columns of the source row, not the row.
 *
 * A kept plan can become wrong in two ways.  The server notices when a table
 * that the query mentions is changed; it would plan the old text again, whose
 * names may be gone, so we prepare a new text instead.  And another foreign
 * key, or another kind of relationship, can give the same call another
 * meaning: graph.c notices that.  Both are only known for sure after the
 * tables are locked.
 *
 * Plans are kept by keep.c, under what the call says.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "compat.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "execute.h"
#include "keep.h"
#include "keyvalue.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "privilege.h"
#include "sqlgen.h"
#include "storage/itemptr.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

/* A prepared SELECT.  Everything is in its own context. */
typedef struct KeptPlan
{
	RelnavKept	kept;
	SPIPlanPtr	plan;
	List	   *schemas;		/* that its text names */
	int			nparams;
	int			nmatched;		/* parameters that must not be null */
	Oid		   *param_types;
	AttrNumber *param_attnums;	/* if the call is by row: its columns */
	const RelnavKey *key;		/* if the call is by key */
	const char *source;			/* the source's name, for messages */
	RelnavColumn *level_cols;	/* of a level: what goes into its arrays */
	int			nrelids;		/* what must be locked */
	Oid		   *relids;
	uint64		generation;		/* of the graph, when it was last right */
} KeptPlan;

/* What a plan is for: this, and then the path. */
typedef struct PlanKey
{
	Oid			source;
	Oid			target;
	int32		function;
	bool		by_key;
	bool		has_path;
} PlanKey;

/* What is done with a plan for one source. */
typedef void (*PlanRunner) (KeptPlan *kept, RelnavSourceValue *source,
							int max_depth, ReturnSetInfo *rsinfo);

/* Where a row is stored. */
typedef struct StoredRow
{
	Oid			relid;
	ItemPointerData tid;
} StoredRow;

static RelnavKeeper plans = {.name = "relnav plans"};

static void run_plan(KeptPlan *kept, PlanRunner runner,
					 RelnavSourceValue *source, int max_depth,
					 ReturnSetInfo *rsinfo);
static void run_navigation(KeptPlan *kept, RelnavSourceValue *source,
						   int max_depth, ReturnSetInfo *rsinfo);
static void run_recursive_query(KeptPlan *kept, RelnavSourceValue *source,
								int max_depth, ReturnSetInfo *rsinfo);
static void fetch_row(KeptPlan *kept, RelnavSourceValue *source, int max_depth,
					  ReturnSetInfo *rsinfo);
static void run_levels(KeptPlan *kept, RelnavSourceValue *source,
					   int max_depth, ReturnSetInfo *rsinfo);
static KeptPlan *get_plan(const RelnavCall *call, RelnavStatementMaker make,
						  void *arg);
static char *make_plan_key(const RelnavCall *call, Size *length);
static bool is_current(KeptPlan *kept);
static KeptPlan *prepare_plan(const RelnavStatement *statement);
static RelnavStatement *make_navigation(const RelnavCall *call, void *arg);
static RelnavSelect *generate_query(const RelnavCall *call,
									const RelnavRoute *route);
static void free_plan(RelnavKept *kept);
static bool fill_params(KeptPlan *kept, const RelnavSourceValue *source,
						ParamListInfo params);
static void get_source_columns(KeptPlan *kept, const RelnavSourceValue *source,
							   ParamListInfo params);
static Datum make_array_of_one(Datum value, Oid type);
static bool rows_are_longer(KeptPlan *kept, TupleDesc expected);
static void put_beginnings(ReturnSetInfo *rsinfo);
static void execute_plan(KeptPlan *kept, ParamListInfo params,
						 ReturnSetInfo *rsinfo);

/*
 * Run a navigation and put its rows into the result.
 *
 * rsinfo must have been initialised for materialize mode, with the row type
 * of the target.  Locks the relations of the route like a SELECT.  Raises
 * what resolve.c and the query itself raise.
 */
void
relnav_run_navigation(const RelnavCall *call, const RelnavSourceValue *source,
					  ReturnSetInfo *rsinfo)
{
	RelnavSourceValue row = *source;

	check_stack_depth();

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	run_plan(get_plan(call, make_navigation, NULL), run_navigation, &row, 0,
			 rsinfo);
	SPI_finish();
}

/*
 * Run another query that starts from a row, and put its rows into the result.
 * The same conditions as for relnav_run_navigation().
 *
 * make is called, with arg, if no plan has been kept for the call; so the call
 * must tell apart what make makes.
 */
void
relnav_run_statement(const RelnavCall *call, RelnavStatementMaker make,
					 void *arg, const RelnavSourceValue *source,
					 ReturnSetInfo *rsinfo)
{
	RelnavSourceValue row = *source;

	check_stack_depth();

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	run_plan(get_plan(call, make, arg), run_navigation, &row, 0, rsinfo);
	SPI_finish();
}

/*
 * Follow one relationship again and again, and put the rows with their depths
 * into the result.  The same conditions as for relnav_run_navigation().
 *
 * Along a foreign key that is one recursive query.  Through an association it
 * is a query for each level, as there can be many ways to each row.
 */
void
relnav_run_recursion(const RelnavCall *call, const RelnavSourceValue *source,
					 int max_depth, ReturnSetInfo *rsinfo)
{
	RelnavCall	by_row = *call;
	RelnavSourceValue row = *source;
	KeptPlan   *kept;

	check_stack_depth();

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (call->by_key)
	{
		run_plan(get_plan(call, make_navigation, NULL), fetch_row, &row, 0,
				 rsinfo);
		by_row.by_key = false;
	}
	kept = get_plan(&by_row, make_navigation, NULL);
	run_plan(kept, kept->level_cols ? run_levels : run_recursive_query,
			 &row, max_depth, rsinfo);
	SPI_finish();
}

/*
 * Run something with a plan, which is in use as long as that takes.
 */
static void
run_plan(KeptPlan *kept, PlanRunner runner, RelnavSourceValue *source,
		 int max_depth, ReturnSetInfo *rsinfo)
{
	relnav_use_kept(&kept->kept);
	PG_TRY();
	{
		runner(kept, source, max_depth, rsinfo);
	}
	PG_CATCH();
	{
		relnav_release_kept(&kept->kept);
		PG_RE_THROW();
	}
	PG_END_TRY();
	relnav_release_kept(&kept->kept);
}

/* One query, whose rows are the result. */
static void
run_navigation(KeptPlan *kept, RelnavSourceValue *source, int max_depth,
			   ReturnSetInfo *rsinfo)
{
	ParamListInfo params = makeParamList(kept->nparams);

	if (fill_params(kept, source, params))
		execute_plan(kept, params, rsinfo);
}

/* The same with the greatest depth as its last parameter. */
static void
run_recursive_query(KeptPlan *kept, RelnavSourceValue *source, int max_depth,
					ReturnSetInfo *rsinfo)
{
	ParamListInfo params = makeParamList(kept->nparams);
	int			last = kept->nparams - 1;

	if (!fill_params(kept, source, params))
		return;
	params->params[last].value = Int32GetDatum(max_depth);
	params->params[last].isnull = max_depth == RELNAV_ANY_DEPTH;
	execute_plan(kept, params, rsinfo);
}

/* Find the source row by its key; it becomes the source. */
static void
fetch_row(KeptPlan *kept, RelnavSourceValue *source, int max_depth,
		  ReturnSetInfo *rsinfo)
{
	ParamListInfo params = makeParamList(kept->nparams);

	source->isnull = !fill_params(kept, source, params);
	if (source->isnull)
		return;
	execute_plan(kept, params, NULL);
	if (SPI_processed == 0)
		source->isnull = true;
	else
	{
		bool		isnull;
		Datum		row = SPI_getbinval(SPI_tuptable->vals[0],
										SPI_tuptable->tupdesc, 1, &isnull);

		source->row = DatumGetHeapTupleHeaderCopy(row);
	}
	SPI_freetuptable(SPI_tuptable);
}

/*
 * One query for each level, breadth first, so that a row is met at its least
 * depth first.
 *
 * Rows that we have seen are known by where they are stored: all queries have
 * one snapshot.  The keys of one level are kept until the next one is read.
 */
static void
run_levels(KeptPlan *kept, RelnavSourceValue *source, int max_depth,
		   ReturnSetInfo *rsinfo)
{
	int			nkeys = kept->nmatched;
	ParamListInfo params = makeParamList(kept->nparams);
	MemoryContext level_context = NULL;
	ArrayBuildState **arrays = palloc(sizeof(ArrayBuildState *) * nkeys);
	HTAB	   *seen;
	HASHCTL		ctl;
	int			depth;
	int			i;

	if (!fill_params(kept, source, params))
		return;

	memset(&ctl, 0, sizeof(ctl));
	ctl.keysize = sizeof(StoredRow);
	ctl.entrysize = sizeof(StoredRow);
	ctl.hcxt = CurrentMemoryContext;
	seen = hash_create("relnav rows seen", 256, &ctl,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);

	for (depth = 1; depth <= max_depth; depth++)
	{
		MemoryContext next_context = AllocSetContextCreate(CurrentMemoryContext,
														   "relnav level",
														   ALLOCSET_DEFAULT_SIZES);
		uint64		row;
		uint64		nnew = 0;

		for (i = 0; i < nkeys; i++)
			arrays[i] = initArrayResult(kept->level_cols[i].type, next_context,
										false);

		execute_plan(kept, params, NULL);
		for (row = 0; row < SPI_processed; row++)
		{
			HeapTuple	tuple = SPI_tuptable->vals[row];
			TupleDesc	desc = SPI_tuptable->tupdesc;
			Datum		values[2];
			bool		nulls[2] = {false, false};
			StoredRow	stored;
			bool		found;
			bool		isnull;

			CHECK_FOR_INTERRUPTS();

			memset(&stored, 0, sizeof(stored));
			stored.relid = DatumGetObjectId(SPI_getbinval(tuple, desc, 2, &isnull));
			stored.tid = *((ItemPointer) DatumGetPointer(SPI_getbinval(tuple, desc, 3,
																	   &isnull)));
			if (!ItemPointerIsValid(&stored.tid))
				ereport(ERROR,
						(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						 errmsg("cannot follow a relationship of table \"%s\" repeatedly",
								kept->source),
						 errdetail("There can be several ways to one row, and the foreign table does not tell its rows apart.")));
			(void) hash_search(seen, &stored, HASH_ENTER, &found);
			if (found)
				continue;
			nnew++;

			values[0] = SPI_getbinval(tuple, desc, 1, &isnull);
			values[1] = Int32GetDatum(depth);
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);

			for (i = 0; i < nkeys; i++)
			{
				Datum		key = SPI_getbinval(tuple, desc, 4 + i, &isnull);

				arrays[i] = accumArrayResult(arrays[i], key, isnull,
											 kept->level_cols[i].type,
											 next_context);
			}
		}
		SPI_freetuptable(SPI_tuptable);
		if (nnew == 0)
			break;

		for (i = 0; i < nkeys; i++)
			params->params[i].value = makeArrayResult(arrays[i], next_context);
		if (level_context)
			MemoryContextDelete(level_context);
		level_context = next_context;
	}
}

/*
 * Find the plan of a call, or make one.
 */
static KeptPlan *
get_plan(const RelnavCall *call, RelnavStatementMaker make, void *arg)
{
	Size		length;
	char	   *key = make_plan_key(call, &length);
	KeptPlan   *kept = (KeptPlan *) relnav_find_kept(&plans, key, length);

	if (kept && is_current(kept))
	{
		/* Another role may have made it. */
		relnav_check_named_schemas(kept->schemas);
		return kept;
	}

	kept = prepare_plan(make(call, arg));
	relnav_keep(&plans, &kept->kept, key, length);
	SPI_keepplan(kept->plan);
	return kept;
}

static char *
make_plan_key(const RelnavCall *call, Size *length)
{
	Size		path_length = call->path ? strlen(call->path) : 0;
	char	   *result = palloc0(sizeof(PlanKey) + path_length + 1);
	PlanKey    *key = (PlanKey *) result;

	key->source = call->source;
	key->target = call->target;
	key->function = call->function;
	key->by_key = call->by_key;
	key->has_path = call->path != NULL;
	if (call->path)
		memcpy(result + sizeof(PlanKey), call->path, path_length);
	*length = sizeof(PlanKey) + path_length;
	return result;
}

/*
 * Lock a plan's relations, and see whether it is still right.
 */
static bool
is_current(KeptPlan *kept)
{
	int			i;

	for (i = 0; i < kept->nrelids; i++)
		LockRelationOid(kept->relids[i], AccessShareLock);
	return kept->generation == relnav_get_graph_generation() &&
		SPI_plan_is_valid(kept->plan);
}

/*
 * Prepare a statement.
 *
 * The result belongs to nobody yet; if an error is raised on the way, all of
 * it goes with the caller's SPI context.  So does the statement: only what is
 * needed to run the plan is kept with it.
 */
static KeptPlan *
prepare_plan(const RelnavStatement *statement)
{
	const RelnavSelect *select = statement->select;
	MemoryContext context;
	MemoryContext old;
	KeptPlan   *kept;
	SPIPlanPtr	plan;
	ListCell   *lc;

	plan = SPI_prepare(select->sql, select->nparams, select->param_types);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s",
			 SPI_result_code_string(SPI_result));

	context = AllocSetContextCreate(CurrentMemoryContext, "relnav plan",
									ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(context);
	kept = palloc0(sizeof(KeptPlan));
	kept->kept.context = context;
	kept->kept.free = free_plan;
	kept->plan = plan;
	kept->schemas = relnav_get_named_schemas(plan);
	kept->nparams = select->nparams;
	kept->nmatched = select->nmatched;
	kept->param_types = palloc(sizeof(Oid) * Max(select->nparams, 1));
	memcpy(kept->param_types, select->param_types,
		   sizeof(Oid) * select->nparams);
	kept->param_attnums = palloc(sizeof(AttrNumber) * Max(select->nparams, 1));
	memcpy(kept->param_attnums, select->param_attnums,
		   sizeof(AttrNumber) * select->nparams);
	if (statement->key)
		kept->key = relnav_copy_key(statement->key);
	kept->source = pstrdup(statement->source);
	kept->generation = statement->generation;
	kept->relids = palloc(sizeof(Oid) * list_length(statement->relids));
	foreach(lc, statement->relids)
		kept->relids[kept->nrelids++] = lfirst_oid(lc);
	if (statement->level_cols)
		kept->level_cols = relnav_copy_columns(statement->level_cols,
											   statement->nlevel_cols);
	MemoryContextSwitchTo(old);
	return kept;
}

/* Resolve a call: the statement of a navigation. */
static RelnavStatement *
make_navigation(const RelnavCall *call, void *arg)
{
	RelnavRoute *route = relnav_get_route(call);
	RelnavStatement *statement = palloc0(sizeof(RelnavStatement));

	statement->select = generate_query(call, route);
	statement->source = route->source->name;
	statement->key = route->key;
	statement->relids = route->relids;
	statement->generation = route->generation;
	if (relnav_is_recursive(call->function) && !call->by_key)
	{
		const RelnavRelationship *hop = linitial(route->hops);

		if (relnav_goes_by_levels(route))
		{
			statement->level_cols = hop->source_cols;
			statement->nlevel_cols = hop->near->nkeys;
		}
	}
	return statement;
}

/* The query that a plan of the call runs. */
static RelnavSelect *
generate_query(const RelnavCall *call, const RelnavRoute *route)
{
	RelnavSelectStyle style = {0};

	style.source = call->by_key ? RELNAV_SOURCE_KEY : RELNAV_SOURCE_COLUMNS;
	if (relnav_is_recursive(call->function))
	{
		if (call->by_key)
			return relnav_generate_row_by_key(route);
		if (relnav_goes_by_levels(route))
			return relnav_generate_level(route);
		return relnav_generate_recursion(route, &style);
	}
	style.columns = RELNAV_PHYSICAL_COLUMNS;
	return relnav_generate_select(route, &style);
}

/* What a plan's context does not free. */
static void
free_plan(RelnavKept *kept)
{
	SPI_freeplan(((KeptPlan *) kept)->plan);
}

/*
 * Set the parameters from the source row or key.  Returns false if nothing
 * can be related: the row or a key column is null.
 */
static bool
fill_params(KeptPlan *kept, const RelnavSourceValue *source,
			ParamListInfo params)
{
	int			i;

	if (source->isnull)
		return false;

	if (kept->key)
	{
		Datum	   *values = palloc(sizeof(Datum) * kept->key->nkeys);

		if (!relnav_convert_key(kept->source, kept->key, source->key,
								source->key_type, values))
			return false;
		for (i = 0; i < kept->nparams; i++)
		{
			params->params[i].value = values[i];
			params->params[i].isnull = false;
		}
	}
	else
	{
		get_source_columns(kept, source, params);
		for (i = 0; i < kept->nparams; i++)
		{
			ParamExternData *param = &params->params[i];

			if (i >= kept->nmatched)
				continue;
			if (param->isnull)
				return false;
			if (kept->level_cols)
				param->value = make_array_of_one(param->value,
												 kept->level_cols[i].type);
		}
	}

	for (i = 0; i < kept->nparams; i++)
	{
		params->params[i].pflags = PARAM_FLAG_CONST;
		params->params[i].ptype = kept->param_types[i];
	}
	return true;
}

/*
 * Set the parameters that are columns of the source row to their values.
 *
 * The row may be a made-up one.  Then nobody has locked its table, whose
 * columns may have other types by now than when the plan was made.
 */
static void
get_source_columns(KeptPlan *kept, const RelnavSourceValue *source,
				   ParamListInfo params)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(source->row),
											  HeapTupleHeaderGetTypMod(source->row));
	HeapTupleData tuple;
	int			i;

	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_len = HeapTupleHeaderGetDatumLength(source->row);
	tuple.t_data = source->row;

	for (i = 0; i < kept->nparams; i++)
	{
		AttrNumber	attnum = kept->param_attnums[i];
		Oid			type = kept->param_types[i];

		/* A level's first keys are arrays of the source's. */
		if (kept->level_cols && i < kept->nmatched)
		{
			attnum = kept->level_cols[i].attnum;
			type = kept->level_cols[i].type;
		}
		else if (attnum == InvalidAttrNumber)
			continue;			/* the greatest depth */

		if (attnum > desc->natts ||
			TupleDescAttr(desc, attnum - 1)->atttypid != type)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_IN_USE),
					 errmsg("the row type of table \"%s\" is being changed",
							kept->source)));
		params->params[i].value = heap_getattr(&tuple, attnum, desc,
											   &params->params[i].isnull);
	}
	ReleaseTupleDesc(desc);
}

/* An array of one element. */
static Datum
make_array_of_one(Datum value, Oid type)
{
	int16		typlen;
	bool		typbyval;
	char		typalign;

	get_typlenbyvalalign(type, &typlen, &typbyval, &typalign);
	return PointerGetDatum(construct_array(&value, 1, type, typlen, typbyval,
										   typalign));
}

/*
 * Run a plan, its rows going straight into the result; or, without one, into
 * SPI_tuptable.
 */
static void
execute_plan(KeptPlan *kept, ParamListInfo params, ReturnSetInfo *rsinfo)
{
	SPIExecuteOptions options;
	bool		straight = rsinfo && !rows_are_longer(kept, rsinfo->setDesc);
	int			result;

	memset(&options, 0, sizeof(options));
	options.params = params;
	options.read_only = true;
	options.must_return_tuples = true;
	if (straight)
	{
		options.dest = CreateTuplestoreDestReceiver();
		SetTuplestoreDestReceiverParams(options.dest, rsinfo->setResult,
										rsinfo->econtext->ecxt_per_query_memory,
										false, NULL, NULL);
	}
	result = SPI_execute_plan_extended(kept->plan, &options);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan_extended failed: %s",
			 SPI_result_code_string(result));
	if (straight)
		options.dest->rDestroy(options.dest);
	else if (rsinfo)
		put_beginnings(rsinfo);
}

/*
 * The statement around a call was planned for the rows that the target had
 * then, and its plan locks no table that only our query reads.  Columns that
 * were added since are not its business: returns true if there are some.  Any
 * other change is an error.
 */
static bool
rows_are_longer(KeptPlan *kept, TupleDesc expected)
{
	CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(kept->plan));
	TupleDesc	desc = source->resultDesc;
	TupleDesc	now = NULL;
	bool		same = desc->natts >= expected->natts;

	if (expected->tdtypeid != RECORDOID)
		now = lookup_rowtype_tupdesc(expected->tdtypeid, -1);
	for (int i = 0; same && i < expected->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(expected, i);

		if (att->attisdropped)
			continue;
		if (TupleDescAttr(desc, i)->atttypid != att->atttypid ||
			(now && (i >= now->natts || TupleDescAttr(now, i)->attisdropped)))
			same = false;
	}
	if (now)
		ReleaseTupleDesc(now);
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("the row type of a related table is being changed"),
				 errdetail("A column was dropped, or got another type, after the statement was planned."),
				 errhint("Run the statement again.")));
	return desc->natts > expected->natts;
}

/* The rows of SPI_tuptable, without the columns that nobody expects. */
static void
put_beginnings(ReturnSetInfo *rsinfo)
{
	TupleDesc	desc = SPI_tuptable->tupdesc;
	Datum	   *values = palloc(sizeof(Datum) * desc->natts);
	bool	   *nulls = palloc(sizeof(bool) * desc->natts);

	for (uint64 i = 0; i < SPI_tuptable->numvals; i++)
	{
		CHECK_FOR_INTERRUPTS();
		heap_deform_tuple(SPI_tuptable->vals[i], desc, values, nulls);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	SPI_freetuptable(SPI_tuptable);
}
