/*-------------------------------------------------------------------------
 *
 * sqlgen.c
 *	  The SELECT of a navigation.
 *
 * There is one generator for the query that relnav.query() shows and the one
 * that a navigation runs; they differ in how the source row gets in, and in
 * whether dropped columns count.
 *
 * Aliases are positional: h0 is the source, where it has to be read, h1, h2
 * and so on are the tables that the hops lead to, a1, a2 and so on the
 * association tables between.  So a table that is visited twice needs no
 * care, and no alias can meet a user's name.  Everything is schema-qualified:
 * the text means the same under any search_path.
 *
 * Conditions are the foreign keys' own operators with the casts and the
 * collation of the server's referential checks.  Of two deterministic
 * collations, which agree about what is equal, we take the one of the side
 * that is looked up, so that its index can be used.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "sqlbuf.h"
#include "sqlgen.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* One end of a comparison. */
typedef struct Operand
{
	const char *text;
	const RelnavColumn *column;
	Oid			type;			/* of the text: a parameter's may differ */
} Operand;

/* What the parts of the generator share. */
typedef struct Generator
{
	StringInfoData buf;
	const RelnavRoute *route;
	const RelnavSelectStyle *style;
	const char *target_alias;
	bool		reads_source;	/* is h0 there? */
	int			ncolumns;		/* in the select list of the target */
	RelnavSelect *select;
} Generator;

static void init_generator(Generator *g, const RelnavRoute *route,
						   const RelnavSelectStyle *style);
static void append_plain(Generator *g);
static void append_deduplicated(Generator *g);
static void append_select_list(Generator *g);
static void append_table(StringInfo buf, const RelnavRelation *rel,
						 const char *alias);
static void append_keys(StringInfo buf, int nkeys, const Oid *types);
static bool append_any_condition(StringInfo buf, const RelnavLookup *lookup);
static void append_near_table(Generator *g, int number, const char *indent);
static void append_joins(Generator *g, int first, int last, const char *indent);
static void append_positions(Generator *g, const char *suffix);
static void append_row(Generator *g);
static void append_not_source(Generator *g, StringInfo buf,
							  const RelnavForeignKey *fk, const char *alias);
static void append_source_condition(Generator *g);
static void append_key_condition(Generator *g);
static void append_join_condition(Generator *g, int number);
static void append_far_condition(Generator *g, int number);
static void append_comparison(StringInfo buf, const RelnavForeignKey *fk, int i,
							  const Operand *pk, const Operand *fk_operand,
							  bool looks_up_fk, bool collates);
static Operand make_source_operand(Generator *g, const RelnavColumn *column);
static Operand make_column_operand(const char *alias,
								   const RelnavColumn *column);
static const char *make_alias(char letter, int number);
static RelnavRelationship *get_hop(Generator *g, int number);
static const char *get_near_alias(Generator *g, int number);
static const char *get_target_alias(Generator *g, int number);
static const RelnavRelation *get_near_relation(Generator *g, int number);

/*
 * Generate the SELECT of a route.
 *
 * The result is in the current memory context.  The caller must hold locks on
 * the route's relations.
 */
RelnavSelect *
relnav_generate_select(const RelnavRoute *route, const RelnavSelectStyle *style)
{
	Generator	g;

	init_generator(&g, route, style);
	if (route->plain || style->bag)
		append_plain(&g);
	else
		append_deduplicated(&g);
	g.select->sql = g.buf.data;
	g.select->nmatched = g.select->nparams;
	return g.select;
}

/*
 * Generate, for a query without its comparison with the source, that
 * comparison alone, as a SELECT of one boolean.
 *
 * The parameters of the source come first.  Then follow those that stand for
 * the columns that the query has added to its result, in their order.
 */
RelnavSelect *
relnav_generate_source_condition(const RelnavRoute *route,
								 const RelnavSelectStyle *style)
{
	const RelnavRelationship *hop = linitial(route->hops);
	bool		forwards = hop->direction == RELNAV_FORWARDS;
	int			first = style->source == RELNAV_SOURCE_ROW ? 2 : route->key->nkeys + 1;
	Generator	g;
	int			i;

	init_generator(&g, route, style);

	appendStringInfoString(&g.buf, "SELECT ");
	for (i = 0; i < hop->near->nkeys; i++)
	{
		Operand		source = make_source_operand(&g, &hop->source_cols[i]);
		Operand		other;

		other.text = psprintf("$%d", first + i);
		other.column = &hop->near_cols[i];
		other.type = other.column->type;
		if (i > 0)
			appendStringInfoString(&g.buf, " AND ");
		append_comparison(&g.buf, hop->near, i, forwards ? &other : &source,
						  forwards ? &source : &other, !forwards, true);
	}
	g.select->sql = g.buf.data;
	return g.select;
}

/*----------
 * Generate the query that follows one foreign key of a table with itself
 * again and again, which returns rows and their depths.
 *
 * The last parameter is the greatest depth, or null.
 *
 *	WITH RECURSIVE r (c1, c2, depth) AS (
 *		SELECT h1.id, h1.manager_id, 1
 *		FROM shop.employee h1
 *		WHERE ($1).id OPERATOR(pg_catalog.=) h1.manager_id
 *		AND (h1.id OPERATOR(pg_catalog.=) ($1).id) IS NOT TRUE
 *		AND ($2 IS NULL OR $2 OPERATOR(pg_catalog.>=) 1)
 *		UNION ALL
 *		SELECT h1.id, h1.manager_id, r.depth OPERATOR(pg_catalog.+) 1
 *		FROM r
 *		JOIN shop.employee h1 ON r.c1 OPERATOR(pg_catalog.=) h1.manager_id
 *		WHERE (h1.id OPERATOR(pg_catalog.=) ($1).id) IS NOT TRUE
 *		AND ($2 IS NULL OR r.depth OPERATOR(pg_catalog.<) $2))
 *	SELECT ROW(c1, c2)::shop.employee, depth FROM r OFFSET 0
 *
 * OFFSET 0 keeps the planner from applying a condition on the row to the ROW().
 *
 * A query with WITH is planned by itself, and its rows are formed even if only
 * a field of them is wanted.  So if style->columns_apart, it returns columns,
 * and the row is formed around it:
 *
 *	SELECT ROW(c1, c2)::shop.employee, depth FROM (
 *		WITH RECURSIVE ... SELECT c1, c2, depth FROM r) s
 *
 * A row has one parent, so there is one way down to each row, and a cycle on
 * the way down can only be one through the source.  Upwards the way is one
 * line, but it may end in a cycle further on, which the CYCLE clause finds.
 *----------
 */
