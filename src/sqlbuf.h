/*-------------------------------------------------------------------------
 *
 * sqlbuf.h
 *	  Names and operators as SQL text.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_SQLBUF_H
#define RELNAV_SQLBUF_H

#include "lib/stringinfo.h"

extern void relnav_append_relation(StringInfo buf, const char *schema,
								   const char *name);
extern void relnav_append_column(StringInfo buf, const char *alias,
								 const char *column);
extern void relnav_append_collation(StringInfo buf, Oid collation);
extern void relnav_append_literal(StringInfo buf, Oid type, Datum value);
extern void relnav_append_operator(StringInfo buf, Oid opno);
extern void relnav_append_operation(StringInfo buf,
									const char *left, Oid left_type, Oid opno,
									const char *right, Oid right_type);
extern void relnav_append_cast(StringInfo buf, Oid type);
extern void relnav_append_cast_with_typmod(StringInfo buf, Oid type,
										   int32 typmod);
extern void relnav_append_segment(StringInfo buf, const char *name);
extern char *relnav_quote_segment(const char *name);
extern bool relnav_is_segment_char(unsigned char c);

#endif							/* RELNAV_SQLBUF_H */
