/*-------------------------------------------------------------------------
 *
 * kepttree.c
 *	  Trees that are kept, with the plans of their queries.
 *
 * What is costly is to make the plans, so these are kept with the shape of a
 * tree: specs that differ in constants have the same shape, and use the same
 * plans.  A spec's text is kept beside, with its constants, so that the same
 * text need not be read again.  It is not kept if a constant depends on
 * settings, as a time of day without a zone does.
 *
 * As in execute.c, what is kept is right as long as the graph has not
 * changed, and the server finds its plans valid; both are known for sure
 * after the tables are locked.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "kepttree.h"
#include "parser/parse_expr.h"
#include "parser/parser.h"
#include "privilege.h"
#include "setting.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/typcache.h"

/*
 * What a kept spec is for: this, and then the text, which the server reads
 * differently by these settings.
 */
typedef struct SpecKey
{
	Oid			source;
	bool		by_key;
	bool		standard_strings;
	bool		null_equals;
	bool		array_nulls;
} SpecKey;

static RelnavKeeper specs = {.name = "relnav specs"};
static RelnavKeeper trees = {.name = "relnav trees"};

static char *make_spec_key(Oid source, const char *spec, Size length,
						   bool by_key, Size *key_length);
static RelnavKeptSpec *make_kept_spec(RelnavKeptTree *tree,
									  const RelnavTreeValues *values);
static RelnavKeptTree *make_kept_tree(const RelnavTree *tree);
static bool is_current(RelnavKeptTree *kept);
static uint64 get_row_version(Oid relid);
static SPIPlanPtr prepare(const char *sql, int nparams, Oid *types, int options);
static NodeTag get_scan(SPIPlanPtr plan);
static SPIPlanPtr prepare_bitmap_scan(const char *sql, int nparams, Oid *types);
static void free_spec(RelnavKept *kept);
static void free_tree(RelnavKept *kept);

/*
 * The tree that a spec, of this length in bytes, describes for a source.
 *
 * The result is in use, and must be released by relnav_release_kept().  Locks
 * the tree's relations like a SELECT.  Raises what levelgen.c raises.
 */
