/*-------------------------------------------------------------------------
 *
 * privilege.h
 *	  What the caller may read, asked beforehand.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_PRIVILEGE_H
#define RELNAV_PRIVILEGE_H

#include "catalog.h"

extern bool relnav_may_read_columns(Oid relid, const RelnavColumn *columns,
									int n);
extern bool relnav_may_read_table(Oid relid);
extern bool relnav_has_policies(Oid relid);
extern bool relnav_may_read_for_policies(const RelnavRelation *rel);

#endif							/* RELNAV_PRIVILEGE_H */
