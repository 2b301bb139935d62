/*-------------------------------------------------------------------------
 *
 * levelgen.c
 *	  A tree's spec as levels of rows, each with its SELECT.
 *
 * Every relationship in the spec becomes a step, or two if it leads through
 * an association table: the rows of one table that match keys of the rows one
 * comes from.  A step's query reads that one table only, for all rows of the
 * level above at once, and returns what is shown of each row and the keys
 * that lead on.  Which row belongs where is not the query's business, so a
 * row that many others refer to is read once and written once, and no join
 * can be planned badly.
 *
 * There is one exception.  Where something has to be done for each source row
 * by itself (a limit), or where keys cannot be compared here, a node is one
 * step, whose query goes the whole route in a LATERAL sub-select.
 *
 * What a spec says is checked here: columns, relationships (by resolve.c),
 * conditions (by condition.c), and what does not fit together.
 *
 * Everything is made in the current memory context, and nothing refers to a
 * cache.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "condition.h"
#include "levelgen.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "spec.h"
#include "sqlbuf.h"
#include "sqlgen.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/typcache.h"

/* Stars in stars can ask for any number of nodes. */
#define MAX_NODES 1000

/* One hop may be followed by a step, or two, so this is long enough. */
#define MAX_PATH 250

/* A step whose columns are not all known yet. */
typedef struct Pending
{
	RelnavTreeStep *step;
	RelnavLookup lookup;
	const char *alias;			/* of the table in the query */
	const RelnavRoute *route;	/* of a lateral step, else NULL */
	bool		may_scan;
} Pending;

/* What the parts of the builder share. */
typedef struct Builder
{
	const char *spec;
	RelnavTree *tree;
	List	   *pending;		/* of Pending, in the order of the steps */
	int			nnodes;
	int			maxvalues;
	RelnavTreeValues *values;
	int			segment;		/* of the path that is being resolved */
} Builder;

/* One key of the json of a node. */
typedef struct Output
{
	const char *key;
	int			at;				/* where the spec says so */
	bool		starred;		/* does it yield to another of the name? */
	AttrNumber	attnum;			/* a column, or 0 */
	Oid			type;
	RelnavSpecItem *item;		/* else */
	List	   *path;
	bool		lenient;		/* not all clauses need to fit */

	/* For settle_names(). */
	int			number;			/* its place in the spec */
	bool		yields;			/* to another one with this key */
} Output;

static RelnavTree *build_tree(Oid source, const char *spec, bool by_key,
							  RelnavTreeValues *values);
static void build_object(Builder *b, const RelnavSpecNode *spec,
						 RelnavTreeNode *node, Oid relid);
static List *make_outputs(Builder *b, const RelnavSpecNode *spec, Oid relid);
static List *add_all_columns(List *outputs, const RelnavSpecItem *item,
							 Oid relid);
static List *add_all_nodes(Builder *b, List *outputs, RelnavSpecItem *item,
						   Oid relid, bool with_columns);
static const char *find_free_name(const RelnavRelationship *r, Oid relid,
								  const RelnavListing *listing, List *outputs);
static bool is_taken(const char *name, Oid relid,
					 const RelnavListing *listing, List *outputs);
static List *settle_names(Builder *b, List *outputs);
static int	compare_keys(const void *a, const void *b);
static RelnavTreeNode *build_node(Builder *b, const Output *output,
								  RelnavTreeStep *parent, Oid relid);
static void repeat_node(RelnavTreeNode *node, const RelnavRelationship *hop,
						RelnavTreeStep *parent);
static void check_clauses(Builder *b, const Output *output,
						  const RelnavRoute *route, bool to_many);
static void check_depth(Builder *b, const Output *output,
						const RelnavRoute *route);
static void make_steps(Builder *b, RelnavTreeNode *node,
					   const RelnavRoute *route, RelnavTreeStep *parent);
static void make_hop_steps(Builder *b, RelnavTreeNode *node,
						   const RelnavRelationship *hop,
						   RelnavTreeStep **before);
static bool has_virtual_columns(Oid relid);
static void make_lookup_step(Builder *b, RelnavTreeNode *node,
							 RelnavLookup *lookup, bool indexed,
							 RelnavTreeStep **before);
static void make_lateral_step(Builder *b, RelnavTreeNode *node,
							  const RelnavRoute *route, RelnavTreeStep *parent);
static bool have_last_arrays(const RelnavRoute *route);
static bool can_compare_hops(const RelnavRoute *route);
static Pending *make_step(Builder *b, RelnavTreeNode *node, Oid relid);
static void add_clauses(Builder *b, Pending *pending,
						const RelnavSpecCondition *where,
						const RelnavSpecNode *spec, bool with_limit);
static int	add_value(Builder *b, Oid type, Datum value, bool isnull);
static void init_key_type(const RelnavLookup *lookup, RelnavKeyType *type,
						  Oid *element_types);
static bool can_compare(const RelnavLookup *lookup, int i, Oid *own_input);
static int	add_link(RelnavTreeStep *step, int ncolumns,
					 const RelnavColumn *columns, const RelnavKeyType *type,
					 bool shared);
static int	copy_link(RelnavTreeStep *step, const RelnavTreeStep *from,
					  int number);
static int	append_link(RelnavTreeStep *step, const RelnavTreeLink *link);
static int	add_column(RelnavTreeStep *step, AttrNumber attnum, Oid type);
static void add_piece(RelnavTreeStep *step, const char *label, int column);
static char *make_label(const char *key, bool first);
static void finish_step(Pending *pending);
static RelnavTreeStep *copy_step(const RelnavTreeStep *step);
static RelnavTreeNode *copy_node(const RelnavTreeNode *node,
								 RelnavTreeStep **steps);
static void copy_key_type(RelnavKeyType *type);
static void *extend_array(void *array, int n, Size size);
static void *copy_array(const void *array, int n, Size size);
static void append_shape(StringInfo buf, const RelnavTree *tree);
static void append_link_shape(StringInfo buf, const RelnavTreeLink *link);
static void append_node_shape(StringInfo buf, const RelnavTreeNode *node);
static RelnavRoute *get_route(Builder *b, Oid source, const Output *output);
static void add_place(const char *spec, int at, MemoryContext context);
static AttrNumber get_column(Builder *b, Oid relid, const char *name, int at,
							 Oid *type);
static const char *mark(Builder *b, int at);

/*
 * Build the tree that a spec describes, for rows of the source.
 *
 * by_key says that the source's rows are found by their keys, else they are
 * given.  *values is set to the values of the spec.  Locks all relations of
 * the tree like a SELECT.  Raises an error if anything in the spec means
 * nothing.
 */
