/*-------------------------------------------------------------------------
 *
 * inline.c
 *	  A navigation in the planner.
 *
 * A navigation in FROM whose path is a constant is replaced by its query
 * before planning begins, so that it is planned as the join it is.  That is
 * what the server does with simple functions in language SQL; we do it from
 * planner_hook, for all versions, because our query depends on the catalogs.
 * From 19 on the server also asks us itself (SupportRequestInlineInFrom),
 * which serves the statements that the hook has not seen: the one that loads
 * the library, and those inside of functions that the server inlines.
 *
 * The call, a range table entry of kind RTE_FUNCTION, becomes an RTE_SUBQUERY
 * in place.  What refers to it, refers to the same columns by the same
 * numbers as before: the query's result has one column for each physical
 * attribute of the target.  The source row is not passed: its columns are,
 * wherever the row is one of a table.
 *
 * Nothing is ever raised here about a path that means nothing.  We leave the
 * call as it is, and it raises its error when, and if, it is executed.
 *
 * What must hold although the function has vanished from the plan:
 *
 * - The plan depends on all relations whose keys were looked at, also if the
 *	 call was left alone: tomorrow it may not be, and the row type may change.
 * - If row security was applied, or a schema named that not everybody may
 *	 use, the plan is good for the current role only.
 * - The types of the references to the call were fixed when the statement was
 *	 parsed.  If the table was changed since, they may be wrong; then the call
 *	 must stay, and the executor finds out.
 *
 * Under EXISTS the hand-written query would compare the source in the WHERE
 * clause, and so become a semi-join; a subquery that refers to the outer row
 * by itself would not.  So there the comparison is lifted out of the query
 * into the WHERE clause.  We do that only if the source row comes from
 * outside of the EXISTS: beside a source in the same FROM the lateral form is
 * pulled up anyway, and where there is a choice the planner has it.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "fmgr.h"
#include "inline.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "optimizer/planner.h"
#include "parser/analyze.h"
#include "parser/parse_coerce.h"
#include "parser/parse_node.h"
#include "parser/parse_param.h"
#include "parser/parsetree.h"
#include "privilege.h"
#include "rewrite/rewriteManip.h"
#include "sqlgen.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/*
 * A row security policy may navigate to its own table.  Each step would put
 * another query with the same policy into the statement; at some depth we
 * leave the calls alone.
 */
#define MAX_NESTED_POLICIES 2

/* A call that may be replaced. */
typedef struct Navigation
{
	RelnavCall	call;
	List	   *args;			/* defaults filled in, constants folded */
	int			path_arg;		/* which of them is the path */
} Navigation;

/* One walk through a statement. */
typedef struct InlineContext
{
	List	   *queries;		/* the one we are in, and those around it */
	Query	   *exists;			/* the last sub-select of an EXISTS, if any */
	int			depth;			/* of queries that we have made ourselves */
	ParamListInfo params;		/* known values of parameters, or NULL */
	bool		in_planner;		/* called by the planner, for one entry */

	/* What the plan comes to depend on. */
	bool		role;			/* rights that are only asked for in planning */
	List	   *relids;			/* some of them more than once */
	List	   *functions;
	bool		transient;		/* may a path come to mean something? */
} InlineContext;

/* The replacement of parameters in a generated query. */
typedef struct ReplaceContext
{
	List	   *values;			/* expressions of the query around it */
	int			sublevels_up;	/* how far that query is away */
	InlineContext *inlining;
} ReplaceContext;

/* Whose node is looked for, and how far that query is away. */
typedef struct NodeReference
{
	int			rti;
	Index		sublevels_up;
} NodeReference;

/* How a search through a join tree stands. */
typedef enum Search
{
	SEARCH_ABSENT,				/* the entry is not here */
	SEARCH_GOES_ON,				/* it is here, and we must look further up */
	SEARCH_ENDED
} Search;

/* The functions by their C names, and what they are. */
static const struct
{
	const char *symbol;
	RelnavFunction function;
	bool		by_key;
}			navigations[] =

{
	{"relnav_parent", RELNAV_PARENT, false},
	{"relnav_parent_by_key", RELNAV_PARENT, true},
	{"relnav_children", RELNAV_CHILDREN, false},
	{"relnav_children_by_key", RELNAV_CHILDREN, true},
	{"relnav_associated", RELNAV_ASSOCIATED, false},
	{"relnav_associated_by_key", RELNAV_ASSOCIATED, true},
	{"relnav_related", RELNAV_RELATED, false},
	{"relnav_related_by_key", RELNAV_RELATED, true},
	{"relnav_descendants", RELNAV_DESCENDANTS, false},
	{"relnav_ancestors", RELNAV_ANCESTORS, false},
};

bool		relnav_inline = true;

static planner_hook_type previous_planner = NULL;

static PlannedStmt *plan_statement(RELNAV_PLANNER_ARGS);
static void inline_in_query(Query *query, InlineContext *context);
static bool inline_walker(Node *node, void *argument);
static void inline_entry(Query *query, int rti, RangeTblEntry *rte,
						 bool is_exists, InlineContext *context);
static FuncExpr *get_navigation_call(RangeTblEntry *rte);
static bool is_navigation(Oid funcid, Navigation *navigation);
static bool may_execute(Oid funcid);
static bool read_navigation(FuncExpr *call, Navigation *navigation,
							InlineContext *context);
static List *fold_arguments(FuncExpr *call, ParamListInfo params);
static Node *bind_params_mutator(Node *node, void *argument);
static bool read_source(Navigation *navigation);
static void note_dependencies(InlineContext *context,
							  const Navigation *navigation,
							  const RelnavRoute *route);
static List *make_source_values(const Navigation *navigation,
								const RelnavRoute *route,
								InlineContext *context);
static bool row_has_grown(Node *row, InlineContext *context);
static List *get_record_fields(Const *record);
static Node *make_key_value(Node *value, const RelnavColumn *column);
static Query *make_query(Query *query, int rti, RangeTblEntry *rte,
						 const Navigation *navigation,
						 const RelnavRoute *route, List *values,
						 bool lift, InlineContext *context);