RelnavSelect *
relnav_generate_recursion(const RelnavRoute *route,
						  const RelnavSelectStyle *style)
{
	const RelnavRelationship *hop = linitial(route->hops);
	const RelnavForeignKey *fk = hop->near;
	bool		forwards = hop->direction == RELNAV_FORWARDS;
	Generator	g;
	StringInfoData not_source;
	char	   *max_depth;
	int			i;

	Assert(style->columns == RELNAV_LIVE_COLUMNS);
	init_generator(&g, route, style);

	/* The parameters that must match come first. */
	for (i = 0; i < fk->nkeys; i++)
		(void) make_source_operand(&g, &hop->source_cols[i]);
	g.select->nmatched = g.select->nparams;
	initStringInfo(&not_source);
	append_not_source(&g, &not_source, fk, "h1");
	if (style->source == RELNAV_SOURCE_ROW)
		max_depth = pstrdup("$2");
	else
	{
		g.select->param_types[g.select->nparams] = INT4OID;
		g.select->param_attnums[g.select->nparams++] = InvalidAttrNumber;
		max_depth = psprintf("$%d", g.select->nparams);
	}

	if (style->columns_apart)
	{
		append_row(&g);
		appendStringInfoString(&g.buf, " FROM (\n");
	}
	appendStringInfoString(&g.buf, "WITH RECURSIVE r (");
	append_positions(&g, "");
	appendStringInfoString(&g.buf, "depth) AS (\n    ");
	append_select_list(&g);
	appendStringInfo(&g.buf, "%s1\n    FROM ", g.ncolumns ? ", " : " ");
	append_table(&g.buf, hop->target, "h1");
	appendStringInfoString(&g.buf, "\n    WHERE ");
	append_source_condition(&g);
	appendStringInfo(&g.buf,
					 "\n    AND %s\n    AND (%s IS NULL OR %s OPERATOR(pg_catalog.>=) 1)"
					 "\n    UNION ALL\n    ",
					 not_source.data, max_depth, max_depth);
	append_select_list(&g);
	appendStringInfo(&g.buf, "%sr.depth OPERATOR(pg_catalog.+) 1\n    FROM r\n    JOIN ",
					 g.ncolumns ? ", " : " ");
	append_table(&g.buf, hop->target, "h1");
	appendStringInfoString(&g.buf, " ON ");
	for (i = 0; i < fk->nkeys; i++)
	{
		Operand		before = make_column_operand("r", &hop->source_cols[i]);
		Operand		here = make_column_operand("h1", &hop->near_cols[i]);

		before.text = psprintf("r.c%d", hop->source_cols[i].attnum);
		if (i > 0)
			appendStringInfoString(&g.buf, " AND ");
		append_comparison(&g.buf, fk, i, forwards ? &here : &before,
						  forwards ? &before : &here, !forwards, false);
	}
	appendStringInfo(&g.buf,
					 "\n    WHERE %s\n    AND (%s IS NULL OR r.depth OPERATOR(pg_catalog.<) %s))",
					 not_source.data, max_depth, max_depth);
	if (forwards)
	{
		appendStringInfoString(&g.buf, "\nCYCLE ");
		for (i = 0; i < fk->nkeys; i++)
		{
			int			k;

			/* A declaration can name a column twice; CYCLE must not. */
			for (k = 0; k < i; k++)
			{
				if (fk->pk_cols[k].attnum == fk->pk_cols[i].attnum)
					break;
			}
			if (k == i)
				appendStringInfo(&g.buf, "%sc%d", i ? ", " : "",
								 fk->pk_cols[i].attnum);
		}
		appendStringInfoString(&g.buf, " SET is_cycle USING path");
	}
	appendStringInfoChar(&g.buf, '\n');
	if (style->columns_apart)
	{
		appendStringInfoString(&g.buf, "SELECT ");
		append_positions(&g, "");
		appendStringInfoString(&g.buf, "depth");
	}
	else
		append_row(&g);
	appendStringInfoString(&g.buf, " FROM r");
	if (forwards)
		appendStringInfoString(&g.buf, " WHERE NOT is_cycle");
	appendStringInfoString(&g.buf, style->columns_apart ? ") s" : " OFFSET 0");

	g.select->sql = g.buf.data;
	return g.select;
}

/*----------
 * Generate the query for one level of a relationship of a table with itself,
 * an association or one of which it is not proven that there is one way to each
 * row: the rows that are related to those of some keys, but not the source.
 *
 * The first parameters are arrays of the columns of the key; the others are
 * the source's.  The columns that go into the arrays of the next level come
 * after the row and what identifies it.
 *
 *	SELECT h1.*::shop.person, h1.tableoid, h1.ctid, h1.id
 *	FROM ROWS FROM (pg_catalog.unnest($1)) AS s (c1)
 *	JOIN shop.follows a1 ON s.c1 OPERATOR(pg_catalog.=) a1.follower_id
 *	JOIN shop.person h1 ON h1.id OPERATOR(pg_catalog.=) a1.followee_id
 *	WHERE (h1.id OPERATOR(pg_catalog.=) $2) IS NOT TRUE
 *----------
 */
