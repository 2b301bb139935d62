/*-------------------------------------------------------------------------
 *
 * privilege.c
 *	  What the caller may read, where the server does not ask by itself.
 *
 * The server checks privileges of its own accord when a query runs, and
 * raises an error.  One kind of privilege it checks before: USAGE on a schema,
 * when a text that names the schema is parsed.  We keep plans, and the server
 * keeps those that we have put queries into, which another role may use that
 * could not have parsed the text; for it that is checked again.
 *
 * The rest of this file is for functions that look at many tables and leave
 * out the ones that the caller may not read.  All answers are those that the
 * server would give, for a query of the current user; nothing here grants
 * anything.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "compat.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "privilege.h"
#include "setting.h"
#include "sqlbuf.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/rls.h"

static bool may_name_table(Oid relid);
static bool applies_policies(Node *node, void *context);
static bool collect_schemas(Node *node, void *context);
static void collect_schema(List **schemas, const char *name);

/*
 * May a query of the current user compare these columns of a relation?
 */
bool
relnav_may_read_columns(Oid relid, const RelnavColumn *columns, int n)
{
	int			i;

	if (!may_name_table(relid))
		return false;
	if (pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) == ACLCHECK_OK)
		return true;
	for (i = 0; i < n; i++)
	{
		if (pg_attribute_aclcheck(relid, columns[i].attnum, GetUserId(),
								  ACL_SELECT) != ACLCHECK_OK)
			return false;
	}
	return true;
}

/*
 * May a query of the current user read all columns of a relation, those of
 * the system among them?
 */
bool
relnav_may_read_table(Oid relid)
{
	return may_name_table(relid) &&
		pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) == ACLCHECK_OK;
}

/*
 * Do policies decide which rows of a relation the current user sees?
 */
bool
relnav_has_policies(Oid relid)
{
	return check_enable_rls(relid, InvalidOid, true) == RLS_ENABLED;
}

/*
 * May the current user read what is read together with a relation?  That is
 * what its policies read, and what a view reads: with his rights where it is a
 * security_invoker view, and else with its owner's, who may have lost them.
 *
 * False as well where row_security is off and policies would leave out rows:
 * the server would raise an error.
 *
 * The plan of a query has all of it.  The relation must be one whose columns
 * he may read, and locked.
 */
bool
relnav_may_read_behind(const RelnavRelation *rel)
{
	StringInfoData buf;
	SPIPlanPtr	plan;
	CachedPlan *cached;
	bool		apply_policies = row_security;
	bool		result = true;
	int			nestlevel;
	ListCell   *lc;

	if (rel->relkind != RELKIND_VIEW && !relnav_has_policies(rel->relid))
		return true;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "SELECT FROM ");
	relnav_append_relation(&buf, rel->schema, rel->name);

	/* Policies must not be an error here. */
	nestlevel = NewGUCNestLevel();
	relnav_change_setting("row_security", "on");
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	plan = SPI_prepare(buf.data, 0, NULL);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s",
			 SPI_result_code_string(SPI_result));
	cached = SPI_plan_get_cached_plan(plan);
	if (cached)
	{
		CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(plan));

		if (!apply_policies)
			result = !applies_policies((Node *) source->query_list, NULL);
		foreach(lc, cached->stmt_list)
			result &= RelnavMayExecute(lfirst_node(PlannedStmt, lc));
		ReleaseCachedPlan(cached, NULL);	/* it is not saved */
	}
	SPI_finish();
	AtEOXact_GUC(true, nestlevel);
	return result;
}

/*
 * The OIDs of the schemas that the text of a plan names, in the current memory
 * context.
 *
 * A change of a schema's name or privileges makes the server forget all
 * plans, so this needs no more care than the plan itself.
 */
List *
relnav_get_named_schemas(SPIPlanPtr plan)
{
	List	   *schemas = NIL;
	ListCell   *lc;

	foreach(lc, SPI_plan_get_plan_sources(plan))
	{
		CachedPlanSource *source = lfirst(lc);

		(void) collect_schemas(source->raw_parse_tree->stmt, &schemas);
	}
	return schemas;
}

/*
 * Does a raw statement name a schema that not everybody may use?  Then a plan
 * that was made of it for one role may be none for another.
 */
bool
relnav_names_closed_schema(Node *stmt)
{
	List	   *schemas = NIL;
	ListCell   *lc;

	(void) collect_schemas(stmt, &schemas);
	foreach(lc, schemas)
	{
		if (object_aclcheck(NamespaceRelationId, lfirst_oid(lc), ACL_ID_PUBLIC,
							ACL_USAGE) != ACLCHECK_OK)
			return true;
	}
	return false;
}

/*
 * Raise the server's error if the current user may not use one of the schemas,
 * as if the text were parsed for him.
 */
void
relnav_check_named_schemas(const List *schemas)
{
	ListCell   *lc;

	foreach(lc, schemas)
	{
		AclResult	acl = object_aclcheck(NamespaceRelationId, lfirst_oid(lc),
										  GetUserId(), ACL_USAGE);

		if (acl != ACLCHECK_OK)
			aclcheck_error(acl, OBJECT_SCHEMA, get_namespace_name(lfirst_oid(lc)));
	}
}

/* A walker over a raw statement: whatever it names with a schema. */
static bool
collect_schemas(Node *node, void *context)
{
	List	   *names = NIL;

	if (node == NULL)
		return false;

	switch (nodeTag(node))
	{
		case T_RangeVar:
			collect_schema(context, ((RangeVar *) node)->schemaname);
			break;
		case T_A_Expr:
			names = ((A_Expr *) node)->name;
			break;
		case T_FuncCall:
			names = ((FuncCall *) node)->funcname;
			break;
		case T_TypeName:
			names = ((TypeName *) node)->names;
			break;
		case T_CollateClause:
			names = ((CollateClause *) node)->collname;
			break;
		default:
			break;
	}
	if (list_length(names) == 2)
		collect_schema(context, strVal(linitial(names)));
	return raw_expression_tree_walker(node, collect_schemas, context);
}

/* A schema, if one is named, each once.  Everybody may use pg_catalog. */
static void
collect_schema(List **schemas, const char *name)
{
	Oid			nsp;

	if (name == NULL)
		return;
	nsp = get_namespace_oid(name, true);
	if (OidIsValid(nsp) && nsp != PG_CATALOG_NAMESPACE)
		*schemas = list_append_unique_oid(*schemas, nsp);
}

/*
 * A walker over rewritten queries: are there policies that leave out rows?
 * That a plan depends on row security does not tell; it also does where the
 * reader is not bound by it.
 */
static bool
applies_policies(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
		return ((RangeTblEntry *) node)->securityQuals != NIL;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, applies_policies, context,
								 QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, applies_policies, context);
}

/* Does the relation exist, in a schema that the user may use? */
static bool
may_name_table(Oid relid)
{
	Oid			nsp = get_rel_namespace(relid);

	return OidIsValid(nsp) &&
		object_aclcheck(NamespaceRelationId, nsp, GetUserId(),
						ACL_USAGE) == ACLCHECK_OK;
}