static Query *analyze_select(const RelnavSelect *select, Oid *types, int ntypes,
							 InlineContext *context);
static void show_generated_query(void *argument);
static Node *replace_params(Node *node, List *values, int sublevels_up,
							InlineContext *context);
static Node *replace_params_mutator(Node *node, void *argument);
static Node *make_field(FieldSelect *field, Node *value,
						ReplaceContext *context);
static bool has_column_of(RangeTblEntry *rte, const FieldSelect *field,
						  Oid row_type);
static bool references_fit(Query *query, int rti, Query *sub, int ncolumns);
static bool has_whole_row_reference(Query *query, int rti);
static bool has_whole_node_reference(Query *query, int rti);
static bool whole_node_walker(Node *node, void *argument);
static void redirect_whole_row(Query *query, int rti, int attnum);
static void extend_column_names(RangeTblEntry *rte, Query *sub);
static int	count_columns(Oid relid, bool *has_dropped, bool *has_virtual);
static bool has_row_security(Node *node, void *context);
static bool is_below_row_security(InlineContext *context);
static bool counts_rows(Query *query);
static Search find_condition(Node *jointree, int rti, Node ***condition);
static bool is_from_outside(List *values);
static void lift_condition(Node **condition, int rti, Query *sub,
						   const Navigation *navigation,
						   const RelnavRoute *route, List *values,
						   InlineContext *context);
static List *get_relids(const InlineContext *context);
static void add_dependencies(PlannedStmt *stmt, const InlineContext *context);
#ifdef RELNAV_HAS_INLINE_IN_FROM
static Query *inline_for_planner(SupportRequestInlineInFrom *request);
static bool has_param(Node *node, void *argument);
#endif
static double estimate_rows(const RelnavRoute *route);
static double estimate_hop(const RelnavRelationship *hop);
static double get_null_fraction(Oid relid, const RelnavColumn *column);

PG_FUNCTION_INFO_V1(relnav_navigation_support);

/*
 * Take part in planning.  To be called once, when the library is loaded.
 */
void
relnav_install_planner_hook(void)
{
	previous_planner = planner_hook;
	planner_hook = plan_statement;
}

/*
 * planner_hook
 */
static PlannedStmt *
plan_statement(RELNAV_PLANNER_ARGS)
{
	InlineContext context = {0};
	PlannedStmt *result;

	if (relnav_inline)
	{
		context.params = boundParams;
		inline_in_query(parse, &context);
	}

	if (previous_planner)
		result = previous_planner(RELNAV_PLANNER_CALL);
	else
		result = standard_planner(RELNAV_PLANNER_CALL);

	add_dependencies(result, &context);
	return result;
}

/*
 * Replace the navigations in a query and in all queries in it, the inner ones
 * first: then what still refers to a whole row of a call really needs it.
 *
 * Most statements have none of ours, and pay for this; so expressions are
 * only looked through if there are sub-selects in them.
 */
static void
inline_in_query(Query *query, InlineContext *context)
{
	bool		is_exists = query == context->exists;
	int			rti;

	check_stack_depth();

	context->queries = lcons(query, context->queries);
	if (query->hasSubLinks)
		(void) query_tree_walker(query, inline_walker, context, 0);
	else
	{
		ListCell   *lc;

		foreach(lc, query->rtable)
		{
			RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

			if (rte->rtekind == RTE_SUBQUERY)
				inline_in_query(rte->subquery, context);
		}
		foreach(lc, query->cteList)
		{
			CommonTableExpr *cte = lfirst_node(CommonTableExpr, lc);

			if (IsA(cte->ctequery, Query))
				inline_in_query((Query *) cte->ctequery, context);
		}
	}

	for (rti = list_length(query->rtable); rti > 0; rti--)
	{
		RangeTblEntry *rte = rt_fetch(rti, query->rtable);

		if (rte->rtekind == RTE_FUNCTION)
			inline_entry(query, rti, rte, is_exists, context);
	}
	context->queries = list_delete_first(context->queries);
}

/* The queries in an expression. */
static bool
inline_walker(Node *node, void *argument)
{
	InlineContext *context = argument;

	if (node == NULL)
		return false;
	if (IsA(node, Query))
	{
		inline_in_query((Query *) node, context);
		return false;
	}
	if (IsA(node, SubLink) &&
		((SubLink *) node)->subLinkType == EXISTS_SUBLINK)
		context->exists = (Query *) ((SubLink *) node)->subselect;
	return expression_tree_walker(node, inline_walker, context);
}

/* Replace one call, if it is a navigation and can be replaced. */
static void
inline_entry(Query *query, int rti, RangeTblEntry *rte, bool is_exists,
			 InlineContext *context)
{
	FuncExpr   *call = get_navigation_call(rte);
	Navigation	navigation = {0};
	RelnavRoute *route;
	List	   *values;
	Node	  **condition = NULL;
	Query	   *sub = NULL;

	if (call == NULL || !read_navigation(call, &navigation, context))
		return;

	route = relnav_find_route(&navigation.call);
	note_dependencies(context, &navigation, route);
	context->functions = list_append_unique_oid(context->functions, call->funcid);
	if (route == NULL || context->depth >= MAX_NESTED_POLICIES)
		return;
	values = make_source_values(&navigation, route, context);
	if (values == NIL)
		return;

	/* A single hop or association, from outside into an EXISTS. */
	if (is_exists && list_length(route->hops) == 1 && is_from_outside(values) &&
		!relnav_is_recursive(navigation.call.function) &&
		!is_below_row_security(context) &&
		!(navigation.call.by_key && relnav_must_read_source(route)) &&
		(route->plain || !counts_rows(query)))
		(void) find_condition((Node *) query->jointree, rti, &condition);
	if (condition)
		sub = make_query(query, rti, rte, &navigation, route, values, true,
						 context);
	if (sub)
	{
		lift_condition(condition, rti, sub, &navigation, route, values, context);
		rte->lateral = false;
	}
	else
		sub = make_query(query, rti, rte, &navigation, route, values, false,
						 context);
	if (sub == NULL)
		return;

	/*
	 * The function stays in the entry, as when the server inlines one: its
	 * row type is that of whole-row references.
	 */
	rte->rtekind = RTE_SUBQUERY;
	rte->subquery = sub;
	rte->security_barrier = false;
	rte->funcordinality = false;
}

