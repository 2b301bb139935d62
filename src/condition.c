/*-------------------------------------------------------------------------
 *
 * condition.c
 *	  A condition that somebody wrote, as SQL that may be run.
 *
 * The text of a condition never reaches the SQL that we run.  It is parsed
 * alone, as one expression, so that nothing in it can end the place where it
 * stands.  It is analysed against the columns of one relation.  What comes
 * out is checked node by node against a list of what is allowed, and then
 * written anew by us: columns with our alias, operators, types and collations
 * with their schemas, constants as parameters.  Two texts that differ only in
 * constants give the same SQL.
 *
 * The text means what it would mean in the WHERE clause of a query on this
 * relation with a search_path of pg_catalog and the schemas of the types that
 * it is about: those of the columns it names, and those that it names itself
 * in casts.  So the operators of an extension's type are found, wherever the
 * extension is, and the user's search_path does not matter, neither now nor
 * when a plan that was kept is used again.
 *
 * What we write must be read as the tree that it was written from:
 *
 * - each cast stands as an explicit one, also those that the server has put
 *   in, so that each operand has the very type that its operator takes;
 *
 * - a parameter has the collation of its type.  So has a constant, unless it
 *   is the value of an expression that we have evaluated; if it has another
 *   one then, it remains an expression;
 *
 * - IS DISTINCT FROM finds its operator by the search_path, and there is no
 *   way to write which one is meant.  We spell out what it does.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "condition.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "setting.h"
#include "sqlbuf.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/* A condition on its way from text to SQL. */
typedef struct ConditionContext
{
	/* Unchanging. */
	const char *spec;
	int			at;				/* where the condition is in the spec */
	Oid			relid;
	const char *alias;
	int			first_param;

	List	   *schemas;		/* of char *: where its types are */
	StringInfoData buf;			/* the SQL so far */
	List	   *constants;		/* of Const *, in the order of parameters */
	bool		is_lasting;
} ConditionContext;

static Node *parse_alone(ConditionContext *c, const char *source);
static bool collect_schemas(Node *node, void *context);
static void collect_column_schema(ConditionContext *c, ColumnRef *ref);
static void collect_schema(ConditionContext *c, const char *schema);
static void set_search_path(ConditionContext *c);
static Node *analyse_condition(ConditionContext *c, const char *source, Node *raw);
static bool check_node(Node *node, void *context);
static void check_function_call(ConditionContext *c, FuncExpr *call);
static bool is_time_function(SQLValueFunction *function);
static const char *describe_node(Node *node);
static bool is_volatile(Oid function, void *context);
static Node *fold_constants(Node *node, void *context);
static Node *fold_node(Node *node);
static Node *get_cast_argument(Node *node);
static void append_expression(ConditionContext *c, Node *node);
static void append_operation(ConditionContext *c, OpExpr *op);
static void append_array_operation(ConditionContext *c, ScalarArrayOpExpr *op);
static void append_distinct(ConditionContext *c, DistinctExpr *op);
static bool contains_distinct(Node *node, void *context);
static char *make_operand(ConditionContext *c, Node *node);
static void append_boolean(ConditionContext *c, BoolExpr *expr);
static void append_boolean_test(ConditionContext *c, BooleanTest *test);
static void append_time_function(ConditionContext *c, SQLValueFunction *function);
static void append_cast(ConditionContext *c, Node *node);
static void append_array(ConditionContext *c, ArrayExpr *array);
static void append_parameter(ConditionContext *c, Const *constant);
static RelnavCondition *make_condition(ConditionContext *c);
static bool is_read_alike(Oid type);
static int	get_location(Node *node);
pg_noreturn static void report_not_one_expression(ConditionContext *c, Node *node);
pg_noreturn static void report_not_allowed(ConditionContext *c, Node *node,
										   const char *what);

/*
 * Get a condition on the rows of a relation as SQL.
 *
 * The relation must be locked; no other lock is taken.  In the SQL its
 * columns are those of alias, and constants are parameters from $first_param
 * on, whose types and values are part of the result.  The result is in the
 * current memory context.
 *
 * Raises an error, which shows the place in the spec, if the text is not one
 * expression of type boolean, or if it contains what is not allowed.
 */
