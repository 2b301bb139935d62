/*-------------------------------------------------------------------------
 *
 * tree.c
 *	  The SQL functions that return rows, and their related rows, as json.
 *
 * relnav.tree gives the tree of one row, passed or found by its key;
 * relnav.tree_agg, an aggregate, one array of the trees of many rows; and
 * relnav.trees a tree for each of many keys.  What they share is that all
 * roots that are known at a time go through the levels together.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "argument.h"
#include "assemble.h"
#include "compat.h"
#include "fmgr.h"
#include "funcapi.h"
#include "keyvalue.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/*
 * The trees of so many keys are in memory at a time: enough for what is done
 * once for all of them to cost little.
 */
#define KEYS_AT_ONCE 1000

/* One group of tree_agg. */
typedef struct TreeAggState
{
	RelnavAssembly *assembly;
	text	   *spec;
} TreeAggState;

/* relnav.trees between its calls. */
typedef struct TreesState
{
	MemoryContext context;
	Oid			source;
	text	   *spec;
	Oid			key_type;
	int			nkeys;
	Datum	   *keys;
	bool	   *nulls;
	int			next;			/* key */
	int			batch_end;		/* one after the last key that is fetched */
	RelnavAssembly *batch;
	uint32		numbers[KEYS_AT_ONCE];	/* of the keys in the batch */
} TreesState;

static RelnavAssembly *begin_tree(MemoryContext context, Oid source,
								  text *spec, bool by_key);
static uint32 add_key(RelnavAssembly *a, Datum key, bool isnull, Oid type);
static void fetch_batch(TreesState *state);

PG_FUNCTION_INFO_V1(relnav_tree);
PG_FUNCTION_INFO_V1(relnav_tree_by_key);
PG_FUNCTION_INFO_V1(relnav_trees);
PG_FUNCTION_INFO_V1(relnav_tree_agg_transfn);
PG_FUNCTION_INFO_V1(relnav_tree_agg_finalfn);

/*
 * relnav.tree(source anyelement, spec text)
 */
Datum
relnav_tree(PG_FUNCTION_ARGS)
{
	Oid			source = relnav_get_source_relation(fcinfo, 0);
	RelnavSourceValue row = {0};
	RelnavAssembly *a;
	Datum		result;
	bool		found;

	check_stack_depth();

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	a = begin_tree(CurrentMemoryContext, source, PG_GETARG_TEXT_PP(1), false);
	relnav_get_source_row(fcinfo, 0, &row);
	if (row.isnull)
	{
		relnav_end_assembly(a);
		PG_RETURN_NULL();
	}
	relnav_add_row(a, row.row);
	relnav_fetch_rows(a);
	result = relnav_write_tree(a, 0, &found);
	relnav_end_assembly(a);
	return result;
}

/*
 * relnav.tree(source regclass, key anycompatible, spec text)
 */
Datum
relnav_tree_by_key(PG_FUNCTION_ARGS)
{
	RelnavAssembly *a;
	uint32		key;
	Datum		result = (Datum) 0;
	bool		found = false;

	check_stack_depth();

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	a = begin_tree(CurrentMemoryContext, PG_GETARG_OID(0),
				   PG_GETARG_TEXT_PP(2), true);
	key = add_key(a, PG_GETARG_DATUM(1), PG_ARGISNULL(1),
				  get_fn_expr_argtype(fcinfo->flinfo, 1));
	if (key != RELNAV_NO_KEY)
	{
		relnav_fetch_rows(a);
		result = relnav_write_tree(a, key, &found);
	}
	relnav_end_assembly(a);
	if (!found)
		PG_RETURN_NULL();
	return result;
}

/*
 * relnav.trees(source regclass, keys anycompatiblearray, spec text)
 */
