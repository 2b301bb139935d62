/*-------------------------------------------------------------------------
 *
 * views.c
 *	  What the columns of a view stand for.
 *
 * A column of a view that is nothing but a column of a table, through nested
 * views, sub-selects and joins and by whatever name, holds values of that
 * table's column, and so can be followed along its keys.  An expression stands
 * for nothing, not even a cast; nor does anything that was grouped or comes
 * out of a set operation.
 *
 * A table can occur in a view more than once, so columns are traced to an
 * occurrence of a table: only those of one occurrence belong together.
 *
 * What is unique in the table is unique in the view only if the view cannot
 * show a row of the table twice.  That is proven from the joins: a table that
 * is joined by all columns of a unique index adds at most one row to each that
 * is there already.  Then the table's unique indexes are put down as the
 * view's, as proofs.  A materialized view is what its query was once; of that
 * only its own indexes prove anything.
 *
 * Nothing here executes anything of a view, or needs a right to it.  Only its
 * query is looked at, as it is stored.
 *
 * Memory: results are in the current memory context, which must be the
 * reader's.  Queries are read in a context of their own, and thrown away.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "access/transam.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteManip.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "views.h"

/*
 * Views can be nested in a way that makes their tables occur a billion times.
 * Then we do not look at all of them.  Nor do we look into what is nested more
 * deeply than the stack allows; the server could not read that either.
 */
#define MAX_OCCURRENCES 1000

/* The tracing of one query. */
typedef struct Tracing
{
	RelnavReader *reader;
	Query	   *query;
	List	   *above;			/* OIDs of the views that we are in */
	RelnavTrace *trace;			/* what was found so far */
	RelnavTrace **entries;		/* by range table index: what its columns are */
	int		   *offsets;		/* where its occurrences begin; -1: not yet */
} Tracing;

/* A column that stands for nothing. */
static const RelnavTracedColumn untraced = {-1, NULL, false};

static RelnavTrace *trace_view(RelnavReader *reader, RelnavTable *view,
							   List *above);
static RelnavTrace *trace_query(RelnavReader *reader, Query *query,
								List *above);
static RelnavTracedColumn trace_expression(Tracing *tracing, Node *node);
static void trace_entry(Tracing *tracing, int rti);
static RelnavTrace *trace_relation(Tracing *tracing, RangeTblEntry *rte);
static RelnavTrace *trace_table(RelnavTable *table, List *ancestors);
static Query *find_cte_query(Query *query, RangeTblEntry *rte);
static void add_proofs(RelnavReader *reader, RelnavTable *view);
static RelnavIndex *make_proof(const RelnavTable *view, int occurrence,
							   const RelnavTable *table,
							   const RelnavIndex *index);
static AttrNumber find_view_column(const RelnavTable *view, int occurrence,
								   const RelnavTable *table, AttrNumber attnum);
static bool is_below_outer_join(Node *jointree, int rti, bool below);
static bool is_kept(Tracing *tracing, Node *jointree, int rti, List *quals);
static bool adds_no_rows(Tracing *tracing, Node *jointree, Relids *known,
						 List *quals);
static bool is_matched_once(Tracing *tracing, int rti, Relids known,
							List *quals);
static bool is_equated(int rti, const RelnavIndexColumn *column, Relids known,
					   List *quals);
static bool has_outer_reference(Node *node, void *context);
static Relids get_relids(Node *jointree);

/*
 * The facts about a table, as relnav_find_table() finds them; those about a
 * view with what its columns stand for, and with its tables' unique indexes
 * as far as they hold for it.
 */
RelnavTable *
relnav_find_traced_table(RelnavReader *reader, Oid relid)
{
	RelnavTable *table = relnav_find_table(reader, relid);

	if (table != NULL && relnav_is_view(table->rel))
		(void) trace_view(reader, table, NIL);
	return table;
}

/*
 * Find out what the columns of a view stand for, and put that down with the
 * other facts about it.  above are the OIDs of the views that it was met in.
 */
