/*-------------------------------------------------------------------------
 *
 * assemble.c
 *	  Levels of rows put together as json.
 *
 * The rows of a step arrive in no particular order.  Each one is written as
 * json at once, with gaps where its nodes go, and of its values only the keys
 * that lead to other rows are remembered, as numbers (keymap.c).  When all
 * have come they are put into the order of their own keys, so that the rows
 * of one key stand side by side.  At the end the text is copied together,
 * from the roots down: a row's text up to a gap, the rows of the number that
 * the gap has, and so on.
 *
 * A row that many others refer to is read and written once.  So the memory
 * that we need is that of the text of all distinct rows, some dozen bytes for
 * each of them, and the result.
 *
 * What an assembly has is in three contexts: its own, with the roots; one for
 * the other rows, which a window aggregate needs more than once; and one that
 * is emptied every few rows, for what output functions leave behind.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "assemble.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

/* So many keys are looked up by an index scan. */
#define FEW_KEYS 16

/*
 * Where there is no better way, more keys than these are worth a plan of their
 * own: the server's generic plan takes an array of unknown length for one of
 * ten elements.
 */
#define FEW_KEYS_UNPLANNED 64

/* The same where no index helps, and each key costs a comparison a row. */
#define FEW_KEYS_UNINDEXED 2

/*
 * If keys ask for this part of a table or more, all of it is read and what
 * nobody asked for is thrown away.
 */
#define LARGE_PART 0.2

/* So many rows' garbage is kept at the most, and so many bytes of text. */
#define ROWS_A_RESET 64
#define BYTES_A_RESET 8192

/* How far ahead of its use a row's text is called for. */
#define ROWS_AHEAD 12

/* A row: its text, and the number of the key that it was looked up by. */
typedef struct Row
{
	char	   *json;
	uint32		length;
	uint32		key;
} Row;

/* The rows of a step. */
typedef struct RowSet
{
	const RelnavTreeStep *step;
	RelnavWriter *writers;
	MemoryContext context;
	bool		counts;			/* only count the rows of each key? */
	bool		is_repeated;	/* will more rows come later? */

	uint32		nrows;
	uint32		capacity;
	Row		   *rows;

	/* Of each row, for each gap: how much of the text comes before it. */
	int			ngaps;
	uint32	   *gaps;

	/* Of each row, for each link: the number of the key. */
	uint32	  **links;
	RelnavKeyMap **maps;		/* of each link */
	int64	  **integers;		/* of links of integers not numbered yet */
	uint32		nnumbered;		/* rows whose integers are */

	/* The keys that the rows were looked up by. */
	RelnavKeyMap *keys;
	uint32		nfetched;		/* keys whose rows have been fetched */

	/* After grouping: where each key's rows begin. */
	uint32		ngroups;
	uint32	   *start;
	bool		keeps_order;
	uint32	   *arrival;		/* if so: when each row came */

	/* Keys of rows that have not been looked up yet. */
	int64	   *found_by;

	uint32		ncounted;		/* if it counts: for so many keys */
	uint64	   *count;
} RowSet;

struct RelnavAssembly
{
	MemoryContext context;
	MemoryContext rows_context; /* of all rows but the roots */
	MemoryContext row_context;
	RelnavKeptSpec *spec;
	RelnavKeptTree *kept;
	const RelnavTree *tree;
	RelnavArena roots_arena;
	RelnavArena arena;
	RowSet	   *sets;			/* by the numbers of the steps */
	RelnavKeyMap *root_keys;	/* if the roots are found by keys */
	MemoryContextCallback callback;

	/* A source row taken apart. */
	TupleDesc	desc;
	Datum	   *values;
	bool	   *nulls;

	/* The result. */
	char	   *result;
	Size		length;
	Size		capacity;

	/* Rows of nodes that must be sorted before they are written. */
	uint64	   *collected;
	Size		ncollected;
	Size		max_collected;
};

/* Receives the rows of one query. */
typedef struct StepReceiver
{
	DestReceiver pub;
	RelnavAssembly *a;
	RowSet	   *set;
	RelnavArena *arena;
	int			nkeys;			/* columns before the step's own */
	bool		by_number;
	bool		is_late;		/* are keys looked up when all rows are there? */
	Oid			integer_type;	/* if the key is one integer */
	uint32		first_key;		/* keys before this one are done with */
	uint32		nkeys_given;
	int			ngarbage;		/* rows since the last reset */
} StepReceiver;

/* What stands above a row of a repeated node. */
typedef struct Above
{
	uint32		key;			/* which identifies it */
	const struct Above *up;
} Above;

static void release_spec(void *argument);
static void init_row_set(RelnavAssembly *a, RowSet *set,
						 const RelnavTreeStep *step, MemoryContext context);
static void fetch_node(RelnavAssembly *a, const RelnavTreeNode *node,
					   RowSet *parent);
static void share_maps(RelnavAssembly *a, const RelnavTreeNode *node,
					   RowSet *parent);
static void fetch_children(RelnavAssembly *a, const RelnavTreeNode *node);
static void fetch_step(RelnavAssembly *a, RowSet *set, RelnavArena *arena);
static RelnavStepPlan choose_plan(const RelnavTreeStep *step, uint32 nkeys);
static ParamListInfo make_params(RelnavAssembly *a, const RowSet *set,
								 RelnavStepPlan which, uint32 first, uint32 nkeys);
static Datum make_key_array(const RelnavTreeStep *step, const RelnavKeyMap *keys,
							int column, uint32 first, uint32 nkeys);
static void start_receiver(DestReceiver *self, int operation, TupleDesc desc);
static bool receive_row(TupleTableSlot *slot, DestReceiver *self);
static void end_receiver(DestReceiver *self);
static uint32 find_key_number(const StepReceiver *receiver, const Datum *values,
							  const bool *nulls);