RelnavTree *
relnav_build_tree(Oid source, const char *spec, bool by_key,
				  RelnavTreeValues *values)
{
	RelnavTree *tree;
	uint64		generation;
	int			attempt = 0;

	/*
	 * Locks bring messages of what others have changed.  If that concerns the
	 * names and keys that we have read meanwhile, we read again.
	 */
	do
	{
		CHECK_FOR_INTERRUPTS();

		generation = relnav_get_graph_generation();
		tree = build_tree(source, spec, by_key, values);
	} while (generation != relnav_get_graph_generation() &&
			 ++attempt < RELNAV_MAX_ATTEMPTS);
	tree->generation = generation;
	return tree;
}

static RelnavTree *
build_tree(Oid source, const char *spec, bool by_key, RelnavTreeValues *values)
{
	RelnavSpecNode *parsed = relnav_parse_spec(spec);
	Builder		b = {0};
	Pending    *pending;
	StringInfoData shape;
	ListCell   *lc;

	b.spec = spec;
	b.values = values;
	b.tree = palloc0(sizeof(RelnavTree));
	values->values = NULL;
	values->nulls = NULL;

	LockRelationOid(source, AccessShareLock);
	b.tree->source = source;
	b.tree->source_name = relnav_get_source(source)->name;
	b.tree->relids = list_make1_oid(source);
	b.tree->root = palloc0(sizeof(RelnavTreeNode));
	b.tree->values_last = true;

	pending = make_step(&b, b.tree->root, source);
	if (by_key)
	{
		RelnavLookup *lookup = &pending->lookup;

		b.tree->key = relnav_get_key(source);
		lookup->rel = relnav_get_source(source);
		lookup->nkeys = b.tree->key->nkeys;
		lookup->own_cols = lookup->match_cols = b.tree->key->columns;
		lookup->eqop = b.tree->key->eqop;
		pending->step->element_types = palloc(sizeof(Oid) * lookup->nkeys);
		init_key_type(lookup, &b.tree->key_type, pending->step->element_types);
		pending->step->nkeys = lookup->nkeys;
		lookup->by_number = b.tree->key_type.kind == RELNAV_KEY_UNCOMPARED;
		pending->step->indexed = true;
		pending->step->nreferenced = -1;
	}
	build_object(&b, parsed, b.tree->root, source);

	/* Now it is known which columns each step must return. */
	b.tree->steps = palloc(sizeof(RelnavTreeStep *) * b.tree->nsteps);
	foreach(lc, b.pending)
	{
		finish_step(lfirst(lc));
		b.tree->steps[foreach_current_index(lc)] = ((Pending *) lfirst(lc))->step;
	}

	initStringInfo(&shape);
	append_shape(&shape, b.tree);
	b.tree->shape = shape.data;
	return b.tree;
}

/*
 * Build what a node shows of each row of its last step, and the nodes in it.
 */
static void
build_object(Builder *b, const RelnavSpecNode *spec, RelnavTreeNode *node,
			 Oid relid)
{
	RelnavTreeStep *step = node->steps[node->nsteps - 1];
	List	   *outputs;
	bool		first = true;
	ListCell   *lc;

	check_stack_depth();

	outputs = make_outputs(b, spec, relid);
	if (node->depth > 0)
	{
		/* It stands in itself under its own name. */
		foreach(lc, outputs)
		{
			Output	   *output = lfirst(lc);

			if (strcmp(output->key, node->name) != 0)
				continue;
			if (!output->starred)
				ereport(ERROR,
						(errcode(ERRCODE_DUPLICATE_ALIAS),
						 errmsg("key \"%s\" stands in the tree twice in one object",
								output->key),
						 errdetail("It is the key of the repeated node itself.\n%s",
								   mark(b, output->at)),
						 errhint("Write another key before it, as in other: %s.",
								 output->key)));
			outputs = foreach_delete_current(outputs, lc);
		}
	}

	node->children = palloc(sizeof(RelnavTreeNode *) * Max(list_length(outputs), 1));
	foreach(lc, outputs)
	{
		Output	   *output = lfirst(lc);
		char	   *label = make_label(output->key, first);

		if (output->attnum != 0)
			add_piece(step, label, add_column(step, output->attnum, output->type));
		else
		{
			add_piece(step, label, -1);
			node->children[node->nchildren++] = build_node(b, output, step, relid);
		}
		first = false;
	}
	if (node->depth > 0)
	{
		step->closing = first ? "{" : "";
		node->label = make_label(node->name, first) + (first ? 1 : 0);
	}
	else
		step->closing = first ? "{}" : "}";
}

/* The keys of an object, in their order. */
static List *
make_outputs(Builder *b, const RelnavSpecNode *spec, Oid relid)
{
	List	   *outputs = NIL;
	bool		with_columns = false;
	ListCell   *lc;

	foreach(lc, spec->items)
	{
		if (((RelnavSpecItem *) lfirst(lc))->kind == RELNAV_ITEM_ALL_COLUMNS)
			with_columns = true;
	}
	foreach(lc, spec->items)
	{
		RelnavSpecItem *item = lfirst(lc);
		Output	   *output;

		if (item->kind == RELNAV_ITEM_ALL_COLUMNS)
		{
			outputs = add_all_columns(outputs, item, relid);
			continue;
		}
		if (item->kind == RELNAV_ITEM_ALL_NODES)
		{
			outputs = add_all_nodes(b, outputs, item, relid, with_columns);
			continue;
		}

		output = palloc0(sizeof(Output));
		output->key = item->key;
		output->at = item->at;
		if (item->kind == RELNAV_ITEM_COLUMN && item->path == NIL)
			output->attnum = get_column(b, relid, item->column, item->column_at,
										&output->type);
		else
		{
			output->item = item;
			output->path = item->path;
		}
		outputs = lappend(outputs, output);
	}
	return settle_names(b, outputs);
}

/* All columns of a table. */
static List *
add_all_columns(List *outputs, const RelnavSpecItem *item, Oid relid)
{
	Relation	rel = table_open(relid, NoLock);
	TupleDesc	desc = RelationGetDescr(rel);
	int			i;

	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		Output	   *output;

		if (att->attisdropped)
			continue;
		output = palloc0(sizeof(Output));
		output->key = pstrdup(NameStr(att->attname));
		output->at = item->at;
		output->starred = true;
		output->attnum = att->attnum;
		output->type = att->atttypid;
		outputs = lappend(outputs, output);
	}
	table_close(rel, NoLock);
	return outputs;
}

/*
 * All relationships of a table by their listed names, but repeating ones.
 *
 * with_columns says that all columns of the table stand beside them.
 */