static RelnavTrace *
trace_view(RelnavReader *reader, RelnavTable *view, List *above)
{
	MemoryContext old;
	MemoryContext context;
	Query	   *query;
	RelnavTrace *trace;
	RelnavTrace *result;
	int			i;

	if (view->trace != NULL)
		return view->trace;

	/* The query and all that is in it is only needed now. */
	context = AllocSetContextCreate(CurrentMemoryContext, "relnav view",
									ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(context);
	query = relnav_find_view_query(view->rel->relid);
	MemoryContextSwitchTo(old);

	trace = query ? trace_query(reader, query,
								lcons_oid(view->rel->relid, list_copy(above)))
		: palloc0(sizeof(RelnavTrace));
	result = palloc(sizeof(RelnavTrace));
	*result = *trace;
	result->ncolumns = view->ncolumns;
	result->columns = palloc(sizeof(RelnavTracedColumn) * Max(view->ncolumns, 1));
	for (i = 0; i < view->ncolumns; i++)
	{
		int			position = 0;
		ListCell   *lc;

		result->columns[i] = untraced;
		if (query == NULL)
			continue;
		foreach(lc, query->targetList)
		{
			TargetEntry *entry = lfirst_node(TargetEntry, lc);

			if (entry->resjunk)
				continue;
			if (entry->resno == view->columns[i].attnum)
				result->columns[i] = trace->columns[position];
			position++;
		}
	}
	MemoryContextDelete(context);

	if (view->rel->relkind == RELKIND_MATVIEW)
	{
		for (i = 0; i < result->noccurrences; i++)
			result->occurrences[i].unique = false;
		for (i = 0; i < view->ncolumns; i++)
			result->columns[i].nullable = true;
	}
	view->trace = result;
	if (view->rel->relkind == RELKIND_VIEW)
		add_proofs(reader, view);
	return result;
}

/*
 * What the columns of a query stand for, by the order of its target list.
 */
static RelnavTrace *
trace_query(RelnavReader *reader, Query *query, List *above)
{
	RelnavTrace *trace = palloc0(sizeof(RelnavTrace));
	int			nentries = list_length(query->rtable);
	Tracing		tracing;
	ListCell   *lc;
	int			i;

	CHECK_FOR_INTERRUPTS();

	tracing.reader = reader;
	tracing.query = query;
	tracing.above = above;
	tracing.trace = trace;
	tracing.entries = palloc0(sizeof(RelnavTrace *) * (nentries + 1));
	tracing.offsets = palloc(sizeof(int) * (nentries + 1));
	for (i = 0; i <= nentries; i++)
		tracing.offsets[i] = -1;

	trace->columns = palloc(sizeof(RelnavTracedColumn) *
							Max(list_length(query->targetList), 1));
	foreach(lc, query->targetList)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, lc);

		if (entry->resjunk)
			continue;
		if (query->commandType != CMD_SELECT || query->setOperations != NULL ||
			query->groupClause != NIL || query->groupingSets != NIL ||
			query->hasAggs || query->havingQual != NULL || stack_is_too_deep())
			trace->columns[trace->ncolumns] = untraced;
		else
			trace->columns[trace->ncolumns] =
				trace_expression(&tracing, (Node *) entry->expr);
		trace->ncolumns++;
	}
	pfree(tracing.entries);
	pfree(tracing.offsets);
	return trace;
}

/* What a column's expression stands for: nothing, unless it is a column. */
static RelnavTracedColumn
trace_expression(Tracing *tracing, Node *node)
{
	RelnavTracedColumn result = untraced;
	RelnavTrace *entry;
	Var		   *var;
	RangeTblEntry *rte;

	if (!IsA(node, Var) || ((Var *) node)->varlevelsup != 0 ||
		((Var *) node)->varattno <= 0)
		return result;
	var = (Var *) node;
	rte = rt_fetch(var->varno, tracing->query->rtable);

	/* A column of a join is one of its tables', if it was not merged. */
	if (rte->rtekind == RTE_JOIN)
	{
		Node	   *alias = list_nth(rte->joinaliasvars, var->varattno - 1);

		return alias ? trace_expression(tracing, alias) : result;
	}

	trace_entry(tracing, var->varno);
	entry = tracing->entries[var->varno];

	/*
	 * The column may have been added since we read the table's: nothing is
	 * locked.
	 */
	if (entry == NULL || var->varattno > entry->ncolumns)
		return result;
	result = entry->columns[var->varattno - 1];
	if (result.occurrence < 0)
		return result;
	result.occurrence += tracing->offsets[var->varno];
	result.nullable |= is_below_outer_join((Node *) tracing->query->jointree,
										   var->varno, false);
	return result;
}