RelnavSelect *
relnav_generate_level(const RelnavRoute *route)
{
	const RelnavRelationship *hop = linitial(route->hops);
	const RelnavForeignKey *near = hop->near;
	RelnavSelectStyle style = {0};
	Generator	g;
	StringInfoData not_source;
	int			i;

	bool		forwards = hop->direction == RELNAV_FORWARDS;

	if (hop->target->relkind == RELKIND_VIEW)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot follow relationship \"%s\" of view \"%s\" repeatedly",
						hop->name, hop->target->name),
				 errdetail("There can be several ways to one row, and a view does not tell its rows apart.")));

	style.source = RELNAV_SOURCE_COLUMNS;
	init_generator(&g, route, &style);

	for (i = 0; i < near->nkeys; i++)
	{
		g.select->param_attnums[i] = 0;
		g.select->param_types[i] = get_array_type(hop->source_cols[i].type);
		if (!OidIsValid(g.select->param_types[i]))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("cannot follow relationship \"%s\" repeatedly",
							hop->name),
					 errdetail("Type %s of its key has no array type.",
							   format_type_be(hop->source_cols[i].type))));
	}
	g.select->nparams = g.select->nmatched = near->nkeys;
	initStringInfo(&not_source);
	append_not_source(&g, &not_source, near, "h1");

	appendStringInfoString(&g.buf, "SELECT h1.*::");
	relnav_append_relation(&g.buf, hop->target->schema, hop->target->name);
	appendStringInfoString(&g.buf, ", h1.tableoid, h1.ctid");
	for (i = 0; i < near->nkeys; i++)
	{
		appendStringInfoString(&g.buf, ", ");
		relnav_append_column(&g.buf, "h1", hop->source_cols[i].name);
	}
	appendStringInfoString(&g.buf, "\nFROM ROWS FROM (");
	for (i = 0; i < near->nkeys; i++)
		appendStringInfo(&g.buf, "%spg_catalog.unnest($%d)", i ? ", " : "", i + 1);
	appendStringInfoString(&g.buf, ") AS s (");
	for (i = 0; i < near->nkeys; i++)
		appendStringInfo(&g.buf, "%sc%d", i ? ", " : "", i + 1);
	appendStringInfoString(&g.buf, ")\nJOIN ");
	append_table(&g.buf, get_near_relation(&g, 1), get_near_alias(&g, 1));
	appendStringInfoString(&g.buf, " ON ");
	for (i = 0; i < near->nkeys; i++)
	{
		Operand		before = make_column_operand("s", &hop->source_cols[i]);
		Operand		here = make_column_operand(get_near_alias(&g, 1),
											   &hop->near_cols[i]);

		before.text = psprintf("s.c%d", i + 1);
		if (i > 0)
			appendStringInfoString(&g.buf, " AND ");
		append_comparison(&g.buf, near, i, forwards ? &here : &before,
						  forwards ? &before : &here, !forwards, true);
	}
	if (hop->far)
	{
		appendStringInfoString(&g.buf, "\nJOIN ");
		append_table(&g.buf, hop->target, "h1");
		appendStringInfoString(&g.buf, " ON ");
		append_far_condition(&g, 1);
	}
	appendStringInfo(&g.buf, "\nWHERE %s", not_source.data);

	g.select->sql = g.buf.data;
	return g.select;
}

/*
 * Generate the query for the source row itself, by its key.
 */
RelnavSelect *
relnav_generate_row_by_key(const RelnavRoute *route)
{
	RelnavSelectStyle style = {0};
	Generator	g;

	style.source = RELNAV_SOURCE_KEY;
	init_generator(&g, route, &style);
	appendStringInfoString(&g.buf, "SELECT h0.*::");
	relnav_append_relation(&g.buf, route->source->schema, route->source->name);
	appendStringInfoString(&g.buf, " FROM ");
	append_table(&g.buf, route->source, "h0");
	appendStringInfoString(&g.buf, " WHERE ");
	append_key_condition(&g);
	g.select->sql = g.buf.data;
	return g.select;
}

/*----------
 * Generate the query for rows of a table by many keys at once, given as
 * arrays of these element types, one for each column: $1, $2, ...  If there
 * are no such arrays, it is for one key.
 *
 * By a key of one column, whose values come first in the result:
 *
 *	SELECT h1.customer_id, h1.id, h1.status
 *	FROM shop.orders h1
 *	WHERE h1.customer_id OPERATOR(pg_catalog.=) ANY ($1)
 *
 * By several columns, or by an operator that cannot be turned around; then
 * the number of the key, from 1, comes first:
 *
 *	SELECT s.n, h1.what
 *	FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2))
 *		WITH ORDINALITY AS s (c1, c2, n)
 *	JOIN shop.complaint h1 ON s.c1 OPERATOR(pg_catalog.=) h1.order_id
 *		AND s.c2 OPERATOR(pg_catalog.=) h1.line
 *
 * Returns true if it is the first.  *sql is in the current memory context.
 *----------
 */
bool
relnav_generate_lookup(const RelnavLookup *lookup, const Oid *element_types,
					   char **sql)
{
	StringInfoData buf;
	StringInfoData any;
	bool		is_any;
	int			i;

	initStringInfo(&any);
	is_any = lookup->nkeys == 1 && !lookup->by_number &&
		relnav_have_array_types(element_types, 1) &&
		append_any_condition(&any, lookup);

	initStringInfo(&buf);
	appendStringInfoString(&buf, "SELECT ");
	if (is_any)
		relnav_append_column(&buf, "h1", lookup->match_cols[0].name);
	else
		appendStringInfoString(&buf, "s.n");
	appendStringInfo(&buf, "%s\nFROM ", lookup->select_list);
	if (is_any)
	{
		append_table(&buf, lookup->rel, "h1");
		appendStringInfo(&buf, "\nWHERE %s", any.data);
	}
	else
	{
		append_keys(&buf, lookup->nkeys, element_types);
		appendStringInfoString(&buf, "\nJOIN ");
		append_table(&buf, lookup->rel, "h1");
		appendStringInfoString(&buf, " ON ");
		for (i = 0; i < lookup->nkeys; i++)
		{
			Operand		own;
			Operand		match = make_column_operand("h1", &lookup->match_cols[i]);

			own.text = psprintf("s.c%d", i + 1);
			own.column = &lookup->own_cols[i];
			own.type = element_types[i];
			if (i > 0)
				appendStringInfoString(&buf, " AND ");
			if (lookup->fk == NULL)
				relnav_append_operation(&buf, match.text, match.type,
										lookup->eqop[i], own.text, own.type);
			else
				append_comparison(&buf, lookup->fk, i,
								  lookup->forwards ? &match : &own,
								  lookup->forwards ? &own : &match,
								  !lookup->forwards, true);
		}
	}
	if (lookup->condition)
		appendStringInfo(&buf, "\n%s %s", is_any ? "AND" : "WHERE",
						 lookup->condition);
	if (lookup->tail)
		appendStringInfoString(&buf, lookup->tail);
	*sql = buf.data;
	return is_any;
}