static List *
add_all_nodes(Builder *b, List *outputs, RelnavSpecItem *item, Oid relid,
			  bool with_columns)
{
	const RelnavListing *listing = relnav_find_listing(relid);
	int			i;

	if (item->node->depth > 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("all relationships cannot be repeated"),
				 errdetail("In the spec:\n%s", mark(b, item->node->depth_at)),
				 errhint("Write \"depth\" where a relationship is named.")));

	for (i = 0; listing && i < listing->nrelationships; i++)
	{
		const RelnavRelationship *r = listing->relationships[i].relationship;
		Output	   *output;

		if (r->repeats || r->near->temporal)
			continue;
		output = palloc0(sizeof(Output));
		output->key = pstrdup(find_free_name(r, with_columns ? relid : InvalidOid,
											 listing, outputs));
		output->at = item->at;
		output->starred = true;
		output->item = item;
		output->path = list_make1(pstrdup(r->name));
		output->lenient = true;
		outputs = lappend(outputs, output);
	}
	return outputs;
}

/*
 * A relationship's name that no column of the table has: the listed one if it
 * can be, else the full one, else its constraint's, with a number if that is
 * taken, too.  Without a table, all are free.
 */
static const char *
find_free_name(const RelnavRelationship *r, Oid relid,
			   const RelnavListing *listing, List *outputs)
{
	const char *name;
	int			number = 1;
	const char *names[] = {r->name, r->full_name};
	int			i;

	for (i = 0; i < (int) lengthof(names); i++)
	{
		if (!OidIsValid(relid) ||
			get_attnum(relid, names[i]) == InvalidAttrNumber)
			return names[i];
	}
	for (name = r->near->name; is_taken(name, relid, listing, outputs);
		 name = psprintf("%s_%d", r->near->name, ++number))
		CHECK_FOR_INTERRUPTS();
	return name;
}

/* Is this the name of a column, of a relationship or of an item? */
static bool
is_taken(const char *name, Oid relid, const RelnavListing *listing,
		 List *outputs)
{
	ListCell   *lc;
	int			i;

	if (get_attnum(relid, name) != InvalidAttrNumber)
		return true;
	for (i = 0; i < listing->nrelationships; i++)
	{
		if (strcmp(listing->relationships[i].relationship->name, name) == 0)
			return true;
	}
	foreach(lc, outputs)
	{
		if (strcmp(((Output *) lfirst(lc))->key, name) == 0)
			return true;
	}
	return false;
}

/*
 * Each key stands once.  What comes from a star yields; of two others we
 * cannot choose one.
 */
static List *
settle_names(Builder *b, List *outputs)
{
	int			n = list_length(outputs);
	Output	  **sorted = palloc(sizeof(Output *) * Max(n, 1));
	const Output *twice = NULL;
	List	   *result = NIL;
	ListCell   *lc;
	int			first,
				i;

	/*
	 * There can be as many as fit into the text, so equal ones are brought
	 * together.
	 */
	foreach(lc, outputs)
	{
		i = foreach_current_index(lc);
		sorted[i] = lfirst(lc);
		sorted[i]->number = i;
	}
	qsort(sorted, n, sizeof(Output *), compare_keys);
	for (first = 0; first < n; first = i)
	{
		bool		starred = false;
		bool		named = false;

		CHECK_FOR_INTERRUPTS();

		for (i = first; i < n && strcmp(sorted[i]->key, sorted[first]->key) == 0; i++)
		{
			bool	   *seen = sorted[i]->starred ? &starred : &named;

			if (*seen && (twice == NULL || sorted[i]->number < twice->number))
				twice = sorted[i];
			*seen = true;
		}
		for (; first < i; first++)
			sorted[first]->yields = sorted[first]->starred && named;
	}
	pfree(sorted);

	if (twice)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_ALIAS),
				 errmsg("key \"%s\" stands in the tree twice in one object",
						twice->key),
				 errdetail("In the spec:\n%s", mark(b, twice->at)),
				 errhint("Write another key before one of them, as in other: %s.",
						 twice->key)));

	foreach(lc, outputs)
	{
		if (!((Output *) lfirst(lc))->yields)
			result = lappend(result, lfirst(lc));
	}
	return result;
}

/* By their keys, those of one key in the order of the spec. */
static int
compare_keys(const void *a, const void *b)
{
	const Output *left = *(const Output *const *) a;
	const Output *right = *(const Output *const *) b;
	int			result = strcmp(left->key, right->key);

	return result != 0 ? result : left->number - right->number;
}

/*
 * Build a node in rows of the parent step, whose table is relid.
 */
static RelnavTreeNode *
build_node(Builder *b, const Output *output, RelnavTreeStep *parent, Oid relid)
{
	static const RelnavSpecNode no_clauses = {.limit = -1};
	const RelnavSpecItem *item = output->item;
	const RelnavSpecNode *spec = item->node ? item->node : &no_clauses;
	const RelnavSpecCondition *where = item->kind == RELNAV_ITEM_COUNT
		? &item->where : &spec->where;
	RelnavTreeNode *node = palloc0(sizeof(RelnavTreeNode));
	RelnavRoute *route;
	bool		is_lateral;
	bool		clauses;
	ListCell   *lc;

	CHECK_FOR_INTERRUPTS();

	if (++b->nnodes > MAX_NODES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the tree spec has more than %d nodes", MAX_NODES),
				 errdetail("In the spec:\n%s", mark(b, output->at)),
				 errhint("Name the relationships that you want instead of writing *(...).")));

	route = get_route(b, relid, output);
	node->name = output->key;
	foreach(lc, route->hops)
		node->to_many |= relnav_is_to_many(lfirst(lc));
	check_clauses(b, output, route, node->to_many);
	if (spec->depth > 0)
	{
		check_depth(b, output, route);
		node->depth = spec->depth - 1;
	}

	clauses = node->to_many || !output->lenient;
	is_lateral = clauses && (spec->limit >= 0 || spec->offset > 0);
	if (spec->order_by != NIL &&
		((spec->depth > 0 && ((RelnavRelationship *) linitial(route->hops))->far) ||
		 !have_last_arrays(route)))
		is_lateral = true;		/* else its rows come in several portions */
	if (!route->plain && !can_compare_hops(route))
		is_lateral = true;

	if (is_lateral)
		make_lateral_step(b, node, route, parent);
	else
		make_steps(b, node, route, parent);
	node->distinct = !is_lateral && !route->plain;
	node->sorted = clauses && spec->order_by != NIL && node->nsteps > 1;
	add_clauses(b, llast(b->pending), where, clauses ? spec : &no_clauses, is_lateral);

	switch (item->kind)
	{
		case RELNAV_ITEM_COLUMN:
			{
				RelnavTreeStep *step = node->steps[node->nsteps - 1];
				Oid			type;
				AttrNumber	attnum = get_column(b, route->target->relid,
												item->column, item->column_at, &type);

				node->kind = RELNAV_NODE_VALUE;
				add_piece(step, "", add_column(step, attnum, type));
				step->closing = "";
				break;
			}

		case RELNAV_ITEM_COUNT:
			node->kind = RELNAV_NODE_COUNT;
			break;

		default:
			node->kind = RELNAV_NODE_OBJECT;
			build_object(b, spec, node, route->target->relid);
			if (node->depth > 0)
				repeat_node(node, linitial(route->hops), parent);
			break;
	}
	return node;
}