RelnavCondition *
relnav_get_condition(const char *spec, const RelnavSpecCondition *where,
					 Oid relid, const char *alias, int first_param)
{
	ConditionContext c = {0};
	RelnavSpecErrors errors;
	RelnavCondition *result = NULL;
	char	   *source;
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "relnav condition",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old_context = MemoryContextSwitchTo(context);

	c.spec = spec;
	c.at = where->at;
	c.relid = relid;
	c.alias = alias;
	c.first_param = first_param;
	c.is_lasting = true;
	initStringInfo(&c.buf);
	source = pnstrdup(spec + where->at, where->length);

	relnav_begin_spec_errors(&errors, spec, source, where->at);
	PG_TRY();
	{
		Node	   *expr = parse_alone(&c, source);
		int			nestlevel = NewGUCNestLevel();

		/* Warnings have positions, too. */
		errors.position = 0;

		(void) collect_schemas(expr, &c);
		set_search_path(&c);
		expr = analyse_condition(&c, source, expr);
		(void) check_node(expr, &c);
		expr = fold_constants(expr, NULL);

		/* If there is an error, the end of the transaction does this. */
		AtEOXact_GUC(true, nestlevel);

		appendStringInfoChar(&c.buf, '(');
		append_expression(&c, expr);
		appendStringInfoChar(&c.buf, ')');
	}
	PG_CATCH();
	{
		relnav_rethrow_spec_error(&errors);
	}
	PG_END_TRY();
	relnav_end_spec_errors(&errors);

	MemoryContextSwitchTo(old_context);
	result = make_condition(&c);
	MemoryContextDelete(context);
	return result;
}

/*
 * Parse the text as one expression.
 *
 * The server's mode for expressions of PL/pgSQL takes what can stand after
 * SELECT, but no second statement, no set operation, no WITH and no INTO.
 * All that is not one expression is refused here.
 */
static Node *
parse_alone(ConditionContext *c, const char *source)
{
	List	   *statements = raw_parser(source, RAW_PARSE_PLPGSQL_EXPR);
	SelectStmt *select = castNode(SelectStmt, linitial_node(RawStmt, statements)->stmt);
	ResTarget  *target;
	Node	   *others[] = {
		(Node *) select->distinctClause, (Node *) select->fromClause,
		select->whereClause, (Node *) select->groupClause,
		select->havingClause, (Node *) select->windowClause,
		(Node *) select->sortClause, select->limitOffset,
		select->limitCount, (Node *) select->lockingClause
	};
	int			i;

	for (i = 0; i < (int) lengthof(others); i++)
	{
		if (others[i] != NULL)
			report_not_one_expression(c, others[i]);
	}
	if (list_length(select->targetList) != 1)
		report_not_one_expression(c, select->targetList == NIL ? NULL :
								  lsecond(select->targetList));
	target = linitial_node(ResTarget, select->targetList);
	if (target->name != NULL || target->indirection != NIL)
		report_not_one_expression(c, (Node *) target);
	return target->val;
}

/*
 * A walker over the raw expression: where are the types that it is about?
 *
 * Two things are refused here: sub-selects, before anything in them is looked
 * up, and "*", which the server takes for a column where no target list is.
 */
static bool
collect_schemas(Node *node, void *context)
{
	ConditionContext *c = context;

	if (node == NULL)
		return false;

	if (IsA(node, SubLink))
		report_not_allowed(c, node, "a sub-select");
	if (IsA(node, ColumnRef))
	{
		if (IsA(llast(((ColumnRef *) node)->fields), A_Star))
			report_not_allowed(c, node, "\"*\"");
		collect_column_schema(c, (ColumnRef *) node);
	}
	if (IsA(node, TypeName))
	{
		List	   *names = ((TypeName *) node)->names;

		/* Without a schema it is one of pg_catalog or of the columns'. */
		if (list_length(names) > 1)
			collect_schema(c, strVal(list_nth(names, list_length(names) - 2)));
	}
	return raw_expression_tree_walker(node, collect_schemas, context);
}