static int64 get_integer(Datum value, Oid type);
static void add_row(RowSet *set, RelnavArena *arena, uint32 key,
					const Datum *values, const bool *nulls);
static void write_row(RowSet *set, RelnavArena *arena, Row *row,
					  const Datum *values, const bool *nulls);
static void note_keys(RowSet *set, const Datum *values, const bool *nulls);
static void make_room(RowSet *set);
static void *enlarge(MemoryContext context, void *old, Size size);
static void number_keys(RowSet *set);
static void group_rows(RowSet *set);
static void *permute(RowSet *set, void *array, Size size, const uint32 *to);
static void count_row(RowSet *set, uint32 key);
static void begin_result(RelnavAssembly *a, MemoryContext context, Size size);
static void append(RelnavAssembly *a, const char *bytes, Size length);
static void enlarge_result(RelnavAssembly *a, Size length);
static Datum end_result(RelnavAssembly *a);
static void append_row(RelnavAssembly *a, const RelnavTreeNode *node,
					   uint32 row, int depth, const Above *above);
static void append_node(RelnavAssembly *a, const RelnavTreeNode *node,
						const RowSet *parent, uint32 parent_row);
static void append_value(RelnavAssembly *a, const RelnavTreeNode *node,
						 uint32 key, int depth, const Above *above);
static void append_one(RelnavAssembly *a, const RelnavTreeNode *node,
					   uint32 key, int depth, const Above *above);
static void append_many(RelnavAssembly *a, const RelnavTreeNode *node,
						uint32 key, int depth, const Above *above);
static bool append_group(RelnavAssembly *a, const RelnavTreeNode *node, int step,
						 uint32 key, int depth, const Above *above, bool any);
static void append_count(RelnavAssembly *a, const RelnavTreeNode *node, uint32 key);
static void collect(RelnavAssembly *a, const RelnavTreeNode *node, int step,
					uint32 key);
static void sort_collected(RelnavAssembly *a, const RelnavTreeNode *node,
						   Size first);
static int	compare_collected(const void *a, const void *b);
static bool is_above(RelnavAssembly *a, const RelnavTreeNode *node, uint32 row,
					 const Above *above);
static RowSet *get_last_set(RelnavAssembly *a, const RelnavTreeNode *node);
static bool get_group(const RowSet *set, uint32 key, uint32 *first, uint32 *end);

/*
 * Begin to put trees together.
 *
 * The assembly is in a context of its own below the given one, and is ended
 * with it at the latest.  Locks the tree's relations like a SELECT.  Raises
 * what levelgen.c raises about a spec that means nothing.
 */
RelnavAssembly *
relnav_begin_assembly(MemoryContext context, Oid source, const char *spec,
					  Size length, bool by_key)
{
	RelnavKeptSpec *kept = relnav_use_spec(source, spec, length, by_key);
	MemoryContext own = NULL;
	RelnavAssembly *a = NULL;

	PG_TRY();
	{
		own = AllocSetContextCreate(context, "relnav assembly",
									ALLOCSET_SMALL_SIZES);
		a = MemoryContextAllocZero(own, sizeof(RelnavAssembly));
	}
	PG_CATCH();
	{
		relnav_release_kept(&kept->kept);
		PG_RE_THROW();
	}
	PG_END_TRY();

	/* However this ends, the spec is released. */
	a->context = own;
	a->spec = kept;
	a->callback.func = release_spec;
	a->callback.arg = kept;
	MemoryContextRegisterResetCallback(own, &a->callback);

	a->kept = kept->tree;
	a->tree = a->kept->tree;
	a->row_context = AllocSetContextCreate(own, "relnav row",
										   ALLOCSET_SMALL_SIZES);
	relnav_init_arena(&a->roots_arena, own);
	a->sets = MemoryContextAllocZero(own, sizeof(RowSet) * a->tree->nsteps);
	init_row_set(a, &a->sets[0], a->tree->steps[0], own);
	if (by_key)
	{
		a->root_keys = relnav_create_key_map(own, &a->tree->key_type);
		a->sets[0].keys = a->root_keys;
	}
	return a;
}

static void
release_spec(void *argument)
{
	relnav_release_kept(&((RelnavKeptSpec *) argument)->kept);
}

/* The tree of an assembly. */
const RelnavTree *
relnav_get_tree(const RelnavAssembly *a)
{
	return a->tree;
}

/*
 * One more root, as a row of the source.
 */
void
relnav_add_row(RelnavAssembly *a, HeapTupleHeader row)
{
	RowSet	   *set = &a->sets[0];
	MemoryContext old;
	HeapTupleData tuple;
	Datum		values[16];
	bool		nulls[16];
	Datum	   *v = values;
	bool	   *n = nulls;
	int			ncolumns = set->step->ncolumns;
	int			i;

	if (a->desc == NULL)
	{
		TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row),
												  HeapTupleHeaderGetTypMod(row));

		old = MemoryContextSwitchTo(a->context);
		a->desc = CreateTupleDescCopyConstr(desc);
		a->values = palloc(sizeof(Datum) * Max(desc->natts, 1));
		a->nulls = palloc(sizeof(bool) * Max(desc->natts, 1));
		MemoryContextSwitchTo(old);
		ReleaseTupleDesc(desc);
	}

	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, a->desc, a->values, a->nulls);

	old = MemoryContextSwitchTo(a->row_context);
	if (ncolumns > (int) lengthof(values))
	{
		v = palloc(sizeof(Datum) * ncolumns);
		n = palloc(sizeof(bool) * ncolumns);
	}
	for (i = 0; i < ncolumns; i++)
	{
		v[i] = a->values[set->step->columns[i].attnum - 1];
		n[i] = a->nulls[set->step->columns[i].attnum - 1];
	}
	add_row(set, &a->roots_arena, set->nrows, v, n);
	MemoryContextSwitchTo(old);
	MemoryContextReset(a->row_context);
}

