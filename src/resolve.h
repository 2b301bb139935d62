/*-------------------------------------------------------------------------
 *
 * resolve.h
 *	  What a navigation's text means: a path becomes a route.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_RESOLVE_H
#define RELNAV_RESOLVE_H

#include "compat.h"
#include "graph.h"

typedef enum RelnavFunction
{
	RELNAV_PARENT,
	RELNAV_CHILDREN,
	RELNAV_ASSOCIATED,
	RELNAV_RELATED,
	RELNAV_DESCENDANTS,
	RELNAV_ANCESTORS,
	RELNAV_NEIGHBORS			/* by every relationship; path is explore.c's */
} RelnavFunction;

/* What somebody asked for. */
typedef struct RelnavCall
{
	RelnavFunction function;
	Oid			source;
	Oid			target;			/* InvalidOid: wherever the path leads */
	const char *path;			/* path or via, NULL if there is none */
	bool		by_key;			/* by table and key, not by a row? */
	int		   *segment;		/* if not NULL: set to the number, from 0, of
								 * the one that is being resolved */
	bool		like_function;	/* a single name before parentheses? */
} RelnavCall;

/* What that means. */
typedef struct RelnavRoute
{
	const RelnavRelation *source;
	const RelnavRelation *target;
	List	   *hops;			/* of RelnavRelationship */
	bool		plain;			/* can no target row come twice? */
	List	   *relids;			/* what its query reads, in the path's order */
	List	   *rival_relids;	/* those through which the same tables could
								 * be associated after some change */
	const RelnavKey *key;		/* of the source, if the call is by key */
	uint64		generation;		/* of the graph that it was found in */
} RelnavRoute;

/* Does it follow one relationship again and again? */
static inline bool
relnav_is_recursive(RelnavFunction function)
{
	return function == RELNAV_DESCENDANTS || function == RELNAV_ANCESTORS;
}

/*
 * If a route is followed again and again, is that done level by level?  In one
 * recursive query only if there is one way to each row.
 */
static inline bool
relnav_goes_by_levels(const RelnavRoute *route)
{
	const RelnavRelationship *hop = linitial(route->hops);

	return hop->far != NULL ||
		!(hop->direction == RELNAV_FORWARDS
		  ? hop->target_is_unique : hop->source_is_unique);
}

extern RelnavRoute *relnav_get_route(const RelnavCall *call);
extern const RelnavRelation *relnav_get_source(Oid relid);
extern const RelnavKey *relnav_get_key(Oid relid);
pg_noreturn extern void relnav_report_no_relation(Oid relid);
extern RelnavRoute *relnav_find_route(const RelnavCall *call);
extern void relnav_unlock_route(const RelnavRoute *route);
extern bool relnav_must_read_source(const RelnavRoute *route);
extern RelnavRoute *relnav_make_single_route(const RelnavRelationship *hop,
											 const RelnavKey *key);
extern const RelnavListing *relnav_get_listing(Oid relid);

#endif							/* RELNAV_RESOLVE_H */