/*
 * Let a node lead on to itself, from its own rows as from the parent's.
 *
 * A row is known by the columns that the foreign key references.  Downwards,
 * and through an association, these are what leads on.
 */
static void
repeat_node(RelnavTreeNode *node, const RelnavRelationship *hop,
			RelnavTreeStep *parent)
{
	RelnavTreeStep *step = node->steps[node->nsteps - 1];

	node->self_link = copy_link(step, parent, node->link);
	node->identity = node->link;
	node->self_identity = node->self_link;
	if (hop->direction == RELNAV_FORWARDS)
	{
		RelnavLookup lookup = {0};
		RelnavKeyType type;
		Oid			types[INDEX_MAX_KEYS];

		lookup.nkeys = hop->near->nkeys;
		lookup.own_cols = lookup.match_cols = hop->near_cols;
		lookup.eqop = hop->near->pp_eqop;
		init_key_type(&lookup, &type, types);
		node->identity = add_link(parent, lookup.nkeys, hop->near_cols, &type,
								  false);
		node->self_identity = copy_link(step, parent, node->identity);
	}
}

/* What does not fit to where the node leads? */
static void
check_clauses(Builder *b, const Output *output, const RelnavRoute *route,
			  bool to_many)
{
	const RelnavSpecItem *item = output->item;
	const char *clause = NULL;
	int			at = 0;
	ListCell   *lc;

	if (list_length(route->hops) > MAX_PATH)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("path has %d relationships, more than %d",
						list_length(route->hops), MAX_PATH),
				 errdetail("In the spec:\n%s", mark(b, output->at))));

	foreach(lc, route->hops)
	{
		const RelnavRelationship *hop = lfirst(lc);

		if (hop->near->temporal || (hop->far && hop->far->temporal))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("relationship \"%s\" is temporal, which trees do not follow",
							hop->name),
					 errdetail("In the spec:\n%s", mark(b, output->at)),
					 errhint("Use relnav.related in FROM.")));
	}

	if (item->kind == RELNAV_ITEM_COLUMN && to_many)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" would have many values", item->column),
				 errdetail("The relationships before it lead to many rows.\n%s",
						   mark(b, output->at)),
				 errhint("Write the column in parentheses, as in tags(name).")));

	if (item->node == NULL || to_many || output->lenient)
		return;
	if (item->node->limit >= 0)
	{
		clause = "limit";
		at = item->node->limit_at;
	}
	else if (item->node->offset > 0)
	{
		clause = "offset";
		at = item->node->offset_at;
	}
	else if (item->node->order_by != NIL)
	{
		clause = "order by";
		at = ((RelnavSpecOrder *) linitial(item->node->order_by))->at;
	}
	if (clause)
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("\"%s\" makes no sense where there is at most one row", clause),
				 errdetail("Relationship \"%s\" leads to one row.\n%s",
						   output->key, mark(b, at))));
}

/* Can the node stand in itself? */
static void
check_depth(Builder *b, const Output *output, const RelnavRoute *route)
{
	const RelnavRelationship *hop = linitial(route->hops);
	const RelnavSpecItem *item = output->item;

	if (list_length(route->hops) != 1 ||
		hop->target->relid != hop->source->relid)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("node \"%s\" cannot be repeated", output->key),
				 errdetail("It does not lead from table \"%s\" to the same table by one relationship.\n%s",
						   hop->source->name, mark(b, item->node->depth_at)),
				 list_length(route->hops) == 1 && relnav_is_view(hop->target)
				 ? errhint("Begin with the rows of view \"%s\".", hop->target->name) : 0));
	if (!can_compare_hops(route))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("node \"%s\" cannot be repeated", output->key),
				 errdetail("The type of its key has no hash function.\n%s",
						   mark(b, item->node->depth_at))));
}

/* A step, or two, for each hop of a route. */
static void
make_steps(Builder *b, RelnavTreeNode *node, const RelnavRoute *route,
		   RelnavTreeStep *parent)
{
	RelnavTreeStep *before = parent;
	ListCell   *lc;

	b->tree->relids = list_concat_unique_oid(b->tree->relids, route->relids);
	foreach(lc, route->hops)
		make_hop_steps(b, node, lfirst(lc), &before);
}

/*
 * The steps of one hop.  *before is the step whose rows it goes from, and
 * becomes the one it leads to.
 */
static void
make_hop_steps(Builder *b, RelnavTreeNode *node, const RelnavRelationship *hop,
			   RelnavTreeStep **before)
{
	RelnavLookup lookup = {0};

	lookup.fk = hop->near;
	lookup.nkeys = hop->near->nkeys;
	lookup.own_cols = hop->source_cols;
	lookup.match_cols = hop->near_cols;
	lookup.forwards = hop->direction == RELNAV_FORWARDS;
	lookup.rel = hop->far ? relnav_get_association(hop) : hop->target;
	make_lookup_step(b, node, &lookup, hop->indexed, before);

	if (hop->far)
	{
		memset(&lookup, 0, sizeof(lookup));
		lookup.fk = hop->far;
		lookup.nkeys = hop->far->nkeys;
		lookup.own_cols = hop->far_cols;
		lookup.match_cols = hop->target_cols;
		lookup.forwards = true;
		lookup.rel = hop->target;
		make_lookup_step(b, node, &lookup, true, before);
	}
}

/* Are there columns that are computed when they are read? */
static bool
has_virtual_columns(Oid relid)
{
	Relation	rel = table_open(relid, NoLock);
	TupleDesc	desc = RelationGetDescr(rel);
	bool		result = false;
	int			i;

	for (i = 0; i < desc->natts; i++)
		result |= TupleDescAttr(desc, i)->attgenerated == ATTRIBUTE_GENERATED_VIRTUAL;
	table_close(rel, NoLock);
	return result;
}