/*
 * One more root, by its key, none of whose values is null.  Returns the key's
 * number, by which its tree can be written.
 */
uint32
relnav_add_key(RelnavAssembly *a, const Datum *values)
{
	if (a->root_keys->type->kind == RELNAV_KEY_INTEGER)
		return relnav_put_integer(a->root_keys,
								  get_integer(values[0],
											  a->root_keys->type->columns[0].type));
	return relnav_put_key(a->root_keys, values);
}

/*
 * Fetch all rows below the roots, and the roots themselves if they are given
 * by keys.  Anything fetched before is forgotten.
 */
void
relnav_fetch_rows(RelnavAssembly *a)
{
	RowSet	   *roots = &a->sets[0];
	int			i;

	relnav_forget_rows(a);
	a->rows_context = AllocSetContextCreate(a->context, "relnav rows",
											ALLOCSET_DEFAULT_SIZES);
	relnav_init_arena(&a->arena, a->rows_context);
	for (i = 1; i < a->tree->nsteps; i++)
		init_row_set(a, &a->sets[i], a->tree->steps[i], a->rows_context);

	/* A tree without nodes, of given rows, needs no query. */
	if (a->tree->nsteps == 1 && a->root_keys == NULL)
		return;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (a->root_keys)
	{
		fetch_step(a, roots, &a->roots_arena);
		group_rows(roots);
	}
	number_keys(roots);
	fetch_children(a, a->tree->root);
	SPI_finish();
}

/*
 * The tree of one root, whose key has this number, in the current memory
 * context.  If the root does not exist, *found is false.
 */
Datum
relnav_write_tree(RelnavAssembly *a, uint32 key, bool *found)
{
	uint32		first = key;
	uint32		end;
	Size		size = a->sets[0].nrows == 1
		? a->roots_arena.nbytes + a->arena.nbytes : 1024;

	*found = a->root_keys == NULL || get_group(&a->sets[0], key, &first, &end);
	if (!*found)
		return (Datum) 0;
	begin_result(a, CurrentMemoryContext, size + 64);
	append_row(a, a->tree->root, first, 0, NULL);
	return end_result(a);
}

/*
 * The trees of all roots as one json array, in the current memory context.
 */
Datum
relnav_write_trees(RelnavAssembly *a)
{
	uint32		i;

	begin_result(a, CurrentMemoryContext,
				 a->roots_arena.nbytes + a->arena.nbytes +
				 2 * (Size) a->sets[0].nrows + 64);
	append(a, "[", 1);
	for (i = 0; i < a->sets[0].nrows; i++)
	{
		if (i > 0)
			append(a, ",", 1);
		append_row(a, a->tree->root, i, 0, NULL);
	}
	append(a, "]", 1);
	return end_result(a);
}

/*
 * Give back the memory of the rows below the roots.
 */
void
relnav_forget_rows(RelnavAssembly *a)
{
	if (a->rows_context)
		MemoryContextDelete(a->rows_context);
	a->rows_context = NULL;
	a->collected = NULL;
	a->max_collected = 0;
}

/* Free everything. */
void
relnav_end_assembly(RelnavAssembly *a)
{
	MemoryContextDelete(a->context);
}


/* ----- the rows ------------------------------------------------------------ */

static void
init_row_set(RelnavAssembly *a, RowSet *set, const RelnavTreeStep *step,
			 MemoryContext context)
{
	int			i;

	memset(set, 0, sizeof(RowSet));
	set->step = step;
	set->writers = a->kept->writers[step->number];
	set->context = context;
	for (i = 0; i < step->npieces; i++)
		set->ngaps += step->pieces[i].column < 0;
	set->links = MemoryContextAllocZero(context,
										sizeof(uint32 *) * Max(step->nlinks, 1));
	set->integers = MemoryContextAllocZero(context,
										   sizeof(int64 *) * Max(step->nlinks, 1));
	set->maps = MemoryContextAllocZero(context,
									   sizeof(RelnavKeyMap *) * Max(step->nlinks, 1));
	for (i = 0; i < step->nlinks; i++)
		set->maps[i] = relnav_create_key_map(context, &step->links[i].key_type);
}

/*
 * Fetch the rows of a node that stands in rows of the parent, and of all
 * nodes below it.
 *
 * A repeated node is fetched again and again, for the keys that its own rows
 * have brought, as often as it is deep or until no new keys come.
 */
static void
fetch_node(RelnavAssembly *a, const RelnavTreeNode *node, RowSet *parent)
{
	RowSet	   *first = &a->sets[node->steps[0]->number];
	RowSet	   *last = get_last_set(a, node);
	int			round;
	int			i;

	for (i = 0; i < node->nsteps; i++)
	{
		RowSet	   *set = &a->sets[node->steps[i]->number];

		set->keys = i == 0 ? parent->maps[node->link]
			: a->sets[node->steps[i - 1]->number].maps[0];
	}
	last->counts = node->kind == RELNAV_NODE_COUNT && node->nsteps == 1;
	last->keeps_order = node->sorted;
	for (i = 0; i < node->nsteps; i++)
		a->sets[node->steps[i]->number].is_repeated = node->depth > 0;
	if (node->depth > 0)
		share_maps(a, node, parent);

	if (node->depth == 0)
	{
		/*
		 * Where keys are numbered in the order in which the rows are going to
		 * be written, the rows below will lie in this order, too.
		 */
		for (i = 0; i < node->nsteps; i++)
		{
			RowSet	   *set = &a->sets[node->steps[i]->number];

			fetch_step(a, set, &a->arena);
			group_rows(set);
			number_keys(set);
		}
	}
	else
	{
		for (round = 0; round <= node->depth && first->nfetched < first->keys->nkeys; round++)
		{
			for (i = 0; i < node->nsteps; i++)
			{
				RowSet	   *set = &a->sets[node->steps[i]->number];

				fetch_step(a, set, &a->arena);
				number_keys(set);
			}
		}
		for (i = 0; i < node->nsteps; i++)
			group_rows(&a->sets[node->steps[i]->number]);
	}
	fetch_children(a, node);
}

