/*-------------------------------------------------------------------------
 *
 * sqlbuf.c
 *	  Names and values as SQL text.
 *
 * This is the only file that quotes.  Whatever reaches generated SQL by way
 * of these functions is quoted and schema-qualified, so that neither an odd
 * name nor the search_path can change what the text means.
 *
 * Nothing here knows about relationships.  Everything is appended to the
 * caller's buffer, with no space before or after.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "setting.h"
#include "sqlbuf.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

static const char *get_schema_name(Oid schema, const char *object);
static const char *get_enum_operand(const char *operand, Oid *type,
									Oid input);
static const char *get_operator_schema(Oid opno, char **name);

/*
 * Append schema.relation.
 *
 * The names were read from the catalogs by the caller, who must hold a lock
 * on the relation if the text is going to be parsed.
 */
void
relnav_append_relation(StringInfo buf, const char *schema, const char *name)
{
	appendStringInfo(buf, "%s.", quote_identifier(schema));
	appendStringInfoString(buf, quote_identifier(name));
}

/*
 * Append alias.column.  The alias is one of ours or the user's; both are
 * quoted alike.
 */
void
relnav_append_column(StringInfo buf, const char *alias, const char *column)
{
	appendStringInfo(buf, "%s.", quote_identifier(alias));
	appendStringInfoString(buf, quote_identifier(column));
}

/*
 * Append COLLATE schema.collation, with the space that must stand before it.
 *
 * Raises an error if the collation is gone.  The caller's lock on a table
 * that uses it prevents that.
 */
void
relnav_append_collation(StringInfo buf, Oid collation)
{
	HeapTuple	tuple = SearchSysCache1(COLLOID, ObjectIdGetDatum(collation));
	Form_pg_collation form;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("collation with OID %u does not exist", collation)));
	form = (Form_pg_collation) GETSTRUCT(tuple);
	appendStringInfoString(buf, " COLLATE ");
	relnav_append_relation(buf,
						   get_schema_name(form->collnamespace,
										   NameStr(form->collname)),
						   NameStr(form->collname));
	ReleaseSysCache(tuple);
}

/*
 * The name of the schema that something is in.  Both may have been dropped
 * since we found that.
 */
static const char *
get_schema_name(Oid schema, const char *object)
{
	const char *result = get_namespace_name(schema);

	if (result == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("the schema of \"%s\" has just been dropped", object)));
	return result;
}

/*
 * Append a value, which is not null, as a literal of its type.
 *
 * An integer stands bare, as a person would write it; everything else is a
 * quoted string with a cast.  This is for SQL that is shown: what we run has
 * parameters in these places.
 */
void
relnav_append_literal(StringInfo buf, Oid type, Datum value)
{
	Oid			outfunc;
	bool		isvarlena;
	char	   *text;
	int			nestlevel;

	/* Whoever reads it may have other settings. */
	nestlevel = NewGUCNestLevel();
	relnav_change_setting("datestyle", "ISO");
	relnav_change_setting("intervalstyle", "postgres");
	relnav_change_setting("extra_float_digits", "3");
	relnav_change_setting("search_path", "pg_catalog");
	getTypeOutputInfo(type, &outfunc, &isvarlena);
	text = OidOutputFunctionCall(outfunc, value);

	AtEOXact_GUC(true, nestlevel);

	if (type == INT4OID && text[0] != '-')
		appendStringInfoString(buf, text);
	else
	{
		appendStringInfoString(buf, quote_literal_cstr(text));
		relnav_append_cast(buf, type);
	}
}

/*
 * Append OPERATOR(schema.name), without operands.
 *
 * Only operands of the types that the operator takes lead to it again.
 * Raises an error if the operator is gone.
 */
void
relnav_append_operator(StringInfo buf, Oid opno)
{
	char	   *name;
	const char *schema = get_operator_schema(opno, &name);

	appendStringInfo(buf, "OPERATOR(%s.%s)", quote_identifier(schema), name);
}

/*
 * Append left operator right, with the casts that make it this very operator.
 *
 * The server's function for that would crash if the operator's schema were
 * gone, which no lock on a table prevents where the operator is not that of a
 * foreign key.  So we look before; then it finds what we have found.  Raises
 * an error if the operator is gone.
 */
void
relnav_append_operation(StringInfo buf, const char *left, Oid left_type,
						Oid opno, const char *right, Oid right_type)
{
	char	   *name;
	Oid			left_input;
	Oid			right_input;

	if (opno >= FirstNormalObjectId)
		(void) get_operator_schema(opno, &name);
	op_input_types(opno, &left_input, &right_input);
	left = get_enum_operand(left, &left_type, left_input);
	right = get_enum_operand(right, &right_type, right_input);
	generate_operator_clause(buf, left, left_type, opno, right, right_type);
}

/*
 * An operand as the operator takes it.  A domain over an enum is none of the
 * enums that "anyenum" means, and nothing can be cast to that.
 */
static const char *
get_enum_operand(const char *operand, Oid *type, Oid input)
{
	Oid			base;

	if (input != ANYENUMOID)
		return operand;
	base = getBaseType(*type);
	if (base == *type)
		return operand;
	*type = base;
	return psprintf("%s::%s", operand,
					format_type_extended(base, -1, FORMAT_TYPE_FORCE_QUALIFY));
}

/* The names of an operator and its schema. */
static const char *
get_operator_schema(Oid opno, char **name)
{
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(opno));
	Form_pg_operator form;
	const char *schema;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("operator with OID %u does not exist", opno)));
	form = (Form_pg_operator) GETSTRUCT(tuple);
	*name = pstrdup(NameStr(form->oprname));
	schema = get_schema_name(form->oprnamespace, *name);
	ReleaseSysCache(tuple);
	return schema;
}

/*
 * Append a cast to a type without modifiers.
 */
void
relnav_append_cast(StringInfo buf, Oid type)
{
	relnav_append_cast_with_typmod(buf, type, -1);
}

/*
 * Append a cast to a type, with a modifier or, if that is -1, without.  One
 * must not come in by the name: "character" would be of length 1.
 */
void
relnav_append_cast_with_typmod(StringInfo buf, Oid type, int32 typmod)
{
	appendStringInfo(buf, "::%s",
					 format_type_extended(type, typmod,
										  FORMAT_TYPE_TYPEMOD_GIVEN |
										  FORMAT_TYPE_FORCE_QUALIFY));
}

/*
 * Append a name the way it is written in a path: as it is if it consists of
 * letters, digits, "_" and "$", otherwise in double quotes.
 */
void
relnav_append_segment(StringInfo buf, const char *name)
{
	const char *p;

	for (p = name; *p && relnav_is_segment_char((unsigned char) *p); p++)
		;
	if (p != name && *p == '\0')
	{
		appendStringInfoString(buf, name);
		return;
	}

	appendStringInfoChar(buf, '"');
	for (p = name; *p; p++)
	{
		if (*p == '"')
			appendStringInfoChar(buf, '"');
		appendStringInfoChar(buf, *p);
	}
	appendStringInfoChar(buf, '"');
}

/* The same as a palloc'd string of its own. */
char *
relnav_quote_segment(const char *name)
{
	StringInfoData buf;

	initStringInfo(&buf);
	relnav_append_segment(&buf, name);
	return buf.data;
}

/*
 * Can this byte be in a name without quotes?  Letters are what SQL takes for
 * letters: also every character beyond ASCII.
 */
bool
relnav_is_segment_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_' || c == '$' || IS_HIGHBIT_SET(c);
}
