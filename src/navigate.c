/*-------------------------------------------------------------------------
 *
 * navigate.c
 *	  The SQL functions that go from a row to others.
 *
 * relnav.parent, children, associated and related, descendants and ancestors,
 * each by a row and by a table and key, and relnav.query, which shows the
 * SELECT that they run.
 * All that is done here is to find out what was passed: which types, which
 * row.  What it means is resolve.c's business, and running it execute.c's.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "argument.h"
#include "catalog/pg_type.h"
#include "execute.h"
#include "fmgr.h"
#include "funcapi.h"
#include "keyvalue.h"
#include "lib/stringinfo.h"
#include "sqlbuf.h"
#include "sqlgen.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static Datum navigate_by_row(FunctionCallInfo fcinfo, RelnavFunction function);
static Datum navigate_by_key(FunctionCallInfo fcinfo, RelnavFunction function);
static Datum recurse_by_row(FunctionCallInfo fcinfo, RelnavFunction function);
static Datum recurse_by_key(FunctionCallInfo fcinfo, RelnavFunction function);
static int	get_max_depth(FunctionCallInfo fcinfo, int number);
static Oid	get_target_relation(FunctionCallInfo fcinfo);

PG_FUNCTION_INFO_V1(relnav_parent);
PG_FUNCTION_INFO_V1(relnav_parent_by_key);
PG_FUNCTION_INFO_V1(relnav_children);
PG_FUNCTION_INFO_V1(relnav_children_by_key);
PG_FUNCTION_INFO_V1(relnav_associated);
PG_FUNCTION_INFO_V1(relnav_associated_by_key);
PG_FUNCTION_INFO_V1(relnav_related);
PG_FUNCTION_INFO_V1(relnav_related_by_key);
PG_FUNCTION_INFO_V1(relnav_descendants);
PG_FUNCTION_INFO_V1(relnav_descendants_by_key);
PG_FUNCTION_INFO_V1(relnav_ancestors);
PG_FUNCTION_INFO_V1(relnav_ancestors_by_key);
PG_FUNCTION_INFO_V1(relnav_query);
PG_FUNCTION_INFO_V1(relnav_query_by_key);

Datum
relnav_parent(PG_FUNCTION_ARGS)
{
	return navigate_by_row(fcinfo, RELNAV_PARENT);
}

Datum
relnav_parent_by_key(PG_FUNCTION_ARGS)
{
	return navigate_by_key(fcinfo, RELNAV_PARENT);
}

Datum
relnav_children(PG_FUNCTION_ARGS)
{
	return navigate_by_row(fcinfo, RELNAV_CHILDREN);
}

Datum
relnav_children_by_key(PG_FUNCTION_ARGS)
{
	return navigate_by_key(fcinfo, RELNAV_CHILDREN);
}

Datum
relnav_associated(PG_FUNCTION_ARGS)
{
	return navigate_by_row(fcinfo, RELNAV_ASSOCIATED);
}

Datum
relnav_associated_by_key(PG_FUNCTION_ARGS)
{
	return navigate_by_key(fcinfo, RELNAV_ASSOCIATED);
}

Datum
relnav_related(PG_FUNCTION_ARGS)
{
	return navigate_by_row(fcinfo, RELNAV_RELATED);
}

Datum
relnav_related_by_key(PG_FUNCTION_ARGS)
{
	return navigate_by_key(fcinfo, RELNAV_RELATED);
}

Datum
relnav_descendants(PG_FUNCTION_ARGS)
{
	return recurse_by_row(fcinfo, RELNAV_DESCENDANTS);
}

Datum
relnav_descendants_by_key(PG_FUNCTION_ARGS)
{
	return recurse_by_key(fcinfo, RELNAV_DESCENDANTS);
}

Datum
relnav_ancestors(PG_FUNCTION_ARGS)
{
	return recurse_by_row(fcinfo, RELNAV_ANCESTORS);
}

Datum
relnav_ancestors_by_key(PG_FUNCTION_ARGS)
{
	return recurse_by_key(fcinfo, RELNAV_ANCESTORS);
}

/*
 * relnav.query(source regclass, path text): the SELECT with the source row as
 * its parameter.  Nothing is read, so no lock is left on any relation.
 */
Datum
relnav_query(PG_FUNCTION_ARGS)
{
	RelnavCall	call = {0};
	RelnavRoute *route;
	RelnavSelectStyle style = {0};
	text	   *result;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	call.function = RELNAV_RELATED;
	call.source = PG_GETARG_OID(0);
	call.path = text_to_cstring(PG_GETARG_TEXT_PP(1));

	style.source = RELNAV_SOURCE_ROW;
	style.columns = RELNAV_LIVE_COLUMNS;
	route = relnav_get_route(&call);
	result = cstring_to_text(relnav_generate_select(route, &style)->sql);
	relnav_unlock_route(route);
	PG_RETURN_TEXT_P(result);
}

/*
 * relnav.query(source regclass, key anycompatible, path text): the SELECT
 * with the key as literals.
 */