/*
 * Rows of a repeated node lead on by the same keys as those around it, and
 * are known by the same keys.
 */
static void
share_maps(RelnavAssembly *a, const RelnavTreeNode *node, RowSet *parent)
{
	RowSet	   *last = get_last_set(a, node);

	last->maps[node->self_link] = parent->maps[node->link];
	last->maps[node->self_identity] = parent->maps[node->identity];
}

static void
fetch_children(RelnavAssembly *a, const RelnavTreeNode *node)
{
	RowSet	   *set = get_last_set(a, node);
	int			i;

	for (i = 0; i < node->nchildren; i++)
		fetch_node(a, node->children[i], set);
}

/*
 * Fetch the rows of a step for the keys that have not been fetched yet.  The
 * caller is connected to SPI.
 */
static void
fetch_step(RelnavAssembly *a, RowSet *set, RelnavArena *arena)
{
	const RelnavTreeStep *step = set->step;
	uint32		first = set->nfetched;
	uint32		nkeys = set->keys->nkeys - first;
	RelnavStepPlan which;
	SPIPlanPtr	plan;
	SPIExecuteOptions options = {0};
	StepReceiver receiver = {0};
	uint32		nqueries;
	uint32		i;

	set->nfetched = set->keys->nkeys;
	if (nkeys == 0)
		return;
	which = choose_plan(step, nkeys);
	plan = relnav_get_step_plan(a->kept, step->number, which);
	if (plan == NULL)
	{
		which = nkeys > FEW_KEYS_UNPLANNED ? RELNAV_PLAN_EXACT : RELNAV_PLAN_FEW;
		plan = relnav_get_step_plan(a->kept, step->number, which);
	}
	nqueries = step->one_by_one && which != RELNAV_PLAN_SCAN ? nkeys : 1;

	receiver.pub.receiveSlot = receive_row;
	receiver.pub.rStartup = start_receiver;
	receiver.pub.rShutdown = end_receiver;
	receiver.pub.rDestroy = end_receiver;
	receiver.pub.mydest = DestTuplestore;	/* not for SPI to look at */
	receiver.a = a;
	receiver.set = set;
	receiver.arena = arena;
	receiver.by_number = step->by_number && which != RELNAV_PLAN_SCAN;
	receiver.nkeys = receiver.by_number ? 1 : step->nkeys;

	/*
	 * To look up many keys together is faster.  But of rows that nobody has
	 * asked for we would keep the text until then.
	 */
	receiver.is_late = set->keys->type->kind == RELNAV_KEY_INTEGER &&
		!receiver.by_number && !set->counts && first == 0 && !set->is_repeated &&
		nkeys > FEW_KEYS_UNPLANNED &&
		(which != RELNAV_PLAN_SCAN || nkeys > step->nreferenced / 2);
	if (receiver.is_late)
		set->found_by = MemoryContextAlloc(set->context,
										   sizeof(int64) * Max(set->capacity, 1));

	options.read_only = true;
	options.must_return_tuples = true;
	options.dest = &receiver.pub;
	for (i = 0; i < nqueries; i++)
	{
		int			result;

		receiver.first_key = first + i;
		receiver.nkeys_given = nkeys - i;
		options.params = make_params(a, set, which, first + i, nkeys - i);
		result = SPI_execute_plan_extended(plan, &options);
		if (result != SPI_OK_SELECT)
			elog(ERROR, "SPI_execute_plan_extended failed: %s",
				 SPI_result_code_string(result));
	}
	MemoryContextReset(a->row_context);

	if (receiver.is_late)
	{
		if (set->nrows > 0)
			relnav_find_integers(set->keys, set->found_by, &set->rows[0].key,
								 sizeof(Row), set->nrows);
		pfree(set->found_by);
		set->found_by = NULL;
	}
}

/* How the rows for so many keys are read best. */
static RelnavStepPlan
choose_plan(const RelnavTreeStep *step, uint32 nkeys)
{
	/* Without an index all of the table is read in any case. */
	if (step->scan_sql && !step->indexed && nkeys > FEW_KEYS_UNINDEXED)
		return RELNAV_PLAN_SCAN;

	/*
	 * Reading a whole table in a serializable transaction would make others
	 * fail that have nothing to do with our rows.
	 */
	if (step->scan_sql && nkeys > FEW_KEYS_UNPLANNED && step->nreferenced > 0 &&
		nkeys >= step->nreferenced * LARGE_PART && !IsolationIsSerializable())
		return RELNAV_PLAN_SCAN;

	if (step->one_by_one)
		return RELNAV_PLAN_FEW;
	if (!step->indexed)
		return nkeys > FEW_KEYS_UNINDEXED ? RELNAV_PLAN_EXACT : RELNAV_PLAN_FEW;
	return nkeys > FEW_KEYS ? RELNAV_PLAN_MANY : RELNAV_PLAN_FEW;
}

