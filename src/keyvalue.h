/*-------------------------------------------------------------------------
 *
 * keyvalue.h
 *	  A key argument as values of the key's columns.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_KEYVALUE_H
#define RELNAV_KEYVALUE_H

#include "graph.h"

extern bool relnav_convert_key(const char *table, const RelnavKey *key,
							   Datum value, Oid type, Datum *values);

#endif							/* RELNAV_KEYVALUE_H */