/*
 * Generate the query for all rows of the table of a lookup, with the columns
 * that match its keys before the others.
 */
char *
relnav_generate_scan(const RelnavLookup *lookup)
{
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "SELECT ");
	for (i = 0; i < lookup->nkeys; i++)
	{
		if (i > 0)
			appendStringInfoString(&buf, ", ");
		relnav_append_column(&buf, "h1", lookup->match_cols[i].name);
	}
	appendStringInfo(&buf, "%s\nFROM ", lookup->select_list);
	append_table(&buf, lookup->rel, "h1");
	if (lookup->condition)
		appendStringInfo(&buf, "\nWHERE %s", lookup->condition);
	if (lookup->tail)
		appendStringInfoString(&buf, lookup->tail);
	return buf.data;
}

/*----------
 * Generate the query for what a route leads to from each of many keys, where
 * there is something to be done for each key, such as a limit.
 *
 *	SELECT s.n, x.*
 *	FROM ROWS FROM (pg_catalog.unnest($1)) WITH ORDINALITY AS s (c1, n)
 *	CROSS JOIN LATERAL (
 *	SELECT h1.id, h1.status
 *	FROM shop.orders h1
 *	WHERE s.c1 OPERATOR(pg_catalog.=) h1.customer_id
 *	ORDER BY h1.ordered_on DESC NULLS FIRST LIMIT $2) AS x
 *
 * *nkeys is the number of the source's columns that the arrays are for, and
 * attnums, with room for as many as a key can have, their numbers.
 *----------
 */
char *
relnav_generate_lateral(const RelnavRoute *route, const char *select_list,
						const char *condition, const char *tail,
						int *nkeys, AttrNumber *attnums)
{
	char	   *columns[INDEX_MAX_KEYS];
	RelnavSelectStyle style = {0};
	RelnavSelect *select;
	StringInfoData buf;
	int			i;

	for (i = 0; i < INDEX_MAX_KEYS; i++)
		columns[i] = psprintf("s.c%d", i + 1);
	style.source = RELNAV_SOURCE_COLUMNS;
	style.literals = columns;
	style.select_list = select_list;
	style.condition = condition;
	style.tail = tail;
	select = relnav_generate_select(route, &style);

	initStringInfo(&buf);
	appendStringInfoString(&buf, "SELECT s.n, x.*\nFROM ");
	append_keys(&buf, select->nparams, select->param_types);
	appendStringInfo(&buf, "\nCROSS JOIN LATERAL (\n%s) AS x", select->sql);

	*nkeys = select->nparams;
	memcpy(attnums, select->param_attnums, sizeof(AttrNumber) * *nkeys);
	return buf.data;
}

/*----------
 * Arrays of keys in FROM: s, with columns c1, c2, ..., and the number n.
 *
 * There, unnest() takes rows apart, and we want them whole.  So where a key is
 * a row, it is called in a select list, where it does not:
 *
 *	(SELECT pg_catalog.unnest($1),
 *		pg_catalog.generate_series(1, pg_catalog.cardinality($1))::pg_catalog.int8) AS s (c1, n)
 *
 * Of arrays there are no arrays, so then the parameters are one key:
 *
 *	(SELECT $1, 1::pg_catalog.int8) AS s (c1, n)
 *----------
 */
static void
append_keys(StringInfo buf, int nkeys, const Oid *types)
{
	bool		has_rows = false;
	int			i;

	if (!relnav_have_array_types(types, nkeys))
	{
		appendStringInfoString(buf, "(SELECT ");
		for (i = 0; i < nkeys; i++)
			appendStringInfo(buf, "$%d, ", i + 1);
		appendStringInfoString(buf, "1::pg_catalog.int8) AS s (");
		for (i = 0; i < nkeys; i++)
			appendStringInfo(buf, "c%d, ", i + 1);
		appendStringInfoString(buf, "n)");
		return;
	}

	for (i = 0; i < nkeys; i++)
		has_rows |= type_is_rowtype(getBaseType(types[i]));

	appendStringInfoString(buf, has_rows ? "(SELECT " : "ROWS FROM (");
	for (i = 0; i < nkeys; i++)
		appendStringInfo(buf, "%spg_catalog.unnest($%d)", i ? ", " : "", i + 1);
	if (has_rows)
		appendStringInfoString(buf, ", pg_catalog.generate_series(1, pg_catalog.cardinality($1))::pg_catalog.int8");
	appendStringInfoString(buf, has_rows ? ") AS s (" : ") WITH ORDINALITY AS s (");
	for (i = 0; i < nkeys; i++)
		appendStringInfo(buf, "c%d, ", i + 1);
	appendStringInfoString(buf, "n)");
}

/* Can values of these types be the elements of arrays? */
bool
relnav_have_array_types(const Oid *types, int ntypes)
{
	int			i;

	for (i = 0; i < ntypes; i++)
	{
		if (!OidIsValid(get_array_type(getBaseType(types[i]))))
			return false;
	}
	return true;
}

/*
 * The one column of a lookup against an array of its keys.  Returns false if
 * the operator has the array on its left, and cannot be turned around.
 */
static bool
append_any_condition(StringInfo buf, const RelnavLookup *lookup)
{
	const RelnavColumn *match = &lookup->match_cols[0];
	const RelnavColumn *own = &lookup->own_cols[0];
	Oid			operator = lookup->fk ? lookup->fk->pf_eqop[0] : lookup->eqop[0];
	Oid			collation = match->collation;
	Oid			left;
	Oid			right;
	StringInfoData column;
	StringInfoData array;

	/* The referenced side is on the operator's left. */
	if (lookup->fk && !lookup->forwards)
	{
		operator = get_commutator(operator);
		if (!OidIsValid(operator))
			return false;

		/* As in append_comparison(). */
		if (!own->deterministic || !match->deterministic)
			collation = own->collation;
	}
	op_input_types(operator, &left, &right);

	initStringInfo(&column);
	relnav_append_column(&column, "h1", match->name);
	if (collation != match->collation)
		relnav_append_collation(&column, collation);

	/* An array of names has a collation of its own. */
	initStringInfo(&array);
	appendStringInfoString(&array, "ANY ($1");
	if (right == NAMEOID && left != NAMEOID)
		relnav_append_collation(&array, collation);
	appendStringInfoChar(&array, ')');
	relnav_append_operation(buf, column.data, match->type, operator,
							array.data, right);
	return true;
}

