/*-------------------------------------------------------------------------
 *
 * keep.c
 *	  Things that were costly to make, kept in this backend.
 *
 * A keeper has room for MAX_KEPT of them; the least recently used one goes
 * first.  What is kept may be in use when it is replaced or has to go (a row
 * security policy may navigate, too), so it is counted who uses it, and the
 * last user frees it.
 *
 * Everything lives below CacheMemoryContext.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "keep.h"
#include "utils/memutils.h"

/* More than a program has navigations, less than hurts. */
#define MAX_KEPT 256

/* A key of any length stands here by its hash. */
typedef struct KeeperKey
{
	uint64		length;
	uint64		hash[2];
} KeeperKey;

typedef struct KeeperEntry
{
	KeeperKey	key;			/* hash key */
	dlist_node	node;			/* in order of use */
	RelnavKept *kept;
} KeeperEntry;

static void make_key(KeeperKey *result, const void *key, Size length);
static void evict(RelnavKeeper *keeper);

/*
 * What is kept under a key, or NULL.  It is borrowed until something else is
 * kept, or for longer if it is used.
 */
RelnavKept *
relnav_find_kept(RelnavKeeper *keeper, const void *key, Size length)
{
	KeeperKey	hashed;
	KeeperEntry *entry;

	if (keeper->table == NULL)
		return NULL;
	make_key(&hashed, key, length);
	entry = hash_search(keeper->table, &hashed, HASH_FIND, NULL);
	if (entry == NULL || memcmp(entry->kept->key, key, length) != 0)
		return NULL;
	dlist_move_head(&keeper->by_use, &entry->node);
	return entry->kept;
}

/*
 * Keep something under a key, in the place of what was there before.
 *
 * Its context, which may be the caller's child until now, becomes the
 * keeper's.  If an error is raised, nothing has changed.
 */
void
relnav_keep(RelnavKeeper *keeper, RelnavKept *kept, const void *key,
			Size length)
{
	KeeperKey	hashed;
	KeeperEntry *entry;
	void	   *copy;
	bool		found;

	if (keeper->table == NULL)
	{
		HASHCTL		ctl;

		memset(&ctl, 0, sizeof(ctl));
		ctl.keysize = sizeof(KeeperKey);
		ctl.entrysize = sizeof(KeeperEntry);
		dlist_init(&keeper->by_use);
		keeper->table = hash_create(keeper->name, 64, &ctl,
									HASH_ELEM | HASH_BLOBS);
	}

	copy = MemoryContextAlloc(kept->context, Max(length, 1));
	memcpy(copy, key, length);
	kept->key = copy;
	make_key(&hashed, key, length);

	/* Room first: from here on nothing may fail half way. */
	evict(keeper);
	entry = hash_search(keeper->table, &hashed, HASH_ENTER, &found);
	if (found)
	{
		dlist_move_head(&keeper->by_use, &entry->node);
		relnav_release_kept(entry->kept);
	}
	else
		dlist_push_head(&keeper->by_use, &entry->node);
	entry->kept = kept;
	kept->nusers++;
	MemoryContextSetParent(kept->context, CacheMemoryContext);
}

/* One user more. */
void
relnav_use_kept(RelnavKept *kept)
{
	kept->nusers++;
}

/* One user less; the last one frees. */
void
relnav_release_kept(RelnavKept *kept)
{
	if (--kept->nusers > 0)
		return;
	if (kept->free)
		kept->free(kept);
	MemoryContextDelete(kept->context);
}

static void
make_key(KeeperKey *result, const void *key, Size length)
{
	memset(result, 0, sizeof(KeeperKey));
	result->length = length;
	result->hash[0] = hash_bytes_extended(key, length, 0);
	result->hash[1] = hash_bytes_extended(key, length, 1);
}

/* Take the least recently used ones out of a full keeper. */
static void
evict(RelnavKeeper *keeper)
{
	while (hash_get_num_entries(keeper->table) >= MAX_KEPT)
	{
		KeeperEntry *entry = dlist_tail_element(KeeperEntry, node,
												&keeper->by_use);

		dlist_delete(&entry->node);
		relnav_release_kept(entry->kept);
		hash_search(keeper->table, &entry->key, HASH_REMOVE, NULL);
	}
}
