/*-------------------------------------------------------------------------
 *
 * keymap.c
 *	  Numbers for keys.
 *
 * A tree puts rows together that were read by different queries.  What they
 * have in common is a key: the rows of one query put their keys into a map,
 * and get a number for each distinct one; the rows of the next query look
 * theirs up.  From there on the keys are only numbers, which index arrays.
 *
 * Keys are compared by the foreign key's own operator, which may be one
 * between two types, and hashed by the functions of the same operator family.
 * Single integers, which most keys are, have ways of their own: no function
 * is called for them, and where they lie close together, as those made by a
 * sequence do, an array takes the place of the hash table.
 *
 * Where a type has no hash function, equal keys have several numbers; the
 * query itself must then say which number its rows belong to.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "compat.h"
#include "keymap.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"

/* An array in the place of a hash table may be so much larger than its keys. */
#define MAX_RANGE_PER_KEY 16

/* How far ahead of its use memory is called for. */
#define KEYS_AHEAD 16

/* The places of a column's functions. */
enum
{
	HASH,
	EQUAL,
	OTHER_HASH,
	OTHER_EQUAL,
	NFUNCTIONS
};

static void make_room(RelnavKeyMap *map, uint32 nkeys);
static void enlarge_slots(RelnavKeyMap *map);
static bool use_array(RelnavKeyMap *map, const int64 *keys,
					  const uint32 *numbers, uint64 n);
static uint32 hash_integer(int64 key);
static uint32 hash_values(const RelnavKeyMap *map, const Datum *values,
						  int function);
static bool equals(const RelnavKeyMap *map, uint32 number,
				   const Datum *values, int function);
static void *allocate(MemoryContext context, void *old, Size size);

/*
 * Make an empty map in the given context.  The type must live as long as the
 * map.
 */
RelnavKeyMap *
relnav_create_key_map(MemoryContext context, const RelnavKeyType *type)
{
	RelnavKeyMap *map = MemoryContextAllocZero(context, sizeof(RelnavKeyMap));
	int			i;

	map->context = context;
	map->type = type;
	if (type->kind == RELNAV_KEY_INTEGER)
		return map;

	map->byval = MemoryContextAlloc(context, sizeof(bool) * type->ncolumns);
	map->length = MemoryContextAlloc(context, sizeof(int16) * type->ncolumns);
	for (i = 0; i < type->ncolumns; i++)
		get_typlenbyval(type->columns[i].type, &map->length[i], &map->byval[i]);
	if (type->kind == RELNAV_KEY_UNCOMPARED)
		return map;

	map->functions = MemoryContextAlloc(context, sizeof(FmgrInfo) *
										type->ncolumns * NFUNCTIONS);
	for (i = 0; i < type->ncolumns; i++)
	{
		const RelnavKeyColumn *column = &type->columns[i];
		FmgrInfo   *functions = map->functions + i * NFUNCTIONS;

		fmgr_info_cxt(column->hash, &functions[HASH], context);
		fmgr_info_cxt(get_opcode(column->equal), &functions[EQUAL], context);
		fmgr_info_cxt(column->other_hash, &functions[OTHER_HASH], context);
		fmgr_info_cxt(get_opcode(column->other_equal), &functions[OTHER_EQUAL],
					  context);
	}
	return map;
}

/*
 * The number of a key, none of whose columns is null.  A key that is not
 * there yet is copied, and gets the next number.
 */
uint32
relnav_put_key(RelnavKeyMap *map, const Datum *values)
{
	int			ncolumns = map->type->ncolumns;
	MemoryContext old;
	uint32		number;
	int			i;

	make_room(map, map->nkeys + 1);
	if (map->type->kind == RELNAV_KEY_DISTINCT)
	{
		uint32		hash = hash_values(map, values, HASH);
		uint32		slot = hash & map->mask;

		for (; map->slots[slot] != 0; slot = (slot + 1) & map->mask)
		{
			number = map->slots[slot] - 1;
			if (map->hashes[number] == hash && equals(map, number, values, EQUAL))
				return number;
		}
		map->hashes[map->nkeys] = hash;
		map->slots[slot] = map->nkeys + 1;
	}

	old = MemoryContextSwitchTo(map->context);
	for (i = 0; i < ncolumns; i++)
		map->values[(Size) map->nkeys * ncolumns + i] =
			datumCopy(values[i], map->byval[i], map->length[i]);
	MemoryContextSwitchTo(old);
	return map->nkeys++;
}

