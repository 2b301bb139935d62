/*-------------------------------------------------------------------------
 *
 * privilege.h
 *	  What the caller may read, where the server does not ask by itself.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_PRIVILEGE_H
#define RELNAV_PRIVILEGE_H

#include "catalog.h"
#include "executor/spi.h"

extern bool relnav_may_read_columns(Oid relid, const RelnavColumn *columns,
									int n);
extern bool relnav_may_read_table(Oid relid);
extern bool relnav_has_policies(Oid relid);
extern bool relnav_may_read_behind(const RelnavRelation *rel);
extern List *relnav_get_named_schemas(SPIPlanPtr plan);
extern bool relnav_names_closed_schema(Node *stmt);
extern void relnav_check_named_schemas(const List *schemas);

#endif							/* RELNAV_PRIVILEGE_H */
