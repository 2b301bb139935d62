/*-------------------------------------------------------------------------
 *
 * rowarg.c
 *	  A row that was passed to a SQL function.
 *
 * Which table's row it is, only its type can tell; so the type must be one
 * that belongs to a table.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "rowarg.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/*
 * The table, view or foreign table whose row type this is, or InvalidOid.
 */
Oid
relnav_get_row_relation(Oid type)
{
	Oid			relid = get_typ_typrelid(type);

	if (!OidIsValid(relid) || get_rel_relkind(relid) == RELKIND_COMPOSITE_TYPE)
		return InvalidOid;
	return relid;
}

/*
 * The relation of the type of this argument, the source row.  A domain over a
 * row type stands for the row type: its values are such rows.  Raises an error
 * if it is the row type of no relation.
 */
Oid
relnav_get_source_relation(FunctionCallInfo fcinfo, int number)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, number);
	Oid			relid = relnav_get_row_relation(getBaseType(type));

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
			 errhint("If an alias is also the name of a column, write alias.* or alias::table; to start from a key, pass the table as well, as in relnav.related('customer', 42, ...).")));
	return InvalidOid;			/* keep compiler quiet */
}

/*
 * The row in this argument, which is not null.  Raises an error if it is of
 * another type than was declared: columns are found by that type's numbers.
 */
HeapTupleHeader
relnav_get_source_row(FunctionCallInfo fcinfo, int number)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, number);
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(number);

	if (HeapTupleHeaderGetTypeId(row) != getBaseType(type))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the source row is of type %s, not %s as declared",
						format_type_be(HeapTupleHeaderGetTypeId(row)),
						format_type_be(type))));
	return row;
}