static void
make_lookup_step(Builder *b, RelnavTreeNode *node, RelnavLookup *lookup,
				 bool indexed, RelnavTreeStep **before)
{
	Pending    *pending = make_step(b, node, lookup->rel->relid);
	RelnavTreeStep *step = pending->step;
	RelnavKeyType type;
	int			link;

	step->nkeys = lookup->nkeys;
	step->element_types = palloc(sizeof(Oid) * lookup->nkeys);
	init_key_type(lookup, &type, step->element_types);
	link = add_link(*before, lookup->nkeys, lookup->own_cols, &type,
					node->depth == 0);
	if (node->nsteps == 1)
		node->link = link;
	step->indexed = indexed;
	step->nreferenced = relnav_get_row_count(lookup->fk->pk_rel->relid);

	lookup->by_number = type.kind == RELNAV_KEY_UNCOMPARED;
	pending->lookup = *lookup;

	/*
	 * Rows that nobody asked for are not to fail: those of a view can, or
	 * cost anything, and so can virtual columns.
	 */
	pending->may_scan = !lookup->by_number && !lookup->rel->row_security &&
		lookup->rel->relkind != RELKIND_FOREIGN_TABLE &&
		lookup->rel->relkind != RELKIND_VIEW &&
		!has_virtual_columns(lookup->rel->relid);

	*before = step;
}

/* One step for a whole route. */
static void
make_lateral_step(Builder *b, RelnavTreeNode *node, const RelnavRoute *route,
				  RelnavTreeStep *parent)
{
	const RelnavRelationship *hop = linitial(route->hops);
	Pending    *pending = make_step(b, node, route->target->relid);
	RelnavTreeStep *step = pending->step;
	RelnavLookup lookup = {0};
	RelnavKeyType type;
	RelnavColumn *columns = palloc(sizeof(RelnavColumn) * hop->near->nkeys);
	int			nkeys;
	AttrNumber	attnums[INDEX_MAX_KEYS];
	int			i;

	b->tree->relids = list_concat_unique_oid(b->tree->relids, route->relids);
	pending->route = route;
	pending->alias = psprintf("h%d", list_length(route->hops));

	/* The columns that it takes, each once. */
	lookup.fk = hop->near;
	lookup.nkeys = hop->near->nkeys;
	lookup.own_cols = hop->source_cols;
	lookup.match_cols = hop->near_cols;
	lookup.forwards = hop->direction == RELNAV_FORWARDS;
	step->element_types = palloc(sizeof(Oid) * lookup.nkeys);
	init_key_type(&lookup, &type, step->element_types);
	(void) relnav_generate_lateral(route, "1", NULL, NULL, &nkeys, attnums);

	/*
	 * A column that stands twice is compared in two ways.  If these differ,
	 * keys that are equal in the one need not be in the other.
	 */
	for (i = 0; i < hop->near->nkeys; i++)
	{
		int			k = 0;

		while (hop->source_cols[k].attnum != hop->source_cols[i].attnum)
			k++;
		if (type.columns[k].collation != type.columns[i].collation ||
			type.columns[k].equal != type.columns[i].equal)
			type.kind = RELNAV_KEY_UNCOMPARED;
	}
	for (i = 0; i < nkeys; i++)
	{
		int			k = 0;

		while (hop->source_cols[k].attnum != attnums[i])
			k++;
		columns[i] = hop->source_cols[k];
		step->element_types[i] = getBaseType(columns[i].type);
		if (k != i)
			type.columns[i] = type.columns[k];
	}
	type.ncolumns = nkeys;
	step->nkeys = nkeys;
	step->by_number = true;
	step->indexed = hop->indexed;
	step->nreferenced = -1;
	node->link = add_link(parent, nkeys, columns, &type, node->depth == 0);
}

/* Can the keys for the last step of a route be given as arrays? */
static bool
have_last_arrays(const RelnavRoute *route)
{
	const RelnavRelationship *hop = llast(route->hops);
	const RelnavForeignKey *key = hop->far ? hop->far : hop->near;
	const RelnavColumn *columns = hop->far ? hop->far_cols : hop->source_cols;
	int			i;

	for (i = 0; i < key->nkeys; i++)
	{
		if (!OidIsValid(get_array_type(getBaseType(columns[i].type))))
			return false;
	}
	return true;
}

/* Are all keys of a route such that we can compare them ourselves? */
static bool
can_compare_hops(const RelnavRoute *route)
{
	ListCell   *lc;

	foreach(lc, route->hops)
	{
		const RelnavRelationship *hop = lfirst(lc);
		RelnavLookup lookup = {0};
		Oid			input;
		int			i;

		lookup.fk = hop->near;
		lookup.own_cols = hop->source_cols;
		lookup.match_cols = hop->near_cols;
		lookup.forwards = hop->direction == RELNAV_FORWARDS;
		for (i = 0; i < hop->near->nkeys; i++)
		{
			if (!can_compare(&lookup, i, &input))
				return false;
		}
		if (hop->far == NULL)
			continue;
		lookup.fk = hop->far;
		lookup.own_cols = hop->far_cols;
		lookup.match_cols = hop->target_cols;
		lookup.forwards = true;
		for (i = 0; i < hop->far->nkeys; i++)
		{
			if (!can_compare(&lookup, i, &input))
				return false;
		}
	}
	return true;
}

/* One more step at the end of a node. */
static Pending *
make_step(Builder *b, RelnavTreeNode *node, Oid relid)
{
	Pending    *pending = palloc0(sizeof(Pending));
	RelnavTreeStep *step = palloc0(sizeof(RelnavTreeStep));

	step->number = b->tree->nsteps++;
	step->relid = relid;
	step->first_value = b->tree->nvalues;
	pending->step = step;
	pending->alias = "h1";
	b->pending = lappend(b->pending, pending);

	node->steps = extend_array(node->steps, node->nsteps, sizeof(RelnavTreeStep *));
	node->steps[node->nsteps++] = step;
	return pending;
}

/*
 * The clauses of a node go into the query of its last step.  Their values
 * become parameters after those for the keys.
 */