Datum
relnav_trees(PG_FUNCTION_ARGS)
{
	FuncCallContext *funcctx;
	TreesState *state;

	check_stack_depth();

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;

		funcctx = SRF_FIRSTCALL_INIT();
		if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
			SRF_RETURN_DONE(funcctx);

		old = MemoryContextSwitchTo(funcctx->multi_call_memory_ctx);
		state = palloc0(sizeof(TreesState));
		state->context = CurrentMemoryContext;
		state->source = PG_GETARG_OID(0);
		state->spec = PG_GETARG_TEXT_P_COPY(2);
		{
			ArrayType  *keys = PG_GETARG_ARRAYTYPE_P_COPY(1);
			int16		typlen;
			bool		typbyval;
			char		typalign;

			state->key_type = ARR_ELEMTYPE(keys);
			get_typlenbyvalalign(state->key_type, &typlen, &typbyval, &typalign);
			deconstruct_array(keys, state->key_type, typlen, typbyval, typalign,
							  &state->keys, &state->nulls, &state->nkeys);
		}
		MemoryContextSwitchTo(old);
		funcctx->user_fctx = state;

		/* A spec that means nothing is an error, also without keys. */
		relnav_end_assembly(begin_tree(CurrentMemoryContext, state->source,
									   state->spec, true));
	}

	funcctx = SRF_PERCALL_SETUP();
	state = funcctx->user_fctx;
	if (state->next < state->nkeys)
	{
		uint32		number;
		bool		found = false;
		Datum		result = (Datum) 0;

		if (state->next == state->batch_end)
			fetch_batch(state);
		number = state->numbers[state->next % KEYS_AT_ONCE];
		state->next++;
		if (number != RELNAV_NO_KEY)
			result = relnav_write_tree(state->batch, number, &found);
		if (found)
			SRF_RETURN_NEXT(funcctx, result);
		SRF_RETURN_NEXT_NULL(funcctx);
	}
	if (state->batch)
		relnav_end_assembly(state->batch);
	SRF_RETURN_DONE(funcctx);
}

/*
 * Transition of relnav.tree_agg(source anyelement, spec text)
 */
Datum
relnav_tree_agg_transfn(PG_FUNCTION_ARGS)
{
	TreeAggState *state = PG_ARGISNULL(0) ? NULL : (TreeAggState *) PG_GETARG_POINTER(0);
	RelnavSourceValue row = {0};
	MemoryContext context;
	text	   *spec;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "relnav_tree_agg_transfn called in non-aggregate context");

	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the tree spec must not be null")));
	spec = PG_GETARG_TEXT_PP(2);
	if (state == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		state = palloc0(sizeof(TreeAggState));
		state->spec = PG_GETARG_TEXT_P_COPY(2);
		MemoryContextSwitchTo(old);
		state->assembly = begin_tree(context, relnav_get_source_relation(fcinfo, 1),
									 state->spec, false);
	}
	else if (VARSIZE_ANY_EXHDR(spec) != VARSIZE_ANY_EXHDR(state->spec) ||
			 memcmp(VARDATA_ANY(spec), VARDATA_ANY(state->spec),
					VARSIZE_ANY_EXHDR(spec)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the tree spec changes within a group"),
				 errhint("Use relnav.tree for a spec that depends on the row.")));

	relnav_get_source_row(fcinfo, 1, &row);
	if (!row.isnull)
		relnav_add_row(state->assembly, row.row);
	PG_RETURN_POINTER(state);
}

/*
 * Result of relnav.tree_agg.  Leaves the state as it is, but for what makes
 * it faster, as a window's frame may grow and be asked for again.
 */
Datum
relnav_tree_agg_finalfn(PG_FUNCTION_ARGS)
{
	TreeAggState *state;
	Datum		result;

	check_stack_depth();

	if (PG_ARGISNULL(0))
		PG_RETURN_TEXT_P(cstring_to_text("[]"));
	state = (TreeAggState *) PG_GETARG_POINTER(0);
	relnav_fetch_rows(state->assembly);
	result = relnav_write_trees(state->assembly);
	relnav_forget_rows(state->assembly);
	return result;
}

/* An assembly for a spec as it was passed. */
static RelnavAssembly *
begin_tree(MemoryContext context, Oid source, text *spec, bool by_key)
{
	return relnav_begin_assembly(context, source, VARDATA_ANY(spec),
								 VARSIZE_ANY_EXHDR(spec), by_key);
}

/*
 * Add a key as it was passed.  Returns its number, or RELNAV_NO_KEY if it is
 * the key of no row.
 */
static uint32
add_key(RelnavAssembly *a, Datum key, bool isnull, Oid type)
{
	const RelnavTree *tree = relnav_get_tree(a);
	Datum		values[INDEX_MAX_KEYS];

	if (isnull || !relnav_convert_key(tree->source_name, tree->key, key, type,
									  values))
		return RELNAV_NO_KEY;
	return relnav_add_key(a, values);
}

/* Fetch the rows for the next keys. */
static void
fetch_batch(TreesState *state)
{
	int			n = Min(state->nkeys - state->next, KEYS_AT_ONCE);
	int			i;

	if (state->batch)
		relnav_end_assembly(state->batch);
	state->batch = NULL;
	state->batch = begin_tree(state->context, state->source, state->spec, true);
	for (i = 0; i < n; i++)
		state->numbers[i] = add_key(state->batch, state->keys[state->next + i],
									state->nulls[state->next + i], state->key_type);
	relnav_fetch_rows(state->batch);
	state->batch_end = state->next + n;
}
