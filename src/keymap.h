/*-------------------------------------------------------------------------
 *
 * keymap.h
 *	  Numbers for keys.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_KEYMAP_H
#define RELNAV_KEYMAP_H

#include "fmgr.h"

/*
 * How one column of a key is compared.  Keys are put in by the rows that one
 * comes from, their own columns, and looked for by the columns of the rows
 * that match them, which may be of another type.
 */
typedef struct RelnavKeyColumn
{
	Oid			type;			/* of the values put in */
	Oid			collation;
	Oid			hash;			/* hash function of these values */
	Oid			equal;			/* operator between two of them */
	Oid			other_hash;		/* the same for the values looked for */
	Oid			other_equal;	/* operator between one of each */
	bool		other_is_left;	/* on which side of it */
} RelnavKeyColumn;

/* What a map's keys are. */
typedef enum RelnavKeyKind
{
	RELNAV_KEY_DISTINCT,		/* equal ones have one number */
	RELNAV_KEY_INTEGER,			/* the same, of one integer */
	RELNAV_KEY_UNCOMPARED		/* each one put in has a number of its own */
} RelnavKeyKind;

/* How to make a map. */
typedef struct RelnavKeyType
{
	RelnavKeyKind kind;
	int			ncolumns;
	RelnavKeyColumn *columns;
} RelnavKeyType;

/* No key: a column of it is null, or it is not in the map. */
#define RELNAV_NO_KEY PG_UINT32_MAX

/* Numbers for keys, from 0. */
typedef struct RelnavKeyMap
{
	MemoryContext context;		/* where all of it is */
	const RelnavKeyType *type;
	uint32		nkeys;
	uint32		capacity;

	/* The keys by their numbers: integers, or values column by column. */
	int64	   *integers;
	Datum	   *values;
	uint32	   *hashes;

	/* Numbers by keys: a hash table, of numbers plus one. */
	uint32	   *slots;
	uint32		mask;

	/* Or an array, where integers lie close together, and a bit for each. */
	uint32	   *direct;
	uint8	   *bits;
	int64		least;
	uint64		range;

	/* Of columns: hash and equality functions, in the two roles. */
	FmgrInfo   *functions;
	bool	   *byval;
	int16	   *length;
} RelnavKeyMap;

extern RelnavKeyMap *relnav_create_key_map(MemoryContext context,
										   const RelnavKeyType *type);
extern uint32 relnav_put_key(RelnavKeyMap *map, const Datum *values);
extern uint32 relnav_find_key(const RelnavKeyMap *map, const Datum *values);
extern uint32 relnav_put_integer(RelnavKeyMap *map, int64 key);
extern uint32 relnav_find_hashed_integer(const RelnavKeyMap *map, int64 key);
extern void relnav_number_integers(RelnavKeyMap *map, const int64 *keys,
								   uint32 *numbers, uint64 n);
extern void relnav_find_integers(const RelnavKeyMap *map, const int64 *keys,
								 uint32 *numbers, Size stride, uint64 n);

/* The number of an integer, RELNAV_NO_KEY if it is not in the map. */
static inline uint32
relnav_find_integer(const RelnavKeyMap *map, int64 key)
{
	if (map->direct)
	{
		uint64		place = (uint64) key - (uint64) map->least;

		/* Most keys that are not there can be told from nearby memory. */
		if (place >= map->range || !(map->bits[place / 8] & (1 << place % 8)))
			return RELNAV_NO_KEY;
		return map->direct[place] - 1;
	}
	return relnav_find_hashed_integer(map, key);
}

#endif							/* RELNAV_KEYMAP_H */
