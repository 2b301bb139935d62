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
 * Plans live below CacheMemoryContext, at most MAX_PLANS of them; the least
 * recently used one goes first.  A plan may be running when it is replaced or
 * has to go (a row security policy may navigate, too), so it is counted who
 * uses it, and the last user frees it.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "common/hashfn.h"
#include "compat.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "execute.h"
#include "keyvalue.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "sqlgen.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

/* More than a program has navigations, less than hurts. */
#define MAX_PLANS 256

/* A prepared SELECT.  Everything is in its own context. */
typedef struct KeptPlan
{
	MemoryContext context;
	int			nusers;			/* the cache is one */
	SPIPlanPtr	plan;
	RelnavSelect *select;
	const RelnavKey *key;		/* if the call is by key */
	const char *source;			/* the source's name, for messages */
	int			nrelids;		/* what must be locked */
	Oid		   *relids;
	uint64		generation;		/* of the graph, when it was last right */
} KeptPlan;

/* What a plan is for.  A path is known by its hash and its length. */
typedef struct PlanKey
{
	Oid			source;
	Oid			target;
	int32		function;
	int32		by_key;
	uint64		path_length;	/* plus one; 0: no path */
	uint64		path_hash[2];
} PlanKey;

typedef struct PlanEntry
{
	PlanKey		key;			/* hash key */
	dlist_node	node;			/* in order of use */
	KeptPlan   *kept;
} PlanEntry;

static HTAB *plans = NULL;
static dlist_head plans_by_use = DLIST_STATIC_INIT(plans_by_use);

static void run_plan(KeptPlan *kept, const RelnavSourceValue *source,
					 ReturnSetInfo *rsinfo);
static KeptPlan *get_plan(const RelnavCall *call);
static void make_plan_key(PlanKey *key, const RelnavCall *call);
static bool is_current(KeptPlan *kept);
static KeptPlan *prepare_plan(const RelnavCall *call);
static void keep_plan(const PlanKey *key, KeptPlan *kept);
static void evict_plans(void);
static void release_plan(KeptPlan *kept);
static bool fill_params(KeptPlan *kept, const RelnavSourceValue *source,
						ParamListInfo params);
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
	check_stack_depth();

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	run_plan(get_plan(call), source, rsinfo);
	SPI_finish();
}

/*
 * Run a plan for one source, using it as long as that takes.
 */
static void
run_plan(KeptPlan *kept, const RelnavSourceValue *source,
		 ReturnSetInfo *rsinfo)
{
	kept->nusers++;
	PG_TRY();
	{
		ParamListInfo params = makeParamList(kept->select->nparams);

		if (fill_params(kept, source, params))
			execute_plan(kept, params, rsinfo);
	}
	PG_CATCH();
	{
		release_plan(kept);
		PG_RE_THROW();
	}
	PG_END_TRY();
	release_plan(kept);
}

/*
 * Find the plan of a call, or make one.
 */
static KeptPlan *
get_plan(const RelnavCall *call)
{
	PlanKey		key;
	PlanEntry  *entry;
	KeptPlan   *kept;

	if (plans == NULL)
	{
		HASHCTL		ctl;

		memset(&ctl, 0, sizeof(ctl));
		ctl.keysize = sizeof(PlanKey);
		ctl.entrysize = sizeof(PlanEntry);
		plans = hash_create("relnav plans", 64, &ctl, HASH_ELEM | HASH_BLOBS);
	}

	make_plan_key(&key, call);
	entry = hash_search(plans, &key, HASH_FIND, NULL);
	if (entry && is_current(entry->kept))
	{
		dlist_move_head(&plans_by_use, &entry->node);
		return entry->kept;
	}

	kept = prepare_plan(call);
	keep_plan(&key, kept);
	return kept;
}