/*
 * The call in a range table entry, if it could be one of ours and could be
 * replaced by a query: alone, without ordinality, a set.
 */
static FuncExpr *
get_navigation_call(RangeTblEntry *rte)
{
	RangeTblFunction *function;

	if (rte->funcordinality || list_length(rte->functions) != 1)
		return NULL;
	function = linitial_node(RangeTblFunction, rte->functions);
	if (!IsA(function->funcexpr, FuncExpr) ||
		!((FuncExpr *) function->funcexpr)->funcretset ||
		((FuncExpr *) function->funcexpr)->funcid < FirstNormalObjectId)
		return NULL;
	return (FuncExpr *) function->funcexpr;
}

/*
 * Is this one of our functions?  They are known by their C symbol, not by
 * name or schema, which anybody could use.  One that somebody has altered to
 * run with other rights or settings must be run.
 */
static bool
is_navigation(Oid funcid, Navigation *navigation)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(funcid));
	Form_pg_proc form;
	bool		found = false;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_proc) GETSTRUCT(tuple);
	if (form->prolang == ClanguageId && !form->prosecdef &&
		heap_attisnull(tuple, Anum_pg_proc_proconfig, NULL))
	{
		bool		isnull;
		Datum		source = SysCacheGetAttr(PROCOID, tuple,
											 Anum_pg_proc_prosrc, &isnull);
		Datum		library = isnull ? (Datum) 0
			: SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_probin, &isnull);

		if (!isnull && strcmp(TextDatumGetCString(library), "$libdir/relnav") == 0)
		{
			char	   *symbol = TextDatumGetCString(source);
			int			i;

			for (i = 0; i < (int) lengthof(navigations); i++)
			{
				if (strcmp(symbol, navigations[i].symbol) != 0)
					continue;
				memset(navigation, 0, sizeof(Navigation));
				navigation->call.function = navigations[i].function;
				navigation->call.by_key = navigations[i].by_key;
				navigation->path_arg = navigations[i].by_key ? 3
					: relnav_is_recursive(navigations[i].function) ? 1 : 2;
				found = true;
			}
		}
	}
	ReleaseSysCache(tuple);
	return found;
}

/* The executor will not check what it does not execute. */
static bool
may_execute(Oid funcid)
{
	return !FmgrHookIsNeeded(funcid) &&
		object_aclcheck(ProcedureRelationId, funcid, GetUserId(),
						ACL_EXECUTE) == ACLCHECK_OK;
}

/*
 * Find out what a call means, as far as its arguments tell.  Returns false if
 * it is not ours, or cannot be replaced.
 */
static bool
read_navigation(FuncExpr *call, Navigation *navigation, InlineContext *context)
{
	Node	   *path;

	if (!is_navigation(call->funcid, navigation) || !may_execute(call->funcid))
		return false;

	navigation->args = context->in_planner
		? call->args : fold_arguments(call, context->params);
	if (list_length(navigation->args) <= navigation->path_arg)
		return false;
	if (!read_source(navigation))
		return false;

	/* A domain over a row type would have to be checked. */
	navigation->call.target = relnav_is_recursive(navigation->call.function)
		? navigation->call.source : relnav_get_row_relation(call->funcresulttype);
	if (!OidIsValid(navigation->call.target))
	{
		/*
		 * A table that has gone, perhaps a temporary one that hid another of
		 * its name.  Nothing else makes the statement be parsed again: this
		 * time it fails, the next time it need not.
		 */
		if (!SearchSysCacheExists1(TYPEOID,
								   ObjectIdGetDatum(call->funcresulttype)))
			ResetPlanCache();
		return false;
	}

	/* The path decides which tables are joined, so it must be known now. */
	path = list_nth(navigation->args, navigation->path_arg);
	if (!IsA(path, Const))
		return false;
	if (!((Const *) path)->constisnull)
		navigation->call.path = TextDatumGetCString(((Const *) path)->constvalue);

	/* The query may mention an argument more than once, or not at all. */
	if (contain_volatile_functions((Node *) navigation->args) ||
		contain_subplans((Node *) navigation->args))
		return false;
	return true;
}

/*
 * A call's arguments in the order of its parameters, those that were left out
 * filled in, and with parameters of known value as constants.
 *
 * The planner would put the values in by itself if it knew its own state,
 * which there is none of yet.
 */
static List *
fold_arguments(FuncExpr *call, ParamListInfo params)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(call->funcid));
	List	   *args;

	if (!HeapTupleIsValid(tuple))
		return NIL;
	args = expand_function_arguments(copyObject(call->args), false,
									 call->funcresulttype, tuple);
	ReleaseSysCache(tuple);

	if (params)
		args = (List *) bind_params_mutator((Node *) args, params);
	return (List *) eval_const_expressions(NULL, (Node *) args);
}

/* Put constants in the place of parameters whose values will not change. */
static Node *
bind_params_mutator(Node *node, void *argument)
{
	ParamListInfo params = argument;

	if (node == NULL)
		return NULL;
	if (IsA(node, Param) && ((Param *) node)->paramkind == PARAM_EXTERN &&
		((Param *) node)->paramid > 0 &&
		((Param *) node)->paramid <= params->numParams)
	{
		Param	   *param = (Param *) node;
		ParamExternData buffer;
		ParamExternData *value = params->paramFetch
			? params->paramFetch(params, param->paramid, true, &buffer)
			: &params->params[param->paramid - 1];

		if (OidIsValid(value->ptype) && value->ptype == param->paramtype &&
			(value->pflags & PARAM_FLAG_CONST))
		{
			int16		typlen;
			bool		typbyval;

			get_typlenbyval(param->paramtype, &typlen, &typbyval);
			return (Node *) makeConst(param->paramtype, param->paramtypmod,
									  param->paramcollid, typlen,
									  value->isnull || typbyval ? value->value
									  : datumCopy(value->value, false, typlen),
									  value->isnull, typbyval);
		}
	}
	return expression_tree_mutator(node, bind_params_mutator, argument);
}

