/*-------------------------------------------------------------------------
 *
 * naming.h
 *	  What relationships are called.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_NAMING_H
#define RELNAV_NAMING_H

#include "relationship.h"

extern void relnav_name_relationships(List *relationships);
extern bool relnav_may_be_another(const RelnavRelationship *r,
								  const char **table,
								  const char **association);
extern List *relnav_sort_by_name(List *relationships);

#endif							/* RELNAV_NAMING_H */