static void
add_clauses(Builder *b, Pending *pending, const RelnavSpecCondition *where,
			const RelnavSpecNode *spec, bool with_limit)
{
	RelnavTreeStep *step = pending->step;
	StringInfoData tail;
	ListCell   *lc;
	int			i;

	step->first_value = b->tree->nvalues;
	if (where->length > 0)
	{
		RelnavCondition *condition =
			relnav_get_condition(b->spec, where, step->relid, pending->alias,
								 step->nkeys + 1);

		pending->lookup.condition = condition->sql;
		for (i = 0; i < condition->nparams; i++)
		{
			add_value(b, condition->types[i], condition->values[i],
					  condition->nulls[i]);
			if (!condition->is_lasting)
				b->tree->values_last = false;
		}

		/* It may fail for rows that nobody has asked for. */
		pending->may_scan = false;
	}

	initStringInfo(&tail);
	foreach(lc, spec->order_by)
	{
		RelnavSpecOrder *key = lfirst(lc);
		Oid			type;
		AttrNumber	attnum = get_column(b, step->relid, key->column, key->at, &type);

		if (!OidIsValid(lookup_type_cache(type, TYPECACHE_LT_OPR)->lt_opr))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_FUNCTION),
					 errmsg("could not identify an ordering operator for type %s",
							format_type_be(type)),
					 errdetail("In the spec:\n%s", mark(b, key->at))));
		appendStringInfoString(&tail, tail.len ? ", " : "\nORDER BY ");
		relnav_append_column(&tail, pending->alias,
							 get_attname(step->relid, attnum, false));
		appendStringInfo(&tail, " %s NULLS %s", key->descending ? "DESC" : "ASC",
						 key->nulls_first ? "FIRST" : "LAST");
	}
	if (with_limit && spec->limit >= 0)
		appendStringInfo(&tail, "\nLIMIT $%d",
						 step->nkeys + 1 - step->first_value +
						 add_value(b, INT8OID, Int64GetDatum(spec->limit), false));
	if (with_limit && spec->offset > 0)
		appendStringInfo(&tail, "\nOFFSET $%d",
						 step->nkeys + 1 - step->first_value +
						 add_value(b, INT8OID, Int64GetDatum(spec->offset), false));
	if (tail.len > 0)
		pending->lookup.tail = tail.data;
	step->nvalues = b->tree->nvalues - step->first_value;
}

/* One more value of the tree.  Returns its number, from 0. */
static int
add_value(Builder *b, Oid type, Datum value, bool isnull)
{
	int			n = b->tree->nvalues;

	if (n == b->maxvalues)
	{
		b->maxvalues = Max(16, 2 * n);
		if (n == 0)
		{
			b->tree->value_types = palloc(sizeof(Oid) * b->maxvalues);
			b->values->values = palloc(sizeof(Datum) * b->maxvalues);
			b->values->nulls = palloc(sizeof(bool) * b->maxvalues);
		}
		else
		{
			b->tree->value_types = repalloc(b->tree->value_types,
											sizeof(Oid) * b->maxvalues);
			b->values->values = repalloc(b->values->values,
										 sizeof(Datum) * b->maxvalues);
			b->values->nulls = repalloc(b->values->nulls,
										sizeof(bool) * b->maxvalues);
		}
	}
	b->tree->value_types[n] = type;
	b->values->values[n] = value;
	b->values->nulls[n] = isnull;
	b->tree->nvalues++;
	return n;
}

/*
 * How the keys of a lookup are compared, and of which types their arrays are.
 */
static void
init_key_type(const RelnavLookup *lookup, RelnavKeyType *type,
			  Oid *element_types)
{
	bool		other_is_left = lookup->fk && lookup->forwards;
	int			i;

	type->ncolumns = lookup->nkeys;
	type->columns = palloc0(sizeof(RelnavKeyColumn) * lookup->nkeys);
	type->kind = RELNAV_KEY_DISTINCT;
	for (i = 0; i < lookup->nkeys; i++)
	{
		Oid			operator = lookup->fk ? lookup->fk->pf_eqop[i] : lookup->eqop[i];
		const RelnavColumn *own = &lookup->own_cols[i];
		const RelnavColumn *match = &lookup->match_cols[i];
		RelnavKeyColumn *column = &type->columns[i];
		RegProcedure left_hash;
		RegProcedure right_hash;
		Oid			left_equal;
		Oid			right_equal;
		Oid			input;

		column->type = getBaseType(own->type);
		if (!can_compare(lookup, i, &input))
		{
			type->kind = RELNAV_KEY_UNCOMPARED;
			element_types[i] = column->type;
			continue;
		}
		element_types[i] = IsPolymorphicType(input) || input == RECORDOID
			? column->type : input;

		(void) get_op_hash_functions(operator, &left_hash, &right_hash);
		(void) get_compatible_hash_operators(operator, &left_equal, &right_equal);
		column->collation = lookup->forwards || !lookup->fk
			? match->collation : own->collation;
		column->hash = other_is_left ? right_hash : left_hash;
		column->other_hash = other_is_left ? left_hash : right_hash;
		column->equal = other_is_left ? right_equal : left_equal;
		column->other_equal = operator;
		column->other_is_left = other_is_left;

		if (lookup->nkeys == 1 && type->kind == RELNAV_KEY_DISTINCT &&
			op_in_opfamily(operator, INTEGER_BTREE_FAM_OID))
			type->kind = RELNAV_KEY_INTEGER;
	}
}

/*
 * Can we compare a column of the keys with the one that matches it?
 *
 * Not if a value would have to be cast, or the operator has no hash function;
 * nor if one for all arrays, rows or ranges finds none for what is in these.
 * *own_input is set to the type that the operator takes on the keys' side.
 */
static bool
can_compare(const RelnavLookup *lookup, int i, Oid *own_input)
{
	Oid			operator = lookup->fk ? lookup->fk->pf_eqop[i] : lookup->eqop[i];
	Oid			own = getBaseType(lookup->own_cols[i].type);
	Oid			match = getBaseType(lookup->match_cols[i].type);
	Oid			left;
	Oid			right;
	Oid			match_input;
	Oid			equal;
	RegProcedure hash;

	op_input_types(operator, &left, &right);
	*own_input = lookup->fk && !lookup->forwards ? left : right;
	match_input = lookup->fk && !lookup->forwards ? right : left;

	if ((IsPolymorphicType(*own_input) || *own_input == RECORDOID) &&
		!OidIsValid(lookup_type_cache(own, TYPECACHE_HASH_PROC)->hash_proc))
		return false;

	return IsBinaryCoercible(own, *own_input) &&
		IsBinaryCoercible(match, match_input) &&
		get_op_hash_functions(operator, &hash, &hash) &&
		get_compatible_hash_operators(operator, &equal, &equal);
}

/*
 * The number of a link of these columns, which are of the step's table.  One
 * of integers can serve many nodes, if none of them is repeated.
 */
