/*-------------------------------------------------------------------------
 *
 * privilege.c
 *	  What the caller may read, asked beforehand.
 *
 * The server checks privileges of its own accord when a query runs, and
 * raises an error.  This file is for functions that look at many tables and
 * leave out the ones that the caller may not read.  It answers as the server
 * would, for a query of the current user; nothing here grants anything.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "privilege.h"
#include "sqlbuf.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/rls.h"

static bool may_name_table(Oid relid);

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
 * May the current user read what the policies of a relation read?  They are
 * checked with his rights.
 *
 * The plan of a query has all of it.  The relation must be one whose columns
 * he may read, and locked.
 */
bool
relnav_may_read_for_policies(const RelnavRelation *rel)
{
	StringInfoData buf;
	SPIPlanPtr	plan;
	CachedPlan *cached;
	bool		result = true;
	ListCell   *lc;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "SELECT FROM ");
	relnav_append_relation(&buf, rel->schema, rel->name);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	plan = SPI_prepare(buf.data, 0, NULL);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s",
			 SPI_result_code_string(SPI_result));
	cached = SPI_plan_get_cached_plan(plan);
	if (cached)
	{
		foreach(lc, cached->stmt_list)
			result &= RelnavMayExecute(lfirst_node(PlannedStmt, lc));
		ReleaseCachedPlan(cached, NULL);	/* it is not saved */
	}
	SPI_finish();
	return result;
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
