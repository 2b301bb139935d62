/*-------------------------------------------------------------------------
 *
 * graph.h
 *	  The relationships of tables, as kept in this backend.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_GRAPH_H
#define RELNAV_GRAPH_H

#include "relationship.h"
#include "utils/inval.h"

/*
 * How often something is read anew, because messages of what others have
 * changed came while it was read.  A server with asserts can be told to make
 * every reading as if that had happened; then it would be in vain each time.
 */
#define RELNAV_MAX_ATTEMPTS (debug_discard_caches > 0 ? 1 : 10)

/* Columns that tell the rows of a table apart, and are never null. */
typedef struct RelnavKey
{
	bool		primary;
	int			nkeys;
	RelnavColumn *columns;
	Oid		   *eqop;			/* the index's equality */
} RelnavKey;

/* A relationship as it is listed at its source. */
typedef struct RelnavListedRelationship
{
	const RelnavRelationship *relationship;
	const char *inverse;		/* full name, NULL if not asked for */
} RelnavListedRelationship;

/* Everything about one source. */
typedef struct RelnavListing
{
	Oid			relid;
	const RelnavTable *table;
	List	   *keys;			/* of RelnavKey, the primary one first; not
								 * known in a listing of the database */
	int			nrelationships;
	RelnavListedRelationship *relationships;	/* by listed name */

	/*
	 * Room for what a caller makes of a listing with inverses, to be found
	 * there the next time.  It must be allocated in the context, which is
	 * NULL in a listing of the database.
	 */
	MemoryContext context;
	void	   *rendered;
} RelnavListing;

extern void relnav_register_invalidation(void);
extern uint64 relnav_get_graph_generation(void);
extern const RelnavListing *relnav_find_listing(Oid relid);
extern RelnavListing *relnav_find_listing_with_inverses(Oid relid);
extern List *relnav_load_all_listings(void);
extern RelnavRelationship *relnav_copy_relationship(const RelnavRelationship *r);
extern RelnavRelation *relnav_copy_relation(const RelnavRelation *rel);
extern RelnavTable *relnav_copy_view(const RelnavTable *view);
extern RelnavKey *relnav_copy_key(const RelnavKey *key);
extern RelnavColumn *relnav_copy_columns(const RelnavColumn *columns, int n);

#endif							/* RELNAV_GRAPH_H */
