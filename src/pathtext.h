/*-------------------------------------------------------------------------
 *
 * pathtext.h
 *	  The text of a path, cut into its segments.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_PATHTEXT_H
#define RELNAV_PATHTEXT_H

#include "nodes/pg_list.h"

extern List *relnav_parse_path(const char *path, int *error_at,
							   const char **error_detail);
extern List *relnav_get_path(const char *path);

#endif							/* RELNAV_PATHTEXT_H */
