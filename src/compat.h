/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  The differences between the servers we support, and nothing else.
 *
 * Everything here offers the newest server's name on older ones, so that
 * dropping a release means deleting lines.  No other file tests
 * PG_VERSION_NUM.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_COMPAT_H
#define RELNAV_COMPAT_H

#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "fmgr.h"
#include "nodes/primnodes.h"
#include "utils/acl.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

/* 16: what varlena values look like is in a header of its own */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#if PG_VERSION_NUM < 150000
#error "relnav needs PostgreSQL 15 or later"
#endif

/* Memory that is going to be read; for compilers that know how. */
#if defined(__GNUC__) || defined(__clang__)
#define relnav_prefetch(address) __builtin_prefetch(address)
#else
#define relnav_prefetch(address) ((void) 0)
#endif

/* 18: a module can report its name and version */
#ifndef PG_MODULE_MAGIC_EXT
#define PG_MODULE_MAGIC_EXT(...) PG_MODULE_MAGIC
#endif

/* 18: a function that does not return is marked before its declaration */
#if PG_VERSION_NUM < 180000
#define pg_noreturn pg_attribute_noreturn()
#endif

/* 18: NOT NULL constraints of tables have rows in pg_constraint */
#if PG_VERSION_NUM < 170000
#define CONSTRAINT_NOTNULL 'n'
#endif

/* 18: generated columns that are not stored */
#if PG_VERSION_NUM < 180000
#define ATTRIBUTE_GENERATED_VIRTUAL 'v'
#endif

/* 18: temporal foreign keys and foreign keys that are not enforced */
#if PG_VERSION_NUM >= 180000
#define RelnavConstraintIsTemporal(form) ((form)->conperiod)
#define RelnavConstraintIsEnforced(form) ((form)->conenforced)
#else
#define RelnavConstraintIsTemporal(form) false
#define RelnavConstraintIsEnforced(form) true
#endif

/* 19: planner_hook is told about EXPLAIN */
#if PG_VERSION_NUM >= 190000
#define RELNAV_PLANNER_ARGS \
	Query *parse, const char *query_string, int cursorOptions, \
	ParamListInfo boundParams, ExplainState *es
#define RELNAV_PLANNER_CALL \
	parse, query_string, cursorOptions, boundParams, es
#else
#define RELNAV_PLANNER_ARGS \
	Query *parse, const char *query_string, int cursorOptions, \
	ParamListInfo boundParams
#define RELNAV_PLANNER_CALL \
	parse, query_string, cursorOptions, boundParams
#endif

/* 19: a function in FROM can be asked for a query in its place */
#if PG_VERSION_NUM >= 190000
#define RELNAV_HAS_INLINE_IN_FROM
#endif

/* 16: a Var knows which outer joins can make it null; 18: OLD or NEW */
#if PG_VERSION_NUM >= 180000
#define RelnavCopyVarContext(to, from) \
	((to)->varnullingrels = bms_copy((from)->varnullingrels), \
	 (to)->varreturningtype = (from)->varreturningtype)
#elif PG_VERSION_NUM >= 160000
#define RelnavCopyVarContext(to, from) \
	((to)->varnullingrels = bms_copy((from)->varnullingrels))
#else
#define RelnavCopyVarContext(to, from) ((void) (from))
#endif

/* 16: one function checks privileges on objects of all kinds */
#if PG_VERSION_NUM < 160000
static inline AclResult
object_aclcheck(Oid classid, Oid objectid, Oid roleid, AclMode mode)
{
	if (classid == NamespaceRelationId)
		return pg_namespace_aclcheck(objectid, roleid, mode);
	Assert(classid == ProcedureRelationId);
	return pg_proc_aclcheck(objectid, roleid, mode);
}

static inline bool
object_ownercheck(Oid classid, Oid objectid, Oid roleid)
{
	Assert(classid == RelationRelationId);
	return pg_class_ownercheck(objectid, roleid);
}
#endif

/* 19: a row type that was put together must be finished */
#if PG_VERSION_NUM < 190000
#define TupleDescFinalize(desc) ((void) (desc))
#endif

/* 16: the privileges that a statement needs are beside its range table */
#if PG_VERSION_NUM >= 160000
#define RelnavMayExecute(stmt) \
	ExecCheckPermissions((stmt)->rtable, (stmt)->permInfos, false)
#else
#define RelnavMayExecute(stmt) ExecCheckRTPerms((stmt)->rtable, false)
#endif

/* 19: syscache callbacks are told the cache by an enum */
#if PG_VERSION_NUM >= 190000
typedef SysCacheIdentifier RelnavSysCacheId;
#else
typedef int RelnavSysCacheId;
#endif

/* 19: a backslash in a string is always just that, and no warning says so */
#if PG_VERSION_NUM >= 190000
#define standard_conforming_strings true
#define RelnavSilenceScanner(state) ((void) (state))
#else
#define RelnavSilenceScanner(state) ((state)->escape_string_warning = false)
#endif

/* 16: the server can look for the closest match of a misspelt name */
#if PG_VERSION_NUM < 160000
typedef struct ClosestMatchState
{
	const char *source;
	int			min_d;
	int			max_d;
	const char *match;
} ClosestMatchState;

static inline void
initClosestMatch(ClosestMatchState *state, const char *source, int max_d)
{
	state->source = source;
	state->min_d = -1;
	state->max_d = max_d;
	state->match = NULL;
}

static inline void
updateClosestMatch(ClosestMatchState *state, const char *candidate)
{
	int			dist;

	/* varstr_levenshtein() raises an error beyond its limit of characters. */
	if (state->source == NULL || state->source[0] == '\0' ||
		candidate == NULL || candidate[0] == '\0' ||
		strlen(state->source) > 255 || strlen(candidate) > 255)
		return;

	dist = varstr_levenshtein_less_equal(state->source, strlen(state->source),
										 candidate, strlen(candidate),
										 1, 1, 1, state->max_d, true);
	if (dist <= state->max_d && dist <= (int) strlen(state->source) / 2 &&
		(state->min_d == -1 || dist < state->min_d))
	{
		state->min_d = dist;
		state->match = candidate;
	}
}

static inline const char *
getClosestMatch(ClosestMatchState *state)
{
	return state->match;
}
#endif

#endif							/* RELNAV_COMPAT_H */