/*----------
 * Generate the query for one stored row, by a key whose columns are the
 * parameters:
 *
 *	SELECT h0.tableoid, h0.ctid, h0.id
 *	FROM shop.customer h0
 *	WHERE h0.id OPERATOR(pg_catalog.=) $1
 *----------
 */
char *
relnav_generate_stored_row(const RelnavRelation *rel, const RelnavKey *key,
						   const RelnavColumn *columns, int n)
{
	Generator	g = {0};
	int			i;

	initStringInfo(&g.buf);
	appendStringInfoString(&g.buf, "SELECT h0.tableoid, h0.ctid");
	for (i = 0; i < n; i++)
	{
		appendStringInfoString(&g.buf, ", ");
		relnav_append_column(&g.buf, "h0", columns[i].name);
	}
	appendStringInfoString(&g.buf, "\nFROM ");
	append_table(&g.buf, rel, "h0");
	appendStringInfoString(&g.buf, "\nWHERE ");
	for (i = 0; i < key->nkeys; i++)
	{
		Operand		left = make_column_operand("h0", &key->columns[i]);

		if (i > 0)
			appendStringInfoString(&g.buf, " AND ");
		relnav_append_operation(&g.buf, left.text, left.type, key->eqop[i],
								psprintf("$%d", i + 1),
								getBaseType(left.type));
	}
	return g.buf.data;
}

/*----------
 * Generate the query for the rows that reference some keys.  The keys come
 * from a relation with the columns seq, depth, o1, o2 and so on for the key
 * and n1, n2 and so on for what becomes of it:
 *
 *	SELECT k.seq, k.depth, h1.tableoid, h1.ctid, k.o1, h1.id
 *	FROM events k
 *	LEFT JOIN shop.orders h1 ON k.o1 OPERATOR(pg_catalog.=) h1.customer_id
 *	ORDER BY k.seq, h1.tableoid, h1.ctid
 *----------
 */
char *
relnav_generate_referencing(const RelnavForeignKey *fk,
							const RelnavReferencingStyle *style)
{
	Generator	g = {0};
	int			i;

	initStringInfo(&g.buf);
	appendStringInfoString(&g.buf, "SELECT k.seq, k.depth, h1.tableoid, h1.ctid");
	for (i = 0; style->keys && i < fk->nkeys; i++)
		appendStringInfo(&g.buf, ", k.o%d", i + 1);
	for (i = 0; style->new_keys && i < fk->nkeys; i++)
		appendStringInfo(&g.buf, ", k.n%d", i + 1);
	for (i = 0; i < style->ncolumns; i++)
	{
		appendStringInfoString(&g.buf, ", ");
		relnav_append_column(&g.buf, "h1", style->columns[i].name);
	}
	appendStringInfo(&g.buf, "\nFROM %s k\n%sJOIN ", style->events,
					 style->keys ? "LEFT " : "");
	append_table(&g.buf, fk->table->rel, "h1");
	appendStringInfoString(&g.buf, " ON ");
	for (i = 0; i < fk->nkeys; i++)
	{
		Operand		pk;
		Operand		here = make_column_operand("h1", &fk->fk_cols[i]);

		pk.text = psprintf("k.o%d", i + 1);
		pk.column = &fk->pk_cols[i];
		pk.type = pk.column->type;
		if (i > 0)
			appendStringInfoString(&g.buf, " AND ");
		append_comparison(&g.buf, fk, i, &pk, &here, true, false);
	}
	if (style->sorted)
		appendStringInfoString(&g.buf, "\nORDER BY k.seq, h1.tableoid, h1.ctid");
	return g.buf.data;
}

/*----------
 * Generate the query for the row that values of a foreign key reference:
 *
 *	SELECT h1.tableoid, h1.ctid
 *	FROM shop.customer h1
 *	WHERE h1.id OPERATOR(pg_catalog.=) $1
 *----------
 */
char *
relnav_generate_referenced(const RelnavForeignKey *fk)
{
	Generator	g = {0};
	int			i;

	initStringInfo(&g.buf);
	appendStringInfoString(&g.buf, "SELECT h1.tableoid, h1.ctid\nFROM ");
	append_table(&g.buf, fk->pk_rel, "h1");
	appendStringInfoString(&g.buf, "\nWHERE ");
	for (i = 0; i < fk->nkeys; i++)
	{
		Operand		here = make_column_operand("h1", &fk->pk_cols[i]);
		Operand		value;

		value.text = psprintf("$%d", i + 1);
		value.column = &fk->fk_cols[i];
		value.type = value.column->type;
		if (i > 0)
			appendStringInfoString(&g.buf, " AND ");
		append_comparison(&g.buf, fk, i, &here, &value, false, true);
	}
	return g.buf.data;
}

/*
 * Generate a SELECT of whether a referenced key, the first parameters, is what
 * values of a foreign key, the others, reference.
 */
char *
relnav_generate_key_comparison(const RelnavForeignKey *fk)
{
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "SELECT ");
	for (i = 0; i < fk->nkeys; i++)
	{
		Operand		pk;
		Operand		value;

		pk.text = psprintf("$%d", i + 1);
		pk.column = &fk->pk_cols[i];
		pk.type = pk.column->type;
		value.text = psprintf("$%d", fk->nkeys + i + 1);
		value.column = &fk->fk_cols[i];
		value.type = value.column->type;
		if (i > 0)
			appendStringInfoString(&buf, " AND ");
		append_comparison(&buf, fk, i, &pk, &value, false, true);
	}
	return buf.data;
}

