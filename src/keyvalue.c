/*-------------------------------------------------------------------------
 *
 * keyvalue.c
 *	  A key argument as values of the key's columns.
 *
 * The functions that find a row by its key take that key as it comes: 42,
 * '42', a uuid, ROW(1, 2), the text '(1,2)', or a parameter that nobody gave
 * a type.  Text is read by the column's input function; any other type is
 * converted by an assignment cast.  An assignment cast may round.  A value
 * that does not come back the same when it is cast back is no key of any row:
 * 42.5 is not 43.  Nor is a number that the column's type cannot hold: as with
 * SQL's =, there is no such row, and no error.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "fmgr.h"
#include "funcapi.h"
#include "keyvalue.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

static bool convert_row(const char *table, const RelnavKey *key,
						HeapTupleHeader row, Datum *values);
static HeapTupleHeader read_row(const RelnavKey *key, char *text);
static bool convert_value(const char *table, const RelnavColumn *column,
						  Datum value, Oid type, Datum *result);
static bool cast_value(Datum value, Oid from, Oid to,
					   CoercionContext context, Datum *result);
static bool is_out_of_range(Datum value, Oid type, Oid to);
static bool call_cast(Oid function, Datum value, Oid from, Datum *result);
static bool is_text(Oid type);
static Datum read_value(char *text, Oid type);
static char *get_text(Datum value, Oid type);
pg_noreturn static void report_wrong_columns(const char *table, const RelnavKey *key,
											 int given);

/*
 * Convert a key argument, which is not null.
 *
 * table is the table's name, for messages.  values has room for all columns
 * of the key; what is put there is in the current memory context, or is the
 * argument's.  Returns false if the argument is the key of no row: a part of
 * it is null, or no value of the column is equal to it.  Raises an error if
 * the argument's type, or its number of columns, is not the key's.
 */
bool
relnav_convert_key(const char *table, const RelnavKey *key,
				   Datum value, Oid type, Datum *values)
{
	Oid			base = getBaseType(type);
	bool		is_row = base == RECORDOID || type_is_rowtype(base);

	if (is_row && (key->nkeys > 1 ||
				   !type_is_rowtype(getBaseType(key->columns[0].type))))
		return convert_row(table, key, DatumGetHeapTupleHeader(value), values);

	if (key->nkeys > 1)
	{
		if (!is_text(base))
			report_wrong_columns(table, key, 1);
		return convert_row(table, key, read_row(key, get_text(value, base)),
						   values);
	}

	return convert_value(table, &key->columns[0], value, base, &values[0]);
}

/* Convert a row, column by column. */
static bool
convert_row(const char *table, const RelnavKey *key, HeapTupleHeader row,
			Datum *values)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row),
											  HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple;
	Datum	   *fields = palloc(sizeof(Datum) * desc->natts);
	bool	   *nulls = palloc(sizeof(bool) * desc->natts);
	Oid		   *types = palloc(sizeof(Oid) * desc->natts);
	int			nfields = 0;
	int			i;

	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, desc, fields, nulls);
	for (i = 0; i < desc->natts; i++)
	{
		if (TupleDescAttr(desc, i)->attisdropped)
			continue;
		fields[nfields] = fields[i];
		nulls[nfields] = nulls[i];
		types[nfields] = getBaseType(TupleDescAttr(desc, i)->atttypid);
		nfields++;
	}
	ReleaseTupleDesc(desc);

	if (nfields != key->nkeys)
		report_wrong_columns(table, key, nfields);
	for (i = 0; i < nfields; i++)
	{
		if (nulls[i] ||
			!convert_value(table, &key->columns[i], fields[i], types[i],
						   &values[i]))
			return false;
	}
	return true;
}

/* Read the text of a row, such as (1,2), by the server's own rules. */
static HeapTupleHeader
read_row(const RelnavKey *key, char *text)
{
	TupleDesc	desc = CreateTemplateTupleDesc(key->nkeys);
	Oid			infunc;
	Oid			ioparam;
	int			i;

	for (i = 0; i < key->nkeys; i++)
		TupleDescInitEntry(desc, i + 1, key->columns[i].name,
						   getBaseType(key->columns[i].type), -1, 0);
	desc = BlessTupleDesc(desc);

	getTypeInputInfo(RECORDOID, &infunc, &ioparam);
	return DatumGetHeapTupleHeader(OidInputFunctionCall(infunc, text,
														RECORDOID,
														desc->tdtypmod));
}

/*
 * Convert one value to the type of its column.  Returns false if there is no
 * equal value of that type.
 */
static bool
convert_value(const char *table, const RelnavColumn *column, Datum value,
			  Oid type, Datum *result)
{
	Oid			to = getBaseType(column->type);
	Datum		back;
	TypeCacheEntry *typcache;

	if (type == to || IsBinaryCoercible(type, to))
	{
		*result = value;
		return true;
	}

	/* Not for char(n), whose blanks do not count: casts take them off. */
	if (type != BPCHAROID && is_text(type))
	{
		*result = read_value(get_text(value, type), to);
		return true;
	}
	if (cast_value(value, type, to, COERCION_IMPLICIT, result))
		return true;
	if (is_text(type))
	{
		*result = read_value(get_text(value, type), to);
		return true;
	}
	if (is_out_of_range(value, type, to))
		return false;
	if (!cast_value(value, type, to, COERCION_ASSIGNMENT, result))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("key column \"%s\" of table \"%s\" is of type %s, but the key is of type %s",
						column->name, table, format_type_be(column->type),
						format_type_be(type)),
				 errhint("Cast the key, or write it as text.")));

	/* A cast that is not made implicitly may lose something. */
	typcache = lookup_type_cache(type, TYPECACHE_EQ_OPR_FINFO);
	if (OidIsValid(typcache->eq_opr_finfo.fn_oid) &&
		cast_value(*result, to, type, COERCION_IMPLICIT, &back))
		return DatumGetBool(FunctionCall2Coll(&typcache->eq_opr_finfo,
											  typcache->typcollation,
											  value, back));
	return true;
}

