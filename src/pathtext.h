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

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

extern List *relnav_parse_path(const char *path, int *error_at,
							   const char **error_detail);
extern List *relnav_get_path(const char *path);
extern const char *relnav_scan_segment(const char *p, const char *where,
									   StringInfo name,
									   const char **error_detail);
extern char *relnav_describe_found(const char *p);

#endif							/* RELNAV_PATHTEXT_H */