/*
 * The schema of a column's type.  Of a domain it is the schema of the type
 * below it, as operators are looked up for that; of an array, that of its
 * elements.
 */
static void
collect_column_schema(ConditionContext *c, ColumnRef *ref)
{
	AttrNumber	attnum = get_attnum(c->relid, strVal(llast(ref->fields)));
	Oid			type;
	Oid			element;
	HeapTuple	tuple;

	if (attnum <= 0)
		return;

	type = getBaseType(get_atttype(c->relid, attnum));
	element = get_element_type(type);
	if (OidIsValid(element))
		type = getBaseType(element);
	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	collect_schema(c, get_namespace_name(((Form_pg_type) GETSTRUCT(tuple))->typnamespace));
	ReleaseSysCache(tuple);
}

static void
collect_schema(ConditionContext *c, const char *schema)
{
	ListCell   *lc;

	/* What is temporary must not hide anything. */
	if (schema == NULL || strncmp(schema, "pg_temp", 7) == 0 ||
		strcmp(schema, "pg_catalog") == 0)
		return;
	foreach(lc, c->schemas)
	{
		if (strcmp(lfirst(lc), schema) == 0)
			return;
	}
	c->schemas = lappend(c->schemas, (char *) schema);
}

/*
 * Look for operators, types and collations in pg_catalog and the schemas that
 * were found, until the end of the GUC nest level.  Unless we say so, types
 * would be looked for among temporary ones first.
 */
static void
set_search_path(ConditionContext *c)
{
	StringInfoData path;
	ListCell   *lc;

	initStringInfo(&path);
	appendStringInfoString(&path, "pg_catalog");
	foreach(lc, c->schemas)
		appendStringInfo(&path, ", %s", quote_identifier(lfirst(lc)));
	appendStringInfoString(&path, ", pg_temp");
	relnav_change_setting("search_path", path.data);
}

/*
 * Analyse the raw expression as a WHERE clause of a query on the relation.
 */
static Node *
analyse_condition(ConditionContext *c, const char *source, Node *raw)
{
	ParseState *pstate = make_parsestate(NULL);
	Relation	rel = table_open(c->relid, NoLock);
	Node	   *expr;

	pstate->p_sourcetext = source;
	addNSItemToQuery(pstate,
					 addRangeTableEntryForRelation(pstate, rel, AccessShareLock,
												   NULL, false, true),
					 false, true, true);
	expr = transformExpr(pstate, raw, EXPR_KIND_WHERE);
	expr = coerce_to_boolean(pstate, expr, "WHERE");
	assign_expr_collations(pstate, expr);

	table_close(rel, NoLock);
	free_parsestate(pstate);
	return expr;
}

/*
 * A walker over the analysed expression: is each node one of those that are
 * allowed?  append_expression() knows the same ones.
 */
static bool
check_node(Node *node, void *context)
{
	ConditionContext *c = context;

	if (node == NULL)
		return false;

	switch (nodeTag(node))
	{
		case T_Const:
			/* What is made of it may be of another type. */
			if (!is_read_alike(((Const *) node)->consttype))
				c->is_lasting = false;
			break;

		case T_List:
		case T_OpExpr:
		case T_DistinctExpr:
		case T_ScalarArrayOpExpr:
		case T_BoolExpr:
		case T_BooleanTest:
		case T_RelabelType:
		case T_CoerceViaIO:
		case T_ArrayCoerceExpr:
		case T_CaseTestExpr:	/* in ArrayCoerceExpr; CASE is not allowed */
		case T_ArrayExpr:
		case T_CollateExpr:
			break;

		case T_Var:
			if (((Var *) node)->varattno == 0)
				report_not_allowed(c, node, "a whole row");
			if (((Var *) node)->varattno < 0)
				report_not_allowed(c, node, "a system column");
			break;

		case T_NullTest:

			/* This could mean the row or each of its fields. */
			if (type_is_rowtype(exprType((Node *) ((NullTest *) node)->arg)))
				report_not_allowed(c, node, "IS NULL for a row");
			break;

		case T_SQLValueFunction:
			if (!is_time_function((SQLValueFunction *) node))
				report_not_allowed(c, node, "a function other than now()");
			break;

		case T_FuncExpr:
			check_function_call(c, (FuncExpr *) node);
			break;

		default:
			report_not_allowed(c, node, describe_node(node));
	}

	if (check_functions_in_node(node, is_volatile, NULL))
		report_not_allowed(c, node,
						   IsA(node, FuncExpr) || IsA(node, CoerceViaIO) ?
						   "a volatile cast" : "a volatile operator");
	return expression_tree_walker(node, check_node, context);
}