/* Find out what the columns of one entry of the range table are. */
static void
trace_entry(Tracing *tracing, int rti)
{
	RangeTblEntry *rte = rt_fetch(rti, tracing->query->rtable);
	RelnavTrace *trace = tracing->trace;
	RelnavTrace *entry = NULL;
	Query	   *cte;
	bool		unique;
	int			i;

	if (tracing->offsets[rti] >= 0)
		return;
	tracing->offsets[rti] = trace->noccurrences;

	switch (rte->rtekind)
	{
		case RTE_RELATION:
			entry = trace_relation(tracing, rte);
			break;
		case RTE_SUBQUERY:
			entry = trace_query(tracing->reader, rte->subquery, tracing->above);
			break;
		case RTE_CTE:
			cte = find_cte_query(tracing->query, rte);
			if (cte)
				entry = trace_query(tracing->reader, cte, tracing->above);
			break;
		default:
			break;
	}
	if (entry == NULL)
		return;
	trace->relids = list_concat_unique_oid(trace->relids, entry->relids);
	if (trace->noccurrences + entry->noccurrences > MAX_OCCURRENCES)
		return;

	unique = entry->noccurrences > 0 && !tracing->query->hasTargetSRFs &&
		is_kept(tracing, (Node *) tracing->query->jointree, rti, NIL);
	if (trace->occurrences == NULL)
		trace->occurrences = palloc(sizeof(RelnavOccurrence) *
									Max(entry->noccurrences, 1));
	else
		trace->occurrences = repalloc(trace->occurrences,
									  sizeof(RelnavOccurrence) *
									  (trace->noccurrences + entry->noccurrences));
	for (i = 0; i < entry->noccurrences; i++)
	{
		RelnavOccurrence *occurrence = &trace->occurrences[trace->noccurrences++];

		*occurrence = entry->occurrences[i];
		occurrence->unique &= unique;
	}
	tracing->entries[rti] = entry;
}

/* A table or a view in the range table. */
static RelnavTrace *
trace_relation(Tracing *tracing, RangeTblEntry *rte)
{
	RelnavTrace *result;
	RelnavTable *table;

	/* The server's own tables have no keys. */
	if (rte->relid < FirstNormalObjectId)
		return NULL;
	table = relnav_find_table(tracing->reader, rte->relid);
	if (table == NULL)
		return NULL;

	if (relnav_is_view(table->rel))
	{
		if (list_member_oid(tracing->above, rte->relid) || stack_is_too_deep())
			return NULL;
		result = trace_view(tracing->reader, table, tracing->above);
	}
	else
	{
		/* A key does not govern the rows of inheritance children. */
		if (table->rel->has_children && rte->inh)
			return NULL;
		result = trace_table(table,
							 relnav_find_partition_ancestors(tracing->reader,
															 rte->relid));
	}
	result->relids = list_append_unique_oid(result->relids, rte->relid);
	return result;
}

/* A table's columns stand for themselves. */
static RelnavTrace *
trace_table(RelnavTable *table, List *ancestors)
{
	RelnavTrace *result = palloc0(sizeof(RelnavTrace));
	int			natts = table->ncolumns > 0
		? table->columns[table->ncolumns - 1].attnum : 1;
	int			i;

	result->noccurrences = 1;
	result->occurrences = palloc(sizeof(RelnavOccurrence));
	result->occurrences[0].relid = table->rel->relid;
	result->occurrences[0].relids = lcons_oid(table->rel->relid,
											  list_copy(ancestors));
	result->occurrences[0].unique = true;

	/* By number, so with the dropped ones. */
	result->ncolumns = natts;
	result->columns = palloc(sizeof(RelnavTracedColumn) * natts);
	for (i = 0; i < natts; i++)
		result->columns[i] = untraced;
	for (i = 0; i < table->ncolumns; i++)
	{
		RelnavTracedColumn *column =
			&result->columns[table->columns[i].attnum - 1];

		column->occurrence = 0;
		column->name = table->columns[i].name;
		column->nullable = false;
	}
	return result;
}