/*
 * The number of the key that matches these values, none of which is null;
 * RELNAV_NO_KEY if there is none.
 */
uint32
relnav_find_key(const RelnavKeyMap *map, const Datum *values)
{
	uint32		hash;
	uint32		slot;

	if (map->nkeys == 0)
		return RELNAV_NO_KEY;
	hash = hash_values(map, values, OTHER_HASH);
	for (slot = hash & map->mask; map->slots[slot] != 0;
		 slot = (slot + 1) & map->mask)
	{
		uint32		number = map->slots[slot] - 1;

		if (map->hashes[number] == hash &&
			equals(map, number, values, OTHER_EQUAL))
			return number;
	}
	return RELNAV_NO_KEY;
}

/*
 * The same as relnav_put_key(), for one integer.
 */
uint32
relnav_put_integer(RelnavKeyMap *map, int64 key)
{
	uint32		slot;

	if (map->direct)
	{
		uint64		place = (uint64) key - (uint64) map->least;

		if (place < map->range && map->direct[place] != 0)
			return map->direct[place] - 1;

		/* One more that nobody has prepared us for: back to the hash table. */
		pfree(map->direct);
		pfree(map->bits);
		map->direct = NULL;
		map->mask = 0;
	}

	make_room(map, map->nkeys + 1);
	for (slot = hash_integer(key) & map->mask; map->slots[slot] != 0;
		 slot = (slot + 1) & map->mask)
	{
		if (map->integers[map->slots[slot] - 1] == key)
			return map->slots[slot] - 1;
	}
	map->integers[map->nkeys] = key;
	map->slots[slot] = map->nkeys + 1;
	return map->nkeys++;
}

/* The number of an integer where there is a hash table. */
uint32
relnav_find_hashed_integer(const RelnavKeyMap *map, int64 key)
{
	uint32		slot;

	if (map->nkeys == 0)
		return RELNAV_NO_KEY;
	for (slot = hash_integer(key) & map->mask; map->slots[slot] != 0;
		 slot = (slot + 1) & map->mask)
	{
		if (map->integers[map->slots[slot] - 1] == key)
			return map->slots[slot] - 1;
	}
	return RELNAV_NO_KEY;
}

/*
 * Put many integers in at once, and set their numbers.  Those whose number is
 * RELNAV_NO_KEY already are null and stay as they are.
 */
void
relnav_number_integers(RelnavKeyMap *map, const int64 *keys, uint32 *numbers,
					   uint64 n)
{
	uint64		i;

	if (map->nkeys == 0 && use_array(map, keys, numbers, n))
	{
		for (i = 0; i < n; i++)
		{
			uint32	   *place;

			CHECK_FOR_INTERRUPTS();

			if (numbers[i] == RELNAV_NO_KEY)
				continue;
			place = &map->direct[(uint64) keys[i] - (uint64) map->least];
			if (*place == 0)
			{
				if (map->nkeys == map->capacity)
					make_room(map, map->nkeys + 1);
				map->integers[map->nkeys] = keys[i];
				*place = ++map->nkeys;
				map->bits[(place - map->direct) / 8] |= 1 << (place - map->direct) % 8;
			}
			numbers[i] = *place - 1;
		}
		return;
	}
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();

		if (numbers[i] != RELNAV_NO_KEY)
			numbers[i] = relnav_put_integer(map, keys[i]);
	}
}

/*
 * Find the numbers of many integers at once; the numbers are so many bytes
 * apart.
 *
 * Each one is somewhere else in memory, so that is called for ahead of time.
 */
void
relnav_find_integers(const RelnavKeyMap *map, const int64 *keys,
					 uint32 *numbers, Size stride, uint64 n)
{
	char	   *number = (char *) numbers;
	uint64		i;

	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();

		if (i + KEYS_AHEAD < n)
		{
			if (map->direct)
			{
				uint64		place = (uint64) keys[i + KEYS_AHEAD] - (uint64) map->least;

				if (place < map->range)
					relnav_prefetch(&map->direct[place]);
			}
			else if (map->slots)
				relnav_prefetch(&map->slots[hash_integer(keys[i + KEYS_AHEAD]) & map->mask]);
		}
		*(uint32 *) number = relnav_find_integer(map, keys[i]);
		number += stride;
	}
}

/*
 * Make an array of the range of the keys, if that is not much larger than
 * they are many.
 */
