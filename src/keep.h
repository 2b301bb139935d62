/*-------------------------------------------------------------------------
 *
 * keep.h
 *	  Things that were costly to make, kept in this backend.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_KEEP_H
#define RELNAV_KEEP_H

#include "lib/ilist.h"
#include "utils/hsearch.h"

/*
 * The first member of what is kept.  All of it is in its own context, but
 * what the function frees.
 */
typedef struct RelnavKept
{
	MemoryContext context;
	void		(*free) (struct RelnavKept *kept);	/* or NULL */
	int			nusers;			/* the keeper is one */
	const void *key;
} RelnavKept;

/* A number of them by their keys, the least recently used of which goes. */
typedef struct RelnavKeeper
{
	const char *name;
	HTAB	   *table;
	dlist_head	by_use;
} RelnavKeeper;

extern RelnavKept *relnav_find_kept(RelnavKeeper *keeper, const void *key,
									Size length);
extern void relnav_keep(RelnavKeeper *keeper, RelnavKept *kept,
						const void *key, Size length);
extern void relnav_use_kept(RelnavKept *kept);
extern void relnav_release_kept(RelnavKept *kept);

#endif							/* RELNAV_KEEP_H */
