/*-------------------------------------------------------------------------
 *
 * views.h
 *	  What the columns of a view stand for.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_VIEWS_H
#define RELNAV_VIEWS_H

#include "catalog.h"

extern RelnavTable *relnav_find_traced_table(RelnavReader *reader, Oid relid);

#endif							/* RELNAV_VIEWS_H */