/*----------
 * Generate the query that counts where several routes lead, from one source,
 * which returns the number of each route, from 0, and its count.  For an order:
 *
 *	SELECT 0, pg_catalog.count(*) FROM (
 *		SELECT
 *		FROM shop.customer h1
 *		WHERE h1.id OPERATOR(pg_catalog.=) $1
 *		LIMIT 1001) c
 *	UNION ALL
 *	SELECT 1, pg_catalog.count(*) FROM (
 *		...
 *
 * limit is how far they are counted, or negative for no limit.  It is in the
 * text because the plan depends on it.  Any parameter may be null: there is
 * nothing to be counted then.
 *----------
 */
RelnavSelect *
relnav_generate_counts(List *routes, RelnavSourceForm source, int64 limit)
{
	RelnavSelect *result = NULL;
	RelnavSelectStyle style = {0};
	StringInfoData buf;
	ListCell   *lc;

	style.source = source;
	style.columns = RELNAV_NO_COLUMNS;
	initStringInfo(&buf);
	foreach(lc, routes)
	{
		const RelnavRoute *route = lfirst(lc);
		Generator	g;

		/* All branches have the same parameters. */
		init_generator(&g, route, &style);
		if (result == NULL)
		{
			result = g.select;
			result->param_types = repalloc(result->param_types,
										   sizeof(Oid) * MaxHeapAttributeNumber);
			result->param_attnums = repalloc(result->param_attnums,
											 sizeof(AttrNumber) * MaxHeapAttributeNumber);
		}
		g.select = result;

		if (route->plain)
			append_plain(&g);
		else
			append_deduplicated(&g);
		appendStringInfo(&buf, "%sSELECT %d, pg_catalog.count(*) FROM (\n%s",
						 buf.len ? "\nUNION ALL\n" : "",
						 foreach_current_index(lc), g.buf.data);
		if (limit >= 0)
			appendStringInfo(&buf, "\nLIMIT " INT64_FORMAT, limit);
		appendStringInfoString(&buf, ") c");
		pfree(g.buf.data);
	}
	result->sql = buf.data;
	return result;
}

/*
 * The condition of a relationship between tables with the aliases "source",
 * "association" and "target".
 *
 * The result is in the current memory context.
 */
char *
relnav_generate_condition(const RelnavRelationship *r)
{
	bool		forwards = r->direction == RELNAV_FORWARDS;
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	for (i = 0; i < r->near->nkeys; i++)
	{
		Operand		source = make_column_operand("source", &r->source_cols[i]);
		Operand		other = make_column_operand(r->far ? "association" : "target",
												&r->near_cols[i]);

		if (i > 0)
			appendStringInfoString(&buf, " AND ");
		append_comparison(&buf, r->near, i, forwards ? &other : &source,
						  forwards ? &source : &other, !forwards, false);
	}
	for (i = 0; r->far && i < r->far->nkeys; i++)
	{
		Operand		association = make_column_operand("association",
													  &r->far_cols[i]);
		Operand		target = make_column_operand("target", &r->target_cols[i]);

		appendStringInfoString(&buf, " AND ");
		append_comparison(&buf, r->far, i, &target, &association, false, false);
	}
	return buf.data;
}

static void
init_generator(Generator *g, const RelnavRoute *route,
			   const RelnavSelectStyle *style)
{
	int			max_params = 2 * INDEX_MAX_KEYS + 1;
	int			i;

	memset(g, 0, sizeof(Generator));
	g->route = route;
	g->style = style;
	g->reads_source = style->source == RELNAV_SOURCE_KEY &&
		relnav_must_read_source(route);
	g->select = palloc0(sizeof(RelnavSelect));
	g->select->param_types = palloc(sizeof(Oid) * max_params);
	g->select->param_attnums = palloc(sizeof(AttrNumber) * max_params);
	initStringInfo(&g->buf);

	if (style->source == RELNAV_SOURCE_KEY)
	{
		g->select->nparams = route->key->nkeys;
		for (i = 0; i < route->key->nkeys; i++)
			g->select->param_types[i] = getBaseType(route->key->columns[i].type);
	}

	/* A user's alias may be taken, unless it looks like one of ours. */
	g->target_alias = style->target_alias;
	if (g->target_alias == NULL ||
		((g->target_alias[0] == 'h' || g->target_alias[0] == 'a') &&
		 strspn(g->target_alias + 1, "0123456789") == strlen(g->target_alias + 1)))
		g->target_alias = make_alias('h', list_length(route->hops));
}

/*----------
 * No target row can come twice: a join.  For the path orders.items from one
 * customer:
 *
 *	SELECT h2.id, h2.quantity
 *	FROM shop.orders h1
 *	JOIN shop.items h2 ON h1.id OPERATOR(pg_catalog.=) h2.order_id
 *	WHERE ($1).id OPERATOR(pg_catalog.=) h1.customer_id
 *----------
 */
static void
append_plain(Generator *g)
{
	append_select_list(g);
	appendStringInfoString(&g->buf, "\nFROM ");
	append_joins(g, 1, list_length(g->route->hops), "\n");
	if (g->style->open)
		return;
	appendStringInfoString(&g->buf, "\nWHERE ");
	if (g->reads_source)
		append_key_condition(g);
	else
		append_source_condition(g);
	if (g->style->condition)
		appendStringInfo(&g->buf, "\nAND %s", g->style->condition);
	if (g->style->tail)
		appendStringInfoString(&g->buf, g->style->tail);
}

/*----------
 * Each target row once, however many ways lead to it: a semi-join.  For the
 * path orders.items.product from one customer:
 *
 *	SELECT h3.id, h3.name
 *	FROM shop.product h3
 *	WHERE EXISTS (
 *		SELECT FROM shop.orders h1
 *		JOIN shop.items h2 ON h1.id OPERATOR(pg_catalog.=) h2.order_id
 *		WHERE ($1).id OPERATOR(pg_catalog.=) h1.customer_id
 *		AND h3.id OPERATOR(pg_catalog.=) h2.product_id)
 *----------
 */