/* The relation that the source row is of. */
static bool
read_source(Navigation *navigation)
{
	Node	   *source = linitial(navigation->args);

	if (navigation->call.by_key)
	{
		if (!IsA(source, Const) || ((Const *) source)->constisnull)
			return false;
		navigation->call.source = DatumGetObjectId(((Const *) source)->constvalue);
	}
	else
		navigation->call.source = relnav_get_row_relation(exprType(source));
	return OidIsValid(navigation->call.source);
}

/*
 * The plan depends on all tables whose keys were looked at.  route is NULL if
 * there is none now; it may come to be by a change of any table, so the plan
 * is not to be kept for long.
 */
static void
note_dependencies(InlineContext *context, const Navigation *navigation,
				  const RelnavRoute *route)
{
	context->relids = lappend_oid(context->relids, navigation->call.source);
	context->relids = lappend_oid(context->relids, navigation->call.target);
	if (route)
	{
		context->relids = list_concat(context->relids, route->relids);
		context->relids = list_concat(context->relids, route->rival_relids);
	}
	else
		context->transient = true;
}

/*
 * The expressions that the generated query's parameters stand for: the source
 * row, or the columns of its key.  NIL if they cannot be made.
 */
static List *
make_source_values(const Navigation *navigation, const RelnavRoute *route,
				   InlineContext *context)
{
	List	   *given;
	List	   *result = NIL;
	ListCell   *lc;
	int			i = 0;

	if (!navigation->call.by_key &&
		row_has_grown(linitial(navigation->args), context))
		return NIL;

	/* The greatest depth is the last argument, and a parameter, too. */
	if (relnav_is_recursive(navigation->call.function))
		return list_make2(linitial(navigation->args), llast(navigation->args));
	if (!navigation->call.by_key)
		return list_make1(linitial(navigation->args));

	/* A row that is written as one has its columns; others are executed. */
	if (route->key->nkeys == 1 &&
		type_is_rowtype(getBaseType(route->key->columns[0].type)))
		given = list_make1(lsecond(navigation->args));
	else if (IsA(lsecond(navigation->args), RowExpr))
		given = ((RowExpr *) lsecond(navigation->args))->args;
	else if (IsA(lsecond(navigation->args), Const) &&
			 exprType(lsecond(navigation->args)) == RECORDOID)
		given = get_record_fields(lsecond_node(Const, navigation->args));
	else
		given = list_make1(lsecond(navigation->args));
	if (list_length(given) != route->key->nkeys)
		return NIL;
	foreach(lc, given)
	{
		Node	   *value = make_key_value(lfirst(lc), &route->key->columns[i++]);

		if (value == NULL)
			return NIL;
		result = lappend(result, value);
	}
	return result;
}

/*
 * Has a row got more columns than its entry of the range table had when the
 * statement was parsed?  Nothing parses the statement again then, unless the
 * entry is a table; and the planner has no room for these columns.
 */
static bool
row_has_grown(Node *row, InlineContext *context)
{
	Var		   *var;
	RangeTblEntry *rte;
	Oid			relid;
	HeapTuple	tuple;
	bool		result;

	while (IsA(row, RelabelType))
		row = (Node *) ((RelabelType *) row)->arg;
	var = (Var *) row;
	if (!IsA(row, Var) || var->varattno != InvalidAttrNumber ||
		(int) var->varlevelsup >= list_length(context->queries))
		return false;
	rte = rt_fetch(var->varno,
				   ((Query *) list_nth(context->queries,
									   var->varlevelsup))->rtable);
	relid = relnav_get_row_relation(var->vartype);
	if (rte->rtekind == RTE_RELATION || !OidIsValid(relid))
		return false;
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	if (!HeapTupleIsValid(tuple))
		return true;
	result = ((Form_pg_class) GETSTRUCT(tuple))->relnatts >
		list_length(rte->eref->colnames);
	ReleaseSysCache(tuple);
	return result;
}

/* The fields of a constant record as constants. */
static List *
get_record_fields(Const *record)
{
	HeapTupleHeader row;
	HeapTupleData tuple;
	TupleDesc	desc;
	List	   *result = NIL;
	int			i;

	if (record->constisnull)
		return NIL;
	row = DatumGetHeapTupleHeader(record->constvalue);
	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row),
								  HeapTupleHeaderGetTypMod(row));
	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		bool		isnull;
		Datum		value = heap_getattr(&tuple, i + 1, desc, &isnull);

		if (!isnull)
			value = datumCopy(value, att->attbyval, att->attlen);
		result = lappend(result,
						 makeConst(att->atttypid, att->atttypmod,
								   att->attcollation, att->attlen, value,
								   isnull, att->attbyval));
	}
	ReleaseTupleDesc(desc);
	return result;
}

/*
 * A value as one of a key column's type: NULL unless that is what keyvalue.c
 * would do with every value.
 */
static Node *
make_key_value(Node *value, const RelnavColumn *column)
{
	Oid			type = getBaseType(exprType(value));
	Oid			to = getBaseType(column->type);

	if (exprType(value) != type)
		value = (Node *) makeRelabelType((Expr *) value, type, -1,
										 exprCollation(value),
										 COERCE_IMPLICIT_CAST);
	if (type == to)
		return value;
	if (IsBinaryCoercible(type, to))
		return (Node *) makeRelabelType((Expr *) value, to, -1,
										get_typcollation(to),
										COERCE_IMPLICIT_CAST);
	if (type == TEXTOID)
	{
		CoerceViaIO *cast = makeNode(CoerceViaIO);

		cast->arg = (Expr *) value;
		cast->resulttype = to;
		cast->resultcollid = get_typcollation(to);
		cast->coerceformat = COERCE_IMPLICIT_CAST;
		cast->location = -1;
		return (Node *) cast;
	}

	/* A row of unknown type would have to be taken apart by the parser. */
	if (type != RECORDOID &&
		can_coerce_type(1, &type, &to, COERCION_IMPLICIT))
		return coerce_type(NULL, value, type, to, -1, COERCION_IMPLICIT,
						   COERCE_IMPLICIT_CAST, -1);
	return NULL;
}

/*
 * Make the query that replaces a call, or NULL if something about the
 * references to the call forbids it.
 */