/* The calls that are allowed are now() and those that make a cast. */
static void
check_function_call(ConditionContext *c, FuncExpr *call)
{
	if (call->funcid != F_NOW &&
		call->funcformat != COERCE_EXPLICIT_CAST &&
		call->funcformat != COERCE_IMPLICIT_CAST)
		report_not_allowed(c, (Node *) call, "a function other than now()");
}

/* CURRENT_DATE and the like, but not CURRENT_USER? */
static bool
is_time_function(SQLValueFunction *function)
{
	return function->op <= SVFOP_LOCALTIMESTAMP_N;
}

/* A node that is not allowed, in words. */
static const char *
describe_node(Node *node)
{
	switch (nodeTag(node))
	{
		case T_CoerceToDomain:
			return "a cast to a domain";
		case T_SubscriptingRef:
			return "a subscript";
		case T_FieldSelect:
			return "a field of a row";
		case T_RowExpr:
			return "a row";
		case T_RowCompareExpr:
			return "a comparison of rows by their order";
		case T_CaseExpr:
			return "CASE";
		case T_CoalesceExpr:
			return "COALESCE";
		case T_NullIfExpr:
			return "NULLIF";
		case T_MinMaxExpr:
			return "GREATEST or LEAST";
		default:
			return "an expression of this kind";
	}
}

static bool
is_volatile(Oid function, void *context)
{
	return func_volatile(function) == PROVOLATILE_VOLATILE;
}

/*
 * A mutator: evaluate immutable casts of constants, and arrays of constants.
 * So the constants of an IN list become one, however many there are.
 */
static Node *
fold_constants(Node *node, void *context)
{
	if (node == NULL)
		return NULL;

	/* No operator has taken this literal, so nobody has given it a type. */
	if (IsA(node, Const) && ((Const *) node)->consttype == UNKNOWNOID)
		return coerce_type(NULL, node, UNKNOWNOID, TEXTOID, -1,
						   COERCION_IMPLICIT, COERCE_IMPLICIT_CAST, -1);

	node = expression_tree_mutator(node, fold_constants, context);
	switch (nodeTag(node))
	{
		case T_RelabelType:
		case T_CoerceViaIO:
		case T_ArrayCoerceExpr:
		case T_ArrayExpr:
			return fold_node(node);

		case T_FuncExpr:
			if (((FuncExpr *) node)->funcid != F_NOW)
				return fold_node(node);
			break;

		default:
			break;
	}
	return node;
}

/*
 * Evaluate a node if all below it are constants, so that a parameter can take
 * its place.
 */
static Node *
fold_node(Node *node)
{
	Node	   *folded;

	if (IsA(node, ArrayExpr))
	{
		ListCell   *lc;

		foreach(lc, ((ArrayExpr *) node)->elements)
		{
			if (!IsA(lfirst(lc), Const))
				return node;
		}
	}
	else if (!IsA(get_cast_argument(node), Const))
		return node;

	folded = eval_const_expressions(NULL, node);
	if (IsA(folded, Const) &&
		((Const *) folded)->constcollid == get_typcollation(exprType(folded)))
		return folded;
	return node;
}