static void
append_deduplicated(Generator *g)
{
	int			last = list_length(g->route->hops);
	const RelnavRelationship *hop = get_hop(g, last);

	append_select_list(g);
	appendStringInfoString(&g->buf, "\nFROM ");
	append_table(&g->buf, hop->target, g->target_alias);
	appendStringInfoString(&g->buf, "\nWHERE ");
	if (g->style->condition)
		appendStringInfo(&g->buf, "%s\nAND ", g->style->condition);
	appendStringInfoString(&g->buf, "EXISTS (\n    SELECT FROM ");

	/* All hops but what of the last one is outside. */
	append_joins(g, 1, last - 1, "\n    ");
	if (hop->far)
		append_near_table(g, last, "\n    ");

	appendStringInfoString(&g->buf, "\n    WHERE ");
	if (g->reads_source)
		append_key_condition(g);
	else
		append_source_condition(g);
	appendStringInfoString(&g->buf, "\n    AND ");
	if (hop->far)
		append_far_condition(g, last);
	else
		append_join_condition(g, last);
	appendStringInfoChar(&g->buf, ')');
	if (g->style->tail)
		appendStringInfoString(&g->buf, g->style->tail);
}

/* SELECT and the columns of the target. */
static void
append_select_list(Generator *g)
{
	Relation	rel;
	TupleDesc	desc;
	const char *separator = " ";
	int			i;

	if (g->style->select_list)
	{
		appendStringInfo(&g->buf, "SELECT %s", g->style->select_list);
		return;
	}
	rel = table_open(g->route->target->relid, NoLock);
	desc = RelationGetDescr(rel);
	g->ncolumns = 0;
	appendStringInfoString(&g->buf, "SELECT");
	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (g->style->columns == RELNAV_NO_COLUMNS)
			break;
		if (att->attisdropped && g->style->columns == RELNAV_LIVE_COLUMNS)
			continue;
		appendStringInfoString(&g->buf, separator);
		if (att->attisdropped)
			appendStringInfoString(&g->buf, "NULL::pg_catalog.int4");
		else
			relnav_append_column(&g->buf, g->target_alias, NameStr(att->attname));
		separator = ", ";
		g->ncolumns++;
	}
	table_close(rel, NoLock);

	if (g->style->open)
	{
		const RelnavRelationship *hop = get_hop(g, 1);

		for (i = 0; i < hop->near->nkeys; i++)
		{
			appendStringInfoString(&g->buf, separator);
			relnav_append_column(&g->buf, get_near_alias(g, 1),
								 hop->near_cols[i].name);
			separator = ", ";
		}
	}

	/* The alias alone could be the name of a column. */
	if (g->style->whole_row)
	{
		appendStringInfo(&g->buf, "%s%s.*::", separator,
						 quote_identifier(g->target_alias));
		relnav_append_relation(&g->buf, g->route->target->schema,
							   g->route->target->name);
	}
}

/*
 * A table in FROM.  A foreign key of a table that is not partitioned governs
 * the rows of this table only, not those of its inheritance children.
 */
static void
append_table(StringInfo buf, const RelnavRelation *rel, const char *alias)
{
	if (rel->has_children)
		appendStringInfoString(buf, "ONLY ");
	relnav_append_relation(buf, rel->schema, rel->name);
	appendStringInfo(buf, " %s", quote_identifier(alias));
}

/*
 * The tables of hops first to last, joined.  The condition of the first table
 * is left to the WHERE clause, unless the source itself comes before it.
 */
static void
append_joins(Generator *g, int first, int last, const char *indent)
{
	int			number;

	if (g->reads_source)
		append_table(&g->buf, g->route->source, "h0");

	for (number = first; number <= last; number++)
	{
		const RelnavRelationship *hop = get_hop(g, number);

		append_near_table(g, number, indent);
		if (hop->far)
		{
			appendStringInfo(&g->buf, "%sJOIN ", indent);
			append_table(&g->buf, hop->target, get_target_alias(g, number));
			appendStringInfoString(&g->buf, " ON ");
			append_far_condition(g, number);
		}
	}
}

/* The table that a hop comes to first, joined to what is there already. */
static void
append_near_table(Generator *g, int number, const char *indent)
{
	bool		leads = number == 1 && !g->reads_source;

	if (!leads)
		appendStringInfo(&g->buf, "%sJOIN ", indent);
	append_table(&g->buf, get_near_relation(g, number), get_near_alias(g, number));
	if (!leads)
	{
		appendStringInfoString(&g->buf, " ON ");
		append_join_condition(g, number);
	}
}

/*
 * The names by position of a table's columns that are not dropped; without a
 * comma at the end if suffix is NULL.
 */
static void
append_positions(Generator *g, const char *suffix)
{
	Relation	rel = table_open(g->route->target->relid, NoLock);
	TupleDesc	desc = RelationGetDescr(rel);
	const char *separator = "";
	int			i;

	for (i = 0; i < desc->natts; i++)
	{
		if (TupleDescAttr(desc, i)->attisdropped)
			continue;
		appendStringInfo(&g->buf, "%sc%d", separator, i + 1);
		separator = ", ";
	}
	if (suffix)
		appendStringInfoString(&g->buf, separator);
	table_close(rel, NoLock);
}

/* The row that a recursion has come to, of the columns that it carries. */
static void
append_row(Generator *g)
{
	appendStringInfoString(&g->buf, "SELECT ROW(");
	append_positions(g, NULL);
	appendStringInfoString(&g->buf, ")::");
	relnav_append_relation(&g->buf, g->route->target->schema,
						   g->route->target->name);
	appendStringInfoString(&g->buf, ", depth");
}

/*
 * That a table's row is not the source, by the columns which a key
 * references.  They may be null in a source that was made up.
 */
static void
append_not_source(Generator *g, StringInfo buf, const RelnavForeignKey *fk,
				  const char *alias)
{
	int			i;

	appendStringInfoChar(buf, '(');
	for (i = 0; i < fk->nkeys; i++)
	{
		Operand		here = make_column_operand(alias, &fk->pk_cols[i]);
		Operand		source = make_source_operand(g, &fk->pk_cols[i]);

		if (i > 0)
			appendStringInfoString(buf, " AND ");
		relnav_append_operation(buf, here.text, here.type, fk->pp_eqop[i],
								source.text, source.type);
	}
	appendStringInfoString(buf, ") IS NOT TRUE");
}