static Query *
make_query(Query *query, int rti, RangeTblEntry *rte,
		   const Navigation *navigation, const RelnavRoute *route,
		   List *values, bool lift, InlineContext *context)
{
	RelnavSelectStyle style = {0};
	RelnavSelect *select;
	Query	   *sub;
	Oid			types[2];
	int			ncolumns;
	bool		recursive = relnav_is_recursive(navigation->call.function);
	bool		has_dropped;
	bool		has_virtual;

	/* Many ways to one row: that is not for SQL. */
	if (recursive && relnav_goes_by_levels(route))
		return NULL;

	style.source = navigation->call.by_key ? RELNAV_SOURCE_KEY : RELNAV_SOURCE_ROW;
	style.columns = recursive ? RELNAV_LIVE_COLUMNS : RELNAV_PHYSICAL_COLUMNS;
	style.target_alias = recursive ? NULL : rte->eref->aliasname;
	style.open = lift;
	style.bag = lift;

	/*
	 * The whole row of a subquery is made of its columns.  That is no good if
	 * there are more of them than the row has, nor if some are dropped: the
	 * planner would find a row with a null for each of those not to be "IS
	 * NOT NULL".  Then the row comes as a column of its own.
	 */
	ncolumns = count_columns(route->target->relid, &has_dropped, &has_virtual);
	if (recursive)
		ncolumns = 2;			/* node and depth */
	style.whole_row = (lift || has_dropped) && !recursive &&
		has_whole_row_reference(query, rti);

	/* The same with the row that a recursion puts together. */
	style.columns_apart = recursive &&
		!(has_dropped && has_whole_node_reference(query, rti));

	/* With columns that are generated on reading that does not help. */
	if (style.whole_row && has_dropped && has_virtual)
		return NULL;

	select = recursive
		? relnav_generate_recursion(route, &style)
		: relnav_generate_select(route, &style);
	types[0] = exprType(linitial(navigation->args));
	types[1] = INT4OID;
	sub = navigation->call.by_key
		? analyze_select(select, select->param_types, select->nparams, context)
		: analyze_select(select, types, list_length(values), context);
	if (sub == NULL || !references_fit(query, rti, sub, ncolumns))
		return NULL;

	if (!lift)
		sub = (Query *) replace_params((Node *) sub, values, 0, context);
	if (has_row_security((Node *) sub, NULL))
		context->role = true;

	/* Row security policies can navigate, too. */
	context->depth++;
	inline_in_query(sub, context);
	context->depth--;

	extend_column_names(rte, sub);
	if (style.whole_row)
	{
		redirect_whole_row(query, rti, list_length(sub->targetList));
		rte->functions = NIL;
	}
	return sub;
}

/*
 * Parse, analyse and rewrite a generated query.  NULL if it is not a SELECT
 * then.
 *
 * Not through pg_analyze_and_rewrite(): no other extension shall see this as
 * a statement of its own.
 */
static Query *
analyze_select(const RelnavSelect *select, Oid *types, int ntypes,
			   InlineContext *context)
{
	ErrorContextCallback callback;
	List	   *raw = pg_parse_query(select->sql);
	ParseState *pstate = make_parsestate(NULL);
	Query	   *query;
	List	   *rewritten;

	callback.callback = show_generated_query;
	callback.arg = select->sql;
	callback.previous = error_context_stack;
	error_context_stack = &callback;

	pstate->p_sourcetext = select->sql;
	setup_parse_fixed_parameters(pstate, types, ntypes);
	if (relnav_names_closed_schema(linitial_node(RawStmt, raw)->stmt))
		context->role = true;
	query = transformTopLevelStmt(pstate, linitial_node(RawStmt, raw));
	free_parsestate(pstate);

	rewritten = pg_rewrite_query(query);
	error_context_stack = callback.previous;
	if (list_length(rewritten) != 1)
		return NULL;
	query = linitial_node(Query, rewritten);
	return query->commandType == CMD_SELECT ? query : NULL;
}

/*
 * An error's position is one in the query that we have made, not in the
 * statement; the same is said where the function runs that query.
 */
static void
show_generated_query(void *argument)
{
	int			position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery(argument);
	}
}

/*
 * Put expressions in the place of a generated query's parameters.
 *
 * sublevels_up is 0 if the node is a query below the one that the expressions
 * belong to.
 */
static Node *
replace_params(Node *node, List *values, int sublevels_up,
			   InlineContext *context)
{
	ReplaceContext replace;

	replace.values = values;
	replace.sublevels_up = sublevels_up;
	replace.inlining = context;
	return replace_params_mutator(node, &replace);
}

static Node *
replace_params_mutator(Node *node, void *argument)
{
	ReplaceContext *context = argument;

	if (node == NULL)
		return NULL;

	if (IsA(node, Query))
	{
		Node	   *result;

		context->sublevels_up++;
		result = (Node *) query_tree_mutator((Query *) node,
											 replace_params_mutator, context, 0);
		context->sublevels_up--;
		return result;
	}

	if (IsA(node, FieldSelect))
	{
		Param	   *param = (Param *) ((FieldSelect *) node)->arg;

		if (IsA(param, Param) && param->paramkind == PARAM_EXTERN)
			return make_field((FieldSelect *) node,
							  list_nth(context->values, param->paramid - 1),
							  context);
	}

	if (IsA(node, Param) && ((Param *) node)->paramkind == PARAM_EXTERN)
	{
		Node	   *value = copyObject(list_nth(context->values,
												((Param *) node)->paramid - 1));

		IncrementVarSublevelsUp(value, context->sublevels_up, 0);
		return value;
	}

	return expression_tree_mutator(node, replace_params_mutator, context);
}

/*
 * A column of the source row.  If the row is a table's, or that of another
 * navigation, the column is referred to directly: the row need not be formed.
 */