static void
make_plan_key(PlanKey *key, const RelnavCall *call)
{
	memset(key, 0, sizeof(PlanKey));
	key->source = call->source;
	key->target = call->target;
	key->function = call->function;
	key->by_key = call->by_key;
	if (call->path)
	{
		size_t		length = strlen(call->path);
		const unsigned char *path = (const unsigned char *) call->path;

		key->path_length = length + 1;
		key->path_hash[0] = hash_bytes_extended(path, length, 0);
		key->path_hash[1] = hash_bytes_extended(path, length, 1);
	}
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
 * Resolve a call and prepare its query.
 *
 * The result belongs to nobody yet; if an error is raised on the way, all of
 * it goes with the caller's SPI context.
 */
static KeptPlan *
prepare_plan(const RelnavCall *call)
{
	MemoryContext context;
	MemoryContext old;
	KeptPlan   *kept;
	RelnavRoute *route;
	RelnavSelectStyle style = {0};
	ListCell   *lc;

	context = AllocSetContextCreate(CurrentMemoryContext, "relnav plan",
									ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(context);

	route = relnav_get_route(call);
	kept = palloc0(sizeof(KeptPlan));
	kept->context = context;
	kept->key = route->key;
	kept->source = pstrdup(route->source->name);
	kept->generation = route->generation;
	kept->relids = palloc(sizeof(Oid) * list_length(route->relids));
	foreach(lc, route->relids)
		kept->relids[kept->nrelids++] = lfirst_oid(lc);
	style.source = call->by_key ? RELNAV_SOURCE_KEY : RELNAV_SOURCE_COLUMNS;
	style.columns = RELNAV_PHYSICAL_COLUMNS;
	kept->select = relnav_generate_select(route, &style);
	MemoryContextSwitchTo(old);

	kept->plan = SPI_prepare(kept->select->sql, kept->select->nparams,
							 kept->select->param_types);
	if (kept->plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s",
			 SPI_result_code_string(SPI_result));
	return kept;
}

/*
 * Put a plan into the cache, in the place of an older one if there is one.
 */
static void
keep_plan(const PlanKey *key, KeptPlan *kept)
{
	PlanEntry  *entry;
	bool		found;

	/* Room first: from here on nothing may fail half way. */
	evict_plans();
	entry = hash_search(plans, key, HASH_ENTER, &found);
	if (found)
	{
		dlist_move_head(&plans_by_use, &entry->node);
		release_plan(entry->kept);
	}
	else
		dlist_push_head(&plans_by_use, &entry->node);
	entry->kept = kept;
	kept->nusers = 1;
	SPI_keepplan(kept->plan);
	MemoryContextSetParent(kept->context, CacheMemoryContext);
}

/* Take the least recently used plans out of a full cache. */
static void
evict_plans(void)
{
	while (hash_get_num_entries(plans) >= MAX_PLANS)
	{
		PlanEntry  *entry = dlist_tail_element(PlanEntry, node, &plans_by_use);

		dlist_delete(&entry->node);
		release_plan(entry->kept);
		hash_search(plans, &entry->key, HASH_REMOVE, NULL);
	}
}

/* One user less; the last one frees. */
static void
release_plan(KeptPlan *kept)
{
	if (--kept->nusers > 0)
		return;
	SPI_freeplan(kept->plan);
	MemoryContextDelete(kept->context);
}

/*
 * Set the parameters from the source row or key.  Returns false if nothing
 * can be related: the row or a key column is null.
 */
static bool
fill_params(KeptPlan *kept, const RelnavSourceValue *source,
			ParamListInfo params)
{
	RelnavSelect *select = kept->select;
	int			i;

	if (source->isnull)
		return false;

	if (kept->key)
	{
		Datum	   *values = palloc(sizeof(Datum) * kept->key->nkeys);

		if (!relnav_convert_key(kept->source, kept->key, source->key,
								source->key_type, values))
			return false;
		for (i = 0; i < select->nparams; i++)
			params->params[i].value = values[i];
	}
	else
	{
		for (i = 0; i < select->nparams; i++)
		{
			bool		isnull;

			params->params[i].value =
				GetAttributeByNum(source->row, select->param_attnums[i],
								  &isnull);
			if (isnull)
				return false;
		}
	}

	for (i = 0; i < select->nparams; i++)
	{
		params->params[i].isnull = false;
		params->params[i].pflags = PARAM_FLAG_CONST;
		params->params[i].ptype = select->param_types[i];
	}
	return true;
}

/* Run a plan, its rows going straight into the result. */
static void
execute_plan(KeptPlan *kept, ParamListInfo params, ReturnSetInfo *rsinfo)
{
	SPIExecuteOptions options;
	int			result;

	memset(&options, 0, sizeof(options));
	options.params = params;
	options.read_only = true;
	options.must_return_tuples = true;
	options.dest = CreateTuplestoreDestReceiver();
	SetTuplestoreDestReceiverParams(options.dest, rsinfo->setResult,
									rsinfo->econtext->ecxt_per_query_memory,
									false, NULL, NULL);
	result = SPI_execute_plan_extended(kept->plan, &options);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan_extended failed: %s",
			 SPI_result_code_string(result));
	options.dest->rDestroy(options.dest);
}