/* The source row's columns against the first table's. */
static void
append_source_condition(Generator *g)
{
	const RelnavRelationship *hop = get_hop(g, 1);
	bool		forwards = hop->direction == RELNAV_FORWARDS;
	int			i;

	for (i = 0; i < hop->near->nkeys; i++)
	{
		Operand		source = make_source_operand(g, &hop->source_cols[i]);
		Operand		other = make_column_operand(get_near_alias(g, 1),
												&hop->near_cols[i]);

		if (i > 0)
			appendStringInfoString(&g->buf, " AND ");
		append_comparison(&g->buf, hop->near, i, forwards ? &other : &source,
						  forwards ? &source : &other, !forwards, false);
	}
}

/* The key's columns against the parameters, where the source is read. */
static void
append_key_condition(Generator *g)
{
	int			i;

	for (i = 0; i < g->route->key->nkeys; i++)
	{
		const RelnavColumn *column = &g->route->key->columns[i];
		Operand		left = make_column_operand("h0", column);
		Operand		right = make_source_operand(g, column);

		if (i > 0)
			appendStringInfoString(&g->buf, " AND ");
		relnav_append_operation(&g->buf, left.text, left.type,
								g->route->key->eqop[i], right.text, right.type);
	}
}

/*
 * A hop's table, or its association table, against the table before it.
 */
static void
append_join_condition(Generator *g, int number)
{
	const RelnavRelationship *hop = get_hop(g, number);
	bool		forwards = hop->direction == RELNAV_FORWARDS;
	int			i;

	for (i = 0; i < hop->near->nkeys; i++)
	{
		Operand		source = make_column_operand(get_target_alias(g, number - 1),
												 &hop->source_cols[i]);
		Operand		other = make_column_operand(get_near_alias(g, number),
												&hop->near_cols[i]);

		if (i > 0)
			appendStringInfoString(&g->buf, " AND ");
		append_comparison(&g->buf, hop->near, i, forwards ? &other : &source,
						  forwards ? &source : &other, !forwards, false);
	}
}

/* A hop's target against its association table. */
static void
append_far_condition(Generator *g, int number)
{
	const RelnavRelationship *hop = get_hop(g, number);
	int			i;

	for (i = 0; i < hop->far->nkeys; i++)
	{
		Operand		association = make_column_operand(make_alias('a', number),
													  &hop->far_cols[i]);
		Operand		target = make_column_operand(get_target_alias(g, number),
												 &hop->target_cols[i]);

		if (i > 0)
			appendStringInfoString(&g->buf, " AND ");
		append_comparison(&g->buf, hop->far, i, &target, &association, false, false);
	}
}

/*
 * One column pair of a key, by the key's own operator.
 *
 * COLLATE binds more tightly than the operator, so at the end of the clause
 * it is the right operand's, and decides for both.  Where the operands are
 * columns it is only needed if theirs differ; collates says that they are not.
 */
static void
append_comparison(StringInfo buf, const RelnavForeignKey *fk, int i,
				  const Operand *pk, const Operand *fk_operand,
				  bool looks_up_fk, bool collates)
{
	const RelnavColumn *pk_col = pk->column;
	const RelnavColumn *fk_col = fk_operand->column;

	relnav_append_operation(buf, pk->text, pk->type, fk->pf_eqop[i],
							fk_operand->text, fk_operand->type);
	if (OidIsValid(pk_col->collation) &&
		(pk_col->collation != fk_col->collation ||
		 (collates && pk_col->collation != DEFAULT_COLLATION_OID)))
	{
		if (looks_up_fk && pk_col->deterministic && fk_col->deterministic &&
			OidIsValid(fk_col->collation))
			relnav_append_collation(buf, fk_col->collation);
		else
			relnav_append_collation(buf, pk_col->collation);
	}
}

/*
 * The value of one of the source's columns, which becomes a parameter if it
 * is not one yet.
 */
static Operand
make_source_operand(Generator *g, const RelnavColumn *column)
{
	RelnavSelect *select = g->select;
	Operand		result;
	int			i = 0;

	result.column = column;
	switch (g->style->source)
	{
		case RELNAV_SOURCE_ROW:
			result.text = psprintf("($1).%s", quote_identifier(column->name));
			result.type = column->type;
			return result;

		case RELNAV_SOURCE_COLUMNS:
			for (; i < select->nparams; i++)
			{
				if (select->param_attnums[i] == column->attnum)
					break;
			}
			if (i == select->nparams)
			{
				select->param_attnums[i] = column->attnum;
				select->param_types[i] = column->type;
				select->nparams++;
			}
			break;

		case RELNAV_SOURCE_KEY:
			for (; i < g->route->key->nkeys; i++)
			{
				if (g->route->key->columns[i].attnum == column->attnum)
					break;
			}
			Assert(i < g->route->key->nkeys);
			break;
	}
	result.text = g->style->literals ? g->style->literals[i] : psprintf("$%d", i + 1);
	result.type = select->param_types[i];
	return result;
}

static Operand
make_column_operand(const char *alias, const RelnavColumn *column)
{
	StringInfoData buf;
	Operand		result;

	initStringInfo(&buf);
	relnav_append_column(&buf, alias, column->name);
	result.text = buf.data;
	result.column = column;
	result.type = column->type;
	return result;
}

static const char *
make_alias(char letter, int number)
{
	return psprintf("%c%d", letter, number);
}

/* Hops are counted from 1, as their aliases are. */
static RelnavRelationship *
get_hop(Generator *g, int number)
{
	return list_nth(g->route->hops, number - 1);
}

/* The table that a hop comes to first: its association table, or its target. */
static const char *
get_near_alias(Generator *g, int number)
{
	if (get_hop(g, number)->far)
		return make_alias('a', number);
	return get_target_alias(g, number);
}

static const char *
get_target_alias(Generator *g, int number)
{
	if (number == list_length(g->route->hops))
		return g->target_alias;
	return make_alias('h', number);
}

static const RelnavRelation *
get_near_relation(Generator *g, int number)
{
	const RelnavRelationship *hop = get_hop(g, number);

	return hop->far ? relnav_get_association(hop) : hop->target;
}