static Node *
make_field(FieldSelect *field, Node *value, ReplaceContext *context)
{
	InlineContext *inlining = context->inlining;
	FieldSelect *result;
	Node	   *row = value;

	while (IsA(row, RelabelType))
		row = (Node *) ((RelabelType *) row)->arg;

	/*
	 * References from inside the planner to an upper query would have to be
	 * known to the upper query's plan, which may have been made by now.  And
	 * a row that is grouped by may be made null by grouping sets, without its
	 * columns.
	 */
	if (IsA(row, Var) && ((Var *) row)->varattno == InvalidAttrNumber &&
		(int) ((Var *) row)->varlevelsup < list_length(inlining->queries) &&
		!(inlining->in_planner && ((Var *) row)->varlevelsup > 0))
	{
		Var		   *var = (Var *) row;
		Query	   *query = list_nth(inlining->queries, var->varlevelsup);
		RangeTblEntry *rte = rt_fetch(var->varno, query->rtable);

		if (query->groupingSets == NIL &&
			((rte->rtekind == RTE_RELATION &&
			  get_rel_type_id(rte->relid) == var->vartype) ||
			 (rte->rtekind == RTE_FUNCTION &&
			  get_navigation_call(rte) != NULL &&
			  get_navigation_call(rte)->funcresulttype == var->vartype) ||
			 has_column_of(rte, field, var->vartype)))
		{
			Var		   *column = makeVar(var->varno, field->fieldnum,
										 field->resulttype,
										 field->resulttypmod,
										 field->resultcollid,
										 var->varlevelsup + context->sublevels_up);

			RelnavCopyVarContext(column, var);
			return (Node *) column;
		}
	}

	result = copyObject(field);
	result->arg = copyObject((Expr *) value);
	IncrementVarSublevelsUp((Node *) result->arg, context->sublevels_up, 0);
	return (Node *) result;
}

/*
 * Is an entry a view, or what has taken a navigation's place, that has the
 * field of the row as its column?
 */
static bool
has_column_of(RangeTblEntry *rte, const FieldSelect *field, Oid row_type)
{
	TargetEntry *entry;

	/* Rows of other subqueries have no type of their own. */
	if (rte->rtekind != RTE_SUBQUERY || !OidIsValid(relnav_get_row_relation(row_type)) ||
		field->fieldnum > list_length(rte->subquery->targetList))
		return false;
	entry = list_nth_node(TargetEntry, rte->subquery->targetList,
						  field->fieldnum - 1);
	return !entry->resjunk && entry->resno == field->fieldnum &&
		exprType((Node *) entry->expr) == field->resulttype;
}

/*
 * Have the query's columns still the types that the references to the call
 * were given when the statement was parsed?  ncolumns is how many the call
 * has; what we have added behind them nobody means.
 *
 * Nothing makes a parsed statement depend on the row type of a function in
 * FROM; so the table may have been changed meanwhile.
 */
static bool
references_fit(Query *query, int rti, Query *sub, int ncolumns)
{
	ListCell   *lc;

	foreach(lc, pull_vars_of_level((Node *) query, 0))
	{
		Var		   *var = lfirst(lc);
		Node	   *column;

		if (!IsA(var, Var) || var->varno != rti ||
			var->varattno == InvalidAttrNumber)
			continue;
		if (var->varattno < 0 || var->varattno > ncolumns)
			return false;
		column = (Node *) list_nth_node(TargetEntry, sub->targetList,
										var->varattno - 1)->expr;
		if (exprType(column) != var->vartype ||
			exprTypmod(column) != var->vartypmod ||
			exprCollation(column) != var->varcollid ||
			IsA(column, Const)) /* dropped */
			return false;
	}
	return true;
}

/* Does anything refer to a call's whole row? */
static bool
has_whole_row_reference(Query *query, int rti)
{
	ListCell   *lc;

	foreach(lc, pull_vars_of_level((Node *) query, 0))
	{
		Var		   *var = lfirst(lc);

		if (IsA(var, Var) && var->varno == rti &&
			var->varattno == InvalidAttrNumber)
			return true;
	}
	return false;
}

/*
 * Does anything refer to a recursion's node, its first column, other than to
 * take a field of it?
 */
static bool
has_whole_node_reference(Query *query, int rti)
{
	NodeReference node = {rti, 0};

	return query_tree_walker(query, whole_node_walker, &node, 0);
}

static bool
whole_node_walker(Node *node, void *argument)
{
	NodeReference *reference = argument;

	if (node == NULL)
		return false;
	if (IsA(node, FieldSelect) && IsA(((FieldSelect *) node)->arg, Var) &&
		((Var *) ((FieldSelect *) node)->arg)->varattno != InvalidAttrNumber)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varno == reference->rti &&
			((Var *) node)->varlevelsup == reference->sublevels_up &&
			((Var *) node)->varattno <= 1;
	if (IsA(node, Query))
	{
		bool		result;

		reference->sublevels_up++;
		result = query_tree_walker((Query *) node, whole_node_walker,
								   reference, 0);
		reference->sublevels_up--;
		return result;
	}
	return expression_tree_walker(node, whole_node_walker, reference);
}

/* Let all references to a call's whole row be to a column instead. */
static void
redirect_whole_row(Query *query, int rti, int attnum)
{
	ListCell   *lc;

	foreach(lc, pull_vars_of_level((Node *) query, 0))
	{
		Var		   *var = lfirst(lc);

		if (!IsA(var, Var) || var->varno != rti ||
			var->varattno != InvalidAttrNumber)
			continue;
		var->varattno = attnum;
		if (var->varnosyn == (Index) rti)
			var->varattnosyn = attnum;
	}
}

/*
 * Give a name to each column of the query.  There are more of them than the
 * call had if columns were added to the table since.  If the statement was
 * parsed in a transaction that added some, and was rolled back, there are
 * fewer; nobody looks at the names that are left over.
 */
static void
extend_column_names(RangeTblEntry *rte, Query *sub)
{
	int			ncolumns = list_length(sub->targetList);
	int			i;

	if (list_length(rte->eref->colnames) >= ncolumns)
		return;
	rte->eref = copyObject(rte->eref);
	for (i = list_length(rte->eref->colnames); i < ncolumns; i++)
	{
		TargetEntry *entry = list_nth_node(TargetEntry, sub->targetList, i);

		rte->eref->colnames =
			lappend(rte->eref->colnames,
					makeString(pstrdup(entry->resname ? entry->resname : "")));
	}
}