/* The parameters of a step's query. */
static ParamListInfo
make_params(RelnavAssembly *a, const RowSet *set, RelnavStepPlan which,
			uint32 first, uint32 nkeys)
{
	const RelnavTreeStep *step = set->step;
	int			nparams = which == RELNAV_PLAN_SCAN ? 0 : step->nkeys;
	ParamListInfo params;
	int			i;

	if (nparams + step->nvalues == 0)
		return NULL;
	params = makeParamList(nparams + step->nvalues);
	for (i = 0; i < params->numParams; i++)
	{
		ParamExternData *param = &params->params[i];

		param->pflags = PARAM_FLAG_CONST;
		if (i < nparams && step->one_by_one)
		{
			const RelnavKeyMap *keys = set->keys;

			param->ptype = step->element_types[i];
			param->value = keys->values[(Size) first * keys->type->ncolumns + i];
			param->isnull = false;
		}
		else if (i < nparams)
		{
			param->ptype = get_array_type(step->element_types[i]);
			param->value = make_key_array(step, set->keys, i, first, nkeys);
			param->isnull = false;
		}
		else
		{
			int			value = step->first_value + i - nparams;

			param->ptype = a->tree->value_types[value];
			param->value = a->spec->values.values[value];
			param->isnull = a->spec->values.nulls[value];
		}
	}
	return params;
}

/* One column of keys as an array. */
static Datum
make_key_array(const RelnavTreeStep *step, const RelnavKeyMap *keys, int column,
			   uint32 first, uint32 nkeys)
{
	Oid			type = step->element_types[column];
	Datum	   *values = MemoryContextAllocHuge(CurrentMemoryContext,
												sizeof(Datum) * (Size) nkeys);
	int16		typlen;
	bool		typbyval;
	char		typalign;
	ArrayType  *result;
	uint32		i;

	for (i = 0; i < nkeys; i++)
	{
		if (keys->type->kind != RELNAV_KEY_INTEGER)
			values[i] = keys->values[(Size) (first + i) * keys->type->ncolumns + column];
		else if (type == INT8OID)
			values[i] = Int64GetDatum(keys->integers[first + i]);
		else if (type == INT4OID)
			values[i] = Int32GetDatum((int32) keys->integers[first + i]);
		else
			values[i] = Int16GetDatum((int16) keys->integers[first + i]);
	}
	get_typlenbyvalalign(type, &typlen, &typbyval, &typalign);
	result = construct_array(values, nkeys, type, typlen, typbyval, typalign);
	pfree(values);
	return PointerGetDatum(result);
}

static void
start_receiver(DestReceiver *self, int operation, TupleDesc desc)
{
	StepReceiver *receiver = (StepReceiver *) self;

	if (receiver->set->keys->type->kind == RELNAV_KEY_INTEGER)
		receiver->integer_type = getBaseType(TupleDescAttr(desc, 0)->atttypid);
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	StepReceiver *receiver = (StepReceiver *) self;
	RelnavAssembly *a = receiver->a;
	RowSet	   *set = receiver->set;
	MemoryContext old = MemoryContextSwitchTo(a->row_context);
	uint32		key;

	slot_getallattrs(slot);
	if (receiver->is_late)
		key = slot->tts_isnull[0] ? RELNAV_NO_KEY : 0;
	else
		key = find_key_number(receiver, slot->tts_values, slot->tts_isnull);
	if (key != RELNAV_NO_KEY)
	{
		if (set->counts)
			count_row(set, key);
		else
			add_row(set, receiver->arena, key,
					slot->tts_values + receiver->nkeys,
					slot->tts_isnull + receiver->nkeys);
		if (receiver->is_late)
			set->found_by[set->nrows - 1] = get_integer(slot->tts_values[0],
														receiver->integer_type);
	}
	MemoryContextSwitchTo(old);

	if (++receiver->ngarbage >= ROWS_A_RESET ||
		(set->nrows > 0 && set->rows[set->nrows - 1].length > BYTES_A_RESET))
	{
		MemoryContextReset(a->row_context);
		receiver->ngarbage = 0;
	}
	return true;
}

static void
end_receiver(DestReceiver *self)
{
}

/* The number of the key that a row was asked for by, if it was. */
static uint32
find_key_number(const StepReceiver *receiver, const Datum *values,
				const bool *nulls)
{
	const RelnavKeyMap *keys = receiver->set->keys;
	uint32		key;
	int			i;

	if (receiver->by_number)
		return receiver->first_key + (uint32) (DatumGetInt64(values[0]) - 1);

	for (i = 0; i < receiver->nkeys; i++)
	{
		if (nulls[i])
			return RELNAV_NO_KEY;
	}
	key = keys->type->kind == RELNAV_KEY_INTEGER
		? relnav_find_integer(keys, get_integer(values[0], receiver->integer_type))
		: relnav_find_key(keys, values);

	/* The table may have been read whole. */
	return key != RELNAV_NO_KEY && key >= receiver->first_key &&
		key - receiver->first_key < receiver->nkeys_given ? key : RELNAV_NO_KEY;
}

static int64
get_integer(Datum value, Oid type)
{
	switch (type)
	{
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		default:
			return DatumGetInt64(value);
	}
}

/* Write a row and remember its keys. */
static void
add_row(RowSet *set, RelnavArena *arena, uint32 key, const Datum *values,
		const bool *nulls)
{
	Row		   *row;

	if (set->nrows == set->capacity)
		make_room(set);
	row = &set->rows[set->nrows];
	row->json = NULL;
	row->length = 0;
	row->key = key;
	if (set->step->closing)
		write_row(set, arena, row, values, nulls);
	if (set->step->nlinks > 0)
		note_keys(set, values, nulls);
	set->nrows++;
}