/*
 * Is a number less or greater than all integers of a type?  Its cast would
 * raise an error.
 */
static bool
is_out_of_range(Datum value, Oid type, Oid to)
{
	int64		least;
	int64		greatest;

	switch (to)
	{
		case INT2OID:
			least = PG_INT16_MIN;
			greatest = PG_INT16_MAX;
			break;
		case INT4OID:
			least = PG_INT32_MIN;
			greatest = PG_INT32_MAX;
			break;
		case INT8OID:
			least = PG_INT64_MIN;
			greatest = PG_INT64_MAX;
			break;
		default:
			return false;
	}

	switch (type)
	{
		case INT4OID:
			return DatumGetInt32(value) < least || DatumGetInt32(value) > greatest;
		case INT8OID:
			return DatumGetInt64(value) < least || DatumGetInt64(value) > greatest;
		case FLOAT4OID:
		case FLOAT8OID:
			{
				double		number = type == FLOAT4OID
					? DatumGetFloat4(value) : DatumGetFloat8(value);

				/* As a double the greatest int8 is one more than it is. */
				return isnan(number) || number < (double) least ||
					number > (double) greatest ||
					(to == INT8OID && number == (double) greatest);
			}
		case NUMERICOID:
			return DatumGetBool(DirectFunctionCall2(numeric_lt, value,
													NumericGetDatum(int64_to_numeric(least)))) ||
				DatumGetBool(DirectFunctionCall2(numeric_gt, value,
												 NumericGetDatum(int64_to_numeric(greatest))));
		default:
			return false;
	}
}

/*
 * Cast a value, if the context allows it.
 */
static bool
cast_value(Datum value, Oid from, Oid to, CoercionContext context,
		   Datum *result)
{
	Oid			function;

	switch (find_coercion_pathway(to, from, context, &function))
	{
		case COERCION_PATH_RELABELTYPE:
			*result = value;
			return true;

		case COERCION_PATH_FUNC:
			return call_cast(function, value, from, result);

		case COERCION_PATH_ARRAYCOERCE:
		case COERCION_PATH_COERCEVIAIO:
			*result = read_value(get_text(value, from), to);
			return true;

		case COERCION_PATH_NONE:
			break;
	}
	return false;
}

/*
 * Call a cast's function, as the executor would: with the caller's rights.
 * Returns false if it returns null, which no key is.
 */
static bool
call_cast(Oid function, Datum value, Oid from, Datum *result)
{
	LOCAL_FCINFO(fcinfo, 3);
	FmgrInfo	flinfo;
	AclResult	acl = object_aclcheck(ProcedureRelationId, function, GetUserId(),
									  ACL_EXECUTE);

	if (acl != ACLCHECK_OK)
		aclcheck_error(acl, OBJECT_FUNCTION, get_func_name(function));
	InvokeFunctionExecuteHook(function);

	fmgr_info(function, &flinfo);
	InitFunctionCallInfoData(*fcinfo, &flinfo, get_func_nargs(function),
							 get_typcollation(from), NULL, NULL);
	fcinfo->args[0].value = value;
	fcinfo->args[0].isnull = false;
	fcinfo->args[1].value = Int32GetDatum(-1);
	fcinfo->args[1].isnull = false;
	fcinfo->args[2].value = BoolGetDatum(false);
	fcinfo->args[2].isnull = false;
	*result = FunctionCallInvoke(fcinfo);
	return !fcinfo->isnull;
}

/* Is this what untyped literals and parameters come as? */
static bool
is_text(Oid type)
{
	return type == TEXTOID || type == UNKNOWNOID || type == VARCHAROID ||
		type == BPCHAROID || type == NAMEOID;
}

/* A value from its text. */
static Datum
read_value(char *text, Oid type)
{
	Oid			infunc;
	Oid			ioparam;

	getTypeInputInfo(type, &infunc, &ioparam);
	return OidInputFunctionCall(infunc, text, ioparam, -1);
}

/* A value's text. */
static char *
get_text(Datum value, Oid type)
{
	Oid			outfunc;
	bool		isvarlena;

	getTypeOutputInfo(type, &outfunc, &isvarlena);
	return OidOutputFunctionCall(outfunc, value);
}

static void
report_wrong_columns(const char *table, const RelnavKey *key, int given)
{
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	for (i = 0; i < key->nkeys; i++)
		appendStringInfo(&buf, "%s%s", i ? ", " : "",
						 quote_identifier(key->columns[i].name));
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg_plural("the key of table \"%s\" has %d column, not %d",
						   "the key of table \"%s\" has %d columns, not %d",
						   key->nkeys, table, key->nkeys, given),
			 key->nkeys == 1
			 ? errdetail("The key is (%s).", buf.data)
			 : errdetail("The key is (%s), in this order.", buf.data),
			 key->nkeys == 1
			 ? errhint("Pass its value.")
			 : errhint("Pass a row of values, such as ROW(1, 2).")));
}