/* The query of a WITH clause, if it is one of this query and not recursive. */
static Query *
find_cte_query(Query *query, RangeTblEntry *rte)
{
	ListCell   *lc;

	if (rte->ctelevelsup != 0 || rte->self_reference)
		return NULL;
	foreach(lc, query->cteList)
	{
		CommonTableExpr *cte = lfirst_node(CommonTableExpr, lc);

		if (strcmp(cte->ctename, rte->ctename) == 0)
			return !cte->cterecursive && IsA(cte->ctequery, Query)
				? (Query *) cte->ctequery : NULL;
	}
	return NULL;
}

/*
 * Put down what the tables of a view prove about its rows: which columns are
 * never null, and which are unique.
 */
static void
add_proofs(RelnavReader *reader, RelnavTable *view)
{
	const RelnavTrace *trace = view->trace;
	int			i;

	for (i = 0; i < view->ncolumns; i++)
	{
		const RelnavTracedColumn *traced = &trace->columns[i];
		const RelnavTable *table;
		const RelnavColumn *column;

		if (traced->occurrence < 0 || traced->nullable)
			continue;
		table = relnav_find_table(reader,
								  trace->occurrences[traced->occurrence].relid);
		column = table ? relnav_find_column(table, traced->name) : NULL;
		view->columns[i].not_null = column && column->not_null;
	}

	for (i = 0; i < trace->noccurrences; i++)
	{
		const RelnavTable *table;
		ListCell   *lc;

		if (!trace->occurrences[i].unique)
			continue;
		table = relnav_find_table(reader, trace->occurrences[i].relid);
		if (table == NULL)
			continue;
		foreach(lc, table->indexes)
		{
			RelnavIndex *proof = make_proof(view, i, table, lfirst(lc));

			if (proof)
				view->indexes = lappend(view->indexes, proof);
		}
	}
}

/*
 * A table's unique index as a proof for a view; NULL if the view has not all
 * of its columns.
 */
static RelnavIndex *
make_proof(const RelnavTable *view, int occurrence, const RelnavTable *table,
		   const RelnavIndex *index)
{
	RelnavIndex *result;
	int			attnum = -1;
	int			i;

	if (!index->unique)
		return NULL;

	result = palloc(sizeof(RelnavIndex));
	*result = *index;
	result->lookup = false;
	result->columns = palloc(sizeof(RelnavIndexColumn) * index->nkeys);
	for (i = 0; i < index->nkeys; i++)
	{
		result->columns[i] = index->columns[i];
		result->columns[i].attnum = find_view_column(view, occurrence, table,
													 index->columns[i].attnum);
		if (result->columns[i].attnum == InvalidAttrNumber)
			return NULL;
	}

	result->not_null_columns = NULL;
	while ((attnum = bms_next_member(index->not_null_columns, attnum)) >= 0)
	{
		AttrNumber	here = find_view_column(view, occurrence, table, attnum);

		if (here == InvalidAttrNumber)
			return NULL;
		result->not_null_columns = bms_add_member(result->not_null_columns, here);
	}
	return result;
}

/* The number of the view's column that stands for one of a table. */
static AttrNumber
find_view_column(const RelnavTable *view, int occurrence,
				 const RelnavTable *table, AttrNumber attnum)
{
	const char *name = NULL;
	int			i;

	for (i = 0; i < table->ncolumns; i++)
	{
		if (table->columns[i].attnum == attnum)
			name = table->columns[i].name;
	}
	for (i = 0; name && i < view->ncolumns; i++)
	{
		if (view->trace->columns[i].occurrence == occurrence &&
			strcmp(view->trace->columns[i].name, name) == 0)
			return view->columns[i].attnum;
	}
	return InvalidAttrNumber;
}