/* The text of a row, with gaps for its nodes. */
static void
write_row(RowSet *set, RelnavArena *arena, Row *row, const Datum *values,
		  const bool *nulls)
{
	const RelnavTreeStep *step = set->step;
	uint32	   *gap = set->gaps + (Size) set->nrows * set->ngaps;
	int			i;

	for (i = 0; i < step->npieces; i++)
	{
		const RelnavTreePiece *piece = &step->pieces[i];

		relnav_write_bytes(arena, piece->label, piece->label_length);
		if (piece->column < 0)
			*gap++ = arena->next - arena->piece;
		else if (nulls[piece->column])
			relnav_write_bytes(arena, "null", 4);
		else
			relnav_write_value(arena, &set->writers[piece->column],
							   values[piece->column]);
	}
	relnav_write_bytes(arena, step->closing, step->closing_length);
	row->json = relnav_finish_piece(arena, &row->length);
}

/* The keys of a row that lead on to others. */
static void
note_keys(RowSet *set, const Datum *values, const bool *nulls)
{
	uint32		row = set->nrows;
	int			i;
	int			k;

	for (i = 0; i < set->step->nlinks; i++)
	{
		const RelnavTreeLink *link = &set->step->links[i];
		Datum		key[INDEX_MAX_KEYS];

		set->links[i][row] = RELNAV_NO_KEY;
		for (k = 0; k < link->ncolumns; k++)
		{
			if (nulls[link->columns[k]])
				break;
			key[k] = values[link->columns[k]];
		}
		if (k < link->ncolumns)
			continue;
		if (link->key_type.kind == RELNAV_KEY_INTEGER)
		{
			set->integers[i][row] = get_integer(key[0], link->key_type.columns[0].type);
			set->links[i][row] = 0;
		}
		else
			set->links[i][row] = relnav_put_key(set->maps[i], key);
	}
}