/* What is cast? */
static Node *
get_cast_argument(Node *node)
{
	switch (nodeTag(node))
	{
		case T_FuncExpr:
			return linitial(((FuncExpr *) node)->args);
		case T_RelabelType:
			return (Node *) ((RelabelType *) node)->arg;
		case T_CoerceViaIO:
			return (Node *) ((CoerceViaIO *) node)->arg;
		case T_ArrayCoerceExpr:
			return (Node *) ((ArrayCoerceExpr *) node)->arg;
		default:
			elog(ERROR, "unexpected node type %d in a cast", (int) nodeTag(node));
	}
}

/*
 * Append an expression that has been checked.  It can be an operand of
 * anything as it is.
 */
static void
append_expression(ConditionContext *c, Node *node)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();

	switch (nodeTag(node))
	{
		case T_Var:
			relnav_append_column(&c->buf, c->alias,
								 get_attname(c->relid, ((Var *) node)->varattno, false));
			break;

		case T_Const:
			append_parameter(c, (Const *) node);
			break;

		case T_OpExpr:
			append_operation(c, (OpExpr *) node);
			break;

		case T_ScalarArrayOpExpr:
			append_array_operation(c, (ScalarArrayOpExpr *) node);
			break;

		case T_DistinctExpr:
			append_distinct(c, (DistinctExpr *) node);
			break;

		case T_BoolExpr:
			append_boolean(c, (BoolExpr *) node);
			break;

		case T_NullTest:
			appendStringInfoChar(&c->buf, '(');
			append_expression(c, (Node *) ((NullTest *) node)->arg);
			appendStringInfoString(&c->buf,
								   ((NullTest *) node)->nulltesttype == IS_NULL ?
								   " IS NULL)" : " IS NOT NULL)");
			break;

		case T_BooleanTest:
			append_boolean_test(c, (BooleanTest *) node);
			break;

		case T_SQLValueFunction:
			append_time_function(c, (SQLValueFunction *) node);
			break;

		case T_FuncExpr:
			if (((FuncExpr *) node)->funcid == F_NOW)
				appendStringInfoString(&c->buf, "pg_catalog.now()");
			else
				append_cast(c, node);
			break;

		case T_RelabelType:
		case T_CoerceViaIO:
		case T_ArrayCoerceExpr:
			append_cast(c, node);
			break;

		case T_CollateExpr:
			appendStringInfoChar(&c->buf, '(');
			append_expression(c, (Node *) ((CollateExpr *) node)->arg);
			relnav_append_collation(&c->buf, ((CollateExpr *) node)->collOid);
			appendStringInfoChar(&c->buf, ')');
			break;

		case T_ArrayExpr:
			append_array(c, (ArrayExpr *) node);
			break;

		default:
			elog(ERROR, "unexpected node type %d in a condition", (int) nodeTag(node));
	}
}

/* Append an operator and its one or two operands. */
static void
append_operation(ConditionContext *c, OpExpr *op)
{
	appendStringInfoChar(&c->buf, '(');
	if (list_length(op->args) > 1)
	{
		append_expression(c, linitial(op->args));
		appendStringInfoChar(&c->buf, ' ');
	}
	relnav_append_operator(&c->buf, op->opno);
	appendStringInfoChar(&c->buf, ' ');
	append_expression(c, llast(op->args));
	appendStringInfoChar(&c->buf, ')');
}

/* Append ANY or ALL, or IN, which is the same. */
static void
append_array_operation(ConditionContext *c, ScalarArrayOpExpr *op)
{
	appendStringInfoChar(&c->buf, '(');
	append_expression(c, linitial(op->args));
	appendStringInfoChar(&c->buf, ' ');
	relnav_append_operator(&c->buf, op->opno);
	appendStringInfoString(&c->buf, op->useOr ? " ANY (" : " ALL (");
	append_expression(c, lsecond(op->args));
	appendStringInfoString(&c->buf, "))");
}

/*
 * Append what IS DISTINCT FROM does: if none of the operands is null it is
 * what the operator says; else it is whether only one of them is.
 *
 *	((a IS NOT DISTINCT FROM NULL OR b IS NOT DISTINCT FROM NULL
 *	  OR NOT (a OPERATOR(pg_catalog.=) b))
 *	 AND (a IS DISTINCT FROM NULL OR b IS DISTINCT FROM NULL))
 *
 * With the word NULL no operator is looked up: it is IS NULL, but also for
 * rows whose fields are null.
 */
