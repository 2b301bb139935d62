/*-------------------------------------------------------------------------
 *
 * sqlbuf.c
 *	  Names and values as SQL text.
 *
 * This is the only file that quotes.  Whatever reaches generated SQL by way
 * of these functions is quoted and schema-qualified, so that neither an odd
 * name nor the search_path can change what the text means.  Where an operator
 * compares two operands that may need casts, the server's
 * generate_operator_clause() writes all three.
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
#include "catalog/pg_collation.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "sqlbuf.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

static void set_setting(const char *name, const char *value);

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
 * Raises an internal error if there is no such collation, which a lock on a
 * table that uses it prevents.
 */
void
relnav_append_collation(StringInfo buf, Oid collation)
{
	HeapTuple	tuple = SearchSysCache1(COLLOID, ObjectIdGetDatum(collation));
	Form_pg_collation form;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for collation %u", collation);
	form = (Form_pg_collation) GETSTRUCT(tuple);
	appendStringInfoString(buf, " COLLATE ");
	relnav_append_relation(buf, get_namespace_name(form->collnamespace),
						   NameStr(form->collname));
	ReleaseSysCache(tuple);
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
	set_setting("datestyle", "ISO");
	set_setting("intervalstyle", "postgres");
	set_setting("extra_float_digits", "3");
	set_setting("search_path", "pg_catalog");
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

/* Change a setting until the end of the nest level. */
static void
set_setting(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

/*
 * Append OPERATOR(schema.name), without operands.
 *
 * Only operands of the types that the operator takes lead to it again.
 */
void
relnav_append_operator(StringInfo buf, Oid opno)
{
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(opno));
	Form_pg_operator form;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator %u", opno);
	form = (Form_pg_operator) GETSTRUCT(tuple);
	appendStringInfo(buf, "OPERATOR(%s.%s)",
					 quote_identifier(get_namespace_name(form->oprnamespace)),
					 NameStr(form->oprname));
	ReleaseSysCache(tuple);
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