/* Room for more rows. */
static void
make_room(RowSet *set)
{
	Size		capacity = set->capacity ? (Size) set->capacity * 2 : 16;
	int			i;

	if (set->found_by)
		set->found_by = enlarge(set->context, set->found_by,
								sizeof(int64) * capacity);
	if (capacity > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a level of the tree has too many rows")));
	set->rows = enlarge(set->context, set->rows, sizeof(Row) * capacity);
	if (set->ngaps > 0)
		set->gaps = enlarge(set->context, set->gaps,
							sizeof(uint32) * capacity * set->ngaps);
	for (i = 0; i < set->step->nlinks; i++)
	{
		set->links[i] = enlarge(set->context, set->links[i],
								sizeof(uint32) * capacity);
		if (set->step->links[i].key_type.kind == RELNAV_KEY_INTEGER)
			set->integers[i] = enlarge(set->context, set->integers[i],
									   sizeof(int64) * capacity);
	}
	set->capacity = capacity;
}

/* Memory of this size, with the contents of the old one. */
static void *
enlarge(MemoryContext context, void *old, Size size)
{
	return old ? repalloc_huge(old, size) : MemoryContextAllocHuge(context, size);
}

/* Give numbers to the integers of all rows that have come since last time. */
static void
number_keys(RowSet *set)
{
	uint32		from = set->nnumbered;
	int			i;

	for (i = 0; i < set->step->nlinks; i++)
	{
		if (set->step->links[i].key_type.kind == RELNAV_KEY_INTEGER &&
			set->nrows > from)
			relnav_number_integers(set->maps[i], set->integers[i] + from,
								   set->links[i] + from, set->nrows - from);
	}
	set->nnumbered = set->nrows;
}

/*
 * Put the rows into the order of their keys, those of one key in the order in
 * which they came: a counting sort.
 */
static void
group_rows(RowSet *set)
{
	uint32		ngroups = set->keys->nkeys;
	bool		in_order = true;
	uint32	   *to;
	uint32		sum = 0;
	uint32		i;
	int			k;

	set->ngroups = ngroups;
	if (set->counts)
		return;
	/* Rows of no key come last, where they are forgotten. */
	set->start = MemoryContextAllocExtended(set->context,
											sizeof(uint32) * ((Size) ngroups + 2),
											MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (i = 0; i < set->nrows; i++)
	{
		CHECK_FOR_INTERRUPTS();

		if (set->rows[i].key == RELNAV_NO_KEY)
			set->rows[i].key = ngroups;
		set->start[set->rows[i].key]++;
		if (i > 0 && set->rows[i].key < set->rows[i - 1].key)
			in_order = false;
	}
	for (i = 0; i <= ngroups; i++)
	{
		uint32		n = set->start[i];

		set->start[i] = sum;
		sum += n;
	}
	if (set->keeps_order)
	{
		set->arrival = MemoryContextAllocHuge(set->context, sizeof(uint32) *
											  ((Size) set->nrows + 1));
		for (i = 0; i < set->nrows; i++)
			set->arrival[i] = i;
	}
	if (in_order)
	{
		set->nrows = set->start[ngroups];
		return;
	}

	/* Where does each row go? */
	to = MemoryContextAllocHuge(set->context, sizeof(uint32) * set->nrows);
	for (i = 0; i < set->nrows; i++)
	{
		CHECK_FOR_INTERRUPTS();

		to[i] = set->start[set->rows[i].key]++;
	}
	for (i = ngroups + 1; i > 0; i--)
		set->start[i] = set->start[i - 1];
	set->start[0] = 0;

	set->rows = permute(set, set->rows, sizeof(Row), to);
	if (set->ngaps > 0)
		set->gaps = permute(set, set->gaps, sizeof(uint32) * set->ngaps, to);
	for (k = 0; k < set->step->nlinks; k++)
	{
		set->links[k] = permute(set, set->links[k], sizeof(uint32), to);
		if (set->nnumbered == 0 && set->integers[k])
			set->integers[k] = permute(set, set->integers[k], sizeof(int64), to);
	}
	if (set->keeps_order)
		set->arrival = permute(set, set->arrival, sizeof(uint32), to);
	pfree(to);
	set->nrows = set->start[ngroups];
}

/* A copy of an array with one element a row, in another order. */
static void *
permute(RowSet *set, void *array, Size size, const uint32 *to)
{
	char	   *result = MemoryContextAllocHuge(set->context, size * set->nrows);
	const char *from = array;
	uint32		i;

	/* One array takes no longer than one read from disk. */
	CHECK_FOR_INTERRUPTS();

	if (size == sizeof(uint32))
	{
		for (i = 0; i < set->nrows; i++)
			((uint32 *) result)[to[i]] = ((const uint32 *) array)[i];
	}
	else if (size == sizeof(Row))
	{
		for (i = 0; i < set->nrows; i++)
			((Row *) result)[to[i]] = ((const Row *) array)[i];
	}
	else
	{
		for (i = 0; i < set->nrows; i++)
			memcpy(result + size * to[i], from + size * i, size);
	}
	pfree(array);
	return result;
}

/* One more row of a key. */
static void
count_row(RowSet *set, uint32 key)
{
	if (set->ncounted < set->keys->nkeys)
	{
		Size		size = sizeof(uint64) * (Size) set->keys->nkeys;

		set->count = enlarge(set->context, set->count, size);
		memset(set->count + set->ncounted, 0,
			   size - sizeof(uint64) * (Size) set->ncounted);
		set->ncounted = set->keys->nkeys;
	}
	set->count[key]++;
}


/* ----- the result ---------------------------------------------------------- */

/* Begin a value of about this size. */
static void
begin_result(RelnavAssembly *a, MemoryContext context, Size size)
{
	a->capacity = Min(size + VARHDRSZ, MaxAllocSize);
	a->result = MemoryContextAlloc(context, a->capacity);
	a->length = VARHDRSZ;
}

static inline void
append(RelnavAssembly *a, const char *bytes, Size length)
{
	if (unlikely(length > a->capacity - a->length))
		enlarge_result(a, length);
	memcpy(a->result + a->length, bytes, length);
	a->length += length;
}

/* Room for so many bytes more, if a value may be as large as that. */
static void
enlarge_result(RelnavAssembly *a, Size length)
{
	Size		needed = a->length + length;

	CHECK_FOR_INTERRUPTS();

	if (needed > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the tree is too large"),
				 errdetail("Its json text would exceed %zu bytes, the largest size of a value.",
						   (Size) MaxAllocSize),
				 errhint("Use relnav.trees, which returns a value for each root, or limit the nodes.")));
	a->capacity = Min(Max(needed, 2 * a->capacity), MaxAllocSize);
	a->result = repalloc(a->result, a->capacity);
}

static Datum
end_result(RelnavAssembly *a)
{
	char	   *result = a->result;

	SET_VARSIZE(result, a->length);
	a->result = NULL;
	return PointerGetDatum(result);
}

/*
 * The text of a row and of the nodes in it.  A repeated node stands in itself
 * at depth 1 and so on; above are its rows on the way here.
 */
static void
append_row(RelnavAssembly *a, const RelnavTreeNode *node, uint32 row, int depth,
		   const Above *above)
{
	RowSet	   *set = get_last_set(a, node);
	const Row  *r = &set->rows[row];
	const uint32 *gaps = set->gaps + (Size) row * set->ngaps;
	uint32		done = 0;
	int			i;

	CHECK_FOR_INTERRUPTS();

	for (i = 0; i < node->nchildren; i++)
	{
		append(a, r->json + done, gaps[i] - done);
		done = gaps[i];
		append_node(a, node->children[i], set, row);
	}
	append(a, r->json + done, r->length - done);

	if (node->depth > 0)
	{
		if (depth < node->depth)
		{
			Above		here;

			check_stack_depth();
			here.key = set->links[node->self_identity][row];
			here.up = above;
			append(a, node->label, strlen(node->label));
			append_value(a, node, set->links[node->self_link][row], depth + 1,
						 &here);
		}
		append(a, "}", 1);
	}
}

/* A node in a row of the parent. */
static void
append_node(RelnavAssembly *a, const RelnavTreeNode *node, const RowSet *parent,
			uint32 parent_row)
{
	uint32		key = parent->links[node->link][parent_row];
	Above		here;

	if (node->depth == 0)
	{
		append_value(a, node, key, 0, NULL);
		return;
	}
	here.key = parent->links[node->identity][parent_row];
	here.up = NULL;
	append_value(a, node, key, 0, &here);
}

static void
append_value(RelnavAssembly *a, const RelnavTreeNode *node, uint32 key, int depth,
			 const Above *above)
{
	if (node->kind == RELNAV_NODE_COUNT)
		append_count(a, node, key);
	else if (node->to_many)
		append_many(a, node, key, depth, above);
	else
		append_one(a, node, key, depth, above);
}

/* A node that has one row at the most. */
static void
append_one(RelnavAssembly *a, const RelnavTreeNode *node, uint32 key, int depth,
		   const Above *above)
{
	uint32		first = 0;
	uint32		end;
	int			i;

	for (i = 0; i < node->nsteps; i++)
	{
		const RowSet *set = &a->sets[node->steps[i]->number];

		if (!get_group(set, key, &first, &end))
		{
			append(a, "null", 4);
			return;
		}
		if (end - first > 1)
			ereport(ERROR,
					(errcode(ERRCODE_CARDINALITY_VIOLATION),
					 errmsg("node \"%s\" of the tree has more than one row",
							node->name),
					 errdetail("Its relationship says that there is one at the most.")));
		if (i < node->nsteps - 1)
			key = set->links[0][first];
	}
	if (above && is_above(a, node, first, above))
		append(a, "null", 4);
	else
		append_row(a, node, first, depth, above);
}

/* A node that may have many rows. */
static void
append_many(RelnavAssembly *a, const RelnavTreeNode *node, uint32 key, int depth,
			const Above *above)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();

	append(a, "[", 1);
	if (node->distinct || node->sorted)
	{
		Size		first = a->ncollected;
		Size		i;
		bool		any = false;

		collect(a, node, 0, key);
		sort_collected(a, node, first);

		/* The rows' own nodes may collect further rows behind these. */
		for (i = first; i < a->ncollected; i++)
		{
			uint32		row = (uint32) a->collected[i];

			if (above && is_above(a, node, row, above))
				continue;
			if (any)
				append(a, ",", 1);
			append_row(a, node, row, depth, above);
			any = true;
		}
		a->ncollected = first;
	}
	else
		(void) append_group(a, node, 0, key, depth, above, false);
	append(a, "]", 1);
}