static void
append_distinct(ConditionContext *c, DistinctExpr *op)
{
	Node	   *left = linitial(op->args);
	Node	   *right = lsecond(op->args);
	char	   *a;
	char	   *b;

	/* They are written several times, so this would grow exponentially. */
	if (contains_distinct(left, NULL) || contains_distinct(right, NULL))
		report_not_allowed(c, (Node *) op, "IS DISTINCT FROM within an operand of another");

	a = make_operand(c, left);
	b = make_operand(c, right);
	appendStringInfo(&c->buf,
					 "((%s IS NOT DISTINCT FROM NULL OR %s IS NOT DISTINCT FROM NULL OR NOT (%s ",
					 a, b, a);
	relnav_append_operator(&c->buf, op->opno);
	appendStringInfo(&c->buf,
					 " %s)) AND (%s IS DISTINCT FROM NULL OR %s IS DISTINCT FROM NULL))",
					 b, a, b);
}

static bool
contains_distinct(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, DistinctExpr))
		return true;
	return expression_tree_walker(node, contains_distinct, context);
}

/* An operand as a string of its own. */
static char *
make_operand(ConditionContext *c, Node *node)
{
	StringInfoData outer = c->buf;
	char	   *result;

	initStringInfo(&c->buf);
	append_expression(c, node);
	result = c->buf.data;
	c->buf = outer;
	return result;
}

/* Append AND, OR or NOT. */
static void
append_boolean(ConditionContext *c, BoolExpr *expr)
{
	const char *separator = expr->boolop == AND_EXPR ? " AND " : " OR ";
	ListCell   *lc;

	appendStringInfoString(&c->buf, expr->boolop == NOT_EXPR ? "(NOT " : "(");
	foreach(lc, expr->args)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(&c->buf, separator);
		append_expression(c, lfirst(lc));
	}
	appendStringInfoChar(&c->buf, ')');
}

/* Append IS TRUE and the like. */
static void
append_boolean_test(ConditionContext *c, BooleanTest *test)
{
	static const char *const tests[] = {
		[IS_TRUE] = "TRUE",
		[IS_NOT_TRUE] = "NOT TRUE",
		[IS_FALSE] = "FALSE",
		[IS_NOT_FALSE] = "NOT FALSE",
		[IS_UNKNOWN] = "UNKNOWN",
		[IS_NOT_UNKNOWN] = "NOT UNKNOWN"
	};

	appendStringInfoChar(&c->buf, '(');
	append_expression(c, (Node *) test->arg);
	appendStringInfo(&c->buf, " IS %s)", tests[test->booltesttype]);
}

/* Append CURRENT_DATE and the like. */
static void
append_time_function(ConditionContext *c, SQLValueFunction *function)
{
	static const char *const names[] = {
		[SVFOP_CURRENT_DATE] = "CURRENT_DATE",
		[SVFOP_CURRENT_TIME] = "CURRENT_TIME",
		[SVFOP_CURRENT_TIME_N] = "CURRENT_TIME",
		[SVFOP_CURRENT_TIMESTAMP] = "CURRENT_TIMESTAMP",
		[SVFOP_CURRENT_TIMESTAMP_N] = "CURRENT_TIMESTAMP",
		[SVFOP_LOCALTIME] = "LOCALTIME",
		[SVFOP_LOCALTIME_N] = "LOCALTIME",
		[SVFOP_LOCALTIMESTAMP] = "LOCALTIMESTAMP",
		[SVFOP_LOCALTIMESTAMP_N] = "LOCALTIMESTAMP"
	};

	appendStringInfoString(&c->buf, names[function->op]);
	if (function->typmod >= 0)
		appendStringInfo(&c->buf, "(%d)", function->typmod);
}

/*
 * Append a cast.
 *
 * The server applies a cast of ARRAY[] to the elements, so that is cast to
 * the type that it has before.
 */