/* Can an outer join put nulls in the place of an entry's columns? */
static bool
is_below_outer_join(Node *jointree, int rti, bool below)
{
	if (jointree == NULL)
		return false;
	if (IsA(jointree, RangeTblRef))
		return below && ((RangeTblRef *) jointree)->rtindex == rti;
	if (IsA(jointree, FromExpr))
	{
		ListCell   *lc;

		foreach(lc, ((FromExpr *) jointree)->fromlist)
		{
			if (is_below_outer_join(lfirst(lc), rti, below))
				return true;
		}
	}
	else if (IsA(jointree, JoinExpr))
	{
		JoinExpr   *join = (JoinExpr *) jointree;

		return is_below_outer_join(join->larg, rti, below ||
								   join->jointype == JOIN_RIGHT ||
								   join->jointype == JOIN_FULL) ||
			is_below_outer_join(join->rarg, rti, below ||
								join->jointype == JOIN_LEFT ||
								join->jointype == JOIN_FULL);
	}
	return false;
}

/*
 * Is each row of an entry in one row of the join at most?
 *
 * That is so if all other entries, taken one after the other, add at most one
 * row to what is there.  quals are conditions that all rows of the result
 * meet.  The condition of an outer join is only met by rows that matched; but
 * those that did not are only one for each row of the one side.
 */
static bool
is_kept(Tracing *tracing, Node *jointree, int rti, List *quals)
{
	if (jointree == NULL || stack_is_too_deep())
		return false;
	if (IsA(jointree, RangeTblRef))
		return ((RangeTblRef *) jointree)->rtindex == rti;

	if (IsA(jointree, FromExpr))
	{
		FromExpr   *from = (FromExpr *) jointree;
		List	   *others = NIL;
		Relids		known = NULL;
		bool		progress = true;
		ListCell   *lc;

		quals = list_concat_copy(quals,
								 make_ands_implicit((Expr *) from->quals));
		foreach(lc, from->fromlist)
		{
			Relids		relids = get_relids(lfirst(lc));

			if (!bms_is_member(rti, relids))
				others = lappend(others, lfirst(lc));
			else if (is_kept(tracing, lfirst(lc), rti, quals))
				known = relids;
			else
				return false;
		}
		if (known == NULL)
			return false;
		while (others != NIL && progress)
		{
			progress = false;
			foreach(lc, others)
			{
				if (adds_no_rows(tracing, lfirst(lc), &known, quals))
				{
					others = foreach_delete_current(others, lc);
					progress = true;
				}
			}
		}
		return others == NIL;
	}

	if (IsA(jointree, JoinExpr))
	{
		JoinExpr   *join = (JoinExpr *) jointree;
		List	   *on = list_concat_copy(quals,
										  make_ands_implicit((Expr *) join->quals));
		Relids		left = get_relids(join->larg);
		bool		is_left = bms_is_member(rti, left);
		Relids		known = is_left ? left : get_relids(join->rarg);

		return is_kept(tracing, is_left ? join->larg : join->rarg, rti,
					   join->jointype == JOIN_INNER ? on : quals) &&
			adds_no_rows(tracing, is_left ? join->rarg : join->larg, &known, on);
	}
	return false;
}

/*
 * Does a part of the join tree add at most one row to each of those that the
 * known entries make?  If so, its entries become known, too.
 */
static bool
adds_no_rows(Tracing *tracing, Node *jointree, Relids *known, List *quals)
{
	if (stack_is_too_deep())
		return false;
	if (IsA(jointree, RangeTblRef))
	{
		int			rti = ((RangeTblRef *) jointree)->rtindex;

		if (!is_matched_once(tracing, rti, *known, quals))
			return false;
		*known = bms_add_member(bms_copy(*known), rti);
		return true;
	}
	if (IsA(jointree, JoinExpr))
	{
		JoinExpr   *join = (JoinExpr *) jointree;
		List	   *on = list_concat_copy(quals,
										  make_ands_implicit((Expr *) join->quals));
		Relids		before = *known;

		switch (join->jointype)
		{
			case JOIN_INNER:
				if (adds_no_rows(tracing, join->larg, known, on) &&
					adds_no_rows(tracing, join->rarg, known, on))
					return true;
				*known = before;
				if (adds_no_rows(tracing, join->rarg, known, on) &&
					adds_no_rows(tracing, join->larg, known, on))
					return true;
				break;
			case JOIN_LEFT:
				if (adds_no_rows(tracing, join->larg, known, quals) &&
					adds_no_rows(tracing, join->rarg, known, on))
					return true;
				break;
			case JOIN_RIGHT:
				if (adds_no_rows(tracing, join->rarg, known, quals) &&
					adds_no_rows(tracing, join->larg, known, on))
					return true;
				break;
			default:
				break;
		}
		*known = before;
	}
	return false;
}