static bool
use_array(RelnavKeyMap *map, const int64 *keys, const uint32 *numbers, uint64 n)
{
	int64		least = PG_INT64_MAX;
	int64		greatest = PG_INT64_MIN;
	uint64		range;
	uint64		i;

	for (i = 0; i < n; i++)
	{
		if (numbers[i] == RELNAV_NO_KEY)
			continue;
		if (keys[i] < least)
			least = keys[i];
		if (keys[i] > greatest)
			greatest = keys[i];
	}
	if (least > greatest)
		return false;
	range = (uint64) greatest - (uint64) least;
	if (range >= MAX_RANGE_PER_KEY * n + 1024)
		return false;
	map->least = least;
	map->range = range + 1;
	map->direct = MemoryContextAllocExtended(map->context,
											 sizeof(uint32) * map->range,
											 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	map->bits = MemoryContextAllocExtended(map->context, map->range / 8 + 1,
										   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	return true;
}

/* Make room for so many keys. */
static void
make_room(RelnavKeyMap *map, uint32 nkeys)
{
	int			ncolumns = map->type->ncolumns;

	if (nkeys > map->capacity)
	{
		if (map->capacity >= PG_INT32_MAX / 2)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a level of the tree has too many keys")));
		map->capacity = map->capacity ? map->capacity * 2 : 16;
		if (map->type->kind == RELNAV_KEY_INTEGER)
			map->integers = allocate(map->context, map->integers,
									 sizeof(int64) * map->capacity);
		else
			map->values = allocate(map->context, map->values,
								   sizeof(Datum) * map->capacity * ncolumns);
		if (map->type->kind == RELNAV_KEY_DISTINCT)
			map->hashes = allocate(map->context, map->hashes,
								   sizeof(uint32) * map->capacity);
	}

	/* At most half of the slots are taken. */
	if (map->type->kind != RELNAV_KEY_UNCOMPARED && map->direct == NULL &&
		(map->mask == 0 || nkeys > map->mask / 2 + 1))
		enlarge_slots(map);
}

/* Make the hash table anew, for all keys that there is room for. */
static void
enlarge_slots(RelnavKeyMap *map)
{
	uint32		nslots = pg_nextpower2_32(map->capacity) * 2;
	uint32		number;

	if (map->slots)
		pfree(map->slots);
	map->slots = MemoryContextAllocExtended(map->context,
											sizeof(uint32) * nslots,
											MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	map->mask = nslots - 1;
	for (number = 0; number < map->nkeys; number++)
	{
		uint32		slot;

		CHECK_FOR_INTERRUPTS();

		slot = map->type->kind == RELNAV_KEY_INTEGER
			? hash_integer(map->integers[number]) : map->hashes[number];
		slot &= map->mask;
		while (map->slots[slot] != 0)
			slot = (slot + 1) & map->mask;
		map->slots[slot] = number + 1;
	}
}

static uint32
hash_integer(int64 key)
{
	/* Fibonacci hashing: the upper half of a product mixes all bits. */
	return (uint32) (((uint64) key * UINT64CONST(0x9E3779B97F4A7C15)) >> 32);
}

/* The hash of a key, as the values that are put in or as those looked for. */
static uint32
hash_values(const RelnavKeyMap *map, const Datum *values, int function)
{
	uint32		result = 0;
	int			i;

	for (i = 0; i < map->type->ncolumns; i++)
		result = hash_combine(result,
							  DatumGetUInt32(FunctionCall1Coll(&map->functions[i * NFUNCTIONS + function],
															   map->type->columns[i].collation,
															   values[i])));
	return result;
}

/* Does a key equal these values? */
static bool
equals(const RelnavKeyMap *map, uint32 number, const Datum *values, int function)
{
	const Datum *key = map->values + (Size) number * map->type->ncolumns;
	int			i;

	for (i = 0; i < map->type->ncolumns; i++)
	{
		const RelnavKeyColumn *column = &map->type->columns[i];
		bool		swap = function == OTHER_EQUAL && column->other_is_left;

		if (!DatumGetBool(FunctionCall2Coll(&map->functions[i * NFUNCTIONS + function],
											column->collation,
											swap ? values[i] : key[i],
											swap ? key[i] : values[i])))
			return false;
	}
	return true;
}

/* Memory of this size, with the contents of the old one. */
static void *
allocate(MemoryContext context, void *old, Size size)
{
	if (old)
		return repalloc_huge(old, size);
	return MemoryContextAllocHuge(context, size);
}
