/*-------------------------------------------------------------------------
 *
 * argument.c
 *	  What an SQL function was given: a row and of which table, a key, a text.
 *
 * The functions that start from a row take it as anyelement, so what it is a
 * row of is only known from the call.  Those that start from a table and a
 * key take the key as anycompatible; keyvalue.c converts it later, when the
 * key's columns are known.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "argument.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/*
 * The row that this argument is, which may be null.  It stays the
 * argument's.
 */
void
relnav_get_source_row(FunctionCallInfo fcinfo, int number,
					  RelnavSourceValue *source)
{
	source->isnull = PG_ARGISNULL(number);
	if (source->isnull)
		return;

	/* Column numbers are those of the type that was declared. */
	source->row = PG_GETARG_HEAPTUPLEHEADER(number);
	if (HeapTupleHeaderGetTypeId(source->row) !=
		getBaseType(get_fn_expr_argtype(fcinfo->flinfo, number)))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the source row is of type %s, not %s as declared",
						format_type_be(HeapTupleHeaderGetTypeId(source->row)),
						format_type_be(get_fn_expr_argtype(fcinfo->flinfo, number)))));
}

/* The key that the second argument is, which may be null. */
void
relnav_get_source_key(FunctionCallInfo fcinfo, RelnavSourceValue *source)
{
	source->isnull = PG_ARGISNULL(1);
	source->key = PG_GETARG_DATUM(1);
	source->key_type = get_fn_expr_argtype(fcinfo->flinfo, 1);
}

/*
 * Raise an error if a type has gone.
 *
 * A statement that mentions a row type locks neither it nor its table, so a
 * call that is made later, as by a cursor, can find both dropped.
 */
void
relnav_check_type_exists(Oid type)
{
	if (!SearchSysCacheExists1(TYPEOID, ObjectIdGetDatum(type)))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("type with OID %u does not exist", type)));
}

/*
 * The relation of the type of this argument, the source row.  A domain over a
 * row type stands for the row type: its values are such rows.
 */
Oid
relnav_get_source_relation(FunctionCallInfo fcinfo, int number)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, number);
	Oid			relid = relnav_get_row_relation(type);

	if (OidIsValid(relid))
		return relid;
	relnav_check_type_exists(type);
	relid = relnav_get_row_relation(getBaseType(type));
	if (OidIsValid(relid))
		return relid;

	if (type == RECORDOID)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("the source is a row of no table"),
				 errdetail("Whole rows of subqueries, CTEs and joins with an alias are of type record."),
				 errhint("Cast the row to its table's type, as in c::customer.")));
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("the source is not a row of a table"),
			 errdetail("It is of type %s.", format_type_be(type)),
			 errhint("If an alias is also the name of a column, write alias.*; to start from a key, pass the table as well, as in relnav.related('customer', 42, ...).")));
	return InvalidOid;			/* keep compiler quiet */
}

/* A text argument that may be null or missing. */
char *
relnav_get_text_argument(FunctionCallInfo fcinfo, int number)
{
	if (PG_ARGISNULL(number))
		return NULL;
	return text_to_cstring(PG_GETARG_TEXT_PP(number));
}