RelnavKeptSpec *
relnav_use_spec(Oid source, const char *spec, Size length, bool by_key)
{
	Size		key_length;
	char	   *key = make_spec_key(source, spec, length, by_key, &key_length);
	RelnavKeptSpec *kept = (RelnavKeptSpec *) relnav_find_kept(&specs, key,
															   key_length);
	RelnavKeptTree *kept_tree;
	RelnavTree *tree;
	RelnavTreeValues values;
	MemoryContext context;
	MemoryContext old;

	if (kept && is_current(kept->tree))
	{
		pfree(key);
		relnav_use_kept(&kept->kept);
		return kept;
	}

	context = AllocSetContextCreate(CurrentMemoryContext, "relnav tree builder",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	tree = relnav_build_tree(source, pnstrdup(spec, length), by_key, &values);
	if (!by_key)
		tree->row_version = get_row_version(source);

	kept_tree = (RelnavKeptTree *) relnav_find_kept(&trees, tree->shape,
													strlen(tree->shape));
	if (kept_tree == NULL || !is_current(kept_tree))
	{
		kept_tree = make_kept_tree(tree);
		relnav_keep(&trees, &kept_tree->kept, tree->shape, strlen(tree->shape));
	}
	kept = make_kept_spec(kept_tree, &values);
	if (tree->values_last)
	{
		PG_TRY();
		{
			relnav_keep(&specs, &kept->kept, key, key_length);
		}
		PG_CATCH();
		{
			/* Out of memory: nobody else knows of it. */
			relnav_release_kept(&kept->kept);
			PG_RE_THROW();
		}
		PG_END_TRY();
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	pfree(key);
	return kept;
}

static char *
make_spec_key(Oid source, const char *spec, Size length, bool by_key,
			  Size *key_length)
{
	char	   *result = palloc0(sizeof(SpecKey) + length);
	SpecKey    *key = (SpecKey *) result;

	key->source = source;
	key->by_key = by_key;
	key->standard_strings = standard_conforming_strings;
	key->null_equals = Transform_null_equals;
	key->array_nulls = Array_nulls;
	memcpy(result + sizeof(SpecKey), spec, length);
	*key_length = sizeof(SpecKey) + length;
	return result;
}

/* A spec in use, with a copy of the values. */
static RelnavKeptSpec *
make_kept_spec(RelnavKeptTree *tree, const RelnavTreeValues *values)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "relnav spec",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	RelnavKeptSpec *result = palloc0(sizeof(RelnavKeptSpec));
	int			nvalues = tree->tree->nvalues;
	int			i;

	result->values.values = palloc(sizeof(Datum) * Max(nvalues, 1));
	result->values.nulls = palloc(sizeof(bool) * Max(nvalues, 1));
	for (i = 0; i < nvalues; i++)
	{
		int16		typlen;
		bool		typbyval;

		get_typlenbyval(tree->tree->value_types[i], &typlen, &typbyval);
		result->values.nulls[i] = values->nulls[i];
		result->values.values[i] = values->nulls[i] ? (Datum) 0
			: datumCopy(values->values[i], typbyval, typlen);
	}
	MemoryContextSwitchTo(old);

	result->kept.context = context;
	result->kept.free = free_spec;
	result->kept.nusers = 1;
	result->tree = tree;
	relnav_use_kept(&tree->kept);
	MemoryContextSetParent(context, CacheMemoryContext);
	return result;
}

/*
 * A copy of a tree to be kept, for which nothing is prepared yet.  Its context
 * is a child of the current one, until it is kept.
 */
static RelnavKeptTree *
make_kept_tree(const RelnavTree *tree)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "relnav tree",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	RelnavKeptTree *result = palloc0(sizeof(RelnavKeptTree));
	int			i;
	int			k;

	result->kept.context = context;
	result->kept.free = free_tree;
	result->tree = relnav_copy_tree(tree);
	result->plans = palloc0(sizeof(SPIPlanPtr) * tree->nsteps * RELNAV_NSTEPPLANS);
	result->schemas = palloc0(sizeof(List *) * tree->nsteps * RELNAV_NSTEPPLANS);
	result->writers = palloc0(sizeof(RelnavWriter *) * tree->nsteps);
	for (i = 0; i < tree->nsteps; i++)
	{
		const RelnavTreeStep *step = tree->steps[i];

		result->writers[i] = palloc0(sizeof(RelnavWriter) * Max(step->ncolumns, 1));
		for (k = 0; k < step->npieces; k++)
		{
			int			column = step->pieces[k].column;

			if (column >= 0)
				relnav_init_writer(&result->writers[i][column],
								   step->columns[column].type);
		}
	}
	MemoryContextSwitchTo(old);
	return result;
}

/*
 * Lock a tree's relations, and see whether it is still right.
 */
static bool
is_current(RelnavKeptTree *kept)
{
	RelnavTree *tree = kept->tree;
	ListCell   *lc;
	int			i;

	foreach(lc, tree->relids)
		LockRelationOid(lfirst_oid(lc), AccessShareLock);
	if (tree->generation != relnav_get_graph_generation())
		return false;
	if (tree->key == NULL && tree->row_version != get_row_version(tree->source))
		return false;
	for (i = 0; i < tree->nsteps * RELNAV_NSTEPPLANS; i++)
	{
		if (kept->plans[i] && !SPI_plan_is_valid(kept->plans[i]))
			return false;
	}
	return true;
}

/* What changes when the row type of a relation does. */
static uint64
get_row_version(Oid relid)
{
	return lookup_type_cache(get_rel_type_id(relid),
							 TYPECACHE_TUPDESC)->tupDesc_identifier;
}

/*
 * A plan of a step's query, prepared if it is not yet.  Returns NULL if there
 * is no index that makes a plan for many keys another one than for few.
 *
 * The caller is connected to SPI.
 */