/*
 * The number of a relation's physical columns, and whether any of them is
 * dropped, or generated when it is read.  The relation must be locked.
 */
static int
count_columns(Oid relid, bool *has_dropped, bool *has_virtual)
{
	Relation	rel = table_open(relid, NoLock);
	int			natts = RelationGetNumberOfAttributes(rel);
	int			i;

	*has_dropped = *has_virtual = false;
	for (i = 0; i < natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(RelationGetDescr(rel), i);

		*has_dropped |= att->attisdropped;
		*has_virtual |= att->attgenerated == ATTRIBUTE_GENERATED_VIRTUAL;
	}
	table_close(rel, NoLock);
	return natts;
}

/* Does the source row come from a query around this one, and from there only? */
static bool
is_from_outside(List *values)
{
	return contain_vars_of_level((Node *) values, 1) &&
		!contain_vars_of_level((Node *) values, 0);
}

/*
 * Does row security apply to a query, or to any in it?  Servers before 15.9,
 * 16.5 and 17.1 do not say so of the query around it.
 */
static bool
has_row_security(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
		return ((Query *) node)->hasRowSecurity ||
			query_tree_walker((Query *) node, has_row_security, context, 0);
	return expression_tree_walker(node, has_row_security, context);
}

/*
 * Could what we are in be a row security policy?
 *
 * A policy that navigates to its own table ends because each step follows one
 * key.  As a semi-join it could read the whole table at each step, and check
 * the policy for all of it.
 */
static bool
is_below_row_security(InlineContext *context)
{
	ListCell   *lc;

	if (context->depth > 0)
		return true;
	foreach(lc, context->queries)
	{
		if (lfirst_node(Query, lc)->hasRowSecurity)
			return true;
	}
	return false;
}

/*
 * Does a query under EXISTS care how often a row comes?  Then it must not come
 * more often than the navigation would return it.
 */
static bool
counts_rows(Query *query)
{
	return query->hasAggs || query->hasWindowFuncs || query->hasTargetSRFs ||
		query->groupClause || query->groupingSets || query->havingQual ||
		query->limitOffset || query->limitCount || query->setOperations;
}

/*
 * Look for the WHERE or ON clause to which a condition on an entry of the join
 * tree can be added: the nearest WHERE clause above it, or the condition of an
 * outer join that can make the entry null.
 *
 * Sets *condition when that clause is found; nothing may be taken from either
 * side of a full join.
 */
static Search
find_condition(Node *jointree, int rti, Node ***condition)
{
	Search		search = SEARCH_ABSENT;

	if (IsA(jointree, RangeTblRef))
	{
		if (((RangeTblRef *) jointree)->rtindex == rti)
			search = SEARCH_GOES_ON;
	}
	else if (IsA(jointree, FromExpr))
	{
		FromExpr   *from = (FromExpr *) jointree;
		ListCell   *lc;

		foreach(lc, from->fromlist)
		{
			search = find_condition(lfirst(lc), rti, condition);
			if (search != SEARCH_ABSENT)
				break;
		}
		if (search == SEARCH_GOES_ON)
		{
			*condition = &from->quals;
			search = SEARCH_ENDED;
		}
	}
	else if (IsA(jointree, JoinExpr))
	{
		JoinExpr   *join = (JoinExpr *) jointree;
		JoinType	makes_null = JOIN_RIGHT;

		search = find_condition(join->larg, rti, condition);
		if (search == SEARCH_ABSENT)
		{
			makes_null = JOIN_LEFT;
			search = find_condition(join->rarg, rti, condition);
		}
		if (search == SEARCH_GOES_ON && join->jointype == makes_null)
		{
			*condition = &join->quals;
			search = SEARCH_ENDED;
		}
		else if (search == SEARCH_GOES_ON && join->jointype == JOIN_FULL)
			search = SEARCH_ENDED;
	}
	return search;
}

/* Add the comparison with the source to a condition. */
static void
lift_condition(Node **condition, int rti, Query *sub,
			   const Navigation *navigation, const RelnavRoute *route,
			   List *values, InlineContext *context)
{
	const RelnavRelationship *hop = linitial(route->hops);
	RelnavSelectStyle style = {0};
	RelnavSelect *select;
	Query	   *comparison;
	int			nvalues = list_length(values);
	Oid		   *types = palloc(sizeof(Oid) * (hop->near->nkeys + nvalues));
	List	   *operands = list_copy(values);
	Node	   *expr;
	bool		has_dropped;
	bool		has_virtual;
	int			natts = count_columns(route->target->relid, &has_dropped,
									  &has_virtual);
	int			i;

	style.source = navigation->call.by_key ? RELNAV_SOURCE_KEY : RELNAV_SOURCE_ROW;
	select = relnav_generate_source_condition(route, &style);
	if (navigation->call.by_key)
		memcpy(types, select->param_types, sizeof(Oid) * nvalues);
	else
		types[0] = exprType(linitial(values));
	for (i = 0; i < hop->near->nkeys; i++)
	{
		TargetEntry *entry = list_nth_node(TargetEntry, sub->targetList,
										   natts + i);
		Node	   *column = (Node *) entry->expr;

		types[nvalues + i] = exprType(column);
		operands = lappend(operands,
						   makeVar(rti, natts + i + 1, exprType(column),
								   exprTypmod(column), exprCollation(column), 0));
	}
	comparison = analyze_select(select, types, nvalues + hop->near->nkeys,
								context);
	expr = (Node *) linitial_node(TargetEntry, comparison->targetList)->expr;
	expr = replace_params(expr, operands, 0, context);
	*condition = *condition ? (Node *) make_and_qual(*condition, expr) : expr;
}

/* The relations that the plan depends on, each once. */
static List *
get_relids(const InlineContext *context)
{
	List	   *result = list_copy(context->relids);

	list_sort(result, list_oid_cmp);
	list_deduplicate_oid(result);
	return result;
}

