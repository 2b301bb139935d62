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
#include "miscadmin.h"
#include "privilege.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
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

/* Does the relation exist, in a schema that the user may use? */
static bool
may_name_table(Oid relid)
{
	Oid			nsp = get_rel_namespace(relid);

	return OidIsValid(nsp) &&
		object_aclcheck(NamespaceRelationId, nsp, GetUserId(),
						ACL_USAGE) == ACLCHECK_OK;
}