SPIPlanPtr
relnav_get_step_plan(RelnavKeptTree *kept, int step, RelnavStepPlan which)
{
	int			number = step * RELNAV_NSTEPPLANS + which;
	const RelnavTreeStep *s = kept->tree->steps[step];
	int			nkeys = which == RELNAV_PLAN_SCAN ? 0 : s->nkeys;
	SPIPlanPtr	plan;
	SPIPlanPtr	few;
	NodeTag		scan;
	Oid		   *types;
	MemoryContext old;
	int			i;

	if (kept->plans[number])
	{
		/* Another role may have made it. */
		relnav_check_named_schemas(kept->schemas[number]);
		return kept->plans[number];
	}

	types = palloc(sizeof(Oid) * (nkeys + s->nvalues + 1));
	for (i = 0; i < nkeys; i++)
		types[i] = s->one_by_one ? s->element_types[i]
			: get_array_type(s->element_types[i]);
	memcpy(types + nkeys, kept->tree->value_types + s->first_value,
		   sizeof(Oid) * s->nvalues);
	switch (which)
	{
		case RELNAV_PLAN_FEW:
			plan = prepare(s->sql, nkeys + s->nvalues, types,
						   CURSOR_OPT_GENERIC_PLAN);
			break;
		case RELNAV_PLAN_SCAN:
			plan = prepare(s->scan_sql, s->nvalues, types,
						   CURSOR_OPT_GENERIC_PLAN);
			break;
		case RELNAV_PLAN_EXACT:
			plan = prepare(s->sql, nkeys + s->nvalues, types,
						   CURSOR_OPT_CUSTOM_PLAN);
			break;
		default:
			if (s->by_number)
				return NULL;
			few = relnav_get_step_plan(kept, step, RELNAV_PLAN_FEW);
			scan = get_scan(few);
			if (scan == T_BitmapHeapScan || scan == T_IndexOnlyScan)
				return few;
			if (scan != T_IndexScan)
				return NULL;
			plan = prepare_bitmap_scan(s->sql, nkeys + s->nvalues, types);
			break;
	}

	old = MemoryContextSwitchTo(kept->kept.context);
	kept->schemas[number] = relnav_get_named_schemas(plan);
	MemoryContextSwitchTo(old);
	kept->plans[number] = plan;
	return plan;
}

/* Prepare a query for longer than the transaction. */
static SPIPlanPtr
prepare(const char *sql, int nparams, Oid *types, int options)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(sql, nparams, types, options);

	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "SPI_prepare_cursor failed: %s",
			 SPI_result_code_string(SPI_result));
	return plan;
}

/* How does this generic plan read its table? */
static NodeTag
get_scan(SPIPlanPtr plan)
{
	CachedPlan *cached = SPI_plan_get_cached_plan(plan);
	NodeTag		result = T_Invalid;

	if (cached)
	{
		Plan	   *scan = linitial_node(PlannedStmt, cached->stmt_list)->planTree;

		if (IsA(scan, Sort))
			scan = scan->lefttree;
		result = nodeTag(scan);
		ReleaseCachedPlan(cached, CurrentResourceOwner);
	}
	return result;
}

/*
 * Prepare a query for many keys, which the index that helps with few helps
 * with, too.
 *
 * The generic plan is made for ten keys.  For hundreds an index scan, which
 * comes to the same page again and again, takes twice as long as a bitmap
 * scan; the server would find that out if we had it plan each time, which
 * costs more than either.
 */
static SPIPlanPtr
prepare_bitmap_scan(const char *sql, int nparams, Oid *types)
{
	SPIPlanPtr	plan = prepare(sql, nparams, types, CURSOR_OPT_GENERIC_PLAN);

	PG_TRY();
	{
		int			nestlevel = NewGUCNestLevel();
		CachedPlan *cached;

		relnav_change_setting("enable_indexscan", "off");
		relnav_change_setting("enable_seqscan", "off");
		cached = SPI_plan_get_cached_plan(plan);
		if (cached)
			ReleaseCachedPlan(cached, CurrentResourceOwner);
		AtEOXact_GUC(true, nestlevel);
	}
	PG_CATCH();
	{
		SPI_freeplan(plan);
		PG_RE_THROW();
	}
	PG_END_TRY();
	return plan;
}

static void
free_spec(RelnavKept *kept)
{
	relnav_release_kept(&((RelnavKeptSpec *) kept)->tree->kept);
}

static void
free_tree(RelnavKept *kept)
{
	RelnavKeptTree *tree = (RelnavKeptTree *) kept;
	int			i;

	for (i = 0; i < tree->tree->nsteps * RELNAV_NSTEPPLANS; i++)
	{
		if (tree->plans[i])
			SPI_freeplan(tree->plans[i]);
	}
}