static void
append_cast(ConditionContext *c, Node *node)
{
	Node	   *arg = get_cast_argument(node);

	append_expression(c, arg);
	if (IsA(arg, ArrayExpr))
		relnav_append_cast_with_typmod(&c->buf, exprType(arg), exprTypmod(arg));
	relnav_append_cast_with_typmod(&c->buf, exprType(node), exprTypmod(node));
}

/* Append an array whose elements are not all constants. */
static void
append_array(ConditionContext *c, ArrayExpr *array)
{
	ListCell   *lc;

	appendStringInfoString(&c->buf, "ARRAY[");
	foreach(lc, array->elements)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(&c->buf, ", ");
		append_expression(c, lfirst(lc));
	}
	appendStringInfoChar(&c->buf, ']');
}

/* Append a parameter in the place of a constant. */
static void
append_parameter(ConditionContext *c, Const *constant)
{
	appendStringInfo(&c->buf, "$%d", c->first_param + list_length(c->constants));
	c->constants = lappend(c->constants, constant);
}

/* The result, in the current memory context. */
static RelnavCondition *
make_condition(ConditionContext *c)
{
	RelnavCondition *result = palloc(sizeof(RelnavCondition));
	int			n = list_length(c->constants);
	ListCell   *lc;

	result->sql = pnstrdup(c->buf.data, c->buf.len);
	result->nparams = n;
	result->types = palloc(sizeof(Oid) * n);
	result->values = palloc(sizeof(Datum) * n);
	result->nulls = palloc(sizeof(bool) * n);
	result->is_lasting = c->is_lasting;
	foreach(lc, c->constants)
	{
		Const	   *constant = lfirst_node(Const, lc);
		int			i = foreach_current_index(lc);

		result->types[i] = constant->consttype;
		result->nulls[i] = constant->constisnull;
		result->values[i] = constant->constisnull ? (Datum) 0 :
			datumCopy(constant->constvalue, constant->constbyval,
					  constant->constlen);
	}
	return result;
}

/*
 * Are literals of a type read the same whatever the settings are?  Those of
 * dates and times are not, nor those of types that are found by their names.
 */
static bool
is_read_alike(Oid type)
{
	Oid			element = get_element_type(type);
	Oid			infunc;
	Oid			ioparam;

	getTypeInputInfo(OidIsValid(element) ? element : type, &infunc, &ioparam);
	return func_volatile(infunc) == PROVOLATILE_IMMUTABLE;
}

/*
 * Where in the condition is this node?  An operation is where its operator
 * is, which is not what exprLocation() says.
 */
static int
get_location(Node *node)
{
	int			location;

	if (node == NULL)
		return 0;
	switch (nodeTag(node))
	{
		case T_OpExpr:
		case T_DistinctExpr:
			location = ((OpExpr *) node)->location;
			break;
		case T_ScalarArrayOpExpr:
			location = ((ScalarArrayOpExpr *) node)->location;
			break;
		default:
			location = exprLocation(node);
			break;
	}
	return Max(location, 0);
}

static void
report_not_one_expression(ConditionContext *c, Node *node)
{
	ereport(ERROR,
			(errcode(ERRCODE_SYNTAX_ERROR),
			 errmsg("invalid tree spec"),
			 errdetail_internal("A condition is one expression, and nothing else.\n%s",
								relnav_mark_spec(c->spec, c->at + get_location(node))),
			 errhint("Items stand before it, and order by, limit and offset after it, as in orders(id, total where total > 10 order by id limit 5).")));
}

/* what says in words what is not allowed. */
static void
report_not_allowed(ConditionContext *c, Node *node, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("a condition in a tree spec cannot contain %s", what),
			 errdetail("In the spec:\n%s",
					   relnav_mark_spec(c->spec, c->at + get_location(node))),
			 errhint("It may contain columns, constants, operators, casts, AND, OR, NOT, IN, ANY, BETWEEN, LIKE, IS NULL, IS TRUE, IS DISTINCT FROM, COLLATE, CURRENT_DATE, CURRENT_TIMESTAMP and now().")));
}