static int
add_link(RelnavTreeStep *step, int ncolumns, const RelnavColumn *columns,
		 const RelnavKeyType *type, bool shared)
{
	RelnavTreeLink link;
	int			i;

	link.ncolumns = ncolumns;
	link.columns = palloc(sizeof(int) * ncolumns);
	link.key_type = *type;
	link.shared = shared && type->kind == RELNAV_KEY_INTEGER;
	for (i = 0; i < ncolumns; i++)
		link.columns[i] = add_column(step, columns[i].attnum, columns[i].type);

	for (i = 0; link.shared && i < step->nlinks; i++)
	{
		if (step->links[i].shared && step->links[i].columns[0] == link.columns[0])
			return i;
	}
	return append_link(step, &link);
}

/* The same link as a step of the same table has. */
static int
copy_link(RelnavTreeStep *step, const RelnavTreeStep *from, int number)
{
	RelnavTreeLink link = from->links[number];
	int			i;

	link.columns = palloc(sizeof(int) * link.ncolumns);
	for (i = 0; i < link.ncolumns; i++)
	{
		const RelnavTreeColumn *column = &from->columns[from->links[number].columns[i]];

		link.columns[i] = add_column(step, column->attnum, column->type);
	}
	return append_link(step, &link);
}

static int
append_link(RelnavTreeStep *step, const RelnavTreeLink *link)
{
	step->links = extend_array(step->links, step->nlinks, sizeof(RelnavTreeLink));
	step->links[step->nlinks] = *link;
	return step->nlinks++;
}

/* The place of a column in a step's result. */
static int
add_column(RelnavTreeStep *step, AttrNumber attnum, Oid type)
{
	int			i;

	for (i = 0; i < step->ncolumns; i++)
	{
		if (step->columns[i].attnum == attnum)
			return i;
	}
	step->columns = extend_array(step->columns, step->ncolumns, sizeof(RelnavTreeColumn));
	step->columns[step->ncolumns].attnum = attnum;
	step->columns[step->ncolumns].type = type;
	return step->ncolumns++;
}

static void
add_piece(RelnavTreeStep *step, const char *label, int column)
{
	RelnavTreePiece *piece;

	step->pieces = extend_array(step->pieces, step->npieces, sizeof(RelnavTreePiece));
	piece = &step->pieces[step->npieces++];
	piece->label = label;
	piece->label_length = strlen(label);
	piece->column = column;
}

/* What stands before a value: {"key": or ,"key": */
static char *
make_label(const char *key, bool first)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, first ? '{' : ',');
	escape_json(&buf, key);
	appendStringInfoChar(&buf, ':');
	return buf.data;
}

/* Generate a step's queries: its columns are known. */
static void
finish_step(Pending *pending)
{
	RelnavTreeStep *step = pending->step;
	RelnavLookup *lookup = &pending->lookup;
	StringInfoData list;
	int			i;

	if (step->closing)
		step->closing_length = strlen(step->closing);

	/* Rows that are given. */
	if (lookup->rel == NULL && pending->route == NULL)
		return;
	step->one_by_one = !relnav_have_array_types(step->element_types, step->nkeys);

	initStringInfo(&list);
	for (i = 0; i < step->ncolumns; i++)
	{
		if (i > 0 || pending->route == NULL)
			appendStringInfoString(&list, ", ");
		relnav_append_column(&list, pending->alias,
							 get_attname(step->relid, step->columns[i].attnum, false));
	}
	if (pending->route)
	{
		int			nkeys;
		AttrNumber	attnums[INDEX_MAX_KEYS];

		step->sql = relnav_generate_lateral(pending->route, list.data,
											lookup->condition, lookup->tail,
											&nkeys, attnums);
		return;
	}
	lookup->select_list = list.data;
	step->by_number = !relnav_generate_lookup(lookup, step->element_types,
											  &step->sql);
	if (pending->may_scan)
		step->scan_sql = relnav_generate_scan(lookup);
}

/*
 * A copy of a tree in the current memory context, which borrows nothing: it
 * leaves behind what building it has left in memory.
 */
RelnavTree *
relnav_copy_tree(const RelnavTree *tree)
{
	RelnavTree *result = copy_array(tree, 1, sizeof(RelnavTree));
	int			i;

	result->steps = copy_array(tree->steps, tree->nsteps, sizeof(RelnavTreeStep *));
	for (i = 0; i < tree->nsteps; i++)
		result->steps[i] = copy_step(tree->steps[i]);
	result->root = copy_node(tree->root, result->steps);
	if (tree->key)
	{
		result->key = relnav_copy_key(tree->key);
		copy_key_type(&result->key_type);
	}
	result->source_name = pstrdup(tree->source_name);
	result->value_types = copy_array(tree->value_types, tree->nvalues, sizeof(Oid));
	result->relids = list_copy(tree->relids);
	result->shape = pstrdup(tree->shape);
	return result;
}

static RelnavTreeStep *
copy_step(const RelnavTreeStep *step)
{
	RelnavTreeStep *result = copy_array(step, 1, sizeof(RelnavTreeStep));
	int			i;

	result->element_types = copy_array(step->element_types, step->nkeys, sizeof(Oid));
	result->sql = step->sql ? pstrdup(step->sql) : NULL;
	result->scan_sql = step->scan_sql ? pstrdup(step->scan_sql) : NULL;
	result->columns = copy_array(step->columns, step->ncolumns,
								 sizeof(RelnavTreeColumn));
	result->links = copy_array(step->links, step->nlinks, sizeof(RelnavTreeLink));
	for (i = 0; i < step->nlinks; i++)
	{
		RelnavTreeLink *link = &result->links[i];

		link->columns = copy_array(link->columns, link->ncolumns, sizeof(int));
		copy_key_type(&link->key_type);
	}
	result->pieces = copy_array(step->pieces, step->npieces, sizeof(RelnavTreePiece));
	for (i = 0; i < step->npieces; i++)
		result->pieces[i].label = pstrdup(step->pieces[i].label);
	return result;
}

/* A copy of a node, whose steps have been copied already. */
static RelnavTreeNode *
copy_node(const RelnavTreeNode *node, RelnavTreeStep **steps)
{
	RelnavTreeNode *result = copy_array(node, 1, sizeof(RelnavTreeNode));
	int			i;

	check_stack_depth();

	result->name = node->name ? pstrdup(node->name) : NULL;
	result->label = node->label ? pstrdup(node->label) : NULL;
	result->steps = copy_array(node->steps, node->nsteps, sizeof(RelnavTreeStep *));
	for (i = 0; i < node->nsteps; i++)
		result->steps[i] = steps[node->steps[i]->number];
	result->children = copy_array(node->children, node->nchildren,
								  sizeof(RelnavTreeNode *));
	for (i = 0; i < node->nchildren; i++)
		result->children[i] = copy_node(node->children[i], steps);
	return result;
}