Datum
relnav_query_by_key(PG_FUNCTION_ARGS)
{
	RelnavCall	call = {0};
	RelnavRoute *route;
	const RelnavKey *key;
	Datum	   *values;
	char	  **literals;
	RelnavSelectStyle style = {0};
	text	   *result;
	bool		found;
	int			i;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	call.function = RELNAV_RELATED;
	call.source = PG_GETARG_OID(0);
	call.path = text_to_cstring(PG_GETARG_TEXT_PP(2));
	call.by_key = true;

	route = relnav_get_route(&call);
	key = route->key;
	values = palloc(sizeof(Datum) * key->nkeys);
	literals = palloc(sizeof(char *) * key->nkeys);
	found = !PG_ARGISNULL(1) &&
		relnav_convert_key(route->source->name, key, PG_GETARG_DATUM(1),
						   get_fn_expr_argtype(fcinfo->flinfo, 1), values);
	for (i = 0; i < key->nkeys; i++)
	{
		Oid			type = getBaseType(key->columns[i].type);
		StringInfoData buf;

		initStringInfo(&buf);
		if (found)
			relnav_append_literal(&buf, type, values[i]);
		else
		{
			appendStringInfoString(&buf, "NULL");
			relnav_append_cast(&buf, type);
		}
		literals[i] = buf.data;
	}
	style.source = RELNAV_SOURCE_KEY;
	style.columns = RELNAV_LIVE_COLUMNS;
	style.literals = literals;
	result = cstring_to_text(relnav_generate_select(route, &style)->sql);
	relnav_unlock_route(route);
	PG_RETURN_TEXT_P(result);
}

/*
 * (source anyelement, target anycompatible, path text DEFAULT NULL)
 */
static Datum
navigate_by_row(FunctionCallInfo fcinfo, RelnavFunction function)
{
	RelnavCall	call = {0};
	RelnavSourceValue source = {0};

	call.function = function;
	call.source = relnav_get_source_relation(fcinfo, 0);
	call.target = get_target_relation(fcinfo);
	call.path = relnav_get_text_argument(fcinfo, 2);
	call.by_key = false;

	relnav_get_source_row(fcinfo, 0, &source);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	relnav_run_navigation(&call, &source, (ReturnSetInfo *) fcinfo->resultinfo);
	return (Datum) 0;
}

/*
 * (source regclass, key anycompatible, target anyelement,
 * path text DEFAULT NULL)
 */
static Datum
navigate_by_key(FunctionCallInfo fcinfo, RelnavFunction function)
{
	RelnavCall	call = {0};
	RelnavSourceValue source = {0};

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);

	call.function = function;
	call.target = get_target_relation(fcinfo);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	call.source = PG_GETARG_OID(0);
	call.path = relnav_get_text_argument(fcinfo, 3);
	call.by_key = true;

	relnav_get_source_key(fcinfo, &source);

	relnav_run_navigation(&call, &source, (ReturnSetInfo *) fcinfo->resultinfo);
	return (Datum) 0;
}

/*
 * (root anyelement, via text DEFAULT NULL, max_depth int DEFAULT NULL)
 */
static Datum
recurse_by_row(FunctionCallInfo fcinfo, RelnavFunction function)
{
	RelnavCall	call = {0};
	RelnavSourceValue source = {0};
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, 0);

	call.function = function;
	call.source = call.target = relnav_get_source_relation(fcinfo, 0);

	/* All rows of the result would have to be of it. */
	if (get_typtype(type) == TYPTYPE_DOMAIN)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("the source is of a domain, not of the row type of a table"),
				 errhint("Cast the row to its table's type, as in c::%s.",
						 format_type_be(getBaseType(type)))));
	call.path = relnav_get_text_argument(fcinfo, 1);
	call.by_key = false;
	relnav_get_source_row(fcinfo, 0, &source);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	relnav_run_recursion(&call, &source, get_max_depth(fcinfo, 2),
						 (ReturnSetInfo *) fcinfo->resultinfo);
	return (Datum) 0;
}

/*
 * (source regclass, key anycompatible, target anyelement,
 * via text DEFAULT NULL, max_depth int DEFAULT NULL)
 */
static Datum
recurse_by_key(FunctionCallInfo fcinfo, RelnavFunction function)
{
	RelnavCall	call = {0};
	RelnavSourceValue source = {0};
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, 2);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	call.function = function;
	call.source = PG_GETARG_OID(0);
	call.target = relnav_get_row_relation(type);
	call.path = relnav_get_text_argument(fcinfo, 3);
	call.by_key = true;
	if (call.target != call.source)
	{
		relnav_check_type_exists(type);
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the target is not the row type of the source"),
				 errdetail("It is of type %s.", format_type_be(type)),
				 errhint("All rows are of the same table as the first; write NULL with its type.")));
	}

	relnav_get_source_key(fcinfo, &source);

	relnav_run_recursion(&call, &source, get_max_depth(fcinfo, 4),
						 (ReturnSetInfo *) fcinfo->resultinfo);
	return (Datum) 0;
}

/* The greatest depth; null means any. */
static int
get_max_depth(FunctionCallInfo fcinfo, int number)
{
	return PG_ARGISNULL(number) ? RELNAV_ANY_DEPTH : PG_GETARG_INT32(number);
}

/*
 * The relation of the target's type, which is what the function returns.
 */
static Oid
get_target_relation(FunctionCallInfo fcinfo)
{
	Oid			type = get_fn_expr_rettype(fcinfo->flinfo);
	Oid			relid = relnav_get_row_relation(type);

	if (OidIsValid(relid))
		return relid;
	relnav_check_type_exists(type);

	if (get_typtype(type) == TYPTYPE_DOMAIN)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("the target is a domain, not the row type of a table"),
				 errhint("Write NULL::%s.", format_type_be(getBaseType(type)))));
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("the target is not the row type of a table"),
			 errdetail("It is of type %s.", format_type_be(type)),
			 errhint("Write NULL with the type of the table whose rows you want, as in NULL::orders.")));
	return InvalidOid;			/* keep compiler quiet */
}