/*
 * Is there at most one row of an entry that meets the conditions, given one
 * of each of the known entries?  It must be a table with a unique index whose
 * columns are all equated with what is known.
 */
static bool
is_matched_once(Tracing *tracing, int rti, Relids known, List *quals)
{
	RangeTblEntry *rte = rt_fetch(rti, tracing->query->rtable);
	RelnavTable *table;
	ListCell   *lc;

	if (rte->rtekind != RTE_RELATION || rte->relid < FirstNormalObjectId ||
		rte->relkind == RELKIND_VIEW)
		return false;
	table = relnav_find_table(tracing->reader, rte->relid);
	if (table == NULL || (table->rel->has_children && rte->inh))
		return false;

	foreach(lc, table->indexes)
	{
		const RelnavIndex *index = lfirst(lc);
		Bitmapset  *missing = bms_copy(index->not_null_columns);
		int			i;

		if (!index->unique || !index->btree)
			continue;
		for (i = 0; i < index->nkeys; i++)
		{
			if (!is_equated(rti, &index->columns[i], known, quals))
				break;
			missing = bms_del_member(missing, index->columns[i].attnum);
		}
		if (i == index->nkeys && bms_is_empty(missing))
			return true;
	}
	return false;
}

/*
 * Is a column of an index compared with something known, by what is equality
 * to the index?
 */
static bool
is_equated(int rti, const RelnavIndexColumn *column, Relids known, List *quals)
{
	ListCell   *lc;

	foreach(lc, quals)
	{
		OpExpr	   *op = lfirst(lc);
		int			side;

		if (!IsA(op, OpExpr) || list_length(op->args) != 2 ||
			get_op_opfamily_strategy(op->opno, column->opfamily) !=
			BTEqualStrategyNumber)
			continue;
		if (op->inputcollid != column->collation &&
			!(column->deterministic &&
			  (!OidIsValid(op->inputcollid) ||
			   get_collation_isdeterministic(op->inputcollid))))
			continue;

		for (side = 0; side < 2; side++)
		{
			Node	   *here = list_nth(op->args, side);
			Node	   *other = list_nth(op->args, 1 - side);

			while (IsA(here, RelabelType))
				here = (Node *) ((RelabelType *) here)->arg;
			if (IsA(here, Var) && ((Var *) here)->varno == rti &&
				((Var *) here)->varlevelsup == 0 &&
				((Var *) here)->varattno == column->attnum &&
				bms_is_subset(pull_varnos(NULL, other), known) &&
				!checkExprHasSubLink(other) &&
				!contain_volatile_functions(other) &&
				!has_outer_reference(other, NULL))
				return true;
		}
	}
	return false;
}

/*
 * Does an expression depend on a query further out?  That is one value at a
 * time, but another one the next time.
 */
static bool
has_outer_reference(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varlevelsup > 0;
	return expression_tree_walker(node, has_outer_reference, context);
}

/* The entries of a part of the join tree, but not the joins themselves. */
static Relids
get_relids(Node *jointree)
{
	Relids		result = NULL;

	if (IsA(jointree, RangeTblRef))
		result = bms_make_singleton(((RangeTblRef *) jointree)->rtindex);
	else if (IsA(jointree, FromExpr))
	{
		ListCell   *lc;

		foreach(lc, ((FromExpr *) jointree)->fromlist)
			result = bms_join(result, get_relids(lfirst(lc)));
	}
	else if (IsA(jointree, JoinExpr))
		result = bms_join(get_relids(((JoinExpr *) jointree)->larg),
						  get_relids(((JoinExpr *) jointree)->rarg));
	return result;
}