/* What the plan depends on although it does not mention it. */
static void
add_dependencies(PlannedStmt *stmt, const InlineContext *context)
{
	ListCell   *lc;

	if (context->role)
		stmt->dependsOnRole = true;
	if (context->transient)
		stmt->transientPlan = true;
	stmt->relationOids = list_concat(stmt->relationOids, get_relids(context));
	foreach(lc, context->functions)
	{
		PlanInvalItem *item = makeNode(PlanInvalItem);

		item->cacheId = PROCOID;
		item->hashValue = GetSysCacheHashValue1(PROCOID,
												ObjectIdGetDatum(lfirst_oid(lc)));
		stmt->invalItems = lappend(stmt->invalItems, item);
	}
}

/*
 * Support function of the navigations: a query in their place, where the
 * server asks for it, and how many rows one call returns.
 */
Datum
relnav_navigation_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

#ifdef RELNAV_HAS_INLINE_IN_FROM
	if (IsA(request, SupportRequestInlineInFrom))
		PG_RETURN_POINTER(inline_for_planner((SupportRequestInlineInFrom *) request));
#endif
	if (IsA(request, SupportRequestRows))
	{
		SupportRequestRows *rows = (SupportRequestRows *) request;
		InlineContext context = {0};
		Navigation	navigation = {0};
		RelnavRoute *route;

		context.in_planner = true;
		if (rows->node == NULL || !IsA(rows->node, FuncExpr) ||
			!read_navigation((FuncExpr *) rows->node, &navigation, &context) ||
			relnav_is_recursive(navigation.call.function))
			PG_RETURN_POINTER(NULL);
		route = relnav_find_route(&navigation.call);
		if (route == NULL)
			PG_RETURN_POINTER(NULL);
		rows->rows = estimate_rows(route);
		PG_RETURN_POINTER(rows);
	}
	PG_RETURN_POINTER(NULL);
}

#ifdef RELNAV_HAS_INLINE_IN_FROM
/*
 * Row security may go on for ever here as well, but the planner does not say
 * whether it does, only how deep it is.
 */
#define MAX_PLANNER_LEVELS 10

/*
 * The query in the place of a call that the planner has come to.
 *
 * We are in a temporary context of the caller's, who copies the result out of
 * it; what we add to the statement must not be there.
 */
static Query *
inline_for_planner(SupportRequestInlineInFrom *request)
{
	PlannerInfo *root = request->root;
	InlineContext context = {0};
	MemoryContext old;
	Query	   *sub = NULL;
	PlannerInfo *level;
	ListCell   *lc;
	int			rti = 0;

	if (!relnav_inline || root == NULL)
		return NULL;

	old = MemoryContextSwitchTo(root->planner_cxt);
	context.in_planner = true;
	for (level = root; level; level = level->parent_root)
		context.queries = lappend(context.queries, level->parse);
	if (list_length(context.queries) > MAX_PLANNER_LEVELS ||
		is_below_row_security(&context))
	{
		MemoryContextSwitchTo(old);
		return NULL;
	}

	foreach(lc, root->parse->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);
		Navigation	navigation = {0};
		RelnavRoute *route;
		List	   *values;

		rti++;
		if (rte->rtekind != RTE_FUNCTION || list_length(rte->functions) != 1 ||
			linitial(rte->functions) != request->rtfunc)
			continue;
		if (!read_navigation((FuncExpr *) request->rtfunc->funcexpr,
							 &navigation, &context))
			break;

		/*
		 * The server takes every parameter in our query for one of the
		 * function's, so none of the statement's may be there.
		 */
		if (has_param((Node *) navigation.args, NULL))
			break;
		route = relnav_find_route(&navigation.call);
		note_dependencies(&context, &navigation, route);
		if (route == NULL)
			break;
		values = make_source_values(&navigation, route, &context);
		if (values != NIL)
			sub = make_query(root->parse, rti, rte, &navigation, route, values,
							 false, &context);
		break;
	}

	if (context.role)
		root->glob->dependsOnRole = true;
	if (context.transient)
		root->glob->transientPlan = true;
	root->glob->relationOids = list_concat(root->glob->relationOids,
										   get_relids(&context));
	MemoryContextSwitchTo(old);
	return sub;
}

/* Is there a parameter of the statement in an expression? */
static bool
has_param(Node *node, void *argument)
{
	if (node == NULL)
		return false;
	if (IsA(node, Param) && ((Param *) node)->paramkind == PARAM_EXTERN)
		return true;
	return expression_tree_walker(node, has_param, argument);
}
#endif

/*
 * How many rows a route leads to from one row, on average.
 */
static double
estimate_rows(const RelnavRoute *route)
{
	double		rows = 1;
	double		all = relnav_get_row_count(route->target->relid);
	ListCell   *lc;

	foreach(lc, route->hops)
		rows *= estimate_hop(lfirst(lc));
	if (all >= 0)
		rows = Min(rows, all);
	return clamp_row_est(rows);
}

/*
 * How many rows one hop leads to: the referencing rows are shared out among
 * the referenced ones.
 */
static double
estimate_hop(const RelnavRelationship *hop)
{
	Oid			referencing = hop->near->table->rel->relid;
	double		nreferencing = relnav_get_row_count(referencing);
	double		nreferenced = relnav_get_row_count(hop->near->pk_rel->relid);

	if (!relnav_is_to_many(hop))
		return 1;
	if (nreferencing < 0 || nreferenced < 1)
		return 10;				/* never analyzed; as the function says */
	return nreferencing * (1 - get_null_fraction(referencing,
												 &hop->near->fk_cols[0])) /
		nreferenced;
}

/*
 * The part of a column's values that is null, 0 if that is not known or the
 * caller may not know: EXPLAIN would tell him, as pg_stats would not.
 */
static double
get_null_fraction(Oid relid, const RelnavColumn *column)
{
	HeapTuple	tuple;
	double		result;

	if (!relnav_may_read_columns(relid, column, 1) || relnav_has_policies(relid))
		return 0;
	tuple = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(relid),
							Int16GetDatum(column->attnum),
							BoolGetDatum(get_rel_relkind(relid) ==
										 RELKIND_PARTITIONED_TABLE));
	if (!HeapTupleIsValid(tuple))
		return 0;
	result = ((Form_pg_statistic) GETSTRUCT(tuple))->stanullfrac;
	ReleaseSysCache(tuple);
	return result;
}