/*
 * The rows of a key, or those of the keys that they lead on to, up to the
 * last step.  Returns whether the array has elements now.
 */
static bool
append_group(RelnavAssembly *a, const RelnavTreeNode *node, int step, uint32 key,
			 int depth, const Above *above, bool any)
{
	const RowSet *set = &a->sets[node->steps[step]->number];
	uint32		first;
	uint32		end;
	uint32		row;

	if (!get_group(set, key, &first, &end))
		return any;
	for (row = first; row < end; row++)
	{
		/* Texts lie in memory in the order in which they came. */
		if (row + ROWS_AHEAD < set->nrows)
			relnav_prefetch(set->rows[row + ROWS_AHEAD].json);

		if (step < node->nsteps - 1)
		{
			any = append_group(a, node, step + 1, set->links[0][row], depth,
							   above, any);
			continue;
		}
		if (above && is_above(a, node, row, above))
			continue;
		if (any)
			append(a, ",", 1);
		append_row(a, node, row, depth, above);
		any = true;
	}
	return any;
}

/* The number of rows of a key. */
static void
append_count(RelnavAssembly *a, const RelnavTreeNode *node, uint32 key)
{
	const RowSet *set = get_last_set(a, node);
	uint64		count = 0;
	char		digits[MAXINT8LEN + 1];

	if (set->counts)
	{
		if (key < set->ncounted)
			count = set->count[key];
	}
	else
	{
		Size		first = a->ncollected;

		collect(a, node, 0, key);
		sort_collected(a, node, first);
		count = a->ncollected - first;
		a->ncollected = first;
	}
	append(a, digits, pg_lltoa(count, digits));
}

/*
 * Collect the rows that a key leads to in the end: their places, and above
 * them, in the upper half, when they came, if that counts.
 */
static void
collect(RelnavAssembly *a, const RelnavTreeNode *node, int step, uint32 key)
{
	const RowSet *set = &a->sets[node->steps[step]->number];
	uint32		first;
	uint32		end;
	uint32		row;

	CHECK_FOR_INTERRUPTS();

	if (!get_group(set, key, &first, &end))
		return;
	for (row = first; row < end; row++)
	{
		if (step < node->nsteps - 1)
		{
			collect(a, node, step + 1, set->links[0][row]);
			continue;
		}
		if (a->ncollected == a->max_collected)
		{
			a->max_collected = Max(64, 2 * a->max_collected);
			a->collected = enlarge(a->rows_context, a->collected,
								   sizeof(uint64) * a->max_collected);
		}
		a->collected[a->ncollected++] =
			(set->arrival ? (uint64) set->arrival[row] << 32 : 0) | row;
	}
}

/* Sort what was collected from there on, and take each row once. */
static void
sort_collected(RelnavAssembly *a, const RelnavTreeNode *node, Size first)
{
	Size		n = a->ncollected - first;
	uint64	   *rows = a->collected + first;
	Size		kept = 0;
	Size		i;

	if (n < 2)
		return;
	qsort(rows, n, sizeof(uint64), compare_collected);
	if (!node->distinct)
		return;
	for (i = 1; i < n; i++)
	{
		if (rows[i] != rows[kept])
			rows[++kept] = rows[i];
	}
	a->ncollected = first + kept + 1;
}

static int
compare_collected(const void *a, const void *b)
{
	uint64		left = *(const uint64 *) a;
	uint64		right = *(const uint64 *) b;

	CHECK_FOR_INTERRUPTS();

	return left < right ? -1 : left > right;
}

/* Does a row of a repeated node stand above itself? */
static bool
is_above(RelnavAssembly *a, const RelnavTreeNode *node, uint32 row,
		 const Above *above)
{
	uint32		key = get_last_set(a, node)->links[node->self_identity][row];

	for (; key != RELNAV_NO_KEY && above; above = above->up)
	{
		if (above->key == key)
			return true;
	}
	return false;
}

/* The rows of a node. */
static RowSet *
get_last_set(RelnavAssembly *a, const RelnavTreeNode *node)
{
	return &a->sets[node->steps[node->nsteps - 1]->number];
}

/* The rows of a key, if there are any. */
static inline bool
get_group(const RowSet *set, uint32 key, uint32 *first, uint32 *end)
{
	if (key >= set->ngroups || set->start == NULL)
		return false;
	*first = set->start[key];
	*end = set->start[key + 1];
	return *first < *end;
}