/* Give a copy of a key type columns of its own. */
static void
copy_key_type(RelnavKeyType *type)
{
	type->columns = copy_array(type->columns, type->ncolumns,
							   sizeof(RelnavKeyColumn));
}

/* Room for one element more in an array, which may be missing if it is empty. */
static void *
extend_array(void *array, int n, Size size)
{
	return array ? repalloc(array, size * (n + 1)) : palloc(size);
}

/* A copy of an array, which may be missing if it is empty. */
static void *
copy_array(const void *array, int n, Size size)
{
	void	   *result = palloc(size * Max(n, 1));

	if (n > 0)
		memcpy(result, array, size * n);
	return result;
}

/*
 * All that a tree is made of, but its values: trees that are equal here may
 * serve each other.
 */
static void
append_shape(StringInfo buf, const RelnavTree *tree)
{
	int			i;
	int			k;

	appendStringInfo(buf, "%u %d\n", tree->source, tree->key != NULL);
	for (i = 0; i < tree->nsteps; i++)
	{
		const RelnavTreeStep *step = tree->steps[i];

		appendStringInfo(buf, "%s\n%s\n", step->sql ? step->sql : "",
						 step->scan_sql ? step->scan_sql : "");
		for (k = 0; k < step->npieces; k++)
			appendStringInfo(buf, "%s%d", step->pieces[k].label,
							 step->pieces[k].column);
		for (k = 0; k < step->ncolumns; k++)
			appendStringInfo(buf, " %d", step->columns[k].attnum);
		for (k = 0; k < step->nlinks; k++)
			append_link_shape(buf, &step->links[k]);
		appendStringInfo(buf, "%s %d %d\n", step->closing ? step->closing : "",
						 step->first_value, step->nvalues);
	}
	for (i = 0; i < tree->nvalues; i++)
		appendStringInfo(buf, " %u", tree->value_types[i]);
	append_node_shape(buf, tree->root);
}

/*
 * Two foreign keys of a table can lead to the same table, by the same query:
 * then only the columns that the keys are taken from tell them apart.
 */
static void
append_link_shape(StringInfo buf, const RelnavTreeLink *link)
{
	int			i;

	appendStringInfoChar(buf, '[');
	for (i = 0; i < link->ncolumns; i++)
		appendStringInfo(buf, " %d", link->columns[i]);
	appendStringInfoChar(buf, ']');
}

static void
append_node_shape(StringInfo buf, const RelnavTreeNode *node)
{
	int			i;

	appendStringInfo(buf, "(%d %d %d %d %d %d %d", node->kind, node->to_many,
					 node->link, node->nsteps, node->distinct, node->sorted,
					 node->depth);
	for (i = 0; i < node->nchildren; i++)
		append_node_shape(buf, node->children[i]);
	appendStringInfoChar(buf, ')');
}

/* The route to a node, whose errors show the segment in the spec. */
static RelnavRoute *
get_route(Builder *b, Oid source, const Output *output)
{
	const RelnavSpecItem *item = output->item;
	MemoryContext context = CurrentMemoryContext;
	RelnavCall	call = {0};
	RelnavRoute *route = NULL;
	StringInfoData path;
	ListCell   *lc;

	initStringInfo(&path);
	foreach(lc, output->path)
	{
		if (path.len > 0)
			appendStringInfoChar(&path, '.');
		relnav_append_segment(&path, lfirst(lc));
	}
	call.function = RELNAV_RELATED;
	call.source = source;
	call.path = path.data;
	call.segment = &b->segment;
	call.like_function = item->node != NULL && list_length(output->path) == 1;
	b->segment = 0;

	PG_TRY();
	{
		route = relnav_get_route(&call);
	}
	PG_CATCH();
	{
		add_place(b->spec, item->path_at ? list_nth_int(item->path_at, b->segment)
				  : item->at, context);
		PG_RE_THROW();
	}
	PG_END_TRY();
	return route;
}

/* Show in the error that is being handled where it is in the spec. */
static void
add_place(const char *spec, int at, MemoryContext context)
{
	ErrorData  *edata;
	const char *place;

	switch (geterrcode())
	{
		case ERRCODE_UNDEFINED_OBJECT:
		case ERRCODE_AMBIGUOUS_ALIAS:
			break;
		default:
			return;
	}
	MemoryContextSwitchTo(context);
	edata = CopyErrorData();
	FlushErrorState();
	place = relnav_mark_spec(spec, at);
	edata->detail = psprintf(_("%s\nIn the spec:\n%s"),
							 edata->detail ? edata->detail : "", place);
	if (edata->detail[0] == '\n')
		edata->detail++;
	ReThrowError(edata);
}

/*
 * The number and the type of a column.  Raises an error if there is none of
 * the name.
 */
static AttrNumber
get_column(Builder *b, Oid relid, const char *name, int at, Oid *type)
{
	Relation	rel = table_open(relid, NoLock);
	TupleDesc	desc = RelationGetDescr(rel);
	AttrNumber	result = InvalidAttrNumber;
	ClosestMatchState match;
	const char *closest;
	bool		is_relationship = false;
	int			i;

	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (!att->attisdropped && strcmp(NameStr(att->attname), name) == 0)
		{
			result = att->attnum;
			*type = att->atttypid;
		}
	}
	if (result != InvalidAttrNumber)
	{
		table_close(rel, NoLock);
		return result;
	}

	initClosestMatch(&match, name, 4);
	for (i = 0; i < desc->natts; i++)
	{
		if (!TupleDescAttr(desc, i)->attisdropped)
			updateClosestMatch(&match, NameStr(TupleDescAttr(desc, i)->attname));
	}
	closest = getClosestMatch(&match);
	closest = closest ? relnav_quote_segment(closest) : NULL;
	table_close(rel, NoLock);

	{
		const RelnavListing *listing = relnav_find_listing(relid);

		for (i = 0; listing && i < listing->nrelationships; i++)
		{
			if (strcmp(listing->relationships[i].relationship->name, name) == 0)
				is_relationship = true;
		}
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("column \"%s\" of relation \"%s\" does not exist", name,
					get_rel_name(relid)),
			 errdetail("In the spec:\n%s", mark(b, at)),
			 is_relationship
			 ? errhint("There is a relationship of this name: write %s(*), or name its columns.",
					   relnav_quote_segment(name))
			 : closest ? errhint("Perhaps you meant the column \"%s\".", closest) : 0));
	return InvalidAttrNumber;	/* keep compiler quiet */
}

static const char *
mark(Builder *b, int at)
{
	return relnav_mark_spec(b->spec, at);
}
